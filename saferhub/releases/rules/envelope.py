"""What speaks against the address block of a letter: where it goes, and whether she may get one at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .findings import Address, Addressee, Finding, Kind, Part, PersonFacts, Rule, Standing, finding_at
from .folding import Folded
from .spotting import Spot
from .standing import is_unsafe, standing_of, stands_at


def about_the_block(
    folded: Sequence[tuple[Part, Folded]],
    addressee: Addressee,
    own: PersonFacts | None,
    persons: Sequence[PersonFacts],
) -> Iterator[tuple[Finding, str]]:
    block = next(((part, text) for part, text in folded if part.kind is Kind.ADDRESS), None)
    if own is not None and own.no_letters:
        part, text = block or (Part("", "The letter", ""), Folded(""))
        yield (
            finding_at(
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
            if not is_adversary and is_unsafe(part.text, person):
                yield _unsafe(part, text, whole, person)
        return
    if is_unsafe(part.text, own):
        yield _unsafe(part, text, whole, own)
    for other in persons:
        if (other.key in own.kept_apart_from or own.key in other.kept_apart_from) and stands_at(
            part.text, other.addresses
        ):
            yield (
                finding_at(
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
    if not stands_at(part.text, here) and stands_at(part.text, [Address(one.forms) for one in left]):
        yield (
            finding_at(
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
        finding_at(
            Rule.UNSAFE_ADDRESS,
            part,
            text,
            whole,
            f"{part.label} is an address to which nothing may be sent for {person.shown}. Choose another address.",
        ),
        person.key,
    )
