"""How a report begins and ends: its purpose, what the law asks, what members are asked."""

from __future__ import annotations

from saferhub.foundation import clock
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.reporting.models import Committee, Theme
from saferhub.reporting.queries.plan_facts import AreaFacts, areas_on, plan_on, scrutiny_committee, year_on
from saferhub.reporting.rules.figure_words import joined, plural
from saferhub.reporting.rules.marks import listed

from . import Asked, Proposed
from .plan import areas_counted
from .reading import Reading, enumerated, lower_first, sentence

# Entries of the packs that say what the law asks.
_RESPONSIBLE, _SCRUTINY = "responsible", "scrutiny"


def purpose(asked: Asked) -> Proposed:
    """What the report is for, out of what stands in it."""
    reading = Reading(asked)
    if reading.itself is None:
        return Proposed()
    plan, areas = plan_on(reading.partnership, asked.as_of), areas_on(reading.partnership, asked.as_of)
    item = reading.itself
    short = f" ({item.short_name})" if item.short_name and item.short_name != item.name else ""
    parts = [f"what {item.name}{short} does, and for what it is responsible"]
    if plan is not None and areas:
        years = f"{plan.first.year} to {plan.last.year}"
        named = areas_counted(reading, areas)
        what = f"the {named} areas" if len(areas) > 1 else "the area"
        parts.append(f"{what} for delivery of its plan for {years}{_hubs_too(reading, areas)}")
    if year_on(reading.partnership, asked.as_of) is not None:
        parts.append("what is being done in each area this year, and what the figures show so far")
    committee = _committee(asked)
    name = committee.name if committee is not None else scrutiny_committee(reading.partnership, asked.as_of)
    reader = f"members of {_the(name)}" if name else "members"
    reading.say(listed(f"This report informs {reader} about:", enumerated(parts)))
    today = clock.today()
    what = "Facts are" if asked.as_of > today else "Facts and figures are"
    known = f" Figures go up to {date_in_words(today)}." if asked.as_of > today else ""
    reading.say(
        f"{what} as at {date_in_words(asked.as_of)} unless another date is given.{known} Figures for a month, a quarter"
        " or a year are of the latest that had ended by then."
    )
    reading.use([reading.directory.itself])
    return reading.proposed()


def _hubs_too(reading: Reading, areas: list[AreaFacts]) -> str:
    """The hubs, where they are an area of the plan themselves or the partnership has any."""
    if not reading.entries("hubs"):
        return ""
    if any("hub" in area.code.split("_") or "hubs" in area.code.split("_") for area in areas):
        return ", and how the community safety hubs are being developed further"
    return ", and the work of its hubs"


def _the(name: str) -> str:
    return name[:1].lower() + name[1:] if name.startswith("The ") else f"the {name}"


def statutory_background(asked: Asked) -> Proposed:
    """What the law asks, who has to be in the partnership and who is, who chairs it."""
    reading = Reading(asked)
    item = reading.itself
    if item is None:
        return Proposed()
    directory = reading.directory
    reading.use([directory.itself])
    reading.say(sentence(item.duty))
    _responsible(reading)
    chair = directory.named("agencies", item.chair_agency).name if item.chair_agency else ""
    post = item.chair_post if not chair or chair in item.chair_post else f"{item.chair_post}, {chair}"
    members = f"{sentence(item.membership)} " if item.membership else ""
    reading.say(f"{members}Its chair is the {post}.")
    if item.review_duty:
        duty = lower_first(sentence(item.review_duty))
        reading.say(
            f"The partnership also has the duty {duty}"
            if duty.startswith("to ")
            else f"The partnership has a further duty: {duty}"
        )
    if item.scrutiny:
        how = sentence(item.scrutiny)
        # Packs begin with the verb: "Reports twice a year to …".
        how = f"The partnership {lower_first(how)}" if how.startswith("Reports ") else how
        entry = next((one for one in reading.entries("duties") if one.code == _SCRUTINY), None)
        reading.use([entry])
        asked_for = f"{sentence(entry.item.what).rstrip('.')}{_law(entry)}. " if entry is not None else ""
        reading.say(f"{asked_for}{how}")
    return reading.proposed()


def _law(entry: InForce | None) -> str:
    """The law that a pack's entry rests on, in brackets; "" where it names none."""
    named = [one.law for one in entry.source if one.law] if entry is not None else []
    return f" ({named[0]})" if named else ""


def _responsible(reading: Reading) -> None:
    """The kinds of authority that have to be in the partnership, and how many of each there are."""
    item, directory = reading.itself, reading.directory
    kinds = {one.code: one for one in directory.entries("agency_kinds")}
    here: dict[str, list[InForce]] = {}
    for one in directory.entries("agencies"):
        if one.item.legal_role == _RESPONSIBLE and one.item.kind in item.responsible_kinds:
            here.setdefault(one.item.kind, []).append(one)
    everybody = [one for found in here.values() for one in found]
    lines = []
    for code in [one for one in item.responsible_kinds if one in here and one in kinds]:
        mark, name = f"responsible_{code}", lower_first(kinds[code].item.name)
        number = reading.number(mark, "agencies", here[code], f"Responsible authorities: {name}")
        lines.append(f"{number} {name if len(here[code]) == 1 else plural(name)}")
    if not lines:
        return
    number = reading.number(
        "responsible", "agencies", everybody, "Responsible authorities in the partnership"
    )
    role = next((one for one in reading.entries("legal_roles") if one.code == _RESPONSIBLE), None)
    reading.use([role])
    opening = (
        f"The law names the authorities that are responsible for this together{_law(role)}. In this partnership there"
        f" are {number}:"
    )
    reading.say(listed(opening, enumerated(lines)))


def recommendations(asked: Asked) -> Proposed:
    """What members are asked to do, and what they may wish to look at closer."""
    reading = Reading(asked)
    if reading.itself is None:
        return Proposed()
    said = sorted(reading.entries("recommendations"), key=lambda one: one.item.number)
    reading.use(said)
    reading.recommendations += [sentence(one.item.words) for one in said if one.item.kind == "recommendation"]
    if not reading.recommendations:
        reading.recommendations.append("That members note this report.")
    themes = [one.item.words.strip().rstrip(".") for one in said if one.item.kind == "theme"]
    if not themes:
        themes = [
            f"a discussion of how “{area.name}” is delivered"
            for area in areas_on(reading.partnership, asked.as_of)
        ]
    if themes:
        offered = enumerated([lower_first(theme) for theme in themes])
        reading.say(
            listed(
                "Members may wish to explore some of this work in more depth. They could ask for:", offered
            )
        )
    if asked.committee is not None:
        rows = Theme.objects.filter(committee=asked.committee, is_dropped=False, outcome="").select_related(
            "sitting"
        )
        agreed = [one for one in rows if one.sitting is not None and one.sitting.on >= asked.as_of]
        if agreed:
            named = [
                f"{one.title}, on {date_in_words(one.sitting.on)}"  # type: ignore[union-attr]
                for one in agreed
            ]
            reading.say(f"A discussion of its own is agreed already for: {joined(named)}.")
    return reading.proposed()


def _committee(asked: Asked) -> Committee | None:
    return Committee.objects.filter(pk=asked.committee).first() if asked.committee is not None else None
