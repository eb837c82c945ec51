"""The figure of a report's table: our own chart, drawn from what the table shows and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from saferhub.foundation.templatetags.charts import chart_columns
from saferhub.plan.rules.periods import Period, containing
from saferhub.plan.rules.strategy import year_words
from saferhub.publication.model import Cell, Column, Figure, Row, Table
from saferhub.publication.pictures import svg_of
from saferhub.reporting.rules.figure_words import NONE, number_word
from saferhub.reporting.rules.protecting import NOTE, Counted
from saferhub.reporting.rules.runs import said_of

_QUARTERS = ("April to June", "July to September", "October to December", "January to March")
# More rows than this are put into years.
_LONG = 5


def picture(counted: Counted, table: Table) -> Figure:
    """One column of a table as columns over its rows, with what its run says. What is not shown has no column but an
    asterisk in its place, as in the table, and the words say so; where there is no figure a stroke stands."""
    assert counted.chart is not None
    at, run = counted.chart, counted.run
    rows = [row for row in table.rows if not row.is_total]
    labels = [row.cells[0].text for row in rows]
    cells = [row.cells[at] for row in rows]
    values = [None if cell.withheld else _whole(cell.text) for cell in cells]
    withheld = sum(bool(cell.withheld) for cell in cells)
    alt = _alt(counted.alt or counted.caption, labels, values)
    if withheld:
        alt += f" {number_word(withheld).capitalize()} {'figure is' if withheld == 1 else 'figures are'} not shown."
    svg = svg_of(
        str(
            chart_columns(
                id="figure",
                title=counted.caption,
                words=alt,
                labels=labels if run is None else [f"{one.last:%b %y}" for one in run.times],
                values=[value or 0 for value in values],
                what=table.columns[at].heading,
                gaps=[_gap(one) for one in cells],
                first=table.columns[0].heading if run is None else f"{table.columns[0].heading} to",
            )
        )
    )
    columns, shown = table.columns, table.rows
    if run is not None and run.every == "quarter" and len(rows) > _LONG:
        columns, shown = _by_year(run.times, cells)
    read = said_of(run, values) if run is not None else ""
    return Figure(
        title=counted.caption,
        alt=alt,
        svg=svg,
        columns=columns,
        rows=shown,
        description=" ".join(part for part in (read, *counted.notes) if part),
        source=" ".join(part for part in (counted.source, NOTE if withheld else "") if part),
        anchor=table.anchor,
    )


def _gap(cell: Cell) -> str:
    if cell.withheld:
        return "*"
    return NONE if cell.text == NONE else ""


def _by_year(times: Sequence[Period], cells: Sequence[Cell]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """A long run of quarters as a row for each year from April."""
    years: dict[Period, list[Cell]] = {}
    for period, cell in zip(times, cells, strict=True):
        year = years.setdefault(containing("year", period.first), [Cell(NONE)] * len(_QUARTERS))
        year[(period.first.month - 4) % 12 // 3] = cell
    columns = (Column("Year"), *(Column(one, "right") for one in _QUARTERS))
    return columns, tuple(
        Row((Cell(year_words(one.first, one.last)), *found)) for one, found in years.items()
    )


def _whole(text: str) -> int | None:
    digits = text.replace(",", "").removesuffix("%")
    return int(digits) if digits.isdigit() else None


def _alt(what: str, labels: list[str], values: list[int | None]) -> str:
    """What the columns show, of what they show alone."""
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    if not known:
        return f"{what}. No number is shown."
    most, least = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    words = f"{what}, from {known[0][1]:,} ({known[0][0]}) to {known[-1][1]:,} ({known[-1][0]})"
    if len(known) > 2 and most[1] != least[1]:
        words += f"; the highest is {most[1]:,} ({most[0]}), the lowest {least[1]:,} ({least[0]})"
    return f"{words}."
