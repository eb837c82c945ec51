"""Read models of the statutory calendar and of the clocks, for pages, exports and Your work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import can_keep_calendar, occurrences_visible_to
from saferhub.partnership.models import Agency, EntryVersion, Partnership
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.partnership.packs import section
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.clocks import Clock, Pause, State, state
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.partnership.rules.duties import Duty, Holder, Kind
from saferhub.partnership.rules.from_packs import calendar_from, clock_from, duty_from
from saferhub.partnership.rules.working_days import BankHolidays

# Legal roles of the packs on which the Act puts duties (Crime and Disorder Act 1998 s.5).
OWING_ROLES = frozenset({"responsible", "co_operating"})
SOON_DAYS = 30
WORK_DAYS = 28
SYSTEM = "the calendar itself"


# --- what the packs say -------------------------------------------------------------------------


def bank_holidays() -> BankHolidays:
    """The bank holidays loaded, for the years they span. One query.

    Raises Refusal `no_bank_holidays` when no pack brought any.
    """
    rows = (
        EntryVersion.objects.live().filter(entry__section="bank_holidays").values_list("payload", flat=True)
    )
    days = [(date.fromisoformat(row["day"]), row["name"]) for row in rows]
    if not days:
        raise Refusal(
            "no_bank_holidays",
            "No bank holidays are loaded, so working days cannot be counted. Load the national pack.",
        )
    return calendar_from(days)


@dataclass(frozen=True)
class DutyRule:
    """A version of a duty, typed, with the rows it came from."""

    duty: Duty
    item: Any
    version: EntryVersion
    clock_version: EntryVersion | None


def duty_rules(partnership: Partnership) -> list[DutyRule]:
    """Every version of every duty that stands for this partnership, with its clock. Two queries.

    A partnership's own entry stands in place of the national one of the same code.
    """
    rows = list(
        EntryVersion.objects.live()
        .filter(Q(entry__partnership=partnership) | Q(entry__partnership=None))
        .filter(entry__section__in=["duties", "clocks"])
        .select_related("entry", "recorded_in")
        .order_by("entry__section", "entry__position", "entry_id", "valid_from")
    )
    own = {(row.entry.section, row.entry.code) for row in rows if row.entry.partnership_id}
    rows = [row for row in rows if row.entry.partnership_id or (row.entry.section, row.entry.code) not in own]
    clocks: dict[str, EntryVersion] = {}
    for row in rows:
        if row.entry.section == "clocks":
            clocks[row.entry.code] = row
    found = []
    for row in rows:
        if row.entry.section == "duties":
            item = item_of(row)
            clock_row = clocks.get(item.clock or "")
            clock = item_of(clock_row) if clock_row else None
            found.append(DutyRule(duty_from(item, clock=clock), item, row, clock_row))
    return found


def item_of(version: EntryVersion) -> Any:
    """A stored version as the typed item of its section, however old it is."""
    return section(version.entry.section).model.model_validate(
        {
            "id": version.entry.code,
            "from": version.valid_from,
            "until": version.valid_until,
            "source": version.source,
            "verify": version.verify,
            **version.payload,
        }
    )


def rule_of(occurrence: DutyOccurrence) -> DutyRule:
    """The rule that an occurrence rests on, as it was when it was planned. No query when rows are joined."""
    item = item_of(occurrence.version)
    clock_row = occurrence.clock_version
    clock = item_of(clock_row) if clock_row else None
    return DutyRule(duty_from(item, clock=clock), item, occurrence.version, clock_row)


def holders_by_kind(partnership: Partnership) -> dict[str, list[tuple[Agency, Holder]]]:
    """The agencies of each kind, with the days on which they are of it. Two queries.

    A neighbour owes its data to its own partnership, and an invited body owes none.
    """
    agencies = {agency.entry_id: agency for agency in Agency.objects.filter(partnership=partnership)}
    rows = EntryVersion.objects.live().filter(entry_id__in=agencies).order_by("entry__position", "valid_from")
    found: dict[str, list[tuple[Agency, Holder]]] = {}
    for row in rows:
        if row.payload.get("legal_role") not in OWING_ROLES:
            continue
        agency = agencies[row.entry_id]
        holder = Holder(agency.code, row.valid_from, row.valid_until)
        found.setdefault(str(row.payload.get("kind", "")), []).append((agency, holder))
    return found


def calendar_begins(partnership: Partnership) -> date:
    """The day from which this partnership's calendar is kept: the first day that its own pack describes.

    Raises Refusal `no_pack` for a partnership without one.
    """
    release = partnership.pack_releases.order_by("version").first()
    if release is None:
        raise Refusal("no_pack", "No pack is loaded for this partnership, so it has no calendar yet.")
    return date.fromisoformat(release.about["effective_from"])


def events_to_start(partnership: Partnership, on: date) -> list[DutyRule]:
    """The duties that an event starts and that are in force on that day."""
    return [
        rule
        for rule in duty_rules(partnership)
        if rule.duty.recurrence.kind is Kind.EVENT and rule.duty.clock and rule.duty.is_in_force_on(on)
    ]


def clock_state(occurrence: DutyOccurrence, now: datetime, holidays: BankHolidays) -> State | None:
    """How the clock of an occurrence that is still due stands, or None when there is no clock."""
    rule = rule_of(occurrence)
    if rule.duty.clock is None or not occurrence.is_open:
        return None
    pauses = [Pause(pause.from_on, pause.until_on) for pause in occurrence.pauses.all()]
    started = occurrence.started_at or occurrence.started_on
    return state(rule.duty.clock, started, now, bank_holidays=holidays, pauses=pauses)


# --- the list -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What the reader of the calendar chose. Empty means everything."""

    year: int | None = None
    duty: str = ""
    holder: str = ""
    status: str = ""
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.year or self.duty or self.holder or self.status)


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
# What is done reads from the newest back; what waits, from the most urgent on.
URGENCY = ("band", F("done_on").desc(nulls_last=True), _SOONEST, *_BY_NAME)
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
    found = found.annotate(band=bands).select_related("holder", "entry")
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
    return found


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what the calendar holds. Two queries."""
    seen = occurrences_visible_to(actor).exclude(status=DutyStatus.WITHDRAWN)
    duties: dict[str, str] = {}
    holders: dict[str, str] = {}
    years: set[int] = set()
    rows = (
        seen.order_by()
        .values_list("entry__code", "title", "holder__code", "holder__name", "due_on__year", "due_on__month")
        .distinct()
    )
    for code, title, holder, name, year, month in rows:
        duties[code] = title
        holders[holder or "partnership"] = name or "The partnership"
        if year:
            years.add(year if month >= 4 else year - 1)
    return {
        "year": [(str(year), f"April {year} to March {year + 1}") for year in sorted(years)],
        "duty": sorted(duties.items(), key=lambda pair: pair[1]),
        "holder": sorted(holders.items(), key=lambda pair: (pair[0] != "partnership", pair[1])),
    }


# --- one occurrence -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One line of an occurrence's history: what happened, when, by whom in words, and why."""

    title: str
    on: date | None
    by: str
    reason: str


