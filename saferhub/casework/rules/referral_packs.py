"""A referral as a pack for somebody who has to work on it: which parts it may hold, and how it is drawn.

What it never holds of anybody's record: addresses, telephone numbers, how somebody is reached safely, and what is held
for the safety of staff. Whoever needs those is told them by the hub. What the referrer wrote stands as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    words,
)

KIND = "referral pack"
OWN_NUMBERS = "Paragraph numbers belong to this pack. Cite the referral by its reference."
NO_FINDING = "The parts are as the referrer saw them. They are no finding."
NOBODY = "Nobody is named in it."
NOT_SCORED = "Nobody has scored it yet. Until then its risk is incomplete, not low."
NOT_DECIDED = "Nothing is decided yet."


@dataclass(frozen=True, slots=True)
class Choice:
    """A part that a pack may hold. `data_items`: the kinds of data it has by nature; `is_hubs`: the hub's own, of
    which the referrer sees nothing in the service either."""

    title: str
    hint: str
    data_items: tuple[str, ...] = ()
    is_hubs: bool = False


CHOICES = {
    "people": Choice(
        "Who and what it concerns", "Names, dates of birth, and the part each has in it", ("identity",)
    ),
    "happening": Choice(
        "What is happening",
        "In the referrer’s words, where, and what was answered when asked",
        ("identity", "incidents_and_behaviour"),
    ),
    "tried": Choice(
        "What has been tried", "And what the hub is asked to do", ("identity", "incidents_and_behaviour")
    ),
    "safety": Choice(
        "Children and wishes",
        "Children affected, what the person who is harmed wants, and who was told",
        ("identity", "risk_and_vulnerability"),
    ),
    "scores": Choice(
        "Scores", "Every score of the referral, with its band", ("risk_and_vulnerability",), is_hubs=True
    ),
    "decision": Choice("Decision", "What the hub decided and its reasons", is_hubs=True),
}
# What somebody need not name beside, since a part has it by nature.
BY_NATURE = frozenset(item for one in CHOICES.values() for item in one.data_items)
FIRST_OFFERED = ("people", "happening", "tried", "safety")


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody or some place in it, and as what. `about`: that the referral is about them, in words."""

    name: str
    part: str
    note: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A score in words. `figure`: the key of its provenance."""

    form: str
    on: date
    score: str
    band: str
    agency: str
    figure: str
    about: str = ""
    judged: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the hub decided once, why, and what the referrer was told."""

    on: date
    kind: str
    reason: str
    told: str
    hub_to: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """Whose it is, for whom it is made and on which ground. Dates in words; `agreement` may be empty."""

    pack: str
    reference: str
    title: str
    hub: str
    recipient: str
    purpose: str
    gateway: str
    agreement: str
    made_on: date
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the referral says. `said`: by part, its questions with their answers."""

    standing: Sequence[Standing]
    said: dict[str, Sequence[tuple[str, str]]]
    scores: Sequence[Score]
    decisions: Sequence[Decided]


def data_items(parts: Collection[str], others: Collection[str] = ()) -> list[str]:
    """The kinds of data in a pack of these parts: what they have by nature, and what its maker names beside."""
    return sorted({item for code in parts for item in CHOICES[code].data_items} | set(others))


def part_refusals(parts: Collection[str], *, to_referrer: bool) -> Iterator[Refusal]:
    """Why a pack of these parts is not made. `to_referrer`: it is for the agency whose referral it is, which gets no
    more than it sees in the service."""
    if not parts or not set(parts) <= set(CHOICES):
        yield Refusal("no_parts", "Choose what goes in it.")
    elif to_referrer and (own := [code for code in CHOICES if code in parts and CHOICES[code].is_hubs]):
        yield Refusal(
            "hubs_own",
            "It is for the agency that referred it, which does not see what the hub writes for itself. Leave out: "
            f"{', '.join(CHOICES[code].title.lower() for code in own)}.",
        )


def pack_document(head: Head, told: Told, parts: Collection[str]) -> Document:
    """The pack: its parts in the order of `CHOICES`, numbered without a gap for those that are left out."""
    block = [
        ("Made for", head.recipient),
        ("Made by", head.hub),
        ("Made on", date_in_words(head.made_on)),
        ("Purpose", head.purpose),
        ("Gateway", head.gateway),
        ("Agreement", head.agreement),
    ]
    return Document(
        kind=KIND,
        title=f"Referral {head.reference}",
        subtitle=head.title,
        dated=head.made_on,
        file_stem=f"referral-pack-{head.pack}",
        title_block=tuple(Fact(label, text) for label, text in block if text),
        marking="OFFICIAL-SENSITIVE",
        sections=(
            Section("The referral", (_facts(head.facts),)),
            *(one for code in CHOICES if code in parts for one in _part(code, told)),
        ),
        notes=(
            f"The referral as it stood on {date_in_words(head.made_on)}. {OWN_NUMBERS}",
            f"This pack is for {head.recipient}, for the purpose named above. Pass it to nobody else.",
            "What is held of addresses, telephone numbers, safe contact and the safety of staff is left out. Before any"
            f" visit, call or letter, ask {head.hub}.",
        ),
    )


def _facts(facts: Iterable[tuple[str, str]]) -> Table:
    return Table(
        caption="The referral in short",
        columns=(Column("What"), Column("As it stands")),
        rows=tuple(Row((Cell(label), Cell(text))) for label, text in facts if text),
    )


def _part(code: str, told: Told) -> Iterator[Section]:
    title = CHOICES[code].title
    if code == "people":
        yield Section(title, _standing(told.standing))
    elif code == "scores":
        yield Section(title, tuple(_scores(told.scores)))
    elif code == "decision":
        yield from _decisions(title, told.decisions)
    elif said := [(label, text) for label, text in told.said.get(code, ()) if text.strip()]:
        yield from _said(title, said)


def _standing(rows: Sequence[Standing]) -> tuple[Block, ...]:
    if not rows:
        return (Note(words(NOBODY)),)
    table = Table(
        caption="Who and what is in it",
        columns=(Column("Name"), Column("Part"), Column("Born, held by")),
        rows=tuple(
            Row(
                (
                    Cell(one.name),
                    Cell("\n".join(text for text in (one.part or "Recorded here", one.about) if text)),
                    Cell(one.note),
                )
            )
            for one in rows
        ),
        notes=(NO_FINDING,),
    )
    return (table,)


def _said(title: str, said: Sequence[tuple[str, str]]) -> Iterator[Section]:
    """A section; what is asked by another question than its heading has a heading inside of it."""
    first = _paragraphs(said[0][1]) if said[0][0] == title else ()
    yield Section(title, first)
    for label, text in said[1:] if first else said:
        yield Section(label, _paragraphs(text), level=2)


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    """A numbered paragraph for each that an empty line divides from the next."""
    found = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip())
    return tuple(Paragraph(words(one)) for one in found if one.strip())


def _scores(rows: Sequence[Score]) -> Iterator[Block]:
    if not rows:
        yield Note(words(NOT_SCORED))
        return
    yield Table(
        caption="Scores, the oldest first",
        columns=(Column("Form"), Column("On"), Column("Score", "right"), Column("Band"), Column("Scored by")),
        rows=tuple(
            Row(
                (
                    Cell(f"{one.form}, about {one.about}" if one.about else one.form),
                    Cell(date_in_words(one.on)),
                    Cell(one.score, figure=one.figure),
                    Cell(one.band),
                    Cell(one.agency),
                )
            )
            for one in rows
        ),
    )
    for one in rows:
        if one.judged.strip():
            label = Words(f"{one.form}, {date_in_words(one.on)}, judged {one.band}: ", "strong")
            yield Paragraph((label, Words(one.judged.strip())))


def _decisions(title: str, rows: Sequence[Decided]) -> Iterator[Section]:
    if not rows:
        yield Section(title, (Note(words(NOT_DECIDED)),))
        return
    yield Section(title)
    for one in rows:
        label = "The referrer was asked: " if one.asks else "The referrer was told: "
        to = f", to {one.hub_to}" if one.hub_to else ""
        told = (Paragraph((Words(label, "strong"), Words(one.told.strip()))),) if one.told.strip() else ()
        heading = f"{date_in_words(one.on)}: {one.kind}{to}"
        yield Section(heading, (*_paragraphs(one.reason), *told), level=2)
