"""Agreeing a strategy, and changing its areas and objectives with dates and reasons."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from saferhub.audit import operations as audit
from saferhub.foundation.ids import new_public_id
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Board
from saferhub.plan import access
from saferhub.plan.models import Area, AreaBefore, Objective, PlanAction, Strategy, YearStatus
from saferhub.plan.rules import strategy as rules
from saferhub.plan.rules.actions import CLOSED, number_key

_DAY = timedelta(days=1)


@transaction.atomic
def add_strategy(
    *, name: str, first_day: date, last_day: date, copies: bool, by: Actor, on: date
) -> Strategy:
    """Begin the strategy of other years. `copies`: it begins with the areas and objectives that stand on the day before
    its first one, so that what goes on keeps its place.

    Raises NotAllowed unless the actor writes the plan; Refusal for days out of order, more than ten years, and years
    that another strategy holds."""
    access.check_can_keep_plan(by)
    assert by.partnership is not None
    # Two who begin one at once take turns.
    others = list(access.visible_to(by, Strategy).select_for_update(of=("self",)).order_by("id"))
    taken = [(one.first_day, one.last_day) for one in others]
    refuse_if(rules.strategy_refusals(first=first_day, last=last_day, taken=taken))
    strategy = Strategy.objects.create(
        partnership=by.partnership,
        # Codes become marks and anchors of reports, which are of small letters.
        code=f"strategy_{new_public_id().lower()}",
        name=name.strip(),
        first_day=first_day,
        last_day=last_day,
    )
    areas = _copy_areas(others, strategy) if copies else 0
    audit.record("plan.strategy_begun", strategy, by=by, areas=areas)
    return strategy


def _copy_areas(others: list[Strategy], strategy: Strategy) -> int:
    """The areas and objectives of the strategy before that stand at its end, with their codes: by these a yearly review
    finds where an action goes on."""
    before = [one for one in others if one.last_day < strategy.first_day]
    if not before:
        return 0
    newest = max(before, key=lambda one: one.last_day)
    last = Q(valid_until__isnull=True) | Q(valid_until__gte=newest.last_day)
    made = 0
    for number, area in enumerate(newest.areas.filter(last).order_by("number", "id"), start=1):
        copy = Area.objects.create(
            partnership_id=strategy.partnership_id,
            strategy=strategy,
            code=area.code,
            number=number,
            name=area.name,
            what=area.what,
            lead_post=area.lead_post,
            lead_agency_id=area.lead_agency_id,
            led_by_id=area.led_by_id,
            valid_from=strategy.first_day,
        )
        Objective.objects.bulk_create(
            Objective(
                partnership_id=strategy.partnership_id,
                area=copy,
                code=one.code,
                order=order,
                words=one.words,
                valid_from=strategy.first_day,
            )
            for order, one in enumerate(area.objectives.filter(last).order_by("order", "id"), start=1)
        )
        made += 1
    return made


@transaction.atomic
def agree_strategy(
    *, strategy_id: str, where: str, when: date | None, by: Actor, on: date, seen: int | None
) -> Strategy:
    """Record that the partnership agreed the strategy: in which meeting or session, on which day.

    Raises NotAllowed, Conflict unless `seen` is its newest version, Refusal for one that was agreed already, without
    a place, and for a day to come."""
    access.check_can_keep_plan(by)
    strategy = access.get_for_update(by, Strategy, strategy_id, version=seen)
    if strategy.agreed_on is not None:
        raise Refusal("agreed_already", "This strategy was agreed already.")
    refuse_if(rules.agree_refusals(where=where, when=when, on=on))
    strategy.agreed_on, strategy.agreed_where = when, where.strip()
    strategy.version += 1
    strategy.save(update_fields=["agreed_on", "agreed_where", "version"])
    audit.record("plan.strategy_agreed", strategy, by=by, day=when)
    return strategy


def area_values(area: Area) -> dict[str, object]:
    """What a change of an area may touch, by field of its form."""
    return {
        "name": area.name,
        "what": area.what,
        "lead_post": area.lead_post,
        "lead_agency": area.lead_agency.code if area.lead_agency else "",
        "led_by": area.led_by.code if area.led_by else "",
    }


@transaction.atomic
def add_area(
    *,
    strategy_id: str,
    name: str,
    what: str,
    lead_post: str,
    by: Actor,
    on: date,
    lead_agency: str = "",
    led_by: str = "",
    valid_from: date | None = None,
) -> Area:
    """An area more, after the others. `lead_agency`, `led_by`: codes. Raises NotAllowed and Refusal for an agency or
    board that is not the partnership's and for a name that stands already."""
    access.check_can_keep_plan(by)
    strategy = access.get_for_update(by, Strategy, strategy_id, version=None)
    open_ones = strategy.areas.filter(valid_until__isnull=True)
    if open_ones.filter(name__iexact=name.strip()).exists():
        raise Refusal("area_stands", "An area of this name stands already.")
    agency, board = agency_of(by, lead_agency), board_of(by, led_by)
    numbers = strategy.areas.order_by().values_list("number", flat=True)
    area = Area.objects.create(
        partnership_id=strategy.partnership_id,
        strategy=strategy,
        code=f"area_{new_public_id().lower()}",
        number=max(numbers, default=0) + 1,
        name=name.strip(),
        what=what.strip(),
        lead_post=lead_post.strip(),
        lead_agency=agency,
        led_by=board,
        valid_from=max(valid_from or on, strategy.first_day),
    )
    audit.record("plan.area_added", area, by=by, number=area.number)
    return area


