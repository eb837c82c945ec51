"""The national pack: bank holidays against an independent calendar, clocks and duties in order."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from saferhub.partnership.packs import read_pack

from .places import ENGLAND

PACK = read_pack(ENGLAND)


def items(section):
    return [placed.item for placed in PACK.items[section]]


def the(section, code):
    """The newest version of one entry."""
    *_, item = (item for item in items(section) if item.id == code)
    return item


@pytest.mark.parametrize("year", range(2010, 2031))
def test_the_bank_holidays_of_a_year_are_those_of_the_independent_calendar(year):
    ours = {item.day for item in items("bank_holidays") if item.day.year == year}
    assert ours == set(holidays.country_holidays("GB", subdiv="ENG", years=year))


def test_the_id_of_a_bank_holiday_is_its_day():
    for item in items("bank_holidays"):
        assert item.id == f"day_{item.day:%Y_%m_%d}"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2011, 4, 29), "Royal wedding"),
        (date(2012, 6, 5), "Diamond Jubilee"),
        (date(2020, 5, 8), "Early May bank holiday, moved to the anniversary of Victory in Europe Day"),
        (date(2022, 6, 3), "Platinum Jubilee"),
        (date(2022, 9, 19), "State funeral of the Queen"),
        (date(2023, 5, 8), "Coronation"),
        (date(2022, 12, 27), "Christmas Day (substitute day)"),
    ],
)
def test_days_that_came_only_once_are_there(day, name):
    assert [item.name for item in items("bank_holidays") if item.day == day] == [name]


def test_a_substitute_day_is_a_weekday_soon_after():
    for item in items("bank_holidays"):
        if "substitute" in item.name:
            assert item.day.weekday() < 5
            near = [
                other
                for other in items("bank_holidays")
                if timedelta(0) < item.day - other.day <= timedelta(3)
            ]
            assert any(other.day.weekday() >= 5 for other in near)


@pytest.mark.parametrize(
    ("code", "n", "unit"),
    [
        ("scrutiny_response", 28, "days"),
        ("domestic_homicide_review_decision", 1, "months"),
        ("domestic_homicide_review_report", 6, "months"),
        ("subject_access", 1, "months"),
        ("rectification", 1, "months"),
        ("breach_notification", 72, "hours"),
        ("freedom_of_information", 20, "working_days"),
        ("case_review_qualifying_complaint", 1, "months"),
        ("case_review_application", 6, "months"),
        ("scrutiny_sitting", 12, "months"),
    ],
)
def test_a_clock_has_its_statutory_length(code, n, unit):
    length = the("clocks", code).length
    assert (length.n, length.unit) == (n, unit)


@pytest.mark.parametrize(
    "code",
    [
        "scrutiny_response",
        "domestic_homicide_review_decision",
        "domestic_homicide_review_report",
        "subject_access",
        "rectification",
        "breach_notification",
        "freedom_of_information",
    ],
)
def test_clocks_that_were_not_checked_say_so(code):
    assert the("clocks", code).verify


def test_the_statutory_calendar_is_whole():
    assert {item.id for item in items("duties")} >= {
        "strategic_assessment",
        "plan_revision",
        "public_meeting",
        "plan_to_policing_body",
        "dataset_police",
        "dataset_fire",
        "dataset_council",
        "dataset_health",
        "scrutiny",
        "scrutiny_response",
        "domestic_homicide_review_decision",
        "domestic_homicide_review_report",
    }


@pytest.mark.parametrize("code", ["dataset_police", "dataset_fire", "dataset_council", "dataset_health"])
def test_a_dataset_is_quarterly_from_july_2007_by_the_end_of_the_next_quarter(code):
    duty = the("duties", code)
    assert duty.falls_on == "agency"
    assert duty.recurrence.first_quarter == date(2007, 7, 1)
    assert duty.recurrence.due == "end_of_following_quarter"
    assert duty.data_items


def test_health_is_a_clinical_commissioning_group_until_the_day_before_the_board():
    old = the("agency_kinds", "clinical_commissioning_group")
    new = the("agency_kinds", "integrated_care_board")
    assert old.valid_until == date(2022, 6, 30)
    assert new.valid_from == date(2022, 7, 1)
    assert old.followed_by == new.id


def test_powers_stand_in_all_four_grades():
    assert {item.grade for item in items("powers")} == {"support", "early", "restorative", "enforcement"}


@pytest.mark.parametrize(
    ("code", "who", "ages", "lengths"),
    [
        ("criminal_behaviour_order", "Adults", (18, None), ("2 years", "None")),
        ("criminal_behaviour_order", "Children", (10, 17), ("1 year", "3 years")),
        ("civil_injunction", "Children", (10, 17), ("None", "12 months")),
        ("community_protection_notice", "A person", (16, None), ("None", "None")),
        ("public_spaces_protection_order", "A public place", (None, None), ("None", "3 years")),
        ("closure_order", "Premises", (None, None), ("None", "3 months")),
        ("dispersal", "People in the place", (10, None), ("None", "48 hours")),
        ("respect_order", "Adults", (18, None), ("None", "None")),
    ],
)
def test_a_power_has_its_ages_and_lengths(code, who, ages, lengths):
    (limit,) = (limit for limit in the("powers", code).limits if limit.who == who)
    assert (limit.minimum_age, limit.maximum_age) == ages
    assert (str(limit.minimum_length), str(limit.maximum_length)) == lengths


def test_a_notice_needs_the_warning_before_it():
    notice = the("powers", "community_protection_notice")
    assert (notice.prior_warning, notice.prior_power) == ("written", "community_protection_warning")


def test_what_rests_on_the_act_of_2026_begins_on_29_june_and_is_to_be_verified():
    found = [item for item in items("powers") if any("2026" in str(citation) for citation in item.source)]
    assert len(found) == 4
    assert {item.valid_from for item in found} == {date(2026, 6, 29)}
    assert all(item.verify for item in found)


def test_what_rests_on_the_act_of_2014_begins_on_20_october_2014():
    for item in items("powers"):
        law = " ".join(citation.law or "" for citation in item.source)
        if law.startswith("Anti-social Behaviour, Crime and Policing Act 2014"):
            assert item.valid_from == date(2014, 10, 20), item.id


def test_a_label_changes_on_its_day():
    (old, new) = (item for item in items("labels") if item.id == "asb_case_review")
    assert (old.term, new.term) == ("Community Trigger", "ASB Case Review")
    assert old.valid_until + timedelta(1) == new.valid_from


def test_a_duty_and_its_clock_have_one_name():
    names = {item.id: item.name for item in items("clocks")}
    for duty in items("duties"):
        if duty.clock:
            assert duty.name == names[duty.clock]


@pytest.mark.parametrize("section", ["clocks", "duties"])
@pytest.mark.parametrize("code", ["subject_access", "rectification", "breach_notification"])
def test_data_protection_rests_on_the_law_of_its_day(section, code):
    older, newer = (item for item in items(section) if item.id == code)
    assert (older.valid_from, older.valid_until) == (date(2018, 5, 25), date(2020, 12, 31))
    assert newer.valid_from == date(2021, 1, 1)
    assert "(EU) 2016/679" in str(older.source[0])
    assert "UK General" in str(newer.source[0])


def test_the_recovery_period_was_longer_once():
    older, newer = (item for item in items("clocks") if item.id == "recovery_period")
    assert (older.length.n, newer.length.n) == (45, 30)
    assert older.verify
    assert newer.verify
