"""A report put together: from an outline of the packs, or from the sections that its author has in hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date

from django.db.models.fields.json import KeyTransform

from saferhub.foundation.one_page import keeps, once, one_page
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries.in_force import InForce
from saferhub.plan.methods.suppression import CannotProtect, Release
from saferhub.reporting.models import Committee, Report, ReportKind, ReportSection, ReportVersion
from saferhub.reporting.rules import protecting
from saferhub.reporting.rules.composing import PUBLIC, RELEASE, Composed, Filled, Head, compose, written
from saferhub.reporting.rules.marks import as_text
from saferhub.reporting.rules.protecting import NOT_SHOWN, Counted
from saferhub.reporting.sections import Asked, Proposed, propose

from .outlines import planned
from .pictures import picture
from .plan_facts import scrutiny_committee, sources_of


def from_outline(
    partnership: Partnership,
    outline: InForce,
    *,
    as_of: date,
    committee: Committee | None = None,
    using: str = "",
) -> Composed:
    """A draft straight from an outline: what every provider proposes. Raises as `rules.composing.compose`."""
    sections = []
    with _read_once():
        for one in planned(partnership, outline, as_of):
            asked = Asked(
                partnership.pk, as_of, one.provider, one.code, one.heading, one.priority,
                committee.pk if committee is not None else None, using=using,
            )  # fmt: skip
            sections.append(_filled(one.code, one.heading, propose(asked), as_text(one.words)))
    head = Head(
        kind=outline.item.kind,
        title=outline.item.title,
        partnership=partnership.name,
        file_stem=file_stem(partnership, outline.item.kind, as_of),
        as_of=as_of,
        author_post=outline.item.author_post,
        committee=_reader(partnership, outline.item.kind, as_of, committee),
    )
    return compose(
        head,
        sections,
        earlier=earlier_releases(partnership),
        picture=picture,
        cite=lambda entries: sources_of(partnership, entries),
    )


def _read_once() -> AbstractContextManager[None]:
    """What the sections of a report have in common is read once: on a page with the rest of it, else for them alone."""
    return nullcontext() if keeps() else one_page()


def _reader(partnership: Partnership, kind: str, as_of: date, committee: Committee | None) -> str:
    """To whom a report straight from an outline goes."""
    if committee is not None:
        return committee.name
    return scrutiny_committee(partnership, as_of) if kind == ReportKind.SCRUTINY else ""


def file_stem(partnership: Partnership, kind: str, as_of: date) -> str:
    """The name of a report's files: whose, what, of which day."""
    return f"{partnership.code}-{kind}-{as_of.isoformat()}".replace("_", "-")


def _filled(code: str, heading: str, proposed: Proposed, words: str = "") -> Filled:
    text = "\n\n".join(part for part in (words, as_text(proposed.words)) if part)
    return Filled(
        code, heading, text, proposed.blocks, proposed.facts, proposed.recommendations, proposed.drawn_from
    )


def proposed_for(section: ReportSection, report: Report) -> Proposed:
    """What the provider of a section proposes now. Raises KeyError for one that is not known any more."""
    return propose(
        Asked(
            report.partnership_id, report.as_of, section.provider, section.code, section.heading, section.priority,
            report.committee_id, report.pk,
        )
    )  # fmt: skip


def texts_of(proposed: Proposed) -> dict[str, str]:
    """Every figure of a section by its mark, as its words would cite it if the section were all that is published."""
    facts = proposed.facts
    tables = [one for one in proposed.blocks if isinstance(one, Counted)]
    told = [alone for fact in facts.values() if (alone := fact.held_alone) is not None]
    try:
        protection = protecting.protected(tables, told)
    except CannotProtect:
        counted = {mark for mark, fact in facts.items() if fact.held is not None or fact.rests_on}
        return {mark: NOT_SHOWN if mark in counted else fact.text for mark, fact in facts.items()}
    return {mark: written(fact, protection) for mark, fact in facts.items()}


def filled_of(section: ReportSection, proposed: Proposed) -> Filled:
    """A section as it goes into the report: the author's words in place of the proposed ones where she wrote any."""
    words = section.words if section.is_own_words else as_text(proposed.words)
    return Filled(
        section.code, section.heading, words, proposed.blocks, proposed.facts, proposed.recommendations,
        proposed.drawn_from, section.is_exempt, section.exempt_why,
    )  # fmt: skip


def sections_of(report: Report) -> list[ReportSection]:
    """The sections of a report, in their order. One query."""
    return list(ReportSection.objects.filter(report=report).order_by("order", "id"))


def filled_sections(report: Report, sections: Iterable[ReportSection]) -> list[Filled]:
    """Those that are not left out, filled. What several of them tell of is read once, in an act too: nothing is written
    meanwhile."""
    with _read_once():
        return [filled_of(one, proposed_for(one, report)) for one in sections if not one.is_left_out]


def head_of(report: Report, *, number: str, dated: date) -> Head:
    """What stands above a report."""
    return Head(
        kind=report.kind,
        title=report.title,
        partnership=report.partnership.name,
        file_stem=file_stem(report.partnership, report.kind, report.as_of),
        as_of=report.as_of,
        author_post=report.author_post,
        committee=report.committee.name if report.committee is not None else "",
        sits_on=report.sitting.on if report.sitting is not None else None,
        number=number,
        dated=dated,
    )


def put_together(
    report: Report,
    filled: Sequence[Filled],
    *,
    number: str,
    dated: date,
    audience: str = PUBLIC,
    status: str = "",
    beside: Composed | None = None,
) -> Composed:
    """The report for an audience, from its filled sections. `beside`: the public copy, which the reader of members' has
    too, so that what one withholds the other does not tell. Raises as `rules.composing.compose`."""
    return compose(
        head_of(report, number=number, dated=dated),
        filled,
        audience=audience,
        earlier=[*earlier_releases(report.partnership), *_copy(beside)],
        status=status,
        picture=picture,
        cite=lambda entries: sources_of(report.partnership, entries),
    )


def _copy(made: Composed | None) -> list[Release]:
    kept = made.figures.get(RELEASE) if made is not None else None
    return [protecting.release_of("the public copy", kept)] if kept else []


def earlier_releases(partnership: Partnership) -> list[Release]:
    """What the partnership has published before, in its order: what was withdrawn or replaced has been read too. Only
    the counts that each release holds are read, no document. One query, none where the page has asked before."""
    return once(("earlier_releases", partnership.pk), lambda: _earlier_releases(partnership))


def _earlier_releases(partnership: Partnership) -> list[Release]:
    rows = (
        ReportVersion.objects.filter(partnership=partnership, published_at__isnull=False)
        .order_by("published_at", "id")
        .values_list("report__title", "number", KeyTransform(RELEASE, "figures"))
    )
    return [protecting.release_of(f"{title}, version {number}", kept) for title, number, kept in rows if kept]
