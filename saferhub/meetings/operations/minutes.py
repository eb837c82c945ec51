"""Minutes: drafted from what was recorded, edited by the minute-taker, approved by the chair, corrected by a new
version with a notice.

A part lies in its item's folder, so that whoever must not learn of an item writes, reads and approves nothing of it: an
excluded chair approves what she sees, and a deputy chair or the manager the rest. Whoever wrote some of it has somebody
else approve it, or says why not: the reason stays with the version. A meeting's minutes count as
approved with its own part, which everybody at the table sees: nothing tells of a part that is still a draft elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal, allows
from saferhub.meetings import access
from saferhub.meetings.models import Item, Meeting, MeetingStatus, MinutesPart
from saferhub.meetings.queries import minutes_copy
from saferhub.meetings.queries.minutes_recorded import (
    AtTheMeeting,
    acknowledged_words,
    attendance,
    came_in_words,
    head_of,
    items_of,
    quorum_words,
    recorded,
    unseen_at,
)
from saferhub.meetings.queries.minutes_writers import BY_HAND, TAKEN, by_hand, written_by
from saferhub.meetings.rules import minutes as rules
from saferhub.partnership.access import Actor
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.publication.operations import versions
from saferhub.publication.rules.versions import corrected
from saferhub.sharing.operations.folders import check_seen, revise

from .copies import MINUTES, check_paper
from .planning import move_meeting

HELD = (MeetingStatus.RUNNING, MeetingStatus.DRAFT, MeetingStatus.APPROVED)


def get_part(actor: Actor, meeting: Meeting, public_id: str) -> MinutesPart:
    """A part of this meeting's minutes, as its readers or writers may. Raises Http404, hidden or missing."""
    for one in minutes_copy.parts_of(actor, meeting):
        if one.public_id == public_id:
            return one
    raise Http404


def check_can_write(actor: Actor, part: MinutesPart) -> None:
    """Raise NotAllowed unless she writes the minutes of this part: she prepares the meeting, and sees its item by
    more than an emergency."""
    if part.item is not None:
        access.check_can_record(actor, part.item)
    else:
        access.check_can_prepare(actor, part.meeting.group)


