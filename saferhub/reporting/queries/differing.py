"""Which figures of a frozen version would be others today: its rows were corrected, a figure was entered anew, a pack
put right. What is frozen stays; this only says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saferhub.reporting.models import ReportVersion
from saferhub.reporting.rules.composing import RELEASE, key_of
from saferhub.reporting.sections import Fact

from .putting_together import proposed_for, sections_of

# What a figure says of how it stood in the document or in the tables, and not of what it is.
_OF_THE_VERSION = frozenset({"shown", "label", "withheld", "observation", "as_of", "packs"})
ANOTHER = "another number, which is not shown"
NONE = "no figure any more"


@dataclass(frozen=True, slots=True)
class Differing:
    """A figure that would be another one today. `now`: as it would be written, where that may be shown."""

    key: str
    label: str
    shown: str
    now: str


def differing(version: ReportVersion) -> list[Differing]:
    """The figures of a version that would differ today, in its order. As many queries as its sections ask."""
    stored = {key: one for key, one in version.figures.items() if key != RELEASE}
    if not stored:
        return []
    now: dict[str, Fact] = {}
    report = version.report
    for section in sections_of(report):
        if section.provider and any(key.startswith(f"{section.code}.") for key in stored):
            facts = proposed_for(section, report).facts
            now |= {key_of(section.code, mark): fact for mark, fact in facts.items()}
    found = []
    for key, one in stored.items():
        fact = now.get(key)
        if fact is None:
            found.append(Differing(key, one.get("label", ""), one.get("shown", ""), NONE))
        elif _said(fact.provenance) != _said(one):
            hidden = one.get("withheld") or fact.held is not None or fact.rests_on
            found.append(
                Differing(
                    key,
                    fact.label or one.get("label", ""),
                    one.get("shown", ""),
                    ANOTHER if hidden else fact.text,
                )
            )
    return found


def _said(provenance: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in provenance.items() if name not in _OF_THE_VERSION}
