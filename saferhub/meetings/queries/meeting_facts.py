"""The head of a meeting: when and where, how far it has come, what is asked of the reader, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from saferhub.foundation import clock
from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import Refusal, allows
from saferhub.meetings import access
from saferhub.meetings.access.asks import asks_of
from saferhub.meetings.models import MEETING_LIFECYCLE, Ask, Group, Meeting, MeetingStatus, MinutesPart
from saferhub.meetings.operations.asking import OPEN
from saferhub.meetings.operations.planning import called_on, kind_of
from saferhub.meetings.pack_sections import MeetingKind
from saferhub.meetings.rules.cycle import CutOffDays, cut_off_days
from saferhub.meetings.rules.when import hours
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.publication.models import VersionStatus

_OVER = (MeetingStatus.DRAFT, MeetingStatus.APPROVED, MeetingStatus.CANCELLED)
# Whose turn it is, where the lifecycle's own words would puzzle at the head of a page.
_WHOSE = {
    MeetingStatus.SENT: "Agencies answer what they are asked",
    MeetingStatus.APPROVED: "They are frozen",
}
_PREPARED = (MeetingStatus.PLANNED, MeetingStatus.PREPARING)
SHORT_NOTICE = "Called at short notice"
# Who approves what waits: a part may be kept from the chair, and its reader need not know that.
_APPROVE = "The chair, a deputy chair or the partnership’s manager"
_TONES = {
    MeetingStatus.PREPARING: "at_risk",
    MeetingStatus.SENT: "on_track",
    MeetingStatus.RUNNING: "on_track",
    MeetingStatus.DRAFT: "at_risk",
    MeetingStatus.APPROVED: "done",
    MeetingStatus.CANCELLED: "off_track",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: its words, who takes it, its day where there is one (by it, or `is_on` it), and its page where the
    reader takes it. `note`: why it has no day."""

    words: str
    who: str = ""
    due_on: date | None = None
    url: str = ""
    is_on: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for approval when the minutes count as approved, among what the reader sees of it and writes or
    approves: parts that were never approved, and corrections."""

    parts: int = 0
    corrections: int = 0

    def __bool__(self) -> bool:
        return bool(self.parts or self.corrections)

    @property
    def words(self) -> str:
        """ "1 part", "a correction"; both together are parts."""
        count = self.parts + self.corrections
        if self.parts:
            return "1 part" if count == 1 else f"{count} parts"
        return "a correction" if count == 1 else f"{count} corrections"

    @property
    def whose(self) -> str:
        said = f"{self.words[:1].upper()}{self.words[1:]}"
        return f"{said} {'waits' if self.parts + self.corrections == 1 else 'wait'} for approval"


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What stands above every page of a meeting. `asked`: what the reader's unit has still to answer, among what she
    sees; `asked_by` the first day on which an answer is due; `is_asked`: whether it was asked for anything;
    `is_open`: answers are still taken; `is_over`: it took place or does not."""

    on: date
    hours: str
    place: str
    online: str
    status: str
    tone: str
    whose: str
    asked: int
    asked_by: date | None
    is_asked: bool
    asks_url: str
    is_open: bool
    is_over: bool
    step: Step | None


def kind_or_none(group: Group, on: date) -> MeetingKind | None:
    """What the packs say of the group on a day; None where they say nothing. Asked once for each page."""

    def find() -> MeetingKind | None:
        try:
            return kind_of(group, on)
        except Refusal:
            return None

    return once(("meeting_kind", group.pk, on), find)


def cut_offs_of(meeting: Meeting) -> CutOffDays | None:
    """By when what must have happened; None beyond the calendar of bank holidays, or without rules for that day."""
    kind = kind_or_none(meeting.group, meeting.on)
    if kind is None:
        return None
    given = kind.cut_offs
    try:
        return cut_off_days(
            meeting.on,
            referrals=given.referrals,
            asks=given.asks,
            answers=given.answers,
            agenda=given.agenda,
            holidays=bank_holidays(),
        )
    except Refusal:
        return None


def is_before_called(meeting: Meeting, cut_off: date) -> bool:
    """Whether a cut-off lay before the day on which the meeting was called: nobody is late then. One query at most."""
    called = called_on(meeting)
    return called is not None and cut_off < called


def is_guest(actor: Actor, meeting: Meeting) -> bool:
    """Whether she knows of the meeting only because she is bidden to an item of it. Asked once for each page."""
    return once(("meeting_guest", actor, meeting.pk), lambda: access.is_guest(actor, meeting))


