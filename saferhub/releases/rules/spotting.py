"""Where in a text a known address, number or name stands, in whichever form somebody wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from .folding import Folded, View, short_squeezed, squeezed

_SUB_PREMISES = frozenset({"flat", "apartment", "apt", "unit", "room", "floor", "suite", "block"})
_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "sir", "lady")
# Given names that are everyday words too: alone they count only with a capital.
EVERYDAY = frozenset(
    [
        "will",
        "mark",
        "may",
        "april",
        "june",
        "grace",
        "hope",
        "faith",
        "rose",
        "dawn",
        "joy",
        "art",
        "bill",
        "bob",
        "rob",
        "frank",
        "sue",
        "pat",
        "ray",
        "guy",
        "jack",
        "jean",
        "jo",
        "lee",
        "max",
        "miles",
        "nick",
        "penny",
        "pearl",
        "ruby",
        "sandy",
        "summer",
        "autumn",
        "skip",
        "chance",
        "chase",
        "dale",
        "dean",
        "drew",
        "earnest",
        "gene",
        "grant",
        "iris",
        "ivy",
        "lance",
        "olive",
        "poppy",
        "robin",
        "rusty",
        "violet",
        "wade",
        "ward",
        "victor",
        "young",
        "page",
        "carol",
        "eve",
        "holly",
        "daisy",
    ]
)
_BEFORE, _AFTER = 4, 3  # tokens around a street in which its house number may stand
_SHORTEST_STREET = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a text: from, to, and whether the whole value stands there or only part of it."""

    start: int
    end: int
    whole: bool


def _joined_in(view: View, first: int, after: int, value: str) -> tuple[int, int] | None:
    """A run of neighbouring tokens between two places that together are `value`."""
    first, after = max(first, 0), min(after, len(view.tokens))
    for start in range(first, after):
        run = ""
        for stop in range(start, after):
            run += view.tokens[stop].text
            if run == value:
                return start, stop + 1
            if len(run) >= len(value):
                break
    return None


@dataclass(frozen=True)
class AddressForms:
    """An address taken apart: postcode, house number, street, name of a house."""

    lines: str
    postcode: str = ""
    uprn: str = ""

    @cached_property
    def _parts(self) -> tuple[str, tuple[str, ...]]:
        number, streets = "", []
        for line in re.split(r"[\n,;]+", self.lines):
            found = [token.text for token in Folded(line).numbered.tokens]
            if not found or found[0] in _SUB_PREMISES:
                continue
            if found[0].isdigit():
                cut = 2 if len(found) > 1 and len(found[1]) == 1 and found[1].isalpha() else 1
                number = number or "".join(found[:cut])
                rest = " ".join(found[cut:])
                if rest:
                    return number, (rest,)
                continue
            streets.append(" ".join(found))
            if number:
                return number, (streets[-1],)
            if len(streets) == 2:
                break
        return number, tuple(streets)

    @property
    def number(self) -> str:
        return self._parts[0]

    @property
    def streets(self) -> tuple[str, ...]:
        """The street; without a house number the name of the house, and the line after it."""
        return self._parts[1]

    @cached_property
    def code(self) -> str:
        return squeezed(self.postcode)

    @property
    def key(self) -> tuple[str, str, str]:
        """What two writings of one address have in common."""
        return self.code, short_squeezed(self.number), short_squeezed(" ".join(self.streets[:1]))

    def is_same_as(self, other: AddressForms) -> bool:
        """Whether both are one address: the same postcode and house, or the same house and street."""
        if self.uprn and self.uprn == other.uprn:
            return True
        house, street = self.key[1], self.key[2]
        if house != other.key[1]:
            return False
        return bool(street and street == other.key[2]) or bool(
            house and self.code and self.code == other.code
        )

    def spots(self, text: Folded) -> Iterator[Spot]:
        """Where it stands. A postcode or street without its house number is part of it."""
        yield from self._postcode_spots(text)
        for street in self.streets[: 1 if self.number else 2]:
            yield from self._street_spots(text, street)
        if self.uprn and len(self.uprn) >= 6:
            for first, after in text.plain.find(squeezed(self.uprn)):
                yield Spot(*text.plain.span(first, after), whole=True)

    def _postcode_spots(self, text: Folded) -> Iterator[Spot]:
        if len(self.code) < 5:
            return
        for view in (text.plain, text.spelled):
            for first, after in view.find(self.code, whole=False):
                house = self.number or (short_squeezed(self.streets[0]) if self.streets else "")
                near = (
                    _joined_in(text.short, *_around(text.short, view, first, 14), short_squeezed(house))
                    if house
                    else None
                )
                start, end = view.span(first, after)
                if near:
                    start = min(start, text.short.span(*near)[0])
                yield Spot(start, end, whole=near is not None)

    def _street_spots(self, text: Folded, street: str) -> Iterator[Spot]:
        full, short = squeezed(street), short_squeezed(street)
        for view, needle in (
            (text.plain, full),
            (text.numbered, full),
            (text.short, short),
            (text.short_by_capitals, short),
        ):
            if len(needle) < _SHORTEST_STREET:
                continue
            for first, after in view.find(needle):
                start, end = view.span(first, after)
                if not self.number:
                    # The name of a house tells little alone: together with street or postcode it is the address.
                    yield Spot(start, end, whole=self._has_another_line(text, street))
                    continue
                house = squeezed(self.number)
                near = _joined_in(view, first - _BEFORE, first, house) or _joined_in(
                    view, after, after + _AFTER, house
                )
                if near:
                    a, b = view.span(*near)
                    start, end = min(start, a), max(end, b)
                yield Spot(start, end, whole=near is not None)

    def _has_another_line(self, text: Folded, street: str) -> bool:
        others = [short_squeezed(one) for one in self.streets if one != street]
        return any(one and next(text.short.find(one), None) for one in others) or bool(
            self.code and next(text.plain.find(self.code, whole=False), None)
        )


