"""The head of a case: how risky and which way, who leads, what is next and by when, when it is looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from saferhub.casework.access import parts_readable_by
from saferhub.casework.access.inside import folders_inside
from saferhub.casework.models import ActionStatus, Assessment, Case
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.registries import NEXT, Next
from saferhub.casework.rules.actions import state_of
from saferhub.casework.rules.case_trend import Point, direction, trend_words
from saferhub.casework.rules.scoring import DONT_KNOW
from saferhub.foundation.one_page import once
from saferhub.foundation.templatetags.words import count_words
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.known_days import is_provisional
from saferhub.sharing.models import Enclosure, Sensitivity

from .cases_people import in_matter
from .notes_plan import risk_review


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What stands above every page of a case. `band` is "incomplete" and `band_words` says so where nothing
    complete has been scored. `judged`: that the band is not the score's but a judgement, and what was scored.
    `next`: the earliest step that nothing is in the way of; `blocked`: those that something is, and `clears` who
    clears the way. `risk_review_on`: when a risk is looked at, where that is before the case's review."""

    band: str
    band_words: str
    scores: list[int]
    direction: str
    risk_words: str
    banded_on: date | None
    judged: str
    lead: str
    lead_of: str
    lead_phone: str
    next: Next | None
    blocked: list[Next]
    clears: str
    late_others: int
    review_on: date | None
    is_review_late: bool
    is_review_provisional: bool
    risk_review_on: date | None
    open_days: int


def assessments_of(actor: Actor, case: Case) -> list[Assessment]:
    """Every scoring of the case, and of the referral as the hub scored it before, the oldest first. Asked once for
    each page."""
    return once(("assessments_of", actor, case.pk), lambda: _assessments_of(actor, case))


def _assessments_of(actor: Actor, case: Case) -> list[Assessment]:
    readable = [case.folder_id, *(one.pk for one in folders_inside(actor, case.matter))]
    return list(
        Assessment.objects.filter(folder__in=readable)
        .select_related("instrument_version")
        .order_by("on", "id")
    )


def next_steps(actor: Actor, case: Case) -> list[Next]:
    """What every part of casework says is next, the earliest first; what has no day comes last. Each says how it
    stands."""
    found = [_standing(step, actor.on) for provider in NEXT for step in provider(actor, case, actor.on)]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max))


def _standing(step: Next, on: date) -> Next:
    """The step with its state: its day tells, where its own part does not."""
    if step.state is not None:
        return step
    state = ("no_target", "No day is set")
    if step.due_on is not None:
        state = state_of(ActionStatus.OPEN, step.due_on, on)
    return replace(step, state=state)


def counted(steps: Sequence[Next]) -> str:
    """How many of them are actions and how many something else: "5 actions, 2 other steps"."""
    actions = sum(one.is_action for one in steps)
    others = len(steps) - actions
    said = [count_words(actions, "action")] if actions else []
    if others:
        said.append(count_words(others, "other step" if actions else "step"))
    return ", ".join(said)


def facts_of(
    actor: Actor, case: Case, *, steps: list[Next] | None = None, scored: list[Assessment] | None = None
) -> CaseFacts:
    """The four facts. About ten queries; none for what the caller has loaded already."""
    steps = next_steps(actor, case) if steps is None else steps
    scored = assessments_of(actor, case) if scored is None else scored
    points = _points(scored)
    newest = _newest(scored)
    form = read(newest.instrument_version) if newest is not None else None
    lead = case.matter.lead
    unit = case.lead_unit
    days = ((case.closed_on or actor.on) - case.adopted_on).days
    lead_of = unit.agency.name if unit.is_whole_agency else f"{unit.name}, {unit.agency.name}"
    blocked = [one for one in steps if one.is_blocked]
    free = [one for one in steps if not one.is_blocked]
    looked = risk_review(actor, case) if case.is_open else None
    is_sooner = looked is not None and (case.review_on is None or looked < case.review_on)
    return CaseFacts(
        band=case.band or "incomplete",
        band_words=_band_words(form, case.band) if case.band else ("Incomplete" if scored else "Not scored"),
        scores=[one.score for one in points],
        direction=direction(points),
        risk_words=trend_words(points, form.most if form is not None else 0),
        banded_on=case.banded_on,
        judged=_judged_incomplete(scored) or _judged(form, newest),
        lead=lead.name if lead else "Nobody yet",
        lead_of=lead_of,
        lead_phone=lead.telephone if lead else "",
        next=free[0] if free else None,
        blocked=blocked,
        clears=lead.name if lead else lead_of,
        late_others=sum(1 for one in free[1:] if one.due_on is not None and one.due_on < actor.on),
        review_on=case.review_on,
        is_review_late=case.is_open and case.review_on is not None and case.review_on < actor.on,
        is_review_provisional=case.is_open and is_provisional(case.review_on),
        risk_review_on=looked if is_sooner else None,
        open_days=max(days, 0),
    )


