"""Inviting people, giving and ending roles, recording leavers: every write on memberships.

Each locks the partnership first, so that two managers who end each other's role take turns and the
second is refused, and then the person. The acting person's own permission is read again under the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from saferhub.accounts import operations as accounts
from saferhub.accounts.access import second_factor_marks
from saferhub.accounts.models import Status, User
from saferhub.accounts.rules import FactorLost
from saferhub.audit import operations as audit
from saferhub.foundation.clock import real_now
from saferhub.foundation.refusals import NotAllowed, Refusal, refuse_if
from saferhub.partnership.access import Actor, Role, actor_for
from saferhub.partnership.access import members as access
from saferhub.partnership.models import Hub, Membership, Partnership, Unit
from saferhub.partnership.rules import memberships as rules


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation came to: the role, and whether an account was made and a mail sent for it."""

    membership: Membership
    is_new_account: bool

    @property
    def person(self) -> User:
        return self.membership.user


@transaction.atomic
def invite_member(
    *,
    email: str,
    name: str,
    job_title: str,
    unit: Unit,
    role: Role,
    hub: Hub | None = None,
    by: Actor,
    on: date,
    reason: str = "",
) -> Invited:
    """Invite somebody to the partnership in a role. Somebody with an account here gets the role and no mail.

    `on` is the business day and the role's first. Raises NotAllowed without the permission, and Refusal
    where the role cannot be given or the address cannot be invited here.
    """
    partnership = _lock(by, on=on)
    email = email.strip().lower()
    found = User.objects.select_for_update().filter(email=email).first()
    if found is None:
        refuse_if(_role_refusals(None, role, hub, unit, partnership, by=by, on=on, reason=reason))
        invitation = accounts.invite(
            email=email, name=name, job_title=job_title, by=by, partnership_name=partnership.name
        )
        # Another partnership may have invited the same new address while we waited for it.
        if access.belongs_elsewhere(invitation.user, partnership):
            refuse_if(rules.elsewhere_refusals())
        return Invited(_add(invitation.user, role, hub, unit, partnership, by=by, on=on, reason=reason), True)
    if access.belongs_elsewhere(found, partnership):
        refuse_if(rules.elsewhere_refusals())
    refuse_if(_role_refusals(found, role, hub, unit, partnership, by=by, on=on, reason=reason))
    return Invited(_add(found, role, hub, unit, partnership, by=by, on=on, reason=reason), False)


@transaction.atomic
def give_role(
    person: User,
    *,
    role: Role,
    hub: Hub | None = None,
    unit: Unit | None = None,
    by: Actor,
    on: date,
    reason: str = "",
    seen: str | None = None,
) -> Membership:
    """Give somebody of the partnership a role from the business day `on`.

    `unit` may be left out for one who works in a unit already. `seen` is the mark of how the person stood
    when the form was filled in. Raises NotAllowed, Refusal, and Conflict when she stands otherwise now.
    """
    partnership, person = _lock_person(by, person, on=on, seen=seen)
    unit = unit or _unit_of(person, partnership, on=on)
    if unit is None:
        raise rules.unit_missing()
    refuse_if(_role_refusals(person, role, hub, unit, partnership, by=by, on=on, reason=reason))
    return _add(person, role, hub, unit, partnership, by=by, on=on, reason=reason)


@transaction.atomic
def end_role(
    membership: Membership,
    *,
    by: Actor,
    on: date,
    reason: str,
    last_day: date | None = None,
    seen: str | None = None,
) -> Membership:
    """End a role with `last_day`, to the end of which it is held, or at once where no day is given.

    A role ended at once counts as not held from that moment. Raises NotAllowed, Refusal (one's own
    administration, the last manager, a day too early), and Conflict when the person stands otherwise than
    `seen`.
    """
    partnership, person = _lock_person(by, membership.user, on=on, seen=seen)
    held = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("unit", "hub")
        .get(pk=membership.pk, partnership=partnership)
    )
    refuse_if(
        rules.ending_refusals(
            Role.of(held.role),
            is_oneself=by.public_id == person.public_id,
            on=on,
            last_day=last_day,
            valid_from=held.valid_from,
            valid_until=held.valid_until,
            has_ended=not held.is_open_on(on),
        )
    )
    ending = max(held.valid_from, on) if last_day is None else last_day
    before = access.managing(partnership)
    _end(held, ending, by=by, reason=reason, at_once=last_day is None)
    # After the write, which a refusal undoes, so that what is judged is what would stand.
    refuse_if(rules.managing_refusals(before, access.managing(partnership), on=on))
    return held


