"""What may be written about money, training, consultation, reports received and decisions; and what is missing.

Consultation: SI 2007/1830 reg. 12 as made asks for residents and workers, for groups that represent or are most
affected, and for one public meeting a year with senior people of the responsible authorities, whose date and outcome
are made known. Later loosening is to be checked; the partnership keeps to its habit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from saferhub.foundation.refusals import Refusal
from saferhub.plan.models.support import ConsultationKind, FundingStatus

# --- Funding ----------------------------------------------------------------------------------------------------


def period_refusals(*, first: date | None, last: date | None) -> Iterator[Refusal]:
    """Why days cannot be those of a time."""
    if first is not None and last is not None and last < first:
        yield Refusal("ends_before", "The last day is the first one or later.")


def funding_refusals(*, amount: Decimal | None, first: date | None, last: date | None) -> Iterator[Refusal]:
    """Why a funding cannot stand so."""
    if amount is not None and amount < 0:
        yield Refusal("amount_negative", "Enter an amount of nought or more.")
    yield from period_refusals(first=first, last=last)


def funding_move_refusals(
    *, after: str, reason: str, amount: Decimal | None, first: date | None, last: date | None
) -> Iterator[Refusal]:
    """Why a funding cannot come to stand so: secured, it says how much and for how long; refused, ended or sought
    anew, why."""
    if after == FundingStatus.SECURED:
        if amount is None:
            yield Refusal("no_amount", "Say how much it is. Nought, if it costs nothing.")
        if first is None or last is None:
            yield Refusal("no_period", "Say from when and until when it is funded.")
    if after in (FundingStatus.REFUSED, FundingStatus.ENDED, FundingStatus.WANTED) and not reason.strip():
        yield Refusal("no_reason", "Say why, for whoever bids the next time.")


def report_refusals(
    *, first: date, last: date, on: date, words: str, taken: Iterable[tuple[date, date]]
) -> Iterator[Refusal]:
    """Why a monitoring report cannot be kept: of a time that is over or runs, and that no other report covers."""
    yield from period_refusals(first=first, last=last)
    if first > on:
        yield Refusal("ahead", "Choose a time that has begun.")
    if any(first <= other_last and other_first <= last for other_first, other_last in taken):
        yield Refusal("covered", "Another report covers some of these days. Choose the days after it.")
    if not words.strip():
        yield Refusal("no_words", "Say what came of it.")


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of a funding was spent over how much of its time."""

    spent: Decimal
    amount: Decimal | None
    share: int | None
    time_share: int | None

    @property
    def words(self) -> str:
        """ "£12,000 of £40,000 (30%), 50% of its time used"."""
        parts = [
            f"{pounds(self.spent)} of {pounds(self.amount)}"
            if self.amount is not None
            else pounds(self.spent)
        ]
        if self.share is not None:
            parts[0] += f" ({self.share}%)"
        if self.time_share is not None:
            parts.append(f"{self.time_share}% of its time used")
        return ", ".join(parts)


def spent_of(
    amount: Decimal | None,
    reported: Iterable[Decimal | None],
    first: date | None,
    last: date | None,
    on: date,
) -> Spent:
    """What was spent as far as it was reported, and how much of the time has gone by a day, both in whole per cent."""
    spent = sum((one for one in reported if one is not None), Decimal(0))
    share = int(spent * 100 / amount) if amount else None
    time_share = None
    if first is not None and last is not None and first <= on:
        days = (last - first).days + 1
        time_share = min(100, 100 * ((min(on, last) - first).days + 1) // days)
    return Spent(spent, amount, share, time_share)


def pounds(amount: Decimal | None) -> str:
    """ "£12,000", "£12,000.50"; "not known yet" for none."""
    if amount is None:
        return "not known yet"
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


# --- Training ---------------------------------------------------------------------------------------------------


def training_refusals(
    *, on: date, today: date, count: int, asked: int | None, more_confident: int | None
) -> Iterator[Refusal]:
    """Why a training cannot be kept so: it was given, and no more answered than came."""
    if on > today:
        yield Refusal("ahead", "Choose today or a day before: training is recorded once it was given.")
    if count < 1:
        yield Refusal("nobody_came", "Enter how many came.")
    if asked is not None and asked > count:
        yield Refusal("more_asked", "No more people can answer than came.")
    if more_confident is not None and asked is None:
        yield Refusal("no_asked", "Say how many answered.")
    elif more_confident is not None and asked is not None and more_confident > asked:
        yield Refusal("more_confident", "No more people can say so than answered.")


# --- Consultation -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Consulted:
    """What the rules below need to know of a consultation: of which kind, its last day, whether its outcome was made
    known and senior posts were there, and its groups: name, how many were reached, what is missing."""

    kind: str
    last_day: date
    made_known: bool
    senior_there: bool
    groups: tuple[tuple[str, int | None, str], ...]


def consultation_gaps(found: Iterable[Consulted], *, first: date, last: date) -> list[str]:
    """What the consultation of a year still lacks, in sentences, each by what the regulation asks."""
    held = [one for one in found if first <= one.last_day <= last]
    gaps = []
    meetings = [one for one in held if one.kind == ConsultationKind.PUBLIC_MEETING]
    if not meetings:
        gaps.append("No public meeting was held in this year.")
    elif not any(one.senior_there for one in meetings):
        gaps.append("No public meeting says which senior posts of the responsible authorities were there.")
    elif not any(one.made_known for one in meetings if one.senior_there):
        gaps.append("Date and outcome of the public meeting were not made known.")
    groups = [group for one in held for group in one.groups]
    if not groups:
        gaps.append("No group is named that was to be reached.")
    reached = {name.casefold() for name, number, _ in groups if number}
    silent = dict.fromkeys(
        name for name, number, missing in groups if (not number or missing) and name.casefold() not in reached
    )
    gaps += [f"Not reached: {name}." for name in silent]
    return gaps


def group_refusals(groups: Iterable[tuple[str, int | None, str]]) -> Iterator[Refusal]:
    """Why the groups of a consultation cannot be kept: each once, and where nobody was reached it says why."""
    seen = set()
    for name, reached, gap in groups:
        if name.casefold() in seen:
            yield Refusal("group_twice", f"“{name}” stands there twice.")
        seen.add(name.casefold())
        if reached == 0 and not gap.strip():
            yield Refusal("no_gap", f"Say why nobody of “{name}” was reached, and what will be tried.")


def consultation_refusals(
    *, first: date, last: date, today: date, said: str, changed: str
) -> Iterator[Refusal]:
    """Why a consultation cannot be kept so. One to come has no answers yet."""
    yield from period_refusals(first=first, last=last)
    if first > today and (said.strip() or changed.strip()):
        yield Refusal("answers_ahead", "It has not begun: leave what people said, and what changed, empty.")


# --- What a past day asks ---------------------------------------------------------------------------------------


def past_refusals(*, on: date, today: date, code: str = "ahead") -> Iterator[Refusal]:
    """Why something that happened cannot lie on a day to come."""
    if on > today:
        yield Refusal(code, "Choose today or a day before.")
