"""What an agenda proposes by itself, from what the organiser sees in the hub today.

Restricted matters are left out: whoever sits at the table would learn of them. What stands on the agenda already is not
proposed again, nor what was taken off it: that is put back there, with its answers. What the last meeting put off comes
again below the heading below which it stood, with the reason, its brief and its minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from saferhub.casework import access as casework
from saferhub.casework.models import (
    OPEN_ACTIONS,
    OPEN_STATUSES,
    WAITING,
    ActionStatus,
    Case,
    CaseStatus,
    Referral,
    SubjectKind,
)
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.foundation.templatetags.words import count_words, plain_date
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemKind, ItemMove, ItemStatus, Meeting
from saferhub.meetings.operations.items import cut_offs
from saferhub.meetings.operations.planning import kind_of
from saferhub.meetings.rules.agenda import (
    Budget,
    Candidate,
    Line,
    Standing,
    budget,
    propose,
    sections_of,
)
from saferhub.partnership.access import Actor
from saferhub.sharing.models import Sensitivity

from .agenda import last_meeting

MOST = 200
HIGH = ("very_high", "high", "medium")
PLACES = (SubjectKind.THEME, SubjectKind.LOCATION, SubjectKind.PROPERTY, SubjectKind.BUSINESS)
# A decision of an earlier meeting, by its code in the packs.
PROPOSED_CLOSING = "propose_closing"
_TAKES = {ItemKind.REFERRAL: "referrals", ItemKind.CLOSURE: "closures"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, under its headings, and how long it would take with what stands there. `late`: referrals that
    came after the cut-off and are not urgent. `off`: how many could be proposed, and were taken off this agenda."""

    lines: tuple[Line, ...]
    budget: Budget
    late: int
    cut_off: date
    off: int = 0

    @property
    def found(self) -> list[Line]:
        return [line for line in self.lines if line.candidate is not None]


def key_of(line: Line) -> str:
    """What a tick box sends: the heading and what it is about."""
    return f"{line.standing.code}:{line.candidate.key}" if line.candidate is not None else ""


def proposal(actor: Actor, meeting: Meeting) -> Proposal:
    """What this meeting could speak of. About seven queries, however much there is."""
    kind = kind_of(meeting.group, meeting.on)
    standing = [Standing(one.id, one.title, one.takes, one.minutes) for one in kind.standing_items]
    on_it = list(
        access.parts_readable_by(actor, Item)
        .filter(meeting=meeting)
        .only("reference", "title", "status", "minutes", "kind", "code")
    )
    on = [one for one in on_it if one.status in (ItemStatus.ON, ItemStatus.DONE)]
    stands = {_cited(one) for one in on}
    off = {_cited(one) for one in on_it} - stands
    days = cut_offs(meeting)
    late: list[Referral] = []
    candidates = _once(
        (
            *_put_off(actor, meeting),
            *_referrals(actor, meeting, days.referrals, late),
            *_late_actions(actor, meeting),
            *_cases(actor, meeting),
        )
    )
    lines = propose(standing, [one for one in candidates if (one.reference or one.title) not in stands | off])
    needed = [one.minutes for one in on]
    needed += [line.minutes for line in lines if line.candidate is not None]
    return Proposal(
        tuple(lines),
        budget(meeting.minutes, needed),
        sum(one.matter.reference not in stands for one in late),
        days.referrals,
        len({one.key for one in candidates if (one.reference or one.title) in off}),
    )


