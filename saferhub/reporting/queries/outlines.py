"""The outline of a report: its sections in order, as the packs of a day have them.

A section whose provider tells of one area and that names none becomes a section for each area of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce

from .plan_facts import areas_on

EACH_AREA = ("area", "area_plan")


@dataclass(frozen=True, slots=True)
class Planned:
    """A section that an outline plans."""

    code: str
    heading: str
    provider: str
    priority: str
    words: tuple[str, ...]


def outlines_on(partnership: Partnership, kind: str, day: date) -> list[InForce]:
    """The outlines for a kind of report, the partnership's own first."""
    found = [one for one in in_force.entries(partnership, "report_outlines", day) if one.item.kind == kind]
    return sorted(found, key=lambda one: one.is_national)


def outline_on(partnership: Partnership, code: str, day: date) -> InForce | None:
    """An outline by its code; None where there is none on the day."""
    return in_force.entry(partnership, "report_outlines", code, day)


def planned(partnership: Partnership, outline: InForce, day: date) -> list[Planned]:
    """Its sections, one for each area where it says so."""
    made: list[Planned] = []
    for one in outline.item.sections:
        words = tuple(one.words)
        if one.provider in EACH_AREA and one.priority is None:
            made += [
                Planned(f"{one.id}_{area.code}"[:80], area.name, one.provider, area.code, words)
                for area in areas_on(partnership, day)
                if not _told_elsewhere(outline, area.code)
            ]
        else:
            made.append(Planned(one.id, one.heading, one.provider or "", one.priority or "", words))
    return made


def _told_elsewhere(outline: InForce, area: str) -> bool:
    return any(one.priority == area for one in outline.item.sections)


def outlines_for(partnership: Partnership, day: date) -> list[InForce]:
    """Every outline from which a report can be begun, the partnership's own first."""
    return sorted(
        in_force.entries(partnership, "report_outlines", day), key=lambda one: (one.is_national, one.code)
    )
