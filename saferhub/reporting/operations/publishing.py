"""Publishing a report that two people have approved, correcting it, withdrawing it.

What was published stays as it was read: a correction is another version, and what is withdrawn says so on every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.plan.methods.suppression import audit as audit_tables
from saferhub.publication.models import VersionStatus
from saferhub.publication.operations import versions
from saferhub.reporting import access
from saferhub.reporting.models import (
    Audience,
    MemberQuestion,
    QuestionMove,
    QuestionStatus,
    Report,
    ReportStatus,
    ReportVersion,
    Resolution,
)
from saferhub.reporting.queries.putting_together import earlier_releases, sections_of
from saferhub.reporting.rules import protecting
from saferhub.reporting.rules.composing import RELEASE
from saferhub.reporting.sections.questions import key_of, told_in

from .approving import end_in_hand, in_hand, mark_of, once_published, published
from .reports import move

NOT_APPROVED = "Two people have to approve a report before it is published."
ONLY_PUBLISHED = "Only a published report is corrected or withdrawn."
NO_CORRECTION = "No correction of this report is in hand."


@transaction.atomic
def publish_report(*, report_id: str, by: Actor, on: date, seen: str) -> list[ReportVersion]:
    """Publish what two people have approved. Answered questions that stand in it count as reported; what it asks of
    members is kept, so that what they resolve can be recorded.

    Raises NotAllowed unless the actor writes or approves reports; Conflict; Refusal `not_approved`, and
    `cannot_protect` where another report was published meanwhile beside which this one would give a small number away.
    """
    if not access.can_write(by):
        access.check_can_approve(by)
    # Two reports at once take turns: the second is held against what the first has published.
    whose = access.get(by, Report, report_id).partnership_id
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=whose)
    report = access.get_for_update(by, Report, report_id, version=None)
    rows = in_hand(report)
    if mark_of(rows) != seen:
        raise Conflict("changed_meanwhile", "The report was changed since you read it. Read it again first.")
    if not rows or any(one.status != VersionStatus.APPROVED for one in rows):
        raise Refusal("not_approved", NOT_APPROVED)
    check_still_protected(report, rows)
    rows = [
        versions.publish_version(version=row, seen=row.content_hash, by=by.public_id, at=clock.now())
        for row in rows
    ]
    move(report, ReportStatus.PUBLISHED, by=by, on=on)
    _end_members_copy(report, rows)
    for row in rows:
        # What members' copy asks in an exempt part stands in it alone: recommendations are read by everybody.
        if row.audience == Audience.PUBLIC:
            _keep_recommendations(report, row, by=by)
    _reported(report, rows, by=by, on=on)
    audit.record("reporting.report_published", report, by=by, number=rows[0].number)
    return rows


def check_still_protected(report: Report, rows: Sequence[ReportVersion]) -> None:
    """Raise Refusal `cannot_protect` where what was published since these were frozen would, beside them, give a small
    number away."""
    earlier = earlier_releases(report.partnership)
    for row in rows:  # the public copy first: whoever reads members' has it too
        kept = row.figures.get(RELEASE)
        if not kept:
            continue
        release = protecting.release_of(f"version {row.number}, {row.get_audience_display().lower()}", kept)
        found = audit_tables(release.tables, release.marked, kept["threshold"], earlier=earlier)
        if not found.holds:
            reasons = " ".join(one.sentence() for one in found.failures)
            raise Refusal(
                "cannot_protect",
                "Since this was approved another report was published, and beside it a small number can be told:"
                f" {reasons} Send the report back and put it together anew.",
            )
        earlier = [*earlier, release]


def _end_members_copy(report: Report, rows: Sequence[ReportVersion]) -> None:
    """A copy with exempt parts is not in force any more once a correction leaves none in the report."""
    if any(one.is_exempt and not one.is_left_out for one in sections_of(report)):
        return
    copy = published(report).get(Audience.MEMBERS)
    if copy is not None and copy.pk not in [one.pk for one in rows]:
        versions.replace_version(version=copy, seen=copy.content_hash)


def _keep_recommendations(report: Report, row: ReportVersion, *, by: Actor) -> None:
    """Keep what the report asks of members, each by its words: a correction that puts one before another changes the
    number of both, and what members resolved stays with what they read. What it does not ask any more is marked."""
    kept = list(
        Resolution.objects.select_for_update().filter(report=report).exclude(number="").order_by("id")
    )
    for at, one in enumerate(row.document().recommendations, 1):
        number, words = f"R{at}", "".join(getattr(run, "text", "") for run in one.runs)
        known = next((own for own in kept if own.words == words), None)
        if known is None:
            made = Resolution.objects.create(
                partnership_id=report.partnership_id, report=report, number=number, words=words
            )
            audit.record("reporting.recommendation_kept", made, by=by, report=report.public_id, number=number)
            continue
        kept.remove(known)
        if (known.number, known.taken_out_in) != (number, ""):
            _set(known, number=number, taken_out_in="")
            audit.record(
                "reporting.recommendation_kept", known, by=by, report=report.public_id, number=number
            )
    for gone in kept:
        if not gone.taken_out_in:
            _set(gone, taken_out_in=row.number)
            audit.record(
                "reporting.recommendation_taken_out", gone, by=by, report=report.public_id, number=row.number
            )


def _set(row: Resolution, **values: str) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])


def _reported(report: Report, published_now: Sequence[ReportVersion], *, by: Actor, on: date) -> None:
    """Questions of which members read the answer in the report are closed. Those that were answered, or answered in
    other words, after it was frozen go on into the next, as open ones do."""
    told = {said for one in published_now for said in told_in(one.document())}
    rows = MemberQuestion.objects.select_for_update().filter(
        committee=report.committee_id, status=QuestionStatus.ANSWERED
    )
    for row in rows:
        if (key_of(row), row.answer) not in told:
            continue
        row.status = QuestionStatus.CLOSED
        row.version += 1
        row.save(update_fields=["status", "version"])
        QuestionMove.objects.create(
            question=row, from_status=QuestionStatus.ANSWERED, to_status=QuestionStatus.CLOSED, on=on,
            by=by.public_id, reason=f"Reported in {report.title}",
        )  # fmt: skip
        audit.record("reporting.question_closed", row, by=by, report=report.public_id)


# --- Afterwards ---------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_correction(*, report_id: str, reason: str, by: Actor, on: date, seen: int) -> Report:
    """Open a published report for its correction, or one that was withdrawn to be written anew. What is published stays
    until the corrected version is.

    Raises NotAllowed, Conflict, Refusal `no_reason`, `illegal_move`."""
    access.check_can_write(by)
    report = access.get_for_update(by, Report, report_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say what is wrong.")
    if report.status not in (ReportStatus.PUBLISHED, ReportStatus.WITHDRAWN):
        raise Refusal("illegal_move", ONLY_PUBLISHED)
    move(report, ReportStatus.WRITING, by=by, on=on, reason=reason.strip())
    audit.record("reporting.correction_begun", report, by=by)
    return report


@transaction.atomic
def give_up_correction(*, report_id: str, reason: str, by: Actor, on: date, seen: int) -> Report:
    """End a correction: what was published stays as it is. What was frozen of the correction is thrown away; what was
    written in the sections stays for the next one.

    Raises NotAllowed, Conflict, Refusal `no_reason`, `illegal_move`."""
    access.check_can_write(by)
    report = access.get_for_update(by, Report, report_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say why the correction is given up.")
    if not is_correction_in_hand(report):
        raise Refusal("illegal_move", NO_CORRECTION)
    end_in_hand(report, "The correction was given up.", on=on)
    before = ReportStatus.PUBLISHED if published(report) else ReportStatus.WITHDRAWN
    move(report, before, by=by, on=on, reason=reason.strip())
    audit.record("reporting.correction_given_up", report, by=by)
    return report


def is_correction_in_hand(report: Report) -> bool:
    """Whether a report that was published once is written on, or waits for approval."""
    in_work = report.status in (ReportStatus.WRITING, ReportStatus.APPROVING)
    return in_work and bool(once_published(report))


def to_withdraw(report: Report) -> list[ReportVersion]:
    """The versions that were published and are not withdrawn, the newest first. One query."""
    return [one for one in once_published(report) if one.status != VersionStatus.WITHDRAWN]


@transaction.atomic
def withdraw_report(*, report_id: str, reason: str, by: Actor, on: date, seen: int) -> Report:
    """Withdraw what is published, also while its correction is in hand, which ends: every version that was read stays
    to be read, and says so on every page. Raises as `begin_correction`."""
    access.check_can_approve(by)
    report = access.get_for_update(by, Report, report_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is withdrawn.")
    rows = to_withdraw(report)
    if not rows:
        raise Refusal("illegal_move", ONLY_PUBLISHED)
    end_in_hand(report, "The report was withdrawn.", on=on)
    for row in rows:
        versions.withdraw_version(version=row, seen=row.content_hash)
    move(report, ReportStatus.WITHDRAWN, by=by, on=on, reason=reason.strip())
    audit.record("reporting.report_withdrawn", report, by=by, number=rows[0].number, versions=len(rows))
    return report
