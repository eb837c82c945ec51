"""Rows of several tables in one query.

A page that shows what lies in one folder would ask a dozen tables one after another, and each query costs more to
build and to plan than to answer. Every table keeps its own policy: what one of them would not show by itself, it
does not show here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections, models

# What JSON gives back as it was put in.
_AS_THEY_ARE = (
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.IntegerField,
    models.JSONField,
    models.ForeignKey,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of one table whose columns, named as in the database, hold these values; of a list, any of them; of None,
    nothing."""

    model: type[models.Model]
    where: Mapping[str, Any]


def rows_together(asked: Sequence[Asked], using: str = "default") -> list[list[Any]]:
    """The rows that each of these asks for, in the same order, each by number. One query, none for none.

    Fields are as the model's own manager gives them; nothing beside the row is loaded. Raises TypeError for a
    model with a kind of field that does not come back from JSON as it went in.
    """
    found: list[list[Any]] = [[] for _ in asked]
    if not asked:
        return found
    reading = [_reading(one.model) for one in asked]
    arms, values = [], []
    for place, one in enumerate(asked):
        conditions = []
        for column, value in one.where.items():
            if value is None:
                conditions.append(f't."{column}" IS NULL')
                continue
            listed = isinstance(value, list | tuple)
            conditions.append(f't."{column}" = ANY(%s)' if listed else f't."{column}" = %s')
            values.append(list(value) if listed else value)
        arms.append(
            f'SELECT {place}, t.id, to_jsonb(t)::text FROM "{one.model._meta.db_table}" t'
            f" WHERE {' AND '.join(conditions)}"
        )
    with connections[using].cursor() as cursor:
        _ask(cursor, using, " UNION ALL ".join(arms) + " ORDER BY 1, 2", values)
        for place, _, told in cursor.fetchall():
            names, reads = reading[place]
            row = json.loads(told)
            found[place].append(asked[place].model.from_db(using, names, [read(row) for read in reads]))
    return found


# By connection: the statements that the database has planned for it, and the name of each.
_PLANNED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_MOST_PLANNED = 50


def _ask(cursor: Any, using: str, statement: str, values: Sequence[Any]) -> None:
    """Execute the statement, planned once for this connection.

    With policies on a dozen tables planning takes five times as long as answering. A plan is kept, the policies are
    asked anew each time; one that serves all values suits, for every arm goes along an index to few rows.
    """
    planned = _PLANNED.setdefault(connections[using].connection, {})
    if statement not in planned:
        if len(planned) >= _MOST_PLANNED:
            cursor.execute(statement, values)
            return
        name = f"rows_together_{len(planned)}"
        places = tuple(f"${number}" for number in range(1, len(values) + 1))
        cursor.execute(f"PREPARE {name} AS {statement % places}")
        planned[statement] = name
    filled = ", ".join(["%s"] * len(values))
    cursor.execute(
        "SET LOCAL plan_cache_mode = force_generic_plan;"
        f" EXECUTE {planned[statement]} ({filled});"
        " SET LOCAL plan_cache_mode = auto",
        values,
    )
    cursor.nextset()


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], list[Callable[[dict[str, Any]], Any]]]:
    """The names of a model's fields, and how each is read from a row."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [_reader(field) for field in fields]


def _reader(field: Any) -> Callable[[dict[str, Any]], Any]:
    column = field.column
    kind = field.output_field if isinstance(field, models.GeneratedField) else field
    if isinstance(kind, models.DateTimeField):
        return lambda row: None if row[column] is None else datetime.fromisoformat(row[column])
    if isinstance(kind, models.DateField):
        return lambda row: None if row[column] is None else date.fromisoformat(row[column])
    if isinstance(kind, _AS_THEY_ARE) and getattr(kind, "decoder", None) is None:
        return lambda row: row[column]
    raise TypeError(f"{field} does not come back from JSON as it went in")
