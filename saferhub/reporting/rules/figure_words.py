"""How a figure is written in a report: with its unit in words, without in a table."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NONE = "–"


def in_words(value: Decimal, unit: str, per: int = 1) -> str:
    """As it stands in a sentence.

    >>> in_words(Decimal("48.25"), "per_cent"), in_words(Decimal(1), "days"), in_words(Decimal(1204), "count")
    ('48 per cent', '1 day', '1,204')
    """
    if unit == "per_cent":
        return f"{_rounded(value, 0)} per cent"
    if unit == "days":
        number = _short(value)
        return f"{number} day" if number == "1" else f"{number} days"
    if unit == "rate":
        return f"{_short(value)} for each {per:,}"
    return in_table(value, unit)


def in_table(value: Decimal, unit: str) -> str:
    """As it stands in a cell, under a heading that says the unit where it has to be said.

    >>> in_table(Decimal("48.5"), "per_cent"), in_table(Decimal("4.50"), "days"), in_table(Decimal(12), "pounds")
    ('49%', '4.5', '£12')
    """
    if unit == "per_cent":
        return f"{_rounded(value, 0)}%"
    if unit == "pounds":
        return f"£{_rounded(value, 0)}"
    return _short(value)


def _rounded(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,}"


def _short(value: Decimal) -> str:
    """With one place at most, and none where it says nothing."""
    text = _rounded(value, 1)
    return text.removesuffix(".0")


def number_word(number: int) -> str:
    """Numbers up to ten in letters, as sentences have them.

    >>> number_word(7), number_word(11)
    ('seven', '11')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if 0 <= number < len(words) else f"{number:,}"


def plural(name: str) -> str:
    """The plural of a kind of agency, as packs name it.

    >>> plural("district council"), plural("charity"), plural("probation services")
    ('district councils', 'charities', 'probation services')
    """
    if name.endswith("s"):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"


def joined(names: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
