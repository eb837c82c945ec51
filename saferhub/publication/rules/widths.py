"""How wide columns are, from what stands in them: of a table, and of the labels in a title block. Alike in Word and in
the PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

from saferhub.publication.model import Column, Row

# In characters, room between columns included: what a line of a table holds across the sheet.
_LINE = 84
# A column of short cells (a date, a reference, a name) is as wide as they are, where enough is left for the others.
_SHORT, _BETWEEN, _LEFT = 22, 3, 16
# Bold letters of headings are wider, and so are capitals, of which references are made.
_BOLD, _CAPITAL = 1.15, 1.35
_LEAST, _MOST = 12, 150
# Points for a character of a label, wide ones included, and between the widest label and what stands beside it.
_CHARACTER, _GAP = 6.2, 12.0
_NARROWEST = 64.0
# A label of more characters than this has a line of its own above its value.
LONGEST_LABEL = 24


def shares(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> tuple[float, ...]:
    """The share of the table's width that each column has; together 1.

    Columns of short cells are not broken: they get what they need, and the others share what is left by the root of
    their longest cell, since half of a text needs more than half of the width. Where too little would be left for
    those, all share by that root.
    """
    needs = [max(one + _BETWEEN, _LEAST) for one in _longest(columns, rows)]
    is_short = are_short(columns, rows)
    roots = [sqrt(one) for one in needs]
    left = _LINE - sum(need for need, short in zip(needs, is_short, strict=True) if short)
    if all(is_short):
        return _of(needs)
    if left < _LEFT * is_short.count(False):
        return _of(roots)
    long = sum(root for root, short in zip(roots, is_short, strict=True) if not short)
    return _of(
        [
            need if short else left * root / long
            for need, root, short in zip(needs, roots, is_short, strict=True)
        ]
    )


def are_short(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> tuple[bool, ...]:
    """Which columns hold nothing longer than a date or a reference, and so are not broken."""
    return tuple(one <= _SHORT for one in _longest(columns, rows))


def _longest(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> list[float]:
    # A heading may break between its words.
    longest = [max(map(_across, one.heading.split()), default=0) * _BOLD for one in columns]
    for row in rows:
        longest = [max(known, _across(cell.shown)) for known, cell in zip(longest, row.cells, strict=True)]
    return longest


def _across(text: str) -> float:
    """How wide a text is, in characters; beyond a long sentence it does not matter."""
    return sum(_CAPITAL if one.isupper() else 1 for one in text[:_MOST])


def _of(widths: Sequence[float]) -> tuple[float, ...]:
    return tuple(one / sum(widths) for one in widths)


def label_points(labels: Iterable[str]) -> float:
    """How many points from the left the values of a title block begin, so that no label runs into its own."""
    widest = max((_across(one) for one in labels if len(one) <= LONGEST_LABEL), default=0)
    return max(_NARROWEST, widest * _CHARACTER + _GAP)
