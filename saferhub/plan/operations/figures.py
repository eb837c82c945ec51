"""Entering figures that nothing here counts: with their source, by whom, and never over another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Conflict, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import Measure, Observation
from saferhub.plan.queries.counted import version_on
from saferhub.plan.rules import figures as rules
from saferhub.plan.rules.periods import containing

from .observing import Figure, keep


@transaction.atomic
def enter_figure(
    *,
    measure_id: str,
    first_day: date,
    by: Actor,
    on: date,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    value: Decimal | None = None,
    missing_why: str = "",
    evidence: str = "",
    why: str = "",
    seen: str = "",
) -> Observation:
    """Enter the figure of the time that begins on `first_day`, or say why there is none.

    A share and a rate are given as numerator and denominator, a number as its numerator, days and pounds as `value`.
    `seen`: the public_id of the figure that stood when the form was drawn; blank: none did. `why`: why it replaces one.

    Raises Http404; NotAllowed unless the actor keeps measures; Conflict `changed_meanwhile` where another figure stands
    now; Refusal for the rules of `entered_refusals`.
    """
    access.check_can_keep_measures(by)
    measure = access.get_for_update(by, Measure, measure_id, version=None)
    versions = list(measure.versions.all())
    version = version_on(versions, first_day)
    period = containing(version.every, first_day)
    version = version_on(versions, period.last)
    standing = measure.observations.filter(
        is_newest=True, split="", part="", first_day=period.first, last_day=period.last
    ).first()
    if (standing.public_id if standing else "") != seen:
        raise Conflict(
            "changed_meanwhile", "Another figure stands for this time now. Look at it before you enter yours."
        )
    entered = rules.Entered(numerator, denominator, value, missing_why.strip(), evidence.strip())
    refuse_if(
        rules.entered_refusals(
            entered,
            unit=version.unit,
            counted_by=version.counted_by,
            period=period,
            on=on,
            ended_on=measure.ended_on,
            replaces=standing is not None,
            why=why,
        )
    )
    made = rules.figure_of(entered, unit=version.unit, per=version.per)
    figure = Figure(
        period=period,
        numerator=made.numerator,
        denominator=made.denominator,
        value=made.value,
        missing_why=made.missing_why,
        evidence=made.evidence,
    )
    kept = keep(measure, [(version, figure)], on=on, by=by.public_id, why=why.strip(), counted=False)
    row = next(iter([*kept.new, *kept.replaced]), standing)
    assert row is not None
    if kept.new or kept.replaced:
        audit.record(
            "plan.figure_corrected" if kept.replaced else "plan.figure_entered",
            row,
            by=by,
            measure=measure.code,
            first=period.first,
            last=period.last,
        )
    return row
