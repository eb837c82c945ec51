"""What the filters of each list of casework mean, and the lists themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from saferhub.casework import access
from saferhub.casework.models import (
    OPEN_ACTIONS,
    OPEN_STATUSES,
    WAITING,
    Action,
    Case,
    Intervention,
    InterventionStatus,
    Referral,
)
from saferhub.casework.rules.oversight_figures import SIX_MONTHS
from saferhub.partnership.access import Actor

from . import oversight_lists as lists
from .oversight_lists import Filters, Listing

WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)
FOUR_WEEKS = timedelta(days=28)
LIVE = (InterventionStatus.PLANNED, InterventionStatus.IN_PLACE, InterventionStatus.BREACHED)
ALL = "all"
NOT_SCORED = "none"


def _statuses(rows: QuerySet[Any], chosen: str, first: Any) -> QuerySet[Any]:
    """Nothing chosen means the list's own first choice; `all` every status."""
    if chosen == ALL:
        return rows
    return rows.filter(status=chosen) if chosen else rows.filter(status__in=[str(one) for one in first])


def _hub(rows: QuerySet[Any], actor: Actor, code: str) -> QuerySet[Any]:
    return rows.filter(hub__in=lists.hub_numbers(actor, code)) if code else rows


def narrow_cases(rows: QuerySet[Case], actor: Actor, filters: Filters) -> QuerySet[Case]:
    rows = _hub(_statuses(rows, filters.of("status"), OPEN_STATUSES), actor, filters.of("hub"))
    if "open_on" in filters.days:
        from .oversight_stock import open_on

        rows = rows.filter(
            pk__in=open_on(actor, filters.days["open_on"], lists.hub_numbers(actor, filters.of("hub")))
        )
    if filters.of("band"):
        rows = rows.filter(band="" if filters.of("band") == NOT_SCORED else filters.of("band"))
    if filters.of("subject"):
        rows = rows.filter(subject_kind=filters.of("subject"))
    if filters.of("outcome"):
        rows = rows.filter(outcome=filters.of("outcome"))
    if filters.of("agency"):
        rows = rows.filter(lead_unit__in=lists.unit_numbers(actor, filters.of("agency")))
    if filters.of("whose") == "mine":
        rows = rows.filter(matter__in=lists.matters_led_by(actor, "case"))
    elif filters.of("whose") == "unit":
        rows = rows.filter(lead_unit__in=lists.own_units(actor))
    elif filters.of("whose") == "agency":
        rows = rows.filter(lead_unit__in=lists.unit_numbers(actor, actor.agency_code))
    due = _CASE_DUE.get(filters.of("due"))
    if due is not None:
        rows = rows.filter(due(actor))
    return lists.by_words(rows, filters.of("words")) if filters.of("words") else rows


_CASE_DUE = {
    "action_late": lambda actor: Q(next_due_on__lt=actor.on),
    "action_week": lambda actor: Q(next_due_on__range=(actor.on, actor.on + WEEK)),
    "no_action": lambda actor: Q(next_due_on__isnull=True),
    "review_late": lambda actor: Q(review_on__lt=actor.on),
    "review_soon": lambda actor: Q(review_on__range=(actor.on, actor.on + FORTNIGHT)),
    "contact_late": lambda actor: Q(contact_due_on__lt=actor.on),
    "six_months": lambda actor: Q(adopted_on__lt=actor.on - SIX_MONTHS),
}
CASE_DUE_WORDS = [
    ("action_late", "An action is late"),
    ("action_week", "An action is due within a week"),
    ("no_action", "No action is open"),
    ("review_late", "Review is late"),
    ("review_soon", "Review within two weeks"),
    ("contact_late", "Contact with the victim is late"),
    ("six_months", "Adopted over six months ago"),
]


def narrow_referrals(rows: QuerySet[Referral], actor: Actor, filters: Filters) -> QuerySet[Referral]:
    rows = _hub(_statuses(rows, filters.of("status"), WAITING), actor, filters.of("hub"))
    if filters.of("source"):
        rows = rows.filter(source=filters.of("source"))
    if filters.of("subject"):
        rows = rows.filter(subject_kind=filters.of("subject"))
    if filters.of("agency"):
        rows = rows.filter(unit__in=lists.unit_numbers(actor, filters.of("agency")))
    if filters.of("whose") == "unit":
        rows = rows.filter(unit__in=lists.own_units(actor))
    elif filters.of("whose") == "mine":
        rows = rows.filter(written_by=actor.user)
    if filters.of("due") == "late":
        rows = rows.filter(due_on__lt=actor.on)
    elif filters.of("due") == "week":
        rows = rows.filter(due_on__range=(actor.on, actor.on + WEEK))
    elif filters.of("due") == "urgent":
        rows = rows.filter(urgent=True)
    return lists.by_words(rows, filters.of("words")) if filters.of("words") else rows


REFERRAL_DUE_WORDS = [
    ("late", "The decision is late"),
    ("week", "To decide within a week"),
    ("urgent", "Marked urgent"),
]


