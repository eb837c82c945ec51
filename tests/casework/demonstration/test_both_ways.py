"""One hub, made by operations and by COPY: both must leave the same rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from saferhub.casework.demonstration import acting, loading, steps, world
from saferhub.casework.demonstration.facts import Facts, gather
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = world.Staff(
    hub="selby",
    town="Selby",
    coordinator="hub",
    referrers=("housing",),
    contributors=("housing", "health", "victims"),
)
# What differs by nature: numbers, random identifiers and references, real and business times.
_LEFT_OUT = {"id", "public_id", "reference", "row_hash", "xid", "era", "database_role", "request"}


def _facts(cast: dict[str, Any]) -> Facts:
    users = {
        "hub": cast["colin.coordinator"],
        "housing": cast["rachel.referrer"],
        "health": cast["priya.partner"],
        "victims": cast["victor.voluntary"],
    }
    return gather(cast["maya.manager"], users, [STAFF], clock.today())


def _stories(facts: Facts) -> list[steps.Story]:
    """As few short stories of one hub as hold a step of every kind, none before the agreements."""
    drawn = [
        _opened_again(story, facts)
        for story in world.plan(
            staff=[STAFF], form=facts.planned_form(), until=facts.day, seed=5, months=5, adoptions=25,
            since=date(2018, 4, 9),
        )
        if len(story.steps) < 45
    ]  # fmt: skip
    chosen, wanted = [], set().union(*(_kinds(story) for story in drawn))
    assert {one for one, _ in wanted} == {one.__name__ for one in acting._DO}
    while wanted:
        best = max(drawn, key=lambda story: len(_kinds(story) & wanted) / (5 + len(story.steps)))
        chosen.append(best)
        wanted -= _kinds(best)
    return chosen


def _opened_again(story: steps.Story, facts: Facts) -> steps.Story:
    """The story with its case opened again at the end, which five months seldom bring."""
    if not any(isinstance(step, steps.Close) for step in story.steps):
        return story
    again = steps.Reopen(facts.day, "hub", "It has begun again.", facts.day + timedelta(days=28))
    return replace(story, steps=(*(s for s in story.steps if not isinstance(s, steps.Reopen)), again))


def _kinds(story: steps.Story) -> set[tuple[str, str]]:
    """What a story holds, and whether it is of a case yet."""
    found, case = set(), ""
    for step in story.steps:
        case = "case" if isinstance(step, steps.Adopt) else case
        found.add((type(step).__name__, _more(step, case)))
    return found


def _more(step: steps.Step, stage: str) -> str:
    match step:
        case steps.Decide():
            return step.kind
        case steps.Score() | steps.Count():
            return stage
        case steps.Write() | steps.Use():
            return "with somebody" if step.person else ""
    return ""


def _tables() -> list[str]:
    return [model._meta.db_table for model in loading.ORDER] + ["audit_entry"]


def _highest() -> dict[str, int]:
    found = {}
    with connections["steward"].cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def _written(after: dict[str, int], until: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, in their order, with everything that is random named by its table and place."""
    rows: dict[str, list[dict[str, Any]]] = {}
    names: dict[str, str] = {}
    places: dict[str, dict[int, str]] = {}
    with connections["steward"].cursor() as cursor:
        for table in _tables():
            between = [after[table], until[table]]
            cursor.execute(f'SELECT * FROM "{table}" WHERE id > %s AND id <= %s ORDER BY id', between)
            columns = [column.name for column in cursor.description]
            rows[table] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            places[table] = {row["id"]: f"{table} {place}" for place, row in enumerate(rows[table])}
            names |= {
                row["public_id"]: f"{table} {place}"
                for place, row in enumerate(rows[table])
                if "public_id" in row
            }
    refers = {
        (model._meta.db_table, field.column): field.related_model._meta.db_table
        for model in loading.ORDER
        for field in model._meta.concrete_fields
        if field.related_model is not None
    }
    return {
        table: [_plain(table, row, names, places, refers) for row in found] for table, found in rows.items()
    }


