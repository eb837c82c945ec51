"""Who may do what: permissions, the roles that bundle them, and the actor of a request.

Roles are code, because what a role may do must be reviewed like code; who holds which role is data
with dates. Rules about one kind of object stand in the other modules of this package.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed

if TYPE_CHECKING:
    from saferhub.accounts.models import User
    from saferhub.partnership.models import Agency, Hub, Membership, Partnership, Unit

logger = logging.getLogger(__name__)


class Permission(Enum):
    """One thing a role may let somebody do; the value is how a page says it."""

    VIEW_PARTNERSHIP = "see the partnership's agencies, boards, calendar and rules"
    KEEP_STATUTORY_CALENDAR = "record what the law asks of the partnership as done"
    MANAGE_MEMBERS = "invite people, give and end roles, record leavers"
    VIEW_PACKS = "see which rules are loaded and which still need checking"
    READ_LOG = "read the log of who did and saw what"
    WORK_ON_MATTERS = "open matters, and see what your unit holds and contributes to"
    SEE_HUB = "see everything the hub works on"
    DECIDE_SHARING = "decide who else sees what the hub holds"
    DECIDE_REFERRALS = "decide what a hub takes on"
    KEEP_INSTRUMENTS = "write and publish scoring forms"
    PREPARE_MEETINGS = "prepare and record meetings"
    APPROVE_MINUTES = "approve minutes"
    KEEP_PLAN = "write the partnership's plan and what stands beside it"
    KEEP_MEASURES = "define measures and enter figures"
    WRITE_REPORTS = "write reports to members and keep their questions"
    APPROVE_REPORTS = "approve reports before they are published"
    GIVE_KEYS = "give partners links and other systems keys to send referrals"
    KEEP_AGREEMENTS = "write, sign, suspend and end sharing agreements"
    SEE_WHAT_IS_SHARED = "see how much each sharing agreement carries"
    SEE_DISCLOSURES = "see what has left the partnership, to whom and why"
    REVIEW_EMERGENCIES = "review what was opened in an emergency"


class Scope(Enum):
    """What a role reaches over."""

    UNIT = "your own unit's work"
    HUB = "one hub"
    PARTNERSHIP = "the whole partnership"


@dataclass(frozen=True, slots=True)
class RoleFacts:
    label: str
    description: str
    scope: Scope
    permissions: frozenset[Permission]
    second_factor: bool


_EVERYONE = frozenset({Permission.VIEW_PARTNERSHIP})
_WORKS = _EVERYONE | {Permission.WORK_ON_MATTERS}
_IN_A_HUB = _WORKS | {Permission.SEE_HUB}
# What a role gives for the whole partnership even where it is held for one hub.
UNSCOPED = frozenset({Permission.VIEW_PARTNERSHIP, Permission.WORK_ON_MATTERS})


class Role(Enum):
    """The roles people hold in a partnership."""

    PARTNER = RoleFacts(
        "Partner",
        "Works for an agency of the partnership. Refers, answers requests and carries out actions for "
        "her own unit, and sees what her unit contributes to.",
        Scope.UNIT,
        _WORKS,
        second_factor=False,
    )
    HUB_COORDINATOR = RoleFacts(
        "Hub co-ordinator",
        "Runs one hub: decides referrals, keeps its cases moving and prepares its meetings.",
        Scope.HUB,
        _IN_A_HUB
        | {
            Permission.DECIDE_SHARING,
            Permission.DECIDE_REFERRALS,
            Permission.GIVE_KEYS,
            Permission.PREPARE_MEETINGS,
        },
        second_factor=True,
    )
    MEETING_CHAIR = RoleFacts(
        "Meeting chair",
        "Chairs the problem-solving meetings of one hub and approves their minutes.",
        Scope.HUB,
        _IN_A_HUB | {Permission.PREPARE_MEETINGS, Permission.APPROVE_MINUTES},
        second_factor=True,
    )
    MINUTE_TAKER = RoleFacts(
        "Minute-taker",
        "Records the problem-solving meetings of one hub.",
        Scope.HUB,
        _IN_A_HUB | {Permission.PREPARE_MEETINGS},
        second_factor=True,
    )
    PARTNERSHIP_MANAGER = RoleFacts(
        "Partnership manager",
        "Leads the partnership's work from day to day: its plan, its statutory calendar, its reports, its "
        "members, and every hub.",
        Scope.PARTNERSHIP,
        _IN_A_HUB
        | {
            Permission.DECIDE_SHARING,
            Permission.DECIDE_REFERRALS,
            Permission.KEEP_INSTRUMENTS,
            Permission.PREPARE_MEETINGS,
            Permission.APPROVE_MINUTES,
            Permission.KEEP_PLAN,
            Permission.KEEP_MEASURES,
            Permission.WRITE_REPORTS,
            Permission.APPROVE_REPORTS,
            Permission.GIVE_KEYS,
            Permission.SEE_WHAT_IS_SHARED,
            Permission.KEEP_STATUTORY_CALENDAR,
            Permission.MANAGE_MEMBERS,
            Permission.VIEW_PACKS,
        },
        second_factor=True,
    )
    INFORMATION_GOVERNANCE = RoleFacts(
        "Information governance lead",
        "Answers for lawful sharing: reads the log, sharing agreements and disclosures, but not what "
        "cases contain.",
        Scope.PARTNERSHIP,
        _EVERYONE
        | {
            Permission.READ_LOG,
            Permission.VIEW_PACKS,
            Permission.KEEP_AGREEMENTS,
            Permission.SEE_WHAT_IS_SHARED,
            Permission.SEE_DISCLOSURES,
            Permission.REVIEW_EMERGENCIES,
            # She reads a report for what must not leave, before it does.
            Permission.APPROVE_REPORTS,
        },
        second_factor=True,
    )
    ANALYST = RoleFacts(
        "Analyst",
        "Works with figures that name nobody: defines measures, enters figures, writes reports.",
        Scope.PARTNERSHIP,
        _EVERYONE | {Permission.KEEP_MEASURES, Permission.WRITE_REPORTS},
        second_factor=False,
    )
    SYSTEM_ADMINISTRATOR = RoleFacts(
        "System administrator",
        "Looks after accounts and loaded rules. Sees no referral, case or person.",
        Scope.PARTNERSHIP,
        _EVERYONE | {Permission.MANAGE_MEMBERS, Permission.VIEW_PACKS},
        second_factor=True,
    )

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def facts(self) -> RoleFacts:
        return self.value

    @classmethod
    def of(cls, code: str) -> Role:
        """The role of this code. Raises KeyError for a code that no role has."""
        return cls[code.upper()]


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds today, and the hub it is limited to, if any."""

    role: Role
    hub: Hub | None = None


