"""What was typed to search by, and how a record compares with it, line by line.

Likelihood is said in words. They come from what agrees and what differs, not from a score, so that a reader can
check them against the lines beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from . import keys
from .births import births_agree, born_words

REFERENCE = re.compile(r"[A-Z]{2,4}(-?)[0-9A-HJKMNP-TV-Z]{4}\1[0-9A-HJKMNP-TV-Z]{2}")
LETTERS = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed. Empty texts were not typed."""

    name: str = ""
    born: date | None = None
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    identifier: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        """Given and family part: "Jo Frith" and "Frith, Jo" alike; one word is taken as the family part."""
        name = " ".join(self.name.split())
        if "," in name:
            family, _, given = (part.strip() for part in name.partition(","))
            return given, family
        given, _, family = name.rpartition(" ")
        return given, family

    @property
    def address_key(self) -> str:
        """The key of a whole address, "" without a postcode: a street alone is no identifier."""
        if not self.postcode or not self.address:
            return ""
        return keys.address_key(self.address, self.postcode)

    @property
    def telephone_key(self) -> str:
        return keys.telephone_key(self.telephone) if self.telephone else ""

    @property
    def identifier_key(self) -> str:
        return keys.identifier_key(self.identifier) if self.identifier else ""

    @property
    def is_empty(self) -> bool:
        return not any((self.name, self.born, self.address, self.postcode, self.telephone, self.identifier))

    @property
    def points(self) -> bool:
        """Whether it is enough for a pointer: three letters of a name, and one whole identifier."""
        letters = sum(char.isalpha() for char in self.name)
        return letters >= LETTERS and bool(self.born or self.address_key or self.telephone_key)

    @property
    def fields(self) -> dict[str, str]:
        """What was typed as it is compared, for the keyed hashes of the log."""
        given = {
            "name": keys.plain(self.name),
            "born": self.born.isoformat() if self.born else "",
            "address": keys.address_key(self.address, self.postcode) if self.address or self.postcode else "",
            "telephone": self.telephone_key,
            "identifier": self.identifier_key,
        }
        return {name: value for name, value in given.items() if value}


def reference_in(text: str) -> str:
    """The reference that a text is, as it is written: "sel7k3mq2" → "SEL-7K3M-Q2"; "" where it is none.

    One in ten has no digit. Without its hyphens such a one could as well be a name, and is taken for that.
    """
    plain = re.sub(r"[\s-]", "", text).upper()
    has_digit = any(char.isdigit() for char in plain)
    if not REFERENCE.fullmatch(plain if has_digit else text.strip().upper()) or not (
        has_digit or "-" in text
    ):
        return ""
    return f"{plain[:-6]}-{plain[-6:-2]}-{plain[-2:]}"


class Agrees(StrEnum):
    SAME = "same"
    SIMILAR = "similar"
    DIFFERS = "differs"
    NOT_COMPARED = "not_compared"


