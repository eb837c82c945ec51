"""Closing a case with outcome, reason and what was learnt; opening it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.models import Case, CaseStatus
from saferhub.casework.queries.cases import blockers, review_again
from saferhub.casework.rules import cases_closing as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.sharing.models import MatterStatus, Revision
from saferhub.sharing.operations.matters import set_status

from .cases_life import loaded
from .notes_clock import keep_contact_clock
from .opening import move_case

ENDING = "casework.ending"


@transaction.atomic
def close_case(
    *,
    case_id: str,
    outcome: str,
    reason: str,
    learning: str,
    told: str,
    overridden: Iterable[str],
    override_reason: str,
    by: Actor,
    on: date,
) -> Case:
    """Close a case. Sight of it stays as each agreement says; the victim's contact clock stops.

    `overridden`: codes of the blockers that are set aside, with one reason. Raises Refusal `must_be_dealt_with`
    or `blocked` where something stands in the way.
    """
    case = loaded(by, case_id)
    standing = blockers(by, case, on)
    refuse_if(
        rules.closing_refusals(
            status=case.status,
            outcome=outcome,
            outcomes={one.code for one in in_force.entries(case.partnership, "closure_outcomes", on)},
            reason=reason,
            blockers=standing,
            overridden=overridden,
            override_reason=override_reason,
        )
    )
    before = case.status
    case.overridden = rules.kept_overrides(standing, overridden)
    case.override_reason = override_reason if case.overridden else ""
    case.status, case.closed_on = CaseStatus.CLOSED, on
    case.outcome, case.close_reason, case.learning, case.told = outcome, reason, learning, told
    case.review_on = None
    case.save(
        update_fields=[
            "status",
            "closed_on",
            "outcome",
            "close_reason",
            "learning",
            "told",
            "overridden",
            "override_reason",
            "review_on",
        ]
    )
    _keep_ending(case, by)
    keep_contact_clock(case, on=on)
    move_case(case, before, CaseStatus.CLOSED, by=by, on=on, reason=reason)
    set_status(case.matter, MatterStatus.CLOSED, reason=reason, by=by, on=on)
    audit.record(
        "case.closed",
        case.matter,
        by=by,
        purpose=case.matter.purpose,
        outcome=outcome,
        overridden=case.overridden,
    )
    return case


def _keep_ending(case: Case, by: Actor) -> None:
    """What was said at closing, which opening the case again takes off its page and not out of its history."""
    Revision.objects.create(
        partnership_id=case.partnership_id,
        folder_id=case.folder_id,
        kind=ENDING,
        subject=case.public_id,
        number=Revision.objects.filter(folder=case.folder_id, kind=ENDING, subject=case.public_id).count()
        + 1,
        values={
            "outcome": case.outcome,
            "reason": case.close_reason,
            "learning": case.learning,
            "told": case.told,
            "overridden": case.overridden,
            "override_reason": case.override_reason,
        },
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )


@transaction.atomic
def reopen_case(*, case_id: str, reason: str, review_on: date | None, by: Actor, on: date) -> Case:
    """Open a closed case again, to be looked at afresh: on `review_on`, or when its band asks for it. How it had
    ended stays in its timeline and its moves."""
    case = loaded(by, case_id)
    refuse_if(rules.reopening_refusals(status=case.status, reason=reason))
    ended = case.outcome
    case.status, case.closed_on = CaseStatus.REOPENED, None
    case.outcome = case.close_reason = case.learning = case.told = case.override_reason = ""
    case.overridden, case.review_on = [], review_on or review_again(by, case, on)
    case.save(
        update_fields=[
            "status",
            "closed_on",
            "outcome",
            "close_reason",
            "learning",
            "told",
            "overridden",
            "override_reason",
            "review_on",
        ]
    )
    keep_contact_clock(case, on=on)
    move_case(case, CaseStatus.CLOSED, CaseStatus.REOPENED, by=by, on=on, reason=reason)
    set_status(case.matter, MatterStatus.OPEN, reason=reason, by=by, on=on)
    audit.record("case.reopened", case.matter, by=by, purpose=case.matter.purpose, outcome=ended)
    return case
