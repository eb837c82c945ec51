"""The records of people named on an item go where their matter goes, and whoever sits or sat at the table sees no more
of them than that: restricted, handed over, taken out, searched for, and for guests and organisers of other days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings.models import Group, Item, ItemKind, KeptFrom, Meeting, MeetingStatus, Member
from saferhub.meetings.operations import guests, keeping, opening, planning, sending
from saferhub.meetings.operations import items as agenda
from saferhub.meetings.operations.calendar_seats import add_seat, change_seat, end_seat
from saferhub.partnership.models import Hub
from saferhub.people.models import Name
from saferhub.people.operations import search
from saferhub.people.rules.search import Typed
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure, Folder, Interest
from saferhub.sharing.operations.folders import take_out
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.operations.interests_given import restrict, take_out_of
from saferhub.sharing.queries.handover import deciding
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.meetings import (
    CHRIS,
    COLIN,
    FERGUS,
    MAYA,
    MINA,
    NADIA,
    PREPARE,
    PRIYA,
    RACHEL,
    VICTOR,
    Cast,
    Made,
    a_meeting,
    act,
    shown_to,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
TABLE = {CHRIS, RACHEL, PRIYA, VICTOR}


@pytest.fixture
def made(cast: Cast) -> Made:
    """An agenda that was sent, with somebody named on its item whom Rachel's unit recorded."""
    return a_meeting(cast, person=True)


def test_whoever_sees_a_record_by_an_item_alone_opens_all_its_pages(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    assert made.person is not None
    for username in (PRIYA, COLIN):
        client = client_for(username)
        for name in ("known-person", "known-person-details", "known-person-history"):
            assert client.get(reverse(name, args=[made.person.public_id])).status_code == 200, (
                username,
                name,
            )
        assert made.person.name in client.get(reverse("known-persons")).content.decode()
        page = client.get(reverse("known-person", args=[made.person.public_id])).content.decode()
        assert "Sits in the meeting that speaks of it" in page.split("Who can see, and why", 1)[1]


def test_a_sight_by_an_item_alone_bears_its_purpose_and_is_told_to_those_who_see_the_item(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    assert made.person is not None
    # Whose unit recorded the person sees that record, and must not learn that the meeting speaks of it.
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[RACHEL].public_id)
    one = [made.person.public_id]
    assert client_for(PRIYA).get(reverse("known-person", args=one)).status_code == 200
    seen = Entry.objects.filter(event="people.person_seen", subject=one[0], actor=cast[PRIYA].public_id).get()
    assert (seen.purpose, "direct" in seen.codes) == ("reduce_asb", False)
    told = {
        username: {
            sight.name
            for sight in client_for(username).get(reverse("known-person-history", args=one)).context["sights"]
        }
        for username in (COLIN, RACHEL)
    }
    assert {who for who, names in told.items() if cast[PRIYA].name in names} == {COLIN}


def test_restricting_the_case_restricts_whoever_was_named_at_a_meeting(cast: Cast, made: Made) -> None:
    assert made.person is not None
    assert shown_to(cast, made.person) == PREPARE | TABLE
    act(
        cast, COLIN, restrict, matter_id=made.cases[0].matter.public_id,
        names=[cast[one].public_id for one in (COLIN, MAYA)], reason="A colleague is in it.",
    )  # fmt: skip
    assert shown_to(cast, made.person) == {COLIN, MAYA}


def to_scarborough(cast: Cast, made: Made) -> None:
    with entered(cast[COLIN]):
        colin, matter = actor(cast, COLIN), made.cases[0].matter
        scarborough = Hub.objects.get(code="scarborough", partnership=colin.partnership)
        interests = deciding(colin, matter, scarborough, matter.unit)
        hand_over(
            matter_id=matter.public_id,
            to_hub=scarborough,
            to_unit=matter.unit,
            decisions={one.standing.public_id: "end" for one in interests},
            reason="They have moved.",
            by=colin,
            on=colin.on,
        )


def test_a_case_that_goes_to_another_hub_leaves_the_agenda_and_takes_its_people_along(
    cast: Cast, made: Made
) -> None:
    assert made.person is not None
    item = made.items[0]
    to_scarborough(cast, made)
    # The case stays with the unit of Colin and Mina, and Maya holds every hub; the item is Selby's own record.
    assert shown_to(cast, made.person) == {COLIN, MAYA, MINA, RACHEL}
    assert shown_to(cast, item) == PREPARE
    with entered(cast[COLIN]):
        assert Item.objects.get(pk=item.pk).status == "removed"
    with pytest.raises(Refusal) as refused:
        act(cast, COLIN, agenda.put_back, **made.at, reason="It comes back.")
    assert refused.value.code == "other_hub"


def test_a_case_that_was_spoken_of_and_goes_to_another_hub_leaves_its_minutes_and_takes_its_people_along(
    cast: Cast, made: Made
) -> None:
    assert made.person is not None
    with entered(cast[COLIN]):
        Item.objects.filter(pk=made.items[0].pk).update(status="done")
        Meeting.objects.filter(pk=made.meeting.pk).update(status=MeetingStatus.APPROVED)
    to_scarborough(cast, made)
    assert shown_to(cast, made.person) == {COLIN, MAYA, MINA, RACHEL}
    assert shown_to(cast, made.items[0]) == PREPARE | TABLE


def test_a_record_that_does_not_belong_in_the_case_leaves_its_item_too(cast: Cast, made: Made) -> None:
    assert made.person is not None
    with entered(cast[COLIN]):
        folder = Folder.objects.get(pk=made.person.folder_id).public_id
    act(
        cast, COLIN, take_out_of, matter_id=made.cases[0].matter.public_id, folder_id=folder,
        reason="It is somebody else.",
    )  # fmt: skip
    assert shown_to(cast, made.person) == {RACHEL}
    assert shown_to(cast, made.items[0]) == PREPARE | TABLE


def test_nobody_is_pointed_to_an_item(cast: Cast, made: Made) -> None:
    assert made.person is not None
    with entered(cast[RACHEL]):
        Name.objects.create(
            partnership=made.person.partnership, folder_id=made.person.folder_id, person=made.person,
            given="Marcus", family="Tindall", is_main=True,
        )  # fmt: skip
    typed = Typed(name="Marcus Tindall", born=date(1990, 5, 1))

    def pointed() -> int:
        with entered(cast[FERGUS]):
            return len(search.point(typed, purpose="reduce_asb", by=actor(cast, FERGUS)))

    assert pointed() == 1
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        take_out(
            enclosure=Enclosure.objects.get(inner=made.person.folder_id, outer=made.cases[0].folder_id),
            by=colin,
            reason="It is somebody else.",
        )
    assert pointed() == 0


def test_a_guest_bidden_no_longer_who_had_a_seat_meanwhile_keeps_nothing_of_it(
    cast: Cast, made: Made
) -> None:
    guest = act(cast, COLIN, guests.bid_guest, **made.at, user_id=cast[FERGUS].public_id)
    act(cast, COLIN, guests.unbid_guest, **made.at, guest_id=guest.public_id, reason="Not needed.")
    # Named one by one from now on.
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[NADIA].public_id)
    unit = unit_of(cast, FERGUS)
    seat: Member = act(
        cast, COLIN, add_seat, group_id=made.meeting.group.public_id, unit_id=unit.public_id, seat="member",
        who=cast[FERGUS].public_id,
    )  # fmt: skip
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert FERGUS in shown_to(cast, made.items[0])
    act(
        cast, COLIN, end_seat, group_id=made.meeting.group.public_id, seat_id=seat.public_id,
        last_day=actor(cast, COLIN).on, reason="The unit leaves.", seen=seat.version,
    )  # fmt: skip
    assert FERGUS not in shown_to(cast, made.items[0])


