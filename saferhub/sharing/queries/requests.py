"""What the pages about requests for sight read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.registries import WorkItem
from saferhub.foundation.registry import Registry
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Membership, Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.clocks import due
from saferhub.partnership.rules.from_packs import clock_from
from saferhub.sharing.access.emergencies import hubs_decided_for, without_emergency_sight
from saferhub.sharing.access.matters import matters_visible_to
from saferhub.sharing.access.requests import requests_visible_to
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import AccessRequest, Agreement, AgreementHub, Matter, RequestStatus
from saferhub.sharing.queries.fitting import gateways_reaching
from saferhub.sharing.rules.requests import Ground, Offer, ground_for

CLOCK = "access_request_decision"
DECIDED_WORK_DAYS = 7
MOST_WORK = 25
# provider(actor, what the asker typed) -> candidate records, which the decider finds under her own rights
CANDIDATES: Registry[[Any, dict[str, Any]], Iterable[Any]] = Registry("candidates of a request")


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a pointer stands for, as far as one who asks needs it. `names_hub`: whether pages may say which."""

    hub: Hub
    purpose: str
    names_hub: bool
    contact: str

    @property
    def words(self) -> str:
        return self.hub.name if self.names_hub else self.contact


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to turn to."""

    name: str
    telephone: str
    email: str

    @property
    def reach(self) -> str:
        """How: her telephone, and where none is known her e-mail."""
        return self.telephone or self.email


def pointed(actor: Actor, token: str) -> Pointed | None:
    """What the actor's pointer stands for; None where it is not hers or older than an hour. Three queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_id, why FROM gate.pointed_hub(%s)", [token])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    hub = Hub.objects.filter(pk=row[0], partnership=actor.partnership).first()
    if hub is None:
        return None
    names_hub, contact = pointing(actor, row[1])
    return Pointed(hub, row[1], names_hub, contact)


def pointing(actor: Actor, purpose: str) -> tuple[bool, str]:
    """Whether pages may name the hub for this purpose, and the post that they name instead."""
    found = in_force.entry(actor.partnership, "purposes", purpose, actor.on)
    if found is None:
        return False, "the partnership’s manager"
    return found.item.pointer == "hub", found.item.contact or "the hub’s co-ordinator"


def hub_of_reference(actor: Actor, reference: str) -> Hub | None:
    """The hub whose prefix begins the reference: whether such a matter exists does not matter here."""
    prefix = reference.strip().upper().partition("-")[0]
    return Hub.objects.filter(partnership=actor.partnership, prefix=prefix).first()


def seen_by_reference(actor: Actor, reference: str) -> Matter | None:
    """The matter of this reference where she sees it, and by more than an emergency that soon ends. One query, and
    three more for each emergency of hers that runs."""
    seen = matters_visible_to(actor).filter(reference=reference.strip().upper())
    return without_emergency_sight(actor, seen).first()


def agreement_of(ground: Ground) -> Agreement:
    """The agreement that a request would rest on. One query."""
    return Agreement.objects.get(pk=ground.agreement)


def contacts_of(hub: Hub, on: date) -> list[Contact]:
    """The hub's co-ordinators, else the partnership's managers. Two queries at most."""
    held = Membership.objects.in_force_on(on).filter(partnership=hub.partnership_id, user__status="active")
    held = held.select_related("user").order_by("user__name", "user_id")
    rows = held.filter(role="hub_coordinator", hub=hub) or held.filter(role="partnership_manager")
    users = {row.user_id: row.user for row in rows}
    return [Contact(user.name, user.telephone, user.email) for user in users.values()]


def purposes(actor: Actor) -> list[tuple[str, str]]:
    """The purposes for which one may search and ask, as choices. One query."""
    found = in_force.entries(actor.partnership, "purposes", actor.on)
    return [(one.code, one.item.name) for one in found if one.code not in ("emergency", "persons_request")]


def purpose_names(actor: Actor) -> dict[str, str]:
    """The name of every purpose. One query."""
    return {one.code: one.item.name for one in in_force.entries(actor.partnership, "purposes", actor.on)}


def gateway_name(actor: Actor, code: str) -> str:
    found = in_force.entry(actor.partnership, "gateways", code, actor.on)
    return found.item.name if found else code


def ground(actor: Actor, *, purpose: str, hub: Hub, names_hub: bool = True) -> Ground:
    """The agreement and gateway on which the actor's agency may be given sight. Raises Refusal, which says
    what is missing. Five queries."""
    agreements = list(Agreement.objects.binding(actor.unit.agency_id, actor.on)) if actor.unit else []
    covered: dict[int, set[int]] = {}
    rows = AgreementHub.objects.filter(agreement__in=agreements).values_list("agreement_id", "hub_id")
    for number, covers in rows:
        covered.setdefault(number, set()).add(covers)
    found = in_force.entry(actor.partnership, "purposes", purpose, actor.on)
    if found is None:
        raise Refusal("unknown_purpose", "Choose what you need it for.")
    offers = [
        Offer(
            a.pk,
            a.title,
            a.purposes,
            a.gateways,
            None if a.every_hub else covered.get(a.pk, set()),
            a.last_day,
        )
        for a in agreements
    ]
    hub_words = hub.name if names_hub else "the hub that holds it"
    gateways = gateways_reaching(actor.unit.agency, found.item.gateways, actor.on) if actor.unit else ()
    return ground_for(offers, purpose=purpose, gateways=gateways, hub=hub.pk, hub_words=hub_words)


