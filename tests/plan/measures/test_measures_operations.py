"""Measures: taken from the pack, defined, given another meaning from a day on, owned, ended; limits begun anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.models import Measure, MeasureVersion
from saferhub.plan.operations import measures as operations
from saferhub.plan.operations import measures_pack
from saferhub.plan.operations.measures import begin_limits_anew, change_keeping, change_meaning, end_measure
from saferhub.plan.queries.counted import version_on
from tests.plan.measured import ANA, COLIN, MAYA, MEANING, OLIVIA, a_figure, a_measure, act, quarters, who

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
LATER = date(2018, 10, 1)


def changed(cast: Cast, measure: Measure, **meaning: Any) -> MeasureVersion:
    given: dict[str, Any] = {"valid_from": LATER, "why": "Clearer words", "seen": measure.versions.count()}
    given |= {"on": meaning.pop("on", who(cast, ANA).on)}
    given |= {name: meaning.pop(name) for name in list(meaning) if name in given}
    return act(
        cast, ANA, change_meaning, measure_id=measure.public_id, meaning=replace(MEANING, **meaning), **given
    )


def test_the_demonstration_keeps_what_its_pack_says_with_areas_and_owners(cast: Cast) -> None:
    kept = Measure.objects.filter(partnership=who(cast, MAYA).partnership)
    assert kept.count() == 20
    decisions = kept.get(code="decision_days")
    assert decisions.area is not None and decisions.objective is not None
    assert (decisions.area.code, decisions.objective.code) == ("community_safety_hubs", "swifter_closure")
    version = decisions.versions.get()
    assert (version.target, version.tolerance, version.counted_by) == (5, 2, "decision_days")
    assert decisions.owner == cast[MAYA]
    hate = kept.get(code="hate_reports")
    assert (hate.versions.get().polarity, hate.observations.count()) == ("neither", 12)


def test_taking_measures_from_the_pack_twice_takes_none_the_second_time(cast: Cast) -> None:
    maya = who(cast, MAYA)
    assert maya.partnership is not None
    again = measures_pack.take_measures_from_pack(partnership=maya.partnership, by=maya, on=maya.on)
    assert again == []
    Measure.objects.filter(partnership=maya.partnership, code="hate_reports").update(code="ours")
    taken = measures_pack.take_measures_from_pack(partnership=maya.partnership, by=maya, on=maya.on)
    assert [one.code for one in taken] == ["hate_reports"]
    assert Entry.objects.filter(event="plan.measure_taken", subject=taken[0].public_id).count() == 1
    with pytest.raises(Refusal, match="another partnership"):
        olivia = who(cast, OLIVIA)
        measures_pack.take_measures_from_pack(partnership=maya.partnership, by=olivia, on=olivia.on)


def test_a_measure_is_defined_with_its_first_version(cast: Cast) -> None:
    measure = a_measure(cast)
    version = measure.versions.get()
    assert operations.meaning_of(version) == MEANING
    assert (version.number, version.made_by, version.valid_from) == (1, cast[ANA].public_id, date(2018, 7, 1))
    assert (measure.owner, measure.owner_post) == (cast[ANA], "Partnership analyst")
    assert Entry.objects.filter(event="plan.measure_defined", subject=measure.public_id).count() == 1


def test_two_measures_have_two_names(cast: Cast) -> None:
    a_measure(cast)
    with pytest.raises(Refusal) as refusal:
        a_measure(cast)
    assert refusal.value.code == "name_taken"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"owner": "NOBODYATALL00000"}, "unknown_owner"),
        ({"owner_agency": "nowhere"}, "unknown_agency"),
        ({"area_id": "NOWHERE000000000"}, "unknown_area"),
        ({"objective_id": "NOWHERE000000000"}, "unknown_objective"),
        ({"owner_post": " "}, "no_owner_post"),
    ],
)
def test_owner_and_place_are_the_partnerships_own(cast: Cast, given: dict[str, str], code: str) -> None:
    measure = a_measure(cast)
    values: Any = {**operations.keeping_values(measure), **given}
    with pytest.raises(Refusal) as refusal:
        act(cast, ANA, change_keeping, measure_id=measure.public_id, seen=1, **values)
    assert refusal.value.code == code


def test_somebody_of_another_partnership_owns_no_measure(cast: Cast) -> None:
    measure = a_measure(cast)
    values: Any = {**operations.keeping_values(measure), "owner": cast[OLIVIA].public_id}
    with pytest.raises(Refusal) as refusal:
        act(cast, ANA, change_keeping, measure_id=measure.public_id, seen=1, **values)
    assert refusal.value.code == "unknown_owner"


def test_an_owner_is_changed_once_and_seen_by_who_changes_it_at_the_same_time(cast: Cast) -> None:
    measure = a_measure(cast)
    values: Any = {**operations.keeping_values(measure), "owner": cast[MAYA].public_id}
    after = act(cast, ANA, change_keeping, measure_id=measure.public_id, seen=1, **values)
    assert (after.owner, after.version) == (cast[MAYA], 2)
    with pytest.raises(Conflict):
        act(cast, ANA, change_keeping, measure_id=measure.public_id, seen=1, **values)
    assert act(cast, ANA, change_keeping, measure_id=measure.public_id, seen=2, **values).version == 2


def test_another_meaning_is_another_version_from_a_day_on(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    version = changed(cast, measure, name="Visits, counted at the door", target=Decimal(45))
    assert (version.number, version.valid_from, version.why) == (2, LATER, "Clearer words")
    versions = measure.versions.all()
    assert version_on(versions, date(2018, 9, 30)).number == 1
    assert version_on(versions, LATER).number == 2
    assert version_on(versions, date(2001, 1, 1)).number == 1
    assert measure.versions.get(number=1).name == MEANING.name
    assert Entry.objects.filter(event="plan.measure_changed", subject=measure.public_id).count() == 1


def test_of_two_who_define_it_anew_at_once_the_second_is_told(cast: Cast) -> None:
    measure = a_measure(cast)
    changed(cast, measure, target=Decimal(45))
    with pytest.raises(Conflict):
        changed(cast, measure, target=Decimal(50), seen=1)


def test_a_figure_is_never_of_another_meaning_than_it_was_entered_for(cast: Cast) -> None:
    measure = a_measure(cast)
    a_figure(cast, measure, LATER, 31, on=date(2019, 1, 5))
    with pytest.raises(Refusal) as refusal:
        changed(cast, measure, formula="Counted at the door", on=date(2019, 1, 5))
    assert refusal.value.code == "entered_since"


def test_a_measure_that_has_ended_keeps_its_figures_and_takes_no_more(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    last = quarters(cast, 1)[0].first
    ended = act(
        cast, ANA, end_measure, measure_id=measure.public_id, last_day=last, why="The drop-in shut", seen=1
    )
    assert (ended.ended_on, ended.version) == (last, 2)
    with pytest.raises(Refusal):
        act(cast, ANA, end_measure, measure_id=measure.public_id, last_day=last, why="Again", seen=2)
    with pytest.raises(Refusal):
        changed(cast, measure, target=Decimal(45))
    assert measure.observations.count() == 1


def test_limits_begin_anew_with_a_reason_and_that_is_taken_back_with_one(cast: Cast) -> None:
    measure = a_measure(cast, [31, 35, 30])
    second = quarters(cast, 3)[1].first
    step = act(cast, ANA, begin_limits_anew, measure_id=measure.public_id, first_day=second, why="A new room")
    assert (step.first_day, step.by) == (second, cast[ANA].public_id)
    with pytest.raises(Refusal):
        act(cast, ANA, begin_limits_anew, measure_id=measure.public_id, first_day=second, why="A new room")
    with pytest.raises(Refusal):
        act(cast, ANA, operations.take_step_back, step_id=step.public_id, why=" ")
    back = act(cast, ANA, operations.take_step_back, step_id=step.public_id, why="It was not new")
    assert back.taken_back_on == who(cast, ANA).on
    again = act(cast, ANA, begin_limits_anew, measure_id=measure.public_id, first_day=second, why="It was")
    assert again.pk != step.pk


@pytest.mark.parametrize(("username", "refused"), [(COLIN, NotAllowed), (OLIVIA, Http404)])
def test_only_those_who_keep_measures_change_them(cast: Cast, username: str, refused: Any) -> None:
    measure = a_measure(cast, [31, 35])
    at: dict[str, Any] = {"measure_id": measure.public_id}
    with pytest.raises(refused):
        act(cast, username, end_measure, **at, last_day=LATER, why="x", seen=1)
    with pytest.raises(refused):
        act(cast, username, change_meaning, **at, meaning=MEANING, valid_from=LATER, why="x", seen=1)
    with pytest.raises(refused):
        act(cast, username, begin_limits_anew, **at, first_day=quarters(cast, 1)[0].first, why="x")
    with pytest.raises(refused):
        act(cast, username, change_keeping, **at, **operations.keeping_values(measure), seen=1)


def test_nothing_stands_where_its_entry_in_the_log_cannot(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = a_measure(cast)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(operations.audit, "record", broken)
    with pytest.raises(RuntimeError):
        changed(cast, measure, target=Decimal(45))
    assert measure.versions.count() == 1
