"""Who is in a case, and as what, while it is open; the victim's contact clock follows."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.casework import access
from saferhub.casework.models import Case, Involved
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place

from .involving import involve, no_longer_involved
from .notes_clock import keep_contact_clock


def _open_case(by: Actor, public_id: str) -> Case:
    access.get_case_for_update(by, public_id)
    case = access.get_case(by, public_id)
    if not case.is_open:
        raise Refusal("is_closed", "This case is closed. Open it again before you change who is in it.")
    return case


@transaction.atomic
def name_part(
    *,
    case_id: str,
    person: Person | None,
    place: Place | None,
    role: str,
    is_subject: bool,
    by: Actor,
    on: date,
) -> Involved:
    """Say as what a person or place is in a case. Raises Refusal `unknown_role`, `nobody_named`, `is_closed`."""
    case = _open_case(by, case_id)
    made = involve(
        matter=case.matter, person=person, place=place, role=role, is_subject=is_subject, by=by, on=on
    )
    keep_contact_clock(case, on=on)
    return made


@transaction.atomic
def end_part(*, case_id: str, part_id: str, reason: str, by: Actor, on: date) -> None:
    """End that somebody is in a case as that."""
    case = _open_case(by, case_id)
    involved = access.get_part(by, Involved, part_id, matter=case.matter_id, ended_on__isnull=True)
    no_longer_involved(involved=involved, reason=reason, by=by, on=on)
    keep_contact_clock(case, on=on)
