"""On which days a meeting is called and moved to: a day that may be a slip is asked about, and none is years ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from saferhub.meetings.models import Meeting
from saferhub.meetings.operations.sending import ask_agencies
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.builders.meetings import a_meeting as prepared
from tests.builders.meetings import act

from .group import COLIN, Cast, a_group, a_meeting, read
from .test_calendar_pages import ClientFor, boxes

pytestmark = pytest.mark.django_db


def test_a_meeting_on_a_bank_holiday_is_called_once_the_day_is_confirmed(
    cast: Cast, client_for: ClientFor
) -> None:
    group = a_group(cast)
    client, url = client_for(COLIN), reverse("group-call", args=[group.public_id])
    day = actor(cast, COLIN).on.replace(month=12, day=25)
    sent = {"starts_at": "9.30", "minutes": "60", **boxes("day", day)}
    assert "day_meant" not in client.get(url).context["form"].fields
    answer = client.post(url, sent)
    assert list(answer.context["form"].errors) == ["day_meant"]
    assert "bank holiday (Christmas Day)" in answer.content.decode()
    with entered(cast[COLIN]):
        assert not Meeting.objects.filter(group=group, on=day).exists()
    assert client.post(url, {**sent, "day_meant": "on"}).status_code == 302
    with entered(cast[COLIN]):
        assert Meeting.objects.filter(group=group, on=day).exists()


def test_a_meeting_is_moved_to_a_saturday_once_that_is_confirmed_and_keeps_its_day_unasked(
    cast: Cast, client_for: ClientFor
) -> None:
    meeting = a_meeting(cast, a_group(cast))
    client, url = client_for(COLIN), reverse("meeting-change", args=[meeting.public_id])
    day = meeting.on + timedelta(days=(5 - meeting.on.weekday()) % 7)
    sent = {"starts_at": "14:00", "minutes": "60", "seen": "1", "reason": "No room.", **boxes("day", day)}
    answer = client.post(url, sent)
    assert list(answer.context["form"].errors) == ["day_meant"]
    assert "is a Saturday" in answer.content.decode()
    assert client.post(url, {**sent, "day_meant": "on"}).status_code == 302
    moved = read(cast, meeting)
    assert moved.on == day
    again = {**sent, "seen": str(moved.version), "place": "The library"}
    assert client.post(url, again).status_code == 302, "its day is as it was"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("sent", "Its agenda was sent before. Send it again"),
        ("asked", "Agencies were asked before. Ask them again"),
        ("preparing", ""),
    ],
)
def test_whoever_moves_a_meeting_is_told_what_follows_its_day_only_when_it_is_sent_or_asked_again(
    cast: Cast, client_for: ClientFor, made: str, said: str
) -> None:
    meeting = prepared(cast, sent=made == "sent").meeting
    if made == "asked":
        act(cast, COLIN, ask_agencies, meeting_id=meeting.public_id)
    client, url = client_for(COLIN), reverse("meeting-change", args=[meeting.public_id])
    sent = {
        "starts_at": "14:00",
        "minutes": "60",
        "place": "The library",
        "reason": "No room.",
        "day_meant": "on",
    }

    def move(days: int) -> str:
        found = read(cast, meeting)
        given = {**sent, "seen": str(found.version), **boxes("day", found.on + timedelta(days=days))}
        text = client.post(url, given, follow=True).content.decode()
        assert "The change is saved." in text
        return text

    text = move(0)
    assert "so that the days by which answers are due follow" not in text, "its day is as it was"
    text = move(7)
    assert ("so that the days by which answers are due follow" in text) is bool(said)
    assert said in text


@pytest.mark.parametrize(
    ("days", "given", "field"),
    [(401, {}, "day"), (9, {"starts_at": "23:30", "minutes": "60"}, "minutes")],
)
def test_no_meeting_is_called_years_ahead_or_past_midnight(
    cast: Cast, client_for: ClientFor, days: int, given: dict[str, str], field: str
) -> None:
    group = a_group(cast)
    day = actor(cast, COLIN).on + timedelta(days=days)
    sent = {"starts_at": "14.30", "minutes": "30", "day_meant": "on", **boxes("day", day), **given}
    answer = client_for(COLIN).post(reverse("group-call", args=[group.public_id]), sent)
    assert list(answer.context["form"].errors) == [field]
