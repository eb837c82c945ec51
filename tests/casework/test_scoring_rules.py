"""Scores: each form of the pack against a plain calculation written another way, with “don’t know” and gaps."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.rules import instruments
from saferhub.casework.rules.scoring import (
    DONT_KNOW,
    bands_to_judge,
    check_judgement,
    rule_words,
    score,
)
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.packs.checking import read_pack

PACKS = Path(__file__).resolve().parents[2] / "packs"
FORMS = ("asb_matrix", "domestic_abuse_24", "exploitation_tool", "domestic_abuse_checklist")
Answers = dict[str, str]


@cache
def forms() -> dict[str, Definition]:
    found = read_pack(PACKS / "england").items["instruments"]
    return {placed.item.id: placed.item.definition for placed in found}  # type: ignore[attr-defined]


# --- The plain calculation: figures as the sources print them, not read from the pack --------------------

YES = {"no": 0, "yes": 1}
ASB = {
    "frequency": {"only_now": 0, "occasional": 1, "monthly": 2, "weekly": 3, "most_days": 4, "daily": 5},
    "linked": {"no": 0, "yes": 2},
    "worsening": {"no": 0, "yes": 2},
    "knows": {"no": 0, "by_sight": 1, "well": 2},
    "history": {"none": 0, "others": 2, "before": 4, "now": 6},
    "aimed": {"nobody": 0, "community": 1, "group": 2, "household": 3, "person": 4},
    "identity": {"no": 0, "yes": 3},
    "more_at_risk": {"no": 0, "yes": 3},
    "effect": {"none": 0, "little": 1, "moderate": 2, "a_lot": 3, "extreme": 5},
    "health": {"no": 0, "yes": 3},
    "support": {"close": 0, "few": 1, "unsupported": 2, "alone": 3},
    "others_affected": {"none": 0, "one": 1, "family": 2, "wider": 3},
}
LEVELS = {"none": 0, "low": 2, "some": 4, "serious": 6, "severe": 8}
EXPLOITATION = {
    "missing": {
        name: n
        for n, name in enumerate(
            ["none", "late", "occasional", "frequent_short", "frequent_long", "no_contact"]
        )
    },
    "education": {
        name: n for n, name in enumerate(["full_time", "irregular", "part_time", "out_interested", "out"])
    },
    "substances": {
        name: n
        for n, name in enumerate(["none", "suspected", "with_services", "without_services", "dependent"])
    },
    **dict.fromkeys(("individual", "home", "peers", "health"), LEVELS),
    "recognising": {**LEVELS, "severe": 9},
    "disclosed": {"no": 0, "yes": 0},
}
SIGNIFICANT = {
    "injury", "isolation", "stalking", "control", "threats_to_kill", "strangulation", "sexual_harm"
}  # fmt: skip


def table_of(name: str) -> dict[str, dict[str, int]]:
    if name == "asb_matrix":
        return ASB
    if name == "exploitation_tool":
        return EXPLOITATION
    return {question.code: YES for question in forms()[name].questions}


def plain_band(name: str, points: int, answers: Answers, calls: float) -> str:
    """The band by the figures of the sources."""
    if name == "asb_matrix":
        return "standard" if points <= 14 else "medium" if points <= 24 else "high"
    if name == "domestic_abuse_24":
        return "standard" if points <= 9 else "medium" if points <= 13 else "high"
    if name == "exploitation_tool":
        if answers.get("disclosed") == "yes":
            return "high"
        return "low" if points <= 18 else "medium" if points <= 34 else "high"
    ticks = sum(1 for code in SIGNIFICANT if answers.get(code) == "yes")
    if points >= 14 or ticks >= 4 or calls >= 5:
        return "very_high"
    if points >= 9 or ticks >= 3 or calls >= 4:
        return "high"
    return "medium" if points or ticks or calls >= 3 else "standard"


def plain(name: str, answers: Answers, calls: Any) -> tuple[int, int, str, str]:
    """Score, most, band and the highest band possible: by filling in every way that an unknown could go."""
    table = table_of(name)
    known = {code: answer for code, answer in answers.items() if answer != DONT_KNOW}
    worst = dict(known)
    for code, options in table.items():
        if code not in known:
            worst[code] = max(reversed(options), key=lambda option: options[option])
    points = sum(table[code][answer] for code, answer in known.items())
    most = sum(table[code][answer] for code, answer in worst.items())
    counted = calls if isinstance(calls, int) else None
    lowest = "low" if name == "exploitation_tool" else "standard"
    now = plain_band(name, points, known, counted or 0)
    then = plain_band(name, most, worst, float("inf") if counted is None else counted)
    asks_calls = name == "domestic_abuse_checklist"
    gap = set(table) - set(answers) or (asks_calls and calls is None)
    unsure = DONT_KNOW in answers.values() or (asks_calls and calls == DONT_KNOW)
    band = "" if gap or (unsure and now == lowest != then) else now
    return points, most, band, then


@st.composite
def filled(draw: st.DrawFn, name: str) -> tuple[Answers, Any]:
    gaps = draw(st.sampled_from([0, 1, 5]))
    answers = {}
    for code, options in table_of(name).items():
        choices = [*options, DONT_KNOW]
        chosen = draw(st.sampled_from(choices + [""] * gaps))
        if chosen:
            answers[code] = chosen
    calls: Any = None
    if name == "domestic_abuse_checklist":
        calls = draw(st.one_of(st.integers(0, 8), st.just(DONT_KNOW), st.none()))
    return answers, calls


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_each_form_agrees_with_a_plain_calculation(name: str, data: st.DataObject) -> None:
    answers, calls = data.draw(filled(name))
    outside = {} if calls is None else {"call_outs_month": calls}
    found = score(forms()[name], answers, outside)
    assert (found.score, found.most, found.band, found.could_be) == plain(name, answers, calls)
    assert found.complete is bool(found.band)
    assert set(found.unknown) - {"call_outs_month"} == {c for c, a in answers.items() if a == DONT_KNOW}


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_finding_out_an_unknown_answer_never_leaves_what_was_said_to_be_possible(
    name: str, data: st.DataObject
) -> None:
    form = forms()[name]
    answers, calls = data.draw(filled(name))
    outside = {} if calls is None else {"call_outs_month": calls}
    before = score(form, answers, outside)
    found_out = dict(answers)
    for question in form.questions:
        if answers.get(question.code, DONT_KNOW) == DONT_KNOW:
            found_out[question.code] = data.draw(st.sampled_from([o.code for o in question.options]))
    if name == "domestic_abuse_checklist" and not isinstance(calls, int):
        outside = {"call_outs_month": 0}
    after = score(form, found_out, outside)
    order = [band.code for band in form.rising]
    assert before.score <= after.score <= before.most
    assert order.index(before.at_least) <= order.index(after.at_least) <= order.index(before.could_be)


# --- The figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "most", "questions"),
    [
        ("asb_matrix", 41, 12),
        ("domestic_abuse_24", 24, 24),
        ("exploitation_tool", 54, 9),
        ("domestic_abuse_checklist", 23, 23),
    ],
)
def test_the_forms_have_the_totals_that_were_published(name: str, most: int, questions: int) -> None:
    form = forms()[name]
    assert (form.most, instruments.most_of(form), len(form.questions)) == (most, most, questions)
    assert instruments.problems(form) == []


def test_the_checklist_has_seven_significant_concerns() -> None:
    found = {one.code for one in forms()["domestic_abuse_checklist"].questions if one.is_critical}
    assert found == SIGNIFICANT


def _dash(ticks: int, **more: str) -> Answers:
    codes = [
        question.code for question in forms()["domestic_abuse_24"].questions if question.code not in more
    ]
    return {code: "yes" if n < ticks else "no" for n, code in enumerate(codes)} | more


@pytest.mark.parametrize(
    ("answers", "outside", "judged", "prompts"),
    [
        (_dash(13, strangulation="no"), {}, "", ()),
        (_dash(14, strangulation="no"), {}, "", ("marac",)),
        (_dash(2, strangulation="no"), {}, "high", ("marac",)),
        (_dash(2, strangulation="no"), {}, "medium", ()),
        (_dash(2, strangulation="no"), {"events_12_months": 3}, "", ("marac",)),
        (_dash(2, strangulation="no"), {"events_12_months": 2}, "", ()),
        (_dash(2, strangulation="no"), {"heard_12_months": 1}, "", ("marac",)),
        (_dash(0, strangulation="yes"), {}, "", ("strangulation",)),
        ({"strangulation": "yes"}, {}, "", ("strangulation",)),
    ],
)
def test_score_judgement_escalation_and_strangulation_prompt_and_do_not_decide(
    answers: Answers, outside: dict[str, Any], judged: str, prompts: tuple[str, ...]
) -> None:
    found = score(forms()["domestic_abuse_24"], answers, outside, judged)
    assert found.prompts == prompts


def test_a_count_that_only_prompts_ask_for_may_stay_empty() -> None:
    found = score(forms()["domestic_abuse_24"], _dash(3), {"events_12_months": DONT_KNOW})
    assert (found.complete, found.band) == (True, "standard")


def test_a_disclosure_is_high_at_any_score() -> None:
    form = forms()["exploitation_tool"]
    lowest = {question.code: question.options[0].code for question in form.questions}
    assert score(form, lowest).band == "low"
    found = score(form, lowest | {"disclosed": "yes"})
    assert (found.score, found.band, found.critical, found.prompts) == (
        0,
        "high",
        ("disclosed",),
        ("safeguarding",),
    )


def test_dont_know_never_counts_as_low() -> None:
    form = forms()["asb_matrix"]
    nothing_known = {question.code: DONT_KNOW for question in form.questions}
    found = score(form, nothing_known)
    assert (found.score, found.most, found.complete, found.band, found.could_be) == (0, 41, False, "", "high")


def test_an_unknown_that_cannot_lift_the_lowest_band_leaves_it() -> None:
    form = forms()["asb_matrix"]
    answers = {question.code: question.options[0].code for question in form.questions}
    found = score(form, answers | {"health": DONT_KNOW})
    assert (found.band, found.most, found.is_open) == ("standard", 3, False)


def test_the_worked_example_of_the_documentation() -> None:
    answers = {
        "frequency": "most_days", "linked": "yes", "worsening": "yes", "knows": "well", "history": "before",
        "aimed": "household", "identity": DONT_KNOW, "more_at_risk": "yes", "effect": "moderate",
        "health": DONT_KNOW, "support": "few", "others_affected": "one",
    }  # fmt: skip
    found = score(forms()["asb_matrix"], answers)
    assert (found.score, found.band, found.could_add, found.most, found.could_be) == (
        24,
        "medium",
        6,
        30,
        "high",
    )
    assert found.unknown == ("identity", "health")
    text = (PACKS.parent / "docs" / "rules" / "instruments.md").read_text(encoding="utf-8")
    assert "4 + 2 + 2 + 2 + 4 + 3 + 3 + 2 + 1 + 1 = 24" in text
    assert "24 to 30" in text


# --- Judgement, refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judged", "why", "code"),
    [
        ("", "", ""),
        ("medium", "", ""),
        ("high", "The door was broken.", ""),
        ("high", "  ", "why_missing"),
        ("standard", "It is calmer.", "cannot_lower"),
        ("purple", "Because.", "unknown_band"),
    ],
)
def test_judgement_may_raise_the_band_with_a_reason_and_never_lower_it(
    judged: str, why: str, code: str
) -> None:
    form = forms()["asb_matrix"]
    answers = {question.code: question.options[0].code for question in form.questions}
    answers |= {"history": "now", "frequency": "daily", "effect": "extreme"}
    found = score(form, answers)
    assert found.band == "medium"
    if not code:
        check_judgement(form, found, judged, why)
        return
    with pytest.raises(Refusal) as refused:
        check_judgement(form, found, judged, why)
    assert refused.value.code == code


def test_judgement_may_lower_where_the_form_lets_it() -> None:
    form = _changed(judgement={"raise_only": False})
    answers = {question.code: question.options[-1].code for question in form.questions}
    found = score(form, answers)
    assert [band.code for band in bands_to_judge(form, found)] == ["standard", "medium", "high"]
    check_judgement(form, found, "standard", "The couple has moved away.")


@pytest.mark.parametrize(
    ("answers", "outside", "code"),
    [
        ({"frequency": "hourly"}, {}, "unknown_answer"),
        ({"weather": "rain"}, {}, "unknown_answer"),
        ({}, {"calls": 3}, "unknown_count"),
    ],
)
def test_an_answer_that_the_form_does_not_have_is_refused(
    answers: Answers, outside: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        score(forms()["asb_matrix"], answers, outside)
    assert refused.value.code == code


@pytest.mark.parametrize("value", [-1, True, "5", 2.5])
def test_a_count_is_a_whole_number_from_0(value: Any) -> None:
    with pytest.raises(Refusal):
        score(forms()["domestic_abuse_checklist"], {}, {"call_outs_month": value})


def test_rules_are_told_in_words() -> None:
    form = forms()["domestic_abuse_checklist"]
    words = [rule_words(form, rule) for rule in form.bands[1].rules]
    assert words == [
        "score 1 to 8",
        "1 to 2 critical answers",
        "Times the police were called out in the last month: 3",
    ]


# --- Whether a form fits together -------------------------------------------------------------------------


def _changed(**changes: Any) -> Definition:
    return Definition.model_validate(forms()["asb_matrix"].model_dump() | changes)


def _bands(*ranges: tuple[int, int | None]) -> list[dict[str, Any]]:
    return [
        {
            "code": ("standard", "medium", "high")[n - 1],
            "words": f"Band {n}",
            "order": n,
            "rules": [{"of": "score", "at_least": low, **({"at_most": high} if high is not None else {})}],
        }
        for n, (low, high) in enumerate(ranges, 1)
    ]


@pytest.mark.parametrize(
    ("changes", "part_of_the_sentence"),
    [
        ({"most": 40}, "given as 40, and the answers add up to 41"),
        ({"questions": []}, "There is no question yet"),
        ({"bands": []}, "at least two bands"),
        ({"bands": _bands((0, 14), (16, None))}, "ends at score 14 and “Band 2” begins at 16"),
        ({"bands": _bands((0, 20), (15, None))}, "ends at score 20 and “Band 2” begins at 15"),
        ({"bands": _bands((0, 14), (15, 50), (51, None))}, "begins at 51, above the highest score"),
        ({"outside": [{"code": "calls", "words": "Calls"}] * 2}, "Two counts have the code “calls”"),
    ],
)
def test_what_does_not_fit_together_is_said(changes: dict[str, Any], part_of_the_sentence: str) -> None:
    found = instruments.problems(_changed(**changes))
    assert any(part_of_the_sentence in sentence for sentence in found), found


def test_topics_stay_unpublished_until_every_question_is_worded() -> None:
    origin = forms()["domestic_abuse_24"]
    own = origin.model_dump() | {"wording": "Licensed to us on 1 May 2018."}
    assert instruments.wording_refusals(Definition.model_validate(own), origin)[0].code == "still_topics"
    for question in own["questions"]:
        question["text"] = f"Our own question about {question['text'].lower()}?"
    assert instruments.wording_refusals(Definition.model_validate(own), origin) == []
