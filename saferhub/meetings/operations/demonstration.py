"""Meetings of the demonstration: the Selby group with seats for the cast, a meeting that was held and whose minutes are
approved, one called at short notice whose minutes wait for the chair, and the next one with its agenda sent and some
answers. All invented, and written as anybody's work is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from saferhub.accounts.models import User
from saferhub.casework.models import Case
from saferhub.casework.operations.actions import owner_key
from saferhub.casework.operations.actions_doing import done
from saferhub.casework.operations.demonstration_couple import TITLE
from saferhub.casework.operations.demonstration_words import Telling
from saferhub.meetings import access
from saferhub.meetings.models import Ask, Attendance, Came, Group, Item, ItemKind, Meeting, Seat
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.queries.duties import bank_holidays

from . import asking, live, live_attendance, live_recording, live_words, minutes
from .calendar_inviting import invite
from .calendar_moving import cancel_meeting
from .calendar_seats import add_seat
from .items import put_on
from .opening import begin_preparing
from .planning import call_meeting, kind_of, make_groups, plan_ahead, proposed
from .sending import send_agenda

SEATS = (
    ("chris.chair", Seat.CHAIR),
    ("maya.manager", Seat.DEPUTY_CHAIR),
    ("mina.minutes", Seat.MINUTES),
    ("colin.coordinator", Seat.MEMBER),
    ("rachel.referrer", Seat.MEMBER),
    ("priya.partner", Seat.MEMBER),
    ("victor.voluntary", Seat.MEMBER),
)
_BEGAN = 62  # days back
_AHEAD = timedelta(days=355)
_PLACE = "Example Selby Civic Centre, room 2"
# Days from today that the next meeting is away at least: time for its agenda.
_ROOM = timedelta(days=7)
THEME = "Noise around the leisure centre"
_SHORT_NOTICE = 4  # days back
GATHERINGS = "Gatherings by the river on warm evenings"


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Tell it."""
    say("meeting")
    telling = Telling(people)
    for manager in ("maya.manager", "olivia.outsider"):
        with telling.acting(manager, _BEGAN) as by:
            make_groups(by=by, on=by.on)
    group = _seats(telling)
    last = _called(telling, group)
    with telling.acting("colin.coordinator", 1) as by:
        coming = plan_ahead(
            group_id=group.public_id, until=_known_until(telling), by=by, on=by.on, place=_PLACE
        )
    coming = [one for one in coming if one.on >= telling.today]
    with telling.acting("colin.coordinator", 0) as by:
        case_id = Case.objects.get(matter__title=TITLE).matter.public_id
    if last is not None:
        _held(telling, last, case_id)
    _short(telling, group)
    away = [one for one in coming if one.on >= telling.today + _ROOM]
    if away:
        for one in coming[: coming.index(away[0])]:
            with telling.acting("colin.coordinator", 1) as by:
                cancel_meeting(
                    meeting_id=one.public_id, reason="Half of us are on leave. What cannot wait goes by telephone.",
                    by=by, on=by.on, seen=one.version,
                )  # fmt: skip
        _next(telling, away[0], case_id)


def _called(telling: Telling, group: Group) -> Meeting | None:
    """The last meeting of the cycle before these days, called by itself: what lies further back is told elsewhere."""
    with telling.acting("colin.coordinator", _BEGAN) as by:
        kind = kind_of(group, by.on)
        assert kind.cycle is not None
        until = telling.today - timedelta(days=5)
        if until <= by.on:
            return None
        days = proposed(group, kind, until=until, on=by.on)
        if not days:
            return None
        return call_meeting(
            group_id=group.public_id, day=days[-1].on, starts_at=time.fromisoformat(kind.cycle.starts_at),
            minutes=kind.cycle.minutes, place=_PLACE, by=by, on=by.on,
        )  # fmt: skip


def _known_until(telling: Telling) -> date:
    """A year ahead, as far as the bank holidays are known."""
    return min(telling.today + _AHEAD, date(bank_holidays().last_year, 12, 31))


def _seats(telling: Telling) -> Group:
    with telling.acting("colin.coordinator", _BEGAN) as by:
        group = Group.objects.get(partnership=by.partnership, kind="maps", hub__code="selby")
        for username, seat in SEATS:
            user = telling.people[username]
            unit = actor_for(user, on=by.on).unit
            assert unit is not None
            add_seat(
                group_id=group.public_id,
                unit_id=unit.public_id,
                who=user.public_id,
                seat=seat,
                by=by,
                on=by.on,
            )
        return group


