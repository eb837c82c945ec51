"""Whether a form's parts fit together, and whether it may be published.

A draft may be incomplete; what is wrong is listed all at once, in sentences for whoever writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from saferhub.casework.pack_sections.scoring import Definition, Rule
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.packs.schema import Length
from saferhub.partnership.rules.clocks import add_months


def review_day(length: Length, on: date) -> date:
    """The day on which a case is looked at again, `length` after it was scored. Months end on the corresponding
    date, or on the last day of a month too short to have it."""
    if length.unit in ("months", "years"):
        return add_months(on, length.n * (12 if length.unit == "years" else 1))
    return on + timedelta(days=length.n * (7 if length.unit == "weeks" else 1))


def problems(definition: Definition) -> list[str]:
    """Everything that keeps a form from being used; none: it fits together."""
    return [
        *_of_questions(definition),
        *_of_bands(definition),
        *_of_rules(definition),
    ]


def most_of(definition: Definition) -> int:
    """The highest score that the options allow."""
    return sum(question.most for question in definition.questions)


def _twice(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({code for code in codes if code in seen or seen.add(code)})  # type: ignore[func-returns-value]


def _of_questions(definition: Definition) -> list[str]:
    found = []
    if not definition.questions:
        found.append("There is no question yet. Add one.")
    for code in _twice(question.code for question in definition.questions):
        found.append(f"Two questions have the code “{code}”. Give one another.")
    for question in definition.questions:
        if len(question.options) < 2:
            found.append(f"“{question.text}” needs at least two answers.")
        for code in _twice(option.code for option in question.options):
            found.append(f"“{question.text}” has two answers with the code “{code}”. Give one another.")
        if any(option.code == "dont_know" for option in question.options):
            found.append(f"“{question.text}” has an answer called “dont_know”, which is a word of its own.")
    total = most_of(definition)
    if definition.questions and total != definition.most:
        found.append(
            f"The highest score is given as {definition.most}, and the answers add up to {total}. "
            "Correct the points or the highest score."
        )
    return found


def _of_bands(definition: Definition) -> list[str]:
    found = []
    if len(definition.bands) < 2:
        return ["A form has at least two bands."]
    for code in _twice(band.code for band in definition.bands):
        found.append(f"Two bands have the code “{code}”. Give one another.")
    for order in _twice(str(band.order) for band in definition.bands):
        found.append(f"Two bands stand in place {order}. Put them in order, 1 the lowest.")
    for band in definition.bands:
        if band.review and band.review.unit in ("working_days", "hours"):
            found.append(f"“{band.words}” is looked at again after days, weeks, months or years.")
    for band in definition.rising[1:]:
        if not band.rules:
            found.append(f"“{band.words}” has no rule, so nothing would ever be in it.")
    for kind, words in (("score", "score"), ("critical", "number of critical answers")):
        found += _of_ranges(definition, kind, words)
    scores = [rule for band in definition.bands for rule in band.rules if rule.of == "score"]
    for rule in scores:
        if (rule.at_least or 0) > definition.most:
            found.append(
                f"A band begins at {rule.at_least}, above the highest score of {definition.most}. Correct one."
            )
    return found


def _of_ranges(definition: Definition, kind: str, words: str) -> list[str]:
    """Ranges rise with the bands, and leave neither gap nor overlap."""
    ranges = [(band, rule) for band in definition.rising for rule in band.rules if rule.of == kind]
    found = []
    for (below, low), (above, high) in pairwise(ranges):
        if below is above:
            found.append(f"“{above.words}” has two rules of the {words}. Keep one.")
        elif low.at_most is not None and low.at_most + 1 != high.at_least:
            found.append(
                f"“{below.words}” ends at {words} {low.at_most} and “{above.words}” begins at {high.at_least}. "
                "Let one begin where the other ends."
            )
        elif (high.at_least or 0) <= (low.at_least or 0):
            found.append(f"“{above.words}” begins no higher than “{below.words}” by its {words}.")
    return found


def _of_rules(definition: Definition) -> list[str]:
    """Every question, answer, count and band that a rule names is there."""
    found = []
    counts = {count.code for count in definition.outside}
    bands = {band.code for band in definition.bands}
    named: list[tuple[str, Rule]] = [
        *((f"the band “{band.words}”", rule) for band in definition.bands for rule in band.rules),
        *((f"the prompt “{one.words}”", rule) for one in definition.prompts for rule in one.when),
    ]
    for where, rule in named:
        if rule.of == "outside" and rule.count not in counts:
            found.append(
                f"A rule of {where} looks at the count “{rule.count}”, which the form does not have."
            )
        if rule.of == "answer":
            question = definition.question(rule.question or "")
            if question is None or rule.option not in {option.code for option in question.options}:
                found.append(
                    f"A rule of {where} looks at “{rule.option}” in the question “{rule.question}”, which the "
                    "form does not have."
                )
        if rule.of in ("band", "judged"):
            if rule.level not in bands:
                found.append(
                    f"A rule of {where} looks at the band “{rule.level}”, which the form does not have."
                )
            if where.startswith("the band"):
                found.append(f"A rule of {where} looks at a band. Only prompts may.")
    for code in _twice(count.code for count in definition.outside):
        found.append(f"Two counts have the code “{code}”. Give one another.")
    for code in _twice(one.code for one in definition.prompts):
        found.append(f"Two prompts have the code “{code}”. Give one another.")
    return found


def unworded(definition: Definition, origin: Definition | None) -> list[str]:
    """The questions of a form that still carry the words of the one it was made from."""
    if origin is None:
        return []
    before = {question.code: question.text.strip().casefold() for question in origin.questions}
    return [
        question.text
        for question in definition.questions
        if before.get(question.code) == question.text.strip().casefold()
    ]


def wording_refusals(definition: Definition, origin: Definition | None) -> list[Refusal]:
    """Why a form may not be called the partnership's own: it says nothing of whose wording it is, or (topics of
    somebody else's form) questions still stand as topics, or (a reconstruction) nothing was changed at all."""
    if not definition.wording:
        return [Refusal("wording_missing", "Say whose wording it is, and on what terms you use it.")]
    if origin is None:
        return []
    still = unworded(definition, origin)
    if origin.topics_only and still:
        return [
            Refusal(
                "still_topics",
                f"{len(still)} of {len(definition.questions)} questions are still topics, the first “{still[0]}”. "
                "Enter the wording that you hold a licence for.",
            )
        ]
    if origin.reconstruction and still and len(still) == len(origin.questions):
        return [
            Refusal(
                "still_reconstruction",
                "Every question still stands as it was reconstructed. Enter your partnership’s own form first.",
            )
        ]
    return []


def publish_refusals(
    definition: Definition,
    *,
    is_demonstration: bool,
    effective_from: date,
    today: date,
    latest: date | None,
    note: str,
) -> list[Refusal]:
    """Why a draft may not be published. `latest`: the first day of the newest version in use."""
    found = [Refusal("does_not_fit", sentence) for sentence in problems(definition)]
    if (definition.reconstruction or definition.topics_only) and not is_demonstration:
        what = "gives topics only" if definition.topics_only else "is a reconstruction"
        found.append(
            Refusal(
                "not_your_form",
                f"This version {what}: it was rebuilt from what was published and is not the form that your "
                "partnership agreed. Nobody may be scored by it. Enter your own wording first, then publish.",
            )
        )
    if effective_from < today:
        found.append(Refusal("in_the_past", "A version begins today or later, so that no old score changes."))
    elif latest is not None and effective_from < latest:
        found.append(
            Refusal(
                "before_another",
                f"Another version begins on {latest:%-d %B %Y}. This one begins then or later.",
            )
        )
    if not note.strip():
        found.append(Refusal("note_missing", "Say what changed, and why."))
    return found
