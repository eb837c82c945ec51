"""On what a referral may rest: the agreements that carry its purpose from an agency to a hub, and the legal
gateways on which that purpose may be shared under them.

Who gives is another question than who may see. A hub opens to the staff of those agencies that a gateway names;
anybody who has signed may tell it something on a gateway that names the agency which leads the partnership, for
which the hubs' staff work. So a voluntary body refers to a hub that is not open to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.casework.rules.referrals import carrying_refusals
from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Hub
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.seers import Bindings, bindings, lead_agency
from saferhub.sharing.models import Agreement
from saferhub.sharing.queries.fitting import gateways_reaching, kind_of

Choices = list[tuple[str, str]]
# Never why a hub is asked to take something on.
_NOT_FOR_HUBS = ("emergency", "persons_request")


@dataclass(frozen=True, slots=True)
class Rests:
    """One agreement and one legal gateway. No agreement: the agency that leads the partnership needs none."""

    gateway: str
    gateway_name: str
    gateway_words: str
    agreement: Agreement | None

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.agreement.public_id if self.agreement else ''}:{self.gateway}"


def receiver(actor: Actor) -> Agency | None:
    """The agency for which the staff of hubs work: the one that leads the partnership. Two queries, asked once on a
    page."""
    partnership = actor.partnership
    if partnership is None:
        return None
    code = lead_agency(partnership, actor.on)
    if not code:
        return None
    return once(
        ("receiver", partnership.pk, code),
        lambda: Agency.objects.filter(partnership=partnership, code=code).first(),
    )


def _binding(bound: Bindings, agency: Agency, to: Agency | None, hub: Hub) -> list[Agreement]:
    """The agreements that both have signed and that cover the hub."""
    if to is None:
        return [one for one in bound.of(agency.pk) if bound.covers(one, hub.pk)]
    return bound.between(agency.pk, to.pk, hub.pk)


def check_carried(actor: Actor, *, purpose: str, hub: Hub) -> None:
    """Raise Refusal unless agreements carry this purpose from the actor's agency to the hub (`unknown_purpose`,
    `hub_without_agreement`, `other_purpose`). Eight queries at most."""
    if actor.agency is None or actor.partnership is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")
    if hub.partnership_id != actor.partnership.pk:
        raise Refusal("other_partnership", "That hub belongs to another partnership.")
    to = receiver(actor)
    carried: set[str] | None = None
    if to is None or to.pk != actor.agency.pk:
        found = _binding(bindings(actor.partnership, actor.on), actor.agency, to, hub)
        carried = {code for one in found for code in one.purposes}
    refuse_if(
        carrying_refusals(
            purpose=purpose,
            purposes={
                one.code
                for one in in_force.entries(actor.partnership, "purposes", actor.on)
                if one.code not in _NOT_FOR_HUBS
            },
            hub=hub.name,
            agency=actor.agency.name,
            carried=carried,
        )
    )


def rests_on(actor: Actor, *, purpose: str, hub: Hub) -> list[Rests]:
    """Everything that a referral for this purpose to this hub may rest on, in the packs' order of gateways: the
    gateways on which the actor's kind of agency may tell something. Twelve queries at most."""
    if actor.agency is None or actor.partnership is None or hub.partnership_id != actor.partnership.pk:
        return []
    serving = in_force.entry(actor.partnership, "purposes", purpose, actor.on)
    if serving is None:
        return []
    known = {one.code: one.item for one in in_force.entries(actor.partnership, "gateways", actor.on)}
    kind = kind_of(actor.agency, actor.on)
    codes = [
        code
        for code in serving.item.gateways
        if code in known and (known[code].givers is None or kind in known[code].givers)
    ]
    to = receiver(actor)
    if to is not None:
        codes = gateways_reaching(to, codes, actor.on)
    agreements: list[Agreement | None] = [None]
    if to is None or to.pk != actor.agency.pk:
        found = _binding(bindings(actor.partnership, actor.on), actor.agency, to, hub)
        agreements = [one for one in found if purpose in one.purposes]
    return [
        Rests(code, str(known[code].name), str(known[code].words), agreement)
        for code in codes
        for agreement in agreements
        if agreement is None or code in agreement.gateways
    ]


def on_offer(found: list[Rests]) -> list[Rests]:
    """One line for each gateway, for a page to choose from: under the agreement of the hubs where there is one, else
    under the first."""
    best: dict[str, Rests] = {}
    for one in found:
        before = best.get(one.gateway)
        is_better = (
            before is not None
            and one.agreement is not None
            and one.agreement.opens_hubs
            and not (before.agreement is not None and before.agreement.opens_hubs)
        )
        if before is None or is_better:
            best[one.gateway] = one
    return list(best.values())


def chosen(offered: list[Rests], code: str) -> Rests | None:
    """The one of this code."""
    return next((one for one in offered if one.code == code), None)


def choices(actor: Actor) -> tuple[Choices, Choices]:
    """What a referrer chooses from: purposes and hubs, as (code, name). Eight queries.

    A purpose is offered where an agreement carries it to any hub; whether to the one chosen is checked when it is
    saved.
    """
    if actor.partnership is None or actor.agency is None:
        return [], []
    entries = [
        one
        for one in in_force.entries(actor.partnership, "purposes", actor.on)
        if one.code not in _NOT_FOR_HUBS
    ]
    hubs = list(Hub.objects.filter(partnership=actor.partnership).order_by("name"))
    to = receiver(actor)
    if to is None or to.pk != actor.agency.pk:
        bound = bindings(actor.partnership, actor.on)
        carried = {hub.pk: _binding(bound, actor.agency, to, hub) for hub in hubs}
        hubs = [hub for hub in hubs if carried[hub.pk]]
        purposes = {code for found in carried.values() for one in found for code in one.purposes}
        entries = [one for one in entries if one.code in purposes]
    return [(one.code, one.item.name) for one in entries], [(hub.code, hub.name) for hub in hubs]
