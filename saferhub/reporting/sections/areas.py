"""An area for delivery in a report: what is known, its objectives, what is being done, what its measures say."""

from __future__ import annotations

from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Cell, Column, Row, Table
from saferhub.reporting.queries.figures import Figures, Kept
from saferhub.reporting.queries.plan_facts import AreaFacts, area_on, year_on
from saferhub.reporting.rules.figure_words import joined
from saferhub.reporting.rules.marks import listed, mark_of_anchor

from . import Asked, Proposed
from .measured import Said, by_part, of_measures, over_time
from .plan import actions_table
from .reading import Reading, lower_first, sentence, upper_first, without_what_is_common

# Counted in a chart over time, and by hub, where the partnership keeps them.
_FLOW, _BY_HUB = "referrals_received", ("referrals_received", "adopted_share", "cases_open", "closure_days")
_HUB_COUNTERS = frozenset(
    {"referrals_received", "decision_days", "adopted_share", "cases_open", "closure_days", "reopened_share",
     "enforcement_share", "actions_on_time"}
)  # fmt: skip


def area(asked: Asked) -> Proposed:
    """One area of the plan. Nothing where the plan of the day has no such area."""
    reading = Reading(asked)
    found = area_on(reading.partnership, asked.as_of, asked.priority)
    if found is None:
        return Proposed()
    reading.use([found.entry])
    _opening(reading, found)
    led = _strands(reading, found)
    objectives(reading, found, opening=f"The partnership’s plan leads on {joined(led)}. " if led else "")
    _means(reading, found)
    _reviews(reading, found)
    work(reading, found)
    return reading.proposed()


def area_plan(asked: Asked) -> Proposed:
    """One area as the plan itself tells it: what, who, objectives, means, actions of the year."""
    reading = Reading(asked)
    found = area_on(reading.partnership, asked.as_of, asked.priority)
    if found is None:
        return Proposed()
    reading.use([found.entry])
    reading.say(f"{_about(found)} {_led_by(found)}")
    _scoping(reading, found)
    objectives(reading, found)
    _means(reading, found)
    work(reading, found)
    return reading.proposed()


def hubs(asked: Asked) -> Proposed:
    """The hubs: which there are, how they work, what an evaluation found, what is being done, their figures."""
    reading = Reading(asked)
    there = reading.entries("hubs")
    if not there:
        return Proposed()
    found = area_on(reading.partnership, asked.as_of, asked.priority) if asked.priority else None
    reading.use([*there, found.entry if found else None])
    _which_hubs(reading, there)
    known = _background(reading, asked.priority) if asked.priority else []
    reading.say(*(sentence(one.item.words) for one in known[:1]))
    ways = reading.entries("ways_of_working")
    if ways:
        reading.use(ways)
        lines = [f"{one.item.name}: {lower_first(sentence(one.item.words))}" for one in ways]
        reading.say(listed("The hubs have these ways of working in common:", lines))
    reading.say(*(sentence(one.item.words) for one in known[1:]))
    _messages(reading)
    if found is not None:
        objectives(reading, found)
        _means(reading, found)
    _hub_figures(reading, found)
    return reading.proposed()


# --- Parts ------------------------------------------------------------------------------------------------------


def _which_hubs(reading: Reading, there: list[InForce]) -> None:
    number = reading.number("hubs", "hubs", there, "Community safety hubs")
    names, common = without_what_is_common([one.item.name for one in there])
    if len(common.split()) < 2:  # “Hub” alone is a part of each name
        names, common = [one.item.name for one in there], "hub"
    what = common if len(there) == 1 else f"{common}s"
    reading.say(
        f"The partnership has {number} {what}, in which agencies work on cases together: {joined(names)}."
    )


def _background(reading: Reading, code: str) -> list[InForce]:
    """What the packs know of an area. What tells how far the plan had come on its day stands with the plan."""
    found = [one for one in reading.entries("background") if one.item.priority == code]
    reading.use(found)
    return found


def _about(found: AreaFacts) -> str:
    return f"This area is about {lower_first(sentence(found.what))}"


def _led_by(found: AreaFacts) -> str:
    lead = f"{found.lead_post}, {found.lead_agency}" if found.lead_agency else found.lead_post
    return f"It is led by the {lead}."


