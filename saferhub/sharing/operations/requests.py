"""Asking a hub for sight, and deciding it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.partnership.rules.moments import LONDON
from saferhub.sharing.access import check_can_decide_sharing, get_matter
from saferhub.sharing.access.requests import (
    check_can_ask,
    check_can_decide,
    check_can_withdraw,
    get_request_for_update,
)
from saferhub.sharing.models import AccessRequest, Agreement, Because, Matter, RequestStatus, Sensitivity
from saferhub.sharing.queries import requests as queries
from saferhub.sharing.queries.fitting import fit_of
from saferhub.sharing.rules import requests as rules
from saferhub.sharing.rules.interests import fit_refusals

from .folders import give_interest, open_folder
from .interests_given import keep_reason
from .restricting import follow
from .telling import holders_of, tell

DECIDERS = ("hub_coordinator", "partnership_manager")


@transaction.atomic
def ask(
    *,
    purpose: str,
    least: str,
    until: date,
    about: dict[str, str],
    by: Actor,
    on: date,
    token: str = "",
    reference: str = "",
) -> AccessRequest:
    """Ask the hub behind a pointer, or the hub of a reference one was told, for sight.

    Raises Refusal `pointer_gone`, `unknown_reference`, `other_purpose_pointed`, those of
    `rules.requests.ground_for` and of the last day, `nothing_asked`, and `seen_already` for the reference of a
    matter that she sees: only then, or a hidden one and a missing one would be told apart.
    """
    check_can_ask(by)
    if by.user is None or by.partnership is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be asked here.")
    if reference and (seen := queries.seen_by_reference(by, reference)):
        raise Refusal(
            "seen_already",
            "You see it already.",
            link=reverse("matter", args=[seen.public_id]),
            link_text=f"{seen.reference} {seen.title}",
        )
    hub, names_hub = _hub_asked(by, token, reference, purpose)
    if not least.strip():
        raise Refusal("nothing_asked", "Say what you need to know.")
    ground = queries.ground(by, purpose=purpose, hub=hub, names_hub=names_hub)
    refuse_if(rules.until_refusals(until, today=on, latest=rules.latest_until(on, ground.last_day)))
    # The folder lies in a hub of the same partnership, and is the asker's own.
    request = AccessRequest.objects.create(
        partnership=by.partnership,
        folder=open_folder(kind="request", by=by, hub=hub),
        asked_by=by.user,
        token=token,
        about={name: value for name, value in about.items() if value}
        | ({"reference": reference} if reference else {}),
        purpose=purpose,
        gateway=ground.gateway,
        agreement=Agreement.objects.get(pk=ground.agreement),
        least=least,
        until=until,
        asked_on=on,
        due_on=queries.due_on(by.partnership, on),
    )
    audit.record("sharing.asked", request, by=by, purpose=purpose, agreement=request.agreement.code)
    _tell_deciders(request, hub, on)
    return request


def _hub_asked(by: Actor, token: str, reference: str, purpose: str) -> tuple[Hub, bool]:
    if token:
        found = queries.pointed(by, token)
        if found is None:
            raise Refusal("pointer_gone", "This notice is no longer good: search again, then ask.")
        if found.purpose != purpose:
            raise Refusal(
                "other_purpose_pointed", "You searched for another purpose. Search again for this one."
            )
        return found.hub, found.names_hub
    hub = queries.hub_of_reference(by, reference)
    if hub is None:
        raise Refusal(
            "unknown_reference", "No hub has references that begin like this. Check it with whoever told you."
        )
    return hub, True


def _tell_deciders(request: AccessRequest, hub: Hub, on: date) -> None:
    people = holders_of(DECIDERS[:1], request.partnership, on, hub) or holders_of(
        DECIDERS[1:], request.partnership, on
    )
    tell(
        people,
        "A request for sight waits for your decision",
        "access-request",
        request.public_id,
        request.partnership,
    )


@transaction.atomic
def grant(*, request_id: str, matter_id: str, until: date, reason: str, by: Actor, on: date) -> AccessRequest:
    """Give the asking unit sight of one matter, under the agreement found when it asked.

    A restricted matter opens to the asker alone. Raises Refusal `vault` for one in the vault, `until_…` beyond
    what was asked, three months or the agreement's last day, and what `rules.interests.fit_refusals` has against
    the agreement: that the agency whose matter it is never signed it, above all.
    """
    request = get_request_for_update(by, request_id)
    check_can_decide(by, request)
    matter = get_matter(by, matter_id)
    check_can_decide_sharing(by, matter)
    if matter.hub_id != request.folder.hub_id:
        raise Refusal(
            "other_hub_matter", "This matter is another hub’s. Choose one of the hub that was asked."
        )
    if matter.sensitivity == Sensitivity.VAULT:
        raise Refusal("vault", "This matter cannot be opened by a request.")
    refuse_if(
        rules.until_refusals(
            until, today=on, latest=rules.latest_until(on, request.agreement.last_day, request.until)
        )
    )
    is_named = matter.sensitivity != Sensitivity.NORMAL
    refuse_if(
        fit_refusals(
            fit_of(
                agreement=request.agreement,
                matter=matter,
                recipient=request.folder.unit.agency,
                purpose=request.purpose,
                gateway=request.gateway,
                on=on,
            )
        )
    )
    interest = give_interest(
        folder=matter.folder,
        by=by,
        purpose=request.purpose,
        gateway=request.gateway,
        agreement=request.agreement,
        because=Because.REQUEST,
        unit=None if is_named else request.folder.unit,
        user=request.asked_by if is_named else None,
        # The last day is included, so sight ends as the next begins.
        until=datetime.combine(until + timedelta(days=1), time(), LONDON),
    )
    # Under "Who can see" stands why: what the decider wrote, else what was asked.
    keep_reason(interest, reason.strip() or request.least, by)
    if is_named:
        follow(matter, by=by, reason=reason)
    return _decide(
        request,
        RequestStatus.GRANTED,
        by,
        "sharing.request_granted",
        opened=matter,
        reason=reason,
        until_given=until,
    )


@transaction.atomic
def answer(*, request_id: str, answer: str, by: Actor) -> AccessRequest:
    """Answer in words or by telephone, without giving sight. Raises Refusal without an answer."""
    request = get_request_for_update(by, request_id)
    check_can_decide(by, request)
    if not answer.strip():
        raise Refusal("no_answer", "Say what you answered, or that you answered by telephone.")
    return _decide(request, RequestStatus.ANSWERED, by, "sharing.request_answered", answer=answer)


@transaction.atomic
def refuse(*, request_id: str, reason: str, by: Actor) -> AccessRequest:
    """Refuse, with the reason that the asker reads. Raises Refusal without one."""
    request = get_request_for_update(by, request_id)
    check_can_decide(by, request)
    if not reason.strip():
        raise Refusal("no_reason", "Say why you refuse: the agency that asked will read it.")
    return _decide(request, RequestStatus.REFUSED, by, "sharing.request_refused", reason=reason)


@transaction.atomic
def withdraw(*, request_id: str, by: Actor) -> AccessRequest:
    """Take one's own unit's request back."""
    request = get_request_for_update(by, request_id)
    check_can_withdraw(by, request)
    return _decide(request, RequestStatus.WITHDRAWN, by, "sharing.request_withdrawn")


def _decide(
    request: AccessRequest,
    to: RequestStatus,
    by: Actor,
    event: str,
    opened: Matter | None = None,
    **changes: Any,
) -> AccessRequest:
    request.status = to
    request.decided_by, request.decided_at = by.public_id, clock.now()
    request.opened = opened.public_id if opened else ""
    for name, value in changes.items():
        setattr(request, name, value)
    request.version += 1
    request.save()
    audit.record(event, request, by=by, purpose=request.purpose, matter=request.opened)
    if to != RequestStatus.WITHDRAWN:
        subject = "Your request for sight has been decided"
        tell([request.asked_by], subject, "access-request", request.public_id, request.partnership)
    return request
