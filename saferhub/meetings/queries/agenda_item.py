"""One item of an agenda as its reader sees it: what it is about, who is in it, what agencies returned, what was agreed
and decided before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from saferhub.accounts.models import Status
from saferhub.casework import access as casework
from saferhub.casework.models import WAITING, Case, Involved, Referral
from saferhub.casework.queries.actions import Row, row_of
from saferhub.foundation.templatetags.words import plain_date
from saferhub.meetings import access
from saferhub.meetings.access.asks import asks_visible_to
from saferhub.meetings.models import (
    Answered,
    Ask,
    Attendance,
    Came,
    Item,
    ItemKind,
    ItemStatus,
    KeptFrom,
    Meeting,
)
from saferhub.meetings.operations.items import default_people, nameable
from saferhub.meetings.operations.sight import Kept
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Membership
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person
from saferhub.people.queries.protecting import tags_of
from saferhub.sharing.access import folders_readable_by
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.models import Enclosure, Matter

from .table import NO_MATTER, WORKING, members_on, table_of, unit_name

MOST_FOUND = 40
SILENT = "silent"
_MARKS = {
    Answered.NOTHING: ("no_target", "Nothing held"),
    Answered.SHARED: ("done", "Held, and shared here"),
    Answered.ASK_ME: ("at_risk", "Held: ask them"),
    Answered.DECLINED: ("refused", "Declined"),
}


@dataclass(frozen=True, slots=True)
class InItem:
    """A person named on an item, as what, where the reader may know, and what protects her."""

    person: Person
    part: str
    url: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """What one agency returned: how it stands, as a status mark, and its words. Silence is shown as silence."""

    who: str
    mark: str
    mark_words: str
    words: str
    ask: Ask

    @property
    def is_silent(self) -> bool:
        return not self.ask.answer


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier item about the same matter: when, and what was decided."""

    on: date
    words: str
    decision: str
    url: str


def people_on(actor: Actor, item: Item) -> list[InItem]:
    """Those named on an item whose records the reader may see. Five queries at most."""
    within = Enclosure.objects.filter(outer=item.folder_id, ended_at__isnull=True).values("inner")
    folders = folders_readable_by(actor).filter(pk__in=within, kind="person").values_list("pk", flat=True)
    persons = list(Person.objects.filter(folder__in=list(folders)).order_by("name", "id"))
    if not persons:
        return []
    parts: dict[int, list[str]] = {}
    if item.matter_id is not None:
        roles = {
            one.code: str(one.item.name)
            for one in in_force.entries(actor.partnership, "case_roles", actor.on)
        }
        rows = casework.parts_readable_by(actor, Involved).filter(
            matter=item.matter_id, person__in=persons, ended_on__isnull=True
        )
        for number, role in rows.values_list("person_id", "role"):
            parts.setdefault(number, []).append(roles.get(role, ""))
    tags = tags_of(actor, [one.pk for one in persons])
    return [
        InItem(
            one,
            ", ".join(dict.fromkeys(word for word in parts.get(one.pk, ()) if word)),
            reverse("known-person", args=[one.public_id]),
            tuple(tags.get(one.pk, ())),
        )
        for one in persons
    ]


def returned_on(actor: Actor, item: Item) -> list[Returned]:
    """What each agency that was asked returned, the silent ones last. One query."""
    rows = asks_visible_to(actor, item.meeting).filter(item=item, person__isnull=True)
    found = [
        returned(one, actor.on)
        for one in rows.select_related("unit__agency").order_by("unit__agency__name", "id")
    ]
    return sorted(found, key=lambda one: one.is_silent)


def returned(ask: Ask, on: date) -> Returned:
    """One answer in words."""
    if not ask.answer:
        late = ask.due_on < on
        said = f"Not answered, due {plain_date(ask.due_on)}" if late else "Not answered yet"
        return Returned(unit_name(ask.unit), "late" if late else "not_started", said, "", ask)
    mark, said = _MARKS[Answered(ask.answer)]
    return Returned(unit_name(ask.unit), mark, said, ask.answer_words or ask.declined_why, ask)


