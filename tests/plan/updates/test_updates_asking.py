"""The job that asks leads after a quarter and reminds the silent, run as the worker runs it, mail included."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail

from saferhub.foundation import clock
from saferhub.plan.models import PlanAction
from saferhub.plan.operations import updates_asking
from saferhub.plan.queries.updates import work_items
from tests.builders.casework import actor
from tests.plan.planned import CHRIS, OLIVIA, RACHEL, Cast, a_year, an_update

# A job opens its own transaction and is done once that is committed; only then is its mail sent.
pytestmark = pytest.mark.django_db(transaction=True)
ASKED = date(2019, 7, 1)  # the first working day after the quarter


@pytest.fixture
def action(cast: Cast) -> PlanAction:
    """The one action of an agreed year, led by the police and nobody by name."""
    return a_year(cast, agreed=True).actions.get()


def ask_on(day: date, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(clock, "today", lambda: day)
    return int(updates_asking.ask_for_updates.func())


def test_leads_are_asked_after_the_quarter_and_once(
    cast: Cast, action: PlanAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.outbox.clear()
    assert ask_on(date(2019, 6, 30), monkeypatch) == 0  # a Sunday, and within the quarter
    ask_on(ASKED, monkeypatch)
    ask = action.updates.get()
    assert (ask.quarter, ask.asked_on, ask.due_on, ask.on) == (
        date(2019, 4, 1),
        ASKED,
        date(2019, 7, 15),
        None,
    )
    (told,) = [one for one in mail.outbox if one.to == [cast[CHRIS].email]]
    assert "- 2.1: answer by 15 July 2019" in told.body
    assert action.what not in told.body  # mail leaves the service unprotected
    sent = len(mail.outbox)
    assert ask_on(ASKED, monkeypatch) == 0
    assert len(mail.outbox) == sent
    assert action.updates.count() == 1


def test_the_silent_are_reminded_each_week_until_they_answer(
    cast: Cast, action: PlanAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_on(ASKED, monkeypatch)

    def reminded(day: date) -> list[str]:
        mail.outbox.clear()
        ask_on(day, monkeypatch)
        return [one.body for one in mail.outbox if one.to == [cast[CHRIS].email]]

    assert reminded(date(2019, 7, 12)) == []
    (body,) = reminded(date(2019, 7, 15))
    assert "- 2.1: was asked for by 15 July 2019" in body
    assert reminded(date(2019, 7, 16)) == []
    (body,) = reminded(date(2019, 7, 22))
    assert "late" in body
    update = an_update(cast, action, by=CHRIS, on=date(2019, 7, 23))
    assert (update.quarter, update.asked_on) == (date(2019, 4, 1), ASKED)  # it answers what was asked
    assert reminded(date(2019, 7, 29)) == []


def test_the_one_who_is_named_is_asked_and_not_her_colleagues(
    cast: Cast, action: PlanAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    PlanAction.objects.filter(pk=action.pk).update(lead=cast["ana.analyst"])
    mail.outbox.clear()
    ask_on(ASKED, monkeypatch)
    to = [one.to[0] for one in mail.outbox if "2.1" in one.body]
    assert cast["ana.analyst"].email in to
    assert cast[CHRIS].email not in to


def test_what_is_due_from_her_stands_in_your_work(
    cast: Cast, action: PlanAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hers(username: str) -> list[str]:
        return [
            one.title for one in work_items(actor(cast, username)) if one.url.endswith(f"{action.public_id}/")
        ]

    assert hers(CHRIS) == []
    ask_on(ASKED, monkeypatch)
    assert hers(CHRIS) == ["2.1 Look through what is open longest"]
    assert hers(RACHEL) == hers(OLIVIA) == hers("ana.analyst") == []
