"""From every figure of meetings to the rows behind it: as many rows as the figure says, and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.casework.models import Case, Referral
from saferhub.casework.operations.demonstration_couple import TITLE
from saferhub.meetings.models import Group, Item, Meeting
from saferhub.meetings.queries import measures_rows as rows
from saferhub.meetings.rules import measures as rules
from saferhub.meetings.rules.measures import ActionKept
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.meetings.minutes.world import COLIN, RACHEL, Held, ended

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
Signed = Callable[..., Client]


def today(cast: Cast, held: Held) -> str:
    """Move the meeting to today, for days to come are in no period; the address of its group's figures."""
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=held.meeting.pk).update(on=actor(cast, COLIN).on)
    return reverse("group-measures", args=[held.meeting.group.public_id])


@pytest.mark.parametrize(
    ("which", "number"),
    [
        (rows.ITEMS, 2),
        (rows.DECIDED, 1),
        (rows.PUT_OFF, 0),
        (rows.WAIT, 1),
        (rows.FIRST, 0),
        (rows.CLOSED, 0),
        (rows.ACTIONS, 1),
    ],
)
def test_a_figure_has_as_many_rows_as_it_says(
    cast: Cast, client_for: Signed, which: str, number: int
) -> None:
    held = ended(cast)
    page = client_for(COLIN).get(today(cast, held), {"length": "1", "rows": which})
    figures = page.context["figures"]
    said = {
        rows.ITEMS: figures.items,
        rows.DECIDED: figures.decided,
        rows.PUT_OFF: figures.put_off,
        rows.WAIT: figures.wait.n,
        rows.FIRST: page.context["waits"][0]["now"].n,
        rows.CLOSED: page.context["waits"][2]["now"].n,
        rows.ACTIONS: figures.agreed,
    }[which]
    assert len(page.context["listed"]["shown"].object_list) == said == number


def test_a_decision_leads_to_the_items_that_ended_in_it(cast: Cast, client_for: Signed) -> None:
    held = ended(cast)
    client, url = client_for(COLIN), today(cast, held)
    page = client.get(url, {"length": "1"})
    (decision,) = page.context["decisions"]
    assert decision["url"].replace("&", "&amp;") in page.content.decode()
    listed = client.get(decision["url"].partition("#")[0]).context["listed"]
    assert (listed["title"], [one.became for one in listed["shown"].object_list]) == ("Go on", ["Go on"])
    assert (
        client.get(url, {"rows": "decision", "decision": "no_such"}).context["listed"]["shown"].object_list
        == []
    )


def test_a_referral_is_followed_to_its_first_meeting_and_to_the_closing_of_its_case(
    cast: Cast, client_for: Signed
) -> None:
    """Of the demonstration: Rachel's referral of the couple, whose case was spoken of on 16 August."""
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        group = Group.objects.get(partnership=colin.partnership, kind="maps", hub__code="selby")
        case = Case.objects.select_related("matter").get(matter__title=TITLE)
        referral = Referral.objects.get(folder=case.referral_folder_id)
        item = Item.objects.filter(meeting__group=group, matter=case.matter, status="done").get()
        assert referral.sent_on is not None
        until_met = (item.meeting.on - referral.sent_on).days
    client, url = client_for(COLIN), reverse("group-measures", args=[group.public_id])
    page = client.get(url, {"length": "3", "rows": rows.FIRST})
    (row,) = page.context["listed"]["shown"].object_list
    assert page.context["waits"][0]["now"].median == row.days == until_met > 0
    assert row.words.startswith(case.matter.reference)
    assert page.context["waits"][2]["now"].n == 0
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_on=colin.on, outcome="resolved", close_reason="It is quiet."
        )
    page = client.get(url, {"length": "3", "rows": rows.CLOSED})
    (ended_row,) = page.context["listed"]["shown"].object_list
    assert page.context["waits"][2]["now"].median == ended_row.days == (colin.on - referral.sent_on).days
    assert ended_row.url in page.content.decode()
    hers = client_for("victor.voluntary").get(url, {"length": "3", "rows": rows.CLOSED})
    assert hers.context["listed"]["shown"].object_list == [], "Victor may not read that case"


def test_rows_of_items_that_a_reader_does_not_see_are_not_listed(cast: Cast, client_for: Signed) -> None:
    held = ended(cast, kept_from=RACHEL)
    url = today(cast, held)
    his = client_for(COLIN).get(url, {"length": "1", "rows": rows.ITEMS}).context["listed"]["shown"]
    hers = client_for(RACHEL).get(url, {"length": "1", "rows": rows.ITEMS}).context["listed"]["shown"]
    assert (len(his.object_list), len(hers.object_list)) == (2, 1)


def test_an_address_that_asks_for_other_rows_lists_none(cast: Cast, client_for: Signed) -> None:
    held = ended(cast)
    assert client_for(COLIN).get(today(cast, held), {"rows": "people"}).context["listed"] is None


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (ActionKept(date(2018, 9, 7), date(2018, 9, 7)), "on_time"),
        (ActionKept(date(2018, 9, 7), date(2018, 9, 8)), "late"),
        (ActionKept(date(2018, 9, 7)), "open"),
        (ActionKept(date(2018, 10, 1)), "to_come"),
        (ActionKept(date(2018, 9, 7), dropped=True), "dropped"),
    ],
)
def test_how_an_action_stands_agrees_with_whether_it_counts(action: ActionKept, state: str) -> None:
    until = date(2018, 9, 30)
    assert rules.state(action, until) == state
    counted = rules.on_time([action], until)
    assert (counted.of, counted.done) == (state in ("on_time", "late", "open"), state == "on_time")
