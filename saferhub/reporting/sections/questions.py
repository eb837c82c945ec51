"""Members' questions in a report, as they stood on its day; and what a report that was frozen told of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.db.models import OuterRef, Q, Subquery

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Cell, Column, Document, Row, Table
from saferhub.reporting.models import (
    MemberQuestion,
    QuestionMove,
    QuestionStatus,
    ReportVersion,
    Resolution,
)
from saferhub.reporting.rules.marks import listed

from . import Asked, Proposed
from .reading import Reading, sentence

_ANCHOR = "members-questions"
_WAITS = "To be answered by "
_SETTLED = (QuestionStatus.CLOSED, QuestionStatus.WITHDRAWN)
# The day on which it was asked and the question, as a report writes them.
Key = tuple[str, str]


def questions(asked: Asked) -> Proposed:
    """What members asked and was not settled on the day: each question with its answer, or with who answers it by when;
    and what they resolved that waits for an answer. Nothing where nothing is open."""
    reading = Reading(asked)
    if asked.committee is None:
        return Proposed()
    rows = _told_of(asked)
    if rows:
        still = sum(waits for _, _, waits in rows)
        said = reading.counted("questions", len(rows), "Questions of members", table="reporting.question")
        one = len(rows) == 1
        if still in (0, len(rows)):
            state = "It has" if one else "All have"
            state = (
                f"{state} been answered."
                if not still
                else f"{'It waits' if one else 'All wait'} for an answer."
            )
        else:
            number = reading.counted(
                "questions_open", still, "Questions without an answer", table="reporting.question", open=True
            )
            state = f"Of these, {number} still {'waits' if still == 1 else 'wait'} for an answer."
        reading.say(
            f"Members have asked {said} {'question' if one else 'questions'}, which [members_questions] gives with"
            f" {'its answer' if one else 'the answers'}. {state} A question stays in each report until it has been"
            " answered."
        )
        columns = (Column("Asked on"), Column("Question"), Column("Answer"))
        table = tuple(Row((Cell(day), Cell(question), Cell(answer))) for (day, question), answer, _ in rows)
        reading.blocks.append(Table("Members’ questions", columns, table, anchor=_ANCHOR))
    waiting = Resolution.objects.filter(
        Q(answered_on__isnull=True) | Q(answered_on__gt=asked.as_of),
        report__committee=asked.committee, resolved_on__lte=asked.as_of,
    ).exclude(resolved="")  # fmt: skip
    due = waiting.filter(answer_due_on__isnull=False).order_by("resolved_on", "id")
    resolved = [_resolved(one) for one in due]
    if resolved:
        reading.say(listed("These resolutions of members wait for a written answer:", resolved))
    return reading.proposed()


def _told_of(asked: Asked) -> list[tuple[Key, str, bool]]:
    """The questions of the report, what it says to each, and whether that is no answer yet. What a report has told once
    it goes on telling when it is corrected, though by being published it settled the question."""
    day = asked.as_of
    moves = QuestionMove.objects.filter(question=OuterRef("pk"), on__lte=day).order_by("-id")
    rows = MemberQuestion.objects.filter(committee=asked.committee, asked_on__lte=day).annotate(
        stood=Subquery(moves.values("to_status")[:1])
    )
    told = cache(lambda: _told_by(asked.report))
    found = []
    for one in rows.order_by("asked_on", "id"):
        key = key_of(one)
        # Asked by that day and recorded later, it was open.
        stood = getattr(one, "stood") or QuestionStatus.OPEN  # noqa: B009 - annotated
        # What is withdrawn stands in no further report, of whichever day.
        if (stood in _SETTLED or one.status == QuestionStatus.WITHDRAWN) and key not in told():
            continue
        if stood in (QuestionStatus.OPEN, QuestionStatus.WITHDRAWN):
            answer, waits = _waits(one), True
        elif one.answered_on is not None and one.answered_on <= day:
            answer, waits = one.answer, False
        else:  # it was put into other words since, or answered anew
            answer = told().get(key, _waits(one))
            waits = answer.startswith(_WAITS)
        found.append((key, answer, waits))
    return found


def _told_by(report: int | None) -> Mapping[Key, str]:
    """What the published versions of this report say to each question, the newest first. One query, and none for one
    that is not begun."""
    if report is None:
        return {}
    found: dict[Key, str] = {}
    for row in ReportVersion.objects.filter(report=report, published_at__isnull=False).order_by("-id"):
        for key, answer in told_in(row.document()):
            found.setdefault(key, answer)
    return found


def told_in(document: Document) -> list[tuple[Key, str]]:
    """The questions that stand in a document, each with what stands there as its answer."""
    return [
        ((row.cells[0].text, row.cells[1].text), row.cells[2].text)
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Table) and block.anchor.endswith(_ANCHOR)
        for row in block.rows
    ]


def key_of(one: MemberQuestion) -> Key:
    """How a report writes the day of a question, and the question."""
    by = f" Asked by: {sentence(one.asked_by)}" if one.asked_by else ""
    return date_in_words(one.asked_on), f"{sentence(one.words)}{by}"


def _waits(one: MemberQuestion) -> str:
    return f"{_WAITS}{date_in_words(one.due_on)} ({one.owner_post})."


def _resolved(one: Resolution) -> str:
    due = date_in_words(one.answer_due_on) if one.answer_due_on else ""
    return sentence(f"{one.resolved.strip().rstrip('.')}; the answer is due by {due}")