def test_what_is_kept_from_nobody_any_more_stays_open_to_a_guest_of_the_organisers_own_agency(
    cast: Cast, made: Made
) -> None:
    act(cast, COLIN, guests.bid_guest, **made.at, user_id=cast[NADIA].public_id)
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[VICTOR].public_id)
    assert shown_to(cast, made.items[0], [NADIA, VICTOR]) == {NADIA}
    with entered(cast[COLIN]):
        kept = KeptFrom.objects.get(item=made.items[0])
    act(cast, COLIN, keeping.lift, **made.at, kept_id=kept.public_id)
    assert shown_to(cast, made.items[0], [NADIA, VICTOR]) == {NADIA, VICTOR}


# --- Who organised a group without a hub ------------------------------------------------------------------------------


def a_panel(cast: Cast, seat_of_fergus: str = "chair") -> tuple[Item, Member]:
    """An item about a case of Selby's at a panel of the whole partnership, with Fergus as its chair and Victor; its
    agenda is sent by Maya. Returns the item and the seat of Fergus."""
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        planning.make_groups(by=maya, on=maya.on)
        group = Group.objects.get(kind="complex_case_panel", partnership=maya.partnership)
        Member.objects.filter(group=group).update(valid_from=date(2018, 1, 1), valid_until=date(2018, 1, 2))
        seats = [
            add_seat(
                group_id=group.public_id, unit_id=unit_of(cast, username).public_id, seat=seat,
                who=cast[username].public_id, by=maya, on=maya.on, valid_from=date(2018, 1, 3),
            )
            for username, seat in ((FERGUS, seat_of_fergus), (VICTOR, "member"))
        ]  # fmt: skip
        meeting = planning.call_meeting(
            group_id=group.public_id, day=maya.on + timedelta(days=30), starts_at=time(14), minutes=90,
            by=maya, on=maya.on,
        )  # fmt: skip
        opening.begin_preparing(meeting_id=meeting.public_id, by=maya, on=maya.on)
    case = a_case(cast)
    item: Item = act(
        cast, MAYA, agenda.put_on, meeting_id=meeting.public_id, kind=ItemKind.CASE, under="cases",
        matter_id=case.matter.public_id, why="The hub is stuck.",
    )  # fmt: skip
    act(cast, MAYA, sending.send_agenda, meeting_id=meeting.public_id)
    return item, seats[0]


