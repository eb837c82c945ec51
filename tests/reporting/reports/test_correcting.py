"""Corrections given up, reports withdrawn at any time, members' questions in what was published, words kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.publication.models import VersionStatus
from saferhub.reporting.models import (
    MemberQuestion,
    QuestionStatus,
    Report,
    ReportSection,
    ReportStatus,
)
from saferhub.reporting.operations import publishing, questions, reports
from saferhub.reporting.queries.differing import differing
from saferhub.reporting.sections.questions import told_in
from tests.reporting import writing
from tests.reporting.writing import (
    ANA,
    DAY,
    IAN,
    MAYA,
    a_committee,
    a_question,
    acting,
    approve,
    ask,
    publish,
    section_of,
    write,
)

Cast = dict[str, Any]


def a_report(cast: Cast, **more: Any) -> Report:
    """A report with its beginning and members' questions alone: what is asked here does not hang on the others."""
    report = writing.a_report(cast, **more)
    others = ReportSection.objects.filter(report=report).exclude(provider__in=["purpose", "questions"])
    others.update(is_left_out=True, left_out_why="Not in this one")
    return report


def published(cast: Cast, report: Report | None = None) -> Report:
    return writing.published(cast, report or a_report(cast))


def in_correction(cast: Cast, report: Report | None = None) -> Report:
    return writing.in_correction(cast, report or published(cast))


def give_up(cast: Cast, report: Report, *, reason: str = "Begun by mistake", by: str = ANA) -> Report:
    report.refresh_from_db()
    who = acting(cast, by)
    return publishing.give_up_correction(
        report_id=report.public_id, reason=reason, by=who, on=who.on, seen=report.version
    )


def withdraw(cast: Cast, report: Report, *, by: str = MAYA) -> Report:
    report.refresh_from_db()
    who = acting(cast, by)
    return publishing.withdraw_report(
        report_id=report.public_id, reason="A figure was not ours", by=who, on=who.on, seen=report.version
    )


def stands(report: Report) -> list[tuple[str, str]]:
    return list(report.versions.order_by("id").values_list("number", "status"))


# --- Giving a correction up ---------------------------------------------------------------------------------------


def test_a_correction_begun_by_mistake_is_given_up_and_what_was_published_stays(cast: Cast) -> None:
    report = in_correction(cast)
    report = give_up(cast, report)
    assert (report.status, stands(report)) == (ReportStatus.PUBLISHED, [("1.0", "published")])
    last = report.moves.order_by("-id").first()
    assert last is not None
    assert (last.to_status, last.reason) == ("published", "Begun by mistake")
    assert Entry.objects.filter(event="reporting.correction_given_up", subject=report.public_id).exists()


def test_a_correction_that_waits_is_given_up_with_its_approvals_and_the_next_has_its_number(
    cast: Cast,
) -> None:
    report = in_correction(cast)
    write(cast, report, "purpose", words="This report is shorter.")
    ask(cast, report, notice="It was too long.")
    approve(cast, report, MAYA)
    report = give_up(cast, report)
    assert stands(report) == [("1.0", "published")]
    assert not report.approvals.filter(number="1.1", taken_back_on__isnull=True).exists()
    assert report.approvals.filter(number="1.0", taken_back_on__isnull=True).count() == 2
    in_correction(cast, report)
    (version,) = ask(cast, report, notice="It was too long.")
    assert version.number == "1.1"


def test_only_a_correction_is_given_up_with_a_reason_by_those_who_write(cast: Cast) -> None:
    report = in_correction(cast)
    with pytest.raises(NotAllowed):
        give_up(cast, report, by=IAN)
    with pytest.raises(Refusal) as refused:
        give_up(cast, report, reason=" ")
    assert refused.value.code == "no_reason"
    for other in (a_report(cast), give_up(cast, report)):
        with pytest.raises(Refusal) as refused:
            give_up(cast, other)
        assert refused.value.code == "illegal_move"


# --- Withdrawing --------------------------------------------------------------------------------------------------


def test_a_report_is_withdrawn_while_its_correction_waits_and_the_reason_is_kept(
    cast: Cast, client_for: Any
) -> None:
    report = in_correction(cast)
    write(cast, report, "purpose", words="This report is shorter.")
    ask(cast, report, notice="It was too long.")
    client = client_for(MAYA)
    assert reverse("report-withdraw", args=[report.public_id]) in (
        client.get(reverse("report", args=[report.public_id])).content.decode()
    )
    report = withdraw(cast, report)
    assert (report.status, stands(report)) == (ReportStatus.WITHDRAWN, [("1.0", "withdrawn")])
    page = client.get(reverse("report", args=[report.public_id])).content.decode()
    assert "A figure was not ours" in page and "Write it anew" in page
    read = client.get(reverse("report-read", args=[report.public_id])).content.decode()
    assert "A figure was not ours" not in read  # it may name what was wrong


