"""The log as information governance reads it: filtered, newest first, a page at a time.

Pages follow the entries' own numbers and not a count: reading adds entries at the top, and a million
rows must cost no more than fifty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.accounts.rules import FactorLost
from saferhub.audit import events
from saferhub.audit.models import Entry, Kind, Seal
from saferhub.foundation import clock
from saferhub.partnership.access import Actor, Role
from saferhub.partnership.access.duties import occurrences_visible_to
from saferhub.partnership.access.log import entries_visible_to
from saferhub.partnership.models import Hub, Membership, Unit
from saferhub.partnership.rules.dates_in_words import date_in_words

from .members import agency_names, names_of, purpose_words

PER_PAGE = 50
MOST_COUNTED = 1_000
MOST_EXPORTED = 10_000
_LONDON = ZoneInfo("Europe/London")
# Readings of the log are entries too, and a reader may want to see past her own.
HIDE_READINGS = "readings"
READINGS = ("audit.log_read", "audit.log_exported")
# Kinds of record that a page can show by name, and where.
_ACCOUNT = "accounts.user"
_DUTY = "partnership.dutyoccurrence"
_SUBJECTS = {
    _ACCOUNT: "Account",
    "accounts.heldform": "Kept form",
    "partnership.membership": "Role",
    _DUTY: "Duty in the calendar",
    "partnership.packrelease": "Pack",
    "page": "Page",
    "log": "Log",
    "audit.entry": "Log entry",
    "people": "List of people",
}


def entries(actor: Actor, filters: dict[str, Any]) -> QuerySet[Entry]:
    """The entries the actor may read that match, in no order yet. Days are real ones, as the list shows."""
    found = entries_visible_to(actor)
    for name, lookup in (
        ("who", "actor"),
        ("agency", "agency"),
        ("event", "event"),
        ("kind", "kind"),
        ("subject", "subject"),
        ("mark", "request"),
    ):
        if value := filters.get(name):
            found = found.filter(**{lookup: value})
    if day := filters.get("from"):
        found = found.filter(at__gte=datetime.combine(day, time(), _LONDON))
    if day := filters.get("to"):
        found = found.filter(at__lt=datetime.combine(day + timedelta(days=1), time(), _LONDON))
    if filters.get("hide") == HIDE_READINGS:
        found = found.exclude(event__in=READINGS)
    return found


def days_on_offer() -> list[tuple[str, date, date]]:
    """Spans of real days that a link chooses: what it is called, the first day, the last."""
    today = clock.real_now().astimezone(_LONDON).date()
    yesterday = today - timedelta(days=1)
    return [
        ("Today", today, today),
        ("Yesterday", yesterday, yesterday),
        ("Last 7 days", today - timedelta(days=6), today),
    ]


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry in words."""

    entry: Entry
    who: str
    agency: str
    words: str
    details: str
    why: str
    kind: str
    subject_words: str
    subject_name: str
    subject_url: str
    business_day: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log; `newer` and `older` are the entry numbers the neighbouring pages start from."""

    rows: list[LogRow]
    newer: int | None
    older: int | None


def log_page(actor: Actor, filters: dict[str, Any], *, before: int | None, after: int | None) -> LogPage:
    """Fifty entries, newest first: those below `before`, those next above `after`, else the newest."""
    found = entries(actor, filters)
    if after is not None:
        rows = list(found.filter(id__gt=after).order_by("id")[: PER_PAGE + 1])
        more_newer, more_older = len(rows) > PER_PAGE, True
        rows = rows[:PER_PAGE][::-1]
    else:
        if before is not None:
            found = found.filter(id__lt=before)
        rows = list(found.order_by("-id")[: PER_PAGE + 1])
        more_newer, more_older = before is not None, len(rows) > PER_PAGE
        rows = rows[:PER_PAGE]
    return LogPage(
        rows=in_words(rows, actor),
        newer=rows[0].pk if rows and more_newer else None,
        older=rows[-1].pk if rows and more_older else None,
    )


def in_words(rows: Iterable[Entry], actor: Actor) -> list[LogRow]:
    """Entries with names instead of codes. Five queries at most, however many entries."""
    rows = list(rows)
    names = _names(rows, actor)
    return [_in_words(entry, names) for entry in rows]


@dataclass(frozen=True, slots=True)
class _Names:
    """Names for the codes of some entries, all of the reader's own partnership."""

    people: dict[str, str]
    agencies: dict[str, str]
    hubs: dict[str, str]
    units: dict[str, str]
    duties: dict[str, str]


