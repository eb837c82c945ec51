"""Words of minute-takers: each keeps her own, late saves change nothing, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Words
from saferhub.meetings.operations import live
from saferhub.meetings.operations.live_words import LIMIT, keep_words
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

from .running import CHRIS, COLIN, MINA, PRIYA, Cast, Running, a_running_meeting, act, entries

pytestmark = pytest.mark.django_db
MARK, OTHER = "mark-of-one-page", "mark-of-another"


@pytest.fixture
def run(cast: Cast) -> Running:
    return a_running_meeting(cast)


def keep(
    cast: Cast, run: Running, text: str, sequence: int, mark: str = MARK, who: str = MINA, **more: Any
) -> Any:
    return act(cast, who, keep_words, **run.at, text=text, mark=mark, sequence=sequence, **more)


def texts(cast: Cast, run: Running) -> list[tuple[str, str]]:
    with entered(cast[COLIN]):
        rows = Words.objects.filter(item=run.items[0]).select_related("author")
        return [(row.author.username, row.text) for row in rows]


def refused(code: str, kind: type[Refusal] = Refusal) -> Any:
    return pytest.raises(kind, check=lambda refusal: refusal.code == code)


def test_two_authors_in_one_item_each_keep_their_own(cast: Cast, run: Running) -> None:
    keep(cast, run, "The lock is", 1)
    keep(cast, run, "Chris reports four calls", 1, OTHER, who=CHRIS)
    keep(cast, run, "The lock is changed.", 2)
    assert texts(cast, run) == [(MINA, "The lock is changed."), (CHRIS, "Chris reports four calls")]
    assert entries("meetings.words_kept", run.items[0]) >= 2


def test_a_save_that_came_late_changes_nothing(cast: Cast, run: Running) -> None:
    keep(cast, run, "The lock is changed.", 5)
    with refused("came_late", Conflict):
        keep(cast, run, "The lock", 4)
    with refused("came_late", Conflict):
        keep(cast, run, "Another text under the same number", 5)
    assert texts(cast, run) == [(MINA, "The lock is changed.")]


def test_the_same_save_twice_is_one(cast: Cast, run: Running) -> None:
    first = keep(cast, run, "The lock is changed.", 5)
    assert keep(cast, run, "The lock is changed.", 5).at == first.at
    assert len(texts(cast, run)) == 1


def test_a_page_goes_on_with_the_row_it_was_drawn_with(cast: Cast, run: Running) -> None:
    keep(cast, run, "The lock is", 3)
    keep(cast, run, "The lock is changed.", 4, OTHER, continues=MARK, base=3)
    keep(cast, run, "The lock is changed. Mr T agrees.", 5, OTHER)
    assert texts(cast, run) == [(MINA, "The lock is changed. Mr T agrees.")]


def test_two_windows_of_one_author_both_stand(cast: Cast, run: Running) -> None:
    """The second was drawn before the first went on: it finds that row moved on and begins its own."""
    keep(cast, run, "The lock is", 3)
    keep(cast, run, "The lock is changed.", 4)
    keep(cast, run, "The lock is ordered.", 4, OTHER, continues=MARK, base=3)
    assert texts(cast, run) == [(MINA, "The lock is changed."), (MINA, "The lock is ordered.")]


def test_nothing_written_makes_no_row_and_what_was_deleted_is_empty(cast: Cast, run: Running) -> None:
    assert keep(cast, run, "  \n", 1) is None
    keep(cast, run, "The lock", 2)
    keep(cast, run, "", 3)
    assert texts(cast, run) == [(MINA, "")]


def test_what_is_too_long_is_refused_and_what_was_kept_stands(cast: Cast, run: Running) -> None:
    keep(cast, run, "The lock", 1)
    with refused("words_too_long"):
        keep(cast, run, "x" * (LIMIT + 1), 2)
    assert texts(cast, run) == [(MINA, "The lock")]


@pytest.mark.parametrize("mark", ["", "short", "no blanks here", "x" * 41])
def test_a_mark_that_no_page_drew_is_refused(cast: Cast, run: Running, mark: str) -> None:
    with refused("no_mark"):
        keep(cast, run, "The lock", 1, mark)


def test_words_come_in_after_the_meeting_has_ended_and_not_before_it_begins(cast: Cast) -> None:
    run = a_running_meeting(cast, begun=False)
    with refused("not_running"):
        keep(cast, run, "The lock", 1)
    act(cast, COLIN, live.begin_meeting, meeting_id=run.meeting.public_id)
    act(cast, COLIN, live.end_meeting, meeting_id=run.meeting.public_id, put_off_rest=True)
    keep(cast, run, "Typed while nothing got through", 7)
    assert texts(cast, run) == [(MINA, "Typed while nothing got through")]


def test_a_member_reads_and_does_not_write_and_a_stranger_finds_nothing(cast: Cast, run: Running) -> None:
    with refused("not_your_meeting", NotAllowed):
        keep(cast, run, "Mine", 1, who=PRIYA)
    for stranger in ("nadia.neighbour", "fergus.former", "olivia.outsider", "ada.admin"):
        with pytest.raises(Http404):
            keep(cast, run, "Mine", 1, who=stranger)
    assert texts(cast, run) == []


def test_the_chair_finds_nothing_of_an_item_that_is_kept_from_him(cast: Cast) -> None:
    run = a_running_meeting(cast, keep_from=CHRIS)
    keep(cast, run, "He is not here.", 1)
    with pytest.raises(Http404):
        keep(cast, run, "I am", 1, OTHER, who=CHRIS)
    with entered(cast[CHRIS]):
        assert not Words.objects.filter(item=run.items[0].pk).exists()


def test_a_server_that_dies_while_it_saves_loses_nothing_that_was_saved(cast: Cast, run: Running) -> None:
    keep(cast, run, "The lock", 1)
    with pytest.raises(RuntimeError), entered(cast[MINA]):
        keep_words(**run.at, text="The lock is changed", mark=MARK, sequence=2, by=actor(cast, MINA))
        raise RuntimeError("it dies before it has committed")
    assert texts(cast, run) == [(MINA, "The lock")]
    keep(cast, run, "The lock is changed", 3)  # the page sends it again, counted on
    assert texts(cast, run) == [(MINA, "The lock is changed")]
