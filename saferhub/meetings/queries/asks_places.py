"""Where what is asked stands on pages of others: Your work."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse

from saferhub.foundation.registries import WorkItem
from saferhub.foundation.templatetags.words import count_words, plain_date
from saferhub.meetings import access
from saferhub.meetings.access.asks import STANDING, own_units
from saferhub.meetings.models import Ask, MeetingStatus
from saferhub.partnership.access import Actor, Permission

MOST = 20


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """What the actor's unit has still to answer, a row for each meeting. Titles name the meeting alone. Two queries."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    open_asks = access.parts_readable_by(actor, Ask).filter(
        answer="",
        unit__in=own_units(actor),
        item__status__in=STANDING,
        meeting__status__in=[MeetingStatus.PREPARING, MeetingStatus.SENT],
        meeting__on__gte=actor.on,
    )
    counted = {
        row["meeting"]: row
        for row in open_asks.order_by().values("meeting").annotate(number=Count("pk"), due=Min("due_on"))
    }
    if not counted:
        return
    meetings = access.meetings_visible_to(actor).filter(pk__in=list(counted)).select_related("group")
    for meeting in meetings.order_by("on", "id")[:MOST]:
        row = counted[meeting.pk]
        yield WorkItem(
            kind="ask",
            kind_words="Answers before a meeting",
            title=f"{meeting.group.name}, {plain_date(meeting.on)}",
            url=reverse("meeting-asks", args=[meeting.public_id]),
            why=f"{count_words(row['number'], 'answer')} to give for your agency",
            due_on=row["due"],
            step="Answer",
            step_url=reverse("meeting-asks", args=[meeting.public_id]),
            rank=3,
        )