def _scoping(reading: Reading, found: AreaFacts) -> None:
    scoping = found.entry.item.scoping if found.entry is not None else None
    if scoping:
        reading.say(f"This area includes scoping work on {lower_first(sentence(scoping))}")


def _opening(reading: Reading, found: AreaFacts) -> None:
    known = _background(reading, found.code)
    terms = [one for one in reading.entries("definitions") if one.item.priority == found.code]
    reading.use(terms)
    if not known:
        reading.say(f"{_about(found)} {_led_by(found)}")
    # A term of the area's own code is what the area is about, and comes first.
    own = [one for one in terms if one.code == found.code]
    reading.say(*(_term(one, "means") for one in own))
    reading.say(*(sentence(one.item.words) for one in known))
    others = [one for one in terms if one not in own]
    if others:
        reading.say(listed("Terms that members will meet:", [_term(one) for one in others]))
    _scoping(reading, found)


def _term(one: InForce, verb: str = "") -> str:
    item = one.item
    said = f" {verb} " if verb else ": "
    more = f" The characteristics are {joined(list(item.grounds))}." if item.grounds else ""
    if item.examples:
        more += f" Examples are {joined(list(item.examples))}."
    return f"{item.term}{said}{lower_first(sentence(item.words))}{more}"


def _strands(reading: Reading, found: AreaFacts) -> list[str]:
    """The strands of the national strategy; those that are led here."""
    strands = [one for one in reading.entries("four_ps") if one.item.priority == found.code]
    if not strands:
        return []
    reading.use(strands)
    number = reading.number("strands", "four_ps", strands, "Strands of the national strategy")
    lines = [f"{one.item.name}: {lower_first(sentence(one.item.words))}" for one in strands]
    reading.say(listed(f"The national strategy approaches it in {number} strands, known as the 4Ps:", lines))
    return [one.item.name for one in strands if one.item.led_here]


def objectives(reading: Reading, found: AreaFacts, *, opening: str = "") -> None:
    """What the area sets out to do."""
    words = [sentence(one) for _, one in found.objectives]
    if len(words) == 1:
        reading.say(f"{opening}The agreed objective is: {lower_first(words[0])}")
    elif words:
        reading.say(listed(f"{opening}The agreed objectives are:", words))


def _means(reading: Reading, found: AreaFacts) -> None:
    means = list(found.entry.item.means) if found.entry is not None else []
    opening = "The partnership works towards this through"
    if len(means) == 1:
        reading.say(f"{opening} {lower_first(sentence(means[0]))}")
    elif means:
        reading.say(listed(f"{opening}:", [sentence(one) for one in means]))


def _reviews(reading: Reading, found: AreaFacts) -> None:
    """What has been published of a review, and nothing beyond it."""
    for one in reading.entries("reviews"):
        if one.item.priority == found.code:
            reading.use([one])
            item = one.item
            reported = reading.reported_on(one)
            begins = f"a {lower_first(item.kind)} is under way."
            if reported is not None:
                begins = f"Reported on {date_in_words(reported)}, with nothing newer on record: {begins}"
            follows = f"It follows {lower_first(item.began_after)}"
            said = (follows, item.chair_and_author, item.funding, item.due, item.learning)
            reading.say(" ".join([upper_first(begins), *(sentence(part) for part in said)]))


def _messages(reading: Reading) -> None:
    said = sorted(reading.entries("evaluation_messages"), key=lambda one: one.item.number)
    if not said:
        return
    reading.use(said)
    number = reading.number("messages", "evaluation_messages", said, "Key messages of the evaluation")
    reading.say(f"The evaluation has {number} key messages, which [evaluation_messages] sets out.")
    columns = (Column("Message"), Column("What it says"), Column("Main points"))
    rows = tuple(
        Row(
            (
                Cell(f"{one.item.number}. {one.item.theme}"),
                Cell(sentence(one.item.words)),
                Cell(_points(one.item.points)),
            )
        )
        for one in said
    )
    reading.blocks.append(
        Table("Key messages of the evaluation", columns, rows, anchor="evaluation-messages")
    )


def _points(points: list[str]) -> str:
    return upper_first("; ".join(lower_first(one.rstrip(".")) for one in points)) or "–"


