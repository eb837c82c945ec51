"""What minute-takers write: each in rows of her own, so that nobody overwrites anybody.

A page draws a mark and counts its saves under it. A page that goes on with what its reader wrote before takes that row
over, as long as nothing has been saved to it since the page was drawn; else it begins a row of its own, and both stand.
"""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Item, Words
from saferhub.meetings.rules.live import Save, save_of
from saferhub.partnership.access import Actor

from .live import check_recorded

LIMIT = 20_000
_MARK = re.compile(r"[A-Za-z0-9-]{8,40}")


@transaction.atomic
def keep_words(
    *,
    meeting_id: str,
    item_id: str,
    text: str,
    mark: str,
    sequence: int,
    by: Actor,
    continues: str = "",
    base: int = 0,
) -> Words | None:
    """Keep what the actor wrote on an item. `sequence` counts the saves under `mark`; `continues` and `base`: mark and
    number of her own row that the page was drawn with. None where nothing was written.

    Raises Http404 and NotAllowed as loading the item does; Refusal before the meeting begins and once its minutes are
    approved, and over 20,000 characters; Conflict `came_late`, changing nothing, for a save that came late.
    """
    meeting = access.get_meeting(by, meeting_id)
    item = access.get_item(by, meeting, item_id)
    item.meeting = meeting
    access.check_can_record(by, item)
    check_recorded(meeting)
    if len(text) > LIMIT:
        raise Refusal(
            "words_too_long",
            f"That is {len(text):,} characters, and at most {LIMIT:,} are kept for one item. Shorten it.",
        )
    if not _MARK.fullmatch(mark):
        raise Refusal("no_mark", "The page was not drawn by this service. Load it again.")
    assert by.user is not None
    mine = access.parts_readable_by(by, Words).filter(item=item, author=by.user)
    row = _row(mine, mark, continues, base)
    if row is None:
        return _first(item, mine, text=text, mark=mark, sequence=sequence, by=by)
    return _again(item, row, text=text, mark=mark, sequence=sequence, by=by)


def _row(mine: QuerySet[Words], mark: str, continues: str, base: int) -> Words | None:
    locked = mine.select_for_update(of=("self",))
    found = locked.filter(mark=mark).first()
    if found is None and continues:
        found = locked.filter(mark=continues, sequence=base).first()
    return found


def _first(
    item: Item, mine: QuerySet[Words], *, text: str, mark: str, sequence: int, by: Actor
) -> Words | None:
    if not text.strip():
        return None
    assert by.user is not None
    now = clock.now()
    try:
        with transaction.atomic():
            row = Words.objects.create(
                partnership_id=item.partnership_id,
                folder_id=item.folder_id,
                item=item,
                author=by.user,
                mark=mark,
                sequence=sequence,
                text=text,
                began_at=now,
                at=now,
            )
    except IntegrityError:  # the same press twice, at the same moment
        return _again(
            item,
            mine.select_for_update(of=("self",)).get(mark=mark),
            text=text,
            mark=mark,
            sequence=sequence,
            by=by,
        )
    _record(item, sequence, by)
    return row


def _again(item: Item, row: Words, *, text: str, mark: str, sequence: int, by: Actor) -> Words:
    kept = (row.sequence, row.text)
    counts = save_of(kept, sequence, text)
    if counts is Save.LATE:
        raise Conflict("came_late", "Something newer is kept already.")
    if counts is Save.SAME:
        return row
    now, before = clock.now(), row.at
    if text != row.text:
        row.text, row.at = text, now
    row.mark, row.sequence = mark, sequence
    row.save(update_fields=["mark", "sequence", "text", "at"])
    # Words are saved every second or two: one entry a minute tells who wrote where, and the row tells the rest.
    if row.at == now and now.replace(second=0, microsecond=0) > before:
        _record(item, sequence, by)
    return row


def _record(item: Item, sequence: int, by: Actor) -> None:
    audit.record("meetings.words_kept", item, by=by, meeting=item.meeting.public_id, sequence=sequence)
