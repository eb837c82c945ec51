"""Asking for approval of a report, approving it, sending it back.

Asking for approval freezes what stands into a version for each audience, with its figures, their provenance and the
counts that later releases are protected against. Two different people approve those very versions; only then are they
published (`operations.publishing`). A correction is another version with a notice, put together anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.methods.suppression import CannotProtect
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.publication.operations import versions
from saferhub.reporting import access
from saferhub.reporting.models import (
    Approval,
    Audience,
    Report,
    ReportStatus,
    ReportVersion,
)
from saferhub.reporting.queries.putting_together import (
    filled_sections,
    put_together,
    sections_of,
)
from saferhub.reporting.queries.redaction import found_in, sees_all
from saferhub.reporting.rules import reports as rules
from saferhub.reporting.rules.composing import Composed, Filled
from saferhub.reporting.rules.looking import Found

from .reports import move

_IN_HAND = (VersionStatus.DRAFT, VersionStatus.APPROVED)


class ReportStopped(Refusal):
    """Something in a report keeps it from leaving. `findings` say where."""

    def __init__(self, findings: Sequence[Found]) -> None:
        first, more = findings[0].sentence, len(findings) - 1
        also = f" There {'is one more place' if more == 1 else f'are {more} more places'}." if more else ""
        super().__init__("stopped_by_check", f"{first}{also}")
        self.findings = tuple(findings)


def in_hand(report: Report) -> list[ReportVersion]:
    """The versions that wait for approval or for publication, the public one first. One query."""
    rows = report.versions.filter(status__in=_IN_HAND).select_related("corrects")
    return sorted(rows, key=lambda one: one.audience != Audience.PUBLIC)


def published(report: Report) -> dict[str, ReportVersion]:
    """The versions in force, by audience. One query."""
    return {one.audience: one for one in report.versions.filter(status=VersionStatus.PUBLISHED)}


def once_published(report: Report) -> list[ReportVersion]:
    """Every version that was published, also what was replaced or withdrawn since, the newest first. One query."""
    return list(report.versions.filter(published_at__isnull=False).order_by("-id"))


def mark_of(rows: Sequence[ReportVersion]) -> str:
    """What was read, as the page of approval hands it back: the hash of each audience's version."""
    return ".".join(f"{one.public_id}-{one.content_hash[:16]}" for one in rows)


# --- Asking for approval ------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_approval(
    *, report_id: str, by: Actor, on: date, seen: int, notice: str = ""
) -> list[ReportVersion]:
    """Freeze what stands, for the public and, where a section is exempt, for members; and ask two people to approve it.
    `notice`: for a correction, what was wrong and what is right.

    Raises NotAllowed unless the actor writes reports; Refusal `nothing_in_it`, `unknown_mark`, `cannot_protect` with
    the reasons, `no_notice`, `nothing_corrected`; ReportStopped where the redaction check finds something.
    """
    access.check_can_write(by)
    report = access.get_for_update(by, Report, report_id, version=seen)
    before = published(report)
    if before and not notice.strip():
        raise Refusal(
            "no_notice", "Say what was wrong and what is right. It stands above the corrected report."
        )
    filled = filled_sections(report, sections_of(report))
    if all(one.is_empty for one in filled):
        raise Refusal("nothing_in_it", "Nothing stands in this report yet.")
    number = _number(report, before)
    audiences = [Audience.PUBLIC, *([Audience.MEMBERS] if any(one.is_exempt for one in filled) else [])]
    made: list[tuple[Audience, Composed]] = []
    for audience in audiences:
        beside = made[0][1] if made else None
        made.append((audience, _composed(report, filled, number, audience, beside, on=on)))
    for _, composed in made:
        _check(by, report, composed.document)
    # What was sent back was never read by others than those who write and approve: nothing of it stays.
    for row in in_hand(report):
        _discard(row)
    drafted = [
        _drafted(report, audience, composed, number, before.get(audience), notice, by=by, on=on)
        for audience, composed in made
    ]
    rows = [one for one in drafted if one is not None]
    if not rows:
        raise Refusal(
            "nothing_corrected", "Put right what was wrong first: nothing differs from what is published."
        )
    _take_back(report, "The report was put together anew.", on=on)
    move(report, ReportStatus.APPROVING, by=by, on=on)
    audit.record(
        "reporting.approval_asked", report, by=by, number=number, audiences=[one.audience for one in rows]
    )
    return rows


def _number(report: Report, before: Mapping[str, ReportVersion]) -> str:
    """The number of what is frozen now: the one in hand, so that both audiences share it however often it is sent back;
    else the next that was not given."""
    waits = in_hand(report)
    if waits:
        return waits[0].number
    number = rules.next_number(max((one.number for one in before.values()), key=_order, default=""))
    taken = set(report.versions.values_list("number", flat=True))
    while number in taken:
        number = rules.next_number(number)
    return number


def end_in_hand(report: Report, why: str, *, on: date) -> None:
    """Throw away what waits for approval, within the caller's transaction; approvals of it fall."""
    for row in in_hand(report):
        _discard(row)
    _take_back(report, why, on=on)


def _discard(row: ReportVersion) -> None:
    if row.status == VersionStatus.APPROVED:
        row = versions.send_back_version(version=row, seen=row.content_hash)
    versions.discard_draft(version=row, seen=row.content_hash)


