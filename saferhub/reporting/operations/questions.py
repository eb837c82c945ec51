"""Members' questions: recorded with an owner and a day, answered, opened again, withdrawn.

A question stands in every report to its committee until it has been answered and reported (`operations.publishing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Membership
from saferhub.reporting import access
from saferhub.reporting.models import (
    QUESTION_LIFECYCLE,
    Committee,
    MemberQuestion,
    QuestionMove,
    QuestionStatus,
    Sitting,
)
from saferhub.reporting.rules import committees as rules


@transaction.atomic
def record_question(*, committee_id: str, values: Mapping[str, Any], by: Actor, on: date) -> MemberQuestion:
    """Record what a member asked: `asked_on`, `asked_at` (a sitting), `asked_by` (the member's public office), `words`,
    `area`, `owner` (public_id of an account), `owner_post`, `due_at` (a sitting), `due_on`.

    Raises NotAllowed unless the actor writes reports; Http404; Refusal of `rules.question_refusals`, `no_due`,
    `other_committee`, `unknown_owner`.
    """
    access.check_can_write(by)
    committee = access.get(by, Committee, committee_id)
    row = MemberQuestion(partnership_id=committee.partnership_id, committee=committee)
    _fill(row, values, by=by, on=on)
    row.save()
    _moved(row, "", QuestionStatus.OPEN, by=by, on=on)
    audit.record("reporting.question_recorded", row, by=by, committee=committee.public_id, due=row.due_on)
    return row


@transaction.atomic
def change_question(
    *, question_id: str, values: Mapping[str, Any], by: Actor, on: date, seen: int
) -> MemberQuestion:
    """Change an open question: its words, its owner, when it is due. Raises as `record_question`, Conflict, Refusal
    `not_open`."""
    access.check_can_write(by)
    row = access.get_for_update(by, MemberQuestion, question_id, version=seen)
    if row.status != QuestionStatus.OPEN:
        raise Refusal("not_open", "This question is not open any more.")
    _fill(row, values, by=by, on=on)
    row.version += 1
    row.save()
    audit.record("reporting.question_changed", row, by=by, version=row.version, due=row.due_on)
    return row


def _fill(row: MemberQuestion, values: Mapping[str, Any], *, by: Actor, on: date) -> None:
    row.asked_at = _sitting(by, row.committee, values.get("asked_at"))
    row.due_at = _sitting(by, row.committee, values.get("due_at"))
    asked_on = values.get("asked_on") or (row.asked_at.on if row.asked_at is not None else on)
    due_on = values.get("due_on") or (row.due_at.on if row.due_at is not None else None)
    if due_on is None:
        raise Refusal("no_due", "Give the day or the sitting by which it is answered.")
    refuse_if(
        rules.question_refusals(
            words=values.get("words", ""),
            owner_post=values.get("owner_post", ""),
            asked_on=asked_on,
            due_on=due_on,
            on=on,
        )
    )
    row.asked_on, row.due_on = asked_on, due_on
    row.owner = _owner(by, values.get("owner") or "", on)
    for name in ("asked_by", "words", "area", "owner_post"):
        setattr(row, name, (values.get(name) or "").strip())


def _sitting(by: Actor, committee: Committee, public_id: str | None) -> Sitting | None:
    if not public_id:
        return None
    found = access.get(by, Sitting, public_id)
    if found.committee_id != committee.pk:
        raise Refusal(
            "other_committee", "That is a sitting of another committee. Choose one of this committee’s."
        )
    return found


def _owner(by: Actor, public_id: str, on: date) -> User | None:
    if not public_id:
        return None
    here = Membership.objects.in_force_on(on).filter(partnership=by.partnership).values("user")
    found = User.objects.filter(pk__in=here, public_id=public_id).first()
    if found is None:
        raise Refusal("unknown_owner", "Choose somebody who works in the partnership today.")
    return found


@transaction.atomic
def answer_question(*, question_id: str, answer: str, by: Actor, on: date, seen: int) -> MemberQuestion:
    """Answer a question, or put other words into an answer that members have not had yet. Its owner does, or whoever
    writes reports.

    Raises NotAllowed, Http404, Conflict, Refusal `no_answer`, `illegal_move`."""
    row = access.get_for_update(by, MemberQuestion, question_id, version=seen)
    access.check_answers(by, row)
    if not answer.strip():
        raise Refusal("no_answer", "Write the answer.")
    before = QuestionStatus(row.status)
    if before != QuestionStatus.ANSWERED:
        QUESTION_LIFECYCLE.check(before, QuestionStatus.ANSWERED)
    row.answer, row.answered_on, row.answered_by = answer.strip(), on, by.public_id
    row.status = QuestionStatus.ANSWERED
    row.version += 1
    row.save(update_fields=["answer", "answered_on", "answered_by", "status", "version"])
    if before != QuestionStatus.ANSWERED:
        _moved(row, before, QuestionStatus.ANSWERED, by=by, on=on)
    audit.record("reporting.question_answered", row, by=by, version=row.version)
    return row


@transaction.atomic
def move_question(
    *, question_id: str, target: QuestionStatus, reason: str, by: Actor, on: date, seen: int
) -> MemberQuestion:
    """Open a question again (members were not content), close it (it was reported otherwise) or record that it was
    withdrawn. Raises NotAllowed, Http404, Conflict, Refusal `no_reason`, `illegal_move`."""
    access.check_can_write(by)
    row = access.get_for_update(by, MemberQuestion, question_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say why.")
    before = QuestionStatus(row.status)
    if target == QuestionStatus.ANSWERED:
        raise Refusal("no_answer", "Write the answer.")
    QUESTION_LIFECYCLE.check(before, target)
    row.status = target
    row.version += 1
    row.save(update_fields=["status", "version"])
    _moved(row, before, target, by=by, on=on, reason=reason.strip())
    event = {
        QuestionStatus.OPEN: "reporting.question_reopened",
        QuestionStatus.CLOSED: "reporting.question_closed",
        QuestionStatus.WITHDRAWN: "reporting.question_withdrawn",
    }[target]
    audit.record(event, row, by=by)
    return row


def _moved(row: MemberQuestion, before: str, after: str, *, by: Actor, on: date, reason: str = "") -> None:
    QuestionMove.objects.create(
        question=row, from_status=before, to_status=after, on=on, by=by.public_id, reason=reason
    )
