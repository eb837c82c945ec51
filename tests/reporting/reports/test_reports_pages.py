"""The pages of reports: begun, written, approved, published and read; what each reader finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.reporting.writing import (
    ANA,
    IAN,
    MAYA,
    RACHEL,
    a_committee,
    a_question,
    a_report,
    a_sitting,
    acting,
    corrected,
    published,
    section_of,
    waiting,
)

Cast = dict[str, Any]


def url(name: str, report: Any, *more: str) -> str:
    return reverse(name, args=[report.public_id, *more])


def test_a_report_is_begun_written_and_asked_approval_of_by_pages(cast: Cast, client_for: Any) -> None:
    client, committee = client_for(ANA), a_committee(cast)
    form = {
        "outline": "scrutiny_report", "committee": committee.public_id, "sitting": "", "title": "To members",
        "as_of_day": "28", "as_of_month": "8", "as_of_year": "2018",
    }  # fmt: skip
    answer = client.post(reverse("report-begin"), form)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url).content.decode()
    assert "Community Safety Hubs" in page
    assert "As proposed" in page
    from saferhub.reporting.models import Report

    report = Report.objects.get(title="To members")
    row = section_of(report, "hubs")
    section = url("report-section", report, row.public_id)
    page = client.get(section).content.decode()
    assert "[hubs]" in page
    sent = {"heading": "Hubs", "words": "There are [hubs].", "seen": "1"}
    wrong = client.post(section, {**sent, "words": "There are [huts]."})
    assert wrong.status_code == 200
    assert "There is no figure for [huts]" in wrong.content.decode()
    assert "There are [huts]." in wrong.content.decode()
    assert client.post(section, sent).status_code == 302
    draft = client.get(url("report-preview", report)).content.decode()
    assert "There are seven." in draft
    assert "Draft, not approved" in draft
    report.refresh_from_db()
    assert client.post(url("report-ask", report), {"seen": str(report.version)}).status_code == 302
    assert "Nobody has approved it yet" in client.get(url("report", report)).content.decode()


def test_the_second_of_two_who_write_one_section_is_shown_both(cast: Cast, client_for: Any) -> None:
    report = a_report(cast)
    row = section_of(report, "boards")
    section = url("report-section", report, row.public_id)
    assert (
        client_for(MAYA).post(section, {"heading": "Boards", "words": "Maya’s.", "seen": "1"}).status_code
        == 302
    )
    page = (
        client_for(ANA).post(section, {"heading": "Boards", "words": "Ana’s.", "seen": "1"}).content.decode()
    )
    assert "Changed while you were writing" in page
    assert "Maya’s." in page and "Ana’s." in page


def test_what_stops_a_report_is_shown_with_its_place(cast: Cast, client_for: Any) -> None:
    from tests.reporting.writing import write

    report = a_report(cast)
    write(cast, report, "purpose", words="Ask at 07700 900123.")
    report.refresh_from_db()
    client = client_for(ANA)
    answer = client.post(url("report-ask", report), {"seen": str(report.version)})
    assert answer.status_code == 409
    assert "Section 1, paragraph 1.1 holds a telephone number" in answer.content.decode()
    assert "holds a telephone number" in client.get(url("report-preview", report)).content.decode()


def test_two_approve_and_it_is_published_by_pages(cast: Cast, client_for: Any) -> None:
    report = waiting(cast)
    for username in (MAYA, IAN):
        client = client_for(username)
        page = client.get(url("report-approve", report))
        seen = page.context["form"].initial["seen"]
        answer = client.post(url("report-approve", report), {"seen": seen, "post": "Post"})
        assert answer.status_code == 302, answer.content.decode()
    client = client_for(ANA)
    page = client.get(url("report-publish", report))
    answer = client.post(url("report-publish", report), {"seen": page.context["form"].initial["seen"]})
    assert answer.status_code == 302
    read = client_for(RACHEL).get(url("report-read", report)).content.decode()
    assert "Working together to make North Yorkshire a safer place" in read
    assert "Draft, not approved" not in read


def test_a_reader_without_drafts_reads_what_is_published_and_nothing_else(
    cast: Cast, client_for: Any
) -> None:
    client, hidden, shown = client_for(RACHEL), a_report(cast), published(cast)
    page = client.get(reverse("reports")).content.decode()
    assert url("report-read", shown) in page
    assert hidden.public_id not in page
    assert client.get(url("report", hidden)).status_code == 404
    assert client.get(url("report-read", hidden)).status_code == 404
    figures = client.get(url("report-figures", shown)).content.decode()
    assert "Community safety hubs" in figures


def test_a_correction_is_marked_and_compared(cast: Cast, client_for: Any) -> None:
    client, report = client_for(RACHEL), corrected(cast)
    page = client.get(url("report-read", report)).content.decode()
    assert "It is shorter now." in page
    assert "Compare with the version before" in page
    first = report.versions.order_by("id").first()
    before = client.get(f"{url('report-read', report)}?version={first.public_id}").content.decode()
    assert "Replaced by a newer version" in before
    assert "paragraph 1.1" in client.get(url("report-compare", report)).content.decode()


def test_the_list_keeps_its_filters_and_is_exported(cast: Cast, client_for: Any) -> None:
    report, client = a_report(cast), client_for(ANA)
    page = client.get(reverse("reports"), {"status": "writing", "sort": "title"}).content.decode()
    assert report.title in page
    lines = (
        client.get(reverse("reports-csv"), {"status": "published"}).content.decode("utf-8-sig").splitlines()
    )
    assert lines[0].startswith("Report,Kind")
    assert not any("Being written" in one for one in lines)


def test_lists_ask_no_more_often_for_many_than_for_one(cast: Cast, client_for: Any) -> None:
    client, committee = client_for(MAYA), a_committee(cast)
    pages = [reverse("reports"), reverse("questions"), reverse("committees"), url("committee", committee)]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(page).status_code == 200
            counts.append(len(caught))
        return counts

    def more(number: int) -> None:
        a_report(cast, committee=committee)
        a_question(cast, committee)
        a_sitting(cast, committee, acting(cast, MAYA).on + timedelta(days=30 + number))

    more(0)
    client.get(pages[0])
    before = asked()
    for number in range(1, 4):
        more(number)
    assert asked() == before
    assert max(before) < 40


def test_what_cannot_be_done_now_is_refused_before_anything_is_typed_and_nothing_typed_is_lost(
    cast: Cast, client_for: Any
) -> None:
    report, client = waiting(cast), client_for(MAYA)
    section = url("report-section", report, section_of(report, "boards").public_id)
    for page in (
        section,
        *(url(f"report-{one}", report) for one in ("head", "drop", "ask", "publish", "correct")),
    ):
        answer = client.get(page)
        assert (answer.status_code, url("report", report) in answer.content.decode()) == (409, True), page
    # She had it open before somebody asked for approval.
    answer = client.post(section, {"heading": "Boards", "words": "An hour of work.", "seen": "1"})
    page = answer.content.decode()
    assert "This report waits for approval" in page and "An hour of work." in page
