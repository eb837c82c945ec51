"""What a referral must say before it can be sent, and what its clock leaves out.

The questions are those of published referral forms of community safety hubs; which of them must be answered
depends on whom or what the referral is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from saferhub.casework.models import ReferralStatus, SubjectKind
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.clocks import Pause

CLOCK, URGENT_CLOCK = "referral_decision", "urgent_referral_decision"
# Steps of the form, in their order, as they stand in addresses; `people` and `check` have pages of their own.
STEPS = ("kind", "people", "happening", "tried", "safety", "check")
# Which of the referral's fields each step asks.
FIELDS: dict[str, tuple[str, ...]] = {
    "kind": ("to_hub", "purpose", "subject_kind", "title"),
    "happening": ("happened", "where", "urgent", "urgent_why"),
    "tried": ("tried", "asked_for"),
    "safety": ("children", "children_words", "wishes", "told", "not_told_why"),
}
# What a page or a sender may set on the referral itself; purpose, title and hub stand on the matter too.
WORDS = (
    "subject_kind",
    "happened",
    "where",
    "tried",
    "asked_for",
    "children",
    "children_words",
    "wishes",
    "told",
    "not_told_why",
    "urgent",
    "urgent_why",
)
NEEDS_PERSON = (SubjectKind.INDIVIDUAL,)
NEEDS_WHERE = (SubjectKind.LOCATION, SubjectKind.PROPERTY, SubjectKind.BUSINESS)
CHILDREN = (("yes", "Yes"), ("no", "No"), ("not_known", "Not known"))
TOLD = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Written:
    """A referral as far as it is written. `subjects`: how many people it is about; `harmed`: how many are in it
    as victim, complainant or vulnerable person; `places`: how many places are named; `unplaced`: records that
    lie in it without a word of their part in it."""

    title: str = ""
    purpose: str = ""
    subject_kind: str = ""
    happened: str = ""
    where: str = ""
    tried: str = ""
    asked_for: str = ""
    children: str = ""
    children_words: str = ""
    wishes: str = ""
    told: str = ""
    not_told_why: str = ""
    urgent: bool = False
    urgent_why: str = ""
    subjects: int = 0
    harmed: int = 0
    places: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not said yet: on which step, in which field, and what to do about it."""

    code: str
    step: str
    field: str
    sentence: str


def missing(written: Written) -> list[Missing]:
    """What a referral lacks before it can be sent, in the order of its steps.

    A person must be named where it is about one; about a location, a theme, a property, a business or a group
    nobody need be. Where somebody is harmed, her or his wishes are asked for; where somebody is named as whom it
    is about, whether that person was told, or why not.
    """
    found: list[Missing] = []

    def ask(is_missing: bool, code: str, step: str, field: str, sentence: str) -> None:
        if is_missing:
            found.append(Missing(code, step, field, sentence))

    blank = _blank
    kind = written.subject_kind
    ask(blank(kind), "subject_kind_missing", "kind", "subject_kind", "Choose what it is about")
    ask(blank(written.title), "title_missing", "kind", "title", "Enter a title")
    ask(blank(written.purpose), "purpose_missing", "kind", "purpose", "Choose the purpose")
    ask(
        kind in NEEDS_PERSON and not written.subjects,
        "person_missing",
        "people",
        "people",
        "Say which person it is about",
    )
    ask(
        written.unplaced > 0,
        "part_missing",
        "people",
        "people",
        "Say what part each person and place has in this",
    )
    ask(blank(written.happened), "happened_missing", "happening", "happened", "Say what is happening")
    ask(
        kind in NEEDS_WHERE and blank(written.where) and not written.places,
        "where_missing",
        "happening",
        "where",
        "Say where it happens",
    )
    ask(
        written.urgent and blank(written.urgent_why),
        "urgent_why_missing",
        "happening",
        "urgent_why",
        "Say why it is urgent",
    )
    ask(blank(written.tried), "tried_missing", "tried", "tried", "Say what has been tried")
    ask(blank(written.asked_for), "asked_for_missing", "tried", "asked_for", "Say what you ask the hub to do")
    ask(
        written.children not in dict(CHILDREN),
        "children_missing",
        "safety",
        "children",
        "Say whether children are affected",
    )
    ask(
        written.children == "yes" and blank(written.children_words),
        "children_words_missing",
        "safety",
        "children_words",
        "Say which children, and how they are affected",
    )
    ask(
        written.harmed > 0 and blank(written.wishes),
        "wishes_missing",
        "safety",
        "wishes",
        "Say what the person who is harmed wants, or why nobody has asked",
    )
    ask(
        written.subjects > 0 and written.told not in dict(TOLD),
        "told_missing",
        "safety",
        "told",
        "Say whether the person it is about was told",
    )
    ask(
        written.told == "no" and blank(written.not_told_why),
        "not_told_why_missing",
        "safety",
        "not_told_why",
        "Say why the person was not told",
    )
    return found


