"""Chasing: who is reminded of what, once, and never of what she does not see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from saferhub.casework.models import Action, Case, Chase
from saferhub.casework.operations import actions_chasing
from saferhub.casework.operations import actions_doing as doing
from saferhub.foundation import clock
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Matter
from tests.builders.casework import a_case, actor
from tests.builders.casework_actions import an_action

# The steward's connection reads what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward"])
Cast = dict[str, Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    # The demonstration has late actions of its own.
    Action.objects.using("steward").update(due_on=clock.today() + timedelta(days=300))
    return a_case(cast)


def chase() -> int:
    return int(actions_chasing.chase_actions.func())


def mails() -> dict[str, str]:
    """What was sent, by address."""
    found: dict[str, str] = {}
    for sent in mail.outbox:
        (to,) = sent.to
        assert to not in found, "one mail a person"
        found[to] = f"{sent.subject}\n{sent.body}"
    return found


def told(cast: Cast) -> set[tuple[str, int]]:
    names = {user.public_id: username for username, user in cast.items()}
    with entered(cast["maya.manager"]):
        return {(names[one.to], one.level) for one in Chase.objects.all()}


def level(cast: Cast, action: Action) -> int:
    with entered(cast["colin.coordinator"]):
        return Action.objects.get(pk=action.pk).level


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


def test_the_owner_is_reminded_once_by_reference_alone(cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner", words="Visit Joanne Frith", set_before=8)
    assert chase() == 1
    (to, text) = mails().popitem()
    assert to == cast["priya.partner"].email
    assert case.matter.reference in text
    for secret in ("Joanne", "Visit", case.matter.title, case.hub.name, cast["priya.partner"].name):
        assert secret not in text
    assert told(cast) == {("priya.partner", 2)}
    assert level(cast, action) == 2
    assert chase() == 0
    assert len(mails()) == 1


def test_two_late_actions_make_one_mail(cast: Cast, case: Case) -> None:
    other = a_case(cast, title="Noise at night")
    for one in (case, other):
        an_action(cast, one, owner="priya.partner", set_before=8)
    assert chase() == 1
    (text,) = mails().values()
    assert case.matter.reference in text
    assert other.matter.reference in text


def test_those_above_are_told_as_working_days_pass(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    action = an_action(cast, case, owner="priya.partner", due_on=today + timedelta(days=1))
    found = []
    for days in (0, 7, 21):
        on_day(monkeypatch, today + timedelta(days=days))
        chase()
        found.append((level(cast, action), told(cast)))
    owner = {("priya.partner", 1)}
    # Nobody leads the case by name, so what is for the lead goes to the hub's co-ordinator.
    later = owner | {("priya.partner", 2), ("colin.coordinator", 3)}
    assert found[0] == (1, owner)
    assert found[1][0] >= 3
    assert later <= found[1][1] | {("colin.coordinator", 3)}
    assert found[2] == (5, later | {("colin.coordinator", 4), ("maya.manager", 5)})


def test_nobody_is_reminded_of_a_case_that_she_no_longer_sees(cast: Cast, case: Case) -> None:
    an_action(cast, case, owner="victor.voluntary", set_before=8)
    an_action(cast, case, owner="priya.partner", set_before=8)
    Agreement.objects.filter(code="victim_support_2018").update(status="suspended")
    assert chase() == 1
    assert set(mails()) == {cast["priya.partner"].email}
    assert {name for name, _ in told(cast)} == {"priya.partner"}


def test_once_the_agreement_is_back_the_reminder_comes(cast: Cast, case: Case) -> None:
    an_action(cast, case, owner="victor.voluntary", set_before=8)
    Agreement.objects.filter(code="victim_support_2018").update(status="suspended")
    assert chase() == 0
    Agreement.objects.filter(code="victim_support_2018").update(status="in_force")
    assert chase() == 1


def test_where_the_lead_does_not_see_it_the_co_ordinator_is_told(cast: Cast, case: Case) -> None:
    an_action(cast, case, owner="priya.partner", due_on=clock.today(), set_before=1)
    with entered(cast["colin.coordinator"]):
        Matter.objects.filter(pk=case.matter_id).update(lead=cast["victor.voluntary"])
        Action.objects.filter(case=case).update(due_on=clock.today() - timedelta(days=14))
    Agreement.objects.filter(code="victim_support_2018").update(status="suspended")
    chase()
    steps = told(cast)
    assert ("colin.coordinator", 3) in steps
    assert not any(name == "victor.voluntary" for name, _ in steps)


def test_what_is_done_blocked_or_in_a_closed_case_reminds_no_owner(cast: Cast, case: Case) -> None:
    closed = a_case(cast, title="Quiet now")
    done, blocked = (an_action(cast, case, owner="priya.partner", set_before=8) for _ in range(2))
    an_action(cast, closed, owner="priya.partner", set_before=8)
    with entered(cast["priya.partner"]):
        priya = actor(cast, "priya.partner")
        doing.done(action_id=done.public_id, evidence="Seen.", by=priya, on=priya.on)
        doing.block(action_id=blocked.public_id, reason="Away.", by=priya, on=priya.on)
    with entered(cast["colin.coordinator"]):
        Case.objects.filter(pk=closed.pk).update(
            status="closed", closed_on=closed.adopted_on, outcome="resolved", close_reason="It is quiet."
        )
    assert chase() == 0
    assert mails() == {}
    assert level(cast, blocked) == 2


def test_a_day_that_moved_starts_the_ladder_anew(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = an_action(cast, case, owner="priya.partner", set_before=8)
    assert chase() == 1
    today = clock.today()
    with entered(cast["priya.partner"]):
        priya = actor(cast, "priya.partner")
        doing.not_yet(
            action_id=action.public_id,
            reason="Away.",
            due_on=today + timedelta(days=14),
            by=priya,
            on=priya.on,
        )
    assert level(cast, action) == 0
    assert chase() == 0
    on_day(monkeypatch, today + timedelta(days=15))
    assert chase() == 1


def test_nobody_of_the_unit_by_name_means_everybody_of_it(cast: Cast, case: Case) -> None:
    an_action(cast, case, unit_of_username="priya.partner", set_before=8)
    chase()
    assert told(cast) == {("priya.partner", 2)}


def test_a_failure_leaves_nobody_half_told(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    an_action(cast, case, owner="priya.partner", set_before=8)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the queue is away")

    with monkeypatch.context() as patched:
        patched.setattr("saferhub.accounts.mail.send", broken)
        with pytest.raises(OSError, match="the queue is away"):
            chase()
    assert told(cast) == set()
    assert chase() == 1
