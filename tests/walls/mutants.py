"""Damage to either wall, one piece at a time: each must be noticed.

`found` says by what a mutant is noticed: `worlds` (what is shown differs from the rule), `introspection`
(the database differs from what is declared), or both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections

from saferhub.foundation import grants, walls
from saferhub.sharing.access import loaders, sight


@dataclass(frozen=True)
class Mutant:
    """One piece of damage: SQL run as owner, or a change of Python's own wall."""

    kind: str
    name: str
    sql: tuple[str, ...] = ()
    view: tuple[str, str, str] = ("", "", "")  # view, words, what takes their place
    loader: Any = None
    arm: str = ""
    by_worlds: bool = True
    by_introspection: bool = True


# Words of a view's stored definition, taken out or made harmless.
VIEWS = [
    ("expiry", "sight", r"i\.valid_until > \( SELECT gate\.instant\(\)[^)]*\)", "true"),
    ("beginning", "sight", r"i\.valid_from <= \( SELECT gate\.instant\(\)[^)]*\)", "true"),
    ("agreement", "sight", r"i\.agreement_id = ANY \([^\]]*\[\]\)", "true"),
    ("holder", "sight", r"i\.holder = ANY \([^\]]*\[\]\)", "true"),
    ("sensitivity", "visible_folder", r"s\.sensitivity >= f\.sensitivity", "true"),
    ("hub", "visible_folder", r"f\.hub_id = ANY \([^\]]*\[\]\)", "true"),
    ("own unit", "readable_folder", r"f\.unit_id = ANY \([^\]]*\[\]\)", "true"),
    ("the hub's alone", "readable_folder", r"\(f\.kind\)::text <> 'work'::text", "true"),
    ("ended enclosure", "enclosed", r"e\.ended_at IS NULL", "true"),
    ("enclosed is normal", "readable_folder", r"\(f\.sensitivity = 0\) AND \(EXISTS", "true AND (EXISTS"),
]


def _adds(table: str) -> bool:
    """Whether the worlds try to add a row where it should not go."""
    return "I" in grants.declared()[table].app and table not in ("people_link_decision", "sharing_search")


def all_mutants() -> list[Mutant]:
    """Every mutant we can think of."""
    found: list[Mutant] = []
    for table, wall in sorted(walls.declared().items()):
        closed = table == "sharing_pointer_hit"  # nobody may read it anyway
        for policy in wall.policies(table):
            drop = f'DROP POLICY {policy} ON "{table}"'
            found.append(
                Mutant(
                    "policy dropped",
                    f"{table}.{policy}",
                    (drop,),
                    by_worlds=policy == "app_read" and not closed,
                )
            )
            if policy.startswith("app_"):
                rest = {"app_read": "USING (true)", "app_add": "WITH CHECK (true)"}.get(
                    policy, "USING (true) WITH CHECK (true)"
                )
                command = {"app_read": "SELECT", "app_add": "INSERT", "app_change": "UPDATE"}[policy]
                found.append(
                    Mutant(
                        "policy opened",
                        f"{table}.{policy}",
                        (drop, f'CREATE POLICY {policy} ON "{table}" FOR {command} TO saferhub_app {rest}'),
                        by_worlds=(policy == "app_read" and not closed)
                        or (policy == "app_add" and _adds(table)),
                    )
                )
        found.append(
            Mutant(
                "force dropped",
                table,
                (f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',),
                by_worlds=False,
            )
        )
        found.append(
            Mutant(
                "security disabled",
                table,
                (f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',),
                by_worlds=not closed,
            )
        )
    one_folder = walls.in_folder().policies("sharing_revision")["app_read"]
    found.append(
        Mutant(
            "second folder forgotten",
            "sharing_revision.app_read",
            (
                "DROP POLICY app_read ON sharing_revision",
                f"CREATE POLICY app_read ON sharing_revision {one_folder}",
            ),
        )
    )
    found += [Mutant("gate widened", name, view=(view, old, new)) for name, view, old, new in VIEWS]
    found += [
        Mutant("loader widened", model.__name__, loader=model, by_introspection=False)
        for model in loaders.all_loaders()
    ]
    found += [
        Mutant("arm widened", arm, arm=arm, by_introspection=False)
        for arm in ("agreements", "holders", "hubs", "live", "reach")
    ]
    return found


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """Do the damage, and undo it by laying the wall again."""
    import re

    kept = dict(loaders._loaders)
    kept_sight, kept_live, kept_reach = sight._sight, sight.interests_live_on, sight.reach_on
    try:
        with connections["owner"].cursor() as cursor:
            for statement in mutant.sql:
                cursor.execute(statement)
            if mutant.view[0]:
                view, old, new = mutant.view
                cursor.execute("SELECT pg_get_viewdef(%s::regclass)", [f"gate.{view}"])
                (before,) = cursor.fetchone()
                after, times = re.subn(old, new, before)
                assert times, f"{mutant.name}: the view reads otherwise: {before}"
                cursor.execute(f"CREATE OR REPLACE VIEW gate.{view} AS {after}")
        if mutant.loader is not None:
            manager = mutant.loader._default_manager
            loaders._loaders[mutant.loader] = lambda actor: manager.all()
        if mutant.arm == "live":
            from django.db.models import Q

            sight.interests_live_on = lambda now: Q()  # type: ignore[assignment]
        elif mutant.arm == "reach":
            sight.reach_on = lambda partnership, day: _ReachesEverybody()  # type: ignore[assignment]
        elif mutant.arm:
            sight._sight = _widened(kept_sight, mutant.arm)  # type: ignore[assignment]
        yield
    finally:
        loaders._loaders.clear()
        loaders._loaders.update(kept)
        sight._sight, sight.interests_live_on, sight.reach_on = kept_sight, kept_live, kept_reach  # type: ignore[assignment]
        if mutant.sql or mutant.view[0]:
            walls.apply(connections["owner"])


class _ReachesEverybody:
    def opens(self, agreement: Any, agency: Any) -> bool:
        return bool(agreement.opens_hubs)


def _widened(kept: Any, arm: str) -> Any:
    from dataclasses import replace

    model = {"agreements": "sharing.Agreement", "holders": "partnership.Unit", "hubs": "partnership.Hub"}[arm]

    def widened(actor: Any) -> Any:
        found = kept(actor)
        everything = tuple(apps.get_model(model).objects.values_list("pk", flat=True))
        return replace(found, **{arm: everything}) if not found.is_blind else found

    return widened
