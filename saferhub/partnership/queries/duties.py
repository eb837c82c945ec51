"""Read models of the statutory calendar and of the clocks, for pages and Your work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from saferhub.foundation.clock import now as clock_now
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.registries import WorkClock, WorkItem
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import can_keep_calendar, occurrences_visible_to
from saferhub.partnership.models import Agency, EntryVersion, Partnership
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.kept import while_packs_stand
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.clocks import Clock, Pause, State, state
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.partnership.rules.duties import Duty, Holder, Kind
from saferhub.partnership.rules.from_packs import calendar_from, clock_from, duty_from
from saferhub.partnership.rules.working_days import BankHolidays

# Legal roles of the packs on which the Act puts duties (Crime and Disorder Act 1998 s.5).
OWING_ROLES = frozenset({"responsible", "co_operating"})
WORK_DAYS = 28
SYSTEM = "the calendar itself"


# --- what the packs say -------------------------------------------------------------------------


def bank_holidays() -> BankHolidays:
    """The bank holidays loaded, for the years they span. Two queries at most, asked once on a page.

    Raises Refusal `no_bank_holidays` when no pack brought any.
    """
    return while_packs_stand("bank_holidays", _bank_holidays)


def _bank_holidays() -> BankHolidays:
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


def duty_rules(partnership: Partnership, on: date | None = None) -> list[DutyRule]:
    """Every version of every duty that stands for this partnership, with its clock. Two queries.

    The clock is the version in force on the day given, without one the newest. A partnership's own entry
    stands in place of the national one of the same code.
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
        if row.entry.section == "clocks" and (on is None or _holds_on(row, on)):
            clocks[row.entry.code] = row
    found = []
    for row in rows:
        if row.entry.section == "duties":
            item = in_force.read_version(row).item
            found.append(_typed(item, row, clocks.get(item.clock or "")))
    return found


def _holds_on(version: EntryVersion, day: date) -> bool:
    first, last = version.valid_from, version.valid_until
    return (first is None or first <= day) and (last is None or day <= last)


def rule_of(occurrence: DutyOccurrence) -> DutyRule:
    """The rule that an occurrence rests on, as it was when it was planned. No query when rows are joined."""
    item = in_force.read_version(occurrence.version).item
    return _typed(item, occurrence.version, occurrence.clock_version)


def _typed(item: Any, version: EntryVersion, clock_version: EntryVersion | None) -> DutyRule:
    clock = in_force.read_version(clock_version).item if clock_version else None
    return DutyRule(duty_from(item, clock=clock), item, version, clock_version)


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
        for rule in duty_rules(partnership, on)
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


# --- one occurrence -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One line of an occurrence's history: what happened, when, by whom in words, and why."""

    title: str
    on: date | None
    by: str
    reason: str


def history(occurrence: DutyOccurrence, actor: Actor) -> list[Told]:
    """The moves and pauses of an occurrence, the newest first. Three queries."""
    moves = list(occurrence.moves.all())
    pauses = list(occurrence.pauses.all())
    who = {move.by for move in moves} | {p.by for p in pauses} | {p.ended_by for p in pauses}
    names = names_of(who, actor)
    lines: list[tuple[datetime, Told]] = []
    for move in moves:
        title = "Clock started" if occurrence.started_because else "Put into the calendar"
        if move.from_status == move.to_status:
            title = "Start corrected"
        elif move.from_status:
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


# --- Your work ----------------------------------------------------------------------------------


def work_items(actor: Actor) -> Iterable[WorkItem]:
    """What is late or due within four weeks, for those who keep the calendar. At most three queries."""
    if not actor.is_signed_in or not can_keep_calendar(actor):
        return []
    until = actor.on + timedelta(days=WORK_DAYS)
    found = (
        occurrences_visible_to(actor).waiting().filter(due_on__lte=until).order_by("due_on", "title", "id")
    )
    joined = ("holder", "version__entry", "version__recorded_in")
    clocks = ("clock_version__entry", "clock_version__recorded_in")
    rows = list(found.select_related(*joined, *clocks).prefetch_related("pauses"))
    has_clocks = any(row.clock_version for row in rows)
    holidays = bank_holidays() if has_clocks else None
    return [
        WorkItem(
            kind="calendar",
            kind_words="Statutory calendar",
            # Eight councils may owe the same data: the name tells their rows apart.
            title=f"{row.title}: {row.holder.name}" if row.holder else row.title,
            url=reverse("calendar-item", args=[row.public_id]),
            why=row.period if row.holder else f"The partnership, {row.period}".removesuffix(", "),
            due_on=row.due_on,
            step="Record as done",
            step_url=reverse("calendar-done", args=[row.public_id]),
            happened=row.started_because,
            clock=_work_clock(row, holidays) if holidays and row.clock_version else None,
        )
        for row in rows
    ]


def _work_clock(row: DutyOccurrence, holidays: BankHolidays) -> WorkClock | None:
    found = clock_state(row, clock_now(), holidays)
    if found is None or found.late_by or not found.length:
        return None
    return WorkClock(found.used, found.length, found.unit.noun)


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
