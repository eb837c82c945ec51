"""Both walls show the same, and what the rule says: over random worlds that hold every protected model.

If this fails after you added a protected model: give it a wall (its app's walls.py) and a loader
(`register_loaders`). If it fails for a rule you changed, change it in three places: `sharing/access`,
`sharing/sql/gate.sql`, and the plain statement in worlds.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saferhub.foundation import walls
from saferhub.partnership.access import actor_for
from saferhub.people.access import standing_decisions_on
from saferhub.sharing.access.loaders import all_loaders
from saferhub.sharing.access.sight import folders_visible_to, readable_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure, Folder, PointerHit

from . import worlds

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "owner", "steward"])
WORLDS = 200


@pytest.fixture
def ground(world: None, transactional_db: None) -> worlds.Ground:
    """The demonstration's partnerships in a database of this test's own, its owner freed from the walls."""
    with connections["owner"].cursor() as cursor:
        for table in walls.declared():
            # The owner alone: row-level security binds the other roles as before.
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    return worlds.ground()


def test_the_application_signs_in_as_a_role_that_the_wall_binds(ground: worlds.Ground) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, session_user = current_user,"
            " EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid),"
            " EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("saferhub_app", False, False, True, False, False)


def test_every_protected_model_has_a_loader() -> None:
    tables = {model._meta.db_table for model in all_loaders()}
    assert sorted(tables) == sorted(set(walls.declared()) - {PointerHit._meta.db_table})


def test_every_search_function_is_asked() -> None:
    from saferhub.casework.access.words import SEARCHED
    from saferhub.people.access.search import SEARCHES

    queries = (*worlds.SEARCHES.values(), *worlds.LISTS.values())
    asked = {query.split("(")[0].split(" ")[-1] for query in queries}
    assert {function for function, _, _ in SEARCHES} | {"gate.find_written"} == asked
    assert {model.__name__ for model in SEARCHED} == {
        model for model, query in worlds.SEARCHES.items() if "find_written" in query
    }


def test_decisions_found_by_number_are_those_that_the_rule_shows_with_either_wall_alone(
    ground: worlds.Ground,
) -> None:
    seen = 0

    @settings(
        max_examples=15, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def holds(data: Any) -> None:
        nonlocal seen
        drawn = data.draw(worlds.worlds(ground))
        ids = worlds.write(ground, drawn)
        persons = [row.pk for row in ids["rows"]["Person"].values()]
        for number, user in enumerate(ground.users):
            wanted = worlds.truth(ground, drawn, ids, number)["LinkDecision"]
            with entered(user):
                found = {one.pk for one in standing_decisions_on(actor_for(user), persons)}
            assert found == wanted
            seen += len(found)

    holds()
    with connections["owner"].cursor() as cursor:
        for table in walls.declared():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    try:
        holds()
    finally:
        walls.apply(connections["owner"])
    assert seen


def test_what_a_folders_own_row_answers_is_what_the_rule_says_without_the_second_wall(
    ground: worlds.Ground,
) -> None:
    told = hidden = 0

    @settings(
        max_examples=15, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def holds(data: Any) -> None:
        nonlocal told, hidden
        drawn = data.draw(worlds.worlds(ground))
        ids = worlds.write(ground, drawn)
        written = {ids["folders"][number] for number, _ in enumerate(drawn["folders"])}
        for number, user in enumerate(ground.users):
            wanted = worlds.truth(ground, drawn, ids, number)["Folder"]
            with entered(user):
                by, folders = actor_for(user), list(Folder.objects.filter(pk__in=written))
                around = Enclosure.objects.filter(ended_at__isnull=True, outer__in=folders_visible_to(by))
                inside = list(around.values_list("inner", flat=True))
                assert {one.pk for one in readable_of(by, folders)} == wanted
                assert {one.pk for one in readable_of(by, folders, inside=inside)} == wanted
            assert len(folders) == len(written)
            told, hidden = told + len(wanted), hidden + len(written) - len(wanted)

    with connections["owner"].cursor() as cursor:
        for table in walls.declared():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    try:
        holds()
    finally:
        walls.apply(connections["owner"])
    assert told
    assert hidden


def test_both_walls_show_what_the_rule_says(ground: worlds.Ground) -> None:
    tried = 0
    seen = 0

    @settings(
        max_examples=WORLDS, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def holds(data: Any) -> None:
        nonlocal tried, seen
        drawn = data.draw(worlds.worlds(ground))
        ids = worlds.write(ground, drawn)
        assert worlds.differences(ground, drawn, ids, together=tried % 20 == 0) == []
        tried += 1
        seen += sum(len(worlds.truth(ground, drawn, ids, n)["Folder"]) for n in range(worlds.USERS))

    holds()
    assert tried >= WORLDS
    # Worlds in which nobody sees anything would prove nothing.
    assert seen > WORLDS
