"""Parsing of the calendar's forms."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from saferhub.partnership.forms.duties import CalculatorForm, FilterForm, TimeField
from saferhub.partnership.rules.clocks import LONDON, Clock, Unit

CHOICES = {"year": [("2018", "April 2018")], "duty": [("public_meeting", "Public meeting")], "holder": []}


@pytest.mark.parametrize(
    ("typed", "meant"), [("9:30", time(9, 30)), ("16.05", time(16, 5)), ("0:00", time(0, 0))]
)
def test_a_time_of_day_is_understood(typed: str, meant: time) -> None:
    assert TimeField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["24:00", "9:60", "half past nine", "9", "²:00"])
def test_what_is_no_time_of_day_is_said(typed: str) -> None:
    with pytest.raises(ValidationError, match="24-hour clock"):
        TimeField().clean(typed)


def test_a_time_may_be_left_out() -> None:
    assert TimeField(required=False).clean("") is None


def test_filters_take_what_is_offered_and_leave_the_rest() -> None:
    form = FilterForm({"year": "2018", "duty": "<script>", "status": "late"}, choices=CHOICES)
    filters = form.filters("due")
    assert (filters.year, filters.duty, filters.status, filters.sort) == (2018, "", "late", "due")
    assert not filters.is_empty
    assert FilterForm({}, choices=CHOICES).filters("").is_empty


def test_the_calculator_gives_a_moment_to_a_clock_of_hours_only() -> None:
    days = {"start_day": "26", "start_month": "10", "start_year": "2018", "at": "17:30"}
    hours = CalculatorForm(days, clock=Clock("c", "C", 72, Unit.HOURS))
    assert hours.is_valid()
    assert hours.started() == datetime(2018, 10, 26, 17, 30, tzinfo=LONDON)
    plain = CalculatorForm(days, clock=Clock("c", "C", 28, Unit.DAYS))
    assert plain.is_valid()
    assert plain.started() == date(2018, 10, 26)
    assert plain.pauses() == []
    assert "held_from" not in plain.fields
