"""Keeping the day by which somebody harmed is to be contacted again.

To be called in the transaction that changed what it follows from: adoption, closure and reopening, who is in the
case, a contact recorded, changed or withdrawn.
"""

from __future__ import annotations

from datetime import date

from saferhub.casework.models import Case, CaseMove, CaseStatus, Involved, Note, NoteKind, Sharing
from saferhub.casework.rules.notes_contact_clock import CLOCK, Made, next_contact
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.known_days import counting_on
from saferhub.partnership.rules.from_packs import clock_from
from saferhub.sharing.models import Matter

from .keeping import keep_contact_due


def keep_contact_clock(case: Case, *, on: date) -> None:
    """Work the day out anew. Reads only what lies in the case's own folder, so that it comes out the same whoever
    acts. Six queries; two where nobody has been harmed."""
    harmed = _harmed(case, on)
    if not harmed or not case.is_open:
        keep_contact_due(case, None)
        return
    found = in_force.entry(case.partnership, "clocks", CLOCK, on)
    if found is None:
        keep_contact_due(case, None)
        return
    rows = Note.objects.filter(
        matter_id=case.matter_id, folder_id=case.folder_id, kind=NoteKind.CONTACT, sharing=Sharing.ALL
    )
    contacts = [
        Made(
            on=row.on,
            with_harmed=row.person_id in harmed,
            reached=row.reached,
            seen_by_all=row.sharing == Sharing.ALL,
            withdrawn=row.withdrawn_at is not None,
        )
        for row in rows.only("on", "person", "reached", "sharing", "withdrawn_at")
    ]
    keep_contact_due(
        case,
        next_contact(
            clock_from(found.item),
            adopted_on=_taken_on(case),
            contacts=contacts,
            somebody_harmed=True,
            is_open=True,
            bank_holidays=counting_on(),
        ),
    )


def _taken_on(case: Case) -> date:
    """The day it was adopted, or opened again: after a year's rest nobody is a year late."""
    again = CaseMove.objects.filter(case=case, to_status=CaseStatus.REOPENED).order_by("-on").first()
    return max(case.adopted_on, again.on) if again else case.adopted_on


def _harmed(case: Case, on: date) -> set[int]:
    """Numbers of the persons who are in the case as somebody harmed."""
    roles = [
        one.code for one in in_force.entries(case.partnership, "case_roles", on) if one.item.side == "harmed"
    ]
    rows = Involved.objects.filter(
        matter=case.matter_id, role__in=roles, person__isnull=False, ended_on__isnull=True
    )
    return {number for number in rows.values_list("person_id", flat=True) if number is not None}


def keep_contact_clock_of(matter: Matter, *, on: date) -> None:
    """The same for the case of a matter; nothing for a matter that is no case. One query more."""
    # Locked, so that nobody closes it, or records a contact, while its day is worked out.
    case = (
        Case.objects.filter(matter=matter)
        .select_related("partnership")
        .select_for_update(of=("self",))
        .first()
    )
    if case is not None:
        keep_contact_clock(case, on=on)
