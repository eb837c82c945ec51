"""What agencies are asked before a meeting, and what they answer. Each unit has a row for each item; its people share
it. Silence stays silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import refuse_if
from saferhub.meetings import access
from saferhub.meetings.access.asks import asks_of, check_can_answer, get_ask_for_update
from saferhub.meetings.models import Answered, Ask, Meeting, MeetingStatus
from saferhub.meetings.queries.sending import Opening
from saferhub.meetings.rules import asks as rules
from saferhub.partnership.access import Actor
from saferhub.sharing.operations.folders import check_seen, revise

from .items import cut_offs

# An answer can be given, corrected and taken back until the meeting begins.
OPEN = (MeetingStatus.PREPARING, MeetingStatus.SENT)


def values_of(ask: Ask) -> dict[str, object]:
    """What an answer says, by field of its form, as history keeps it."""
    return {"answer": ask.answer, "words": ask.answer_words, "why": ask.declined_why}


def ask_of(meeting: Meeting, found: Iterable[Opening], *, by: Actor, on: date) -> int:
    """Ask each unit at the table about each item that it sees, once. Returns how many were asked anew.

    The caller has opened the items to them. Whoever only observes is not asked, nor is a unit at which
    nobody is to see it: nothing carries it there, or it is kept from them. An answer is due on the cut-off, or today
    where that has passed.
    """
    cut_off = cut_offs(meeting).answers
    before = list(access.parts_readable_by(by, Ask).filter(meeting=meeting))
    asked = {(one.item_id, one.unit_id) for one in before}
    for one in before:
        # Where the meeting was moved, the day by which an answer is due moves with it.
        if not one.answer and one.due_on != max(cut_off, one.asked_on):
            one.due_on = max(cut_off, one.asked_on)
            one.save(update_fields=["due_on"])
    made = Ask.objects.bulk_create(
        Ask(
            partnership_id=meeting.partnership_id,
            folder_id=item.folder_id,
            item=item,
            meeting=meeting,
            agency=place.unit.agency,
            unit=place.unit,
            asked_on=on,
            due_on=max(cut_off, on),
        )
        for opening in found
        for item in opening.items
        if item.matter_id is not None
        for place in opening.table
        if place.is_asked and opening.opens_at(place) and (item.pk, place.unit.pk) not in asked
    )
    if made:
        audit.record("meetings.asked", meeting, by=by, asks=len(made))
    return len(made)


@transaction.atomic
def answer(
    *,
    meeting_id: str,
    ask_id: str,
    answer: str,
    words: str = "",
    why: str = "",
    seen: int,
    by: Actor,
    on: date,
) -> Ask:
    """Keep what her unit answers to one thing that it was asked, or correct it. Sent twice it is the same answer.

    Raises NotAllowed unless she is of the unit that was asked; Conflict unless `seen` is its newest version; Refusal
    once the meeting has begun, for what is shared without words, and for what is declined without a reason.
    """
    ask = get_ask_for_update(by, access.get_meeting(by, meeting_id), ask_id)
    check_can_answer(by, ask)
    refuse_if(rules.answer_refusals(answer=answer, words=words, why=why, is_open=ask.meeting.status in OPEN))
    kept = {
        "answer": answer,
        "words": words.strip() if answer == Answered.SHARED else "",
        "why": why.strip() if answer == Answered.DECLINED else "",
    }
    if values_of(ask) == kept:
        return ask
    check_seen(ask, seen)
    first = not ask.answer
    _keep(ask, kept, by=by)
    audit.record(
        "meetings.answered" if first else "meetings.answer_corrected",
        ask,
        by=by,
        answer=answer,
        version=ask.version,
    )
    return ask


def _keep(ask: Ask, values: dict[str, str], *, by: Actor) -> None:
    ask.answer, ask.answer_words, ask.declined_why = values["answer"], values["words"], values["why"]
    ask.answered_at = clock.now() if ask.answer else None
    ask.answered_by = by.public_id if ask.answer else ""
    ask.version += 1
    ask.save(
        update_fields=["answer", "answer_words", "declined_why", "answered_at", "answered_by", "version"]
    )
    revise(ask, folder=ask.folder, values=values_of(ask), by=by)


@transaction.atomic
def take_back(*, meeting_id: str, ask_id: str, seen: int, by: Actor, on: date) -> Ask:
    """Take an answer back, so that it is open again. Raises NotAllowed, Conflict, and Refusal once the meeting has
    begun."""
    ask = get_ask_for_update(by, access.get_meeting(by, meeting_id), ask_id)
    check_can_answer(by, ask)
    if not ask.answer:
        return ask
    refuse_if(
        rules.answer_refusals(answer=Answered.NOTHING, words="", why="", is_open=ask.meeting.status in OPEN)
    )
    check_seen(ask, seen)
    _keep(ask, {"answer": "", "words": "", "why": ""}, by=by)
    audit.record("meetings.answer_taken_back", ask, by=by, version=ask.version)
    return ask


@transaction.atomic
def nothing_for_the_rest(*, meeting_id: str, shown: Collection[str], by: Actor, on: date) -> int:
    """Answer “nothing held” to each of these (public_ids) that her unit has not answered. Only what she was shown is
    answered: something that was asked meanwhile stays open. Returns how many."""
    meeting = access.get_meeting(by, meeting_id)
    rows = [one for one in asks_of(by, meeting).filter(answer="").order_by("id") if one.public_id in shown]
    for one in rows:
        answer(
            meeting_id=meeting_id,
            ask_id=one.public_id,
            answer=Answered.NOTHING,
            seen=one.version,
            by=by,
            on=on,
        )
    return len(rows)
