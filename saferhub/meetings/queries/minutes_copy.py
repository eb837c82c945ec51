"""A reader's copy of the minutes: put together from the parts that she may read, numbered for that copy alone.

Until the chair has approved a part, only those who prepare or approve the group's minutes read it. A copy holds no
count of anything: neither of parts, nor of versions that its reader does not see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from saferhub.foundation.refusals import allows
from saferhub.meetings import access
from saferhub.meetings.models import Item, Meeting, MinutesPart
from saferhub.meetings.rules import minutes as rules
from saferhub.meetings.rules.minutes import ForWhom, Piece
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus

from .minutes_recorded import is_heading, items_of
from .minutes_writers import approvals_of

IN_HAND = (VersionStatus.DRAFT, VersionStatus.APPROVED)
DRAFT = "Draft, not approved"


def reads_drafts(actor: Actor, meeting: Meeting) -> bool:
    """Whether she writes or approves these minutes, and so reads them before they are approved."""
    return access.can_prepare(actor, meeting.group) or allows(access.check_can_approve, actor, meeting.group)


def parts_of(actor: Actor, meeting: Meeting) -> list[MinutesPart]:
    """Every version of every part that she may read, the oldest first; those in hand only where she writes or
    approves. One query."""
    rows = (
        access.parts_readable_by(actor, MinutesPart)
        .filter(meeting=meeting)
        .exclude(status=VersionStatus.WITHDRAWN)
    )
    if not reads_drafts(actor, meeting):
        rows = rows.exclude(status__in=IN_HAND)
    found = list(rows.select_related("folder", "item__folder", "item__matter", "corrects").order_by("id"))
    for one in found:
        one.meeting = meeting
        if one.item is not None:
            one.item.meeting = meeting
    return found


@dataclass(frozen=True)
class Standing:
    """The part of one item, or of the meeting (`item` None): the version in force, and the one in hand."""

    item: int | None
    published: MinutesPart | None
    in_hand: MinutesPart | None

    @property
    def newest(self) -> MinutesPart:
        found = self.in_hand or self.published
        assert found is not None
        return found


def standing(parts: Iterable[MinutesPart]) -> dict[int | None, Standing]:
    """Which version of each part is in force, and which is being written, by item."""
    found: dict[int | None, tuple[MinutesPart | None, MinutesPart | None]] = {}
    for part in parts:
        published, in_hand = found.get(part.item_id, (None, None))
        if part.status == VersionStatus.PUBLISHED:
            published = part
        elif part.status in IN_HAND:
            in_hand = part
        found[part.item_id] = (published, in_hand)
    return {item: Standing(item, *pair) for item, pair in found.items() if any(pair)}


@dataclass(frozen=True)
class MinutesCopy:
    """A copy: its document, the number it bears, the parts it was put together from, the items it tells of."""

    document: Document
    number: str
    parts: tuple[MinutesPart, ...]
    items: tuple[Item, ...]


def copy_of(actor: Actor, meeting: Meeting, *, in_hand: bool = False) -> MinutesCopy | None:
    """What she may read of a meeting's minutes, as one document; None where nothing of them is there for her.

    `in_hand`: with drafts and corrections in hand in the place of what is in force, for whoever writes or approves.
    Four queries, however many items.
    """
    known = standing(parts_of(actor, meeting))
    chosen = {
        item: one.newest if in_hand else one.published or (one.in_hand if _is_first(one) else None)
        for item, one in known.items()
    }
    shown = [part for part in chosen.values() if part is not None]
    if not shown:
        return None
    items = items_of(actor, meeting)
    approved = _approved(actor, shown)
    before = _document(actor, chosen, items, approved, corrected=False)
    after = _document(actor, chosen, items, approved, corrected=True)
    made = rules.with_notices(before, after, [part.correction for part in shown])
    return MinutesCopy(made, rules.newest(one.number for one in shown), tuple(shown), tuple(items))


def _is_first(one: Standing) -> bool:
    """Whether the part in hand is its first version: a reader of drafts has nothing else of it."""
    return one.published is None


def _approved(actor: Actor, shown: Sequence[MinutesPart]) -> str:
    """Who approved what stands in a copy, and when, in words: everybody who approved a part of it; nothing for a draft.

    Of a part that its reader does not see nobody is named.
    """
    parts = approvals_of(shown)
    if not parts:
        return ""
    names = names_of((one.approved_by for one in parts), actor)
    said = []
    for one in parts:
        assert one.approved_at is not None
        name = names.get(one.approved_by, "")
        day = date_in_words(timezone.localtime(one.approved_at).date())
        said.append(f"by {name} on {day}" if name else f"on {day}")
    return "approved " + (" and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0])


def _document(
    actor: Actor,
    chosen: dict[int | None, MinutesPart | None],
    items: Sequence[Item],
    approved: str,
    *,
    corrected: bool,
) -> Document:
    """The copy as it stands, or as it stood before the corrections that it holds."""

    def written(part: MinutesPart) -> Document:
        return part.document() if corrected or part.corrects is None else part.corrects.document()

    pieces = []
    for item in items:
        part = chosen.get(item.pk)
        pieces.append(
            Piece(
                item=item.public_id,
                heading=_heading(item),
                is_heading=is_heading(item),
                document=written(part) if part is not None else None,
            )
        )
    shown = [part for part in chosen.values() if part is not None]
    is_draft = any(part.status in IN_HAND for part in shown)
    whom = ForWhom(
        name=actor.user.name if actor.user is not None else "",
        agency=actor.agency.name if actor.agency is not None else "",
        version=rules.newest(one.number for one in shown),
        status=DRAFT if is_draft else "",
        approved=approved,
    )
    own = chosen.get(None)
    # A guest comes for her item, and reads nothing of the meeting itself.
    frame = written(own) if own is not None else replace(written(shown[0]), sections=())
    return rules.composed(frame, pieces, whom)


def _heading(item: Item) -> str:
    title = item.title.strip() or item.get_kind_display()
    return f"{item.reference}: {title}" if item.reference else title


def folders_told_of(items: Collection[Item]) -> list[int]:
    """The folders whose people a paper about these items may tell of: the items' own and those of their matters."""
    return sorted(
        {one.folder_id for one in items} | {one.matter.folder_id for one in items if one.matter is not None}
    )
