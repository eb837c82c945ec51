"""What the pages about emergencies read. Whoever reviews one learns who, when, why and which, not what it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Unit
from saferhub.partnership.rules.moments import LONDON
from saferhub.sharing.access import sight_of
from saferhub.sharing.access.emergencies import (
    can_review,
    emergencies_visible_to,
    hubs_decided_for,
    reasons_visible_to,
)
from saferhub.sharing.access.sight import folders_visible_to
from saferhub.sharing.models import Emergency, EmergencyReason, Enclosure, Folder, Matter
from saferhub.sharing.rules.emergencies import Stage, left_words, stage_of

from .requests import MOST_WORK, next_working_day

STAGE_WORDS = {
    Stage.OPEN: "Open now",
    Stage.TO_REVIEW: "Over, to be reviewed",
    Stage.JUSTIFIED: "Reviewed: justified",
    Stage.NOT_JUSTIFIED: "Reviewed: not justified",
}
STAGE_TONES = {
    Stage.OPEN: "red",
    Stage.TO_REVIEW: "amber",
    Stage.JUSTIFIED: "good",
    Stage.NOT_JUSTIFIED: "red",
}
DANGER_WORDS = {"adult": "An adult", "child": "A child", "worker": "A worker"}
STATES = {"open": "Open now", "unreviewed": "To be reviewed", "reviewed": "Reviewed"}


@dataclass(frozen=True, slots=True)
class Row:
    """An emergency as one reader may know it. Where `why` is None, reference and hub are empty: she learns
    neither which record it was, nor why it was opened, nor what the review found."""

    emergency: Emergency
    stage: Stage
    reference: str
    left: str
    hub: Hub | None
    unit: Unit | None
    why: EmergencyReason | None

    @property
    def words(self) -> str:
        return STAGE_WORDS[self.stage]

    @property
    def tone(self) -> str:
        return STAGE_TONES[self.stage]

    @property
    def danger(self) -> str:
        return DANGER_WORDS[self.why.danger] if self.why else ""


@dataclass(frozen=True, slots=True)
class Strip:
    """What a record's page shows while its reader's sight rests on an emergency."""

    emergency: Emergency
    left: str
    until: datetime

    @property
    def at(self) -> str:
        """The time of day at which it closes, in London."""
        return f"{self.until.astimezone(LONDON):%H:%M}"


def hours() -> int:
    """For how many hours an emergency opens a record. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.emergency_hours()")
        (found,) = cursor.fetchone()
    return int(found)


def listed(actor: Actor, state: str = "") -> QuerySet[Emergency]:
    """The emergencies the actor may see, those to be reviewed first."""
    found = emergencies_visible_to(actor).select_related("user")
    if state == "open":
        found = found.filter(until__gt=clock.now())
    elif state == "unreviewed":
        found = found.filter(justified__isnull=True)
    elif state == "reviewed":
        found = found.filter(justified__isnull=False)
    return found.order_by(F("reviewed_at").desc(nulls_first=True), "-id")


def rows(actor: Actor, found: Iterable[Emergency]) -> list[Row]:
    """Emergencies as pages show them to this actor. Five queries."""
    found, now = list(found), clock.now()
    if not found:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT emergency, reference, hub, unit FROM gate.emergency_facts(%s)",
            [[one.pk for one in found]],
        )
        facts = {row[0]: row[1:] for row in cursor.fetchall()}
    hubs = Hub.objects.in_bulk({hub for _, hub, _ in facts.values() if hub})
    units = Unit.objects.select_related("agency").in_bulk({unit for _, _, unit in facts.values()})
    reasons = {one.emergency_id: one for one in reasons_visible_to(actor).filter(emergency__in=found)}
    made = []
    for one in found:
        reference, hub, unit = facts.get(one.pk, ("", None, None))
        stage = stage_of(until=one.until, justified=one.justified, now=now)
        why = reasons.get(one.pk)
        made.append(
            Row(
                one,
                stage,
                (reference or "") if why else "",
                left_words(one.until, now),
                hubs.get(hub) if why else None,
                units.get(unit),
                why,
            )
        )
    return made


def strip_for(actor: Actor, folder: Folder) -> Strip | None:
    """The strip of a matter's or a record's page, or None where the reader opened nothing. Two queries at most."""
    if actor.user is None or sight_of(actor).is_blind:
        return None
    now = clock.now()
    mine = Emergency.objects.filter(user=actor.user, until__gt=now)
    outer = Enclosure.objects.filter(inner=folder, ended_at__isnull=True).values("outer")
    found = mine.filter(Q(opened=folder) | Q(opened__in=outer)).order_by("-until").first()
    return Strip(found, left_words(found.until, now), found.until) if found else None


def matter_opened(actor: Actor, emergency: Emergency) -> Matter | None:
    """The matter that was opened, for whoever may see it now."""
    return Matter.objects.filter(folder=emergency.opened_id, folder__in=folders_visible_to(actor)).first()


def entries_of(emergency: Emergency) -> int:
    """How many sights the opener's account left while it was open, told to the reviewer as a number."""
    return Entry.objects.filter(
        actor=emergency.user.public_id,
        kind="sight",
        business_at__gte=emergency.opened_at,
        business_at__lte=emergency.until,
    ).count()


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Emergencies to review; for the hub and the manager, those opened just now; for the opener, her own.

    The oldest twenty-five, then a line that leads to the rest.
    """
    if actor.user is None or not actor.roles:
        return
    now = clock.now()
    reviews = actor.has(Permission.REVIEW_EMERGENCIES)
    wanted = Q(user=actor.user, until__gt=now)
    if reviews:
        wanted |= Q(partnership=sight_of(actor).governs)
    if hubs := hubs_decided_for(actor):
        # Through a subquery: a reviewer may not read the folder, and a join would drop the row.
        wanted |= Q(folder__in=Folder.objects.filter(kind="emergency", hub__in=hubs))
    found = list(
        emergencies_visible_to(actor)
        .filter(wanted, justified__isnull=True)
        .select_related("user")
        .order_by("opened_at", "id")[: MOST_WORK + 1]
    )
    if len(found) > MOST_WORK:
        url = f"{reverse('emergencies')}?state=unreviewed"
        yield WorkItem(
            "emergency", "Emergencies", "See the other emergencies to be reviewed", url,
            f"More than {MOST_WORK} wait", None, "See", url, rank=1,
        )  # fmt: skip
    for row in rows(actor, found[:MOST_WORK]):
        one = row.emergency
        url = reverse("emergency", args=[one.public_id])
        hub = row.hub.name if row.hub else "a hub"
        opened = one.opened_at.astimezone(LONDON)
        at = f"{opened:%H:%M}"
        due = next_working_day(opened.date())
        if reviews and can_review(actor, one):
            yield WorkItem(
                "emergency", "Emergencies", f"Review what {one.user.name} opened in an emergency", url,
                f"A record of {hub}, at {at}", due, "Review", url, row.reference, rank=1,
            )  # fmt: skip
        elif one.user_id == actor.user.pk and one.until > now:
            yield WorkItem(
                "emergency", "Emergencies", "You opened a record in an emergency", url,
                f"Open for another {left_words(one.until, now)}", actor.on, "See", url, row.reference, rank=1,
            )  # fmt: skip
        elif row.hub is not None and actor.has(Permission.DECIDE_SHARING, hub=row.hub):
            yield WorkItem(
                "emergency", "Emergencies", f"{one.user.name} opened a record in an emergency", url,
                f"A record of {hub}, at {at}; information governance reviews it", None, "Read", url, row.reference,
                rank=1,
            )  # fmt: skip
