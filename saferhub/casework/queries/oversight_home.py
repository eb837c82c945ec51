"""What stands beside Your work for casework: what others owe, and how the hub stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from saferhub.casework import access
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import OPEN_ACTIONS, OPEN_STATUSES, ReferralStatus
from saferhub.casework.rules.oversight_figures import SIX_MONTHS, Wait, wait
from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import WorkPanel
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.sight import sight_of

from .actions import cases_led_by
from .oversight_lists import own_units
from .oversight_tabs import hubs_seen

FEW = 4
AHEAD = timedelta(days=7)
QUARTER = timedelta(days=91)
_BANDS = ("very_high", "high", "medium", "standard", "low")


def buttons(actor: Actor) -> Iterator[tuple[str, str]]:
    """A referral is begun here, by whoever may refer."""
    if allows(check_can_refer, actor):
        yield "Make a referral", reverse("referral-start")


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that another agency owes: who, what, in which case, by when."""

    who: str
    person: str
    words: str
    url: str
    due_on: date | None


def waiting_for_others(actor: Actor) -> WorkPanel | None:
    """Actions of others in the cases she leads that are due within a week, and answers her hubs have asked of
    referrers. What is late stands in her own list. Five queries at most."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return None
    owed = [*_actions(actor), *_answers(actor)]
    owed.sort(key=lambda one: (one.due_on is None, one.due_on or date.max, one.who))
    if not owed:
        return None
    return WorkPanel(
        "casework/oversight/home_waiting.html",
        {"owed": owed[:FEW], "more": max(len(owed) - FEW, 0), "today": actor.on},
    )


def _actions(actor: Actor) -> Iterator[Owed]:
    cases = cases_led_by(actor)
    if not cases:
        return
    rows = (
        access.actions_visible_to(actor)
        .filter(case__in=cases, status__in=OPEN_ACTIONS, due_on__range=(actor.on, actor.on + AHEAD))
        .exclude(owner=actor.user)
        .exclude(owner__isnull=True, owner_unit__in=own_units(actor))
        .select_related("owner", "owner_unit__agency", "case__matter")
        .order_by("due_on", "id")[: FEW * 5]
    )
    for row in rows:
        yield Owed(
            row.owner_unit.agency.name,
            row.owner.name if row.owner else "",
            f"Action in {row.case.matter.reference}: {row.words[:80]}",
            reverse("action", args=[row.public_id]),
            row.due_on,
        )


def _answers(actor: Actor) -> Iterator[Owed]:
    hubs = sight_of(actor).hubs
    if not hubs:
        return
    rows = (
        access.referrals_visible_to(actor)
        .filter(hub__in=hubs, status=ReferralStatus.ASKED)
        .select_related("unit__agency", "written_by", "matter")
        .order_by("sent_on", "id")[: FEW * 5]
    )
    for row in rows:
        yield Owed(
            row.unit.agency.name,
            row.written_by.name if row.written_by else row.referrer_name,
            f"More about a referral: {row.matter.title}",
            reverse("referral", args=[row.matter.public_id]),
            None,
        )


@dataclass(frozen=True, slots=True)
class Band:
    code: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class HubNow:
    """The hub in four figures."""

    open: int
    bands: list[Band]
    over_six: int
    decision: Wait


def hubs_now(actor: Actor) -> WorkPanel | None:
    """How the hub stands, for whoever works in one; in several, only the way to their figures. Three queries."""
    hubs = hubs_seen(actor)
    if not hubs:
        return None
    if len(hubs) > 1:
        return WorkPanel(
            "casework/oversight/home_hub.html", {"hubs": hubs, "figures_url": reverse("hubs-figures")}
        )
    hub = hubs[0]
    counted = (
        access.cases_visible_to(actor)
        .filter(hub=hub, status__in=OPEN_STATUSES)
        .order_by()
        .values_list("band")
        .annotate(number=Count("pk"), old=Count("pk", filter=Q(adopted_on__lt=actor.on - SIX_MONTHS)))
    )
    counts = {band: (number, old) for band, number, old in counted}
    decided = access.referrals_visible_to(actor).filter(
        hub=hub, decided_on__gt=actor.on - QUARTER, sent_on__isnull=False
    )
    bands = [Band(code, RISK_BANDS[code][0], counts[code][0]) for code in _BANDS if code in counts]
    if "" in counts:
        bands.append(Band("incomplete", "Not scored", counts[""][0]))
    now = HubNow(
        sum(number for number, _ in counts.values()),
        bands,
        sum(old for _, old in counts.values()),
        wait(
            (sent, done)
            for sent, done in decided.order_by().values_list("sent_on", "decided_on")
            if sent and done
        ),
    )
    return WorkPanel(
        "casework/oversight/home_hub.html",
        {
            "hub": hub,
            "now": now,
            "figures_url": reverse("hub-figures", args=[hub.code]),
            "open_url": f"{reverse('cases')}?{urlencode({'hub': hub.code})}",
            "old_url": f"{reverse('cases')}?{urlencode({'hub': hub.code, 'due': 'six_months'})}",
        },
    )
