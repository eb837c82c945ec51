"""The plan in a report: its aims, how far it has come, its areas, how the actions of the year stand."""

from __future__ import annotations

from collections import Counter

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.models import PlanStatus
from saferhub.publication.model import Cell, Column, Row, Table
from saferhub.reporting.queries.plan_facts import (
    ActionFacts,
    AreaFacts,
    PlanFacts,
    YearFacts,
    areas_on,
    plan_on,
    year_on,
)
from saferhub.reporting.rules.figure_words import NONE

from . import Asked, Proposed
from .reading import Reading, lower_first, sentence

_ORDER = (
    PlanStatus.DONE, PlanStatus.ON_TRACK, PlanStatus.AT_RISK, PlanStatus.OFF_TRACK, PlanStatus.NOT_STARTED,
    PlanStatus.STOPPED,
)  # fmt: skip


def plan(asked: Asked) -> Proposed:
    """The vision, the plan and its years, its areas for delivery, the year's actions by area."""
    reading = Reading(asked)
    found = plan_on(reading.partnership, asked.as_of)
    if found is None or reading.itself is None:
        return Proposed()
    # A plan that the partnership began itself is in no pack: what its rows say is told, and nothing of another plan.
    item = found.entry.item if found.entry is not None else None
    reading.use([reading.directory.itself, found.entry])
    if reading.itself.vision:
        reading.say(f"The partnership’s vision is “{reading.itself.vision}”.")
    first, last = date_in_words(found.first), date_in_words(found.last)
    runs = f"The plan, “{found.name}”, runs from {first} to {last}. {_state(reading, found)}"
    if item is None:
        reading.say(runs)
    else:
        reading.say(
            f"{sentence(item.duty)} {runs} {sentence(item.aims)}",
            " ".join(
                sentence(one) for one in (item.reviewed, item.action_plan, item.measures, item.scrutiny)
            ),
        )
    areas = areas_on(reading.partnership, asked.as_of)
    reading.use([one.entry for one in areas])
    if areas:
        number = areas_counted(reading, areas)
        how = item.agreed if item is not None else None
        agreed = f" They were agreed {lower_first(how).strip().rstrip('.')}." if how else ""
        what = "one area for delivery, which [areas_table] describes" if len(areas) == 1 else ""
        what = what or f"{number} areas for delivery, which [areas_table] describes"
        reading.say(f"The plan has {what}.{agreed}")
        reading.blocks.append(_areas(areas))
    year = year_on(reading.partnership, asked.as_of)
    if year is not None:
        _actions(reading, year, areas)
    return reading.proposed()


def areas_counted(reading: Reading, areas: list[AreaFacts]) -> str:
    """How many areas the plan has, citable: counted in its rows, and before it has any, in the packs."""
    if any(one.row is not None for one in areas):
        return reading.counted("areas", len(areas), "Areas of the plan", table="plan.area")
    return reading.number(
        "areas", "priorities", [one.entry for one in areas if one.entry], "Areas of the plan"
    )


def _state(reading: Reading, found: PlanFacts) -> str:
    """How far the plan has come, as its rows say; before it has any, as the packs do."""
    if found.agreed_on is not None:
        where = f" ({found.agreed_where.strip().rstrip('.')})" if found.agreed_where.strip() else ""
        return f"It was agreed on {date_in_words(found.agreed_on)}{where}."
    reported = reading.reported_on(found.entry) if found.is_of_pack and found.entry is not None else None
    if reported is not None:
        return f"On {date_in_words(reported)} it was still being written."
    return "It is still being written."


def _areas(areas: list[AreaFacts]) -> Table:
    columns = (Column("Area"), Column("What it is about"), Column("Who leads"))
    rows = tuple(
        Row((Cell(f"{one.number}. {one.name}"), Cell(_about(one)), Cell(_lead(one)))) for one in areas
    )
    return Table("Areas for delivery", columns, rows, anchor="areas-table")


def _about(one: AreaFacts) -> str:
    scoping = one.entry.item.scoping if one.entry is not None else None
    return (
        f"{sentence(one.what)} Includes scoping work on {lower_first(sentence(scoping))}"
        if scoping
        else sentence(one.what)
    )


