"""The scorecard: every measure of the partnership with its newest figure, its run and its colour, by area of the plan.

It reads measures, observations and commentary alone, so it takes as long with a hundred thousand cases as with none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.registries import OpenWork, WorkItem
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.methods.xmr_words import Verdict
from saferhub.plan.models import Area, Commentary, Measure, MeasureVersion
from saferhub.plan.registries import AreaMeasures
from saferhub.plan.rules.figures import file_number
from saferhub.plan.rules.updates import quarter_before, quarter_words
from saferhub.plan.rules.withholding import MARK

from .counted import version_on
from .measures import Told, tell, told_of

LINE_TEMPLATE = "plan/scorecard/line.html"
HEADINGS = [
    "Area of the plan", "Measure", "Newest time", "Figure", "Unit", "Whether it moved", "Colour", "Rule of the colour",
    "Target", "Owner", "Definition", "Source", "Owner’s words", "Read with care",
]  # fmt: skip
_ORDER = (
    (Verdict.BETTER, "better"),
    (Verdict.WORSE, "worse"),
    (Verdict.CHANGED, "changed"),
    (Verdict.NO_CHANGE, "no real change"),
    (Verdict.TOO_FEW, "too few figures to tell"),
    (Verdict.NO_DATA, "without a figure"),
)
_COLOURS = (("on_track", "green"), ("at_risk", "amber"), ("off_track", "red"), ("no_target", "grey"))


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of the scorecard. `said`: what its owner said of the newest quarter."""

    told: Told
    url: str
    owner: str
    said: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The measures of one area; `area` None: of none."""

    area: Area | None
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return self.area.name if self.area else "The partnership as a whole"

    @property
    def words(self) -> str:
        return moved_words(one.told for one in self.lines)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything on the page."""

    groups: tuple[Group, ...]
    colours: tuple[tuple[str, str, int], ...]
    words: str
    has_withheld: bool
    quarter: str

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]


def scorecard(actor: Actor, *, area_id: str = "", mine: bool = False, colour: str = "") -> Scorecard:
    """The measures that are kept on the actor's day, narrowed to an area, to her own, or to one colour. Six queries,
    however many measures and however many cases."""
    quarter = quarter_before(actor.on)
    if actor.partnership is None:
        return Scorecard((), (), "", False, quarter_words(quarter))
    found = [
        one
        for one in told_of(actor.partnership, actor.on)
        if (not area_id or (one.measure.area is not None and one.measure.area.public_id == area_id))
        and (not mine or (actor.user is not None and one.measure.owner_id == actor.user.pk))
        and (not colour or one.colour.status == colour)
    ]
    said = _commentary(actor, [one.measure for one in found], quarter)
    groups: dict[int | None, list[Line]] = {}
    areas: dict[int | None, Area | None] = {}
    for one in found:
        key = one.measure.area_id
        areas[key] = one.measure.area
        groups.setdefault(key, []).append(_line(one, said.get(one.measure.pk)))
    counts = Counter(one.colour.status for one in found)
    return Scorecard(
        groups=tuple(Group(areas[key], tuple(lines)) for key, lines in groups.items()),
        colours=tuple((status, words, counts[status]) for status, words in _COLOURS),
        words=moved_words(found),
        has_withheld=any(point.is_withheld for one in found for point in one.points),
        quarter=quarter_words(quarter),
    )


def _line(told: Told, commentary: Commentary | None) -> Line:
    measure = told.measure
    return Line(
        told=told,
        url=reverse("measure", args=[measure.public_id]),
        owner=measure.owner.name if measure.owner else measure.owner_post,
        said=commentary.words if commentary else "",
        is_asked=commentary is not None and commentary.on is None,
    )


def _commentary(actor: Actor, measures: Sequence[Measure], quarter: date) -> dict[int, Commentary]:
    """What stands of a quarter, by measure: asked, or said. One query."""
    rows = Commentary.objects.filter(measure__in=[one.pk for one in measures], quarter=quarter).order_by("id")
    return {row.measure_id: row for row in rows}


