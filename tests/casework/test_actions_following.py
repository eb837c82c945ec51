"""Actions and watches follow sight: whom they are offered to, and to whom they go from whoever lost it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from saferhub.audit.models import Entry
from saferhub.casework.models import Action, ActionMove, Case, Intervention, Risk
from saferhub.casework.operations import actions as operations
from saferhub.casework.operations import interventions_running as running
from saferhub.casework.operations import notes_plan
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Because, Interest, Revision
from saferhub.sharing.operations.folders import give_interest
from saferhub.sharing.operations.interests_given import end_sight, restrict
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_actions import an_action
from tests.builders.casework_interventions import in_place

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast)


def as_colin(cast: Cast, operation: Callable[..., Any], **values: Any) -> Any:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        return operation(by=colin, on=colin.on, **values)


def end(cast: Cast, case: Case, username: str) -> None:
    with entered(cast["colin.coordinator"]):
        held = Interest.objects.get(folder=case.folder, unit=unit_of(cast, username))
    as_colin(
        cast,
        end_sight,
        matter_id=case.matter.public_id,
        interest_id=held.public_id,
        reason="They no longer work with her.",
    )


def restricted(cast: Cast, case: Case, *usernames: str) -> None:
    names = [cast[one].public_id for one in usernames]
    as_colin(cast, restrict, matter_id=case.matter.public_id, names=names, reason="It is about a colleague.")


def read(cast: Cast, action: Action) -> Action:
    with entered(cast["colin.coordinator"]):
        return Action.objects.select_related("owner", "owner_unit").get(pk=action.pk)


def offered(cast: Cast, case: Case) -> set[tuple[str, str]]:
    with entered(cast["colin.coordinator"]):
        fresh = Case.objects.select_related("folder__partnership").get(pk=case.pk)
        names = {user.public_id: username for username, user in cast.items()}
        return {
            (one.unit.public_id, names.get(one.user.public_id, "?") if one.user else "")
            for one in operations.owners_of(fresh)
        }


def test_where_only_somebody_named_sees_it_her_unit_is_not_offered(cast: Cast, case: Case) -> None:
    priya = unit_of(cast, "priya.partner").public_id
    assert (priya, "") in offered(cast, case)
    restricted(cast, case, "colin.coordinator", "priya.partner")
    colin = unit_of(cast, "colin.coordinator").public_id
    assert offered(cast, case) == {(priya, "priya.partner"), (colin, "colin.coordinator")}


def test_whoever_sees_it_in_an_emergency_alone_is_given_nothing_to_do(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]):
        give_interest(
            folder=case.folder,
            by=actor(cast, "colin.coordinator"),
            purpose=case.matter.purpose,
            because=Because.EMERGENCY,
            user=cast["nadia.neighbour"],
            until=clock.now() + timedelta(hours=4),
        )
    assert "nadia.neighbour" not in {name for _, name in offered(cast, case)}


def test_an_action_goes_to_the_unit_that_leads_from_whoever_lost_sight(cast: Cast, case: Case) -> None:
    hers = an_action(cast, case, owner="victor.voluntary")
    units = an_action(cast, case, unit_of_username="victor.voluntary")
    kept = an_action(cast, case, owner="priya.partner")
    end(cast, case, "victor.voluntary")
    for action in (hers, units):
        found = read(cast, action)
        assert (found.owner, found.owner_unit_id, found.version) == (None, case.lead_unit_id, 2)
        assert Entry.objects.filter(event="action.owner_lost", subject=action.public_id).count() == 1
        with entered(cast["colin.coordinator"]):
            assert "no longer sees" in ActionMove.objects.filter(action=action).latest("id").reason
    assert read(cast, kept).owner == cast["priya.partner"]


def test_in_a_restricted_case_only_those_who_are_named_keep_their_actions(cast: Cast, case: Case) -> None:
    kept = an_action(cast, case, owner="priya.partner")
    units = an_action(cast, case, unit_of_username="priya.partner")
    restricted(cast, case, "colin.coordinator", "priya.partner")
    assert read(cast, kept).owner == cast["priya.partner"]
    # Rachel's unit, which led the case, lost sight too: the unit whose case it is leads it now.
    assert read(cast, units).owner_unit == unit_of(cast, "colin.coordinator")


def test_a_watch_ends_with_the_sight_of_whoever_keeps_it(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    as_colin(
        cast,
        running.set_watcher,
        intervention_id=made.public_id,
        who=operations.owner_key(unit_of(cast, "victor.voluntary"), cast["victor.voluntary"]),
        review_on=clock.today() + timedelta(days=7),
    )
    end(cast, case, "victor.voluntary")
    with entered(cast["colin.coordinator"]):
        found = Intervention.objects.get(pk=made.pk)
    assert (found.watcher_id, found.watch_unit_id, found.watch_review_on) == (None, None, None)
    assert Entry.objects.filter(event="intervention.watcher_lost", subject=made.public_id).count() == 1


@pytest.mark.parametrize("words", ["", "  "])
def test_what_is_to_be_done_is_never_changed_into_nothing(words: str, cast: Cast, case: Case) -> None:
    action = an_action(cast, case, owner="priya.partner", words="  Change the lock ")
    assert action.words == "Change the lock"
    values = {
        "action_id": action.public_id,
        "who": operations.owner_key(action.owner_unit, action.owner),
        "due_on": action.due_on,
        "seen": 1,
    }
    with pytest.raises(Refusal, check=lambda refusal: refusal.code == "words_missing"):
        as_colin(cast, operations.change_action, words=words, **values)


@pytest.mark.parametrize("holder", ["person", "unit"])
def test_a_risk_of_somebody_who_lost_sight_goes_to_the_unit_that_leads(
    cast: Cast, case: Case, holder: str
) -> None:
    priya = {"person": cast["priya.partner"], "unit": unit_of(cast, "priya.partner")}[holder]
    made: dict[str, Any] = {"case_id": case.matter.public_id, "mitigation": "", "review_on": None}
    hers = as_colin(
        cast,
        notes_plan.add_risk,
        words="She is alone.",
        severity="high",
        holder=f"{holder}:{priya.public_id}",
        **made,
    )
    ended = as_colin(
        cast,
        notes_plan.add_risk,
        words="The door.",
        severity="low",
        holder=f"{holder}:{priya.public_id}",
        **made,
    )
    as_colin(
        cast, notes_plan.end_risk, case_id=case.matter.public_id, risk_id=ended.public_id, why="It is mended."
    )
    end(cast, case, "priya.partner")
    with entered(cast["colin.coordinator"]):
        risk = Risk.objects.select_related("owner", "owner_unit").get(pk=hers.pk)
        assert (risk.owner, risk.owner_unit_id, risk.version) == (None, case.lead_unit_id, 2)
        assert Revision.objects.filter(subject=risk.public_id, number=2).exists()
        # What is over stays as it was.
        assert Risk.objects.get(pk=ended.pk).owner_unit_id == unit_of(cast, "priya.partner").pk
    assert Entry.objects.filter(event="casework.risk_owner_lost", subject=risk.public_id).count() == 1
