"""The lists: what stands in them, in which order, what the filters mean, and what they cost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from saferhub.casework.queries import oversight_lists as lists
from saferhub.casework.queries.oversight_lists import Filters
from saferhub.casework.queries.oversight_narrow import ACTIONS, CASES, LISTINGS, REFERRALS
from saferhub.partnership.models import Agency
from saferhub.sharing.access import sight
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.builders.casework_actions import an_action
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
COLIN, RACHEL, PRIYA, MAYA = "colin.coordinator", "rachel.referrer", "priya.partner", "maya.manager"


def numbers(
    cast: Any, listing: Any, username: str, sort: str = "", days: Any = None, **given: str
) -> list[int]:
    with entered(cast[username]):
        rows = lists.found(listing, actor(cast, username), Filters(given, days or {}, sort))
        return list(rows.values_list("pk", flat=True))


def change(cast: Any, row: Any, **values: Any) -> None:
    with entered(cast[COLIN]):
        assert type(row).objects.filter(pk=row.pk).update(**values) == 1


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda one: one.code)
def test_every_order_on_offer_walks_an_index_of_the_table_itself(listing: Any) -> None:
    indexed = {tuple(name.lstrip("-") for name in one.fields) for one in listing.model._meta.indexes}
    for fields in listing.sorts.values():
        assert tuple(name.lstrip("-") for name in fields) in indexed
    assert listing.first in listing.sorts
    assert listing.order("title") == listing.first


def test_everybody_reads_the_cases_that_are_theirs_and_nobody_else_reads_one(cast: Any) -> None:
    case = a_case(cast)
    see = {name for name in cast if case.pk in numbers(cast, CASES, name)}
    assert see == {
        RACHEL, COLIN, PRIYA, "victor.voluntary", "chris.chair", "mina.minutes", MAYA,
    }  # fmt: skip


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda one: one.code)
def test_a_list_gathered_from_what_lets_one_see_it_is_the_list_and_so_are_its_hubs_and_agencies(
    cast: Any, listing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.sharing.operations.interests_given import restrict

    mine, other = a_case(cast), a_case(cast, title="Fires behind the garages", lead=cast[RACHEL])
    an_action(cast, mine), an_action(cast, other, owner=RACHEL), a_referral(cast)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        names = [colin.public_id, actor(cast, RACHEL).public_id]
        restrict(matter_id=other.matter.public_id, names=names, reason="Invented", by=colin, on=colin.on)
    for username in (COLIN, RACHEL, PRIYA, MAYA, "nadia.neighbour"):
        by = actor(cast, username)
        with entered(cast[username]):
            rows = listing.visible(by).select_related("hub", f"{listing.agency}__agency")
            for given in ({"status": "all"}, {}, {"whose": "unit"}):
                wanted = list(lists.found(listing, by, Filters(given)).values_list("pk", flat=True))
                assert lists._numbers(listing, by, Filters(given)) == wanted
                shown = lists.pages(listing, by, Filters(given)).page(1)
                assert [row.pk for row in shown.object_list] == wanted[: lists.PER_PAGE]
            places = {
                "hub": {row.hub.code for row in rows if row.hub},
                "agency": {getattr(row, listing.agency).agency.code for row in rows},
            }
            for few in (sight._FEW, -1):  # interests gathered, or asked of each row
                monkeypatch.setattr(sight, "_FEW", few)
                offered = lists.places_that_occur(listing, actor(cast, username), {})
                assert {name: {code for code, _ in found} for name, found in offered.items()} == places
            monkeypatch.undo()


def test_a_restricted_case_stands_only_in_the_lists_of_those_named(cast: Any) -> None:
    from saferhub.sharing.operations.interests_given import restrict

    case = a_case(cast)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        names = [colin.public_id]
        restrict(matter_id=case.matter.public_id, names=names, reason="Invented", by=colin, on=colin.on)
    assert case.pk in numbers(cast, CASES, COLIN)
    assert case.pk not in numbers(cast, CASES, "mina.minutes")
    assert case.pk not in numbers(cast, CASES, PRIYA)


def test_open_cases_come_first_and_closed_ones_where_they_are_asked_for(cast: Any) -> None:
    still, shut = a_case(cast), a_case(cast, title="Fires behind the garages")
    change(cast, shut, status="closed", closed_on=date(2018, 8, 1), adopted_on=date(2018, 1, 1), outcome="a",
           close_reason="b")  # fmt: skip
    first = numbers(cast, CASES, COLIN)
    assert still.pk in first and shut.pk not in first
    assert {still.pk, shut.pk} <= set(numbers(cast, CASES, COLIN, status="all"))
    closed = numbers(cast, CASES, COLIN, status="closed")
    assert shut.pk in closed and still.pk not in closed
    days = {"closed_from": date(2018, 8, 1), "closed_to": date(2018, 8, 1)}
    assert numbers(cast, CASES, COLIN, status="all", days=days) == [shut.pk]


TODAY = timedelta(0)
CASE_FILTERS: list[tuple[dict[str, str], dict[str, Any], dict[str, Any]]] = [
    # the filter, what answers it, what does not
    ({"band": "high"}, {"band": "high"}, {"band": "medium"}),
    ({"band": "none"}, {"band": ""}, {"band": "standard"}),
    ({"subject": "theme"}, {"subject_kind": "theme"}, {"subject_kind": "group"}),
    ({"due": "action_late"}, {"next_due_on": -1}, {"next_due_on": 0}),
    ({"due": "action_week"}, {"next_due_on": 7}, {"next_due_on": 8}),
    ({"due": "no_action"}, {"next_due_on": None}, {"next_due_on": 1}),
    ({"due": "review_late"}, {"review_on": -1}, {"review_on": 0}),
    ({"due": "review_soon"}, {"review_on": 14}, {"review_on": 15}),
    ({"due": "contact_late"}, {"contact_due_on": -1}, {"contact_due_on": None}),
    ({"due": "six_months"}, {"adopted_on": -183}, {"adopted_on": -182}),
]


@pytest.mark.parametrize(("given", "answers", "does_not"), CASE_FILTERS)
def test_a_filter_of_cases_means_what_it_says(cast: Any, given: Any, answers: Any, does_not: Any) -> None:
    on = actor(cast, COLIN).on

    def dated(values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: on + timedelta(days=value) if isinstance(value, int) else value
            for name, value in values.items()
        }

    case = a_case(cast)
    change(cast, case, **dated(answers))
    assert case.pk in numbers(cast, CASES, COLIN, **given)
    change(cast, case, **dated(does_not))
    assert case.pk not in numbers(cast, CASES, COLIN, **given)


def test_hub_lead_agency_whose_and_words_narrow(cast: Any) -> None:
    case = a_case(cast, title="Shouting in the stairwell", lead=cast[RACHEL])
    assert case.pk in numbers(cast, CASES, MAYA, hub="selby")
    assert case.pk not in numbers(cast, CASES, MAYA, hub="scarborough")
    assert case.pk in numbers(cast, CASES, MAYA, agency=actor(cast, RACHEL).agency_code)
    assert case.pk not in numbers(cast, CASES, MAYA, agency=actor(cast, PRIYA).agency_code)
    assert case.pk in numbers(cast, CASES, RACHEL, whose="mine")
    assert case.pk in numbers(cast, CASES, RACHEL, whose="unit")
    assert case.pk not in numbers(cast, CASES, PRIYA, whose="unit")
    assert case.pk not in numbers(cast, CASES, COLIN, whose="mine")
    assert case.pk in numbers(cast, CASES, PRIYA, words="stairwell")
    assert numbers(cast, CASES, PRIYA, words=case.matter.reference) == [case.pk]
    assert case.pk not in numbers(cast, CASES, PRIYA, words="bandstand")
    assert numbers(cast, CASES, "nadia.neighbour", words=case.matter.reference) == []


def test_cases_are_sorted_by_next_action_adoption_or_review_the_latest_first(cast: Any) -> None:
    early, late = a_case(cast), a_case(cast)
    change(cast, early, adopted_on=date(2018, 1, 1), review_on=date(2018, 12, 1), next_due_on=None)
    change(cast, late, adopted_on=date(2018, 2, 1), review_on=date(2018, 11, 1), next_due_on=date(2018, 3, 1))

    def order(sort: str) -> list[int]:
        return [one for one in numbers(cast, CASES, COLIN, sort=sort) if one in (early.pk, late.pk)]

    assert order("next") == [late.pk, early.pk]  # what is late, then what has no next action
    assert order("-adopted") == [late.pk, early.pk]
    assert order("adopted") == [early.pk, late.pk]
    assert order("review") == [late.pk, early.pk]
    assert order("-review") == [early.pk, late.pk]


def test_the_worst_case_comes_first_and_the_latest_of_a_band_before_the_others(cast: Any) -> None:
    on = actor(cast, COLIN).on
    cases = {
        name: a_case(cast, title=name)
        for name in ("standard", "unscored", "medium", "high later", "high late", "high, nothing due")
    }
    for name, case in cases.items():
        band = name.split()[0].strip(",")
        change(
            cast, case, band="" if band == "unscored" else band, next_due_on=None, contact_due_on=None,
            review_on={"high later": on, "standard": on - timedelta(days=90)}.get(name),
        )  # fmt: skip
    change(cast, cases["high late"], contact_due_on=on - timedelta(days=3), review_on=on + timedelta(days=9))

    def order(sort: str) -> list[str]:
        named = {case.pk: name for name, case in cases.items()}
        return [named[one] for one in numbers(cast, CASES, COLIN, sort=sort) if one in named]

    worst = ["high late", "high later", "high, nothing due", "medium", "unscored", "standard"]
    assert order("") == order("risk") == worst
    assert order("-risk") == worst[::-1]
    assert order("late")[:3] == ["standard", "high late", "high later"]


def test_mine_and_my_agencys_stand_in_the_address_beside_the_filters(cast: Any, client_for: Any) -> None:
    case = a_case(cast, title="Shouting in the stairwell", lead=cast[RACHEL])
    mine = an_action(cast, case, owner=PRIYA)
    assert case.pk in numbers(cast, CASES, RACHEL, whose="agency")
    assert case.pk not in numbers(cast, CASES, PRIYA, whose="agency")
    assert mine.pk in numbers(cast, ACTIONS, PRIYA, whose="agency")
    assert mine.pk not in numbers(cast, ACTIONS, RACHEL, whose="agency")
    page = client_for(COLIN).get("/cases/?band=high&whose=agency&page=2").content.decode()
    assert 'href="?band=high&amp;whose=mine"' in page
    assert 'href="?band=high&amp;whose=agency" aria-current="true"' in page
    assert 'href="?band=high">Whole hub' in page
    assert "All that I see" in client_for(PRIYA).get("/actions/").content.decode()


def test_referrals_that_wait_come_first_and_drafts_where_they_are_asked_for(cast: Any) -> None:
    sent, draft = a_referral(cast), a_referral(cast, sent=False)
    assert sent.pk in numbers(cast, REFERRALS, COLIN)
    assert draft.pk not in numbers(cast, REFERRALS, RACHEL)
    assert draft.pk in numbers(cast, REFERRALS, RACHEL, status="draft")
    assert draft.pk not in numbers(cast, REFERRALS, COLIN, status="draft")
    assert sent.pk in numbers(cast, REFERRALS, RACHEL, whose="unit")
    assert sent.pk not in numbers(cast, REFERRALS, COLIN, whose="mine")
    assert sent.pk not in numbers(cast, REFERRALS, COLIN, due="late")
    assert sent.pk in numbers(cast, REFERRALS, COLIN, due="week")


def test_actions_by_whose_they_are_and_when_they_are_due(cast: Any) -> None:
    case = a_case(cast, lead=cast[RACHEL])
    mine = an_action(cast, case, owner=PRIYA)
    late = an_action(cast, case, unit_of_username="victor.voluntary", set_before=20)
    assert mine.pk in numbers(cast, ACTIONS, PRIYA, whose="mine")
    assert late.pk not in numbers(cast, ACTIONS, PRIYA, whose="mine")
    assert late.pk in numbers(cast, ACTIONS, "victor.voluntary", whose="unit")
    assert {mine.pk, late.pk} <= set(numbers(cast, ACTIONS, RACHEL, whose="led"))
    assert late.pk in numbers(cast, ACTIONS, COLIN, due="late")
    assert mine.pk not in numbers(cast, ACTIONS, COLIN, due="late")
    change(cast, mine, status="done", ended_on=date(2018, 8, 1))
    assert mine.pk not in numbers(cast, ACTIONS, PRIYA)
    assert mine.pk in numbers(cast, ACTIONS, PRIYA, status="done")
    shown = numbers(cast, ACTIONS, COLIN, status="all", words=case.matter.reference)
    assert set(shown) == {mine.pk, late.pk}


@pytest.mark.parametrize("code", LISTINGS)
def test_a_list_costs_the_same_however_long_it_is(
    cast: Any, client_for: Any, django_assert_max_num_queries: Any, code: str
) -> None:
    for number in range(4):
        case = a_case(cast, title=f"Case {number}", lead=cast[RACHEL])
        an_action(cast, case, owner=PRIYA)
        a_referral(cast)
    client = client_for(COLIN)
    client.get(f"/{code}/")
    with django_assert_max_num_queries(34):
        assert client.get(f"/{code}/").status_code == 200


@pytest.mark.parametrize("code", LISTINGS)
def test_a_filter_offers_the_hubs_and_agencies_that_occur_in_what_one_sees(
    cast: Any, client_for: Any, code: str
) -> None:
    case = a_case(cast)
    an_action(cast, case, owner=PRIYA)
    a_referral(cast)

    def offered(page: str, name: str) -> set[str]:
        select = page.split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
        return set(re.findall(r'<option value="([^"]+)"', select))

    page = client_for(COLIN).get(f"/{code}/").content.decode()
    assert offered(page, "hub") <= {"selby"}
    agencies = offered(page, "agency")
    assert "north_yorkshire_council" not in agencies and len(agencies) < Agency.objects.count() / 3
    assert agencies or code == "interventions"
    chosen = client_for(COLIN).get(f"/{code}/?hub=craven").content.decode()
    assert "craven" in offered(chosen, "hub")


def test_a_filter_that_is_set_can_be_taken_away_by_itself(cast: Any, client_for: Any) -> None:
    page = (
        client_for(COLIN).get("/cases/?band=high&hub=selby&adopted_from=2018-01-01&page=2").content.decode()
    )
    assert "Remove the filter" in page
    assert 'href="?hub=selby&amp;adopted_from=2018-01-01"' in page
    assert 'href="?band=high&amp;hub=selby"' in page
    assert "1 January 2018" in page


def test_an_empty_list_says_what_would_stand_there(client_for: Any) -> None:
    page = client_for("nadia.neighbour").get("/interventions/").content.decode()
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    assert "Nothing is planned or in place" in page, main
    assert "No case that you see answers" in client_for(COLIN).get("/cases/?words=zzqqxxy").content.decode()


def test_days_that_cannot_be_read_narrow_nothing(cast: Any, client_for: Any) -> None:
    case = a_case(cast, title="Shouting in the stairwell")
    page = client_for(COLIN).get("/cases/?adopted_from=yesterday&sort=title").content.decode()
    assert case.matter.reference in page
