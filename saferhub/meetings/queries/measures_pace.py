"""How soon matters come to a meeting and to their end: of what the reader sees, and beside it the same of as many
months before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from saferhub.casework.access import cases_visible_to, referrals_visible_to
from saferhub.casework.rules.oversight_figures import Period, Wait, period, wait
from saferhub.meetings.rules import measures as rules
from saferhub.partnership.access import Actor

from .measures import Raw


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """A case that was spoken of and is closed: the day its referral was received, the day it was closed."""

    words: str
    url: str
    came_on: date
    closed_on: date

    @property
    def days(self) -> int:
        return (self.closed_on - self.came_on).days


@dataclass(frozen=True)
class Pace:
    """Waits in these months, each with the same wait in as many `before`. `first_days`: of the items that were a
    referral's first meeting, by their number; `closed_rows`: the cases behind `closed`."""

    before: Period
    first: Wait
    first_before: Wait
    decided_before: Wait
    closed: Wait
    closed_before: Wait
    first_days: dict[int, int]
    closed_rows: list[ClosedRow]


@dataclass(frozen=True, slots=True)
class _Ended:
    matter: int
    public_id: str
    reference: str
    title: str
    closed_on: date


def pace(actor: Actor, raw: Raw, months: Period) -> Pace:
    """Two queries, however many matters were spoken of."""
    before = period(months.first - timedelta(days=1), len(months.months), actor.on)
    origins, ended = _origins(actor, {one.matter for one in raw.spoken})
    first = rules.first_met(raw.spoken, origins, months.first, months.last)
    closed = [
        ClosedRow(
            words=f"{one.reference}: {one.title}",
            url=reverse("case", args=[one.public_id]),
            came_on=origins[one.matter].came_on,
            closed_on=one.closed_on,
        )
        for one in ended
        if one.matter in origins
    ]
    now = [one for one in closed if months.first <= one.closed_on <= months.last]
    return Pace(
        before=before,
        first=_wait_of(first),
        first_before=_wait_of(rules.first_met(raw.spoken, origins, before.first, before.last)),
        decided_before=rules.wait_of(raw.spoken, before.first, before.last),
        closed=wait((one.came_on, one.closed_on) for one in now),
        closed_before=wait(
            (one.came_on, one.closed_on) for one in closed if before.first <= one.closed_on <= before.last
        ),
        first_days={row.item: (row.met_on - start).days for start, row in first},
        closed_rows=sorted(now, key=lambda one: (one.closed_on, one.words), reverse=True),
    )


def _wait_of(found: list[tuple[date, rules.Spoken]]) -> Wait:
    return wait((start, row.met_on) for start, row in found)


def _origins(actor: Actor, matters: set[int]) -> tuple[dict[int, rules.Origin], list[_Ended]]:
    """The referral of each matter, as far as the reader sees it, and those of its cases that are closed."""
    cases = list(
        cases_visible_to(actor)
        .filter(matter__in=matters)
        .order_by()
        .values_list(
            "matter_id", "referral_folder_id", "matter__public_id", "matter__reference", "matter__title", "closed_on"
        )
    )  # fmt: skip
    folders = {row[1] for row in cases if row[1] is not None}
    referrals = list(
        referrals_visible_to(actor)
        .filter(Q(matter__in=matters) | Q(folder__in=folders), sent_on__isnull=False)
        .order_by()
        .values_list("matter_id", "folder_id", "sent_on")
    )
    found = {matter: rules.Origin(folder, sent_on) for matter, folder, sent_on in referrals if sent_on}
    by_folder = {origin.key: origin for origin in found.values()}
    ended = []
    for matter, folder, public_id, reference, title, closed_on in cases:
        if folder in by_folder:
            found[matter] = by_folder[folder]
        if closed_on is not None:
            ended.append(_Ended(matter, public_id, reference, title, closed_on))
    return found, ended
