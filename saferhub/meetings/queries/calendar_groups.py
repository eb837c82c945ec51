"""What the pages of groups show: who sits, the rules of its kind in words, what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from saferhub.meetings import access
from saferhub.meetings.models import Group, Meeting, Member, Seat
from saferhub.meetings.operations.calendar_inviting import TO_COME
from saferhub.meetings.pack_sections import MeetingKind
from saferhub.meetings.rules.group_words import before_words, cycle_words, quorum_words
from saferhub.meetings.rules.when import length
from saferhub.partnership.access import Actor
from saferhub.partnership.access.members import agencies_of
from saferhub.partnership.models import Partnership, Unit
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce

# So many meetings to come stand on the page of their group.
FEW = 6
_SEATS = list(Seat.values)


def groups_with_counts(actor: Actor) -> list[Group]:
    """The groups she sees, by name, each with its `seats` today, its `planned` meetings and the `next` day."""
    coming = Q(meetings__status__in=TO_COME, meetings__on__gte=actor.on)
    rows = access.groups_visible_to(actor).select_related("hub", "board")
    return list(
        rows.annotate(
            seats=Count("members", filter=_on("members__", actor.on), distinct=True),
            planned=Count("meetings", filter=coming, distinct=True),
            next=Min("meetings__on", filter=coming),
        ).order_by("name", "id")
    )


def _on(prefix: str, day: date) -> Q:
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": day})
    )


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of a group: those of today and to come, by seat and agency, and those that have ended."""

    now: list[Member]
    ended: list[Member]


def seats_of_group(group: Group, on: date) -> Seats:
    """One query."""
    rows = list(group.members.select_related("agency", "unit__agency", "user", "deputy"))
    rows.sort(key=lambda one: (_SEATS.index(one.seat), one.agency.name, one.unit.name, one.pk))
    ended = [one for one in rows if one.valid_until is not None and one.valid_until < on]
    return Seats([one for one in rows if one not in ended], sorted(ended, key=_last, reverse=True))


def _last(member: Member) -> date:
    return member.valid_until or date.max


def meetings_to_come(group: Group, on: date) -> list[Meeting]:
    """The next few meetings of a group. One query."""
    return list(group.meetings.filter(status__in=TO_COME, on__gte=on).order_by("on", "starts_at", "id")[:FEW])


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A standing item: its title, and how long it may take."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of a group's kind as they hold on a day, in words. `entry`: where they come from, and whether they have
    still to be checked."""

    entry: InForce
    kind: MeetingKind
    cycle: str
    quorum: str
    cut_offs: list[tuple[str, str]]
    sight: str
    standing: list[StandingLine]


def rules_of(group: Group, on: date) -> KindRules | None:
    """What the packs say of the group's kind on a day; None where they say nothing. Two queries."""
    entry = in_force.entry(group.partnership, "meeting_kinds", group.kind, on)
    if entry is None:
        return None
    kind: MeetingKind = entry.item
    given, offs = kind.cycle, kind.cut_offs
    return KindRules(
        entry=entry,
        kind=kind,
        cycle=cycle_words(
            every=given.every,
            unit=given.unit,
            weekday=given.weekday,
            week_of_month=given.week_of_month,
            starts_at=given.starts_at,
            minutes=given.minutes,
        )
        if given is not None
        else "When it is called",
        quorum=quorum_words(
            kind.quorum.agencies, kind.quorum.of_kinds, kinds_of_agency(group.partnership, on)
        ),
        cut_offs=[
            ("Agencies are asked what they hold", before_words(offs.asks)),
            ("A referral that is to be decided has come in", before_words(offs.referrals)),
            ("Agencies have answered", before_words(offs.answers)),
            ("The agenda is sent", before_words(offs.agenda)),
        ],
        sight=f"{kind.sight_days} days after the meeting"
        if kind.sight_days
        else "On the day of the meeting alone",
        standing=[StandingLine(one.title, _for(one.takes, one.minutes)) for one in kind.standing_items],
    )


def _for(takes: str, minutes: int) -> str:
    each = takes in ("referrals", "late_actions", "cases_due", "closures", "themes")
    return f"{length(minutes)} for each" if each else length(minutes)


def kinds_of_agency(partnership: Partnership, on: date) -> dict[str, str]:
    """Names of the kinds of agency by code. One query, asked once on a page."""
    return {one.code: str(one.item.name) for one in in_force.entries(partnership, "agency_kinds", on)}


def kinds_without_seat(group: Group, rules: KindRules | None, seats: Seats, on: date) -> list[str]:
    """Kinds of agency that have a seat in every group of the kind and have none here, by name."""
    if rules is None or not rules.kind.member_kinds:
        return []
    kinds = {one.code: str(one.item.kind) for one in in_force.entries(group.partnership, "agencies", on)}
    here = {kinds.get(one.agency.code) for one in seats.now if one.valid_from <= on}
    names = kinds_of_agency(group.partnership, on)
    return [names.get(one, one) for one in rules.kind.member_kinds if one not in here]


def units_on_offer(actor: Actor) -> list[Unit]:
    """Units of the agencies that are in the partnership on the actor's day, by agency. One query."""
    if actor.partnership is None:
        return []
    agencies = agencies_of(actor.partnership, actor.on)
    rows = Unit.objects.filter(agency__in=agencies.order_by().values("pk")).select_related("agency")
    return sorted(rows, key=lambda one: (one.agency.name, one.parent_id is not None, one.name))