@pytest.mark.parametrize("is_over", [False, True])
def test_whoever_chaired_a_panel_sees_its_items_no_longer_than_the_others(cast: Cast, is_over: bool) -> None:
    item, seat = a_panel(cast)
    assert FERGUS in shown_to(cast, item)
    with entered(cast[MAYA]):
        group = Group.objects.get(pk=seat.group_id)
        if is_over:
            days = timedelta(days=300)
            Meeting.objects.filter(pk=item.meeting_id).update(
                status=MeetingStatus.APPROVED, on=actor(cast, MAYA).on - days
            )
            # The days of those who sat there are over.
            for row in Interest.objects.filter(folder=item.folder_id, valid_until__isnull=False):
                row.valid_from, row.valid_until = row.valid_from - days, row.valid_until - days
                row.save(update_fields=["valid_from", "valid_until"])
    act(
        cast, MAYA, end_seat, group_id=group.public_id, seat_id=seat.public_id, reason="Another one chairs it.",
        last_day=actor(cast, MAYA).on, seen=seat.version,
    )  # fmt: skip
    assert FERGUS not in shown_to(cast, item)
    with entered(cast[MAYA]):
        live = Interest.objects.filter(folder=item.folder_id, user=cast[FERGUS], valid_until__isnull=True)
        assert not live.exists()


def test_a_panels_chair_whose_seat_ends_after_it_met_reads_it_as_long_as_the_others(cast: Cast) -> None:
    item, seat = a_panel(cast)
    with entered(cast[MAYA]):
        group, on = Group.objects.get(pk=seat.group_id), actor(cast, MAYA).on
        Meeting.objects.filter(pk=item.meeting_id).update(
            status=MeetingStatus.DRAFT, on=on - timedelta(days=1)
        )
    act(
        cast, MAYA, end_seat, group_id=group.public_id, seat_id=seat.public_id, reason="Another one chairs it.",
        last_day=on, seen=seat.version,
    )  # fmt: skip
    assert {FERGUS, MAYA} <= shown_to(cast, item)
    with entered(cast[MAYA]):
        ends = (
            Interest.objects.filter(folder=item.folder_id, user=cast[FERGUS]).order_by("-pk")[0].valid_until
        )
        assert ends is not None and ends.date() > on
    assert MINA in shown_to(cast, item)


def test_an_item_of_a_panel_that_was_sent_is_kept_from_somebody_and_its_chair_still_sees_it(
    cast: Cast,
) -> None:
    item, _ = a_panel(cast)
    at = {"meeting_id": item.meeting.public_id, "item_id": item.public_id}
    assert {FERGUS, MAYA, VICTOR} <= shown_to(cast, item)
    kept = act(cast, MAYA, keeping.keep_from, **at, why="A cousin.", user_id=cast[VICTOR].public_id)
    for _ in range(2):
        seen = shown_to(cast, item)
        assert {FERGUS, MAYA} <= seen and VICTOR not in seen
        act(cast, MAYA, sending.send_agenda, meeting_id=item.meeting.public_id)
    with entered(cast[MAYA]):
        lasting = Interest.objects.filter(folder=item.folder_id, user=cast[FERGUS], valid_until__isnull=True)
        assert lasting.count() == 1, "he organises it as before"
    act(cast, MAYA, keeping.lift, **at, kept_id=kept.public_id)
    assert {FERGUS, MAYA, VICTOR} <= shown_to(cast, item)


def test_whoever_takes_the_chair_of_a_panel_whose_agenda_was_begun_before_can_send_it(cast: Cast) -> None:
    item, seat = a_panel(cast, seat_of_fergus="member")
    meeting_id = item.meeting.public_id
    with pytest.raises(NotAllowed):
        act(cast, FERGUS, sending.send_agenda, meeting_id=meeting_id)
    with entered(cast[MAYA]):
        group = Group.objects.get(pk=seat.group_id)
    act(
        cast, MAYA, change_seat, group_id=group.public_id, seat_id=seat.public_id, seat="chair",
        who=cast[FERGUS].public_id, deputy="", post="", seen=seat.version,
    )  # fmt: skip
    assert act(cast, FERGUS, sending.send_agenda, meeting_id=meeting_id).items > 1
