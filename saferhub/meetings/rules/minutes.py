"""Minutes as documents: a part for each item and one for the meeting, and a copy that is put together from parts.

Values in, documents out. What a minute-taker may change are the paragraphs of what was said: they bear an anchor that
names their item. Everything else was recorded where it happened (decision, actions, score) and is drawn from there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Fact,
    NotADocument,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    words,
)
from saferhub.publication.rules.versions import corrected

from .minutes_values import Agreed, Came, Head, Recorded, Said

__all__ = ["Agreed", "Came", "Head", "Recorded", "Said"]
MARKING = "OFFICIAL-SENSITIVE"
KIND = "minutes"
NOTHING = "Nothing is recorded here."
QUIET, QUIET_HEADING = "Nothing is recorded of:", "Also on the agenda"
NOT_YET = "The minutes of this item are not approved yet."
FIRST = "1.0"
# A copy of this kind for one reader says so: nobody reads a gap into her numbers.
OWN_NUMBERS = "Paragraph numbers are this copy’s own. Cite an item by its reference."
AGREED = {"all": "Agreed by all.", "majority": "Agreed by a majority.", "not_agreed": "Not agreed."}
# How the paragraphs begin that stand before what was said.
_CAME, _LEFT = "Came for this item: ", "Declared an interest and left for this item: "
# The table of an item's actions: its anchor and its caption, before the item.
_AGREED, _ACTIONS = "agreed-", "Actions agreed: "
# How a paragraph begins that says how the risk changed.
RISK = "Risk: "
_SAID = re.compile(r"said-(?P<item>[a-z0-9]+)-\d+\Z")
_BETWEEN = re.compile(r"\n[ \t]*\n\s*")
_NEVER_IN_A_NAME = re.compile(r"[^A-Za-z0-9.-]+")


def anchor_of(item: str) -> str:
    """By which a section is known to be an item's."""
    return f"item-{item.lower()}"


def file_stem(what: str, head: Head) -> str:
    """The name of a file: kind of paper, kind of group, day, identifier. Never what was spoken of."""
    return _NEVER_IN_A_NAME.sub("-", f"{what}-{head.kind}-{head.on.isoformat()}-{head.key.lower()}")


# --- Parts ------------------------------------------------------------------------------------------------------


def part_of_item(head: Head, recorded: Recorded, text: str) -> Document:
    """The part of one item, with what was said as `text`."""
    return _part(head, (_section(recorded, text),))


def part_of_meeting(
    head: Head,
    *,
    came: Sequence[Came],
    confidentiality: str,
    acknowledged: str,
    quorum: str,
    items: Sequence[tuple[Recorded, str]],
) -> Document:
    """The meeting's own part: who was there, confidentiality, quorum, then every item that lies with the meeting."""
    there: tuple[Block, ...] = (
        Table(
            "Who came",
            (Column("Name"), Column("Agency"), Column("Attendance")),
            tuple(Row((Cell(one.name), Cell(one.agency), Cell(one.how))) for one in came),
            anchor="came",
        ),
        Paragraph(words(quorum)),
    )
    sections = [Section("Who was there", there, "attendance")]
    if confidentiality.strip():
        statement = (Paragraph(words(confidentiality)), Paragraph(words(acknowledged)))
        sections.append(Section("Confidentiality", statement, "confidentiality"))
    sections += [_section(recorded, text) for recorded, text in items]
    return _part(head, tuple(sections))


def _part(head: Head, sections: tuple[Section, ...]) -> Document:
    return Document(
        kind=KIND,
        title=f"Minutes of {head.group}",
        dated=head.on,
        file_stem=file_stem(KIND, head),
        subtitle=date_in_words(head.on),
        title_block=tuple(
            Fact(label, value)
            for label, value in (
                ("When", f"{date_in_words(head.on)}, {head.hours}"),
                ("Held", head.held),
                ("Where", head.place),
                ("Chair", head.chair),
                ("Minutes", head.taken_by),
            )
            if value
        ),
        marking=MARKING,
        sections=sections,
    )


