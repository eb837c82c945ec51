"""Which copy of a report is read by whom: drafts that were sent back, exempt parts, corrections of either."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.partnership.models import Partnership
from saferhub.publication.models import VersionStatus
from saferhub.publication.operations import versions
from saferhub.publication.rules.fragments import fragments
from saferhub.reporting import access
from saferhub.reporting.models import Report, ReportVersion, Resolution
from saferhub.reporting.operations import approving, committees, publishing
from saferhub.reporting.queries import committees as committee_queries
from saferhub.reporting.queries import putting_together
from saferhub.reporting.queries.home import work_items
from saferhub.reporting.queries.report_page import in_force, versions_read
from saferhub.reporting.rules.composing import RELEASE
from tests.reporting.writing import (
    ANA,
    IAN,
    MAYA,
    RACHEL,
    a_report,
    acting,
    approve,
    ask,
    publish,
    published,
    waiting,
    write,
)

Cast = dict[str, Any]
EXEMPT = {"is_exempt": True, "exempt_why": "Schedule 12A, paragraph 7"}
OPEN = {"is_exempt": False, "exempt_why": ""}


def text_of(version: Any) -> str:
    return "\n".join(one.text for one in fragments(version.document()))


def sent_back(cast: Cast, report: Report) -> None:
    report.refresh_from_db()
    ian = acting(cast, IAN)
    approving.send_back(
        report_id=report.public_id, reason="Not even to members", by=ian, on=ian.on, seen=report.version
    )


def begin_correction(cast: Cast, report: Report) -> None:
    ana = acting(cast, ANA)
    publishing.begin_correction(
        report_id=report.public_id, reason="It was wrong", by=ana, on=ana.on, seen=report.version
    )


def put_right(cast: Cast, report: Report) -> list[ReportVersion]:
    """Publish what a correction in hand has become."""
    rows = ask(cast, report, notice="What was wrong is right.")
    approve(cast, report, MAYA)
    approve(cast, report, IAN)
    publish(cast, report)
    return rows


# --- What nobody approved -----------------------------------------------------------------------------------------


def test_a_members_copy_that_was_sent_back_is_read_by_nobody_afterwards(cast: Cast, client_for: Any) -> None:
    report = a_report(cast)
    write(cast, report, "boards", words="Nobody may read this.", **EXEMPT)
    assert len(ask(cast, report)) == 2
    sent_back(cast, report)
    write(cast, report, "boards", words="This may be read.", **OPEN)
    published(cast, report)
    assert [one.audience for one in report.versions.all()] == ["public"]
    client = client_for(MAYA)
    page = client.get(reverse("report-read", args=[report.public_id])).content.decode()
    assert "This may be read." in page
    assert "Members’ copy" not in page
    assert not any("Nobody may read this." in text_of(one) for one in report.versions.all())


def test_a_draft_that_was_withdrawn_is_no_report_to_read_and_no_earlier_release(cast: Cast) -> None:
    report = waiting(cast)
    kept = {"tables": [], "marked": [], "threshold": 5}
    report.versions.update(figures={RELEASE: kept})
    draft = report.versions.get()
    versions.withdraw_version(version=draft, seen=draft.content_hash)
    rachel, maya = acting(cast, RACHEL), acting(cast, MAYA)
    assert report not in access.visible_to(rachel, Report)
    assert draft not in access.visible_to(rachel, ReportVersion)
    assert in_force(versions_read(maya, report), "public") is None
    assert not any(report.title in one.name for one in putting_together.earlier_releases(report.partnership))


def test_both_copies_share_their_number_however_often_they_are_sent_back(cast: Cast) -> None:
    report = a_report(cast)
    for changed in (EXEMPT, OPEN, EXEMPT):
        write(cast, report, "boards", words="Some words.", **changed)
        rows = ask(cast, report)
        assert {one.number for one in rows} == {"1.0"}
        assert {_number_written(one) for one in rows} == {"1.0"}
        sent_back(cast, report)
    assert len(rows) == 2
    assert approving.standing_approvals(report) == []


def _number_written(version: ReportVersion) -> str:
    return next(one.value for one in version.document().title_block if one.label == "Version")


# --- Corrections --------------------------------------------------------------------------------------------------


def test_what_an_exempt_part_asks_of_members_stands_in_their_copy_alone(cast: Cast) -> None:
    report = a_report(cast)
    write(cast, report, "recommendations", words="For members.", **EXEMPT)
    published(cast, report)
    begin_correction(cast, report)
    write(cast, report, "recommendations", words="For members, put right.", **EXEMPT)
    (row,) = put_right(cast, report)
    assert row.audience == "members"
    assert row.document().recommendations
    assert not Resolution.objects.filter(report=report).exists()


def test_a_copy_with_exempt_parts_ends_with_the_correction_that_leaves_none(
    cast: Cast, client_for: Any
) -> None:
    report, client = a_report(cast), client_for(MAYA)
    write(cast, report, "boards", words="For members.", **EXEMPT)
    published(cast, report)
    read = reverse("report-read", args=[report.public_id])
    assert "Members’ copy" in client.get(read).content.decode()
    begin_correction(cast, report)
    write(cast, report, "boards", words="For everybody.", **OPEN)
    (row,) = put_right(cast, report)
    copy = report.versions.get(audience="members")
    assert (row.audience, copy.status) == ("public", VersionStatus.SUPERSEDED)
    assert "Members’ copy" not in client.get(read).content.decode()


def test_recommendations_of_a_correction_are_known_by_their_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["That members note it.", "That members visit a hub."]
    real = putting_together.propose

    def told(what: Any) -> Any:
        found = real(what)
        return replace(found, recommendations=tuple(asked)) if what.provider == "recommendations" else found

    monkeypatch.setattr(putting_together, "propose", told)
    report, ana = published(cast), acting(cast, ANA)
    noted = Resolution.objects.get(report=report, number="R1")
    visit = Resolution.objects.get(report=report, number="R2")
    committees.keep_resolution(
        resolution_id=noted.public_id, values={"resolved": "Noted", "resolved_on": ana.on}, by=ana, on=ana.on,
        seen=noted.version,
    )  # fmt: skip
    begin_correction(cast, report)
    asked[:] = ["That members ask for figures.", "That members note it."]
    put_right(cast, report)
    rows = Resolution.objects.filter(report=report).order_by("id")
    assert [(one.number, one.words, one.resolved, one.taken_out_in) for one in rows] == [
        ("R2", "That members note it.", "Noted", ""),
        ("R2", "That members visit a hub.", "", "1.1"),
        ("R1", "That members ask for figures.", "", ""),
    ]
    assert Entry.objects.filter(subject=visit.public_id, event="reporting.recommendation_taken_out").exists()


def test_a_correction_waits_in_the_work_of_those_who_approved_what_it_corrects(cast: Cast) -> None:
    def waits(report: Report) -> bool:
        return any(
            one.step == "Read and approve" and report.public_id in one.url
            for one in work_items(acting(cast, MAYA))
        )

    report = published(cast)
    begin_correction(cast, report)
    write(cast, report, "purpose", words="This report tells members what the partnership does.")
    ask(cast, report, notice="It is shorter.")
    assert waits(report)
    approve(cast, report, MAYA)
    assert not waits(report)


def test_two_reports_are_published_one_after_the_other(cast: Cast) -> None:
    report = waiting(cast)
    approve(cast, report, MAYA)
    approve(cast, report, IAN)
    with CaptureQueriesContext(connection) as caught:
        publish(cast, report)
    told = [one["sql"] for one in caught.captured_queries]
    lock = f'FROM "{Partnership._meta.db_table}" WHERE'
    first = next(n for n, sql in enumerate(told) if lock in sql and "FOR NO KEY UPDATE" in sql)
    compared = next(
        n for n, sql in enumerate(told) if '"published_at" IS NOT NULL' in sql and '"figures"' in sql
    )
    assert first < compared


# --- Readers ------------------------------------------------------------------------------------------------------


def test_a_reader_is_told_of_what_is_published_and_not_of_its_correction(cast: Cast, client_for: Any) -> None:
    report, client = published(cast), client_for(RACHEL)
    lists = (
        reverse("reports"),
        f"{reverse('reports')}?status=published&sort=status",
        reverse("reports-csv"),
        reverse("committee", args=[report.committee.public_id]) if report.committee else "",
    )
    before = [client.get(one).content.decode() for one in lists]
    begin_correction(cast, report)
    for address, then in zip(lists, before, strict=True):
        now = client.get(address).content.decode()
        assert report.title in now and "Being written" not in now, address
        assert now.count(report.public_id) == then.count(report.public_id), address
        assert f'"{reverse("report", args=[report.public_id])}"' not in now, address
    report.refresh_from_db()
    assert "Being written" in client_for(MAYA).get(lists[0]).content.decode()


def test_papers_are_not_wanted_again_while_their_report_is_corrected(cast: Cast) -> None:
    from datetime import timedelta

    from tests.reporting.writing import a_committee, a_sitting

    ana, committee = acting(cast, ANA), a_committee(cast, "Wants papers once")
    day = ana.on + timedelta(days=30)
    sitting = a_sitting(cast, committee, day, papers_due_on=day - timedelta(days=10))
    report = a_report(cast, committee=committee)
    Report.objects.filter(pk=report.pk).update(sitting=sitting)
    titles = lambda: [one.title for one in committee_queries.due(ana, ana.on)]  # noqa: E731
    assert "Report to Wants papers once" in titles()
    published(cast, report)
    begin_correction(cast, report)
    assert "Report to Wants papers once" not in titles()


def test_a_section_is_found_in_its_own_report_alone(cast: Cast, client_for: Any) -> None:
    from tests.reporting.writing import section_of

    one, other, client = a_report(cast), a_report(cast), client_for(ANA)
    number = section_of(other, "boards").public_id
    assert client.get(reverse("report-section", args=[one.public_id, number])).status_code == 404
    assert client.post(reverse("report-section-proposed", args=[one.public_id, number])).status_code == 404
    assert client.get(reverse("report-section", args=[other.public_id, number])).status_code == 200
