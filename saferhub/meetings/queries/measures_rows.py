"""The rows behind figures of meetings: which items, which actions. Of what the reader sees, as the figures are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from saferhub.casework.access import actions_visible_to
from saferhub.casework.models import Action
from saferhub.casework.rules.oversight_figures import Period
from saferhub.meetings import access
from saferhub.meetings.models import ItemAction, ItemStatus
from saferhub.meetings.rules import measures as rules
from saferhub.meetings.rules.attending import Share
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force

from .measures import MeetingRow, Raw, kept_of

ITEMS, DECIDED, PUT_OFF, DECISION, WAIT, TIMED = "items", "decided", "put_off", "decision", "wait", "timed"
FIRST, CLOSED = "first", "closed"
ACTIONS, ON_TIME = "actions", "on_time"
# What is listed, by its name in an address.
OF_ITEMS = {
    ITEMS: "Items you see",
    DECIDED: "Items with a decision",
    PUT_OFF: "Items put off",
    DECISION: "Items with this decision",
    FIRST: "From referral to the first meeting",
    WAIT: "From the agenda to a decision",
    TIMED: "Items that were done and timed",
}
MEETINGS = "meetings"
OF_CASES = {CLOSED: "From referral to closing"}
OF_MEETINGS = {MEETINGS: "Meetings held"}
OF_ACTIONS = {ACTIONS: "Actions agreed", ON_TIME: "Actions whose day has come"}
STATES = {
    "on_time": ("done", "Done on time"),
    "late": ("late", "Done late"),
    "open": ("off_track", "Not done"),
    "dropped": ("not_started", "No longer needed"),
    "to_come": ("not_started", "Its day is to come"),
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: where it was spoken of, what became of it; `days` from the agenda to the decision, for those that are
    counted there, or from the referral to its first meeting; minutes planned and in focus."""

    on: date
    group: str
    words: str
    url: str
    became: str
    days: int | None
    planned: int
    spent: float


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action: agreed at which meeting, who does it, by when, how it stands."""

    met_on: date
    words: str
    who: str
    due_on: date
    done_on: date | None
    mark: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What the meetings of one group come to together."""

    name: str
    held: int
    came: Share
    items: int
    decided: int
    put_off: int


def group_rows(meetings: Sequence[MeetingRow]) -> list[GroupRow]:
    """The same figures for each group, by name: added up, as those of all are."""
    by_group: dict[str, list[MeetingRow]] = {}
    for one in meetings:
        by_group.setdefault(one.group, []).append(one)
    return [
        GroupRow(
            name=name,
            held=len(found),
            came=Share(sum(one.came.done for one in found), sum(one.came.of for one in found)),
            items=sum(one.items for one in found),
            decided=sum(one.decided for one in found),
            put_off=sum(one.put_off for one in found),
        )
        for name, found in sorted(by_group.items())
    ]


def item_rows(
    actor: Actor,
    raw: Raw,
    which: str,
    period: Period,
    code: str = "",
    first_days: Mapping[int, int] = MappingProxyType({}),
) -> list[ItemRow]:
    """The items behind a figure, the newest first; `first_days` as `measures_pace.Pace` has them. One query."""
    waited = dict(first_days)
    if which != FIRST:
        waited = {
            row.item: (row.met_on - start).days
            for start, row in rules.waited(raw.spoken, period.first, period.last)
        }
    names = {
        one.code: str(one.item.name)
        for one in in_force.entries(actor.partnership, "meeting_decisions", period.last)
    }
    meetings = {one.pk: one for one in raw.meetings}
    found = []
    for item in raw.items:
        if not _is_among(item, which, code, waited):
            continue
        meeting = meetings[item["meeting_id"]]
        title = item["title"].strip() or "Untitled"
        found.append(
            ItemRow(
                on=meeting.on,
                group=meeting.group.name,
                words=f"{item['reference']}: {title}" if item["reference"] else title,
                url=reverse("item", args=[meeting.public_id, item["public_id"]]),
                became=_became(item, names),
                days=waited.get(item["pk"]),
                planned=item["minutes"],
                spent=round(item["spent"] / 60, 1),
            )
        )
    return sorted(found, key=lambda one: one.on, reverse=True)


def _is_among(item: dict[str, Any], which: str, code: str, waited: Collection[int]) -> bool:
    if which == DECIDED:
        return bool(item["decision"])
    if which == PUT_OFF:
        return bool(item["status"] == ItemStatus.DEFERRED)
    if which == DECISION:
        return bool(code and item["decision"] == code)
    if which in (WAIT, FIRST):
        return item["pk"] in waited
    if which == TIMED:
        return bool(item["status"] == ItemStatus.DONE and item["spent"] > 0)
    return which == ITEMS


def _became(item: dict[str, Any], names: dict[str, str]) -> str:
    if item["decision"]:
        return names.get(item["decision"], item["decision"])
    return "Put off" if item["status"] == ItemStatus.DEFERRED else "No decision recorded"


def action_rows(actor: Actor, raw: Raw, which: str, period: Period) -> list[ActionRow]:
    """The actions behind a figure, the newest meeting first. Two queries."""
    meetings = {one.pk: one.on for one in raw.meetings}
    met_on = {
        action: meetings[meeting]
        for action, meeting in access.parts_readable_by(actor, ItemAction)
        .filter(item__meeting__in=list(meetings))
        .values_list("action", "item__meeting")
    }
    rows = (
        actions_visible_to(actor)
        .filter(public_id__in=list(met_on))
        .select_related("owner", "owner_unit__agency", "case__matter")
        .order_by("due_on", "id")
    )
    made = [_action(one, met_on[one.public_id], period.last) for one in rows]
    if which == ON_TIME:
        counted = {STATES[state][1] for state in ("on_time", "late", "open")}
        made = [one for one in made if one.state in counted]
    return sorted(made, key=lambda one: one.met_on, reverse=True)


def _action(row: Action, met_on: date, until: date) -> ActionRow:
    kept = kept_of(row.due_on, row.status, row.ended_on)
    mark, state = STATES[rules.state(kept, until)]
    agency = row.owner_unit.agency.name
    return ActionRow(
        met_on=met_on,
        words=row.words,
        who=f"{row.owner.name}, {agency}" if row.owner is not None else agency,
        due_on=row.due_on,
        done_on=kept.done_on,
        mark=mark,
        state=state,
        url=reverse("action", args=[row.public_id]),
    )


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One meeting in the rows behind an agency's figures."""

    on: date
    group: str
    url: str
    came: str
    asked: int
    answered: int
    in_time: int


def rows_of(raw: Raw, agency: str) -> list[AgencyRow]:
    """What stands behind the figures of one agency, meeting by meeting."""
    came = rules.best(raw.sat).get(agency, {})
    made = []
    for meeting in raw.meetings:
        asked = [one for one in raw.asked if one.agency == agency and one.meeting == meeting.pk]
        if meeting.pk not in came and not asked:
            continue
        made.append(
            AgencyRow(
                meeting.on,
                meeting.group.name,
                reverse("meeting", args=[meeting.public_id]),
                came.get(meeting.pk, ""),
                len(asked),
                sum(bool(one.answer) for one in asked),
                sum(bool(one.answer) and one.in_time for one in asked),
            )
        )
    return made
