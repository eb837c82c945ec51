"""Who may see the people of a partnership, and who may change what they hold.

Every member sees whom she can ask, and how: name, job title, unit, roles, work email and telephone of
everybody at work today. Account status and people who have left are for those who manage members;
information governance sees leavers too, since the log names them. Who has looked at an account is for
information governance alone. People of another partnership are not there.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from saferhub.accounts.access import check_can_record_leaver, check_can_reset_second_factor
from saferhub.accounts.models import LIFECYCLE, Status, User
from saferhub.accounts.rules import fingerprint
from saferhub.foundation.refusals import Conflict, Refusal, allows, refuse_if
from saferhub.partnership.models import Agency, EntryVersion, Hub, Membership, Partnership, Unit
from saferhub.partnership.models.memberships import MembershipQuerySet
from saferhub.partnership.rules import memberships as rules

from . import Actor, Permission, Role


def check_can_see_people(actor: Actor) -> None:
    """Raise NotAllowed unless the actor belongs to a partnership."""
    actor.check(Permission.VIEW_PARTNERSHIP)


def check_can_manage(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may invite people, give and end roles, record leavers."""
    actor.check(Permission.MANAGE_MEMBERS)


def can_manage(actor: Actor) -> bool:
    return allows(check_can_manage, actor)


def can_see_sights(actor: Actor) -> bool:
    """Whether the actor may see who has looked at an account: a part of the log, like any other."""
    return actor.has(Permission.READ_LOG)


def can_see_history(actor: Actor) -> bool:
    """Whether the actor may see people who have left, and roles that have ended."""
    return can_manage(actor) or can_see_sights(actor)


def people_visible_to(actor: Actor) -> QuerySet[User]:
    """The people of the actor's own partnership, as far as she may see them."""
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return User.objects.none()
    held = Membership.objects.filter(user=OuterRef("pk"), partnership=actor.partnership)
    if can_see_history(actor):
        return User.objects.filter(Exists(held))
    return User.objects.active().filter(Exists(held.in_force_on(actor.on)))


def get_person(actor: Actor, public_id: str) -> User:
    """One person. Raises Http404 when she is not there for the actor."""
    return get_object_or_404(people_visible_to(actor), public_id=public_id)


def person_with_address(actor: Actor, email: str) -> User | None:
    """Whoever of the actor's people has this address. Case and blanks around it do not count."""
    return people_visible_to(actor).filter(email=email.strip().lower()).first()


def belongs_elsewhere(person: User, partnership: Partnership) -> bool:
    """Whether this account is, or was, another partnership's."""
    return person.memberships.exclude(partnership=partnership).exists()


def check_can_invite(actor: Actor, email: str) -> None:
    """Raise Refusal, with as little in it as possible, where this address cannot be invited here."""
    check_can_manage(actor)
    found = User.objects.filter(email=email.strip().lower()).first()
    if found is not None and actor.partnership is not None and belongs_elsewhere(found, actor.partnership):
        refuse_if(rules.elsewhere_refusals())


def get_person_to_change(actor: Actor, public_id: str) -> User:
    """One person, for a page that changes something. Raises Http404 first, then NotAllowed."""
    person = get_person(actor, public_id)
    check_can_manage(actor)
    return person


def memberships_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Roles in the actor's own partnership, past ones included."""
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return Membership.objects.none()
    return Membership.objects.filter(partnership=actor.partnership, user__in=people_visible_to(actor))


def get_membership(actor: Actor, person: User, public_id: str) -> Membership:
    """One role of this person. Raises Http404 when it is not there for the actor."""
    return get_object_or_404(
        memberships_visible_to(actor).select_related("user", "unit__agency", "hub", "board"),
        user=person,
        public_id=public_id,
    )


def roles_of(actor: Actor, person: User) -> MembershipQuerySet:
    """Every role of this person in the actor's own partnership, in the order they began."""
    return (
        Membership.objects.filter(user=person, partnership=actor.partnership)
        .select_related("unit__agency", "hub", "board")
        .order_by("valid_from", "id")
    )


def check_can_end(actor: Actor, membership: Membership) -> None:
    """Raise Refusal unless the actor may end this role on her day. The last day has rules of its own."""
    check_can_manage(actor)
    refuse_if(
        rules.own_ending_refusals(
            Role.of(membership.role),
            is_oneself=actor.public_id == membership.user.public_id,
            has_ended=not membership.is_open_on(actor.on),
        )
    )


