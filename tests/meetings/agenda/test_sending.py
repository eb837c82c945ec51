"""Sending: who sees what from then on, on which agreement, until when; and sending again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings.models import Ask, Item, Meeting, MeetingStatus, Member
from saferhub.meetings.operations import sending
from saferhub.meetings.queries.sending import preview
from saferhub.partnership.models import Membership
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Because, Interest
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.meetings import (
    COLIN,
    MAYA,
    NADIA,
    PREPARE,
    PRIYA,
    RACHEL,
    SEATS,
    VICTOR,
    Made,
    a_meeting,
    act,
    read,
    shown_to,
)

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


def meets(cast: Cast, made: Made) -> list[Interest]:
    """What the table holds in the first item's folder."""
    with entered(cast[COLIN]):
        rows = Interest.objects.filter(folder=made.items[0].folder_id, because=Because.MEETS, ended_at=None)
        return list(rows.select_related("unit__agency", "agreement"))


def standing(cast: Cast, made: Made) -> Item:
    with entered(cast[COLIN]):
        return Item.objects.get(meeting=made.meeting, code="welcome")


def test_from_its_sending_those_at_the_table_see_it_on_an_agreement_that_carries_it(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    (item,) = made.items
    welcome = standing(cast, made)
    assert shown_to(cast, item) == shown_to(cast, welcome) == PREPARE
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert shown_to(cast, item) == shown_to(cast, welcome) == PREPARE | set(SEATS)
    assert read(cast, made.meeting).status == MeetingStatus.SENT
    given = meets(cast, made)
    assert {one.unit for one in given} == {unit_of(cast, one) for one in SEATS}
    assert all(one.agreement is not None and one.gateway and one.purpose == "reduce_asb" for one in given)
    assert Entry.objects.filter(event="meetings.agenda_sent", subject=made.meeting.public_id).count() == 1


def test_sight_ends_by_itself_some_days_after_the_meeting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = a_meeting(cast)
    last = made.meeting.on + timedelta(days=28)
    assert {one.valid_until.date() for one in meets(cast, made) if one.valid_until} == {last}
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + (last + timedelta(days=1) - now.date()))
    with entered(cast[COLIN]):  # the first wall; the database's time is its own
        from saferhub.meetings import access

        rows = access.parts_readable_by(actor(cast, PRIYA), Item).filter(pk=made.items[0].pk)
        assert not rows.exists()


def test_sending_twice_gives_nothing_twice(cast: Cast) -> None:
    made = a_meeting(cast)
    before = {one.pk for one in meets(cast, made)}
    with entered(cast[COLIN]):
        asks = Ask.objects.filter(meeting=made.meeting).count()
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert {one.pk for one in meets(cast, made)} == before
    with entered(cast[COLIN]):
        assert Ask.objects.filter(meeting=made.meeting).count() == asks == len(SEATS)


def test_a_seat_that_is_over_and_a_day_that_moved_are_followed_when_it_is_sent_again(cast: Cast) -> None:
    made = a_meeting(cast)
    with entered(cast[COLIN]):
        Member.objects.filter(group=made.meeting.group_id, user=cast[VICTOR]).update(
            valid_until=made.meeting.on - timedelta(days=1)
        )
        Meeting.objects.filter(pk=made.meeting.pk).update(on=made.meeting.on + timedelta(days=7))
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert shown_to(cast, made.items[0], [VICTOR, PRIYA]) == {PRIYA}
    last = made.meeting.on + timedelta(days=7 + 28)
    assert {one.valid_until.date() for one in meets(cast, made) if one.valid_until} == {last}


def test_a_suspended_agreement_closes_the_sight_that_rests_on_it(cast: Cast) -> None:
    made = a_meeting(cast)
    on = {one.agreement.pk for one in meets(cast, made) if one.unit == unit_of(cast, PRIYA) and one.agreement}
    with entered(cast["ian.governance"]):
        Agreement.objects.filter(pk__in=on).update(status="suspended")
    assert PRIYA not in shown_to(cast, made.items[0])
    assert MAYA in shown_to(cast, made.items[0])


