"""One year's action plan: how it came to be, what its review has to decide, and how two years differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan import access
from saferhub.plan.models import ActionPlan, PlanAction, RolledAs, YearStatus
from saferhub.plan.rules import actions as rules
from saferhub.plan.rules.strategy import year_words

from .actions import Moved, lead_words
from .strategy import ActionLine, action_lines

_SAID = {
    ("", YearStatus.DRAFT): "Begun",
    (YearStatus.DRAFT, YearStatus.IN_FORCE): "Agreed",
    (YearStatus.IN_FORCE, YearStatus.REVIEWED): "Reviewed",
    (YearStatus.REVIEWED, YearStatus.IN_FORCE): "Review opened again",
}


def words_of(plan: ActionPlan) -> str:
    """ "2018-19"."""
    return year_words(plan.first_day, plan.last_day)


def history(plan: ActionPlan, actor: Actor) -> list[Moved]:
    """How the year came to stand as it does, the latest first. Two queries."""
    rows = list(plan.moves.order_by("-id"))
    names = names_of((one.by for one in rows if one.by), actor)
    return [
        Moved(
            one.on, _SAID.get((one.from_status, YearStatus(one.to_status)), one.to_status),
            names.get(one.by, "Somebody") if one.by else "From the pack", one.reason, "decision",
        )
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """What a yearly review has decided and has still to decide, in the order of the plan."""

    open: Sequence[ActionLine]
    decided: Sequence[ActionLine]
    closed: Sequence[ActionLine]

    @property
    def counts(self) -> dict[str, int]:
        return {
            code: sum(one.action.rolled_as == code for one in self.decided)
            for code in (RolledAs.KEEP, RolledAs.CHANGE, RolledAs.STOP)
        }


def review(plan: ActionPlan, on: date) -> Review:
    """The actions of a year as its review sees them. Two queries."""
    lines = action_lines(plan, on, is_today=True)
    going = [one for one in lines if one.status not in rules.CLOSED]
    return Review(
        open=[one for one in going if rules.needs_decision(one.status, one.action.rolled_as)],
        decided=[one for one in going if not rules.needs_decision(one.status, one.action.rolled_as)],
        closed=[one for one in lines if one.status in rules.CLOSED],
    )


def left_behind(plan: ActionPlan) -> list[PlanAction]:
    """Actions that a review kept and that no later year holds, because their objective does not stand there. One
    query."""
    if plan.status != YearStatus.REVIEWED:
        return []
    rows = plan.actions.filter(rolled_as__in=[RolledAs.KEEP, RolledAs.CHANGE], rolled_to__isnull=True)
    kept = rows.exclude(status__in=rules.CLOSED)
    return sorted(kept, key=lambda one: rules.number_key(one.number))


def other_years(actor: Actor, plan: ActionPlan) -> list[ActionPlan]:
    """The other years of the partnership that can stand beside this one, the latest first. One query."""
    return list(access.visible_to(actor, ActionPlan).exclude(pk=plan.pk).order_by("-first_day"))


# --- Two years side by side -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """An action in the one year and in the other; either may be missing. `changes`: what differs, in words."""

    before: ActionLine | None
    after: ActionLine | None
    changes: Sequence[str] = ()
    why: str = ""

    @property
    def kind(self) -> str:
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        return "changed" if self.changes else "same"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two years by area: the number and name of the area, and its pairs."""

    before: ActionPlan
    after: ActionPlan
    areas: Sequence[tuple[str, Sequence[Pair]]]
    counts: dict[str, int]
    before_words: str
    after_words: str


def compare(one: ActionPlan, other: ActionPlan, on: date) -> Compared:
    """Two years side by side, the earlier first: what went on, what changed, what ended, what is new. Each stands as it
    stood at its end, or stands today. An action goes on where it was carried over, through however many years. Ten
    queries at most."""
    first, second = sorted((one, other), key=lambda plan: (plan.first_day, plan.pk))
    before = action_lines(first, min(on, first.last_day), is_today=on <= first.last_day)
    after = action_lines(second, min(on, second.last_day), is_today=on <= second.last_day)
    origin = _origins([line.action for line in after], {line.action.pk for line in before})
    followed = {origin[line.action.pk]: line for line in after if line.action.pk in origin}
    pairs = [_pair(line, followed.get(line.action.pk)) for line in before]
    pairs += [Pair(None, line) for line in after if line.action.pk not in origin]
    areas: dict[tuple[int, str], list[Pair]] = {}
    for pair in pairs:
        line = pair.after or pair.before
        assert line is not None
        area = line.action.objective.area
        areas.setdefault((area.number, area.name), []).append(pair)
    kinds = [pair.kind for pair in pairs]
    return Compared(
        first,
        second,
        [(f"{number}. {name}", found) for (number, name), found in sorted(areas.items())],
        {kind: kinds.count(kind) for kind in ("same", "changed", "gone", "new")},
        words_of(first),
        words_of(second),
    )


def _origins(actions: Sequence[PlanAction], wanted: set[int]) -> dict[int, int]:
    """By the number of each action that of its ancestor among those wanted. A query for each year between."""
    found: dict[int, int] = {}
    waiting = {one.pk: one.rolled_from_id for one in actions if one.rolled_from_id is not None}
    while waiting:
        found.update({one: parent for one, parent in waiting.items() if parent in wanted})
        rest = {one: parent for one, parent in waiting.items() if parent not in wanted}
        rows = PlanAction.objects.filter(pk__in=set(rest.values())).values_list("pk", "rolled_from")
        parents = {pk: parent for pk, parent in rows if parent is not None}
        waiting = {one: parents[parent] for one, parent in rest.items() if parent in parents}
    return found


def _pair(before: ActionLine, after: ActionLine | None) -> Pair:
    why = before.action.rolled_why
    return (
        Pair(before, None, why=why)
        if after is None
        else Pair(before, after, list(_changes(before, after)), why)
    )


def _changes(before: ActionLine, after: ActionLine) -> Iterator[str]:
    one, other = before.action, after.action
    if one.what != other.what:
        yield f"Was: {one.what}"
    if one.objective.code != other.objective.code:
        yield f"Was for: {one.objective.words}"
    if (one.lead_agency_id, one.lead_post) != (other.lead_agency_id, other.lead_post):
        yield f"Was led by {one.lead_post} ({one.lead_agency.name})"
    elif one.lead_id != other.lead_id:
        yield f"Was with {lead_words(one)}"
    if one.target != other.target:
        yield f"Target was: {one.target}" if one.target else "Had no target"
    # What was carried over is due a year later, which is no change.
    if (one.due_on.month, one.due_on.day) != (other.due_on.month, other.due_on.day):
        yield f"Was due on {date_in_words(one.due_on)}"
