"""The plan of a case: goals, risks, the problem-solving record, linked cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.access import case_links_visible_to, get_case
from saferhub.casework.models import Case, CaseLink, Goal, Osara, Risk
from saferhub.casework.operations import notes_links as links
from saferhub.casework.operations import notes_plan as operations
from saferhub.casework.queries import notes_plan as queries
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Revision
from tests.builders.casework import a_case, actor, share_with, unit_of

pytestmark = pytest.mark.django_db

COLIN, RACHEL, PRIYA, VICTOR = "colin.coordinator", "rachel.referrer", "priya.partner", "victor.voluntary"


@pytest.fixture
def case(cast: dict[str, Any]) -> Case:
    return a_case(cast)


def a_goal(cast: dict[str, Any], case: Case, who: str = RACHEL, **more: Any) -> Goal:
    with entered(cast[who]):
        return operations.add_goal(
            case_id=case.matter.public_id,
            words=more.get("words", "The nights are quiet."),
            measure="No call for eight weeks.",
            by_when=more.get("by_when"),
            by=actor(cast, who),
        )


def a_risk(cast: dict[str, Any], case: Case, who: str = RACHEL, **more: Any) -> Risk:
    with entered(cast[who]):
        by = actor(cast, who)
        return operations.add_risk(
            case_id=case.matter.public_id,
            words=more.get("words", "She may be threatened again."),
            severity=more.get("severity", "high"),
            mitigation=more.get("mitigation", ""),
            holder=more.get("holder", ""),
            review_on=more.get("review_on"),
            by=by,
            on=by.on,
        )


# --- Goals ---------------------------------------------------------------------------------------------------


def test_a_goal_is_set_reached_and_taken_up_again_with_its_history(cast: dict[str, Any], case: Case) -> None:
    goal = a_goal(cast, case)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        ends: dict[str, Any] = {"case_id": case.matter.public_id, "goal_id": goal.public_id, "by": colin}
        ended = operations.end_goal(**ends, status="met", why="", on=colin.on)
        assert (ended.status, ended.ended_on) == ("met", colin.on)
        with pytest.raises(Refusal) as refused:
            operations.end_goal(**ends, status="dropped", why="Again.", on=colin.on)
        assert refused.value.code == "illegal_move"
        assert operations.reopen_goal(**ends).status == "open"
        kept = Revision.objects.filter(subject=goal.public_id).order_by("number")
        assert [one.values["status"] for one in kept] == ["open", "met", "open"]
    assert Entry.objects.filter(event="casework.goal_moved", subject=goal.public_id).count() == 2


@pytest.mark.parametrize("who", [PRIYA, VICTOR])
def test_a_contributor_sees_the_plan_and_does_not_change_it(
    cast: dict[str, Any], case: Case, who: str
) -> None:
    goal, risk = a_goal(cast, case), a_risk(cast, case)
    with entered(cast[who]):
        plan = queries.plan_of(actor(cast, who), get_case(actor(cast, who), case.matter.public_id))
    assert ([one.pk for one in plan.goals], [row.risk.pk for row in plan.risks]) == ([goal.pk], [risk.pk])
    for act in (a_goal, a_risk):
        with pytest.raises(NotAllowed):
            act(cast, case, who)


def test_the_second_editor_of_a_goal_overwrites_nothing(cast: dict[str, Any], case: Case) -> None:
    goal = a_goal(cast, case)
    with entered(cast[RACHEL]):
        given: dict[str, Any] = {
            "case_id": case.matter.public_id, "goal_id": goal.public_id, "measure": "", "by_when": None,
            "seen": 1, "by": actor(cast, RACHEL),
        }  # fmt: skip
        operations.edit_goal(**given, words="The nights are quiet again.")
        with pytest.raises(Conflict):
            operations.edit_goal(**given, words="Nobody is afraid.")
        assert Goal.objects.get(pk=goal.pk).words == "The nights are quiet again."


def test_a_goal_is_not_due_before_its_case_began(cast: dict[str, Any], case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        a_goal(cast, case, by_when=case.adopted_on - timedelta(days=1))
    assert refused.value.code == "before_case"


# --- Risks ---------------------------------------------------------------------------------------------------


def _blockers(cast: dict[str, Any], case: Case) -> list[str]:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        return [
            one.code
            for one in queries.blockers(colin, get_case(colin, case.matter.public_id), colin.on)
            if not one.must
        ]


def test_a_high_risk_stops_closure_until_something_is_done_or_it_ends(
    cast: dict[str, Any], case: Case
) -> None:
    a_risk(cast, case, severity="medium")
    assert _blockers(cast, case) == []
    one, other = a_risk(cast, case), a_risk(cast, case)
    assert _blockers(cast, case) == ["high_risk_without_mitigation"] * 2
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        operations.edit_risk(
            case_id=case.matter.public_id,
            risk_id=one.public_id,
            words=one.words,
            severity="high",
            mitigation="A lock is fitted.",
            holder="",
            review_on=None,
            seen=1,
            by=rachel,
            on=rachel.on,
        )
    assert _blockers(cast, case) == ["high_risk_without_mitigation"]
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        ends: dict[str, Any] = {
            "case_id": case.matter.public_id,
            "risk_id": other.public_id,
            "by": rachel,
            "on": rachel.on,
        }
        with pytest.raises(Refusal):
            operations.end_risk(**ends, why=" ")
        operations.end_risk(**ends, why="He has moved away.")
    assert _blockers(cast, case) == []
    assert Entry.objects.filter(event="casework.risk_ended", subject=other.public_id).count() == 1


def test_only_who_sees_the_case_answers_for_a_risk(cast: dict[str, Any], case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        a_risk(cast, case, holder=f"person:{cast['fergus.former'].public_id}")
    assert refused.value.code == "holder_does_not_see"
    risk = a_risk(cast, case, holder=f"person:{cast[PRIYA].public_id}")
    assert risk.owner_id == cast[PRIYA].pk
    assert risk.owner_unit_id == unit_of(cast, PRIYA).pk


def test_a_risk_waits_in_the_work_of_whoever_answers_for_it(cast: dict[str, Any], case: Case) -> None:
    a_risk(
        cast,
        case,
        holder=f"person:{cast[PRIYA].public_id}",
        review_on=case.adopted_on + timedelta(days=3),
        words="Priya looks at this",
    )
    a_risk(
        cast,
        case,
        holder=f"unit:{unit_of(cast, VICTOR).public_id}",
        review_on=case.adopted_on + timedelta(days=3),
        words="Victim support looks at this",
    )
    a_risk(
        cast,
        case,
        holder=f"person:{cast[PRIYA].public_id}",
        review_on=case.adopted_on + timedelta(days=30),
        words="Not yet",
    )
    found = {}
    for who in (PRIYA, VICTOR, RACHEL, COLIN):
        with entered(cast[who]):
            found[who] = [one.title for one in queries.work_items(actor(cast, who)) if one.kind == "risk"]
    assert found == {
        PRIYA: ["Priya looks at this"],
        VICTOR: ["Victim support looks at this"],
        RACHEL: [],
        COLIN: [],
    }


# --- The problem-solving record ------------------------------------------------------------------------------


def _write(cast: dict[str, Any], case: Case, who: str, seen: int, **texts: str) -> Osara:
    with entered(cast[who]):
        given = dict.fromkeys(operations.OSARA_FIELDS, "") | texts
        return operations.write_osara(
            case_id=case.matter.public_id, texts=given, seen=seen, by=actor(cast, who)
        )


def test_every_contributor_writes_in_the_record_and_overwrites_nobody(
    cast: dict[str, Any], case: Case
) -> None:
    changes = Entry.objects.filter(event="casework.osara_changed")
    stood = changes.count()
    first = _write(cast, case, PRIYA, 0, objective="Quiet nights")
    assert first.version == 1
    with pytest.raises(Conflict):
        _write(cast, case, VICTOR, 0, objective="No fear")
    second = _write(cast, case, VICTOR, 1, objective="Quiet nights", analysis="The lift is broken")
    assert second.version == 2
    assert _write(cast, case, VICTOR, 2, objective="Quiet nights", analysis="The lift is broken").version == 2
    assert changes.count() == stood + 2


def test_a_record_that_is_gone_conflicts_with_one_that_was_seen(cast: dict[str, Any], case: Case) -> None:
    with pytest.raises(Conflict):
        _write(cast, case, PRIYA, 3, objective="Quiet nights")


# --- Linked cases --------------------------------------------------------------------------------------------


@pytest.fixture
def other(cast: dict[str, Any]) -> Case:
    """A second case, in which Victor's unit has no part."""
    return a_case(
        cast,
        title="Fires behind the Quillfeather flats",
        shares=[
            share_with(cast, RACHEL, "hubs_2018", "crime_and_disorder"),
            share_with(cast, PRIYA, "hubs_2018", "crime_and_disorder"),
        ],
    )


