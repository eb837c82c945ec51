"""The nightly counting as the worker runs it: it commits, it sees whole partnerships, and it leaves a trace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from saferhub.audit.models import Entry
from saferhub.casework.models import Referral
from saferhub.partnership.models import Partnership
from saferhub.plan.models import Measure, Observation, Training
from saferhub.plan.operations import counting
from saferhub.plan.operations.counting import count_measures, count_partnership
from saferhub.plan.queries import counted
from saferhub.sharing.entering import entered
from tests.plan.measured import MAYA, quarters

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward"])
Cast = dict[str, Any]
HERE = "north_yorkshire"


def trained() -> Measure:
    return Measure.objects.get(partnership__code=HERE, code="exploitation_trained")


def train(cast: Cast, day: date, count: int) -> Training:
    measure = trained()
    assert measure.area is not None
    return Training.objects.create(
        partnership_id=measure.partnership_id, area=measure.area, on=day, topic="x", given_by="x", audience="x",
        count=count, by=cast[MAYA].public_id,
    )  # fmt: skip


def test_each_night_every_partnership_with_measures_is_put_on_the_queue(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(counting.count_partnership, "defer", lambda partnership: asked.append(partnership))
    assert count_measures.func() == 2
    assert asked == [HERE, "wealdshire"]


def test_the_job_writes_what_it_counted_and_the_second_run_writes_nothing(cast: Cast) -> None:
    first = count_partnership.func(partnership=HERE)
    assert first["new"] > 20 and first["replaced"] == 0
    rows = list(Observation.objects.order_by("pk").values())
    assert count_partnership.func(partnership=HERE) == {"new": 0, "replaced": 0}
    assert list(Observation.objects.order_by("pk").values()) == rows
    told = Entry.objects.filter(event="plan.measures_counted", partnership=HERE)
    assert [one.codes["new"] for one in told.order_by("pk")] == [first["new"], 0]
    # Only its own partnership's.
    assert not Observation.objects.filter(partnership__code="wealdshire", by="").exists()
    assert count_partnership.func(partnership="nowhere") == {}


def test_a_row_that_comes_late_replaces_the_figure_and_leaves_a_trace(cast: Cast) -> None:
    quarter = quarters(cast, 1)[0]
    count_partnership.func(partnership=HERE)
    published = counted.newest(trained(), quarter.last.replace(year=2019))
    assert published is not None and (published.first_day, published.value) == (quarter.first, 41)
    late = train(cast, quarter.last, 12)
    assert count_partnership.func(partnership=HERE) == {"new": 0, "replaced": 1}
    now = counted.changed_since([published])[published.pk]
    assert (now.value, now.rows, now.replaces_id, now.by) == (53, 2, published.pk, "")
    assert "rows of this time were added" in now.replaced_why
    published.refresh_from_db()
    assert (published.value, published.is_newest) == (41, False)
    told = Entry.objects.get(event="plan.figure_replaced")
    assert (told.subject, told.codes["measure"], told.actor) == (now.public_id, "exploitation_trained", "")
    # Corrected without another number: the rows are others, and that shows too.
    late.on = quarter.first
    late.save()
    assert count_partnership.func(partnership=HERE) == {"new": 0, "replaced": 1}


def test_a_time_whose_first_row_is_taken_out_is_counted_again(cast: Cast) -> None:
    early = train(cast, date(2016, 2, 10), 9)
    count_partnership.func(partnership=HERE)
    standing = trained().observations.get(first_day=date(2016, 1, 1), is_newest=True)
    assert standing.value == 9
    early.on = date(2017, 2, 10)
    early.save()
    count_partnership.func(partnership=HERE)
    standing.refresh_from_db()
    assert not standing.is_newest
    now = trained().observations.get(first_day=date(2016, 1, 1), is_newest=True)
    assert (now.value, now.replaces_id) == (0, standing.pk)


def test_the_job_counts_rows_that_nobody_is_entered_to_see(cast: Cast) -> None:
    partnership = Partnership.objects.get(code=HERE)
    quarter = quarters(cast, 1)[0]
    with entered(cast[MAYA]), transaction.atomic():
        waiting = Referral.objects.filter(sent_on__isnull=False, decided_on__isnull=True).order_by("pk")
        rows = list(waiting.values_list("pk", flat=True))
        Referral.objects.filter(pk__in=rows).update(sent_on=quarter.last)
        Referral.objects.filter(pk=rows[0]).update(sent_on=quarter.first)
        expected = Referral.objects.filter(sent_on__range=(quarter.first, quarter.last)).count()
        assert expected > 1
    assert not Referral.objects.exists()
    count_partnership.func(partnership=HERE)
    row = Observation.objects.get(
        partnership=partnership, measure__code="referrals_received", split="", first_day=quarter.first, is_newest=True
    )  # fmt: skip
    assert row.value == expected
