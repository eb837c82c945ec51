"""Sentences of a planned world. All invented; none names anybody."""

from __future__ import annotations

import random
from dataclasses import dataclass

PLACES = (
    "a block of flats", "the back lane of the shops", "a bus station", "a play area", "a car park by the river",
    "two terraced houses", "the market place", "a row of garages", "a recreation ground", "an arcade of shops",
)  # fmt: skip
_WHAT = (
    ("Shouting and banging", "Quiet nights for eight weeks"),
    ("Threats between neighbours", "Both can use the stair without fear"),
    ("Small fires", "No fires through the summer"),
    ("Cars racing", "Evenings without racing"),
    ("Begging with threats", "People can shop without being stopped"),
    ("Eggs and stones thrown", "Windows that stay whole"),
    ("Dealing from a doorway", "The doorway is used as a doorway again"),
    ("Motorbikes off the road", "A path that is safe to walk"),
    ("Drinking and fights", "A place that families come back to"),
    ("Rubbish and rats", "A lane that is kept clear"),
)  # fmt: skip

# What was decided about everything that a score of the matrix prompted.
PROMPT_DECIDED = "Asked whoever is harmed how they see it, and recorded it so where they do."


@dataclass(frozen=True, slots=True)
class Matter:
    """What a referral is about, in words."""

    title: str
    purpose: str
    why: str
    wanted: str


def matter(chance: random.Random, kind: str) -> Matter:
    what, wanted = chance.choice(_WHAT)
    where = chance.choice(PLACES)
    title = f"{what} by one person, {where}" if kind == "individual" else f"{what} at {where}"
    return Matter(
        title,
        "reduce_asb" if chance.random() < 0.75 else "prevent_crime_disorder",
        "Two agencies or more have tried, and it goes on. " + chance.choice(_WHY),
        f"{wanted}, and the people in it in touch with help.",
    )


_WHY = (
    "Nobody has seen the whole of it.",
    "An older neighbour has stopped going out.",
    "Calls come to three agencies, and each knows a part.",
    "Children live next door.",
    "It costs more each week than it would to stop it.",
)


def referral(chance: random.Random, kind: str, *, has_subject: bool, is_harmed: bool) -> dict[str, object]:
    """What the referrer wrote, complete."""
    return {
        "happened": chance.choice(_HAPPENED),
        "where": f"{chance.choice(PLACES).capitalize()}, Example town",
        "tried": chance.choice(_TRIED),
        "asked_for": chance.choice(_ASKED_FOR),
        "children": chance.choice(("no", "no", "not_known")),
        "wishes": chance.choice(_WISHES) if is_harmed else "",
        "told": "yes" if has_subject else "",
    }


