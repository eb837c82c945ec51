"""How a person concerned stands to an addressee: herself, kept apart, somebody else, or an agency's case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .findings import Address, Addressee, PersonFacts, Standing
from .folding import Folded
from .spotting import AddressForms, address_like_spots, name_spots


def standing_of(person: PersonFacts, addressee: Addressee, persons: Sequence[PersonFacts]) -> Standing:
    """How a person concerned stands to an addressee, from links, names and the address it goes to."""
    if addressee.key and addressee.key == person.key:
        return Standing.SELF
    if addressee.key and addressee.key in person.kept_apart_from:
        return Standing.KEPT_APART
    other = next((one for one in persons if addressee.key and one.key == addressee.key), None)
    if other is not None and person.key in other.kept_apart_from:
        return Standing.KEPT_APART
    if is_named(addressee.name, person.kept_apart_names):
        return Standing.KEPT_APART
    if addressee.is_agency:
        return Standing.PARTNER
    adversaries = [one for one in persons if one.key in person.kept_apart_from]
    if any(
        is_named(addressee.name, [f"{g} {f}".strip() for g, f in one.names]) for one in adversaries
    ) or any(stands_at(addressee.address, one.addresses) for one in adversaries):
        # A letter to his mother at his address is a letter to him.
        return Standing.KEPT_APART
    if addressee.address and is_unsafe(addressee.address, person):
        return Standing.KEPT_APART
    return Standing.OTHER


def is_named(name: str, others: Iterable[str]) -> bool:
    """Whether one of these names, or a longer text about them, holds this name in any of its forms."""
    if not name.strip():
        return False
    given, _, family = name.strip().rpartition(" ")
    for other in others:
        text = Folded(other)
        if any(spot.whole for spot in name_spots(given, family, text)):
            return True
        first, _, last = other.strip().rpartition(" ")
        if last and any(spot.whole for spot in name_spots(first, last, Folded(name))):
            return True
    return False


def stands_at(block: str, addresses: Iterable[Address]) -> bool:
    text = Folded(block)
    return bool(block.strip()) and any(
        spot.whole for address in addresses if address.is_current for spot in address.forms.spots(text)
    )


def forms_of(text: str) -> AddressForms:
    """An address that somebody typed as one text, its postcode taken out of it."""
    spots = [spot for spot in address_like_spots(text) if spot.whole]
    if not spots:
        return AddressForms(text)
    last = spots[-1]
    return AddressForms(text[: last.start] + text[last.end :], text[last.start : last.end])


def is_unsafe(block: str, person: PersonFacts) -> bool:
    """Whether a block is one of the addresses to which nothing may be sent for this person. They were
    typed freely ("14 Brayfield Court while he is in"), so each is looked for in the other."""
    text, posted = Folded(block), forms_of(block)
    for typed in person.unsafe_addresses:
        candidates = [typed, *(line for line in typed.splitlines() if line.strip())]
        if any(spot.whole for one in candidates for spot in forms_of(one).spots(text)) or any(
            spot.whole for spot in posted.spots(Folded(typed))
        ):
            return True
    return False
