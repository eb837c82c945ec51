"""What is decided about people's roles: which may be given, which end, who may leave.

Values in, values out. Every function lists the reasons against an act; an empty list lets it pass.

Duties are separated twice. A system administrator looks after accounts and sees no case, so the role goes
with none that does. Information governance reads the log, which watches everybody who gives access, so
nobody who may give access, administrator or partnership manager, reads it. A partnership manager does give
access and sees cases: whom a partnership works with is hers to decide, and the log shows what she decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Permission, Role, Scope

from .dates_in_words import date_in_words

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
# Roles that reach over every account or the log: who gives one says why.
NEEDS_REASON = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE, Role.PARTNERSHIP_MANAGER})
_ADMIN_ALONE = "A system administrator looks after accounts and sees neither cases nor the log."
_WATCHED = "Information governance reads the log, which records what the partnership manager does."
# Two roles that no account holds together, and why.
APART: dict[frozenset[Role], str] = {
    **{frozenset({Role.SYSTEM_ADMINISTRATOR, role}): _ADMIN_ALONE for role in CASE_BEARING},
    frozenset({Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE}): _ADMIN_ALONE,
    frozenset({Role.PARTNERSHIP_MANAGER, Role.INFORMATION_GOVERNANCE}): _WATCHED,
}


def needs_hub(role: Role) -> bool:
    """Whether this role is held for one hub."""
    return role.facts.scope is Scope.HUB


def manages_members(roles: Iterable[Role]) -> bool:
    """Whether any of these roles lets its holder invite people and give roles."""
    return any(Permission.MANAGE_MEMBERS in role.facts.permissions for role in roles)


def separation_refusals(role: Role, held: Collection[Role]) -> list[Refusal]:
    """Why this role cannot be held beside the ones already held."""
    clashing = [other for other in Role if other in held and frozenset({role, other}) in APART]
    return [
        Refusal(
            "separation",
            f"This person is {_with_article(other)}, so cannot be {_with_article(role)} too. "
            f"{APART[frozenset({role, other})]} End that role first.",
        )
        for other in clashing[:1]
    ]


def reason_refusals(role: Role, reason: str) -> list[Refusal]:
    """Why this role cannot be given with these words as its reason."""
    if role in NEEDS_REASON and not reason.strip():
        return [Refusal("reason_missing", f"Enter why this person needs to be {_with_article(role)}.")]
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


def unit_refusals(*, unit_is_ours: bool, in_force: bool, is_another: bool) -> list[Refusal]:
    """Why somebody cannot hold a role in that unit. One sign-in acts for one unit at a time.

    `in_force`: whether the unit's agency belongs to the partnership on the business day.
    """
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
    if not in_force:
        return [
            Refusal(
                "unit_not_in_force",
                "That unit’s agency is not in the partnership today. Choose a unit of one that is.",
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
    """What is said of an address that cannot be invited: the same words whatever the cause.

    Anything more would tell one partnership who works for another.
    """
    return [
        Refusal("not_here", "This address cannot be invited here. Ask the service’s administrator."),
    ]


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which somebody may manage members; `until` is the last of them, None where it is open."""

    first: date
    until: date | None


def first_day_lost(before: Iterable[Span], after: Iterable[Span], on: date) -> date | None:
    """The first day from `on` that `before` covers and `after` does not; None where none is lost.

    Cover changes only where a span begins or has ended, so those days are all that need looking at.
    """
    before, after = list(before), list(after)
    spans = [*before, *after]
    turns = {on, *(span.first for span in spans), *(s.until + timedelta(days=1) for s in spans if s.until)}
    return next(
        (d for d in sorted(turns) if d >= on and _covered(before, d) and not _covered(after, d)), None
    )


def _covered(spans: Iterable[Span], day: date) -> bool:
    return any(span.first <= day and (span.until is None or day <= span.until) for span in spans)


def managing_refusals(before: Iterable[Span], after: Iterable[Span], *, on: date) -> list[Refusal]:
    """Why an act cannot be done that turns `before`, the days with a manager, into `after`.

    Each day to come counts and not today alone: two managers who end each other's role for later days
    would leave nobody. Where every manager's role ends anyway, the last day with one must stay.
    """
    gap = first_day_lost(before, after, on)
    if gap is None:
        return []
    when = "Nobody else may" if gap <= on else f"From {date_in_words(gap)}, nobody else may"
    return [
        Refusal(
            "last_manager",
            f"{when} invite people and give roles. Give somebody else that role first, without a last day.",
        )
    ]


def ending_refusals(
    role: Role,
    *,
    is_oneself: bool,
    on: date,
    last_day: date | None,
    valid_from: date,
    valid_until: date | None,
    has_ended: bool,
) -> list[Refusal]:
    """Why a role cannot end with `last_day` (None: now), decided on the business day `on`.

    Yesterday is the earliest: anything before would rewrite who held what when something was decided.
    """
    if found := own_ending_refusals(role, is_oneself=is_oneself, has_ended=has_ended):
        return found
    if last_day is None:
        return []
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


def leaving_refusals(*, on: date, left_on: date) -> list[Refusal]:
    """Why somebody cannot be recorded, on the business day `on`, as having left on `left_on`."""
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
    at once does not hold on its last day.
    """
    last_day = max(valid_from, left_on)
    if valid_until is not None and valid_until <= last_day and valid_until < on:
        return None
    return last_day


def _small(role: Role) -> str:
    label = role.facts.label
    return label[0].lower() + label[1:]


def _with_article(role: Role) -> str:
    words = _small(role)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
