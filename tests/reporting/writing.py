"""Reports to test with, each brought as far as a test needs it, by operations alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.partnership.access import Actor
from saferhub.reporting.models import (
    Committee,
    MemberQuestion,
    Report,
    ReportSection,
    ReportVersion,
    Resolution,
    Sitting,
)
from saferhub.reporting.operations import approving, committees, publishing, questions, reports
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

Cast = dict[str, Any]
MAYA, IAN, ANA, RACHEL, OLIVIA = (
    "maya.manager",
    "ian.governance",
    "ana.analyst",
    "rachel.referrer",
    "olivia.outsider",
)
DAY = date(2018, 8, 28)


def acting(cast: Cast, username: str) -> Actor:
    return actor(cast, username)


def a_committee(cast: Cast, name: str = "Scrutiny of crime and disorder") -> Committee:
    maya = acting(cast, MAYA)
    known = Committee.objects.filter(partnership=maya.partnership, name=name).first()
    return known or committees.add_committee(
        name=name, agency="north_yorkshire_county_council", outline="scrutiny_report", by=maya, on=maya.on
    )


def a_sitting(cast: Cast, committee: Committee, on: date, **more: Any) -> Sitting:
    return committees.add_sitting(
        committee_id=committee.public_id, values={"on": on, **more}, by=acting(cast, MAYA)
    )


def a_question(cast: Cast, committee: Committee, **more: Any) -> MemberQuestion:
    maya = acting(cast, MAYA)
    values = {
        "words": "How long do people wait for a decision?",
        "asked_on": DAY,
        "asked_by": "Councillor, Norton division",
        "owner_post": "Partnership manager",
        "due_on": date(2018, 12, 1),
        **more,
    }
    return questions.record_question(committee_id=committee.public_id, values=values, by=maya, on=maya.on)


def a_report(cast: Cast, *, by: str = ANA, committee: Committee | None = None, as_of: date = DAY) -> Report:
    """A report to the committee, begun and as proposed."""
    writer = acting(cast, by)
    committee = committee or a_committee(cast)
    return reports.begin_report(
        outline="scrutiny_report",
        as_of=as_of,
        title="The work of the partnership",
        committee_id=committee.public_id,
        by=writer,
        on=writer.on,
    )


def section_of(report: Report, code: str) -> ReportSection:
    return ReportSection.objects.get(report=report, code=code)


def write(cast: Cast, report: Report, code: str, *, by: str = ANA, **changed: Any) -> ReportSection:
    """Write a section: what is not named stays."""
    row = section_of(report, code)
    values = {
        "heading": row.heading, "words": row.words, "is_left_out": row.is_left_out, "left_out_why": row.left_out_why,
        "is_exempt": row.is_exempt, "exempt_why": row.exempt_why, **changed,
    }  # fmt: skip
    return reports.edit_section(
        report_id=report.public_id, section_id=row.public_id, by=acting(cast, by), seen=row.version, **values
    )


def ask(cast: Cast, report: Report, *, by: str = ANA, notice: str = "") -> list[ReportVersion]:
    report.refresh_from_db()
    writer = acting(cast, by)
    with entered(cast[by]):
        return approving.ask_for_approval(
            report_id=report.public_id, by=writer, on=writer.on, seen=report.version, notice=notice
        )


def approve(cast: Cast, report: Report, by: str) -> None:
    reader = acting(cast, by)
    with entered(cast[by]):
        approving.approve_report(
            report_id=report.public_id,
            seen=approving.mark_of(approving.in_hand(report)),
            post="Post of whoever approves",
            by=reader,
            on=reader.on,
        )


def publish(cast: Cast, report: Report, *, by: str = ANA) -> list[ReportVersion]:
    writer = acting(cast, by)
    rows = publishing.publish_report(
        report_id=report.public_id, by=writer, on=writer.on, seen=approving.mark_of(approving.in_hand(report))
    )
    report.refresh_from_db()
    return rows


def waiting(cast: Cast) -> Report:
    """A report that waits for approval."""
    report = a_report(cast)
    ask(cast, report)
    report.refresh_from_db()
    return report


def published(cast: Cast, report: Report | None = None) -> Report:
    """A report that two people approved and that is published."""
    report = report or a_report(cast)
    ask(cast, report)
    approve(cast, report, MAYA)
    approve(cast, report, IAN)
    publish(cast, report)
    return report


def in_correction(cast: Cast, report: Report | None = None) -> Report:
    """A published report of which a correction is begun."""
    report = report or published(cast)
    writer = acting(cast, ANA)
    return publishing.begin_correction(
        report_id=report.public_id,
        reason="A paragraph was wrong",
        by=writer,
        on=writer.on,
        seen=report.version,
    )


def corrected(cast: Cast) -> Report:
    """A published report with a correction that is published too."""
    report = in_correction(cast)
    write(cast, report, "purpose", words="This report tells members what the partnership does.")
    ask(cast, report, notice="Paragraph 1.1 said too much. It is shorter now.")
    approve(cast, report, MAYA)
    approve(cast, report, IAN)
    publish(cast, report)
    return report


def a_resolution(cast: Cast) -> Resolution:
    report = published(cast)
    found = Resolution.objects.filter(report=report).first()
    assert found is not None
    return found