@transaction.atomic
def change_area(
    *,
    area_id: str,
    name: str,
    what: str,
    lead_post: str,
    lead_agency: str,
    led_by: str,
    by: Actor,
    on: date,
    seen: int,
) -> Area:
    """Change what an area is called and is about, who leads and who steers it, from `on`. How it was up to the day
    before is kept.

    Raises NotAllowed, Conflict unless `seen` is its newest version, Refusal for one that has ended, and as `add_area`.
    """
    access.check_can_keep_plan(by)
    area = access.get_for_update(by, Area, area_id, version=seen)
    _check_stands(area)
    before, kept = area_values(area), _as_before(area, on - _DAY)
    twins = Area.objects.filter(
        strategy=area.strategy_id, valid_until__isnull=True, name__iexact=name.strip()
    )
    if twins.exclude(pk=area.pk).exists():
        raise Refusal("area_stands", "An area of this name stands already.")
    area.name, area.what, area.lead_post = name.strip(), what.strip(), lead_post.strip()
    area.lead_agency, area.led_by = agency_of(by, lead_agency), board_of(by, led_by)
    if area_values(area) == before:
        return area
    if kept is not None:
        kept.save()
    area.version += 1
    area.save(update_fields=["name", "what", "lead_post", "lead_agency", "led_by", "version"])
    audit.record("plan.area_changed", area, by=by, version=area.version)
    return area


def _as_before(area: Area, last_day: date) -> AreaBefore | None:
    """The area as it stands, to be kept as it was up to a day; None where it was not yet so on that day: what is
    changed twice in a day was never read of another."""
    changed = area.before.order_by("-last_day").values_list("last_day", flat=True).first()
    if last_day < area.valid_from or (changed is not None and last_day <= changed):
        return None
    return AreaBefore(
        area=area, name=area.name, what=area.what, lead_post=area.lead_post, lead_agency_id=area.lead_agency_id,
        led_by_id=area.led_by_id, last_day=last_day,
    )  # fmt: skip


@transaction.atomic
def end_area(*, area_id: str, last_day: date, why: str, by: Actor, on: date, seen: int) -> Area:
    """End an area and its objectives with their last day.

    Raises NotAllowed, Conflict, Refusal for one that has ended, and while an action of it is open in a year that goes
    on after that day."""
    access.check_can_keep_plan(by)
    area = access.get_for_update(by, Area, area_id, version=seen)
    _check_stands(area)
    refuse_if(rules.end_refusals(first=area.valid_from, last=last_day, why=why))
    objectives = list(area.objectives.select_for_update().filter(valid_until__isnull=True))
    _check_no_open_action(area, [one.code for one in objectives], last_day)
    for objective in objectives:
        _end(objective, max(last_day, objective.valid_from), why)
    area.valid_until, area.ended_why = last_day, why.strip()
    area.version += 1
    area.save(update_fields=["valid_until", "ended_why", "version"])
    audit.record("plan.area_ended", area, by=by, day=last_day, objectives=len(objectives))
    return area


