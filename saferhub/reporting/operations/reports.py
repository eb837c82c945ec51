"""Reports while they are written: begun from an outline, changed section by section, dropped.

What a provider proposes is read anew at every look; only what the author writes in its place is kept. Her words cite
figures by marks, and a mark without a figure is refused where it is typed.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.reporting import access
from saferhub.reporting.models import (
    REPORT_LIFECYCLE,
    Committee,
    Report,
    ReportKind,
    ReportMove,
    ReportSection,
    ReportStatus,
    Sitting,
)
from saferhub.reporting.queries.outlines import outline_on, planned
from saferhub.reporting.queries.putting_together import proposed_for
from saferhub.reporting.rules import reports as rules
from saferhub.reporting.rules.marks import as_text, unknown_in

NOT_IN_HAND = (
    "This report waits for approval or is published. Have it sent back, or correct it, before you change it."
)


@transaction.atomic
def begin_report(
    *,
    outline: str,
    as_of: date,
    title: str,
    by: Actor,
    on: date,
    committee_id: str = "",
    sitting_id: str = "",
) -> Report:
    """Begin a report from an outline of the packs, with figures and facts up to `as_of`.

    Raises NotAllowed unless the actor writes reports; Http404 for a committee or a sitting that is not there; Refusal
    `no_title`, `no_outline`, `no_committee`, `other_committee`, `as_of_ahead`.
    """
    access.check_can_write(by)
    assert by.partnership is not None and by.user is not None
    refuse_if(rules.title_refusals(title))
    if as_of > on:
        raise Refusal("as_of_ahead", "Choose a day that has come: nothing is known of a later one.")
    found = outline_on(by.partnership, outline, as_of)
    if found is None:
        raise Refusal("no_outline", "The rules of that day have no such outline. Choose another.")
    committee = access.get(by, Committee, committee_id) if committee_id else None
    sitting = access.get(by, Sitting, sitting_id) if sitting_id else None
    kind = ReportKind(found.item.kind)
    if kind == ReportKind.SCRUTINY and committee is None:
        raise Refusal("no_committee", "Choose the committee to which the report goes.")
    if sitting is not None and (committee is None or sitting.committee_id != committee.pk):
        raise Refusal(
            "other_committee", "That is a sitting of another committee. Choose one of this committee’s."
        )
    report = Report.objects.create(
        partnership=by.partnership,
        kind=kind,
        committee=committee,
        sitting=sitting,
        title=title.strip(),
        as_of=as_of,
        outline=outline,
        outline_day=as_of,
        author=by.user,
        author_post=found.item.author_post,
        due_on=sitting.papers_due_on if sitting is not None else None,
    )
    for order, one in enumerate(planned(by.partnership, found, as_of), 1):
        ReportSection.objects.create(
            partnership=by.partnership,
            report=report,
            code=one.code,
            provider=one.provider,
            priority=one.priority,
            order=order,
            heading=one.heading,
            words=as_text(one.words),
            # A section without a provider is its author's from the beginning.
            is_own_words=bool(one.words) or not one.provider,
        )
    _moved(report, "", ReportStatus.WRITING, by=by, on=on)
    audit.record("reporting.report_begun", report, by=by, kind=kind.value, as_of=as_of)
    return report


def move(report: Report, target: ReportStatus, *, by: Actor, on: date, reason: str = "") -> None:
    """Move a report's status, within the caller's transaction. Raises Refusal `illegal_move`."""
    before = ReportStatus(report.status)
    REPORT_LIFECYCLE.check(before, target)
    report.status = target
    report.version += 1
    report.save(update_fields=["status", "version"])
    _moved(report, before, target, by=by, on=on, reason=reason)


def _moved(report: Report, before: str, after: str, *, by: Actor, on: date, reason: str = "") -> None:
    ReportMove.objects.create(
        report=report, from_status=before, to_status=after, on=on, by=by.public_id, reason=reason
    )


def _in_hand(by: Actor, report_id: str, *, version: int | None = None) -> Report:
    """A report that is being written, locked. Raises NotAllowed, Http404, Conflict, Refusal `not_in_hand`."""
    access.check_can_write(by)
    report = access.get_for_update(by, Report, report_id, version=version)
    if report.status != ReportStatus.WRITING:
        raise Refusal("not_in_hand", NOT_IN_HAND)
    return report


@transaction.atomic
def change_report(*, report_id: str, title: str, author_post: str, by: Actor, seen: int) -> Report:
    """Change what stands above a report. Raises as `_in_hand`, Refusal `no_title`, `no_post`."""
    report = _in_hand(by, report_id, version=seen)
    refuse_if(rules.title_refusals(title))
    if not author_post.strip():
        raise Refusal("no_post", "Give the post in whose name the report is written.")
    report.title, report.author_post = title.strip(), author_post.strip()
    report.version += 1
    report.save(update_fields=["title", "author_post", "version"])
    audit.record("reporting.report_changed", report, by=by, version=report.version)
    return report


@transaction.atomic
def edit_section(
    *,
    report_id: str,
    section_id: str,
    heading: str,
    words: str,
    is_left_out: bool,
    left_out_why: str,
    is_exempt: bool,
    exempt_why: str,
    by: Actor,
    seen: int,
) -> ReportSection:
    """Write a section's heading and words, leave it out or make it exempt. Words that are those proposed are not kept:
    the section goes on with what its provider proposes.

    Raises as `_in_hand`; Refusal `no_heading`, `unknown_mark`, `no_ground`, `no_reason`; Conflict where somebody
    changed the section since `seen`.
    """
    report = _in_hand(by, report_id)
    section = _section(by, report, section_id, seen)
    if not heading.strip():
        raise Refusal("no_heading", "Give the section a heading.")
    refuse_if(rules.left_out_refusals(is_left_out=is_left_out, why=left_out_why))
    refuse_if(rules.exempt_refusals(is_exempt=is_exempt, why=exempt_why))
    proposed = proposed_for(section, report)
    typed = words.replace("\r\n", "\n").strip()
    refuse_if(rules.mark_refusals(unknown_in(typed, proposed.marks), proposed.marks))
    is_own = not section.provider or typed != as_text(proposed.words)
    section.heading, section.is_own_words = heading.strip(), is_own
    if is_own:  # else what was kept when the proposed words were taken again stays
        section.words = typed
    section.is_left_out, section.left_out_why = is_left_out, left_out_why.strip() if is_left_out else ""
    section.is_exempt, section.exempt_why = is_exempt, exempt_why.strip() if is_exempt else ""
    _save(section)
    audit.record("reporting.section_changed", report, by=by, section=section.code, version=section.version)
    return section


@transaction.atomic
def take_proposed_words(*, report_id: str, section_id: str, by: Actor, seen: int) -> ReportSection:
    """Go on with what is proposed in a section. What the author wrote is kept, and can be taken again. Raises as
    `edit_section`, Refusal `nothing_proposed` for a section without a provider."""
    report = _in_hand(by, report_id)
    section = _section(by, report, section_id, seen)
    if not section.provider:
        raise Refusal("nothing_proposed", "Nothing is proposed for this section: its words are yours alone.")
    section.is_own_words = False
    _save(section)
    audit.record("reporting.section_reset", report, by=by, section=section.code, version=section.version)
    return section


@transaction.atomic
def take_own_words(*, report_id: str, section_id: str, by: Actor, seen: int) -> ReportSection:
    """Go on with what the author wrote before the proposed words were taken again. Raises as `edit_section`, Refusal
    `nothing_kept` where nothing of hers is kept."""
    report = _in_hand(by, report_id)
    section = _section(by, report, section_id, seen)
    if not section.words.strip():
        raise Refusal("nothing_kept", "No words of your own are kept for this section. Write them.")
    section.is_own_words = True
    _save(section)
    audit.record("reporting.section_restored", report, by=by, section=section.code, version=section.version)
    return section


@transaction.atomic
def add_section(*, report_id: str, heading: str, words: str, by: Actor) -> ReportSection:
    """Add a section of the author's own at the end. Raises as `_in_hand`, Refusal `no_heading`, `no_words`,
    `unknown_mark`."""
    report = _in_hand(by, report_id)
    if not heading.strip():
        raise Refusal("no_heading", "Give the section a heading.")
    if not words.strip():
        raise Refusal("no_words", "Write what the section says: nothing stands empty in a report.")
    refuse_if(rules.mark_refusals(unknown_in(words, ()), ()))
    known = set(ReportSection.objects.filter(report=report).values_list("code", flat=True))
    number = next(n for n in range(1, len(known) + 2) if f"own_{n}" not in known)
    last = ReportSection.objects.filter(report=report).aggregate(last=Max("order"))["last"] or 0
    section = ReportSection.objects.create(
        partnership_id=report.partnership_id,
        report=report,
        code=f"own_{number}",
        order=last + 1,
        heading=heading.strip(),
        words=words.replace("\r\n", "\n").strip(),
        is_own_words=True,
    )
    audit.record("reporting.section_added", report, by=by, section=section.code)
    return section


@transaction.atomic
def move_section(*, report_id: str, section_id: str, up: bool, by: Actor) -> ReportSection:
    """Put a section one place up or down; at an end it stays. Raises as `_in_hand`."""
    report = _in_hand(by, report_id)
    rows = list(ReportSection.objects.select_for_update().filter(report=report).order_by("order", "id"))
    section = access.get(by, ReportSection, section_id)
    at = next((n for n, one in enumerate(rows) if one.pk == section.pk), None)
    if at is None:
        raise Conflict("changed_meanwhile", "The section is not in this report any more. Look at it again.")
    other = at - 1 if up else at + 1
    if 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
        for order, one in enumerate(rows, 1):
            if one.order != order:
                one.order = order
                one.save(update_fields=["order"])
        audit.record("reporting.section_moved", report, by=by, section=section.code)
    return section


@transaction.atomic
def drop_report(*, report_id: str, reason: str, by: Actor, on: date, seen: int) -> Report:
    """Give up a report that was never published. Raises as `_in_hand`, Refusal `no_reason`, `published_once`."""
    report = _in_hand(by, report_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say why the report is dropped.")
    if report.versions.filter(published_at__isnull=False).exists():
        raise Refusal("published_once", "This report has been published. Withdraw it instead.")
    move(report, ReportStatus.DROPPED, by=by, on=on, reason=reason.strip())
    audit.record("reporting.report_dropped", report, by=by)
    return report


def _section(by: Actor, report: Report, section_id: str, seen: int) -> ReportSection:
    section = access.get_for_update(by, ReportSection, section_id, version=seen)
    if section.report_id != report.pk:
        raise Conflict("changed_meanwhile", "The section is not in this report. Look at the report again.")
    return section


def _save(section: ReportSection) -> None:
    section.version += 1
    section.save(
        update_fields=[
            "heading", "words", "is_own_words", "is_left_out", "left_out_why", "is_exempt", "exempt_why", "version",
        ]
    )  # fmt: skip
