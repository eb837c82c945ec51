"""Codes of packs as pages say them: purposes and legal gateways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force


@dataclass(frozen=True)
class PackWords:
    """Purposes and gateways in force on a day, by code, in the packs' order."""

    purposes: Mapping[str, Any]
    gateways: Mapping[str, Any]

    def purpose(self, code: str) -> str:
        return _name(self.purposes, code)

    def gateway(self, code: str) -> str:
        return _name(self.gateways, code)

    def gateways_for(self, purpose: str) -> list[str]:
        """The gateways that a purpose may rest on."""
        return list(self.purposes[purpose].gateways) if purpose in self.purposes else []


def _name(items: Mapping[str, Any], code: str) -> str:
    """The name; the code in words where the packs say nothing of it any more."""
    return str(items[code].name) if code in items else code.replace("_", " ").capitalize()


def pack_words(partnership: Partnership | None, day: date) -> PackWords:
    """One query."""
    found = in_force.sections(partnership, ["purposes", "gateways"], day)
    return PackWords(
        {one.code: one.item for one in found["purposes"]}, {one.code: one.item for one in found["gateways"]}
    )