@transaction.atomic
def change_unit(
    person: User, *, unit: Unit, by: Actor, on: date, reason: str, seen: str | None = None
) -> list[Membership]:
    """Move somebody with all her roles to another unit, from the day after `on`.

    The day `on` is the last in the old unit, since a day belongs to one unit. Raises as `give_role`.
    """
    partnership, person = _lock_person(by, person, on=on, seen=seen)
    open_rows = [m for m in _held(person, partnership) if m.is_open_on(on + timedelta(days=1))]
    refuse_if(
        rules.unit_refusals(
            unit_is_ours=_is_ours(unit, partnership),
            in_force=access.is_unit_in_force(unit, on + timedelta(days=1)),
            is_another=False,
        )
    )
    refuse_if(
        rules.moving_refusals(
            is_oneself=by.public_id == person.public_id,
            has_left=person.status == Status.LEFT,
            works_somewhere=bool(open_rows),
            is_same=any(m.unit_id == unit.pk for m in open_rows),
            moves_already=any(m.valid_from > on for m in open_rows),
        )
    )
    moved = []
    for row in open_rows:
        moved.append(
            Membership.objects.create(
                user=person,
                partnership=partnership,
                unit=unit,
                role=row.role,
                hub_id=row.hub_id,
                board_id=row.board_id,
                valid_from=on + timedelta(days=1),
                # An end to come goes along into the new unit, with who ordered it and why.
                valid_until=row.valid_until,
                ended_by=row.ended_by,
                end_reason=row.end_reason,
                ended_at=row.ended_at,
                given_by=by.public_id,
                reason=reason,
            )
        )
        _shorten(row, on, by=by, reason=reason)
        audit.record(
            "member.unit_changed",
            person,
            by=by,
            membership=row.public_id,
            next=moved[-1].public_id,
            role=row.role,
            unit=unit.public_id,
            on=on,
        )
    return moved


@transaction.atomic
def record_leaver(
    person: User, *, by: Actor, on: date, reason: str, left_on: date | None = None, seen: str | None = None
) -> User:
    """Record that somebody has left: access ends at once, every role with `left_on` (`on` unless given).

    A role ended so does not hold on its last day: access given back the same day brings back none.
    Raises NotAllowed, Refusal (oneself, the last manager, a day to come), and Conflict.
    """
    partnership, person = _lock_person(by, person, on=on, seen=seen)
    left_on = left_on or on
    rows = _held(person, partnership)
    refuse_if(rules.leaving_refusals(on=on, left_on=left_on))
    refuse_if(access.leaving_manager_refusals(person, partnership, on=on))
    person = accounts.record_leaver(person, by=by, on=left_on, reason=reason)
    for row in rows:
        if row.ended_at_once:
            continue
        last_day = rules.last_day_on_leaving(
            valid_from=row.valid_from, valid_until=row.valid_until, left_on=left_on, on=on
        )
        if last_day is not None:
            _end(row, last_day, by=by, reason=reason, at_once=True)
    return person


@transaction.atomic
def give_back_access(person: User, *, by: Actor, on: date, reason: str, seen: str | None = None) -> User:
    """Open a leaver's account again. Her roles stay ended: each is given anew. Raises as `record_leaver`."""
    _, person = _lock_person(by, person, on=on, seen=seen)
    refuse_if(rules.return_refusals(has_left=person.status == Status.LEFT))
    return accounts.give_back_access(person, by=by, on=on, reason=reason)


@transaction.atomic
def reset_second_factor(
    person: User, *, reason: FactorLost, by: Actor, on: date, seen: str | None = None
) -> None:
    """Take off the second factor of somebody who has lost it; all her sessions end.

    Raises NotAllowed, Refusal (oneself, a leaver, no second factor), and Conflict, also where she has set
    up another one since `seen`.
    """
    partnership, person = _lock_person(by, person, on=on, seen=None)
    held = person.memberships.filter(partnership=partnership)
    access.check_unchanged(person, held, seen, *second_factor_marks(person))
    accounts.reset_second_factor(person, by=by, reason=reason)


@transaction.atomic
def send_invitation_again(person: User, *, by: Actor, on: date, seen: str | None = None) -> None:
    """Withdraw somebody's invitation and send a new one to the same address. Raises as `give_role`."""
    partnership, person = _lock_person(by, person, on=on, seen=seen)
    accounts.invite(
        email=person.email,
        name=person.name,
        job_title=person.job_title,
        by=by,
        partnership_name=partnership.name,
    )