def _section(recorded: Recorded, text: str) -> Section:
    blocks: list[Block] = [Paragraph(words(f"{_CAME}{one}.")) for one in recorded.guests]
    blocks += [Paragraph(words(f"{_LEFT}{one}.")) for one in recorded.left]
    blocks += said_blocks(recorded.item, text)
    blocks += [Paragraph(words(one)) for one in recorded.scores]
    if recorded.put_off:
        why = words(f" {recorded.put_off_why}") if recorded.put_off_why else ()
        blocks.append(Paragraph((*words("Put off to the next meeting.", "strong"), *why)))
    if recorded.decision:
        runs = (*words(f"Decision: {recorded.decision}. ", "strong"), *words(_decided(recorded)))
        blocks.append(Paragraph(runs))
    if recorded.actions:
        blocks.append(
            Table(
                f"{_ACTIONS}{recorded.reference or recorded.title}",
                (Column("What"), Column("Who"), Column("By when")),
                tuple(
                    Row((Cell(one.what), Cell(one.who), Cell(date_in_words(one.by))))
                    for one in recorded.actions
                ),
                anchor=f"{_AGREED}{recorded.item.lower()}",
            )
        )
    return Section(recorded.heading, tuple(blocks), anchor_of(recorded.item))


def _decided(recorded: Recorded) -> str:
    said = " ".join(one for one in (recorded.decision_words.strip(), AGREED.get(recorded.agreed, "")) if one)
    return said or "No more was said."


# --- What was said ----------------------------------------------------------------------------------------------


def draft_text(said: Iterable[Said], *, taken_by: str = "") -> str:
    """What the minute-takers wrote, one below the other, each with author and time. A text of blanks is left out.

    Where nobody wrote but whom the minutes name as their taker (`taken_by`), it stands without: the part's own page
    keeps who wrote what and when.
    """
    written = [one for one in said if one.text.strip()]
    if {one.author for one in written} == {taken_by}:
        return "\n\n".join(one.text.strip() for one in written)
    return "\n\n".join(f"{one.author}, {_times(one)}: {one.text.strip()}" for one in written)


def _times(one: Said) -> str:
    first, last = f"{one.began:%H:%M}", f"{one.until:%H:%M}"
    return first if first == last else f"{first} to {last}"


