"""What the pages of one measure show beside its chart: the figures as a table, words of its owner, versions, where a
figure came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan import access, counters
from saferhub.plan.methods.xmr import Chart, Rule, Signal
from saferhub.plan.models import Area, Commentary, Measure, MeasureVersion, Objective, Observation, Step
from saferhub.plan.rules import periods
from saferhub.plan.rules.figures import figure_words, file_number, plain_number
from saferhub.plan.rules.periods import Period
from saferhub.plan.rules.updates import quarter_words
from saferhub.plan.rules.withholding import MARK

from .breakdown import of_words
from .counted import observation_rows_url
from .measures import Point, Told, is_not_shown

_SIDES = {"up": "above", "down": "below"}
# So many times back a figure is asked for: those that limits need, so that a new measure can be told from its past.
_ENTERED_BACK = {"month": 12, "quarter": 12, "year": 6}


@dataclass(frozen=True, slots=True)
class Row:
    """One time in the table of figures; `real`: why it is part of a real change."""

    point: Point
    words: str
    of: str
    mean: str
    lower: str
    upper: str
    real: str
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What an owner said of a quarter, and what she said before."""

    quarter: date
    words: str
    row: Commentary
    by: str
    before: tuple[Commentary, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a measure; `is_now`: it counts today."""

    version: MeasureVersion
    by: str
    is_now: bool
    counted: str

    @property
    def title(self) -> str:
        return f"Version {self.version.number}, since {date_in_words(self.version.valid_from)}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with what it replaced, the newest first."""

    observation: Observation
    words: str
    of: str
    by: str
    is_withheld: bool


def rows_of(told: Told) -> list[Row]:
    """The figures as a table, the newest first. No query."""
    return [_row(told, at) for at in reversed(range(len(told.points)))]


def _row(told: Told, at: int) -> Row:
    point, chart = told.points[at], told.chart
    phase = next(one for one in chart.phases if one.start <= at < one.stop)
    limits = phase.limits
    observation = point.observation
    return Row(
        point=point,
        words=point.words,
        of="" if point.is_withheld or observation is None else of_words(observation),
        mean=_number(limits.mean) if limits else "",
        lower=_number(limits.lower) if limits else "",
        upper=_number(limits.upper) if limits else "",
        real="; ".join(dict.fromkeys(signal_word(one) for one in chart.signals if at in one.positions)),
        is_corrected=observation is not None and observation.replaces_id is not None,
    )


def _number(value: float) -> str:
    return plain_number(Decimal(str(round(value, 1))))


def signal_word(signal: Signal) -> str:
    """Why a figure is part of a real change, in a word or two for a table."""
    side = _SIDES.get(signal.direction.value, "")
    return {
        Rule.OUTSIDE: f"{side} the limit",
        Rule.RUN: f"run {side} the average",
        Rule.NEAR_LIMIT: f"near the limit {side}",
        Rule.TREND: "rising" if side == "above" else "falling",
        Rule.JUMP: "a great step",
    }[signal.rule]


def said_of(actor: Actor, measure: Measure) -> list[Said]:
    """What was said of the measure, the newest quarter first. Two queries."""
    rows = list(measure.commentaries.filter(on__isnull=False).order_by("-quarter", "-id"))
    names = names_of((one.by for one in rows), actor)
    quarters: dict[date, list[Commentary]] = {}
    for row in rows:
        quarters.setdefault(row.quarter, []).append(row)
    return [
        Said(quarter, quarter_words(quarter), found[0], names.get(found[0].by, "Somebody"), tuple(found[1:]))
        for quarter, found in quarters.items()
    ]


def asked_of(measure: Measure) -> Commentary | None:
    """The newest quarter of which the owner was asked and has said nothing. One query."""
    return measure.commentaries.filter(on__isnull=True).order_by("-quarter").first()


def versions_of(actor: Actor, told: Told) -> list[VersionRow]:
    """The versions of a measure, the newest first. One query."""
    rows = sorted(told.measure.versions.all(), key=lambda one: -one.number)
    names = names_of((one.made_by for one in rows), actor)
    return [
        VersionRow(
            one,
            names.get(one.made_by, "Somebody") if one.made_by else "The pack",
            one.pk == told.version.pk,
            counted_words(one),
        )
        for one in rows
    ]


def counted_words(version: MeasureVersion) -> str:
    """How a figure of this version comes here."""
    counter = counters.counter(version.counted_by) if version.counted_by else None
    if counter is not None:
        return f"Counted here: {counter.words}"
    return (
        "Counted by a way that this version of the service does not know" if version.counted_by else "Entered"
    )


def steps_of(actor: Actor, measure: Measure) -> list[tuple[Step, str]]:
    """From when limits count anew, and who said so. Two queries."""
    rows = list(measure.steps.filter(taken_back_on__isnull=True).order_by("first_day"))
    names = names_of((one.by for one in rows), actor)
    return [(one, names.get(one.by, "Somebody")) for one in rows]


def history_of(actor: Actor, observation: Observation) -> list[Shown]:
    """A figure and every one it replaced, the newest first. Three queries."""
    rows = list(
        Observation.objects.filter(
            measure=observation.measure_id,
            split=observation.split,
            part=observation.part,
            first_day=observation.first_day,
            last_day=observation.last_day,
        )
        .select_related("version")
        .order_by("-is_newest", "-id")
    )
    names = names_of((one.by for one in rows), actor)
    return [_shown(one, names) for one in rows]


def _shown(row: Observation, names: dict[str, str]) -> Shown:
    is_withheld = is_not_shown(row)
    words = MARK if is_withheld else ""
    if not is_withheld:
        version = row.version
        words = (
            figure_words(row.value, version.unit, version.per) if row.value is not None else row.missing_why
        )
    return Shown(
        row,
        words,
        "" if is_withheld or row.value is None else of_words(row),
        names.get(row.by, "Somebody") if row.by else "Counted",
        is_withheld,
    )


def rows_url(actor: Actor, observation: Observation) -> str:
    """The address of the list of the rows behind a figure, for those whose role works with such lists; else ""."""
    return observation_rows_url(observation) if actor.has(Permission.WORK_ON_MATTERS) else ""


def missing_periods(told: Told) -> list[Period]:
    """Times of an entered measure that are over and have no figure, the newest first: twelve, or six years, back."""
    version = told.version
    if version.counted_by:
        return []
    had = {one.period for one in told.points if one.observation is not None}
    ended = told.measure.ended_on
    return [
        one
        for one in reversed(periods.last_ended(version.every, told.as_of, _ENTERED_BACK[version.every]))
        if one not in had and (ended is None or one.first <= ended)
    ]


def periods_of(told: Told) -> list[Period]:
    """The times that have figures, the newest first."""
    return [one.period for one in reversed(told.points) if one.observation is not None]


def areas_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The areas of plans that have not ended, in their order. One query."""
    rows = _areas(actor)
    return [(one.public_id, f"{one.number}. {one.name}") for one in rows]


def _areas(actor: Actor) -> Sequence[Area]:
    open_ones = Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on)
    return list(
        access.visible_to(actor, Area)
        .filter(open_ones, strategy__last_day__gte=actor.on)
        .order_by("strategy__first_day", "number", "id")
    )


def objectives_on_offer(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The objectives in force, under their areas. One query."""
    rows: Iterable[Any] = (
        access.visible_to(actor, Objective)
        .filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on), area__strategy__last_day__gte=actor.on
        )
        .select_related("area")
        .order_by("area__strategy__first_day", "area__number", "order", "id")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in rows:
        groups.setdefault(f"{one.area.number}. {one.area.name}", []).append((one.public_id, one.words))
    return list(groups.items())


def file_lines(told: Told) -> list[list[Any]]:
    """Its figures as lines of a file, the headings first. What is withheld on the page is withheld here."""
    heads = [
        "First day",
        "Last day",
        "Figure",
        "Made of",
        "Average",
        "Lower limit",
        "Upper limit",
        "Real change",
        "Why none",
    ]
    return [heads, *(_file_line(one) for one in rows_of(told))]


def _file_line(row: Row) -> list[Any]:
    point = row.point
    figure: Any = MARK if point.is_withheld else "" if point.value is None else file_number(point.value)
    return [
        point.period.first, point.period.last, figure, row.of, row.mean, row.lower, row.upper, row.real, point.why_none,
    ]  # fmt: skip


def limits_words(chart: Chart) -> str:
    """Whether the newest part of the chart has limits, in words."""
    last = chart.phases[-1] if chart.phases else None
    return "" if last is None or last.limits is not None else last.why_none