# --- Drafting ---------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_minutes(*, meeting_id: str, by: Actor, on: date) -> list[MinutesPart]:
    """Draft a part for the meeting and for each item that the actor sees, or take into a draft what was recorded
    since. What is in force stays; a draft that nobody has edited is written anew, an edited one gets what came later
    below what stands. What she does not see of a case (its actions, its risk) stays as it is. Returns the parts that it
    made or changed.

    Raises NotAllowed unless the actor prepares the meeting, Refusal for one that has not been held.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status not in HELD:
        raise Refusal("not_held", "The meeting has not been held, so there is nothing to write down.")
    there = attendance(by, meeting)
    items = [one for one in items_of(by, meeting) if allows(access.check_can_record, by, one)]
    found = recorded(by, meeting, items, there)
    known = minutes_copy.standing(minutes_copy.parts_of(by, meeting))
    own = [one for one in items if one.folder_id == meeting.folder_id]
    unseen = unseen_at(by, items) if known else []
    changed = [_draft(meeting, None, known.get(None), [found[one.pk] for one in own], there, unseen, by=by)]
    for item in items:
        if item.folder_id != meeting.folder_id:
            changed.append(_draft(meeting, item, known.get(item.pk), [found[item.pk]], there, unseen, by=by))
    made = [one for one in changed if one is not None]
    audit.record("meetings.minutes_drafted", meeting, by=by, parts=len(made))
    return made


def _draft(
    meeting: Meeting,
    item: Item | None,
    known: minutes_copy.Standing | None,
    found: Sequence[rules.Recorded],
    there: AtTheMeeting,
    unseen: Collection[str],
    *,
    by: Actor,
) -> MinutesPart | None:
    taken = {said.key: said.until.isoformat() for one in found for said in one.said}
    if known is None:
        document = _document(meeting, item, found, there, {})
        part = versions.draft_version(
            model=MinutesPart,
            number=rules.FIRST,
            document=document,
            figures={TAKEN: taken},
            by=by.public_id,
            at=clock.now(),
            partnership_id=meeting.partnership_id,
            folder_id=item.folder_id if item is not None else meeting.folder_id,
            meeting=meeting,
            item=item,
        )
        _keep(part, by=by)
        return part
    if known.in_hand is None or known.in_hand.status != VersionStatus.DRAFT or known.published is not None:
        return None
    part = known.in_hand
    before = part.document()
    texts: dict[str, str] = {}
    if part.figures.get(BY_HAND):
        # Somebody has written in it: what stands is kept, what came later stands below.
        stood, had = rules.texts_of(before), part.figures.get(TAKEN, {})
        for one in found:
            later = [said for said in one.said if had.get(said.key) != said.until.isoformat()]
            key = one.item.lower()
            texts[key] = "\n\n".join(text for text in (stood.get(key, ""), rules.draft_text(later)) if text)
    document = rules.with_unseen(_document(meeting, item, found, there, texts), before, unseen)
    if document == before and part.figures.get(TAKEN, {}) == taken:
        return None
    part = versions.rewrite_draft(
        version=part, seen=part.content_hash, document=document, figures={**part.figures, TAKEN: taken}
    )
    # Whoever has it open finds both versions when she saves.
    return _risen(part, by=by)


def _document(
    meeting: Meeting,
    item: Item | None,
    found: Sequence[rules.Recorded],
    there: AtTheMeeting,
    texts: Mapping[str, str],
) -> Document:
    head = head_of(meeting, there.members)
    written = [
        (one, texts.get(one.item.lower(), rules.draft_text(one.said, taken_by=head.taken_by)))
        for one in found
    ]
    if item is not None:
        return rules.part_of_item(head, *written[0])
    return rules.part_of_meeting(
        head,
        came=came_in_words(there.members),
        confidentiality=meeting.confidentiality,
        acknowledged=acknowledged_words(there.members),
        quorum=quorum_words(meeting, there.members),
        items=written,
    )


def later_words(part: MinutesPart, said: Sequence[rules.Said]) -> list[rules.Said]:
    """What was typed at the items of a draft and does not stand in it yet."""
    had = part.figures.get(TAKEN, {})
    return [one for one in said if one.text.strip() and had.get(one.key) != one.until.isoformat()]


# --- Editing ----------------------------------------------------------------------------------------------------


def values_of(part: MinutesPart) -> dict[str, Any]:
    """What was said at each item of a part, by field of its form."""
    return {f"text_{item}": text for item, text in rules.texts_of(part.document()).items()}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix("text_"): str(value) for name, value in values.items() if name.startswith("text_")
    }


def _keep(part: MinutesPart, *, by: Actor) -> None:
    revise(part, folder=part.folder, values=values_of(part), by=by)


def _risen(part: MinutesPart, *, by: Actor) -> MinutesPart:
    part.version += 1
    part.save(update_fields=["version"])
    _keep(part, by=by)
    return part


def _part_for_update(by: Actor, meeting_id: str, part_id: str) -> tuple[Meeting, MinutesPart]:
    # The meeting first: whoever edits, drafts and approves takes turns there.
    meeting = access.get_meeting_for_update(by, meeting_id)
    part = get_part(by, meeting, part_id)
    check_can_write(by, part)
    return meeting, part


@transaction.atomic
def edit_part(
    *, meeting_id: str, part_id: str, values: Mapping[str, Any], by: Actor, seen: int
) -> MinutesPart:
    """Write what was said in a draft. What each minute-taker typed stays as she typed it.

    Raises NotAllowed unless the actor writes these minutes, Conflict `changed_meanwhile` unless `seen` is the newest
    version, Refusal `not_a_draft`.
    """
    meeting, part = _part_for_update(by, meeting_id, part_id)
    check_seen(part, seen)
    before = part.document()
    after = rules.with_texts(replace(before, correction=None), _texts(values))
    if rules.texts_of(after) == rules.texts_of(before):
        return part
    if part.corrects is not None and before.correction is not None:
        after = corrected(
            part.corrects.document(), after, title=before.correction.title, text=before.correction.text
        )
    part = versions.rewrite_draft(
        version=part, seen=part.content_hash, document=after, figures=by_hand(part.figures, by)
    )
    _risen(part, by=by)
    audit.record("meetings.minutes_edited", part, by=by, meeting=meeting.public_id, version=part.version)
    return part


# --- Approving --------------------------------------------------------------------------------------------------


def waiting(actor: Actor, meeting: Meeting) -> list[MinutesPart]:
    """The drafts that wait for approval, among what the actor sees."""
    return [one for one in minutes_copy.parts_of(actor, meeting) if one.status == VersionStatus.DRAFT]


def mark_of(parts: Sequence[MinutesPart]) -> str:
    """What was read, as the page of approval hands it back: each part with the hash of its content."""
    return ".".join(f"{one.public_id}-{one.content_hash[:16]}" for one in parts)


@transaction.atomic
def approve_minutes(*, meeting_id: str, seen: str, by: Actor, on: date, why: str = "") -> list[MinutesPart]:
    """Approve every draft that the actor sees, as she read it (`seen`: its mark), and freeze it. `why`: where she wrote
    some of it, the reason why nobody else approves it.

    Raises NotAllowed unless she chairs the group, deputises or keeps the partnership's meetings; Refusal where nothing
    waits, and `own_words` where she wrote some of it and says no reason; Conflict `changed_meanwhile`; PaperStopped
    where something protected stands in what she approves.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_approve(by, meeting.group)
    if meeting.status not in (MeetingStatus.DRAFT, MeetingStatus.APPROVED):
        raise Refusal("not_ended", "The meeting is not over yet. Close it first, then approve its minutes.")
    drafts = waiting(by, meeting)
    if not drafts:
        raise Refusal("nothing_waits", "No minutes wait for your approval.")
    if mark_of(drafts) != seen:
        raise Conflict(
            "changed_meanwhile", "Somebody changed the minutes since you read them. Read them again first."
        )
    own = {one.pk for one in written_by(by, drafts)}
    if own and not why.strip():
        raise Refusal(
            "own_words",
            "You wrote some of these minutes yourself. Have somebody else approve them, or say why you do.",
        )
    copy = minutes_copy.copy_of(by, meeting, in_hand=True)
    if copy is None:
        raise NotAllowed("not_drafted", "The minutes are not drafted yet.")
    check_paper(copy.document, copy.items, meeting=meeting, kind=MINUTES, by=by)
    done = [_approved(one, by=by, why=why.strip() if one.pk in own else "") for one in drafts]
    if meeting.status == MeetingStatus.DRAFT and any(one.item_id is None for one in done):
        meeting.status = MeetingStatus.APPROVED
        meeting.version += 1
        meeting.save(update_fields=["status", "version"])
        move_meeting(meeting, MeetingStatus.DRAFT, MeetingStatus.APPROVED, by=by, on=on)
    audit.record(
        "meetings.minutes_approved",
        meeting,
        by=by,
        parts=[one.public_id for one in done],
        own=[one.public_id for one in done if one.approved_why],
    )
    return done


