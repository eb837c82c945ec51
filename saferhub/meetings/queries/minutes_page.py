"""How the minutes of a meeting stand, for the page of that name: parts, who approved them, what came later, copies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from saferhub.foundation.refusals import allows
from saferhub.meetings import access
from saferhub.meetings.models import Copy, Item, ItemKind, Meeting, MeetingStatus, Member, MinutesPart
from saferhub.meetings.operations import minutes as operations
from saferhub.meetings.operations.calendar_inviting import known_people
from saferhub.meetings.operations.copies import ACTIONS, KINDS, MAIL, MINUTES, PACK, PAGE, PDF, WORD
from saferhub.meetings.rules import minutes as rules
from saferhub.partnership.access import Actor, Permission, Role
from saferhub.partnership.models import Agency, Membership
from saferhub.partnership.queries.members import names_of
from saferhub.publication.drawing.files import FORMATS
from saferhub.publication.models import VersionStatus
from saferhub.releases.access import check_can_release
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Revision

from . import minutes_copy, papers
from .minutes_recorded import items_of, said_at
from .table import units_below

MOST_COPIES = 50
FORMS = {PAGE: "page", WORD: "Word", PDF: "PDF"}
_PREPARE = [role.code for role in Role if Permission.PREPARE_MEETINGS in role.facts.permissions]
_OVER = (MeetingStatus.DRAFT, MeetingStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in the list: what it is of, how it stands, where it is changed."""

    title: str
    status: str
    tone: str
    number: str
    approved_by: str
    approved_at: datetime | None
    approved_why: str
    later: int
    url: str
    edit_url: str = ""
    correct_url: str = ""
    give_url: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An agency's sheet of actions: its page, and its files."""

    agency: str
    url: str
    files: list[tuple[str, str]]


@dataclass(frozen=True)
class Stand:
    """What the page shows. `can_read`: something of them is approved, so a copy can be had; `missing`: items that this
    reader writes about and that have no part yet, or a meeting that has none; `has_agenda`: she sees some of its
    agenda."""

    rows: list[PartRow]
    can_read: bool
    can_draft: bool
    can_approve: bool
    waiting: int
    later: int
    missing: int
    has_agenda: bool
    sheets: list[Sheet]
    files: list[tuple[str, str]]
    copies: list[tuple[str, str, str, datetime]]


def stand_of(actor: Actor, meeting: Meeting) -> Stand:
    """How they stand for this reader. About seventeen queries."""
    parts = minutes_copy.parts_of(actor, meeting)
    known = minutes_copy.standing(parts)
    writes = minutes_copy.reads_drafts(actor, meeting)
    items = items_of(actor, meeting) if writes else []
    rows = _rows(actor, meeting, known, items) if writes else []
    prepares = access.can_prepare(actor, meeting.group)
    lacking = [one for one in items if one.folder_id != meeting.folder_id and one.pk not in known]
    return Stand(
        rows=rows,
        can_read=any(one.published is not None for one in known.values()),
        can_draft=prepares and meeting.status in _OVER,
        can_approve=meeting.status in _OVER and allows(access.check_can_approve, actor, meeting.group),
        waiting=sum(one.status == VersionStatus.DRAFT for one in parts),
        later=sum(one.later for one in rows),
        missing=(len(lacking) + (None not in known)) if prepares and meeting.status in _OVER else 0,
        has_agenda=bool(items) or (meeting.folder_id is not None and papers.has_agenda(actor, meeting)),
        sheets=[sheet(meeting, one) for one in papers.agencies_with_actions(actor, meeting)],
        files=files_of(meeting, MINUTES),
        copies=_copies(actor, meeting) if prepares else [],
    )


def files_of(meeting: Meeting, kind: str, agency: str = "") -> list[tuple[str, str]]:
    """Where a paper's files are to be had: address and words."""
    asked = f"?agency={agency}" if agency else ""
    return [
        (reverse("meeting-paper-file", args=[meeting.public_id, kind, code]) + asked, one.words)
        for code, one in FORMATS.items()
    ]


def sheet(meeting: Meeting, agency: Agency) -> Sheet:
    """Where an agency's sheet of actions is."""
    url = reverse("meeting-paper", args=[meeting.public_id, ACTIONS])
    return Sheet(agency.name, f"{url}?agency={agency.code}", files_of(meeting, ACTIONS, agency.code))


