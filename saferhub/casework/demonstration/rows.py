"""Rows on their way into tables by COPY: in order, with numbers and identifiers of their own.

Only the owner may copy into protected tables, and only in a demonstration (see `loading`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connections, models

from saferhub.audit.models import Entry
from saferhub.foundation.ids import ALPHABET

_BLOCK = 4_000
_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_ENTRY = (
    "kind", "event", "actor", "agency", "partnership", "subject_kind", "subject", "purpose", "request", "codes",
)  # fmt: skip

Row = dict[str, Any]


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

    def __init__(self, seed: int, using: str = "owner") -> None:
        self._using = using
        self._chance = random.Random(f"identifiers:{seed}")
        self._rows: dict[type[models.Model], list[Row]] = {}
        self._entries: list[tuple[Any, ...]] = []
        self._numbers: dict[type[models.Model], Iterator[int]] = {}
        self.now: datetime | None = None
        self.written = 0

    def public_id(self) -> str:
        """Sixteen characters, the same at each run with one seed."""
        bits = self._chance.getrandbits(80)
        return "".join(_PAIRS[(bits >> shift) & 1023] for shift in range(0, 80, 10))

    def reference(self, prefix: str) -> str:
        """A reference with two characters more than people's, so that many of them never clash."""
        bits = self._chance.getrandbits(40)
        tail = "".join(_PAIRS[(bits >> shift) & 1023] for shift in range(0, 40, 10))
        return f"{prefix}-{tail[:4]}-{tail[4:]}"

    def add(self, model: type[models.Model], **values: Any) -> Row:
        """A row of this table. It may be changed until it is written."""
        shape = shape_of(model)
        row: Row = {**shape.usual, **values}
        for name, make in shape.fresh.items():
            if name not in values:
                row[name] = make()
        for name in shape.now:
            row[name] = self.now
        row["id"] = self._number(model)
        if shape.has_public_id:
            row["public_id"] = self.public_id()
        self._rows.setdefault(model, []).append(row)
        return row

    def record(
        self, event: str, subject: tuple[str, str], *, actor: str, agency: str, partnership: str,
        purpose: str, codes: Row,
    ) -> None:  # fmt: skip
        """An entry of the audit for a change; the database completes it as it does everybody's."""
        self._entries.append(
            ("write", event, actor, agency, partnership, subject[0], subject[1], purpose, "", codes)
        )

    def _number(self, model: type[models.Model]) -> int:
        numbers = self._numbers.get(model)
        if numbers is None:
            numbers = self._numbers[model] = self._blocks(shape_of(model).table)
        return next(numbers)

    def _blocks(self, table: str) -> Iterator[int]:
        """Numbers of the table's own sequence, fetched many at a time, so that nobody else gets them."""
        while True:
            with connections[self._using].cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [table, _BLOCK],
                )
                found = [number for (number,) in cursor.fetchall()]
            yield from found

    def write(self, order: Sequence[type[models.Model]]) -> int:
        """Write what waits, in this order of tables. Returns how many rows."""
        count = 0
        left = set(self._rows) - set(order)
        if left:
            raise ValueError(f"tables without a place in the order: {sorted(one.__name__ for one in left)}")
        with connections[self._using].cursor() as cursor:
            for model in order:
                rows = self._rows.pop(model, [])
                if rows:
                    shape = shape_of(model)
                    names = shape.names
                    self._copy(
                        cursor, shape.table, shape.columns, ([row[name] for name in names] for row in rows)
                    )
                    count += len(rows)
            if self._entries:
                self._copy(cursor, Entry._meta.db_table, _ENTRY, self._entries)
                count += len(self._entries)
                self._entries = []
        self.written += count
        return count

    def _copy(self, cursor: Any, table: str, columns: Sequence[str], rows: Any) -> None:
        listed = ", ".join(f'"{one}"' for one in columns)
        waiting: list[str] = []
        with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
            for row in rows:
                waiting.append("\t".join(map(_text, row)))
                if len(waiting) == 500:
                    copy.write("\n".join(waiting) + "\n")
                    waiting = []
            if waiting:
                copy.write("\n".join(waiting) + "\n")


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is bool:
        return "t" if value else "f"
    if isinstance(value, str):
        return str(value).translate(_ESCAPES)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value).translate(_ESCAPES)
    return str(value).translate(_ESCAPES)
