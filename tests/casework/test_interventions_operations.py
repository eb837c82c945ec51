"""Interventions: planned, put in place, breached, watched, ended; who may, what refuses and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.casework.models import Breach, Case, Intervention, InterventionMove
from saferhub.casework.operations import interventions as operations
from saferhub.casework.operations import interventions_running as running
from saferhub.casework.operations.actions import owner_key
from saferhub.casework.operations.involving import involve
from saferhub.casework.queries import interventions_places as places
from saferhub.casework.queries import interventions_power as packs
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.models import EntryVersion
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Interest
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_interventions import a_person, in_place, planned

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
STRANGERS = ["nadia.neighbour", "fergus.former", "olivia.outsider", "ada.admin"]


@pytest.fixture
def case(cast: Cast) -> Case:
    with entered(cast["maya.manager"]):  # the demonstration has some of its own
        Intervention.objects.update(status="ended", ended_on=actor(cast, "maya.manager").on)
    return a_case(cast)


def act(cast: Cast, username: str, operation: Callable[..., Any], **values: Any) -> Any:
    """The operation as this person, today."""
    with entered(cast[username]):
        who = actor(cast, username)
        return operation(by=who, on=who.on, **values)


def today(cast: Cast) -> date:
    return actor(cast, "colin.coordinator").on


def read(cast: Cast, found: Intervention) -> Intervention:
    with entered(cast["colin.coordinator"]):
        return Intervention.objects.select_related("watcher", "power_version__entry").get(pk=found.pk)


def moves(cast: Cast, found: Intervention) -> list[tuple[str, str]]:
    with entered(cast["colin.coordinator"]):
        return list(
            InterventionMove.objects.filter(intervention=found).values_list("from_status", "to_status")
        )


def refused(code: str, kind: type[Refusal] = Refusal) -> Any:
    return pytest.raises(kind, check=lambda refusal: refusal.code == code)


def breach_ids(cast: Cast, found: Intervention) -> list[str]:
    with entered(cast["colin.coordinator"]):
        return list(Breach.objects.filter(intervention=found).values_list("public_id", flat=True))


def place(cast: Cast, found: Intervention, as_: str = "colin.coordinator", **values: Any) -> Intervention:
    given: dict[str, Any] = {"starts_on": today(cast), "expires_on": None, "review_on": None, **values}
    return act(cast, as_, operations.put_in_place, intervention_id=found.public_id, **given)


# --- Planning ---------------------------------------------------------------------------------------------------


def test_what_is_planned_keeps_its_checks_its_version_and_its_entry(cast: Cast, case: Case) -> None:
    person = a_person(cast, case)
    made = read(cast, planned(cast, case, power="civil_injunction", person=person))
    assert (made.status, made.kind, made.person_id) == ("planned", "enforcement", person.pk)
    assert made.checks == {"age": "met", "agency": "met"}
    assert made.power_version.entry.code == "civil_injunction"
    assert moves(cast, made) == [("", "planned")]
    assert Entry.objects.filter(event="intervention.planned", subject=made.public_id).count() == 1


def test_a_child_under_ten_gets_no_injunction_whatever_the_reason(cast: Cast, case: Case) -> None:
    child = a_person(cast, case, born_on=today(cast) - timedelta(days=365 * 9))
    with refused("age_not_met"):
        planned(cast, case, power="civil_injunction", person=child)


def test_a_birth_that_is_not_known_is_asked_for_when_it_is_put_in_place(cast: Cast, case: Case) -> None:
    made = planned(cast, case, power="civil_injunction", person=a_person(cast, case, born_on=None))
    assert made.checks["age"] == "not_known"
    with refused("reason_missing"):
        place(cast, made)
    done = place(cast, made, override_reason="Her tenancy says 1971; seen by the officer.")
    assert done.checks["age"] == "overridden"
    assert done.override_reason.startswith("Her tenancy")


def test_an_agency_of_another_kind_does_not_use_a_power_of_the_law(cast: Cast, case: Case) -> None:
    person = a_person(cast, case)
    with refused("agency_not_met"):
        planned(cast, case, power="civil_injunction", person=person, used_by="priya.partner")
    # The pack's list for dispersal is still to be verified: a reason may say more than it.
    assert planned(cast, case, power="dispersal", person=person).checks["agency"] == "not_met"


@pytest.mark.parametrize("role", ["victim", "complainant", "vulnerable_person"])
def test_whoever_is_harmed_is_restrained_only_where_that_is_confirmed(
    role: str, cast: Cast, case: Case
) -> None:
    person = a_person(cast, case, role=role)
    with refused("harmed_not_confirmed"):
        planned(cast, case, power="civil_injunction", person=person)
    assert planned(cast, case, power="civil_injunction", person=person, is_meant=True).person == person


def test_a_warning_in_another_case_is_told_to_the_planner_and_not_kept_here(cast: Cast, case: Case) -> None:
    person = a_person(cast, case)
    other = a_case(cast, title="Another case")
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        involve(
            matter=other.matter,
            person=person,
            role="alleged_perpetrator",
            is_subject=True,
            by=rachel,
            on=rachel.on,
        )
    first = in_place(cast, other, power="community_protection_warning", person=person)
    made = planned(cast, case, power="community_protection_notice", person=person)
    assert made.checks["prior"] == "not_known"
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        known = packs.power_on(case.partnership, "community_protection_notice", colin.on)
        assert known is not None
        rule = packs.as_rule(known, case.partnership, colin.on)
        assert packs.elsewhere(colin, rule, case=case, person=person, place=None) == [first]
    in_place(cast, case, power="community_protection_warning", person=person)
    again = planned(cast, case, power="community_protection_notice", person=person)
    assert again.checks["prior"] == "met"


@pytest.mark.parametrize("power", ["no_such_power", "respect_order"])
def test_only_a_power_in_force_on_the_day_is_planned(power: str, cast: Cast, case: Case) -> None:
    with refused("unknown_power"):
        planned(cast, case, power=power)


def test_only_who_is_in_the_case_and_an_agency_that_sees_it_are_chosen(cast: Cast, case: Case) -> None:
    elsewhere = a_person(cast, a_case(cast, title="Another case"))
    with refused("unknown_subject"):
        planned(cast, case, person=elsewhere)
    with refused("user_does_not_see"):
        planned(cast, case, used_by="nadia.neighbour")


@pytest.mark.parametrize("who", ["priya.partner", "victor.voluntary"])
def test_a_contributor_plans_nothing(who: str, cast: Cast, case: Case) -> None:
    with refused("not_yours_to_run", NotAllowed):
        planned(cast, case, by=who)


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_none(who: str, cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    with pytest.raises(Http404):
        act(cast, who, running.review, intervention_id=made.public_id, words="Kept", next_on=None)


# --- In place ---------------------------------------------------------------------------------------------------


def test_what_is_in_place_keeps_its_days_and_its_move(cast: Cast, case: Case) -> None:
    made = planned(cast, case)
    last = today(cast) + timedelta(days=90)
    done = place(cast, made, expires_on=last, agreed=True)
    assert (done.status, done.expires_on, done.override_reason) == ("in_place", last, "")
    assert set(done.checks.values()) == {"met"}
    assert moves(cast, made) == [("", "planned"), ("planned", "in_place")]
    assert Entry.objects.filter(event="intervention.put_in_place", subject=made.public_id).count() == 1
    with refused("illegal_move"):
        place(cast, made)


def test_it_is_in_place_no_earlier_than_it_began_and_ends_no_earlier(cast: Cast, case: Case) -> None:
    made = planned(cast, case)
    with refused("not_begun"):
        place(cast, made, starts_on=today(cast) + timedelta(days=1), agreed=True)
    with refused("ends_before_it_starts"):
        place(cast, made, expires_on=today(cast) - timedelta(days=1), agreed=True)
    assert read(cast, made).status == "planned"


def test_an_injunction_on_a_child_lasts_twelve_months_at_most(cast: Cast, case: Case) -> None:
    start = today(cast)
    child = a_person(cast, case, born_on=start - timedelta(days=365 * 15))
    made = planned(cast, case, power="civil_injunction", person=child)
    with refused("length_not_met"):
        place(cast, made, expires_on=start.replace(year=start.year + 1), override_reason="The court said so.")
    assert place(cast, made, expires_on=start.replace(year=start.year + 1) - timedelta(days=1))


def test_a_notice_asks_for_the_warning_that_came_before(cast: Cast, case: Case) -> None:
    person = a_person(cast, case)
    notice = planned(cast, case, power="community_protection_notice", person=person)
    with refused("reason_missing"):
        place(cast, notice, confirmed=frozenset({0, 1}))
    in_place(cast, case, power="community_protection_warning", person=person)
    done = place(cast, notice, confirmed=frozenset({0, 1}))
    assert done.checks == {
        "age": "met",
        "agency": "met",
        "prior": "met",
        "condition_1": "met",
        "condition_2": "met",
    }


def test_an_order_on_a_child_is_looked_at_within_a_year_without_being_told(cast: Cast, case: Case) -> None:
    start = today(cast)
    child = a_person(cast, case, born_on=start - timedelta(days=365 * 15))
    made = planned(cast, case, power="criminal_behaviour_order", person=child)
    done = place(cast, made, expires_on=start.replace(year=start.year + 2), confirmed=frozenset({0}))
    assert done.review_on == start.replace(year=start.year + 1) - timedelta(days=1)


def test_the_agency_that_uses_it_puts_it_in_place_and_another_does_not(cast: Cast, case: Case) -> None:
    made = planned(cast, case, used_by="priya.partner", power="support_referral")
    with refused("not_yours_to_use", NotAllowed):
        place(cast, made, "victor.voluntary", agreed=True)
    assert place(cast, made, "priya.partner", agreed=True).status == "in_place"


def test_the_version_of_the_power_that_was_used_stays_with_it(cast: Cast, case: Case) -> None:
    made = in_place(cast, case, power="civil_injunction", person=a_person(cast, case))
    version = EntryVersion.objects.get(entry__code="civil_injunction")
    assert read(cast, made).power_version_id == version.pk


# --- Breach, review, end ----------------------------------------------------------------------------------------


def test_a_breach_leaves_it_in_place_until_what_followed_is_said(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    values = {"intervention_id": made.public_id, "words": "Shouted at two in the morning."}
    act(cast, "rachel.referrer", running.record_breach, happened_on=today(cast), **values)
    act(cast, "rachel.referrer", running.record_breach, happened_on=today(cast), **values)
    assert read(cast, made).status == "breached"
    act(
        cast,
        "colin.coordinator",
        running.answer_breaches,
        intervention_id=made.public_id,
        response="Spoken to by the officer.",
        seen=breach_ids(cast, made),
    )
    assert read(cast, made).status == "in_place"
    with entered(cast["colin.coordinator"]):
        assert set(Breach.objects.filter(intervention=made).values_list("response", flat=True)) == {
            "Spoken to by the officer."
        }
    assert Entry.objects.filter(event="intervention.breached", subject=made.public_id).count() == 2


def test_a_breach_recorded_meanwhile_waits_for_its_own_answer(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    values = {"intervention_id": made.public_id, "happened_on": today(cast)}
    act(cast, "rachel.referrer", running.record_breach, words="Shouted at two.", **values)
    seen = breach_ids(cast, made)
    act(cast, "rachel.referrer", running.record_breach, words="Threw a bottle.", **values)
    answers = {"intervention_id": made.public_id, "response": "Spoken to."}
    act(cast, "colin.coordinator", running.answer_breaches, seen=seen, **answers)
    with entered(cast["colin.coordinator"]):
        told = dict(Breach.objects.filter(intervention=made).values_list("words", "response"))
    assert told == {"Shouted at two.": "Spoken to.", "Threw a bottle.": ""}
    assert read(cast, made).status == "breached"
    with refused("no_breach"):
        act(cast, "colin.coordinator", running.answer_breaches, seen=seen, **answers)
    act(cast, "colin.coordinator", running.answer_breaches, seen=breach_ids(cast, made), **answers)
    assert read(cast, made).status == "in_place"


@pytest.mark.parametrize(("days", "code"), [(1, "in_the_future"), (-11, "before_it_began")])
def test_a_breach_happens_while_it_is_in_place(days: int, code: str, cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    with refused(code):
        act(
            cast,
            "rachel.referrer",
            running.record_breach,
            intervention_id=made.public_id,
            words="Shouting",
            happened_on=today(cast) + timedelta(days=days),
        )


def test_what_is_only_planned_is_not_breached(cast: Cast, case: Case) -> None:
    made = planned(cast, case)
    with refused("not_in_force"):
        act(
            cast,
            "rachel.referrer",
            running.record_breach,
            intervention_id=made.public_id,
            words="Shouting",
            happened_on=today(cast),
        )


def test_a_review_sets_the_next_day_within_its_life(cast: Cast, case: Case) -> None:
    made = in_place(cast, case, days=60)
    values = {"intervention_id": made.public_id, "words": "Kept so far."}
    with refused("after_it_ends"):
        act(cast, "rachel.referrer", running.review, next_on=today(cast) + timedelta(days=70), **values)
    with refused("next_not_later"):
        act(cast, "rachel.referrer", running.review, next_on=today(cast), **values)
    next_on = today(cast) + timedelta(days=30)
    act(cast, "rachel.referrer", running.review, next_on=next_on, **values)
    assert read(cast, made).review_on == next_on


def test_another_last_day_needs_a_reason_and_stays_within_the_law(cast: Cast, case: Case) -> None:
    child = a_person(cast, case, born_on=today(cast) - timedelta(days=365 * 15))
    made = in_place(cast, case, power="civil_injunction", person=child, days=90)
    later = today(cast) + timedelta(days=120)
    values = {"intervention_id": made.public_id, "words": made.words, "review_on": None, "seen": made.version}
    with refused("why_missing"):
        act(cast, "colin.coordinator", running.change, expires_on=later, **values)
    values["reason"] = "The court extended it."
    with refused("length_not_met"):
        act(cast, "colin.coordinator", running.change, expires_on=today(cast) + timedelta(days=360), **values)
    act(cast, "colin.coordinator", running.change, expires_on=later, **values)
    found = read(cast, made)
    assert (found.expires_on, found.checks["length"], found.version) == (later, "met", made.version + 1)
    with refused("changed_meanwhile"):
        act(cast, "colin.coordinator", running.change, expires_on=later, **values)
    assert Entry.objects.filter(event="intervention.changed", subject=made.public_id).count() == 1


def test_it_ends_with_what_came_of_it_and_for_good(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    values = {"intervention_id": made.public_id, "words": "Quiet for two months.", "ended_on": today(cast)}
    with refused("unknown_outcome"):
        act(cast, "colin.coordinator", running.end, outcome="splendid", **values)
    act(cast, "colin.coordinator", running.end, outcome="positive", **values)
    found = read(cast, made)
    assert (found.status, found.outcome, found.ended_on) == ("ended", "positive", today(cast))
    with refused("illegal_move"):
        act(cast, "colin.coordinator", running.end, outcome="failed", **values)


# --- Closure ----------------------------------------------------------------------------------------------------


def watcher(cast: Cast, found: Intervention, who: str, by: str = "colin.coordinator") -> Intervention:
    return act(
        cast,
        by,
        running.set_watcher,
        intervention_id=found.public_id,
        who=owner_key(unit_of(cast, who), cast[who]),
        review_on=today(cast) + timedelta(days=7),
    )


def stops(cast: Cast, case: Case) -> list[tuple[str, bool]]:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        return [(one.code, one.must) for one in places.blockers(colin, case, colin.on)]


def test_one_in_force_stops_closure_until_somebody_is_named_to_watch_it(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    assert stops(cast, case) == [("intervention_unwatched", True)]
    with refused("watcher_does_not_see"):
        watcher(cast, made, "nadia.neighbour")
    with refused("not_yours_to_run", NotAllowed):
        watcher(cast, made, "victor.voluntary", by="victor.voluntary")
    watcher(cast, made, "victor.voluntary")
    assert read(cast, made).watcher == cast["victor.voluntary"]
    assert stops(cast, case) == []


def test_one_only_planned_stops_closure_too_but_may_be_overridden(cast: Cast, case: Case) -> None:
    planned(cast, case)
    assert stops(cast, case) == [("interventions_planned", False)]


def close(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_on=today(cast), outcome="resolved", close_reason="It is quiet."
        )


def test_after_closure_the_watcher_finds_it_in_her_work_and_records_a_breach(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    watcher(cast, made, "victor.voluntary")
    assert work(cast, "victor.voluntary") == []
    close(cast, case)
    assert work(cast, "victor.voluntary") == ["You watch it since the case closed"]
    act(
        cast,
        "victor.voluntary",
        running.record_breach,
        intervention_id=made.public_id,
        words="Shouting again.",
        happened_on=today(cast),
    )
    assert read(cast, made).status == "breached"
    act(
        cast,
        "victor.voluntary",
        running.review,
        intervention_id=made.public_id,
        words="Spoke with the neighbours.",
        next_on=today(cast) + timedelta(days=30),
    )
    assert read(cast, made).watch_review_on == today(cast) + timedelta(days=30)
    assert work(cast, "victor.voluntary") == []


def work(cast: Cast, who: str) -> list[str]:
    with entered(cast[who]):
        return [item.why.split(";")[0] for item in places.work_items(actor(cast, who))]


def test_what_ends_soon_is_in_the_co_ordinators_work(cast: Cast, case: Case) -> None:
    in_place(cast, case, days=20)
    in_place(cast, case, days=90)
    assert work(cast, "colin.coordinator") == ["Its last day"]
    assert work(cast, "priya.partner") == []


def test_a_watcher_who_lost_sight_or_loses_it_too_early_stops_closure(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    watcher(cast, made, "victor.voluntary")
    with entered(cast["colin.coordinator"]):
        held = Interest.objects.filter(folder=case.folder, unit=unit_of(cast, "victor.voluntary"))
        held.update(valid_until=clock.now() + timedelta(days=30))
    assert stops(cast, case) == [("intervention_unwatched", True)]
    with entered(cast["colin.coordinator"]):
        held.update(valid_until=clock.now() + timedelta(days=200))
    assert stops(cast, case) == []
    Agreement.objects.filter(code="victim_support_2018").update(status="suspended")
    assert stops(cast, case) == [("intervention_unwatched", True)]


def test_a_watch_that_is_late_is_given_to_the_co_ordinator(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    watcher(cast, made, "victor.voluntary")
    close(cast, case)
    assert work(cast, "colin.coordinator") == []
    with entered(cast["colin.coordinator"]):
        Intervention.objects.filter(pk=made.pk).update(watch_review_on=today(cast) - timedelta(days=1))
    name = cast["victor.voluntary"].name
    assert work(cast, "colin.coordinator") == [f"The case is closed, and {name} has not looked at it"]


def test_nothing_is_put_in_place_in_a_case_that_is_closed(cast: Cast, case: Case) -> None:
    made = planned(cast, case)
    close(cast, case)
    with refused("case_closed"):
        place(cast, made, agreed=True)
    assert read(cast, made).status == "planned"


def test_the_timeline_tells_what_was_used_and_what_came_of_it(cast: Cast, case: Case) -> None:
    made = in_place(cast, case)
    act(
        cast,
        "rachel.referrer",
        running.record_breach,
        intervention_id=made.public_id,
        words="Shouting",
        happened_on=today(cast),
    )
    with entered(cast["priya.partner"]):
        told = [one.title for one in places.timeline(actor(cast, "priya.partner"), case)]
    name = "Acceptable Behaviour Contract"
    assert sorted(told) == [f"{name}: breached", f"{name}: planned", f"{name}: put in place"]


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (running.review, {"words": "Kept.", "next_on": None}),
        (running.end, {"outcome": "positive", "words": "", "ended_on": None}),
        (running.record_breach, {"words": "Shouting", "happened_on": None}),
    ],
)
def test_without_its_entry_nothing_is_written(
    operation: Any, values: dict[str, Any], cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = in_place(cast, case)
    before = moves(cast, made)
    values = {
        name: today(cast) if value is None and name != "next_on" else value for name, value in values.items()
    }

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the record is away")

    monkeypatch.setattr("saferhub.audit.operations.record", broken)
    with pytest.raises(RuntimeError, match="the record is away"):
        act(cast, "rachel.referrer", operation, intervention_id=made.public_id, **values)
    assert read(cast, made).status == "in_place"
    assert moves(cast, made) == before
