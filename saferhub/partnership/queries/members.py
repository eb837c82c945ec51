"""The people of a partnership as pages and files show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from saferhub.accounts.models import AccountMove, Invitation, Status, User
from saferhub.accounts.rules import Standing, invitation_standing
from saferhub.audit import events
from saferhub.audit.models import Entry, Kind
from saferhub.foundation import clock
from saferhub.foundation.one_page import batched, once
from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import OPEN_WORK, OpenWork
from saferhub.partnership.access import Actor, Role
from saferhub.partnership.access.members import agencies_of, check_can_end, people_visible_to
from saferhub.partnership.models import Agency, Membership

SORTS = {
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "job": ("job_title", "name", "pk"),
    "-job": ("-job_title", "-name", "-pk"),
    "agency": ("agency_name", "unit_name", "name", "pk"),
    "-agency": ("-agency_name", "-unit_name", "-name", "-pk"),
}
MOST_SIGHTS = 20
MOST_OPEN_WORK = 200


@dataclass
class Listed:
    """A row of the list: somebody with the roles she holds on the day."""

    person: User
    agency: str
    unit: str
    memberships: list[Membership] = field(default_factory=list)

    @property
    def roles(self) -> list[str]:
        return [role_words(m) for m in self.memberships]

    @property
    def email_parts(self) -> tuple[str, str, str]:
        return email_parts(self.person)


def email_parts(person: User) -> tuple[str, str, str]:
    """An address before its sign, the sign, and after it: where a narrow column may break the line."""
    return person.email.partition("@")


def role_words(membership: Membership) -> str:
    """ "Hub co-ordinator, Selby hub". A code that no role has any more is shown as it stands."""
    try:
        label = Role.of(membership.role).facts.label
    except KeyError:
        label = membership.role
    place = membership.hub or membership.board
    return f"{label}, {place.name}" if place else label


def people(actor: Actor, filters: dict[str, str], sort: str) -> QuerySet[User]:
    """The people the actor may see, filtered and sorted; each with the agency and unit she works in."""
    held = Membership.objects.filter(user=OuterRef("pk"), partnership=actor.partnership)
    now = held.in_force_on(actor.on)
    # Where somebody works today, else where she worked last.
    first, last = now.order_by("valid_from", "id"), held.order_by("-valid_from", "-id")
    found = people_visible_to(actor).annotate(
        agency_name=Coalesce(
            Subquery(first.values("unit__agency__name")[:1]), Subquery(last.values("unit__agency__name")[:1])
        ),
        unit_name=Coalesce(Subquery(first.values("unit__name")[:1]), Subquery(last.values("unit__name")[:1])),
    )
    found = found.filter(_account(filters.get("status", ""), now))
    if words := filters.get("name"):
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(job_title__icontains=word))
    if narrowed := {
        lookup: filters[name]
        for name, lookup in (("agency", "unit__agency__code"), ("role", "role"), ("hub", "hub__code"))
        if filters.get(name)
    }:
        found = found.filter(
            Exists((held if filters.get("status") in {"left", "all"} else now).filter(**narrowed))
        )
    return found.order_by(*SORTS.get(sort, SORTS["name"]))


def _account(status: str, now: QuerySet[Membership]) -> Q:
    if status == "all":
        return Q()
    if status == "no_role":
        return ~Q(status=Status.LEFT) & ~Q(Exists(now))
    return Q(status=status) if status in Status.values else ~Q(status=Status.LEFT)


def with_roles(found: Iterable[User], actor: Actor) -> list[Listed]:
    """Rows of the list with the roles held on the actor's day. One query, however many people."""
    rows = {
        person.pk: Listed(
            person, getattr(person, "agency_name", "") or "", getattr(person, "unit_name", "") or ""
        )
        for person in found
    }
    for membership in (
        Membership.objects.in_force_on(actor.on)
        .filter(user__in=list(rows), partnership=actor.partnership)
        .select_related("hub", "board")
        .order_by("valid_from", "id")
    ):
        rows[membership.user_id].memberships.append(membership)
    return list(rows.values())


def agencies_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The agencies to filter by, as code and name: those in the partnership today, and those used. One query."""
    if actor.partnership is None:
        return []
    return list(agencies_of(actor.partnership, actor.on).values_list("code", "name"))


# --- One person ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One role over time, with who gave and who ended it."""

    membership: Membership
    role: str
    is_open: bool
    begins: bool
    can_end: bool
    given_by: str
    ended_by: str

    @property
    def is_current(self) -> bool:
        """Whether the role counts now; with an account that is not open yet, it does not."""
        return self.is_open and not self.begins and self.membership.user.is_active


def roles_over_time(person: User, actor: Actor) -> list[HeldRow]:
    """Every role this person held in the actor's partnership, the newest first. Two queries."""
    memberships = list(
        Membership.objects.filter(user=person, partnership=actor.partnership)
        .select_related("user", "unit__agency", "hub", "board")
        .order_by("-valid_from", "-id")
    )
    names = names_of([who for m in memberships for who in (m.given_by, m.ended_by)], actor)
    return [
        HeldRow(
            membership=m,
            role=role_words(m),
            is_open=m.is_open_on(actor.on),
            begins=m.valid_from > actor.on,
            can_end=allows(check_can_end, actor, m),
            given_by=names.get(m.given_by, ""),
            ended_by=names.get(m.ended_by, ""),
        )
        for m in memberships
    ]


