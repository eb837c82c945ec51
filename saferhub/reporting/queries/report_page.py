"""What the pages of one report show: its sections in hand, its versions, approvals, its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.models import Observation
from saferhub.plan.queries.counted import observation_rows_url
from saferhub.publication.drawing.files import FORMATS
from saferhub.publication.models import VersionStatus
from saferhub.reporting import access
from saferhub.reporting.models import (
    Approval,
    Audience,
    Report,
    ReportMove,
    ReportSection,
    ReportStatus,
    ReportVersion,
)
from saferhub.reporting.operations.approving import standing_approvals
from saferhub.reporting.rules.composing import RELEASE
from saferhub.reporting.rules.marks import as_text, marks_in, places_of

from .putting_together import proposed_for, sections_of, texts_of

OWN_WORK = "Records in this service"


@dataclass(frozen=True)
class SectionLine:
    """A section in the builder: how it stands, and how much is in it."""

    row: ReportSection
    state: str
    tone: str
    paragraphs: int
    tables: int
    figures: int
    is_first: bool
    is_last: bool

    @property
    def holds(self) -> str:
        parts = [
            f"{count} {word if count == 1 else word + 's'}"
            for count, word in (
                (self.paragraphs, "paragraph"),
                (self.tables, "table or chart" if self.tables == 1 else "tables or chart"),
                (self.figures, "figure"),
            )
            if count
        ]
        return ", ".join(parts) or "nothing"


def section_lines(report: Report) -> list[SectionLine]:
    """The sections of a report, each with what it holds now. As many queries as its providers ask."""
    rows = sections_of(report)
    made = []
    for at, row in enumerate(rows):
        proposed = proposed_for(row, report)
        words = row.words if row.is_own_words else as_text(proposed.words)
        is_empty = not (words.strip() or proposed.blocks or proposed.recommendations)
        state, tone = _state(row, is_empty)
        made.append(
            SectionLine(
                row,
                state,
                tone,
                len([one for one in words.split("\n\n") if one.strip()]) + len(proposed.recommendations),
                len(proposed.blocks),
                len(proposed.facts),
                at == 0,
                at == len(rows) - 1,
            )
        )
    return made


def _state(row: ReportSection, is_empty: bool) -> tuple[str, str]:
    if row.is_left_out:
        return "Left out", "quiet"
    if is_empty:
        return "Empty: not in the report", "quiet"
    if row.is_exempt:
        return "Exempt: for members alone", "violet"
    if not row.provider:
        return "Your own section", "petrol"
    return ("In your words", "petrol") if row.is_own_words else ("As proposed", "good")


@dataclass(frozen=True)
class MarkLine:
    """A figure that a section's words may cite. `is_cited`: they do, as they stand."""

    mark: str
    text: str
    label: str
    is_cited: bool


def marks_of(section: ReportSection, report: Report) -> tuple[str, list[MarkLine]]:
    """The words that are proposed for a section, and the figures that its words may cite. What the section alone would
    withhold is not shown to whoever writes it either; the whole report, beside earlier ones, may withhold more."""
    proposed = proposed_for(section, report)
    texts, words = texts_of(proposed), as_text(proposed.words)
    cited = set(marks_in(section.words if section.is_own_words else words))
    lines = [
        MarkLine(f"[{mark}]", texts[mark], fact.label, mark in cited) for mark, fact in proposed.facts.items()
    ]
    # Tables and charts, to which words point by their number.
    titles = {getattr(one, "anchor", ""): getattr(one, "caption", "") for one in proposed.blocks}
    lines += [
        MarkLine(f"[{mark}]", "Its number", titles[anchor], mark in cited)
        for mark, anchor in places_of(proposed.blocks).items()
    ]
    return words, lines


def others_words(lines: list[MarkLine]) -> str:
    """What opens the list of figures that the words do not cite; "" where they cite all."""
    count = sum(not one.is_cited for one in lines)
    if count == len(lines):
        return f"All {count}" if count > 1 else "One" if count else ""
    return f"{count} more" if count > 1 else "One more" if count else ""


@dataclass(frozen=True)
class VersionLine:
    """A version in the list beside the report."""

    number: str
    audience: str
    status: str
    at: datetime
    url: str
    is_this: bool
    note: str


def versions_read(actor: Actor, report: Report) -> list[ReportVersion]:
    """Every version that this actor reads, the newest first. One query."""
    rows = access.visible_to(actor, ReportVersion).filter(report=report).select_related("corrects")
    found = list(rows.order_by("-id"))
    for one in found:
        one.report = report
    return found


def in_force(rows: list[ReportVersion], audience: str) -> ReportVersion | None:
    """The version of an audience that is read where none is named: the published one, else the newest that was."""
    own = [one for one in rows if one.audience == audience and one.published_at is not None]
    return next((one for one in own if one.status == VersionStatus.PUBLISHED), own[0] if own else None)


def members_copy(rows: list[ReportVersion], shown: ReportVersion) -> ReportVersion | None:
    """The copy with exempt parts that is read beside this public version: the one in force, else its own. None where
    there is none any more."""
    found = in_force(rows, Audience.MEMBERS)
    if found is None or shown.audience != Audience.PUBLIC:
        return None
    return found if found.status == VersionStatus.PUBLISHED or found.number == shown.number else None


