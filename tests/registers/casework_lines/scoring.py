"""What the addresses of scoring answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import (
    DECIDE_MATTER,
    MAYA,
    OLIVIA,
    SEE_MATTER,
    Line,
    held_by,
    local,
    local_to,
    members,
    seen_by,
)

HUB = DECIDE_MATTER | {"chris.chair", "mina.minutes"}


def _case(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case

    return {"public_id": a_case(cast).matter.public_id}


def _case_to_score(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_scores import form_of

    return {**_case(cast), "instrument": form_of(cast).public_id}


def _prompting(cast: dict[str, Any], matter_id: str, made: Any) -> dict[str, Any]:
    return {"public_id": matter_id, "score_id": made.public_id}


def _case_score(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case
    from tests.builders.casework_scores import a_score, in_use, lowest

    case = a_case(cast)
    made = a_score(cast, case, lowest(in_use(cast), identity="yes"))
    return _prompting(cast, case.matter.public_id, made)


def _case_prompt(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_case_score(cast), "code": "hate_linked"}


def _referral(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.referrals import a_referral

    return {"public_id": a_referral(cast).matter.public_id}


def _referral_to_score(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_scores import form_of

    return {**_referral(cast), "instrument": form_of(cast).public_id}


def _referral_score(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_scores import a_referral_score, in_use, lowest
    from tests.builders.referrals import a_referral

    referral = a_referral(cast)
    made = a_referral_score(cast, referral, lowest(in_use(cast), identity="yes"))
    return _prompting(cast, referral.matter.public_id, made)


def _referral_prompt(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_referral_score(cast), "code": "hate_linked"}


def _form(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_scores import form_of

    return {"public_id": form_of(cast).public_id}


def _version(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_scores import in_use

    return {"public_id": in_use(cast).public_id}


def _draft(cast: dict[str, Any], code: str = "asb_matrix") -> dict[str, Any]:
    from saferhub.casework.operations.scoring_forms import draft_from
    from saferhub.sharing.entering import entered
    from tests.builders.casework import actor
    from tests.builders.casework_scores import in_use

    with entered(cast["maya.manager"]):
        made = draft_from(version_id=in_use(cast, code).public_id, by=actor(cast, "maya.manager"))
    return {"public_id": made.public_id}


def _draft_question(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_draft(cast), "code": "frequency"}


def _draft_band(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_draft(cast), "code": "high"}


def _draft_prompt(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_draft(cast, "domestic_abuse_24"), "code": "marac"}


def _draft_count(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_draft(cast, "domestic_abuse_24"), "code": "events_12_months"}


SCORES = seen_by(SEE_MATTER)
# The referrer's agency and others who see the referral learn that its scores are the hub's own.
SEE_REFERRAL = HUB | {"rachel.referrer"}
HUBS = seen_by(SEE_REFERRAL, HUB)
DECIDES = seen_by(SEE_REFERRAL, DECIDE_MATTER)
# A draft is there for whoever writes forms and for nobody else.
WRITES = seen_by(MAYA)
LINES: dict[str, Line] = {
    "case-scores": Line(SCORES, members(405), "case_to_score"),
    "case-score": Line(SCORES, members(405), "case_to_score"),
    "case-score-with": Line(SCORES, SCORES, "case_and_form"),
    "case-compare": Line(SCORES, members(405), "case_to_score"),
    "case-assessment": Line(SCORES, members(405), "case_score"),
    "case-prompt": Line(SCORES, SCORES, "case_prompt"),
    "referral-scores": Line(HUBS, members(405), "referral_to_score"),
    "referral-score": Line(DECIDES, members(405), "referral_to_score"),
    "referral-score-with": Line(DECIDES, DECIDES, "referral_and_form"),
    "referral-compare": Line(HUBS, members(405), "referral_to_score"),
    "referral-assessment": Line(HUBS, members(405), "referral_score"),
    "referral-prompt": Line(HUBS, HUBS, "referral_prompt"),
    "instruments": Line(members(200), members(405)),
    "instruments-take": Line(members(405), held_by(MAYA | OLIVIA, 302)),
    "instrument": Line(local(200), members(405), "scoring_form"),
    "instrument-version": Line(local(200), members(405), "scoring_version"),
    "instrument-preview": Line(local(200), local(200), "scoring_version"),
    "instrument-draft": Line(members(405), local_to(MAYA, 302), "scoring_version"),
    "instrument-about": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-question-add": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-question": Line(WRITES, WRITES, "scoring_question"),
    "instrument-band-add": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-band": Line(WRITES, WRITES, "scoring_band"),
    "instrument-prompt-add": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-prompt": Line(WRITES, WRITES, "scoring_prompt"),
    "instrument-count-add": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-count": Line(WRITES, WRITES, "scoring_count"),
    "instrument-arrange": Line(members(405), members(404), "scoring_draft"),
    "instrument-own": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-publish": Line(WRITES, WRITES, "scoring_draft"),
    "instrument-discard": Line(WRITES, seen_by(MAYA, done=302), "scoring_draft"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "case_to_score": _case,
    "case_and_form": _case_to_score,
    "case_score": _case_score,
    "case_prompt": _case_prompt,
    "referral_to_score": _referral,
    "referral_and_form": _referral_to_score,
    "referral_score": _referral_score,
    "referral_prompt": _referral_prompt,
    "scoring_form": _form,
    "scoring_version": _version,
    "scoring_draft": _draft,
    "scoring_question": _draft_question,
    "scoring_band": _draft_band,
    "scoring_prompt": _draft_prompt,
    "scoring_count": _draft_count,
}