def narrow_actions(rows: QuerySet[Action], actor: Actor, filters: Filters) -> QuerySet[Action]:
    rows = _hub(_statuses(rows, filters.of("status"), OPEN_ACTIONS), actor, filters.of("hub"))
    if filters.of("agency"):
        rows = rows.filter(owner_unit__in=lists.unit_numbers(actor, filters.of("agency")))
    if filters.of("whose") == "mine":
        rows = rows.filter(owner=actor.user)
    elif filters.of("whose") == "unit":
        rows = rows.filter(owner_unit__in=lists.own_units(actor))
    elif filters.of("whose") == "agency":
        rows = rows.filter(owner_unit__in=lists.unit_numbers(actor, actor.agency_code))
    elif filters.of("whose") == "led":
        rows = rows.filter(case__in=lists.cases_led_by(actor))
    if filters.of("due") == "late":
        rows = rows.filter(due_on__lt=actor.on)
    elif filters.of("due") == "week":
        rows = rows.filter(due_on__range=(actor.on, actor.on + WEEK))
    return (
        rows.filter(case__in=lists.cases_by_words(actor, filters.of("words")))
        if filters.of("words")
        else rows
    )


ACTION_DUE_WORDS = [("late", "Late"), ("week", "Due within a week")]


def narrow_interventions(
    rows: QuerySet[Intervention], actor: Actor, filters: Filters
) -> QuerySet[Intervention]:
    rows = _hub(_statuses(rows, filters.of("status"), LIVE), actor, filters.of("hub"))
    for name in ("kind", "power", "outcome"):
        if filters.of(name):
            rows = rows.filter(**{name: filters.of(name)})
    if filters.of("agency"):
        rows = rows.filter(used_by__in=lists.unit_numbers(actor, filters.of("agency")))
    if filters.of("whose") == "unit":
        rows = rows.filter(used_by__in=lists.own_units(actor))
    elif filters.of("whose") == "watch":
        rows = rows.filter(Q(watcher=actor.user) | Q(watch_unit__in=lists.own_units(actor)))
    if filters.of("due") == "expires":
        rows = rows.filter(expires_on__range=(actor.on, actor.on + FOUR_WEEKS))
    elif filters.of("due") == "expired":
        rows = rows.filter(expires_on__lt=actor.on)
    elif filters.of("due") == "review_late":
        rows = rows.filter(Q(review_on__lt=actor.on) | Q(watch_review_on__lt=actor.on))
    return (
        rows.filter(case__in=lists.cases_by_words(actor, filters.of("words")))
        if filters.of("words")
        else rows
    )


INTERVENTION_DUE_WORDS = [
    ("expires", "Ends within four weeks"),
    ("expired", "Its last day has passed"),
    ("review_late", "Review is late"),
]


# Each order walks an index of the table itself (a test holds them to it).
CASES = Listing(
    code="cases",
    agency="lead_unit",
    model=Case,
    visible=access.cases_visible_to,
    narrow=narrow_cases,
    load=lists.load_cases,
    sorts={
        "adopted": ("adopted_on", "id"),
        "-adopted": ("-adopted_on", "-id"),
        "review": ("review_on", "id"),
        "-review": ("-review_on", "-id"),
        "next": ("next_due_on", "id"),
        "-next": ("-next_due_on", "-id"),
        "risk": ("risk_rank", "first_due_on", "id"),
        "-risk": ("-risk_rank", "-first_due_on", "-id"),
        "late": ("first_due_on", "id"),
        "-late": ("-first_due_on", "-id"),
    },
    # Worst first: the highest band, and within it what is latest; where nothing is due, last.
    first="risk",
    days={
        "adopted_from": "Adopted from",
        "adopted_to": "Adopted up to",
        "closed_from": "Closed from",
        "closed_to": "Closed up to",
        "open_on": "Open at the end of",
    },
)
REFERRALS = Listing(
    code="referrals",
    agency="unit",
    model=Referral,
    visible=access.referrals_visible_to,
    narrow=narrow_referrals,
    load=lists.load_referrals,
    sorts={
        "due": ("due_on", "id"),
        "-due": ("-due_on", "-id"),
        "sent": ("sent_on", "id"),
        "-sent": ("-sent_on", "-id"),
    },
    first="due",
    days={
        "sent_from": "Received from",
        "sent_to": "Received up to",
        "decided_from": "Decided from",
        "decided_to": "Decided up to",
    },
)
ACTIONS = Listing(
    code="actions",
    agency="owner_unit",
    model=Action,
    visible=access.actions_visible_to,
    narrow=narrow_actions,
    load=lists.load_actions,
    sorts={"due": ("due_on", "id"), "-due": ("-due_on", "-id")},
    first="due",
    days={
        "due_from": "Due from",
        "due_to": "Due up to",
        "ended_from": "Ended from",
        "ended_to": "Ended up to",
    },
)
INTERVENTIONS = Listing(
    code="interventions",
    agency="used_by",
    model=Intervention,
    visible=access.interventions_visible_to,
    narrow=narrow_interventions,
    load=lists.load_interventions,
    sorts={
        "expires": ("expires_on", "id"),
        "-expires": ("-expires_on", "-id"),
        "set": ("set_on", "id"),
        "-set": ("-set_on", "-id"),
    },
    first="-set",
    days={
        "starts_from": "Started from",
        "starts_to": "Started up to",
        "ended_from": "Ended from",
        "ended_to": "Ended up to",
    },
)
LISTINGS = {one.code: one for one in (CASES, REFERRALS, ACTIONS, INTERVENTIONS)}
