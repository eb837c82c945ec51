"""Answering: who may, what is kept, what is corrected, what is refused; and reminding who is silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Ask, Meeting
from saferhub.meetings.operations import asking, keeping, sending
from saferhub.meetings.queries.asks import asked_of, board_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Revision
from tests.builders.casework import actor, unit_of
from tests.builders.meetings import (
    COLIN,
    NADIA,
    PRIYA,
    RACHEL,
    SEATS,
    VICTOR,
    Made,
    a_meeting,
    act,
    ask_of,
    read,
    shown_to,
)

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def made(cast: Cast) -> Made:
    return a_meeting(cast, items=2, person=True)


def give(
    cast: Cast, made: Made, username: str, answer: str = "nothing", *, seen: int = 1, **more: Any
) -> Ask:
    ask = more.pop("ask", None) or ask_of(cast, made, username)
    found: Ask = act(
        cast,
        username,
        asking.answer,
        meeting_id=made.meeting.public_id,
        ask_id=ask.public_id,
        answer=answer,
        seen=seen,
        **more,
    )
    return found


def test_each_unit_with_a_seat_is_asked_about_each_item_that_it_sees(cast: Cast, made: Made) -> None:
    with entered(cast[COLIN]):
        asked = set(Ask.objects.filter(meeting=made.meeting).values_list("item", "unit"))
    units = {unit_of(cast, one).pk for one in SEATS}
    assert asked == {(item.pk, unit) for item in made.items for unit in units}


def test_her_page_holds_everything_asked_of_her_unit_with_who_is_named(cast: Cast, made: Made) -> None:
    with entered(cast[PRIYA]):
        found = asked_of(actor(cast, PRIYA), made.meeting)
    assert [one.item.reference for one in found] == [one.matter.reference for one in made.cases]
    assert [one.people for one in found] == [("Marcus Tindall",), ()]
    assert all(one.number for one in found)


def test_an_answer_is_kept_with_who_gave_it_and_when(cast: Cast, made: Made) -> None:
    ask = give(cast, made, PRIYA, "shared", words="Known since 2016.", why="not this")
    assert (ask.answer, ask.answer_words, ask.declined_why, ask.version) == (
        "shared",
        "Known since 2016.",
        "",
        2,
    )
    assert ask.answered_by == cast[PRIYA].public_id and ask.answered_at is not None
    assert Entry.objects.filter(event="meetings.answered", subject=ask.public_id).count() == 1


def test_the_same_answer_twice_is_one_and_another_corrects_it(cast: Cast, made: Made) -> None:
    give(cast, made, PRIYA)
    assert give(cast, made, PRIYA).version == 2
    ask = give(cast, made, PRIYA, "declined", seen=2, why="A live investigation.")
    assert (ask.answer, ask.version) == ("declined", 3)
    with entered(cast[PRIYA]):
        kept = (
            Revision.objects.filter(subject=ask.public_id).order_by("number").values_list("values", flat=True)
        )
        assert [one["answer"] for one in kept] == ["nothing", "declined"]


def test_two_colleagues_overwrite_nothing(cast: Cast, made: Made) -> None:
    give(cast, made, PRIYA)
    with pytest.raises(Conflict):
        give(cast, made, PRIYA, "ask_me", seen=1)
    assert read(cast, ask_of(cast, made, PRIYA)).answer == "nothing"


def test_an_answer_is_taken_back_until_the_meeting(cast: Cast, made: Made) -> None:
    ask = give(cast, made, PRIYA)
    at = {"meeting_id": made.meeting.public_id, "ask_id": ask.public_id}
    ask = act(cast, PRIYA, asking.take_back, **at, seen=2)
    assert (ask.answer, ask.answered_by, ask.answered_at) == ("", "", None)
    give(cast, made, PRIYA, seen=3)
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=made.meeting.pk).update(status="running")
    for operation, more in ((asking.take_back, {}), (asking.answer, {"answer": "ask_me"})):
        with pytest.raises(Refusal) as refusal:
            act(cast, PRIYA, operation, **at, seen=4, **more)
        assert refusal.value.code == "meeting_begun"


@pytest.mark.parametrize(
    ("answer", "code"), [("shared", "no_words"), ("declined", "no_reason"), ("", "no_answer")]
)
def test_what_lacks_its_words_is_refused_and_nothing_is_kept(
    cast: Cast, made: Made, answer: str, code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        give(cast, made, PRIYA, answer)
    assert refusal.value.code == code
    assert read(cast, ask_of(cast, made, PRIYA)).version == 1


def test_another_agency_and_the_organiser_do_not_answer_for_it_and_strangers_find_nothing(
    cast: Cast, made: Made
) -> None:
    ask = ask_of(cast, made, PRIYA)
    for username in (VICTOR, COLIN):
        with pytest.raises(NotAllowed):
            give(cast, made, username, ask=ask)
    with pytest.raises(Http404):
        give(cast, made, NADIA, ask=ask)


def test_nothing_held_for_the_rest_answers_what_was_shown_and_is_open(cast: Cast, made: Made) -> None:
    first, second = ask_of(cast, made, PRIYA), ask_of(cast, made, PRIYA, 1)
    give(cast, made, PRIYA, "ask_me")
    number = act(
        cast,
        PRIYA,
        asking.nothing_for_the_rest,
        meeting_id=made.meeting.public_id,
        shown=[first.public_id, second.public_id, ask_of(cast, made, VICTOR).public_id],
    )
    assert number == 1
    assert [read(cast, one).answer for one in (first, second)] == ["ask_me", "nothing"]
    assert read(cast, ask_of(cast, made, VICTOR)).answer == ""


def test_the_board_shows_who_answered_and_silence_as_silence(cast: Cast, made: Made) -> None:
    give(cast, made, PRIYA)
    give(cast, made, PRIYA, "shared", ask=ask_of(cast, made, PRIYA, 1), words="Seen on 4 September.")
    with entered(cast[COLIN]):
        board = board_of(actor(cast, COLIN), made.meeting)
    states = {one.name: one.standing.mark for one in board.units}
    priya = next(name for name in states if unit_of(cast, PRIYA).agency.name in name)
    assert states.pop(priya) == ("done", "All answered")
    assert set(states.values()) == {("not_started", "Not answered yet")}
    assert len(board.items[0].quiet) == len(SEATS) - 1
    assert "Seen on 4 September." in [row.words for row in board.items[1].rows]


def test_the_table_reads_what_was_returned_and_whom_it_is_kept_from_does_not(cast: Cast, made: Made) -> None:
    ask = give(cast, made, PRIYA, "shared", words="Known since 2016.")
    assert {RACHEL, VICTOR} <= shown_to(cast, ask)
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[VICTOR].public_id)
    assert VICTOR not in shown_to(cast, ask)


def test_where_the_meeting_moves_the_day_of_an_open_answer_moves(cast: Cast, made: Made) -> None:
    given, open_ = give(cast, made, PRIYA), ask_of(cast, made, PRIYA, 1)
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=made.meeting.pk).update(on=made.meeting.on + timedelta(days=14))
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert read(cast, open_).due_on == open_.due_on + timedelta(days=14)
    assert read(cast, given).due_on == given.due_on
