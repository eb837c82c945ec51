"""What is decided about people's roles: which may be given, which end, who may leave.

Values in, values out. Every function lists the reasons against an act; an empty list lets it pass.
Separation of duties follows the need-to-know design: whoever looks after accounts sees no matter, so
no account may both hand out access and use it on cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Permission, Role, Scope

# Roles that see or steer referrals, cases or meetings. The manager is one of them: every hub is hers.
CASE_BEARING = frozenset(
    {
        Role.PARTNER,
        Role.HUB_COORDINATOR,
        Role.MEETING_CHAIR,
        Role.MINUTE_TAKER,
        Role.PARTNERSHIP_MANAGER,
    }
)
EARLIEST_LEAVING = timedelta(days=366)


def needs_hub(role: Role) -> bool:
    """Whether this role is held for one hub."""
    return role.facts.scope is Scope.HUB


def manages_members(roles: Iterable[Role]) -> bool:
    """Whether any of these roles lets its holder invite people and give roles."""
    return any(Permission.MANAGE_MEMBERS in role.facts.permissions for role in roles)


def separation_refusals(role: Role, held: Collection[Role]) -> list[Refusal]:
    """Why this role cannot be held beside the ones already held."""
    admin = Role.SYSTEM_ADMINISTRATOR
    if role is admin and (clashing := [other for other in Role if other in held and other in CASE_BEARING]):
        return [
            Refusal(
                "separation",
                f"This person is {_with_article(clashing[0])}. A system administrator looks after accounts "
                f"and sees no referral, case or person, so nobody can be both. End that role first.",
            )
        ]
    if role in CASE_BEARING and admin in held:
        return [
            Refusal(
                "separation",
                f"This person is a system administrator, who sees no referral, case or person, who cannot "
                f"also be {_with_article(role)}. End that role first.",
            )
        ]
    return []


def hub_refusals(role: Role, *, has_hub: bool, hub_is_ours: bool) -> list[Refusal]:
    """Why this role cannot be given for that hub, or without one."""
    if needs_hub(role) and not has_hub:
        return [Refusal("hub_missing", f"Choose the hub that the {_small(role)} is for.")]
    if not needs_hub(role) and has_hub:
        return [
            Refusal(
                "hub_not_needed", f"The role of {_small(role)} is not held for one hub. Leave the hub empty."
            )
        ]
    if has_hub and not hub_is_ours:
        return [Refusal("hub_elsewhere", "Choose a hub of your own partnership.")]
    return []


def unit_missing() -> Refusal:
    """What is said where neither the form nor the person's other roles name a unit."""
    return Refusal("unit_missing", "Choose the unit this person works in.")


def unit_refusals(*, unit_is_ours: bool, is_another: bool) -> list[Refusal]:
    """Why somebody cannot hold a role in that unit. One sign-in acts for one unit at a time."""
    if not unit_is_ours:
        return [Refusal("unit_elsewhere", "Choose a unit of an agency in your own partnership.")]
    if is_another:
        return [
            Refusal(
                "unit_other",
                "This person works in another unit, and an account acts for one unit at a time. "
                "Change the unit first.",
            )
        ]
    return []


def giving_refusals(
    role: Role, *, is_oneself: bool, has_left: bool, held: Collection[Role], held_already: bool
) -> list[Refusal]:
    """Why this role cannot be given to this person, whatever hub or unit it is for."""
    if found := own_role_refusals(is_oneself=is_oneself):
        return found
    if has_left:
        return [
            Refusal(
                "has_left", "This person has left. Give the account its access back before giving a role."
            )
        ]
    if held_already:
        return [Refusal("held_already", f"This person is {_with_article(role)} there already.")]
    return separation_refusals(role, held)


def elsewhere_refusals() -> list[Refusal]:
    """What is said of an address that belongs to an account of another partnership, and no more than that."""
    return [
        Refusal(
            "not_here",
            "An account with this e-mail address cannot be added here. Ask for another work address.",
        )
    ]


