"""On what an agency is asked: the purpose, the agreement that it has signed and the legal gateway, in words; and why an
agency is not asked, where nothing carries an item to it.

A gateway reaches some kinds of body and not others: section 115 of the Crime and Disorder Act 1998 gives no power to
disclose to a voluntary one, so such a service is asked on an agreement and a gateway of its own, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.seers import bindings
from saferhub.sharing.access.sight import interests_live_on, sight_of
from saferhub.sharing.models import Because, Interest


@dataclass(frozen=True, slots=True)
class AskedOn:
    """On what a unit is asked about some items. `agreement` and `gateway`: empty for the organiser's own agency, which
    needs none. `limits`: what the gateway does and does not let anybody share, as the packs say."""

    purpose: str
    agreement: str
    gateway: str
    limits: str
    references: tuple[str, ...]


def asked_on(actor: Actor, cited: Mapping[int, str]) -> list[AskedOn]:
    """On what the actor's unit is asked about items: the reference of each by its folder, in order. Three queries."""
    if not cited:
        return []
    rows = Interest.objects.filter(
        interests_live_on(clock.now()),
        folder__in=list(cited),
        holder__in=sight_of(actor).holders,
        because__in=[Because.MEETS, Because.NAMED],
    ).select_related("agreement")
    grounds = {row.folder_id: row for row in rows.order_by("pk")}
    sections = in_force.sections(actor.partnership, ["purposes", "gateways"], actor.on)
    purposes = {one.code: str(one.item.name) for one in sections["purposes"]}
    gateways = {one.code: one.item for one in sections["gateways"]}
    gathered: dict[tuple[str, str, str], list[str]] = {}
    for folder, reference in cited.items():
        row = grounds.get(folder)
        if row is not None:
            agreement = row.agreement.title if row.agreement is not None else ""
            gathered.setdefault((row.purpose, agreement, row.gateway), []).append(reference)
    return [
        AskedOn(
            purposes.get(purpose, purpose),
            agreement,
            str(gateways[gateway].name) if gateway in gateways else gateway,
            str(gateways[gateway].words) if gateway in gateways else "",
            tuple(references),
        )
        for (purpose, agreement, gateway), references in gathered.items()
    ]


def why_not_asked(actor: Actor, unit: Unit, *, purpose: str, hub: Hub | None) -> str:
    """Why nothing carries an item to a unit: no agreement with it, none for that purpose, or no gateway that reaches a
    body of its kind. Three queries at most."""
    if actor.agency is None or actor.partnership is None:
        return ""
    bound = bindings(actor.partnership, actor.on)
    between = bound.between(actor.agency.pk, unit.agency_id, hub.pk if hub is not None else None)
    if not between:
        return f"{unit.agency.name} has signed no sharing agreement in force that binds your agency as well."
    entry = in_force.entry(actor.partnership, "purposes", purpose, actor.on)
    name = str(entry.item.name) if entry is not None else purpose
    serving = [one for one in between if purpose in one.purposes]
    if not serving:
        return f"No sharing agreement that {unit.agency.name} has signed is for this purpose: {name}."
    sections = in_force.sections(actor.partnership, ["gateways", "agencies"], actor.on)
    known = {one.code: one.item for one in sections["gateways"]}
    kinds = {one.code: str(one.item.kind) for one in sections["agencies"]}
    giver, kind = kinds.get(actor.agency.code, ""), kinds.get(unit.agency.code, "")
    reaching = [
        code
        for code in {code for one in serving for code in one.gateways}
        if code in known
        and entry is not None
        and code in entry.item.gateways
        and (known[code].reaches is None or kind in known[code].reaches)
        and (known[code].givers is None or giver in known[code].givers)
    ]
    if not reaching:
        return (
            f"It has signed an agreement for this purpose ({name}), but no legal gateway in it lets your agency tell "
            f"a body such as {unit.agency.name}."
        )
    return f"Whose case it is has signed no agreement with {unit.agency.name} for this purpose: {name}."
