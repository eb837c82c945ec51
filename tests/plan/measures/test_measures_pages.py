"""Pages of measures and the scorecard: what they show to whom, and forms that lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from saferhub.audit.models import Entry
from saferhub.plan.models import Commentary, Measure, Observation
from saferhub.plan.operations import counting
from saferhub.plan.queries import scorecard
from saferhub.plan.rules.withholding import MARK
from tests.plan.measured import ANA, COLIN, MAYA, OLIVIA, a_figure, a_measure, quarters, who

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
Signed = Callable[..., Client]
STEADY = (30, 32, 29, 31, 30, 33, 31, 30, 32, 31, 30)


def url(name: str, measure: Measure, *more: str) -> str:
    return reverse(name, args=[measure.public_id, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_scorecard_shows_every_measure_with_its_rule(cast: Cast, client_for: Signed) -> None:
    a_measure(cast, (*STEADY, 90))
    answer = client_for(COLIN).get(reverse("measures"))
    page = text(answer)
    assert answer.status_code == 200
    assert (
        len(answer.context["card"].lines)
        == Measure.objects.filter(partnership__code="north_yorkshire").count()
    )
    assert "Visits to the drop-in" in page and "↑ Better since" in page and "40 or more" in page
    assert "A rise may mean more confidence to report" in page or "Hate crime reported" in page
    assert "Define a measure" not in page
    assert "Define a measure" in text(client_for(ANA).get(reverse("measures")))


def test_the_scorecard_is_narrowed_by_its_address_and_an_empty_one_says_so(
    cast: Cast, client_for: Signed
) -> None:
    a_measure(cast, [31])
    client = client_for(ANA)
    mine = client.get(reverse("measures"), {"whose": "mine"}).context["card"]
    assert {line.told.measure.owner for line in mine.lines} == {cast[ANA]}
    amber = client.get(reverse("measures"), {"colour": "at_risk"}).context["card"]
    assert [line.told.version.name for line in amber.lines] == ["Visits to the drop-in"]
    none = client.get(reverse("measures"), {"colour": "at_risk", "whose": "mine", "area": "nowhere"})
    assert none.status_code == 200
    red = client.get(reverse("measures"), {"colour": "off_track"})
    assert "No measure answers to this filter" in text(red)


def test_the_scorecard_asks_as_little_of_many_measures_as_of_one(
    cast: Cast, client_for: Signed, django_assert_max_num_queries: Any
) -> None:
    by = who(cast, COLIN)
    with django_assert_max_num_queries(6):
        card = scorecard.scorecard(by)
    assert len(card.lines) == 20


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_scorecard_leaves_as_a_file_and_that_is_written_down(
    cast: Cast, client_for: Signed, ending: str
) -> None:
    answer = client_for(COLIN).get(reverse(f"measures-{ending}"))
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert Entry.objects.filter(event="plan.scorecard_exported").count() == 1


def test_a_file_is_guarded_and_withholds_what_the_page_does(cast: Cast, client_for: Signed) -> None:
    a_measure(cast, [3], name="=cmd()", small=5)
    lines = text(client_for(COLIN).get(reverse("measures-csv"))).splitlines()
    ours = next(line for line in lines if "=cmd()" in line)
    assert "'=cmd()" in ours and MARK in ours
    measure = Measure.objects.get(versions__name="=cmd()")
    figures = text(client_for(COLIN).get(url("measure-csv", measure)))
    assert MARK in figures and ",3," not in figures


def test_a_measure_says_its_figure_whether_it_moved_and_its_colour(cast: Cast, client_for: Signed) -> None:
    measure = a_measure(cast, (*STEADY, 90), caveat="Counted by hand.")
    page = text(client_for(COLIN).get(url("measure", measure)))
    for words in (
        "↑ Better since", "higher than chance explains, which is better", "Green", "40 or more",
        "under 30", "Counted by hand.", "The drop-in’s book", "Ana ", "Under 5: not shown", "Version 1",
    ):  # fmt: skip
        assert words in page, words
    assert 'aria-labelledby="run-title run-desc"' in page and "<desc" in page
    assert "part of a real change" in page


def test_few_figures_are_drawn_without_limits(cast: Cast, client_for: Signed) -> None:
    page = text(client_for(COLIN).get(url("measure", a_measure(cast, [31, 35]))))
    assert "Limits need 12 recorded values; there are 2." in page
    assert "sh-run__band" not in page and "sh-run__limit" not in page


def test_a_small_number_stands_nowhere_on_the_page(cast: Cast, client_for: Signed) -> None:
    measure = a_measure(cast, [31, 30, 3])
    client = client_for(COLIN)
    answer = client.get(url("measure", measure))
    assert answer.context["rows"][0].words == MARK and "so that nobody can be recognised" in text(answer)
    newest = measure.observations.get(value=3)
    shown = client.get(url("measure-figure", measure, newest.public_id))
    assert shown.context["shown"].words == MARK


def test_a_figure_leads_to_its_definition_its_source_and_what_it_replaced(
    cast: Cast, client_for: Signed
) -> None:
    measure = a_measure(cast, [31])
    first = measure.observations.get()
    second = a_figure(
        cast, measure, first.first_day, 33, seen=first.public_id, why="Two pages stuck together"
    )
    page = text(client_for(COLIN).get(url("measure-figure", measure, second.public_id)))
    assert "The book" in page and "Two pages stuck together" in page and "This figure was entered" in page
    old = text(client_for(COLIN).get(url("measure-figure", measure, first.public_id)))
    assert "It stands otherwise now" in old
    assert "corrected" in text(client_for(COLIN).get(url("measure", measure)))


def test_rows_are_offered_to_those_who_work_on_matters(cast: Cast, client_for: Signed) -> None:
    measure = Measure.objects.get(partnership__code="north_yorkshire", code="referrals_received")
    quarter = quarters(cast, 1)[0]
    row = Observation.objects.create(
        partnership_id=measure.partnership_id, measure=measure, version=measure.versions.get(), numerator=9, value=9,
        first_day=quarter.first, last_day=quarter.last, rows=9, rows_hash="x" * 64, on=date(2018, 8, 28),
    )  # fmt: skip
    address = f"/referrals/?status=all&amp;sent_from={quarter.first}"
    hers = text(client_for(COLIN).get(url("measure-figure", measure, row.public_id)))
    assert address in hers and "9 rows were counted" in hers
    anas = text(client_for(ANA).get(url("measure-figure", measure, row.public_id)))
    assert address not in anas and "for those who work on cases and referrals" in anas
    listed = client_for(COLIN).get("/referrals/", {"status": "all", "sent_from": quarter.first.isoformat()})
    assert listed.status_code == 200


def test_a_figure_is_entered_once_however_often_it_is_sent(cast: Cast, client_for: Signed) -> None:
    measure, client = a_measure(cast), client_for(ANA)
    first = quarters(cast, 1)[0].first
    address = url("measure-enter", measure, first.isoformat())
    mark = client.get(address).context["form"].fields["once"].initial
    sent = {"numerator": "1,031", "evidence": "The book", "seen": "", "once": mark}
    for _ in range(2):
        answer = client.post(address, sent)
        assert answer.status_code == 302
    assert [one.value for one in measure.observations.all()] == [Decimal(1031)]


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(cast: Cast, client_for: Signed) -> None:
    measure, client = a_measure(cast), client_for(ANA)
    address = url("measure-enter", measure, quarters(cast, 1)[0].first.isoformat())
    answer = client.post(address, {"numerator": "many", "evidence": "The book", "seen": ""})
    assert answer.context["form"].errors["numerator"] == ["Enter a number, such as 12 or 12.5"]
    assert "The book" in text(answer)
    again = client.post(address, {"numerator": "31", "evidence": " ", "seen": ""})
    assert "evidence" in again.context["form"].errors
    nothing = client.post(address, {"seen": ""})
    assert set(nothing.context["form"].errors) == {"numerator", "evidence"}
    # That there is none needs neither.
    assert client.post(address, {"missing_why": "No return", "seen": ""}).status_code == 302


def test_every_link_and_button_of_these_pages_leads_somewhere(cast: Cast, client_for: Signed) -> None:
    """And those who keep measures are offered the time that is missing first."""
    measure, client = a_measure(cast, [31, None]), client_for(ANA)
    newest = quarters(cast, 1)[0].first.isoformat()
    for address in (reverse("measures"), url("measure", measure)):
        shown = text(client.get(address))
        assert 'href=""' not in shown and 'method="post" action=""' not in shown, address
    shown = text(client.get(url("measure", measure)))
    assert shown.count(url("measure-enter", measure, newest)) == 2
    assert url("measure-comment", measure, newest) in shown and url("measure-define", measure) in shown
    assert f'action="{reverse("measures-count")}"' in text(client.get(reverse("measures")))


def test_a_spreadsheet_holds_numbers_as_numbers(cast: Cast, client_for: Signed) -> None:
    a_measure(cast, [(7, 16)], unit="per_cent", small=0)
    answer = client_for(COLIN).get(reverse("measures-xlsx"))
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    line = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "Visits to the drop-in")
    assert line[3] == 43.75


def test_of_two_who_enter_at_once_the_second_keeps_what_she_typed(cast: Cast, client_for: Signed) -> None:
    measure, client = a_measure(cast), client_for(ANA)
    first = quarters(cast, 1)[0].first
    address = url("measure-enter", measure, first.isoformat())
    client.get(address)
    standing = a_figure(cast, measure, first, 31)
    answer = client.post(address, {"numerator": "35", "evidence": "My own count", "seen": ""})
    page = text(answer)
    assert "Another figure stands for this time now" in page and "My own count" in page
    done = client.post(
        address,
        {"numerator": "35", "evidence": "My own count", "seen": standing.public_id, "why": "Counted again"},
    )
    assert done.status_code == 302
    assert measure.observations.get(is_newest=True).value == 35


def test_an_owner_says_what_it_shows(cast: Cast, client_for: Signed) -> None:
    measure, client = a_measure(cast, [31]), client_for(ANA)
    address = url("measure-comment", measure, quarters(cast, 1)[0].first.isoformat())
    assert client.post(address, {"words": "More came.", "seen": ""}).status_code == 302
    row = Commentary.objects.get(measure=measure)
    second = client.post(address, {"words": "Fewer came.", "seen": ""})
    assert "Somebody else commented" in text(second) and "Fewer came." in text(second)
    assert client.post(address, {"words": "Fewer came.", "seen": row.public_id}).status_code == 302
    page = text(client_for(COLIN).get(url("measure", measure)))
    assert "Fewer came." in page and "Said before" in page


def test_a_measure_is_defined_changed_and_ended_by_its_pages(cast: Cast, client_for: Signed) -> None:
    client = client_for(MAYA)
    given = {
        "name": "Bikes marked", "definition": "Bikes marked at events.", "formula": "Number", "source": "Police",
        "unit": "count", "every": "quarter", "polarity": "up", "small": "0", "owner_post": "Analyst",
        "counted_by": "", "target": "", "per": "",
    }  # fmt: skip
    made = client.post(reverse("measure-new"), given)
    assert made.status_code == 302, made.context["form"].errors
    measure = Measure.objects.get(versions__name="Bikes marked")
    day = {"valid_from_day": "1", "valid_from_month": "10", "valid_from_year": "2018"}
    wrong = client.post(
        url("measure-define", measure), {**given, "seen": "1", "why": "Aim", **day, "tolerance": "3"}
    )
    assert "tolerance" in wrong.context["form"].errors
    done = client.post(
        url("measure-define", measure),
        {**given, "seen": "1", "why": "An aim", **day, "target": "40.5", "target_why": "Last year’s"},
    )
    assert done.status_code == 302, done.context["form"].errors
    assert measure.versions.get(number=2).target == Decimal("40.5")
    late = client.post(url("measure-define", measure), {**given, "seen": "1", "why": "An aim", **day})
    assert "What you wrote is still here" in text(late)
    ended = client.post(
        url("measure-end", measure),
        {
            "last_day_day": "30",
            "last_day_month": "9",
            "last_day_year": "2018",
            "why": "No events",
            "seen": "1",
        },
    )
    assert ended.status_code == 302
    assert "was kept until 30 September 2018" in text(client.get(url("measure", measure)))


def test_two_who_change_its_owner_at_once_see_both_versions(cast: Cast, client_for: Signed) -> None:
    measure, client = a_measure(cast), client_for(ANA)
    sent = {"owner_post": "Manager", "owner": cast[MAYA].public_id, "order": "3", "seen": "1"}
    assert client.post(url("measure-owner", measure), sent).status_code == 302
    second = client.post(url("measure-owner", measure), {**sent, "owner_post": "Somebody else"})
    assert second.status_code == 409 and "Somebody else" in text(second)


def test_limits_begin_anew_and_that_is_taken_back(cast: Cast, client_for: Signed) -> None:
    measure, client = a_measure(cast, (*STEADY, 30)), client_for(ANA)
    fifth = quarters(cast, 12)[4]
    sent = {"first_day": fifth.first.isoformat(), "why": "A new room"}
    assert client.post(url("measure-limits", measure), sent).status_code == 302
    page = text(client.get(url("measure", measure)))
    assert "A new room" in page and "new limits from" in page
    step = measure.steps.get()
    back = client.post(url("measure-limits-back", measure, step.public_id), {"why": "It was not new"})
    assert back.status_code == 302
    assert "new limits from" not in text(client.get(url("measure", measure)))


def test_another_partnerships_measure_is_not_there(cast: Cast, client_for: Signed) -> None:
    measure = a_measure(cast, [31])
    client = client_for(OLIVIA)
    assert client.get(url("measure", measure)).status_code == 404
    figure = measure.observations.get()
    theirs = Measure.objects.filter(partnership__code="wealdshire").first()
    assert theirs is not None
    assert client.get(url("measure-figure", theirs, figure.public_id)).status_code == 404
    assert "Visits to the drop-in" not in text(client.get(reverse("measures")))


def test_counting_is_asked_for_and_done_by_the_worker(
    cast: Cast, client_for: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(counting.count_partnership, "defer", lambda partnership: asked.append(partnership))
    assert client_for(ANA).post(reverse("measures-count")).status_code == 302
    assert asked == ["north_yorkshire"]
    assert Entry.objects.filter(event="plan.counting_asked").count() == 1
    assert client_for(COLIN).post(reverse("measures-count")).status_code == 403


def test_the_plan_shows_measures_beside_its_areas(cast: Cast) -> None:
    by = who(cast, MAYA)
    areas = {
        one.area
        for one in Measure.objects.filter(partnership=by.partnership).select_related("area")
        if one.area
    }
    found = scorecard.of_areas(by, list(areas), by.on)
    assert set(found) == {one.pk for one in areas}
    hubs = next(one for one in areas if one.code == "community_safety_hubs")
    assert "swifter_closure" in found[hubs.pk].by_objective and found[hubs.pk].others
