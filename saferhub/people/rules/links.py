"""Which records stand for one person, and what speaks for or against it.

Nothing is merged: who is one follows from the decisions that stand, and from nothing else. So undoing a
decision leaves no trace in the result, and the order in which decisions were made does not matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from .births import births_agree
from .keys import plain

SAME, NOT_SAME = "same", "not_same"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands on a pair of records, by number. `key` names it to whoever asks."""

    a: int
    b: int
    verdict: str
    key: str = ""

    @property
    def is_same(self) -> bool:
        return self.verdict == SAME


def groups(decisions: Iterable[Decided], seen: Collection[int] | None = None) -> dict[int, frozenset[int]]:
    """For each record that a decision names, the records that stand as one person with it.

    `seen`: the records that the reader may see. A chain that runs through another one does not hold for
    her: what she may not see must not show in what she does. None: no such bound.
    """
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for decision in decisions:
        if seen is not None and (decision.a not in seen or decision.b not in seen):
            continue
        a, b = root(decision.a), root(decision.b)
        if decision.is_same:
            parent[max(a, b)] = min(a, b)
    members: dict[int, set[int]] = {}
    for one in parent:
        members.setdefault(root(one), set()).add(one)
    return {one: frozenset(members[root(one)]) for one in parent}


def identity(of: int, decisions: Iterable[Decided], seen: Collection[int] | None = None) -> frozenset[int]:
    """The records that stand as one person with this one, itself included."""
    return groups(decisions, seen).get(of, frozenset({of}))


def path(a: int, b: int, decisions: Iterable[Decided]) -> list[Decided]:
    """The fewest "same" decisions that lead from one record to the other; [] where none do."""
    edges: dict[int, list[Decided]] = {}
    for decision in decisions:
        if decision.is_same:
            edges.setdefault(decision.a, []).append(decision)
            edges.setdefault(decision.b, []).append(decision)
    came: dict[int, tuple[int, Decided] | None] = {a: None}
    front = [a]
    while front and b not in came:
        later = []
        for one in front:
            for decision in edges.get(one, []):
                other = decision.b if decision.a == one else decision.a
                if other not in came:
                    came[other] = (one, decision)
                    later.append(other)
        front = later
    found: list[Decided] = []
    at = b
    while at in came and (step := came[at]) is not None:
        found.append(step[1])
        at = step[0]
    return found[::-1]


def contradicted(a: int, b: int, verdict: str, decisions: Collection[Decided]) -> list[Decided]:
    """The standing decisions that a new one would contradict; [] where it fits.

    "Not the same" contradicts the chain of "same" between the two. "Same" contradicts every "not the same"
    between a record that stands with the one and a record that stands with the other, and the chain to it.
    """
    if verdict == NOT_SAME:
        return path(a, b, decisions)
    standing = groups(decisions)
    ours, theirs = standing.get(a, frozenset({a})), standing.get(b, frozenset({b}))
    for decision in decisions:
        if decision.is_same:
            continue
        if decision.a in ours and decision.b in theirs:
            return [decision, *path(a, decision.a, decisions), *path(b, decision.b, decisions)]
        if decision.b in ours and decision.a in theirs:
            return [decision, *path(a, decision.b, decisions), *path(b, decision.a, decisions)]
    return []


@dataclass(frozen=True, slots=True)
class Known:
    """What a record holds that tells people apart."""

    names: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # given, family
    born: date | None = None
    born_precision: str = "unknown"
    addresses: frozenset[str] = field(default_factory=frozenset)  # keys
    identifiers: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # kind, key
    contacts: frozenset[str] = field(default_factory=frozenset)  # keys


AGREES, LIKE, DIFFERS, UNKNOWN = "agrees", "like", "differs", "unknown"


def names_agree(a: tuple[str, str], b: tuple[str, str]) -> str:
    """How two names stand: the same, alike (a short form, an initial, parts swapped), or different."""
    a_words, b_words = plain(" ".join(a)).split(), plain(" ".join(b)).split()
    if not a_words or not b_words:
        return UNKNOWN
    if sorted(a_words) == sorted(b_words):
        return AGREES
    fewer, more = sorted((a_words, b_words), key=len)
    if len(fewer) > 1 and all(any(w == m or m.startswith(w) or w.startswith(m) for m in more) for w in fewer):
        return LIKE
    return DIFFERS


def _names(a: Known, b: Known) -> str:
    found = {names_agree(one, other) for one in a.names for other in b.names}
    return next((one for one in (AGREES, LIKE, DIFFERS) if one in found), UNKNOWN)


def evidence(a: Known, b: Known) -> list[str]:
    """What agrees and what differs, as codes such as "name_agrees", "birth_differs".

    What one of the two does not hold says nothing and is left out.
    """
    found = [("name", _names(a, b))]
    agree = births_agree(a.born, a.born_precision, b.born, b.born_precision)
    if agree is not None:
        found.append(("birth", AGREES if agree else _near(a, b)))
    for what, ours, theirs in (("address", a.addresses, b.addresses), ("contact", a.contacts, b.contacts)):
        if ours and theirs:
            found.append((what, AGREES if ours & theirs else DIFFERS))
    shared = {kind for kind, _ in a.identifiers} & {kind for kind, _ in b.identifiers}
    if shared:
        found.append(("identifier", AGREES if a.identifiers & b.identifiers else DIFFERS))
    return [f"{what}_{how}" for what, how in found if how != UNKNOWN]


def _near(a: Known, b: Known) -> str:
    """Day and month swapped, or one of the three parts apart: a slip is likelier than another person."""
    if a.born is None or b.born is None or {a.born_precision, b.born_precision} != {"exact"}:
        return DIFFERS
    one, other = (a.born.day, a.born.month, a.born.year), (b.born.day, b.born.month, b.born.year)
    apart = sum(x != y for x, y in zip(one, other, strict=True))
    swapped = one[2] == other[2] and one[:2] == other[1::-1]
    return LIKE if apart == 1 or swapped else DIFFERS


_WHAT = {
    "name": "name",
    "birth": "birth date",
    "address": "address",
    "contact": "telephone or e-mail",
    "identifier": "number or reference",
}


def evidence_words(codes: Iterable[str]) -> str:
    """The codes as a sentence: "Name and address agree; birth date nearly agrees." "" without any."""
    by_how: dict[str, list[str]] = {}
    for code in codes:
        what, _, how = code.rpartition("_")
        by_how.setdefault(how, []).append(_WHAT.get(what, what))
    parts = []
    for how, one, many in (
        (AGREES, "agrees", "agree"),
        (LIKE, "nearly agrees", "nearly agree"),
        (DIFFERS, "differs", "differ"),
    ):
        if words := by_how.get(how):
            parts.append(f"{_listed(words)} {one if len(words) == 1 else many}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