def test_whom_no_agreement_reaches_sees_nothing_and_the_organiser_is_told(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    with entered(cast["ian.governance"]):
        from saferhub.sharing.models import AgreementParty

        AgreementParty.objects.filter(agency=unit_of(cast, PRIYA).agency).update(
            withdrawn_on=actor(cast, COLIN).on, withdrawn_reason="It left."
        )
    with entered(cast[COLIN]):
        found = preview(actor(cast, COLIN), made.meeting)
    (missing,) = [one for one in found.units if one.unreached]
    assert missing.place.unit == unit_of(cast, PRIYA)
    assert missing.unreached == [made.cases[0].matter.reference]
    assert ["has signed no sharing agreement in force" in one for one in missing.why_not] == [True]
    sent = act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert sent.unreached == (unit_of(cast, PRIYA).public_id,)
    assert PRIYA not in shown_to(cast, made.items[0])
    with entered(cast[COLIN]):
        assert not Ask.objects.filter(meeting=made.meeting, unit=unit_of(cast, PRIYA)).exists()


def test_a_deputy_of_another_unit_sees_it_in_her_own_name(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    with entered(cast[COLIN]):
        Member.objects.filter(group=made.meeting.group_id, user=cast[RACHEL]).update(deputy=cast[NADIA])
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert NADIA in shown_to(cast, made.items[0])
    (hers,) = [one for one in meets(cast, made) if one.user_id == cast[NADIA].pk]
    assert hers.agreement is not None


def test_a_colleague_of_the_co_ordinator_with_a_seat_needs_no_agreement(cast: Cast) -> None:
    made = a_meeting(cast, sent=False, members=(COLIN, PRIYA))
    beside = cast[NADIA]
    with entered(cast[COLIN]):
        unit = unit_of(cast, COLIN)
        Membership.objects.filter(user=beside).update(unit=unit)
        Member.objects.filter(group=made.meeting.group_id, user=cast[COLIN]).update(deputy=beside)
    assert NADIA not in shown_to(cast, made.items[0])
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert NADIA in shown_to(cast, made.items[0])


def test_asking_before_opens_the_items_and_not_the_agenda(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    done = act(cast, COLIN, sending.ask_agencies, meeting_id=made.meeting.public_id)
    assert done.asked == len(SEATS)
    assert PRIYA in shown_to(cast, made.items[0])
    assert shown_to(cast, standing(cast, made)) == PREPARE
    assert read(cast, made.meeting).status == MeetingStatus.PREPARING
    again = act(cast, COLIN, sending.ask_agencies, meeting_id=made.meeting.public_id)
    assert again.asked == 0


def test_an_urgent_item_opens_at_once_while_the_meeting_runs(cast: Cast, client_for: Any) -> None:
    from django.urls import reverse

    made = a_meeting(cast, days=0)
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=made.meeting.pk).update(status="running")
    case = a_case(cast, title="Threats at the door", shares=[])
    client_for(COLIN).post(
        reverse("agenda-put-matter", args=[made.meeting.public_id, case.matter.public_id]),
        {
            "kind": "case",
            "why": "It began last night.",
            "under": "cases",
            "minutes": "5",
            "urgent_why": "Tonight.",
        },
    )
    with entered(cast[COLIN]):
        item = Item.objects.get(meeting=made.meeting, reference=case.matter.reference)
        assert item.is_urgent and not Ask.objects.filter(item=item).exists()
    assert {PRIYA, VICTOR} <= shown_to(cast, item)


def test_partners_do_not_send_and_an_empty_agenda_asks_nothing(cast: Cast) -> None:
    made = a_meeting(cast, items=0, sent=False)
    with pytest.raises(NotAllowed):
        act(cast, PRIYA, sending.send_agenda, meeting_id=made.meeting.public_id)
    with pytest.raises(Refusal) as refusal:
        act(cast, COLIN, sending.ask_agencies, meeting_id=made.meeting.public_id)
    assert refusal.value.code == "nothing_to_ask"


def test_the_preview_says_what_is_new_and_what_was_taken_off(cast: Cast) -> None:
    from saferhub.meetings.operations import items as operations

    made = a_meeting(cast, items=2)
    with entered(cast[COLIN]):
        found = preview(actor(cast, COLIN), read_meeting(cast, made))
    assert found.is_again
    assert all(not unit.fresh for unit in found.units)
    act(cast, COLIN, operations.take_off, **made.of(1), reason="Settled.")
    act(cast, COLIN, operations.put_back, **made.of(1), reason="Not settled.")
    act(cast, COLIN, operations.take_off, **made.of(0), reason="Settled.")
    with entered(cast[COLIN]):
        found = preview(actor(cast, COLIN), read_meeting(cast, made))
    assert found.off == [made.cases[0].matter.reference]
    assert {tuple(unit.fresh) for unit in found.units} == {(made.cases[1].matter.reference,)}


def read_meeting(cast: Cast, made: Made) -> Meeting:
    from saferhub.meetings import access

    return access.get_meeting(actor(cast, COLIN), made.meeting.public_id)


def test_mails_carry_references_and_nobody_is_told_the_same_twice(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    made = a_meeting(cast, sent=False, person=True)
    with django_capture_on_commit_callbacks(execute=True):
        act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert {to for one in mail.outbox for to in one.to} == {cast[one].email for one in SEATS}
    for one in mail.outbox:
        text = f"{one.subject}\n{one.body}"
        assert made.cases[0].matter.reference in text
        for secret in ("Tindall", "stairwell", "Agree what"):
            assert secret not in text
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert mail.outbox == []
