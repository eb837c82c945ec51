"""Defining measures, changing what they mean from a day on, who owns them, and from when their limits count anew."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation.ids import new_public_id
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Membership
from saferhub.plan import access, counters
from saferhub.plan.models import Area, Measure, MeasureVersion, Objective, Observation, Step
from saferhub.plan.queries.counted import version_on
from saferhub.plan.rules import measures as rules
from saferhub.plan.rules.measures import Meaning
from saferhub.plan.rules.periods import between, containing


def meaning_of(version: MeasureVersion) -> Meaning:
    """What a version says."""
    return Meaning(**{name: getattr(version, name) for name in Meaning.__slots__})


@transaction.atomic
def define_measure(
    *,
    meaning: Meaning,
    owner_post: str,
    by: Actor,
    on: date,
    owner: str = "",
    owner_agency: str = "",
    area_id: str = "",
    objective_id: str = "",
) -> Measure:
    """A new measure with its first version. `owner`: public_id of an account of the partnership; `owner_agency`: code.

    Raises NotAllowed unless the actor keeps measures, and Refusal for the rules of `meaning_refusals`, for a name that
    another measure has, and for an owner, agency, area or objective that is not the partnership's."""
    access.check_can_keep_measures(by)
    assert by.partnership is not None
    _check_meaning(meaning, by, but=None)
    area, objective = _place(by, area_id, objective_id)
    person = _owner(by, owner, on)
    _check_post(owner_post)
    siblings = Measure.objects.filter(partnership=by.partnership, area=area).order_by()
    measure = Measure.objects.create(
        partnership=by.partnership,
        code=f"measure_{new_public_id().lower()}",
        area=area,
        objective=objective,
        order=max(siblings.values_list("order", flat=True), default=0) + 1,
        owner=person,
        owner_agency=_agency(by, owner_agency),
        owner_post=owner_post.strip(),
    )
    _version(measure, meaning, number=1, valid_from=containing(meaning.every, on).first, why="", by=by, on=on)
    audit.record("plan.measure_defined", measure, by=by, measure=measure.code)
    return measure


@transaction.atomic
def change_meaning(
    *, measure_id: str, meaning: Meaning, valid_from: date | None, why: str, by: Actor, on: date, seen: int
) -> MeasureVersion:
    """What a measure means from a day on: another version; the one before keeps its words and its figures.

    Raises Http404; NotAllowed; Conflict `changed_meanwhile` unless `seen` is the number of its newest version; Refusal
    for the rules of `meaning_refusals` and `version_refusals`, and where a figure was entered for a time from that day
    on, which would then be of another meaning than it was entered for."""
    access.check_can_keep_measures(by)
    measure = access.get_for_update(by, Measure, measure_id, version=None)
    _check_kept(measure)
    newest = measure.versions.order_by("-number").first()
    assert newest is not None
    if newest.number != seen:
        raise Conflict("changed_meanwhile", "Somebody else defined this measure anew while you were writing.")
    _check_meaning(meaning, by, but=measure)
    refuse_if(
        rules.version_refusals(
            before=meaning_of(newest), after=meaning, began=newest.valid_from, valid_from=valid_from, why=why
        )
    )
    assert valid_from is not None
    entered = measure.observations.filter(is_newest=True, last_day__gte=valid_from).exclude(by="")
    if entered.exists():
        raise Refusal(
            "entered_since",
            "A figure was entered for that time already. Begin the new version after the newest figure.",
        )
    version = _version(
        measure, meaning, number=newest.number + 1, valid_from=valid_from, why=why, by=by, on=on
    )
    audit.record("plan.measure_changed", measure, by=by, measure=measure.code, number=version.number)
    return version


def keeping_values(measure: Measure) -> dict[str, object]:
    """What a change of who keeps a measure may touch, by field of its form."""
    return {
        "owner_post": measure.owner_post,
        "owner": measure.owner.public_id if measure.owner else "",
        "owner_agency": measure.owner_agency.code if measure.owner_agency else "",
        "area_id": measure.area.public_id if measure.area else "",
        "objective_id": measure.objective.public_id if measure.objective else "",
        "order": measure.order,
    }


@transaction.atomic
def change_keeping(
    *,
    measure_id: str,
    owner_post: str,
    owner: str,
    owner_agency: str,
    area_id: str,
    objective_id: str,
    order: int,
    by: Actor,
    on: date,
    seen: int,
) -> Measure:
    """Who answers for a measure, and where in the plan it stands.

    Raises as `define_measure`, Http404, and Conflict unless `seen` is its newest version."""
    access.check_can_keep_measures(by)
    measure = access.get_for_update(by, Measure, measure_id, version=seen)
    before = keeping_values(measure)
    _check_post(owner_post)
    measure.owner, measure.owner_agency = _owner(by, owner, on), _agency(by, owner_agency)
    measure.owner_post, measure.order = owner_post.strip(), order
    measure.area, measure.objective = _place(by, area_id, objective_id)
    if keeping_values(measure) == before:
        return measure
    measure.version += 1
    measure.save(
        update_fields=["owner", "owner_agency", "owner_post", "order", "area", "objective", "version"]
    )
    audit.record("plan.measure_kept_by", measure, by=by, measure=measure.code, version=measure.version)
    return measure


