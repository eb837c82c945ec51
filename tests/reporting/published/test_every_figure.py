"""Every figure of every document, held against SQL that was written apart from what makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from saferhub.partnership.models import Partnership
from saferhub.plan.models import Measure
from saferhub.plan.operations.figures import enter_figure
from saferhub.plan.rules.periods import last_ended
from saferhub.publication.model import Cell, Cited, Document, Figure, Paragraph, Recommendation, Table
from saferhub.publication.rules.fragments import fragments
from saferhub.reporting.models import Committee
from saferhub.reporting.queries.outlines import outlines_on
from saferhub.reporting.queries.putting_together import from_outline
from saferhub.reporting.rules.composing import RELEASE, Composed
from saferhub.reporting.rules.protecting import NOT_SHOWN
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.plan.counted import a_year

from .apart import is_read_as, value_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward", "owner"])
Cast = dict[str, Any]
KINDS = ("scrutiny_report", "partnership_plan", "annual_review")
# While the year's plan runs, after it, and days on which much has changed.
DAYS = (date(2018, 8, 28), date(2018, 10, 15), date(2019, 3, 31), date(2020, 6, 30))
_DIGITS = re.compile(r"£?[0-9][0-9,.]*%?\Z")


def made(partnership: Partnership, kind: str, day: date) -> Composed:
    committee = Committee.objects.filter(partnership=partnership).first() if kind == KINDS[0] else None
    with transaction.atomic(using="steward"):
        return from_outline(
            partnership,
            outlines_on(partnership, kind, day)[0],
            as_of=day,
            committee=committee,
            using="steward",
        )


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Every figure that stands in the document: its key, and how it is written there."""
    for section in (*document.sections, *document.appendices):
        for block in section.blocks:
            runs = list(getattr(block, "runs", ())) if isinstance(block, Paragraph | Recommendation) else []
            runs += [run for part in getattr(block, "parts", ()) for run in part.runs]
            yield from ((run.figure, run.text) for run in runs if isinstance(run, Cited))
            yield from ((cell.figure, cell.shown) for _, cell in cells_of(block) if cell.figure)


def cells_of(block: Any) -> Iterator[tuple[str, Cell]]:
    if isinstance(block, Table | Figure):
        for row in block.rows:
            yield from ((column.heading, cell) for column, cell in zip(block.columns, row.cells, strict=True))


def check(partnership: Partnership, found: Composed, day: date) -> set[str]:
    """Every figure is the count; every number in a table that is no target has its provenance. What they rest on."""
    rests: set[str] = set()
    for key, text in texts_of(found.document):
        one = found.figures[key]
        if one["withheld"] or text == NOT_SHOWN or text.endswith("*"):
            continue
        with transaction.atomic(using="steward"):
            expected = value_of(partnership, one, day)
        assert expected is not None, (key, one)
        assert is_read_as(text, expected), (key, text, expected)
        rests.add(one.get("measure") or one.get("section") or one["table"])
    for section in found.document.sections:
        for block in section.blocks:
            for heading, cell in cells_of(block):
                if _DIGITS.match(cell.text) and heading not in ("Target", "Measure"):
                    assert cell.figure in found.figures, (section.title, heading, cell.text)
    assert RELEASE not in {key for key, _ in texts_of(found.document)}
    return rests


def enter_crimes(cast: Cast) -> None:
    """Figures that the second partnership is sent, so that it has every kind."""
    with entered(cast["olivia.outsider"]):
        by = actor(cast, "olivia.outsider")
        measure = Measure.objects.get(partnership=by.partnership, code="crime_rate")
        for period, crimes in zip(last_ended("quarter", by.on, 2), (2210, 2345), strict=True):
            enter_figure(
                measure_id=measure.public_id, first_day=period.first, numerator=Decimal(crimes),
                denominator=Decimal(180_000), evidence="A return", by=by, on=by.on,
            )  # fmt: skip


def test_every_figure_of_the_second_partnership_is_what_sql_counts_on_any_day(cast: Cast) -> None:
    """Another county, three hubs, four priorities: no word of the first, no empty section."""
    partnership = a_year.load(cast, "wealdshire")
    enter_crimes(cast)
    told: set[str] = set()
    for day in DAYS:
        for kind in KINDS:
            found = made(partnership, kind, day)
            told |= check(partnership, found, day)
            text = "\n".join(one.text for one in fragments(found.document))
            for word in ("North Yorkshire", "NYCSP", "Selby", "Systems Leadership", "DAJCG", "0 of 0"):
                assert word not in text, (kind, day, word)
            assert all(section.blocks for section in found.document.sections)
            assert found.without_figure == {}
    assert {"referrals_received", "closure_days", "actions_on_time", "crime_rate"} <= told
    assert {"hubs", "agencies", "plan.area", "plan.action", "reporting.question"} <= told


def test_every_figure_of_the_first_partnership_is_what_sql_counts(cast: Cast) -> None:
    partnership = a_year.load(cast, "north_yorkshire")
    told: set[str] = set()
    for kind in KINDS:
        told |= check(partnership, made(partnership, kind, DAYS[0]), DAYS[0])
    assert {"referrals_received", "adopted_share", "cases_open", "closure_days", "hate_reports"} <= told
    assert {"plan.training", "plan.funding", "plan.consultation", "principles", "boards"} <= told


def test_a_count_that_is_one_off_is_noticed(cast: Cast) -> None:
    """The check itself can fail."""
    partnership = Partnership.objects.get(code="wealdshire")
    found = made(partnership, "scrutiny_report", DAYS[0])
    one = found.figures["hubs.hubs"]
    assert is_read_as(one["shown"], value_of(partnership, one, DAYS[0]))
    assert not is_read_as("four", value_of(partnership, one, DAYS[0]))