@transaction.atomic
def withdraw_invitation(person: User, *, by: Actor, on: date, seen: str | None = None) -> None:
    """Withdraw the invitation somebody has not used. Raises Refusal when none is waiting."""
    _, person = _lock_person(by, person, on=on, seen=seen)
    refuse_if(rules.withdrawal_refusals(waits=bool(accounts.withdraw_invitations(person, by=by))))


# --- Parts ----------------------------------------------------------------------------------------------


def _lock(by: Actor, *, on: date) -> Partnership:
    if by.partnership is None:
        raise NotAllowed("no_partnership", "You belong to no partnership, so you can invite nobody to one.")
    partnership = Partnership.objects.select_for_update().get(pk=by.partnership.pk)
    # What the request began with may have been taken away while it waited for the lock.
    access.check_can_manage(actor_for(by.user, on=on))
    return partnership


def _lock_person(by: Actor, person: User, *, on: date, seen: str | None) -> tuple[Partnership, User]:
    partnership = _lock(by, on=on)
    found = access.get_person(by, person.public_id)
    found = User.objects.select_for_update().get(pk=found.pk)
    access.check_unchanged(found, found.memberships.filter(partnership=partnership), seen)
    return partnership, found


def _held(person: User, partnership: Partnership) -> list[Membership]:
    return list(
        Membership.objects.select_for_update(of=("self",))
        .filter(user=person, partnership=partnership)
        .select_related("unit", "hub")
        .order_by("valid_from", "id")
    )


def _unit_of(person: User, partnership: Partnership, *, on: date) -> Unit | None:
    for row in _held(person, partnership):
        if row.valid_from <= on and row.is_open_on(on):
            return row.unit
    return None


def _is_ours(unit: Unit, partnership: Partnership) -> bool:
    return unit.agency.partnership_id == partnership.pk


def _role_refusals(
    person: User | None,
    role: Role,
    hub: Hub | None,
    unit: Unit,
    partnership: Partnership,
    *,
    by: Actor,
    on: date,
    reason: str,
) -> list[Refusal]:
    rows = [m for m in (_held(person, partnership) if person else []) if m.is_open_on(on)]
    return [
        *rules.giving_refusals(
            role,
            is_oneself=person is not None and by.public_id == person.public_id,
            has_left=person is not None and person.status == Status.LEFT,
            held={Role.of(m.role) for m in rows},
            held_already=any(
                m.role == role.code and m.hub_id == (hub.pk if hub else None) and m.valid_until is None
                for m in rows
            ),
        ),
        *rules.unit_refusals(
            unit_is_ours=_is_ours(unit, partnership),
            in_force=access.is_unit_in_force(unit, on),
            is_another=any(m.unit_id != unit.pk for m in rows),
        ),
        *rules.hub_refusals(
            role,
            has_hub=hub is not None,
            hub_is_ours=hub is not None and hub.partnership_id == partnership.pk,
        ),
        *rules.reason_refusals(role, reason),
    ]


def _add(
    person: User,
    role: Role,
    hub: Hub | None,
    unit: Unit,
    partnership: Partnership,
    *,
    by: Actor,
    on: date,
    reason: str,
) -> Membership:
    membership = Membership.objects.create(
        user=person,
        partnership=partnership,
        unit=unit,
        role=role.code,
        hub=hub,
        valid_from=on,
        given_by=by.public_id,
        reason=reason,
    )
    audit.record(
        "member.role_given",
        person,
        by=by,
        membership=membership.public_id,
        role=role.code,
        hub=hub.code if hub else None,
        unit=unit.public_id,
        on=on,
    )
    return membership


def _end(row: Membership, last_day: date, *, by: Actor, reason: str, at_once: bool = False) -> None:
    _shorten(row, last_day, by=by, reason=reason, at_once=at_once)
    audit.record(
        "member.role_ended",
        row.user,
        by=by,
        membership=row.public_id,
        role=row.role,
        hub=row.hub.code if row.hub else None,
        on=last_day,
    )


def _shorten(row: Membership, last_day: date, *, by: Actor, reason: str, at_once: bool = False) -> None:
    row.valid_until, row.ended_at_once = last_day, at_once
    row.ended_by, row.end_reason, row.ended_at = by.public_id, reason, real_now()
    row.save(update_fields=["valid_until", "ended_at_once", "ended_by", "end_reason", "ended_at"])
