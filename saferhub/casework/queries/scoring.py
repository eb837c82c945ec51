"""What the pages of scores read: every score of a referral or case, one with its answers, two side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from saferhub.casework.access import parts_readable_by
from saferhub.casework.access.inside import persons_inside, readable_rows
from saferhub.casework.models import Assessment, Case, PromptAnswer, Referral
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.pack_sections.scoring import Definition, Prompt, Question
from saferhub.casework.rules import scoring as rules
from saferhub.casework.rules.case_trend import Point, direction, trend_words
from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.sharing.models import Matter

from .case_facts import assessments_of


@dataclass(frozen=True, slots=True)
class Place:
    """The referral or case that is scored, and the addresses of its pages."""

    kind: str  # case or referral
    matter: Matter
    case: Case | None = None
    referral: Referral | None = None

    def url(self, name: str, *arguments: str) -> str:
        """The address of one of its pages: `scores`, `score`, `assessment`, `compare`, `prompt`."""
        return reverse(f"{self.kind}-{name}", args=[self.matter.public_id, *arguments])

    @property
    def home(self) -> str:
        return reverse(self.kind, args=[self.matter.public_id])


@dataclass(frozen=True, slots=True)
class Scored:
    """One score as a list shows it. `was_referral`: made of the referral before there was a case."""

    made: Assessment
    form: Definition
    band: str
    band_words: str
    judged_from: str
    by: str
    agency: str
    about: str
    url: str
    was_referral: bool
    open_prompts: int

    @property
    def can_be_drawn(self) -> bool:
        return self.made.is_complete and self.made.score is not None


def of_referral(actor: Actor, referral: Referral) -> list[Assessment]:
    """Every score of a referral, as far as the actor may read the folder that it lies in, the oldest first."""
    rows = Assessment.objects.filter(matter=referral.matter_id)
    return readable_rows(actor, rows.select_related("instrument_version__instrument").order_by("on", "id"))


def scores_of(actor: Actor, place: Place) -> list[Assessment]:
    """Every score of the place, the oldest first."""
    if place.case is not None:
        return assessments_of(actor, place.case)
    assert place.referral is not None
    return of_referral(actor, place.referral)


def rows(actor: Actor, place: Place, made: Sequence[Assessment]) -> list[Scored]:
    """The scores as a list shows them, in the order given. Five queries."""
    names = names_of((one.by for one in made), actor)
    agencies = agency_names((one.agency for one in made), actor)
    about = any(one.person_id for one in made)
    people = {one.pk: one.name for one in persons_inside(actor, place.matter)} if about else {}
    answered = _answered(actor, made)
    found = []
    for one in made:
        form = read(one.instrument_version)
        band = one.standing_band
        found.append(
            Scored(
                made=one,
                form=form,
                band=band or "incomplete",
                band_words=band_words(form, band),
                judged_from=(band_words(form, one.band) if one.judged_band else ""),
                by=names.get(one.by, "Somebody"),
                agency=agencies.get(one.agency, one.agency),
                about=people.get(one.person_id, "One person") if one.person_id else "",
                url=place.url("assessment", one.public_id),
                was_referral=place.kind == "case" and one.matter_id != place.matter.pk,
                open_prompts=len(set(one.prompts) - answered.get(one.pk, set())),
            )
        )
    return found


def band_words(form: Definition, code: str) -> str:
    """What a form calls a band; "Incomplete" for none."""
    band = form.band(code)
    return band.words if band else "Incomplete"


def _answered(actor: Actor, made: Iterable[Assessment]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for answer in answers_to(actor, made):
        found.setdefault(answer.assessment_id, set()).add(answer.prompt)
    return found


def answers_to(actor: Actor, made: Iterable[Assessment]) -> list[PromptAnswer]:
    """What was answered to the prompts of these scores, which the actor was just given. An answer lies in the
    folder of its score. One query, none where nothing is prompted."""
    asked = [one for one in made if one.prompts]
    if not asked:
        return []
    numbers = tuple(one.pk for one in asked)
    folders = {one.folder_id for one in asked}
    return once(
        ("answers_to", actor, numbers),
        lambda: list(PromptAnswer.objects.filter(folder__in=folders, assessment__in=numbers).order_by("id")),
    )


# --- The trend ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    score: int
    on: date
    label_y: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A band of the chart's ground, from `y` down `height`."""

    words: str
    code: str
    y: float
    height: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart of scores made with one form, about one and the same, in units of the drawing."""

    name: str
    about: str
    words: str
    direction: str
    most: int
    dots: list[Dot]
    zones: list[Zone]
    line: str
    first: date
    last: date
    text: str


WIDTH, HEIGHT, LEFT, TOP = 640.0, 180.0, 84.0, 16.0


def trends(found: Sequence[Scored]) -> list[Trend]:
    """A chart for each form (and person) with two or more complete scores; the most recent first."""
    groups: dict[tuple[int, int | None], list[Scored]] = {}
    for one in found:
        if one.can_be_drawn:
            key = (one.made.instrument_version.instrument_id, one.made.person_id)
            groups.setdefault(key, []).append(one)
    several = [group for group in groups.values() if len(group) > 1]
    return [_trend(group) for group in sorted(several, key=lambda group: group[-1].made.on, reverse=True)]


def _trend(group: Sequence[Scored]) -> Trend:
    form = group[-1].form
    most = max([form.most, *(one.made.score or 0 for one in group)])
    first, last = group[0].made.on, group[-1].made.on
    days = max((last - first).days, 1)

    def height_of(score: float) -> float:
        return round(TOP + HEIGHT * (1 - score / max(most, 1)), 1)

    dots = []
    for n, one in enumerate(group):
        share = (one.made.on - first).days / days if last > first else n / max(len(group) - 1, 1)
        y = height_of(one.made.score or 0)
        dots.append(
            Dot(
                x=round(LEFT + 24 + (WIDTH - LEFT - 56) * share, 1),
                y=y,
                score=one.made.score or 0,
                on=one.made.on,
                label_y=round(y - 9 if y > TOP + 14 else y + 19, 1),
            )
        )
    points = [Point(one.made.on, one.made.score or 0) for one in group]
    said = "; ".join(f"{one.on:%-d %b %Y}: {one.score}" for one in points)
    return Trend(
        name=form.name,
        about=group[-1].about,
        words=trend_words(points),
        direction=direction(points),
        most=most,
        dots=dots,
        zones=_zones(form, height_of),
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        first=first,
        last=last,
        text=f"{form.name}, 0 to {most}. {said}. {trend_words(points)}.",
    )


def _zones(form: Definition, height_of: Any) -> list[Zone]:
    """The bands by score as strips of the ground, for a form whose bands have score ranges."""
    found = []
    for band, low, high in score_ranges(form):
        top, bottom = height_of(high), height_of(low)
        found.append(
            Zone(band.words, band.code, top, round(bottom - top, 1), round((top + bottom) / 2 + 4, 1))
        )
    return found


def score_ranges(form: Definition) -> list[tuple[Any, int, int]]:
    """Each band with the scores from which and to which it reaches by its score alone, the lowest first."""
    starts = [(band, rule.at_least or 0) for band in form.rising for rule in band.rules if rule.of == "score"]
    ends = [start for _, start in starts[1:]] + [form.most]
    return [(band, start, end) for (band, start), end in zip(starts, ends, strict=True)]


# --- One score, and two ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what was answered."""

    question: Question
    answer: str
    points: int | None
    is_unknown: bool
    is_critical: bool