def names_of(public_ids: Iterable[str], actor: Actor) -> dict[str, str]:
    """Names by account, of people of the actor's own partnership and nobody else. One query, and none for
    whom the page has named already."""
    wanted = {identifier for identifier in public_ids if identifier}
    if not wanted or actor.partnership is None:
        return {}
    held = Membership.objects.filter(user=OuterRef("pk"), partnership=actor.partnership)

    def read(missing: Collection[str]) -> dict[str, str]:
        found = User.objects.filter(Exists(held), public_id__in=missing)
        return dict(found.values_list("public_id", "name"))

    return batched(("names_of", actor.partnership.pk), wanted, read)


@dataclass(frozen=True, slots=True)
class MoveRow:
    move: AccountMove
    words: str
    by: str


def moves(person: User, actor: Actor) -> list[MoveRow]:
    """How the account's status moved, the newest first. Two queries."""
    rows = list(person.moves.order_by("-id"))
    names = names_of((row.by for row in rows), actor)
    return [MoveRow(row, _move_words(row), names.get(row.by, "")) for row in rows]


def _move_words(move: AccountMove) -> str:
    if move.to_status == Status.LEFT:
        return "Left, and access ended"
    if move.to_status == Status.INVITED:
        return "Invited"
    return "Access given back" if move.from_status == Status.LEFT else "Account opened"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    invitation: Invitation
    standing: Standing
    by: str

    @property
    def words(self) -> str:
        return {
            Standing.OPEN: "Sent, not used yet",
            Standing.USED: "Used",
            Standing.WITHDRAWN: "Withdrawn",
            Standing.EXPIRED: "Expired unused",
        }[self.standing]


def invitations(person: User, actor: Actor) -> list[InvitationRow]:
    """Every invitation sent to this person, the newest first. Two queries."""
    rows = list(person.invitations.order_by("-id"))
    names = names_of((row.invited_by for row in rows), actor)
    now = clock.real_now()
    return [
        InvitationRow(
            row,
            invitation_standing(
                now, expires_at=row.expires_at, used_at=row.used_at, withdrawn_at=row.withdrawn_at
            ),
            names.get(row.invited_by, ""),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class SightRow:
    """Who saw an account, when, and why."""

    entry: Entry
    name: str
    agency: str
    words: str
    why: str


# The purposes that sights of accounts are recorded under.
PURPOSES = {
    "manage_members": "Looking after members",
    "read_log": "Information governance",
}


def purpose_words(purpose: str) -> str:
    """Why something was read; a purpose without words of its own is shown as it stands."""
    return PURPOSES.get(purpose, purpose.replace("_", " ").capitalize())


def sights(person: User, actor: Actor) -> list[SightRow]:
    """The latest sights of this account by people of the actor's partnership. Three queries."""
    entries = list(
        Entry.objects.filter(
            partnership=actor.partnership_code, subject=person.public_id, kind=Kind.SIGHT
        ).order_by("-id")[:MOST_SIGHTS]
    )
    names = names_of((entry.actor for entry in entries), actor)
    agencies = agency_names({entry.agency for entry in entries}, actor)
    return [
        SightRow(
            entry,
            names.get(entry.actor, entry.actor),
            agencies.get(entry.agency, entry.agency),
            events.words_for(entry.event),
            purpose_words(entry.purpose),
        )
        for entry in entries
    ]


def agency_names(codes: Iterable[str], actor: Actor) -> dict[str, str]:
    """Names of the actor's partnership's agencies by code. One query, asked once on a page."""
    if actor.partnership is None:
        return {}
    rows = Agency.objects.filter(partnership=actor.partnership)

    wanted = set(codes)
    if not wanted:
        return {}
    # All of a partnership's agencies are few; a page names them in many places.
    known = once(("agency_names", actor.partnership.pk), lambda: dict(rows.values_list("code", "name")))
    return {code: known[code] for code in wanted if code in known}


def open_work(person: User, actor: Actor) -> list[OpenWork]:
    """What this person would leave behind, as far as the actor may see it, by due day."""
    found: list[OpenWork] = []
    for provider in OPEN_WORK:
        found.extend(provider(person, actor))
    return sorted(found, key=lambda item: (item.due_on or date.max, item.title))[:MOST_OPEN_WORK]


# --- As a file ----------------------------------------------------------------------------------------


def people_lines(rows: Iterable[Listed]) -> Iterator[list[Any]]:
    """The list as rows of a file."""
    yield ["Name", "Job title", "Email", "Telephone", "Agency", "Unit", "Roles", "Account", "Left on"]
    for row in rows:
        person = row.person
        yield [
            person.name,
            person.job_title,
            person.email,
            person.telephone,
            row.agency,
            row.unit,
            "; ".join(row.roles),
            person.get_status_display(),
            person.left_on,
        ]
