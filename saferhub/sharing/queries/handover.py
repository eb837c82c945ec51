"""What has to be decided before a matter goes elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.access.seers import bindings
from saferhub.sharing.models import Agreement, Interest, Matter
from saferhub.sharing.rules import handover as rules

from .who_can_see import Row, who_can_see


@dataclass(frozen=True, slots=True)
class Deciding:
    """One interest, in words, and whether it can go along."""

    interest: Interest
    row: Row
    standing: rules.Standing


def deciding(actor: Actor, matter: Matter, to_hub: Hub | None, to_unit: Unit) -> list[Deciding]:
    """Every interest that has not ended, sleeping ones too, and why it cannot go along where it cannot."""
    bound = bindings(matter.partnership, clock.today())
    found = []
    for row in who_can_see(actor, matter).rows:
        agreement = row.interest.agreement
        why = ""
        if agreement is not None:
            why = rules.cannot_keep(
                title=agreement.title,
                covers=_covers(agreement, bound.hubs, to_hub),
                hub=to_hub.name if to_hub else "",
                is_new_owner_party=to_unit.agency_id == matter.unit.agency_id
                or agreement.pk in {one.pk for one in bound.of(to_unit.agency_id)},
                owner=to_unit.agency.name,
            )
        holder = f"{row.holder}, {row.of}" if row.of else row.holder
        found.append(Deciding(row.interest, row, rules.Standing(row.interest.public_id, holder, why)))
    return found


def _covers(agreement: Agreement, hubs: dict[int, frozenset[int]], to_hub: Hub | None) -> bool:
    """A sleeping agreement is asked for its own rows: `hubs` holds those in force alone."""
    if to_hub is None or agreement.every_hub:
        return True
    number = agreement.pk
    if number in hubs:
        return to_hub.pk in hubs[number]
    return bool(agreement.hub_rows.filter(hub=to_hub).exists())
