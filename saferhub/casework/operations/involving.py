"""Who and what is in a referral or case, and as what."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.models import Involved
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person, Place
from saferhub.sharing.access.matters import check_can_enclose
from saferhub.sharing.models import Matter
from saferhub.sharing.operations.folders import enclose

from .notes_clock import keep_contact_clock_of


@transaction.atomic
def involve(
    *,
    matter: Matter,
    by: Actor,
    on: date,
    person: Person | None = None,
    place: Place | None = None,
    role: str = "",
    is_subject: bool = False,
) -> Involved:
    """Record that a person or place is in a matter, and as what; the record is enclosed there if it is not yet.

    The caller has loaded matter and record through access. Done twice, it is the same entry. Raises Refusal
    `unknown_role` for a role that no pack in force has, and for a person without any.
    """
    check_can_enclose(by, matter)
    record = person or place
    if record is None or (person is not None and place is not None):
        raise Refusal("nobody_named", "Choose one person or one place.")
    roles = {one.code for one in in_force.entries(matter.partnership, "case_roles", on)}
    if (person is not None and role not in roles) or (role and role not in roles):
        raise Refusal("unknown_role", "Choose as what they are in this.")
    enclose(inner=record.folder, outer=matter.folder, by=by)
    found = Involved.objects.filter(
        matter=matter, person=person, place=place, role=role, ended_on__isnull=True
    ).first()
    if found is not None:
        if is_subject and not found.is_subject:
            found.is_subject = True
            found.save(update_fields=["is_subject"])
        return found
    involved = Involved.objects.create(
        partnership_id=matter.partnership_id,
        folder_id=matter.folder_id,
        matter=matter,
        person=person,
        place=place,
        role=role,
        is_subject=is_subject,
        by=by.public_id,
        on=on,
    )
    audit.record(
        "casework.involved",
        matter,
        by=by,
        purpose=matter.purpose,
        record=record.public_id,
        role=role,
        is_subject=is_subject or None,
    )
    if person is not None:
        keep_contact_clock_of(matter, on=on)
    return involved


@transaction.atomic
def no_longer_involved(*, involved: Involved, reason: str, by: Actor, on: date) -> None:
    """End that somebody is in a matter as that. The record stays enclosed until it is taken out."""
    check_can_enclose(by, involved.matter)
    if not reason.strip():
        raise Refusal("reason_missing", "Say why.")
    if involved.ended_on is not None:
        return
    involved.ended_on, involved.ended_by, involved.end_reason = on, by.public_id, reason
    involved.save(update_fields=["ended_on", "ended_by", "end_reason"])
    audit.record("casework.no_longer_involved", involved.matter, by=by, purpose=involved.matter.purpose)
    if involved.person_id is not None:
        keep_contact_clock_of(involved.matter, on=on)
