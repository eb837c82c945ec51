"""An item that is kept from somebody leaves the focus, and so the projector, while she may be there."""

from __future__ import annotations

import pytest

from saferhub.meetings.models import Item
from saferhub.meetings.operations import keeping, live
from saferhub.sharing.entering import entered

from .running import (
    CHRIS,
    COLIN,
    MINA,
    PRIYA,
    Cast,
    Running,
    a_running_meeting,
    act,
    comes,
    read,
    record,
    row_of,
)

pytestmark = pytest.mark.django_db


def focus(cast: Cast, run: Running) -> str:
    return str(read(cast, run.meeting).focus)


def test_a_meeting_begins_at_none_where_its_first_item_is_kept_from_somebody_there(cast: Cast) -> None:
    run = a_running_meeting(cast, begun=False, keep_from=PRIYA)
    comes(cast, run, PRIYA)
    with entered(cast[COLIN]):
        Item.objects.filter(meeting=run.meeting).exclude(pk=run.items[0].pk).update(status="done")
    assert act(cast, COLIN, live.begin_meeting, meeting_id=run.meeting.public_id).focus == ""


@pytest.mark.parametrize(("who", "stays"), [(CHRIS, True), (PRIYA, False)])
def test_an_item_leaves_the_screen_when_somebody_comes_in_from_whom_it_is_kept(
    cast: Cast, who: str, stays: bool
) -> None:
    run = a_running_meeting(cast, keep_from=PRIYA)
    act(cast, COLIN, live.focus_on, **run.at)
    comes(cast, run, who)
    assert focus(cast, run) == (run.items[0].public_id if stays else "")


def test_whoever_was_said_to_have_left_does_not_stop_the_meeting_by_another_entry(cast: Cast) -> None:
    run = a_running_meeting(cast, keep_from=PRIYA)
    comes(cast, run, PRIYA)
    act(cast, COLIN, live.focus_on, **run.at, have_left=True)
    record(cast, run, PRIYA, "present", seen=row_of(cast, run, PRIYA).version, acknowledged=False)
    assert focus(cast, run) == run.items[0].public_id


def test_who_records_for_an_item_that_is_kept_from_her_stops_the_meeting_and_learns_nothing(
    cast: Cast,
) -> None:
    run = a_running_meeting(cast, keep_from=CHRIS)
    act(cast, COLIN, live.focus_on, **run.at)
    record(cast, run, CHRIS, "present", who=CHRIS)
    assert focus(cast, run) == ""


def test_an_item_leaves_the_screen_when_it_is_kept_from_somebody_there(cast: Cast) -> None:
    run = a_running_meeting(cast)
    comes(cast, run, PRIYA, MINA)
    act(cast, COLIN, live.focus_on, **run.at)
    act(cast, COLIN, keeping.keep_from, **run.at, why="Family.", user_id=cast["victor.voluntary"].public_id)
    assert focus(cast, run) == run.items[0].public_id, "he is not there"
    act(cast, COLIN, keeping.keep_from, **run.at, why="Family.", user_id=cast[PRIYA].public_id)
    assert focus(cast, run) == ""