def ending_refusals(
    role: Role,
    *,
    is_oneself: bool,
    on: date,
    last_day: date,
    valid_from: date,
    valid_until: date | None,
    has_ended: bool,
    managers_left: int,
) -> list[Refusal]:
    """Why a role cannot end with `last_day`, decided on the business day `on`.

    Yesterday ends it at once. Earlier than that would rewrite who held what when something was decided.
    `managers_left`: others who may manage members once it has ended.
    """
    if found := own_ending_refusals(role, is_oneself=is_oneself, has_ended=has_ended):
        return found
    if manages_members([role]) and managers_left == 0:
        return [_last_manager()]
    if last_day < earliest_last_day(valid_from, on):
        return [
            Refusal(
                "too_early", "The last day can be yesterday at the earliest, and not before the role began."
            )
        ]
    if valid_until is not None and last_day >= valid_until:
        return [Refusal("too_late", "This role ends by then already. Choose an earlier day.")]
    return []


def own_ending_refusals(role: Role, *, is_oneself: bool, has_ended: bool) -> list[Refusal]:
    """Why a role cannot be ended by this person at all, whatever the last day."""
    if has_ended:
        return [Refusal("ended_already", "This role has ended already.")]
    if manages_members([role]) and is_oneself:
        return [
            Refusal(
                "own_administration",
                "Nobody ends their own administration of members. Ask another manager, or the system "
                "administrator.",
            )
        ]
    return []


def earliest_last_day(valid_from: date, on: date) -> date:
    """The earliest last day of a role that is ended on `on`: yesterday, or its first day if that is later."""
    return max(valid_from, on - timedelta(days=1))


def leaving_refusals(*, manages: bool, managers_left: int, on: date, left_on: date) -> list[Refusal]:
    """Why somebody cannot be recorded, on the business day `on`, as having left on `left_on`."""
    if manages and managers_left == 0:
        return [_last_manager()]
    if left_on > on:
        return [Refusal("in_future", "Access ends at once, so record the leaving on the day or afterwards.")]
    if left_on < on - EARLIEST_LEAVING:
        return [Refusal("too_long_ago", "The day of leaving can be a year ago at the earliest.")]
    return []


def moving_refusals(
    *, is_oneself: bool, has_left: bool, works_somewhere: bool, is_same: bool, moves_already: bool
) -> list[Refusal]:
    """Why somebody cannot be moved to another unit."""
    if is_oneself:
        return [Refusal("oneself", "Nobody moves themselves to another unit. Ask another manager.")]
    if has_left or not works_somewhere:
        return [Refusal("no_roles", "This person holds no role now. Give a role in the new unit instead.")]
    if is_same:
        return [Refusal("same_unit", "This person works in that unit already. Choose another.")]
    if moves_already:
        return [
            Refusal(
                "moves_already", "A change of this person's roles is recorded for a later day. Wait for it."
            )
        ]
    return []


def own_role_refusals(*, is_oneself: bool) -> list[Refusal]:
    """Why somebody cannot give a role to that person at all."""
    if is_oneself:
        return [
            Refusal(
                "oneself",
                "Nobody gives themselves a role. Ask another manager or the system administrator.",
            )
        ]
    return []


def return_refusals(*, has_left: bool) -> list[Refusal]:
    """Why nobody can be given access back here."""
    return (
        []
        if has_left
        else [Refusal("has_not_left", "This person has not left, so there is nothing to give back.")]
    )


def withdrawal_refusals(*, waits: bool) -> list[Refusal]:
    """Why no invitation can be withdrawn."""
    if waits:
        return []
    return [
        Refusal("nothing_waits", "No invitation is waiting: it was used or withdrawn, or there was none.")
    ]


def last_day_on_leaving(
    *, valid_from: date, valid_until: date | None, left_on: date, on: date
) -> date | None:
    """The last day of a role whose holder, it is recorded on `on`, left on `left_on`.

    None when it had ended by then anyway. One whose last day is `on` is ended all the same: it would hold
    until midnight. A role that had not begun keeps one day, since rows are never taken away; a role ended
    by leaving does not hold on its last day.
    """
    last_day = max(valid_from, left_on)
    if valid_until is not None and valid_until <= last_day and valid_until < on:
        return None
    return last_day


def _last_manager() -> Refusal:
    return Refusal(
        "last_manager",
        "This is the last person who may invite people and give roles. Give somebody else that role first.",
    )


def _small(role: Role) -> str:
    label = role.facts.label
    return label[0].lower() + label[1:]


def _with_article(role: Role) -> str:
    words = _small(role)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
