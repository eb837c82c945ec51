"""What waits in Your work: referrals for whoever decides them, reviews of cases for whoever runs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.audit.models import Entry, Kind
from saferhub.casework.access import cases_visible_to, referrals_visible_to
from saferhub.casework.access.coordinating import hubs_coordinated_by
from saferhub.casework.models import OPEN_STATUSES, Case, Referral, ReferralMove, ReferralStatus
from saferhub.casework.rules import referrals as referral_rules
from saferhub.foundation import clock
from saferhub.foundation.registries import OpenWork, WorkClock, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.known_days import counting_on
from saferhub.partnership.rules.clocks import Clock, state
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.models import Revision

from .cases_timeline import LEAD_NOTE
from .referral_clock import answer_due_on, clock_of

MOST = 50
# By whether it is urgent, and the day it was sent.
Clocks = dict[tuple[bool, date], Clock]
# So many days ahead a review waits.
AHEAD = timedelta(days=7)
# So long a case that she was made to lead waits to be opened.
LATELY = timedelta(days=28)


def referral_items(actor: Actor) -> Iterator[WorkItem]:
    """Referrals that wait for the actor's decision, those to which an answer came back marked so."""
    hubs = hubs_coordinated_by(actor)
    if not hubs:
        return
    waiting = list(
        referrals_visible_to(actor)
        .filter(hub__in=hubs, status=ReferralStatus.SENT)
        .select_related("matter", "hub", "unit__agency", "partnership")
        .order_by("due_on", "id")[:MOST]
    )
    moves: dict[int, list[tuple[str, Any]]] = {}
    for number, status, day in (
        ReferralMove.objects.filter(referral__in=waiting)
        .order_by("id")
        .values_list("referral_id", "to_status", "on")
    ):
        moves.setdefault(number, []).append((status, day))
    clocks: Clocks = {}
    for row in waiting:
        told = moves.get(row.pk, [])
        answered = any(status == ReferralStatus.ASKED for status, _ in told)
        yield _item(actor, row, told, answered, clocks)
    yield from _unanswered(actor, hubs)


def _unanswered(actor: Actor, hubs: list[int]) -> Iterator[WorkItem]:
    """Referrals of which the hub asked more, and nobody has answered for as many working days as it has to decide: the
    clock stands still meanwhile, and nothing else would ask for them."""
    asked = list(
        referrals_visible_to(actor)
        .filter(hub__in=hubs, status=ReferralStatus.ASKED)
        .select_related("matter", "unit__agency", "partnership")
        .order_by("sent_on", "id")[:MOST]
    )
    since: dict[int, date] = dict(
        ReferralMove.objects.filter(referral__in=asked, to_status=ReferralStatus.ASKED)
        .order_by("id")
        .values_list("referral_id", "on")
    )
    due_days: dict[tuple[bool, date], date | None] = {}
    for row in asked:
        key = (row.urgent, since.get(row.pk, actor.on))
        if key not in due_days:
            due_days[key] = answer_due_on(row, key[1])
        last = due_days[key]
        if last is not None and last >= actor.on:
            continue
        yield WorkItem(
            kind="unanswered",
            kind_words="Questions that nobody has answered",
            title=row.matter.title,
            url=reverse("referral", args=[row.matter.public_id]),
            why=f"You asked {row.unit.agency.name} on {date_in_words(key[1])}, and nobody has answered. Speak to "
            "them, or decide on what you have",
            due_on=last,
            step="Decide",
            step_url=reverse("referral-decide", args=[row.matter.public_id]),
            reference=row.matter.reference,
            rank=2,
            note=row.get_subject_kind_display() if row.subject_kind else "",
        )


def _item(
    actor: Actor, row: Referral, moves: list[tuple[str, Any]], answered: bool, clocks: Clocks
) -> WorkItem:
    url = reverse("referral", args=[row.matter.public_id])
    by = row.unit.agency.name
    if answered:
        why = f"{by} has answered what you asked"
    else:
        why = f"{by} asks {row.hub.name if row.hub else 'the hub'} to take it on"
    return WorkItem(
        kind="referral",
        kind_words="Referrals to decide",
        title=row.matter.title,
        url=url,
        why=f"Urgent. {why}" if row.urgent else why,
        due_on=row.due_on,
        step="Decide",
        step_url=reverse("referral-decide", args=[row.matter.public_id]),
        reference=row.matter.reference,
        clock=_clock(actor, row, moves, clocks),
        rank=1 if row.urgent else 2,
        comes_first=True,
        note=row.get_subject_kind_display() if row.subject_kind else "",
    )


def _clock(actor: Actor, row: Referral, moves: list[tuple[str, Any]], clocks: Clocks) -> WorkClock | None:
    if row.sent_on is None:
        return None
    # The clock of the day it was sent, as its due day was reckoned by.
    key = (row.urgent, row.sent_on)
    if key not in clocks:
        clocks[key] = clock_of(row.partnership, urgent=row.urgent, on=row.sent_on)
    runs = clocks[key]
    pauses = referral_rules.pauses(moves) if runs.pauses_on else []
    stands = state(runs, row.sent_on, actor.on, bank_holidays=counting_on(), pauses=pauses)
    used = stands.length + stands.late_by if stands.late_by else stands.used
    return WorkClock(used, stands.length, stands.unit.noun)