@transaction.atomic
def add_objective(
    *, area_id: str, words: str, by: Actor, on: date, valid_from: date | None = None
) -> Objective:
    """Another objective of an area, from a day. Raises NotAllowed, Refusal for an area that has ended and for words
    that stand there already."""
    access.check_can_keep_plan(by)
    area = access.get_for_update(by, Area, area_id, version=None)
    _check_stands(area)
    if area.objectives.filter(valid_until__isnull=True, words__iexact=words.strip()).exists():
        raise Refusal("objective_stands", "This area has this objective already.")
    orders = area.objectives.order_by().values_list("order", flat=True)
    objective = Objective.objects.create(
        partnership_id=area.partnership_id,
        area=area,
        code=f"objective_{new_public_id().lower()}",
        order=max(orders, default=0) + 1,
        words=words.strip(),
        valid_from=max(valid_from or on, area.valid_from),
    )
    audit.record("plan.objective_added", objective, by=by, area=area.public_id)
    return objective


@transaction.atomic
def reword_objective(
    *, objective_id: str, words: str, valid_from: date, why: str, by: Actor, on: date, seen: int
) -> Objective:
    """Give an objective other words from a day on: a row that follows it. The old one keeps its words, its last day
    and the reason.

    Raises NotAllowed; Conflict unless `seen` is its newest version; Refusal for one that has ended or has other words,
    and for the rules of `replace_refusals`."""
    access.check_can_keep_plan(by)
    before = _objective(by, objective_id, seen)
    refuse_if(
        rules.replace_refusals(
            before=before.words, words=words, began=before.valid_from, first=valid_from, why=why
        )
    )
    _end(before, valid_from - _DAY, why)
    after = Objective.objects.create(
        partnership_id=before.partnership_id,
        area_id=before.area_id,
        code=before.code,
        order=before.order,
        words=words.strip(),
        valid_from=valid_from,
        follows=before,
    )
    audit.record("plan.objective_reworded", after, by=by, before=before.public_id, day=valid_from)
    return after


@transaction.atomic
def end_objective(
    *, objective_id: str, last_day: date, why: str, by: Actor, on: date, seen: int
) -> Objective:
    """End an objective with its last day. Raises NotAllowed, Conflict, and Refusal as `end_area`."""
    access.check_can_keep_plan(by)
    objective = _objective(by, objective_id, seen)
    refuse_if(rules.end_refusals(first=objective.valid_from, last=last_day, why=why))
    _check_no_open_action(objective.area, [objective.code], last_day)
    _end(objective, last_day, why)
    audit.record("plan.objective_ended", objective, by=by, day=last_day)
    return objective


def _end(objective: Objective, last_day: date, why: str) -> None:
    objective.valid_until, objective.ended_why = last_day, why.strip()
    objective.version += 1
    objective.save(update_fields=["valid_until", "ended_why", "version"])


def _objective(by: Actor, objective_id: str, seen: int) -> Objective:
    """The objective, locked, while it stands."""
    objective = access.get_for_update(by, Objective, objective_id, version=seen)
    if objective.valid_until is not None:
        raise Refusal(
            "objective_ended",
            "This objective has its last day already, or has other words. Look at its area again.",
        )
    return objective


def _check_no_open_action(area: Area, codes: list[str], last_day: date) -> None:
    # An action hangs on the row that stood when it was planned; the chain of other words has one code.
    open_ones = PlanAction.objects.filter(
        Q(plan__last_day__gt=last_day) & ~Q(plan__status=YearStatus.REVIEWED) & ~Q(status__in=CLOSED),
        objective__area=area.pk,
        objective__code__in=codes,
    )
    numbers = sorted(set(open_ones.values_list("number", flat=True)), key=number_key)
    if numbers:
        raise Refusal(
            "open_actions",
            f"Actions go on after that day: {', '.join(numbers)}. Finish or stop them, or move them elsewhere first.",
        )


def _check_stands(area: Area) -> None:
    if area.valid_until is not None:
        raise Refusal("area_ended", "This area has its last day already.")


def agency_of(by: Actor, code: str) -> Agency | None:
    """An agency of the actor’s partnership by its code; None for none. Raises Refusal `unknown_agency`."""
    if not code:
        return None
    found = Agency.objects.filter(partnership=by.partnership, code=code).first()
    if found is None:
        raise Refusal("unknown_agency", "Choose an agency of this partnership.")
    return found


def board_of(by: Actor, code: str) -> Board | None:
    """A board of the actor’s partnership by its code; None for none. Raises Refusal `unknown_board`."""
    if not code:
        return None
    found = Board.objects.filter(partnership=by.partnership, code=code).first()
    if found is None:
        raise Refusal("unknown_board", "Choose a board or group of this partnership.")
    return found