def _approved(part: MinutesPart, *, by: Actor, why: str) -> MinutesPart:
    at, read = clock.now(), part.content_hash
    part = versions.approve_version(version=part, seen=read, by=by.public_id, at=at, approved_why=why)
    return versions.publish_version(version=part, seen=read, by=by.public_id, at=at)


# --- Correcting -------------------------------------------------------------------------------------------------


@transaction.atomic
def correct_part(
    *, meeting_id: str, part_id: str, values: Mapping[str, Any], notice: str, by: Actor, seen: str
) -> MinutesPart:
    """Draft a new version of an approved part, with a notice that says what was wrong and what is right. What is in
    force stays until the chair approves the new one. `seen`: the hash of what was corrected.

    Raises NotAllowed unless the actor writes these minutes; Conflict `changed_meanwhile`; Refusal `not_published`,
    `nothing_corrected`, or `corrected_already` where a correction waits for approval.
    """
    meeting, part = _part_for_update(by, meeting_id, part_id)
    known = minutes_copy.standing(minutes_copy.parts_of(by, meeting)).get(part.item_id)
    if known is not None and known.in_hand is not None and known.published is not None:
        raise Refusal("corrected_already", "A correction waits for approval. Change that one instead.")
    if not notice.strip():
        raise Refusal("no_notice", "Say what was wrong and what is right.")
    before = part.document()
    made = versions.correct_version(
        version=part,
        seen=seen,
        number=rules.next_number(part.number),
        document=rules.with_texts(replace(before, correction=None), _texts(values)),
        # Whose words stood there before was approved with them: what counts is who corrects.
        figures=by_hand({**part.figures, BY_HAND: []}, by),
        title="Corrected",
        notice=notice,
        by=by.public_id,
        at=clock.now(),
        partnership_id=part.partnership_id,
        folder_id=part.folder_id,
        meeting=meeting,
        item=part.item,
    )
    _keep(made, by=by)
    audit.record("meetings.minutes_corrected", made, by=by, meeting=meeting.public_id, number=made.number)
    return made
