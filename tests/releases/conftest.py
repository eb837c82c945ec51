"""A small world for what leaves: one matter of Selby hub with invented people who are kept apart.

Nobody and no address here is real: postcodes of ZZ99 do not exist, numbers come from the drama range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from saferhub.foundation import clock
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Agency, Hub
from saferhub.people.models import Person
from saferhub.people.operations.parts import add_part
from saferhub.people.operations.persons import record_person
from saferhub.releases.operations.release import Leaving, Reasons, Recipient
from saferhub.releases.rules.check import Part
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Matter
from saferhub.sharing.operations.matters import open_matter


@dataclass
class World:
    """Who acts, and what there is to send."""

    cast: dict[str, Any]
    by: Actor
    matter: Matter
    people: dict[str, Person] = field(default_factory=dict)

    def person(
        self, given: str, family: str, *, matter: Matter | None = None, by: Actor | None = None
    ) -> Person:
        """A person of the matter, by her given name from then on."""
        by = by or self.by
        made = record_person(
            matter_id=(matter or self.matter).public_id,
            values={"given": given, "family": family, "name_kind": "legal"},
            by=by,
            on=by.on,
        )
        self.people[given] = made
        return made

    def give(self, owner: Person, slug: str, *, by: Actor | None = None, **values: Any) -> Any:
        by = by or self.by
        return add_part(owner=owner, slug=slug, values=values, by=by, on=by.on)

    def leaving(
        self, *parts: Part, kind: str = "document", data_items: tuple[str, ...] = (), **options: Any
    ) -> Leaving:
        return Leaving(kind, "papers", "Papers", list(parts), data_items=data_items, **options)

    def to(self, given: str, address: str = "") -> Recipient:
        person = self.people[given]
        return Recipient(person.name, record=person.public_id, address=address)

    def agency(self, code: str) -> Agency:
        return Agency.objects.get(partnership=self.matter.partnership, code=code)

    def agreement(self, code: str = "hubs_2018") -> Agreement:
        return Agreement.objects.get(partnership=self.matter.partnership, code=code)

    reasons = Reasons("reduce_asb", "court_order", "The court orders that these papers be served.")


@pytest.fixture
def as_user(cast: dict[str, Any]) -> Callable[[str], Actor]:
    """One of the cast as an actor, afresh."""
    return lambda username: actor_for(cast[username])


@pytest.fixture
def small(cast: dict[str, Any]) -> Iterator[World]:
    """One open matter of Colin's in Selby, entered as him until the test ends."""
    colin = cast["colin.coordinator"]
    with entered(colin):
        by = actor_for(colin)
        matter = open_matter(
            title="Noise and threats, an invented street",
            about="Invented for a test.",
            purpose="reduce_asb",
            by=by,
            on=clock.today(),
            hub=Hub.objects.get(partnership=by.partnership, code="selby"),
        )
        yield World(cast, by, matter)
