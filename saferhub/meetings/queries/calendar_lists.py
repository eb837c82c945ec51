"""The list of meetings: which answer the filters, in which order."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from saferhub.foundation.refusals import NotAllowed
from saferhub.meetings import access
from saferhub.meetings.models import Apology, Attendance, Group, Meeting, MeetingStatus, Member
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.sight import sight_of

PER_PAGE = 25


def check_can_open(actor: Actor) -> None:
    """Raise NotAllowed unless her role works on matters or she has a seat somewhere."""
    if actor.has(Permission.WORK_ON_MATTERS) or access.seats_of(actor).exists():
        return
    raise NotAllowed("no_meetings", "Your role sits in no meeting. Whoever prepares one can give you a seat.")


def groups_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The groups to filter by. One query."""
    return list(access.groups_visible_to(actor).order_by("name", "id").values_list("public_id", "name"))


def meetings(actor: Actor, given: Mapping[str, str]) -> QuerySet[Meeting]:
    """Meetings that she may see and that answer: those to come by day, before them those held whose minutes are not
    approved yet; past ones the newest first. Where she says neither whose nor of which group: hers, if she has any."""
    rows = access.meetings_visible_to(actor).select_related("group__hub")
    whose, group = given.get("whose"), given.get("group")
    prepared = Q(group__in=groups_prepared_by(actor).order_by().values("pk"))
    if whose == "mine":
        rows = rows.filter(sat_in(actor))
    elif whose == "prepare":
        rows = rows.filter(prepared)
    elif not whose and not group and has_her_own(actor):
        rows = rows.filter(sat_in(actor) | prepared)
    if group:
        rows = rows.filter(group__public_id=group)
    if status := given.get("status"):
        rows = rows.filter(status=status)
    when = given.get("when", "")
    if when == "past":
        return rows.filter(on__lt=actor.on).order_by("-on", "-starts_at", "-id")
    if when == "all":
        return rows.order_by("-on", "-starts_at", "-id")
    in_hand = Q(status__in=[MeetingStatus.RUNNING, MeetingStatus.DRAFT])
    return rows.filter(in_hand | Q(on__gte=actor.on)).order_by("on", "starts_at", "id")


def has_her_own(actor: Actor) -> bool:
    """Whether she sits somewhere or prepares meetings. Two queries at most."""
    return access.seats_of(actor).exists() or groups_prepared_by(actor).exists()


def groups_of_hers(actor: Actor) -> list[Group]:
    """The groups in which she sits, whose meetings she prepares, or of her hubs, by name; not those in which only a
    colleague of her unit sits."""
    seats = access.seats_of(actor).order_by().values("group")
    hers = (
        Q(pk__in=seats) | Q(hub__in=sight_of(actor).hubs) | Q(pk__in=groups_prepared_by(actor).values("pk"))
    )
    return list(access.groups_visible_to(actor).filter(hers).order_by("name", "id"))


def sat_in(actor: Actor) -> Q:
    """Meetings at which she has a seat on their day, comes as a deputy, or is a guest."""
    if actor.user is None:
        return Q(pk=-1)
    units = [one for one in sight_of(actor).holders if one > 0]
    seats = Member.objects.filter(
        Q(user=actor.user) | Q(deputy=actor.user) | Q(user__isnull=True, unit__in=units),
        Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef("on")),
        group=OuterRef("group"),
        valid_from__lte=OuterRef("on"),
    )
    instead = Apology.objects.filter(meeting=OuterRef("pk"), deputy=actor.user, taken_back_on__isnull=True)
    bidden = access.parts_readable_by(actor, Attendance).filter(user=actor.user, seat="guest")
    return Q(Exists(seats)) | Q(Exists(instead)) | Q(pk__in=bidden.order_by().values("meeting"))


def groups_prepared_by(actor: Actor) -> QuerySet[Group]:
    """Groups whose meetings are hers to prepare: of the hubs in which she co-ordinates or takes minutes, those without
    a hub in which she has the seat of chair or minute-taker, and those without a hub for the partnership’s manager.

    Others may prepare them too (access.check_can_prepare); these are the ones of which she is reminded.
    """
    visible = access.groups_visible_to(actor)
    hubs = [
        held.hub.pk
        for held in actor.roles
        if held.hub is not None
        and Permission.PREPARE_MEETINGS in held.role.facts.permissions
        and Permission.APPROVE_MINUTES not in held.role.facts.permissions  # the chair has others prepare
    ]
    mine = Q(hub__in=hubs) | Q(hub__isnull=True, pk__in=access.organised_by(actor).values("group"))
    if actor.has(Permission.PREPARE_MEETINGS):
        mine |= Q(hub__isnull=True)
    return visible.filter(mine)


def coming(actor: Actor) -> QuerySet[Meeting]:
    """Meetings from today on that take place, at which she sits or which she prepares, the next first."""
    return (
        access.meetings_visible_to(actor)
        .filter(
            sat_in(actor) | Q(group__in=groups_prepared_by(actor).order_by().values("pk")),
            on__gte=actor.on,
        )
        .exclude(status__in=[MeetingStatus.CANCELLED, MeetingStatus.DRAFT, MeetingStatus.APPROVED])
        .select_related("group__hub", "group__partnership")
        .order_by("on", "starts_at", "id")
    )
