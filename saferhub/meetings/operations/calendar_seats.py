"""Who sits in a group: seats from a day until another, who usually comes, and the deputy."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from saferhub.accounts.models import Status, User
from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, allows
from saferhub.meetings import access
from saferhub.meetings.models import Group, Member, Seat
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Membership, Unit
from saferhub.sharing.operations.folders import check_seen

from .calendar_inviting import TO_COME, send_entries
from .items import CHANGEABLE
from .organising import ORGANISERS, name_new_organisers
from .planning import check_meets
from .seats_followed import close_to_who_left

# Whoever holds one of these approves the minutes.
APPROVING = (Seat.CHAIR, Seat.DEPUTY_CHAIR)


def values_of(member: Member) -> dict[str, object]:
    """What a change may touch, by field of its form."""
    return {
        "who": member.user.public_id if member.user else "",
        "post": member.post,
        "deputy": member.deputy.public_id if member.deputy else "",
        "seat": member.seat,
    }


def people_of_agency(unit: Unit, on: date) -> list[User]:
    """Whoever works in the unit's agency on that day, those of the unit first."""
    rows = (
        Membership.objects.in_force_on(on)
        .filter(unit__agency=unit.agency_id, user__status=Status.ACTIVE)
        .select_related("user")
        .order_by("user__name", "id")
    )
    single = {row.user_id: (row.unit_id != unit.pk, row.user) for row in rows}
    return [user for _, user in sorted(single.values(), key=lambda one: (one[0], one[1].name, one[1].pk))]


@transaction.atomic
def add_seat(
    *,
    group_id: str,
    unit_id: str,
    seat: str,
    by: Actor,
    on: date,
    valid_from: date | None = None,
    who: str = "",
    deputy: str = "",
    post: str = "",
) -> Member:
    """Give a unit a seat from a day. `who` and `deputy`: public_ids of people of its agency; without `who` the seat is
    the unit's, and `post` says what it is called.

    Raises NotAllowed unless the actor prepares the group's meetings; Refusal for a unit elsewhere, for a day after the
    group's last, for somebody of another agency, for a deputy who is the same person, for a seat that stands already,
    and for the chair's or deputy chair's seat for oneself: whoever writes the minutes does not make herself the one who
    approves them.
    """
    group = _group(by, group_id)
    check_meets(group, valid_from or on)
    unit = (
        Unit.objects.filter(public_id=unit_id, agency__partnership=group.partnership_id)
        .select_related("agency")
        .first()
    )
    if unit is None:
        raise Refusal("unknown_unit", "Choose a unit of this partnership.")
    user, other = _people(unit, who, deputy, on)
    _check_free(group, unit, seat, user)
    _check_not_her_own(group, seat, user, by)
    member = Member.objects.create(
        partnership_id=group.partnership_id,
        group=group,
        agency=unit.agency,
        unit=unit,
        user=user,
        deputy=other,
        seat=seat,
        post=post.strip(),
        valid_from=valid_from or on,
        by=by.public_id,
    )
    audit.record(
        "meetings.seat_given", group, by=by, seat=member.public_id, kind=seat, unit=unit.public_id, user=who
    )
    _let_organise(group, member, by=by, on=on)
    return member


@transaction.atomic
def change_seat(
    *,
    group_id: str,
    seat_id: str,
    who: str,
    deputy: str,
    post: str,
    seat: str,
    by: Actor,
    on: date,
    seen: int,
) -> Member:
    """Change who usually comes, the deputy, what the seat is called and which it is. Invitations follow, and whoever
    saw agendas for this seat alone sees them no longer.

    Raises as `add_seat`, Conflict unless `seen` is its newest version, Refusal for one that has ended.
    """
    group = _group(by, group_id)
    member = _seat(group, seat_id)
    check_seen(member, seen)
    _check_open(member, on)
    before, had = values_of(member), (member.user, member.deputy)
    user, other = _people(member.unit, who, deputy, on)
    if (user.pk if user else None, seat) != (member.user_id, member.seat):
        _check_free(group, member.unit, seat, user, but=member)
        _check_not_her_own(group, seat, user, by)
    member.user, member.deputy, member.post, member.seat = user, other, post.strip(), seat
    if values_of(member) == before:
        return member
    member.version += 1
    member.save(update_fields=["user", "deputy", "post", "seat", "version"])
    audit.record(
        "meetings.seat_changed", group, by=by, seat=member.public_id, version=member.version, user=who
    )
    close_to_who_left(group, had, by=by, on=on)
    _let_organise(group, member, by=by, on=on)
    _bring_calendars_up(group, by=by, on=on)
    return member