def _rows(
    actor: Actor,
    meeting: Meeting,
    known: dict[int | None, minutes_copy.Standing],
    items: Collection[Item],
) -> list[PartRow]:
    own = [one for one in items if one.folder_id == meeting.folder_id]
    said = said_at(actor, items)
    order = {None: -1} | {one.pk: place for place, one in enumerate(items)}
    people = names_of((one.newest.approved_by for one in known.values()), actor)
    giving = _may_give(actor, items)
    made = []
    for one in sorted(known.values(), key=lambda one: order.get(one.item, len(order))):
        part = one.newest
        lying = own if one.item is None else [item for item in items if item.pk == one.item]
        is_draft = part.status == VersionStatus.DRAFT
        later = operations.later_words(part, [row for item in lying for row in said.get(item.pk, ())])
        may = allows(operations.check_can_write, actor, part)
        made.append(
            PartRow(
                title=_title(part),
                status=_status(part),
                tone="at_risk" if is_draft else "done",
                number=part.number,
                approved_by=people.get(part.approved_by, ""),
                approved_at=part.approved_at,
                approved_why=part.approved_why,
                later=len(later) if is_draft and part.corrects_id is None else 0,
                url=_url("meeting-minutes-part", meeting, part),
                edit_url=_url("meeting-minutes-edit", meeting, part) if is_draft and may else "",
                correct_url=_url("meeting-minutes-correct", meeting, part) if not is_draft and may else "",
                give_url=_url("meeting-minutes-give", meeting, part)
                if not is_draft and part.item is not None and part.item.matter_id in giving
                else "",
            )
        )
    return made


def _may_give(actor: Actor, items: Collection[Item]) -> set[int]:
    """The matters of these items of which she may let something leave. One query."""
    matters = {
        one.matter_id
        for one in items
        if one.matter_id is not None and one.kind in (ItemKind.CASE, ItemKind.CLOSURE, ItemKind.REFERRAL)
    }
    rows = matters_visible_to(actor).filter(pk__in=matters)
    rows = rows.select_related("folder", "partnership", "hub", "unit__agency")
    return {one.pk for one in rows if allows(check_can_release, actor, one)}


def _url(name: str, meeting: Meeting, part: MinutesPart) -> str:
    return reverse(name, args=[meeting.public_id, part.public_id])


def _title(part: MinutesPart) -> str:
    if part.item is None:
        return "The meeting itself"
    return f"{part.item.reference}: {part.item.title}" if part.item.reference else part.item.title


def _status(part: MinutesPart) -> str:
    if part.status == VersionStatus.DRAFT:
        return "Correction in draft" if part.corrects_id is not None else "Draft"
    return "Approved"


def _takers(actor: Actor, meeting: Meeting) -> Q:
    """Copies of those of whom the reader knows that they know of the meeting: whoever was to come, the units with a
    seat, and those who prepare meetings. Five queries."""
    seats = set(Member.objects.filter(group=meeting.group_id).values_list("unit", flat=True))
    units = {one for seat in seats for one in units_below(actor, seat)}
    staff = Membership.objects.filter(Q(role__in=_PREPARE) | Q(hub__isnull=False, hub=meeting.group.hub_id))
    staff = staff.filter(partnership=meeting.partnership_id)
    return Q(to__in=known_people(meeting, actor)) | Q(unit__in=units) | Q(to__in=staff.values("user"))


def _copies(actor: Actor, meeting: Meeting) -> list[tuple[str, str, str, datetime]]:
    """Who took what, the newest first. No version stands here, nor who was told by mail, for it may have been of an
    item or a part that the reader does not see; nor what was taken by a guest of one that she does not see."""
    rows = (
        Copy.objects.filter(_takers(actor, meeting), meeting=meeting, kind__in=KINDS)
        .exclude(form=MAIL)
        .select_related("to", "unit__agency")
        .order_by("-id")[:MOST_COPIES]
    )
    names = {**KINDS, PACK: "Pack"}
    return [
        (
            f"{row.to.name}, {row.unit.agency.name}",
            names.get(row.kind, row.kind),
            FORMS.get(row.form, row.form),
            row.at,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Version:
    """One edit of a part, as history keeps it."""

    number: int
    who: str
    at: datetime
    texts: list[tuple[str, str]]

    @property
    def title(self) -> str:
        return f"Edit {self.number}, {self.who}"


@dataclass(frozen=True)
class PartHistory:
    """A part with everything that was typed for it and every edit of it."""

    title: str
    part: MinutesPart
    said: list[tuple[str, list[rules.Said]]]
    versions: list[Version]

    @property
    def number(self) -> str:
        return f"Version {self.part.number}"


def history_of(actor: Actor, meeting: Meeting, part: MinutesPart) -> PartHistory:
    """What each minute-taker typed, and every version of the part, the newest first. Five queries."""
    items = [
        one
        for one in items_of(actor, meeting)
        if (one.pk == part.item_id if part.item_id is not None else one.folder_id == meeting.folder_id)
    ]
    said = said_at(actor, items)
    kept = list(
        Revision.objects.filter(kind=part._meta.label_lower, subject=part.public_id).order_by("-number")
    )
    people = names_of((one.by for one in kept), actor)
    headings: dict[str, Any] = rules.headings_of(part.document())
    return PartHistory(
        title=_title(part),
        part=part,
        said=[(one.title, said[one.pk]) for one in items if said.get(one.pk)],
        versions=[
            Version(
                one.number,
                people.get(one.by, "Somebody"),
                one.at,
                [
                    (headings.get(name.removeprefix("text_"), ""), str(value))
                    for name, value in one.values.items()
                    if value
                ],
            )
            for one in kept
        ],
    )