def answers_of(form: Definition, made: Assessment) -> list[Answered]:
    """Every question of the form with its answer in that score."""
    found = []
    for question in form.questions:
        given = made.answers.get(question.code)
        option = next((one for one in question.options if one.code == given), None)
        found.append(
            Answered(
                question=question,
                answer=option.words
                if option
                else ("Don’t know" if given == rules.DONT_KNOW else "Not answered"),
                points=option.points if option else None,
                is_unknown=option is None,
                is_critical=bool(option and option.critical),
            )
        )
    return found


def counts_of(form: Definition, made: Assessment) -> list[tuple[str, str]]:
    """The counts from outside the form, in words."""
    return [
        (
            count.words,
            "Don’t know"
            if made.outside.get(count.code) == rules.DONT_KNOW
            else str(made.outside.get(count.code, "Not entered")),
        )
        for count in form.outside
    ]


@dataclass(frozen=True, slots=True)
class Raised:
    """A prompt that a score raised, and what was decided about it."""

    prompt: Prompt
    why: str
    outcome: str
    words: str
    by: str
    on: date | None
    url: str

    @property
    def is_open(self) -> bool:
        return self.on is None


def prompts_raised(actor: Actor, place: Place, made: Assessment) -> list[Raised]:
    """What the score prompts, why, and how each was answered. Two queries."""
    form = read(made.instrument_version)
    answers = {one.prompt: one for one in parts_readable_by(actor, PromptAnswer).filter(assessment=made.pk)}
    names = names_of((one.by for one in answers.values()), actor)
    found = []
    for prompt in rules.prompts_of(form, made.prompts):
        answer = answers.get(prompt.code)
        found.append(
            Raised(
                prompt=prompt,
                why=", or ".join(rules.rule_words(form, rule) for rule in prompt.when),
                outcome=answer.get_outcome_display() if answer else "",
                words=answer.words if answer else "",
                by=names.get(answer.by, "Somebody") if answer else "",
                on=answer.on if answer else None,
                url=place.url("prompt", made.public_id, prompt.code),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One question in two scores."""

    text: str
    before: str
    before_points: int | None
    after: str
    after_points: int | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def change(self) -> int | None:
        if self.before_points is None or self.after_points is None:
            return None
        return self.after_points - self.before_points


def compared(before: Scored, after: Scored) -> list[Compared]:
    """Two scores question by question, matched by the questions' codes: versions of one form may differ."""
    first = {one.question.code: one for one in answers_of(before.form, before.made)}
    second = {one.question.code: one for one in answers_of(after.form, after.made)}
    found = []
    for code in [*second, *(code for code in first if code not in second)]:
        a, b = first.get(code), second.get(code)
        shown = b or a
        assert shown is not None
        found.append(
            Compared(
                text=shown.question.text,
                before=a.answer if a else "Not on that version",
                before_points=a.points if a else None,
                after=b.answer if b else "Not on that version",
                after_points=b.points if b else None,
            )
        )
    return found


def difference_words(before: Scored, after: Scored) -> str:
    """Which way it went, in words."""
    a, b = before.made.score or 0, after.made.score or 0
    if not (before.made.is_complete and after.made.is_complete):
        return "At least one of the two is incomplete, so they say little about the direction."
    if before.made.instrument_version.instrument_id != after.made.instrument_version.instrument_id:
        return "They were made with different forms, so their scores do not compare."
    if a == b:
        return f"The score is unchanged at {b}."
    return f"The score {'rose' if b > a else 'fell'} by {abs(b - a)} points, from {a} to {b}."


def latest(found: Sequence[Scored]) -> Scored | None:
    """The newest score of the matter as a whole; of a person where there is none."""
    whole = [one for one in found if one.made.person_id is None]
    newest = whole or list(found)
    return newest[-1] if newest else None


def last_two(found: Sequence[Scored]) -> tuple[Scored | None, Scored | None]:
    """The last two that compare: made with one form, about one and the same; of any kind where none do."""
    for after in reversed(found):
        same = [
            one
            for one in found[: found.index(after)]
            if one.made.instrument_version.instrument_id == after.made.instrument_version.instrument_id
            and one.made.person_id == after.made.person_id
        ]
        if same:
            return same[-1], after
    return (found[-2], found[-1]) if len(found) > 1 else (None, None)
