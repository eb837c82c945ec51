"""What packs say on a day: dates, overriding, order, source, and one query each."""

from __future__ import annotations

from datetime import date

import pytest

from saferhub.partnership.models import Partnership
from saferhub.partnership.operations.packs import load_packs
from saferhub.partnership.queries.in_force import entries, entry, sections

from .places import ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE

pytestmark = pytest.mark.django_db

TODAY = date(2018, 8, 28)


def test_two_partnerships_live_beside_each_other_and_see_only_their_own():
    load_packs([ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE])
    north, weald = (Partnership.objects.get(code=code) for code in ("north_yorkshire", "wealdshire"))
    assert len(entries(north, "hubs", TODAY)) == 7
    assert len(entries(weald, "hubs", TODAY)) == 3
    assert len(entries(weald, "priorities", TODAY)) == 4
    assert entries(None, "hubs", TODAY) == []


def test_a_partnership_s_entry_stands_in_for_the_national_one():
    load_packs([ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE])
    north, weald = (Partnership.objects.get(code=code) for code in ("north_yorkshire", "wealdshire"))
    assert entry(weald, "duties", "plan_revision", TODAY).item.recurrence.due_month == 10
    assert not entry(weald, "duties", "plan_revision", TODAY).is_national
    assert entry(north, "duties", "plan_revision", TODAY).item.recurrence.due_month == 3
    assert len(entries(weald, "duties", TODAY)) == len(entries(north, "duties", TODAY))


def test_what_is_in_force_follows_the_day():
    load_packs([ENGLAND, NORTH_YORKSHIRE])
    partnership = Partnership.objects.get()

    def agencies(day):
        return {one.code for one in entries(partnership, "agencies", day)}

    assert "selby_district_council" in agencies(date(2023, 3, 31))
    assert "north_yorkshire_council" not in agencies(date(2023, 3, 31))
    assert "selby_district_council" not in agencies(date(2023, 4, 1))
    assert "north_yorkshire_council" in agencies(date(2023, 4, 1))
    assert entry(None, "powers", "respect_order", date(2026, 6, 28)) is None
    assert entry(None, "powers", "respect_order", date(2026, 6, 29)).verify
    assert entry(None, "labels", "death_review", TODAY).item.short == "DHR"
    assert entry(None, "labels", "death_review", date(2025, 1, 1)).item.short == "DARDR"


def test_entries_come_in_the_order_of_the_file_with_their_source():
    load_packs([ENGLAND, NORTH_YORKSHIRE])
    found = entries(Partnership.objects.get(), "principles", TODAY)
    assert [one.item.number for one in found] == [1, 2, 3, 4, 5, 6, 7]
    assert str(found[0].source[0]) == "report, paragraph 4.1"
    assert found[0].release.pack == "north_yorkshire_2018"


def test_reading_takes_one_query_beside_the_one_for_whether_the_packs_still_stand(django_assert_num_queries):
    load_packs([ENGLAND, NORTH_YORKSHIRE])
    partnership = Partnership.objects.get()
    with django_assert_num_queries(2):
        entries(partnership, "agencies", TODAY)
    with django_assert_num_queries(1):
        entry(partnership, "agencies", "selby_district_council", TODAY)
    with django_assert_num_queries(2):
        found = sections(partnership, ["boards", "hubs", "agency_kinds"], TODAY)
    with django_assert_num_queries(1):
        assert sections(partnership, ["hubs", "boards", "agency_kinds"], TODAY) == found
    assert {name: len(rows) for name, rows in found.items()} == {"boards": 17, "hubs": 7, "agency_kinds": 16}


def test_an_unknown_section_is_a_programming_error():
    with pytest.raises(KeyError):
        entries(None, "hub", TODAY)
