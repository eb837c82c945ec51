"""What every figure of a document should be, by SQL and the packs' files. Nothing of the product's counting is used.

Measures that are counted are held against `tests/plan/counted/plain_sql.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import connections

from tests.plan.counted import plain_sql

PACKS = Path(__file__).resolve().parents[3] / "packs"
LETTERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_ACTIONS = """
    SELECT count(*) FROM plan_action a
      JOIN plan_year y ON y.id = a.plan_id
      JOIN plan_objective o ON o.id = a.objective_id
      JOIN plan_area ar ON ar.id = o.area_id
      JOIN LATERAL (SELECT m.to_status AS is_now FROM plan_action_move m
        WHERE m.action_id = a.id AND m."on" <= %(day)s ORDER BY m."on" DESC, m.id DESC LIMIT 1) st ON true
     WHERE a.partnership_id = %(p)s AND extract(year FROM y.first_day) = %(began)s
       AND (%(area)s = '' OR ar.code = %(area)s) AND (%(status)s = '' OR st.is_now = %(status)s)
       AND (%(rolled)s = '' OR a.rolled_as = %(rolled)s)
       AND (NOT %(late)s OR (a.due_on < %(day)s AND st.is_now NOT IN ('done', 'stopped')))"""
_OF_DAYS = {
    "plan.training": "SELECT count(*), coalesce(sum(count), 0) FROM plan_training"
    ' WHERE partnership_id = %s AND "on" BETWEEN %s AND %s',
    "plan.consultation": "SELECT count(*), 0 FROM plan_consultation"
    " WHERE partnership_id = %s AND first_day BETWEEN %s AND %s",
}
_MONEY = """
    SELECT count(*), coalesce(sum(f.amount), 0) FROM plan_funding f
      JOIN LATERAL (SELECT m.to_status AS is_now FROM plan_funding_move m
        WHERE m.funding_id = f.id AND m."on" <= %s ORDER BY m."on" DESC, m.id DESC LIMIT 1) st ON true
     WHERE f.partnership_id = %s AND st.is_now = ANY(%s)"""
_AREAS = """
    SELECT count(*) FROM plan_area a JOIN plan_strategy s ON s.id = a.strategy_id
     WHERE a.partnership_id = %(p)s AND %(day)s BETWEEN s.first_day AND s.last_day
       AND %(day)s BETWEEN a.valid_from AND coalesce(a.valid_until, 'infinity')"""
_QUESTIONS = """
    SELECT count(*) FROM reporting_question q
     WHERE partnership_id = %(p)s AND asked_on <= %(day)s AND status <> 'withdrawn'
       AND coalesce((SELECT m.to_status FROM reporting_question_move m WHERE m.question_id = q.id
             AND m."on" <= %(day)s ORDER BY m.id DESC LIMIT 1), 'open') IN ('open', 'answered')
       AND (NOT %(open)s OR answered_on IS NULL OR answered_on > %(day)s)"""


def _one(statement: str, given: Any) -> tuple[Any, ...]:
    with connections["steward"].cursor() as cursor:
        cursor.execute(statement, given)
        return tuple(cursor.fetchone())


def value_of(partnership: Any, figure: Mapping[str, Any], day: date) -> Any:
    """What the figure should be. Raises KeyError for a figure that nothing here can tell."""
    if figure.get("measure"):
        return _measured(partnership, figure)
    if figure.get("section"):
        return _in_packs(partnership.code, figure["section"], figure["entries"], day)
    return _in_tables(partnership, figure, day)


def _measured(partnership: Any, figure: Mapping[str, Any]) -> Any:
    first, last = (date.fromisoformat(figure[one]) for one in ("first_day", "last_day"))
    counted_by, area = _one(
        """SELECT v.counted_by, coalesce(a.code, '') FROM plan_measure m
             JOIN plan_measure_version v ON v.measure_id = m.id LEFT JOIN plan_area a ON a.id = m.area_id
            WHERE m.partnership_id = %s AND m.code = %s AND v.number = %s""",
        [partnership.pk, figure["measure"], figure["definition_version"]],
    )
    if not counted_by:
        (value,) = _one(
            """SELECT o.value FROM plan_observation o JOIN plan_measure m ON m.id = o.measure_id
                WHERE m.partnership_id = %s AND m.code = %s AND o.is_newest AND o.split = '' AND o.first_day = %s""",
            [partnership.pk, figure["measure"], first],
        )
        return value
    found = plain_sql.counted("steward", counted_by, partnership, first, last)
    split, part = figure["split"], figure["part"]
    if counted_by == "trained" and area:
        split, part = "area", area
    return found[split, part].value


def _in_packs(partnership: str, section: str, entries: list[str], day: date) -> int:
    """How many entries the files have that stand on the day, among those that are named."""
    standing = {
        one["id"]
        for one in read(plain_sql.PACK_OF[partnership], section)
        if one.get("from", date.min) <= day <= one.get("until", date.max)
    }
    assert set(entries) <= standing, (section, set(entries) - standing)
    return len(set(entries) & _asked(partnership, section, standing, entries))


def _asked(partnership: str, section: str, standing: set[str], entries: list[str]) -> set[str]:
    """Of a section that is counted whole, all that stand: so one that was left out is missed."""
    pack = plain_sql.PACK_OF[partnership]
    rows = {one["id"]: one for one in read(pack, section) if one["id"] in standing}
    if section == "boards":
        whole = {code for code, one in rows.items() if one.get("reported_to_us")}
    elif section == "agencies":
        kinds = {rows[one]["kind"] for one in entries}
        whole = {
            code for code, one in rows.items() if one["kind"] in kinds and one["legal_role"] == "responsible"
        }
    else:
        whole = set(rows)
    assert whole == set(entries), (section, whole ^ set(entries))
    return whole


def _in_tables(partnership: Any, figure: Mapping[str, Any], day: date) -> Any:
    table, pk = figure["table"], partnership.pk
    if table == "plan.action":
        given = {
            "p": pk, "day": day, "began": int(figure["year"][:4]), "area": figure.get("area", ""),
            "status": figure.get("status", ""), "rolled": figure.get("rolled", ""), "late": figure.get("late", False),
        }  # fmt: skip
        return _one(_ACTIONS, given)[0]
    if table == "plan.area":
        return _one(_AREAS, {"p": pk, "day": day})[0]
    if figure.get("row"):
        name, column = {
            "plan.training": ("plan_training", "count"),
            "plan.funding": ("plan_funding", "amount"),
        }[table]
        return _one(
            f"SELECT {column} FROM {name} WHERE partnership_id = %s AND public_id = %s", [pk, figure["row"]]
        )[0]
    if table == "plan.funding":
        number, pounds = _one(_MONEY, [day, pk, figure["statuses"]])
        return pounds if "secured" in figure["statuses"] else number
    if table == "reporting.question":
        return _one(_QUESTIONS, {"p": pk, "day": day, "open": figure.get("open", False)})[0]
    number, total = _one(_OF_DAYS[table], [pk, figure["first_day"], figure["last_day"]])
    return total if figure.get("sum") else number


@cache
def read(pack: str, section: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((PACKS / pack / f"{section}.yaml").read_text(encoding="utf-8")))


def number_in(shown: str) -> Decimal:
    """The number that a reader reads: in letters up to ten, with thousands parted, before its unit.

    >>> number_in("seven"), number_in("1,204"), number_in("48 per cent"), number_in("£38,000"), number_in("4.5 days")
    (Decimal('7'), Decimal('1204'), Decimal('48'), Decimal('38000'), Decimal('4.5'))
    """
    word = shown.removeprefix("£").split()[0].rstrip("%").replace(",", "")
    return Decimal(LETTERS.index(word)) if word in LETTERS else Decimal(word)


def is_read_as(shown: str, value: Any) -> bool:
    """Whether the number that is read is the value, rounded to as many places as are shown."""
    read_as = number_in(shown)
    exponent = Decimal(1).scaleb(int(read_as.as_tuple().exponent))
    rounded = Decimal(str(value)).quantize(exponent, rounding=ROUND_HALF_UP)
    # A whole number stands for one place: 4 is 4.0, and never 4.4.
    whole = "per cent" in shown or "%" in shown or exponent != 1
    return read_as == (
        rounded if whole else Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    )
