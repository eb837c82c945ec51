"""Reports written, approved by two, published, corrected: outcomes, refusals and what the record keeps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.methods.suppression import Dimension, audit, table_of
from saferhub.plan.operations.measures import define_measure
from saferhub.publication.model import Column
from saferhub.publication.models import VersionStatus
from saferhub.publication.rules.fragments import fragments
from saferhub.reporting import access
from saferhub.reporting.models import QuestionStatus, Report, ReportStatus, Resolution
from saferhub.reporting.operations import approving, publishing, questions, reports
from saferhub.reporting.operations.approving import ReportStopped
from saferhub.reporting.queries import putting_together
from saferhub.reporting.queries.differing import differing
from saferhub.reporting.queries.putting_together import earlier_releases
from saferhub.reporting.rules import protecting
from saferhub.reporting.rules.composing import RELEASE
from saferhub.reporting.rules.protecting import Counted, CountedRow
from saferhub.reporting.sections import Proposed
from tests.plan.measured import MEANING, a_figure, act, quarters
from tests.plan.planned import a_plan, an_area
from tests.reporting.writing import (
    ANA,
    DAY,
    IAN,
    MAYA,
    OLIVIA,
    RACHEL,
    a_committee,
    a_question,
    a_report,
    acting,
    approve,
    ask,
    corrected,
    publish,
    published,
    section_of,
    waiting,
    write,
)

Cast = dict[str, Any]


def text_of(version: Any) -> str:
    return "\n".join(one.text for one in fragments(version.document()))


def audited(report: Report) -> list[str]:
    return list(Entry.objects.filter(subject=report.public_id).order_by("id").values_list("event", flat=True))


def test_a_report_begins_with_the_sections_of_its_outline(cast: Cast) -> None:
    report = a_report(cast)
    codes = list(report.sections.order_by("order").values_list("code", flat=True))
    assert codes[:3] == ["purpose", "background", "plan"]
    assert section_of(report, "domestic_abuse").priority == "domestic_abuse"
    assert report.status == ReportStatus.WRITING
    assert audited(report) == ["reporting.report_begun"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": "  "}, "no_title"),
        ({"outline": "nothing"}, "no_outline"),
        ({"committee_id": ""}, "no_committee"),
    ],
)
def test_a_report_is_not_begun_without_what_it_needs(cast: Cast, changed: dict[str, Any], code: str) -> None:
    ana = acting(cast, ANA)
    given = {
        "outline": "scrutiny_report", "as_of": DAY, "title": "A report", "committee_id": a_committee(cast).public_id,
        **changed,
    }  # fmt: skip
    with pytest.raises(Refusal) as refused:
        reports.begin_report(by=ana, on=ana.on, **given)
    assert refused.value.code == code


def test_a_report_tells_of_no_day_that_has_not_come(cast: Cast) -> None:
    ana = acting(cast, ANA)
    with pytest.raises(Refusal, match="day that has come"):
        a_report(cast, as_of=ana.on + timedelta(days=1))


def test_only_those_who_write_reports_begin_one(cast: Cast) -> None:
    for username in (IAN, RACHEL):
        with pytest.raises(NotAllowed):
            a_report(cast, by=username)


# --- Writing ------------------------------------------------------------------------------------------------------


def test_words_of_the_author_stand_in_place_of_what_is_proposed(cast: Cast) -> None:
    report = a_report(cast)
    row = write(cast, report, "hubs", words="There are [hubs] of them.")
    assert row.is_own_words
    (version,) = ask(cast, report)
    assert "There are seven of them." in text_of(version)
    assert version.figures["hubs.hubs"]["value"] == 7


def test_a_mark_without_a_figure_is_refused_where_it_is_typed(cast: Cast) -> None:
    report = a_report(cast)
    with pytest.raises(Refusal) as refused:
        write(cast, report, "hubs", words="There are [hugs] of them.")
    assert refused.value.code == "unknown_mark"
    assert "[hugs]" in refused.value.sentence
    assert "[hubs]" in refused.value.sentence


def test_words_that_are_the_proposed_ones_are_not_kept_as_the_authors(cast: Cast) -> None:
    from saferhub.reporting.queries.report_page import marks_of

    report = a_report(cast)
    proposed, _ = marks_of(section_of(report, "hubs"), report)
    assert not write(cast, report, "hubs", words=proposed).is_own_words


def test_a_section_is_left_out_or_exempt_only_with_a_reason(cast: Cast) -> None:
    report = a_report(cast)
    for changed, code in (({"is_left_out": True}, "no_reason"), ({"is_exempt": True}, "no_ground")):
        with pytest.raises(Refusal) as refused:
            write(cast, report, "boards", words="Words.", **changed)
        assert refused.value.code == code


def test_two_who_write_one_section_do_not_overwrite_each_other(cast: Cast) -> None:
    report = a_report(cast)
    row = section_of(report, "boards")
    write(cast, report, "boards", words="First.")
    with pytest.raises(Conflict):
        reports.edit_section(
            report_id=report.public_id, section_id=row.public_id, heading="Boards", words="Second.",
            is_left_out=False, left_out_why="", is_exempt=False, exempt_why="", by=acting(cast, MAYA), seen=row.version,
        )  # fmt: skip


def test_another_partnerships_report_is_not_there(cast: Cast) -> None:
    report = a_report(cast)
    assert access.can_write(acting(cast, OLIVIA))
    with pytest.raises(Http404):
        reports.change_report(
            report_id=report.public_id,
            title="Mine",
            author_post="Mine",
            by=acting(cast, OLIVIA),
            seen=report.version,
        )


def test_a_section_moves_up_and_stays_at_the_end(cast: Cast) -> None:
    report, ana = a_report(cast), acting(cast, ANA)
    second = section_of(report, "background")
    for _ in range(2):
        reports.move_section(report_id=report.public_id, section_id=second.public_id, up=True, by=ana)
    assert list(report.sections.order_by("order").values_list("code", flat=True))[:2] == [
        "background",
        "purpose",
    ]


# --- Approval -----------------------------------------------------------------------------------------------------


def test_a_report_is_frozen_when_approval_is_asked_for(cast: Cast) -> None:
    report = waiting(cast)
    (version,) = approving.in_hand(report)
    assert (version.number, version.status) == ("1.0", VersionStatus.DRAFT)
    with pytest.raises(Refusal) as refused:
        write(cast, report, "purpose", words="Other words.")
    assert refused.value.code == "not_in_hand"


def test_two_different_people_approve_before_it_is_published(cast: Cast) -> None:
    report = waiting(cast)
    approve(cast, report, MAYA)
    with pytest.raises(Refusal) as refused:
        publish(cast, report)
    assert refused.value.code == "not_approved"
    with pytest.raises(Refusal) as refused:
        approve(cast, report, MAYA)
    assert refused.value.code == "approved_already"
    approve(cast, report, IAN)
    (version,) = publish(cast, report)
    assert version.status == VersionStatus.PUBLISHED
    assert report.status == ReportStatus.PUBLISHED
    assert audited(report)[-4:] == [
        "reporting.approval_asked", "reporting.report_approved", "reporting.report_approved",
        "reporting.report_published",
    ]  # fmt: skip


def test_who_writes_alone_does_not_approve(cast: Cast) -> None:
    report = waiting(cast)
    with pytest.raises(NotAllowed):
        approve(cast, report, ANA)


def test_what_was_read_is_what_is_approved(cast: Cast) -> None:
    report = waiting(cast)
    maya = acting(cast, MAYA)
    with pytest.raises(Conflict):
        approving.approve_report(
            report_id=report.public_id, seen="other", post="Manager", by=maya, on=maya.on
        )


def test_sent_back_it_is_written_on_and_its_approval_falls(cast: Cast) -> None:
    report = waiting(cast)
    approve(cast, report, MAYA)
    report.refresh_from_db()
    ian = acting(cast, IAN)
    approving.send_back(
        report_id=report.public_id, reason="Say more of hate crime", by=ian, on=ian.on, seen=report.version
    )
    write(cast, report, "hate_crime", words="More words of hate crime.")
    (version,) = ask(cast, report)
    assert version.number == "1.0"
    assert "More words of hate crime." in text_of(version)
    assert approving.standing_approvals(report) == []


def test_a_reference_of_a_matter_stops_a_report_and_the_stop_is_kept(cast: Cast) -> None:
    report = a_report(cast)
    write(cast, report, "purpose", words="As in SEL-7K3M-Q2, which was hard.")
    with pytest.raises(ReportStopped) as stopped:
        ask(cast, report)
    assert [one.rule for one in stopped.value.findings] == ["matter"]
    assert "SEL-7K3M" not in stopped.value.sentence
    report.refresh_from_db()
    assert report.status == ReportStatus.WRITING


def test_the_name_of_somebody_the_partnership_works_with_stops_a_report(cast: Cast) -> None:
    from saferhub.people.models import Person
    from saferhub.sharing.access import in_folders_readable_by
    from saferhub.sharing.entering import entered

    maya = acting(cast, MAYA)
    with entered(cast[MAYA]):
        people = in_folders_readable_by(maya, Person.objects.filter(partnership=maya.partnership))
        name = people.filter(name__contains=" ").order_by("pk").values_list("name", flat=True).first()
    assert name
    report = a_report(cast, by=MAYA)
    write(cast, report, "purpose", words=f"We have helped {name} since spring.", by=MAYA)
    with pytest.raises(ReportStopped) as stopped:
        ask(cast, report, by=MAYA)
    assert {one.rule for one in stopped.value.findings} == {"name"}
    assert name not in stopped.value.sentence


# --- Exempt parts -------------------------------------------------------------------------------------------------


def test_an_exempt_section_makes_a_members_copy_and_the_public_reads_the_ground(cast: Cast) -> None:
    report = a_report(cast)
    write(
        cast,
        report,
        "boards",
        words="Only for members.",
        is_exempt=True,
        exempt_why="Schedule 12A, paragraph 7",
    )
    report = published(cast, report)
    public, members = (report.versions.get(audience=one) for one in ("public", "members"))
    assert "Only for members." in text_of(members)
    assert "Only for members." not in text_of(public)
    assert "Schedule 12A, paragraph 7" in text_of(public)
    assert public.number == members.number


def test_what_the_public_copy_withholds_members_cannot_tell_from_theirs_beside_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each copy alone is protected, and beside each other they would tell of the west."""
    hub = Dimension("hub", (("east", "East"), ("west", "West"), ("south", "South")))
    route = Dimension("route", (("a", "A"), ("b", "B")))
    inner = {("east", "b"): 9, ("west", "a"): 2, ("south", "a"): 2, ("south", "b"): 12}
    by_hub = table_of("By hub", "referrals", [hub], {("east",): 9, ("west",): 2, ("south",): 14})
    by_both = table_of("By hub and route", "referrals", [hub, route], inner)
    blocks = {
        code: (Counted(held.name, (Column("Hub"),), (CountedRow(("East",)),), (held,), anchor=f"t-{code}"),)
        for code, held in (("hubs", by_hub), ("boards", by_both))
    }
    monkeypatch.setattr(
        putting_together, "propose", lambda asked: Proposed(("Words.",), blocks.get(asked.section, ()))
    )
    report = a_report(cast)
    write(cast, report, "boards", words="For members.", is_exempt=True, exempt_why="Schedule 12A")
    public, members = (
        protecting.release_of(one.audience, one.figures[RELEASE])
        for one in sorted(ask(cast, report), key=lambda one: one.audience, reverse=True)
    )
    assert (public.name, members.name) == ("public", "members")
    assert audit(members.tables, members.marked, 5, earlier=[public]).holds
    assert public.marked <= members.marked


