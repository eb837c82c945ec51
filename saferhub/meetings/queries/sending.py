"""Who sees what of an agenda that is to be sent: worked out once, for the page that shows it and the act."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import Max

from saferhub.foundation import clock
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemMove, ItemStatus, KeptFrom, Meeting
from saferhub.meetings.operations.planning import kind_of
from saferhub.meetings.operations.sight import Kept, Wanted, wanted_of
from saferhub.partnership.access import Actor
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Because, Folder, Interest, Revision, Sensitivity

from .grounds import why_not_asked
from .table import NO_MATTER, Place, Seated, people_at, purpose_of, table_of

SHOWN = (ItemStatus.ON, ItemStatus.DONE)
SENDING = "meetings.sending"  # what history calls one sending of an agenda


@dataclass(frozen=True, slots=True)
class Opening:
    """A folder that is to open: its items, for which purpose, who sits there, whom it is kept from, who sees it."""

    folder: Folder
    purpose: str
    items: tuple[Item, ...]
    table: tuple[Place, ...]
    kept: Kept
    wanted: tuple[Wanted, ...]

    def opens_at(self, place: Place) -> bool:
        """Whether anybody at this place is to see it. Whoever asks or counts looks here and not at `kept`, which holds
        only what the actor sees of whom it is kept from."""
        return any(one.at == place.unit.pk for one in self.wanted)

    def opens_to(self, place: Place, seated: Seated) -> bool:
        """Whether this person at this place is to see it: with her unit, or by name."""
        return any(
            (one.unit is not None and one.at == place.unit.pk and seated.is_within)
            or (one.user is not None and one.user.pk == seated.user.pk)
            for one in self.wanted
        )

    @property
    def is_the_meetings(self) -> bool:
        """Whether it is the meeting's own folder, in which items about no matter lie."""
        return all(one.matter_id is None for one in self.items)


def items_of(actor: Actor, meeting: Meeting) -> list[Item]:
    """Every item of a meeting that the actor sees, in order, whatever its status. One query."""
    rows = access.parts_readable_by(actor, Item).filter(meeting=meeting)
    return list(rows.select_related("folder__hub", "matter__unit__agency").order_by("order", "id"))


def openings(actor: Actor, meeting: Meeting, items: Iterable[Item]) -> list[Opening]:
    """Each folder in which one of these items lies, with who is to see it. About ten queries for each purpose."""
    kind = kind_of(meeting.group, meeting.on)
    gathered: dict[int, list[Item]] = {}
    for item in items:
        gathered.setdefault(item.folder_id, []).append(item)
    kept: dict[int, list[KeptFrom]] = {}
    rows = access.parts_readable_by(actor, KeptFrom).filter(item__meeting=meeting, lifted_on__isnull=True)
    for row in rows.select_related("item"):
        kept.setdefault(row.item.folder_id, []).append(row)
    narrowed = [one for one, lying in gathered.items() if lying[0].folder.sensitivity != Sensitivity.NORMAL]
    unseen = _kept_unseen(narrowed) if narrowed else set()
    tables: dict[tuple[str, int | None, int | None], list[Place]] = {}
    people: dict[int, list[Seated]] = {}
    found = []
    for number, lying in gathered.items():
        first, folder = lying[0], lying[0].folder
        purpose = purpose_of(first, kind.purpose) or NO_MATTER
        owner = first.matter.unit if first.matter is not None else None
        key = (purpose, folder.hub_id, owner.agency_id if owner is not None else None)
        if key not in tables:
            tables[key] = table_of(actor, meeting, purpose=purpose, hub=folder.hub, owner=owner)
            # The same units sit there for every purpose.
            people = people or people_at(actor, tables[key])
        # An item of the meeting's own folder cannot be kept from somebody who sits there: it is everybody's.
        whom = Kept.of(kept.get(number, ()), actor) if number != meeting.folder_id else Kept()
        wanted = wanted_of(folder, tables[key], people, whom)
        if folder.sensitivity != Sensitivity.NORMAL and (not whom or number in unseen):
            # It is kept from somebody, and the actor does not see from whom, or not from whom else: nobody is let in
            # by her.
            named = Interest.objects.filter(
                interests_live_on(clock.now()),
                folder=folder,
                sensitivity__gte=folder.sensitivity,
                because__in=[Because.MEETS, Because.NAMED],
            )
            sees = set(named.values_list("holder", flat=True))
            wanted = [one for one in wanted if one.holder in sees]
        found.append(Opening(folder, purpose, tuple(lying), tuple(tables[key]), whom, tuple(wanted)))
    return found


