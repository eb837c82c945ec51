"""Who stands outside a meeting or falls out of it: a member whose agreement sleeps while it runs, a former member, a
deputy, a guest; and every address answers them as if there were nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from saferhub.foundation.refusals import allows
from saferhub.meetings import access, urls
from saferhub.meetings.models import Ask, Attendance, Item, Member
from saferhub.meetings.operations import guests, sending
from saferhub.meetings.operations.calendar_seats import change_seat, end_seat, values_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Interest
from tests.builders.casework import actor
from tests.builders.meetings import (
    CHRIS,
    COLIN,
    FERGUS,
    NADIA,
    PRIYA,
    RACHEL,
    VICTOR,
    Cast,
    Made,
    a_meeting,
    act,
    shown_to,
)
from tests.meetings.live.running import a_running_meeting
from tests.meetings.minutes import world

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
IAN = "ian.governance"
MISSING = "0" * 16


def set_agreements(cast: Cast, numbers: set[int], status: str) -> None:
    with entered(cast[IAN]):
        assert Agreement.objects.filter(pk__in=numbers).update(status=status)


def carrying(cast: Cast, made: Made, username: str) -> set[int]:
    """The agreements on which the unit of this person sees the first item."""
    with entered(cast[COLIN]):
        unit = actor(cast, username).unit
        rows = Interest.objects.filter(folder=made.items[0].folder_id, unit=unit, agreement__isnull=False)
        return set(rows.values_list("agreement", flat=True))


def seat_of(cast: Cast, made: Made, username: str) -> Member:
    with entered(cast[COLIN]):
        return made.meeting.group.members.get(user=cast[username], valid_until__isnull=True)


# --- An agreement that sleeps -----------------------------------------------------------------------------------------


def test_an_agreement_suspended_while_the_meeting_runs_closes_it_at_the_next_request_and_opens_it_again(
    cast: Cast, client_for: ClientFor
) -> None:
    run = a_running_meeting(cast)
    priya, item = client_for(PRIYA), reverse("item", args=run.url_args())
    agenda = reverse("meeting-agenda", args=[run.meeting.public_id])
    reference = run.cases[0].matter.reference
    assert priya.get(item).status_code == 200
    assert reference in priya.get(agenda).content.decode()
    numbers = carrying(cast, run, PRIYA)
    set_agreements(cast, numbers, "suspended")
    assert priya.get(item).status_code == 404
    for name in ("meeting-agenda", "meeting-asks", "meeting-attendance", "home", "search", "meetings"):
        args = [run.meeting.public_id] if name.startswith("meeting-") else []
        answer = priya.get(reverse(name, args=args), follow=True)
        assert answer.status_code == 200, name
        assert reference not in answer.content.decode(), name
    with entered(cast[PRIYA]):
        for model in (Item, Ask, Attendance):
            assert not model._default_manager.filter(meeting=run.meeting).exists(), model
    set_agreements(cast, numbers, "in_force")
    assert priya.get(item).status_code == 200
    assert reference in priya.get(agenda).content.decode()


# --- A former member --------------------------------------------------------------------------------------------------


def test_when_a_seat_ends_agendas_of_later_meetings_close_and_nobody_elses_do(cast: Cast) -> None:
    made = a_meeting(cast, items=2)
    sleeping = carrying(cast, made, VICTOR)
    set_agreements(cast, sleeping, "suspended")
    seat = seat_of(cast, made, PRIYA)
    act(
        cast, COLIN, end_seat, group_id=made.meeting.group.public_id, seat_id=seat.public_id, seen=seat.version,
        last_day=actor(cast, COLIN).on, reason="The contract ended.",
    )  # fmt: skip
    for item in made.items:
        assert shown_to(cast, item, [PRIYA, RACHEL]) == {RACHEL}
    with entered(cast[PRIYA]):
        assert not Attendance.objects.filter(meeting=made.meeting).exists()
    # What sleeps is not ended with it.
    set_agreements(cast, sleeping, "in_force")
    assert shown_to(cast, made.items[0], [VICTOR, PRIYA]) == {VICTOR}


def test_a_seat_that_ends_after_a_meeting_leaves_its_agenda_open(cast: Cast) -> None:
    made = a_meeting(cast)
    seat = seat_of(cast, made, VICTOR)
    act(
        cast, COLIN, end_seat, group_id=made.meeting.group.public_id, seat_id=seat.public_id, seen=seat.version,
        last_day=made.meeting.on, reason="The contract ends.",
    )  # fmt: skip
    assert VICTOR in shown_to(cast, made.items[0])


def test_a_deputy_who_is_one_no_longer_sees_nothing_of_it_and_a_guest_stays(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    seat = seat_of(cast, made, RACHEL)
    given = {"group_id": made.meeting.group.public_id, "seat_id": seat.public_id}
    values = values_of(seat)
    act(cast, COLIN, change_seat, **given, **{**values, "deputy": cast[NADIA].public_id}, seen=seat.version)
    act(cast, COLIN, guests.bid_guest, **made.at, user_id=cast[FERGUS].public_id)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert shown_to(cast, made.items[0], [NADIA, RACHEL, FERGUS]) == {NADIA, RACHEL, FERGUS}
    act(cast, COLIN, change_seat, **given, **values, seen=seat.version + 1)
    assert shown_to(cast, made.items[0], [NADIA, RACHEL, FERGUS]) == {RACHEL, FERGUS}


def test_a_former_member_finds_no_page_of_the_meeting(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast)
    victor = client_for(VICTOR)
    assert victor.get(reverse("meeting", args=[made.meeting.public_id])).status_code == 200
    with entered(cast[COLIN]):
        yesterday = actor(cast, COLIN).on - timedelta(days=1)
        Member.objects.filter(pk=seat_of(cast, made, VICTOR).pk).update(
            valid_from=yesterday - timedelta(days=30), valid_until=yesterday
        )
    for name, args in (
        ("meeting", [made.meeting.public_id]),
        ("item", made.url_args()),
        ("meeting-ics", [made.meeting.public_id]),
    ):
        assert victor.get(reverse(name, args=args)).status_code == 404, name


# --- A deputy ---------------------------------------------------------------------------------------------------------


def test_a_deputy_reads_and_answers_and_neither_prepares_nor_approves(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, sent=False)
    seat = seat_of(cast, made, RACHEL)
    values = {**values_of(seat), "deputy": cast[NADIA].public_id}
    act(
        cast, COLIN, change_seat, group_id=made.meeting.group.public_id, seat_id=seat.public_id, **values,
        seen=seat.version,
    )  # fmt: skip
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    nadia = client_for(NADIA)
    assert nadia.get(reverse("item", args=made.url_args())).status_code == 200
    assert nadia.get(reverse("agenda-put", args=[made.meeting.public_id])).status_code == 403
    with entered(cast[NADIA]):
        assert not allows(access.check_can_prepare, actor(cast, NADIA), made.meeting.group)
        assert not allows(access.check_can_approve, actor(cast, NADIA), made.meeting.group)


# --- A guest ----------------------------------------------------------------------------------------------------------


def test_a_guest_learns_nothing_from_any_page_of_the_meeting(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=2)
    act(cast, COLIN, guests.bid_guest, **made.at, user_id=cast[FERGUS].public_id)
    fergus, opened = client_for(FERGUS), []
    for name, given in addresses():
        if set(given) - {"public_id"} or name.startswith("group") or not given:
            continue
        answer = fergus.get(reverse(name, args=[made.meeting.public_id]), follow=True)
        if answer.status_code != 200:
            continue
        opened.append(name)
        text = b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode()
        for hidden in (
            made.cases[1].matter.reference,
            cast[PRIYA].name,
            cast[VICTOR].name,
            cast[RACHEL].name,
            cast[CHRIS].name,
        ):
            assert hidden not in text, (name, hidden)
    assert "meeting-agenda" in opened


# --- Hidden is missing ------------------------------------------------------------------------------------------------


def addresses(patterns: Any = None) -> Iterator[tuple[str, list[str]]]:
    """Every address of meetings, with the arguments that it takes."""
    for pattern in urls.urlpatterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), list(pattern.pattern.converters)


def answer_of(client: Client, method: str, address: str) -> tuple[Any, ...]:
    response = getattr(client, method)(address)
    body = re.sub(rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
    headers = {
        k: re.sub(r"'nonce-[^']+'", "", v) for k, v in response.headers.items() if k != "Content-Length"
    }
    return response.status_code, body, headers, sorted(response.cookies)


def ids_of(held: world.Held) -> dict[str, str]:
    """What the addresses of this meeting name: where they name an item, the second one and its part."""
    with entered(held.cast[COLIN]):
        item = held.items["two"]
        asks = Ask.objects.filter(item=item)
        return {
            "public_id": held.id,
            "item_id": item.public_id,
            "part_id": held.parts()["two"].public_id,
            "seat_id": held.meeting.group.members.filter(valid_until__isnull=True)[0].public_id,
            "matter_id": held.cases["two"].matter.public_id,
            "ask_id": asks[0].public_id if asks else MISSING,
            "kept_id": MISSING,
            "guest_id": MISSING,
            "disclosure_id": MISSING,
            "kind": "minutes",
            "ending": "docx",
            "what": "meetings",
        }


def test_to_a_stranger_every_address_of_a_meeting_that_is_there_answers_like_one_that_is_not(
    cast: Cast, client_for: ClientFor
) -> None:
    held, tried = world.approved(cast), 0
    nadia, ids = client_for(NADIA), ids_of(held)
    for name, takes in addresses():
        if "public_id" not in takes:
            continue
        given = {key: value for key, value in ids.items() if key in takes}
        if name.startswith("group"):
            given["public_id"] = held.meeting.group.public_id
        for method in ("get", "post"):
            there = answer_of(nadia, method, reverse(name, kwargs=given))
            missing = answer_of(nadia, method, reverse(name, kwargs={**given, "public_id": MISSING}))
            assert there[0] in (404, 405), (name, method)
            assert there == missing, (name, method)
            tried += there[0] == 404
    assert tried > 50


def test_to_whom_an_item_is_kept_from_its_addresses_answer_like_those_of_none(
    cast: Cast, client_for: ClientFor
) -> None:
    held, tried = world.approved(cast, kept_from=CHRIS), 0
    chris, ids = client_for(CHRIS), ids_of(held)
    for name, takes in addresses():
        if not {"item_id", "part_id"} & set(takes):
            continue
        given = {key: value for key, value in ids.items() if key in takes}
        none = {key: MISSING if key in ("item_id", "part_id") else value for key, value in given.items()}
        for method in ("get", "post"):
            there = answer_of(chris, method, reverse(name, kwargs=given))
            assert there == answer_of(chris, method, reverse(name, kwargs=none)), (name, method)
            assert there[0] in (404, 405), (name, method)
            tried += there[0] == 404
    assert tried > 20
