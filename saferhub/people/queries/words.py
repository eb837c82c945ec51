"""Names for the codes of the packs, read once for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people.rules import risks

SECTIONS = (
    "name_kinds",
    "identifier_kinds",
    "relationship_kinds",
    "address_kinds",
    "place_kinds",
    "contact_kinds",
    "equality_characteristics",
    "communication_needs",
    "staff_risks",
    "safe_contact_never",
    "purposes",
)


@dataclass(frozen=True, slots=True)
class PackWords:
    """What the packs call things on the reader's day."""

    items: dict[str, dict[str, Any]]

    def name(self, section: str, code: str) -> str:
        """The name of a code; the code itself where no pack in force knows it any more."""
        item = self.items.get(section, {}).get(code)
        return str(item.name) if item is not None else code.replace("_", " ").capitalize()

    def item(self, section: str, code: str) -> Any:
        return self.items.get(section, {}).get(code)

    def choices(self, section: str) -> list[tuple[str, str]]:
        return [(code, str(item.name)) for code, item in self.items.get(section, {}).items()]

    def between(self, kind: str) -> str:
        """A relationship as it stands between two names: "is a parent of"."""
        item = self.item("relationship_kinds", kind)
        return str(item.words) if item is not None else f"is recorded as {kind.replace('_', ' ')} of"

    def severity(self, kind: str) -> tuple[int, int]:
        """Where a risk to staff stands among others, the gravest first."""
        return risks.severity(kind, self.items.get("staff_risks", {}))

    def answer(self, characteristic: str, code: str) -> str:
        item = self.item("equality_characteristics", characteristic)
        found = {one.id: one.name for one in item.answers} if item is not None else {}
        return str(found.get(code, code.replace("_", " ").capitalize()))


def pack_words(actor: Actor) -> PackWords:
    """The words of every section on people and places. One query."""
    found = in_force.sections(actor.partnership, SECTIONS, actor.on)
    return PackWords({section: {one.code: one.item for one in rows} for section, rows in found.items()})
