"""What a figure is in numbers: shares, rates, rounding; what may be entered, and how it is written. Values in, values
out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from saferhub.foundation.refusals import Refusal

from .periods import Period

_THOUSANDTH = Decimal("0.001")
# What a column of fourteen digits with three after the point holds.
MOST = Decimal("99999999999")
NO_NUMBER = "Enter a number, or say why there is no figure."
NO_EVIDENCE = "Say where the figure comes from: a return, a page, a message."
# Units whose figure is made of two numbers.
MADE_OF_TWO = ("per_cent", "rate")


def rounded(value: Decimal) -> Decimal:
    """To three places, halves away from nought, as figures are kept.

    >>> rounded(Decimal("66.6666"))
    Decimal('66.667')
    """
    return value.quantize(_THOUSANDTH, rounding=ROUND_HALF_UP)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """So many in a hundred; None where there is no whole, which is not nought.

    >>> share(Decimal(3), Decimal(4))
    Decimal('75.000')
    >>> share(Decimal(0), Decimal(0)) is None
    True
    """
    return None if not whole else rounded(part * 100 / whole)


def rate(part: Decimal, whole: Decimal, per: int) -> Decimal | None:
    """So many for each `per`; None where there is no whole.

    >>> rate(Decimal(12), Decimal(4000), 1000)
    Decimal('3.000')
    """
    return None if not whole else rounded(part * per / whole)


def plain_number(value: Decimal) -> str:
    """A number as it is read: with thousands parted, and no more places than it has.

    >>> plain_number(Decimal("1234.000")), plain_number(Decimal("4.500")), plain_number(Decimal("-0.667"))
    ('1,234', '4.5', '-0.667')
    """
    text = f"{value:,.3f}"
    return text.rstrip("0").rstrip(".")


def file_number(value: Decimal) -> int | Decimal:
    """A number as a file holds it, with the places it has.

    >>> file_number(Decimal("12.000")), file_number(Decimal("1234.500"))
    (12, Decimal('1234.5'))
    """
    return int(value) if value == value.to_integral_value() else value.normalize()


def figure_words(value: Decimal, unit: str, per: int = 1) -> str:
    """A figure with its unit. Shares and rates have one place; a number has none that it does not need.

    >>> figure_words(Decimal("46.428"), "per_cent")
    '46.4%'
    >>> figure_words(Decimal("4.000"), "days"), figure_words(Decimal("1.000"), "days")
    ('4 days', '1 day')
    >>> figure_words(Decimal("3.256"), "rate", 1000)
    '3.3 per 1,000'
    >>> figure_words(Decimal("1234.000"), "count"), figure_words(Decimal("1200.000"), "pounds")
    ('1,234', '£1,200')
    """
    if unit == "per_cent":
        return f"{_one_place(value)}%"
    if unit == "rate":
        return f"{_one_place(value)} per {per:,}"
    if unit == "days":
        number = plain_number(value)
        return f"{number} {'day' if number == '1' else 'days'}"
    if unit == "pounds":
        return f"£{plain_number(value)}"
    return plain_number(value)


def _one_place(value: Decimal) -> str:
    return plain_number(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody entered of a time; all of it blank says nothing yet."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    missing_why: str = ""
    evidence: str = ""


def figure_of(entered: Entered, *, unit: str, per: int) -> Entered:
    """The same as it is kept: with its value worked out, and nothing of a figure where there is none."""
    if entered.missing_why:
        return Entered(missing_why=entered.missing_why, evidence=entered.evidence)
    if unit in MADE_OF_TWO:
        part, whole = entered.numerator or Decimal(0), entered.denominator or Decimal(0)
        value = share(part, whole) if unit == "per_cent" else rate(part, whole, per)
        return Entered(rounded(part), rounded(whole), value, "", entered.evidence)
    if unit == "count":
        number = rounded(entered.numerator or Decimal(0))
        return Entered(number, None, number, "", entered.evidence)
    return Entered(None, None, rounded(entered.value or Decimal(0)), "", entered.evidence)


def entered_refusals(
    entered: Entered,
    *,
    unit: str,
    counted_by: str,
    period: Period,
    on: date,
    ended_on: date | None,
    replaces: bool,
    why: str,
) -> Iterator[Refusal]:
    """Why a figure cannot be entered."""
    if counted_by:
        yield Refusal(
            "is_counted",
            "This measure is counted from the partnership’s own records. Correct the record; the figure follows.",
        )
    if period.last >= on:
        yield Refusal("not_over", f"{period.words} is not over. Choose an earlier time.")
    if ended_on is not None and period.first > ended_on:
        yield Refusal("measure_ended", "This measure was not kept any more in that time.")
    if replaces and not why.strip():
        yield Refusal("no_reason", "Say why it replaces the figure that stands.")
    if not entered.missing_why:
        yield from _number_refusals(entered, unit)
        if not entered.evidence:
            yield Refusal("no_evidence", NO_EVIDENCE)


def _number_refusals(entered: Entered, unit: str) -> Iterator[Refusal]:
    given = {"numerator": entered.numerator, "denominator": entered.denominator, "value": entered.value}
    asked = {
        "per_cent": ("numerator", "denominator"),
        "rate": ("numerator", "denominator"),
        "count": ("numerator",),
    }
    for name in asked.get(unit, ("value",)):
        number = given[name]
        if number is None:
            yield Refusal(f"no_{name}", NO_NUMBER)
        elif number < 0:
            yield Refusal(f"negative_{name}", "Enter nought or more.")
        elif number > MOST:
            yield Refusal(f"great_{name}", f"Enter a number up to {MOST:,}.")
    if unit in MADE_OF_TWO and entered.denominator == 0:
        yield Refusal(
            "no_denominator", "Nothing can be divided by nought: say why there is no figure instead."
        )
    if (
        unit == "per_cent"
        and entered.numerator is not None
        and entered.denominator is not None
        and entered.numerator > entered.denominator
    ):
        yield Refusal("part_over_whole", "The part is greater than the whole. Check both numbers.")
