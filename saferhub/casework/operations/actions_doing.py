"""What becomes of an action: progress, not yet, blocked, done, dropped, open again."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.access import actions as object_rules
from saferhub.casework.models import ACTION_LIFECYCLE, Action, ActionStatus
from saferhub.casework.rules import actions as rules
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor

from .actions import check_open, day_moved, keep_version, move_action
from .keeping import keep_next_due


def _to_do(by: Actor, action_id: str) -> Action:
    """The action, locked, that the actor may work on and that has not ended."""
    action = object_rules.get_action_for_update(by, action_id)
    object_rules.check_can_do(by, action)
    if not action.is_open:
        raise Refusal("action_ended", "This action has ended already.")
    return action


def _said(words: str, code: str, sentence: str) -> str:
    if not words.strip():
        raise Refusal(code, sentence)
    return words.strip()


@transaction.atomic
def record_progress(*, action_id: str, words: str, by: Actor, on: date) -> Action:
    """Keep where an action stands. Its status and its day stay as they are."""
    action = _to_do(by, action_id)
    said = _said(words, "words_missing", "Say where it stands.")
    move_action(action, action.status, action.status, by=by, on=on, reason=said)
    audit.record("action.progress", action, by=by, purpose=action.case.matter.purpose)
    return action


@transaction.atomic
def not_yet(*, action_id: str, reason: str, due_on: date, by: Actor, on: date) -> Action:
    """Say why an action is not done yet, and by when it will be. What has passed is no such day.

    An action that was blocked is open again: whoever gives a day expects to reach it.
    """
    action = _to_do(by, action_id)
    said = _said(reason, "reason_missing", "Say why it is not done yet.")
    refuse_if(rules.day_refusals(due_on, on))
    before, status = action.due_on, ActionStatus(action.status)
    if due_on != before:
        action.due_on, action.level = due_on, 0
        said = f"{day_moved(before, due_on)} {said}"
    if status == ActionStatus.BLOCKED:
        ACTION_LIFECYCLE.check(status, ActionStatus.OPEN)
        action.status, action.blocked_why = ActionStatus.OPEN, ""
    action.version += 1
    action.save(update_fields=["due_on", "level", "status", "blocked_why", "version"])
    keep_version(action, by=by)
    move_action(action, status, action.status, by=by, on=on, reason=said)
    keep_next_due(action.case)
    audit.record("action.not_yet", action, by=by, purpose=action.case.matter.purpose, due=due_on)
    return action


def _move(action: Action, target: ActionStatus, *, reason: str, by: Actor, on: date) -> None:
    """Change the status with all that hangs on it, and keep the move. The audit entry is the caller's."""
    before = ActionStatus(action.status)
    ACTION_LIFECYCLE.check(before, target)
    action.status = target
    action.blocked_why = reason if target == ActionStatus.BLOCKED else ""
    action.ended_on = on if target in (ActionStatus.DONE, ActionStatus.DROPPED) else None
    action.evidence = reason if target == ActionStatus.DONE else ""
    if target == ActionStatus.OPEN:
        action.level = 0
    action.save(update_fields=["status", "blocked_why", "ended_on", "evidence", "level"])
    move_action(action, before, target, by=by, on=on, reason=reason)
    keep_next_due(action.case)


@transaction.atomic
def block(*, action_id: str, reason: str, by: Actor, on: date) -> Action:
    """Say what is in the way. The lead officer sees it and clears the way, or drops the action."""
    action = _to_do(by, action_id)
    said = _said(reason, "reason_missing", "Say what is in the way.")
    _move(action, ActionStatus.BLOCKED, reason=said, by=by, on=on)
    audit.record("action.blocked", action, by=by, purpose=action.case.matter.purpose)
    return action


@transaction.atomic
def unblock(*, action_id: str, reason: str, by: Actor, on: date) -> Action:
    """The way is clear: how."""
    action = _to_do(by, action_id)
    said = _said(reason, "reason_missing", "Say how the way was cleared.")
    _move(action, ActionStatus.OPEN, reason=said, by=by, on=on)
    audit.record("action.unblocked", action, by=by, purpose=action.case.matter.purpose)
    return action


@transaction.atomic
def done(*, action_id: str, evidence: str, by: Actor, on: date) -> Action:
    """Record an action as done, and by what one can tell. Raises Refusal without evidence."""
    action = _to_do(by, action_id)
    said = _said(evidence, "evidence_missing", "Say what was done.")
    _move(action, ActionStatus.DONE, reason=said, by=by, on=on)
    audit.record("action.done", action, by=by, purpose=action.case.matter.purpose)
    return action


@transaction.atomic
def drop(*, action_id: str, reason: str, by: Actor, on: date) -> Action:
    """Drop an action that is no longer needed. Only whoever runs the case may, with a reason."""
    action = object_rules.get_action_for_update(by, action_id)
    object_rules.check_can_change(by, action)
    if not action.is_open:
        raise Refusal("action_ended", "This action has ended already.")
    said = _said(reason, "reason_missing", "Say why it is no longer needed.")
    _move(action, ActionStatus.DROPPED, reason=said, by=by, on=on)
    audit.record("action.dropped", action, by=by, purpose=action.case.matter.purpose)
    return action


@transaction.atomic
def reopen(*, action_id: str, reason: str, due_on: date, by: Actor, on: date) -> Action:
    """Open an action again that was done or dropped, with a reason and a new day. What was written as evidence
    stays in its history."""
    action = object_rules.get_action_for_update(by, action_id)
    object_rules.check_can_change(by, action)
    check_open(action.case)
    if action.is_open:
        raise Refusal("action_open", "This action is open already.")
    said = _said(reason, "reason_missing", "Say why it is opened again.")
    refuse_if(rules.day_refusals(due_on, on))
    action.due_on = due_on
    action.version += 1
    action.save(update_fields=["due_on", "version"])
    _move(action, ActionStatus.OPEN, reason=said, by=by, on=on)
    keep_version(action, by=by)
    audit.record("action.reopened", action, by=by, purpose=action.case.matter.purpose, due=due_on)
    return action
