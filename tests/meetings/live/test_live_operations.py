"""A meeting begins, moves, decides, agrees actions, ends: who may, what is kept, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.casework.models import Action
from saferhub.casework.operations.actions import owner_key
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Item, ItemAction, ItemMove, Meeting, MeetingMove
from saferhub.meetings.operations import live
from saferhub.meetings.operations.live_attendance import add_present
from saferhub.meetings.operations.live_recording import Decided, agree_action, decide, decided_of
from saferhub.meetings.operations.live_words import keep_words
from saferhub.meetings.queries import live_items, live_people
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Revision
from tests.builders.casework import actor, unit_of
from tests.builders.meetings import a_meeting

from .running import (
    CHRIS,
    COLIN,
    MAYA,
    MINA,
    PRIYA,
    SEATS,
    Cast,
    Running,
    a_running_meeting,
    act,
    comes,
    entries,
    read,
    record,
    row_of,
)

pytestmark = pytest.mark.django_db
STRANGERS = ("nadia.neighbour", "fergus.former", "olivia.outsider", "ada.admin")


@pytest.fixture
def run(cast: Cast) -> Running:
    return a_running_meeting(cast, cases=2)


def refused(code: str, kind: type[Refusal] = Refusal) -> Any:
    return pytest.raises(kind, check=lambda refusal: refusal.code == code)


def focus(cast: Cast, run: Running) -> str:
    return str(read(cast, run.meeting).focus)


# --- Beginning and ending ------------------------------------------------------------------------------------------


def test_a_meeting_begins_at_its_first_item_once(cast: Cast, run: Running) -> None:
    stands = read(cast, run.meeting)
    assert (stands.status, stands.began_at is not None) == ("running", True)
    with entered(cast[COLIN]):
        first = Item.objects.get(public_id=stands.focus)
        assert (first.code, first.began_at) == ("welcome", stands.began_at)
        assert list(
            MeetingMove.objects.filter(meeting=run.meeting, to_status="running").values_list("by")
        ) == [(cast[COLIN].public_id,)]
    again = act(cast, CHRIS, live.begin_meeting, meeting_id=run.meeting.public_id)
    assert (again.began_at, again.version) == (stands.began_at, stands.version)
    assert entries("meetings.begun", run.meeting) == 1


def test_a_meeting_does_not_begin_before_its_agenda_is_sent(cast: Cast) -> None:
    run = a_running_meeting(cast, begun=False)
    with entered(cast[MAYA]):
        Meeting.objects.filter(pk=run.meeting.pk).update(status="preparing")
    with refused("agenda_not_sent"):
        act(cast, COLIN, live.begin_meeting, meeting_id=run.meeting.public_id)


def test_on_another_day_than_was_planned_a_meeting_begins_once_that_is_said(cast: Cast) -> None:
    made = a_meeting(cast, days=16, members=SEATS)
    with refused("another_day"):
        act(cast, COLIN, live.begin_meeting, meeting_id=made.meeting.public_id)
    assert (read(cast, made.meeting).status, entries("meetings.begun", made.meeting)) == ("sent", 0)
    act(cast, COLIN, live.begin_meeting, meeting_id=made.meeting.public_id, another_day=True)
    assert read(cast, made.meeting).status == "running"


def test_a_meeting_that_was_begun_by_mistake_waits_again(cast: Cast, run: Running) -> None:
    record(cast, run, PRIYA, "present")
    back = act(cast, CHRIS, live.not_begun, meeting_id=run.meeting.public_id)
    assert (back.status, back.began_at, back.focus, back.focus_since) == ("sent", None, "", None)
    with entered(cast[COLIN]):
        assert not Item.objects.filter(meeting=run.meeting, began_at__isnull=False).exists()
        move = MeetingMove.objects.filter(meeting=run.meeting).latest("id")
        assert (move.from_status, move.to_status) == ("running", "sent")
    assert row_of(cast, run, PRIYA).came == "present"
    act(cast, CHRIS, live.not_begun, meeting_id=run.meeting.public_id)
    assert entries("meetings.not_begun", run.meeting) == 1
    act(cast, COLIN, live.begin_meeting, meeting_id=run.meeting.public_id)
    assert read(cast, run.meeting).status == "running"


@pytest.mark.parametrize("what", ["words", "decision", "action", "done", "ended"])
def test_what_is_recorded_is_not_taken_back_with_the_beginning(cast: Cast, run: Running, what: str) -> None:
    one = {"meeting_id": run.meeting.public_id}
    if what == "words":
        act(cast, MINA, keep_words, **run.at, text="The lock.", mark="mark-of-a-page", sequence=1)
    elif what == "decision":
        act(cast, MINA, decide, **run.at, given=GO_ON, seen=Decided().mark)
    elif what == "action":
        agree(cast, run)
    elif what == "done":
        act(cast, MINA, live.go_on, **run.at)
    else:
        act(cast, MINA, live.end_meeting, **one, put_off_rest=True)
        act(cast, MINA, live.resume_meeting, **one)
    with refused("recorded_already"):
        act(cast, COLIN, live.not_begun, **one)
    assert read(cast, run.meeting).status == "running"
    assert entries("meetings.not_begun", run.meeting) == 0


@pytest.mark.parametrize(
    "operation", [live.begin_meeting, live.not_begun, live.end_meeting, live.resume_meeting]
)
def test_a_member_does_not_run_the_meeting_and_a_stranger_finds_none(
    cast: Cast, run: Running, operation: Any
) -> None:
    with refused("not_your_meeting", NotAllowed):
        act(cast, PRIYA, operation, meeting_id=run.meeting.public_id)
    with pytest.raises(Http404):
        act(cast, "olivia.outsider", operation, meeting_id=run.meeting.public_id)


def test_a_meeting_ends_once_what_is_left_is_put_off(cast: Cast, run: Running) -> None:
    with refused("items_left"):
        act(cast, CHRIS, live.end_meeting, meeting_id=run.meeting.public_id)
    assert read(cast, run.meeting).status == "running"
    ended = act(cast, CHRIS, live.end_meeting, meeting_id=run.meeting.public_id, put_off_rest=True)
    assert (ended.status, ended.focus, ended.ended_at is not None) == ("draft", "", True)
    with entered(cast[COLIN]):
        assert set(Item.objects.filter(meeting=run.meeting).values_list("status", flat=True)) <= {
            "deferred",
            "done",
        }
        move = ItemMove.objects.filter(item=run.items[0]).latest("id")
        assert (move.to_status, move.reason) == ("deferred", "Not reached")
    assert entries("meetings.ended", run.meeting) == 1


def test_a_meeting_that_was_ended_too_early_goes_on(cast: Cast, run: Running) -> None:
    act(cast, CHRIS, live.end_meeting, meeting_id=run.meeting.public_id, put_off_rest=True)
    back = act(cast, COLIN, live.resume_meeting, meeting_id=run.meeting.public_id)
    assert (back.status, back.ended_at) == ("running", None)
    act(cast, COLIN, live.bring_back, **run.at)
    assert read(cast, run.items[0]).status == "on"
    assert entries("meetings.item_back", run.items[0]) == 1


# --- Moving --------------------------------------------------------------------------------------------------------


def test_the_meeting_moves_for_everybody_and_counts_the_time_of_each_item(cast: Cast, run: Running) -> None:
    act(cast, CHRIS, live.focus_on, **run.of(1))
    with entered(cast[COLIN]):
        meeting = Meeting.objects.get(pk=run.meeting.pk)
        Meeting.objects.filter(pk=run.meeting.pk).update(
            focus_since=meeting.focus_since - timedelta(seconds=90)
        )
    act(cast, MINA, live.focus_on, **run.of(0))
    assert focus(cast, run) == run.items[0].public_id
    assert 90 <= read(cast, run.items[1]).spent < 120
    assert entries("meetings.item_in_focus", run.items[0]) == 1
    act(cast, MINA, live.focus_on, **run.of(0))
    assert entries("meetings.item_in_focus", run.items[0]) == 1


def test_going_on_twice_goes_on_by_one_item(cast: Cast, run: Running) -> None:
    act(cast, CHRIS, live.focus_on, **run.of(0))
    assert act(cast, CHRIS, live.go_on, **run.at) == run.items[1].public_id
    assert act(cast, MINA, live.go_on, **run.at) == run.items[1].public_id
    assert focus(cast, run) == run.items[1].public_id
    assert (read(cast, run.items[0]).status, entries("meetings.item_done", run.items[0])) == ("done", 1)


def test_whoever_finishes_writing_later_pulls_nobody_back(cast: Cast, run: Running) -> None:
    act(cast, CHRIS, live.focus_on, **run.of(1))
    act(cast, MINA, live.go_on, **run.at)
    assert focus(cast, run) == run.items[1].public_id


def test_before_an_item_that_is_kept_from_somebody_the_meeting_waits_until_she_has_left(cast: Cast) -> None:
    run = a_running_meeting(cast, cases=2, keep_from=PRIYA)
    comes(cast, run, PRIYA, CHRIS)
    with refused("somebody_must_leave"):
        act(cast, COLIN, live.focus_on, **run.at)
    act(cast, COLIN, live.focus_on, **run.of(1))
    act(cast, COLIN, live.go_on, **run.of(1))
    act(cast, COLIN, live.focus_on, **run.at, have_left=True)
    assert focus(cast, run) == run.items[0].public_id


def test_the_meeting_does_not_go_on_by_itself_to_an_item_that_somebody_there_must_not_learn_of(
    cast: Cast,
) -> None:
    run = a_running_meeting(cast, cases=1, keep_from=PRIYA)
    comes(cast, run, PRIYA)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        items = [one for one in live_items.items_of(colin, run.meeting) if not live_items.is_heading(one)]
        before = items[[one.pk for one in items].index(run.items[0].pk) - 1]
    act(cast, COLIN, live.focus_on, meeting_id=run.meeting.public_id, item_id=before.public_id)
    found = act(cast, COLIN, live.go_on, meeting_id=run.meeting.public_id, item_id=before.public_id)
    assert (found, focus(cast, run)) == (run.items[0].public_id, "")


def test_an_item_is_put_off_with_a_reason_and_a_standing_one_is_not(cast: Cast, run: Running) -> None:
    with refused("no_reason"):
        act(cast, CHRIS, live.put_off, **run.at, reason=" ")
    act(cast, CHRIS, live.put_off, **run.at, reason="Rachel is ill.")
    assert read(cast, run.items[0]).status == "deferred"
    with entered(cast[COLIN]):
        assert ItemMove.objects.filter(item=run.items[0]).latest("id").reason == "Rachel is ill."
        standing = Item.objects.get(meeting=run.meeting, code="welcome")
    with refused("standing_item"):
        act(
            cast,
            CHRIS,
            live.put_off,
            meeting_id=run.meeting.public_id,
            item_id=standing.public_id,
            reason="Why",
        )
    with refused("illegal_move"):
        act(cast, CHRIS, live.put_off, **run.at, reason="Again")


def test_the_excluded_chair_has_an_agenda_without_a_gap(cast: Cast) -> None:
    run = a_running_meeting(cast, cases=3, keep_from=CHRIS)

    def shown(username: str) -> list[tuple[str, str]]:
        with entered(cast[username]):
            who = actor(cast, username)
            found = live_items.items_of(who, run.meeting)
            return [(line.number, line.item.title) for line in live_items.rail(who, run.meeting, found, None)]

    colins, his = shown(COLIN), shown(CHRIS)
    hidden = run.items[0].title
    assert [title for _, title in his] == [title for _, title in colins if title != hidden]
    below = [number for number, title in his if title.startswith("Shouting")]
    assert [number.split(".")[1] for number in below] == ["1", "2"]
    with pytest.raises(Http404):
        act(cast, CHRIS, live.focus_on, **run.at)
    act(cast, COLIN, live.focus_on, **run.at)
    with entered(cast[CHRIS]):
        who = actor(cast, CHRIS)
        found = live_items.items_of(who, run.meeting)
        assert all(line.state != "now" for line in live_items.rail(who, run.meeting, found, None))
        run.meeting.refresh_from_db()
        assert live_items.time_of(run.meeting, found).item is None  # type: ignore[union-attr]


# --- Deciding ------------------------------------------------------------------------------------------------------

GO_ON = Decided("go_on", "Quiet since Friday.", "all")


def test_a_decision_is_kept_with_its_version_and_its_entry(cast: Cast, run: Running) -> None:
    act(cast, MINA, decide, **run.at, given=GO_ON, seen=Decided().mark)
    stands = read(cast, run.items[0])
    assert (decided_of(stands), stands.decided_by) == (GO_ON, cast[MINA].public_id)
    assert entries("meetings.item_decided", run.items[0]) == 1
    with entered(cast[COLIN]):
        kept = Revision.objects.filter(subject=stands.public_id).latest("id")
        assert (kept.number, kept.values["decision"]) == (stands.version, "go_on")


def test_a_second_recorder_overwrites_nothing_unseen(cast: Cast, run: Running) -> None:
    act(cast, MINA, decide, **run.at, given=GO_ON, seen=Decided().mark)
    other = Decided("change_plan", "It is worse.", "majority")
    with refused("changed_meanwhile", Conflict):
        act(cast, CHRIS, decide, **run.at, given=other, seen=Decided().mark)
    assert decided_of(read(cast, run.items[0])) == GO_ON
    act(cast, CHRIS, decide, **run.at, given=other, seen=GO_ON.mark)
    assert decided_of(read(cast, run.items[0])) == other


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (GO_ON, (False, False, False)),
        (Decided("change_plan", GO_ON.words, GO_ON.agreed), (True, False, False)),
        (Decided(GO_ON.decision, "", GO_ON.agreed), (False, True, False)),
        (Decided(GO_ON.decision, GO_ON.words, ""), (False, False, True)),
    ],
)
def test_a_mark_tells_value_by_value_what_differs(other: Decided, differs: tuple[bool, bool, bool]) -> None:
    assert other.differs(GO_ON.mark) == differs
    assert other.differs("no mark") == (True, True, True)


def test_a_form_that_was_sent_as_it_was_drawn_takes_nothing_back(cast: Cast, run: Running) -> None:
    act(cast, MINA, decide, **run.at, given=GO_ON, seen=Decided().mark)
    act(cast, CHRIS, decide, **run.at, given=Decided(), seen=Decided().mark)
    assert decided_of(read(cast, run.items[0])) == GO_ON


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Decided("advise_adopting"), "decision_unknown"),  # of a referral
        (Decided("no_such_thing"), "decision_unknown"),
        (Decided("go_on", "", "perhaps"), "agreed_unknown"),
        (Decided("go_on", "x" * 4001), "reason_too_long"),
    ],
)
def test_what_the_kind_of_item_does_not_know_is_refused(
    cast: Cast, run: Running, given: Decided, code: str
) -> None:
    with refused(code):
        act(cast, MINA, decide, **run.at, given=given, seen=Decided().mark)
    assert decided_of(read(cast, run.items[0])) == Decided()


# --- Actions -------------------------------------------------------------------------------------------------------


def agree(
    cast: Cast, run: Running, who: str = MINA, *, words: str = "Change the lock", mark: str = "one"
) -> Any:
    key = owner_key(unit_of(cast, PRIYA), cast[PRIYA])
    day = actor(cast, who).on + timedelta(days=7)
    return act(cast, who, agree_action, **run.at, words=words, who=key, due_on=day, mark=mark)


def test_an_action_stands_in_its_case_at_once_and_a_second_press_makes_no_second(
    cast: Cast, run: Running
) -> None:
    made, again = agree(cast, run), agree(cast, run)
    assert made.pk == again.pk
    with entered(cast[PRIYA]):
        action = Action.objects.get(public_id=made.action)
        assert (action.owner, action.case_id) == (cast[PRIYA], run.cases[0].pk)
        assert Action.objects.filter(case=run.cases[0]).count() == 1
    assert entries("meetings.action_agreed", run.items[0]) == 1


def test_another_action_from_the_same_page_is_a_second_one(cast: Cast, run: Running) -> None:
    agree(cast, run)
    agree(cast, run, words="Tell the neighbour")
    agree(cast, run, mark="two")
    with entered(cast[COLIN]):
        assert ItemAction.objects.filter(item=run.items[0]).count() == 3


def test_an_action_that_is_refused_leaves_nothing(cast: Cast, run: Running) -> None:
    with refused("words_missing"):
        agree(cast, run, words="  ")
    with entered(cast[COLIN]):
        assert not ItemAction.objects.filter(item=run.items[0]).exists()
        standing = Item.objects.get(meeting=run.meeting, code="welcome")
    with refused("no_case"):
        act(
            cast,
            MINA,
            agree_action,
            meeting_id=run.meeting.public_id,
            item_id=standing.public_id,
            words="Bring tea",
            who="x",
            due_on=actor(cast, MINA).on,
            mark="one",
        )


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_record_nothing(cast: Cast, run: Running, who: str) -> None:
    for operation, more in (
        (decide, {"given": GO_ON, "seen": Decided().mark}),
        (live.go_on, {}),
        (live.put_off, {"reason": "Why not"}),
        (live.bring_back, {}),
        (live.focus_on, {}),
    ):
        with pytest.raises(Http404):
            act(cast, who, operation, **run.at, **more)


# --- Who is there --------------------------------------------------------------------------------------------------


def test_who_came_acknowledged_and_left_is_kept(cast: Cast, run: Running) -> None:
    assert record(cast, run, PRIYA, "present", acknowledged=True, left=True) == 1
    row = row_of(cast, run, PRIYA)
    assert (row.came, row.acknowledged_at is not None, row.left_at is not None) == ("present", True, True)
    assert (row.by, row.version) == (cast[MINA].public_id, 2)
    assert entries("meetings.attendance_recorded", row) == 1
    assert record(cast, run, PRIYA, "present", acknowledged=True, left=True, seen=2) == 0


def test_whoever_is_not_there_has_acknowledged_nothing(cast: Cast, run: Running) -> None:
    record(cast, run, PRIYA, "apologies", acknowledged=True, left=True)
    row = row_of(cast, run, PRIYA)
    assert (row.came, row.acknowledged_at, row.left_at) == ("apologies", None, None)


def test_two_who_record_the_same_person_do_not_overwrite_each_other(cast: Cast, run: Running) -> None:
    record(cast, run, PRIYA, "present")
    with refused("changed_meanwhile", Conflict):
        record(cast, run, PRIYA, "absent", who=CHRIS)
    assert row_of(cast, run, PRIYA).came == "present"


def test_a_quorum_is_told_with_what_it_lacks(cast: Cast, run: Running) -> None:
    def state() -> Any:
        with entered(cast[COLIN]):
            colin = actor(cast, COLIN)
            return live_people.presence(colin, run.meeting, live_people.attendances_of(colin, run.meeting))

    comes(cast, run, PRIYA)
    found = state()
    assert (found.is_quorate, found.agencies) == (False, 1)
    assert "2 more agencies" in found.lacks
    assert "police force" in found.lacks
    comes(cast, run, CHRIS, "rachel.referrer")
    assert (state().is_quorate, state().lacks) == (True, "")
    comes(cast, run, CHRIS, left=True)
    assert "police force" in state().lacks


def test_somebody_who_came_instead_is_added_once_and_whoever_sent_her_has_apologies(
    cast: Cast, run: Running
) -> None:
    sender = row_of(cast, run, "rachel.referrer")
    unit = unit_of(cast, "rachel.referrer").public_id
    given = {"meeting_id": run.meeting.public_id, "unit_id": unit, "name": "Dale Orme"}
    made = act(cast, MINA, add_present, **given, instead_of=sender.public_id)
    assert (made.came, made.instead_of, made.name) == ("deputy", cast["rachel.referrer"], "Dale Orme")
    assert row_of(cast, run, "rachel.referrer").came == "apologies"
    assert entries("meetings.attendance_added", made) == 1
    with refused("there_already"):
        act(cast, MINA, add_present, **given)
    with refused("nobody_named"):
        act(cast, MINA, add_present, **{**given, "name": ""})
    with refused("no_seat"):
        act(cast, MINA, add_present, **{**given, "unit_id": unit_of(cast, "olivia.outsider").public_id})
    with refused("not_your_meeting", NotAllowed):
        act(cast, PRIYA, add_present, **given)
