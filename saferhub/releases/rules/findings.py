"""What the release check is given and what it gives: rules, parts, facts about persons, findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .folding import Folded
from .spotting import AddressForms, Spot


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a rule stops, for the register of what was stopped, and what to do about it."""

    words: str
    remedy: str


class Rule(Enum):
    """What the check can find. The code of a rule stands in stored checks, so it never changes."""

    PROTECTED_ADDRESS = RuleWords("A protected address", "Take it out.")
    PART_OF_ADDRESS = RuleWords("Part of a protected address", "Take it out, or say why it may stay.")
    PROTECTED_NUMBER = RuleWords("A protected telephone number", "Take it out.")
    PART_OF_NUMBER = RuleWords("Part of a protected telephone number", "Take it out, or say why it may stay.")
    PROTECTED_EMAIL = RuleWords("A protected e-mail address", "Take it out.")
    HIDDEN_NAME = RuleWords("The name of somebody who is kept apart from the addressee", "Take it out.")
    PART_OF_NAME = RuleWords("Part of such a name", "Take it out, or say why it may stay.")
    THIRD_PARTY_ADDRESS = RuleWords(
        "The address of somebody else", "Take it out, or say why the addressee needs it."
    )
    THIRD_PARTY_NUMBER = RuleWords(
        "A way to reach somebody else", "Take it out, or say why the addressee needs it."
    )
    THIRD_PARTY_NAME = RuleWords(
        "The name of somebody else", "Take it out, or say why the addressee needs it."
    )
    UNRECORDED_ADDRESS = RuleWords(
        "What looks like an address and is on no record",
        "Take it out, or record it with the person first, so that it can be checked.",
    )
    ADVERSARY_ADDRESS = RuleWords(
        "A letter to the home of somebody the addressee is kept apart from", "Choose another address."
    )
    UNSAFE_ADDRESS = RuleWords("A letter to an unsafe address", "Choose another address.")
    FORMER_ADDRESS = RuleWords(
        "A letter to an address the addressee has left",
        "Choose the present address, or say why this one is right.",
    )
    NEVER_BY_LETTER = RuleWords(
        "A letter to somebody who must get none", "Use a safe way to reach her or him."
    )
    HELD_ELSEWHERE = RuleWords(
        "Something held elsewhere", "Ask the co-ordinator. Nothing more can be said here."
    )

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> Rule:
        """The rule of a stored code. Raises KeyError for one there never was."""
        return cls[code.upper()]


class Kind(Enum):
    """What a part is."""

    FIELD = "field"
    FILE_NAME = "file name"
    TABLE = "table"  # a row for each line, tabs between cells
    ADDRESS = "address block"
    FORMER = (
        "former"  # an address or a number of the addressee's own that is hers no more, from her own record
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that would leave. `key` links to its field; `label` begins a sentence: "The notes field"."""

    key: str
    label: str
    text: str
    kind: Kind = Kind.FIELD


@dataclass(frozen=True, slots=True)
class Address:
    forms: AddressForms
    is_protected: bool = False
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number or an e-mail address."""

    value: str
    is_protected: bool = False

    @property
    def is_email(self) -> bool:
        return "@" in self.value


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of one person concerned. `key` is hers on every record that stands linked.

    `kept_apart_from`: keys of adversaries and of those who must not know where she is. `known_to`: those of
    them who are or were family, and so know her name. `kept_apart_names`: such people without a record.
    """

    key: str
    shown: str
    names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    unsafe_addresses: tuple[str, ...] = ()
    no_letters: bool = False
    kept_apart_from: frozenset[str] = frozenset()
    known_to: frozenset[str] = frozenset()
    kept_apart_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom it is for. `key`: of a person with a record; `is_agency`: a body of the partnership."""

    name: str
    key: str = ""
    is_agency: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that stops a release: which rule, where, whether a reason may set it aside."""

    rule: Rule
    part: str
    label: str
    line: int
    start: int
    end: int
    sentence: str
    overridable: bool = False
    row: bool = field(default=False, compare=False)

    @property
    def place(self) -> str:
        """The key under which somebody sets it aside. It changes when the text does."""
        return f"{self.rule.code}:{self.part}:{self.start}-{self.end}"

    def stored(self) -> dict[str, object]:
        """What is kept of it: rule and place, never the words that were found."""
        return {
            "rule": self.rule.code,
            "part": self.part,
            "line": self.line,
            "start": self.start,
            "end": self.end,
            "overridable": self.overridable,
        }


def finding_at(
    rule: Rule, part: Part, text: Folded, spot: Spot, sentence: str, *, overridable: bool = False
) -> Finding:
    """A finding of this rule at this spot of a part."""
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


class Standing(Enum):
    """How a person concerned stands to an addressee."""

    SELF = "self"
    KEPT_APART = "kept apart"
    OTHER = "somebody else"
    PARTNER = "an agency that works on it"
