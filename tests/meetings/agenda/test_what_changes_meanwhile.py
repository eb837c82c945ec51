"""Between sending and meeting: an item goes off and comes back, a case closes, an agreement sleeps, one is put off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.casework.models import Case
from saferhub.meetings.models import Ask
from saferhub.meetings.operations import asking, keeping, live, sending
from saferhub.meetings.operations import items as operations
from saferhub.meetings.queries.agenda import agenda_of, numbers_for
from saferhub.meetings.queries.asks import asked_of, board_of
from saferhub.meetings.queries.live_items import items_of, numbers_of
from saferhub.meetings.queries.sending import preview
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Because, Interest
from tests.builders.casework import actor, unit_of
from tests.builders.meetings import COLIN, PRIYA, VICTOR, a_meeting, act, ask_of, read

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]


def test_a_voluntary_service_is_asked_under_the_agreement_that_it_has_signed(cast: Cast) -> None:
    made = a_meeting(cast)
    with entered(cast[COLIN]):
        (row,) = Interest.objects.filter(
            folder=made.items[0].folder_id, because=Because.MEETS, unit=unit_of(cast, VICTOR)
        )
        assert row.agreement is not None
        # Section 115 reaches no voluntary body: it is the service's own agreement that carries it.
        assert (row.agreement.code, row.purpose) == ("victim_support_2018", "reduce_asb")
    assert ask_of(cast, made, VICTOR).answer == ""


def test_an_item_taken_off_takes_its_asks_along_and_brings_them_back_with_their_answers(cast: Cast) -> None:
    made = a_meeting(cast, items=2)
    one = {"meeting_id": made.meeting.public_id}
    ask = ask_of(cast, made, PRIYA)
    act(cast, PRIYA, asking.answer, **one, ask_id=ask.public_id, answer="shared", words="Seen twice.", seen=1)

    def asked() -> list[tuple[str, str]]:
        with entered(cast[PRIYA]):
            found = asked_of(actor(cast, PRIYA), read(cast, made.meeting, PRIYA))
            return [(row.item.reference, row.ask.answer) for row in found]

    first, second = (case.matter.reference for case in made.cases)
    act(cast, COLIN, operations.take_off, **made.at, reason="It waits for the court.")
    assert asked() == [(second, "")]
    act(cast, COLIN, operations.put_back, **made.at, reason="The court has decided.")
    act(cast, COLIN, sending.send_agenda, **one)
    assert asked() == [(first, "shared"), (second, "")]
    with entered(cast[COLIN]):
        assert Ask.objects.filter(item=made.items[0], unit=unit_of(cast, PRIYA)).count() == 1


def close(cast: Cast, case: Case) -> None:
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_on=actor(cast, COLIN).on, outcome="resolved", close_reason="It is quiet."
        )


def test_a_case_that_closes_meanwhile_is_marked_for_whoever_prepares_the_meeting(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, items=2)
    close(cast, made.cases[1])
    page = client_for(COLIN).get(reverse("meeting", args=[made.meeting.public_id])).content.decode()
    assert page.count("Closed meanwhile") == 1
    theirs = client_for(PRIYA).get(reverse("meeting", args=[made.meeting.public_id])).content.decode()
    assert made.cases[1].matter.reference in theirs and "Closed meanwhile" not in theirs


def test_whoever_cannot_see_an_item_any_more_is_not_called_silent(cast: Cast) -> None:
    made = a_meeting(cast, items=2)
    with entered(cast[COLIN]):
        on = [
            row.agreement_id
            for row in Interest.objects.filter(folder=made.items[0].folder_id, unit=unit_of(cast, VICTOR))
        ]
    priya = unit_of(cast, PRIYA)
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", unit_id=priya.public_id)
    with entered(cast["ian.governance"]):
        Agreement.objects.filter(pk__in=on).update(status="suspended")
    with entered(cast[COLIN]):
        board = board_of(actor(cast, COLIN), made.meeting)
    units = {one.name: one for one in board.units}
    hers = next(one for name, one in units.items() if priya.agency.name in name)
    his = next(one for name, one in units.items() if unit_of(cast, VICTOR).agency.name in name)
    assert (hers.standing.asked, hers.closed) == (1, 1)
    # Only what stands in a folder that is the units' as a whole is known to rest on it; named people are looked at one
    # by one when they are reminded.
    assert his.closed >= 1
    first, second = board.items
    assert hers.name in first.cannot and hers.name in second.quiet
    assert his.name in second.cannot and his.name not in second.quiet


def test_what_is_put_off_in_the_meeting_has_one_number_on_every_page(cast: Cast) -> None:
    made = a_meeting(cast, items=3)
    one = {"meeting_id": made.meeting.public_id}
    act(cast, COLIN, live.begin_meeting, **one, another_day=True)
    act(cast, COLIN, live.put_off, **made.at, reason="Its lead is away.")
    meeting = read(cast, made.meeting)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        agenda = agenda_of(colin, meeting, prepares=True)
        rail = numbers_of(items_of(colin, meeting))
        assert {line.item.pk: line.number for line in agenda.lines} == rail == numbers_for(colin, meeting)
        assert ("Put off", "plain") in next(
            line for line in agenda.lines if line.item.pk == made.items[0].pk
        ).tags
        assert not agenda.off


def test_what_was_put_off_before_the_meeting_stands_on_no_agenda(cast: Cast) -> None:
    made = a_meeting(cast, items=2)
    act(cast, COLIN, operations.take_off, **made.at, reason="Its lead is away.", put_off=True)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        agenda = agenda_of(colin, read(cast, made.meeting), prepares=True)
        assert made.items[0].pk not in numbers_for(colin, made.meeting)
        assert [line.item.pk for line in agenda.off] == [made.items[0].pk]
        assert preview(colin, made.meeting).items == 1
