"""The committee of the demonstration: the one that the packs name, with a sitting to come and two questions of members.
All invented but the committee, and written as anybody's work is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from saferhub.accounts.models import User
from saferhub.casework.operations.demonstration_words import Telling
from saferhub.partnership.access import Actor

from .committees import add_committee, add_sitting, change_sitting, committees_in_packs, keep_theme
from .questions import answer_question, record_question

# By the code of the partnership: whose outline, what its members asked, and what the next sitting looks at.
_SITS = {
    "maya.manager": ("scrutiny_report", "community_safety_hubs"),
    "olivia.outsider": ("scrutiny_report", ""),
}


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Tell it: a committee for each partnership, as far as the packs name one."""
    say("committees and members' questions")
    telling = Telling(people)
    for username, (outline, area) in _SITS.items():
        with telling.acting(username) as by:
            _committee(by, outline, area)


def _committee(by: Actor, outline: str, area: str) -> None:
    found = next(iter(committees_in_packs(by, by.on)), None)
    if found is None:
        return
    code, name, agency = found
    committee = add_committee(name=name, agency=agency, outline=outline, board=code, by=by, on=by.on)
    past = add_sitting(
        committee_id=committee.public_id,
        values={"on": by.on - timedelta(days=154), "about": "The work of the hubs"},
        by=by,
    )
    change_sitting(
        sitting_id=past.public_id,
        values={
            "on": past.on,
            "about": past.about,
            "outcome": "Members heard from two hubs and asked two questions (invented for the demonstration).",
        },
        by=by,
        seen=past.version,
    )
    coming = add_sitting(
        committee_id=committee.public_id,
        values={
            "on": by.on + timedelta(days=16),
            "papers_due_on": by.on + timedelta(days=8),
            "about": "Roles, responsibilities and areas for delivery",
        },
        by=by,
    )
    assert by.user is not None
    asked = {
        "asked_at": past.public_id,
        "asked_on": past.on,
        "asked_by": "A member of the committee (invented)",
        "area": area,
        "owner": by.user.public_id,
        "owner_post": "Partnership manager",
        "due_at": coming.public_id,
    }
    answered = record_question(
        committee_id=committee.public_id,
        values={
            **asked,
            "words": "Who takes part in the meetings of a hub, beside the police and the councils?",
        },
        by=by,
        on=by.on,
    )
    answer_question(
        question_id=answered.public_id,
        answer=(
            "Housing, health, probation and voluntary services, where a case concerns them. Who came to meetings is in"
            " the figures."
        ),
        by=by,
        on=by.on,
        seen=answered.version,
    )
    record_question(
        committee_id=committee.public_id,
        values={**asked, "words": "How long do residents wait until a hub has decided on a referral?"},
        by=by,
        on=by.on,
    )
    keep_theme(
        committee_id=committee.public_id,
        values={"title": "One hub at work", "why": "Members asked to see how cases are closed", "area": area,
                "brings": "A hub’s co-ordinator, with a case told without names"},
        by=by,
    )  # fmt: skip
