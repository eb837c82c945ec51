"""Counting the measures: each night, as steward, over the rows of whole partnerships, into figures that name nobody.

A figure of a time that is over is counted again for years. Where it comes out otherwise, because a row was added late,
corrected or taken out, another figure replaces it and the log says so; what a report has published stays as it is
there, and `queries.counted.changed_since` tells that it would be another today.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.audit.jobs import job
from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.plan import access, counters
from saferhub.plan.counters import Counter, Part
from saferhub.plan.models import Measure, MeasureVersion, Observation
from saferhub.plan.queries.counted import version_on
from saferhub.plan.rules.counting import CORRECTED, counted_periods
from saferhub.plan.rules.periods import Period
from saferhub.sharing.jobs import steward_job

from .observing import Figure, keep

logger = logging.getLogger(__name__)
_AREA = "area"


@job("plan.count_measures", every="10 2 * * *")
def count_measures() -> int:
    """Each night: put the counting of each partnership that keeps a computed measure on the queue. Returns how many."""
    codes = list(
        Partnership.objects.filter(pk__in=Measure.objects.order_by().values("partnership"))
        .order_by("code")
        .values_list("code", flat=True)
    )
    for code in codes:
        count_partnership.defer(partnership=code)
    return len(codes)


@steward_job("plan.count_partnership")
def count_partnership(*, using: str, partnership: str) -> dict[str, int]:
    """Count every computed measure of one partnership for the times that are over. Returns how many figures are new
    and how many replaced another. Run twice on the same rows it does nothing the second time."""
    found = Partnership.objects.filter(code=partnership).first()
    return {} if found is None else count_now(found, using=using, on=clock.today())


@transaction.atomic
def ask_to_count(*, by: Actor) -> None:
    """Put the counting of the actor's partnership on the queue now, for what was corrected today.

    Raises NotAllowed unless the actor keeps measures."""
    access.check_can_keep_measures(by)
    assert by.partnership is not None
    count_partnership.defer(partnership=by.partnership.code)
    audit.record("plan.counting_asked", by.partnership, by=by)


@transaction.atomic
def count_now(partnership: Partnership, *, using: str, on: date) -> dict[str, int]:
    """Count over `using`, which sees every row, and write over the application's own connection."""
    # Two countings at once take turns: the second finds what the first has written.
    Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    counting = _Counting(partnership, using, on)
    new = replaced = 0
    for measure in Measure.objects.filter(partnership=partnership).select_related("area").order_by("id"):
        kept = keep(measure, counting.of(measure), on=on, by="", why=CORRECTED, counted=True)
        new += len(kept.new)
        replaced += len(kept.replaced)
        for one in kept.replaced:
            _tell(one, partnership)
    audit.record(
        "plan.measures_counted", partnership, by=None, concerning=partnership, new=new, replaced=replaced
    )
    return {"new": new, "replaced": replaced}


def _tell(observation: Observation, partnership: Partnership) -> None:
    audit.record(
        "plan.figure_replaced",
        observation,
        by=None,
        concerning=partnership,
        measure=observation.measure.code,
        first=observation.first_day,
        last=observation.last_day,
        split=observation.split,
        part=observation.part,
    )


class _Counting:
    """One counting of a partnership: each counter is asked once for each time, whichever measures rest on it."""

    def __init__(self, partnership: Partnership, using: str, on: date) -> None:
        self.partnership, self.using, self.on = partnership, using, on
        self._since: dict[str, date | None] = {}
        self._standing = _standing(partnership)
        self._counted: dict[tuple[str, Period], list[Part]] = {}

    def of(self, measure: Measure) -> Iterator[tuple[MeasureVersion, Figure]]:
        """The figures of a measure, each with the version that stood on the last day of its time.

        A time in which its figures were entered is left to whoever enters them."""
        versions = list(measure.versions.all())
        if not versions:
            return
        every = version_on(versions, self.on).every
        spans = {
            code: set(self._periods(code, every, measure)) for code in {one.counted_by for one in versions}
        }
        for period in sorted({one for found in spans.values() for one in found}):
            version = version_on(versions, period.last)
            if version.every != every or period not in spans[version.counted_by]:
                continue
            for part in self._parts(version.counted_by, period):
                figure = _of_area(measure, counters.by_code(version.counted_by), part, period)
                if figure is not None:
                    yield version, figure

    def _periods(self, code: str, every: str, measure: Measure) -> list[Period]:
        """The times that a counter counts; none for figures that are entered."""
        counter = counters.counter(code) if code else None
        if counter is None:
            if code:
                logger.warning("no counter is called %s", code)
            return []
        return counted_periods(
            every,
            self.on,
            since=self._first(counter),
            needs_whole=counter.needs_whole,
            ended_on=measure.ended_on,
            standing=self._standing.get(measure.pk, set()),
        )

    def _first(self, counter: Counter) -> date | None:
        if counter.code not in self._since:
            since = counter.since
            self._since[counter.code] = date.min if since is None else since(self.using, self.partnership.pk)
        return self._since[counter.code]

    def _parts(self, code: str, period: Period) -> list[Part]:
        if (code, period) not in self._counted:
            count = counters.by_code(code).count
            self._counted[code, period] = count(self.using, self.partnership.pk, period.first, period.last)
        return self._counted[code, period]


def _standing(partnership: Partnership) -> dict[int, set[Period]]:
    """The times of which a counted figure stands, by measure. One query."""
    found: dict[int, set[Period]] = {}
    rows = Observation.objects.filter(partnership=partnership, is_newest=True, split="", part="", by="")
    for measure, first, last in rows.values_list("measure", "first_day", "last_day"):
        found.setdefault(measure, set()).add(Period(first, last))
    return found


def _of_area(measure: Measure, counter: Counter, part: Part, period: Period) -> Figure | None:
    """The part as a figure of the measure. Where a counter counts by area, a measure of an area is that area's part,
    and no other part is its."""
    if counter.by_area and measure.area is not None:
        if (part.split, part.code) != (_AREA, measure.area.code):
            return None
        return _figure(part, period, split="", code="", words="")
    return _figure(part, period, split=part.split, code=part.code, words=part.words)


def _figure(part: Part, period: Period, *, split: str, code: str, words: str) -> Figure:
    return Figure(
        period=period,
        numerator=part.numerator,
        denominator=part.denominator,
        value=part.value,
        rows=part.rows,
        rows_hash=part.rows_hash,
        split=split,
        part=code,
        part_words=words,
        missing_why=part.missing_why,
    )