def review_items(actor: Actor) -> Iterator[WorkItem]:
    """Cases that are to be looked at, now or within a week, for whoever leads or co-ordinates them; those that she
    was made to lead and has not opened, and those that she leads in which nothing has a day."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    due = (
        cases_visible_to(actor)
        .filter(
            Q(matter__lead=actor.user)
            | Q(hub__in=hubs_coordinated_by(actor), matter__lead__isnull=True)
            | Q(hub__in=hubs_coordinated_by(actor), review_on__lt=actor.on),
            status__in=OPEN_STATUSES,
            review_on__lte=actor.on + AHEAD,
        )
        .select_related("matter", "lead_unit__agency")
        .order_by("review_on", "id")[:MOST]
    )
    for case in due:
        yield _review(actor, case)
    handed = list(_made_lead(actor))
    yield from handed
    told = {one.reference for one in handed}
    yield from (one for one in _left_alone(actor) if one.reference not in told)


def _made_lead(actor: Actor) -> Iterator[WorkItem]:
    """Cases that the actor leads of late, because they were adopted so or handed to her, until she opens them. Four
    queries."""
    assert actor.user is not None
    since = clock.now() - LATELY
    notes: dict[str, datetime] = {}
    for case_id, at in Revision.objects.filter(
        kind=LEAD_NOTE, at__gte=since, values__lead=actor.public_id
    ).values_list("subject", "at"):
        notes[case_id] = max(at, notes.get(case_id, at))
    led = list(
        cases_visible_to(actor)
        .filter(
            Q(adopted_on__gte=since.date()) | Q(public_id__in=list(notes)),
            matter__lead=actor.user,
            status__in=OPEN_STATUSES,
        )
        .select_related("matter", "hub")
        .order_by("-id")[:MOST]
    )
    opened = _opened(actor, [case.matter.public_id for case in led])
    for case in led:
        noted, last = notes.get(case.public_id), opened.get(case.matter.public_id)
        if last is not None and (noted is None or noted <= last):
            continue
        by = case.hub.name if case.hub else case.matter.reference
        yield WorkItem(
            kind="handed",
            kind_words="Cases you were made to lead",
            title=case.matter.title,
            url=reverse("case", args=[case.matter.public_id]),
            why="You lead it now: read what you were told about it"
            if noted
            else f"{by} lets you lead it: read it",
            due_on=None,
            step="Read",
            step_url=reverse("case", args=[case.matter.public_id]),
            reference=case.matter.reference,
            rank=3,
            band=case.band,
        )


def _opened(actor: Actor, matters: Collection[str]) -> dict[str, datetime]:
    """When the actor last opened a page of each of these cases, in business time."""
    if not matters:
        return {}
    seen = Entry.objects.filter(
        kind=Kind.SIGHT,
        actor=actor.public_id,
        subject__in=matters,
        event__in=("case.seen", "case.timeline_seen"),
    )
    return dict(seen.order_by().values_list("subject").annotate(last=Max("business_at")))


def _left_alone(actor: Actor) -> Iterator[WorkItem]:
    """Cases that the actor leads in which nothing has a day: no review, no action. No other clock asks for them."""
    found = (
        cases_visible_to(actor)
        .filter(
            matter__lead=actor.user,
            status__in=OPEN_STATUSES,
            review_on__isnull=True,
            next_due_on__isnull=True,
        )
        .select_related("matter")
        .order_by("adopted_on", "id")[:MOST]
    )
    for case in found:
        yield WorkItem(
            kind="no_day",
            kind_words="Cases in which nothing has a day",
            title=case.matter.title,
            url=reverse("case", args=[case.matter.public_id]),
            why="You lead it, and it has no next step with a day and no review",
            due_on=None,
            step="Set a review",
            step_url=reverse("case-review", args=[case.matter.public_id]),
            reference=case.matter.reference,
            rank=4,
            band=case.band,
        )


def _review(actor: Actor, case: Case) -> WorkItem:
    leads = actor.user is not None and case.matter.lead_id == actor.user.pk
    return WorkItem(
        kind="review",
        kind_words="Case reviews",
        title=case.matter.title,
        url=reverse("case", args=[case.matter.public_id]),
        why="You lead it: look at it again"
        if leads
        else f"{case.lead_unit.agency.name} leads it: its review waits",
        due_on=case.review_on,
        step="Review",
        step_url=reverse("case-review", args=[case.matter.public_id]),
        reference=case.matter.reference,
        rank=4,
        band=case.band,
    )


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """The open cases that a leaver leads, as far as the actor may see them."""
    for case in (
        cases_visible_to(actor)
        .filter(matter__lead=user, status__in=OPEN_STATUSES)
        .select_related("matter")
        .order_by("review_on", "id")[:MOST]
    ):
        yield OpenWork(
            kind_words="Case",
            title=f"{case.matter.reference} {case.matter.title}",
            url=reverse("case-lead", args=[case.matter.public_id]),
            due_on=case.review_on,
        )