@dataclass(frozen=True)
class Actor:
    """The person acting: account, unit, agency, partnership, roles. Built once for each request."""

    user: User | None = None
    unit: Unit | None = None
    roles: tuple[HeldRole, ...] = ()
    on: date = field(default_factory=clock.today)
    by_key: frozenset[Permission] = frozenset()  # what another system may do, which holds no role

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @cached_property
    def agency(self) -> Agency | None:
        return self.unit.agency if self.unit else None

    @cached_property
    def partnership(self) -> Partnership | None:
        return self.unit.agency.partnership if self.unit else None

    @property
    def public_id(self) -> str:
        return self.user.public_id if self.user else ""

    @property
    def agency_code(self) -> str:
        return self.agency.code if self.agency else ""

    @property
    def partnership_code(self) -> str:
        return self.partnership.code if self.partnership else ""

    @property
    def partnership_name(self) -> str:
        return self.partnership.name if self.partnership else ""

    def has(self, permission: Permission, *, hub: Hub | None = None) -> bool:
        """Whether any role held today gives this permission (for this hub, where one is named).

        A role held for one hub gives it where that hub is named and nowhere else; the permissions in
        `UNSCOPED` it gives everywhere. Raises TypeError for anything but a Permission, so that a misspelt
        one cannot pass for "no".
        """
        if not isinstance(permission, Permission):
            raise TypeError(f"{permission!r} is not a Permission")
        return permission in self.by_key or any(
            permission in held.role.facts.permissions
            and (held.hub is None or permission in UNSCOPED or (hub is not None and held.hub.pk == hub.pk))
            for held in self.roles
        )

    def check(self, permission: Permission, *, hub: Hub | None = None) -> None:
        """Raise NotAllowed, in words, unless the actor has the permission."""
        if not self.has(permission, hub=hub):
            holders = [role.facts.label for role in Role if permission in role.facts.permissions]
            raise NotAllowed(
                f"needs_{permission.name.lower()}",
                f"Your role does not let you {permission.value}. {_listed(holders)} can.",
            )


