"""Scoring a referral or case, and what is decided about what a score prompts.

An assessment is never changed: a new look is a new one. It keeps the version of the form that it was made with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from saferhub.audit import operations as audit
from saferhub.casework.access import (
    get_case_for_update,
    get_part,
    get_referral_for_update,
    parts_readable_by,
)
from saferhub.casework.access import scoring as access
from saferhub.casework.models import (
    Assessment,
    Case,
    InstrumentVersion,
    PromptAnswer,
    PromptOutcome,
    Referral,
)
from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.rules import scoring as rules
from saferhub.casework.rules.instruments import review_day
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor
from saferhub.people.queries.lists import persons_in
from saferhub.sharing.models import Enclosure, Folder, Matter

from .cases_work_folder import ensure_score_folder
from .keeping import keep_band
from .scoring_forms import read

# Bands of all forms in one order, for a case that is scored by more than one.
_ORDER = {"low": 1, "standard": 1, "medium": 2, "high": 3, "very_high": 4}


@dataclass(frozen=True, slots=True)
class Scoring:
    """What somebody entered on a scoring form.

    `judged`: code of a band; blank, or the computed one, where judgement does not differ. `person`: public_id of
    a person in the matter, or blank for the matter as a whole. `trained`: she said that she is trained in it.
    """

    answers: dict[str, str]
    outside: dict[str, Any] = field(default_factory=dict)
    judged: str = ""
    judged_why: str = ""
    panel_agrees: bool | None = None
    with_victim_alone: bool | None = None
    trained: bool = False
    person: str = ""
    note: str = ""


@transaction.atomic
def score_case(*, case_id: str, version_id: str, given: Scoring, by: Actor, on: date) -> Assessment:
    """Score a case. Its band, and the day of its review, follow at once.

    What another form says of the case, or the same one of somebody else, is never lowered by it. Raises NotAllowed
    unless she may add to the case, Refusal for a closed one, and what `_assess` raises.
    """
    case = get_case_for_update(by, case_id)
    access.check_can_score_case(by, case)
    if not case.is_open:
        raise Refusal("case_closed", "This case is closed. Open it again before it is scored.")
    made = _assess(case.matter, case.folder, version_id, given, by, on)
    _keep(case, made, by)
    return made


@transaction.atomic
def score_referral(*, referral_id: str, version_id: str, given: Scoring, by: Actor, on: date) -> Assessment:
    """Score a referral, in the hub's own folder, which the referrer does not see.

    Raises NotAllowed unless she decides for the hub that was asked, and what `_assess` raises.
    """
    # Locked, so that two who score it first open one folder.
    referral = get_referral_for_update(by, referral_id)
    access.check_can_score_referral(by, referral)
    folder = ensure_score_folder(referral, by)
    return _assess(referral.matter, folder, version_id, given, by, on)


def _assess(
    matter: Matter, folder: Folder, version_id: str, given: Scoring, by: Actor, on: date
) -> Assessment:
    """Keep an assessment. Raises Conflict `newer_version` for a form that is not in use on that day, Refusal
    `cannot_lower`, `why_missing`, `not_trained`, `alone_missing`, `not_alone_why`, `person_unknown`, `nothing`."""
    version = access.get_version(by, version_id)
    in_use = access.version_in_use(by, version.instrument, on)
    if in_use is None or in_use.pk != version.pk:
        raise Conflict(
            "newer_version", "Another version of this form is in use now. Check your answers and save again."
        )
    form = read(version)
    if not given.answers and not given.judged:
        raise Refusal("nothing", "Answer at least one question, or judge the band and say why.")
    judged = given.judged
    found = rules.score(form, given.answers, given.outside, judged)
    rules.check_judgement(form, found, judged, given.judged_why)
    if judged == found.band:
        judged = ""
    _check_completed_by(form, given)
    person = None
    if given.person:
        person = persons_in(by, matter).filter(public_id=given.person).first()
        if person is None:
            raise Refusal("person_unknown", "Choose somebody who is recorded in this.")
    made = Assessment.objects.create(
        partnership_id=folder.partnership_id,
        folder=folder,
        matter=matter,
        person=person,
        instrument_version=version,
        answers=given.answers,
        outside=given.outside,
        score=found.score,
        most=found.most,
        is_complete=found.complete,
        band=found.band,
        judged_band=judged,
        judged_why=given.judged_why if judged else "",
        panel_agrees=given.panel_agrees,
        with_victim_alone=given.with_victim_alone,
        prompts=list(found.prompts),
        note=given.note,
        by=by.public_id,
        agency=by.agency_code,
        on=on,
        at=clock.now(),
    )
    audit.record(
        "score.recorded",
        matter,
        by=by,
        purpose=matter.purpose,
        score=made.public_id,
        form=version.instrument.code,
        version=version.number,
        complete=found.complete,
        judged=bool(judged),
        prompts=len(found.prompts),
        trained=given.trained or None,
    )
    return made


def _check_completed_by(form: Definition, given: Scoring) -> None:
    if form.completed_by.trained and not given.trained:
        raise Refusal(
            "not_trained", "Only somebody trained in this form completes it. Ask a trained colleague."
        )
    if form.completed_by.victim_alone:
        if given.with_victim_alone is None:
            raise Refusal("alone_missing", "Say whether you completed it with the victim alone.")
        if not given.with_victim_alone and not given.note.strip():
            raise Refusal("not_alone_why", "Say why not, and who was there or what you rely on.")


def _keep(case: Case, made: Assessment, by: Actor) -> None:
    """The band of the case follows what was scored. What is incomplete changes nothing: it is never low.

    A graver band always counts. A lower one takes the place of what the same form said before of the same person, or
    of the case as a whole; what another form said stands until that one is completed anew.
    """
    if not made.standing_band:
        return
    if _rank(made) > _ORDER.get(case.band, 0):
        _keep_band_of(case, made)
        return
    # Whoever sees the case sees what lies in its folder and in those enclosed in it.
    inner = Enclosure.objects.filter(outer=case.folder_id, ended_at__isnull=True).values("inner")
    scored = [
        one
        for one in parts_readable_by(by, Assessment)
        .filter(Q(folder=case.folder_id) | Q(folder__in=inner))
        .select_related("instrument_version")
        .order_by("on", "id")
        if one.standing_band
    ]
    shown = (case.band, case.score, case.banded_on)
    givers = [one for one in scored if (one.standing_band, one.score, one.on) == shown]
    if givers and all(_about(one) != _about(made) for one in givers):
        return
    newest = {_about(one): one for one in scored} | {_about(made): made}
    _keep_band_of(case, max(newest.values(), key=lambda one: (_rank(one), one is made, one.on)))


def _rank(made: Assessment) -> int:
    return _ORDER.get(made.standing_band, 0)


def _about(made: Assessment) -> tuple[int, int | None]:
    """The form, in whatever version, and whom it was completed about."""
    return made.instrument_version.instrument_id, made.person_id


def _keep_band_of(case: Case, made: Assessment) -> None:
    band = made.standing_band
    review_on = _review_on(made.instrument_version, band, made.on)
    keep_band(case, band=band, score=made.score, on=made.on, review_on=review_on)


def _review_on(version: InstrumentVersion, band: str, on: date) -> date | None:
    found = read(version).band(band)
    return review_day(found.review, on) if found and found.review else None


@transaction.atomic
def bring_score_along(*, referral: Referral, case: Case, by: Actor) -> None:
    """A case that is opened begins with the band that its referral was scored. One that has a band already keeps the
    graver of both, and is looked at as early as the graver says.

    The caller has opened the case, or locked it, and enclosed the hub's folder of the referral in it.
    """
    had_band = bool(case.band)
    scored = parts_readable_by(by, Assessment).filter(matter=referral.matter_id)
    for made in scored.select_related("instrument_version").order_by("on", "id"):
        if not had_band:
            _keep(case, made, by)
        elif _rank(made) > _ORDER.get(case.band, 0):
            _keep_band_of(case, made)


@transaction.atomic
def answer_prompt(
    *, assessment_id: str, prompt: str, outcome: str, words: str, by: Actor, on: date
) -> PromptAnswer:
    """Record what was decided about something that a score prompts. Answered once; a new score prompts anew.

    Raises NotAllowed for a role that works on no matters, Refusal `no_prompt`, `answered` or `words_missing`.
    """
    made = get_part(by, Assessment, assessment_id)
    access.check_can_answer_prompt(by, made)
    if prompt not in made.prompts:
        raise Refusal("no_prompt", "This score does not prompt that.")
    if outcome not in PromptOutcome.values:
        raise Refusal("outcome_missing", "Choose what was decided.")
    if not words.strip():
        raise Refusal("words_missing", "Say what was decided, with whom, and why.")
    # Two who answer at once take turns at the assessment.
    Assessment.objects.select_for_update().get(pk=made.pk)
    if PromptAnswer.objects.filter(assessment=made, prompt=prompt).exists():
        raise Refusal("answered", "Somebody has recorded what was decided already.")
    answer = PromptAnswer.objects.create(
        partnership_id=made.partnership_id,
        folder_id=made.folder_id,
        assessment=made,
        prompt=prompt,
        outcome=outcome,
        words=words,
        by=by.public_id,
        agency=by.agency_code,
        on=on,
    )
    audit.record("score.prompt_answered", made, by=by, prompt=prompt, outcome=outcome)
    return answer
