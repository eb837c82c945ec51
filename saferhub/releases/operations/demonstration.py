"""What left the demonstration's hub, and what was stopped: written by the cast as anybody's work is.

Everybody in it is invented.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from saferhub.accounts.models import User
from saferhub.partnership.access import actor_for
from saferhub.people.models import Person
from saferhub.releases.operations import letters
from saferhub.releases.operations.release import ReleaseRefused
from saferhub.sharing import demonstration_matters as matters
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter

NEIGHBOUR = "Edith Carrow"
_ADDRESS = "16 Brayfield Court\nExample Selby\nZZ99 8EX"


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """One notice of sharing that left, and one letter that the release check stopped."""
    say("writing letters")
    colin = people["colin.coordinator"]
    with entered(colin):
        by = actor_for(colin)
        matter = Matter.objects.filter(title=matters.FLATS).first()
        neighbour = Person.objects.filter(name=NEIGHBOUR).first()
        if matter is None or neighbour is None:
            return
        notice = letters.draft_letter(
            matter_id=matter.public_id,
            template="sharing_notice",
            person=neighbour.public_id,
            address=_ADDRESS,
            by=by,
            on=by.on,
        )
        letters.release_letter(
            letter_id=notice.public_id,
            seen=notice.version,
            purpose="persons_request",
            gateway="rights_of_the_person",
            necessity="She is to know which agencies share information about her, and why.",
            by=by,
        )
        answer = letters.draft_letter(
            matter_id=matter.public_id,
            template="concern_acknowledgement",
            person=neighbour.public_id,
            address=_ADDRESS,
            by=by,
            on=by.on,
        )
        told = (
            f"{answer.body}\n\nWe have spoken with Ms Frith at number 14, Brayfield Ct.\n"
            "She can be reached on 07700 900 118."
        )
        answer = letters.edit_letter(
            letter_id=answer.public_id,
            values={**letters.values_of(answer), "body": told},
            seen=answer.version,
            by=by,
        )
        with suppress(ReleaseRefused):
            letters.release_letter(
                letter_id=answer.public_id,
                seen=answer.version,
                purpose="persons_request",
                gateway="rights_of_the_person",
                necessity="She reported the noise and waits for an answer.",
                by=by,
            )
