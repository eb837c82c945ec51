"""The plan in a report as it stood on the report's day: what was begun here, planned, sought or renamed by then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saferhub.plan.models import Strategy
from saferhub.plan.operations import actions, funding, years
from saferhub.plan.operations import strategy as operations
from saferhub.plan.queries import strategy as plan_pages
from saferhub.publication.rules.fragments import fragments
from saferhub.reporting.queries.outlines import outlines_on
from saferhub.reporting.queries.plan_facts import area_on, fundings_on, year_of, year_on
from saferhub.reporting.queries.putting_together import from_outline
from tests.builders.casework import actor
from tests.plan.planned import DAY, FIRST, MAYA, a_plan, a_year, an_area, values
from tests.plan.support.supporting import a_funding

Cast = dict[str, Any]
ONE_DAY = timedelta(days=1)
LATER = date(2021, 9, 1)


def text_of(partnership: Any, kind: str, day: date) -> str:
    made = from_outline(partnership, outlines_on(partnership, kind, day)[0], as_of=day)
    return "\n".join(one.text for one in fragments(made.document))


def begun_here(cast: Cast) -> Strategy:
    """A strategy that no pack knows, with the areas of the one before and one of its own."""
    a_plan(cast)
    maya = actor(cast, MAYA)
    strategy = operations.add_strategy(
        name="Safer together 2021-24", first_day=date(2021, 4, 1), last_day=date(2024, 3, 31), copies=True, by=maya,
        on=maya.on,
    )  # fmt: skip
    operations.add_area(
        strategy_id=strategy.public_id, name="Roads", what="Fewer are hurt on roads", lead_post="Roads lead", by=maya,
        on=maya.on,
    )  # fmt: skip
    return strategy


@pytest.mark.parametrize("kind", ["scrutiny_report", "partnership_plan", "annual_review"])
def test_a_plan_that_the_partnership_began_itself_is_in_its_reports(cast: Cast, kind: str) -> None:
    partnership = begun_here(cast).partnership
    text = text_of(partnership, kind, LATER)
    assert "Partnership plan 2018-2021" not in text
    if kind != "scrutiny_report":
        assert "Safer together 2021-24" in text
    if kind != "annual_review":
        assert "six areas for delivery" in text
        assert "6. Roads" in text


def test_an_action_planned_after_the_day_is_in_no_report_of_it(cast: Cast) -> None:
    plan, maya = a_year(cast, agreed=True), actor(cast, MAYA)
    more = actions.add_action(
        plan_id=plan.public_id, values=values(plan.strategy), by=maya, on=DAY, reason="The board wants it"
    )
    for day, is_there in ((DAY - ONE_DAY, False), (DAY, True)):
        told = year_of(plan, day)
        shown = plan_pages.action_lines(plan, day, is_today=False)
        assert told is not None
        assert [one.number for one in told.actions] == [one.action.number for one in shown]
        assert (more.number in [one.number for one in told.actions]) is is_there


def test_a_year_that_was_begun_late_is_in_no_report_of_a_day_before(cast: Cast) -> None:
    strategy, maya, begun = a_plan(cast), actor(cast, MAYA), date(2019, 7, 1)
    plan = years.draft_year(strategy_id=strategy.public_id, first_day=FIRST, by=maya, on=begun)
    actions.add_action(plan_id=plan.public_id, values=values(strategy), by=maya, on=begun)
    assert year_on(strategy.partnership, begun - ONE_DAY) is None
    told = year_on(strategy.partnership, begun)
    assert told is not None and told.row == plan.pk


def test_money_is_told_as_it_was_sought_or_had_on_the_day(cast: Cast) -> None:
    found, maya = a_funding(cast, amount=Decimal(60_000)), actor(cast, MAYA)
    funding.move_funding(
        funding_id=found.public_id, status="secured", reason="", amount=Decimal(40_000), first_day=date(2018, 9, 1),
        last_day=date(2019, 8, 31), by=maya, on=date(2018, 10, 15), seen=found.version,
    )  # fmt: skip

    def told(day: date) -> list[tuple[str, Decimal | None, bool]]:
        rows = fundings_on(found.partnership, day, date(2018, 4, 1))
        own = [one for one in rows if one.public_id == found.public_id]
        return [(one.status, one.amount, one.is_amount_lost) for one in own]

    assert told(date(2018, 8, 27)) == []
    assert told(date(2018, 10, 14)) == [("wanted", None, True)]
    assert told(date(2018, 10, 15)) == [("secured", Decimal(40_000), False)]


def test_an_area_is_called_as_it_was_on_the_day(cast: Cast) -> None:
    area, maya = an_area(a_plan(cast), "hate_crime"), actor(cast, MAYA)
    was, day = area.name, maya.on
    # Twice on one day: the name of the morning was read of no other day.
    for seen, name in ((area.version, "Hate"), (area.version + 1, "Cohesion")):
        operations.change_area(
            **{**operations.area_values(area), "name": name},
            area_id=area.public_id,
            by=maya,
            on=day,
            seen=seen,
        )
    for at, name in ((day - ONE_DAY, was), (day, "Cohesion")):
        told = area_on(area.partnership, at, "hate_crime")
        assert told is not None and told.name == name
        page = plan_pages.plan_on(maya, area.strategy, at)
        assert name in [one.area.name for one in page.areas]
    assert area.before.count() == 1
    area.refresh_from_db()
    assert area.name == "Cohesion"