_HAPPENED = (
    "Most nights since the spring. Four calls to us and at least two to the police.",
    "It began in the autumn, at weekends at first; now on most days.",
    "Three households have complained. One has asked to be moved.",
    "It comes and goes with the weather. Staff have been threatened twice.",
    "Eight reports in four weeks, each to somebody else.",
)
_TRIED = (
    "Two visits and a warning letter. It stopped for a week.",
    "Mediation was offered and refused.",
    "The lock was changed and a light mended.",
    "A meeting with those who live there; nobody came from the other side.",
)
_ASKED_FOR = (
    "One plan that all agencies keep to.",
    "Somebody from health at the table.",
    "Police and the landlord together, before it gets worse.",
    "Advice on which tool fits, and help to use it.",
)
_WISHES = (
    "Wants it to stop, and wants to stay at home.",
    "Does not want to give evidence; will keep a diary.",
    "Wants to be told what happens, by telephone in the mornings.",
)
QUESTIONS = ("How often does it happen, and who is affected?", "What has been tried since the last visit?")
ANSWERS = ("Three times a week; two households.", "A letter, and a visit with the police, last week.")
NOTES = (
    "Visited together. Quiet at the time; the door was answered.",
    "The landlord has agreed to mend the light.",
    "No calls this week, for the first time since the start.",
    "Two calls at the weekend, both late.",
    "Spoke with the school; nothing they can add.",
    "The plan is kept by everybody; no change to it.",
)
CONTACTS = {
    True: (
        "Rang as agreed. Feels better, sleeps again.",
        "Visited. Still afraid on Friday nights; the diary is kept.",
        "Told what was agreed. Glad to know who leads.",
    ),
    False: ("No answer twice on the day.", "Not at home; a card without a name was not left."),
}
ACTIONS = (
    "Visit with the police and say what will follow",
    "Change the lock and mend the light",
    "Ask health for an appointment that is offered in person",
    "Bring the tenancy file and what a notice would need",
    "Find the owner and agree who locks the gate",
    "Ring those who are harmed each week and write down how it is",
    "Ask the school and youth work what they know",
    "Walk the place together at night",
)
EVIDENCE = (
    "Done on the day; written up in our file.",
    "Done, with the police.",
    "Done; a letter confirms it.",
)
NOT_YET = ("Nobody was at home.", "Waits for a part.", "The officer was ill; a colleague takes it.")
REVIEWS = (
    "Fewer calls than at the last look. The plan stays.",
    "No change. The landlord is asked again.",
    "Worse after the holiday. One more visit a week.",
)
USES = {
    "warning_letter": "Says what has to stop, and what may follow.",
    "support_referral": "To the alcohol service, which visits at home.",
    "target_hardening": "Lock, chain and a light at the back.",
    "mediation": "Both sides have agreed to one meeting.",
    "acceptable_behaviour_contract": "No shouting after 11 at night; an appointment each week is kept.",
}
ENDS = {
    "positive": "What it asked for was kept.",
    "failed": "It was broken within weeks and changed nothing.",
    "not_engaged": "The person never came.",
}


def decision(chance: random.Random, kind: str) -> tuple[str, str]:
    """The hub's reason, and what the referrer is told."""
    return {
        "adopt": (
            "Needs more than one agency, and gets no better.",
            "It is taken on. You will hear who leads.",
        ),
        "decline": (
            "One agency can deal with it.",
            "A hub cannot add to what you do. Refer again if it gets worse.",
        ),
        "signpost": (
            "A service is there for exactly this.",
            "The landlord’s team deals with this. Please ring them.",
        ),
        "safeguarding": (
            "Somebody may be at risk of abuse.",
            "It has been passed to safeguarding, who will ring you.",
        ),
    }[kind]


def grounds(chance: random.Random) -> tuple[str, ...]:
    return (
        "complex_unresolved",
        chance.choice(("new_agency", "vulnerability", "demand", "below_thresholds")),
    )


def goal(chance: random.Random) -> tuple[str, str]:
    """Words and measure."""
    return chance.choice(
        (
            ("No calls at night for eight weeks", "Calls counted each Monday"),
            ("An appointment is kept", "The service says so"),
            ("The neighbour goes out again", "She says so herself"),
        )
    )


def risk(chance: random.Random, severity: str) -> tuple[str, str, str]:
    """Words, severity and what is done against it."""
    said = chance.choice(
        ("Those who complained may be threatened.", "A dog at the door.", "Somebody may be hurt in a fight.")
    )
    return said, severity, "Two visit together, after a call; the police know the address."


def closing(chance: random.Random, outcome: str) -> tuple[str, str, str]:
    """Reason, what was learnt, who was told."""
    reason = {
        "resolved": "Nothing for ten weeks.",
        "reduced": "Much less; the landlord carries on alone.",
        "unchanged": "Everything has been tried.",
        "worse": "It has got worse and needs another process.",
        "passed_on": "A court has it now.",
        "moved_away": "They have left the area.",
        "not_known": "Contact was lost.",
    }[outcome]
    return (
        reason,
        chance.choice(("Ask the owner first.", "A visit in the first week helped most.", "")),
        ("Those who were harmed, by telephone, and every agency in it."),
    )
