"""The release check: whether what is to leave may go to those it is for, and if not, where it may not.

Everything that would leave (fields, free text, file names, rows of a list, the address block) is searched
for what has to be kept from its addressees. Rules and sources: docs/rules/release-check.md.

The check knows nothing of records. It is given what is to leave, whom it is for, and the facts about the
persons concerned, and gives findings. A finding that is marked overridable may be set aside by somebody who
says why; where it would tell somebody about a person who is kept apart from him, nobody may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .findings import Address, Addressee, Contact, Finding, Kind, Part, PersonFacts, Rule, Standing
from .folding import Folded, squeezed
from .spotting import (
    AddressForms,
    Spot,
    address_like_spots,
    email_spots,
    name_spots,
    number_spots,
)

__all__ = [
    "Address",
    "Addressee",
    "Contact",
    "Finding",
    "Kind",
    "Part",
    "PersonFacts",
    "Rule",
    "Standing",
    "check",
    "forms_of",
    "held_elsewhere",
    "standing_of",
    "stopping",
    "told_of",
]


def check(
    parts: Sequence[Part],
    addressees: Sequence[Addressee],
    persons: Sequence[PersonFacts],
    *,
    by_letter: bool = False,
) -> list[Finding]:
    """Everything that stops these parts from going to these addressees, in the order of the text.

    `by_letter`: it goes by post, so the address block and the safe-contact rules of the addressee count.
    """
    folded = [(part, Folded(part.text)) for part in parts]
    found: dict[tuple[Rule, str, int, str], Finding] = {}
    for addressee in addressees:
        for finding, owner in _against(folded, addressee, persons, by_letter=by_letter):
            # One fact on one line is one finding, the strictest that any addressee gives.
            place = (finding.rule, finding.part, finding.line, owner)
            known = found.get(place)
            if known is None or (known.overridable and not finding.overridable):
                found[place] = finding
    order = {part.key: number for number, part in enumerate(parts)}
    return sorted(
        _without_covered(found.values()), key=lambda f: (order.get(f.part, -1), f.start, f.rule.code)
    )


def _without_covered(found: Iterable[Finding]) -> list[Finding]:
    """Leave out what a reason may set aside where a stricter finding covers the same words: once they are
    taken out, both are gone."""
    every = list(found)
    return [
        one
        for one in every
        if not one.overridable
        or one.end <= one.start
        or not any(
            not other.overridable
            and other.part == one.part
            and other.start <= one.start
            and one.end <= other.end
            for other in every
        )
    ]


def standing_of(person: PersonFacts, addressee: Addressee, persons: Sequence[PersonFacts]) -> Standing:
    """How a person concerned stands to an addressee, from links, names and the address it goes to."""
    if addressee.key and addressee.key == person.key:
        return Standing.SELF
    if addressee.key and addressee.key in person.kept_apart_from:
        return Standing.KEPT_APART
    other = next((one for one in persons if addressee.key and one.key == addressee.key), None)
    if other is not None and person.key in other.kept_apart_from:
        return Standing.KEPT_APART
    if _is_named(addressee.name, person.kept_apart_names):
        return Standing.KEPT_APART
    if addressee.is_agency:
        return Standing.PARTNER
    adversaries = [one for one in persons if one.key in person.kept_apart_from]
    if any(
        _is_named(addressee.name, [f"{g} {f}".strip() for g, f in one.names]) for one in adversaries
    ) or any(_stands_at(addressee.address, one.addresses) for one in adversaries):
        # A letter to his mother at his address is a letter to him.
        return Standing.KEPT_APART
    if addressee.address and _is_unsafe(addressee.address, person):
        return Standing.KEPT_APART
    return Standing.OTHER


def told_of(parts: Sequence[Part], addressee: Addressee, persons: Sequence[PersonFacts]) -> set[str]:
    """The keys of those of whom this tells the addressee something, though they are not known to be kept
    apart: what is held elsewhere may know better. The addressee is among them, for the address it goes to.

    What looks like an address on no record may be anybody's.
    """
    folded = [(part, Folded(part.text)) for part in parts]
    own = next((one for one in persons if addressee.key and one.key == addressee.key), None)
    is_anybodys = next(iter(_unrecorded(folded, addressee, persons, own)), None) is not None
    told: set[str] = set()
    for person in persons:
        standing = standing_of(person, addressee, persons)
        if standing is Standing.SELF or (
            standing is Standing.OTHER
            and (
                is_anybodys
                or any(
                    True
                    for part, text in folded
                    for _ in _in_part(part, text, person, Standing.KEPT_APART, addressee, own)
                )
            )
        ):
            told.add(person.key)
    return told


def _is_named(name: str, others: Iterable[str]) -> bool:
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


def _stands_at(block: str, addresses: Iterable[Address]) -> bool:
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


def _is_unsafe(block: str, person: PersonFacts) -> bool:
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


def _against(
    folded: Sequence[tuple[Part, Folded]],
    addressee: Addressee,
    persons: Sequence[PersonFacts],
    *,
    by_letter: bool,
) -> Iterator[tuple[Finding, str]]:
    own = next((one for one in persons if addressee.key and one.key == addressee.key), None)
    standings = [(person, standing_of(person, addressee, persons)) for person in persons]
    if by_letter:
        yield from _about_the_block(folded, addressee, own, persons)
    for person, standing in standings:
        for part, text in folded:
            yield from _in_part(part, text, person, standing, addressee, own)
    if any(standing is Standing.KEPT_APART for _, standing in standings):
        yield from _unrecorded(folded, addressee, persons, own)


def _about_the_block(
    folded: Sequence[tuple[Part, Folded]],
    addressee: Addressee,
    own: PersonFacts | None,
    persons: Sequence[PersonFacts],
) -> Iterator[tuple[Finding, str]]:
    block = next(((part, text) for part, text in folded if part.kind is Kind.ADDRESS), None)
    if own is not None and own.no_letters:
        part, text = block or (Part("", "The letter", ""), Folded(""))
        yield (
            _finding(
                Rule.NEVER_BY_LETTER,
                part,
                text,
                Spot(0, len(part.text), True),
                f"{own.shown} must get nothing by letter: others may open it. Use a safe way to reach {own.shown}.",
            ),
            own.key,
        )
    if block is None or not block[0].text.strip():
        return
    part, text = block
    whole = Spot(0, len(part.text), True)
    if own is None:
        for person in persons:
            is_adversary = standing_of(person, addressee, persons) is Standing.KEPT_APART
            if not is_adversary and _is_unsafe(part.text, person):
                yield _unsafe(part, text, whole, person)
        return
    if _is_unsafe(part.text, own):
        yield _unsafe(part, text, whole, own)
    for other in persons:
        if (other.key in own.kept_apart_from or own.key in other.kept_apart_from) and _stands_at(
            part.text, other.addresses
        ):
            yield (
                _finding(
                    Rule.ADVERSARY_ADDRESS,
                    part,
                    text,
                    whole,
                    f"{part.label} is where {other.shown} lives, from whom {own.shown} is kept apart."
                    " Choose another address.",
                ),
                other.key,
            )
    left = [one for one in own.addresses if not one.is_current]
    here = [one for one in own.addresses if one.is_current]
    if not _stands_at(part.text, here) and _stands_at(part.text, [Address(one.forms) for one in left]):
        yield (
            _finding(
                Rule.FORMER_ADDRESS,
                part,
                text,
                whole,
                f"{part.label} is an address that {own.shown} has left."
                " Choose the present one, or say why this one is right.",
                overridable=True,
            ),
            own.key,
        )


def _unsafe(part: Part, text: Folded, whole: Spot, person: PersonFacts) -> tuple[Finding, str]:
    return (
        _finding(
            Rule.UNSAFE_ADDRESS,
            part,
            text,
            whole,
            f"{part.label} is an address to which nothing may be sent for {person.shown}. Choose another address.",
        ),
        person.key,
    )


def _in_part(
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
                _finding(
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
                yield rule, spot, whose, not kept_apart
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
                yield rule, spot, whose, not kept_apart
            continue
        whose = f"{person.shown}’s {protected}telephone number"
        for spot in number_spots(contact.value, text):
            if spot.whole:
                rule = Rule.PROTECTED_NUMBER if strict else Rule.THIRD_PARTY_NUMBER
                yield rule, spot, whose, not kept_apart
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


def _unrecorded(
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
                _finding(
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


def _finding(
    rule: Rule, part: Part, text: Folded, spot: Spot, sentence: str, *, overridable: bool = False
) -> Finding:
    return Finding(
        rule,
        part.key,
        part.label,
        text.line_of(spot.start),
        spot.start,
        spot.end,
        sentence,
        overridable,
        part.kind is Kind.TABLE,
    )


def held_elsewhere(hub_name: str) -> Finding:
    """The finding for what the releaser may not know: it says nothing but whom to ask."""
    whom = f"the co-ordinator of {hub_name}" if hub_name else "the partnership’s manager"
    return Finding(
        Rule.HELD_ELSEWHERE,
        "",
        "The release",
        0,
        0,
        0,
        f"Something held elsewhere stops this. Ask {whom}.",
    )


def stopping(found: Iterable[Finding], overrides: dict[str, str]) -> list[Finding]:
    """Those that still stop it when reasons were given. A reason helps only where it may, and if it is one."""
    return [one for one in found if not (one.overridable and overrides.get(one.place, "").strip())]