def _kept_unseen(folders: list[int]) -> set[int]:
    """Those of these folders that are kept from somebody in a row that the actor does not see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT folder FROM gate.kept_unseen(%s) folder", [folders])
        return {number for (number,) in cursor.fetchall()}


def sight_until(meeting: Meeting) -> datetime:
    """The moment at which those at the table no longer see the items: the end of a day, business time."""
    day = meeting.on + timedelta(days=kind_of(meeting.group, meeting.on).sight_days)
    return datetime.combine(day, time(23, 59, 59), tzinfo=clock.now().tzinfo)


@dataclass(slots=True)
class ForUnit:
    """What one unit will see: references in the order of the agenda, those it will see for the first time, those that
    nothing carries to it, and those that are kept from it. `grounds`: on which agreements and gateways it sees them;
    `why_not`: why nothing carries the others."""

    place: Place
    sees: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    grounds: list[str] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    whole: bool = False  # whether it sees what lies in the meeting's own folder


@dataclass(frozen=True, slots=True)
class Preview:
    """The page before an agenda is sent. `is_again`: whether it was sent before; `off`: references taken off since.
    `seen`: the mark of what is drawn here, for sending the agenda; `seen_asks`: the same for asking agencies."""

    units: list[ForUnit]
    items: int
    is_again: bool
    off: list[str]
    seen: str = ""
    seen_asks: str = ""

    @property
    def unreached(self) -> list[ForUnit]:
        return [one for one in self.units if one.unreached or not one.whole]


def mark_of(found: Iterable[Opening]) -> str:
    """What would open to whom, as the page before sending hands it back: each folder with its items, who is to see it
    on which agreement, and who is asked."""
    lines = sorted(
        repr(
            (
                one.folder.pk,
                sorted(item.pk for item in one.items),
                sorted(
                    (want.at, want.holder, want.ground.agreement.pk if want.ground is not None else 0)
                    for want in one.wanted
                ),
                sorted(place.unit.pk for place in one.table if place.is_asked and one.opens_at(place)),
            )
        )
        for one in found
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:20]


def words_of(item: Item) -> str:
    """How an item is cited: by its reference, or by its title where it is about no matter."""
    return item.reference or item.title


def preview(actor: Actor, meeting: Meeting) -> Preview:
    """What each unit at the table will see once the agenda is sent, beside what it sees now."""
    every = items_of(actor, meeting)
    shown = [one for one in every if one.status in SHOWN]
    units: dict[int, ForUnit] = {}
    found = openings(actor, meeting, shown)
    live = set(
        Interest.objects.filter(
            interests_live_on(clock.now()),
            folder__in=[one.folder.pk for one in found],
            because__in=[Because.MEETS, Because.NAMED],
        ).values_list("folder_id", "holder")
    )
    place_of = {item.pk: at for at, item in enumerate(shown)}
    for one in sorted(found, key=lambda found_: place_of[found_.items[0].pk]):
        for place in one.table:
            unit = units.setdefault(place.unit.pk, ForUnit(place))
            if one.is_the_meetings:
                unit.whole = place.is_reached
                continue
            cited = [words_of(item) for item in one.items]
            if place.unit.pk in one.kept.units:
                unit.kept += cited
            elif not place.is_reached:
                unit.unreached += cited
                said = why_not_asked(actor, place.unit, purpose=one.purpose, hub=one.folder.hub)
                unit.why_not += [said] if said and said not in unit.why_not else []
            elif one.opens_at(place):
                unit.sees += cited
                if place.ground is not None and place.ground.words not in unit.grounds:
                    unit.grounds.append(place.ground.words)
                holders = {want.holder for want in one.wanted if want.at == place.unit.pk}
                if holders and not any((one.folder.pk, holder) in live for holder in holders):
                    unit.fresh += cited
    sent = sent_before(meeting)
    return Preview(
        sorted(units.values(), key=lambda one: one.place.name),
        sum(bool(one.matter_id) for one in shown),
        sent is not None,
        [words_of(one) for one in _taken_off_since(actor, every, sent)] if sent is not None else [],
        mark_of(found),
        mark_of(one for one in found if not one.is_the_meetings),
    )


def sent_before(meeting: Meeting) -> Revision | None:
    """The last sending of an agenda; None before the first. It lies in the organisers' folder: that an agenda was sent
    again without a change that she sees would tell a reader of something that she does not see."""
    rows = Revision.objects.filter(folder=meeting.work_folder_id, kind=SENDING, subject=meeting.public_id)
    return rows.order_by("-number").first()


def last_move(actor: Actor, meeting: Meeting) -> int:
    """The number of the newest move among those of the meeting's items."""
    found = access.parts_readable_by(actor, ItemMove).filter(item__meeting=meeting).aggregate(last=Max("id"))
    return int(found["last"] or 0)


def _taken_off_since(actor: Actor, items: list[Item], sent: Revision) -> list[Item]:
    off = [one for one in items if one.status in (ItemStatus.REMOVED, ItemStatus.DEFERRED) and one.matter_id]
    moved = set(
        access.parts_readable_by(actor, ItemMove)
        .filter(
            item__in=off,
            id__gt=int(sent.values.get("last_move", 0)),
            to_status__in=[ItemStatus.REMOVED, ItemStatus.DEFERRED],
        )
        .values_list("item_id", flat=True)
    )
    return [one for one in off if one.pk in moved]
