"""What the pages of a referral say: the answers in words, where it stands, what happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from saferhub.casework.access.inside import folders_inside, involved_in, readable_among
from saferhub.casework.models import (
    Assessment,
    Decision,
    Involved,
    Referral,
    ReferralStatus,
    SubjectKind,
)
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.one_page import batched
from saferhub.foundation.rows_together import Asked, rows_together
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Enclosure, Matter, Revision
from saferhub.sharing.queries.packs_in_words import PackWords, pack_words
from saferhub.sharing.rules.interests_given import REASON_KIND

from .referral_clock import Moves

STEP_WORDS = {
    "kind": "What kind",
    "people": "Who it is about",
    "happening": "What is happening",
    "tried": "What has been tried",
    "safety": "Safety and contact",
    "check": "Check and send",
}
TONES = {
    ReferralStatus.DRAFT: "quiet",
    ReferralStatus.SENT: "petrol",
    ReferralStatus.ASKED: "amber",
    ReferralStatus.ADOPTED: "good",
    ReferralStatus.ATTACHED: "good",
    ReferralStatus.WITHDRAWN: "quiet",
}
_NEXT = {
    ReferralStatus.DRAFT: "Nobody but your unit sees it until it is sent.",
    ReferralStatus.SENT: "{hub} decides what to do with it. You are told here and in Your work.",
    ReferralStatus.ASKED: "{hub} needs to know more before it decides. Its clock stands still until you answer.",
    ReferralStatus.ADOPTED: "{hub} works on it as a case. You are told if your agency is asked to take part.",
    ReferralStatus.ATTACHED: "{hub} works on something that this belongs to, and has added it there.",
    ReferralStatus.SIGNPOSTED: "{hub} does not take it on, and says where to turn.",
    ReferralStatus.DECLINED: "{hub} does not take it on. You may refer again if things change.",
    ReferralStatus.PASSED_ON: "{hub} has passed it on to those whose duty it is.",
    ReferralStatus.WITHDRAWN: "It was withdrawn, and nothing more happens to it.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: its question in short, what was said, and the field it stands in."""

    label: str
    words: str
    field: str


@dataclass(frozen=True, slots=True)
class Part:
    """The answers of one step. `url`: where they are changed, for a draft."""

    step: str
    title: str
    lines: tuple[Line, ...]
    url: str = ""


def read_ahead(actor: Actor, referral: Referral) -> None:
    """Ask at once for what the parts of the page ask for one after another. Seven queries at most."""
    matter = referral.matter
    within, involved, told, decided, scored = rows_together(
        [
            Asked(Enclosure, {"outer_id": matter.folder_id, "ended_at": None}),
            Asked(Involved, {"folder_id": matter.folder_id, "matter_id": matter.pk}),
            Asked(Revision, {"folder_id": matter.folder_id, "kind": REASON_KIND}),
            Asked(Decision, {"referral_id": referral.pk}),
            Asked(Assessment, {"matter_id": matter.pk}),
        ]
    )
    inner = [one.inner_id for one in within]
    # The folders of the hub's reasons and scores too, which its blocks ask for.
    readable_among(actor, [*inner, *(one.folder_id for one in (*decided, *scored))], inside=inner)
    folders_inside(actor, matter, inner)
    involved_in(actor, matter, involved)
    batched(("revisions_in", matter.folder_id), [REASON_KIND], lambda _: {REASON_KIND: told})
    sections = ["purposes", "gateways", "case_roles", "closure_outcomes"]
    if referral.sent_on == actor.on:
        sections.append("clocks")
    in_force.sections(referral.partnership, sections, actor.on)


def where_it_stands(referral: Referral, case: Matter | None = None) -> str:
    """Where it stands, for its referrer, in a sentence. `case`: of the one that came of it, where she sees that."""
    if case is not None and referral.status == ReferralStatus.ADOPTED:
        return f"{referral.to_hub.name} works on it as a case, and you see that case: open it below."
    return _NEXT[ReferralStatus(referral.status)].format(hub=referral.to_hub.name)