def due_on(partnership: Partnership | None, asked_on: date) -> date:
    """The day by which a request is decided: the packs' clock. Raises Refusal without bank holidays."""
    found = in_force.entry(partnership, "clocks", CLOCK, asked_on)
    if found is None:
        raise Refusal("no_clock", "No pack says how soon a request is decided. Load the national pack.")
    day = due(clock_from(found.item), asked_on, bank_holidays=bank_holidays()).day
    return day or asked_on


def next_working_day(asked_on: date) -> date:
    """The first working day after this one."""
    return bank_holidays().next_working_day(asked_on + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Row:
    """A request in a list. `hub` is what this reader may be told of the hub that was asked: its name where
    `names_hub`, else a post."""

    request: AccessRequest
    hub: str
    purpose: str
    is_mine: bool
    is_late: bool
    names_hub: bool

    @property
    def about(self) -> str:
        given = self.request.about
        return given.get("reference") or given.get("name") or "Somebody"


STATES = {"waiting": "Waiting", "decided": "Decided", "withdrawn": "Withdrawn"}
SIDES = {"asked": "Asked by my unit", "deciding": "Put to my hub"}


def listed(actor: Actor, *, state: str = "", side: str = "") -> QuerySet[AccessRequest]:
    """The requests the actor may see that match, those that wait first, by the day they are due."""
    found = requests_visible_to(actor).select_related("folder__hub", "folder__unit__agency", "asked_by")
    if state == "waiting":
        found = found.filter(status=RequestStatus.ASKED)
    elif state == "decided":
        found = found.exclude(status__in=[RequestStatus.ASKED, RequestStatus.WITHDRAWN])
    elif state == "withdrawn":
        found = found.filter(status=RequestStatus.WITHDRAWN)
    sight = sight_of(actor)
    mine = Q(folder__unit__in=[h for h in sight.holders if h > 0])
    if side == "asked":
        found = found.filter(mine)
    elif side == "deciding":
        found = found.filter(folder__hub__in=sight.hubs).exclude(mine)
    return found.order_by("-status", "-asked_on", "-id") if state else found.order_by("-asked_on", "-id")


def rows(actor: Actor, found: Iterable[AccessRequest]) -> list[Row]:
    """Requests as lists show them. Two queries."""
    entries = {one.code: one.item for one in in_force.entries(actor.partnership, "purposes", actor.on)}
    sight = sight_of(actor)
    made = []
    for request in found:
        item = entries.get(request.purpose)
        is_mine = request.folder.unit_id in sight.holders
        works_there = request.folder.hub_id in sight.hubs
        names = works_there or (item is not None and item.pointer == "hub")
        hub = (
            request.folder.hub.name
            if request.folder.hub and names
            else (item.contact if item else "") or "A hub"
        )
        made.append(
            Row(
                request,
                hub,
                item.name if item else request.purpose,
                is_mine,
                request.status == RequestStatus.ASKED and request.due_on < actor.on,
                names,
            )
        )
    return made


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Requests that wait for the actor's decision; her own, once they are decided. Of either the first twenty-five,
    then a line that leads to the rest."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    hubs = hubs_decided_for(actor)
    waiting = list(
        requests_visible_to(actor)
        .filter(status=RequestStatus.ASKED, folder__hub__in=hubs)
        .select_related("folder__hub", "folder__unit__agency")
        .order_by("due_on", "id")[: MOST_WORK + 1]
        if hubs
        else ()
    )
    names = purpose_names(actor) if waiting else {}
    for request in waiting[:MOST_WORK]:
        hub = request.folder.hub
        if hub is None:
            continue
        url = reverse("access-request", args=[request.public_id])
        yield WorkItem(
            "access_request",
            "Requests for sight",
            f"Decide what {request.folder.unit.agency.name} may see",
            url,
            f"It asks {hub.name} for: {names.get(request.purpose, request.purpose).lower()}",
            request.due_on,
            "Decide",
            url,
        )
    if len(waiting) > MOST_WORK:
        yield _more("Decide the other requests for sight", "state=waiting&side=deciding")
    since = clock.today() - timedelta(days=DECIDED_WORK_DAYS)
    decided = list(
        requests_visible_to(actor)
        .filter(
            asked_by=actor.user,
            status__in=[RequestStatus.GRANTED, RequestStatus.ANSWERED, RequestStatus.REFUSED],
            decided_at__date__gte=since,
        )
        .order_by("-decided_at", "-id")[: MOST_WORK + 1]
    )
    for request in decided[:MOST_WORK]:
        url = reverse("access-request", args=[request.public_id])
        yield WorkItem(
            "access_request",
            "Requests for sight",
            "Read the answer to your request",
            url,
            RequestStatus(request.status).label,
            None,
            "Read",
            url,
        )
    if len(decided) > MOST_WORK:
        yield _more("Read the other answers to your requests", "state=decided&side=asked")


def _more(title: str, chosen: str) -> WorkItem:
    """The line after the last of a list that is cut."""
    url = f"{reverse('access-requests')}?{chosen}"
    why = f"More than {MOST_WORK}"
    return WorkItem("access_request", "Requests for sight", title, url, why, None, "See", url)
