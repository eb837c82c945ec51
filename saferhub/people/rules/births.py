"""What is known of a birth, and what age follows from it."""

from __future__ import annotations

from datetime import date, timedelta

from saferhub.partnership.rules.dates_in_words import date_in_words

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def born_words(born: date | None, precision: str) -> str:
    """As a sentence has it after "born": "14 May 1983", "in May 1983", "in 1983", "about 1983"; "" unknown."""
    if born is None:
        return ""
    if precision == "exact":
        return date_in_words(born)
    if precision == "month":
        return f"in {_MONTHS[born.month - 1]} {born.year}"
    return f"about {born.year}" if precision == "about" else f"in {born.year}"


def age_on(born: date, on: date) -> int:
    """Completed years. Who was born on 29 February is a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_words(born: date | None, precision: str, on: date) -> str:
    """The age on a day: "age 35"; "age 34 or 35" where the day is not known; "about 35"; "" unknown."""
    if born is None:
        return ""
    if precision == "exact":
        return f"age {age_on(born, on)}"
    if precision == "about":
        return f"age about {on.year - born.year}"
    oldest = age_on(born, on)
    last = date(born.year, 12, 31) if precision == "year" else _end_of_month(born)
    youngest = max(age_on(last, on), 0)
    return f"age {oldest}" if oldest == youngest else f"age {youngest} or {oldest}"


def _end_of_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)


def births_agree(a: date | None, a_precision: str, b: date | None, b_precision: str) -> bool | None:
    """Whether two births can be one: as far as the coarser of the two says. None: one is not known.

    "About" leaves two years either side.
    """
    if a is None or b is None:
        return None
    if "about" in (a_precision, b_precision):
        return abs(a.year - b.year) <= 2
    if "year" in (a_precision, b_precision):
        return a.year == b.year
    if "month" in (a_precision, b_precision):
        return (a.year, a.month) == (b.year, b.month)
    return a == b
