"""Scores of cases and referrals, as the cast makes them."""

from __future__ import annotations

from typing import Any

from saferhub.casework.access.scoring import version_in_use
from saferhub.casework.models import Assessment, Case, Instrument, InstrumentVersion, Referral
from saferhub.casework.operations.scoring import Scoring, score_case, score_referral
from saferhub.casework.operations.scoring_forms import read
from saferhub.sharing.entering import entered

from .casework import actor

MATRIX, LIST, TOOL = "asb_matrix", "domestic_abuse_24", "exploitation_tool"


def form_of(cast: dict[str, Any], code: str = MATRIX) -> Instrument:
    return Instrument.objects.get(code=code, partnership=actor(cast, "maya.manager").partnership)


def in_use(cast: dict[str, Any], code: str = MATRIX) -> InstrumentVersion:
    maya = actor(cast, "maya.manager")
    found = version_in_use(maya, form_of(cast, code), maya.on)
    assert found is not None
    return found


def lowest(version: InstrumentVersion, **answers: str) -> dict[str, str]:
    """Every question answered with its first answer, but those given."""
    return {one.code: one.options[0].code for one in read(version).questions} | answers


def medium(version: InstrumentVersion, **answers: str) -> dict[str, str]:
    """A matrix of 16 points."""
    return lowest(version, frequency="daily", history="now", effect="extreme", **answers)


def high(version: InstrumentVersion, **answers: str) -> dict[str, str]:
    """The most that every question gives."""
    return {one.code: one.options[-1].code for one in read(version).questions} | answers


def a_score(
    cast: dict[str, Any],
    case: Case,
    answers: dict[str, str] | None = None,
    *,
    username: str = "rachel.referrer",
    code: str = MATRIX,
    **given: Any,
) -> Assessment:
    """A score of a case: medium by the matrix unless answers are given."""
    version = in_use(cast, code)
    with entered(cast[username]):
        who = actor(cast, username)
        return score_case(
            case_id=case.matter.public_id,
            version_id=version.public_id,
            given=Scoring(answers=medium(version) if answers is None else answers, **given),
            by=who,
            on=who.on,
        )


def a_referral_score(
    cast: dict[str, Any], referral: Referral, answers: dict[str, str] | None = None, **given: Any
) -> Assessment:
    """A score of a referral by the hub's co-ordinator."""
    version = in_use(cast)
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        return score_referral(
            referral_id=referral.matter.public_id,
            version_id=version.public_id,
            given=Scoring(answers=medium(version) if answers is None else answers, **given),
            by=colin,
            on=colin.on,
        )
