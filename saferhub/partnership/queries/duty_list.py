"""The list of the statutory calendar: what its reader chose, and the lines that answer.

Data that eight councils owe for one quarter are one line, which says how many came; else the one
meeting of the year would be buried among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import occurrences_visible_to
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.partnership.rules.duties import period_in_words

SOON_DAYS = 30


@dataclass(frozen=True)
class Filters:
    """What the reader of the calendar chose. Empty means everything."""

    year: int | None = None
    duty: str = ""
    holder: str = ""
    period: str = ""
    status: str = ""
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.year or self.duty or self.holder or self.period or self.status)

    @property
    def lists_holders(self) -> bool:
        """Whether each holder has a line of its own: one holder, or one duty's period, was asked for."""
        return bool(self.holder or (self.duty and self.period)) or self.sort.removeprefix("-") == "holder"


# The statuses of the list, in the order of its groups; `band` is the place in this order.
STATUS_CHOICES = (
    ("late", "Late"),
    ("soon", f"Due in the next {SOON_DAYS} days"),
    ("held", "Clock held"),
    ("later", "Due later"),
    ("done", "Done"),
    ("not_needed", "Not needed"),
)
_SOONEST = F("due_on").asc(nulls_last=True)
_BY_NAME = ("title", "holder__name", "id")
# The partnership's own first. What is done reads from the newest back; what waits, from the most urgent on.
_OWN_FIRST = Case(When(holder=None, then=Value(0)), default=Value(1), output_field=IntegerField())
URGENCY = ("band", _OWN_FIRST, F("done_on").desc(nulls_last=True), _SOONEST, *_BY_NAME)
SORTS: Mapping[str, tuple[Any, ...]] = {
    "due": (_SOONEST, *_BY_NAME),
    "-due": (F("due_on").desc(nulls_last=True), *_BY_NAME),
    "duty": ("title", _SOONEST, "holder__name", "id"),
    "-duty": ("-title", _SOONEST, "holder__name", "id"),
    "holder": (F("holder__name").asc(nulls_first=True), _SOONEST, "title", "id"),
    "-holder": (F("holder__name").desc(nulls_last=True), _SOONEST, "title", "id"),
}


def in_band(name: str, on: date) -> Q:
    """The condition of one status of the list, seen on a day."""
    soon = on + timedelta(days=SOON_DAYS)
    due = Q(status=DutyStatus.DUE)
    return {
        "late": due & Q(due_on__lt=on),
        "soon": due & Q(due_on__gte=on, due_on__lte=soon),
        "held": due & Q(due_on__isnull=True),
        "later": due & Q(due_on__gt=soon),
        "done": Q(status=DutyStatus.DONE),
        "not_needed": Q(status=DutyStatus.NOT_NEEDED),
    }[name]


def calendar(actor: Actor, filters: Filters, on: date) -> QuerySet[DutyOccurrence]:
    """The occurrences the actor may see, filtered and sorted, each with its `band`."""
    found = _without_status(actor, filters)
    if filters.status:
        found = found.filter(in_band(filters.status, on))
    names = [name for name, _ in STATUS_CHOICES]
    bands = Case(
        *[When(in_band(name, on), then=Value(number)) for number, name in enumerate(names)],
        default=Value(len(names)),
        output_field=IntegerField(),
    )
    found = found.annotate(band=bands).select_related("holder", "entry", "version")
    return found.order_by(*SORTS.get(filters.sort, URGENCY))


def counts(actor: Actor, filters: Filters, on: date) -> dict[str, int]:
    """How many there are of each status under the other filters. One query."""
    found = _without_status(actor, filters)
    return found.aggregate(**{name: Count("id", filter=in_band(name, on)) for name, _ in STATUS_CHOICES})


def _without_status(actor: Actor, filters: Filters) -> QuerySet[DutyOccurrence]:
    found = occurrences_visible_to(actor).exclude(status=DutyStatus.WITHDRAWN)
    if filters.year:
        # The year of plans runs from April to March; what is held has no date and stays in every year.
        first, last = date(filters.year, 4, 1), date(filters.year + 1, 3, 31)
        found = found.filter(Q(due_on__range=(first, last)) | Q(due_on=None))
    if filters.duty:
        found = found.filter(entry__code=filters.duty)
    if filters.holder == "partnership":
        found = found.filter(holder=None)
    elif filters.holder:
        found = found.filter(holder__code=filters.holder)
    if filters.period:
        start, end = filters.period.split("/")
        found = found.filter(period_start=start, period_end=end)
    return found