def test_with_a_report_every_version_that_was_read_is_withdrawn(cast: Cast) -> None:
    report = in_correction(cast)
    write(cast, report, "purpose", words="This report is shorter.")
    ask(cast, report, notice="It was too long.")
    approve(cast, report, MAYA)
    approve(cast, report, IAN)
    publish(cast, report)
    report = withdraw(cast, report)
    assert {one.status for one in report.versions.all()} == {VersionStatus.WITHDRAWN}
    assert report.versions.count() == 2
    with pytest.raises(Refusal) as refused:
        withdraw(cast, report)
    assert refused.value.code == "illegal_move"


def test_what_is_withdrawn_is_written_anew_under_a_number_of_its_own(cast: Cast) -> None:
    report = in_correction(cast, withdraw(cast, published(cast)))
    report = give_up(cast, report)
    assert report.status == ReportStatus.WITHDRAWN
    report = published(cast, in_correction(cast, report))
    assert stands(report) == [("1.0", "withdrawn"), ("1.1", "published")]


# --- Members' questions -------------------------------------------------------------------------------------------


def answered(cast: Cast, row: MemberQuestion, answer: str = "Four working days.") -> MemberQuestion:
    row.refresh_from_db()
    return questions.answer_question(
        question_id=row.public_id, answer=answer, by=acting(cast, MAYA), on=DAY, seen=row.version
    )


def told(report: Report) -> list[str]:
    version = report.versions.order_by("-id").first()
    assert version is not None
    return [answer for _, answer in told_in(version.document())]


def test_a_corrected_report_still_holds_the_answers_that_it_gave(cast: Cast) -> None:
    committee = a_committee(cast)
    a_question(cast, committee, words="What of the nights?")
    done = answered(cast, a_question(cast, committee))
    report = published(cast, a_report(cast, committee=committee))
    done.refresh_from_db()
    assert done.status == QuestionStatus.CLOSED
    closed = Entry.objects.get(event="reporting.question_closed", subject=done.public_id)
    assert closed.codes["report"] == report.public_id
    assert differing(report.versions.get()) == []
    before = told(report)
    in_correction(cast, report)
    write(cast, report, "purpose", words="This report is shorter.")
    ask(cast, report, notice="It was too long.")
    assert told(report) == before
    assert sorted(before)[0] == "Four working days."


def test_what_was_settled_on_the_very_day_stays_in_the_report_that_settled_it_alone(cast: Cast) -> None:
    committee, today = a_committee(cast), acting(cast, MAYA).on
    done = a_question(cast, committee)
    done = questions.answer_question(
        question_id=done.public_id,
        answer="Four working days.",
        by=acting(cast, MAYA),
        on=today,
        seen=done.version,
    )
    report = published(cast, a_report(cast, committee=committee, as_of=today))
    assert differing(report.versions.get()) == []
    other = a_report(cast, committee=committee, as_of=today)
    ask(cast, other)
    assert told(report) == ["Four working days."]
    assert told(other) == []


def test_a_report_as_of_an_earlier_day_holds_what_was_answered_by_then(cast: Cast) -> None:
    committee, maya = a_committee(cast), acting(cast, MAYA)
    row = a_question(cast, committee, asked_on=DAY - timedelta(days=20))
    row = questions.answer_question(
        question_id=row.public_id, answer="Four days.", by=maya, on=DAY - timedelta(days=10), seen=row.version
    )
    questions.move_question(
        question_id=row.public_id, target=QuestionStatus.CLOSED, reason="By letter", by=maya, on=DAY, seen=row.version
    )  # fmt: skip
    for days, expected in (
        (15, "To be answered by 1 December 2018 (Partnership manager)."),
        (5, "Four days."),
    ):
        report = a_report(cast, committee=committee, as_of=DAY - timedelta(days=days))
        ask(cast, report)
        assert told(report) == [expected]
    report = a_report(cast, committee=committee)
    ask(cast, report)
    assert told(report) == []


def test_an_answer_that_came_after_the_report_was_frozen_goes_into_the_next(cast: Cast) -> None:
    committee = a_committee(cast)
    late, other = a_question(cast, committee), answered(cast, a_question(cast, committee, words="And when?"))
    report = a_report(cast, committee=committee)
    ask(cast, report)
    answered(cast, late)
    answered(cast, other, "In other words.")
    approve(cast, report, MAYA)
    approve(cast, report, IAN)
    publish(cast, report)
    for row in (late, other):
        row.refresh_from_db()
        assert row.status == QuestionStatus.ANSWERED
    following = a_report(cast, committee=committee)
    ask(cast, following)
    assert sorted(told(following)) == ["Four working days.", "In other words."]