def _link(
    cast: dict[str, Any], case: Case, other: Case, who: str = PRIYA, why: str = "Same stairwell."
) -> CaseLink:
    with entered(cast[who]):
        by = actor(cast, who)
        return links.link_cases(
            case_id=case.matter.public_id, reference=other.matter.reference, why=why, by=by, on=by.on
        )


def test_a_link_is_seen_by_whoever_sees_both_cases_and_by_nobody_else(
    cast: dict[str, Any], case: Case, other: Case, client_for: Any
) -> None:
    link = _link(cast, case, other)
    first, second = set(), set()
    for username, user in cast.items():
        with entered(user):
            if case_links_visible_to(actor(cast, username)).filter(pk=link.pk).exists():
                first.add(username)
            if CaseLink.objects.filter(pk=link.pk).exists():
                second.add(username)
    assert first == second
    assert {PRIYA, RACHEL, COLIN} <= first
    assert VICTOR not in first
    for name in ("case-plan", "case", "case-timeline"):
        page = reverse(name, args=[case.matter.public_id])
        assert "Quillfeather" in client_for(PRIYA).get(page).content.decode() or name == "case"
        text = client_for(VICTOR).get(page).content.decode()
        assert "Quillfeather" not in text
        assert other.matter.reference not in text
    entry = Entry.objects.get(event="casework.cases_linked")
    assert case.matter.public_id not in (entry.subject, str(entry.codes))


