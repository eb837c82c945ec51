"""What a text holds that has to be kept from an addressee: addresses, ways to reach somebody, names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .findings import Address, Addressee, Finding, Kind, Part, PersonFacts, Rule, Standing, finding_at
from .folding import Folded, squeezed
from .spotting import AddressForms, Spot, address_like_spots, email_spots, name_spots, number_spots
from .standing import forms_of


def in_part(
    part: Part,
    text: Folded,
    person: PersonFacts,
    standing: Standing,
    addressee: Addressee,
    own: PersonFacts | None,
) -> Iterator[tuple[Finding, str]]:
    if standing is Standing.SELF:
        return
    for make in (_addresses_in, _contacts_in, _names_in):
        for rule, spot, what, overridable in make(part, text, person, standing, addressee, own):
            yield (
                finding_at(
                    rule,
                    part,
                    text,
                    spot,
                    f"{_where(part, text, spot)} holds {what}. {rule.value.remedy}",
                    overridable=overridable,
                ),
                person.key,
            )


Found = Iterator[tuple[Rule, Spot, str, bool]]


def _addresses_in(
    part: Part,
    text: Folded,
    person: PersonFacts,
    standing: Standing,
    addressee: Addressee,
    own: PersonFacts | None,
) -> Found:
    kept_apart = standing is Standing.KEPT_APART
    for address in person.addresses:
        if standing is Standing.PARTNER and not address.is_protected:
            continue
        if not address.is_protected and (not address.is_current or _is_shared(address, addressee, own)):
            continue
        whose = f"{person.shown}’s {'protected ' if address.is_protected else ''}address"
        for spot in address.forms.spots(text):
            if spot.whole:
                strict = kept_apart or address.is_protected
                rule = Rule.PROTECTED_ADDRESS if strict else Rule.THIRD_PARTY_ADDRESS
                yield rule, spot, whose, not kept_apart or part.kind is Kind.FORMER
            elif kept_apart and not _is_near(address, addressee, own):
                # Of a protected address the street or the postcode alone may be enough to find somebody.
                yield Rule.PART_OF_ADDRESS, spot, f"part of {whose}", True


def _known_addresses(addressee: Addressee, own: PersonFacts | None) -> Iterator[AddressForms]:
    if addressee.address.strip():
        yield forms_of(addressee.address)
    for one in own.addresses if own else ():
        if one.is_current:
            yield one.forms


def _is_shared(address: Address, addressee: Addressee, own: PersonFacts | None) -> bool:
    """Whether the addressee lives there too: he knows his own address."""
    return any(address.forms.is_same_as(known) for known in _known_addresses(addressee, own))


def _is_near(address: Address, addressee: Addressee, own: PersonFacts | None) -> bool:
    """Whether the addressee has the same street or postcode himself."""
    return any(
        (known.code and known.code == address.forms.code)
        or (known.key[2] and known.key[2] == address.forms.key[2])
        for known in _known_addresses(addressee, own)
    )


def _contacts_in(
    part: Part,
    text: Folded,
    person: PersonFacts,
    standing: Standing,
    addressee: Addressee,
    own: PersonFacts | None,
) -> Found:
    kept_apart = standing is Standing.KEPT_APART
    for contact in person.contacts:
        if standing is Standing.PARTNER and not contact.is_protected:
            continue
        if own is not None and not contact.is_protected and contact.value in {c.value for c in own.contacts}:
            continue
        strict = kept_apart or contact.is_protected
        protected = "protected " if contact.is_protected else ""
        if contact.is_email:
            whose = f"{person.shown}’s {protected}e-mail address"
            for spot in email_spots(contact.value, text):
                rule = Rule.PROTECTED_EMAIL if strict else Rule.THIRD_PARTY_NUMBER
                yield rule, spot, whose, not kept_apart or part.kind is Kind.FORMER
            continue
        whose = f"{person.shown}’s {protected}telephone number"
        for spot in number_spots(contact.value, text):
            if spot.whole:
                rule = Rule.PROTECTED_NUMBER if strict else Rule.THIRD_PARTY_NUMBER
                yield rule, spot, whose, not kept_apart or part.kind is Kind.FORMER
            elif kept_apart:
                yield Rule.PART_OF_NUMBER, spot, f"part of {whose}", True


def _names_in(
    part: Part,
    text: Folded,
    person: PersonFacts,
    standing: Standing,
    addressee: Addressee,
    own: PersonFacts | None,
) -> Found:
    if standing is Standing.PARTNER:
        return
    kept_apart = standing is Standing.KEPT_APART
    # A family name that both bear says nothing.
    shared = {squeezed(word) for word in addressee.name.split()}
    for given, family in own.names if own else ():
        shared |= {squeezed(given), squeezed(family), *(squeezed(word) for word in given.split())}
        shared |= {f"{title}{squeezed(family)}" for title in ("mr", "mrs", "ms", "miss", "mx", "dr")}
        if given and family:
            shared |= {squeezed(given)[0] + squeezed(family), squeezed(family) + squeezed(given)[0]}
    knows = addressee.key in person.known_to if addressee.key else False
    for given, family in person.names:
        for spot in name_spots(given, family, text, without=shared):
            if kept_apart and spot.whole:
                yield Rule.HIDDEN_NAME, spot, f"the name of {person.shown}", knows
            elif kept_apart and not knows:
                yield Rule.PART_OF_NAME, spot, f"part of the name of {person.shown}", True
            elif spot.whole and not kept_apart:
                yield Rule.THIRD_PARTY_NAME, spot, f"the name of {person.shown}", True


def unrecorded(
    folded: Sequence[tuple[Part, Folded]],
    addressee: Addressee,
    persons: Sequence[PersonFacts],
    own: PersonFacts | None,
) -> Iterator[tuple[Finding, str]]:
    """What has the form of an address and is none that is known: perhaps the new one of somebody who is
    kept apart, typed into a note and nowhere else."""
    known = [address.forms for person in persons for address in person.addresses]
    if addressee.address.strip():
        known.append(forms_of(addressee.address))
    for part, text in folded:
        if part.kind is Kind.ADDRESS:
            continue
        spots = [spot for forms in known for spot in forms.spots(text)]
        for spot in address_like_spots(part.text):
            if any(a.start < spot.end and spot.start < a.end for a in spots):
                continue
            yield (
                finding_at(
                    Rule.UNRECORDED_ADDRESS,
                    part,
                    text,
                    spot,
                    f"{_where(part, text, spot)} holds what looks like an address and is on no record here."
                    f" {Rule.UNRECORDED_ADDRESS.value.remedy}",
                    overridable=True,
                ),
                "",
            )


def _where(part: Part, text: Folded, spot: Spot) -> str:
    """ "The notes field, line 2," or, of a list, its row and column."""
    if part.kind is Kind.FILE_NAME or "\n" not in part.text.strip("\n"):
        return part.label
    line = text.line_of(spot.start)
    if part.kind is Kind.TABLE:
        row = part.text.split("\n")[line - 1]
        cell = part.text[: spot.start].rpartition("\n")[2].count("\t")
        heading = part.text.split("\n")[0].split("\t")
        column = heading[cell] if cell < len(heading) and line > 1 and "\t" in row else ""
        return f"{part.label}, row {line}" + (f", column “{column}”," if column else ",")
    return f"{part.label}, line {line},"
