"""A report as it stands while it is written, and what keeps it from being put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saferhub.plan.methods.suppression import CannotProtect
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.reporting.models import Report
from saferhub.reporting.rules.composing import DRAFT, MEMBERS, PUBLIC
from saferhub.reporting.rules.reports import next_number

from .putting_together import filled_sections, put_together, sections_of


@dataclass(frozen=True)
class Preview:
    """What would be frozen now. `document` None: it cannot be put together, and `why` says why. `lacking`: headings
    with the marks in them for which there is no figure; `has_exempt`: members would get another copy."""

    document: Document | None
    why: tuple[str, ...]
    lacking: tuple[tuple[str, str], ...]
    empty: tuple[str, ...]
    has_exempt: bool
    is_members: bool


def preview(report: Report, *, on: date, audience: str = "") -> Preview:
    """The report as it stands, for the public or for members."""
    filled = filled_sections(report, sections_of(report))
    has_exempt = any(one.is_exempt for one in filled)
    whom = MEMBERS if has_exempt and audience == MEMBERS else PUBLIC
    published = report.versions.filter(status=VersionStatus.PUBLISHED).values_list("number", flat=True)
    number = next_number(max(published, key=lambda one: [int(part) for part in one.split(".")], default=""))
    empty = tuple(one.heading for one in filled if one.is_empty)
    try:
        made = put_together(report, filled, number=number, dated=on, status=DRAFT)
        if whom == MEMBERS:
            made = put_together(
                report, filled, number=number, dated=on, audience=MEMBERS, status=DRAFT, beside=made
            )
    except CannotProtect as refused:
        reasons = tuple(one.sentence() for one in refused.reasons)
        return Preview(None, reasons, (), empty, has_exempt, whom == MEMBERS)
    headings = {one.code: one.heading for one in filled}
    lacking = tuple(
        (headings[code], ", ".join(f"[{mark}]" for mark in marks))
        for code, marks in made.without_figure.items()
    )
    return Preview(made.document, (), lacking, empty, has_exempt, whom == MEMBERS)