# --- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One occurrence, or those of all holders of one duty for one period. `band` is where it stands."""

    band: int
    rows: tuple[DutyOccurrence, ...]

    @property
    def row(self) -> DutyOccurrence:
        """The one that stands for all; they share title, period and date."""
        return self.rows[0]

    @property
    def is_group(self) -> bool:
        return len(self.rows) > 1

    @property
    def query(self) -> str:
        """The query string of the same list with a line for each of these holders."""
        period = _interval(self.row.period_start, self.row.period_end)
        return urlencode({"duty": self.row.entry.code, "period": period})

    @property
    def counted(self) -> int:
        """How many of them have the status under which the line stands."""
        return sum(_band_of(row) == self.band for row in self.rows)

    @property
    def words(self) -> str:
        """How many holders, and how they stand: "8 holders: 7 received, 1 late"."""
        numbers = [0] * len(STATUS_CHOICES)
        for row in self.rows:
            numbers[_band_of(row)] += 1
        late, soon, held, later, done, not_needed = numbers
        parts = [f"{done} {'received' if self.row.version.payload.get('data_items') else 'done'}"]
        for count, words in (
            (late, "late"),
            (soon + later, "due"),
            (held, "held"),
            (not_needed, "not needed"),
        ):
            if count:
                parts.append(f"{count} {words}")
        return f"{len(self.rows)} holders: {', '.join(parts)}"


def lines(actor: Actor, filters: Filters, on: date) -> list[Line]:
    """The calendar's lines, filtered and sorted. One query, however many there are.

    A line of several holders shows under a status that one of them has, and counts them all.
    """
    if filters.lists_holders:
        return [Line(_band_of(row), (row,)) for row in calendar(actor, filters, on)]
    together: dict[tuple[Any, ...], list[DutyOccurrence]] = {}
    for row in calendar(actor, replace(filters, status=""), on):
        shared = row.holder_id and row.period_start
        key = (row.entry_id, row.title, row.period_start, row.period_end) if shared else (row.pk,)
        together.setdefault(key, []).append(row)
    found = []
    chosen = next((n for n, (name, _) in enumerate(STATUS_CHOICES) if name == filters.status), None)
    for rows in together.values():
        bands = {_band_of(row) for row in rows}
        if chosen is None or chosen in bands:
            found.append(Line(min(bands) if chosen is None else chosen, tuple(rows)))
    return found


def _band_of(row: DutyOccurrence) -> int:
    """The place among the statuses that `calendar` gave this row."""
    return int(row.band)  # type: ignore[attr-defined]


def _interval(first: date | None, last: date | None) -> str:
    """A period as an address names it (ISO 8601), or nothing."""
    return f"{first.isoformat()}/{last.isoformat()}" if first and last else ""


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what the calendar holds. Two queries."""
    seen = occurrences_visible_to(actor).exclude(status=DutyStatus.WITHDRAWN)
    duties: dict[str, str] = {}
    holders: dict[str, str] = {}
    years: set[int] = set()
    periods: dict[str, str] = {}
    rows = (
        seen.order_by()
        .values_list(
            "entry__code",
            "title",
            "holder__code",
            "holder__name",
            "due_on__year",
            "due_on__month",
            "period_start",
            "period_end",
        )
        .distinct()
    )
    for code, title, holder, name, year, month, first, last in rows:
        if first:
            periods[_interval(first, last)] = period_in_words(first, last)
        duties[code] = title
        holders[holder or "partnership"] = name or "The partnership"
        if year:
            years.add(year if month >= 4 else year - 1)
    return {
        "year": [(str(year), f"April {year} to March {year + 1}") for year in sorted(years)],
        "duty": sorted(duties.items(), key=lambda pair: pair[1]),
        "period": sorted(periods.items()),
        "holder": sorted(holders.items(), key=lambda pair: (pair[0] != "partnership", pair[1])),
    }
