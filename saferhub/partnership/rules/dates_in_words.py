"""Write dates as sentences need them, always in English whatever the server's locale."""

from datetime import date, datetime, timedelta

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_in_words(day: date) -> str:
    """For instance "21 December 2018"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_in_words(day: date) -> str:
    """For instance "Friday 21 December 2018"."""
    return f"{_DAYS[day.weekday()]} {date_in_words(day)}"


def days_in_words(first: date, last: date) -> str:
    """One day, two days or a run of days: "Saturday 22 and Sunday 23 December 2018"."""
    if first == last:
        return day_in_words(first)
    joint = "and" if last - first == timedelta(days=1) else "to"
    opening = f"{_DAYS[first.weekday()]} {first.day}"
    if (first.year, first.month) != (last.year, last.month):
        opening += f" {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        opening += f" {first.year}"
    return f"{opening} {joint} {day_in_words(last)}"


def moment_in_words(moment: datetime) -> str:
    """A day with its time: "Friday 26 October 2018 at 17:30"."""
    return f"{day_in_words(moment.date())} at {moment:%H:%M}"
