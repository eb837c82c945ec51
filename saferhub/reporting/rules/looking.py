"""What in a report's words looks as if it named somebody or a matter: names in any spelling, references, ways to reach.

Nothing here knows a record. The names on records are read by whoever may (`queries.redaction`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from saferhub.publication.rules.fragments import Fragment
from saferhub.releases.rules.folding import Folded, squeezed, tokens
from saferhub.releases.rules.spotting import EVERYDAY, Spot, address_like_spots, name_spots

# SEL-7K3M-Q2: three letters of a hub or a kind, then the random part.
REFERENCE = re.compile(r"\b[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{2}\b")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_TELEPHONE = re.compile(r"(?:\+44|\b0)(?:[ ()-]{0,2}[0-9]){9,10}\b")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that keeps a report from leaving: where it stands, and what it is; never the words themselves."""

    rule: str
    place: str
    sentence: str


def words_in(fragments: Iterable[Fragment]) -> set[str]:
    """Every word of these texts, folded. The last word of a family name has to be one of them for the name to stand
    there.

    >>> sorted(words_in([Fragment("key", "Section 1", "Frith, ANNA O’Neill")]))
    ['anna', 'frith', 'neill', 'o']
    """
    return {token.text for one in fragments for token in tokens(one.text, by_capitals=False)}


def looked_for(fragments: Sequence[Fragment]) -> Iterator[Found]:
    """References of matters and ways to reach somebody, whoever they are."""
    for one in fragments:
        if one.kind == "file name":
            continue
        for rule, what, remedy in _seen(one.text):
            yield Found(rule, one.place, f"{one.place} holds {what}. {remedy}")


def _seen(text: str) -> Iterator[tuple[str, str, str]]:
    if REFERENCE.search(text):
        yield "matter", "the reference of a matter", "Take it out: a report tells of no single matter."
    if _EMAIL.search(text):
        yield "email", "an e-mail address", "Take it out, or name the post alone."
    if _TELEPHONE.search(text):
        yield "telephone", "a telephone number", "Take it out, or name the post alone."
    if next(iter(address_like_spots(text)), None) is not None:
        yield "address", "what looks like an address", "Take it out, or name the area alone."


def of_names(fragments: Sequence[Fragment], names: Iterable[tuple[str, str]]) -> Iterator[Found]:
    """Where one of these names (given, family) stands: in either order, in any case, with initials, or the family name
    after a title. A family name or a given name alone is not looked for: too many are words of the language."""
    folded = [Folded(one.text) for one in fragments]
    standing: dict[str, list[int]] = {}
    small: set[str] = set()
    for at, one in enumerate(fragments):
        for token in tokens(one.text, by_capitals=False):
            standing.setdefault(token.text, []).append(at)
            if one.text[token.start].islower():
                small.add(token.text)
    named: set[int] = set()
    for given, family in names:
        last = [token.text for token in tokens(family, by_capitals=False)]
        if not last or not given.strip():
            continue
        for at in set(standing.get(last[-1], ())) - named:
            spots = name_spots(given, family, folded[at])
            if any(_is_name(one, given, family, folded[at].text, small) for one in spots if one.whole):
                named.add(at)
    for at in sorted(named):
        place = fragments[at].place
        yield Found(
            "name", place, f"{place} holds the name of somebody whom the partnership works with. Take it out."
        )


def _is_name(spot: Spot, given: str, family: str, text: str, small: set[str]) -> bool:
    """Whether what stands there is meant as a name, since nothing sets a finding aside: “will young” in “will young
    people come?” is none, nor “A Young” where the text has the word “young” too."""
    seen = text[spot.start : spot.end]
    parts = tokens(seen, by_capitals=False)
    has_capitals = seen[parts[0].start].isupper() and seen[parts[-1].start].isupper()
    first, last = squeezed(given.split()[0]), squeezed(family)
    every = squeezed(given)
    written = "".join(one.text for one in parts)
    if len(first) > 1 and written in (first + last, last + first, every + last, last + every):
        return has_capitals or not {first, last} & EVERYDAY
    return has_capitals and last not in small
