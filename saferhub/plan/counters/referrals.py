"""Counters of referrals: how many came, how long a decision took, how many were adopted.

Counted from the days of sending and of deciding. A referral counts once: with the hub it was first sent to when it
came, and with the hub that decided on it afterwards (on a hub's own page of figures each hub that it came to received
it). A decision is final, so what was decided in a time stays so.
"""

from __future__ import annotations

from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.working_days import BankHolidays

from . import Counter, Part, register
from .addresses import listed
from .tallies import Kind, agencies, first_day, hub_on, hubs, parts

_NONE = "No referral was decided in this time."


def _given(partnership: int, first: date, last: date) -> dict[str, object]:
    return {"partnership": partnership, "first": first, "last": last}


def _since(using: str, partnership: int) -> date | None:
    statement = "SELECT min(sent_on) FROM casework_referral WHERE partnership_id = %(partnership)s"
    return first_day(using, statement, {"partnership": partnership})


def received(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Referrals by the day they were sent."""
    hub = hub_on("r.matter_id", "(r.sent_on - 1)", "r.hub_id")
    statement = f"""
        SELECT r.id, concat_ws('|', r.id, r.sent_on) AS line, 1 AS num, 0 AS den, NULL AS val, {hub} AS hub
          FROM casework_referral r
         WHERE r.partnership_id = %(partnership)s AND r.sent_on BETWEEN %(first)s AND %(last)s"""
    return parts(using, Kind("number"), statement, _given(partnership, first, last), [hubs(partnership)])


def decision_days(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Working days from the day a referral was sent to that of its decision: the day after it was sent is day 1."""
    given = _given(partnership, first, last)
    oldest = first_day(
        using,
        """SELECT min(sent_on) FROM casework_referral
            WHERE partnership_id = %(partnership)s AND decided_on BETWEEN %(first)s AND %(last)s""",
        given,
    )
    try:
        days, numbers = numbered(bank_holidays(), oldest or first, last)
    except Refusal as refusal:  # the calendar does not reach the years of this one
        return [Kind("median", refusal.sentence).part(None)]
    hub = hub_on("r.matter_id", "r.decided_on", "r.hub_id")
    statement = f"""
        SELECT r.id, concat_ws('|', r.id, r.sent_on, r.decided_on) AS line, 0 AS num, 0 AS den,
               done.number - sent.number AS val, {hub} AS hub
          FROM casework_referral r
          JOIN unnest(%(days)s::date[], %(numbers)s::int[]) AS sent(day, number) ON sent.day = r.sent_on
          JOIN unnest(%(days)s::date[], %(numbers)s::int[]) AS done(day, number) ON done.day = r.decided_on
         WHERE r.partnership_id = %(partnership)s AND r.decided_on BETWEEN %(first)s AND %(last)s"""
    given |= {"days": days, "numbers": numbers}
    return parts(using, Kind("median", _NONE), statement, given, [hubs(partnership)])


def numbered(calendar: BankHolidays, first: date, last: date) -> tuple[list[date], list[int]]:
    """Each day with the number of working days up to and with it, so that two numbers give what lies between.

    Raises Refusal `bank_holidays_unknown` as the calendar does."""
    days, numbers, number = [], [], 0
    day = first
    while day <= last:
        number += calendar.is_working(day)
        days.append(day)
        numbers.append(number)
        day += timedelta(days=1)
    return days, numbers


def adopted_share(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Adopted of all that were decided; by hub, and by the agency that referred."""
    hub = hub_on("r.matter_id", "r.decided_on", "r.hub_id")
    statement = f"""
        SELECT r.id, concat_ws('|', r.id, r.decided_on, r.status, u.agency_id) AS line,
               (r.status = 'adopted')::int AS num, 1 AS den, NULL AS val, {hub} AS hub, u.agency_id::text AS agency
          FROM casework_referral r JOIN partnership_unit u ON u.id = r.unit_id
         WHERE r.partnership_id = %(partnership)s AND r.decided_on BETWEEN %(first)s AND %(last)s"""
    splits = [hubs(partnership), agencies(partnership)]
    return parts(using, Kind("share", _NONE), statement, _given(partnership, first, last), splits)


def _sent(first: date, last: date, split: str, code: str) -> str:
    return listed("referrals", split, code, sent_from=first, sent_to=last)


def _decided(first: date, last: date, split: str, code: str) -> str:
    return listed("referrals", split, code, decided_from=first, decided_to=last)


register(
    Counter(
        "referrals_received",
        "Referrals by the day they were sent",
        "count",
        False,
        received,
        _sent,
        _since,
        True,
    )
)
register(
    Counter(
        "decision_days",
        "Working days from sending to decision, median",
        "days",
        False,
        decision_days,
        _decided,
        _since,
    )
)
register(
    Counter(
        "adopted_share", "Adopted of referrals decided", "per_cent", False, adopted_share, _decided, _since
    )
)