def _names(rows: list[Entry], actor: Actor) -> _Names:
    identifiers = {entry.actor for entry in rows} | {e.subject for e in rows if e.subject_kind == _ACCOUNT}
    duties = {entry.subject for entry in rows if entry.subject_kind == _DUTY}
    hubs, units = _coded(rows, "hub"), _coded(rows, "unit")
    ours = {"partnership": actor.partnership}
    return _Names(
        people=names_of(identifiers, actor),
        agencies=agency_names({entry.agency for entry in rows}, actor),
        hubs=dict(Hub.objects.filter(**ours, code__in=hubs).values_list("code", "name")),
        units={
            unit.public_id: unit.name if unit.is_whole_agency else f"{unit.name}, {unit.agency.name}"
            for unit in Unit.objects.filter(
                agency__partnership=actor.partnership, public_id__in=units
            ).select_related("agency")
        },
        duties=dict(
            occurrences_visible_to(actor).filter(public_id__in=duties).values_list("public_id", "title")
        ),
    )


def _coded(rows: list[Entry], name: str) -> set[str]:
    return {value for entry in rows if isinstance(value := entry.codes.get(name), str) and value}


def _in_words(entry: Entry, names: _Names) -> LogRow:
    known = {_ACCOUNT: names.people, _DUTY: names.duties}.get(entry.subject_kind, {})
    return LogRow(
        entry=entry,
        who=names.people.get(entry.actor, entry.actor) if entry.actor else _nobody(entry.event),
        agency=names.agencies.get(entry.agency, entry.agency),
        words=events.words_for(entry.event),
        details="; ".join(_details(entry.codes, names)),
        why=purpose_words(entry.purpose),
        kind=Kind(entry.kind).label,
        subject_words=_SUBJECTS.get(
            entry.subject_kind, entry.subject_kind.rpartition(".")[2].replace("_", " ").capitalize()
        ),
        subject_name=known.get(entry.subject, ""),
        subject_url=_subject_url(entry) if entry.subject in known else "",
        business_day=date_in_words(entry.business_at.astimezone(_LONDON).date()),
    )


def _details(codes: dict[str, Any], names: _Names) -> Iterator[str]:
    """What an entry's codes say, as far as there are words for them."""
    for name, words in (
        ("role", _role_label),
        ("hub", lambda code: names.hubs.get(code, "")),
        ("unit", lambda code: names.units.get(code, "")),
        ("reason", _reason_words),
        ("on", _on_words),
    ):
        value = codes.get(name)
        if isinstance(value, str) and (said := words(value)):
            yield said


def _role_label(code: str) -> str:
    try:
        return Role.of(code).facts.label
    except KeyError:
        return code


def _reason_words(code: str) -> str:
    try:
        return FactorLost.of(code).value
    except KeyError:
        return code.replace("_", " ").capitalize()


def _on_words(code: str) -> str:
    try:
        return f"on {date_in_words(date.fromisoformat(code))}"
    except ValueError:
        return ""


def _nobody(event: str) -> str:
    return "Somebody not signed in" if events.is_before_sign_in(event) else "The system"


def _subject_url(entry: Entry) -> str:
    return reverse("person" if entry.subject_kind == _ACCOUNT else "calendar-item", args=[entry.subject])


def counted(found: QuerySet[Entry]) -> tuple[int, bool]:
    """How many match, counted no further than a thousand, and whether there are more."""
    number = found.order_by()[: MOST_COUNTED + 1].count()
    return min(number, MOST_COUNTED), number > MOST_COUNTED


