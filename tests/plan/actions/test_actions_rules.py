"""How actions stand, how an area stands as a whole, and what may be planned, moved and decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.plan.models.strategy import PlanStatus
from saferhub.plan.rules import actions as rules

D = date
DUE = D(2018, 9, 30)


@pytest.mark.parametrize(
    ("status", "on", "mark", "words", "late"),
    [
        ("on_track", D(2018, 9, 30), "on_track", "On track", False),
        ("on_track", D(2018, 10, 1), "late", "1 day late", True),
        ("not_started", D(2018, 10, 10), "late", "10 days late", True),
        ("done", D(2018, 12, 1), "done", "Done", False),
        ("stopped", D(2018, 12, 1), "no_target", "Stopped", False),
        ("at_risk", D(2018, 9, 1), "at_risk", "At risk", False),
    ],
)
def test_late_is_seen_from_the_dates_and_never_of_what_is_over(
    status: str, on: date, mark: str, words: str, late: bool
) -> None:
    assert rules.state_of(status, DUE, on) == rules.State(mark, words, late)


def test_what_is_late_counts_as_off_track() -> None:
    assert rules.counts_as("on_track", DUE, D(2018, 10, 1)) == "off_track"
    assert rules.counts_as("on_track", DUE, DUE) == "on_track"


@pytest.mark.parametrize(
    ("counted", "mark"),
    [
        ([], "no_target"),
        (["stopped"], "no_target"),
        (["done", "done"], "done"),
        (["done", "on_track"], "on_track"),
        (["done", "not_started"], "on_track"),
        (["not_started", "not_started", "stopped"], "not_started"),
        (["on_track", "on_track", "at_risk"], "at_risk"),
        (["on_track", "on_track", "off_track"], "at_risk"),
        (["on_track", "off_track"], "off_track"),
        (["off_track", "stopped", "stopped"], "off_track"),
    ],
)
def test_an_area_stands_as_its_rule_says(counted: list[str], mark: str) -> None:
    assert rules.overall(counted).mark == mark


def test_a_strip_is_counted_in_the_order_of_the_key() -> None:
    assert rules.strip_words(["at_risk", "on_track", "done", "on_track"]) == "1 done, 2 on track, 1 at risk"
    assert rules.strip_words([]) == ""


def test_every_status_has_its_rule_and_a_place_in_the_strip() -> None:
    assert set(rules.RULES) == set(rules.STRIP_ORDER) == set(PlanStatus)


@pytest.mark.parametrize(
    ("due", "done", "dropped", "words"),
    [
        (D(2018, 9, 1), None, "", "27 days late"),
        (D(2018, 9, 28), None, "", "To come"),
        (D(2018, 9, 1), D(2018, 9, 5), "", "Done"),
        (D(2018, 9, 1), None, "The board asked for something else", "Not wanted any more"),
        (D(2018, 9, 30), D(2018, 9, 29), "", "To come"),
    ],
)
def test_a_milestone_stands_as_its_days_say(due: date, done: date | None, dropped: str, words: str) -> None:
    assert rules.milestone_state(due, done, dropped, D(2018, 9, 28)).words == words


def codes(found: Any) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("what", "starts", "due", "refused"),
    [
        ("Map services", None, D(2019, 3, 31), []),
        ("Map services", D(2018, 4, 1), D(2018, 4, 1), []),
        (" ", None, D(2019, 3, 31), ["no_what"]),
        ("Map services", None, D(2019, 4, 1), ["due_outside_year"]),
        ("Map services", None, D(2018, 3, 31), ["due_outside_year"]),
        ("Map services", D(2018, 10, 2), D(2018, 10, 1), ["starts_after_due"]),
    ],
)
def test_an_action_is_planned_within_its_year(
    what: str, starts: date | None, due: date, refused: list[str]
) -> None:
    found = rules.planned_refusals(
        what=what, starts_on=starts, due_on=due, first_day=D(2018, 4, 1), last_day=D(2019, 3, 31)
    )
    assert codes(found) == refused


@pytest.mark.parametrize(
    ("before", "after", "reason", "evidence", "refused"),
    [
        ("on_track", "done", "", "The minutes", []),
        ("on_track", "done", "", "", ["no_evidence"]),
        ("on_track", "at_risk", "", "", ["no_reason"]),
        ("on_track", "off_track", "No money", "", []),
        ("on_track", "stopped", "", "", ["no_reason"]),
        ("at_risk", "on_track", "", "", []),
        ("done", "on_track", "", "", ["no_reason"]),
        ("stopped", "on_track", "Asked for again", "", []),
    ],
)
def test_trouble_stopping_and_beginning_again_ask_for_words_and_done_for_what_shows_it(
    before: str, after: str, reason: str, evidence: str, refused: list[str]
) -> None:
    assert codes(rules.move_refusals(before=before, after=after, reason=reason, evidence=evidence)) == refused


def test_a_decision_has_a_reason_keeping_too() -> None:
    assert codes(rules.decision_refusals(decision="keep", why="It works")) == []
    assert codes(rules.decision_refusals(decision="", why="")) == ["no_decision", "no_why"]
    assert rules.needs_decision("on_track", "")
    assert not any(
        rules.needs_decision(*one) for one in (("on_track", "keep"), ("done", ""), ("stopped", ""))
    )


@pytest.mark.parametrize(
    ("taken", "number"), [([], "2.1"), (["2.9", "2.10", "12.40", "3.1"], "2.11"), (["2.x", "2"], "2.1")]
)
def test_the_next_number_follows_the_greatest(taken: list[str], number: str) -> None:
    assert rules.next_number(2, taken) == number


def test_numbers_stand_in_order() -> None:
    assert sorted(["2.10", "2.9", "10.1", "1.1"], key=rules.number_key) == ["1.1", "2.9", "2.10", "10.1"]
