"""How the partnership works with other boards, and what connected partnerships reported."""

from __future__ import annotations

from datetime import date

from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.models import ConnectedReport
from saferhub.publication.model import Cell, Column, Row, Table
from saferhub.reporting.queries.plan_facts import area_on
from saferhub.reporting.rules.figure_words import joined
from saferhub.reporting.rules.marks import listed

from . import Asked, Proposed
from .areas import objectives, work
from .reading import Reading, enumerated, lower_first, sentence, upper_first

_OWN_GROUPS = ("sub_group", "working_group")


def boards(asked: Asked) -> Proposed:
    """Networks of boards with their principles, own groups, connected partnerships and what was heard of them."""
    reading = Reading(asked)
    if reading.itself is None:
        return Proposed()
    found = reading.entries("boards")
    area = area_on(reading.partnership, asked.as_of, asked.priority) if asked.priority else None
    networks = [one for one in found if one.item.kind == "network"]
    for network in networks:
        _network(reading, network)
    _principles(reading)
    groups = [
        one for one in found if one.item.kind in _OWN_GROUPS and one.item.parent == reading.itself.board
    ]
    if groups:
        reading.use(groups)
        if len(groups) == 1:
            named, remit = _with_areas(reading, groups[0]), lower_first(groups[0].item.remit).rstrip(".")
            reading.say(f"The partnership’s board has one group of its own, the {named} ({remit}).")
        else:
            lines = [
                f"{_with_areas(reading, one)}: {lower_first(sentence(one.item.remit))}" for one in groups
            ]
            reading.say(listed("The partnership’s board has these groups of its own:", lines))
    connected(asked, reading, found)
    if area is not None:
        reading.use([area.entry])
        objectives(reading, area, opening=f"The area “{area.name}” of the plan is about this work. ")
        work(reading, area)
    return reading.proposed()


def _with_areas(reading: Reading, board: InForce) -> str:
    """Its name, with the areas that it covers where it covers others than the partnership's own too."""
    codes = list(board.item.areas)
    if not set(codes) - {reading.itself.area}:
        return str(board.item.name)
    named = joined([reading.directory.named("areas", code).name for code in codes])
    return str(board.item.name) if named in board.item.name else f"{board.item.name} ({named})"


def _network(reading: Reading, network: InForce) -> None:
    directory = reading.directory
    reading.use([network])
    seats = [one for one in network.item.members if one.board]
    here = [directory.named("boards", one.board).name for one in seats if not one.joining]
    joining = [directory.named("boards", one.board).name for one in seats if one.joining]
    if here:
        opening = f"The {lower_first(network.item.name)} brings together the managers of:"
        reading.say(listed(opening, enumerated(here)))
    after = [sentence(network.item.remit)]
    if joining:
        reported = reading.reported_on(network)
        verb = "is" if len(joining) == 1 else "are"
        named = joined([f"the {lower_first(name)}" for name in joining])
        after.append(
            f"{upper_first(named)} {verb} to join soon."
            if reported is None
            else f"As reported on {date_in_words(reported)}, {named} {'was' if verb == 'is' else 'were'} to join it."
        )
    reading.say(" ".join(after))
    above = [directory.get("boards", code) for code in network.item.reports_to]
    chairs = [one for one in above if one is not None and one.item.kind == "chairs_group"]
    reading.use(chairs)
    for one in chairs:
        reading.say(
            f"The network reports to the boards themselves and to the {one.item.name}, which"
            f" {lower_first(sentence(one.item.remit))}"
        )


def _principles(reading: Reading) -> None:
    said = sorted(reading.entries("principles"), key=lambda one: one.item.number)
    if not said:
        return
    reading.use(said)
    number = reading.number("principles", "principles", said, "Principles that the boards agreed")
    reading.say(
        listed(
            f"The boards have agreed {number} core principles:", [sentence(one.item.words) for one in said]
        )
    )


def connected(asked: Asked, reading: Reading, found: list[InForce]) -> None:
    """Which partnerships report to this one, and what was heard in the twelve months up to the day."""
    heard = [one for one in found if one.item.reported_to_us]
    reading.use(heard)
    lines = [f"{_with_areas(reading, one)}: {lower_first(sentence(one.item.remit))}" for one in heard]
    rows = reports_heard(reading, asked.as_of)
    of_the_year = " [connected_reports] gives those of the last twelve months." if rows else ""
    if len(lines) == 1:
        named, remit = _with_areas(reading, heard[0]), lower_first(heard[0].item.remit).rstrip(".")
        reading.say(
            f"The partnership receives reports and updates from one connected partnership, the {named} ({remit}), and"
            f" will go on doing so.{of_the_year}"
        )
    elif lines:
        number = reading.number("connected", "boards", heard, "Partnerships that report to this one")
        reading.say(
            listed(
                f"The partnership receives reports and updates from {number} connected partnerships, and will go on"
                f" doing so.{of_the_year} They are:",
                lines,
            )
        )
    elif rows:
        reading.say(
            "[connected_reports] gives the reports that the partnership has heard in the last twelve months."
        )
    if rows:
        columns = (Column("Heard on"), Column("From"), Column("What it said"), Column("What follows"))
        reading.blocks.append(
            Table(
                f"Reports heard from connected partnerships in the twelve months to {date_in_words(asked.as_of)}",
                columns,
                rows,
                anchor="connected-reports",
            )
        )


def reports_heard(reading: Reading, day: date) -> tuple[Row, ...]:
    """The reports of the twelve months up to a day, the newest first."""
    since = day.replace(year=day.year - 1, day=min(day.day, 28))
    rows = ConnectedReport.objects.filter(partnership=reading.partnership, on__lte=day, on__gt=since)
    return tuple(
        Row(
            (
                Cell(date_in_words(one.on)),
                Cell(f"{one.board.name}: {one.title}"),
                Cell(one.words),
                Cell(one.follows or "Nothing is asked of this partnership"),
            )
        )
        for one in rows.select_related("board").order_by("-on", "-id")
    )


def connected_alone(asked: Asked) -> Proposed:
    """The section of a yearly review: what connected partnerships reported."""
    reading = Reading(asked)
    connected(asked, reading, reading.entries("boards"))
    return reading.proposed()