def _back(telling: Telling, day: date) -> int:
    return (telling.today - day).days


def _held(telling: Telling, meeting: Meeting, case_id: str) -> None:
    """From the agenda to the approved minutes."""
    back, one = _back(telling, meeting.on), meeting.public_id
    with telling.acting("colin.coordinator", back + 8) as by:
        begin_preparing(meeting_id=one, by=by, on=by.on)
        case = put_on(
            meeting_id=one, kind=ItemKind.CASE, matter_id=case_id, under="cases", minutes=10, by=by, on=by.on,
            why="Two nights a week became four.", brief="Is the plan enough, or does it need somebody new?",
        )  # fmt: skip
        theme = put_on(
            meeting_id=one, kind=ItemKind.THEME, title=THEME, under="themes", by=by, on=by.on,
            why="Three agencies hear of it and nobody has asked the centre.",
        )  # fmt: skip
        send_agenda(meeting_id=one, by=by, on=by.on)
    _answers(telling, meeting, back + 2, {
        "rachel.referrer": ("shared", "Eleven calls since March. The lock was changed on 2 August.", ""),
        "priya.partner": ("ask_me", "", ""),
    })  # fmt: skip
    with telling.acting("mina.minutes", back, time(10)) as by:
        live.begin_meeting(meeting_id=one, by=by, on=by.on)
        _attendance(by, meeting, {"victor.voluntary": Came.APOLOGIES}, telling)
    with telling.acting("mina.minutes", back, time(10, 4)) as by:
        live.focus_on(meeting_id=one, item_id=case.public_id, by=by)
    with telling.acting("mina.minutes", back, time(10, 17)) as by:
        action = _record(telling, by, meeting, case)
    with telling.acting("mina.minutes", back, time(10, 26)) as by:
        live_words.keep_words(
            meeting_id=one, item_id=theme.public_id, mark="demonstration-theme", sequence=1, by=by,
            text="The centre closes its car park at ten from September. We look again in October.",
        )  # fmt: skip
        live_recording.decide(
            meeting_id=one, item_id=theme.public_id, given=live_recording.Decided("noted", "", "all"),
            seen=live_recording.Decided().mark, by=by, on=by.on,
        )  # fmt: skip
        live.go_on(meeting_id=one, item_id=theme.public_id, by=by, on=by.on)
        live.end_meeting(meeting_id=one, by=by, on=by.on, put_off_rest=True)
    # On its day, which is the day of the meeting at short notice: the next agenda shows it as done since then.
    with telling.acting("priya.partner", min(back, _SHORT_NOTICE)) as by:
        done(action_id=action, evidence="Sam would go along; Rachel knows.", by=by, on=by.on)
    with telling.acting("chris.chair", max(back - 4, 0)) as by:
        seen = minutes.mark_of(minutes.waiting(by, meeting))
        minutes.approve_minutes(meeting_id=one, seen=seen, by=by, on=by.on)


def _short(telling: Telling, group: Group) -> None:
    """A meeting by video called for one thing; its minutes are drafted and wait for the chair."""
    day = telling.day(_SHORT_NOTICE)
    back = _back(telling, day)
    with telling.acting("colin.coordinator", back + 2) as by:
        meeting = call_meeting(
            group_id=group.public_id, day=day, starts_at=time(15), minutes=30, by=by, on=by.on,
            online="https://video.example/selby-hub",
        )  # fmt: skip
        one = meeting.public_id
        begin_preparing(meeting_id=one, by=by, on=by.on)
        item = put_on(
            meeting_id=one, kind=ItemKind.THEME, title=GATHERINGS, under="themes", minutes=15, by=by, on=by.on,
            why="Fires on two evenings, and the next warm ones come before we meet again.",
        )  # fmt: skip
        send_agenda(meeting_id=one, by=by, on=by.on)
    with telling.acting("mina.minutes", back, time(15)) as by:
        live.begin_meeting(meeting_id=one, by=by, on=by.on)
        _attendance(by, meeting, {"maya.manager": Came.APOLOGIES, "victor.voluntary": Came.ABSENT}, telling)
    with telling.acting("mina.minutes", back, time(15, 3)) as by:
        live.focus_on(meeting_id=one, item_id=item.public_id, by=by)
    with telling.acting("mina.minutes", back, time(15, 19)) as by:
        live_words.keep_words(
            meeting_id=one, item_id=item.public_id, mark="demonstration-short", sequence=1, by=by,
            text="Chris: a patrol on foot from six to ten while it stays warm.\n\n"
                 "Rachel: the wardens look in on their way home and write down what they find.\n\n"
                 "Priya: nobody known to the team is among them.",
        )  # fmt: skip
        live_recording.decide(
            meeting_id=one, item_id=item.public_id, seen=live_recording.Decided().mark, by=by, on=by.on,
            given=live_recording.Decided("go_on", "Patrols and wardens for three weeks; then we look again.", "all"),
        )  # fmt: skip
        live.go_on(meeting_id=one, item_id=item.public_id, by=by, on=by.on)
        live.end_meeting(meeting_id=one, by=by, on=by.on, put_off_rest=True)


