"""The list of who is here, as a form: one press for everybody, and what a colleague recorded meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.meetings.models import Attendance
from saferhub.meetings.operations.live_attendance import Recorded, record_attendance
from saferhub.sharing.entering import entered

from .running import CHRIS, COLIN, MINA, PRIYA, Cast, Running, a_running_meeting, act

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


@pytest.fixture
def run(cast: Cast) -> Running:
    return a_running_meeting(cast)


def present(run: Running) -> str:
    return reverse("meeting-present", args=[run.meeting.public_id])


def test_one_press_for_everybody_does_not_overwrite_what_a_colleague_recorded(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    page = client.get(present(run))
    rows = page.context["rows"]
    sent = {row.add_prefix(name): str(row[name].value()) for row in rows for name in ("came", "was", "seen")}
    (priya,) = [row for row in rows if row.row.user_id == cast[PRIYA].pk]
    given = Recorded(priya.row.public_id, "absent", False, False, priya.row.version)
    act(cast, CHRIS, record_attendance, meeting_id=run.meeting.public_id, given=[given])
    late = client.post(present(run), sent | {"do": "rest"})
    assert (late.status_code, "Somebody else recorded" in late.content.decode()) == (409, True)
    shown = {row.row.user_id: row["came"].value() for row in late.context["rows"]}
    assert shown[cast[PRIYA].pk] == "absent", "she chose nothing of her, so his stands there"
    with entered(cast[COLIN]):
        assert Attendance.objects.get(pk=priya.row.pk).came == "absent"


def test_enter_in_the_list_of_who_is_here_only_saves(run: Running, client_for: ClientFor) -> None:
    text = client_for(MINA).get(present(run)).content.decode()
    assert 'value="rest"' in text
    assert re.findall(r'<button[^>]* name="do" value="(\w+)"', text)[0] == "save"


def test_a_hidden_legend_is_no_table_that_its_words_make_wider_than_a_telephone(
    run: Running, client_for: ClientFor
) -> None:
    text = client_for(MINA).get(present(run)).content.decode()
    assert '<legend class="govuk-visually-hidden">Did ' in text


def test_the_address_that_stays_after_an_error_leads_back_to_the_list(
    run: Running, client_for: ClientFor
) -> None:
    client, add = client_for(MINA), reverse("meeting-present-add", args=[run.meeting.public_id])
    assert client.post(add).status_code == 200
    answer = client.get(add)
    assert (answer.status_code, answer["Location"]) == (302, present(run))
