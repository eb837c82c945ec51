"""Charts as pictures drawn at the server: title and description inside, the figures in a table beside.

One ink for what the chart is about and grey for what it is compared with; bars begin at nought; no second axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from .drawing import draw

register = template.Library()

# The drawing's own units.
_WIDTH, _HEIGHT = 680, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 26, 34
_MOST_LABELS = 13


def _ceiling(most: float) -> int:
    """A round number at or above the highest value, so that the axis has whole steps."""
    if most <= 4:
        return 4
    size = 10 ** math.floor(math.log10(most))
    return next(int(size * step) for step in (1, 2, 4, 5, 8, 10) if size * step >= most)


def _axis(top: int) -> list[dict[str, float]]:
    steps = 4 if top % 4 == 0 else 5
    return [{"value": top * n // steps, "y": _y(top * n / steps, top)} for n in range(steps + 1)]


def _y(value: float, top: int) -> float:
    return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top, 1)


def _labels(labels: Sequence[str], slot: float) -> list[dict[str, Any]]:
    every = -(-len(labels) // _MOST_LABELS)
    return [
        {"x": round(_LEFT + slot * (n + 0.5), 1), "words": words}
        for n, words in enumerate(labels)
        if (len(labels) - 1 - n) % every == 0
    ]


def _drawn(kind: str, **given: Any) -> SafeString:
    table = [
        {"label": label, "values": values}
        for label, values in zip(
            given["labels"], zip(*(one["values"] for one in given["series"]), strict=True), strict=True
        )
    ]
    slot = (_WIDTH - _LEFT - _RIGHT) / max(1, len(given["labels"]))
    return draw(
        f"saferhub/chart_{kind}",
        width=_WIDTH, height=_HEIGHT, left=_LEFT, right=_WIDTH - _RIGHT, floor=_HEIGHT - _BOTTOM, under=_HEIGHT - 12,
        ticks=_labels(given.pop("labels"), slot), table=table, **given,
    )  # fmt: skip


@register.simple_tag
def chart_line(
    id: str,
    title: str,
    words: str,
    labels: Iterable[str],
    values: Iterable[int],
    what: str,
    first: str = "Month",
) -> SafeString:
    """One run of whole numbers over time, from nought up. `words` say in a sentence what it shows; `what` is counted;
    `first` heads the labels in the table."""
    labels, values = list(labels), list(values)
    top = _ceiling(max(values, default=0))
    slot = (_WIDTH - _LEFT - _RIGHT) / max(1, len(values))
    points = [(round(_LEFT + slot * (n + 0.5), 1), _y(value, top)) for n, value in enumerate(values)]
    return _drawn(
        "line", id=id, title=title, words=words, labels=labels, first=first, axis=_axis(top),
        series=[{"name": what, "values": values}], points=points, last=points[-1] if points else None,
        last_value=values[-1] if values else "",
    )  # fmt: skip


@register.simple_tag
def chart_columns(
    id: str,
    title: str,
    words: str,
    labels: Iterable[str],
    values: Iterable[int],
    what: str,
    beside: Iterable[int] = (),
    beside_what: str = "",
    first: str = "Month",
    gaps: Iterable[str] = (),
) -> SafeString:
    """Whole numbers as bars from nought, and beside each, in grey, what it is compared with. `gaps`: for each
    label what stands on the floor where there is no bar; "" where there is one."""
    labels, values, beside = list(labels), list(values), list(beside)
    runs: list[dict[str, Any]] = [{"name": what, "values": values}]
    if beside:
        runs.append({"name": beside_what, "values": beside})
    top = _ceiling(max((max(run["values"], default=0) for run in runs), default=0))
    slot = (_WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    width = round(min(26.0, slot * 0.72 / len(runs)), 1)
    bars = [
        {
            "x": round(_LEFT + slot * (n + 0.5) + width * (place - len(runs) / 2), 1),
            "y": _y(value, top),
            "width": round(max(1.0, width - 1), 1),
            "height": round(_HEIGHT - _BOTTOM - _y(value, top), 1),
            "is_beside": place == 1,
        }
        for place, run in enumerate(runs)
        for n, value in enumerate(run["values"])
        if value
    ]
    return _drawn(
        "columns", id=id, title=title, words=words, labels=labels, first=first, axis=_axis(top), series=runs, bars=bars,
        gaps=[{"x": round(_LEFT + slot * (n + 0.5), 1), "words": words} for n, words in enumerate(gaps) if words],
        above=_HEIGHT - _BOTTOM - 4,
    )  # fmt: skip


@register.simple_tag
def chart_bar(value: int, most: int) -> SafeString:
    """A bar beside its own figure in a table, as long as the value is of the greatest."""
    return draw("saferhub/chart_bar", width=round(100 * value / most, 1) if most else 0)


@register.simple_block_tag
def figure_list(content: str) -> SafeString:
    """A row of `{% figure_item %}`."""
    return draw("saferhub/figure_list", content=content)


@register.simple_tag
def figure_item(label: str, value: str, url: str = "", words: str = "") -> SafeString:
    """One figure with what it counts; `url` leads to its rows. In a `{% figure_list %}`."""
    return draw("saferhub/figure_item", label=label, value=value, url=url, words=words)


_BAND_WIDTH = 300


@register.simple_tag
def share_bar(bands: Iterable[Any]) -> SafeString:
    """How a whole is made up by risk band, with the words below. Each: `code`, `words`, `number`."""
    bands = [one for one in bands if one.number]
    total = sum(one.number for one in bands)
    parts, at = [], 0.0
    for one in bands:
        width = _BAND_WIDTH * one.number / total
        parts.append({"code": one.code, "x": round(at, 1), "width": round(max(width - 2, 1), 1)})
        at += width
    return draw(
        "saferhub/chart_share",
        parts=parts, width=_BAND_WIDTH, words=" · ".join(f"{one.number:,} {one.words}" for one in bands),
    )  # fmt: skip