@transaction.atomic
def end_measure(
    *, measure_id: str, last_day: date | None, why: str, by: Actor, on: date, seen: int
) -> Measure:
    """End a measure with its last day. Its figures stay; later times are neither counted nor entered.

    Raises Http404; NotAllowed; Conflict unless `seen` is its newest version; Refusal: see `end_refusals`."""
    access.check_can_keep_measures(by)
    measure = access.get_for_update(by, Measure, measure_id, version=seen)
    refuse_if(rules.end_refusals(ended_on=measure.ended_on, last_day=last_day, why=why))
    measure.ended_on, measure.ended_why = last_day, why.strip()
    measure.version += 1
    measure.save(update_fields=["ended_on", "ended_why", "version"])
    audit.record("plan.measure_ended", measure, by=by, measure=measure.code, day=last_day)
    return measure


@transaction.atomic
def begin_limits_anew(*, measure_id: str, first_day: date | None, why: str, by: Actor, on: date) -> Step:
    """Say that a measure's limits are calculated anew from a time on, because something is known to have changed.

    Raises Http404; NotAllowed; Refusal for the rules of `step_refusals`."""
    access.check_can_keep_measures(by)
    measure = access.get_for_update(by, Measure, measure_id, version=None)
    every = version_on(measure.versions.all(), on).every
    standing = measure.steps.filter(taken_back_on__isnull=True).values_list("first_day", flat=True)
    refuse_if(
        rules.step_refusals(
            first_day=first_day, every=every, shown=_shown(measure, every), standing=list(standing), why=why
        )
    )
    assert first_day is not None
    step = Step.objects.create(
        partnership_id=measure.partnership_id,
        measure=measure,
        first_day=first_day,
        why=why.strip(),
        on=on,
        by=by.public_id,
    )
    audit.record("plan.limits_begun_anew", step, by=by, measure=measure.code, day=first_day)
    return step


@transaction.atomic
def take_step_back(*, step_id: str, why: str, by: Actor, on: date) -> Step:
    """Take back that limits are calculated anew from a time on. Raises Http404, NotAllowed, Refusal without reason and
    for one that was taken back already."""
    access.check_can_keep_measures(by)
    step = access.get_for_update(by, Step, step_id, version=None)
    if step.taken_back_on is not None:
        raise Refusal("taken_back", "This was taken back already.")
    if not why.strip():
        raise Refusal("no_reason", "Say why it is taken back.")
    step.taken_back_on, step.taken_back_why = on, why.strip()
    step.save(update_fields=["taken_back_on", "taken_back_why"])
    audit.record("plan.limits_taken_back", step, by=by)
    return step


def _shown(measure: Measure, every: str) -> list[date]:
    rows = Observation.objects.filter(measure=measure, is_newest=True, split="").order_by("first_day")
    days = list(rows.values_list("first_day", "last_day"))
    return [one.first for one in between(every, days[0][0], days[-1][1])] if days else []


def _version(
    measure: Measure, meaning: Meaning, *, number: int, valid_from: date, why: str, by: Actor, on: date
) -> MeasureVersion:
    said = {
        name: value.strip() if isinstance(value, str) else value for name, value in asdict(meaning).items()
    }
    return MeasureVersion.objects.create(
        measure=measure, number=number, valid_from=valid_from, why=why.strip(), made_by=by.public_id, made_on=on,
        **said,
    )  # fmt: skip


def _check_kept(measure: Measure) -> None:
    if measure.ended_on is not None:
        raise Refusal("measure_ended", "This measure has its last day already.")


def _check_meaning(meaning: Meaning, by: Actor, *, but: Measure | None) -> None:
    counter = counters.counter(meaning.counted_by) if meaning.counted_by else None
    refuse_if(rules.meaning_refusals(meaning, counter_unit=counter.unit if counter else None))
    # A report cites measures by name, so two that are kept have two names.
    twins = MeasureVersion.objects.filter(
        measure__partnership=by.partnership, measure__ended_on__isnull=True, name__iexact=meaning.name.strip()
    )
    if (twins.exclude(measure=but) if but else twins).exists():
        raise Refusal("name_taken", "Another measure has this name.")


def _check_post(owner_post: str) -> None:
    if not owner_post.strip():
        raise Refusal("no_owner_post", "Name the post that answers for it.")


def _place(by: Actor, area_id: str, objective_id: str) -> tuple[Area | None, Objective | None]:
    area = access.visible_to(by, Area).filter(public_id=area_id).first() if area_id else None
    if area_id and area is None:
        raise Refusal("unknown_area", "Choose an area of the plan.")
    objective = (
        access.visible_to(by, Objective).filter(public_id=objective_id).first() if objective_id else None
    )
    if objective_id and (objective is None or area is None or objective.area_id != area.pk):
        raise Refusal("unknown_objective", "Choose an objective of that area.")
    return area, objective


def _owner(by: Actor, owner: str, on: date) -> User | None:
    if not owner:
        return None
    held = Membership.objects.in_force_on(on).filter(partnership=by.partnership)
    found = User.objects.active().filter(pk__in=held.values("user"), public_id=owner).first()
    if found is None:
        raise Refusal("unknown_owner", "Choose somebody who works in the partnership.")
    return found


def _agency(by: Actor, code: str) -> Agency | None:
    if not code:
        return None
    found = Agency.objects.filter(partnership=by.partnership, code=code).first()
    if found is None:
        raise Refusal("unknown_agency", "Choose an agency of this partnership.")
    return found
