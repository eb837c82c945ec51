"""Beginning the measures from the pack: which the partnership keeps, for which area of its plan."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Partnership
from saferhub.partnership.queries import in_force
from saferhub.plan import access
from saferhub.plan.models import Area, Measure, MeasureVersion, Objective
from saferhub.plan.pack_sections import MeasureItem, PlanMeasureItem


@transaction.atomic
def take_measures_from_pack(*, partnership: Partnership, by: Actor | None, on: date) -> list[Measure]:
    """Take on each measure that the packs in force say the partnership keeps and that it has never had.

    Done twice it does nothing the second time. What the partnership has changed or ended since stays as it is: its own
    versions count, not the pack's. A measure of an area that the plan does not hold (yet) waits. `by` None: the system.
    Returns those taken. Raises NotAllowed unless the actor keeps measures.
    """
    if by is not None:
        access.check_can_keep_measures(by)
        if by.partnership != partnership:
            raise Refusal("another_partnership", "This is another partnership’s plan.")
    Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    taken = [
        _take(partnership, code, kept, meant, area, on=on, by=by)
        for code, kept, meant, area in _not_taken(partnership, on)
    ]
    if taken:
        audit.record("plan.measures_taken", partnership, by=by, concerning=partnership, measures=len(taken))
    return taken


def can_take(partnership: Partnership, on: date) -> int:
    """How many measures of the packs wait to be taken on. Four queries at most."""
    return len(_not_taken(partnership, on))


def _not_taken(
    partnership: Partnership, on: date
) -> list[tuple[str, PlanMeasureItem, MeasureItem, Area | None]]:
    said = in_force.sections(partnership, ["plan_measures", "measures"], on)
    meanings = {one.code: one.item for one in said["measures"]}
    had = set(Measure.objects.filter(partnership=partnership).values_list("code", flat=True))
    areas = {
        one.code: one
        for one in Area.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on), partnership=partnership
        )
        .select_related("strategy")
        .order_by("strategy__first_day", "id")
    }
    found, named = [], set[str]()
    for entry in said["plan_measures"]:
        kept: PlanMeasureItem = entry.item
        area = areas.get(kept.priority or "")
        # Actions and reports know a measure by the code of what it measures. Kept once more, for another area, it goes
        # by the code of the entry that says so.
        code = kept.measure if kept.measure not in named else entry.code
        named.add(kept.measure)
        if code in had or kept.measure not in meanings or (kept.priority and area is None):
            continue
        found.append((code, kept, meanings[kept.measure], area))
    return found


def _take(
    partnership: Partnership,
    code: str,
    kept: PlanMeasureItem,
    meant: MeasureItem,
    area: Area | None,
    *,
    on: date,
    by: Actor | None,
) -> Measure:
    objective = (
        Objective.objects.filter(area=area, code=kept.objective, valid_until__isnull=True).first()
        if area and kept.objective
        else None
    )
    measure = Measure.objects.create(
        partnership=partnership,
        code=code,
        area=area,
        objective=objective,
        order=kept.order,
        owner_agency=Agency.objects.filter(partnership=partnership, code=kept.owner_agency or "").first(),
        owner_post=kept.owner_post,
    )
    MeasureVersion.objects.create(
        measure=measure,
        number=1,
        # A figure of an earlier time is of the first version: see queries.counted.version_on.
        valid_from=min(area.strategy.first_day, on) if area else on,
        name=meant.name,
        definition=meant.definition,
        formula=meant.formula,
        source=meant.taken_from,
        counted_by=meant.counted_by or "",
        unit=meant.unit,
        per=meant.per,
        every=meant.every,
        polarity=meant.polarity,
        rise_may_mean=(meant.rise_may_mean or "")[:300],
        # A target has a direction, so a measure of which neither is better has none.
        target=kept.target if meant.polarity != "neither" else None,
        tolerance=kept.tolerance if meant.polarity != "neither" else None,
        target_why=kept.target_why or "",
        comparator=(meant.comparator or "")[:300],
        small=meant.small,
        caveat=meant.caveat or "",
        made_by=by.public_id if by else "",
        made_on=on,
    )
    audit.record("plan.measure_taken", measure, by=by, concerning=partnership, measure=code)
    return measure
