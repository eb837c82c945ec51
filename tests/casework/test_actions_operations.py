"""Actions: agreed, changed, taken over, done; who may and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.access import actions as object_rules
from saferhub.casework.models import Action, ActionMove, Case
from saferhub.casework.operations import actions as operations
from saferhub.casework.operations import actions_doing as doing
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Revision
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_actions import an_action

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast)


def act(cast: Cast, username: str, operation: Callable[..., Any], **values: Any) -> Any:
    """The operation as this person, today."""
    with entered(cast[username]):
        who = actor(cast, username)
        return operation(by=who, on=who.on, **values)


def entries(event: str, subject: Any) -> int:
    return Entry.objects.filter(event=event, subject=subject.public_id).count()


def read(cast: Cast, action: Action) -> Action:
    with entered(cast["colin.coordinator"]):
        return Action.objects.select_related("owner", "owner_unit", "case").get(pk=action.pk)


def moves(cast: Cast, action: Action) -> list[tuple[str, str, str]]:
    with entered(cast["colin.coordinator"]):
        return list(
            ActionMove.objects.filter(action=action).values_list("from_status", "to_status", "reason")
        )


def refused(code: str, kind: type[Refusal] = Refusal) -> Any:
    return pytest.raises(kind, check=lambda refusal: refusal.code == code)


# --- Agreeing ---------------------------------------------------------------------------------------------------


def test_an_action_is_kept_with_its_move_its_version_and_its_entry(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    assert moves(cast, action) == [("", "open", "")]
    assert entries("action.set", action) == 1
    with entered(cast["priya.partner"]):
        priya = actor(cast, "priya.partner")
        assert list(object_rules.my_actions(priya)) == [action]
        assert Revision.objects.get(subject=action.public_id).values["due_on"] == action.due_on.isoformat()
        assert access.get_case(priya, case.matter.public_id).next_due_on == action.due_on


def test_whoever_sees_the_case_is_offered_and_nobody_else(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]):
        offered = {one.user.username for one in operations.owners_of(case) if one.user}
        units = {one.unit.pk for one in operations.owners_of(case)}
    assert {"priya.partner", "victor.voluntary", "rachel.referrer", "colin.coordinator"} <= offered
    assert not {"nadia.neighbour", "fergus.former", "ian.governance", "ada.admin"} & offered
    assert unit_of(cast, "nadia.neighbour").pk not in units


@pytest.mark.parametrize("who", ["nadia.neighbour", "fergus.former", "olivia.outsider"])
def test_an_agency_that_does_not_see_the_case_gets_no_action(who: str, cast: Cast, case: Case) -> None:
    with refused("owner_does_not_see"):
        an_action(cast, case, owner=who)


def test_somebody_of_another_unit_does_not_get_this_units_action(cast: Cast, case: Case) -> None:
    key = operations.owner_key(unit_of(cast, "priya.partner"), cast["victor.voluntary"])
    with refused("owner_does_not_see"):
        act(
            cast,
            "colin.coordinator",
            operations.set_action,
            case_id=case.matter.public_id,
            words="Call",
            who=key,
            due_on=actor(cast, "colin.coordinator").on,
        )


def test_an_action_is_not_due_in_the_past(cast: Cast, case: Case) -> None:
    today = actor(cast, "colin.coordinator").on
    with refused("due_in_the_past"):
        an_action(cast, case, owner="priya.partner", due_on=today - timedelta(days=1))
    with entered(cast["colin.coordinator"]):
        assert Action.objects.filter(case=case).count() == 0


@pytest.mark.parametrize("who", ["priya.partner", "victor.voluntary"])
def test_a_contributor_agrees_no_action_for_others(who: str, cast: Cast, case: Case) -> None:
    with refused("not_yours_to_run", NotAllowed):
        an_action(cast, case, owner="rachel.referrer", by=who)


@pytest.mark.parametrize("who", ["nadia.neighbour", "fergus.former", "olivia.outsider", "ada.admin"])
def test_strangers_find_no_action(who: str, cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    with pytest.raises(Http404):
        act(cast, who, doing.done, action_id=action.public_id, evidence="Done")


# --- Changing ---------------------------------------------------------------------------------------------------


def change(cast: Cast, action: Action, as_: str = "colin.coordinator", **values: Any) -> Any:
    given = {**operations.values_of(read(cast, action)), "seen": action.version, "reason": "", **values}
    return act(cast, as_, operations.change_action, action_id=action.public_id, **given)


def test_a_day_that_moves_needs_a_reason_and_leaves_a_move(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    later = action.due_on + timedelta(days=3)
    with refused("reason_missing"):
        change(cast, action, due_on=later)
    changed = change(cast, action, due_on=later, reason="The locksmith is ill.")
    assert (changed.due_on, changed.version) == (later, 2)
    assert moves(cast, action)[-1][:2] == ("open", "open")
    assert moves(cast, action)[-1][2].endswith("The locksmith is ill.")
    with entered(cast["colin.coordinator"]):
        assert Case.objects.get(pk=case.pk).next_due_on == later
    assert entries("action.changed", action) == 1


def test_a_second_editor_overwrites_nothing(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    change(cast, action, words="Change both locks")
    with refused("changed_meanwhile", Conflict):
        change(cast, action, "maya.manager", words="Board the door up")
    assert read(cast, action).words == "Change both locks"


def test_saving_what_stands_changes_nothing(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    assert change(cast, action).version == 1
    assert entries("action.changed", action) == 0


def test_another_owner_has_to_see_the_case_too(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    with refused("owner_does_not_see"):
        change(cast, action, who=_key(cast, "nadia.neighbour"))
    change(cast, action, who=_key(cast, "victor.voluntary"))
    assert read(cast, action).owner == cast["victor.voluntary"]


def _key(cast: Cast, username: str) -> str:
    return operations.owner_key(unit_of(cast, username), cast[username])


def test_a_contributor_changes_nothing_that_was_agreed(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    with refused("not_yours_to_run", NotAllowed):
        change(cast, action, "priya.partner", words="Something easier")
    with refused("not_yours_to_run", NotAllowed):
        act(cast, "priya.partner", doing.drop, action_id=action.public_id, reason="Too much")


def test_a_colleague_of_the_unit_takes_it_over_and_nobody_else(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, unit_of_username="priya.partner")
    with refused("not_of_your_unit", NotAllowed):
        act(cast, "victor.voluntary", operations.take_over, action_id=action.public_id)
    act(cast, "priya.partner", operations.take_over, action_id=action.public_id)
    assert read(cast, action).owner == cast["priya.partner"]
    assert entries("action.taken_over", action) == 1
    with refused("yours_already"):
        act(cast, "priya.partner", operations.take_over, action_id=action.public_id)


# --- Doing ------------------------------------------------------------------------------------------------------


def test_a_partner_does_her_own_action_with_evidence(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    with refused("evidence_missing"):
        act(cast, "priya.partner", doing.done, action_id=action.public_id, evidence=" ")
    act(cast, "priya.partner", doing.done, action_id=action.public_id, evidence="Keys handed over.")
    found = read(cast, action)
    assert (found.status, found.evidence, found.ended_on) == (
        "done",
        "Keys handed over.",
        actor(cast, "priya.partner").on,
    )
    assert found.case.next_due_on is None
    assert moves(cast, action)[-1] == ("open", "done", "Keys handed over.")
    assert entries("action.done", action) == 1
    with refused("action_ended"):
        act(cast, "priya.partner", doing.done, action_id=action.public_id, evidence="Again")


def test_another_agencys_action_is_not_hers_to_do(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    with refused("not_yours_to_do", NotAllowed):
        act(cast, "victor.voluntary", doing.done, action_id=action.public_id, evidence="Done for her")
    assert read(cast, action).status == "open"


def test_not_yet_keeps_the_reason_and_the_new_day(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner", set_before=9)  # two days late
    today = actor(cast, "priya.partner").on
    values = {"action_id": action.public_id, "reason": "No answer at the door."}
    with refused("due_in_the_past"):
        act(cast, "priya.partner", doing.not_yet, due_on=today - timedelta(days=1), **values)
    with refused("reason_missing"):
        act(cast, "priya.partner", doing.not_yet, due_on=today, **{**values, "reason": ""})
    act(cast, "priya.partner", doing.not_yet, due_on=today + timedelta(days=5), **values)
    found = read(cast, action)
    assert (found.status, found.due_on, found.version) == ("open", today + timedelta(days=5), 2)
    assert found.case.next_due_on == found.due_on
    assert moves(cast, action)[-1][2].endswith("No answer at the door.")


def test_what_is_blocked_says_what_is_in_the_way_and_is_opened_again(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    act(cast, "priya.partner", doing.block, action_id=action.public_id, reason="The tenant is away.")
    assert (read(cast, action).status, read(cast, action).blocked_why) == ("blocked", "The tenant is away.")
    act(cast, "colin.coordinator", doing.unblock, action_id=action.public_id, reason="She is back.")
    assert (read(cast, action).status, read(cast, action).blocked_why) == ("open", "")
    assert [one[:2] for one in moves(cast, action)] == [
        ("", "open"),
        ("open", "blocked"),
        ("blocked", "open"),
    ]
    with refused("illegal_move"):
        act(cast, "colin.coordinator", doing.unblock, action_id=action.public_id, reason="Again.")


def test_what_is_blocked_is_open_once_there_is_a_new_day(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    act(cast, "priya.partner", doing.block, action_id=action.public_id, reason="The tenant is away.")
    values = {"action_id": action.public_id, "reason": "Back on Monday.", "due_on": action.due_on}
    act(cast, "priya.partner", doing.not_yet, **values)
    assert (read(cast, action).status, read(cast, action).blocked_why) == ("open", "")


def test_progress_leaves_status_and_day(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    act(cast, "priya.partner", doing.record_progress, action_id=action.public_id, words="Locksmith booked.")
    assert (read(cast, action).status, read(cast, action).due_on) == ("open", action.due_on)
    assert moves(cast, action)[-1] == ("open", "open", "Locksmith booked.")


def test_what_was_dropped_is_opened_again_with_a_reason_and_a_day(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner")
    today = actor(cast, "colin.coordinator").on
    act(cast, "colin.coordinator", doing.drop, action_id=action.public_id, reason="She moved out.")
    assert (read(cast, action).status, read(cast, action).ended_on) == ("dropped", today)
    values = {"action_id": action.public_id, "due_on": today + timedelta(days=4)}
    with refused("reason_missing"):
        act(cast, "colin.coordinator", doing.reopen, reason="", **values)
    act(cast, "colin.coordinator", doing.reopen, reason="She is back.", **values)
    found = read(cast, action)
    assert (found.status, found.ended_on, found.due_on) == ("open", None, today + timedelta(days=4))
    assert found.case.next_due_on == found.due_on
    assert entries("action.reopened", action) == 1


def test_the_earliest_open_day_is_the_cases(cast: Cast, case: Case) -> None:
    today = actor(cast, "colin.coordinator").on
    near = an_action(cast, case, owner="priya.partner", due_on=today + timedelta(days=2))
    an_action(cast, case, owner="victor.voluntary", due_on=today + timedelta(days=9))
    assert read(cast, near).case.next_due_on == today + timedelta(days=2)
    act(cast, "priya.partner", doing.done, action_id=near.public_id, evidence="Done.")
    assert read(cast, near).case.next_due_on == today + timedelta(days=9)


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (doing.done, {"evidence": "Done."}),
        (doing.block, {"reason": "Away."}),
        (doing.not_yet, {"reason": "Away."}),
        (doing.record_progress, {"words": "Booked."}),
        (operations.take_over, {}),
    ],
)
def test_without_its_entry_nothing_is_written(
    operation: Any, values: dict[str, Any], cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = an_action(cast, case, unit_of_username="priya.partner")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the record is away")

    monkeypatch.setattr("saferhub.audit.operations.record", broken)
    if operation is doing.not_yet:
        values = {**values, "due_on": action.due_on}
    with pytest.raises(RuntimeError, match="the record is away"):
        act(cast, "priya.partner", operation, action_id=action.public_id, **values)
    found = read(cast, action)
    assert (found.status, found.version, found.owner) == ("open", 1, None)
    assert moves(cast, action) == [("", "open", "")]


def test_an_agency_that_lost_sight_finds_its_action_no_more(cast: Cast, case: Case) -> None:
    from saferhub.sharing.models import Interest
    from saferhub.sharing.operations.folders import end_interest

    action = an_action(cast, case, owner="priya.partner")
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        interest = Interest.objects.get(folder=case.folder, unit=unit_of(cast, "priya.partner"))
        end_interest(interest=interest, by=colin, reason="No longer works with her.")
    with entered(cast["priya.partner"]):
        assert not object_rules.my_actions(actor(cast, "priya.partner")).exists()
    with pytest.raises(Http404):
        act(cast, "priya.partner", doing.done, action_id=action.public_id, evidence="Done")


def test_a_closed_case_takes_no_new_action(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_on=case.adopted_on, outcome="resolved", close_reason="It is quiet."
        )
    with refused("case_closed"):
        an_action(cast, case, owner="priya.partner")
