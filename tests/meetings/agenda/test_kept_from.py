"""The excluded member learns nothing: from no row, page, order, count, number, mail or list, at each wall by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.foundation.registries import WORK
from saferhub.meetings import access
from saferhub.meetings.models import Ask, Item, ItemKind, ItemMove, KeptFrom
from saferhub.meetings.operations import items as operations
from saferhub.meetings.operations import keeping, opening, sending
from saferhub.meetings.operations.sight import narrow
from saferhub.meetings.queries.agenda import agenda_of
from saferhub.meetings.queries.sending import preview
from saferhub.people.models import Person
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Interest
from saferhub.sharing.operations.interests_given import open_up, restrict
from tests.builders.casework import actor, unit_of
from tests.builders.meetings import (
    CHRIS,
    COLIN,
    MAYA,
    MINA,
    PREPARE,
    PRIYA,
    RACHEL,
    SEATS,
    VICTOR,
    Made,
    a_meeting,
    act,
    ask_of,
    read,
    shown_to,
)
from tests.meetings.calendar.group import a_meeting as called

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]
WHY = "His cousin lives on that stair."


def keep(
    cast: Cast, made: Made, username: str, *, unit: bool = False, number: int = 0, **more: Any
) -> KeptFrom:
    whom = {"unit_id": unit_of(cast, username).public_id} if unit else {"user_id": cast[username].public_id}
    kept: KeptFrom = act(
        cast, more.pop("by", COLIN), keeping.keep_from, **made.of(number), why=WHY, **whom, **more
    )
    return kept


def rows_of(cast: Cast, made: Made, number: int = 0) -> list[Any]:
    """Every row that tells of an item, but that it is kept from somebody."""
    item = made.items[number]
    with entered(cast[COLIN]):
        found: list[Any] = [item, *ItemMove.objects.filter(item=item), *Ask.objects.filter(item=item)]
        if number == 0 and made.person is not None:
            found.append(Person.objects.get(pk=made.person.pk))
        return found


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_an_agency_or_a_person_finds_no_row_of_it_whether_kept_before_sending_or_after(
    cast: Cast, before: bool, unit: bool
) -> None:
    made = a_meeting(cast, sent=not before, person=True)
    keep(cast, made, VICTOR, unit=unit)
    if before:
        act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    for row in rows_of(cast, made):
        assert VICTOR not in shown_to(cast, row, [VICTOR]), row
    seen = shown_to(cast, made.items[0])
    assert seen == (PREPARE | set(SEATS)) - {VICTOR}
    # The first wall by itself, where the database holds nothing back.
    with entered(cast[COLIN]):
        victor = actor(cast, VICTOR)
        for model in (Item, ItemMove, Ask):
            rows = access.parts_readable_by(victor, model)
            assert not rows.filter(folder=made.items[0].folder_id).exists()


def test_sending_again_does_not_give_back_what_is_kept(cast: Cast) -> None:
    made = a_meeting(cast)
    keep(cast, made, VICTOR, unit=True)
    for _ in range(2):
        act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert VICTOR not in shown_to(cast, made.items[0])
    assert PRIYA in shown_to(cast, made.items[0])


def test_one_of_the_hub_finds_nothing_of_it_and_does_not_read_why(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    kept = keep(cast, made, CHRIS)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    for row in [*rows_of(cast, made), kept]:
        assert CHRIS not in shown_to(cast, row, [CHRIS]), row
    assert {COLIN, MAYA, MINA} <= shown_to(cast, kept)
    assert not shown_to(cast, kept) & {CHRIS, PRIYA, RACHEL, VICTOR}


def test_why_it_is_kept_from_a_partner_is_the_organisers_alone(cast: Cast) -> None:
    made = a_meeting(cast)
    assert shown_to(cast, keep(cast, made, VICTOR, unit=True)) == PREPARE


@pytest.mark.parametrize("partner_first", [True, False])
def test_one_of_the_hub_does_not_find_either_that_it_is_kept_from_others(
    cast: Cast, partner_first: bool
) -> None:
    made = a_meeting(cast)
    if partner_first:
        theirs, hers = keep(cast, made, VICTOR, unit=True), keep(cast, made, MINA)
    else:
        hers, theirs = keep(cast, made, MINA), keep(cast, made, VICTOR, unit=True)
    for row in (theirs, hers):
        assert shown_to(cast, row) == PREPARE - {MINA}, row.why
    # Let in again she sees the one that stands, or she would send it to them.
    act(cast, COLIN, keeping.lift, **made.at, kept_id=hers.public_id)
    assert shown_to(cast, theirs) == PREPARE
    act(cast, MINA, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert VICTOR not in shown_to(cast, made.items[0])


def test_an_organiser_who_declares_an_interest_no_longer_sees_from_whom_else_it_is_kept(cast: Cast) -> None:
    made = a_meeting(cast)
    theirs = keep(cast, made, VICTOR, unit=True)
    act(cast, MINA, keeping.declare_interest, **made.at, why="A relative.")
    assert shown_to(cast, theirs) == PREPARE - {MINA}
    more = keep(cast, made, PRIYA)
    assert shown_to(cast, more) == PREPARE - {MINA}


def hide_from(*, kept: KeptFrom, whom: Any, by: Any) -> None:
    """As for somebody who prepares the meeting since the item was kept from others."""
    narrow(kept.folder, lambda seer: seer.user.pk != whom.pk, purpose="reduce_asb", reason="Away", by=by)


def test_who_sees_an_item_and_not_from_whom_it_is_kept_lets_nobody_in(cast: Cast) -> None:
    made = a_meeting(cast)
    kept = keep(cast, made, VICTOR, unit=True)
    act(cast, COLIN, hide_from, kept=kept, whom=cast[MINA])
    act(cast, MINA, sending.send_agenda, meeting_id=made.meeting.public_id)
    seen = shown_to(cast, made.items[0])
    assert VICTOR not in seen and {MINA, PRIYA} <= seen


@pytest.mark.parametrize("declared", [False, True])
def test_who_does_not_see_from_whom_it_is_kept_tells_nobody_and_asks_nobody(
    cast: Cast, declared: bool, django_capture_on_commit_callbacks: Any
) -> None:
    made = a_meeting(cast, sent=False)
    kept = keep(cast, made, VICTOR, unit=True)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    if declared:
        # What a member declares herself lies with the item, and says nothing of the row that is out of sight.
        act(cast, PRIYA, keeping.declare_interest, **made.at, why="A relative.")
    act(cast, COLIN, hide_from, kept=kept, whom=cast[MINA])
    with entered(cast[MINA]):
        shown = preview(actor(cast, MINA), read(cast, made.meeting, MINA))
    reference = made.cases[0].matter.reference
    theirs = next(one for one in shown.units if one.place.unit == unit_of(cast, VICTOR))
    assert reference not in theirs.sees
    with django_capture_on_commit_callbacks(execute=True):
        sent = act(cast, MINA, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert [one for one in mail.outbox if cast[VICTOR].email in one.to] == []
    theirs_now, others_now = (sent.sees[unit_of(cast, one).public_id] for one in (VICTOR, RACHEL))
    assert theirs_now == others_now - 1
    assert VICTOR not in shown_to(cast, made.items[0])
    with entered(cast[COLIN]):
        asked = set(Ask.objects.filter(item=made.items[0]).values_list("unit", flat=True))
        assert unit_of(cast, VICTOR).pk not in asked and unit_of(cast, RACHEL).pk in asked


def on_the_next(cast: Cast, made: Made, by: str = COLIN) -> Item:
    """The case of the first item, put on the agenda of a later meeting that is sent."""
    later = called(cast, made.meeting.group, days=40)
    one = {"meeting_id": later.public_id}
    act(cast, COLIN, opening.begin_preparing, **one)
    item: Item = act(
        cast,
        by,
        operations.put_on,
        **one,
        kind=ItemKind.CASE,
        matter_id=made.cases[0].matter.public_id,
        why="It is due.",
        under="cases",
    )
    act(cast, by, sending.send_agenda, **one)
    return item


def test_what_is_kept_from_somebody_is_kept_from_them_at_the_next_meeting_too(cast: Cast) -> None:
    made = a_meeting(cast)
    keep(cast, made, VICTOR, unit=True)
    keep(cast, made, MINA)
    item = on_the_next(cast, made)
    assert shown_to(cast, item) == (PREPARE | set(SEATS)) - {VICTOR, MINA}
    with entered(cast[COLIN]):
        rows = list(KeptFrom.objects.filter(item=item))
    assert [one.why for one in rows] == [WHY, WHY]
    for row in rows:
        assert shown_to(cast, row) == PREPARE - {MINA}


def test_what_was_lifted_is_not_kept_again(cast: Cast) -> None:
    made = a_meeting(cast)
    kept = keep(cast, made, VICTOR, unit=True)
    act(cast, COLIN, keeping.lift, **made.at, kept_id=kept.public_id)
    assert VICTOR in shown_to(cast, on_the_next(cast, made))


def test_whom_it_is_kept_from_puts_it_on_once_more_and_learns_nothing_by_it(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    keep(cast, made, MINA)
    item = act(
        cast,
        MINA,
        operations.put_on,
        meeting_id=made.meeting.public_id,
        kind=ItemKind.CASE,
        matter_id=made.cases[0].matter.public_id,
        why="It is due.",
    )
    assert MINA in shown_to(cast, item)


def numbers(cast: Cast, made: Made, username: str) -> list[str]:
    with entered(cast[username]):
        found = agenda_of(actor(cast, username), made.meeting, prepares=False)
        return [line.number for line in found.lines]


def test_numbers_order_and_times_have_no_gap(cast: Cast) -> None:
    made = a_meeting(cast, items=3)
    keep(cast, made, VICTOR, unit=True, number=1)
    theirs, hers = numbers(cast, made, PRIYA), numbers(cast, made, VICTOR)
    heading = next(one.split(".")[0] for one in theirs if "." in one)
    assert [one for one in theirs if one.startswith(f"{heading}.")] == [f"{heading}.{n}" for n in (1, 2, 3)]
    assert [one for one in hers if one.startswith(f"{heading}.")] == [f"{heading}.{n}" for n in (1, 2)]
    assert len(hers) == len(theirs) - 1


_MARKS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="once" value="[^"]*"')


def body(client: Client, url: str) -> str:
    answer = client.get(url)
    return f"{answer.status_code} {_MARKS.sub('', answer.content.decode())}"


def test_her_pages_are_the_same_as_if_it_had_never_been_put_on(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=2)
    one = [made.meeting.public_id]
    urls = [reverse(name, args=one) for name in ("meeting", "meeting-agenda", "meeting-asks", "meeting-when")]
    urls += [reverse("home"), reverse("meetings"), reverse("item", args=made.url_args(0))]
    act(cast, COLIN, operations.take_off, **made.of(1), reason="So that it is not there at all.")
    victor = client_for(VICTOR)
    without = {url: body(victor, url) for url in urls}
    act(cast, COLIN, operations.put_back, **made.of(1), reason="Now it is, for the others.")
    keep(cast, made, VICTOR, unit=True, number=1)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert {url: body(victor, url) for url in urls} == without
    missing = reverse("item", args=[made.meeting.public_id, "nothinghere12345"])
    assert body(victor, reverse("item", args=made.url_args(1))) == body(victor, missing)
    assert made.cases[1].matter.reference in body(client_for(PRIYA), urls[0])


def test_neither_her_work_nor_her_mail_nor_her_search_tells_of_it(
    cast: Cast, client_for: ClientFor, django_capture_on_commit_callbacks: Any
) -> None:
    made = a_meeting(cast, sent=False)
    reference = made.cases[0].matter.reference
    keep(cast, made, VICTOR)
    with django_capture_on_commit_callbacks(execute=True):
        act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    (hers,) = [one for one in mail.outbox if cast[VICTOR].email in one.to]
    assert reference not in hers.body
    with entered(cast[VICTOR]):
        victor = actor(cast, VICTOR)
        rows = [one for provider in WORK for one in provider(victor)]
    assert not [one for one in rows if one.kind == "ask" and made.meeting.group.name in one.title]
    answer = client_for(VICTOR).post(reverse("search"), {"q": reference}, follow=True)
    assert f"{reference}<" not in answer.content.decode()


def test_an_organiser_keeps_it_from_nobody_by_guess(cast: Cast) -> None:
    made = a_meeting(cast)
    with pytest.raises(Refusal) as yourself:
        keep(cast, made, COLIN)
    assert yourself.value.code == "yourself"
    with pytest.raises(Refusal) as nobody:
        act(cast, COLIN, keeping.keep_from, **made.at, why=WHY, user_id="nobody")
    assert nobody.value.code == "nobody"
    with pytest.raises(Refusal) as no_reason:
        act(cast, COLIN, keeping.keep_from, **made.at, why=" ", user_id=cast[VICTOR].public_id)
    assert no_reason.value.code == "no_reason"
    with pytest.raises(NotAllowed):
        keep(cast, made, VICTOR, by=PRIYA)
    with entered(cast[COLIN]):
        standing = Item.objects.get(meeting=made.meeting, code="welcome")
        assert not KeptFrom.objects.filter(item__meeting=made.meeting).exists()
    with pytest.raises(Refusal) as everybodys:
        act(
            cast, COLIN, keeping.keep_from, meeting_id=made.meeting.public_id, item_id=standing.public_id, why=WHY,
            user_id=cast[VICTOR].public_id,
        )  # fmt: skip
    assert everybodys.value.code == "everybodys_item"
    assert VICTOR in shown_to(cast, made.items[0])


def test_lifted_they_see_it_again_as_the_others_do(cast: Cast) -> None:
    made = a_meeting(cast)
    first, second = keep(cast, made, VICTOR, unit=True), keep(cast, made, CHRIS)
    act(cast, COLIN, keeping.lift, **made.at, kept_id=second.public_id)
    seen = shown_to(cast, made.items[0])
    assert CHRIS in seen and VICTOR not in seen
    act(cast, COLIN, keeping.lift, **made.at, kept_id=first.public_id)
    assert shown_to(cast, made.items[0]) == PREPARE | set(SEATS)
    assert (
        Entry.objects.filter(event="meetings.kept_from_lifted", subject=made.items[0].public_id).count() == 2
    )
    with entered(cast[COLIN]):
        from saferhub.sharing.models import Folder

        assert Folder.objects.get(pk=made.items[0].folder_id).sensitivity == 0


@pytest.mark.parametrize("username", [VICTOR, PRIYA, CHRIS])
def test_whoever_declares_an_interest_leaves_the_item(cast: Cast, username: str) -> None:
    made = a_meeting(cast)
    act(cast, username, keeping.declare_interest, **made.at, why="A relative.")
    assert shown_to(cast, made.items[0]) == (PREPARE | set(SEATS)) - {username}
    with entered(cast[COLIN]):
        kept = KeptFrom.objects.get(item=made.items[0])
        assert (kept.is_conflict, kept.why, kept.user) == (True, "A relative.", cast[username])
    with pytest.raises(Http404):
        act(cast, username, keeping.declare_interest, **made.at, why="Again.")
    act(cast, COLIN, keeping.lift, **made.at, kept_id=kept.public_id)
    assert username in shown_to(cast, made.items[0])


def test_a_case_that_is_restricted_takes_its_item_from_the_table(cast: Cast) -> None:
    made = a_meeting(cast)
    act(
        cast,
        COLIN,
        restrict,
        matter_id=made.cases[0].matter.public_id,
        names=[cast[one].public_id for one in (COLIN, MAYA)],
        reason="A colleague is in it.",
    )
    assert shown_to(cast, made.items[0]) == {COLIN, MAYA}
    with entered(cast[COLIN]):
        assert Item.objects.get(pk=made.items[0].pk).status == "removed"


@pytest.mark.parametrize("is_kept", [False, True])
def test_an_item_opens_up_with_its_case_unless_it_is_kept_from_somebody(cast: Cast, is_kept: bool) -> None:
    made = a_meeting(cast)
    if is_kept:
        keep(cast, made, VICTOR, unit=True)
    matter = {"matter_id": made.cases[0].matter.public_id}
    names = [cast[one].public_id for one in (COLIN, MAYA)]
    act(cast, COLIN, restrict, **matter, names=names, reason="A colleague is in it.")
    act(cast, COLIN, open_up, **matter, reason="She is in it no more.")
    assert shown_to(cast, made.items[0]) == ({COLIN, MAYA} if is_kept else PREPARE)
    with entered(cast[COLIN]):
        named = Interest.objects.filter(folder=made.items[0].folder_id, ended_at=None, because="named")
        assert named.exists() == is_kept
    act(cast, COLIN, operations.put_back, **made.at, reason="Now it can be spoken of.")
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    seen = shown_to(cast, made.items[0])
    assert {PRIYA, RACHEL} <= seen and (VICTOR in seen) != is_kept


def test_what_was_answered_before_stays_with_those_who_still_see_it(cast: Cast) -> None:
    made = a_meeting(cast)
    ask = ask_of(cast, made, VICTOR)
    keep(cast, made, VICTOR, unit=True)
    assert shown_to(cast, ask) == (PREPARE | set(SEATS)) - {VICTOR}