def moved_words(told: Iterable[Told]) -> str:
    """ "1 better, 3 no real change"."""
    counts = Counter(one.reading.verdict for one in told)
    return ", ".join(f"{counts[verdict]} {words}" for verdict, words in _ORDER if counts[verdict])


def of_areas(actor: Actor, areas: Sequence[Any], day: date) -> Mapping[int, AreaMeasures]:
    """The measures of these areas for the pages of the plan (see plan.registries.MEASURES). Four queries."""
    if actor.partnership is None:
        return {}
    numbers = {area.pk for area in areas}
    by_area: dict[int, list[Told]] = {}
    for one in told_of(actor.partnership, day):
        if one.measure.area_id in numbers:
            by_area.setdefault(one.measure.area_id or 0, []).append(one)
    return {number: _area_measures(found) for number, found in by_area.items()}


def _area_measures(found: Sequence[Told]) -> AreaMeasures:
    lines: dict[str, list[Line]] = {}
    others: list[Line] = []
    for one in found:
        objective = one.measure.objective
        (others if objective is None else lines.setdefault(objective.code, [])).append(_line(one, None))
    return AreaMeasures(moved_words(found), LINE_TEMPLATE, lines, others)


def file_lines(card: Scorecard) -> list[list[Any]]:
    """The scorecard as lines of a file, the headings first. What is withheld on the page is withheld here."""
    return [HEADINGS, *(_file_line(group, line) for group in card.groups for line in group.lines)]


def _file_line(group: Group, line: Line) -> list[Any]:
    told, version = line.told, line.told.version
    newest = told.newest
    figure: Any = ""
    if newest is not None and not told.is_missing:
        figure = MARK if newest.is_withheld or newest.value is None else file_number(newest.value)
    return [
        group.title,
        version.name,
        told.due.words,
        figure,
        version.get_unit_display() if version.unit != "rate" else f"Per {version.per:,}",
        told.moved,
        told.colour.name,
        told.colour.rule,
        "" if version.target is None else file_number(version.target),
        f"{line.owner}, {told.measure.owner_post}" if told.measure.owner else line.owner,
        version.definition,
        version.source,
        line.said,
        version.caveat,
    ]


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Commentary that the reader is asked for: on her own measures, and for whoever keeps measures on those that nobody
    owns. Two queries, one where nothing is asked of her."""
    if actor.user is None or actor.partnership is None:
        return
    hers = Q(measure__owner=actor.user)
    if access.can_keep_measures(actor):
        hers |= Q(measure__owner__isnull=True)
    rows = (
        access.visible_to(actor, Commentary)
        .filter(hers, on__isnull=True, quarter=quarter_before(actor.on), measure__ended_on__isnull=True)
        .select_related("measure")
        .prefetch_related("measure__versions")
        .order_by("due_on", "measure__order", "id")
    )
    for one in rows:
        versions = list(one.measure.versions.all())
        if not versions:
            continue
        yield WorkItem(
            kind="plan_commentary",
            kind_words="Words on measures",
            title=version_on(versions, actor.on).name,
            url=reverse("measure", args=[one.measure.public_id]),
            why=f"What does it show for {quarter_words(one.quarter)}?",
            due_on=one.due_on,
            step="Comment",
            step_url=reverse("measure-comment", args=[one.measure.public_id, one.quarter.isoformat()]),
            note="Plan",
            rank=6,
        )


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """The measures that somebody who leaves owns. Two queries."""
    rows = access.visible_to(actor, Measure).filter(owner=user, ended_on__isnull=True).order_by("order", "id")
    for one in rows.prefetch_related("versions"):
        versions = list(one.versions.all())
        yield OpenWork(
            kind_words="Measure",
            title=version_on(versions, actor.on).name if versions else one.code,
            url=reverse("measure", args=[one.public_id]),
        )


def one_told(measure: Measure, as_of: date) -> Told:
    """One measure on a day. Raises ValueError where it has no version. Three queries."""
    prefetch_related_objects(
        [measure], Prefetch("versions", queryset=MeasureVersion.objects.order_by("number"))
    )
    found = tell([measure], as_of)
    if not found:
        raise ValueError("a measure without a version")
    return found[0]
