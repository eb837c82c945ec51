"""Words about numbers and days, as filters: `date_words`, `day_words`, `distance`, `list_words`, `plural`."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from saferhub.foundation import clock

register = template.Library()


def as_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def date_words(value: Any) -> str:
    """ "Tuesday 28 August 2018"; nothing for no date."""
    if not value:
        return ""
    day = as_day(value)
    return f"{calendar.day_name[day.weekday()]} {day.day} {calendar.month_name[day.month]} {day.year}"


@register.filter
def plain_date(value: Any) -> str:
    """ "28 August 2018"."""
    if not value:
        return ""
    day = as_day(value)
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def short_date(value: date, today: date) -> str:
    """ "Fri 7 Sep", with the year where it is not this one."""
    year = "" if value.year == today.year else f" {value.year}"
    return f"{calendar.day_abbr[value.weekday()]} {value.day} {calendar.month_abbr[value.month]}{year}"


@register.filter
def day_words(value: Any) -> str:
    """ "Fri 7 Sep"; with the year where it is not this one."""
    return short_date(as_day(value), clock.today()) if value else ""


@register.filter
def time_words(value: Any) -> str:
    """ "28 August 2018, 14:05"."""
    if not value:
        return ""
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{plain_date(moment)}, {moment:%H:%M}"


def _span(days: int) -> str:
    for limit, length, unit in ((14, 1, "day"), (61, 7, "week"), (730, 30.44, "month")):
        if days < limit:
            return count_words(max(1, round(days / length)), unit)
    return count_words(round(days / 365.25), "year")


def distance_words(value: date, today: date, *, due: bool = False) -> str:
    """How far a day lies from today. A due day that has passed is late, counted in days."""
    days = (value - today).days
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days > 0:
        return f"in {_span(days)}"
    if due:
        return f"{count_words(-days, 'day')} late"
    return "yesterday" if days == -1 else f"{_span(-days)} ago"


@register.filter
def distance(value: Any, kind: str = "") -> str:
    """ "in 3 days", "2 weeks ago"; `distance:"due"` says "2 days late"."""
    return distance_words(as_day(value), clock.today(), due=kind == "due") if value else ""


@register.filter
def list_words(values: Iterable[Any], joiner: str = "and") -> str:
    """ "housing, police and probation"."""
    words = [str(value) for value in values]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


def count_words(number: int, singular: str, plural_form: str = "") -> str:
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"


@register.filter
def plural(number: Any, forms: str) -> str:
    """`{{ n|plural:"agency,agencies" }}` says "1 agency", "12 agencies"; `"case"` alone adds an s."""
    singular, _, many = forms.partition(",")
    return count_words(int(number or 0), singular, many)


_IRREGULAR = {"people": "person"}


def things_words(number: int, things: str) -> str:
    """What is counted, in the plural of a list's name or its singular: "people" of 1 is "person"."""
    if number != 1 or not things:
        return things
    if things.endswith("ies"):
        return f"{things[:-3]}y"
    return _IRREGULAR.get(things, things.removesuffix("s"))


@register.filter
def thousands(number: Any) -> str:
    """ "1,234"."""
    return f"{int(number or 0):,}"
