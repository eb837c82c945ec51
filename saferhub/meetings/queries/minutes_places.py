"""Where minutes stand on pages of others: on a case's, what a meeting decided and on which agenda it stands next, for
those who see the item and for nobody else; in Your work, drafts that wait for approval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from saferhub.casework.queries.cases_timeline import moment
from saferhub.casework.registries import Happened, Next
from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import WorkItem
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemStatus, MeetingStatus, MinutesPart
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.models import VersionStatus
from saferhub.releases.access import check_can_release
from saferhub.releases.models import Disclosure
from saferhub.releases.registries import Left

_OVER = (MeetingStatus.DRAFT, MeetingStatus.APPROVED)
_TO_COME = (MeetingStatus.PREPARING, MeetingStatus.SENT, MeetingStatus.RUNNING)
_MOST = 200


def _items(actor: Actor, case: Any) -> list[Item]:
    """The items about a case that the reader sees, with their meetings. Asked once on a page."""
    return once(
        ("meeting_items_of", actor, case.matter_id),
        lambda: [
            one
            for one in access.items_about(actor, case.matter_id)
            if one.status not in (ItemStatus.REMOVED, ItemStatus.PROPOSED)
        ],
    )


def _url(item: Item) -> str:
    return reverse("item", args=[item.meeting.public_id, item.public_id])


def timeline(actor: Actor, case: Any) -> Iterator[Happened]:
    """What meetings decided about the case, and where they only spoke of it. One query."""
    for item in _items(actor, case):
        meeting = item.meeting
        if meeting.status not in _OVER or item.status != ItemStatus.DONE:
            continue
        names = {
            one.code: str(one.item.name)
            for one in in_force.entries(actor.partnership, "meeting_decisions", meeting.on)
        }
        said = names.get(item.decision, item.decision).lower() if item.decision else "spoken of"
        yield Happened(
            at=moment(meeting.on, meeting.ended_at),
            day=meeting.on,
            kind="meeting",
            title=f"{meeting.group.name}: {said}",
            words=item.decision_words,
            url=_url(item),
            links=(("The minutes", reverse("meeting-minutes", args=[meeting.public_id])),),
        )


def next_steps(actor: Actor, case: Any, on: date) -> Iterator[Next]:
    """The agenda on which the case stands next. One query, and none where the timeline has asked."""
    for item in _items(actor, case):
        meeting = item.meeting
        if meeting.status in _TO_COME and item.status == ItemStatus.ON and meeting.on >= on:
            yield Next(f"Looked at by {meeting.group.name}", "The meeting", meeting.on, _url(item))


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Minutes that wait for the reader's approval, a row for each meeting. One query, and one for each group of which
    she reads drafts."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    drafts = (
        access.parts_readable_by(actor, MinutesPart)
        .filter(status=VersionStatus.DRAFT, meeting__status__in=_OVER)
        .select_related("meeting__group__hub", "meeting__group__partnership")
        .order_by("meeting__on", "id")[:_MOST]
    )
    may: dict[int, bool] = {}
    told: set[int] = set()
    for part in drafts:
        meeting = part.meeting
        if meeting.pk in told:
            continue
        told.add(meeting.pk)
        if meeting.group_id not in may:
            may[meeting.group_id] = allows(access.check_can_approve, actor, meeting.group)
        if may[meeting.group_id]:
            yield WorkItem(
                kind="minutes",
                kind_words="Minutes to approve",
                title=f"{meeting.group.name}, {date_in_words(meeting.on)}",
                url=reverse("meeting-minutes", args=[meeting.public_id]),
                why="Those who were there get their copies once you have approved them",
                due_on=None,
                step="Read and approve",
                step_url=reverse("meeting-minutes-approve", args=[meeting.public_id]),
                rank=3,
            )


def left(actor: Actor, disclosure: Disclosure) -> Left | None:
    """An item's minutes as the page of their disclosure names them; None for anything else, or hidden. One query."""
    meetings = access.meetings_visible_to(actor).order_by().values("pk")
    rows = access.parts_readable_by(actor, MinutesPart).filter(
        public_id=disclosure.subject, meeting__in=meetings
    )
    part = rows.select_related("meeting__group", "item__matter").defer("content", "figures").first()
    if part is None:
        return None
    meeting, url = part.meeting, ""
    # Whoever may not let anything of it leave reads the minutes as her own copy.
    matter = part.item.matter if part.item is not None else None
    if part.status == VersionStatus.PUBLISHED and matter and allows(check_can_release, actor, matter):
        url = reverse("meeting-minutes-given", args=[meeting.public_id, disclosure.public_id])
    return Left("The minutes", url, reverse("meeting-minutes", args=[meeting.public_id]))