def _lead(one: AreaFacts) -> str:
    return f"{one.lead_post}, {one.lead_agency}" if one.lead_agency else one.lead_post


def _actions(reading: Reading, year: YearFacts, areas: list[AreaFacts]) -> None:
    """The actions of the year by area and by how they stand."""
    number = reading.counted(
        "actions",
        len(year.actions),
        f"Actions of the plan for {year.words}",
        table="plan.action",
        year=year.words,
    )
    noun = "action" if len(year.actions) == 1 else "actions"
    what = "The action plan" if year.is_agreed else "The draft action plan"
    said = f"{what} for {year.words} has {number} {noun}."
    if not year.is_agreed:
        said += " It takes effect once the partnership has agreed it."
    by_area = [(area, [one for one in year.actions if one.area == area.code]) for area in areas]
    by_area = [(area, actions) for area, actions in by_area if actions]
    if not by_area or any(one.status is None for one in year.actions):
        reading.say(said)
        return
    there = [status for status in _ORDER if any(one.status == status for one in year.actions)]
    rows = [_row(reading, year, area.code, area.name, actions, there) for area, actions in by_area]
    everything = [one for _, actions in by_area for one in actions]
    rows.append(_row(reading, year, "", "All", everything, there))
    late = [
        one
        for one in year.actions
        if one.due < reading.day and one.status not in (PlanStatus.DONE, PlanStatus.STOPPED)
    ]
    said += " [actions_by_area] shows how they stand in each area."
    if late:
        of_them = reading.counted(
            "late",
            len(late),
            "Actions past their day and not done",
            table="plan.action",
            year=year.words,
            late=True,
        )
        is_one = len(late) == 1
        said += (
            f" In all, {of_them} {'is' if is_one else 'are'} past the day by which"
            f" {'it was' if is_one else 'they were'} to be done."
        )
    else:
        said += " None is past the day by which it was to be done."
    reading.say(said)
    columns = (Column("Area"), *(Column(str(one.label), "right") for one in there), Column("All", "right"))
    caption = f"Actions of {year.words} by area, as they stood on {date_in_words(reading.day)}"
    reading.blocks.append(Table(caption, columns, tuple(rows), anchor="actions-by-area"))


def _row(
    reading: Reading,
    year: YearFacts,
    area: str,
    name: str,
    actions: list[ActionFacts],
    there: list[PlanStatus],
) -> Row:
    """The actions of an area, or of all ("" as its code), by how they stand."""
    counts = Counter(one.status for one in actions)

    def cell(status: str, words: str, number: int) -> Cell:
        mark = f"actions_{area or 'all'}_{status or 'all'}"
        label = f"Actions of {year.words}, {name}, {words}"
        reading.counted(mark, number, label, table="plan.action", year=year.words, area=area, status=status)
        return Cell(str(number), figure=mark)

    cells = [cell(one.value, str(one.label), counts[one]) for one in there]
    return Row((Cell(name), *cells, cell("", "all", len(actions))), is_total=not area)


def actions_table(year: YearFacts, area: AreaFacts, reading: Reading) -> Table | None:
    """The actions of one area in the year; None where it has none."""
    actions = [one for one in year.actions if one.area == area.code]
    if not actions:
        return None
    with_status = all(one.status is not None for one in actions)
    columns = [Column("Action"), Column("Lead"), Column("By")]
    if with_status:
        columns.append(Column("How it stands"))
    rows = []
    for one in actions:
        cells = [Cell(f"{one.number} {one.what}"), Cell(one.lead), Cell(date_in_words(one.due))]
        if with_status:
            is_over = one.status in (PlanStatus.DONE, PlanStatus.STOPPED)
            late = ", late" if one.due < reading.day and not is_over else ""
            cells.append(Cell(f"{one.status.label if one.status else NONE}{late}"))
        rows.append(Row(tuple(cells)))
    what = "Actions" if year.is_agreed else "Draft actions"
    return Table(
        f"{what} of {year.words}: {area.name}",
        tuple(columns),
        tuple(rows),
        anchor=f"actions-{area.code.replace('_', '-')}",
    )