def version_lines(report: Report, rows: list[ReportVersion], shown: ReportVersion) -> list[VersionLine]:
    """The versions that were published, for the side of the page."""
    made = []
    for one in rows:
        if one.published_at is None:
            continue
        parts = [VersionStatus(one.status).label.lower()]
        if one.audience == Audience.MEMBERS:
            parts.append("with exempt parts")
        if one.corrects is not None:
            parts.append(f"corrects {one.corrects.number}")
        made.append(
            VersionLine(
                one.number,
                one.audience,
                one.status,
                one.published_at,
                f"{reverse('report-read', args=[report.public_id])}?version={one.public_id}",
                one.pk == shown.pk,
                ", ".join(parts),
            )
        )
    return made


def files_of(report: Report, version: ReportVersion) -> list[tuple[str, str]]:
    """Where a version's files are to be had: address and words."""
    return [
        (
            f"{reverse('report-file', args=[report.public_id, ending])}?version={version.public_id}",
            one.words,
        )
        for ending, one in FORMATS.items()
    ]


@dataclass(frozen=True)
class ApprovalLine:
    who: str
    post: str
    on: date
    number: str


def approval_lines(report: Report) -> list[ApprovalLine]:
    """Who approved what is in hand, or what was published last. One query or two."""
    rows = standing_approvals(report)
    if not rows:
        kept = (
            Approval.objects.filter(report=report, taken_back_on__isnull=True)
            .select_related("by")
            .order_by("-id")
        )
        newest = kept.first()
        rows = [one for one in kept if newest is not None and one.number == newest.number][::-1]
    return [ApprovalLine(one.by.name, one.post, one.on, one.number) for one in rows]


@dataclass(frozen=True)
class MoveLine:
    words: str
    who: str
    on: date
    reason: str


def moves_of(actor: Actor, report: Report) -> list[MoveLine]:
    """What happened with a report, the newest first. Two queries."""
    rows = list(ReportMove.objects.filter(report=report).order_by("-id"))
    names = names_of((one.by for one in rows), actor)
    return [
        MoveLine(
            _moved_words(one),
            names.get(one.by, "Somebody"),
            one.on,
            one.reason,
        )
        for one in rows
    ]


def _moved_words(one: ReportMove) -> str:
    if not one.from_status:
        return "Begun"
    # A reason is given for what is given up, and none for what is published.
    if one.to_status == ReportStatus.PUBLISHED and one.reason:
        return "Correction given up"
    return ReportStatus(one.to_status).label


@dataclass(frozen=True)
class FigureLine:
    """A figure of a version, followed to where it comes from."""

    label: str
    shown: str
    measure: str
    definition: str
    period: str
    source: str
    rows_url: str


def figure_lines(version: ReportVersion, *, with_rows: bool = False) -> list[FigureLine]:
    """Every figure that a version cites: what it is, of which time, by which definition. `with_rows`: and the way to
    its rows, for those who work on matters; it shows whoever opens it what she may see. One query."""
    figures: dict[str, dict[str, Any]] = {key: one for key, one in version.figures.items() if key != RELEASE}
    wanted = [one["observation"] for one in figures.values() if one.get("observation")]
    rows = {
        one.public_id: one
        for one in Observation.objects.filter(public_id__in=wanted).select_related("version", "measure")
    }
    made = []
    for key, one in figures.items():
        observation = rows.get(one.get("observation") or "")
        has_way = with_rows and not one.get("withheld")
        made.append(
            FigureLine(
                label=one.get("label") or key,
                shown=one.get("shown", ""),
                measure=one.get("name", ""),
                definition=one.get("definition", "") or _packs(one),
                period=one.get("period", "") or _day(one.get("as_of", "")),
                source=one.get("source", "") or _rules(one.get("packs", [])) or OWN_WORK,
                rows_url=observation_rows_url(observation) if observation and has_way else "",
            )
        )
    return made


def figure_rows(version: ReportVersion) -> Iterator[list[Any]]:
    """Every figure that a version cites, as rows of a file, the headings first: as it is written there, so that what is
    withheld is in none."""
    yield [
        "Figure", "As written", "Number", "Measure", "What it means", "Version of the definition", "Time", "Source",
        "What to bear in mind",
    ]  # fmt: skip
    lines = figure_lines(version)
    kept = [one for key, one in version.figures.items() if key != RELEASE]
    for line, one in zip(lines, kept, strict=True):
        number = line.shown.replace(",", "")
        yield [
            line.label,
            line.shown,
            int(number) if number.isascii() and number.isdigit() else "",
            line.measure,
            line.definition,
            one.get("definition_version", ""),
            line.period,
            line.source,
            one.get("caveat", ""),
        ]


def _day(kept: str) -> str:
    return date_in_words(date.fromisoformat(kept)) if kept else ""


def _rules(packs: list[str]) -> str:
    """The packs that something was counted in, by name and version."""
    named = [one.rpartition(" ") for one in packs]
    return ", ".join(f"{name}, version {number}" if name else number for name, _, number in named)


def _packs(one: dict[str, Any]) -> str:
    if one.get("section"):
        return f"Counted in the rules: {one['section'].replace('_', ' ')}"
    return "Counted in the partnership’s own work" if one.get("table") else ""
