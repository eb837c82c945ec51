"""The release check: whether what is to leave may go to those it is for, and if not, where it may not.

Everything that would leave (fields, free text, file names, rows of a list, the address block) is searched
for what has to be kept from its addressees. Rules and sources: docs/rules/release-check.md.

The check knows nothing of records. It is given what is to leave, whom it is for, and the facts about the
persons concerned, and gives findings. A finding that is marked overridable may be set aside by somebody who
says why; where it would tell somebody about a person who is kept apart from him, nobody may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .envelope import about_the_block
from .findings import Address, Addressee, Contact, Finding, Kind, Part, PersonFacts, Rule, Standing
from .folding import Folded
from .holding import in_part, unrecorded
from .standing import forms_of, standing_of

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


def told_of(parts: Sequence[Part], addressee: Addressee, persons: Sequence[PersonFacts]) -> set[str]:
    """The keys of those of whom this tells the addressee something, though they are not known to be kept
    apart: what is held elsewhere may know better. The addressee is among them, for the address it goes to.

    What looks like an address on no record may be anybody's.
    """
    folded = [(part, Folded(part.text)) for part in parts]
    own = next((one for one in persons if addressee.key and one.key == addressee.key), None)
    is_anybodys = next(iter(unrecorded(folded, addressee, persons, own)), None) is not None
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
                    for _ in in_part(part, text, person, Standing.KEPT_APART, addressee, own)
                )
            )
        ):
            told.add(person.key)
    return told


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
        yield from about_the_block(folded, addressee, own, persons)
    for person, standing in standings:
        for part, text in folded:
            yield from in_part(part, text, person, standing, addressee, own)
    if any(standing is Standing.KEPT_APART for _, standing in standings):
        yield from unrecorded(folded, addressee, persons, own)


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
