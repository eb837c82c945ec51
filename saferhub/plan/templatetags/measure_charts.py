"""Runs of a measure as pictures drawn at the server: the figure over time, its usual range, and what is real change.

A number that is withheld leaves a gap, as one that was not recorded does: neither is drawn at nought.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from saferhub.foundation.templatetags.drawing import draw
from saferhub.plan.methods.xmr import Chart, Phase
from saferhub.plan.queries.measures import Told
from saferhub.plan.rules.figures import plain_number

register = template.Library()

# The drawing's own units.
_WIDTH, _HEIGHT = 680, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 96, 30, 40
_SMALL_WIDTH, _SMALL_HEIGHT, _MARGIN = 148, 30, 4
_MOST_LABELS = 9
_STEPS = (1, 2, 2.5, 5, 10)
_APART = 14.0  # labels on lines stand so far apart at least


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values and positions to the drawing."""

    low: float
    high: float
    count: int
    left: float
    right: float
    top: float
    floor: float

    def x(self, at: float) -> float:
        slot = (self.right - self.left) / max(1, self.count)
        return round(self.left + slot * (at + 0.5), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(self.floor - (self.floor - self.top) * share, 1)


@register.simple_tag
def run_chart(told: Told, id: str, title: str) -> SafeString | str:
    """The run of a measure with its limits, its target, and real change as orange diamonds; its words stand beside it
    and inside. Nothing where nothing was looked at yet. The page shows the figures in a table."""
    chart = told.chart
    if not chart.points:
        return ""
    target = None if told.version.target is None else float(told.version.target)
    values = list(_values(chart, target))
    ticks = _ticks(values, chart.settings.least, chart.settings.most)
    scale = _Scale(ticks[0], ticks[-1], len(chart.points), _LEFT, _WIDTH - _RIGHT, _TOP, _HEIGHT - _BOTTOM)
    real = _real(chart)
    return draw(
        "saferhub/chart_run",
        id=id, title=title, words=told.reading.sentence, width=_WIDTH, height=_HEIGHT, left=_LEFT,
        right=_WIDTH - _RIGHT, top=_TOP, floor=_HEIGHT - _BOTTOM, under=_HEIGHT - _BOTTOM + 18,
        axis=[{"words": plain_number(Decimal(str(one))), "y": scale.y(one)} for one in ticks],
        ticks=_labels([one.label for one in chart.points], scale),
        phases=[_phase(one, scale) for one in chart.phases if one.limits is not None],
        breaks=list(_breaks(chart, scale)),
        runs=list(_runs(chart, scale)),
        dots=[
            {"x": scale.x(at), "y": scale.y(point.value), "is_real": at in real, "label": point.label}
            for at, point in enumerate(chart.points)
            if point.value is not None
        ],
        target=None if target is None else {"y": scale.y(target)},
        labels=_line_labels(chart, scale, target, told),
        has_real=bool(real), has_limits=any(one.limits for one in chart.phases),
    )  # fmt: skip


@register.simple_tag
def run_spark(told: Told) -> SafeString | str:
    """The same in the height of a line, beside words that say it. Nothing for fewer than two figures."""
    chart = told.chart
    if sum(one.value is not None for one in chart.points) < 2:
        return ""
    values = list(_values(chart, None))
    scale = _Scale(
        min(values), max(values), len(chart.points), 0, _SMALL_WIDTH, _MARGIN, _SMALL_HEIGHT - _MARGIN
    )
    real = _real(chart)
    dots = [(at, one.value) for at, one in enumerate(chart.points) if one.value is not None]
    return draw(
        "saferhub/run_spark",
        width=_SMALL_WIDTH, height=_SMALL_HEIGHT, words=f"{told.version.name}: {told.moved}",
        phases=[_phase(one, scale) for one in chart.phases if one.limits is not None],
        runs=list(_runs(chart, scale)),
        dots=[
            {"x": scale.x(at), "y": scale.y(value), "is_real": at in real}
            for at, value in dots
            if at in real or at == dots[-1][0]
        ],
    )  # fmt: skip


def _values(chart: Chart, target: float | None) -> Iterator[float]:
    yield from (one.value for one in chart.points if one.value is not None)
    for phase in chart.phases:
        if phase.limits is not None:
            yield from (phase.limits.lower, phase.limits.upper)
    if target is not None:
        yield target


def _ticks(values: Sequence[float], least: float | None, most: float | None) -> list[float]:
    """Round numbers around all values. From nought where the values lie near to it, so that no change looks great."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if least is not None and low - least < (high - low) * 3:
        low = least
    span = (high - low) or max(abs(high), 1.0)
    size = 10 ** math.floor(math.log10(span / 5))
    step = next(size * one for one in _STEPS if span / (size * one) <= 6)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if last == first:
        last += 1
    ticks = [round(step * number, 6) for number in range(first, last + 1)]
    return (
        [one for one in ticks if most is None or one <= most] if most is not None and high <= most else ticks
    )


def _real(chart: Chart) -> set[int]:
    return {at for signal in chart.signals for at in signal.positions}


def _labels(labels: Sequence[str], scale: _Scale) -> list[dict[str, Any]]:
    every = -(-len(labels) // _MOST_LABELS)
    return [
        {"x": scale.x(at), "words": words}
        for at, words in ((at, _short(words)) for at, words in enumerate(labels))
        if (len(labels) - 1 - at) % every == 0
    ]


def _short(label: str) -> str:
    """ "Jun 2018" of "Apr to Jun 2018": the end of the time is enough below a chart."""
    return label.rpartition(" to ")[2]


def _phase(phase: Phase, scale: _Scale) -> dict[str, float]:
    assert phase.limits is not None
    half = (scale.right - scale.left) / max(1, scale.count) / 2
    left, right = scale.x(phase.start) - half, scale.x(phase.stop - 1) + half
    upper, lower = scale.y(phase.limits.upper), scale.y(phase.limits.lower)
    return {
        "left": round(left, 1),
        "right": round(right, 1),
        "width": round(right - left, 1),
        "upper": upper,
        "lower": lower,
        "height": round(lower - upper, 1),
        "mean": scale.y(phase.limits.mean),
    }


def _runs(chart: Chart, scale: _Scale) -> Iterator[list[tuple[float, float]]]:
    """The line, broken where a figure is missing."""
    run: list[tuple[float, float]] = []
    for at, point in enumerate(chart.points):
        if point.value is not None:
            run.append((scale.x(at), scale.y(point.value)))
            continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def _breaks(chart: Chart, scale: _Scale) -> Iterator[dict[str, Any]]:
    """Where limits begin anew: between two times, with words beside it on the side that has room."""
    for phase in chart.phases:
        if not phase.start:
            continue
        x = round((scale.x(phase.start) + scale.x(phase.start - 1)) / 2, 1)
        is_late = x > (scale.left + scale.right) / 2
        yield {"x": x, "words": f"new limits from {chart.points[phase.start].label}", "is_late": is_late}


def _line_labels(chart: Chart, scale: _Scale, target: float | None, told: Told) -> list[dict[str, Any]]:
    """What the lines at the right are, each with its number, none over another."""
    found: list[tuple[float, str, str]] = []
    last = chart.phases[-1] if chart.phases else None
    if last is not None and last.limits is not None:
        for name, value in (
            ("upper", last.limits.upper),
            ("mean", last.limits.mean),
            ("lower", last.limits.lower),
        ):
            found.append((scale.y(value), f"{name} {plain_number(Decimal(str(round(value, 1))))}", ""))
    if target is not None:
        assert told.version.target is not None
        found.append((scale.y(target), f"target {plain_number(told.version.target)}", "target"))
    found.sort()
    labels: list[dict[str, Any]] = []
    for y, words, kind in found:
        at = max(y, labels[-1]["y"] + _APART) if labels else y
        labels.append({"x": scale.right + 6, "y": round(at, 1), "words": words, "kind": kind})
    return labels