def history(occurrence: DutyOccurrence) -> list[Told]:
    """The moves and pauses of an occurrence, the newest first. Three queries."""
    moves = list(occurrence.moves.all())
    pauses = list(occurrence.pauses.all())
    names = names_of({move.by for move in moves} | {p.by for p in pauses} | {p.ended_by for p in pauses})
    lines: list[tuple[datetime, Told]] = []
    for move in moves:
        title = "Clock started" if occurrence.started_because else "Put into the calendar"
        if move.from_status:
            title = {
                DutyStatus.DONE: "Recorded as done",
                DutyStatus.NOT_NEEDED: "Recorded as not needed",
                DutyStatus.WITHDRAWN: "Withdrawn",
            }.get(DutyStatus(move.to_status), "Due again")
        lines.append((move.at, Told(title, move.on, names.get(move.by, SYSTEM), move.reason)))
    for pause in pauses:
        title = f"Clock held from {date_in_words(pause.from_on)}"
        lines.append((pause.at, Told(title, None, names.get(pause.by, SYSTEM), pause.reason)))
        if pause.until_on and pause.ended_at:
            by = names.get(pause.ended_by, SYSTEM)
            title = f"Clock runs again from {date_in_words(pause.until_on)}"
            lines.append((pause.ended_at, Told(title, None, by, "")))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0], reverse=True)]


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """The names of accounts by their public ids. One query."""
    wanted = {identifier for identifier in public_ids if identifier}
    return dict(User.objects.filter(public_id__in=wanted).values_list("public_id", "name"))