def tone(referral: Referral) -> str:
    """The tone of the status' tag."""
    return TONES.get(ReferralStatus(referral.status), "plain")


def answers(
    referral: Referral, words: PackWords, *, changes: bool = False, harmed: bool = True, told: bool = True
) -> list[Part]:
    """Everything that was written, by step. What was not answered is left out, unless it can still be changed.
    `harmed`: somebody in it is, so that what they want has to be asked; `told`: it is asked whether the person whom it
    is about knows of it."""
    said = {
        "kind": [
            ("What it is about", _label(SubjectKind, referral.subject_kind), "subject_kind"),
            ("Title", referral.matter.title, "title"),
            ("Purpose", words.purpose(referral.matter.purpose), "purpose"),
            ("Hub", referral.to_hub.name, "to_hub"),
        ],
        "happening": [
            ("What is happening", referral.happened, "happened"),
            ("Where", referral.where, "where"),
            ("Urgent", _urgent(referral), "urgent"),
        ],
        "tried": [
            ("What has been tried", referral.tried, "tried"),
            ("What the hub is asked to do", referral.asked_for, "asked_for"),
        ],
        "safety": [
            (
                "Children affected",
                _with(dict(rules.CHILDREN).get(referral.children, ""), referral.children_words),
                "children",
            ),
            (
                "What the person who is harmed wants"
                if harmed
                else "What anybody who is harmed wants (optional)",
                referral.wishes,
                "wishes",
            ),
            (
                "The person it is about was told",
                _with(dict(rules.TOLD).get(referral.told, ""), referral.not_told_why),
                "told",
            ),
        ],
    }
    return [
        Part(
            step,
            STEP_WORDS[step],
            tuple(
                Line(label, text, field)
                for label, text, field in lines
                if text or (changes and (told or field != "told"))
            ),
            step_url(referral, step) if changes else "",
        )
        for step, lines in said.items()
    ]


def step_url(referral: Referral, step: str) -> str:
    """The address of one step of a draft."""
    matter_id = referral.matter.public_id
    if step in ("people", "check"):
        return reverse(f"referral-{step}", args=[matter_id])
    return reverse("referral-step", args=[matter_id, step])


def steps(referral: Referral | None, current: str, done: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The steps of the form, each with its address once there is a draft."""
    finished = set(done)
    return [
        {
            "name": STEP_WORDS[step],
            "code": step,
            "url": step_url(referral, step) if referral is not None else "",
            "done": step in finished,
        }
        for step in rules.STEPS
    ]


def _urgent(referral: Referral) -> str:
    return _with("Yes", referral.urgent_why) if referral.urgent else "No"


def _with(answer: str, words: str) -> str:
    return f"{answer}. {words}" if answer and words else answer


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else ""


def history(referral: Referral, moves: Moves) -> list[tuple[str, date]]:
    """What happened to it, in words, oldest first. No names: what the hub's staff do is the hub's."""
    return [(_happened(referral, status, number, moves), day) for number, (status, day) in enumerate(moves)]


def _happened(referral: Referral, status: str, number: int, moves: Moves) -> str:
    if status == ReferralStatus.DRAFT:
        return "Begun"
    if status == ReferralStatus.SENT:
        was = moves[number - 1][0] if number else ""
        return "Answered" if was == ReferralStatus.ASKED else f"Sent to {referral.to_hub.name}"
    return str(ReferralStatus(status).label)


def prompts(partnership: Partnership | None, on: date, *kinds: str) -> list[Any]:
    """Where to turn to at once, of these kinds, from the packs. One query."""
    found = [one.item for one in in_force.entries(partnership, "signposts", on) if one.item.prompt in kinds]
    return sorted(found, key=lambda item: kinds.index(item.prompt))


def case_of(actor: Actor, referral: Referral) -> Matter | None:
    """The matter of the case that came of it, where the actor sees that too. One query at most."""
    if not referral.case_id_public:
        return None
    return matters_visible_to(actor).filter(public_id=referral.case_id_public).first()


def ground_words(actor: Actor, referral: Referral) -> PackWords:
    """The packs' words on the day."""
    return pack_words(referral.partnership, actor.on)
