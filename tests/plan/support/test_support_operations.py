"""Money, training, reports, consultations and notes: outcome, audit, refusals, two at once, rollback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.models import Consultation, ConsultedGroup, CrimeNote, Funding, Training
from saferhub.plan.operations import consulting, funding, heard, training
from saferhub.plan.queries import support as queries
from tests.builders.casework import actor
from tests.plan.planned import CHRIS, MAYA, OLIVIA, RACHEL, Cast, a_plan, an_objective
from tests.plan.support import supporting
from tests.plan.support.supporting import (
    FIRST,
    LAST,
    TODAY,
    a_consultation,
    a_funding,
    a_group,
    a_note,
    a_report,
    a_training,
)

pytestmark = pytest.mark.django_db


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def events(subject: Any) -> list[str]:
    return list(
        Entry.objects.filter(subject=subject.public_id).order_by("id").values_list("event", flat=True)
    )


# --- Money ------------------------------------------------------------------------------------------------------


def test_money_is_sought_bid_for_and_secured_with_amount_and_days(cast: Cast) -> None:
    made, maya = a_funding(cast), actor(cast, MAYA)
    given = {"funding_id": made.public_id, "by": maya, "on": TODAY}
    bid = funding.move_funding(**given, status="bid", reason="", seen=1)
    assert code_of(lambda: funding.move_funding(**given, status="secured", reason="", seen=2)) == "no_amount"
    assert (
        code_of(lambda: funding.move_funding(**given, status="ended", reason="x", seen=2)) == "illegal_move"
    )
    assert code_of(lambda: funding.move_funding(**given, status="nothing", reason="", seen=2)) == "no_status"
    secured = funding.move_funding(
        **given,
        status="secured",
        reason="",
        amount=Decimal(40_000),
        first_day=FIRST,
        last_day=LAST,
        seen=bid.version,
    )
    assert (secured.status, secured.amount, secured.last_day) == ("secured", Decimal(40_000), LAST)
    assert [one.to_status for one in secured.moves.order_by("id")] == ["wanted", "bid", "secured"]
    assert events(secured) == ["plan.funding_added", "plan.funding_moved", "plan.funding_moved"]
    with pytest.raises(Conflict):
        funding.move_funding(**given, status="ended", reason="x", seen=1)


def test_a_funding_is_of_an_area_and_of_an_objective_of_it(cast: Cast) -> None:
    strategy = a_plan(cast)
    own, other = an_objective(strategy), an_objective(strategy, "awareness")
    assert a_funding(cast, objective=own.public_id).objective == own
    assert code_of(lambda: a_funding(cast, objective=other.public_id)) == "unknown_objective"
    assert code_of(lambda: a_funding(cast, area="0" * 16)) == "unknown_area"
    assert code_of(lambda: a_funding(cast, by=OLIVIA)) == "unknown_area"
    assert code_of(lambda: a_funding(cast, amount=Decimal(-1))) == "amount_negative"
    with pytest.raises(NotAllowed):
        a_funding(cast, by=CHRIS)


def test_what_is_secured_keeps_an_amount_and_days_when_it_is_changed(cast: Cast) -> None:
    made, maya = a_funding(cast, secured=True), actor(cast, MAYA)
    given = {"funding_id": made.public_id, "by": maya, "on": TODAY, "seen": made.version}
    values = funding.FundingValues(**funding.values_of(made))  # type: ignore[arg-type]
    assert funding.change_funding(**given, values=values).version == made.version  # nothing differs
    assert (
        code_of(lambda: funding.change_funding(**given, values=replace(values, amount=None))) == "no_amount"
    )
    changed = funding.change_funding(**given, values=replace(values, funder=" Another fund "))
    assert (changed.funder, changed.version) == ("Another fund", made.version + 1)
    with pytest.raises(Conflict):
        funding.change_funding(**given, values=values)
    Funding.objects.filter(pk=made.pk).update(status="ended")
    assert (
        code_of(lambda: funding.change_funding(**{**given, "seen": changed.version}, values=values))
        == "funding_ended"
    )


def test_monitoring_reports_cover_each_day_once(cast: Cast) -> None:
    maya, sought, made = actor(cast, MAYA), a_funding(cast), a_funding(cast, secured=True)
    given: dict[str, Any] = {
        "first_day": FIRST, "last_day": date(2018, 6, 30), "words": "Thirty seen", "spent": Decimal(9_000), "by": maya,
        "on": TODAY,
    }  # fmt: skip
    assert code_of(lambda: funding.report_funding(funding_id=sought.public_id, **given)) == "not_secured"
    report = funding.report_funding(funding_id=made.public_id, **given)
    assert events(report) == ["plan.funding_reported"]
    assert code_of(lambda: funding.report_funding(funding_id=made.public_id, **given)) == "covered"
    less = {**given, "first_day": date(2018, 7, 1), "last_day": TODAY, "spent": Decimal(-1)}
    assert code_of(lambda: funding.report_funding(funding_id=made.public_id, **less)) == "spent_negative"
    assert queries.spent(made, TODAY).words == "£9,000 of £40,000 (22%), 41% of its time used"


def test_a_bid_that_is_due_soon_stands_in_the_managers_work(cast: Cast) -> None:
    maya = actor(cast, MAYA)
    days = {"soon": date(2018, 9, 20), "later": date(2018, 10, 20)}
    made = {name: a_funding(cast, title=name, bid_due_on=day) for name, day in days.items()}

    def titles(username: str) -> set[str]:
        return {one.title for one in queries.work_items(actor(cast, username))}

    assert "soon" in titles(MAYA)
    assert "later" not in titles(MAYA)
    assert titles(CHRIS) == titles(OLIVIA) == set()
    funding.move_funding(
        funding_id=made["soon"].public_id,
        status="bid",
        reason="",
        by=maya,
        on=TODAY,
        seen=made["soon"].version,
    )
    assert "soon" not in titles(MAYA)


# --- Training ---------------------------------------------------------------------------------------------------


def test_an_agency_records_its_own_training_and_the_manager_any(cast: Cast) -> None:
    made = a_training(cast, asked=12, more_confident=9)
    assert (made.agency.code, made.count, made.by) == (supporting.POLICE, 20, cast[CHRIS].public_id)
    assert events(made) == ["plan.training_recorded"]
    assert Entry.objects.get(subject=made.public_id).codes == {}, "no value of the record"
    for by, agency in ((CHRIS, ""), (CHRIS, "schools"), (RACHEL, supporting.POLICE), ("ana.analyst", "")):
        with pytest.raises(NotAllowed):
            a_training(cast, by=by, agency=agency)
    assert a_training(cast, by=MAYA, agency="").agency is None
    assert code_of(lambda: a_training(cast, by=MAYA, agency="nobody")) == "unknown_agency"
    assert code_of(lambda: a_training(cast, asked=21)) == "more_asked"
    assert code_of(lambda: a_training(cast, topic=" ")) == "no_topic"
    assert code_of(lambda: a_training(cast, on=date(2018, 8, 29))) == "ahead"


def test_a_training_is_changed_by_one_at_a_time_and_stays_with_its_agency(cast: Cast) -> None:
    made, chris = a_training(cast), actor(cast, CHRIS)
    given = {"training_id": made.public_id, "on": TODAY, "seen": made.version}
    values = training.TrainingValues(**training.values_of(made))  # type: ignore[arg-type]
    for by, agency in ((CHRIS, "schools"), (RACHEL, supporting.POLICE)):
        with pytest.raises(NotAllowed):
            training.change_training(**given, values=replace(values, agency=agency), by=actor(cast, by))
    changed = training.change_training(**given, values=replace(values, count=21), by=chris)
    assert (changed.count, changed.version) == (21, 2)
    with pytest.raises(Conflict):
        training.change_training(**given, values=replace(values, count=22), by=chris)
    with pytest.raises(Http404):
        training.change_training(**{**given, "seen": 2}, values=values, by=actor(cast, OLIVIA))


def test_sums_count_answers_of_those_who_were_asked_both(cast: Cast) -> None:
    Training.objects.filter(partnership=actor(cast, MAYA).partnership).update(agency=None)
    a_training(cast, count=20, asked=12, more_confident=9)
    a_training(cast, count=30, asked=20)
    found = queries.rows(actor(cast, MAYA), "training", {"agency": supporting.POLICE})
    assert queries.training_sums(found) == queries.TrainedSums(2, 50, 12, 9)
    assert queries.training_sums(found).words.startswith("2 trainings, 50 people came; 9 of 12")


# --- Reports received, decisions --------------------------------------------------------------------------------


def test_a_report_is_received_once_from_a_board_of_ours(cast: Cast) -> None:
    made, maya = a_report(cast), actor(cast, MAYA)
    assert events(made) == ["plan.report_received"]
    assert code_of(lambda: a_report(cast)) == "report_stands"
    assert code_of(lambda: a_report(cast, board="nobody")) == "unknown_board"
    assert code_of(lambda: a_report(cast, board="")) == "unknown_board"
    assert code_of(lambda: a_report(cast, on=date(2018, 8, 29))) == "ahead"
    with pytest.raises(NotAllowed):
        a_report(cast, by=CHRIS)
    given = {"report_id": made.public_id, "by": maya, "on": TODAY, "seen": 1}
    values = heard.ReportValues(**heard.report_values(made))  # type: ignore[arg-type]
    assert heard.change_report(**given, values=replace(values, follows="Hubs look at it")).version == 2
    with pytest.raises(Conflict):
        heard.change_report(**given, values=values)


def test_boards_that_were_not_heard_for_a_year_come_first(cast: Cast) -> None:
    a_report(cast, board="prevent_strategic_board", on=date(2018, 8, 1))
    a_report(cast, board="serious_and_organised_crime_board", on=date(2017, 8, 1))
    found = {one.code: one.is_due for one in queries.boards_heard(actor(cast, MAYA))}
    assert len(found) == 5
    assert (found["prevent_strategic_board"], found["serious_and_organised_crime_board"]) == (False, True)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_whoever_works_on_matters_notes_decisions_and_changes_her_own(cast: Cast) -> None:
    note = a_note(cast)
    assert (note.by, events(note)) == (cast[CHRIS], ["plan.decision_noted"])
    with pytest.raises(NotAllowed):
        a_note(cast, by="ian.governance")
    values = heard.NoteValues(**heard.note_values(note))  # type: ignore[arg-type]
    given = {"note_id": note.public_id, "on": TODAY}
    with pytest.raises(NotAllowed):
        heard.change_note(**given, values=values, by=actor(cast, RACHEL), seen=1)
    changed = heard.change_note(
        **given, values=replace(values, done="Two lights stay"), by=actor(cast, CHRIS), seen=1
    )
    assert changed.version == 2
    again = heard.change_note(
        **given, values=replace(values, done="Three stay"), by=actor(cast, MAYA), seen=2
    )
    assert CrimeNote.objects.get(pk=again.pk).done == "Three stay"
    assert code_of(lambda: a_note(cast, on=date(2018, 8, 29))) == "ahead"


# --- Consultation -----------------------------------------------------------------------------------------------


def test_a_consultation_is_kept_and_changed_by_one_at_a_time(cast: Cast) -> None:
    made, maya = a_consultation(cast), actor(cast, MAYA)
    given = {"consultation_id": made.public_id, "by": maya, "on": TODAY, "seen": 1}
    values = consulting.ConsultationValues(**consulting.values_of(made))  # type: ignore[arg-type]
    assert code_of(lambda: a_consultation(cast, kind="tea")) == "no_kind"
    assert code_of(lambda: a_consultation(cast, last_day=date(2018, 6, 6))) == "ends_before"
    changed = consulting.change_consultation(**given, values=replace(values, said="Noise"))
    assert (changed.said, events(made)) == (
        "Noise",
        ["plan.consultation_recorded", "plan.consultation_changed"],
    )
    with pytest.raises(Conflict):
        consulting.change_consultation(**given, values=values)
    with pytest.raises(NotAllowed):
        a_consultation(cast, by=CHRIS)


def test_groups_are_named_once_and_a_slip_is_taken_out(cast: Cast) -> None:
    made, maya = a_consultation(cast), actor(cast, MAYA)
    group = a_group(cast, made)
    assert code_of(lambda: a_group(cast, made, name="residents")) == "group_twice"
    assert code_of(lambda: a_group(cast, made, name="Workers", reached=0)) == "no_gap"
    given = {"group_id": group.public_id, "by": maya, "on": TODAY}
    fresh = {"name": "Residents", "reached": 41, "gap": ""}
    assert consulting.change_group(**given, **fresh, seen=1).reached == 41
    for late in (
        lambda: consulting.change_group(**given, **{**fresh, "reached": 42}, seen=1),
        lambda: consulting.remove_group(**given, seen=1),
    ):
        with pytest.raises(Conflict):  # somebody else had the count of before in front of her
            late()
    assert ConsultedGroup.objects.get(pk=group.pk).reached == 41
    assert consulting.remove_group(**given, seen=2) == made
    assert not ConsultedGroup.objects.filter(pk=group.pk).exists()
    assert events(group) == ["plan.group_added", "plan.group_changed", "plan.group_removed"]


def test_what_the_year_still_lacks_is_said(cast: Cast) -> None:
    maya = actor(cast, MAYA)
    Consultation.objects.filter(partnership=maya.partnership).update(
        first_day=date(2016, 1, 1), last_day=date(2016, 1, 1)
    )
    held = a_consultation(cast, senior_posts="Chief superintendent")
    a_group(cast, held, name="Tenants", reached=0, gap="Asked too late")
    assert queries.consultation_gaps(maya) == (
        "April 2018 to March 2019",
        ["Date and outcome of the public meeting were not made known.", "Not reached: Tenants."],
    )


# --- All --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "make", "model"),
    [(funding, a_funding, Funding), (training, a_training, Training), (heard, a_note, CrimeNote),
     (consulting, a_consultation, Consultation)],
)  # fmt: skip
def test_nothing_stands_when_its_entry_cannot_be_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, module: Any, make: Any, model: Any
) -> None:
    a_plan(cast)
    before = model.objects.count()

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no entry")

    monkeypatch.setattr(module.audit, "record", broken)
    with pytest.raises(RuntimeError, match="no entry"):
        make(cast)
    assert model.objects.count() == before


def test_beside_an_area_stands_what_there_is_for_it(cast: Cast) -> None:
    maya, area = actor(cast, MAYA), supporting.an_area(a_plan(cast), "hate_crime")
    kept = {one.title for one in queries.beside_area(maya, area, TODAY)}
    a_funding(cast, area=area.public_id, amount=Decimal(500))
    a_note(cast, area=area.public_id)
    found = {one.title: one for one in queries.beside_area(maya, area, TODAY)}
    assert set(found) == kept | {"Funding", "Decisions"}
    assert found["Funding"].url.endswith(f"?area={area.public_id}")
