"""Who approves minutes: somebody else than whoever wrote them, what she read, and what she sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Meeting, MeetingStatus, Seat
from saferhub.meetings.operations import live, minutes
from saferhub.meetings.operations.calendar_seats import add_seat
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, unit_of

from .test_minutes_operations import corrected, entries, text_for
from .world import CHRIS, COLIN, HIDDEN, MAYA, MINA, PRIYA, Held, ended, running, say

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


def test_the_chair_approves_and_what_was_approved_is_frozen(cast: Cast) -> None:
    held = ended(cast)
    assert len(held.approve()) == 3
    with entered(cast[COLIN]):
        assert Meeting.objects.get(pk=held.meeting.pk).status == MeetingStatus.APPROVED
    part = held.parts()["one"]
    assert (part.status, part.approved_by) == ("published", cast[CHRIS].public_id)
    (name,) = minutes.values_of(part)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        with pytest.raises(Refusal, match="no draft any more"):
            minutes.edit_part(
                meeting_id=held.id, part_id=part.public_id, values={name: "Other."}, by=by, seen=part.version
            )
        with pytest.raises(DatabaseError, match="only a draft"), transaction.atomic():
            type(part).objects.filter(pk=part.pk).update(correction="x", corrects=part.pk)
    assert entries("meetings.minutes_approved") >= 1


def test_the_next_step_of_a_draft_leads_only_whoever_approves_it_to_it(
    cast: Cast, client_for: Callable[..., Client]
) -> None:
    held = ended(cast)
    url = reverse("meeting-minutes", args=[held.id])
    pages = {one: client_for(one).get(url).content.decode() for one in (CHRIS, MINA, PRIYA)}
    assert all("Approve the minutes" in one for one in pages.values())
    assert {one for one, text in pages.items() if ">Approve the minutes</a>" in text} == {CHRIS}


@pytest.mark.parametrize("username", [MINA, COLIN, PRIYA])
def test_nobody_but_the_chair_or_the_manager_approves(cast: Cast, username: str) -> None:
    held = ended(cast)
    with pytest.raises(NotAllowed):
        held.approve(username)
    assert held.parts()["one"].status == "draft"


def _write(held: Held, username: str, name: str, text: str) -> None:
    """Somebody writes in the draft of an item."""
    part = held.parts()[name]
    (field,) = minutes.values_of(part)
    with entered(held.cast[username]):
        minutes.edit_part(
            meeting_id=held.id, part_id=part.public_id, values={field: text}, by=actor(held.cast, username),
            seen=part.version,
        )  # fmt: skip


def test_whoever_wrote_some_of_the_minutes_approves_them_only_with_a_reason_that_stays(
    cast: Cast, client_for: Callable[..., Client]
) -> None:
    held = ended(cast)
    _write(held, CHRIS, "two", "In the chair's own words.")
    with pytest.raises(Refusal, match="You wrote some of these minutes"):
        held.approve(CHRIS)
    assert {one.status for one in held.parts().values()} == {"draft"}
    client, url = client_for(CHRIS), reverse("meeting-minutes-approve", args=[held.id])
    asked = client.get(url)
    assert "Why do you approve what you wrote yourself?" in asked.content.decode()
    again = client.post(url, {"seen": asked.context["form"]["seen"].value(), "why": " "})
    assert again.status_code == 200 and "Error:" in again.content.decode()
    done = client.post(url, {"seen": asked.context["form"]["seen"].value(), "why": "The deputy is on leave."})
    assert done.status_code == 302
    parts = held.parts()
    assert parts["two"].approved_why == "The deputy is on leave."
    assert parts["one"].approved_why == parts[""].approved_why == "", "she wrote nothing there"
    stands = client_for(COLIN).get(reverse("meeting-minutes", args=[held.id])).content.decode()
    assert "The deputy is on leave." in stands
    assert "The deputy is on leave." not in text_for(held, PRIYA)
    with entered(cast[CHRIS]), pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        type(parts["two"]).objects.filter(pk=parts["two"].pk).update(approved_why="")


def test_what_she_typed_at_the_meeting_is_her_own_too_and_another_approves_it_without_a_reason(
    cast: Cast,
) -> None:
    held = running(cast)
    say(held, CHRIS, "one", "From the chair.")
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        live.end_meeting(meeting_id=held.id, by=by, on=by.on, put_off_rest=True)
    with pytest.raises(Refusal, match="You wrote some of these minutes"):
        held.approve(CHRIS)
    assert {one.approved_why for one in held.approve(MAYA)} == {""}


def test_of_a_correction_only_whoever_corrects_has_to_say_why_she_approves_it(cast: Cast) -> None:
    held = ended(cast)
    _write(held, CHRIS, "one", "In the chair's own words.")
    held.approve(MAYA)
    corrected(held, "He came on Monday.")
    (made,) = held.approve(CHRIS)
    assert made.number == "1.1" and made.approved_why == ""


def test_the_co_ordinator_cannot_give_himself_the_seat_from_which_he_would_approve(cast: Cast) -> None:
    held = ended(cast)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        for seat in (Seat.CHAIR, Seat.DEPUTY_CHAIR):
            with pytest.raises(Refusal):
                add_seat(
                    group_id=held.meeting.group.public_id, unit_id=unit_of(cast, COLIN).public_id,
                    who=cast[COLIN].public_id, seat=seat, by=by, on=by.on,
                )  # fmt: skip
    with pytest.raises(NotAllowed):
        held.approve(COLIN)


def test_a_copy_says_who_approved_it_and_a_draft_that_nobody_did(cast: Cast) -> None:
    held = ended(cast)
    assert "approved by" not in text_for(held, COLIN, in_hand=True)
    held.approve()
    assert f"1.0, approved by {cast[CHRIS].name} on " in text_for(held, PRIYA)


def test_a_copy_names_everybody_who_approved_a_part_of_it_and_nobody_of_what_it_does_not_hold(
    cast: Cast,
) -> None:
    held = ended(cast, kept_from=CHRIS)
    held.approve(CHRIS)
    held.approve(MAYA)
    chris, maya = cast[CHRIS].name, cast[MAYA].name
    text = text_for(held, PRIYA)
    assert f"1.0, approved by {chris} on " in text and f" and by {maya} on " in text
    of_chris = text_for(held, CHRIS)
    assert f"1.0, approved by {chris} on " in of_chris and maya not in of_chris


def test_the_head_says_what_waits_beside_approved_minutes_to_those_who_see_it(
    cast: Cast, client_for: Callable[..., Client]
) -> None:
    held = ended(cast, kept_from=CHRIS)
    held.approve(CHRIS)
    url = reverse("meeting-minutes", args=[held.id])
    pages = {one: client_for(one).get(url).content.decode() for one in (CHRIS, MAYA, COLIN, PRIYA)}
    assert {one for one, text in pages.items() if "1 part waits for approval" in text} == {MAYA, COLIN}
    assert {one for one, text in pages.items() if ">Approve 1 part</a>" in text} == {MAYA}
    assert "They are frozen" in pages[CHRIS] and "They are frozen" in pages[PRIYA]
    held.approve(MAYA)
    corrected(held, "He came on Monday.")
    pages = {one: client_for(one).get(url).content.decode() for one in (CHRIS, PRIYA)}
    assert "A correction waits for approval" in pages[CHRIS] and ">Approve a correction</a>" in pages[CHRIS]
    assert "waits for approval" not in pages[PRIYA]


def test_what_changed_since_it_was_read_is_not_approved(cast: Cast) -> None:
    held = ended(cast)
    with entered(cast[CHRIS]):
        by = actor(cast, CHRIS)
        seen = minutes.mark_of(minutes.waiting(by, held.meeting))
    part = held.parts()["one"]
    (name,) = minutes.values_of(part)
    with entered(cast[MINA]):
        mina = actor(cast, MINA)
        minutes.edit_part(
            meeting_id=held.id, part_id=part.public_id, values={name: "Other."}, by=mina, seen=part.version
        )
    with entered(cast[CHRIS]), pytest.raises(Conflict):
        minutes.approve_minutes(meeting_id=held.id, seen=seen, by=by, on=by.on)


def test_an_excluded_chair_approves_what_she_sees_and_somebody_else_the_rest(cast: Cast) -> None:
    held = ended(cast, kept_from=CHRIS)
    assert HIDDEN not in text_for(held, CHRIS, in_hand=True)
    assert {one.item_id for one in held.approve(CHRIS)} == {None, held.items["one"].pk}
    assert held.parts(COLIN)["two"].status == "draft"
    with entered(cast[COLIN]):
        assert Meeting.objects.get(pk=held.meeting.pk).status == MeetingStatus.APPROVED
    assert HIDDEN not in text_for(held, PRIYA), "not approved yet"
    with entered(cast[CHRIS]), pytest.raises(Refusal, match="No minutes wait"):
        by = actor(cast, CHRIS)
        minutes.approve_minutes(meeting_id=held.id, seen="", by=by, on=by.on)
