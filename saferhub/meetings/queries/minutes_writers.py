"""Who wrote what a part of minutes says, and who else approves it: nobody passes her own words without saying so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from saferhub.accounts.models import Status, User
from saferhub.meetings import access
from saferhub.meetings.models import Meeting, Member, MinutesPart, Seat, Words
from saferhub.partnership.access import Actor
from saferhub.publication.models import VersionStatus

# What a part keeps beside the provenance of what it says: which words of whom it has taken in (until which save), and
# the accounts of those who have written in it since.
TAKEN, BY_HAND = "words", "by_hand"


def by_hand(figures: dict[str, Any], by: Actor) -> dict[str, Any]:
    """What a part keeps, with the actor among those who have written in it."""
    return {**figures, BY_HAND: sorted({*figures.get(BY_HAND, ()), by.public_id})}


def written_by(actor: Actor, parts: Collection[MinutesPart]) -> list[MinutesPart]:
    """Those of these parts in which the actor's own words stand: she typed them at the meeting, or wrote in the draft
    or correction later. What was recorded of decisions and actions counts for nobody. One query."""
    own = set(
        access.parts_readable_by(actor, Words)
        .filter(author=actor.user, item__meeting__in={one.meeting_id for one in parts})
        .exclude(text="")
        .values_list("public_id", flat=True)
    )
    return [one for one in parts if _is_hers(actor, one, own)]


def _is_hers(actor: Actor, part: MinutesPart, own: Collection[str]) -> bool:
    if actor.public_id in part.figures.get(BY_HAND, ()):
        return True
    # What a correction did not touch was approved before.
    return part.corrects_id is None and any(key in own for key in part.figures.get(TAKEN, {}))


def others_who_approve(actor: Actor, meeting: Meeting) -> list[str]:
    """Who else has a seat from which the minutes are approved, by name. One query."""
    rows = Member.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on),
        group=meeting.group_id,
        seat__in=[Seat.CHAIR, Seat.DEPUTY_CHAIR],
        valid_from__lte=actor.on,
        user__status=Status.ACTIVE,
    )
    users = User.objects.filter(pk__in=rows.values("user")).order_by("name")
    return [one.name for one in users if actor.user is None or one.pk != actor.user.pk]


def approvals_of(parts: Collection[MinutesPart]) -> list[MinutesPart]:
    """The parts whose approvals a copy names: of each approver the last one, in the order of time; none while one of
    them is a draft."""
    done = [one for one in parts if one.status == VersionStatus.PUBLISHED and one.approved_at is not None]
    if len(done) != len(parts):
        return []
    last = {one.approved_by: one for one in sorted(done, key=lambda one: (one.approved_at, one.pk))}
    return sorted(last.values(), key=lambda one: (one.approved_at, one.pk))