def before_and_after(
    actor: Actor, occurrence: DutyOccurrence
) -> tuple[DutyOccurrence | None, DutyOccurrence | None]:
    """The occurrences of the same duty and holder before and after this one. Two queries."""
    same = occurrences_visible_to(actor).filter(entry=occurrence.entry_id, holder=occurrence.holder_id)
    same = same.exclude(status=DutyStatus.WITHDRAWN)
    key = (occurrence.started_on, occurrence.pk)
    before = same.filter(Q(started_on__lt=key[0]) | Q(started_on=key[0], pk__lt=key[1]))
    after = same.filter(Q(started_on__gt=key[0]) | Q(started_on=key[0], pk__gt=key[1]))
    return before.order_by("-started_on", "-pk").first(), after.order_by("started_on", "pk").first()


def posts_in_words(partnership: Partnership | None, codes: Iterable[str], on: date) -> list[str]:
    """The names of role kinds, in the order given. One query."""
    names = {found.code: str(found.item.name) for found in in_force.entries(partnership, "role_kinds", on)}
    return [names.get(code, code.replace("_", " ")) for code in codes]


# --- Your work ----------------------------------------------------------------------------------


def work_items(actor: Actor) -> Iterable[WorkItem]:
    """What is late or due within four weeks, for those who keep the calendar. One query."""
    if not actor.is_signed_in or not can_keep_calendar(actor):
        return []
    until = actor.on + timedelta(days=WORK_DAYS)
    rows = occurrences_visible_to(actor).waiting().filter(due_on__lte=until).select_related("holder")
    return [
        WorkItem(
            kind="calendar",
            kind_words="Statutory calendar",
            title=row.title,
            url=reverse("calendar-item", args=[row.public_id]),
            why=_why(row),
            due_on=row.due_on,
            step="Record as done",
            step_url=reverse("calendar-done", args=[row.public_id]),
        )
        for row in rows.order_by("due_on", "title", "id")
    ]


def _why(row: DutyOccurrence) -> str:
    whose = row.holder.name if row.holder else "The partnership"
    return f"{whose}, {row.period}" if row.period else whose


# --- clocks -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClockPage:
    """One clock with what its page says."""

    found: in_force.InForce
    clock: Clock

    @property
    def code(self) -> str:
        return self.found.code

    @property
    def in_force_words(self) -> str:
        first, last = self.found.valid_from, self.found.valid_until
        if first and last:
            return f"{date_in_words(first)} to {date_in_words(last)}"
        if first:
            return f"From {date_in_words(first)}"
        return f"Until {date_in_words(last)}" if last else "Without limit"


def clocks(partnership: Partnership | None, on: date) -> list[ClockPage]:
    """The clocks in force on that day. One query."""
    return [ClockPage(found, clock_from(found.item)) for found in in_force.entries(partnership, "clocks", on)]


def clock_history(partnership: Partnership | None, code: str) -> list[ClockPage]:
    """Every version of one clock, the earliest first; empty when there is none. One query."""
    return [
        ClockPage(found, clock_from(found.item)) for found in in_force.history(partnership, "clocks", code)
    ]
