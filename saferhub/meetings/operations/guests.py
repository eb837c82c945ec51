"""Bidding a guest to one item: somebody without a seat, who sees that item and nothing else of the meeting."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.accounts.models import Status
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Attendance, Came, Item, KeptFrom, Meeting
from saferhub.meetings.queries.sending import sight_until
from saferhub.meetings.queries.table import NO_MATTER, WORKING, ground_for, members_on, purpose_of
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Membership
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Because, Interest, Matter
from saferhub.sharing.operations.folders import end_interest, give_interest

from .calendar_inviting import TO_COME, send_entries
from .items import CHANGEABLE
from .planning import kind_of
from .sight import GUEST, Kept


def check_takes_guests(item: Item, meeting: Meeting) -> Matter:
    """The matter for which a guest would come. Raises Refusal unless the item is about one, in a folder of its own: a
    guest sees that and nothing else."""
    if item.folder_id == meeting.folder_id or item.matter is None:
        raise Refusal(
            "everybodys_item",
            "A guest comes for a referral or a case that stands on the agenda, and sees nothing else of the meeting. "
            "This item is everybody’s who sits there.",
        )
    return item.matter


@transaction.atomic
def bid_guest(*, meeting_id: str, item_id: str, user_id: str, by: Actor, on: date) -> Attendance:
    """Bid somebody to one item (`user_id`: public_id of her account). She sees that item from now on until those at the
    table no longer do, on an agreement that carries it to her agency; colleagues of the organiser's own need none.

    Raises NotAllowed unless the actor prepares the meeting and sees the item; Refusal for an item of everybody's, for
    somebody with a seat, for somebody it is kept from, and where no agreement carries it.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    if meeting.status not in CHANGEABLE:
        raise Refusal("meeting_over", "This meeting is over.")
    matter = check_takes_guests(item, meeting)
    row = (
        Membership.objects.in_force_on(on)
        .filter(
            partnership=meeting.partnership_id,
            user__public_id=user_id,
            user__status=Status.ACTIVE,
            role__in=WORKING,
        )
        .select_related("user", "unit__agency")
        .order_by("valid_from", "id")
        .first()
    )
    if row is None:
        raise Refusal("nobody", "Choose somebody of this partnership who works on cases.")
    if any(row.user_id in (seat.user_id, seat.deputy_id) for seat in members_on(meeting)):
        raise Refusal("has_a_seat", f"{row.user.name} has a seat in this group and sees the agenda.")
    kept = Kept.of(access.parts_readable_by(by, KeptFrom).filter(item=item, lifted_on__isnull=True), by)
    if kept.covers(row.user_id, row.unit_id):
        raise Refusal("kept_from", "The item is kept from this person. Lift that first.")
    purpose = purpose_of(item, kind_of(meeting.group, meeting.on).purpose) or NO_MATTER
    ground = ground_for(by, row.unit, meeting, purpose=purpose, hub=item.folder.hub, owner=matter.unit)
    if ground is None and (by.agency is None or row.unit.agency_id != by.agency.pk):
        raise Refusal(
            "no_agreement",
            f"No sharing agreement in force carries this item to {row.unit.agency.name}. Speak with the information "
            "governance lead, or ask somebody of an agency that has signed one.",
        )
    give_interest(
        folder=item.folder,
        by=by,
        purpose=purpose,
        because=Because.MEETS if ground is not None else Because.NAMED,
        gateway=ground.gateway if ground is not None else "",
        agreement=ground.agreement if ground is not None else None,
        user=row.user,
        until=sight_until(meeting),
        opens=item.folder.sensitivity,
    )
    guest, is_new = Attendance.objects.get_or_create(
        meeting=meeting,
        user=row.user,
        folder=item.folder,
        defaults={
            "partnership_id": meeting.partnership_id,
            "agency": row.unit.agency,
            "unit": row.unit,
            "seat": GUEST,
            "by": by.public_id,
        },
    )
    if not is_new and guest.came != Came.EXPECTED:
        guest.came = Came.EXPECTED
        guest.version += 1
        guest.save(update_fields=["came", "version"])
    audit.record("meetings.guest_bidden", item, by=by, purpose=purpose, account=row.user.public_id)
    if meeting.status in TO_COME:
        # Whoever comes is invited where others were.
        send_entries(meeting, by=by, on=on, is_change=True)
    return guest


@transaction.atomic
def unbid_guest(*, meeting_id: str, item_id: str, guest_id: str, reason: str, by: Actor, on: date) -> None:
    """No longer bid a guest: she sees the item no more. Raises NotAllowed, Refusal without a reason, Http404."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    guest = access.get_guest(by, item, guest_id)
    if not reason.strip():
        raise Refusal("no_reason", "Say why she is no longer bidden.")
    for row in Interest.objects.filter(
        interests_live_on(clock.now()), folder=item.folder_id, user=guest.user_id
    ):
        end_interest(interest=row, by=by, reason=reason.strip())
    if guest.came == Came.EXPECTED:
        guest.came = Came.ABSENT
        guest.version += 1
        guest.save(update_fields=["came", "version"])
    account = guest.user.public_id if guest.user is not None else ""
    audit.record("meetings.guest_unbidden", item, by=by, account=account)
    if meeting.status in TO_COME:
        send_entries(meeting, by=by, on=on, is_change=True)
