"""Who is named on an item, and what staff who visit must know: read first, before a visit is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saferhub.partnership.access import Actor
from saferhub.people import access as people_access
from saferhub.people.models import Person
from saferhub.people.queries.links import standing_around
from saferhub.people.queries.person_page import is_current
from saferhub.people.queries.protecting import RISK
from saferhub.people.queries.words import pack_words
from saferhub.people.rules import links as link_rules

from .agenda_item import InItem


@dataclass(frozen=True, slots=True)
class StaffWarning:
    """A risk to staff. `is_named_here`: it stands in a record that the item names, so that the whole table may read
    it; else in one that the reader sees linked to it."""

    name: str
    kind: str
    words: str
    instruction: str
    is_named_here: bool


def warnings_of(actor: Actor, named: Sequence[InItem]) -> list[StaffWarning]:
    """The risks to staff of those named on an item, the gravest first. Nothing is asked where no tag tells of one, else
    three queries."""
    if not any(RISK in one.tags for one in named):
        return []
    standing = standing_around(actor, [one.person.pk for one in named])
    whose: dict[int, Person] = {}
    for one in named:
        for record in link_rules.identity(one.person.pk, standing):
            whose.setdefault(record, one.person)
    here = {one.person.pk for one in named}
    words = pack_words(actor)
    rows = [
        risk
        for risk in people_access.staff_risks_visible_to(actor).filter(person__in=list(whose))
        if is_current(risk, actor.on)
    ]
    rows.sort(key=lambda risk: (words.severity(risk.kind), whose[risk.person_id].name, risk.pk))
    found = []
    for risk in rows:
        item = words.item("staff_risks", risk.kind)
        found.append(
            StaffWarning(
                name=whose[risk.person_id].name,
                kind=words.name("staff_risks", risk.kind),
                words=risk.words,
                instruction=risk.instruction or (str(item.instruction) if item is not None else ""),
                is_named_here=risk.person_id in here,
            )
        )
    return found