WORDS = {
    Agrees.SAME: "Same",
    Agrees.SIMILAR: "Similar",
    Agrees.DIFFERS: "Differs",
    Agrees.NOT_COMPARED: "Not compared",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One detail: what was typed, what the record says, whether they agree."""

    detail: str
    typed: str
    on_record: str
    agrees: Agrees

    @property
    def words(self) -> str:
        return WORDS[self.agrees]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What of a record is compared. `names`: (given, family); addresses: (key, one line, lines);
    telephones and identifiers: (key, value); a telephone without its value is protected."""

    names: tuple[tuple[str, str], ...]
    born: date | None
    born_precision: str
    addresses: tuple[tuple[str, str, str], ...] = ()
    telephones: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


def compare(typed: Typed, record: OnRecord) -> list[Line]:
    """Name, birth, address and telephone always; an identifying number where one was typed."""
    lines = [_name(typed, record), _born(typed, record), _address(typed, record), _telephone(typed, record)]
    if typed.identifier:
        lines.append(_identifier(typed, record))
    return lines


def likelihood(lines: Iterable[Line]) -> str:
    """`very_likely`, `possible` or `unlikely`."""
    found = list(lines)
    name = found[0].agrees
    others = [line.agrees for line in found[1:]]
    agree, differ = others.count(Agrees.SAME), others.count(Agrees.DIFFERS)
    if found[1].agrees is Agrees.DIFFERS and agree == 0:
        return "unlikely"
    if name in (Agrees.SAME, Agrees.SIMILAR) and agree and not (differ and found[1].agrees is Agrees.DIFFERS):
        return "very_likely"
    return "unlikely" if name is Agrees.DIFFERS and agree == 0 else "possible"


LIKELIHOOD = {
    "very_likely": ("Very likely the same person", "good"),
    "possible": ("Possibly the same person", "amber"),
    "unlikely": ("Probably someone else", "quiet"),
}


def _alike(a: str, b: str) -> bool:
    """Alike enough to be said so: one begins the other, or most letters are the same."""
    a, b = keys.plain(a), keys.plain(b)
    if not a or not b:
        return not a and not b
    return a.startswith(b) or b.startswith(a) or SequenceMatcher(None, a, b).ratio() >= 0.7


def _name(typed: Typed, record: OnRecord) -> Line:
    full = [f"{given} {family}".strip() for given, family in record.names]
    said = full[0] if full else ""
    if len(full) > 1:
        said += f", also “{full[1]}”"
    if not typed.name:
        return Line("Name", "not given", said, Agrees.NOT_COMPARED)
    given, family = typed.parts
    plain = keys.plain(f"{given} {family}")
    if any(keys.plain(name) == plain for name in full):
        agrees = Agrees.SAME
    elif any(
        (_alike(family, last) and (not given or _alike(given, first)))
        or (not given and _alike(family, first))
        for first, last in record.names
    ):
        agrees = Agrees.SIMILAR
    else:
        agrees = Agrees.DIFFERS
    return Line("Name", typed.name, said, agrees)


def _born(typed: Typed, record: OnRecord) -> Line:
    said = born_words(record.born, record.born_precision) or "not known"
    agree = births_agree(typed.born, "exact", record.born, record.born_precision) if typed.born else None
    agrees = {None: Agrees.NOT_COMPARED, True: Agrees.SAME, False: Agrees.DIFFERS}[agree]
    if agree and record.born_precision != "exact":
        agrees = Agrees.SIMILAR
    return Line("Born", born_words(typed.born, "exact") or "not given", said, agrees)


def _address(typed: Typed, record: OnRecord) -> Line:
    wanted = ", ".join(part for part in (typed.address, typed.postcode) if part)
    said = record.addresses[0][1] if record.addresses else "none"
    if not wanted or not record.addresses:
        return Line("Address", wanted or "not given", said, Agrees.NOT_COMPARED)
    for key, one_line, lines in record.addresses:
        if typed.address_key and typed.address_key == key:
            return Line("Address", wanted, one_line, Agrees.SAME)
        if typed.address and keys.plain(typed.address) == keys.plain(lines.replace("\n", " ")):
            return Line("Address", wanted, one_line, Agrees.SAME)
    for _, one_line, lines in record.addresses:
        if typed.address and _alike(typed.address, lines.replace("\n", " ")):
            return Line("Address", wanted, one_line, Agrees.SIMILAR)
    return Line("Address", wanted, said, Agrees.DIFFERS)


def _telephone(typed: Typed, record: OnRecord) -> Line:
    """A number is told by its last three digits, unless it is the one that was typed."""
    if not typed.telephone or not record.telephones:
        said = _ending(record.telephones[0][1]) if record.telephones else "none"
        return Line("Telephone", typed.telephone or "not given", said, Agrees.NOT_COMPARED)
    for key, value in record.telephones:
        if key == typed.telephone_key:
            return Line("Telephone", typed.telephone, value, Agrees.SAME)
    return Line("Telephone", typed.telephone, _ending(record.telephones[0][1]), Agrees.DIFFERS)


def _ending(value: str) -> str:
    return f"ends {value[-3:]}" if value else "protected"


def _identifier(typed: Typed, record: OnRecord) -> Line:
    for key, value in record.identifiers:
        if key == typed.identifier_key:
            return Line("Number", typed.identifier, value, Agrees.SAME)
    return Line(
        "Number", typed.identifier, "another" if record.identifiers else "none",
        Agrees.DIFFERS if record.identifiers else Agrees.NOT_COMPARED,
    )  # fmt: skip