def actions_of(actor: Actor, item: Item) -> list[Row]:
    """Open actions of the case, and what ended in the last weeks, as far as the reader sees the case. One query."""
    if item.matter_id is None:
        return []
    rows = (
        casework.actions_visible_to(actor)
        .filter(case__matter=item.matter_id)
        .select_related("owner", "owner_unit__agency")
        .order_by("ended_on", "due_on", "id")
    )
    found = [row_of(one, actor.on) for one in rows]
    return [row for row in found if row.action.is_open] + [row for row in found if not row.action.is_open][
        -5:
    ]


def before(actor: Actor, item: Item) -> list[Before]:
    """What earlier meetings said of the same matter, the newest first. One query beside that for the packs."""
    if item.matter_id is None:
        return []
    rows = (
        access.parts_readable_by(actor, Item)
        .filter(matter=item.matter_id, meeting__on__lt=item.meeting.on, status=ItemStatus.DONE)
        .select_related("meeting__group")
        .order_by("-meeting__on", "-id")[:10]
    )
    names = decision_names(actor, item.meeting.on)
    return [
        Before(
            one.meeting.on,
            one.decision_words,
            names.get(one.decision, ""),
            reverse("item", args=[one.meeting.public_id, one.public_id]),
        )
        for one in rows
    ]


def decision_names(actor: Actor, on: date) -> dict[str, str]:
    """What each decision is called, by its code. One query."""
    return {
        one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "meeting_decisions", on)
    }


def matter_url(actor: Actor, item: Item) -> str:
    """The page of the case or referral, where the reader sees that itself; "" else. One query."""
    if item.matter_id is None:
        return ""
    if item.kind == ItemKind.REFERRAL:
        found = (
            casework.referrals_visible_to(actor)
            .filter(matter=item.matter_id)
            .values_list("matter__public_id")
            .first()
        )
        return reverse("referral", args=[found[0]]) if found else ""
    found = (
        casework.cases_visible_to(actor)
        .filter(matter=item.matter_id)
        .values_list("matter__public_id")
        .first()
    )
    return reverse("case", args=[found[0]]) if found else ""


def band_of(actor: Actor, item: Item) -> str:
    """The band of the case, where the reader sees it. One query."""
    if item.matter_id is None or item.kind == ItemKind.REFERRAL:
        return ""
    return (
        casework.cases_visible_to(actor).filter(matter=item.matter_id).values_list("band", flat=True).first()
        or ""
    )


# --- For whoever prepares it ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptRow:
    """From whom an item is kept, in words."""

    row: KeptFrom
    whom: str


def kept_on(actor: Actor, item: Item) -> list[KeptRow]:
    """From whom an item is kept now, and who declared an interest. One query."""
    rows = access.parts_readable_by(actor, KeptFrom).filter(item=item, lifted_on__isnull=True)
    return [
        KeptRow(
            one,
            unit_name(one.unit) if one.unit is not None else one.user.name if one.user is not None else "",
        )
        for one in rows.select_related("unit__agency", "user")
    ]


def guests_of(actor: Actor, item: Item) -> list[Attendance]:
    """Who is bidden to this item alone. One query."""
    rows = access.parts_readable_by(actor, Attendance).filter(folder=item.folder_id, seat="guest")
    return list(rows.exclude(came=Came.ABSENT).select_related("user", "unit__agency").order_by("id"))


def could_be_kept(actor: Actor, meeting: Meeting, item: Item) -> list[tuple[str, list[tuple[str, str]]]]:
    """From whom an item can be kept: units at the table, people with a seat, whoever sees it now; not the actor, nor
    whoever it is kept from already."""
    kept = Kept.of(access.parts_readable_by(actor, KeptFrom).filter(item=item, lifted_on__isnull=True), actor)
    places = table_of(actor, meeting, purpose=item.matter.purpose if item.matter is not None else NO_MATTER)
    own = actor.unit.pk if actor.unit is not None else 0
    units = [
        (f"unit:{one.unit.public_id}", one.name) for one in places if one.unit.pk not in (own, *kept.units)
    ]
    people = {
        user.pk: (f"user:{user.public_id}", f"{user.name}, {place.unit.agency.name}")
        for place in places
        for seat in place.seats
        for user in (seat.user, seat.deputy)
        if user is not None and not kept.covers(user.pk, place.unit.pk)
    }
    for seer in seers_of(item.folder):
        if not kept.covers(seer.user.pk, seer.unit.pk):
            people.setdefault(
                seer.user.pk, (f"user:{seer.user.public_id}", f"{seer.user.name}, {seer.unit.agency.name}")
            )
    if actor.user is not None:
        people.pop(actor.user.pk, None)
    return [
        ("Agencies", sorted(units, key=lambda one: one[1])),
        ("People", sorted(people.values(), key=lambda one: one[1])),
    ]


