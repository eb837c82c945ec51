"""When a plan's years begin and end, and what may be agreed, ended and reviewed."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal

_DAY = timedelta(days=1)


def a_year_later(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    year = day.year + 1
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def years_of(first_day: date, last_day: date) -> list[tuple[date, date]]:
    """First and last day of each year of a strategy; the last is shorter where the strategy ends sooner."""
    found, first = [], first_day
    while first <= last_day:
        after = a_year_later(first)
        found.append((first, min(after - _DAY, last_day)))
        first = after
    return found


def year_words(first_day: date, last_day: date) -> str:
    """ "2018-19" for a year that runs into the next, "2018" for one that does not."""
    if first_day.year == last_day.year:
        return str(first_day.year)
    return f"{first_day.year}-{last_day.year % 100:02}"


_LONGEST_YEARS = 10


def strategy_refusals(*, first: date, last: date, taken: Iterable[tuple[date, date]]) -> Iterator[Refusal]:
    """Why a strategy cannot have these years: they are in order, ten at most, and no other strategy holds them."""
    if last <= first:
        yield Refusal("ends_before", "The last day is after the first one.")
    elif len(years_of(first, last)) > _LONGEST_YEARS:
        yield Refusal("too_long", f"A strategy has {_LONGEST_YEARS} years at most.")
    if any(first <= other_last and other_first <= last for other_first, other_last in taken):
        yield Refusal(
            "years_taken", "Another strategy holds some of these years. Begin on the day after it ends."
        )


def agree_refusals(*, where: str, when: date | None, on: date) -> Iterator[Refusal]:
    """Why an agreement cannot be recorded: it says where and when, on a day that has come."""
    if not where.strip():
        yield Refusal("no_where", "Say which meeting or session agreed it.")
    if when is None:
        yield Refusal("no_when", "Give the day on which it was agreed.")
    elif when > on:
        yield Refusal("agreed_ahead", "Choose a day that has come: an agreement is recorded once it is made.")


def end_refusals(*, first: date, last: date, why: str) -> Iterator[Refusal]:
    """Why an area or objective cannot end on that day."""
    if last < first:
        yield Refusal("ends_before", "The last day is the first one or later.")
    if not why.strip():
        yield Refusal("no_why", "Say why it ends.")


def replace_refusals(*, before: str, words: str, began: date, first: date, why: str) -> Iterator[Refusal]:
    """Why other words cannot follow an objective's: they are a new row, from a later day on, with a reason."""
    if not words.strip():
        yield Refusal("no_words", "Write what the area sets out to do.")
    elif words.strip() == before.strip():
        yield Refusal("same_words", "These are the words that stand. Change them, or go back.")
    if first <= began:
        yield Refusal("first_day_too_early", "The new words begin after the day on which the old ones began.")
    if not why.strip():
        yield Refusal("no_why", "Say why the words change.")


# A review may begin with the last quarter of its year: partnerships agree the next year before it starts.
_REVIEW_AHEAD = timedelta(days=92)


def review_opens(last_day: date) -> date:
    """From which day on a year's actions may be decided about."""
    return last_day - _REVIEW_AHEAD


def year_agree_refusals(
    *, where: str, when: date | None, on: date, actions: int, unchanged: Iterable[str]
) -> Iterator[Refusal]:
    """Why a year's action plan cannot be agreed: besides `agree_refusals`, one without an action, and one in which
    actions still stand as they were though the review before said that they change (`unchanged`: their numbers)."""
    if not actions:
        yield Refusal("no_actions", "Add an action first: there is nothing to agree yet.")
    if numbers := sorted(unchanged):
        yield Refusal(
            "not_changed_yet",
            f"The review decided to change {', '.join(numbers)}, and they still stand as they were. Change them first.",
        )
    yield from agree_refusals(where=where, when=when, on=on)


def review_refusals(*, words: str, undecided: Iterable[str], on: date, last_day: date) -> Iterator[Refusal]:
    """Why a yearly review cannot be closed: too early, actions without a decision, or nothing said of the year."""
    if on < review_opens(last_day):
        yield Refusal("review_early", "A year is reviewed from its last three months on.")
    if numbers := list(undecided):
        yield Refusal("undecided", f"Decide about {', '.join(numbers)} first: keep, change or stop.")
    if not words.strip():
        yield Refusal("no_review_words", "Write what the review found, for whoever reads next year’s plan.")
