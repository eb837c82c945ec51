"""Pages of groups and of when meetings take place: what they show, what they take, whom they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from saferhub.foundation.registries import NAVIGATION, WORK, WORK_ASIDE
from saferhub.meetings.models import Apology, Meeting, Member
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, unit_of

from .group import COLIN, MAYA, Cast, a_group, a_meeting, a_seat, next_days, read, shut_on
from .reading import read as read_ics

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
PRIYA = "priya.partner"


def boxes(name: str, day: Any) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def shown(client: Client, name: str, *arguments: str, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- The list ---------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_to_come_and_keeps_filters_in_the_address(
    cast: Cast, client_for: ClientFor
) -> None:
    group = a_group(cast, PRIYA)
    meeting = a_meeting(cast, group)
    client = client_for(PRIYA)
    url = reverse("meeting", args=[meeting.public_id])
    assert url in shown(client, "meetings")
    assert url in shown(client, "meetings", whose="mine", group=group.public_id)
    assert url not in shown(client, "meetings", when="past")
    assert "No meeting that you see answers to these filters" in shown(client, "meetings", status="running")
    text = shown(client, "meetings", whose="mine", group=group.public_id)
    assert f"?group={group.public_id}" in text  # the chip that takes the other filter away


def test_mine_are_those_at_which_she_sits(cast: Cast, client_for: ClientFor) -> None:
    meeting = a_meeting(cast, a_group(cast, PRIYA))
    url = reverse("meeting", args=[meeting.public_id])
    assert url in shown(client_for(COLIN), "meetings")
    assert url not in shown(client_for(COLIN), "meetings", whose="mine")
    assert url in shown(client_for(COLIN), "meetings", whose="prepare")
    assert url not in shown(client_for(MAYA), "meetings", whose="prepare")


def test_a_long_list_turns_its_pages(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast)
    for days in range(1, 28):
        a_meeting(cast, group, days=days)
    text = shown(client_for(COLIN), "meetings", group=group.public_id)
    assert "1 to 25" in text
    assert f"group={group.public_id}&amp;page=2" in text


def test_another_partnership_finds_neither_group_nor_meeting(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast, PRIYA)
    meeting = a_meeting(cast, group)
    client = client_for("olivia.outsider")
    assert group.name not in shown(client, "meetings")
    for name, one in (("group", group), ("meeting-when", meeting), ("meeting-ics", meeting)):
        assert client.get(reverse(name, args=[one.public_id])).status_code == 404


# --- Groups -----------------------------------------------------------------------------------------------------


def test_the_page_of_a_group_says_its_rules_in_words_and_that_they_are_to_be_checked(
    cast: Cast, client_for: ClientFor
) -> None:
    group = a_group(cast, "chris.chair", PRIYA)
    text = shown(client_for(PRIYA), "group", group.public_id)
    for words in (
        "Every 2 weeks on Thursday at 10:00, for 1 hour",
        "At least 3 agencies",
        "5 working days before",
        "These rules have still to be checked",
        "What everybody acknowledges",
        "Actions of earlier meetings",
        cast["chris.chair"].name,
    ):
        assert words in text
    assert reverse("group-seat-add", args=[group.public_id]) not in text
    assert reverse("group-seat-add", args=[group.public_id]) in shown(
        client_for(COLIN), "group", group.public_id
    )


def test_the_manager_makes_the_groups_that_are_missing(cast: Cast, client_for: ClientFor) -> None:
    a_group(cast)
    client = client_for(MAYA)
    assert "Every group that the rules describe stands already" in shown(client, "groups-make")
    assert client.post(reverse("groups-make")).status_code == 302
    assert client_for(COLIN).get(reverse("groups-make")).status_code == 403


def test_a_seat_is_given_once_however_often_the_form_is_sent(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast)
    client = client_for(COLIN)
    on = actor(cast, COLIN).on
    url = f"{reverse('group-seat-add', args=[group.public_id])}?unit={unit_of(cast, PRIYA).public_id}"
    mark = client.get(url).context["form"]["once"].value()
    sent = {"seat": "member", "who": cast[PRIYA].public_id, "once": mark, **boxes("valid_from", on)}
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    with entered(cast[COLIN]):
        assert Member.objects.filter(group=group, user=cast[PRIYA], valid_until__isnull=True).count() == 1


def test_a_refused_seat_says_why_beside_its_field_and_keeps_what_was_typed(
    cast: Cast, client_for: ClientFor
) -> None:
    group = a_group(cast, PRIYA)
    url = f"{reverse('group-seat-add', args=[group.public_id])}?unit={unit_of(cast, PRIYA).public_id}"
    on = actor(cast, COLIN).on
    answer = client_for(COLIN).post(
        url, {"seat": "member", "who": cast[PRIYA].public_id, "post": "Duty nurse", **boxes("valid_from", on)}
    )
    assert answer.context["form"].errors == {"who": ["This seat stands already."]}
    assert "Duty nurse" in answer.content.decode()


def test_a_second_editor_of_a_seat_is_shown_both_versions(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, PRIYA)
    url = reverse("group-seat", args=[group.public_id, seat.public_id])
    sent = {"seat": "member", "who": cast[PRIYA].public_id, "deputy": "", "seen": "1"}
    assert client_for(COLIN).post(url, {**sent, "post": "Nurse"}).status_code == 302
    answer = client_for(MAYA).post(url, {**sent, "post": "Manager"})
    assert answer.status_code == 409
    assert "Nurse" in answer.content.decode()
    assert "Manager" in answer.content.decode()


# --- Planning ---------------------------------------------------------------------------------------------------


def test_planning_shows_moved_days_and_why_before_anything_is_planned(
    cast: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = a_group(cast)
    shut = next_days(cast, group)[0]
    shut_on(monkeypatch, shut)
    client = client_for(COLIN)
    url = reverse("group-plan", args=[group.public_id])
    answer = client.get(url)
    days = answer.context["days"]
    text = answer.content.decode()
    assert [one.moved_from for one in days if one.moved_from] == [shut]
    assert "Day of mourning" in text
    with entered(cast[COLIN]):
        assert not group.meetings.exclude(status="cancelled").exists()
    until = actor(cast, COLIN).on + timedelta(days=40)
    again = client.post(url, {"do": "show", "place": "The library", **boxes("until", until)})
    assert len(again.context["days"]) < len(days)
    assert "The library" in again.content.decode()
    sent = {"do": "plan", "place": "The library", **boxes("until", until)}
    assert client.post(url, sent).status_code == 302
    with entered(cast[COLIN]):
        made = list(group.meetings.exclude(status="cancelled"))
    assert {one.place for one in made} == {"The library"}
    assert len(made) == len(again.context["days"])


def test_a_day_beyond_a_year_is_refused_beside_its_field(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast)
    until = actor(cast, COLIN).on + timedelta(days=500)
    answer = client_for(COLIN).post(
        reverse("group-plan", args=[group.public_id]), {"do": "plan", **boxes("until", until)}
    )
    assert list(answer.context["form"].errors) == ["until"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_at": "ten"}, "starts_at"),
        ({"online": "http://video.example/room"}, "online"),
        ({"online": "javascript:alert(1)"}, "online"),
        ({"minutes": "3"}, "minutes"),
    ],
)
def test_what_is_typed_about_a_meeting_is_checked(
    cast: Cast, client_for: ClientFor, given: dict[str, str], field: str
) -> None:
    group = a_group(cast)
    day = actor(cast, COLIN).on + timedelta(days=9)
    sent = {"starts_at": "14.30", "minutes": "60", **boxes("day", day), **given}
    answer = client_for(COLIN).post(reverse("group-call", args=[group.public_id]), sent)
    assert list(answer.context["form"].errors) == [field]


# --- When and where ---------------------------------------------------------------------------------------------


def test_the_page_says_when_by_when_and_how_it_was_moved(cast: Cast, client_for: ClientFor) -> None:
    meeting = a_meeting(cast, a_group(cast, PRIYA))
    client = client_for(COLIN)
    url = reverse("meeting-change", args=[meeting.public_id])
    day = meeting.on + timedelta(days=1)
    sent = {"starts_at": "09:30", "minutes": "60", "place": "The library", "online": "", "seen": "1"}
    assert client.post(url, {**sent, **boxes("day", day)}).context["form"].errors == {
        "reason": ["Enter why it is moved"]
    }
    answer = client.post(url, {**sent, **boxes("day", day), "reason": "The room is taken."}, follow=True)
    text = answer.content.decode()
    for words in ("09:30 to 10:30", "The library", "Was on", "The room is taken.", "The agenda is sent"):
        assert words in text
    assert "The room is taken." in shown(client_for(PRIYA), "meeting-when", meeting.public_id)
    assert url not in shown(client_for(PRIYA), "meeting-when", meeting.public_id)


def test_two_who_move_it_at_once_see_both_versions(cast: Cast, client_for: ClientFor) -> None:
    meeting = a_meeting(cast, a_group(cast))
    url = reverse("meeting-change", args=[meeting.public_id])
    sent = {
        "starts_at": "14:00",
        "minutes": "60",
        "seen": "1",
        "reason": "Because.",
        **boxes("day", meeting.on),
    }
    assert client_for(COLIN).post(url, {**sent, "place": "The library"}).status_code == 302
    answer = client_for(MAYA).post(url, {**sent, "place": "The town hall"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "The library" in text
    assert "The town hall" in text
    assert "Begins at" not in text  # both left the hour as it was
    assert read(cast, meeting).place == "The library"


def test_a_meeting_is_cancelled_by_its_organiser_alone(cast: Cast, client_for: ClientFor) -> None:
    meeting = a_meeting(cast, a_group(cast, PRIYA))
    url = reverse("meeting-cancel", args=[meeting.public_id])
    assert client_for(PRIYA).post(url, {"reason": "No.", "seen": "1"}).status_code == 403
    client = client_for(COLIN)
    assert client.post(url, {"reason": "", "seen": "1"}).status_code == 200
    assert client.post(url, {"reason": "Snow.", "seen": "1"}).status_code == 302
    assert "Snow." in shown(client_for(PRIYA), "meeting-when", meeting.public_id)
    assert client.get(url).status_code == 409


def test_the_file_and_the_feed_hold_the_same_entry(cast: Cast, client_for: ClientFor) -> None:
    meeting = a_meeting(cast, a_group(cast, PRIYA))
    client = client_for(PRIYA)
    answer = client.get(reverse("meeting-ics", args=[meeting.public_id]))
    assert answer["Content-Type"].startswith("text/calendar")
    (by_file,) = read_ics(answer.content).named("VEVENT")
    address = client.post(reverse("action-feed"), {"do": "make"}).context["address"]
    feed = read_ics(Client().get(address[address.index("/feeds/") :]).content)
    (by_feed,) = [one for one in feed.named("VEVENT") if one.text("UID") == meeting.uid]
    assert len(feed.named("VTIMEZONE")) == 1
    for name in ("SUMMARY", "DTSTART", "SEQUENCE", "URL", "STATUS"):
        assert by_feed.one(name) == by_file.one(name)
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    feed = read_ics(Client().get(address[address.index("/feeds/") :]).content)
    assert [one.one("STATUS").value for one in feed.named("VEVENT") if one.text("UID") == meeting.uid] == [
        "CANCELLED"
    ]


def test_invitations_are_sent_from_the_page_and_their_state_is_shown(
    cast: Cast, client_for: ClientFor, django_capture_on_commit_callbacks: Any
) -> None:
    meeting = a_meeting(cast, a_group(cast, PRIYA))
    client = client_for(COLIN)
    assert "Expected, and not invited yet" in shown(client, "meeting-when", meeting.public_id)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("meeting-invite", args=[meeting.public_id]))
    assert [one.to for one in mail.outbox] == [[cast[PRIYA].email]]
    assert "has it" in shown(client, "meeting-when", meeting.public_id)
    assert "Invitations" not in shown(client_for(PRIYA), "meeting-when", meeting.public_id)


# --- Who comes --------------------------------------------------------------------------------------------------


def test_a_member_sends_apologies_and_comes_after_all(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast, "chris.chair")
    seat = a_seat(cast, group, PRIYA)
    meeting = a_meeting(cast, group)
    client = client_for(PRIYA)
    url = reverse("meeting-apologies", args=[meeting.public_id, seat.public_id])
    assert url in shown(client, "meeting-attendance", meeting.public_id)
    assert client.post(url, {"deputy": ""}).status_code == 302
    text = shown(client, "meeting-attendance", meeting.public_id)
    assert "Nobody comes instead" in text
    assert "I come after all" in text
    client.post(reverse("meeting-apologies-back", args=[meeting.public_id, seat.public_id]))
    with entered(cast[COLIN]):
        assert not Apology.objects.filter(meeting=meeting, taken_back_on__isnull=True).exists()


def test_nobody_excuses_another_and_the_organiser_may(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast, PRIYA)
    seat = a_seat(cast, group, "chris.chair")
    meeting = a_meeting(cast, group)
    url = reverse("meeting-apologies", args=[meeting.public_id, seat.public_id])
    assert client_for(PRIYA).get(url).status_code == 403
    assert url not in shown(client_for(PRIYA), "meeting-attendance", meeting.public_id)
    assert url in shown(client_for(COLIN), "meeting-attendance", meeting.public_id)


# --- Around -----------------------------------------------------------------------------------------------------


def test_meetings_stand_in_the_navigation_of_those_who_have_some(cast: Cast) -> None:
    a_group(cast, PRIYA)
    for username, there in ((PRIYA, True), (COLIN, True), ("ana.analyst", False)):
        with entered(cast[username]):
            items = [one.section for provider in NAVIGATION for one in provider(actor(cast, username))]
        assert ("meetings" in items) is there


def test_the_organiser_is_told_when_an_agenda_must_be_begun_and_sent(cast: Cast) -> None:
    group = a_group(cast, PRIYA)
    near, far = a_meeting(cast, group, days=9), a_meeting(cast, group, days=40)

    def steps(username: str) -> dict[str, str]:
        with entered(cast[username]):
            found = [
                one for provider in WORK for one in provider(actor(cast, username)) if one.kind == "meeting"
            ]
        return {one.url: one.step for one in found}

    url = reverse("meeting", args=[near.public_id])
    assert steps(COLIN)[url] == "Begin the agenda"
    assert reverse("meeting", args=[far.public_id]) not in steps(COLIN)
    assert url not in steps(PRIYA)
    assert url not in steps(MAYA)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        begin_preparing(meeting_id=near.public_id, by=colin, on=colin.on)
    assert steps(COLIN)[url] == "Send the agenda"


def test_the_next_meeting_stands_beside_your_work(cast: Cast, client_for: ClientFor) -> None:
    group = a_group(cast, PRIYA)
    meeting = a_meeting(cast, group, days=1)
    for username in (PRIYA, COLIN):
        text = shown(client_for(username), "home")
        assert "Next meeting" in text
        assert reverse("meeting", args=[meeting.public_id]) in text
        assert "Civic Centre, room 2" in text
    with entered(cast["olivia.outsider"]):
        panels = [provider(actor(cast, "olivia.outsider")) for provider in WORK_ASIDE]
    assert not any(panel and panel.template == "meetings/calendar/home_next.html" for panel in panels)
