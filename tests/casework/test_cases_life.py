"""A case lives: status, words, lead, reviews, hand-over, closing, opening again; who gains and loses sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.models import Case, CaseMove, CaseReview
from saferhub.casework.operations import cases_closing, cases_life
from saferhub.casework.queries.cases_timeline import timeline
from saferhub.casework.queries.cases_work import open_work, review_items
from saferhub.casework.registries import BLOCKERS, Blocker
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.models import Hub
from saferhub.sharing.access.matters import get_matter
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Because, Interest
from saferhub.sharing.operations.folders import give_interest
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.operations.interests_given import end_sight, give_sight
from saferhub.sharing.queries.handover import deciding
from tests.builders.casework import a_case, actor, unit_of

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast)


@pytest.fixture
def blocked() -> Iterator[list[Blocker]]:
    """What stops a closure, as far as a test says."""
    standing: list[Blocker] = []
    provider = lambda actor, case, day: list(standing)  # noqa: E731
    BLOCKERS.register(provider)
    yield standing
    BLOCKERS._providers = [row for row in BLOCKERS._providers if row[2] is not provider]


def act(
    cast: Cast, operation: Callable[..., Any], case: Case, by: str = "colin.coordinator", **values: Any
) -> Any:
    with entered(cast[by]):
        who = actor(cast, by)
        return operation(case_id=case.matter.public_id, by=who, on=who.on, **values)


def close(cast: Cast, case: Case, **values: Any) -> Case:
    given: dict[str, Any] = {
        "outcome": "resolved",
        "reason": "It has been quiet for eight weeks.",
        "learning": "Visit together early.",
        "told": "Ms Frith, by Rachel",
        "overridden": [],
        "override_reason": "",
    }
    return act(cast, cases_closing.close_case, case, **{**given, **values})  # type: ignore[no-any-return]


def read(cast: Cast, case: Case, username: str = "colin.coordinator") -> Case:
    with entered(cast[username]):
        return access.get_case(actor(cast, username), case.matter.public_id)


def sees(cast: Cast, case: Case, username: str) -> bool:
    with entered(cast[username]):
        return bool(access.cases_visible_to(actor(cast, username)).filter(pk=case.pk).exists())


def refused(code: str, kind: type[Refusal] = Refusal) -> Any:
    return pytest.raises(kind, check=lambda refusal: refusal.code == code)  # type: ignore[call-overload]


def entries(case: Case, event: str) -> int:
    return Entry.objects.filter(event=event, subject=case.matter.public_id).count()


def test_a_move_is_kept_with_its_reason_and_its_entry(cast: Cast, case: Case) -> None:
    act(cast, cases_life.move_to, case, status="active", reason="")
    with refused("reason_missing"):
        act(cast, cases_life.move_to, case, status="monitoring", reason="")
    act(cast, cases_life.move_to, case, status="monitoring", reason="Quiet for a month.")
    with entered(cast["colin.coordinator"]):
        moves = [(one.from_status, one.to_status, one.reason) for one in CaseMove.objects.filter(case=case)]
    assert moves[1:] == [("assessing", "active", ""), ("active", "monitoring", "Quiet for a month.")]
    assert entries(case, "case.moved") == 2


@pytest.mark.parametrize("who", ["priya.partner", "victor.voluntary"])
def test_a_contributor_does_not_move_a_case(who: str, cast: Cast, case: Case) -> None:
    with refused("not_yours_to_run", NotAllowed):
        act(cast, cases_life.move_to, case, by=who, status="active", reason="")


def test_an_edit_of_an_old_version_is_refused_and_nothing_is_changed(cast: Cast, case: Case) -> None:
    words = {"title": "Noise", "purpose": "reduce_asb", "why": "First.", "wanted": ""}
    act(cast, cases_life.edit_case, case, seen=1, **words)
    with refused("changed_meanwhile", Conflict):
        act(cast, cases_life.edit_case, case, by="maya.manager", seen=1, **{**words, "why": "Second."})
    with refused("unknown_purpose"):
        act(cast, cases_life.edit_case, case, seen=2, **{**words, "purpose": "gossip"})
    after = read(cast, case)
    assert (after.why, after.matter.title, after.version) == ("First.", "Noise", 2)
    assert entries(case, "case.changed") == 1


def test_an_edit_that_changes_nothing_leaves_no_version(cast: Cast, case: Case) -> None:
    act(
        cast, cases_life.edit_case, case, seen=1,
        title=case.matter.title, purpose="reduce_asb", why=case.why, wanted=case.wanted,
    )  # fmt: skip
    assert read(cast, case).version == 1
    assert entries(case, "case.changed") == 0


def test_the_new_lead_reads_what_she_must_know_in_her_work(cast: Cast, case: Case) -> None:
    act(
        cast, cases_life.hand_to, case,
        lead=cast["rachel.referrer"], lead_unit=unit_of(cast, "rachel.referrer"), note="Ring Ms Frith first.",
    )  # fmt: skip
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        assert [one.reference for one in review_items(rachel)] == [case.matter.reference]
        told = timeline(rachel, read(cast, case, "rachel.referrer"))
        assert "Ring Ms Frith first." in [one.words for one in told]
        assert [one.title for one in open_work(cast["rachel.referrer"], rachel)]
    with refused("same_lead"):
        act(
            cast, cases_life.hand_to, case,
            lead=cast["rachel.referrer"], lead_unit=unit_of(cast, "rachel.referrer"), note="Again.",
        )  # fmt: skip


def test_nobody_leads_what_she_does_not_see(cast: Cast, case: Case) -> None:
    with refused("leader_does_not_see"):
        act(
            cast, cases_life.hand_to, case,
            lead=cast["nadia.neighbour"], lead_unit=unit_of(cast, "nadia.neighbour"), note="Take it.",
        )  # fmt: skip
    assert read(cast, case).matter.lead is None


def test_whoever_sees_it_for_a_while_only_does_not_come_to_lead_it(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]):
        give_interest(
            folder=case.folder,
            by=actor(cast, "colin.coordinator"),
            purpose=case.matter.purpose,
            because=Because.EMERGENCY,
            user=cast["nadia.neighbour"],
            until=clock.now() + timedelta(hours=4),
        )
    for lead, unit in (("nadia.neighbour", "nadia.neighbour"), ("rachel.referrer", "priya.partner")):
        with refused("leader_does_not_see"):
            act(
                cast, cases_life.hand_to, case,
                lead=cast[lead], lead_unit=unit_of(cast, unit), note="Take it.",
            )  # fmt: skip
    assert read(cast, case).matter.lead is None


def test_a_review_sets_the_next_and_waits_in_the_work_of_the_lead(cast: Cast, case: Case) -> None:
    colin = actor(cast, "colin.coordinator")
    act(cast, cases_life.review, case, words="Holds.", next_on=colin.on + timedelta(days=5))
    assert read(cast, case).review_on == colin.on + timedelta(days=5)
    with entered(cast["colin.coordinator"]):
        assert [one.words for one in CaseReview.objects.filter(case=case)] == ["Holds."]
        # Nobody leads it yet, so the co-ordinator looks at it.
        assert [one.reference for one in review_items(colin)] == [case.matter.reference]
    with entered(cast["priya.partner"]):
        assert list(review_items(actor(cast, "priya.partner"))) == []
    with refused("next_passed"):
        act(cast, cases_life.review, case, words="Holds.", next_on=colin.on)


def test_closing_keeps_outcome_and_learning_and_sight_stays(cast: Cast, case: Case) -> None:
    close(cast, case)
    after = read(cast, case, "victor.voluntary")
    assert (after.status, after.outcome, after.matter.status) == ("closed", "resolved", "closed")
    assert after.contact_due_on is None and after.review_on is None
    assert entries(case, "case.closed") == 1
    with entered(cast["victor.voluntary"]):
        words = [one.words for one in timeline(actor(cast, "victor.voluntary"), after)]
    assert "Visit together early." in words


def test_what_must_be_dealt_with_cannot_be_overridden(cast: Cast, case: Case, blocked: list[Blocker]) -> None:
    blocked.append(Blocker("unwatched", "Nobody watches an injunction", "/x/", must=True))
    with refused("must_be_dealt_with"):
        close(cast, case, overridden=["unwatched"], override_reason="They moved.")
    assert read(cast, case).status == "assessing"


def test_what_is_overridden_is_kept_with_its_reason(cast: Cast, case: Case, blocked: list[Blocker]) -> None:
    blocked.append(Blocker("test_blocker", "Something stands open", "/x/"))
    with refused("blocked"):
        close(cast, case)
    close(cast, case, overridden=["test_blocker", "never_stood"], override_reason="They moved away.")
    after = read(cast, case)
    assert (after.overridden, after.override_reason) == (["test_blocker"], "They moved away.")
    entry = Entry.objects.get(event="case.closed", subject=case.matter.public_id)
    assert entry.codes["overridden"] == ["test_blocker"]


def test_a_case_opened_again_keeps_how_it_had_ended_in_its_timeline(cast: Cast, case: Case) -> None:
    close(cast, case)
    with refused("is_closed"):
        act(cast, cases_life.review, case, words="Holds.", next_on=None)
    act(cast, cases_closing.reopen_case, case, reason="It has begun again.", review_on=None)
    after = read(cast, case)
    assert (after.status, after.closed_on, after.outcome, after.matter.status) == (
        "reopened",
        None,
        "",
        "open",
    )
    with entered(cast["colin.coordinator"]):
        told = {one.title: one.words for one in timeline(actor(cast, "colin.coordinator"), after)}
    assert told["Learnt at closing"] == "Visit together early."
    assert told["Case is reopened now"] == "It has begun again."


def test_only_who_runs_the_case_closes_it(cast: Cast, case: Case) -> None:
    with refused("not_yours_to_run", NotAllowed):
        act(
            cast, cases_closing.close_case, case, by="priya.partner", outcome="resolved", reason="x", learning="",
            told="", overridden=[], override_reason="",
        )  # fmt: skip
    with pytest.raises(Http404):
        act(cast, cases_closing.reopen_case, case, by="nadia.neighbour", reason="x", review_on=None)


def test_a_contributor_gains_and_loses_sight_at_once(cast: Cast) -> None:
    case = a_case(cast, shares=[])
    assert not sees(cast, case, "victor.voluntary")
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        interest = give_sight(
            matter_id=case.matter.public_id,
            agreement=Agreement.objects.get(code="victim_support_2018"),
            purpose="reduce_asb",
            gateway="victims_services",
            reason="They support the neighbour.",
            by=colin,
            on=colin.on,
            unit=unit_of(cast, "victor.voluntary"),
        )
    assert sees(cast, case, "victor.voluntary")
    with entered(cast["colin.coordinator"]):
        end_sight(
            matter_id=case.matter.public_id,
            interest_id=interest.public_id,
            reason="No longer.",
            by=colin,
            on=colin.on,
        )
    assert not sees(cast, case, "victor.voluntary")


def test_the_unit_that_leads_follows_when_it_loses_sight(cast: Cast, case: Case) -> None:
    act(
        cast, cases_life.hand_to, case,
        lead=cast["victor.voluntary"], lead_unit=unit_of(cast, "victor.voluntary"), note="Yours now.",
    )  # fmt: skip
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        interest = Interest.objects.get(folder=case.folder_id, unit=unit_of(cast, "victor.voluntary"))
        end_sight(
            matter_id=case.matter.public_id,
            interest_id=interest.public_id,
            reason="No longer.",
            by=colin,
            on=colin.on,
        )
    after = read(cast, case)
    assert (after.lead_unit, after.matter.lead) == (after.unit, None)
    assert entries(case, "case.lead_unit_followed") == 1


def test_a_case_is_handed_over_to_another_hub(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        matter = get_matter(colin, case.matter.public_id)
        harrogate = Hub.objects.get(code="harrogate", partnership=colin.partnership)
        chosen = {one.standing.public_id: "end" for one in deciding(colin, matter, harrogate, matter.unit)}
        hand_over(
            matter_id=matter.public_id, to_hub=harrogate, to_unit=matter.unit, decisions=chosen,
            reason="They moved.", by=colin, on=colin.on,
        )  # fmt: skip
    after = read(cast, case, "maya.manager")
    assert (after.hub, after.lead_unit) == (harrogate, after.unit)
    assert not sees(cast, case, "priya.partner") and not sees(cast, case, "chris.chair")
    with entered(cast["maya.manager"]):
        told = [one.title for one in timeline(actor(cast, "maya.manager"), after)]
    assert f"Handed over to {harrogate.name}" in told