def facts_of(actor: Actor, meeting: Meeting) -> MeetingFacts:
    """The four facts. About eight queries; one more for whoever writes or approves minutes that are approved."""
    asks = _asks(actor, meeting)
    waiting = [one for one in asks if not one.answer]
    # Whoever prepares and records it takes each step but the last: minutes are approved by their approvers.
    is_written = meeting.status in (MeetingStatus.DRAFT, MeetingStatus.APPROVED)
    takes_it = (
        allows(access.check_can_approve, actor, meeting.group)
        if is_written
        else access.can_prepare(actor, meeting.group)
    )
    drafts = Waiting()
    if meeting.status == MeetingStatus.APPROVED and (takes_it or access.can_prepare(actor, meeting.group)):
        drafts = _drafts(actor, meeting)
    return MeetingFacts(
        on=meeting.on,
        hours=hours(meeting.starts_at, meeting.minutes),
        place=meeting.place,
        online=meeting.online,
        status=meeting.get_status_display(),
        tone="at_risk" if drafts else _TONES.get(MeetingStatus(meeting.status), "not_started"),
        whose=drafts.whose
        if drafts
        else _WHOSE.get(
            MeetingStatus(meeting.status), MEETING_LIFECYCLE.owners[MeetingStatus(meeting.status)]
        ),
        asked=len(waiting),
        asked_by=min((one.due_on for one in waiting), default=None),
        is_asked=bool(asks),
        asks_url=reverse("meeting-asks", args=[meeting.public_id]) if asks else "",
        is_open=meeting.status in OPEN,
        is_over=meeting.status in _OVER,
        step=_step(meeting, takes_it=takes_it, drafts=drafts),
    )


def _asks(actor: Actor, meeting: Meeting) -> list[Ask]:
    if meeting.folder_id is None:
        return []
    return list(asks_of(actor, meeting).only("id", "answer", "due_on"))


def _drafts(actor: Actor, meeting: Meeting) -> Waiting:
    """The drafts among the parts that she sees. One query."""
    rows = access.parts_readable_by(actor, MinutesPart).filter(meeting=meeting, status=VersionStatus.DRAFT)
    corrects = list(rows.order_by().values_list("corrects", flat=True))
    corrections = sum(one is not None for one in corrects)
    return Waiting(len(corrects) - corrections, corrections)


def _step(meeting: Meeting, *, takes_it: bool, drafts: Waiting) -> Step | None:
    """What comes next: for whoever takes it a step with its page, for everybody else who does and by when. `drafts`:
    what waits of minutes that are approved otherwise."""
    if drafts:
        words, url = f"Approve {drafts.words}", reverse("meeting-minutes", args=[meeting.public_id])
        return Step(words, url=url) if takes_it else Step(words, who=_APPROVE)
    days = cut_offs_of(meeting)
    one = meeting.public_id
    if meeting.status == MeetingStatus.PLANNED:
        words, due, name = "Begin the agenda", days.asks if days else None, "meeting-agenda"
    elif meeting.status == MeetingStatus.PREPARING:
        words, due, name = "Send the agenda", days.agenda if days else None, "meeting-agenda"
    elif meeting.status == MeetingStatus.SENT:
        words, due, name = "Hold the meeting", meeting.on, "meeting-run"
    elif meeting.status == MeetingStatus.RUNNING:
        words, due, name = "Record each item, then close the meeting", None, "meeting-run"
    elif meeting.status == MeetingStatus.DRAFT:
        words, due, name = "Approve the minutes", None, "meeting-minutes"
    else:
        return None
    note = ""
    if (
        meeting.status in _PREPARED
        and due is not None
        and due < clock.today()
        and is_before_called(meeting, due)
    ):
        due, note = None, SHORT_NOTICE
    is_on = meeting.status == MeetingStatus.SENT
    if takes_it:
        # A step of its day: until then its page is in the sub-navigation, and nothing invites to begin the meeting.
        is_early = is_on and meeting.on > clock.today()
        return Step(
            words, due_on=due, url="" if is_early else reverse(name, args=[one]), is_on=is_on, note=note
        )
    # Agencies answer while the agenda is out; who holds the meeting is who takes the next step.
    takes = MeetingStatus.RUNNING if meeting.status == MeetingStatus.SENT else MeetingStatus(meeting.status)
    return Step(words, who=MEETING_LIFECYCLE.owners[takes], due_on=due, is_on=is_on, note=note)