def could_be_guests(actor: Actor, meeting: Meeting) -> list[tuple[str, str]]:
    """People of the partnership who work on cases and have no seat in the group, by agency. Two queries."""
    seated = {
        one for seat in members_on(meeting) for one in (seat.user_id, seat.deputy_id) if one is not None
    }
    rows = (
        Membership.objects.in_force_on(actor.on)
        .filter(partnership=actor.partnership, user__status=Status.ACTIVE, role__in=WORKING)
        .exclude(user__in=seated)
        .select_related("user", "unit__agency")
        .order_by("unit__agency__name", "user__name", "valid_from", "id")
    )
    found = {row.user_id: (row.user.public_id, f"{row.user.name}, {row.unit.agency.name}") for row in rows}
    return list(found.values())


def people_to_name(actor: Actor, matter: Matter) -> tuple[list[tuple[str, str]], list[str]]:
    """The people in a matter who can be named on its item, as choices, and those named beforehand."""
    chosen = default_people(actor, matter)
    offered = [(one.public_id, one.name) for one in nameable(actor, matter)]
    return offered, [one for one, _ in offered if one in chosen]


# --- What can be put on ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CanBePut:
    """A case or referral that was found, and why it cannot be put on, where it cannot. `back_url`: where it is put
    back, if it was taken off this agenda."""

    held: Case | Referral
    kind: str
    why_not: str
    back_url: str = ""

    @property
    def matter(self) -> Matter:
        return self.held.matter


def found_to_put(actor: Actor, meeting: Meeting, numbers: Iterable[int]) -> list[CanBePut]:
    """Cases and referrals of the hub among these matters (numbers), which the actor sees. Three queries."""
    numbers = list(numbers)[:MOST_FOUND]
    stands: set[int | None] = set()
    off: dict[int | None, str] = {}
    for one in access.parts_readable_by(actor, Item).filter(meeting=meeting, matter__in=numbers):
        if one.status in (ItemStatus.REMOVED, ItemStatus.DEFERRED):
            off[one.matter_id] = reverse("item-put-back", args=[meeting.public_id, one.public_id])
        else:
            stands.add(one.matter_id)
    cases = casework.cases_visible_to(actor).filter(matter__in=numbers).select_related("matter", "hub")
    referrals = (
        casework.referrals_visible_to(actor).filter(matter__in=numbers).select_related("matter", "hub")
    )
    given: list[tuple[Case | Referral, str, bool]] = [(one, "case", one.is_open) for one in cases]
    given += [(one, "referral", one.status in WAITING) for one in referrals]
    found = []
    for held, kind, is_open in given:
        why_not = _why_not(held, meeting, held.matter_id in stands, is_open)
        found.append(CanBePut(held, kind, why_not, "" if why_not else off.get(held.matter_id, "")))
    place = {number: at for at, number in enumerate(numbers)}
    return sorted(found, key=lambda one: (bool(one.why_not), place.get(one.held.matter_id, 0)))


def _why_not(held: Case | Referral, meeting: Meeting, stands: bool, is_open: bool) -> str:
    if stands:
        return "It stands on this agenda already"
    if held.sensitivity:
        return "It is restricted: it is spoken of among those named in it"
    if held.hub_id is None or meeting.hub_id not in (None, held.hub_id):
        return f"It belongs to {held.hub.name}" if held.hub is not None else "It belongs to no hub"
    if not is_open:
        return "It is closed" if isinstance(held, Case) else "It is decided or withdrawn"
    return ""
