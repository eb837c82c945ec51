"""A referral of Rachel's unit to Selby's hub: complete, and sent unless told otherwise."""

from __future__ import annotations

from typing import Any

from saferhub.casework.access import get_referral
from saferhub.casework.models import Referral, SubjectKind
from saferhub.casework.operations.involving import involve
from saferhub.casework.operations.referrals import save_part, send_referral, start_referral
from saferhub.casework.queries.referral_ground import rests_on
from saferhub.partnership.models import Hub
from saferhub.people.operations.persons import record_person
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

WORDS: dict[str, Any] = {
    "happened": "Shouting and banging on most nights since May. The neighbour cannot sleep.",
    "where": "The stairwell of a block of flats",
    "tried": "Two visits and a warning letter in June. It stopped for a week.",
    "asked_for": "A plan with the police and the mental health team.",
    "children": "no",
    "wishes": "She wants it to stop and wants to stay in her home.",
    "told": "yes",
}


def hub_of(cast: dict[str, Any], code: str = "selby") -> Hub:
    found = actor(cast, "rachel.referrer").partnership
    return Hub.objects.get(code=code, partnership=found)


def a_referral(
    cast: dict[str, Any],
    *,
    sent: bool = True,
    username: str = "rachel.referrer",
    hub: str = "selby",
    purpose: str = "reduce_asb",
    title: str = "Noise at night in a stairwell",
    subject_kind: str = SubjectKind.INDIVIDUAL,
    words: dict[str, Any] | None = None,
    people: bool = True,
) -> Referral:
    """A referral by this member of the cast, with an alleged perpetrator whom it is about and a victim. With
    `sent=False` it is a draft in which everything is said; `words` change or, with an empty text, unsay some."""
    with entered(cast[username]):
        by = actor(cast, username)
        referral = start_referral(
            to_hub=hub_of(cast, hub), purpose=purpose, title=title, subject_kind=subject_kind, by=by, on=by.on
        )
        matter_id = referral.matter.public_id
        for given, family, role, is_subject in (
            ("Sam", "Oldroyd", "alleged_perpetrator", True),
            ("Jo", "Frith", "victim", False),
        ):
            if people:
                person = record_person(
                    matter_id=matter_id, values={"given": given, "family": family}, by=by, on=by.on
                )
                involve(
                    matter=referral.matter, person=person, role=role, is_subject=is_subject, by=by, on=by.on
                )
        save_part(referral_id=matter_id, values={**WORDS, **(words or {})}, seen=1, by=by, on=by.on)
        if sent:
            rests = rests_on(by, purpose=purpose, hub=hub_of(cast, hub))[0]
            send_referral(
                referral_id=matter_id, gateway=rests.gateway, agreement=rests.agreement, by=by, on=by.on
            )
        return get_referral(by, matter_id)


def a_question(cast: dict[str, Any], question: str = "How old are the children?", **given: Any) -> Referral:
    """A referral of which Colin's hub has asked something."""
    from saferhub.casework.operations.cases_deciding import ask

    referral = a_referral(cast, **given)
    with entered(cast["colin.coordinator"]):
        by = actor(cast, "colin.coordinator")
        ask(
            referral_id=referral.matter.public_id,
            reason="Children may be affected.",
            question=question,
            by=by,
            on=by.on,
        )
    with entered(cast["rachel.referrer"]):
        return get_referral(actor(cast, "rachel.referrer"), referral.matter.public_id)
