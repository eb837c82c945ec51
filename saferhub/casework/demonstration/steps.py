"""What happens in a planned world, one value for each act. Whoever carries a plan out knows each kind.

Days are days of the plan. `by` and `owner` name a place at work: a key of the hub's `Staff`. Everything in a plan
is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as one agency knows her: her own spelling, her own idea of the birth date."""

    key: str
    given: str
    family: str
    born_on: date | None
    address: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Part:
    """A person in a referral, and as what."""

    person: Known
    role: str
    is_subject: bool = False


@dataclass(frozen=True, slots=True)
class Refer:
    """A referral, written and sent on one day."""

    on: date
    by: str
    title: str
    purpose: str
    subject_kind: str
    words: dict[str, object]
    people: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A score by the matrix: of the referral while there is no case, then of the case."""

    on: date
    by: str
    answers: dict[str, str]
    judged: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """The hub asks for more."""

    on: date
    by: str
    reason: str
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The referrer answers."""

    on: date
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Declined, signposted or passed on. `kind`: a value of DecisionKind."""

    on: date
    by: str
    kind: str
    reason: str
    told: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """Taken on, led by `lead`, seen by the units of `shares`."""

    on: date
    by: str
    title: str
    why: str
    wanted: str
    grounds: tuple[str, ...]
    lead: str
    shares: tuple[str, ...]
    reason: str
    told: str


@dataclass(frozen=True, slots=True)
class Join:
    """Another agency adds its own record of somebody who is in the case already."""

    on: date
    by: str
    person: Known
    role: str


@dataclass(frozen=True, slots=True)
class Move:
    """The case goes into another status."""

    on: date
    by: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Write:
    """A note for everybody, or a contact with the person of this key."""

    on: date
    by: str
    words: str
    person: str = ""
    how: str = ""
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class Agree:
    """An action, and what became of it: not done by its day and put off, done on a day, or still open."""

    on: date
    by: str
    owner: str
    words: str
    due_on: date
    key: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """The action of this key is not done yet, and gets another day."""

    on: date
    by: str
    key: str
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The action of this key is done."""

    on: date
    by: str
    key: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal."""

    on: date
    by: str
    words: str
    measure: str
    by_when: date


@dataclass(frozen=True, slots=True)
class Fear:
    """A risk and what is done against it."""

    on: date
    by: str
    words: str
    severity: str
    mitigation: str


@dataclass(frozen=True, slots=True)
class Use:
    """A tool is used: in force from a day, until one, and ended with an outcome where that day has come."""

    on: date
    by: str
    power: str
    words: str
    expires_on: date | None
    key: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class EndUse:
    """What came of the tool of this key."""

    on: date
    by: str
    key: str
    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class Look:
    """A review of the case."""

    on: date
    by: str
    words: str
    next_on: date


@dataclass(frozen=True, slots=True)
class Close:
    """The case is closed."""

    on: date
    by: str
    outcome: str
    reason: str
    learning: str
    told: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """The case is opened again."""

    on: date
    by: str
    reason: str
    review_on: date


@dataclass(frozen=True, slots=True)
class Count:
    """Calls counted about the subject in the month that began on `month`; `on`: when that was set down."""

    on: date
    by: str
    month: date
    count: int


Step = (
    Refer | Score | Ask | Answer | Decide | Adopt | Join | Move | Write | Agree | PutOff | Finish | Aim | Fear | Use
    | EndUse | Look | Close | Reopen | Count
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a story and stands in no table: for whoever checks an estimate.

    `rate`: the subject's own calls a month; `shock`: by how much the months before the referral were worse than
    usual, which wears off by itself; `effect`: the share by which being taken on lowers the rate.
    """

    number: str
    hub: str
    score: int
    adopted: bool
    rate: float
    shock: float
    effect: float
    person: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """A referral and what came of it, in the order of its days."""

    number: str
    hub: str
    steps: tuple[Step, ...]
    truth: Truth = field(compare=False)