def _cited(item: Item) -> str:
    """What tells one item from another: the reference of its matter, or its title where it is about none."""
    return item.reference or item.title


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One for each heading and matter. What was put off comes first, and stands for whatever else could be said."""
    found: dict[tuple[str, str], Candidate] = {}
    again: set[str] = set()
    for one in candidates:
        if one.under:
            again.add(one.key)
        if one.under or one.key not in again:
            found.setdefault((one.takes, one.key), one)
    return list(found.values())


def _referrals(actor: Actor, meeting: Meeting, cut_off: date, late: list[Referral]) -> Iterator[Candidate]:
    """Those that wait for a decision and came in time, and urgent ones whenever they came."""
    if meeting.hub_id is None:
        return
    rows = (
        casework.referrals_visible_to(actor)
        .filter(hub=meeting.hub_id, status__in=WAITING, sensitivity=Sensitivity.NORMAL)
        .select_related("matter", "unit__agency")
        .order_by("sent_on", "id")[:MOST]
    )
    for one in rows:
        came = one.sent_on or actor.on
        if came > cut_off and not one.urgent:
            late.append(one)
            continue
        why = f"{one.unit.agency.name} referred it on {plain_date(came)}"
        if one.due_on is not None:
            why += f"; to be decided by {plain_date(one.due_on)}"
        yield Candidate(
            "referrals",
            one.matter.public_id,
            one.matter.reference,
            one.matter.title,
            f"Urgent. {why}" if one.urgent else why,
            day=came,
            is_urgent=one.urgent,
        )


def _late_actions(actor: Actor, meeting: Meeting) -> Iterator[Candidate]:
    """Cases in which an action is late or blocked."""
    if meeting.hub_id is None:
        return
    rows = (
        casework.actions_visible_to(actor)
        .filter(
            Q(status=ActionStatus.BLOCKED) | Q(due_on__lt=actor.on),
            hub=meeting.hub_id,
            status__in=OPEN_ACTIONS,
            sensitivity=Sensitivity.NORMAL,
            case__status__in=OPEN_STATUSES,
        )
        .select_related("case__matter")
        .order_by("due_on", "id")[: MOST * 2]
    )
    by_case: dict[int, list[tuple[bool, int]]] = {}
    cases: dict[int, Case] = {}
    first: dict[int, date] = {}
    for one in rows:
        cases[one.case_id] = one.case
        first.setdefault(one.case_id, one.due_on)
        by_case.setdefault(one.case_id, []).append(
            (one.status == ActionStatus.BLOCKED, max((actor.on - one.due_on).days, 0))
        )
    for number, found in by_case.items():
        late = [days for blocked, days in found if days and not blocked]
        blocked = sum(is_blocked for is_blocked, _ in found)
        said = []
        if late:
            said.append(f"{count_words(len(late), 'action')} up to {count_words(max(late), 'day')} late")
        if blocked:
            said.append(f"{count_words(blocked, 'action')} blocked")
        case = cases[number]
        yield _candidate("late_actions", case, "; ".join(said), first[number])


def _cases(actor: Actor, meeting: Meeting) -> Iterator[Candidate]:
    """Cases due by the day of the meeting, cases that an earlier meeting proposed to close or that are ready to close,
    and themes and places."""
    if meeting.hub_id is None:
        return
    proposed = set(
        access.parts_readable_by(actor, Item)
        .filter(meeting__group=meeting.group_id, meeting__on__lt=meeting.on, decision=PROPOSED_CLOSING)
        .values_list("reference", flat=True)
    )
    ready = Q(status=CaseStatus.MONITORING, next_due_on__isnull=True) & ~Q(band__in=["very_high", "high"])
    due = Q(review_on__lte=meeting.on)
    rows = (
        casework.cases_visible_to(actor)
        .filter(
            due | ready | Q(matter__reference__in=proposed),
            hub=meeting.hub_id,
            status__in=OPEN_STATUSES,
            sensitivity=Sensitivity.NORMAL,
        )
        .select_related("matter")
        .order_by("review_on", "id")[: MOST * 2]
    )
    for case in rows:
        is_due = case.review_on is not None and case.review_on <= meeting.on
        if case.matter.reference in proposed:
            yield _candidate("closures", case, "An earlier meeting proposed to close it", case.review_on)
        elif case.status == CaseStatus.MONITORING and case.next_due_on is None and case.band not in HIGH[:2]:
            yield _candidate(
                "closures", case, "It is watched, no action is open: can it close?", case.review_on
            )
        elif is_due and case.band in HIGH and case.review_on is not None:
            due_on = f"its review is due on {plain_date(case.review_on)}"
            yield _candidate(
                "cases_due", case, f"{RISK_BANDS[case.band][0]}; {due_on}", case.review_on, f"I{due_on[1:]}"
            )
        elif is_due and case.subject_kind in PLACES and case.review_on is not None:
            words = SubjectKind(case.subject_kind).label
            yield _candidate(
                "themes", case, f"{words}; its review is due on {plain_date(case.review_on)}", case.review_on
            )


def _put_off(actor: Actor, meeting: Meeting) -> Iterator[Candidate]:
    """What the last meeting put off, as long as it is still open, with the reason. Five queries."""
    last = last_meeting(actor, meeting)
    if last is None:
        return
    stood = list(
        access.parts_readable_by(actor, Item)
        .filter(meeting=last)
        .exclude(status=ItemStatus.REMOVED)
        .select_related("matter")
        .order_by("order", "id")
    )
    items = [one for one in stood if one.status == ItemStatus.DEFERRED]
    if not items:
        return
    why = dict(
        access.parts_readable_by(actor, ItemMove)
        .filter(item__in=items, to_status=ItemStatus.DEFERRED)
        .order_by("id")
        .values_list("item_id", "reason")
    )
    matters = [one.matter_id for one in items if one.matter_id is not None]
    bands: dict[int, str] = dict(
        casework.cases_visible_to(actor)
        .filter(matter__in=matters, status__in=OPEN_STATUSES, sensitivity=Sensitivity.NORMAL)
        .values_list("matter_id", "band")
    )
    waits = set(
        casework.referrals_visible_to(actor)
        .filter(matter__in=matters, status__in=WAITING, sensitivity=Sensitivity.NORMAL)
        .values_list("matter_id", flat=True)
    )
    by_number = {one.pk: one for one in stood}
    below = sections_of([one.pk for one in stood], frozenset(one.pk for one in stood if one.code))
    for heading, numbers in below:
        for one in (by_number[number] for number in numbers if by_number[number] in items):
            still = waits if one.kind == ItemKind.REFERRAL else set(bands)
            if one.matter_id is not None and (one.matter is None or one.matter_id not in still):
                continue
            yield Candidate(
                _TAKES.get(ItemKind(one.kind), "cases_due"),
                one.matter.public_id if one.matter is not None else "",
                one.reference,
                one.title,
                f"Put off on {plain_date(last.on)}: {why.get(one.pk, '') or 'no reason is kept'}",
                band=bands.get(one.matter_id or 0, ""),
                day=last.on,
                under=by_number[heading].code if heading is not None else "",
                kind=str(one.kind),
                item=one.public_id,
                minutes=one.minutes,
                brief=one.brief,
            )


def _candidate(takes: str, case: Case, why: str, day: date | None, shown: str = "") -> Candidate:
    return Candidate(
        takes,
        case.matter.public_id,
        case.matter.reference,
        case.matter.title,
        why,
        band=case.band,
        day=day,
        shown=shown,
    )