def _newest(scored: Sequence[Assessment]) -> Assessment | None:
    complete = [one for one in scored if one.is_complete and one.person_id is None]
    return complete[-1] if complete else None


def _judged_incomplete(scored: Sequence[Assessment]) -> str:
    """That the newest band of the case as a whole is judgement alone, and how much was left open; nothing where it
    was completed."""
    standing = [one for one in scored if one.standing_band and one.person_id is None]
    if not standing or standing[-1].is_complete:
        return ""
    made = standing[-1]
    form = read(made.instrument_version)
    answered = sum(1 for one in form.questions if made.answers.get(one.code, DONT_KNOW) != DONT_KNOW)
    of = f" of {form.most}" if form.most else ""
    count = len(form.questions)
    return f"Judged; {count - answered} of {count} not answered ({made.score}{of} so far)"


def judged_among(actor: Actor, cases: Sequence[Case]) -> dict[int, str]:
    """For a list: by number of the case, that its band is judgement, and what was scored. Only those of which that
    is so. Two queries, however many."""
    banded = {case.folder_id: case.pk for case in cases if case.band}
    if not banded:
        return {}
    within = Enclosure.objects.filter(outer__in=banded, ended_at__isnull=True)
    of_folder = {**banded, **{inner: banded[outer] for inner, outer in within.values_list("inner", "outer")}}
    scored: dict[int, list[Assessment]] = {}
    rows = parts_readable_by(actor, Assessment).filter(folder__in=of_folder)
    for one in rows.select_related("instrument_version").order_by("on", "id"):
        scored.setdefault(of_folder[one.folder_id], []).append(one)
    found = {}
    for number, made in scored.items():
        newest = _newest(made)
        form = read(newest.instrument_version) if newest is not None else None
        if said := _judged_incomplete(made) or _judged(form, newest):
            found[number] = said
    return found


def _judged(form: Definition | None, newest: Assessment | None) -> str:
    """What was scored and what was judged instead; nothing where the score's own band counts."""
    if newest is None or newest.judged_band in ("", newest.band):
        return ""
    of = f" of {form.most}" if form is not None and form.most else ""
    scored = f"{_band_words(form, newest.band)}, {newest.score}{of}"
    return f"Scored {scored}; judged {_band_words(form, newest.judged_band)}, with a reason"


def _band_words(form: Definition | None, code: str) -> str:
    """What the form calls a band; the band's code in words where this form does not have it."""
    band = form.band(code) if form is not None else None
    return str(band.words) if band is not None else code.replace("_", " ").capitalize()


def _points(scored: Sequence[Assessment]) -> list[Point]:
    """The scores that can be compared: complete ones made with the instrument that was used last."""
    newest = _newest(scored)
    if newest is None:
        return []
    same = newest.instrument_version.instrument_id
    return [
        Point(one.on, one.score)
        for one in scored
        if one.is_complete
        and one.person_id is None
        and one.score is not None
        and one.instrument_version.instrument_id == same
    ]


def protecting_tags(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """What protects somebody in the case, each once; and that the case is restricted."""
    found: dict[str, str] = {}
    if case.sensitivity != Sensitivity.NORMAL:
        found["Restricted to named people"] = "violet"
    for one in in_matter(actor, case.matter):
        for words, tone in one.tags if one.is_person else ():
            found.setdefault(words, tone)
    return list(found.items())