def work(reading: Reading, found: AreaFacts) -> None:
    """What is being done in the area this year, what its measures say, and one of them over time; with a sentence that
    points to each."""
    slug = found.code.replace("_", "-")
    year = year_on(reading.partnership, reading.day)
    table = actions_table(year, found, reading) if year is not None else None
    figures = reading.figures
    measures = figures.of_area(found.code)
    said = of_measures(figures, measures, caption=f"{found.name}: latest figures", anchor=f"measures-{slug}")
    drawn = next((one for one in measures if over_time(said, figures, one, anchor=f"over-time-{slug}")), None)
    sentences = []
    if table is not None and year is not None:
        reading.blocks.append(table)
        what = "the actions" if year.is_agreed else "the draft actions"
        sentences.append(
            f"[{mark_of_anchor(table.anchor)}] sets out {what} for {year.words} and who leads them."
        )
    if said.told or drawn is not None:
        sentences.append(_pointing(said, drawn, slug))
    reading.say(" ".join(sentences))
    reading.blocks += said.blocks
    reading.facts |= said.facts


def _pointing(said: Said, drawn: Kept | None, slug: str) -> str:
    table, chart = mark_of_anchor(f"measures-{slug}"), mark_of_anchor(f"over-time-{slug}")
    latest = (
        f"[{table}] gives the latest {'figure' if len(said.told) == 1 else 'figures'}" if said.told else ""
    )
    run = f"[{chart}] shows {lower_first(drawn.name)} over time" if drawn is not None else ""
    return f"{', and '.join(part for part in (latest, run) if part)}."


def _hub_figures(reading: Reading, found: AreaFacts | None) -> None:
    year = year_on(reading.partnership, reading.day)
    table = actions_table(year, found, reading) if year is not None and found is not None else None
    if table is not None and year is not None:
        reading.blocks.append(table)
        what = "the actions" if year.is_agreed else "the draft actions"
        reading.say(f"[{mark_of_anchor(table.anchor)}] sets out {what} for {year.words} and who leads them.")
    figures = reading.figures
    measures = figures.of_area(found.code) if found is not None else _of_hubs(figures)
    said = of_measures(figures, measures, caption="The hubs: latest figures", anchor="hub-measures")
    flow, adopted = figures.counted_by(_FLOW), figures.counted_by("adopted_share")
    # Measures of other areas stand in the sections of these: here they are told hub by hub alone.
    is_told_here = found is not None or any(not one.area for one in measures)
    if not is_told_here:
        said.blocks.clear()
    is_drawn = is_told_here and (
        flow is not None
        and flow.code in said.told
        and over_time(said, figures, flow, anchor="hubs-over-time")
    )
    split = [one for code in _BY_HUB if (one := figures.counted_by(code)) is not None]
    before = len(said.blocks)
    by_part(said, figures, split, "hub", caption="Hub by hub", first="Hub", anchor="hub-by-hub")
    if flow is not None and flow.code in said.facts:
        _flow(reading, said, flow, adopted, is_drawn=is_drawn)
    is_split = len(said.blocks) > before
    if said.told and is_told_here:
        each = ", and [hub_by_hub] those of each hub" if is_split else ""
        reading.say(f"[hub_measures] gives the hubs’ latest figures{each}.")
    elif is_split:
        reading.say("[hub_by_hub] gives the latest figures of each hub.")
    reading.blocks += said.blocks
    reading.facts |= said.facts


def _flow(reading: Reading, said: Said, flow: Kept, adopted: Kept | None, *, is_drawn: bool) -> None:
    """How many referrals came, in words."""
    told, before = said.told[flow.code], f"{flow.code}_year_before"
    against = f", against [{before}] in the same months of the year before" if before in said.facts else ""
    words = f"From {told.period.words} the hubs received [{flow.code}] referrals{against}."
    share = said.told.get(adopted.code) if adopted is not None else None
    if share is not None and share.period == told.period and share.measure.code in said.facts:
        words += f" They adopted [{share.measure.code}] of the referrals that they decided in that time."
    if is_drawn:
        words += f" [hubs_over_time] shows how many came in each {flow.every}."
    reading.say(words)


def _of_hubs(figures: Figures) -> list[Kept]:
    """The measures of the hubs' work, where no area of the plan is the hubs'."""
    return [one for one in figures.measures if one.counted_by in _HUB_COUNTERS]
