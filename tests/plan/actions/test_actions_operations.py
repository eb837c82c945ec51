"""Planning and changing actions, stopping them, and their milestones: outcome, audit, refusals, two at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.models import ActionPlan, PlanAction
from saferhub.plan.operations import actions as operations
from saferhub.plan.operations import milestones
from saferhub.plan.operations.strategy import end_objective
from tests.builders.casework import actor
from tests.plan.planned import (
    CHRIS,
    COUNTY,
    DAY,
    FIRST,
    MAYA,
    OLIVIA,
    POLICE,
    RACHEL,
    Cast,
    a_milestone,
    a_year,
    an_action,
    an_objective,
    values,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Cast) -> ActionPlan:
    return a_year(cast)


@pytest.fixture
def agreed(cast: Cast) -> PlanAction:
    """The one action of an agreed year, led by the police and nobody by name."""
    return a_year(cast, agreed=True).actions.get()


def add(cast: Cast, plan: ActionPlan, by: str = MAYA, reason: str = "", **more: Any) -> PlanAction:
    return operations.add_action(
        plan_id=plan.public_id,
        values=values(plan.strategy, **more),
        by=actor(cast, by),
        on=DAY,
        reason=reason,
    )


def change(cast: Cast, action: PlanAction, reason: str = "", seen: int = 0, **more: Any) -> PlanAction:
    given = operations.ActionValues(**{**operations.values_of(action), **more})  # type: ignore[arg-type]
    return operations.change_action(
        action_id=action.public_id, values=given, reason=reason, by=actor(cast, MAYA), on=DAY,
        seen=seen or action.version,
    )  # fmt: skip


def test_an_action_takes_the_next_number_of_its_area(cast: Cast, draft: ActionPlan) -> None:
    first, second = an_action(cast, draft, partners=("schools", POLICE)), an_action(cast, draft)
    assert (first.number, second.number) == ("2.1", "2.2")
    # The lead is no partner of its own.
    assert list(first.partners.values_list("code", flat=True)) == ["schools"]
    assert [(one.from_status, one.to_status) for one in first.moves.all()] == [("", "not_started")]
    entry = Entry.objects.get(event="plan.action_added", subject=first.public_id)
    assert (entry.actor, entry.codes["number"]) == (cast[MAYA].public_id, "2.1")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"what": " "}, "no_what"),
        ({"due_on": date(2020, 4, 1)}, "due_outside_year"),
        ({"starts_on": date(2020, 1, 1)}, "starts_after_due"),
        ({"objective": "0" * 16}, "unknown_objective"),
        ({"lead_agency": "nobody"}, "unknown_agency"),
        ({"lead_agency": ""}, "unknown_agency"),
        ({"partners": ("nobody",)}, "unknown_agency"),
    ],
)
def test_an_action_that_cannot_be_is_refused(
    cast: Cast, draft: ActionPlan, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as found:
        add(cast, draft, **more)
    assert found.value.code == code
    assert not draft.actions.exists()


def test_a_lead_works_for_the_agency_that_leads(cast: Cast, draft: ActionPlan) -> None:
    assert add(cast, draft, lead=cast[CHRIS].public_id).lead == cast[CHRIS]
    with pytest.raises(Refusal) as found:
        add(cast, draft, lead=cast[RACHEL].public_id)
    assert found.value.code == "lead_not_of_agency"


def test_an_objective_that_ends_within_the_year_takes_no_new_action(cast: Cast, draft: ActionPlan) -> None:
    objective = an_objective(draft.strategy, "awareness")
    PlanAction.objects.filter(objective=objective).update(status="stopped")
    end_objective(
        objective_id=objective.public_id,
        last_day=date(2019, 12, 1),
        why="Reached",
        by=actor(cast, MAYA),
        on=DAY,
        seen=objective.version,
    )
    with pytest.raises(Refusal) as found:
        add(cast, draft, objective=objective.public_id)
    assert found.value.code == "objective_ended"


def test_only_whoever_writes_the_plan_plans(cast: Cast, draft: ActionPlan) -> None:
    with pytest.raises(NotAllowed):
        add(cast, draft, by=CHRIS)
    with pytest.raises(Http404):
        add(cast, draft, by=OLIVIA)


def test_an_agreed_plan_is_changed_with_a_reason_that_stays(cast: Cast, agreed: PlanAction) -> None:
    with pytest.raises(Refusal) as found:
        change(cast, agreed, target="None open a year")
    assert found.value.code == "no_reason"
    changed = change(
        cast, agreed, reason="The board asked for more.", target="None open a year", due_on=date(2020, 1, 31)
    )
    newest = changed.moves.order_by("-id").first()
    assert newest is not None
    assert (newest.from_status, newest.to_status) == ("not_started", "not_started")
    assert newest.reason == "It was due on 31 December 2019. It had no target. The board asked for more."
    with pytest.raises(Refusal) as found:
        add(cast, changed.plan)
    assert found.value.code == "no_reason"


def test_a_change_in_a_draft_keeps_no_history(cast: Cast, draft: ActionPlan) -> None:
    action = an_action(cast, draft)
    changed = change(
        cast, action, what="Look again", partners=("schools",), lead_agency=COUNTY, lead_post="Head"
    )
    assert (changed.what, changed.lead_agency.code, changed.version) == ("Look again", COUNTY, 2)
    assert list(changed.partners.values_list("code", flat=True)) == ["schools"]
    assert changed.moves.count() == 1
    assert change(cast, changed).version == 2  # nothing changed, so nothing is written


def test_two_who_change_an_action_at_once_do_not_overwrite_each_other(cast: Cast, draft: ActionPlan) -> None:
    action = an_action(cast, draft)
    change(cast, action, target="Ten")
    with pytest.raises(Conflict):
        change(cast, action, target="Twenty", seen=1)
    action.refresh_from_db()
    assert action.target == "Ten"


def test_a_stopped_action_stays_with_its_reason_and_can_be_taken_up_again(
    cast: Cast, agreed: PlanAction
) -> None:
    maya = actor(cast, MAYA)
    given = {"action_id": agreed.public_id, "by": maya, "on": DAY}
    with pytest.raises(Refusal) as found:
        operations.stop_action(**given, reason=" ", seen=agreed.version)
    assert found.value.code == "no_reason"
    with pytest.raises(NotAllowed):
        operations.stop_action(**{**given, "by": actor(cast, CHRIS)}, reason="x", seen=agreed.version)
    stopped = operations.stop_action(**given, reason="No money", seen=agreed.version)
    newest = stopped.moves.order_by("-id").first()
    assert newest is not None
    assert (stopped.status, newest.to_status, newest.reason) == ("stopped", "stopped", "No money")
    assert Entry.objects.get(event="plan.action_moved", subject=agreed.public_id).codes["after"] == "stopped"
    going = operations.take_up_again(**given, reason="Money came", seen=stopped.version)
    assert going.status == "on_track"
    with pytest.raises(Refusal) as found:
        operations.take_up_again(**given, reason="Again", seen=going.version)
    assert found.value.code == "goes_on"


def test_a_reviewed_year_is_not_written_any_more(cast: Cast, agreed: PlanAction) -> None:
    ActionPlan.objects.filter(pk=agreed.plan_id).update(status="reviewed")
    agreed = PlanAction.objects.get(pk=agreed.pk)
    step = {"action_id": agreed.public_id, "words": "x", "due_on": FIRST, "by": actor(cast, MAYA), "on": DAY}
    for act in (
        lambda: change(cast, agreed, reason="x", target="More"),
        lambda: add(cast, agreed.plan, reason="x"),
        lambda: milestones.add_milestone(**step),
    ):
        with pytest.raises(Refusal) as found:
            act()
        assert found.value.code == "year_reviewed"


# --- Milestones -------------------------------------------------------------------------------------------------


def test_whoever_leads_keeps_the_milestones(cast: Cast, agreed: PlanAction) -> None:
    chris = actor(cast, CHRIS)
    given = {"action_id": agreed.public_id, "words": "Asked", "due_on": date(2019, 9, 30), "on": DAY}
    made = milestones.add_milestone(**given, by=chris)
    with pytest.raises(Refusal) as found:
        milestones.add_milestone(**given, by=chris)
    assert found.value.code == "milestone_stands"
    with pytest.raises(NotAllowed):
        milestones.add_milestone(**given, by=actor(cast, RACHEL))
    with pytest.raises(Refusal) as found:
        milestones.add_milestone(**{**given, "due_on": date(2020, 4, 1)}, by=chris)
    assert found.value.code == "due_outside_year"
    assert Entry.objects.get(event="plan.milestone_added").subject == made.public_id


def test_a_milestone_is_reached_dropped_and_taken_back(cast: Cast, agreed: PlanAction) -> None:
    maya = actor(cast, MAYA)
    step = a_milestone(cast, agreed)
    given = {"milestone_id": step.public_id, "by": maya, "on": DAY}
    with pytest.raises(Refusal) as found:
        milestones.reach_milestone(**given, done_on=date(2019, 7, 11), evidence="", seen=1)
    assert found.value.code == "done_ahead"
    reached = milestones.reach_milestone(**given, done_on=DAY, evidence="Replies of seven", seen=1)
    assert (reached.done_on, reached.evidence, reached.version) == (DAY, "Replies of seven", 2)
    with pytest.raises(Conflict):
        milestones.drop_milestone(**given, why="x", seen=1)
    with pytest.raises(Refusal) as found:
        milestones.drop_milestone(**given, why="x", seen=2)
    assert found.value.code == "milestone_closed"
    back = milestones.open_milestone(**given, seen=2)
    assert (back.done_on, back.evidence) == (None, "")
    with pytest.raises(Refusal) as found:
        milestones.open_milestone(**given, seen=3)
    assert found.value.code == "waits_already"
    moved = milestones.change_milestone(
        **given, words="Every hub answered", due_on=date(2019, 10, 31), seen=3
    )
    assert (moved.words, moved.version) == ("Every hub answered", 4)
    assert (
        milestones.drop_milestone(**given, why="Not asked any more", seen=4).dropped_why
        == "Not asked any more"
    )


def test_nothing_of_a_change_stands_when_its_entry_cannot_be_written(
    cast: Cast, draft: ActionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = an_action(cast, draft)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no entry")

    monkeypatch.setattr(operations.audit, "record", broken)
    with pytest.raises(RuntimeError, match="no entry"):
        change(cast, action, what="Something else", partners=("schools",))
    action.refresh_from_db()
    assert (action.what, action.partners.count()) == ("Look through what is open longest", 0)
