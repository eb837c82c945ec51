"""What happened in a case, newest first: gathered from every part of casework, and what the case itself adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone

from saferhub.casework.access.inside import involved_in
from saferhub.casework.access.together import rows_in
from saferhub.casework.models import (
    Case,
    CaseMove,
    CaseReview,
    CaseStatus,
    Decision,
    DecisionKind,
    Involved,
)
from saferhub.casework.registries import TIMELINE, Happened
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.models import Handover, Revision
from saferhub.sharing.queries.revisions_in import revisions_in

# In the order in which the filter offers them.
KINDS: dict[str, str] = {
    "decision": "Decisions",
    "contact": "Contacts",
    "note": "Notes",
    "action": "Actions",
    "risk": "Risk",
    "meeting": "Meetings",
    "intervention": "Interventions",
    "document": "Documents",
    "change": "Changes",
}
# A score is a look at the risk.
_SHOWN_AS = {"score": "risk"}
_SOMEBODY = "Somebody"
LEAD_NOTE, ENDING, REVIEW_DAY = "casework.lead_note", "casework.ending", "casework.review_day"
# What the case keeps of the referral it came from, as the decider wrote it down for those who work on it.
FROM_REFERRAL = "casework.from_referral"
OWN_KINDS = (Case._meta.label_lower, LEAD_NOTE, ENDING, REVIEW_DAY, FROM_REFERRAL)


def timeline(actor: Actor, case: Case, kind: str = "") -> list[Happened]:
    """Everything that the reader may see of what happened, the newest first; of one kind where `kind` names it."""
    found = [one for provider in TIMELINE for one in provider(actor, case)]
    if kind in KINDS:
        found = [one for one in found if shown_as(one) == kind]
    return sorted(found, key=lambda one: (one.day, one.at), reverse=True)


def shown_as(one: Happened) -> str:
    return _SHOWN_AS.get(one.kind, one.kind)


def kinds_in(found: Iterable[Happened]) -> list[tuple[str, str]]:
    """The kinds that occur, for the filter."""
    there = {shown_as(one) for one in found}
    return [(code, words) for code, words in KINDS.items() if code in there]


def moment(day: date, at: datetime | None = None) -> datetime:
    """A moment that orders what is known by its day alone. Where the business day runs behind real time, it is that
    day with the hour of real time by the clock of the world, as business time has it: the hour on the wall differs
    by one where one of the two days lies in summer."""
    if at is None:
        return timezone.make_aware(datetime.combine(day, time(12, 0)))
    if timezone.localtime(at).date() == day:
        return at
    return datetime.combine(day, at.astimezone(UTC).time(), UTC)


def happened_in_case(actor: Any, case: Case) -> Iterator[Happened]:
    """What the case itself tells: decisions on its referral, moves, reviews, who came in, hand-overs, edits."""
    moves, reviews = rows_in(actor, case, CaseMove), rows_in(actor, case, CaseReview)
    # The hub's reasons lie in folders of its own, and only those who work in it read them.
    decisions = rows_in(actor, case, Decision)
    involved = involved_in(actor, case.matter)
    handed = rows_in(actor, case, Handover)
    kept = [one for one in revisions_in(case.folder_id, *OWN_KINDS) if one.subject == case.public_id]
    everything: list[Any] = [*moves, *reviews, *decisions, *involved, *handed, *kept]
    names = names_of({one.by for one in everything if one.by}, actor)

    def who(code: str) -> str:
        return names.get(code, _SOMEBODY) if code else ""

    yield from _moves(case, moves, who)
    for review in reviews:
        until = f" Next look on {date_in_words(review.next_on)}." if review.next_on else ""
        yield Happened(
            moment(review.on, review.created_at), review.on, "decision", "Reviewed", who(review.by),
            f"{review.words}{until}",
        )  # fmt: skip
    for row in decisions:
        yield Happened(
            row.at, row.on, "decision", _decided(row), who(row.by), row.reason,
        )  # fmt: skip
    yield from _people(actor, case, involved, who)
    for one in handed:
        to = one.to_hub.name if one.to_hub else one.to_unit.agency.name
        yield Happened(
            moment(one.on, one.created_at), one.on, "change", f"Handed over to {to}", who(one.by), one.reason
        )
    yield from _edits(case, kept, who)


def _decided(row: Decision) -> str:
    return f"Referral: {DecisionKind(row.kind).label.lower()}"


def _moves(case: Case, moves: Iterable[CaseMove], who: Any) -> Iterator[Happened]:
    for one in moves:
        status = CaseStatus(one.to_status).label
        title = "Case opened" if not one.from_status else f"Case is {status.lower()} now"
        words = one.reason
        if one.to_status == CaseStatus.CLOSED:
            title = "Case closed"
        yield Happened(moment(one.on, one.at), one.on, "decision", title, who(one.by), words)


def _people(actor: Actor, case: Case, involved: Iterable[Involved], who: Any) -> Iterator[Happened]:
    """Those who came in after the case was opened, and those who are in it no longer."""
    roles = role_names(actor)
    for one in involved:
        # A record that the reader may not read is loaded by nothing here, and so has no name.
        record = one.person or one.place
        if record is None:
            continue
        part = f" as {roles.get(one.role, one.role).lower()}" if one.role else ""
        if one.on != case.adopted_on:
            yield Happened(
                moment(one.on, one.created_at), one.on, "change", f"{record.name} added{part}", who(one.by)
            )
        if one.ended_on is not None:
            yield Happened(
                moment(one.ended_on), one.ended_on, "change", f"{record.name} no longer in it{part}",
                who(one.ended_by), one.end_reason,
            )  # fmt: skip


def _edits(case: Case, kept: Iterable[Revision], who: Any) -> Iterator[Happened]:
    history = reverse("case-changes", args=[case.matter.public_id])
    for one in kept:
        day = timezone.localtime(one.at).date()
        if one.kind == LEAD_NOTE:
            yield Happened(
                one.at, day, "change", f"{one.values.get('to', _SOMEBODY)} leads it now", who(one.by),
                str(one.values.get("note", "")),
            )  # fmt: skip
        elif one.kind == REVIEW_DAY:
            to = date_in_words(date.fromisoformat(str(one.values["after"])))
            yield Happened(
                one.at, day, "change", f"Review moved to {to}", who(one.by), str(one.values.get("words", "")),
            )  # fmt: skip
        elif one.kind == FROM_REFERRAL:
            yield Happened(
                one.at, day, "note", "From the referral", who(one.by), str(one.values.get("words", ""))
            )
        elif one.kind == ENDING:
            learnt = str(one.values.get("learning", ""))
            if learnt:
                yield Happened(one.at, day, "decision", "Learnt at closing", who(one.by), learnt)
        elif one.number > 1:
            yield Happened(one.at, day, "change", "What the case says was changed", who(one.by), url=history)


def _roles(actor: Actor) -> list[in_force.InForce]:
    """The parts that people may have in a case. Asked once for each page."""
    return in_force.entries(actor.partnership, "case_roles", actor.on)


def role_names(actor: Actor) -> dict[str, str]:
    """What the parts are called that people have in a case."""
    return {one.code: str(one.item.name) for one in _roles(actor)}


def harmed_roles(actor: Actor) -> set[str]:
    """The parts of those who are harmed, and contacted by the clock."""
    return {one.code for one in _roles(actor) if one.item.side == "harmed"}
