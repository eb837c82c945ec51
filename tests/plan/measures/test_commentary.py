"""What owners say of their measures: asked for after each quarter, chased, kept with what was said before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan.models import Commentary, Measure
from saferhub.plan.operations import commentary_asking
from saferhub.plan.operations.commentary import say_commentary
from saferhub.plan.operations.measures import end_measure
from saferhub.plan.queries.scorecard import open_work, work_items
from tests.plan.measured import ANA, COLIN, MAYA, OLIVIA, a_measure, act, quarters, who

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
DAY = date(2018, 7, 11)  # a Wednesday soon after a quarter


@pytest.fixture
def alone(cast: Cast) -> Measure:
    """One measure, Ana's; of the demonstration's none is kept any more."""
    Measure.objects.update(ended_on=date(2018, 1, 1), ended_why="For the test")
    return a_measure(cast, [31, 35])


Ask = Callable[[date], int]


@pytest.fixture
def ask(django_capture_on_commit_callbacks: Any) -> Ask:
    """The job of a day, with its mail sent."""

    def run(day: date) -> int:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            return commentary_asking.ask_owners(on=day)

    return run


def say(cast: Cast, username: str, measure: Measure, words: str, **more: Any) -> Commentary:
    given = {"quarter": quarters(cast, 1)[0].first, **more}
    return act(cast, username, say_commentary, measure_id=measure.public_id, words=words, **given)


def test_an_owner_is_asked_once_and_then_reminded_each_week(cast: Cast, alone: Measure, ask: Ask) -> None:
    assert ask(DAY) == 1
    row = Commentary.objects.get(measure=alone)
    assert (row.quarter, row.asked_on, row.on) == (date(2018, 4, 1), DAY, None)
    assert row.due_on is not None and row.due_on > DAY
    assert [one.to for one in mail.outbox] == [[cast[ANA].email]]
    text = mail.outbox[0].body
    assert "Visits to the drop-in" in text and "April to June 2018" in text and "35" not in text
    assert ask(DAY) == 0
    assert ask(DAY + timedelta(days=1)) == 0
    assert ask(row.due_on) == 1
    assert "Still without a word" in mail.outbox[0].body
    assert ask(row.due_on) == 0
    assert ask(row.due_on + timedelta(days=7)) == 1
    assert Entry.objects.filter(event="plan.commentary_reminded").count() == 2


def test_who_has_answered_is_not_reminded(cast: Cast, alone: Measure, ask: Ask) -> None:
    ask(DAY)
    say(cast, ANA, alone, "More people come since the doors open at nine.")
    row = Commentary.objects.get(measure=alone)
    assert (row.by, row.on) == (cast[ANA].public_id, who(cast, ANA).on)
    assert row.due_on is not None
    assert ask(row.due_on) == 0


def test_a_measure_whose_owner_is_not_named_is_asked_of_those_who_keep_measures(
    cast: Cast, alone: Measure, ask: Ask
) -> None:
    Measure.objects.filter(pk=alone.pk).update(owner=None)
    ask(DAY)
    told = {to for one in mail.outbox for to in one.to}
    assert told == {cast[ANA].email, cast[MAYA].email}


def test_a_measure_that_is_not_kept_any_more_is_asked_of_nobody(cast: Cast, alone: Measure, ask: Ask) -> None:
    act(cast, ANA, end_measure, measure_id=alone.public_id, last_day=date(2018, 3, 31), why="Shut", seen=1)
    assert ask(DAY) == 0


def test_of_a_quarter_before_it_was_defined_nobody_is_asked(cast: Cast, alone: Measure, ask: Ask) -> None:
    later = a_measure(cast, name="Visits to the other drop-in")
    assert later.versions.get().valid_from > date(2018, 6, 30)
    assert ask(DAY) == 1
    assert Commentary.objects.filter(measure=alone).exists()
    assert not Commentary.objects.filter(measure=later).exists()


def test_on_a_saturday_nobody_is_asked(cast: Cast, alone: Measure, ask: Ask) -> None:
    assert ask(date(2018, 7, 14)) == 0
    assert not Commentary.objects.filter(measure=alone).exists()


def test_other_words_follow_those_that_were_said(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    first = say(cast, ANA, measure, "More came.")
    with pytest.raises(Conflict):
        say(cast, MAYA, measure, "Fewer came.")
    second = say(cast, MAYA, measure, "Fewer came.", seen=first.public_id)
    assert second.replaces == first
    first.refresh_from_db()
    assert first.words == "More came."
    third = say(cast, ANA, measure, "As many came.", seen=second.public_id)
    assert third.replaces == second
    assert Entry.objects.filter(event="plan.commentary_corrected").count() == 2


def test_why_words_are_not_taken(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    for words, code in ((" ", "no_words"), ("x" * 2_001, "too_long")):
        with pytest.raises(Refusal) as refusal:
            say(cast, ANA, measure, words)
        assert refusal.value.code == code
    with pytest.raises(Refusal, match="not over"):
        say(cast, ANA, measure, "More came.", quarter=date(2018, 7, 1))
    with pytest.raises(Http404):
        say(cast, ANA, measure, "More came.", quarter=date(2018, 5, 1))
    with pytest.raises(NotAllowed, match="Partnership analyst"):
        say(cast, COLIN, measure, "More came.")
    with pytest.raises(Http404):
        say(cast, OLIVIA, measure, "More came.")


def test_what_is_asked_waits_in_the_owners_work_and_a_leaver_leaves_it(
    cast: Cast, alone: Measure, ask: Ask
) -> None:
    ask(DAY)
    assert [one.title for one in work_items(who(cast, ANA))] == ["Visits to the drop-in"]
    assert list(work_items(who(cast, MAYA))) == []
    assert [one.title for one in open_work(cast[ANA], who(cast, MAYA))] == ["Visits to the drop-in"]
    say(cast, ANA, alone, "More came.")
    assert list(work_items(who(cast, ANA))) == []
