"""Figures as they were observed: a measure's series, the newest quarter, the way to the rows, what has changed since.

Nothing here reads a protected row. A figure leads to its rows by the address of a list, which shows whoever opens it
what she may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from saferhub.partnership.models import Partnership
from saferhub.plan import counters
from saferhub.plan.models import Measure, MeasureVersion, Observation
from saferhub.plan.rules import periods
from saferhub.plan.rules.periods import Period


def series(measure: Measure, split: str = "", part: str = "") -> list[Observation]:
    """The newest figure of each time, the earliest time first; of the whole, or of one part. One query.

    `part` blank with a `split` gives nothing: ask for its parts with `parts_of`. A time without a figure is there with
    `value` None and says why; a time that was never looked at is not there.
    """
    rows = Observation.objects.filter(measure=measure, is_newest=True, split=split, part=part)
    return list(rows.select_related("version").order_by("first_day", "id"))


def parts_of(measure: Measure, split: str, period: Period) -> list[Observation]:
    """The newest figures of the parts of one time, by their words. One query."""
    rows = Observation.objects.filter(
        measure=measure, is_newest=True, split=split, first_day=period.first, last_day=period.last
    )
    return list(rows.exclude(part="").select_related("version").order_by("part_words", "id"))


def splits_of(measure: Measure) -> list[str]:
    """By what its figures are broken down: hub, agency, area. One query."""
    rows = Observation.objects.filter(measure=measure, is_newest=True).exclude(split="")
    return sorted(rows.order_by().values_list("split", flat=True).distinct())


def newest(measure: Measure, as_of: date) -> Observation | None:
    """The newest figure of the whole for a time that was over on the day. One query."""
    rows = Observation.objects.filter(measure=measure, is_newest=True, split="", last_day__lt=as_of)
    return rows.select_related("version").order_by("-last_day", "-id").first()


def newest_quarter(partnership: Partnership, as_of: date) -> Period:
    """The quarter that figures of a page or a report of this day are of: the newest that was over and of which the
    partnership has a figure; where it has none at all, the newest that was over. One query."""
    over = periods.newest_ended("quarter", as_of)
    rows = Observation.objects.filter(
        partnership=partnership, is_newest=True, split="", last_day__lte=over.last, value__isnull=False
    )
    for last in rows.order_by("-last_day").values_list("last_day", flat=True).distinct()[:6]:
        found = periods.containing("quarter", last)
        if found.last == last:
            return found
    return over


def version_on(versions: Iterable[MeasureVersion], day: date) -> MeasureVersion:
    """What a measure meant on a day; before its first version, what that says.

    Raises ValueError where there is no version."""
    ordered = sorted(versions, key=lambda one: (one.valid_from, one.number))
    if not ordered:
        raise ValueError("a measure without a version")
    return next((one for one in reversed(ordered) if one.valid_from <= day), ordered[0])


def threshold_of(versions: Iterable[MeasureVersion], last: date, on: date) -> int:
    """The greatest threshold that a time ending on `last` ever had up to a day: of each version that stood for it since
    it was over, as these were written. What was withheld once is not opened by a version that was written later."""
    rows = list(versions)
    days = {last, *(one.made_on for one in rows if last < one.made_on <= on)}
    known = [[one for one in rows if one.made_on <= day] for day in days]
    return max((version_on(found, last).small for found in known if found), default=0)


def observation_rows_url(observation: Observation) -> str:
    """The address of a list of the rows behind a figure; "" for an entered one, or where there is no such list.

    The list narrows itself to what its reader sees, so it may hold fewer rows than were counted."""
    counter = counters.counter(observation.version.counted_by) if observation.version.counted_by else None
    if counter is None:
        return ""
    return counter.rows_url(observation.first_day, observation.last_day, observation.split, observation.part)


def has_changed_since(observation: Observation) -> bool:
    """Whether this figure would be another one today: its rows were corrected, or it was entered anew. One query.

    Counting runs each night, so a row that was changed today shows tomorrow, or after “Count now”."""
    return observation.pk in changed_since([observation])


def changed_since(observations: Iterable[Observation]) -> dict[int, Observation]:
    """Of these figures those that stand differently now: the newest in its place, by the number of the old. One query.

    For a frozen report: what it shows stays, and this says what it would show."""
    old = [one for one in observations if one.pk]
    if not old:
        return {}
    places = Q()
    for one in old:
        places |= Q(measure=one.measure_id, split=one.split, part=one.part, first_day=one.first_day,
                    last_day=one.last_day)  # fmt: skip
    standing = {_place(one): one for one in Observation.objects.filter(places, is_newest=True)}
    found = {}
    for one in old:
        now = standing.get(_place(one))
        if now is not None and now.pk != one.pk and said_by(now) != said_by(one):
            found[one.pk] = now
    return found


def said_by(observation: Observation) -> tuple[object, ...]:
    """What a figure says and rests on: two that agree in it are the same figure."""
    return (
        observation.numerator,
        observation.denominator,
        observation.value,
        observation.rows,
        observation.rows_hash,
        observation.missing_why,
        observation.evidence,
    )


def _place(observation: Observation) -> tuple[object, ...]:
    return (
        observation.measure_id,
        observation.split,
        observation.part,
        observation.first_day,
        observation.last_day,
    )
