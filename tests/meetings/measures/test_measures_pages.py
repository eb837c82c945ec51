"""Pages of figures of meetings: counted by hand, of what the reader sees, with the way to their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.rules.oversight_figures import period
from saferhub.meetings.models import Group, Meeting
from saferhub.meetings.queries import measures as queries
from saferhub.meetings.rules.attending import Share
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.meetings.calendar.group import a_seat
from tests.meetings.minutes.world import COLIN, PRIYA, RACHEL, VICTOR, Held, ended

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
Signed = Callable[..., Client]


def figures(held: Held, username: str) -> queries.Measures:
    with entered(held.cast[username]):
        by = actor(held.cast, username)
        months = period(held.meeting.on, 1, held.meeting.on)
        return queries.measures(by, [held.meeting.group], months)


def test_a_small_world_is_counted_as_by_hand(cast: Cast) -> None:
    held = ended(cast)
    found = figures(held, COLIN)
    assert (found.held, found.items, found.decided, found.put_off, found.agreed) == (1, 2, 1, 0, 1)
    assert [(one.code, one.number) for one in found.decisions] == [("go_on", 1)]
    assert (
        found.actions == Share(0, 1 if found.period.last >= held.meeting.on else 0) or found.actions.of == 0
    )
    assert sum(one.attended.done for one in found.agencies) == sum(one.attended.of for one in found.agencies)
    assert found.statutory.attended.of + found.others.attended.of == sum(
        one.attended.of for one in found.agencies
    )
    assert found.wait.n == 1 and found.rows[0].items == 2


def test_items_that_a_reader_does_not_see_are_counted_nowhere(cast: Cast) -> None:
    held = ended(cast, kept_from=RACHEL)
    hers, his = figures(held, RACHEL), figures(held, COLIN)
    assert (hers.items, his.items) == (1, 2)
    assert hers.rows[0].items == 1
    asked = [sum(one.answered.of for one in found.agencies) for found in (hers, his)]
    assert asked[0] < asked[1]


def test_the_page_leads_from_a_figure_to_its_rows(cast: Cast, client_for: Signed) -> None:
    held = ended(cast)
    with entered(cast[COLIN]):
        day = actor(cast, COLIN).on
        # Days to come are in no period: the meeting was today.
        Meeting.objects.filter(pk=held.meeting.pk).update(on=day)
    client = client_for(COLIN)
    url = reverse("group-measures", args=[held.meeting.group.public_id])
    page = client.get(url, {"length": "3"})
    assert page.status_code == 200
    assert held.id in page.content.decode(), "the meeting is a row with its link"
    agency = page.context["figures"].agencies[0]
    rows = client.get(url, {"length": "3", "agency": agency.code})
    assert [one["row"].on for one in rows.context["chosen_rows"]] == [day]


def test_the_partnership_page_is_for_whoever_works_on_matters(cast: Cast, client_for: Signed) -> None:
    ended(cast)
    url = reverse("meeting-measures")
    assert client_for(COLIN).get(url).status_code == 200
    assert client_for("ana.analyst").get(url).status_code == 403


def test_a_group_that_one_does_not_see_has_no_figures(cast: Cast, client_for: Signed) -> None:
    held = ended(cast)
    url = reverse("group-measures", args=[held.meeting.group.public_id])
    assert client_for(PRIYA).get(url).status_code == 200
    assert client_for(VICTOR).get(url).status_code == 404


@pytest.mark.parametrize("what", ["agencies", "meetings"])
def test_figures_leave_as_a_file_and_that_is_written_down(cast: Cast, client_for: Signed, what: str) -> None:
    held = ended(cast)
    answer = client_for(COLIN).get(reverse("group-measures-csv", args=[held.meeting.group.public_id, what]))
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    assert Entry.objects.filter(event="meetings.measures_exported", subject=f"meeting-{what}").count() == 1


def test_a_name_that_a_spreadsheet_would_run_leaves_as_text(cast: Cast, client_for: Signed) -> None:
    held = ended(cast)
    with entered(cast[COLIN]):
        Group.objects.filter(pk=held.meeting.group_id).update(name="=1+1")
        Meeting.objects.filter(pk=held.meeting.pk).update(on=actor(cast, COLIN).on)
    answer = client_for(COLIN).get(
        reverse("group-measures-csv", args=[held.meeting.group.public_id, "meetings"])
    )
    text = answer.content.decode("utf-8-sig")
    assert ",'=1+1," in text and ",=1+1," not in text


def test_a_member_is_counted_the_meetings_whose_papers_she_may_read_and_no_others(
    cast: Cast, client_for: Signed
) -> None:
    held = ended(cast)
    with entered(cast[COLIN]):
        on = actor(cast, COLIN).on
        Meeting.objects.filter(pk=held.meeting.pk).update(on=on)
    a_seat(cast, held.meeting.group, VICTOR)  # after it was held
    url = reverse("group-measures", args=[held.meeting.group.public_id])
    found = {
        name: client_for(name).get(url, {"length": "1"}).context["figures"].held for name in (PRIYA, VICTOR)
    }
    assert found == {PRIYA: 1, VICTOR: 0}


def test_a_file_of_something_else_is_not_there(cast: Cast, client_for: Signed) -> None:
    assert client_for(COLIN).get(reverse("meeting-measures-csv", args=["people"])).status_code == 404