def _listed(words: list[str]) -> str:
    named = [f"the {word[0].lower()}{word[1:]}" for word in words]
    text = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
    return text[0].upper() + text[1:]


# Finds the unit of an account that acts by a key, while that key is live; an app above fills it (see casework).
UnitOfKey = Callable[["User", date], "Unit | None"]
_unit_of_key: list[UnitOfKey] = []
# A key works on what its unit works on. It decides nothing and belongs to no hub.
BY_KEY = frozenset({Permission.WORK_ON_MATTERS})


def register_units_of_keys(find: UnitOfKey) -> None:
    """Say how the unit of a key is found. One app keeps keys, so a second call is a mistake."""
    if _unit_of_key and _unit_of_key[0] is not find:
        raise RuntimeError("The units of keys are found by one function")
    _unit_of_key[:] = [find]


def actor_for(user: Any, *, on: date | None = None) -> Actor:
    """The actor that this account is on a business day (today unless given). One query.

    Somebody without a membership in force is signed in and nothing more. An account of another kind than person
    has no memberships: its key says whose it is.
    """
    from saferhub.accounts.models import Kind
    from saferhub.partnership.models import Membership

    if user is None or not user.is_authenticated:
        return Actor()
    on = on or clock.today()
    if user.kind != Kind.PERSON:
        unit = _unit_of_key[0](user, on) if _unit_of_key else None
        return Actor(user=user, unit=unit, on=on, by_key=BY_KEY if unit else frozenset())
    memberships = list(
        Membership.objects.in_force_on(on)
        .filter(user=user)
        .select_related("unit__agency__partnership", "hub")
        .order_by("valid_from", "id")
    )
    if not memberships:
        return Actor(user=user, on=on)
    first = memberships[0]
    # One sign-in acts for one partnership and one unit: the one joined first.
    held = tuple(_held_roles(m for m in memberships if m.unit_id == first.unit_id))
    return Actor(user=user, unit=first.unit, roles=held, on=on)


def _held_roles(memberships: Iterable[Membership]) -> Iterable[HeldRole]:
    """The roles of these memberships. One that this version does not know gives nothing and is logged."""
    for membership in memberships:
        try:
            role = Role.of(membership.role)
        except KeyError:
            logger.error("membership %s has the unknown role %r", membership.public_id, membership.role)
            continue
        yield HeldRole(role, membership.hub)


def partnership_of(public_id: str) -> Partnership | None:
    """The partnership that an account belongs to, or last belonged to. One query."""
    from saferhub.partnership.models import Partnership

    return (
        Partnership.objects.filter(memberships__user__public_id=public_id)
        .order_by("-memberships__valid_from", "-memberships__id")
        .first()
    )


def second_factor_required(user: Any) -> bool:
    """Whether any role this account holds today demands a second factor."""
    return any(held.role.facts.second_factor for held in actor_for(user).roles)
