"""Minutes: drafted when the meeting ends, edited without overwriting, approved and frozen, corrected with a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.access import actions_visible_to
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Copy
from saferhub.meetings.operations import minutes
from saferhub.meetings.operations.minutes_told import tell_that_minutes_are_out
from saferhub.meetings.queries import minutes_copy
from saferhub.meetings.rules import minutes as rules
from saferhub.publication.stored import to_json
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.builders.meetings import act

from .world import (
    CHRIS,
    COLIN,
    HIDDEN,
    MAYA,
    MINA,
    PRIYA,
    RACHEL,
    SAID,
    VICTOR,
    Held,
    approved,
    ended,
    running,
    say,
    to_scarborough,
)

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


def text_for(held: Held, username: str, **more: Any) -> str:
    with entered(held.cast[username]):
        copy = minutes_copy.copy_of(actor(held.cast, username), held.meeting, **more)
    return to_json(copy.document).encode().decode("unicode_escape") if copy else ""


def entries(event: str) -> int:
    return Entry.objects.filter(event=event).count()


# --- Drafting ---------------------------------------------------------------------------------------------------


def test_when_the_meeting_ends_its_draft_holds_what_was_said_decided_and_agreed(cast: Cast) -> None:
    held = ended(cast)
    assert set(held.parts()) == {"", "one", "two"}
    text = text_for(held, COLIN, in_hand=True)
    for said in (
        SAID,
        HIDDEN,
        "Go on",
        "The plan stands.",
        "Agreed by all.",
        "Ask Sam",
        cast[COLIN].name,
        "Attendance",
    ):
        assert said in text, said
    assert entries("meetings.minutes_drafted") >= 1


def test_two_who_type_on_one_item_both_stand_there_with_their_names(cast: Cast) -> None:
    held = running(cast)
    say(held, MINA, "one", "From Mina.")
    say(held, COLIN, "one", "From Colin.")
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        minutes.draft_minutes(meeting_id=held.id, by=by, on=by.on)
    (text,) = rules.texts_of(held.parts()["one"].document()).values()
    assert f"{cast[MINA].name}," in text and "From Mina." in text
    assert f"{cast[COLIN].name}," in text and "From Colin." in text


def test_words_that_come_after_an_edit_are_taken_in_below_what_stands(cast: Cast) -> None:
    held = ended(cast)
    part = held.parts()["one"]
    (name,) = minutes.values_of(part)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        minutes.edit_part(
            meeting_id=held.id,
            part_id=part.public_id,
            values={name: "In short: he would."},
            by=by,
            seen=part.version,
        )
    say(held, MINA, "one", "I was offline for a minute.")
    with entered(cast[COLIN]):
        assert [one.item_id for one in minutes.draft_minutes(meeting_id=held.id, by=by, on=by.on)] == [
            part.item_id
        ]
        assert minutes.draft_minutes(meeting_id=held.id, by=by, on=by.on) == []
    (text,) = rules.texts_of(held.parts()["one"].document()).values()
    assert text.startswith("In short: he would.\n\n") and "I was offline for a minute." in text
    assert SAID not in text, "what the editor had shortened does not come back"


@pytest.mark.parametrize("by_hand", [False, True])
def test_taking_in_later_words_keeps_the_actions_of_a_case_that_the_drafter_does_not_see(
    cast: Cast, by_hand: bool
) -> None:
    held = ended(cast)
    if by_hand:
        part = held.parts()["one"]
        (name,) = minutes.values_of(part)
        values = {name: "In short: he would."}
        act(
            cast, COLIN, minutes.edit_part,
            meeting_id=held.id, part_id=part.public_id, values=values, seen=part.version,
        )  # fmt: skip
    to_scarborough(cast, held.cases["one"])
    say(held, COLIN, "one", "I was offline for a minute.", mark="mark-of-a-later-page")
    with entered(cast[CHRIS]):
        chris = actor(cast, CHRIS)
        assert not actions_visible_to(chris).filter(case=held.cases["one"]).exists()
        minutes.draft_minutes(meeting_id=held.id, by=chris, on=chris.on)
        assert minutes.draft_minutes(meeting_id=held.id, by=chris, on=chris.on) == []
    stands = to_json(held.parts()["one"].document())
    assert "I was offline for a minute." in stands
    assert stands.count("Ask Sam") == 1


def test_whoever_only_sits_there_drafts_nothing(cast: Cast) -> None:
    held = running(cast)
    with entered(cast[PRIYA]), pytest.raises(NotAllowed):
        by = actor(cast, PRIYA)
        minutes.draft_minutes(meeting_id=held.id, by=by, on=by.on)
    assert held.parts() == {}


# --- Editing ----------------------------------------------------------------------------------------------------


def test_a_second_editor_does_not_overwrite_the_first(cast: Cast) -> None:
    held = ended(cast)
    part = held.parts()["one"]
    (name,) = minutes.values_of(part)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        minutes.edit_part(
            meeting_id=held.id, part_id=part.public_id, values={name: "First."}, by=by, seen=part.version
        )
        with pytest.raises(Conflict):
            minutes.edit_part(
                meeting_id=held.id, part_id=part.public_id, values={name: "Second."}, by=by, seen=part.version
            )
    assert list(rules.texts_of(held.parts()["one"].document()).values()) == ["First."]


def test_both_versions_are_shown_to_the_second_editor_and_history_keeps_each(
    cast: Cast, client_for: Callable[..., Client]
) -> None:
    held = ended(cast)
    part = held.parts()["one"]
    client, (name,) = client_for(MINA), minutes.values_of(part)
    url = reverse("meeting-minutes-edit", args=[held.id, part.public_id])
    assert SAID in client.get(url).content.decode()
    assert client.post(url, {name: "Hers.", "seen": str(part.version)}).status_code == 302
    late = client_for(COLIN).post(url, {name: "His.", "seen": str(part.version)})
    assert late.status_code == 409
    shown = late.content.decode()
    assert "Hers." in shown and "His." in shown
    history = client.get(reverse("meeting-minutes-part", args=[held.id, part.public_id])).content.decode()
    assert SAID in history and "Hers." in history


# --- Copies -----------------------------------------------------------------------------------------------------


def test_members_read_nothing_before_it_is_approved_and_their_own_copy_afterwards(cast: Cast) -> None:
    held = ended(cast)
    assert text_for(held, PRIYA) == ""
    held.approve()
    assert SAID in text_for(held, PRIYA) and "Draft" not in text_for(held, PRIYA)


@pytest.mark.parametrize("username", [RACHEL, CHRIS])
def test_the_excluded_reader_finds_nothing_of_the_item_anywhere(
    cast: Cast, client_for: Callable[..., Client], username: str
) -> None:
    held = ended(cast, kept_from=username)
    held.approve(MAYA if username == CHRIS else CHRIS)
    two, client = held.items["two"], client_for(username)
    pages = [
        reverse("meeting-minutes", args=[held.id]),
        reverse("meeting-paper", args=[held.id, "minutes"]),
        reverse("meeting-paper", args=[held.id, "agenda"]),
        reverse("meeting-paper", args=[held.id, "pack"]),
        reverse("meeting-paper", args=[held.id, "actions"]),
        reverse("group-measures", args=[held.meeting.group.public_id]),
    ]
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        text = answer.content.decode()
        for word in (HIDDEN, two.public_id, two.public_id.lower(), two.reference, "Fires at night"):
            assert word not in text, f"{word} stands at {url}"
    assert SAID in client.get(pages[1]).content.decode()


def test_whoever_has_no_seat_finds_no_minutes(cast: Cast) -> None:
    held = approved(cast)
    with entered(cast[VICTOR]), pytest.raises(Http404):
        from saferhub.meetings.operations.copies import take_copy

        take_copy(meeting_id=held.id, kind="minutes", form="page", by=actor(cast, VICTOR))


def test_every_copy_leaves_a_row_and_a_sight(cast: Cast, client_for: Callable[..., Client]) -> None:
    held = approved(cast)
    client = client_for(PRIYA)
    for url in (
        reverse("meeting-paper", args=[held.id, "minutes"]),
        reverse("meeting-paper-file", args=[held.id, "minutes", "docx"]),
        reverse("meeting-paper-file", args=[held.id, "minutes", "pdf"]),
    ):
        assert client.get(url).status_code == 200
    rows = Copy.objects.filter(meeting=held.meeting, to=cast[PRIYA], kind="minutes").values_list(
        "kind", "form", "number"
    )
    assert sorted(rows) == [("minutes", "page", "1.0"), ("minutes", "pdf", "1.0"), ("minutes", "word", "1.0")]
    assert Entry.objects.filter(event="meetings.copy_taken", actor=cast[PRIYA].public_id).count() == 3


# --- Telling ----------------------------------------------------------------------------------------------------


def test_mails_that_minutes_are_out_name_the_meeting_and_nothing_that_was_spoken_of(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    held = ended(cast)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        done = held.approve()
        with entered(cast[CHRIS]):
            sent = tell_that_minutes_are_out(meeting_id=held.id, parts=done, by=actor(cast, CHRIS))
    assert sent == len(mail.outbox) == 5
    for one in mail.outbox:
        text = one.subject + one.body
        assert held.id in text and held.meeting.group.name in text
        for word in (SAID, HIDDEN, "stairwell", held.items["one"].reference, "Sam"):
            assert word not in text


def test_of_a_part_that_was_kept_from_somebody_she_gets_no_mail(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    held = ended(cast, kept_from=RACHEL)
    held.approve()
    part = held.parts()["two"]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True), entered(cast[CHRIS]):
        tell_that_minutes_are_out(meeting_id=held.id, parts=[part], by=actor(cast, CHRIS))
    told = {one.to[0] for one in mail.outbox}
    assert cast[PRIYA].email in told and cast[RACHEL].email not in told


# --- Correcting -------------------------------------------------------------------------------------------------


def corrected(held: Held, text: str, notice: str = "It was Monday, not Sunday.") -> Any:
    part = held.parts()["one"]
    (name,) = minutes.values_of(part)
    with entered(held.cast[MINA]):
        return minutes.correct_part(
            meeting_id=held.id, part_id=part.public_id, values={name: text}, notice=notice,
            seen=part.content_hash, by=actor(held.cast, MINA),
        )  # fmt: skip


def test_a_correction_is_a_new_version_with_a_notice_and_counts_once_it_is_approved(cast: Cast) -> None:
    held = approved(cast)
    made = corrected(held, "He came on Monday.")
    assert (made.number, made.status) == ("1.1", "draft")
    assert SAID in text_for(held, PRIYA) and "Monday" not in text_for(held, PRIYA)
    held.approve()
    text = text_for(held, PRIYA)
    assert "He came on Monday." in text and "It was Monday, not Sunday." in text and SAID not in text
    with entered(cast[COLIN]):
        assert type(made).objects.get(pk=made.corrects_id).status == "superseded"


def test_a_correction_that_changes_nothing_or_says_nothing_is_refused(cast: Cast) -> None:
    held = approved(cast)
    with pytest.raises(Refusal, match="nothing differs"):
        corrected(held, rules.texts_of(held.parts()["one"].document())[held.items["one"].public_id.lower()])
    with pytest.raises(Refusal, match="what was wrong"):
        corrected(held, "Other.", notice=" ")


def test_a_correction_that_waits_may_be_changed_and_keeps_its_notice(cast: Cast) -> None:
    held = approved(cast)
    made = corrected(held, "He came on Monday.")
    with pytest.raises(Refusal, match="correction waits"):
        corrected(held, "Again.")
    (name,) = minutes.values_of(made)
    with entered(cast[MINA]):
        changed = minutes.edit_part(
            meeting_id=held.id, part_id=made.public_id, values={name: "He came on Tuesday."}, by=actor(cast, MINA),
            seen=made.version,
        )  # fmt: skip
    assert changed.document().correction is not None
    assert changed.document().correction.text == "It was Monday, not Sunday."


def test_a_correction_that_a_reader_does_not_see_changes_nothing_in_her_copy(cast: Cast) -> None:
    held = ended(cast, kept_from=RACHEL)
    held.approve()
    before = text_for(held, RACHEL)
    part = held.parts()["two"]
    (name,) = minutes.values_of(part)
    with entered(cast[MINA]):
        minutes.correct_part(
            meeting_id=held.id, part_id=part.public_id, values={name: "Other."}, notice="Wrong.",
            seen=part.content_hash, by=actor(cast, MINA),
        )  # fmt: skip
    held.approve()
    assert "Wrong." in text_for(held, PRIYA)
    assert text_for(held, RACHEL) == before