@transaction.atomic
def end_seat(
    *, group_id: str, seat_id: str, last_day: date, reason: str, by: Actor, on: date, seen: int
) -> int:
    """End a seat with its last day. Agendas of later meetings close to whoever saw them for it, and invitations to them
    are taken back; returns how many people were told.

    Raises NotAllowed, Conflict unless `seen` is its newest version, and Refusal without a reason, for a last day before
    its first, and for one that has ended.
    """
    group = _group(by, group_id)
    member = _seat(group, seat_id)
    check_seen(member, seen)
    _check_open(member, on)
    if not reason.strip():
        raise Refusal("no_reason", "Say why this seat ends.")
    if last_day < member.valid_from:
        raise Refusal("ends_before", "A seat ends on its first day or later.")
    member.valid_until, member.ended_why = last_day, reason.strip()
    member.version += 1
    member.save(update_fields=["valid_until", "ended_why", "version"])
    audit.record("meetings.seat_ended", group, by=by, seat=member.public_id, day=last_day)
    close_to_who_left(group, (member.user, member.deputy), by=by, on=on)
    return _bring_calendars_up(group, by=by, on=on)


def get_seat(actor: Actor, group: Group, seat_id: str) -> Member:
    """A seat of a group that the actor sees. Raises Http404."""
    found = group.members.filter(public_id=seat_id).select_related("unit__agency", "user", "deputy").first()
    if found is None or not access.groups_visible_to(actor).filter(pk=group.pk).exists():
        raise Http404
    return found


def _group(by: Actor, group_id: str) -> Group:
    """The group, locked: two who change its seats take turns."""
    group = access.get_group(by, group_id)
    access.check_can_prepare(by, group)
    Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    return group


def _seat(group: Group, seat_id: str) -> Member:
    found = group.members.filter(public_id=seat_id).select_related("unit__agency", "user", "deputy").first()
    if found is None:
        raise Http404
    return found


def _check_open(member: Member, on: date) -> None:
    if member.valid_until is not None:
        raise Refusal("seat_ended", "This seat has its last day already. Give a new seat instead.")


def _people(unit: Unit, who: str, deputy: str, on: date) -> tuple[User | None, User | None]:
    known = {one.public_id: one for one in people_of_agency(unit, on)}
    if who and who not in known:
        raise Refusal("not_of_agency", "Choose somebody who works in that agency.")
    if deputy and deputy not in known:
        raise Refusal("deputy_not_of_agency", "Choose a deputy who works in that agency.")
    if who and who == deputy:
        raise Refusal("own_deputy", "A deputy is somebody else.")
    return known.get(who), known.get(deputy)


def _check_free(group: Group, unit: Unit, seat: str, user: User | None, but: Member | None = None) -> None:
    open_ones = group.members.filter(Q(valid_until__isnull=True), unit=unit, user=user, seat=seat)
    if but is not None:
        open_ones = open_ones.exclude(pk=but.pk)
    if open_ones.exists():
        raise Refusal("seat_stands", "This seat stands already.")
    if seat == Seat.CHAIR:
        chairs = group.members.filter(valid_until__isnull=True, seat=Seat.CHAIR)
        if (chairs.exclude(pk=but.pk) if but is not None else chairs).exists():
            raise Refusal(
                "has_a_chair", "This group has a chair. End that seat first, or give a deputy chair’s."
            )


def _check_not_her_own(group: Group, seat: str, user: User | None, by: Actor) -> None:
    if seat not in APPROVING or user is None or by.user is None or user.pk != by.user.pk:
        return
    if not allows(access.check_can_approve, by, group):
        raise Refusal(
            "own_chair",
            "Whoever has this seat approves the minutes, so you cannot give it to yourself. Ask the chair, the "
            "partnership’s manager or somebody else who prepares these meetings.",
        )


def _let_organise(group: Group, member: Member, *, by: Actor, on: date) -> None:
    """Where somebody takes a seat from which a group without a hub is organised, let her into the agendas that are
    begun already, as far as the actor sees them."""
    if group.hub_id is not None or member.seat not in ORGANISERS or member.user_id is None:
        return
    if member.valid_from > on:
        return
    rows = group.meetings.filter(status__in=CHANGEABLE, on__gte=on, folder__isnull=False)
    for meeting_id in rows.order_by("on", "id").values_list("public_id", flat=True):
        name_new_organisers(access.get_meeting(by, meeting_id), by=by)


def _bring_calendars_up(group: Group, *, by: Actor, on: date) -> int:
    """Invite to coming meetings whoever sits now, and take it back from whoever does not, where anybody was invited."""
    told = 0
    rows = group.meetings.filter(status__in=TO_COME, on__gte=on).values_list("public_id", flat=True)
    for meeting_id in rows.order_by("on", "id"):
        told += send_entries(access.get_meeting_for_update(by, meeting_id), by=by, on=on, is_change=True)
    return told
