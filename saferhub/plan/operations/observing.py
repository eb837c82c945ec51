"""Keeping figures: a new one stands beside what it replaces, and none is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from saferhub.plan.models import Measure, MeasureVersion, Observation
from saferhub.plan.queries.counted import said_by
from saferhub.plan.rules.counting import NOT_COUNTED_NOW
from saferhub.plan.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to be kept: of the whole (`split` and `part` blank) or of one part."""

    period: Period
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    rows: int | None = None
    rows_hash: str = ""
    split: str = ""
    part: str = ""
    part_words: str = ""
    missing_why: str = ""
    evidence: str = ""

    @property
    def place(self) -> tuple[str, str, date, date]:
        return self.split, self.part, self.period.first, self.period.last


@dataclass(slots=True)
class Kept:
    """What was written: figures where none stood, and those that replaced another."""

    new: list[Observation] = field(default_factory=list)
    replaced: list[Observation] = field(default_factory=list)


def keep(
    measure: Measure,
    figures: Iterable[tuple[MeasureVersion, Figure]],
    *,
    on: date,
    by: str,
    why: str,
    counted: bool,
) -> Kept:
    """Write figures of one measure, each of its version, within the caller's transaction.

    What says the same as the one that stands is left as it is. `why`: why one replaces another. `counted`: all parts of
    each time are given, so a part that stands and is not among them is counted no more. Whoever calls holds the lock of
    the measure.
    """
    given = {one.place: (version, one) for version, one in figures}
    spans = {(one.period.first, one.period.last) for _, one in given.values()}
    standing = {
        (one.split, one.part, one.first_day, one.last_day): one
        for one in Observation.objects.filter(
            measure=measure,
            is_newest=True,
            first_day__in={first for first, _ in spans},
            last_day__in={last for _, last in spans},
        ).select_related("version")
    }
    if counted:
        for place, old in standing.items():
            if place not in given and (old.first_day, old.last_day) in spans and old.value is not None:
                given[place] = (old.version, _gone(old))
    kept = Kept()
    retired, made = [], []
    for place, (version, figure) in given.items():
        before = standing.get(place)
        row = _row(measure, version, figure, on=on, by=by)
        if before is not None:
            if said_by(before) == said_by(row) and before.version_id == version.pk:
                continue
            is_same = said_by(before) == said_by(row)
            row.replaces = before
            row.replaced_why = (
                f"Version {version.number} of its definition counts for this time" if is_same else why[:300]
            )
            retired.append(before.pk)
            kept.replaced.append(row)
        else:
            kept.new.append(row)
        made.append(row)
    Observation.objects.filter(pk__in=retired).update(is_newest=False)
    Observation.objects.bulk_create(made, batch_size=500)
    return kept


def _gone(old: Observation) -> Figure:
    return Figure(
        period=Period(old.first_day, old.last_day),
        numerator=None,
        denominator=None,
        value=None,
        rows=0,
        split=old.split,
        part=old.part,
        part_words=old.part_words,
        missing_why=NOT_COUNTED_NOW,
    )


def _row(measure: Measure, version: MeasureVersion, figure: Figure, *, on: date, by: str) -> Observation:
    return Observation(
        partnership_id=measure.partnership_id,
        measure=measure,
        version=version,
        split=figure.split,
        part=figure.part,
        part_words=figure.part_words[:200],
        first_day=figure.period.first,
        last_day=figure.period.last,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=figure.value,
        rows=figure.rows,
        rows_hash=figure.rows_hash,
        missing_why=figure.missing_why[:300],
        evidence=figure.evidence,
        on=on,
        by=by,
    )
