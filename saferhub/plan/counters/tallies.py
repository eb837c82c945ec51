"""How a counter asks the database: one statement for the whole and all its parts, with the hash of what it counted.

A counter writes a statement that gives one line for each row it counts:

* `id`, and `line`: the values that the count rests on, as one text. The hash is of the lines in the order of `id`,
  each with its parts.
* `num`, `den`: what the row adds to numerator and denominator.
* `val`: of what a median is taken, else nothing.
* one column of text for each split: the number or code of the part, or nothing.

The database adds up, so that of a hundred thousand rows only sums leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections

from saferhub.partnership.models import Agency, Hub
from saferhub.plan.rules.figures import rounded, share

from . import Part

HUB, AGENCY, AREA = "hub", "agency", "area"
# Key of a part in the database: its code and its words.
Named = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was added up of some rows."""

    rows: int
    numerator: Decimal
    denominator: Decimal
    median: Decimal | None
    rows_hash: str


@dataclass(frozen=True, slots=True)
class Split:
    """A way to break a count down. `every`: parts without a row are shown too."""

    name: str
    parts: Named
    every: bool = False


def hubs(partnership: int) -> Split:
    """By hub, every hub of the partnership among them. One query."""
    rows = Hub.objects.filter(partnership=partnership).order_by("name").values_list("pk", "code", "name")
    return Split(HUB, {str(pk): (code, name) for pk, code, name in rows}, every=True)


def agencies(partnership: int) -> Split:
    """By agency: those of which a row was counted. One query."""
    rows = Agency.objects.filter(partnership=partnership).order_by("name").values_list("pk", "code", "name")
    return Split(AGENCY, {str(pk): (code, name) for pk, code, name in rows})


def hub_on(matter: str, day: str, now: str) -> str:
    """SQL: the hub that had a matter at the end of a day, from its handovers. The three are expressions of the
    statement that it stands in: the matter's number, the day, and the hub that has it now."""
    return (
        f'coalesce((SELECT h.to_hub_id FROM sharing_handover h WHERE h.matter_id = {matter} AND h."on" <= {day}'
        f' ORDER BY h."on" DESC, h.id DESC LIMIT 1),'
        f' (SELECT h.from_hub_id FROM sharing_handover h WHERE h.matter_id = {matter} AND h."on" > {day}'
        f' ORDER BY h."on", h.id LIMIT 1), {now})::text'
    )


def tallies(
    using: str, statement: str, given: Mapping[str, Any], splits: Iterable[str] = ()
) -> dict[tuple[str, str], Tally]:
    """The sums of a counter's statement: of the whole under ("", ""), and of each part that has a row, by split and
    key. One query."""
    names = list(splits)
    sets = ", ".join(["()", *(f"({name})" for name in names)])
    which = ", ".join(f"CASE WHEN GROUPING({name}) = 0 THEN coalesce({name}, '') END" for name in names)
    line = f"concat_ws('|', {', '.join(['line', *names])})"
    asked = f"""
        WITH counted AS MATERIALIZED ({statement})
        SELECT count(*), coalesce(sum(num), 0), coalesce(sum(den), 0),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY val::float8),
               encode(sha256(convert_to(coalesce(string_agg({line}, E'\\n' ORDER BY id, line COLLATE "C"), ''),
                                        'UTF8')), 'hex')
               {"," + which if which else ""}
          FROM counted GROUP BY GROUPING SETS ({sets})"""
    found: dict[tuple[str, str], Tally] = {}
    with connections[using].cursor() as cursor:
        cursor.execute(asked, dict(given))
        for rows, numerator, denominator, median, rows_hash, *keys in cursor.fetchall():
            tally = Tally(
                rows,
                Decimal(numerator),
                Decimal(denominator),
                None if median is None else Decimal(str(median)),
                rows_hash,
            )
            named = next(
                ((name, key) for name, key in zip(names, keys, strict=True) if key is not None), ("", "")
            )
            found[named] = tally
    return found


def first_day(using: str, statement: str, given: Mapping[str, Any]) -> date | None:
    """The one day that a statement gives; None where there is none. One query."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, dict(given))
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Kind:
    """How a figure is made of sums: `number`, `share` (numerator ÷ denominator in per cent) or `median`.

    `none`: why there is no figure where there was nothing to tell it from. A number is never missing for that: no
    rows are nought."""

    name: str
    none: str = ""

    def part(self, tally: Tally | None, split: str = "", code: str = "", words: str = "") -> Part:
        """The figure of a tally; without one, of no rows."""
        tally = tally or Tally(0, Decimal(0), Decimal(0), None, "")
        value: Decimal | None
        numerator: Decimal | None = tally.numerator
        denominator: Decimal | None = None
        if self.name == "number":
            value = tally.numerator
        elif self.name == "share":
            denominator = tally.denominator
            value = share(tally.numerator, tally.denominator)
        else:
            numerator, value = None, tally.median
        return Part(
            numerator=None if numerator is None else rounded(numerator),
            denominator=None if denominator is None else rounded(denominator),
            value=None if value is None else rounded(value),
            rows=tally.rows,
            rows_hash=tally.rows_hash,
            split=split,
            code=code,
            words=words,
            missing_why=self.none if value is None else "",
        )


def parts(
    using: str, kind: Kind, statement: str, given: Mapping[str, Any], splits: Iterable[Split] = ()
) -> list[Part]:
    """The whole first, then its parts by split, in the order in which the split names them. One query.

    What lies in no named part (a row without a hub) counts in the whole alone."""
    chosen = list(splits)
    found = tallies(using, statement, given, [one.name for one in chosen])
    made = [kind.part(found.get(("", "")))]
    for split in chosen:
        for key, (code, words) in split.parts.items():
            tally = found.get((split.name, key))
            if tally is not None or split.every:
                made.append(kind.part(tally, split.name, code, words))
    return made
