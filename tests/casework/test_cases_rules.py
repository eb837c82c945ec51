"""The rules of a case's life as tables: decisions, closing, reviews, moves, the trend."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from saferhub.casework.models import CaseStatus, DecisionKind, ReferralStatus
from saferhub.casework.registries import Blocker, Happened
from saferhub.casework.rules import cases as rules
from saferhub.casework.rules import cases_closing as closing
from saferhub.casework.rules import cases_deciding as deciding
from saferhub.casework.rules.case_trend import Point, direction, trend_words

DAY = date(2018, 9, 11)
ACTIONS = Blocker("open_actions", "2 actions are open.", "/actions/")
RISK = Blocker("high_risk", "A high risk has no mitigation", "/plan/")
WATCH = Blocker("unwatched", "An injunction is in force and nobody watches it", "/i/", must=True)


def codes(refusals: list) -> list[str]:
    return [one.code for one in refusals]


@pytest.mark.parametrize(
    ("status", "kind", "reason", "told", "refused"),
    [
        ("sent", "decline", "Ours.", "Yours.", []),
        ("asked", "decline", "Ours.", "Yours.", []),
        ("sent", "ask", "Ours.", "Which?", []),
        ("asked", "ask", "Ours.", "Which?", ["asked_already"]),
        ("draft", "decline", "Ours.", "Yours.", ["decided_already"]),
        ("adopted", "decline", "Ours.", "Yours.", ["decided_already"]),
        ("withdrawn", "adopt", "Ours.", "Yours.", ["decided_already"]),
        ("sent", "decline", " ", "Yours.", ["reason_missing"]),
        ("sent", "decline", "Ours.", "", ["told_missing"]),
        ("sent", "decline", "", "", ["reason_missing", "told_missing"]),
        ("sent", "decline", "Same words.", " Same words.", ["told_is_reason"]),
        ("sent", "signpost", "They are known to the police.", "Known? They are known to the police.", []),
        (
            "sent",
            "signpost",
            "They are known to the police for more.",
            "They are known to the police for more. Turn to: mediation.",
            ["told_is_reason"],
        ),
    ],
)
def test_a_decision_needs_a_waiting_referral_a_reason_and_words_for_the_referrer(
    status: str, kind: str, reason: str, told: str, refused: list[str]
) -> None:
    assert codes(deciding.decision_refusals(status=status, kind=kind, reason=reason, told=told)) == refused


@pytest.mark.parametrize(
    ("grounds", "declared", "refused"),
    [
        (["complex_unresolved"], True, []),
        (["complex_unresolved", "information"], True, []),
        ([], True, []),
        (["information"], True, ["solely_information"]),
        (["information", "information"], True, ["solely_information"]),
        (["information"], False, ["solely_information"]),
        (["complex_unresolved"], False, ["not_declared"]),
        ([], False, ["not_declared"]),
    ],
)
def test_nobody_is_adopted_solely_for_another_agencys_information(
    grounds: list[str], declared: bool, refused: list[str]
) -> None:
    assert codes(deciding.adoption_refusals(grounds=grounds, declared=declared)) == refused


def test_every_decision_leads_somewhere_and_has_words_for_the_referrer() -> None:
    assert set(deciding.OUTCOME) == set(DecisionKind)
    for kind in DecisionKind:
        words = deciding.first_words(kind, hub="Selby hub")
        # What is asked cannot be guessed.
        assert bool(words) == (kind != DecisionKind.ASK)
        assert "{" not in words
    assert {deciding.OUTCOME[kind] for kind in deciding.UNDECIDED} == {
        ReferralStatus.SENT,
        ReferralStatus.ASKED,
    }


@pytest.mark.parametrize(
    ("grounds", "met"),
    [(["demand", "information"], ["demand"]), (["b", "demand", "complex"], ["complex", "demand"]), ([], [])],
)
def test_the_tests_met_are_those_of_the_packs_in_their_order(grounds: list[str], met: list[str]) -> None:
    assert deciding.tests_met(grounds, ["complex", "demand"]) == met


@pytest.mark.parametrize(
    ("is_open", "same_hub", "refused"),
    [(True, True, []), (False, True, ["case_closed"]), (True, False, ["case_elsewhere"])],
)
def test_a_referral_is_added_to_an_open_case_of_the_same_hub(
    is_open: bool, same_hub: bool, refused: list[str]
) -> None:
    assert codes(deciding.attaching_refusals(is_open=is_open, same_hub=same_hub)) == refused


@pytest.mark.parametrize(
    ("status", "outcome", "reason", "blockers", "overridden", "why", "refused"),
    [
        ("active", "resolved", "Quiet.", [], [], "", []),
        ("reopened", "resolved", "Quiet.", [], [], "", []),
        ("closed", "resolved", "Quiet.", [], [], "", ["closed_already"]),
        ("active", "", "Quiet.", [], [], "", ["unknown_outcome"]),
        ("active", "won", "Quiet.", [], [], "", ["unknown_outcome"]),
        ("active", "resolved", " ", [], [], "", ["reason_missing"]),
        ("active", "resolved", "Quiet.", [ACTIONS], [], "", ["blocked"]),
        ("active", "resolved", "Quiet.", [ACTIONS], ["open_actions"], "", ["override_reason_missing"]),
        ("active", "resolved", "Quiet.", [ACTIONS], ["open_actions"], "They moved.", []),
        ("active", "resolved", "Quiet.", [ACTIONS, RISK], ["open_actions"], "They moved.", ["blocked"]),
        ("active", "resolved", "Quiet.", [WATCH], ["unwatched"], "They moved.", ["must_be_dealt_with"]),
        ("active", "resolved", "Quiet.", [WATCH], [], "", ["must_be_dealt_with"]),
        ("active", "resolved", "Quiet.", [], ["open_actions"], "", []),
    ],
)
def test_a_case_closes_over_what_stands_open_only_where_that_may_be_and_with_a_reason(
    status: str,
    outcome: str,
    reason: str,
    blockers: list[Blocker],
    overridden: list[str],
    why: str,
    refused: list[str],
) -> None:
    found = closing.closing_refusals(
        status=status,
        outcome=outcome,
        outcomes=["resolved"],
        reason=reason,
        blockers=blockers,
        overridden=overridden,
        override_reason=why,
    )
    assert codes(found) == refused


def test_a_refusal_to_close_leads_to_what_stands_in_the_way() -> None:
    found = closing.closing_refusals(
        status="active", outcome="resolved", outcomes=["resolved"], reason="Quiet.", blockers=[ACTIONS],
        overridden=[], override_reason="",
    )  # fmt: skip
    assert found[0].link == "/actions/"
    assert ".." not in found[0].sentence


def test_only_what_stood_in_the_way_and_could_be_set_aside_is_kept() -> None:
    assert closing.kept_overrides([ACTIONS, ACTIONS, WATCH], ["open_actions", "unwatched", "other"]) == [
        "open_actions"
    ]


@pytest.mark.parametrize(
    ("status", "reason", "refused"),
    [("closed", "Again.", []), ("closed", " ", ["reason_missing"]), ("active", "Again.", ["not_closed"])],
)
def test_only_a_closed_case_is_opened_again_and_with_a_reason(
    status: str, reason: str, refused: list[str]
) -> None:
    assert codes(closing.reopening_refusals(status=status, reason=reason)) == refused


@pytest.mark.parametrize(
    ("status", "words", "days", "refused"),
    [
        ("active", "Holds.", 14, []),
        ("active", "Holds.", 366, []),
        ("active", "Holds.", 367, ["next_too_far"]),
        ("active", "Holds.", 0, ["next_passed"]),
        ("active", "Holds.", -1, ["next_passed"]),
        ("active", "Holds.", None, ["next_missing"]),
        ("active", " ", 14, ["words_missing"]),
        ("closed", "Holds.", 14, ["is_closed"]),
    ],
)
def test_a_review_says_what_was_found_and_when_the_next_is(
    status: str, words: str, days: int | None, refused: list[str]
) -> None:
    next_on = None if days is None else DAY + timedelta(days=days)
    assert codes(rules.review_refusals(status=status, words=words, next_on=next_on, on=DAY)) == refused


@pytest.mark.parametrize(
    ("status", "target", "reason", "refused"),
    [
        ("assessing", "active", "", []),
        ("assessing", "monitoring", "", ["reason_missing"]),
        ("active", "monitoring", "", ["reason_missing"]),
        ("active", "monitoring", "Quiet for a month.", []),
        ("monitoring", "active", "", ["reason_missing"]),
        ("active", "closed", "x", ["illegal_move"]),
        ("closed", "reopened", "x", ["illegal_move"]),
        ("active", "assessing", "x", ["illegal_move"]),
        ("reopened", "active", "", []),
    ],
)
def test_moves_by_hand_leave_closing_to_its_own_page(
    status: str, target: str, reason: str, refused: list[str]
) -> None:
    assert codes(rules.move_refusals(status, target, reason)) == refused


def test_a_closed_case_has_no_move_by_hand() -> None:
    assert rules.moves_from(CaseStatus.CLOSED) == []


@pytest.mark.parametrize(
    ("status", "is_same", "note", "refused"),
    [
        ("active", False, "Ring first.", []),
        ("active", True, "Ring first.", ["same_lead"]),
        ("active", False, " ", ["note_missing"]),
        ("closed", False, "Ring first.", ["is_closed"]),
    ],
)
def test_a_case_goes_to_another_officer_with_a_note(
    status: str, is_same: bool, note: str, refused: list[str]
) -> None:
    assert codes(rules.lead_refusals(status=status, is_same=is_same, note=note)) == refused


@pytest.mark.parametrize(
    ("status", "title", "why", "refused"),
    [
        ("active", "Noise", "It goes on.", []),
        ("closed", "Noise", "It goes on.", ["is_closed"]),
        ("active", "", "It goes on.", ["title_missing"]),
        ("active", "Noise", "", ["why_missing"]),
    ],
)
def test_a_case_says_what_it_is_and_why(status: str, title: str, why: str, refused: list[str]) -> None:
    assert codes(rules.words_refusals(status=status, title=title, why=why)) == refused


@pytest.mark.parametrize(
    ("scores", "most", "way", "words"),
    [
        ([], 41, "", ""),
        ([24], 41, "", "Scored 24 of 41"),
        ([24], 0, "", "Scored 24"),
        ([14, 21, 24], 41, "rising", "Rising: 14, 21, now 24 of 41"),
        ([24, 14], 41, "falling", "Falling: 24, now 14 of 41"),
        ([24, 24], 0, "level", "Unchanged: 24, now 24"),
        ([1, 2, 3, 4, 5, 6], 0, "rising", "Rising: 3, 4, 5, now 6"),
    ],
)
def test_the_trend_is_told_in_words(scores: list[int], most: int, way: str, words: str) -> None:
    points = [Point(DAY + timedelta(days=n), score) for n, score in enumerate(scores)]
    assert (direction(points), trend_words(points, most)) == (way, words)


@pytest.mark.parametrize(
    ("at", "day", "shown"),
    [
        # Written on its day: with its hour.
        (datetime(2018, 9, 3, 9, 20, tzinfo=UTC), date(2018, 9, 3), datetime(2018, 9, 3, 9, 20, tzinfo=UTC)),
        # Known by its day alone, which stands at noon in London; and written on another day.
        (datetime(2018, 9, 3, 11, 0, tzinfo=UTC), date(2018, 9, 3), date(2018, 9, 3)),
        (datetime(2018, 9, 4, 9, 20, tzinfo=UTC), date(2018, 9, 3), date(2018, 9, 3)),
    ],
)
def test_the_hour_is_shown_where_it_is_known(at: datetime, day: date, shown: date) -> None:
    assert Happened(at, day, "note", "Quiet").shown_at == shown