# --- Afterwards ---------------------------------------------------------------------------------------------------


def test_a_correction_is_another_version_with_a_notice(cast: Cast) -> None:
    report = corrected(cast)
    first, second = report.versions.order_by("id")
    assert (first.status, second.status) == (VersionStatus.SUPERSEDED, VersionStatus.PUBLISHED)
    assert (second.number, second.corrects_id) == ("1.1", first.pk)
    document = second.document()
    assert document.correction is not None
    assert "It is shorter now" in document.correction.text
    assert "1.1" in document.correction.touched


def test_a_correction_that_changes_nothing_is_refused(cast: Cast) -> None:
    report, ana = published(cast), acting(cast, ANA)
    publishing.begin_correction(
        report_id=report.public_id, reason="Something", by=ana, on=ana.on, seen=report.version
    )
    with pytest.raises(Refusal) as refused:
        ask(cast, report, notice="Nothing in truth.")
    assert refused.value.code in ("nothing_corrected",)


def test_a_pack_that_changes_afterwards_changes_nothing_frozen_and_is_flagged(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = published(cast)
    version = report.versions.get()
    before = version.content
    assert differing(version) == []
    from saferhub.reporting.sections import areas as sections

    real = sections.Reading.entries

    def one_less(self: Any, section: str) -> Any:
        found = real(self, section)
        return found[:-1] if section == "hubs" else found

    monkeypatch.setattr(sections.Reading, "entries", one_less)
    found = {one.key: one for one in differing(version)}
    assert (found["hubs.hubs"].shown, found["hubs.hubs"].now) == ("seven", "six")
    version.refresh_from_db()
    assert version.content == before


def test_withdrawn_it_stays_and_says_so(cast: Cast) -> None:
    report, maya = published(cast), acting(cast, MAYA)
    publishing.withdraw_report(
        report_id=report.public_id, reason="A figure was not ours", by=maya, on=maya.on, seen=report.version
    )
    assert report.versions.get().as_it_stands().status == "Withdrawn"


def test_the_recommendation_is_kept_for_what_members_resolve(cast: Cast) -> None:
    report = published(cast)
    (kept,) = Resolution.objects.filter(report=report)
    assert (kept.number, kept.words) == ("R1", "That members note the report.")


def test_an_open_question_stands_in_the_report_and_an_answered_one_is_closed_by_it(cast: Cast) -> None:
    committee, maya = a_committee(cast), acting(cast, MAYA)
    still = a_question(cast, committee, words="What of the nights?")
    done = a_question(cast, committee)
    questions.answer_question(
        question_id=done.public_id, answer="Four working days.", by=maya, on=DAY, seen=done.version
    )
    report = published(cast, a_report(cast, committee=committee))
    text = text_of(report.versions.get())
    assert "What of the nights?" in text
    assert "To be answered by 1 December 2018 (Partnership manager)." in text
    assert "Four working days." in text
    still.refresh_from_db()
    done.refresh_from_db()
    assert (still.status, done.status) == (QuestionStatus.OPEN, QuestionStatus.CLOSED)


def test_counts_of_what_was_published_are_kept_for_later_releases(cast: Cast) -> None:
    area = an_area(a_plan(cast), "hate_crime")
    measure = act(
        cast, ANA, define_measure, meaning=MEANING, owner_post="Partnership analyst", area_id=area.public_id
    )
    a_figure(cast, measure, quarters(cast, 1)[0].first, 31)
    report = published(cast)
    with CaptureQueriesContext(connection) as asked:
        releases = earlier_releases(report.partnership)
    (release,) = [one for one in releases if one.name == f"{report.title}, version 1.0"]
    assert 31 in [value for table in release.tables for value in table.values.values()]
    # Documents with their pictures are long: only the counts are read.
    of_versions = [one["sql"] for one in asked if "reporting_report_version" in one["sql"]]
    assert len(of_versions) == 1
    assert '"content"' not in of_versions[0]


def test_dropped_it_stays_in_the_list_and_is_written_no_more(cast: Cast) -> None:
    report, ana = a_report(cast), acting(cast, ANA)
    reports.drop_report(
        report_id=report.public_id, reason="Not wanted", by=ana, on=ana.on, seen=report.version
    )
    with pytest.raises(Refusal):
        write(cast, report, "purpose", words="Words.")


def test_what_was_put_together_of_a_later_day_stays_of_that_day(cast: Cast) -> None:
    report = a_report(cast, as_of=date(2018, 8, 1))
    (version,) = ask(cast, report)
    assert "1 August 2018" in text_of(version)
