"""What a form adds up to, and in which band that lies.

Method (docs/rules/instruments.md):

* The score is the sum of the points of what is answered. “Don’t know” adds nothing, and neither does a question
  that nobody answered.
* The most it could be adds, for each of these, the most points that the question gives.
* The band is the highest of which any rule holds. It is worked out for the score as it stands, and for the
  worst that the unknown answers could turn out to be.
* A form with a question, or a count that a band asks for, unanswered has no band: it is incomplete.
* “Don’t know” never counts as low. Where an unknown answer could lift the score out of the lowest band, there is
  no band either, until it is found out or somebody judges.

A published form shows why: South Wales added “don’t know” to its checklist to prevent false low scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from saferhub.casework.pack_sections.scoring import Band, Definition, Prompt, Rule
from saferhub.foundation.refusals import Refusal

DONT_KNOW = "dont_know"


@dataclass(frozen=True, slots=True)
class Result:
    """What a form comes to.

    `score` and `most` in points: as it stands, and if every unknown went the worst way. `missing`: codes of
    questions and counts without any answer; `unknown`: those answered with “don’t know”. `band`: code, blank
    while it is incomplete. `at_least`: the band that holds already, whatever the rest turns out to be;
    `could_be`: the highest that it could be. `critical`: codes of questions with a critical answer. `prompts`:
    codes.
    """

    score: int
    most: int
    complete: bool
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    band: str
    at_least: str
    could_be: str
    critical: tuple[str, ...]
    prompts: tuple[str, ...]

    @property
    def could_add(self) -> int:
        """Points that the unknown answers could add."""
        return self.most - self.score

    @property
    def is_open(self) -> bool:
        """Whether what is unknown could raise the band."""
        return self.could_be != self.at_least


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rules look at: numbers as they stand, or as bad as they could be."""

    score: int
    critical: int
    counts: Mapping[str, float]
    chosen: Mapping[str, frozenset[str]]  # question -> answers that it has, or could have
    band: int = 0
    judged: int = 0


def score(
    definition: Definition,
    answers: Mapping[str, str],
    outside: Mapping[str, Any] | None = None,
    judged: str = "",
) -> Result:
    """Score a form. `answers`: question → option or `dont_know`; `outside`: count → whole number or `dont_know`.

    `judged`: the band that somebody judges, for prompts that look at it. Raises Refusal `unknown_answer` for an
    answer that the form does not have, `unknown_count` for a number below 0 or not whole.
    """
    outside = outside or {}
    _check(definition, answers, outside)
    points = most = sure = possible = 0
    missing: list[str] = []
    unknown: list[str] = []
    critical: list[str] = []
    now: dict[str, frozenset[str]] = {}
    worst: dict[str, frozenset[str]] = {}
    for question in definition.questions:
        given = answers.get(question.code)
        every = frozenset(option.code for option in question.options)
        if given is None or given == DONT_KNOW:
            (missing if given is None else unknown).append(question.code)
            most += question.most
            possible += question.is_critical
            now[question.code], worst[question.code] = frozenset(), every
            continue
        option = next(one for one in question.options if one.code == given)
        points, most = points + option.points, most + option.points
        if option.critical:
            critical.append(question.code)
            sure, possible = sure + 1, possible + 1
        now[question.code] = worst[question.code] = frozenset({given})
    asked = counts_of_bands(definition)
    counts: dict[str, float] = {}
    worst_counts: dict[str, float] = {}
    for count in definition.outside:
        value = outside.get(count.code)
        if isinstance(value, int):
            counts[count.code] = worst_counts[count.code] = value
            continue
        counts[count.code] = 0
        # One that only prompts ask for is a reason to look, never a doubt about the band.
        worst_counts[count.code] = float("inf") if count.code in asked else 0
        if value == DONT_KNOW:
            unknown.append(count.code)
        elif count.code in asked:
            missing.append(count.code)
    lowest = definition.rising[0].code if definition.bands else ""
    at_least = _band(definition, _Facts(points, sure, counts, now))
    could_be = _band(definition, _Facts(most, possible, worst_counts, worst))
    open_at_the_bottom = at_least == lowest and could_be != lowest
    complete = not missing and not (unknown and open_at_the_bottom)
    band = at_least if complete else ""
    facts = _Facts(
        points,
        sure,
        counts,
        now,
        band=order_of(definition, at_least),
        judged=order_of(definition, judged),
    )
    return Result(
        score=points,
        most=most,
        complete=complete,
        missing=tuple(missing),
        unknown=tuple(unknown),
        band=band,
        at_least=at_least,
        could_be=could_be,
        critical=tuple(critical),
        prompts=tuple(one.code for one in definition.prompts if _holds_any(definition, one.when, facts)),
    )


