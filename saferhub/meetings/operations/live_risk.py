"""A meeting judges the risk of a case: a score of its own, on the answers that stand."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.access import get_case_for_update
from saferhub.casework.models import Assessment
from saferhub.casework.operations.scoring import Scoring, score_case
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings.models import ItemKind
from saferhub.meetings.queries.live_item import matter_of
from saferhub.meetings.queries.live_risk import risk_of
from saferhub.partnership.access import Actor

from .live import check_running, load_item

# Where most agree and some do not, the item says so, and the score says neither.
_AGREES = {"all": True, "not_agreed": False}


@transaction.atomic
def judge_risk(
    *, meeting_id: str, item_id: str, band: str, why: str, seen: str, by: Actor, on: date
) -> Assessment:
    """Record another band for the item's case, as the meeting judges it. `seen`: public_id of the score that the page
    was drawn with, so that a second press makes no second score.

    Whether the meeting agrees is what its item says of that, and nothing where that was not asked. Raises NotAllowed
    unless she may record the item and add to the case; Refusal while the meeting does not run, for an item without a
    case that was scored, `why_missing` for whatever band without a reason, and what `score_case` raises; Conflict
    `scored_meanwhile`.
    """
    meeting, item = load_item(by, meeting_id, item_id)
    check_running(meeting)
    matter = matter_of(by, item) if item.kind in (ItemKind.CASE, ItemKind.CLOSURE) else None
    risk = risk_of(by, get_case_for_update(by, matter.public_id)) if matter is not None else None
    if matter is None or risk is None:
        raise Refusal("no_score", "Score the case first: the meeting judges what a form has found.")
    if band == risk.band:
        return risk.scored
    if risk.scored.public_id != seen:
        raise Conflict(
            "scored_meanwhile", f"It was scored meanwhile: {risk.words}. Save again if yours is right."
        )
    # Also where it goes back to what the answers come to, for which the form itself asks no reason.
    if band in dict(risk.bands) and not why.strip():
        raise Refusal(
            "why_missing", f"Say why you judge it {dict(risk.bands)[band]}. The panel will read it."
        )
    form, found = risk.scored.instrument_version, risk.scored
    given = Scoring(
        answers=found.answers,
        outside=found.outside,
        judged=band,
        judged_why=why.strip(),
        panel_agrees=_AGREES.get(item.agreed),
        # Where judgement and answers agree again there is no other judgement to give a reason for.
        note=why.strip() if band == found.band else "",
    )
    made = score_case(case_id=matter.public_id, version_id=form.public_id, given=given, by=by, on=on)
    audit.record("meetings.risk_judged", item, by=by, meeting=meeting.public_id, score=made.public_id)
    return made
