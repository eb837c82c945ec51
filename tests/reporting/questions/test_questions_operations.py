"""Members' questions: recorded, answered by their owner, opened again, and never lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.reporting.models import QuestionStatus
from saferhub.reporting.operations import questions as operations
from saferhub.reporting.queries.home import work_items
from tests.reporting.writing import ANA, DAY, MAYA, RACHEL, a_committee, a_question, a_sitting, acting

Cast = dict[str, Any]


def answer(cast: Cast, row: Any, by: str = MAYA) -> Any:
    who = acting(cast, by)
    return operations.answer_question(
        question_id=row.public_id, answer="Four working days.", by=who, on=who.on, seen=row.version
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"words": ""}, "no_words"),
        ({"owner_post": ""}, "no_owner"),
        ({"due_on": None}, "no_due"),
        ({"due_on": date(2018, 1, 1)}, "due_before"),
        ({"asked_on": date(2040, 1, 1)}, "asked_ahead"),
        ({"owner": "nobodyhere"}, "unknown_owner"),
    ],
)
def test_a_question_needs_words_an_owner_and_a_day(cast: Cast, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        a_question(cast, a_committee(cast), **changed)
    assert refused.value.code == code


def test_a_question_is_due_at_its_sitting_where_no_day_is_given(cast: Cast) -> None:
    committee = a_committee(cast)
    day = acting(cast, MAYA).on + timedelta(days=40)
    sitting = a_sitting(cast, committee, day)
    row = a_question(cast, committee, due_on=None, due_at=sitting.public_id)
    assert row.due_on == day


def test_the_owner_answers_and_nobody_else_does(cast: Cast) -> None:
    row = a_question(cast, a_committee(cast), owner=cast[RACHEL].public_id)
    assert any(one.step == "Answer it" for one in work_items(acting(cast, RACHEL)))
    with pytest.raises(NotAllowed):
        answer(cast, row, "priya.partner")
    done = answer(cast, row, RACHEL)
    assert (done.status, done.answered_by) == (QuestionStatus.ANSWERED, cast[RACHEL].public_id)
    assert not any(one.note == "Member’s question" for one in work_items(acting(cast, RACHEL)))
    events = Entry.objects.filter(subject=row.public_id).order_by("id").values_list("event", flat=True)
    assert list(events) == ["reporting.question_recorded", "reporting.question_answered"]


def test_an_answer_that_does_not_content_members_is_asked_for_again(cast: Cast) -> None:
    ana = acting(cast, ANA)
    row = answer(cast, a_question(cast, a_committee(cast)))
    row = operations.move_question(
        question_id=row.public_id, target=QuestionStatus.OPEN, reason="They want figures", by=ana, on=ana.on,
        seen=row.version,
    )  # fmt: skip
    assert row.status == QuestionStatus.OPEN
    assert [one.to_status for one in row.moves.order_by("id")] == ["open", "answered", "open"]


def test_what_is_withdrawn_is_over(cast: Cast) -> None:
    ana = acting(cast, ANA)
    row = a_question(cast, a_committee(cast))
    row = operations.move_question(
        question_id=row.public_id, target=QuestionStatus.WITHDRAWN, reason="Asked twice", by=ana, on=ana.on,
        seen=row.version,
    )  # fmt: skip
    with pytest.raises(Refusal):
        answer(cast, row)


def test_two_who_change_one_question_do_not_overwrite_each_other(cast: Cast) -> None:
    ana = acting(cast, ANA)
    row = a_question(cast, a_committee(cast))
    values = {"words": "Other words?", "owner_post": "Analyst", "asked_on": DAY, "due_on": date(2018, 12, 1)}
    operations.change_question(question_id=row.public_id, values=values, by=ana, on=ana.on, seen=row.version)
    with pytest.raises(Conflict):
        operations.change_question(
            question_id=row.public_id, values=values, by=ana, on=ana.on, seen=row.version
        )
