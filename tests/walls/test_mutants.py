"""Damage to either wall turns the suite red: one mutant of each kind here, all of them in the benchmark."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saferhub.foundation import walls

from . import mutants, worlds

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "owner", "steward"])
SEED = 2018
ALL = os.environ.get("SAFERHUB_ALL_MUTANTS") == "1"
# Most mutants show in the first few; some need a rare meeting, so all of them get more worlds to show in.
FIXED_WORLDS = 1_000 if ALL else 250


def chosen() -> list[mutants.Mutant]:
    """All mutants when asked for, else one of each kind, the same at every run."""
    everything = mutants.all_mutants()
    if ALL:
        return everything
    kinds: dict[str, list[mutants.Mutant]] = {}
    for mutant in everything:
        kinds.setdefault(mutant.kind, []).append(mutant)
    # Those that only introspection notices are told apart from those that show too much.
    pick = random.Random(SEED)
    found = []
    for group in kinds.values():
        shown = [m for m in group if m.by_worlds] or group
        found.append(shown[0] if len(shown) == 1 else pick.choice(shown))
    found.append(
        pick.choice([m for m in everything if m.kind == "policy opened" and m.name.endswith(".app_add")])
    )
    return found


@pytest.fixture
def ground(world: None, transactional_db: None) -> Iterator[worlds.Ground]:
    yield worlds.ground()


def _free_the_owner() -> None:
    with connections["owner"].cursor() as cursor:
        for table in walls.declared():
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')


def fixed_worlds(ground: worlds.Ground) -> list[dict[str, Any]]:
    """The same worlds at every run."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=FIXED_WORLDS, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(data=st.data())
    def collect(data: Any) -> None:
        found.append(data.draw(worlds.worlds(ground)))

    collect()
    # The fuller ones first: they notice more.
    return sorted(found, key=lambda drawn: -len(drawn["interests"]) - len(drawn["enclosures"]))


def test_introspection_finds_nothing_in_a_wall_as_it_was_laid(ground: worlds.Ground) -> None:
    assert walls.problems(connections["owner"]) == []


def test_every_mutant_is_noticed(ground: worlds.Ground) -> None:
    drawn_worlds = fixed_worlds(ground)
    survived: list[str] = []
    for mutant in chosen():
        if mutant.by_introspection:
            with mutants.applied(mutant):
                if not walls.problems(connections["owner"]):
                    survived.append(f"{mutant.kind}: {mutant.name} passes introspection")
    _free_the_owner()
    for mutant in chosen():
        if mutant.by_worlds and not _is_noticed(mutant, ground, drawn_worlds):
            survived.append(f"{mutant.kind}: {mutant.name} shows nothing in {len(drawn_worlds)} worlds")
    assert not survived, "\n".join(survived)


def _is_noticed(mutant: mutants.Mutant, ground: worlds.Ground, drawn_worlds: list[dict[str, Any]]) -> bool:
    with mutants.applied(mutant):
        _free_the_owner()
        writes = mutant.name.endswith(".app_add")
        return any(
            worlds.differences(ground, drawn, worlds.write(ground, drawn), together=writes)
            for drawn in (_all_ended(drawn_worlds) if mutant.name == "ended enclosure" else drawn_worlds)
        )


def _all_ended(drawn_worlds: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same worlds, every enclosure ended: one among few that is, and is the only way to a record, is too rare."""
    for drawn in drawn_worlds:
        yield {**drawn, "enclosures": [{**one, "ended": True} for one in drawn["enclosures"]]}
