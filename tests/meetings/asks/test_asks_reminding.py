"""Reminding: who is silent is told once a day, by reference, and of nothing that she does not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from saferhub.casework.models import Case
from saferhub.foundation import clock
from saferhub.meetings.models import Ask
from saferhub.meetings.operations import asking, asking_reminders, keeping
from saferhub.sharing.entering import entered
from tests.builders.meetings import COLIN, PRIYA, SEATS, VICTOR, Made, a_meeting, act, ask_of

# The steward's connection reads what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward"])
Cast = dict[str, Any]


def remind() -> int:
    return int(asking_reminders.remind_of_asks.func())


def ready(cast: Cast) -> Made:
    """A meeting whose answers are due today; of the demonstration's none is."""
    made = a_meeting(cast, items=2, person=True)
    today = clock.today()
    Ask.objects.using("steward").exclude(meeting=made.meeting).update(reminded_on=today)
    Ask.objects.using("steward").filter(meeting=made.meeting).update(
        due_on=today, asked_on=today - timedelta(days=5)
    )
    mail.outbox.clear()
    return made


def test_who_is_silent_is_told_once_a_day_by_reference_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ready(cast)
    working(monkeypatch)
    with entered(cast[COLIN]):
        # Nobody is asked again about a case that has closed meanwhile.
        Case.objects.filter(pk=made.cases[1].pk).update(
            status="closed", closed_on=clock.today(), outcome="resolved", close_reason="It is quiet."
        )
    act(
        cast, PRIYA, asking.answer, meeting_id=made.meeting.public_id, ask_id=ask_of(cast, made, PRIYA).public_id,
        answer="nothing", seen=1,
    )  # fmt: skip
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[VICTOR].public_id)
    assert remind() == len(SEATS) - 2
    told = {to for one in mail.outbox for to in one.to}
    assert told == {cast[one].email for one in SEATS} - {cast[PRIYA].email, cast[VICTOR].email}
    for one in mail.outbox:
        text = f"{one.subject}\n{one.body}"
        assert made.cases[0].matter.reference in text
        assert made.cases[1].matter.reference not in text
        for secret in ("Tindall", made.cases[0].matter.title):
            assert secret not in text
    mail.outbox.clear()
    assert remind() == 0
    assert mail.outbox == []


def working(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let today be a working day, whatever day it is."""
    monkeypatch.setattr(asking_reminders, "reminds", lambda *, on, reminded_on, **rest: reminded_on != on)