def said_blocks(item: str, text: str) -> list[Block]:
    """The text of an item as paragraphs: an empty line begins a new one."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    pieces = [one for one in _BETWEEN.split(kept) if one.strip()]
    return [Paragraph(words(one), anchor=f"said-{item.lower()}-{n}") for n, one in enumerate(pieces, 1)]


def texts_of(document: Document) -> dict[str, str]:
    """What was said at each item of a part, by the small letters of its public_id, in the order of the document."""
    found: dict[str, str] = {}
    for section in document.sections:
        if not section.anchor.startswith("item-"):
            continue
        pieces = [
            "".join(run.text for run in block.runs if isinstance(run, Words))
            for block in section.blocks
            if isinstance(block, Paragraph) and _SAID.match(block.anchor)
        ]
        found[section.anchor.removeprefix("item-")] = "\n\n".join(pieces)
    return found


def headings_of(document: Document) -> dict[str, str]:
    """The heading of each item of a part, by the same keys."""
    return {
        one.anchor.removeprefix("item-"): one.title
        for one in document.sections
        if one.anchor.startswith("item-")
    }


def with_texts(document: Document, texts: Mapping[str, str]) -> Document:
    """The same part with other words for what was said; an item that is not named keeps its own."""
    sections = []
    for section in document.sections:
        item = section.anchor.removeprefix("item-")
        if section.anchor.startswith("item-") and item in texts:
            before = [one for one in section.blocks if not _is_said(one)]
            guests = _leading_guests(before)
            blocks = (*before[:guests], *said_blocks(item, texts[item]), *before[guests:])
            section = replace(section, blocks=blocks)
        sections.append(section)
    return replace(document, sections=tuple(sections))


def _is_said(block: Block) -> bool:
    return isinstance(block, Paragraph) and bool(_SAID.match(block.anchor))


def _leading_guests(blocks: Sequence[Block]) -> int:
    """How many of the first blocks say who came for the item or left for it."""
    count = 0
    for one in blocks:
        first = one.runs[0] if isinstance(one, Paragraph) and one.runs else None
        if not (isinstance(first, Words) and first.text.startswith((_CAME, _LEFT))):
            break
        count += 1
    return count


# --- What its drafter does not see ------------------------------------------------------------------------------


def with_unseen(document: Document, before: Document, items: Iterable[str]) -> Document:
    """A part that is drafted anew, with the risk and the actions that stand at these items in the draft before it:
    whoever drafts it does not see their cases any more. `items`: their public_ids."""
    anchors = {anchor_of(one) for one in items}
    stood = {one.anchor: one for one in before.sections if one.anchor in anchors}
    sections = [
        _with_unseen(one, stood[one.anchor]) if one.anchor in stood else one for one in document.sections
    ]
    return replace(document, sections=tuple(sections))


def _with_unseen(section: Section, stood: Section) -> Section:
    scores = [one for one in stood.blocks if _is_score(one)]
    scores += [one for one in section.blocks if _is_score(one) and one not in scores]
    rest = [one for one in section.blocks if not _is_score(one) and not _is_agreed(one)]
    place = _leading_guests(rest) + sum(_is_said(one) for one in rest)
    return replace(
        section, blocks=(*rest[:place], *scores, *rest[place:], *_joined([*stood.blocks, *section.blocks]))
    )


def _joined(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables of actions of one item as one, each action once."""
    tables = [one for one in blocks if isinstance(one, Table) and _is_agreed(one)]
    if tables:
        rows: list[Row] = []
        for row in (row for table in tables for row in table.rows):
            if row not in rows:
                rows.append(row)
        yield replace(tables[-1], rows=tuple(rows))


def _is_score(block: Block) -> bool:
    first = block.runs[0] if isinstance(block, Paragraph) and not _is_said(block) and block.runs else None
    return isinstance(first, Words) and first.text.startswith(RISK)


def _is_agreed(block: Block) -> bool:
    return isinstance(block, Table) and block.anchor.startswith(_AGREED)


# --- A copy -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """One item that a reader sees, in the order of the agenda: its document (none where it is not approved yet, or
    where it lies with the meeting)."""

    item: str
    heading: str
    is_heading: bool
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Whose copy it is, in words, of which version, what the copy says of its standing, and who approved it when."""

    name: str
    agency: str = ""
    version: str = FIRST
    status: str = ""
    approved: str = ""


def composed(frame: Document, pieces: Sequence[Piece], whom: ForWhom) -> Document:
    """A reader's copy: the meeting's part, and every item's part at its place below its heading.

    Nothing tells how many there are besides: a heading under which this reader sees nothing is left out as one is under
    which nothing was spoken of. An item of which nothing is recorded stands in one list at the end.
    """
    own = {one.anchor: one for one in frame.sections}
    shown = {anchor_of(one.item) for one in pieces}
    headings = {anchor_of(one.item) for one in pieces if one.is_heading}
    sections = [one for one in frame.sections if not one.anchor.startswith("item-")]
    under = False
    for piece in pieces:
        anchor = anchor_of(piece.item)
        if piece.document is None and anchor in own:
            below = under and not piece.is_heading
            sections.append(replace(own[anchor], level=2 if below else 1))
            under = under or piece.is_heading
            continue
        found = (
            piece.document.sections
            if piece.document is not None
            else (Section(piece.heading, (Note(words(NOT_YET)),), anchor),)
        )
        sections += [replace(one, level=2 if under else 1) for one in found]
    # Standing items that the agenda does not show any more stay where they were written.
    sections += [one for one in frame.sections if one.anchor.startswith("item-") and one.anchor not in shown]
    version = f"{whom.version}, {whom.approved}" if whom.approved else whom.version
    block = [*frame.title_block, Fact("Version", version), Fact("Copy for", _whom(whom))]
    return replace(
        frame,
        title_block=tuple(block),
        status=whom.status,
        correction=None,
        opening=(Note(words(OWN_NUMBERS)),),
        sections=(*_told(sections), *_all_actions(sections), *_quiet(sections, headings)),
    )


