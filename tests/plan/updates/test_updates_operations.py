"""Giving and correcting updates: outcome, audit, refusals, two at once, rollback."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.models import ActionUpdate, PlanAction
from saferhub.plan.operations import updates as operations
from tests.builders.casework import actor
from tests.plan.planned import CHRIS, DAY, MAYA, OLIVIA, RACHEL, Cast, a_year, an_action, an_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> PlanAction:
    """The one action of an agreed year, led by the police and nobody by name."""
    return a_year(cast, agreed=True).actions.get()


def test_an_update_is_kept_and_moves_the_action(cast: Cast, action: PlanAction) -> None:
    update = an_update(cast, action, by=CHRIS, status="at_risk", words="Two hubs lack people.")
    action.refresh_from_db()
    assert (update.quarter, update.on, update.by, action.status) == (
        date(2019, 7, 1),
        DAY,
        cast[CHRIS].public_id,
        "at_risk",
    )
    newest = action.moves.order_by("-id").first()
    assert newest is not None
    assert (newest.from_status, newest.to_status, newest.reason) == (
        "not_started",
        "at_risk",
        "Two hubs lack people.",
    )
    events = Entry.objects.filter(codes__quarter="2019-07-01") | Entry.objects.filter(
        subject=action.public_id
    )
    assert {"plan.update_said", "plan.action_moved"} <= set(events.values_list("event", flat=True))


def test_a_second_word_on_a_quarter_follows_the_first_which_stays(cast: Cast, action: PlanAction) -> None:
    first = an_update(cast, action)
    second = an_update(cast, action, words="Three hubs now.", on=date(2019, 8, 1))
    assert (second.replaces, second.quarter) == (first, first.quarter)
    first.refresh_from_db()
    assert first.words == "Two hubs have begun."


def test_done_asks_what_shows_it_and_keeps_it_with_the_action(cast: Cast, action: PlanAction) -> None:
    with pytest.raises(Refusal) as found:
        an_update(cast, action, status="done")
    assert found.value.code == "no_evidence"
    an_update(cast, action, status="done", evidence="The list of 3 July")
    action.refresh_from_db()
    assert (action.status, action.evidence) == ("done", "The list of 3 July")


def test_only_whoever_leads_it_says_how_it_stands(cast: Cast, action: PlanAction) -> None:
    with pytest.raises(NotAllowed):
        an_update(cast, action, by=RACHEL)
    with pytest.raises(Http404):
        an_update(cast, action, by=OLIVIA)
    PlanAction.objects.filter(pk=action.pk).update(lead=cast["nadia.neighbour"])
    with pytest.raises(NotAllowed):  # somebody is named now, so her colleagues are not asked
        an_update(cast, action, by=CHRIS)
    assert an_update(cast, action, by="nadia.neighbour").on == DAY
    assert an_update(cast, action, by=MAYA).on == DAY


def test_two_who_update_at_once_do_not_overwrite_each_other(cast: Cast, action: PlanAction) -> None:
    seen = action.version
    an_update(cast, action)
    with pytest.raises(Conflict):
        operations.say_update(
            action_id=action.public_id, status="at_risk", words="x", by=actor(cast, CHRIS), on=DAY, seen=seen
        )
    assert ActionUpdate.objects.filter(action=action).count() == 1


def test_updates_begin_with_the_agreement_and_end_with_the_review_or_a_stop(cast: Cast) -> None:
    plan = a_year(cast)
    action = an_action(cast, plan)
    for status, code in (
        ("draft", "year_drafted"),
        ("reviewed", "year_reviewed"),
        ("in_force", "action_stopped"),
    ):
        type(plan).objects.filter(pk=plan.pk).update(status=status)
        PlanAction.objects.filter(pk=action.pk).update(
            status="stopped" if status == "in_force" else "not_started"
        )
        with pytest.raises(Refusal) as found:
            an_update(cast, PlanAction.objects.get(pk=action.pk))
        assert found.value.code == code


def test_a_correction_follows_what_was_said_and_moves_nothing(cast: Cast, action: PlanAction) -> None:
    first, chris = an_update(cast, action), actor(cast, CHRIS)
    given = {
        "update_id": first.public_id,
        "words": "One hub has begun.",
        "evidence": "",
        "by": chris,
        "on": DAY,
    }
    second = operations.correct_update(**given)
    assert (second.replaces, second.status, second.words) == (first, "on_track", "One hub has begun.")
    action.refresh_from_db()
    assert action.status == "on_track"
    for more, code in (
        ({}, "corrected_meanwhile"),
        ({"update_id": second.public_id, "words": " "}, "no_words"),
    ):
        with pytest.raises(Refusal) as found:
            operations.correct_update(**{**given, **more})
        assert found.value.code == code
    with pytest.raises(NotAllowed):
        operations.correct_update(**{**given, "update_id": second.public_id, "by": actor(cast, RACHEL)})


def test_nothing_of_an_update_stands_when_its_entry_cannot_be_written(
    cast: Cast, action: PlanAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no entry")

    monkeypatch.setattr(operations.audit, "record", broken)
    with pytest.raises(RuntimeError, match="no entry"):
        an_update(cast, action)
    action.refresh_from_db()
    assert action.status == "not_started"
    assert not action.updates.exists()
