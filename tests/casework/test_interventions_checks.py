"""What the law asks of one use of a power, as tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.casework.rules.interventions_checks import (
    Born,
    Check,
    Group,
    Length,
    Power,
    Use,
    checks,
    kept,
    latest_review,
)

DAY = date(2018, 9, 1)
ADULTS = Group("Adults", minimum_age=18)
CHILDREN = Group("Children", 10, 17, maximum_length=Length(12, "months"))
INJUNCTION = Power(
    "civil_injunction", "Civil injunction", (ADULTS, CHILDREN), used_by=("police", "district_council")
)
ORDER = Power(
    "criminal_behaviour_order",
    "Criminal Behaviour Order",
    (
        Group("Adults", minimum_age=18, minimum_length=Length(2, "years")),
        Group(
            "Children",
            10,
            17,
            minimum_length=Length(1, "years"),
            maximum_length=Length(3, "years"),
            review_every=Length(1, "years"),
        ),
    ),
    conditions=("The person is convicted of an offence",),
)
NOTICE = Power(
    "community_protection_notice",
    "Community Protection Notice",
    (Group("A person", minimum_age=16), Group("A business or organisation")),
    prior_warning=True,
    prior_power="community_protection_warning",
    prior_name="Community Protection Warning",
    used_by=("police",),
    verify=True,
)
DISPERSAL = Power(
    "dispersal", "Dispersal power", (Group("People in the place", 10, maximum_length=Length(48, "hours")),)
)


def born(year: int, month: int = 1, day: int = 1, precision: str = "exact") -> Born:
    return Born(date(year, month, day), precision)


def one(power: Power, code: str, **use: Any) -> Check:
    (found,) = [check for check in checks(power, Use(**{"starts_on": DAY, **use})) if check.code == code]
    return found


@pytest.mark.parametrize(
    ("person", "result"),
    [
        (born(2008, 9, 1), "met"),  # ten on the day
        (born(2008, 9, 2), "not_met"),  # nine
        (born(2000, 9, 1), "met"),  # eighteen
        (born(2000, 9, 2), "met"),  # seventeen
        (born(2008, 9, precision="month"), "not_known"),  # nine or ten
        (born(2008, precision="year"), "not_known"),
        (born(2007, precision="year"), "met"),  # ten or eleven
        (born(2009, precision="year"), "not_met"),
        (born(2009, precision="about"), "not_known"),  # may be ten
        (born(1990, precision="about"), "met"),
        (born(2011, precision="about"), "not_met"),
        (Born(None, "unknown"), "not_known"),
        (None, "not_known"),
    ],
)
def test_the_age_is_asked_on_the_first_day_and_a_rough_birth_may_leave_it_open(
    person: Born | None, result: str
) -> None:
    found = one(INJUNCTION, "age", born=person)
    assert (found.result, found.refuses) == (result, result == "not_met")


def test_an_age_between_two_groups_that_both_allow_it_is_met() -> None:
    assert one(INJUNCTION, "age", born=born(2000, precision="year")).result == "met"


def test_a_business_needs_no_age_and_a_person_is_held_to_hers() -> None:
    assert [check.code for check in checks(NOTICE, Use(DAY, is_on_person=False))] == ["agency", "prior"]
    assert one(NOTICE, "age", born=born(2003)).result == "not_met"


def test_what_is_used_on_whoever_is_there_leaves_the_age_to_be_checked() -> None:
    assert one(DISPERSAL, "age", is_on_person=False).result == "not_known"


@pytest.mark.parametrize(
    ("length", "last"),
    [
        (Length(12, "months"), date(2019, 8, 31)),
        (Length(3, "years"), date(2021, 8, 31)),
        (Length(48, "hours"), date(2018, 9, 3)),
        (Length(24, "hours"), date(2018, 9, 2)),
        (Length(2, "weeks"), date(2018, 9, 14)),
        (Length(1, "days"), DAY),
    ],
)
def test_the_last_day_of_a_length_is_inclusive(length: Length, last: date) -> None:
    assert length.last_day(DAY) == last


@pytest.mark.parametrize(
    ("power", "person", "expires_on", "result"),
    [
        (INJUNCTION, born(2004), date(2019, 8, 31), "met"),
        (INJUNCTION, born(2004), date(2019, 9, 1), "not_met"),
        (INJUNCTION, born(2004), None, "not_known"),
        (INJUNCTION, born(2000, precision="year"), date(2019, 9, 1), "not_known"),  # adult or child
        (ORDER, born(1990), date(2020, 8, 31), "met"),
        (ORDER, born(1990), date(2020, 8, 30), "not_met"),
        (ORDER, born(1990), None, "met"),
        (ORDER, born(2004), date(2019, 8, 31), "met"),
        (ORDER, born(2004), date(2019, 8, 30), "not_met"),
        (ORDER, born(2004), date(2021, 8, 31), "met"),
        (ORDER, born(2004), date(2021, 9, 1), "not_met"),
        (DISPERSAL, born(1990), date(2018, 9, 3), "met"),
        (DISPERSAL, born(1990), date(2018, 9, 4), "not_met"),
    ],
)
def test_the_length_is_held_to_the_persons_group(
    power: Power, person: Born, expires_on: date | None, result: str
) -> None:
    found = one(power, "length", born=person, expires_on=expires_on)
    assert (found.result, found.refuses) == (result, result == "not_met")


def test_an_adults_injunction_has_no_longest_length() -> None:
    assert not [one for one in checks(INJUNCTION, Use(DAY, born=born(1990))) if one.code == "length"]


@pytest.mark.parametrize(
    ("kind", "verify", "result", "refuses"),
    [
        ("police", False, "met", False),
        ("voluntary", False, "not_met", True),
        ("voluntary", True, "not_met", False),
        ("", False, "not_known", False),
    ],
)
def test_another_kind_of_agency_refuses_unless_the_pack_is_to_be_verified(
    kind: str, verify: bool, result: str, refuses: bool
) -> None:
    power = Power("p", "P", used_by=("police",), verify=verify)
    found = one(power, "agency", agency_kind=kind, agency_name="The agency")
    assert (found.result, found.refuses, found.needs_reason) == (
        result,
        refuses,
        result != "met" and not refuses,
    )


@pytest.mark.parametrize(
    ("priors", "result"),
    [({"community_protection_warning"}, "met"), ({"warning_letter"}, "not_known"), (set(), "not_known")],
)
def test_what_has_to_come_first_is_looked_for_in_the_register(priors: set[str], result: str) -> None:
    assert one(NOTICE, "prior", priors=frozenset(priors)).result == result


@pytest.mark.parametrize(("warned", "result"), [(True, "met"), (False, "not_known")])
def test_a_warning_of_any_kind_is_enough_where_no_power_is_named(warned: bool, result: str) -> None:
    assert one(Power("p", "P", prior_warning=True), "prior", warned=warned).result == result


@pytest.mark.parametrize(("confirmed", "result"), [({0}, "met"), (set(), "not_known")])
def test_each_condition_has_to_be_confirmed(confirmed: set[int], result: str) -> None:
    assert one(ORDER, "condition_1", born=born(1990), confirmed=frozenset(confirmed)).result == result


@pytest.mark.parametrize(("agreed", "result"), [(True, "met"), (False, "not_known")])
def test_what_is_voluntary_asks_for_agreement(agreed: bool, result: str) -> None:
    assert one(Power("p", "P", voluntary=True), "agreed", agreed=agreed).result == result


@pytest.mark.parametrize(
    ("person", "review_on", "expires_on", "result"),
    [
        (born(2004), date(2019, 8, 31), date(2021, 8, 31), "met"),
        (born(2004), date(2019, 9, 1), date(2021, 8, 31), "not_met"),
        (born(2004), None, date(2021, 8, 31), "not_known"),
        (born(2004), None, date(2019, 8, 30), ""),  # over before
        (born(1990), None, date(2021, 8, 31), ""),
    ],
)
def test_an_order_on_a_child_is_looked_at_within_a_year(
    person: Born, review_on: date | None, expires_on: date, result: str
) -> None:
    use = Use(DAY, expires_on=expires_on, review_on=review_on, born=person)
    found = [str(check.result) for check in checks(ORDER, use) if check.code == "review"]
    assert found == ([result] if result else [])


def test_the_first_review_is_the_earliest_that_any_group_asks_for() -> None:
    assert latest_review(ORDER.groups, DAY) == date(2019, 8, 31)
    assert latest_review((ADULTS,), DAY) is None


def test_a_reason_is_kept_with_what_it_overrode_and_with_nothing_else() -> None:
    found = checks(NOTICE, Use(DAY, born=born(1990), agency_kind="police", agency_name="The police"))
    assert kept(found, overridden=True) == {"age": "met", "agency": "met", "prior": "overridden"}
    assert kept(found, overridden=False) == {"age": "met", "agency": "met", "prior": "not_known"}
