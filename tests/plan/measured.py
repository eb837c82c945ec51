"""Measures as those who keep them make them: one that is entered, with figures of some quarters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from inspect import signature
from typing import Any

from saferhub.partnership.access import Actor, actor_for
from saferhub.plan.models import Measure, Observation
from saferhub.plan.operations.figures import enter_figure
from saferhub.plan.operations.measures import define_measure
from saferhub.plan.rules.measures import Meaning
from saferhub.plan.rules.periods import Period, last_ended
from saferhub.sharing.entering import entered

Cast = dict[str, Any]
ANA, MAYA, COLIN, OLIVIA = "ana.analyst", "maya.manager", "colin.coordinator", "olivia.outsider"
MEANING = Meaning(
    name="Visits to the drop-in",
    definition="How many people came to the drop-in.",
    formula="People who came, each time",
    source="The drop-in’s book",
    unit="count",
    polarity="up",
    target=Decimal(40),
    tolerance=Decimal(10),
    target_why="What the room holds",
)


def act(cast: Cast, username: str, operation: Callable[..., Any], **values: Any) -> Any:
    """The operation as this person; on her day, where it asks for one."""
    with entered(cast[username]):
        who = actor_for(cast[username])
        if "on" in signature(operation).parameters:
            values.setdefault("on", who.on)
        return operation(by=who, **values)


def who(cast: Cast, username: str) -> Actor:
    """The actor that she is today."""
    return actor_for(cast[username])


def a_measure(cast: Cast, figures: Sequence[int | tuple[int, int] | None] = (), **meaning: Any) -> Measure:
    """A measure that Ana owns and whose figures are entered: these, of the quarters up to the newest; None: none."""
    made: Measure = act(
        cast,
        ANA,
        define_measure,
        meaning=replace(MEANING, **meaning),
        owner_post="Partnership analyst",
        owner=cast[ANA].public_id,
    )
    for period, number in zip(quarters(cast, len(figures)), figures, strict=True):
        if number is not None:
            a_figure(cast, made, period.first, number)
    return made


def quarters(cast: Cast, count: int) -> list[Period]:
    """So many quarters that are over, the earliest first."""
    return last_ended("quarter", who(cast, ANA).on, count)


def a_figure(
    cast: Cast, measure: Measure, first: date, number: int | tuple[int, int], **more: Any
) -> Observation:
    """A figure of a time, entered by Ana."""
    part, whole = number if isinstance(number, tuple) else (number, None)
    given: dict[str, Any] = {"evidence": "The book", **more}
    return act(
        cast,
        ANA,
        enter_figure,
        measure_id=measure.public_id,
        first_day=first,
        numerator=Decimal(part),
        denominator=None if whole is None else Decimal(whole),
        **given,
    )
