"""Which agencies an agreement opens hubs to: those whose kind one of its legal gateways names.

A gateway that names nobody has to be weighed case by case. Opening all of a hub's work weighs nothing, so
such a gateway opens none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from saferhub.partnership.models import Agency, EntryVersion, Partnership
from saferhub.partnership.queries.kept import while_packs_stand
from saferhub.sharing.models import Agreement


@dataclass(frozen=True, slots=True)
class Reach:
    """The kind of each agency, and for each kind the gateways that name it."""

    kinds: Mapping[str, str]
    gateways: Mapping[str, frozenset[str]]

    def of(self, agency: Agency) -> frozenset[str]:
        """The gateways that name this agency's kind."""
        return self.gateways.get(self.kinds.get(agency.code, ""), frozenset())

    def opens(self, agreement: Agreement, agency: Agency) -> bool:
        """Whether the agreement, where it binds this agency, shows it all that its hubs work on."""
        return agreement.opens_hubs and not self.of(agency).isdisjoint(agreement.gateways)


def reach_on(partnership: Partnership, day: date) -> Reach:
    """What the packs say on that day. Two queries at most, asked once on a page."""
    return while_packs_stand(("reach", partnership.pk, day), lambda: _reach_on(partnership, day))


def _reach_on(partnership: Partnership, day: date) -> Reach:
    said = (
        EntryVersion.objects.in_force_on(day)
        .filter(
            Q(entry__section="gateways", entry__partnership=None)
            | Q(entry__section="agencies", entry__partnership=partnership)
        )
        .values_list("entry__section", "entry__code", "payload")
    )
    kinds: dict[str, str] = {}
    gateways: dict[str, set[str]] = {}
    for section, code, payload in said:
        if section == "agencies":
            kinds[code] = payload["kind"]
            continue
        for kind in payload.get("reaches") or ():
            gateways.setdefault(kind, set()).add(code)
    return Reach(kinds, {kind: frozenset(codes) for kind, codes in gateways.items()})
