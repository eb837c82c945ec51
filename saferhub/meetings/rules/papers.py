"""The agenda, the pack and an agency's sheet of actions as documents. Values in, documents out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Note,
    Paragraph,
    Reference,
    Row,
    Runs,
    Section,
    Table,
    Words,
    words,
)

from .minutes import MARKING, OWN_NUMBERS, Head, anchor_of, file_stem

NOTHING_BELOW = "Nothing stands here."
WHOLE = "The item as a whole"
NO_ACTIONS = "No action was agreed for this agency."


@dataclass(frozen=True, slots=True)
class Returned:
    """What one agency returned on an item: whom it is about ("" for the item as a whole), the answer in words, what it
    wrote."""

    agency: str
    about: str
    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class Past:
    """An action agreed before: what, who, by when, how it stands."""

    what: str
    who: str
    by: date
    stands: str


@dataclass(frozen=True, slots=True)
class Line:
    """One item that the reader sees, in the order of the agenda, with what the pack has on it."""

    item: str
    title: str
    is_heading: bool
    minutes: int
    reference: str = ""
    why: str = ""
    brief: str = ""
    is_urgent: bool = False
    returned: tuple[Returned, ...] = ()
    past: tuple[Past, ...] = ()

    @property
    def has_papers(self) -> bool:
        return bool(self.brief.strip() or self.returned or self.past)


def agenda(
    head: Head, lines: Sequence[Line], *, confidentiality: str, copy_for: str, planned: int
) -> Document:
    """The agenda: headings as sections, what stands below them as numbered paragraphs, as on its page."""
    made = _document(
        head, "Agenda", "agenda", _sections(lines, with_papers=False), copy_for, planned, confidentiality
    )
    return replace(made, contents=False)


def pack(head: Head, lines: Sequence[Line], *, confidentiality: str, copy_for: str, planned: int) -> Document:
    """The agenda, and for each item with papers an appendix: the brief, what agencies returned, past actions."""
    made = _document(
        head, "Pack", "pack", _sections(lines, with_papers=True), copy_for, planned, confidentiality
    )
    return replace(made, appendices=tuple(_appendix(one) for one in lines if one.has_papers))


def _document(
    head: Head,
    what: str,
    kind: str,
    sections: tuple[Section, ...],
    copy_for: str,
    planned: int,
    confidentiality: str,
) -> Document:
    facts = (
        ("When", f"{date_in_words(head.on)}, {head.hours}"),
        ("Where", head.place),
        ("Planned", f"{planned} minutes"),
        ("Copy for", copy_for),
    )
    return Document(
        kind=kind,
        title=f"{what}: {head.group}",
        dated=head.on,
        file_stem=file_stem(kind, head),
        subtitle=date_in_words(head.on),
        title_block=tuple(Fact(label, value) for label, value in facts if value),
        marking=MARKING,
        opening=tuple(Note(words(one)) for one in (confidentiality, OWN_NUMBERS) if one.strip()),
        sections=sections,
    )


def _sections(lines: Sequence[Line], *, with_papers: bool) -> tuple[Section, ...]:
    """One below the other as `rules.agenda.numbered` counts them: what comes before any heading is one itself."""
    groups: list[tuple[Line, list[Line]]] = []
    for line in lines:
        if line.is_heading or not groups:
            groups.append((line, []))
        else:
            groups[-1][1].append(line)
    made = []
    for heading, below in groups:
        blocks: list[Block] = []
        if heading.minutes or heading.why.strip() or (with_papers and heading.has_papers):
            blocks.append(Note(_said(heading, with_papers=with_papers, title=False)))
        blocks += [
            Paragraph(_said(one, with_papers=with_papers, title=True), anchor=anchor_of(one.item))
            for one in below
        ]
        made.append(Section(_heading(heading), tuple(blocks) or (Note(words(NOTHING_BELOW)),)))
    return tuple(made)


def _heading(line: Line) -> str:
    return f"{line.reference}: {line.title}" if line.reference else line.title


def _said(line: Line, *, with_papers: bool, title: bool) -> Runs:
    runs: list[Words | Reference] = []
    if title:
        runs.append(Words(f"{_heading(line)}. ", "strong"))
    if line.is_urgent:
        runs.append(Words("Urgent. "))
    if line.why.strip():
        runs.append(Words(f"{line.why.strip()} "))
    if line.minutes:
        runs.append(Words("(1 minute)" if line.minutes == 1 else f"({line.minutes} minutes)"))
    if with_papers and line.has_papers:
        runs += [Words(" See "), Reference(_papers(line)), Words(".")]
    return tuple(runs)


def _papers(line: Line) -> str:
    return f"papers-{line.item.lower()}"


def _appendix(line: Line) -> Section:
    blocks: list[Block] = []
    if line.brief.strip():
        blocks.append(Paragraph(words(line.brief.strip())))
    if line.returned:
        blocks.append(_returned(line))
    if line.past:
        blocks.append(
            Table(
                f"Actions so far: {line.reference or line.title}",
                (Column("What"), Column("Who"), Column("By when"), Column("How it stands")),
                tuple(
                    Row((Cell(one.what), Cell(one.who), Cell(date_in_words(one.by)), Cell(one.stands)))
                    for one in line.past
                ),
            )
        )
    return Section(_heading(line), tuple(blocks), _papers(line))


def _returned(line: Line) -> Table:
    """What agencies returned; whom it is about where anything is about somebody."""
    headings = ["Agency", "Answer", "What it says"]
    rows: list[list[str]] = []
    about = any(one.about for one in line.returned)
    for one in line.returned:
        said = [one.agency, one.answer, one.words]
        rows.append([*said[:1], one.about or WHOLE, *said[1:]] if about else said)
    if about:
        headings.insert(1, "About")
    return Table(
        f"What agencies returned: {line.reference or line.title}",
        tuple(map(Column, headings)),
        tuple(Row(tuple(map(Cell, said))) for said in rows),
    )


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One action on an agency's sheet."""

    reference: str
    what: str
    who: str
    by: date
    stands: str


def sheet(head: Head, agency: str, lines: Sequence[SheetLine], *, copy_for: str) -> Document:
    """What one agency agreed to do at a meeting: the first day due at the top."""
    blocks: tuple[Block, ...] = (Note(words(NO_ACTIONS)),)
    if lines:
        blocks = (
            Table(
                f"Actions of {agency}",
                (Column("Case"), Column("What"), Column("Who"), Column("By when"), Column("How it stands")),
                tuple(
                    Row(
                        (
                            Cell(one.reference),
                            Cell(one.what),
                            Cell(one.who),
                            Cell(date_in_words(one.by)),
                            Cell(one.stands),
                        )
                    )
                    for one in sorted(lines, key=lambda one: (one.by, one.reference))
                ),
            ),
        )
    facts = (("Agreed at", f"{head.group}, {date_in_words(head.on)}"), ("Copy for", copy_for))
    return Document(
        kind="action-sheet",
        title=f"Actions for {agency}",
        dated=head.on,
        file_stem=file_stem("actions", head),
        title_block=tuple(Fact(label, value) for label, value in facts if value),
        marking=MARKING,
        sections=(Section("What was agreed", blocks),),
    )
