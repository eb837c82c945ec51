"""Text as it is compared: without case, accents, hidden characters, look-alikes or punctuation.

A reader sees one address in “12 Example Rd”, “12, example\\nROAD” and a line with zero-width spaces in it,
so the check must. Every character of what is folded knows where it stood, so that a finding can be shown.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

# Letters of other scripts that look like a Latin one, and letters that no decomposition reaches.
_LOOKS_LIKE = str.maketrans(
    {
        "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t",
        "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "һ": "h", "α": "a", "ε": "e", "η": "n",
        "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ı": "i",
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th",
    }
)  # fmt: skip
# Drawn as nothing, though Unicode counts them as letters or marks.
_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u034f")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")

SHORT = {
    "street": "st", "saint": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln", "close": "cl",
    "drive": "dr", "crescent": "cres", "cresc": "cres", "court": "ct", "place": "pl", "square": "sq",
    "terrace": "terr", "ter": "terr", "gardens": "gdns", "grove": "gr", "house": "hse", "mount": "mt",
    "apartment": "flat", "apt": "flat", "park": "pk", "upper": "upr", "lower": "lwr", "north": "n", "south": "s",
    "east": "e", "west": "w", "and": "", "the": "",
}  # fmt: skip
_UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_DIGITS = {word: str(number) for word, number in _UNITS.items() if number < 10} | {
    "nought": "0",
    "naught": "0",
    "nil": "0",
    "oh": "0",
    "o": "0",
    "oo": "00",
    "ooo": "000",
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or a run of digits, and where it stood in the text."""

    text: str
    start: int
    end: int


