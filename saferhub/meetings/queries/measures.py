"""Figures of meetings for one reader: of the groups and the items that she sees, counted behind both walls.

Everything is read into plain values and counted by `rules.measures`, so that other parts of the service can count the
same of rows of their own. Nothing is counted as anybody else: a count of what a reader may not see would tell her that
it is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Min
from django.urls import reverse
from django.utils import timezone

from saferhub.casework.access import actions_visible_to
from saferhub.casework.models import ActionStatus
from saferhub.casework.rules.oversight_figures import Period, Wait, percent
from saferhub.meetings import access
from saferhub.meetings.models import (
    Ask,
    Attendance,
    Group,
    Item,
    ItemAction,
    ItemMove,
    ItemStatus,
    Meeting,
    MeetingStatus,
)
from saferhub.meetings.rules import measures as rules
from saferhub.meetings.rules.attending import Share, attended
from saferhub.meetings.rules.measures import Engagement, Known, Times
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.sharing.access import in_folders_readable_by

from .minutes_recorded import agencies_on

HELD = (MeetingStatus.RUNNING, MeetingStatus.DRAFT, MeetingStatus.APPROVED)
SPOKEN = (ItemStatus.ON, ItemStatus.DONE, ItemStatus.DEFERRED)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting that was held, with what its reader sees of it."""

    number: int
    group: str
    on: date
    url: str
    planned: int
    came: Share
    items: int = 0
    decided: int = 0
    put_off: int = 0
    spent: float = 0.0


@dataclass(frozen=True, slots=True)
class Decided:
    """How often something was decided."""

    code: str
    words: str
    number: int


@dataclass(frozen=True)
class Raw:
    """What was read, as plain values: for these figures, and for whoever counts further."""

    meetings: list[Meeting]
    cancelled: int
    known: dict[str, Known]
    sat: list[rules.Sat]
    asked: list[rules.Asked]
    items: list[dict[str, Any]]
    spoken: list[rules.Spoken]
    actions: list[rules.ActionKept]


@dataclass(frozen=True)
class Measures:
    """Everything on the page of figures."""

    period: Period
    held: int
    cancelled: int
    agencies: list[Engagement]
    statutory: Engagement
    others: Engagement
    rows: list[MeetingRow]
    items: int
    decided: int
    put_off: int
    decisions: list[Decided]
    actions: Share
    agreed: int
    wait: Wait
    times: Times
    monthly: list[tuple[date, int, int]] = field(default_factory=list)
    # By month: how many of a hundred places expected were filled, by agencies with statutory functions and by others;
    # None where nobody was expected.
    attending: list[tuple[date, int | None, int | None]] = field(default_factory=list)


def measures(actor: Actor, groups: Collection[Group], period: Period) -> Measures:
    """All figures of these groups in these months. Ten queries, however many meetings."""
    return counted(actor, read(actor, groups, period), period)


def counted(actor: Actor, raw: Raw, period: Period) -> Measures:
    """The figures of what was read."""
    agencies = rules.engagement(raw.known, raw.sat, raw.asked)
    decided = [one for one in raw.items if one["decision"]]
    rows = _rows(raw)
    return Measures(
        period=period,
        held=len(raw.meetings),
        cancelled=raw.cancelled,
        agencies=agencies,
        statutory=rules.together("Agencies with statutory functions", [a for a in agencies if a.statutory]),
        others=rules.together("Other agencies", [a for a in agencies if not a.statutory]),
        rows=rows,
        items=len(raw.items),
        decided=len(decided),
        put_off=sum(one["status"] == ItemStatus.DEFERRED for one in raw.items),
        decisions=_decisions(actor, Counter(one["decision"] for one in decided), period.last),
        actions=rules.on_time(raw.actions, period.last),
        agreed=len(raw.actions),
        wait=rules.wait_of(raw.spoken, period.first, period.last),
        times=rules.times(
            rules.Timed(one["minutes"], one["spent"]) for one in raw.items if one["status"] == ItemStatus.DONE
        ),
        monthly=_monthly(rows, period),
        attending=_attending(raw, period),
    )