# The first part of an event's code, and under which heading the filter offers it.
_GROUPS = {
    "account": "Accounts",
    "audit": "Log",
    "duty": "Statutory calendar",
    "member": "People",
    "page": "Pages",
    "partnership": "Partnership",
}


def events_on_offer() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every event there is, in words, grouped for the filter."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, words in events.all_events().items():
        prefix = code.partition(".")[0]
        heading = _GROUPS.get(prefix, prefix.replace("_", " ").capitalize())
        groups.setdefault(heading, []).append((code, f"{words[:1].upper()}{words[1:]}"))
    return sorted((heading, sorted(offered, key=lambda pair: pair[1])) for heading, offered in groups.items())


def people_of_the_log(actor: Actor) -> list[tuple[str, str]]:
    """Everybody who ever worked in the partnership, for the filter. One query."""
    held = Membership.objects.filter(user=OuterRef("pk"), partnership=actor.partnership)
    return list(User.objects.filter(Exists(held)).order_by("name", "pk").values_list("public_id", "name"))


# --- Seals ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sealing:
    """How the log stands: its last seal, and how many of the reader's own entries wait for the next."""

    last: Seal | None
    unsealed: int
    more_unsealed: bool

    @property
    def head(self) -> str:
        return short(self.last.seal_hash) if self.last else ""


def short(value: bytes | memoryview) -> str:
    """The first sixteen digits of a hash, enough to compare by eye."""
    return bytes(value).hex()[:16]


def spaced(value: bytes | memoryview) -> str:
    """A whole hash in groups of eight digits, which a narrow screen can break."""
    text = bytes(value).hex()
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def sealing(actor: Actor) -> Sealing:
    """The last seal, and the count of unsealed entries (no further than a thousand). Two queries."""
    last = Seal.objects.order_by("-number").first()
    waiting = entries_visible_to(actor)
    if last is not None:
        waiting = waiting.filter(Q(era__gt=last.era) | Q(era=last.era, xid__gte=last.until_xid))
    number, more = counted(waiting)
    return Sealing(last, number, more)


def seal_over(entry: Entry) -> Seal | None:
    """The seal that covers this entry; None while it is not sealed yet."""
    return Seal.objects.filter(era=entry.era, from_xid__lte=entry.xid, until_xid__gt=entry.xid).first()


# --- As a file --------------------------------------------------------------------------------------------

HEADINGS = (
    "Number",
    "Real time",
    "Service’s time",
    "Who",
    "Account",
    "Agency",
    "What",
    "Event",
    "Kind",
    "Record",
    "Title",
    "Reference",
    "Why",
    "In words",
    "Request number",
    "Codes",
    "Hash",
)


def log_lines(found: QuerySet[Entry], actor: Actor) -> Iterator[list[Any]]:
    """The newest ten thousand matching entries as rows of a file, and a last row where more were left out."""
    rows = list(found.order_by("-id")[: MOST_EXPORTED + 1])
    yield list(HEADINGS)
    for row in in_words(rows[:MOST_EXPORTED], actor):
        entry = row.entry
        yield [
            entry.pk,
            entry.at.astimezone(_LONDON).isoformat(timespec="seconds"),
            entry.business_at.astimezone(_LONDON).isoformat(timespec="seconds"),
            row.who,
            entry.actor,
            row.agency,
            row.words,
            entry.event,
            row.kind,
            row.subject_words,
            row.subject_name,
            entry.subject,
            row.why,
            row.details,
            entry.request,
            codes_words(entry.codes),
            bytes(entry.row_hash).hex(),
        ]
    if len(rows) > MOST_EXPORTED:
        yield [
            f"Only the newest {MOST_EXPORTED:,} entries are in this file. Narrow the filters for the others."
        ]


def codes_words(codes: dict[str, Any]) -> str:
    """ "role: partner; on: 2018-08-28"."""
    return "; ".join(
        f"{name}: {code_words(value)}" for name, value in sorted(codes.items()) if value not in (None, "")
    )


def code_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
