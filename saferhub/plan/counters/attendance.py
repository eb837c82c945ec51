"""Counters of attendance at problem-solving meetings, which are those of groups that sit for a hub.

An agency's seat at a meeting counts once, whoever of it came (docs/rules/meeting-measures.md). A guest for one item
fills no seat, and neither does an observer.
"""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from saferhub.meetings.queries.measures import HELD
from saferhub.meetings.queries.minutes_recorded import agencies_on
from saferhub.partnership.models import Agency, Partnership

from . import Counter, Part, register
from .tallies import Kind, agencies, first_day, hubs, parts


def _since(using: str, partnership: int) -> date | None:
    statement = """
        SELECT min("on") FROM meetings_meeting
         WHERE partnership_id = %(partnership)s AND hub_id IS NOT NULL AND status = ANY(%(held)s)"""
    return first_day(using, statement, {"partnership": partnership, "held": list(HELD)})


def statutory_agencies(partnership: int, first: date, last: date) -> set[int]:
    """The numbers of agencies with statutory functions, as the packs say on the last day; of one that had ended by
    then, on the first."""
    own = Partnership.objects.get(pk=partnership)
    said = {**agencies_on(own, first), **agencies_on(own, last)}
    codes = [code for code, item in said.items() if item.statutory]
    return set(Agency.objects.filter(partnership=partnership, code__in=codes).values_list("pk", flat=True))


def _attendance(using: str, partnership: int, first: date, last: date, *, statutory: bool) -> list[Part]:
    statement = """
        SELECT m.id, concat_ws('|', m.id, m."on", bool_or(a.came IN ('present', 'deputy'))) AS line,
               bool_or(a.came IN ('present', 'deputy'))::int AS num, 1 AS den, NULL AS val,
               m.hub_id::text AS hub, a.agency_id::text AS agency
          FROM meetings_meeting m JOIN meetings_attendance a ON a.meeting_id = m.id AND a.folder_id = m.folder_id
         WHERE m.partnership_id = %(partnership)s AND m.hub_id IS NOT NULL AND m.status = ANY(%(held)s)
           AND m."on" BETWEEN %(first)s AND %(last)s AND a.seat NOT IN ('guest', 'observer')
           AND (a.agency_id = ANY(%(statutory)s::bigint[])) = %(wanted)s
         GROUP BY m.id, a.agency_id"""
    given: dict[str, object] = {
        "partnership": partnership,
        "first": first,
        "last": last,
        "held": list(HELD),
        "statutory": sorted(statutory_agencies(partnership, first, last)),
        "wanted": statutory,
    }
    none = "No problem-solving meeting at which they have a seat was held in this time."
    return parts(using, Kind("share", none), statement, given, [hubs(partnership), agencies(partnership)])


def others(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Seats of agencies without statutory functions that were filled."""
    return _attendance(using, partnership, first, last, statutory=False)


def statutory(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Seats of agencies with statutory functions that were filled."""
    return _attendance(using, partnership, first, last, statutory=True)


def _figures(first: date, last: date, split: str, code: str) -> str:
    return reverse("meeting-measures")


register(
    Counter(
        "attendance_others",
        "Seats filled, of non-statutory agencies",
        "per_cent",
        False,
        others,
        _figures,
        _since,
    )
)
register(
    Counter(
        "attendance_statutory",
        "Seats filled, of statutory agencies",
        "per_cent",
        False,
        statutory,
        _figures,
        _since,
    )
)
