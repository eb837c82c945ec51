"""Putting a report together: its sections, the figures in them, what is withheld, where each figure comes from.

Values in, a document and the provenance of its figures out. The public copy leaves exempt sections out and says on
which ground; the members' copy marks them where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.methods.suppression import Release
from saferhub.publication.model import (
    Block,
    Cell,
    Cited,
    Column,
    Document,
    Figure,
    Note,
    Paragraph,
    Recommendation,
    Row,
    Section,
    Table,
    words,
)
from saferhub.publication.model import Fact as TitleFact
from saferhub.reporting.sections import Fact

from . import marks, protecting
from .protecting import Counted, Protection
from .runs import HOW_JUDGED

PUBLIC, MEMBERS = "public", "members"
MARKINGS = {PUBLIC: "OFFICIAL", MEMBERS: "OFFICIAL-SENSITIVE: exempt parts, not for publication"}
DRAFT = "Draft, not approved"
# Under this name a frozen version keeps its counts for later releases. No mark can be called so.
RELEASE = "_release"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a report: kind, title, whose, to whom, from which post, of which day."""

    kind: str
    title: str
    partnership: str
    file_stem: str
    as_of: date
    author_post: str = ""
    committee: str = ""
    sits_on: date | None = None
    number: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A section as it goes in: words with marks, and what its provider gave."""

    code: str
    heading: str
    words: str = ""
    blocks: tuple[Block | Counted, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    recommendations: tuple[str, ...] = ()
    drawn_from: tuple[Any, ...] = ()
    is_exempt: bool = False
    exempt_why: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words.strip() or self.blocks or self.recommendations)


@dataclass(frozen=True, slots=True)
class Composed:
    """A report as a document, where its figures come from, and what stands in its way: marks without a figure, by
    section."""

    document: Document
    figures: dict[str, Any]
    without_figure: Mapping[str, tuple[str, ...]]


def key_of(section: str, mark: str) -> str:
    """The key under which a figure's provenance is kept with a version.

    >>> key_of("hubs", "adopted")
    'hubs.adopted'
    """
    return f"{section}.{mark}"


def compose(
    head: Head,
    sections: Sequence[Filled],
    *,
    audience: str = PUBLIC,
    earlier: Sequence[Release] = (),
    status: str = DRAFT,
    picture: Callable[[Counted, Table], Figure] | None = None,
    cite: Callable[[Sequence[Any]], tuple[str, ...]] | None = None,
) -> Composed:
    """The report for an audience. `earlier`: what was published before, as `rules.protecting.release_of` reads it;
    `picture` draws the figure of a table that has a chart; without it the table stands alone. `cite` says where the
    entries of packs come from that the sections were drawn from.

    Sections without anything are left out. Raises CannotProtect where small numbers cannot be protected, ValueError
    where two tables say two things of one count, NotADocument.
    """
    there = [one for one in sections if not one.is_empty]
    shown = [one for one in there if audience == MEMBERS or not one.is_exempt]
    protection = protecting.protected(
        [block for one in shown for block in one.blocks if isinstance(block, Counted)],
        [alone for fact in _cited(shown) if (alone := fact.held_alone) is not None],
        earlier=earlier,
    )
    figures: dict[str, Any] = {}
    made, missing, number = [], {}, 0
    for one in shown:
        lacking = marks.unknown_in(one.words, [*one.facts, *marks.places_of(one.blocks)])
        if lacking:
            missing[one.code] = tuple(lacking)
        blocks, number = _blocks(one, protection, picture, figures, number)
        made.append(Section(one.heading, blocks, anchor=_anchor(one.code)))
    if protection.tables:
        figures[RELEASE] = protection.kept()
    document = Document(
        kind=head.kind,
        title=head.title,
        dated=head.dated or head.as_of,
        file_stem=head.file_stem if audience == PUBLIC else f"{head.file_stem}-members",
        subtitle=head.partnership,
        title_block=tuple(_title_block(head)),
        # What is not approved says so on every page, as its marking does.
        marking=f"{MARKINGS[audience]}. {status}" if status else MARKINGS[audience],
        status=status,
        sections=tuple(made),
        appendices=_definitions(figures, has_runs=_has_runs(shown)),
        notes=_notes(there, shown, audience, cite),
    )
    return Composed(document, figures, missing)


def _title_block(head: Head) -> Iterable[TitleFact]:
    if head.committee:
        met = f", {date_in_words(head.sits_on)}" if head.sits_on else ""
        yield TitleFact("To", f"{head.committee}{met}")
    if head.author_post:
        yield TitleFact("From", head.author_post)
    dated = head.dated or head.as_of
    yield TitleFact("Date", date_in_words(dated))
    if head.number:
        yield TitleFact("Version", head.number)
    if dated != head.as_of:
        yield TitleFact("Figures as at", date_in_words(head.as_of))


def _cited(sections: Iterable[Filled]) -> list[Fact]:
    """The figures that words or recommendations cite."""
    return [
        one.facts[mark]
        for one in sections
        for text in (one.words, *one.recommendations)
        for mark in marks.marks_in(text)
        if mark in one.facts
    ]


def written(fact: Fact, protection: Protection) -> str:
    """A figure as words cite it: itself, or that it is not shown."""
    hidden = protection.hides([*fact.rests_on, *([fact.held] if fact.held is not None else [])])
    return protecting.NOT_SHOWN if hidden else fact.text


def _blocks(
    one: Filled,
    protection: Protection,
    picture: Callable[[Counted, Table], Figure] | None,
    figures: dict[str, Any],
    number: int,
) -> tuple[tuple[Block, ...], int]:
    keys = {mark: key_of(one.code, mark) for mark in one.facts}
    texts = {mark: written(fact, protection) for mark, fact in one.facts.items()}
    places = {mark: _anchor_within(one, anchor) for mark, anchor in marks.places_of(one.blocks).items()}
    made: list[Block] = []
    if one.is_exempt:
        made.append(
            Note(words(f"Exempt: for members, not for publication. Ground: {one.exempt_why}", "strong"))
        )
    for said in one.recommendations:
        number += 1
        made.append(Recommendation(marks.runs_of(said, texts, keys), anchor=f"recommendation-{number}"))
    made += marks.paragraphs_of(one.words, texts, keys, places, anchor=_anchor(one.code))
    for block in one.blocks:
        if isinstance(block, Counted):
            table = _within(one, protecting.drawn(block, protection, keys))
            made.append(picture(block, table) if block.chart is not None and picture is not None else table)
        else:
            made.append(_within(one, _keyed(block, keys)) if isinstance(block, Table) else block)
    for mark in _used(made, keys):
        fact = one.facts[mark]
        hidden = texts[mark] == protecting.NOT_SHOWN
        figures[keys[mark]] = {
            **fact.provenance,
            "shown": texts[mark],
            "label": fact.label,
            "withheld": hidden,
        }
    return tuple(made), number


def _keyed(table: Table, keys: Mapping[str, str]) -> Table:
    """The table of a provider, whose cells cite figures by their marks, with the keys of their provenance."""
    rows = tuple(
        replace(row, cells=tuple(replace(one, figure=keys.get(one.figure, "")) for one in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows)


def _within(section: Filled, table: Table) -> Table:
    """The table with an anchor that no table of another section has."""
    return replace(table, anchor=_anchor_within(section, table.anchor)) if table.anchor else table


def _anchor_within(section: Filled, anchor: str) -> str:
    return f"{_anchor(section.code)}-{anchor}"


def _used(blocks: Iterable[Block], keys: Mapping[str, str]) -> list[str]:
    """The marks whose figures these blocks cite, in words or in a table."""
    cited: dict[str, None] = {}
    for block in blocks:
        if isinstance(block, Paragraph):
            runs = [*block.runs, *(run for part in block.parts for run in part.runs)]
        elif isinstance(block, Recommendation):
            runs = list(block.runs)
        else:
            runs = []
            if isinstance(block, Table | Figure):
                cited.update((cell.figure, None) for row in block.rows for cell in row.cells if cell.figure)
        cited.update((run.figure, None) for run in runs if isinstance(run, Cited))
    return [mark for mark, key in keys.items() if key in cited]


def _has_runs(shown: Iterable[Filled]) -> bool:
    return any(isinstance(block, Counted) and block.run is not None for one in shown for block in one.blocks)


def _definitions(figures: Mapping[str, Any], *, has_runs: bool) -> tuple[Section, ...]:
    """An appendix with what each measure means, where its figures come from, and how change over time is judged."""
    measures: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for key, one in figures.items():
        if key != RELEASE and one.get("measure"):
            # Versions that mean the same, such as with another target, stand there once.
            measures.setdefault((one["measure"], one["name"], _meaning(one), one["source"]), one)
    if not measures:
        return ()
    several = Counter(one["measure"] for one in measures.values())
    rows = [
        Row((Cell(_named(one, several[one["measure"]])), Cell(_meaning(one)), Cell(one["source"])))
        for one in measures.values()
    ]
    columns = (Column("Measure"), Column("What it means"), Column("Source"))
    table = Table("Measures in this report", columns, tuple(rows), anchor="measures")
    blocks: tuple[Block, ...] = (Paragraph(words(HOW_JUDGED)), table) if has_runs else (table,)
    return (Section("Figures and what they mean", blocks, anchor="definitions"),)


def _named(one: Mapping[str, Any], versions: int) -> str:
    """The measure's name; where a report tells figures by several of its definitions, with the version of this one."""
    return f"{one['name']} (version {one['definition_version']})" if versions > 1 else str(one["name"])


def _meaning(one: Mapping[str, Any]) -> str:
    """Its definition, and what has to be known to read it. Its formula is kept with the version."""
    caveat = str(one.get("caveat") or "").strip().rstrip(".")
    return f"{one['definition']} Bear in mind: {_lower_first(caveat)}." if caveat else str(one["definition"])


def _lower_first(text: str) -> str:
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def _notes(
    there: Sequence[Filled],
    shown: Sequence[Filled],
    audience: str,
    cite: Callable[[Sequence[Any]], tuple[str, ...]] | None,
) -> tuple[str, ...]:
    found = cite([entry for one in shown for entry in one.drawn_from]) if cite is not None else ()
    exempt = dict.fromkeys(one.exempt_why for one in there if one.is_exempt)
    if audience == PUBLIC and exempt:
        grounds = "; ".join(exempt)
        return (
            *found,
            f"A part of this report is for members alone and does not stand here. Ground: {grounds}",
        )
    return tuple(found)


def _anchor(code: str) -> str:
    return "s-" + code.replace("_", "-")
