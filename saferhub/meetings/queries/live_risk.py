"""What a meeting can judge a case's risk to be: another band on the answers that stand, without a form in its way."""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.casework.access import parts_readable_by
from saferhub.casework.access.scoring import can_score_case, version_in_use
from saferhub.casework.models import Assessment, Case
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.rules.scoring import bands_to_judge, score
from saferhub.partnership.access import Actor


@dataclass(frozen=True, slots=True)
class Risk:
    """The score that gives the case its band, and the bands that judgement may give instead. `words`: of its band;
    `bands`: code and words, the gravest first."""

    scored: Assessment
    band: str
    words: str
    bands: list[tuple[str, str]]


def risk_of(actor: Actor, case: Case | None) -> Risk | None:
    """None where there is nothing to judge here: no complete score, one by an older form or about one person, a form
    that asks for training or for the victim alone, or a reader who does not score. The page of the form is for those.
    Four queries."""
    if case is None or not case.is_open or not can_score_case(actor, case):
        return None
    made = (
        parts_readable_by(actor, Assessment)
        .filter(matter=case.matter_id, is_complete=True)
        .select_related("instrument_version__instrument")
        .order_by("-on", "-id")
        .first()
    )
    if made is None or made.person_id is not None or made.standing_band != case.band:
        return None
    version = version_in_use(actor, made.instrument_version.instrument, actor.on)
    form = read(made.instrument_version)
    by_some = form.completed_by.trained or form.completed_by.victim_alone
    if version is None or version.pk != made.instrument_version_id or by_some:
        return None
    stands = form.band(made.standing_band)
    others: list[tuple[str, str]] = [
        (one.code, one.words)
        for one in reversed(bands_to_judge(form, score(form, made.answers, made.outside, "")))
        if one.code != made.standing_band
    ]
    if stands is None or not others:
        return None
    return Risk(made, made.standing_band, stands.words, others)
