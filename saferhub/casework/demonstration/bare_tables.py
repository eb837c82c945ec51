"""Tables without their indexes and references for as long as they are filled, as the owner, in one transaction.

Row by row, keeping indexes and asking for each reference takes most of a load's time; at the end all rows are put in
order, and every reference is checked, at once. What is taken away is put back from PostgreSQL's own words for it, so
it is the same as before; what cannot be put back, because a row breaks it, takes the whole load back with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections

_MEMORY = "256MB"  # for each sorting; the server adds as much for a worker beside it
_SAYS_AFTER = 15.0

# References among the tables. Those to other tables stay and are asked row by row: to take one away would lock the
# other table, which the load itself still reads by another connection.
_REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype = 'f' AND conrelid = ANY (%(tables)s::regclass[]) AND confrelid = ANY (%(tables)s::regclass[])
 ORDER BY conrelid::regclass::text, conname
"""
# All indexes but those of primary keys, those that other tables' references rest on, and those of few rows: what
# PostgreSQL says of a condition it says in other words once that was read again.
_INDEXES = """
SELECT i.indrelid::regclass::text, quote_ident(c.relname), coalesce(quote_ident(k.conname), ''),
       coalesce(pg_get_constraintdef(k.oid), pg_get_indexdef(i.indexrelid))
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('u', 'x')
 WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND NOT i.indisprimary AND i.indpred IS NULL
   AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid
                      AND f.conrelid <> ALL (%(tables)s::regclass[]))
 ORDER BY i.indrelid::regclass::text, c.relname
"""


@contextmanager
def bare(tables: Sequence[str], say: Callable[[str], None], using: str = "owner") -> Iterator[None]:
    """Fill these tables without what makes each row dear. Nobody else reads or writes them meanwhile."""
    with connections[using].cursor() as cursor:
        values = {"tables": [f'"{table}"' for table in tables]}
        cursor.execute(_REFERENCES, values)
        references = cursor.fetchall()
        for table, name, _ in references:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(_INDEXES, values)
        indexes = cursor.fetchall()
        for table, index, constraint, _ in indexes:
            cursor.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}"
            )
        yield
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
        back = [_index_back(*one) for one in indexes]
        back += [f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}" for table, name, said in references]
        _run(cursor, back, say)


def _index_back(table: str, index: str, constraint: str, said: str) -> str:
    return f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {said}" if constraint else said


def _run(cursor: Any, statements: Sequence[str], say: Callable[[str], None]) -> None:
    said = time.monotonic()
    for place, statement in enumerate(statements):
        if time.monotonic() - said > _SAYS_AFTER:
            say(f"{place} of {len(statements)} indexes and references are back")
            said = time.monotonic()
        cursor.execute(statement)