def _attending(raw: Raw, period: Period) -> list[tuple[date, int | None, int | None]]:
    on = {one.pk: one.on for one in raw.meetings}
    came: dict[tuple[date, bool], list[str]] = {}
    for code, by_meeting in rules.best(raw.sat).items():
        statutory = code in raw.known and raw.known[code].statutory
        for meeting, how in by_meeting.items():
            came.setdefault((on[meeting].replace(day=1), statutory), []).append(how)

    def share(first: date, statutory: bool) -> int | None:
        found = attended(came.get((first, statutory), ()))
        return percent(found.done, found.of)

    return [(one.first, share(one.first, True), share(one.first, False)) for one in period.months]


def read(actor: Actor, groups: Collection[Group], period: Period) -> Raw:
    """What the reader sees of the meetings of these groups that were held in these months, as plain values: of those
    whose papers she may read."""
    in_groups = [one.pk for one in groups]
    planned = access.meetings_visible_to(actor).filter(
        group__in=in_groups, on__range=(period.first, period.last)
    )
    held = in_folders_readable_by(actor, planned.filter(status__in=HELD))
    meetings = list(held.select_related("group").order_by("on", "id"))
    numbers = [one.pk for one in meetings]
    sat = _attendance(actor, numbers)
    asked = _asked(actor, numbers)
    items: list[Any] = list(
        access.parts_readable_by(actor, Item)
        .filter(meeting__in=numbers, status__in=SPOKEN, code="")
        .order_by("meeting_id", "order", "id")
        .values(
            "pk",
            "public_id",
            "meeting_id",
            "kind",
            "title",
            "reference",
            "matter_id",
            "status",
            "decision",
            "minutes",
            "spent",
            "began_at",
        )
    )
    return Raw(
        meetings=meetings,
        cancelled=planned.filter(status=MeetingStatus.CANCELLED).count(),
        known=_known(actor, {**dict(sat[1]), **dict(asked[1])}, period),
        sat=sat[0],
        asked=asked[0],
        items=items,
        spoken=_spoken(actor, in_groups, period.last),
        actions=_actions(actor, numbers),
    )


def _attendance(actor: Actor, meetings: Collection[int]) -> tuple[list[rules.Sat], dict[str, str]]:
    """Who came, by agency, and what the agencies are called. A guest comes for an item, not for an agency's seat."""
    rows = list(
        access.parts_readable_by(actor, Attendance)
        .filter(meeting__in=meetings, folder=F("meeting__folder"))
        .values_list("meeting_id", "agency__code", "came", "agency__name")
    )
    return [rules.Sat(*row[:3]) for row in rows], {row[1]: row[3] for row in rows}


def _asked(actor: Actor, meetings: Collection[int]) -> tuple[list[rules.Asked], dict[str, str]]:
    rows = list(
        access.parts_readable_by(actor, Ask)
        .filter(meeting__in=meetings)
        .values_list("meeting_id", "agency__code", "answer", "answered_at", "due_on", "agency__name")
    )
    made = [
        rules.Asked(meeting, code, answer, at is not None and timezone.localtime(at).date() <= due_on)
        for meeting, code, answer, at, due_on, _ in rows
    ]
    return made, {row[1]: row[5] for row in rows}


def _known(actor: Actor, names: Mapping[str, str], period: Period) -> dict[str, Known]:
    """Whether each agency has statutory functions, as the packs say on the last day, or on the first for one that
    has ended since."""
    if actor.partnership is None or not names:
        return {}
    said = {**agencies_on(actor.partnership, period.first), **agencies_on(actor.partnership, period.last)}
    return {
        code: Known(code, name, bool(said[code].statutory) if code in said else False)
        for code, name in names.items()
    }


