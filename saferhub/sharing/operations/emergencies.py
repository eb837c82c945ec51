"""Opening a record in an emergency, ending it early, reviewing it."""

from __future__ import annotations

from django.db import connection, transaction

from saferhub.audit import operations as audit
from saferhub.audit.context import request_id
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.sharing.access.emergencies import (
    check_can_end,
    check_can_open,
    check_can_review,
    get_emergency,
    get_emergency_for_update,
    reasons_visible_to,
)
from saferhub.sharing.models import Emergency

from .telling import holders_of, tell

DANGERS = {"adult": "An adult", "child": "A child", "worker": "A worker"}


@transaction.atomic
def open_in_emergency(
    *, token: str, danger: str, reason: str, incident: str, tried: bool, by: Actor
) -> Emergency:
    """Open what a pointer stands for to the actor by name, for some hours, and tell everybody concerned.

    Raises Refusal `no_reason`, `unknown_danger`, `not_tried`, and `pointer_gone` where the pointer is
    another's, older than an hour, has opened its record once, or stands for nothing that an emergency opens.
    """
    check_can_open(by)
    if danger not in DANGERS:
        raise Refusal("unknown_danger", "Say who is in danger.")
    if not reason.strip():
        raise Refusal("no_reason", "Say what could happen if you wait.")
    if not tried:
        raise Refusal("not_tried", "Telephone the co-ordinator first, unless there is no time to.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gate.break_glass(%s, %s, %s, %s, %s, %s)",
            [token, danger, reason, incident, tried, request_id()],
        )
        (made,) = cursor.fetchone()
    if not made:
        raise Refusal(
            "pointer_gone",
            "This notice is no longer good: search again. If somebody is in danger now, call 999.",
        )
    emergency = get_emergency(by, made)
    _tell(emergency)
    return emergency


def _tell(emergency: Emergency) -> None:
    hub, partnership, on = emergency.folder.hub, emergency.partnership, clock.today()
    people = holders_of(
        ("hub_coordinator", "partnership_manager", "information_governance"), partnership, on, hub
    )
    tell(
        [person for person in people if person.pk != emergency.user_id],
        "A record was opened in an emergency",
        "emergency",
        emergency.public_id,
        partnership,
    )


@transaction.atomic
def end_early(*, emergency_id: str, by: Actor) -> Emergency:
    """End one's own sight now: "I am done". Raises Refusal `already_over`.

    The gate ends it: what was restricted meanwhile is out of her sight, and would open again with the hours
    that were left if the restriction were lifted.
    """
    emergency = get_emergency_for_update(by, emergency_id)
    check_can_end(by, emergency)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.end_emergency(%s)", [emergency.public_id])
        (ended_at,) = cursor.fetchone()
    if ended_at is None:
        raise Refusal("already_over", "This emergency is over already.")
    emergency.until = ended_at
    emergency.save(update_fields=["until"])
    audit.record("sharing.emergency_ended", emergency, by=by, purpose="emergency")
    return emergency


@transaction.atomic
def review(*, emergency_id: str, justified: bool, findings: str, by: Actor) -> Emergency:
    """Record what the review found. Raises Refusal without findings."""
    emergency = get_emergency_for_update(by, emergency_id)
    check_can_review(by, emergency)
    if not findings.strip():
        raise Refusal("no_findings", "Say what you found.")
    emergency.justified = justified
    emergency.reviewed_by, emergency.reviewed_at = by.public_id, clock.now()
    emergency.save(update_fields=["justified", "reviewed_by", "reviewed_at"])
    reasons_visible_to(by).filter(emergency=emergency).update(findings=findings)
    audit.record(
        "sharing.emergency_reviewed", emergency, by=by, purpose="information_governance", justified=justified
    )
    tell(
        [emergency.user],
        "What you opened in an emergency was reviewed",
        "emergency",
        emergency.public_id,
        emergency.partnership,
    )
    return emergency
