"""The invented year of meetings: the same for the same seed, consistent with its cases, and seen as any other."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command

from saferhub.casework.operations import demonstration_history
from saferhub.casework.rules.oversight_figures import period
from saferhub.foundation.models import Milestone
from saferhub.meetings import access
from saferhub.meetings.demonstration import past
from saferhub.meetings.models import Meeting, MinutesPart
from saferhub.meetings.operations import demonstration_year
from saferhub.meetings.queries import measures as queries
from saferhub.partnership.operations.demonstration import Size
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

FIRST = date(2017, 9, 7)
DAYS = [(FIRST + n * past.FORTNIGHT, None) for n in range(26)]


def a_case(pk: int, *, adopted: int = 0, closed: int | None = None, acts: int | None = None) -> past.Known:
    """Adopted, closed and agreeing an action so many days after the first meeting."""
    actions = ()
    if acts is not None:
        day = FIRST + timedelta(days=acts)
        actions = (past.Agreed(f"A{pk}", day, "Call again", "Police", day + timedelta(days=7)),)
    return past.Known(
        pk, pk, f"M{pk}", f"Case {pk}", f"SEL-{pk}", "reduce_asb", FIRST + timedelta(days=adopted),
        None if closed is None else FIRST + timedelta(days=closed), actions,
    )  # fmt: skip


CASES = [
    a_case(1),
    a_case(2, closed=40),
    a_case(3, adopted=100, acts=112),
    *(a_case(n, adopted=n) for n in range(4, 20)),
]


def test_the_same_seed_tells_the_same_year_and_another_another() -> None:
    first = list(past.meetings("selby", DAYS, CASES, 7))
    assert first == list(past.meetings("selby", DAYS, CASES, 7))
    assert first != list(past.meetings("selby", DAYS, CASES, 8))
    assert first != list(past.meetings("craven", DAYS, CASES, 7))


def test_what_is_spoken_of_was_open_on_that_day() -> None:
    held = [one for one in past.meetings("selby", DAYS, CASES, 7) if not one.cancelled]
    assert len(held) > 20
    for meeting in held:
        for item in meeting.items:
            assert item.case.adopted_on <= meeting.on
            assert item.case.closed_on is None or item.case.closed_on >= meeting.on
            assert len({one.key for one in item.answers}) == len(item.answers)


def test_closing_is_proposed_shortly_before_a_case_closes_and_actions_are_agreed_in_their_week() -> None:
    held = [one for one in past.meetings("selby", DAYS, CASES, 7) if not one.cancelled]
    proposed = [
        (one.on, item.case) for one in held for item in one.items if item.decision == "propose_closing"
    ]
    assert all(case.closed_on and on <= case.closed_on < on + past.FORTNIGHT for on, case in proposed)
    agreed = [(one.on, action) for one in held for item in one.items for action in item.actions]
    assert [action.key for _, action in agreed] == ["A3"]
    assert all(on <= action.set_on < on + timedelta(days=7) for on, action in agreed)


def test_what_is_put_off_has_neither_decision_nor_words_and_comes_back_at_the_next_meeting() -> None:
    held = [one for one in past.meetings("selby", DAYS, CASES, 7) if not one.cancelled]
    put_off = [(item, later) for one, later in pairwise(held) for item in one.items if item.put_off]
    assert put_off
    for item, later in put_off:
        assert (item.decision, item.said, item.actions, item.seconds) == ("", "", (), 0)
        if item.case.closed_on is None or item.case.closed_on >= later.on:
            assert item.case in [one.case for one in later.items]


@pytest.mark.django_db(transaction=True)
def test_seven_hubs_have_a_year_of_figures_that_the_manager_reads(cast: dict[str, Any]) -> None:
    size = Size(scale=1, seed=3)
    demonstration_history.call(cast, size.seed)
    assert demonstration_year.make(cast, size, lambda _: None) is True
    assert demonstration_year.make(cast, size, lambda _: None) is False
    assert Milestone.is_reached(demonstration_year.MILESTONE)
    with entered(cast["maya.manager"]):
        maya = actor(cast, "maya.manager")
        groups = list(access.groups_visible_to(maya).filter(kind="maps"))
        found = queries.measures(maya, groups, period(maya.on, 12, maya.on))
        assert not Meeting.objects.filter(on__lt=maya.on, status="planned").exists()
        ahead = Meeting.objects.filter(group__in=groups, status="planned").values("group").distinct()
        assert ahead.count() == 7
        told = Meeting.objects.filter(status="draft", group__in=groups)
        assert [one.status for one in MinutesPart.objects.filter(meeting__in=told)] == ["draft"]
    with entered(cast["fergus.former"]):
        assert not access.meetings_visible_to(actor(cast, "fergus.former")).exists()
    assert len(groups) == 7 and found.held > 150
    assert found.statutory.attended.of > found.others.attended.of > 100
    victims = next(one for one in found.agencies if one.code == "victim_support_service")
    assert 0 < victims.attended.done < victims.attended.of
    call_command("verify_audit", verbosity=0)