def _record(telling: Telling, by: Actor, meeting: Meeting, item: Item) -> str:
    """What the minute-taker records of the case; the public_id of the action that is agreed."""
    one = meeting.public_id
    live_words.keep_words(
        meeting_id=one, item_id=item.public_id, mark="demonstration-case", sequence=1, by=by,
        text="Rachel: the contract was kept for nine nights, then not. Mrs Carrow sleeps badly.\n\n"
             "Priya: known until last year; would be seen if somebody he knows came along.",
    )  # fmt: skip
    live_recording.decide(
        meeting_id=one, item_id=item.public_id, seen=live_recording.Decided().mark, by=by, on=by.on,
        given=live_recording.Decided("change_plan", "A joint visit first; the injunction waits for it.", "all"),
    )  # fmt: skip
    priya = telling.people["priya.partner"]
    unit = actor_for(priya, on=by.on).unit
    assert unit is not None
    agreed = live_recording.agree_action(
        meeting_id=one, item_id=item.public_id, words="Find out who of the team he would see, and tell Rachel",
        who=owner_key(unit, priya), due_on=telling.day(_SHORT_NOTICE), mark="demonstration-action", by=by, on=by.on,
    )  # fmt: skip
    live.go_on(meeting_id=one, item_id=item.public_id, by=by, on=by.on)
    return agreed.action


def _attendance(by: Actor, meeting: Meeting, others: dict[str, str], telling: Telling) -> None:
    """Everybody came and acknowledged, but those named."""
    away = {telling.people[username].pk: came for username, came in others.items()}
    rows = access.parts_readable_by(by, Attendance).filter(meeting=meeting)
    live_attendance.record_attendance(
        meeting_id=meeting.public_id,
        given=[
            live_attendance.Recorded(
                row.public_id,
                away.get(row.user_id or 0, Came.PRESENT),
                row.user_id not in away,
                False,
                row.version,
            )
            for row in rows
        ],
        by=by,
    )


def _answers(telling: Telling, meeting: Meeting, back: int, given: dict[str, tuple[str, str, str]]) -> None:
    """What each of these returns on the first thing that her unit was asked."""
    for username, (answer, words, why) in given.items():
        with telling.acting(username, back) as by:
            waiting = access.parts_readable_by(by, Ask).filter(meeting=meeting, unit=by.unit, answer="")
            ask = waiting.order_by("id").first()
            if ask is not None:
                asking.answer(
                    meeting_id=meeting.public_id, ask_id=ask.public_id, answer=answer, words=words, why=why,
                    seen=ask.version, by=by, on=by.on,
                )  # fmt: skip


def _next(telling: Telling, meeting: Meeting, case_id: str) -> None:
    """The agenda that is sent, with some answers."""
    one = meeting.public_id
    with telling.acting("colin.coordinator", 1) as by:
        begin_preparing(meeting_id=one, by=by, on=by.on)
        put_on(
            meeting_id=one, kind=ItemKind.CASE, matter_id=case_id, under="cases", minutes=10, by=by, on=by.on,
            why="Judged high on 23 August.",
            brief="Agree that the risk is high, and whether to apply for an injunction.",
        )  # fmt: skip
        send_agenda(meeting_id=one, by=by, on=by.on)
        invite(meeting_id=one, by=by, on=by.on)
    _answers(telling, meeting, 0, {
        "rachel.referrer": ("shared", "Notice of seeking possession is drafted and not served.", ""),
        "priya.partner": ("ask_me", "", ""),
    })  # fmt: skip
