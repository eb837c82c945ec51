"""Years: agreed, reviewed action by action, carried into the next, opened again; and two of them side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.models import ActionPlan, PlanAction
from saferhub.plan.operations import strategy as strategy_operations
from saferhub.plan.operations import years as operations
from saferhub.plan.operations.actions import ActionValues, change_action, values_of
from saferhub.plan.queries.strategy import plan_on, year_lines
from saferhub.plan.queries.years import compare, left_behind, review
from tests.builders.casework import actor
from tests.plan.planned import (
    CHRIS,
    FIRST,
    LAST,
    MAYA,
    OLIVIA,
    PLANNED,
    Cast,
    a_plan,
    a_year,
    agree,
    an_action,
    an_objective,
    an_update,
)

pytestmark = pytest.mark.django_db
REVIEW = date(2020, 2, 3)


def test_a_year_is_agreed_with_the_day_of_the_meeting(cast: Cast) -> None:
    plan, maya = a_year(cast), actor(cast, MAYA)
    given = {
        "plan_id": plan.public_id,
        "where": "Board",
        "when": date(2019, 4, 11),
        "by": maya,
        "on": date(2019, 4, 15),
    }
    with pytest.raises(Refusal) as refused:
        operations.agree_year(**given, seen=plan.version)
    assert refused.value.code == "no_actions"
    an_action(cast, plan)
    with pytest.raises(Conflict):
        operations.agree_year(**given, seen=plan.version + 1)
    with pytest.raises(NotAllowed):
        operations.agree_year(**{**given, "by": actor(cast, CHRIS)}, seen=plan.version)
    agreed = operations.agree_year(**given, seen=plan.version)
    newest = agreed.moves.order_by("-id").first()
    assert newest is not None
    assert (agreed.status, newest.to_status, newest.on) == ("in_force", "in_force", date(2019, 4, 11))
    assert Entry.objects.get(event="plan.year_agreed", subject=plan.public_id).codes == {"day": "2019-04-11"}
    with pytest.raises(Refusal) as refused:
        operations.agree_year(**given, seen=agreed.version)
    assert refused.value.code == "illegal_move"


def test_a_year_that_was_agreed_before_it_was_begun_here_is_agreed(cast: Cast) -> None:
    plan, maya = a_year(cast), actor(cast, MAYA)
    an_action(cast, plan)
    operations.agree_year(
        plan_id=plan.public_id, where="Board", when=date(2018, 4, 12), by=maya, on=PLANNED, seen=plan.version
    )
    (year,) = [one for one in year_lines(plan.strategy, PLANNED) if one.first_day == FIRST]
    assert (year.status, year.plan) == ("in_force", plan)


def decide(
    cast: Cast, action: PlanAction, decision: str, why: str = "As the board said", on: date = REVIEW
) -> PlanAction:
    action.refresh_from_db()
    return operations.decide_action(
        action_id=action.public_id,
        decision=decision,
        why=why,
        by=actor(cast, MAYA),
        on=on,
        seen=action.version,
    )


def close(cast: Cast, plan: ActionPlan, words: str = "A good year", on: date = REVIEW) -> operations.Reviewed:
    plan.refresh_from_db()
    return operations.close_review(
        plan_id=plan.public_id, words=words, by=actor(cast, MAYA), on=on, seen=plan.version
    )


@pytest.fixture
def year(cast: Cast) -> ActionPlan:
    """An agreed year: 2.1 goes well, 2.2 is at risk, 2.3 is done, 2.4 was never begun."""
    plan = a_year(cast)
    for _ in range(4):
        an_action(cast, plan, partners=("schools",))
    plan = agree(cast, plan)
    for number, more in (
        ("2.1", {}), ("2.2", {"status": "at_risk"}), ("2.3", {"status": "done", "evidence": "Minutes"}),
    ):  # fmt: skip
        an_update(cast, plan.actions.get(number=number), **more)
    return plan


def test_a_review_decides_about_each_action_that_goes_on(cast: Cast, year: ActionPlan) -> None:
    first = year.actions.get(number="2.1")
    with pytest.raises(Refusal) as refused:
        decide(cast, first, "keep", on=date(2019, 12, 1))
    assert refused.value.code == "review_early"
    with pytest.raises(Refusal) as refused:
        decide(cast, year.actions.get(number="2.3"), "keep")
    assert refused.value.code == "closed_action"
    with pytest.raises(Refusal) as refused:
        decide(cast, first, "keep", why=" ")
    assert refused.value.code == "no_why"
    decide(cast, first, "keep")
    decided = decide(cast, first, "stop", why="It is not needed")  # decided anew, until the review is closed
    assert (decided.rolled_as, decided.rolled_why) == ("stop", "It is not needed")
    found = review(year, REVIEW)
    assert [one.action.number for one in found.open] == ["2.2", "2.4"]
    assert [one.action.number for one in found.closed] == ["2.3"]
    assert found.counts == {"keep": 0, "change": 0, "stop": 1}
    with pytest.raises(Refusal) as refused:
        close(cast, year)
    assert (refused.value.code, "2.2, 2.4" in refused.value.sentence) == ("undecided", True)


def test_what_goes_on_stands_in_the_next_years_draft(cast: Cast, year: ActionPlan) -> None:
    for number, decision in (("2.1", "keep"), ("2.2", "change"), ("2.4", "stop")):
        decide(cast, year.actions.get(number=number), decision)
    result = close(cast, year)
    assert (result.plan.status, result.plan.review_words, result.carried, result.left) == (
        "reviewed",
        "A good year",
        2,
        (),
    )
    assert result.next is not None
    assert (result.next.first_day, result.next.status) == (date(2020, 4, 1), "draft")
    kept, changed = result.next.actions.order_by("number")
    assert (kept.number, kept.rolled_from.number, kept.status, kept.due_on) == (
        "2.1",
        "2.1",
        "on_track",
        date(2020, 12, 31),
    )
    assert (changed.number, changed.status) == (
        "2.2",
        "on_track",
    )  # with a new day its lead says anew how it stands
    assert list(kept.partners.values_list("code", flat=True)) == ["schools"]
    assert [one.to_status for one in kept.moves.order_by("id")] == ["not_started", "on_track"]
    assert operations.still_unchanged(result.next) == ["2.2"]
    with pytest.raises(Refusal) as refused:
        agree_next(cast, result.next)
    assert refused.value.code == "not_changed_yet"
    change_action(
        action_id=changed.public_id, values=ActionValues(**{**values_of(changed), "target": "Fewer"}),
        by=actor(cast, MAYA), on=REVIEW, seen=changed.version,
    )  # fmt: skip
    assert agree_next(cast, result.next).status == "in_force"


def agree_next(cast: Cast, plan: ActionPlan) -> ActionPlan:
    plan.refresh_from_db()
    return operations.agree_year(
        plan_id=plan.public_id, where="Board", when=REVIEW, by=actor(cast, MAYA), on=REVIEW, seen=plan.version
    )


def test_an_action_whose_objective_has_ended_is_named_and_not_carried(cast: Cast, year: ActionPlan) -> None:
    maya, objective = actor(cast, MAYA), an_objective(year.strategy)
    decide(cast, year.actions.get(number="2.1"), "stop")
    decide(cast, year.actions.get(number="2.2"), "keep")
    decide(cast, year.actions.get(number="2.4"), "stop")
    PlanAction.objects.filter(objective=objective).exclude(plan=year).update(status="stopped")
    strategy_operations.end_objective(
        objective_id=objective.public_id, last_day=LAST, why="Reached", by=maya, on=REVIEW, seen=1
    )
    result = close(cast, year)
    assert (result.carried, result.left) == (0, ("2.2",))
    assert [one.number for one in left_behind(result.plan)] == ["2.2"]


def test_the_last_year_is_carried_into_the_strategy_that_follows(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    last = operations.draft_year(
        strategy_id=strategy.public_id, first_day=date(2020, 4, 1), by=maya, on=date(2020, 3, 1)
    )
    action = an_action(cast, last, due_on=date(2020, 12, 31))
    last.refresh_from_db()
    last = operations.agree_year(
        plan_id=last.public_id,
        where="Board",
        when=date(2020, 4, 1),
        by=maya,
        on=date(2020, 4, 1),
        seen=last.version,
    )
    after = strategy_operations.add_strategy(
        name="Plan 2021-2024",
        first_day=date(2021, 4, 1),
        last_day=date(2024, 3, 31),
        copies=True,
        by=maya,
        on=date(2021, 2, 1),
    )
    area = after.areas.get(code="community_safety_hubs")
    type(area).objects.filter(pk=area.pk).update(number=7)
    with pytest.raises(Refusal) as refused:
        strategy_operations.add_strategy(
            name="Again", first_day=FIRST, last_day=LAST, copies=False, by=maya, on=REVIEW
        )
    assert refused.value.code == "years_taken"
    decide(cast, action, "keep", on=date(2021, 2, 3))
    result = close(cast, last, on=date(2021, 2, 3))
    assert result.next is not None
    assert (result.next.strategy, result.carried) == (after, 1)
    carried = result.next.actions.get()
    # The years to come are shown as they will begin.
    (line,) = plan_on(maya, after, date(2021, 2, 3), plan=result.next).areas[-1].actions
    assert line.action.number == "7.1"
    # It takes the number of the area as the new strategy has it.
    assert (carried.number, carried.objective.area, carried.starts_on) == ("7.1", area, None)
    assert carried.objective.words == action.objective.words


def test_a_review_opened_again_carries_nothing_twice(cast: Cast, year: ActionPlan) -> None:
    for number, decision in (("2.1", "keep"), ("2.2", "keep"), ("2.4", "stop")):
        decide(cast, year.actions.get(number=number), decision)
    following = close(cast, year).next
    assert following is not None
    year.refresh_from_db()
    given = {"plan_id": year.public_id, "by": actor(cast, MAYA), "on": REVIEW, "seen": year.version}
    with pytest.raises(Refusal) as refused:
        operations.reopen_review(**given, reason="")
    assert refused.value.code == "no_reason"
    operations.reopen_review(**given, reason="The police were not heard")
    decide(cast, year.actions.get(number="2.2"), "stop", why="The police end it")
    decide(cast, year.actions.get(number="2.4"), "keep")
    assert close(cast, year).carried == 1
    assert {one.number: one.status for one in following.actions.all()} == {
        "2.1": "on_track", "2.2": "stopped", "2.4": "not_started",
    }  # fmt: skip
    agree_next(cast, following)
    year.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        operations.reopen_review(**{**given, "seen": year.version}, reason="Again")
    assert refused.value.code == "next_agreed"


def test_nothing_of_a_review_stands_when_its_entry_cannot_be_written(
    cast: Cast, year: ActionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("2.1", "2.2", "2.4"):
        decide(cast, year.actions.get(number=number), "keep")
    recorded = operations.audit.record

    def broken(event: str, *arguments: Any, **more: Any) -> None:
        if event == "plan.year_reviewed":
            raise RuntimeError("no entry")
        recorded(event, *arguments, **more)

    monkeypatch.setattr(operations.audit, "record", broken)
    with pytest.raises(RuntimeError, match="no entry"):
        close(cast, year)
    year.refresh_from_db()
    assert year.status == "in_force"
    assert not ActionPlan.objects.filter(strategy=year.strategy, first_day=date(2020, 4, 1)).exists()


def test_strangers_review_nothing(cast: Cast, year: ActionPlan) -> None:
    action = year.actions.get(number="2.1")
    given = {
        "action_id": action.public_id,
        "decision": "keep",
        "why": "x",
        "on": REVIEW,
        "seen": action.version,
    }
    with pytest.raises(Http404):
        operations.decide_action(**given, by=actor(cast, OLIVIA))
    with pytest.raises(NotAllowed):
        operations.decide_action(**given, by=actor(cast, CHRIS))


def test_two_years_stand_side_by_side(cast: Cast, year: ActionPlan) -> None:
    for number, decision in (("2.1", "keep"), ("2.2", "change"), ("2.4", "stop")):
        decide(cast, year.actions.get(number=number), decision)
    following = close(cast, year).next
    assert following is not None
    changed = following.actions.get(number="2.2")
    change_action(
        action_id=changed.public_id,
        values=ActionValues(**{**values_of(changed), "target": "Fewer", "lead_post": "Superintendent"}),
        by=actor(cast, MAYA), on=REVIEW, seen=changed.version,
    )  # fmt: skip
    an_action(cast, following, due_on=date(2020, 12, 31))
    found = compare(following, year, REVIEW)
    assert (found.before, found.after) == (year, following)
    assert (found.before_words, found.after_words) == ("2019-20", "2020-21")
    ((name, pairs),) = found.areas
    assert name == "2. Community Safety Hubs"
    kinds = {(pair.before or pair.after).action.number: pair.kind for pair in pairs if pair.before}  # type: ignore[union-attr]
    assert kinds == {"2.1": "same", "2.2": "changed", "2.3": "gone", "2.4": "gone"}
    assert found.counts == {"same": 1, "changed": 1, "gone": 2, "new": 1}
    second = next(pair for pair in pairs if pair.before and pair.before.action.number == "2.2")
    assert list(second.changes) == [
        "Was led by Neighbourhood policing lead (North Yorkshire Police)", "Had no target",
    ]  # fmt: skip
    assert second.why == "As the board said"


def test_an_action_is_followed_through_the_years_between(cast: Cast, year: ActionPlan) -> None:
    for number, decision in (("2.1", "keep"), ("2.2", "stop"), ("2.4", "stop")):
        decide(cast, year.actions.get(number=number), decision)
    following = close(cast, year).next
    assert following is not None
    first = ActionPlan.objects.get(strategy=year.strategy, first_day=date(2018, 4, 1))
    earlier = first.actions.get(number="2.3")
    PlanAction.objects.filter(plan=year, number="2.1").update(rolled_from=earlier)
    pairs = [pair for _, found in compare(first, following, REVIEW).areas for pair in found]
    (pair,) = [one for one in pairs if one.before and one.before.action == earlier]
    assert pair.after is not None
    assert pair.after.action.plan == following
    assert following.first_day > FIRST
