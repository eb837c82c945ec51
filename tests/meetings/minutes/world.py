"""A meeting of Selby's group that was held: two cases, the second of which may be kept from somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from saferhub.casework.models import Case
from saferhub.casework.operations.actions import owner_key
from saferhub.meetings import access
from saferhub.meetings.models import Attendance, Came, Item, ItemKind, Meeting, MinutesPart
from saferhub.meetings.operations import keeping, live, live_attendance, live_recording, live_words, minutes
from saferhub.meetings.operations.items import put_on
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.meetings.operations.sending import send_agenda
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.entering import entered
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.queries.handover import deciding
from tests.builders.casework import a_case, actor, unit_of
from tests.meetings.calendar.group import a_group, a_meeting

Cast = dict[str, Any]
CHRIS, COLIN, MINA, MAYA = "chris.chair", "colin.coordinator", "mina.minutes", "maya.manager"
PRIYA, RACHEL, VICTOR = "priya.partner", "rachel.referrer", "victor.voluntary"
SEATS = (CHRIS, MINA, COLIN, PRIYA, RACHEL)
SAID, HIDDEN = "He would be seen if Sam came along.", "This is for some alone."


@dataclass
class Held:
    """The meeting, its items by name, its cases."""

    cast: Cast
    meeting: Meeting
    items: dict[str, Item] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.meeting.public_id

    def parts(self, username: str = COLIN) -> dict[str, MinutesPart]:
        """The newest version of each part that somebody finds, by the name of its item; "" for the meeting's own."""
        names = {item.pk: name for name, item in self.items.items()}
        with entered(self.cast[username]):
            by = actor(self.cast, username)
            rows = access.parts_readable_by(by, MinutesPart).filter(meeting=self.meeting)
            return {
                names.get(one.item_id or 0, ""): one for one in rows.select_related("folder").order_by("id")
            }

    def approve(self, username: str = CHRIS) -> list[MinutesPart]:
        with entered(self.cast[username]):
            by = actor(self.cast, username)
            seen = minutes.mark_of(minutes.waiting(by, self.meeting))
            return minutes.approve_minutes(meeting_id=self.id, seen=seen, by=by, on=by.on)


def running(cast: Cast, *, kept_from: str = "", by: str = COLIN) -> Held:
    """The agenda is sent and the meeting begun; everybody came and acknowledged. `kept_from`: who must not learn of
    the second case."""
    group = a_group(cast, *SEATS)
    held = Held(cast, a_meeting(cast, group, days=10))
    held.cases = {
        "one": a_case(cast, title="Shouting in the stairwell"),
        "two": a_case(cast, title="Fires at night"),
    }
    with entered(cast[by]):
        who = actor(cast, by)
        begin_preparing(meeting_id=held.id, by=who, on=who.on)
        for name, case in held.cases.items():
            held.items[name] = put_on(
                meeting_id=held.id, kind=ItemKind.CASE, matter_id=case.matter.public_id, under="cases",
                why=f"Due, {name}.", by=who, on=who.on,
            )  # fmt: skip
        if kept_from:
            keeping.keep_from(
                meeting_id=held.id, item_id=held.items["two"].public_id, user_id=cast[kept_from].public_id,
                why="Somebody close to the chair is in it.", by=who, on=who.on,
            )  # fmt: skip
        send_agenda(meeting_id=held.id, by=who, on=who.on)
        live.begin_meeting(meeting_id=held.id, by=who, on=who.on, another_day=True)
        everybody_came(held, who)
    return held


def everybody_came(held: Held, by: Actor) -> None:
    rows = access.parts_readable_by(by, Attendance).filter(meeting=held.meeting)
    live_attendance.record_attendance(
        meeting_id=held.id,
        given=[
            live_attendance.Recorded(one.public_id, Came.PRESENT, True, False, one.version) for one in rows
        ],
        by=by,
    )


def say(held: Held, username: str, item: str, text: str, *, mark: str = "", sequence: int = 1) -> None:
    """What somebody types on an item."""
    with entered(held.cast[username]):
        by = actor(held.cast, username)
        live_words.keep_words(
            meeting_id=held.id, item_id=held.items[item].public_id, text=text, by=by, sequence=sequence,
            mark=mark or f"mark-{username.replace('.', '-')}-{item}"[:40],
        )  # fmt: skip


def ended(cast: Cast, *, kept_from: str = "", texts: dict[str, str] | None = None) -> Held:
    """The same, recorded and ended: a decision and an action of Priya's on the first case, words on both."""
    held = running(cast, kept_from=kept_from)
    for name, text in (texts or {"one": SAID, "two": HIDDEN}).items():
        say(held, COLIN, name, text)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        first = held.items["one"].public_id
        live_recording.decide(
            meeting_id=held.id, item_id=first, given=live_recording.Decided("go_on", "The plan stands.", "all"),
            seen=live_recording.Decided().mark, by=by, on=by.on,
        )  # fmt: skip
        live_recording.agree_action(
            meeting_id=held.id, item_id=first, words="Ask Sam", due_on=by.on + timedelta(days=7), by=by, on=by.on,
            who=owner_key(unit_of(cast, PRIYA), cast[PRIYA]), mark="world-action",
        )  # fmt: skip
        for name in ("one", "two"):
            live.go_on(meeting_id=held.id, item_id=held.items[name].public_id, by=by, on=by.on)
        live.end_meeting(meeting_id=held.id, by=by, on=by.on, put_off_rest=True)
    return held


def to_scarborough(cast: Cast, case: Case) -> None:
    """Hand the case to another hub; whoever had an interest in it has none any more."""
    with entered(cast[COLIN]):
        by, matter = actor(cast, COLIN), case.matter
        hub = Hub.objects.get(code="scarborough", partnership=by.partnership)
        interests = deciding(by, matter, hub, matter.unit)
        hand_over(
            matter_id=matter.public_id, to_hub=hub, to_unit=matter.unit, reason="They have moved.", by=by, on=by.on,
            decisions={one.standing.public_id: "end" for one in interests},
        )  # fmt: skip


def approved(cast: Cast, **more: Any) -> Held:
    """The same with the minutes that the chair approved."""
    held = ended(cast, **more)
    held.approve()
    return held
