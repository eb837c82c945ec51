"""The running total beside a form: the scale with its bands, where the score stands, what the unknown could add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from saferhub.casework.models import Assessment
from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.rules import scoring as rules
from saferhub.casework.rules.scoring import Result

from .scoring import Scored, band_words, score_ranges

WIDTH = 300.0
SIDE = 8.0  # room for the pointer at either end


@dataclass(frozen=True, slots=True)
class Part:
    """One band of the scale, in units of the drawing."""

    code: str
    words: str
    x: float
    width: float
    middle: float
    start: int
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """The drawing: bands, the score, and how far the unknown could take it."""

    parts: list[Part]
    at: float
    until: float
    most: int
    text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Total:
    """What the panel beside the form says."""

    result: Result
    most: int
    answered: int
    questions: int
    unknown: int
    band: str
    band_words: str
    could_be: str
    at_least: str
    find_out: list[tuple[str, str]]
    missing: list[tuple[str, str]]
    scale: Scale
    computed_words: str
    judged: str
    judged_words: str
    review: str
    prompts: list[Any]
    before: Sequence[Scored]
    critical: int
    has_critical: bool


def _scale(form: Definition, score: int, most: int) -> Scale:
    def place_of(points: float) -> float:
        return round(SIDE + (WIDTH - 2 * SIDE) * points / max(form.most, 1), 1)

    parts = []
    for band, low, high in score_ranges(form):
        x, end = place_of(low), place_of(high)
        parts.append(
            Part(
                code=band.code,
                words=band.words,
                x=x,
                width=round(end - x, 1),
                middle=round((x + end) / 2, 1),
                start=low,
                is_wide=end - x > 8.0 * len(band.words),
            )
        )
    text = f"{score} on a scale from 0 to {form.most}"
    if most > score:
        text += f"; unknown answers could take it to {most}"
    return Scale(parts, place_of(score), place_of(most), form.most, text, most > score)


def of_assessment(form: Definition, made: Assessment) -> Scale:
    """The scale of a score that is kept."""
    return _scale(form, made.score or 0, made.most or made.score or 0)


def total(form: Definition, page: Any, before: Sequence[Scored]) -> Total:
    """The running total of a form as it stands on the page (`page`: the ScoreForm)."""
    result: Result = page.result
    named = [(f"{row.number} {row.question.text}", row) for row in page.rows]
    links = {
        row.question.code: (words, f"#{row.choices[0].id}" if row.choices else "") for words, row in named
    }
    for count, (field, _) in zip(form.outside, page.counts, strict=True):
        links[count.code] = (count.words, f"#{field.auto_id}")
    judged = page.judged_band if page.judged_band != result.band else ""
    standing = judged or result.band
    band = form.band(standing)
    return Total(
        result=result,
        most=form.most,
        answered=sum(1 for _, row in named if row.points is not None or row.is_unknown),
        questions=len(named),
        unknown=len(result.unknown),
        band=result.band or "incomplete",
        band_words=band_words(form, result.band),
        could_be=band_words(form, result.could_be) if result.is_open else "",
        at_least=band_words(form, result.at_least),
        find_out=[links[code] for code in result.unknown],
        missing=[links[code] for code in result.missing],
        scale=_scale(form, result.score, result.most),
        computed_words=f"{band_words(form, result.band)} {result.score}" if result.band else "Incomplete",
        judged=judged,
        judged_words=band_words(form, judged) if judged else "",
        review=f"in {band.review}" if band and band.review else "",
        prompts=rules.prompts_of(form, result.prompts),
        before=before,
        critical=len(result.critical),
        has_critical=any(question.is_critical for question in form.questions),
    )
