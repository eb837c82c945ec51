"""Every counter, over a year of both packs' partnerships, against plain SQL that was written apart from it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction

from saferhub.casework.models import Intervention, InterventionMove, Referral
from saferhub.foundation import clock
from saferhub.foundation.ids import new_public_id
from saferhub.partnership.models import Partnership
from saferhub.plan import counters
from saferhub.plan.models import Measure, Observation
from saferhub.plan.operations.counting import count_partnership
from saferhub.plan.rules.periods import Period, last_ended
from saferhub.sharing.entering import entered
from tests.plan.counted import a_year, plain_sql

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward", "owner"])
Cast = dict[str, Any]
# Contracts end seldom, so a year of them is looked at too.
YEAR = Period(date(2017, 7, 1), date(2018, 8, 27))


def _near(value: Any, expected: float | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return abs(float(value) - expected) <= 0.0006


def _same(found: Any, expected: plain_sql.Figure) -> bool:
    return (found.numerator, found.denominator, found.rows) == (
        expected.numerator,
        expected.denominator,
        expected.rows,
    ) and _near(found.value, expected.value)


@pytest.mark.parametrize("code", ["north_yorkshire", "wealdshire"])
def test_every_counter_and_every_kept_figure_is_what_plain_sql_counts(cast: Cast, code: str) -> None:
    partnership = a_year.load(cast, code)
    with transaction.atomic(using="steward"):
        told = set()
        for counter in counters.all_counters():
            for period in [*last_ended("quarter", clock.today(), 3), YEAR]:
                expected = plain_sql.counted("steward", counter.code, partnership, period.first, period.last)
                found = counter.count("steward", partnership.pk, period.first, period.last)
                said = f"{counter.code}, {period.words}"
                assert (found[0].split, found[0].code) == ("", ""), said
                assert {(one.split, one.code) for one in found} == set(expected), said
                for one in found:
                    wanted = expected[one.split, one.code]
                    assert _same(one, wanted), (said, one, wanted)
                    assert (one.value is None) == bool(one.missing_why), said
                if found[0].value:
                    told.add(counter.code)
    assert {one.code for one in counters.all_counters()} - told == set(), "the year is too small for these"
    assert count_partnership.func(partnership=code)["new"] > 0
    _check_kept(partnership)


def _check_kept(partnership: Partnership) -> None:
    """Every figure that the nightly counting keeps of these rows is what plain SQL counts."""
    figures = Observation.objects.filter(partnership=partnership, by="", is_newest=True)
    with transaction.atomic(using="steward"):

        @cache
        def expected(counter: str, first: date, last: date) -> dict[tuple[str, str], plain_sql.Figure]:
            return plain_sql.counted("steward", counter, partnership, first, last)

        for one in figures.select_related("measure__area", "version"):
            counter, area = one.version.counted_by, one.measure.area
            of_area = counters.by_code(counter).by_area and area is not None
            place = ("area", area.code) if of_area and area is not None else (one.split, one.part)
            found = expected(counter, one.first_day, one.last_day)[place]
            assert _same(one, found), (counter, one.first_day, place, one.value, found)
    kept = Measure.objects.filter(partnership=partnership).exclude(versions__counted_by="")
    without = set(kept.values_list("code", flat=True)) - set(figures.values_list("measure__code", flat=True))
    # The first partnership's first meetings were held in a quarter that is not over.
    assert without <= {"attendance_others", "attendance_statutory"}


def test_a_number_changes_with_its_rows_and_with_nothing_else(cast: Cast) -> None:
    """The hash shows that a row was corrected even where the number stays."""
    partnership = Partnership.objects.get(code="north_yorkshire")
    codes = [one.code for one in counters.all_counters()]

    def ask(code: str) -> counters.Part:
        return counters.by_code(code).count("steward", partnership.pk, YEAR.first, YEAR.last)[0]

    with transaction.atomic(using="steward"):
        before = {code: ask(code) for code in codes}
        assert {code: ask(code) for code in codes} == before
    with entered(cast["maya.manager"]), transaction.atomic():
        decided = Referral.objects.filter(decided_on__range=(YEAR.first, YEAR.last - timedelta(days=1)))
        one = decided.order_by("id").first()
        assert one is not None and one.decided_on is not None
        Referral.objects.filter(pk=one.pk).update(decided_on=one.decided_on + timedelta(days=1))
    with transaction.atomic(using="steward"):
        changed = {code for code in codes if ask(code).rows_hash != before[code].rows_hash}
    assert changed == {"decision_days", "adopted_share"}


def test_what_is_recorded_late_changes_no_figure_of_a_time_that_was_over(cast: Cast) -> None:
    """It counts on the day on which it became known, and once."""
    partnership = Partnership.objects.get(code="north_yorkshire")
    (quarter,) = last_ended("quarter", clock.today(), 1)
    late = Period(quarter.last + timedelta(days=1), quarter.last + timedelta(days=40))

    def ask(code: str, period: Period) -> Any:
        with transaction.atomic(using="steward"):
            whole = counters.by_code(code).count("steward", partnership.pk, period.first, period.last)[0]
            return whole.denominator

    codes = ("enforcement_share", "contracts_positive")
    before = {code: (ask(code, quarter), ask(code, late)) for code in codes}
    with entered(cast["maya.manager"]), transaction.atomic():
        one = Intervention.objects.filter(partnership=partnership, starts_on__isnull=False).earliest("id")
        one.pk, one.public_id, one.power = None, new_public_id(), "acceptable_behaviour_contract"
        one.starts_on, one.ended_on = quarter.first, quarter.last
        one.status, one.outcome = "ended", "kept"
        one.save(force_insert=True)
        for status in ("in_place", "ended"):
            InterventionMove.objects.create(
                partnership=partnership, folder_id=one.folder_id, intervention=one, to_status=status,
                on=late.first, by=cast["maya.manager"].public_id,
            )  # fmt: skip
    for code in codes:
        of_quarter, afterwards = before[code]
        assert (ask(code, quarter), ask(code, late)) == (of_quarter, (afterwards or 0) + 1), code