def _blank(text: str) -> bool:
    return not text.strip()


def asks_whether_told(written: Written) -> bool:
    """Whether it is asked if the person whom it is about knows of it: somebody is named, or is still to be, or it
    was answered already."""
    return bool(written.subjects or written.told) or written.subject_kind in NEEDS_PERSON


def steps_done(written: Written, lacks: Iterable[Missing]) -> set[str]:
    """The steps of which nothing is missing and something is written. Where nobody need be named and nobody is, the
    people are no step that was done."""
    open_steps = {one.step for one in lacks}
    begun = {
        "kind": True,
        "people": bool(written.subjects or written.harmed or written.places),
        "happening": not _blank(written.happened),
        "tried": not _blank(written.tried),
        "safety": bool(written.children),
    }
    return {step for step, is_begun in begun.items() if is_begun and step not in open_steps}


def carrying_refusals(
    *, purpose: str, purposes: Collection[str], hub: str, agency: str, carried: Collection[str] | None
) -> list[Refusal]:
    """Why an agency cannot refer to a hub for a purpose. `purposes`: those in force; `carried`: those that its
    agreements carry to that hub; None where it leads the partnership and needs none."""
    if purpose not in purposes:
        return [Refusal("unknown_purpose", "Choose a purpose from the list.")]
    if carried is None or purpose in carried:
        return []
    if not carried:
        return [
            Refusal("hub_without_agreement", f"No sharing agreement in force lets {agency} share with {hub}.")
        ]
    return [
        Refusal(
            "other_purpose", f"No sharing agreement in force between {agency} and {hub} covers this purpose."
        )
    ]


def writable(status: str, *, from_outside: bool = False) -> frozenset[str]:
    """What may still be written of a referral in this status.

    A draft: all of it. While more is asked for: the answer alone, for what was sent stays as it was sent. One
    that another system or a sheet brought follows its source while it waits (`from_outside`).
    """
    if status == ReferralStatus.DRAFT:
        return frozenset({*WORDS, "title", "purpose", "to_hub"})
    found: set[str] = set()
    if status == ReferralStatus.ASKED:
        found.add("reply")
    if from_outside and status in (ReferralStatus.SENT, ReferralStatus.ASKED):
        found |= {*WORDS, "title"}
    return frozenset(found)


def writing_refusals(status: str, fields: Collection[str], *, from_outside: bool = False) -> list[Refusal]:
    """Why these fields cannot be written now. An unknown field is one that cannot."""
    if set(fields) <= writable(status, from_outside=from_outside):
        return []
    if status == ReferralStatus.DRAFT:
        return [Refusal("unknown_field", "This is not something that a referral says.")]
    return [
        Refusal(
            "sent_already",
            "This referral has been sent, so what it says stays as it was sent. Answer a question of the hub, or "
            "withdraw it and refer again.",
        )
    ]


def pauses(moves: Sequence[tuple[str, date]]) -> list[Pause]:
    """The times for which the clock stands still: from the day the hub asked for more to the day it was
    answered. `moves`: (status moved to, day), in their order."""
    found: list[Pause] = []
    since: date | None = None
    for status, day in moves:
        if status == ReferralStatus.ASKED and since is None:
            since = day
        elif since is not None and status != ReferralStatus.ASKED:
            found.append(Pause(since, day))
            since = None
    if since is not None:
        found.append(Pause(since, None))
    return found


def clock_id(*, urgent: bool) -> str:
    """The clock of the packs by which a referral is decided."""
    return URGENT_CLOCK if urgent else CLOCK
