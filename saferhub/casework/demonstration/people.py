"""Invented people of a planned world, and how differently agencies write them down.

Surnames are those of dales and villages with endings that no register has; postcodes are ZZ99, which no post
office serves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from .steps import Known

GIVEN = (
    "Alder", "Bryony", "Corin", "Delphine", "Edwin", "Fern", "Gwilym", "Hester", "Idris", "Juno", "Kit", "Linnet",
    "Merrick", "Nerys", "Orla", "Perran", "Rowan", "Sorrel", "Tamsin", "Ulric", "Verity", "Wystan", "Catherine",
    "Steven", "Mohammed", "Agnieszka",
)  # fmt: skip
FAMILY = (
    "Applegarth", "Birkdale", "Coverdale", "Dunstall", "Eskrigg", "Farndale", "Garsdale", "Hawksworth", "Ingleby",
    "Jervaulx", "Kexby", "Langthorne", "Masham", "Nunnington", "Oulston", "Pickhill", "Quernmore", "Redmire",
    "Swainby", "Thoralby", "Uckerby", "Wensley", "Yafforth",
)  # fmt: skip
_BEGINNINGS = (
    "Carl", "Nun", "Hels", "Brat", "Winder", "Crake", "Sker", "Thorn", "Melm", "Harl", "Oxen", "Swin", "Ather",
)  # fmt: skip
_ENDINGS = ("garth", "thwaite", "beck", "royd", "holme", "rigg", "wath", "dale", "foss", "keld", "mere")
_SHORT = {
    "Catherine": "Kate", "Steven": "Steve", "Mohammed": "Mohammad", "Agnieszka": "Agnes", "Delphine": "Delfine",
    "Bryony": "Briony", "Gwilym": "Gwil", "Verity": "Verity-Ann",
}  # fmt: skip
_STREETS = (
    "Tannery Steps",
    "Brayfield Row",
    "Weaver Yard",
    "Cooper Rise",
    "Kiln Lane",
    "Mill Garth",
    "Ropewalk",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the world, as she is."""

    number: int
    given: str
    family: str
    born_on: date
    address: str
    postcode: str


def person(chance: random.Random, number: int, town: str) -> Person:
    """Somebody new. Common names come more often than rare ones, as in truth."""
    family = (
        FAMILY[min(int(chance.expovariate(0.15)), len(FAMILY) - 1)]
        if chance.random() < 0.5
        else chance.choice(_BEGINNINGS) + chance.choice(_ENDINGS)
    )
    return Person(
        number=number,
        given=GIVEN[min(int(chance.expovariate(0.12)), len(GIVEN) - 1)],
        family=family,
        born_on=date(1998, 1, 1) - timedelta(days=int(chance.triangular(-1800, 24000, 3000))),
        address=f"{chance.randint(1, 140)} {chance.choice(_STREETS)}\nExample {town}",
        postcode=f"ZZ99 {chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}",
    )


def as_known_by(chance: random.Random, one: Person, agency: str) -> Known:
    """How an agency has written her down: mostly as she is, else with one of the usual slips."""
    given, family, born_on, address = one.given, one.family, one.born_on, one.address
    slip = chance.random()
    if slip < 0.10:
        given = _SHORT.get(given, given[:1] + ".")
    elif slip < 0.18:
        family = _misspelt(chance, family)
    elif slip < 0.23 and born_on.day <= 12:
        born_on = date(born_on.year, born_on.day, born_on.month)
    elif slip < 0.26:
        given, family = family, given
    known_birth: date | None = None if chance.random() < 0.12 else born_on
    if chance.random() < 0.15:
        address = address.replace("Lane", "La").replace("Row", "Rw").replace("Rise", "Rs")
    return Known(f"{one.number}:{agency}", given, family, known_birth, address, one.postcode)


def _misspelt(chance: random.Random, word: str) -> str:
    for right, wrong in (("th", "t"), ("gg", "g"), ("ck", "k"), ("ll", "l"), ("ei", "ie"), ("wh", "w")):
        if right in word:
            return word.replace(right, wrong, 1)
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
