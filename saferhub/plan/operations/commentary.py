"""What a measure's owner says of a quarter. What she wrote first stays; other words are another row that follows it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import Commentary, Measure
from saferhub.plan.rules import commentary as rules
from saferhub.plan.rules.periods import containing


def newest_commentary(measure: Measure, quarter: date) -> Commentary | None:
    """The row that stands for a quarter: asked and not answered, or the newest words. One query."""
    return Commentary.objects.filter(measure=measure, quarter=quarter).order_by("-id").first()


@transaction.atomic
def say_commentary(
    *, measure_id: str, quarter: date, words: str, by: Actor, on: date, seen: str = ""
) -> Commentary:
    """Say what a measure's figure of a quarter shows. `seen`: the public_id of the words that stood when the form was
    drawn; blank: nothing was said.

    Raises Http404 also where the day begins no quarter; NotAllowed unless the actor owns the measure or keeps measures;
    Conflict `changed_meanwhile` where other words stand now; Refusal without words and for a quarter that is not over.
    """
    measure = access.get_for_update(by, Measure, measure_id, version=None)
    access.check_owns(by, measure)
    period = containing("quarter", quarter)
    if period.first != quarter:
        raise Http404
    if period.last >= on:
        raise Refusal("not_over", f"{period.words} is not over.")
    standing = newest_commentary(measure, quarter)
    said = standing is not None and standing.on is not None
    if (standing.public_id if standing is not None and said else "") != seen:
        raise Conflict("changed_meanwhile", "Somebody else commented on this quarter while you were writing.")
    refuse_if(rules.commentary_refusals(words=words, before=standing.words if standing else ""))
    if standing is not None and not said:
        standing.words, standing.on, standing.by = words.strip(), on, by.public_id
        standing.save(update_fields=["words", "on", "by"])
        row = standing
    else:
        row = Commentary.objects.create(
            partnership_id=measure.partnership_id,
            measure=measure,
            quarter=quarter,
            words=words.strip(),
            on=on,
            by=by.public_id,
            replaces=standing,
        )
    event = "plan.commentary_corrected" if said else "plan.commentary_said"
    audit.record(event, row, by=by, measure=measure.code, quarter=quarter)
    return row
