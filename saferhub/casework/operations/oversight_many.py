"""One act on many cases or actions: each by the operation that does it to one, and all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.access import actions as action_rules
from saferhub.casework.models import Case
from saferhub.casework.rules.oversight_many import mark_of
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.access import Actor

from .actions import change_action
from .cases_life import hand_to, may_lead, move_review_day

# act(public_id): does it to one, or raises Refusal
Act = Callable[[str], object]
_GONE = "You no longer see this, or it is not there."


def mark_of_case(case: Case) -> str:
    """What a case says now about who leads it, its status, its review and its words."""
    return mark_of(
        [
            case.status,
            case.matter.lead_id,
            case.lead_unit_id,
            case.review_on,
            case.version,
            case.matter.version,
        ]
    )


def tried(act: Act, chosen: Mapping[str, str]) -> dict[str, str]:
    """What would stop the act, by public_id, found by doing it and taking it all back. Nothing stays, not even on
    the queue of mails."""
    with transaction.atomic():
        refusals = _each(act, chosen)
        transaction.set_rollback(True)
    return refusals


def done(act: Act, chosen: Mapping[str, str], *, sort: str, by: Actor) -> dict[str, str]:
    """Do it to every one of them, or, where any refuses, to none. Returns the refusals, none of which is success."""
    with transaction.atomic():
        refusals = _each(act, chosen)
        if refusals:
            transaction.set_rollback(True)
        else:
            audit.record("casework.changed_many", ("many", sort), by=by, sort=sort, rows=len(chosen))
    return refusals


def _each(act: Act, chosen: Mapping[str, str]) -> dict[str, str]:
    refusals = {}
    for public_id in chosen:
        try:
            with transaction.atomic():
                act(public_id)
        except (Refusal, NotAllowed) as refusal:
            refusals[public_id] = refusal.sentence
        except Http404:
            refusals[public_id] = _GONE
    return refusals


def hands_to(*, lead: str, note: str, seen: Mapping[str, str], by: Actor, on: date) -> Act:
    """Let one officer (`lead`: public_id) lead each case."""

    def act(public_id: str) -> Any:
        case = _unchanged(by, public_id, seen)
        user, unit = may_lead(case).get(lead, (None, None))
        if user is None or unit is None:
            raise Refusal("leader_does_not_see", "The officer you chose does not see this case.")
        return hand_to(case_id=public_id, lead=user, lead_unit=unit, note=note, by=by, on=on)

    return act


def moves_review_day(*, words: str, next_on: date, seen: Mapping[str, str], by: Actor, on: date) -> Act:
    """Move the day on which each case is looked at next. It is no review: nobody has looked at them."""

    def act(public_id: str) -> Any:
        _unchanged(by, public_id, seen)
        return move_review_day(case_id=public_id, words=words, next_on=next_on, by=by, on=on)

    return act


def gives_to(*, who: str, seen: Mapping[str, str], by: Actor, on: date) -> Act:
    """Give each action to one owner (`who`: an owner's key); what is to be done and by when stay."""

    def act(public_id: str) -> Any:
        action = action_rules.get_action_for_update(by, public_id)
        return change_action(
            action_id=public_id,
            words=action.words,
            who=who,
            due_on=action.due_on,
            seen=_version(seen.get(public_id, "")),
            by=by,
            on=on,
        )

    return act


def _version(text: str) -> int:
    """The version a page was drawn from; 0, which no action has, for a mark that was tampered with."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _unchanged(by: Actor, public_id: str, seen: Mapping[str, str]) -> Case:
    """The case, locked. Raises Conflict where it is not as it was when the reader chose it."""
    access.get_case_for_update(by, public_id)
    case = access.get_case(by, public_id)
    if mark_of_case(case) != seen.get(public_id):
        raise Conflict(
            "changed_meanwhile", "Somebody has changed this since you looked at it. Look at it again."
        )
    return case
