"""The counters of the plan itself, against a count by hand of the same rows."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from saferhub.partnership.models import Board, Partnership
from saferhub.partnership.queries import in_force
from saferhub.plan import counters
from saferhub.plan.counters import Part
from saferhub.plan.models import (
    ActionPlan,
    Area,
    ConnectedReport,
    Objective,
    PlanAction,
    PlanActionMove,
    Training,
    YearMove,
)
from saferhub.plan.rules.periods import Period

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
SPRING = Period(date(2018, 4, 1), date(2018, 6, 30))


@pytest.fixture
def partnership(cast: Cast) -> Partnership:
    return Partnership.objects.get(code="north_yorkshire")


def ask(code: str, partnership: Partnership, period: Period) -> list[Part]:
    return counters.by_code(code).count("default", partnership.pk, period.first, period.last)


def test_who_came_to_training_is_counted_by_day_and_area(partnership: Partnership) -> None:
    areas, chance = list(Area.objects.filter(partnership=partnership)), Random(1)
    for number in range(30):
        Training.objects.create(
            partnership=partnership, area=chance.choice(areas), on=date(2018, 3, 1) + timedelta(days=5 * number),
            topic="x", given_by="x", audience="x", count=chance.randint(0, 40), by="X",
        )  # fmt: skip
    rows = [
        one
        for one in Training.objects.filter(partnership=partnership).select_related("area")
        if SPRING.first <= one.on <= SPRING.last
    ]
    whole, *parts = ask("trained", partnership, SPRING)
    assert (whole.value, whole.rows) == (sum(one.count for one in rows), len(rows))
    by_hand = {area.code: sum(one.count for one in rows if one.area.code == area.code) for area in areas}
    assert {one.code: one.value for one in parts} == by_hand
    assert whole.value == sum(by_hand.values()) > 0


def test_actions_on_track_are_those_of_the_last_day_or_what_was_told_of_the_quarter(
    partnership: Partnership,
) -> None:
    chance = Random(2)
    plan = ActionPlan.objects.filter(
        partnership=partnership, first_day__lte=SPRING.last, last_day__gte=SPRING.last
    ).first()
    objectives = list(Objective.objects.filter(partnership=partnership).select_related("area"))
    if plan is None:
        plan = ActionPlan.objects.create(
            partnership=partnership, strategy=objectives[0].area.strategy, first_day=SPRING.first,
            last_day=SPRING.last + timedelta(days=270),
        )  # fmt: skip
    YearMove.objects.create(
        plan=plan, from_status="draft", to_status="in_force", on=date(2018, 4, 12), by="X"
    )
    day = date(2018, 4, 13)
    for number in range(25):
        action = PlanAction.objects.create(
            partnership=partnership, plan=plan, objective=chance.choice(objectives), number=f"9.{number}", what="x",
            lead_agency=partnership.agencies.first(), lead_post="x", due_on=SPRING.last,
            starts_on=chance.choice([None, date(2018, 5, 1), date(2018, 6, 30), date(2018, 6, 1)]),
        )  # fmt: skip
        for _ in range(chance.randint(0, 3)):
            PlanActionMove.objects.create(
                action=action, from_status="", by="X", on=day + timedelta(days=chance.randint(0, 120)),
                to_status=chance.choice(["on_track", "at_risk", "off_track", "done", "stopped", "not_started"]),
            )  # fmt: skip
    told: dict[str, list[bool]] = {}
    for one in PlanAction.objects.filter(partnership=partnership, plan=plan).select_related(
        "objective__area"
    ):
        moves = [move for move in one.moves.order_by("on", "id") if move.on <= SPRING.last]
        status = moves[-1].to_status if moves else "not_started"
        # Once the quarter is over its leads are asked, and what they say of it counts.
        said = one.updates.filter(quarter=SPRING.first, on__gt=SPRING.last).exclude(status="").order_by("id")
        status = said.last().status if said else status
        begun = status != "not_started" or (one.starts_on is not None and one.starts_on <= SPRING.last)
        if begun and status != "stopped":
            told.setdefault(one.objective.area.code, []).append(status in ("on_track", "done"))
    every = [is_so for found in told.values() for is_so in found]
    whole, *parts = ask("plan_actions_on_track", partnership, SPRING)
    assert (whole.numerator, whole.denominator) == (sum(every), len(every))
    assert 0 < sum(every) < len(every)
    for part in parts:
        found = told.get(part.code, [])
        assert (part.numerator, part.denominator) == (sum(found), len(found)), part.words
    # Before the plan began there is nothing to be on track with.
    before = ask("plan_actions_on_track", partnership, Period(date(2018, 1, 1), date(2018, 3, 31)))[0]
    assert (before.value, bool(before.missing_why)) == (None, True)


def test_boards_count_as_heard_for_twelve_months(partnership: Partnership) -> None:
    said = in_force.entries(partnership, "boards", SPRING.last)
    codes = [one.code for one in said if one.item.reported_to_us]
    assert len(codes) > 1
    boards = {one.code: one for one in Board.objects.filter(partnership=partnership)}
    days = [date(2018, 6, 30), date(2017, 7, 1), date(2017, 6, 30), date(2018, 7, 1)]
    for code, day in zip(codes, days, strict=False):
        ConnectedReport.objects.create(
            partnership=partnership, board=boards[code], on=day, title="x", received_at="x", words="x", by="X"
        )
    heard = {
        one.board.code
        for one in ConnectedReport.objects.filter(partnership=partnership).select_related("board")
        if date(2017, 7, 1) <= one.on <= SPRING.last and one.board.code in codes
    }
    whole = ask("boards_heard", partnership, SPRING)[0]
    assert (whole.numerator, whole.denominator) == (len(heard), len(codes))
    assert set(codes[:2]) <= heard