def check_can_reset_factor(actor: Actor, person: User) -> None:
    """Raise Refusal unless the actor may take off this person's second factor, and there is one."""
    check_can_manage(actor)
    check_can_reset_second_factor(actor, person)


def units_of(partnership: Partnership, on: date) -> QuerySet[Unit]:
    """The units of agencies that are in the partnership on a day, by agency, the whole agency first."""
    return (
        Unit.objects.filter(agency__partnership=partnership, agency__entry__in=_in_force(on))
        .select_related("agency")
        .order_by("agency__name", F("parent_id").asc(nulls_first=True), "name")
    )


def is_unit_in_force(unit: Unit, on: date) -> bool:
    """Whether the unit's agency is in the partnership on that day."""
    return Unit.objects.filter(pk=unit.pk, agency__entry__in=_in_force(on)).exists()


def agencies_of(partnership: Partnership, on: date) -> QuerySet[Agency]:
    """Agencies in the partnership on a day, and those that somebody has worked for here."""
    used = Membership.objects.filter(unit__agency=OuterRef("pk"))
    return Agency.objects.filter(Q(entry__in=_in_force(on)) | Exists(used), partnership=partnership).order_by(
        "name"
    )


def _in_force(on: date) -> QuerySet[EntryVersion, Any]:
    return EntryVersion.objects.in_force_on(on).values("entry")


def hubs_of(partnership: Partnership) -> QuerySet[Hub]:
    return Hub.objects.filter(partnership=partnership).order_by("name")


def stands(person: User, memberships: Any, *more: str) -> str:
    """A mark of how a person stands, account and every role; a form carries the one it was filled in over.

    `more` is what else the form is about.
    """
    rows = sorted((m.public_id, m.unit_id, str(m.valid_until or "")) for m in memberships)
    return fingerprint(person.status, person.email, *(part for row in rows for part in map(str, row)), *more)


def check_unchanged(person: User, memberships: Any, seen: str | None, *more: str) -> None:
    """Raise Conflict when the person no longer stands as the form's writer saw her; None is not checked."""
    if seen is not None and stands(person, memberships, *more) != seen:
        raise Conflict(
            "changed_meanwhile",
            "Somebody else changed this person's roles or account while you were at it. Nothing of yours is "
            "saved. Look at how things stand now, then decide whether your change is still needed.",
        )


def available_operations(actor: Actor, person: User, *, works_somewhere: bool) -> set[str]:
    """What a person's page may offer. The operations check again, with the reasons in words."""
    if not can_manage(actor):
        return set()
    is_oneself = actor.public_id == person.public_id
    if person.status == Status.LEFT:
        return set() if is_oneself else {"return"}
    offered = {"end_role"}
    if not is_oneself:
        offered |= {"give_role", "leaver"}
        if works_somewhere:
            offered.add("change_unit")
    if person.status == Status.INVITED:
        offered |= {"invite_again", "withdraw"}
    if allows(check_can_reset_factor, actor, person):
        offered.add("reset_factor")
    return offered


def managing(partnership: Partnership, *, without: User | None = None) -> list[rules.Span]:
    """The days on which people with a working account may manage members, one of them left out."""
    codes = [role.code for role in Role if Permission.MANAGE_MEMBERS in role.facts.permissions]
    found = Membership.objects.filter(partnership=partnership, role__in=codes, user__status=Status.ACTIVE)
    if without is not None:
        found = found.exclude(user=without)
    return [
        rules.Span(first, until - timedelta(days=1) if until is not None and at_once else until)
        for first, until, at_once in found.values_list("valid_from", "valid_until", "ended_at_once")
    ]


def leaving_manager_refusals(person: User, partnership: Partnership, *, on: date) -> list[Refusal]:
    """Why this person cannot leave on `on`, as far as others have to be left who manage members."""
    return rules.managing_refusals(managing(partnership), managing(partnership, without=person), on=on)


def check_can_leave(actor: Actor, person: User) -> None:
    """Raise Refusal, before anything is filled in, where this person cannot be recorded as having left."""
    check_can_manage(actor)
    check_can_record_leaver(actor, person)
    LIFECYCLE.check(Status(person.status), Status.LEFT)
    if actor.partnership is not None:
        refuse_if(leaving_manager_refusals(person, actor.partnership, on=actor.on))
