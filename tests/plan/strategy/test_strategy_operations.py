"""Beginning the plan from the pack, agreeing it, and changing areas and objectives: outcome, audit, refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.models import Partnership
from saferhub.plan.models import ActionPlan, Area, Milestone, Objective, PlanAction, Strategy, YearMove
from saferhub.plan.operations import strategy as operations
from saferhub.plan.operations import strategy_pack, years
from tests.builders.casework import actor
from tests.plan.planned import (
    CHRIS,
    FIRST,
    MAYA,
    OLIVIA,
    Cast,
    a_plan,
    a_year,
    an_action,
    an_area,
    an_objective,
)

pytestmark = pytest.mark.django_db
TODAY = date(2018, 8, 28)


def last_entry(subject: Any) -> Entry:
    return Entry.objects.filter(subject=subject.public_id).latest("id")


def test_the_packs_areas_objectives_and_actions_come_in_once(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    assert [one.name for one in strategy.areas.order_by("number")][1:3] == [
        "Community Safety Hubs",
        "Domestic Abuse",
    ]
    assert Objective.objects.filter(area__strategy=strategy).count() == 19
    (year,) = ActionPlan.objects.filter(strategy=strategy)
    assert (year.first_day, year.last_day) == (date(2018, 4, 1), date(2019, 3, 31))
    assert year.actions.count() == 22
    fourth = year.actions.get(number="4.2")
    assert (fourth.objective.code, fourth.lead_agency.code) == ("children", "north_yorkshire_police")
    assert sorted(fourth.partners.values_list("code", flat=True)) == [
        "north_yorkshire_county_council",
        "schools",
    ]
    assert [(one.words, one.due_on) for one in fourth.milestones.all()] == [
        ("Course material agreed", date(2018, 9, 30))
    ]
    assert strategy_pack.begin_from_pack(partnership=maya.partnership, by=maya, on=TODAY) == []
    assert PlanAction.objects.filter(plan__strategy=strategy).count() == 22


def test_a_second_pack_gives_its_own_plan_with_its_own_year(cast: Cast) -> None:
    olivia = actor(cast, OLIVIA)
    strategy_pack.begin_from_pack(partnership=olivia.partnership, by=olivia, on=TODAY)
    strategy = Strategy.objects.get(partnership=olivia.partnership)
    assert strategy.agreed_on == date(2017, 10, 1)
    assert strategy.areas.count() == 4
    (year,) = strategy.years.all()
    assert (year.first_day, year.actions.count()) == (date(2017, 10, 1), 7)


def test_what_the_partnership_changed_stays_when_the_pack_is_read_again(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    objective = an_objective(strategy, "oversight")
    operations.reword_objective(
        objective_id=objective.public_id, words="See what the group does", valid_from=TODAY, why="Plainer", by=maya,
        on=TODAY, seen=1,
    )  # fmt: skip
    strategy_pack.begin_from_pack(partnership=maya.partnership, by=maya, on=TODAY)
    standing = Objective.objects.get(area__strategy=strategy, code="oversight", valid_until__isnull=True)
    assert standing.words == "See what the group does"


def test_only_whoever_writes_the_plan_begins_it_and_only_her_own(cast: Cast) -> None:
    partnership = Partnership.objects.get(code="north_yorkshire")
    with pytest.raises(NotAllowed):
        strategy_pack.begin_from_pack(partnership=partnership, by=actor(cast, CHRIS), on=TODAY)
    with pytest.raises(Refusal) as refused:
        strategy_pack.begin_from_pack(partnership=partnership, by=actor(cast, OLIVIA), on=TODAY)
    assert refused.value.code == "another_partnership"


def test_a_strategy_is_agreed_once_with_its_meeting(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    given = {"strategy_id": strategy.public_id, "where": "Board", "when": TODAY, "by": maya, "on": TODAY}
    with pytest.raises(Conflict):
        operations.agree_strategy(**given, seen=strategy.version + 1)
    agreed = operations.agree_strategy(**given, seen=strategy.version)
    assert (agreed.agreed_on, agreed.agreed_where) == (TODAY, "Board")
    assert (last_entry(strategy).event, last_entry(strategy).actor) == (
        "plan.strategy_agreed",
        cast[MAYA].public_id,
    )
    with pytest.raises(Refusal) as refused:
        operations.agree_strategy(**given, seen=agreed.version)
    assert refused.value.code == "agreed_already"


def change(area: Area, by: Any, **more: Any) -> Area:
    given = {
        **operations.area_values(area),
        "area_id": area.public_id,
        "by": by,
        "on": TODAY,
        "seen": area.version,
    }
    return operations.change_area(**{**given, **more})


def test_an_area_is_changed_by_one_at_a_time(cast: Cast) -> None:
    area, maya = an_area(a_plan(cast)), actor(cast, MAYA)
    changed = change(area, maya, lead_post="Superintendent", lead_agency="north_yorkshire_police")
    assert (changed.lead_post, changed.lead_agency.code, changed.version) == (
        "Superintendent", "north_yorkshire_police", area.version + 1,
    )  # fmt: skip
    with pytest.raises(Conflict):
        change(area, maya, lead_post="Somebody else")
    assert change(changed, maya).version == changed.version  # nothing changed, so nothing is written
    for more, code in (({"name": "domestic abuse"}, "area_stands"), ({"lead_agency": "nobody"}, "unknown_agency"),
                       ({"led_by": "nobody"}, "unknown_board")):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            change(changed, maya, **more)
        assert refused.value.code == code


def test_an_area_more_stands_last_and_not_twice(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    given = {"strategy_id": strategy.public_id, "name": "Water safety", "what": "Rivers", "lead_post": "Lead",
             "by": maya, "on": TODAY}  # fmt: skip
    area = operations.add_area(**given)
    assert (area.number, area.valid_from) == (6, TODAY)
    with pytest.raises(Refusal) as refused:
        operations.add_area(**given)
    assert refused.value.code == "area_stands"
    with pytest.raises(Http404):
        operations.add_area(**{**given, "by": actor(cast, OLIVIA)})


def test_an_area_ends_with_its_objectives_and_not_while_actions_go_on(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    area = an_area(strategy)
    given = {"area_id": area.public_id, "last_day": TODAY, "why": "Merged", "by": maya, "on": TODAY}
    with pytest.raises(Refusal) as refused:
        operations.end_area(**given, seen=area.version)
    assert refused.value.code == "open_actions"
    assert "2.1, 2.2, 2.3" in refused.value.sentence
    PlanAction.objects.filter(objective__area=area).update(status="stopped")
    ended = operations.end_area(**given, seen=area.version)
    assert (ended.valid_until, ended.ended_why) == (TODAY, "Merged")
    assert set(area.objectives.values_list("valid_until", flat=True)) == {TODAY}
    # The pack does not bring back what the partnership ended.
    strategy_pack.begin_from_pack(partnership=maya.partnership, by=maya, on=TODAY)
    assert strategy.areas.filter(code=area.code).count() == 1


def test_an_objective_in_other_words_follows_the_old_one_from_its_day(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    objective = an_objective(strategy)
    given = {"objective_id": objective.public_id, "words": "Close sooner", "valid_from": date(2018, 9, 1),
             "why": "Plainer", "by": maya, "on": TODAY}  # fmt: skip
    after = operations.reword_objective(**given, seen=1)
    objective.refresh_from_db()
    assert (objective.valid_until, objective.ended_why) == (date(2018, 8, 31), "Plainer")
    assert (after.follows, after.code, after.valid_from) == (objective, objective.code, date(2018, 9, 1))
    with pytest.raises(Conflict):  # somebody else had the words of before in front of her
        operations.reword_objective(**given, seen=1)
    with pytest.raises(Refusal) as refused:
        operations.reword_objective(**given, seen=objective.version)
    assert refused.value.code == "objective_ended"
    on = Objective.objects.filter(area=objective.area_id, code=objective.code)
    assert [one.words for one in on.in_force_on(TODAY)] == [objective.words]
    assert [one.words for one in on.in_force_on(date(2018, 9, 1))] == ["Close sooner"]


def test_an_objective_ends_when_no_action_goes_on_for_it(cast: Cast) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    fresh = operations.add_objective(
        area_id=an_area(strategy).public_id, words="Answer the telephone", by=maya, on=TODAY
    )
    assert (fresh.order, fresh.valid_from) == (6, TODAY)
    ended = operations.end_objective(
        objective_id=fresh.public_id, last_day=TODAY, why="It was done", by=maya, on=TODAY, seen=1
    )
    assert ended.valid_until == TODAY
    with pytest.raises(Refusal) as refused:
        operations.end_objective(
            objective_id=an_objective(strategy).public_id, last_day=TODAY, why="x", by=maya, on=TODAY, seen=1
        )
    assert refused.value.code == "open_actions"


def test_nothing_stands_of_an_act_whose_audit_entry_cannot_be_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no entry")

    monkeypatch.setattr(operations.audit, "record", broken)
    with pytest.raises(RuntimeError, match="no entry"):
        operations.add_area(
            strategy_id=strategy.public_id, name="Water", what="x", lead_post="y", by=maya, on=TODAY
        )
    with pytest.raises(RuntimeError, match="no entry"):
        years.draft_year(strategy_id=strategy.public_id, first_day=FIRST, by=maya, on=TODAY)
    assert not strategy.areas.filter(name="Water").exists()
    assert not strategy.years.filter(first_day=FIRST).exists()
    assert not YearMove.objects.filter(plan__strategy=strategy, plan__first_day=FIRST).exists()


def test_a_drafted_year_is_one_of_the_strategys_and_stands_once(cast: Cast) -> None:
    plan, maya = a_year(cast), actor(cast, MAYA)
    assert [one.to_status for one in plan.moves.all()] == ["draft"]
    for first, code in ((FIRST, "year_stands"), (date(2019, 4, 2), "no_such_year")):
        with pytest.raises(Refusal) as refused:
            years.draft_year(strategy_id=plan.strategy.public_id, first_day=first, by=maya, on=TODAY)
        assert refused.value.code == code


def test_milestones_and_actions_of_another_partnership_are_not_there(cast: Cast) -> None:
    action = an_action(cast, a_year(cast))
    assert Milestone.objects.filter(action=action).count() == 0
    with pytest.raises(Http404):
        years.decide_action(
            action_id=action.public_id, decision="keep", why="x", by=actor(cast, OLIVIA), on=TODAY, seen=1
        )