def _characters(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Each folded character with the span it came from; whether it was a capital. "" separates."""
    position = 0
    for match in (*_ESCAPE.finditer(text), None):
        stop = match.start() if match else len(text)
        for index in range(position, stop):
            yield from _folded(text[index], index, index + 1)
        if match is None:
            return
        meant = unquote(match[0]) if match[0][0] == "%" else html.unescape(match[0])
        if meant == match[0] or len(meant) > 2:
            # It only looked like an escape: "&amp" without meaning, or a sign for something long.
            for index in range(match.start(), match.end()):
                yield from _folded(text[index], index, index + 1)
        else:
            for character in meant:
                yield from _folded(character, match.start(), match.end())
        position = match.end()


def _folded(character: str, start: int, end: int) -> Iterator[tuple[str, int, int, bool]]:
    if character.isascii():
        yield (character.lower() if character.isalnum() else ""), start, end, character.isupper()
        return
    if character in _BLANK_LETTERS or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    for one in plain.translate(_LOOKS_LIKE):
        if unicodedata.category(one) in ("Mn", "Me", "Cf"):
            continue
        digit = unicodedata.decimal(one, None)
        shown = str(digit) if digit is not None else one
        yield (shown if shown.isalnum() else ""), start, end, character.isupper()


def tokens(text: str, *, by_capitals: bool = True) -> list[Token]:
    """The runs of letters and of digits, in order. `by_capitals`: a capital after a small letter begins a
    new one, so that AnnaFrith.pdf is read as two words."""
    found: list[Token] = []
    run, start, end, small = "", 0, 0, False
    for character, at, stop, capital in _characters(text):
        border = (
            not character
            or (run and run[-1].isdigit() != character.isdigit())
            or (by_capitals and run and capital and small and character.isalpha())
        )
        if border and run:
            found.append(Token(run, start, end))
            run = ""
        if character:
            if not run:
                start = at
            run, end, small = run + character, stop, not capital
    if run:
        found.append(Token(run, start, end))
    return found


def _shortened(given: Iterable[Token]) -> list[Token]:
    """Kinds of street in short, and without "the" and "and"."""
    made = (Token(SHORT.get(token.text, token.text), token.start, token.end) for token in given)
    return [token for token in made if token.text]


def _numbered(given: list[Token]) -> list[Token]:
    """Number words as figures: "twenty-two" and "one hundred and three" as one number each."""
    made: list[Token] = []
    index = 0
    while index < len(given):
        value, stop = _number(given, index)
        if value is None:
            made.append(given[index])
            stop = index + 1
        else:
            made.append(Token(str(value), given[index].start, given[stop - 1].end))
        index = stop
    return made


def _number(given: list[Token], index: int) -> tuple[int | None, int]:
    def below_hundred(at: int) -> tuple[int | None, int]:
        if at >= len(given):
            return None, at
        word = given[at].text
        if word in _TENS:
            after = _UNITS.get(given[at + 1].text, 0) if at + 1 < len(given) else 0
            return (_TENS[word] + after, at + 2) if 0 < after < 10 else (_TENS[word], at + 1)
        return (_UNITS[word], at + 1) if word in _UNITS else (None, at)

    value, stop = below_hundred(index)
    if value is None or stop >= len(given) or given[stop].text != "hundred":
        return value, stop
    value, stop = value * 100, stop + 1
    after = stop + 1 if stop < len(given) and given[stop].text == "and" else stop
    more, end = below_hundred(after)
    return (value + more, end) if more is not None else (value, stop)


def _spelled(given: list[Token]) -> list[Token]:
    """Digits that are spelled one by one: "oh double seven", "O77"."""
    made: list[Token] = []
    times, opened = 1, -1
    for token in given:
        if token.text in _TIMES:
            times, opened = _TIMES[token.text], token.start
            continue
        text = _DIGITS.get(token.text, token.text)
        if times > 1 and text.isdigit():
            made.append(Token(text[0] * times + text[1:], opened, token.end))
        else:
            made.append(Token(text, token.start, token.end))
        times = 1
    return made


def _as_spoken(given: list[Token]) -> list[Token]:
    """An e-mail address without "at" and "dot", however they are written."""
    return [token for token in given if token.text not in ("at", "dot")]


class View:
    """A list of tokens drawn together, in which a value is looked for over spaces, hyphens and line ends."""

    def __init__(self, given: list[Token]) -> None:
        self.tokens = given
        self.text = "".join(token.text for token in given)
        self._starts: list[int] = []
        position = 0
        for token in given:
            self._starts.append(position)
            position += len(token.text)
        self._starting = {at: number for number, at in enumerate(self._starts)}
        self._length = position

    def find(self, value: str, *, whole: bool = True) -> Iterator[tuple[int, int]]:
        """Where `value` stands: numbers of its first token and of the one after its last.

        `whole`: it must begin and end where a token does.
        """
        at = self.text.find(value) if value else -1
        while at != -1:
            stop = at + len(value)
            first = self._starting.get(at)
            after = len(self.tokens) if stop == self._length else self._starting.get(stop)
            if first is not None and after is not None:
                yield first, after
            elif not whole:
                yield bisect_right(self._starts, at) - 1, bisect_right(self._starts, stop - 1)
            at = self.text.find(value, at + 1)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """From and to in the text as it was given."""
        return self.tokens[first].start, self.tokens[after - 1].end


class Folded:
    """One text, in the views that its values may hide in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self._words = tokens(text, by_capitals=False)

    @cached_property
    def plain(self) -> View:
        return View(self._tokens)

    @cached_property
    def short(self) -> View:
        return View(_shortened(_numbered(self._words)))

    @cached_property
    def short_by_capitals(self) -> View:
        return View(_shortened(_numbered(self._tokens)))

    @cached_property
    def numbered(self) -> View:
        return View(_numbered(self._words))

    @cached_property
    def spelled(self) -> View:
        return View(_spelled(self._words))

    @cached_property
    def spoken(self) -> View:
        return View(_as_spoken(self._words))

    def line_of(self, position: int) -> int:
        """The line of a position, counted from 1."""
        return self.text.count("\n", 0, position) + 1


def squeezed(text: str) -> str:
    """The text drawn together: "O’Neill" and "o neill" are the same."""
    return View(tokens(text)).text


def short_squeezed(text: str) -> str:
    """The same with kinds of street in short and numbers in figures."""
    return Folded(text).short.text