def _spoken(actor: Actor, groups: Collection[int], until: date) -> list[rules.Spoken]:
    """Every matter on an agenda of these groups up to that day, with the day it was put on."""
    rows = list(
        access.parts_readable_by(actor, Item)
        .filter(
            meeting__group__in=groups,
            meeting__status__in=HELD,
            meeting__on__lte=until,
            matter__isnull=False,
            status__in=SPOKEN,
        )
        .values_list("pk", "matter_id", "meeting__on", "decision", "status")
    )
    put_on = dict(
        access.parts_readable_by(actor, ItemMove)
        .filter(item__in=[row[0] for row in rows], to_status=ItemStatus.ON)
        .order_by()
        .values("item_id")
        .annotate(first=Min("on"))
        .values_list("item_id", "first")
    )
    return [
        rules.Spoken(
            matter, put_on.get(item, met_on), met_on, bool(decision), item, status == ItemStatus.DEFERRED
        )
        for item, matter, met_on, decision, status in rows
    ]


def _actions(actor: Actor, meetings: Collection[int]) -> list[rules.ActionKept]:
    """The actions agreed at these meetings, of those that the reader sees."""
    agreed = list(
        access.parts_readable_by(actor, ItemAction)
        .filter(item__meeting__in=meetings)
        .values_list("action", flat=True)
    )
    if not agreed:
        return []
    rows = actions_visible_to(actor).filter(public_id__in=agreed).values_list("due_on", "status", "ended_on")
    return [kept_of(*row) for row in rows]


def kept_of(due_on: date, status: str, ended_on: date | None) -> rules.ActionKept:
    """An action as the figures count it."""
    return rules.ActionKept(
        due_on, ended_on if status == ActionStatus.DONE else None, status == ActionStatus.DROPPED
    )


def _rows(raw: Raw) -> list[MeetingRow]:
    came: dict[int, list[str]] = {}
    for by_meeting in rules.best(raw.sat).values():
        for number, how in by_meeting.items():
            came.setdefault(number, []).append(how)
    made = []
    for meeting in raw.meetings:
        own = [one for one in raw.items if one["meeting_id"] == meeting.pk]
        there = came.get(meeting.pk, [])
        made.append(
            MeetingRow(
                number=meeting.number,
                group=meeting.group.name,
                on=meeting.on,
                url=reverse("meeting", args=[meeting.public_id]),
                planned=meeting.minutes,
                came=Share(sum(one in ("present", "deputy") for one in there), len(there)),
                items=len(own),
                decided=sum(bool(one["decision"]) for one in own),
                put_off=sum(one["status"] == ItemStatus.DEFERRED for one in own),
                spent=round(sum(one["spent"] for one in own) / 60, 1),
            )
        )
    return made


def _monthly(rows: Iterable[MeetingRow], period: Period) -> list[tuple[date, int, int]]:
    """For each month its first day, the items spoken of, and those with a decision."""
    rows = list(rows)
    return [
        (
            month.first,
            sum(one.items for one in rows if month.first <= one.on <= month.last),
            sum(one.decided for one in rows if month.first <= one.on <= month.last),
        )
        for month in period.months
    ]


def _decisions(actor: Actor, counted: Counter[str], on: date) -> list[Decided]:
    names = {
        one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "meeting_decisions", on)
    }
    return [Decided(code, names.get(code, code), number) for code, number in counted.most_common()]


def agency_lines(found: Measures) -> list[list[Any]]:
    """The figures by agency as lines of a file."""
    heads = ["Agency", "Statutory", "Meetings expected", "Attended", "Asked", "Answered", "Answered in time"]
    return [
        heads,
        *(
            [
                one.name,
                "" if one.statutory is None else "yes" if one.statutory else "no",
                one.attended.of,
                one.attended.done,
                one.answered.of,
                one.answered.done,
                one.in_time.done,
            ]
            for one in (*found.agencies, found.statutory, found.others)
        ),
    ]


def meeting_lines(found: Measures) -> list[list[Any]]:
    """The figures by meeting as lines of a file."""
    heads = [
        "Day", "Group", "Agencies expected", "Agencies there", "Items you see", "Decided", "Put off",
        "Minutes planned", "Minutes spent on items",
    ]  # fmt: skip
    return [
        heads,
        *(
            [
                one.on, one.group, one.came.of, one.came.done, one.items, one.decided, one.put_off, one.planned,
                one.spent,
            ]
            for one in found.rows
        ),
    ]  # fmt: skip
