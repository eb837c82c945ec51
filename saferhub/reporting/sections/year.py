"""A yearly review and a plan: what became of the actions, what the measures say, money, training, people asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.models import (
    ActionPlan,
    Consultation,
    PlanAction,
    PlanStatus,
    RolledAs,
    Training,
)
from saferhub.plan.queries.areas import worded_on
from saferhub.publication.model import Cell, Column, Row, Table
from saferhub.reporting.queries.plan_facts import (
    ActionFacts,
    FundingFacts,
    YearFacts,
    areas_on,
    fundings_on,
    plan_on,
    year_before,
    year_on,
)
from saferhub.reporting.rules.figure_words import in_table, joined
from saferhub.reporting.rules.marks import listed

from . import Asked, Proposed
from .measured import of_measures, over_time
from .reading import Reading, lower_first, sentence

_OVER = (PlanStatus.DONE, PlanStatus.STOPPED)


def _year_told_of(reading: Reading) -> YearFacts | None:
    """The year that a review tells of: the newest that is over, or, where none is, the one that runs."""
    return year_before(reading.partnership, reading.day) or year_on(reading.partnership, reading.day)


def _days(reading: Reading) -> tuple[date, date]:
    """The days a review tells of; without any action plan, the twelve months up to its day."""
    year = _year_told_of(reading)
    if year is not None:
        return year.first, min(year.last, reading.day)
    return reading.day.replace(year=reading.day.year - 1, day=min(reading.day.day, 28)), reading.day


def purpose(asked: Asked) -> Proposed:
    """What a yearly review is, and of which year."""
    reading = Reading(asked)
    plan = plan_on(reading.partnership, asked.as_of)
    if plan is None:
        return Proposed()
    reading.use([plan.entry])
    reviewed = f" {sentence(plan.entry.item.reviewed)}" if plan.entry is not None else ""
    first, last = _days(reading)
    covers = f"It covers {date_in_words(first)} to {date_in_words(last)}"
    if last < asked.as_of:
        covers += f", as things stood on {date_in_words(asked.as_of)}"
    reading.say(
        f"Once a year the partnership reviews what has become of its plan, “{plan.name}”. This is that review."
        f" {covers}.{reviewed}"
    )
    year = _year_told_of(reading)
    row = (
        ActionPlan.objects.filter(pk=year.row).first() if year is not None and year.row is not None else None
    )
    if row is not None and row.review_words.strip():
        reading.say(*row.review_words.strip().split("\n\n"))
    return reading.proposed()


def progress(asked: Asked) -> Proposed:
    """What became of each action of the year."""
    reading = Reading(asked)
    year = _year_told_of(reading)
    if year is None:
        return Proposed()
    number = reading.counted(
        "actions", len(year.actions), f"Actions of {year.words}", table="plan.action", year=year.words
    )
    noun = "action" if len(year.actions) == 1 else "actions"
    what = "The action plan" if year.is_agreed else "The draft action plan"
    said = f"{what} for {year.words} has {number} {noun}."
    if any(one.status is None for one in year.actions):
        said += " None has been reported on yet."
    else:
        said += f" Of these, {_stood(reading, year)}."
    reading.say(f"{said} The tables below take them area by area.")
    for area in areas_on(reading.partnership, asked.as_of):
        rows = tuple(_action(one, asked.as_of) for one in year.actions if one.area == area.code)
        if rows:
            columns = (Column("Action"), Column("Lead"), Column("How it stands"))
            anchor = f"progress-{area.code.replace('_', '-')}"
            reading.blocks.append(Table(f"{area.name}, {year.words}", columns, rows, anchor=anchor))
    return reading.proposed()


_STANDS = {
    PlanStatus.DONE: "done",
    PlanStatus.ON_TRACK: "on track",
    PlanStatus.AT_RISK: "at risk",
    PlanStatus.OFF_TRACK: "off track",
    PlanStatus.NOT_STARTED: "not started",
    PlanStatus.STOPPED: "stopped",
}


def _stood(reading: Reading, year: YearFacts) -> str:
    """ "three are done, two are at risk and one is stopped", and how many are past their day."""
    parts = []
    for status, words in _STANDS.items():
        number = sum(one.status == status for one in year.actions)
        if number:
            mark = reading.counted(
                f"stood_{status.value}", number, f"Actions of {year.words}, {words}", table="plan.action",
                year=year.words, status=status.value,
            )  # fmt: skip
            parts.append(f"{mark} {'is' if number == 1 else 'are'} {words}")
    late = sum(one.due < reading.day and one.status not in _OVER for one in year.actions)
    if not late:
        return joined(parts)
    mark = reading.counted(
        "late", late, "Actions past their day and not done", table="plan.action", year=year.words, late=True
    )
    return f"{joined(parts)}; {mark} {'is past its' if late == 1 else 'are past their'} day"


def _action(one: ActionFacts, day: date) -> Row:
    stands = one.status.label if one.status is not None else "Not reported on"
    late = f", due {date_in_words(one.due)}" if one.due < day and one.status not in _OVER else ""
    return Row((Cell(f"{one.number} {one.what}"), Cell(one.lead), Cell(f"{stands}{late}")))


def scorecard(asked: Asked) -> Proposed:
    """What the measures of each area say. Nothing where no measure has a figure."""
    reading = Reading(asked)
    figures = reading.figures
    areas = [(area.code, area.name) for area in areas_on(reading.partnership, asked.as_of)]
    drawn = False
    for code, name in [*areas, ("", "The partnership as a whole")]:
        measures, slug = figures.of_area(code), code.replace("_", "-") or "whole"
        said = of_measures(figures, measures, caption=name, anchor=f"score-{slug}")
        drawn = any(over_time(said, figures, one, anchor=f"run-{slug}") for one in measures) or drawn
        reading.blocks += said.blocks
        reading.facts |= said.facts
    if not reading.blocks:
        return Proposed()
    charts = (
        " Where a measure has enough figures, a chart shows its run and says whether it has really changed."
        if drawn
        else ""
    )
    reading.say(f"The tables give the latest figures of each area, beside those of a year before.{charts}")
    return reading.proposed()


def rolled(asked: Asked) -> Proposed:
    """What the review decided of each action: kept, changed, stopped, with reasons. Nothing before it decided."""
    reading = Reading(asked)
    year = _year_told_of(reading)
    if year is None or year.row is None:
        return Proposed()
    there = [one.public_id for one in year.actions]
    rows = (
        PlanAction.objects.filter(public_id__in=there).exclude(rolled_as="").select_related("objective__area")
    )
    decided = sorted(rows, key=lambda one: [int(part) for part in one.number.split(".") if part.isdigit()])
    if not decided:
        return Proposed()
    counts = {kind: sum(one.rolled_as == kind for one in decided) for kind in RolledAs}
    kinds = (
        (RolledAs.KEEP, "goes on", "go on"), (RolledAs.CHANGE, "changes", "change"), (RolledAs.STOP, "stops", "stop"),
    )  # fmt: skip
    said = [
        f"{_rolled(reading, year, kind, counts[kind])} {one if counts[kind] == 1 else many}"
        for kind, one, many in kinds
        if counts[kind]
    ]
    reading.say(f"Of the actions that the review looked at, {joined(said)}. [rolled] gives the reasons.")
    columns = (Column("Action"), Column("Decided"), Column("Why"))
    table = tuple(
        Row((Cell(f"{one.number} {one.what}"), Cell(RolledAs(one.rolled_as).label), Cell(one.rolled_why)))
        for one in decided
    )
    reading.blocks.append(Table(f"What changes after {year.words}", columns, table, anchor="rolled"))
    return reading.proposed()


def _rolled(reading: Reading, year: YearFacts, kind: RolledAs, number: int) -> str:
    return reading.counted(
        f"rolled_{kind.value}", number, f"Actions of {year.words}: {kind.label}", table="plan.action",
        year=year.words, rolled=kind.value,
    )  # fmt: skip


def funding(asked: Asked) -> Proposed:
    """Money had or sought on the day, what it buys, who delivers it."""
    reading = Reading(asked)
    rows = fundings_on(reading.partnership, asked.as_of, _days(reading)[0])
    if not rows:
        return Proposed()
    had = [one for one in rows if one.is_had]
    sought = [one for one in rows if not one.is_had]
    said = []
    if had:
        total = sum((one.amount or Decimal(0) for one in had), Decimal(0))
        mark = reading.counted(
            "secured", int(total), "Pounds secured", text=in_table(total, "pounds"), table="plan.funding",
            statuses=["secured", "ended"],
        )  # fmt: skip
        said.append(f"The partnership has secured {mark} for work under its plan.")
    if sought:
        statuses = sorted({one.status for one in sought})
        number = reading.counted(
            "sought", len(sought), "Sources of money being sought", table="plan.funding", statuses=statuses
        )
        more = "more " if had else ""
        said.append(f"It is seeking money from {number} {more}{'source' if len(sought) == 1 else 'sources'}.")
    reading.say(f"{' '.join(said)} [funding] says what the money buys.")
    columns = (
        Column("What it buys"), Column("Area"), Column("From"), Column("Amount", "right"), Column("How it stands"),
    )  # fmt: skip
    table = tuple(Row(_funding(reading, at, one)) for at, one in enumerate(rows, 1))
    reading.blocks.append(Table("Money and services", columns, table, anchor="funding"))
    return reading.proposed()


def _funding(reading: Reading, at: int, one: FundingFacts) -> tuple[Cell, ...]:
    amount = Cell("Not kept for this day" if one.is_amount_lost else "Not known yet")
    if one.amount is not None:
        mark, text = f"funding_{at}", in_table(one.amount, "pounds")
        reading.counted(
            mark, int(one.amount), f"Pounds: {one.title}", text=text, table="plan.funding", row=one.public_id
        )
        amount = Cell(text, figure=mark)
    what = f"{one.title}. {sentence(one.buys)}" + (f" Provider: {one.provider}." if one.provider else "")
    return (Cell(what), Cell(one.area), Cell(one.funder), amount, Cell(one.status.label))


def training(asked: Asked) -> Proposed:
    """What was taught to how many, and what came of it."""
    reading = Reading(asked)
    first, last = _days(reading)
    rows = Training.objects.filter(partnership=reading.partnership, on__gte=first, on__lte=last)
    given = list(rows.select_related("area").order_by("on", "id"))
    if not given:
        return Proposed()
    areas = {one.pk: one.name for one in worded_on([row.area for row in given], asked.as_of)}
    people = rows.aggregate(all=Sum("count"))["all"] or 0
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    number = reading.counted("trainings", len(given), "Training courses held", table="plan.training", **days)
    came = reading.counted(
        "trained",
        people,
        "People who came to training",
        text=f"{people:,}",
        table="plan.training",
        sum="count",
        **days,
    )
    courses = "course was held" if len(given) == 1 else "courses were held"
    reading.say(
        f"From {date_in_words(first)} to {date_in_words(last)} {number} training {courses}, with {came} people"
        f" attending ([training]). Somebody who came to two counts twice."
    )
    columns = (
        Column("On"),
        Column("Topic"),
        Column("For"),
        Column("Attended", "right"),
        Column("What came of it"),
    )
    table = tuple(
        Row(
            (
                Cell(date_in_words(one.on)),
                Cell(f"{one.topic} ({areas[one.area_id]})"),
                Cell(one.audience),
                _came(reading, at, one),
                Cell(one.outcome or "Not known yet"),
            )
        )
        for at, one in enumerate(given, 1)
    )
    reading.blocks.append(Table("Training", columns, table, anchor="training"))
    return reading.proposed()


def _came(reading: Reading, at: int, one: Training) -> Cell:
    mark, text = f"training_{at}", f"{one.count:,}"
    reading.counted(
        mark, one.count, f"Attended: {one.topic}", text=text, table="plan.training", row=one.public_id
    )
    return Cell(text, figure=mark)


def consultation(asked: Asked) -> Proposed:
    """Whom the partnership asked, what they said, what changed, and who was not reached."""
    reading = Reading(asked)
    first, last = _days(reading)
    rows = list(
        Consultation.objects.filter(
            partnership=reading.partnership, first_day__gte=first, first_day__lte=last
        )
        .prefetch_related("groups")
        .order_by("first_day", "id")
    )
    if not rows:
        return Proposed()
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    number = reading.counted("consultations", len(rows), "Consultations", table="plan.consultation", **days)
    held = f"{number} {'consultation' if len(rows) == 1 else 'consultations'}"
    reading.say(f"The partnership held {held}. [consulted] says what people told it and what changed.")
    columns = (Column("When"), Column("How"), Column("What was said"), Column("What changed"))
    table = tuple(
        Row(
            (
                Cell(date_in_words(one.first_day)),
                Cell(f"{one.get_kind_display()}: {one.title}"),
                Cell(one.said or "Not put together yet"),
                Cell(one.changed or "Not decided yet"),
            )
        )
        for one in rows
    )
    reading.blocks.append(Table("Consultation", columns, table, anchor="consulted"))
    gaps = [
        f"{group.name}: {lower_first(sentence(group.gap))}"
        for one in rows
        for group in one.groups.all()
        if group.gap.strip()
    ]
    if gaps:
        reading.say(listed("Groups that were not reached well, and what is to be done:", gaps))
    return reading.proposed()