def test_what_was_withdrawn_stands_in_no_report_but_those_that_told_it(cast: Cast) -> None:
    committee, maya = a_committee(cast), acting(cast, MAYA)
    row = a_question(cast, committee)
    report = published(cast, a_report(cast, committee=committee))
    row.refresh_from_db()
    questions.move_question(
        question_id=row.public_id, target=QuestionStatus.WITHDRAWN, reason="Asked twice", by=maya, on=maya.on,
        seen=row.version,
    )  # fmt: skip
    assert differing(report.versions.get()) == []
    other = a_report(cast, committee=committee)
    ask(cast, other)
    assert told(other) == []


# --- Words and files ----------------------------------------------------------------------------------------------


def test_the_authors_words_are_kept_when_she_takes_the_proposed_ones_again(
    cast: Cast, client_for: Any
) -> None:
    report, client = a_report(cast), client_for(ANA)
    row = write(cast, report, "boards", words="An hour of work.")
    address = [report.public_id, row.public_id]
    page = reverse("report-section", args=address)
    client.post(reverse("report-section-proposed", args=address), {"seen": str(row.version)})
    shown = client.get(page)
    assert "An hour of work." in shown.content.decode()
    assert shown.context["form"]["words"].value() != "An hour of work."
    # Saving the proposed words as they are does not throw hers away either.
    sent = {
        "heading": "Boards",
        "words": shown.context["form"]["words"].value(),
        "seen": str(row.version + 1),
    }
    assert client.post(page, sent).status_code == 302
    row = section_of(report, "boards")
    assert (row.is_own_words, row.words) == (False, "An hour of work.")
    client.post(reverse("report-section-own", args=address), {"seen": str(row.version)})
    row = section_of(report, "boards")
    assert (row.is_own_words, row.words) == (True, "An hour of work.")
    assert Entry.objects.filter(event="reporting.section_restored", subject=report.public_id).exists()


def test_words_of_ones_own_are_taken_again_only_where_some_are_kept(cast: Cast) -> None:
    report = a_report(cast)
    row = section_of(report, "boards")
    with pytest.raises(Refusal) as refused:
        reports.take_own_words(
            report_id=report.public_id, section_id=row.public_id, by=acting(cast, ANA), seen=row.version
        )
    assert refused.value.code == "nothing_kept"


@pytest.mark.parametrize("name", ["reports-csv", "questions-csv", "report-figures-xlsx"])
def test_what_is_taken_away_is_checked_and_recorded(
    cast: Cast, client_for: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from saferhub.sharing import registries

    seen: list[int] = []

    def check(lines: Any) -> dict[str, Any]:
        seen.append(len(lines))
        return {"checked": True}

    report = published(cast)
    monkeypatch.setattr(registries, "EXPORT_CHECKS", [check])
    args = [report.public_id] if name == "report-figures-xlsx" else []
    assert client_for(ANA).get(reverse(name, args=args)).status_code == 200
    event = {
        "reports-csv": "reporting.reports_exported",
        "questions-csv": "reporting.questions_exported",
        "report-figures-xlsx": "reporting.file_taken",
    }[name]
    kept = Entry.objects.filter(event=event).order_by("-id")[0]
    assert len(seen) == 1 and kept.codes["checked"] is True


@pytest.mark.parametrize("spelling", ["{family}, {given}", "{initial}. {family}", "{upper}", "{lower}"])
def test_a_person_on_record_is_found_in_other_spellings(cast: Cast, spelling: str) -> None:
    from saferhub.people.models import Name
    from saferhub.publication.rules.fragments import Fragment
    from saferhub.reporting.queries.redaction import names_known
    from saferhub.reporting.rules.looking import of_names
    from saferhub.sharing.access import in_folders_readable_by
    from saferhub.sharing.entering import entered

    maya = acting(cast, MAYA)
    with entered(cast[MAYA]):
        rows = in_folders_readable_by(maya, Name.objects.filter(partnership=maya.partnership))
        one = rows.exclude(given="").exclude(family="").order_by("pk").first()
        assert one is not None
        text = spelling.format(
            family=one.family,
            given=one.given,
            initial=one.given[0],
            upper=one.full.upper(),
            lower=one.full.lower(),
        )
        piece = Fragment("key", "Section 1, paragraph 1.1", f"We have helped {text} since spring.")
        found = list(of_names([piece], names_known(maya, [piece])))
    assert [one.rule for one in found] == ["name"], text