def _check(definition: Definition, answers: Mapping[str, str], outside: Mapping[str, Any]) -> None:
    for code, given in answers.items():
        question = definition.question(code)
        known = {option.code for option in question.options} if question else set()
        if question is not None and question.dont_know:
            known.add(DONT_KNOW)
        if given not in known:
            raise Refusal("unknown_answer", "One of the answers is not on this form. Choose it again.")
    counts = {count.code for count in definition.outside}
    for code, value in outside.items():
        is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000
        if code not in counts or not (is_number or value == DONT_KNOW):
            raise Refusal("unknown_count", "Enter each count as a whole number, 0 or more.")


def counts_of_bands(definition: Definition) -> frozenset[str]:
    """The outside counts that a band asks for; the others only prompt."""
    return frozenset(
        rule.count for band in definition.bands for rule in band.rules if rule.of == "outside" and rule.count
    )


def order_of(definition: Definition, code: str) -> int:
    """The place of a band, 1 the lowest; 0 for none."""
    band = definition.band(code)
    return band.order if band else 0


def _band(definition: Definition, facts: _Facts) -> str:
    """The highest band of which any rule holds; the lowest where none does."""
    for band in reversed(definition.rising):
        if _holds_any(definition, band.rules, facts):
            return band.code
    return definition.rising[0].code if definition.bands else ""


def _holds_any(definition: Definition, rules: Iterable[Rule], facts: _Facts) -> bool:
    return any(_holds(definition, rule, facts) for rule in rules)


def _holds(definition: Definition, rule: Rule, facts: _Facts) -> bool:
    """Whether a rule holds. `at_most` only words the range: the next band above takes what exceeds it."""
    match rule.of:
        case "score":
            return facts.score >= (rule.at_least or 0)
        case "critical":
            return facts.critical >= (rule.at_least or 0)
        case "outside":
            return facts.counts.get(rule.count or "", 0) >= (rule.at_least or 0)
        case "answer":
            return (rule.option or "") in facts.chosen.get(rule.question or "", frozenset())
        case "band":
            return facts.band >= order_of(definition, rule.level or "") > 0
        case "judged":
            return facts.judged >= order_of(definition, rule.level or "") > 0


# --- Judgement ------------------------------------------------------------------------------------------


def bands_to_judge(definition: Definition, result: Result) -> list[Band]:
    """The bands that judgement may give: every one, or where it may only raise those that are not below what
    the answers come to already."""
    if not definition.judgement.raise_only:
        return definition.rising
    floor = order_of(definition, result.at_least)
    return [band for band in definition.rising if band.order >= floor]


def check_judgement(definition: Definition, result: Result, judged: str, why: str) -> None:
    """Raise Refusal where a judged band is not one of those (`cannot_lower`, `unknown_band`), or comes without a
    reason (`why_missing`)."""
    if not judged:
        return
    band = definition.band(judged)
    if band is None:
        raise Refusal("unknown_band", "Choose a band of this form.")
    if judged not in {one.code for one in bands_to_judge(definition, result)}:
        lowest = definition.band(result.at_least)
        raise Refusal(
            "cannot_lower",
            f"Judgement may raise the band of this form, never lower it. The answers come to "
            f"{lowest.words if lowest else 'more'} already.",
        )
    if judged != result.band and not why.strip():
        raise Refusal("why_missing", f"Say why you judge it {band.words}. The panel will read it.")


# --- In words -------------------------------------------------------------------------------------------


def rule_words(definition: Definition, rule: Rule) -> str:
    """A rule as its reader understands it: "14 or more", "3 critical answers", "5 or more: calls in a month"."""
    low, high = rule.at_least or 0, rule.at_most
    number = f"{low} or more" if high is None else f"{low}" if low == high else f"{low} to {high}"
    match rule.of:
        case "score":
            return f"score {number}"
        case "critical":
            return f"{number} critical {'answer' if low == high == 1 else 'answers'}"
        case "outside":
            found = next((count for count in definition.outside if count.code == rule.count), None)
            return f"{found.words if found else rule.count}: {number}"
        case "answer":
            question = definition.question(rule.question or "")
            option = next(
                (one.words for one in (question.options if question else []) if one.code == rule.option), ""
            )
            return f"“{question.text if question else rule.question}” answered {option or rule.option}"
    band = definition.band(rule.level or "")
    words = band.words if band else rule.level
    return f"{'computed' if rule.of == 'band' else 'judged'} {words}"


def prompts_of(definition: Definition, codes: Iterable[str]) -> list[Prompt]:
    """The prompts with these codes, in the form's order."""
    wanted = set(codes)
    return [one for one in definition.prompts if one.code in wanted]
