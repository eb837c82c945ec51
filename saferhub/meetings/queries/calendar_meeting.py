"""What the page "When and where" of a meeting shows: cut-offs, how it was moved, who was invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saferhub.foundation.refusals import Refusal
from saferhub.meetings.access.asks import asks_visible_to
from saferhub.meetings.models import Invitation, Meeting, MeetingStatus
from saferhub.meetings.operations.calendar_inviting import known_people, newest_invitations, uninvited
from saferhub.meetings.queries.meeting_facts import cut_offs_of, is_before_called
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.queries.members import names_of

_SYSTEM = "The service"


@dataclass(frozen=True, slots=True)
class CutOff:
    """What must have happened by a day, and whether that day has passed; `is_before`: it lay before the day
    on which the meeting was called."""

    words: str
    day: date
    is_past: bool
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of the meeting: what happened, when, by whom, why."""

    title: str
    on: date
    by: str
    reason: str


def cut_offs(meeting: Meeting, on: date) -> list[CutOff]:
    """The cut-offs in the order of their days; nothing where the rules or the bank holidays do not say."""
    days = cut_offs_of(meeting)
    if days is None:
        return []
    pairs = [
        ("Agencies are asked what they hold", days.asks),
        ("A referral that is to be decided has come in", days.referrals),
        ("Agencies have answered", days.answers),
        ("The agenda is sent", days.agenda),
    ]
    return [
        CutOff(words, day, day < on, day < on and is_before_called(meeting, day))
        for words, day in sorted(pairs, key=lambda pair: pair[1])
    ]


def waits_for_answers(actor: Actor, meeting: Meeting) -> bool:
    """Whether an agency was asked what it holds and has not answered, as far as the actor sees. One query."""
    return asks_visible_to(actor, meeting).filter(answer="").exists()


def why_moved(meeting: Meeting) -> str:
    """Why the meeting is not on the day that the cycle gave: the bank holiday's name, or that it was moved."""
    if meeting.moved_from is None:
        return ""
    try:
        name = bank_holidays().name_of(meeting.moved_from)
    except Refusal:
        name = ""
    return name or "It was moved"


def moves(actor: Actor, meeting: Meeting) -> list[Moved]:
    """How the meeting came to stand as it does, the newest first. Two queries."""
    rows = list(meeting.moves.order_by("-id"))
    names = names_of((row.by for row in rows), actor)
    return [
        Moved(_title(row.from_status, row.to_status), row.on, names.get(row.by, _SYSTEM), row.reason)
        for row in rows
    ]


def _title(before: str, after: str) -> str:
    if before == after:
        return "Moved"
    if (before, after) == (MeetingStatus.RUNNING, MeetingStatus.SENT):
        return "Begun by mistake, and taken back"
    return MeetingStatus(after).label if after in MeetingStatus.values else after


@dataclass(frozen=True, slots=True)
class Invited:
    """For whoever prepares the meeting: what each person was sent last, and who has not got it as it stands."""

    rows: list[Invitation]
    waiting: list[str]


def invited(actor: Actor, meeting: Meeting) -> Invited:
    """Of those alone of whom the reader knows that they were to come. About seven queries."""
    known = known_people(meeting, actor)
    found = (row for number, row in newest_invitations(meeting).items() if number in known)
    rows = sorted(found, key=lambda one: one.to.name)
    return Invited(rows, sorted(one.name for one in uninvited(meeting, actor)))
