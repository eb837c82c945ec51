"""Committees, sittings, themes and resolutions: outcomes, refusals, what the record keeps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.reporting.models import Committee
from saferhub.reporting.operations import committees as operations
from saferhub.reporting.queries import committees as queries
from tests.reporting.writing import ANA, MAYA, RACHEL, a_committee, a_resolution, a_sitting, acting, published

Cast = dict[str, Any]


def test_a_committee_of_the_packs_is_offered_until_it_is_kept(cast: Cast) -> None:
    maya = acting(cast, MAYA)
    kept = Committee.objects.get(partnership=maya.partnership, board__code="county_scrutiny_committee")
    assert operations.committees_in_packs(maya, maya.on) == []
    kept.board = None
    kept.save(update_fields=["board"])
    ((code, name, agency),) = operations.committees_in_packs(maya, maya.on)
    assert (code, name, agency) == ("county_scrutiny_committee", kept.name, "north_yorkshire_county_council")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"outline": "nothing"}, "no_outline"),
        ({"name": "Twice"}, "committee_stands"),
    ],
)
def test_a_committee_needs_a_name_of_its_own_and_an_outline(
    cast: Cast, changed: dict[str, str], code: str
) -> None:
    maya = acting(cast, MAYA)
    a_committee(cast, "Twice")
    given = {"name": "Another", "agency": "", "outline": "scrutiny_report", **changed}
    with pytest.raises(Refusal) as refused:
        operations.add_committee(by=maya, on=maya.on, **given)
    assert refused.value.code == code


def test_only_those_who_write_reports_keep_committees(cast: Cast) -> None:
    rachel = acting(cast, RACHEL)
    with pytest.raises(NotAllowed):
        operations.add_committee(name="Mine", agency="", outline="scrutiny_report", by=rachel, on=rachel.on)


def test_a_sitting_is_planned_changed_and_taken_out_with_a_reason(cast: Cast) -> None:
    ana = acting(cast, ANA)
    day = ana.on + timedelta(days=30)
    row = a_sitting(cast, a_committee(cast), day, about="The plan")
    row = operations.change_sitting(
        sitting_id=row.public_id,
        values={"on": day + timedelta(days=7), "about": "Hate crime"},
        by=ana,
        seen=1,
    )
    assert (row.on, row.about, row.version) == (day + timedelta(days=7), "Hate crime", 2)
    with pytest.raises(Conflict):
        operations.change_sitting(sitting_id=row.public_id, values={"on": day}, by=ana, seen=1)
    with pytest.raises(Refusal):
        operations.cancel_sitting(sitting_id=row.public_id, reason=" ", by=ana, seen=2)
    row = operations.cancel_sitting(sitting_id=row.public_id, reason="Elections", by=ana, seen=2)
    assert row.is_cancelled and "Elections" in row.outcome
    events = Entry.objects.filter(subject=row.public_id).order_by("id").values_list("event", flat=True)
    assert list(events) == [
        "reporting.sitting_added",
        "reporting.sitting_changed",
        "reporting.sitting_cancelled",
    ]


def test_papers_for_a_sitting_are_wanted_until_their_report_is_published(cast: Cast) -> None:
    from saferhub.reporting.operations import reports

    ana, committee = acting(cast, ANA), a_committee(cast, "Wants papers")
    day = ana.on + timedelta(days=30)
    row = a_sitting(cast, committee, day, papers_due_on=day - timedelta(days=10))
    assert "Report to Wants papers" in [one.title for one in queries.due(ana, ana.on)]
    report = reports.begin_report(
        outline="scrutiny_report", as_of=date(2018, 8, 28), title="Papers", committee_id=committee.public_id,
        sitting_id=row.public_id, by=ana, on=ana.on,
    )  # fmt: skip
    assert report.due_on == day - timedelta(days=10)
    published(cast, report)
    assert "Report to Wants papers" not in [one.title for one in queries.due(ana, ana.on)]


def test_a_theme_stands_at_a_sitting_of_its_own_committee(cast: Cast) -> None:
    ana = acting(cast, ANA)
    one, other = a_committee(cast, "One"), a_committee(cast, "Other")
    elsewhere = a_sitting(cast, other, ana.on + timedelta(days=30))
    with pytest.raises(Refusal) as refused:
        operations.keep_theme(
            committee_id=one.public_id, values={"title": "Nights", "sitting": elsewhere.public_id}, by=ana
        )
    assert refused.value.code == "other_committee"
    made = operations.keep_theme(committee_id=one.public_id, values={"title": "Nights"}, by=ana)
    made = operations.keep_theme(
        theme_id=made.public_id, values={"title": "Nights", "outcome": "They want more"}, by=ana, seen=1
    )
    assert made.outcome == "They want more"


def test_what_members_resolved_wants_an_answer_within_28_days(cast: Cast) -> None:
    ana, row = acting(cast, ANA), a_resolution(cast)
    with pytest.raises(Conflict):
        operations.keep_resolution(
            resolution_id=row.public_id, values={"words": "Other words"}, by=ana, on=ana.on, seen=row.version
        )
    row = operations.keep_resolution(
        resolution_id=row.public_id,
        values={"resolved": "Tell us of nights", "resolved_on": ana.on, "needs_answer": True},
        by=ana, on=ana.on, seen=row.version,
    )  # fmt: skip
    assert row.answer_due_on == ana.on + timedelta(days=28)
    assert any(one.kind == "answer" for one in queries.due(ana, ana.on))


def test_without_a_rule_the_day_of_an_answer_is_asked_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "answer_limit", lambda partnership, day: None)
    ana, row = acting(cast, ANA), a_resolution(cast)
    given: dict[str, Any] = {"resolved": "Tell us of nights", "resolved_on": ana.on, "needs_answer": True}

    def keep(**more: Any) -> Any:
        return operations.keep_resolution(
            resolution_id=row.public_id, values={**given, **more}, by=ana, on=ana.on, seen=row.version
        )

    with pytest.raises(Refusal) as refused:
        keep()
    assert refused.value.code == "no_answer_due"
    day = ana.on + timedelta(days=5)
    assert keep(answer_due_on=day).answer_due_on == day
