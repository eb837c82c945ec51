"""The plan of the demonstration: begun from the packs, its year agreed, and what leads said of its actions. All
invented, and written as anybody's work is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from saferhub.accounts.models import User
from saferhub.casework.operations.demonstration_words import Telling
from saferhub.partnership.access import Actor
from saferhub.plan.models import ActionPlan, PlanAction, PlanStatus

from . import actions, demonstration_support, milestones
from .strategy_pack import begin_from_pack
from .updates import say_update
from .updates_asking import ask
from .years import agree_year

WHERE = "Board meeting (invented for the demonstration)"
_ON, _RISK, _OFF, _DONE = PlanStatus.ON_TRACK, PlanStatus.AT_RISK, PlanStatus.OFF_TRACK, PlanStatus.DONE
# By the code of the partnership: who writes the plan, the first day of the year told of, the day after it on which the
# board agreed it, who leads what by name, on which day leads were asked, what they said, and which milestone was met.
# Days are counted from the first of the year.
_Said = tuple[int, str, str, PlanStatus, str, str]
_NY: tuple[_Said, ...] = (
    (99, "maya.manager", "1.1", _ON, "Road safety reported in May, drugs and alcohol in June. Three are to come.", ""),
    (101, "maya.manager", "1.2", _RISK,
     "The health and wellbeing board has not said who will join. Its chair could settle it in one letter.", ""),
    (102, "maya.manager", "1.3", _ON, "The board read drafts for three areas in June. Two are being written.", ""),
    (127, "maya.manager", "3.1", _ON, "Five districts have sent what they know of. Two answer in September.", ""),
    (141, "maya.manager", "2.1", _ON, "A first meeting of the hubs with both safeguarding boards was held early.", ""),
    (142, "chris.chair", "4.2", _ON, "The course is drafted. The first is booked for 26 September.", ""),
    (144, "maya.manager", "4.4", _RISK,
     "The fund that was meant closes in September, and nobody has time to write a bid before.", ""),
)  # fmt: skip
_WEALD: tuple[_Said, ...] = (
    (281, "olivia.outsider", "1.1", _ON, "Both ranks covered on 36 of 39 weekends.", ""),
    (282, "olivia.outsider", "1.2", _OFF, "The operator has withdrawn. No other is found.", ""),
    (283, "olivia.outsider", "2.1", _DONE, "Finished in June.", "Register of marked machines: 214 entries"),
    (283, "olivia.outsider", "3.1", _RISK, "One visit in four comes later than two days.", ""),
    (284, "olivia.outsider", "4.1", _ON, "Every child since January.", ""),
)  # fmt: skip
_TOLD = {
    "north_yorkshire": ("maya.manager", date(2018, 4, 1), 11, {"1.1": "maya.manager", "1.2": "maya.manager",
                        "1.3": "maya.manager", "2.3": "chris.chair", "4.5": "priya.partner"}, 92, _NY,
                        ("1.1", 136, "Minutes of 17 May and 21 June")),
    "wealdshire": ("olivia.outsider", date(2017, 10, 1), 11, {}, 274, _WEALD, ("", 0, "")),
}  # fmt: skip


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Tell it, as far as its days have come. Another strategy than the packs' of 2018 is begun and no more is told."""
    say("plan")
    telling = Telling(people)
    for username in ("maya.manager", "olivia.outsider"):
        with telling.acting(username) as by:
            assert by.partnership is not None
            first = _TOLD[by.partnership.code][1]
        with _on(telling, username, first) as by:
            assert by.partnership is not None
            begin_from_pack(partnership=by.partnership, by=by, on=by.on)
        with telling.acting(username) as by:
            assert by.partnership is not None
            begin_from_pack(partnership=by.partnership, by=by, on=by.on)
            year = ActionPlan.objects.filter(partnership=by.partnership, first_day=first).first()
        if year is not None and year.actions.exists():
            _year(telling, year)
            demonstration_support.make(telling, username, year)


@contextmanager
def _on(telling: Telling, username: str, day: date) -> Iterator[Actor]:
    with telling.acting(username, max((telling.today - day).days, 0)) as by:
        yield by


def _year(telling: Telling, year: ActionPlan) -> None:
    manager, first, agreed, leads, asked, said, met = _TOLD[year.partnership.code]
    if first + timedelta(days=agreed) > telling.today:
        return
    with _on(telling, manager, first + timedelta(days=agreed)) as by:
        for number, username in leads.items():
            _lead(year, number, telling.people[username], by)
        year.refresh_from_db()
        agree_year(
            plan_id=year.public_id, where=WHERE, when=first + timedelta(days=agreed), by=by, on=by.on,
            seen=year.version,
        )  # fmt: skip
    if first + timedelta(days=asked) <= telling.today:
        with _on(telling, manager, first + timedelta(days=asked)) as by:
            ask(year.partnership, on=by.on, due_on=by.on + timedelta(days=14))
    for days, username, number, status, words, evidence in said:
        if first + timedelta(days=days) <= telling.today:
            with _on(telling, username, first + timedelta(days=days)) as by:
                action = year.actions.get(number=number)
                say_update(
                    action_id=action.public_id, status=status, words=words, evidence=evidence, by=by, on=by.on,
                    seen=action.version,
                )  # fmt: skip
    number, days, evidence = met
    if number and first + timedelta(days=days) <= telling.today:
        with _on(telling, manager, first + timedelta(days=days)) as by:
            step = year.actions.get(number=number).milestones.first()
            assert step is not None
            milestones.reach_milestone(
                milestone_id=step.public_id,
                done_on=by.on,
                evidence=evidence,
                by=by,
                on=by.on,
                seen=step.version,
            )


def _lead(year: ActionPlan, number: str, user: User, by: Actor) -> None:
    action: PlanAction = year.actions.select_related("objective", "lead_agency", "lead").get(number=number)
    values: dict[str, Any] = {**actions.values_of(action), "lead": user.public_id}
    actions.change_action(
        action_id=action.public_id,
        values=actions.ActionValues(**values),
        by=by,
        on=by.on,
        seen=action.version,
    )