def _around(target: View, view: View, first: int, before: int) -> tuple[int, int]:
    """The tokens of another view that stand before the same place in the text."""
    position = view.tokens[first].start
    stop = next((n for n, token in enumerate(target.tokens) if token.start >= position), len(target.tokens))
    return stop - before, stop


def national_number(value: str) -> str:
    """A telephone number without country code and leading nought: "+44 (0)7700 900123" → "7700900123"."""
    digits = re.sub(r"\D", "", squeezed(value))
    for prefix in ("00", "44"):
        digits = digits.removeprefix(prefix)
    return digits.lstrip("0")


def number_spots(value: str, text: Folded) -> Iterator[Spot]:
    """Where a telephone number stands, with or without country code, brackets, spaces, in words."""
    number = national_number(value)
    if len(number) < 7:
        return
    seen: set[tuple[int, int]] = set()
    for view in (text.plain, text.spelled, text.numbered):
        for first, after in view.find(number, whole=False):
            span = view.span(first, after)
            if span not in seen:
                seen.add(span)
                yield Spot(*span, whole=True)
    if seen or number.startswith("7") or len(number) < 9:
        return
    # A number of a fixed line is often given without its area: the last six digits, on their own.
    for first, after in text.plain.find(number[-6:]):
        yield Spot(*text.plain.span(first, after), whole=False)


def email_spots(value: str, text: Folded) -> Iterator[Spot]:
    """Where an e-mail address stands, also as “anna at example dot org”."""
    for view, needle in (
        (text.plain, squeezed(value)),
        (text.spoken, squeezed(re.sub(r"(?i)\b(at|dot)\b", " ", value))),
    ):
        if len(needle) >= 6:
            for first, after in view.find(needle):
                yield Spot(*view.span(first, after), whole=True)


@lru_cache(maxsize=4096)
def name_forms(given: str, family: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The written forms of a name, drawn together: those that say who it is, and those that say a part.

    Whole: both orders, the first given name, initials, a title with the family name. Part: the family
    name (also each half of a double one) or the given name alone.
    """
    first = [squeezed(one) for one in given.split()]
    last = squeezed(family)
    if not last or not first:
        alone = "".join(first) or last
        return ((alone,), ()) if alone else ((), ())
    initials = [one[0] for one in first if one]
    whole = [
        "".join(first) + last,
        last + "".join(first),
        first[0] + last,
        last + first[0],
        initials[0] + last,
        last + initials[0],
        "".join(initials) + last,
        last + "".join(initials),
        *(title + last for title in _TITLES),
    ]
    halves = [squeezed(half) for half in family.split("-")] if "-" in family else []
    part = [last, *(half for half in halves if len(half) >= 4), first[0]]
    return tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(one for one in part if len(one) >= 3))


def name_spots(given: str, family: str, text: Folded, *, without: Iterable[str] = ()) -> Iterator[Spot]:
    """Where a name stands as whole words. `without`: squeezed words that are somebody else's name too."""
    whole, part = name_forms(given, family)
    left_out = set(without)
    taken: list[tuple[int, int]] = []
    for form in whole:
        if len(form) < 3 or form in left_out:
            continue
        for first, after in text.plain.find(form):
            span = text.plain.span(first, after)
            taken.append(span)
            yield Spot(*span, whole=True)
    for form in part:
        if form in left_out:
            continue
        for first, after in text.plain.find(form):
            start, end = text.plain.span(first, after)
            if any(a <= start and end <= b for a, b in taken):
                continue
            if form in EVERYDAY and not text.text[start].isupper():
                continue
            yield Spot(start, end, whole=False)


# Enough of a UK postcode's form to notice one that no record holds.
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}[0-9][0-9A-Za-z]?[\s\u00a0-]*[0-9][A-Za-z]{2}\b")
_HOUSE_AND_STREET = re.compile(
    r"\b[0-9]{1,4}[A-Za-z]?,?\s+(?:[A-Za-z’'.-]+\s+){1,4}"
    r"(?:road|rd|street|lane|ln|avenue|ave|close|drive|crescent|court|place|terrace|gardens|grove|way|hill|row|mews|green)\b",
    re.IGNORECASE,
)


def address_like_spots(text: str) -> Iterator[Spot]:
    """What has the form of an address: a postcode, or a number before a street."""
    for pattern in (_POSTCODE, _HOUSE_AND_STREET):
        for match in pattern.finditer(text):
            yield Spot(match.start(), match.end(), whole=pattern is _POSTCODE)
