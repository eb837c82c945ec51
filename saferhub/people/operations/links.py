"""Deciding that two records are the same person or are not, and undoing it.

All records that stand with either of the two are locked first, in one order, so that two decisions made at
the same time cannot contradict each other. Whatever fails, nothing of a decision stands.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people import access
from saferhub.people.models import LinkDecision, Person, Verdict
from saferhub.people.queries.links import known_of, names_by_number, standing_around
from saferhub.people.rules import links as rules

_EVENTS = {Verdict.SAME: "people.linked", Verdict.NOT_SAME: "people.told_apart"}


@transaction.atomic
def decide(*, one_id: str, other_id: str, verdict: str, reason: str, by: Actor, on: date) -> LinkDecision:
    """Decide on a pair of records.

    Raises Http404 for a record the actor may not see, NotAllowed for one she sees in an emergency; Refusal
    `same_record`, `unknown_verdict`, `no_reason`, `already_decided`, or `contradicts`, which names the
    decisions that stand against it.
    """
    access.check_can_decide_links(by)
    one, other = access.get_person(by, one_id), access.get_person(by, other_id)
    access.check_can_decide_links(by, one, other)
    if one.pk == other.pk:
        raise Refusal("same_record", "These are one and the same record. Choose another.")
    if verdict not in Verdict.values:
        raise Refusal("unknown_verdict", "Choose whether the two are the same person.")
    if not reason.strip():
        raise Refusal("no_reason", "Say what speaks for it, so that others can follow.")
    a, b = sorted((one, other), key=lambda person: person.pk)
    _lock(by, a, b)
    standing = standing_around(by, [a.pk, b.pk])
    existing = LinkDecision.objects.filter(a=a, b=b, undone_at__isnull=True).first()
    if existing is not None:
        raise Refusal(
            "already_decided",
            f"It is already decided that these are {_words(existing.verdict)} ({date_in_words(existing.on)}). "
            "Undo that decision first.",
        )
    against = rules.contradicted(a.pk, b.pk, verdict, standing)
    if against:
        raise Refusal("contradicts", _contradiction(against, verdict, by))
    known = known_of(by, [a.pk, b.pk])
    decision = LinkDecision.objects.create(
        partnership_id=a.partnership_id,
        a=a,
        b=b,
        a_folder_id=a.folder_id,
        b_folder_id=b.folder_id,
        verdict=verdict,
        reason=reason.strip(),
        evidence=rules.evidence(known[a.pk], known[b.pk]),
        by=by.public_id,
        agency=by.agency_code,
        on=on,
    )
    audit.record(
        _EVENTS[Verdict(verdict)], a, by=by, other=b.public_id, decision=decision.public_id,
        evidence=decision.evidence,
    )  # fmt: skip
    return decision


@transaction.atomic
def undo(*, decision_id: str, reason: str, by: Actor, on: date) -> LinkDecision:
    """Undo a decision, with a reason. It stays in the history.

    Raises NotAllowed for whoever may see it and not undo it; Refusal `undone_already`, `no_reason`.
    """
    found = access.get_link_decision(by, decision_id)
    access.check_can_undo_link(by, found)
    _lock(by, found.a, found.b)
    decision = access.get_link_decision_for_update(by, decision_id)
    if decision.undone_at is not None:
        raise Refusal("undone_already", "This decision has been undone already.")
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is undone, so that others can follow.")
    decision.undone_by, decision.undone_on = by.public_id, on
    decision.undone_at, decision.undo_reason = clock.real_now(), reason.strip()
    decision.save(update_fields=["undone_by", "undone_on", "undone_at", "undo_reason"])
    audit.record("people.link_undone", found.a, by=by, other=found.b.public_id, decision=decision.public_id)
    return decision


def _lock(by: Actor, a: Person, b: Person) -> None:
    """Lock the two records and all that stand with them, in the order of their numbers.

    Where the group has grown by the time it is locked, the locks are given back before more are asked for:
    a lower number asked for with higher ones in hand could leave two decisions waiting for each other.
    """
    wanted = _group(by, a, b)
    while True:
        before = transaction.savepoint()
        list(
            Person.objects.select_for_update(of=("self",))
            .filter(pk__in=wanted)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        found = _group(by, a, b)
        if found <= wanted:
            transaction.savepoint_commit(before)
            return
        transaction.savepoint_rollback(before)
        wanted |= found


def _group(by: Actor, a: Person, b: Person) -> set[int]:
    standing = standing_around(by, [a.pk, b.pk])
    return {a.pk, b.pk} | rules.identity(a.pk, standing) | rules.identity(b.pk, standing)


def _words(verdict: str) -> str:
    return "the same person" if verdict == Verdict.SAME else "not the same person"


def _contradiction(against: list[rules.Decided], verdict: str, by: Actor) -> str:
    """The sentence that names the decisions in the way."""
    names = names_by_number(by, {n for one in against for n in (one.a, one.b)})
    told = "; ".join(
        f"{names.get(one.a, 'a record')} and {names.get(one.b, 'a record')} are {_words(one.verdict)}"
        for one in against
    )
    return (
        f"This contradicts what is decided already: {told}. Undo what is wrong of it first; then these two can be "
        f"recorded as {_words(verdict)}."
    )
