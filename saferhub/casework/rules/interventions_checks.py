"""Decide what the law asks of one use of a power, and whether it is met on its day.

The limits are data (pack section powers): ages by group, shortest and longest length, what has to come first,
which kinds of agency may use it, what else must be so. This module compares one planned use with them. Each check
is met, not met or not known, and says so in words.

What follows: an age or a length that is not met refuses, for the law leaves no room. An agency of another kind
refuses too, unless the pack marks the power as still to be verified: then somebody may give a reason. What is not
known needs a reason before the power is put in place. See docs/rules/interventions.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from saferhub.partnership.rules.clock_values import add_months
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people.rules.births import age_on

ONE_DAY = timedelta(days=1)


class Result(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; `unit`: hours, days, weeks, months or years."""

    n: int
    unit: str

    def __str__(self) -> str:
        return f"{self.n} {self.unit[:-1] if self.n == 1 else self.unit}"

    def last_day(self, start: date) -> date:
        """The last day, inclusive, of something that begins on `start` and lasts so long.

        Months and years end the day before the corresponding date. Hours are rounded up to days after the
        first, because the register keeps days. Raises OverflowError beyond the calendar.
        """
        if self.unit == "hours":
            return start + timedelta(days=-(-self.n // 24))
        if self.unit in ("months", "years"):
            return add_months(start, self.n * (12 if self.unit == "years" else 1)) - ONE_DAY
        days = self.n * {"days": 1, "working_days": 1, "weeks": 7}[self.unit]
        return start + timedelta(days=days) - ONE_DAY


@dataclass(frozen=True, slots=True)
class Group:
    """What a power allows for one group (a limit of the pack)."""

    who: str
    minimum_age: int | None = None
    maximum_age: int | None = None
    minimum_length: Length | None = None
    maximum_length: Length | None = None
    review_every: Length | None = None
    note: str = ""

    @property
    def has_ages(self) -> bool:
        return self.minimum_age is not None or self.maximum_age is not None

    @property
    def ages(self) -> str:
        """The ages in words, such as "10 to 17" or "18 and over"."""
        if self.minimum_age is not None and self.maximum_age is not None:
            return f"{self.minimum_age} to {self.maximum_age}"
        return f"{self.minimum_age} and over" if self.minimum_age is not None else f"up to {self.maximum_age}"

    def holds(self, age: int) -> bool:
        return (self.minimum_age is None or age >= self.minimum_age) and (
            self.maximum_age is None or age <= self.maximum_age
        )


@dataclass(frozen=True, slots=True)
class Power:
    """What the pack says of a power or tool."""

    code: str
    name: str
    groups: tuple[Group, ...] = ()
    voluntary: bool = False
    prior_warning: bool = False
    prior_power: str = ""
    prior_name: str = ""
    conditions: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    used_by_names: tuple[str, ...] = ()
    source: str = ""
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Born:
    """A birth as it is recorded: the first possible day, and how exact that is (exact, month, year, about,
    unknown)."""

    on: date | None
    precision: str

    def span(self) -> tuple[date, date] | None:
        """The first and the last possible day; None where nothing is known. "About" leaves two years
        either side, as wherever births are compared."""
        if self.on is None or self.precision == "unknown":
            return None
        if self.precision == "exact":
            return self.on, self.on
        if self.precision == "month":
            return self.on.replace(day=1), add_months(self.on.replace(day=1), 1) - ONE_DAY
        either = 2 if self.precision == "about" else 0
        return date(self.on.year - either, 1, 1), date(self.on.year + either, 12, 31)

    def ages_on(self, day: date) -> tuple[int, int] | None:
        """The youngest and the oldest that the person can be on a day; None where that is not known."""
        span = self.span()
        if span is None:
            return None
        return age_on(span[1], day), age_on(span[0], day)


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a power, as it is planned or put in place.

    `born`: of the person it is used on, None where it is on a place or on nobody by name. `priors`: codes of the
    powers that were in place for the same person or place in the same case before the first day. `confirmed`:
    numbers of the conditions that somebody confirmed, from 0. `agreed`: whether the person agreed to what is
    voluntary.
    """

    starts_on: date
    expires_on: date | None = None
    review_on: date | None = None
    is_on_person: bool = True
    born: Born | None = None
    agency_kind: str = ""
    agency_name: str = ""
    priors: frozenset[str] = frozenset()
    warned: bool = False
    confirmed: frozenset[int] = frozenset()
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is asked, and how it stands. `is_hard`: not met, it refuses whatever the reason."""

    code: str
    asked: str
    result: Result
    words: str
    is_hard: bool = False
    source: str = ""
    verify: bool = False

    @property
    def is_met(self) -> bool:
        return self.result == Result.MET

    @property
    def needs_reason(self) -> bool:
        """Whether it stands in the way unless somebody gives a reason."""
        return not self.is_met and not self.refuses

    @property
    def refuses(self) -> bool:
        return self.result == Result.NOT_MET and self.is_hard


def checks(power: Power, use: Use) -> list[Check]:
    """Every check of this use, in the order in which a page shows them."""
    age, groups = _age(power, use)
    found = [
        age,
        _agency(power, use),
        _prior(power, use),
        *_conditions(power, use),
        _agreed(power, use),
        _length(power, use, groups),
        _review(power, use, groups),
    ]
    return [one for one in found if one is not None]


def _check(power: Power, code: str, asked: str, result: Result, words: str, *, hard: bool = False) -> Check:
    return Check(code, asked, result, words, hard, power.source, power.verify)


def _age(power: Power, use: Use) -> tuple[Check | None, tuple[Group, ...]]:
    """The check of the age on the first day, and the groups that the use may belong to."""
    aged = tuple(one for one in power.groups if one.has_ages)
    others = tuple(one for one in power.groups if not one.has_ages)
    if not aged:
        return None, others
    if not use.is_on_person:
        if others:
            return None, others
        asked = f"Everybody it is used on is aged {_listed(one.ages for one in aged)}"
        words = "It names nobody, so the age of each person has to be checked when it is used."
        return _check(power, "age", asked, Result.NOT_KNOWN, words, hard=True), aged
    if len(aged) == 1:
        asked = f"Aged {aged[0].ages} on the first day"
    else:
        asked = f"Aged {_listed(f'{one.ages} ({one.who.lower()})' for one in aged)} on the first day"
    ages = use.born.ages_on(use.starts_on) if use.born else None
    if ages is None:
        words = "The date of birth is not recorded. Check the age."
        return _check(power, "age", asked, Result.NOT_KNOWN, words, hard=True), aged
    youngest, oldest = ages
    said = f"{youngest}" if youngest == oldest else f"between {youngest} and {oldest}"
    day = date_in_words(use.starts_on)
    possible = tuple(one for one in aged if any(one.holds(age) for age in range(youngest, oldest + 1)))
    certain = all(any(one.holds(age) for one in aged) for age in range(youngest, oldest + 1))
    if not possible:
        return _check(power, "age", asked, Result.NOT_MET, f"Aged {said} on {day}.", hard=True), aged
    if not certain:
        words = f"Aged {said} on {day}: the birth is recorded roughly. Check the age."
        return _check(power, "age", asked, Result.NOT_KNOWN, words, hard=True), possible
    return _check(power, "age", asked, Result.MET, f"Aged {said} on {day}.", hard=True), possible


def _agency(power: Power, use: Use) -> Check | None:
    if not power.used_by:
        return None
    asked = f"It is used by one of these: {_listed(power.used_by_names or power.used_by)}"
    if not use.agency_kind:
        return _check(
            power, "agency", asked, Result.NOT_KNOWN, f"What {use.agency_name} is, is not recorded."
        )
    met = use.agency_kind in power.used_by
    words = f"{use.agency_name} is one." if met else f"{use.agency_name} is none of them."
    # Where the pack itself is still to be verified, somebody may know better than it.
    return _check(power, "agency", asked, Result.MET if met else Result.NOT_MET, words, hard=not power.verify)


def _prior(power: Power, use: Use) -> Check | None:
    if power.prior_power:
        asked = f"A {power.prior_name} came first"
        if power.prior_power in use.priors:
            return _check(power, "prior", asked, Result.MET, "It stands in this case.")
        words = "None stands in this case before the first day. Say when and by whom it was given."
        return _check(power, "prior", asked, Result.NOT_KNOWN, words)
    if power.prior_warning:
        asked = "A written warning came first"
        if use.warned:
            return _check(power, "prior", asked, Result.MET, "A warning stands in this case.")
        words = "None stands in this case before the first day. Say when and by whom it was given."
        return _check(power, "prior", asked, Result.NOT_KNOWN, words)
    return None


def _conditions(power: Power, use: Use) -> Iterable[Check]:
    for number, condition in enumerate(power.conditions):
        met = number in use.confirmed
        words = "Confirmed." if met else "Nobody has confirmed it."
        yield _check(
            power, f"condition_{number + 1}", condition, Result.MET if met else Result.NOT_KNOWN, words
        )


def _agreed(power: Power, use: Use) -> Check | None:
    if not power.voluntary:
        return None
    words = "It rests on agreement. Nobody can be made to keep it, and no penalty follows from refusing."
    if use.agreed:
        return _check(power, "agreed", "Whoever it concerns has agreed", Result.MET, words)
    return _check(power, "agreed", "Whoever it concerns has agreed", Result.NOT_KNOWN, words)


def _length(power: Power, use: Use, groups: Sequence[Group]) -> Check | None:
    """The length, for each group that the use may belong to: where they differ and the group is not known, the
    answer is not known either: a closure notice for 48 hours stands on a senior decision, for 24 on any."""
    limited = [one for one in groups if one.maximum_length or one.minimum_length]
    if not limited:
        return None
    asked = "; ".join(dict.fromkeys(_length_words(one) for one in limited))
    if use.expires_on is None:
        if any(one.maximum_length for one in groups):
            words = "No last day is given."
            return _check(power, "length", asked, Result.NOT_KNOWN, words, hard=True)
        words = "No last day is given, so it runs until it is ended."
        return _check(power, "length", asked, Result.MET, words, hard=True)
    results = {_length_holds(one, use.starts_on, use.expires_on) for one in groups}
    said = f"From {date_in_words(use.starts_on)} until {date_in_words(use.expires_on)}."
    if results == {True}:
        return _check(power, "length", asked, Result.MET, said, hard=True)
    if results == {False}:
        return _check(power, "length", asked, Result.NOT_MET, said, hard=True)
    words = f"{said} That depends on the group: check which one it is."
    return _check(power, "length", asked, Result.NOT_KNOWN, words, hard=True)


def _length_holds(group: Group, start: date, end: date) -> bool:
    if group.maximum_length and end > group.maximum_length.last_day(start):
        return False
    return not (group.minimum_length and end < group.minimum_length.last_day(start))


def _length_words(group: Group) -> str:
    said = []
    if group.minimum_length:
        said.append(f"at least {group.minimum_length}")
    if group.maximum_length:
        said.append(f"at most {group.maximum_length}")
    return f"{group.who}: {' and '.join(said)}"


def _review(power: Power, use: Use, groups: Sequence[Group]) -> Check | None:
    latest = latest_review(groups, use.starts_on)
    if latest is None:
        return None
    if use.expires_on is not None and use.expires_on < latest:
        return None
    asked = f"It is looked at again by {date_in_words(latest)}"
    if use.review_on is None:
        return _check(power, "review", asked, Result.NOT_KNOWN, "No day of review is given.")
    met = use.review_on <= latest
    words = f"On {date_in_words(use.review_on)}."
    return _check(power, "review", asked, Result.MET if met else Result.NOT_MET, words, hard=True)


def latest_review(groups: Iterable[Group], start: date) -> date | None:
    """The last day of the first review that any of these groups asks for; None where none does."""
    days = [one.review_every.last_day(start) for one in groups if one.review_every]
    return min(days, default=None)


def possible_groups(power: Power, use: Use) -> tuple[Group, ...]:
    """The groups of the power that this use may belong to."""
    return _age(power, use)[1]


def kept(found: Iterable[Check], *, overridden: bool) -> dict[str, str]:
    """The answers as the register keeps them; those that a reason overrode say so."""
    return {
        one.code: str(Result.OVERRIDDEN if overridden and one.needs_reason else one.result) for one in found
    }


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
