"""Rows on their way into tables by COPY: in order, with numbers and identifiers of their own.

Only the owner may copy into protected tables, and only in a demonstration (see `loading`). Rows are made and put into
words by one thread while another sends what came before; only the second speaks to the owner's connection.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any

from django.db import connections, models

from saferhub.audit import copied as audit
from saferhub.foundation.ids import ALPHABET

_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})

Row = dict[str, Any]
# A statement, and what is sent after it.
Sending = tuple[str, str]


class Shape:
    """The columns of a table that a writer fills, and what they hold unless it says otherwise."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = [one for one in model._meta.concrete_fields if not one.generated]
        self.model = model
        self.table = model._meta.db_table
        self.kind = model._meta.label_lower
        self.columns = [str(one.column) for one in fields]
        self.names = [str(one.attname) for one in fields]
        self.has_public_id = "public_id" in self.names
        self.fresh = {
            one.attname: one.default
            for one in fields
            if one.has_default() and callable(one.default) and one.attname != "public_id"
        }
        self.now = [one.attname for one in fields if getattr(one, "auto_now_add", False)]
        self.usual = {
            one.attname: None if one.null and not one.has_default() else one.get_default()
            for one in fields
            if one.attname not in self.fresh and one.attname != "public_id"
        }


@cache
def shape_of(model: type[models.Model]) -> Shape:
    return Shape(model)


class Tables:
    """Rows that wait, table by table, until they are written all at once."""

    def __init__(self, seed: int, order: Sequence[type[models.Model]], using: str = "owner") -> None:
        """`order`: every table that is filled, each after those that it refers to. They are locked until the
        transaction ends, so that numbers can be given out here."""
        self._chance = random.Random(f"identifiers:{seed}")
        self._shapes = {model: shape_of(model) for model in order}
        self._rows: dict[type[models.Model], list[Row]] = {model: [] for model in order}
        self._entries: list[tuple[Any, ...]] = []
        self._connection = connections[using].connection
        self.names = [shape.table for shape in self._shapes.values()] + [audit.TABLE]
        with self._connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(self.names)} IN SHARE ROW EXCLUSIVE MODE")
            first = {table: _next(cursor, table) for table in self.names}
        self._first = first
        self._numbers = {model: count(first[shape.table]) for model, shape in self._shapes.items()}
        self._entry_numbers = count(first[audit.TABLE])
        self.now: datetime | None = None

    def public_id(self) -> str:
        """Sixteen characters, the same at each run with one seed."""
        bits = self._chance.getrandbits(80)
        return "".join([_PAIRS[(bits >> shift) & 1023] for shift in range(0, 80, 10)])

    def reference(self, prefix: str) -> str:
        """A reference with two characters more than people's, so that many of them never clash."""
        bits = self._chance.getrandbits(40)
        tail = "".join([_PAIRS[(bits >> shift) & 1023] for shift in range(0, 40, 10)])
        return f"{prefix}-{tail[:4]}-{tail[4:]}"

    def add(self, model: type[models.Model], **values: Any) -> Row:
        """A row of this table. It may be changed until it is written."""
        shape = self._shapes[model]
        row: Row = {**shape.usual, **values}
        for name, make in shape.fresh.items():
            if name not in values:
                row[name] = make()
        for name in shape.now:
            row[name] = self.now
        row["id"] = next(self._numbers[model])
        if shape.has_public_id:
            row["public_id"] = self.public_id()
        self._rows[model].append(row)
        return row

    def record(
        self, event: str, subject: tuple[str, str], *, actor: str, agency: str, partnership: str,
        purpose: str, codes: Row,
    ) -> None:  # fmt: skip
        """An entry of the audit for a change."""
        self._entries.append((event, actor, agency, partnership, *subject, purpose, codes))

    def in_words(self, entries: audit.Completing) -> tuple[int, list[Sending]]:
        """What waits, as it is sent, in the order of tables; and how many rows that is. Nothing waits afterwards."""
        found: list[Sending] = []
        total = len(self._entries)
        for model, rows in self._rows.items():
            if rows:
                total += len(rows)
                shape, words = self._shapes[model], _WORDS
                names = shape.names
                lines = ["\t".join([words[type(row[name])](row[name]) for name in names]) for row in rows]
                found.append((_copy(shape.table, shape.columns), "\n".join(lines) + "\n"))
                self._rows[model] = []
        if self._entries:
            lines = [entries.line(next(self._entry_numbers), *entry) for entry in self._entries]
            found.append((_copy(audit.TABLE, audit.COLUMNS), "\n".join(lines) + "\n"))
            self._entries = []
        return total, found

    def send(self, sendings: Sequence[Sending]) -> None:
        """Write what was put into words."""
        with self._connection.cursor() as cursor:
            for statement, said in sendings:
                with cursor.copy(statement) as copy:
                    copy.write(said)

    def finish(self) -> None:
        """Let each table's own numbers go on after those that were given out."""
        numbers = [*self._numbers.values(), self._entry_numbers]
        with self._connection.cursor() as cursor:
            for table, given in zip(self.names, numbers, strict=True):
                last = next(given) - 1
                if last >= self._first[table]:
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])


def _next(cursor: Any, table: str) -> int:
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
    return int(cursor.fetchone()[0])


def _copy(table: str, columns: Sequence[str]) -> str:
    listed = ", ".join(f'"{one}"' for one in columns)
    return f'COPY "{table}" ({listed}) FROM STDIN'


def _text(value: str) -> str:
    # Most texts hold nothing of the kind, and looking four times is quicker than going through each.
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(_ESCAPES)
    return value


def _json(value: Any) -> str:
    return _text(json.dumps(value))


class _Words(dict[type, Callable[[Any], str]]):
    """How a value of each type is written for COPY."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        # A choice is a text or a number of a type of its own.
        for known in (str, int, datetime, date, dict, list, tuple):
            if issubclass(kind, known):
                self[kind] = write = (lambda value: _text(str(value))) if known in (str, int) else self[known]
                return write
        raise TypeError(f"COPY has no words for {kind.__name__}")


_WORDS = _Words({
    type(None): lambda value: "\\N", str: _text, int: str, bool: lambda value: "t" if value else "f",
    date: cache(date.isoformat), datetime: cache(datetime.isoformat), dict: _json, list: _json, tuple: _json,
})  # fmt: skip
