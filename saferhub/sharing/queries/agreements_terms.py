"""What an agreement says, as one value, and what it may say: the words behind its codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.citations import Citations, Source
from saferhub.partnership.queries.in_force import InForce
from saferhub.sharing.access.reached import reach_on
from saferhub.sharing.models import Agreement
from saferhub.sharing.rules.agreements import Terms

# The fields that hold codes; each has the name of its section of packs.
CODES = ("purposes", "gateways", "lawful_bases", "data_items")
_TEXTS = ("title", "about", "necessity", "security", "retention", "rights", "breach")
_DAYS = ("first_day", "last_day", "review_on")


def terms_of(agreement: Agreement) -> Terms:
    """What it says. Codes are in the order of the alphabet, so that two that say the same are equal."""
    given: dict[str, Any] = {name: getattr(agreement, name) for name in (*_TEXTS, *_DAYS)}
    given |= {name: tuple(sorted(getattr(agreement, name))) for name in CODES}
    return Terms(
        **given,
        parties=tuple(sorted(party.agency.code for party in agreement.parties.select_related("agency"))),
        every_hub=agreement.every_hub,
        hubs=tuple(sorted(row.hub.code for row in agreement.hub_rows.select_related("hub"))),
        opens_hubs=agreement.opens_hubs,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """One code of an agreement with its words. `entry` is None for one that no pack knows any more."""

    code: str
    name: str
    words: str
    sources: tuple[Source, ...]
    verify: bool
    entry: InForce | None


class Section(list[Said]):
    """The codes of one kind."""

    @property
    def to_verify(self) -> str:
        """Which of them have to be checked at their origin, in one sentence; empty for none."""
        wanted = [one.name for one in self if one.verify or any(line.verify for line in one.sources)]
        if len(wanted) == len(self) > 1:
            return "All of these are taken from a secondary source: check them at their origin."
        return f"Taken from a secondary source, check at its origin: {'; '.join(wanted)}." if wanted else ""


def said(agreement: Agreement, on: date) -> Mapping[str, Section]:
    """The agreement's purposes, gateways, lawful bases and data items in words, as packs say them on that day.

    Two queries.
    """
    known = in_force.sections(agreement.partnership, CODES, on)
    citations = Citations(agreement.partnership)
    found: dict[str, Section] = {}
    for name in CODES:
        by_code = {one.code: one for one in known[name]}
        codes = getattr(agreement, name)
        order = [one.code for one in known[name] if one.code in codes]
        found[name] = Section(
            _said(code, by_code.get(code), citations)
            for code in [*order, *(c for c in codes if c not in by_code)]
        )
    return found


def _said(code: str, entry: InForce | None, citations: Citations) -> Said:
    if entry is None:
        return Said(
            code, code.replace("_", " ").capitalize(), "No pack knows this any more.", (), False, None
        )
    return Said(
        code, entry.item.name, entry.item.words, tuple(citations.lines_of(entry)), entry.verify, entry
    )


def sources_of(agreement: Agreement) -> list[Source]:
    """Where the pack's agreement comes from that this one was taken from; nothing for one written here."""
    if agreement.from_pack is None:
        return []
    return Citations(agreement.partnership).lines_of(in_force.read_version(agreement.from_pack))


def choices(partnership: Partnership, on: date) -> Mapping[str, list[tuple[str, str, str]]]:
    """What a draft may name: (code, name, words) for each of the code fields, for parties and for hubs."""
    known = in_force.sections(partnership, [*CODES, "agencies", "hubs"], on)
    offered = {name: [(one.code, one.item.name, one.item.words) for one in known[name]] for name in CODES}
    offered["parties"] = sorted(
        ((one.code, one.item.name, "") for one in known["agencies"]), key=lambda one: one[1].casefold()
    )
    offered["hubs"] = sorted(
        ((one.code, one.item.name, "") for one in known["hubs"]), key=lambda one: one[1].casefold()
    )
    return offered


def left_in_pack(partnership: Partnership, on: date) -> list[tuple[str, str]]:
    """The agreements that the partnership's pack holds and nobody has taken yet: (code, title)."""
    taken = set(Agreement.objects.filter(partnership=partnership).values_list("code", flat=True))
    return [
        (one.code, one.item.name)
        for one in in_force.entries(partnership, "agreements", on)
        if one.code not in taken
    ]


def not_reached(agreement: Agreement, on: date) -> list[str]:
    """The parties to which it opens no hub, because none of its gateways names their kind. Two queries."""
    if not agreement.opens_hubs:
        return []
    reach = reach_on(agreement.partnership, on)
    parties = agreement.parties.select_related("agency")
    return [party.agency.name for party in parties if not reach.opens(agreement, party.agency)]