def _plain(
    table: str, row: dict[str, Any], names: dict[str, str], places: dict[str, dict[int, str]],
    refers: dict[tuple[str, str], str],
) -> dict[str, Any]:  # fmt: skip
    found = {}
    for column, value in row.items():
        if column in _LEFT_OUT or hasattr(value, "hour"):
            continue
        target = refers.get((table, column))
        if target is not None and value in places.get(target, {}):
            value = places[target][value]
        if isinstance(value, str) and value[:1] in ("[", "{"):
            value = json.loads(value)
        text = json.dumps(value, default=str, sort_keys=True)
        found[column] = re.sub(r"[0-9A-Z]{16}", lambda match: names.get(match[0], match[0]), text)
    return found


def _laid() -> list[tuple[str, ...]]:
    """What PostgreSQL says of every constraint, index and trigger."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
            " UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            # References have triggers of their own, two on each side, whose names are numbers.
            " UNION ALL SELECT tgrelid::regclass::text, tgfoid::regproc::text, tgenabled::text || count(*)::text"
            " FROM pg_trigger GROUP BY 1, 2, tgenabled ORDER BY 1, 2, 3"
        )
        return list(cursor.fetchall())


def _differences(one: dict[str, Any], other: dict[str, Any]) -> Iterable[str]:
    for table in _tables():
        ours, theirs = one[table], other[table]
        if table == "sharing_revision":
            # Of which record the first version is kept first says nothing; within each record the numbers do.
            ours, theirs = (
                sorted(rows, key=lambda row: (row["subject"], row["number"])) for rows in (ours, theirs)
            )
        if len(ours) != len(theirs):
            yield f"{table}: {len(ours)} by operations, {len(theirs)} by COPY"
        for place, (row, copied) in enumerate(zip(ours, theirs, strict=False)):
            wrong = {name: (row[name], copied[name]) for name in row if row[name] != copied.get(name)}
            if wrong:
                yield f"{table} {place}: {wrong}"


def test_operations_and_the_loader_leave_the_same_rows(cast: dict[str, Any]) -> None:
    facts = _facts(cast)
    stories = _stories(facts)
    start = _highest()
    for story in stories:
        acting.act(story, facts)
    acted, laid = _highest(), _laid()
    loading.load(stories, facts, seed=1, say=lambda words: None)
    done = _highest()
    differences = list(_differences(_written(start, acted), _written(acted, done)))
    assert differences == []
    assert _laid() == laid and len(laid) > 1000
    call_command("verify_audit", verbosity=0)


def test_nothing_is_loaded_outside_a_demonstration(cast: dict[str, Any]) -> None:
    facts = _facts(cast)
    before = _highest()
    with override_settings(DEMONSTRATION=False), pytest.raises(Refusal, match="Only a demonstration"):
        loading.load(_stories(facts), facts, seed=1, say=lambda words: None)
    assert _highest() == before


@pytest.mark.parametrize("broken", [ZeroDivisionError, KeyboardInterrupt])
def test_a_load_that_is_broken_off_leaves_no_row_and_no_truth(
    cast: dict[str, Any], tmp_path: Any, monkeypatch: Any, broken: type[BaseException]
) -> None:
    facts = _facts(cast)
    before, laid = _highest(), _laid()
    said: list[str] = []
    monkeypatch.setattr(loading, "_BATCH", 1)  # so that some of it was sent

    def stories() -> Iterable[steps.Story]:
        yield from _stories(facts)[:3]
        raise broken

    with pytest.raises(broken):
        loading.load(stories(), facts, seed=1, say=said.append, truth=tmp_path / "truth.json")
    assert _written(before, _highest()) == {table: [] for table in _tables()}
    assert list(tmp_path.iterdir()) == [] and _laid() == laid
    assert any("nothing of this history was kept" in one for one in said) == (broken is KeyboardInterrupt)