def _order(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


def _composed(
    report: Report, filled: Sequence[Filled], number: str, audience: str, beside: Composed | None, *, on: date
) -> Composed:
    try:
        made = put_together(report, filled, number=number, dated=on, audience=audience, beside=beside)
    except CannotProtect as refused:
        raise Refusal(
            "cannot_protect",
            f"This cannot be published as it stands: {refused} Leave the table out, or show fewer rows or a longer"
            " time.",
        ) from refused
    for section, lacking in made.without_figure.items():
        heading = next(one.heading for one in filled if one.code == section)
        named = ", ".join(f"[{one}]" for one in lacking)
        raise Refusal(
            "unknown_mark", f"In “{heading}” there is no figure for {named}. Change the words there."
        )
    return made


def _check(by: Actor, report: Report, document: Document) -> None:
    found = found_in(by, document)
    if found:
        audit.record_refusal(
            "reporting.report_stopped", report, by=by, rules=sorted({one.rule for one in found})
        )
        raise ReportStopped(found)


def _drafted(
    report: Report,
    audience: str,
    composed: Composed,
    number: str,
    before: ReportVersion | None,
    notice: str,
    *,
    by: Actor,
    on: date,
) -> ReportVersion | None:
    """The version that is approved; None where a correction changes nothing for this audience."""
    fields: dict[str, Any] = {"partnership_id": report.partnership_id, "report": report, "audience": audience}
    if before is None:
        return versions.draft_version(
            model=ReportVersion, number=number, document=composed.document, figures=composed.figures,
            by=by.public_id, at=clock.now(), **fields,
        )  # fmt: skip
    try:
        return versions.correct_version(
            version=before, seen=before.content_hash, number=number, document=composed.document,
            figures=composed.figures, title=f"Corrected on {date_in_words(on)}", notice=notice, by=by.public_id,
            at=clock.now(), **fields,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "nothing_corrected":
            return None
        raise


# --- Approving ----------------------------------------------------------------------------------------------------


@transaction.atomic
def approve_report(*, report_id: str, seen: str, post: str, by: Actor, on: date) -> Approval:
    """Approve a report as it was read (`seen`: the mark of its versions). With the second approval its versions count
    as approved. `post`: as what the actor approves.

    Raises NotAllowed unless the actor approves reports; Conflict `changed_meanwhile`; ReportStopped; Refusal
    `nothing_waits`, `no_post`, `approved_already`, `nobody_saw_all`.
    """
    access.check_can_approve(by)
    assert by.user is not None
    report = access.get_for_update(by, Report, report_id, version=None)
    rows = in_hand(report)
    if report.status != ReportStatus.APPROVING or not rows:
        raise Refusal("nothing_waits", "This report does not wait for approval.")
    if mark_of(rows) != seen:
        raise Conflict("changed_meanwhile", "The report was changed since you read it. Read it again first.")
    if not post.strip():
        raise Refusal("no_post", "Give the post in which you approve it.")
    given = standing_approvals(report)
    refuse_if(
        rules.approval_refusals(
            by=by.public_id,
            approved_by={one.by.public_id for one in given},
            sees_all=sees_all(by),
            one_saw_all=any(one.saw_all for one in given),
        )
    )
    for row in rows:
        _check(by, report, row.document())
    made = Approval.objects.create(
        partnership_id=report.partnership_id,
        report=report,
        number=rows[0].number,
        hashes=seen,
        by=by.user,
        post=post.strip(),
        on=on,
        saw_all=sees_all(by),
    )
    if len(given) + 1 >= rules.APPROVALS:
        for row in rows:
            versions.approve_version(version=row, seen=row.content_hash, by=by.public_id, at=clock.now())
    report.version += 1
    report.save(update_fields=["version"])
    audit.record("reporting.report_approved", report, by=by, number=made.number, second=bool(given))
    return made


def standing_approvals(report: Report) -> list[Approval]:
    """The approvals that count, the earlier first. One query."""
    rows = Approval.objects.filter(report=report, taken_back_on__isnull=True).select_related("by")
    numbers = {one.number for one in in_hand(report)}
    return [one for one in rows.order_by("id") if one.number in numbers]


def _take_back(report: Report, why: str, *, on: date) -> None:
    # What was published stands with its approvals; only those of what is in hand fall.
    kept = report.versions.filter(published_at__isnull=False).values_list("number", flat=True)
    Approval.objects.filter(report=report, taken_back_on__isnull=True).exclude(number__in=kept).update(
        taken_back_on=on, taken_back_why=why
    )


@transaction.atomic
def send_back(*, report_id: str, reason: str, by: Actor, on: date, seen: int) -> Report:
    """Give a report back to its author with a reason; approvals fall. Whoever writes or approves reports may.

    Raises NotAllowed, Conflict, Refusal `no_reason`, `illegal_move`.
    """
    if not access.can_write(by):
        access.check_can_approve(by)
    report = access.get_for_update(by, Report, report_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say what has to be changed.")
    if report.status == ReportStatus.PUBLISHED:
        raise Refusal("illegal_move", "A published report is corrected, not sent back.")
    for row in in_hand(report):
        if row.status == VersionStatus.APPROVED:
            versions.send_back_version(version=row, seen=row.content_hash)
    _take_back(report, reason.strip()[:300], on=on)
    move(report, ReportStatus.WRITING, by=by, on=on, reason=reason.strip())
    audit.record("reporting.report_sent_back", report, by=by)
    return report