def _all_actions(sections: Iterable[Section]) -> Iterator[Section]:
    """Every action that stands in the copy once more in one table, where there are several: what all came for."""
    rows = [
        Row((Cell(block.caption.removeprefix(_ACTIONS)), *row.cells))
        for section in sections
        for block in section.blocks
        if isinstance(block, Table) and block.anchor.startswith(_AGREED)
        for row in block.rows
    ]
    if len(rows) < 2:
        return
    table = Table(
        "Every action agreed",
        (Column("Item"), Column("What"), Column("Who"), Column("By when")),
        tuple(rows),
        anchor="every-action",
    )
    yield Section("Actions", (table,), "actions")


def _whom(whom: ForWhom) -> str:
    return f"{whom.name}, {whom.agency}" if whom.agency else whom.name


def _is_quiet(sections: Sequence[Section], place: int) -> bool:
    """Whether a section of the first level has nothing of its own and nothing below it."""
    one = sections[place]
    follows = place + 1 < len(sections) and sections[place + 1].level == 2
    return one.level == 1 and not one.blocks and not follows


def _told(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections of which something is told; an item below a heading of which nothing is says so."""
    for place, one in enumerate(sections):
        if not _is_quiet(sections, place):
            follows = one.level == 1 and place + 1 < len(sections) and sections[place + 1].level == 2
            yield one if one.blocks or follows else replace(one, blocks=(Note(words(NOTHING)),))


def _quiet(sections: Sequence[Section], headings: Collection[str]) -> Iterator[Section]:
    """The items that left no word, in one list; of what stands on every agenda (`headings`: anchors) nothing is said
    where nothing came of it, for there was nothing to speak of."""
    titles = [
        one.title
        for place, one in enumerate(sections)
        if _is_quiet(sections, place) and one.anchor not in headings
    ]
    if titles:
        blocks = (Note(words(QUIET)), Bullets(tuple(words(one) for one in titles)))
        yield Section(QUIET_HEADING, blocks, "quiet")


def with_notices(before: Document, after: Document, notices: Sequence[str]) -> Document:
    """The copy with the notices of the corrections that its reader sees, and what they changed marked in it."""
    said = "\n".join(dict.fromkeys(one.strip() for one in notices if one.strip()))
    if not said:
        return after
    try:
        return corrected(before, after, title="Corrected", text=said)
    except NotADocument:  # what was corrected reads the same in this copy
        return after


def extract(part: Document, *, recipient: str, version: str) -> Document:
    """One item's minutes for somebody outside: no list of those who were there, nothing of any other item."""
    kept = [one for one in part.title_block if one.label in ("When", "Held", "Chair")]
    return replace(
        part,
        title=f"{part.title}: extract",
        title_block=(*kept, Fact("Version", version), Fact("Extract for", recipient)),
        opening=(Note(words(OWN_NUMBERS)),),
        sections=tuple(
            replace(one, level=1, blocks=one.blocks or (Note(words(NOTHING)),)) for one in part.sections
        ),
    )


def next_number(number: str) -> str:
    """The number of the version that corrects this one: 1.0, 1.1, 1.2."""
    whole, _, part = number.partition(".")
    return f"{whole}.{int(part or 0) + 1}"


def newest(numbers: Iterable[str]) -> str:
    """The highest of these numbers; the first there is where there are none."""
    return max(numbers, key=lambda one: tuple(int(n) for n in one.split(".")), default=FIRST)