@pytest.mark.parametrize("missing", [True, False])
def test_a_case_out_of_sight_is_refused_like_one_that_is_not_there(
    cast: dict[str, Any], case: Case, other: Case, missing: bool
) -> None:
    with entered(cast[VICTOR]):
        victor = actor(cast, VICTOR)
        with pytest.raises(Refusal) as refused:
            links.link_cases(
                case_id=case.matter.public_id,
                reference="SEL-0000-00" if missing else other.matter.reference,
                why="Same stairwell.",
                by=victor,
                on=victor.on,
            )
    assert (refused.value.code, refused.value.sentence) == (
        "no_such_case",
        "No case that you see has this reference. Check it and enter it again.",
    )


def test_two_cases_are_linked_once_from_either_side(cast: dict[str, Any], case: Case, other: Case) -> None:
    _link(cast, case, other)
    for one, two, code in ((other, case, "linked_already"), (case, case, "same_case")):
        with pytest.raises(Refusal) as refused:
            _link(cast, one, two)
        assert refused.value.code == code


def test_a_link_ends_with_a_reason_and_not_by_who_sees_one_case(
    cast: dict[str, Any], case: Case, other: Case
) -> None:
    link = _link(cast, case, other)
    with entered(cast[VICTOR]):
        victor = actor(cast, VICTOR)
        with pytest.raises(Http404):
            links.unlink_cases(
                case_id=case.matter.public_id, link_id=link.public_id, why="No.", by=victor, on=victor.on
            )
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        given: dict[str, Any] = {
            "case_id": other.matter.public_id,
            "link_id": link.public_id,
            "by": rachel,
            "on": rachel.on,
        }
        with pytest.raises(Refusal):
            links.unlink_cases(**given, why=" ")
        links.unlink_cases(**given, why="Another stairwell after all.")
        kept = CaseLink.objects.get(pk=link.pk)
    assert (kept.ended_on, kept.ended_why) == (case.adopted_on, "Another stairwell after all.")
    _link(cast, case, other)
