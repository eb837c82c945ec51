"""Who may read, change and withdraw what is written to a case.

A note is loaded only through both its folders (`parts_readable_by`). The writer's unit changes it. What everybody
sees may be withdrawn by those who run the case too; what was kept from them is not theirs to find.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.casework.models import Attachment, Case, Goal, Involved, Note, Risk, Sharing
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor
from saferhub.people.access import persons_visible_to
from saferhub.people.models import Person
from saferhub.sharing.access.emergencies import check_may_leave
from saferhub.sharing.access.sight import in_folders_readable_by, sight_of

from . import check_can_contribute, check_can_manage, parts_readable_by


def notes_of(actor: Actor, case: Case) -> QuerySet[Note]:
    """The notes and contacts of a case that the actor may read, withdrawn ones too."""
    # Both folders are asked for: the matter's was, with the case.
    rows = Note.objects.filter(matter_folder=case.folder_id, matter=case.matter_id)
    return in_folders_readable_by(actor, rows)


def get_note(actor: Actor, case: Case, public_id: str) -> Note:
    """One note of a case. Raises Http404, hidden or missing."""
    found = (
        notes_of(actor, case)
        .filter(public_id=public_id)
        .select_related("folder__unit__agency", "folder__hub", "unit__agency", "matter")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_note_for_update(actor: Actor, case: Case, public_id: str) -> Note:
    """The same, locked until the transaction ends."""
    found = notes_of(actor, case).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def files_of(actor: Actor, case: Case) -> QuerySet[Attachment]:
    """The files of a case that the actor may read, withdrawn ones too."""
    rows = Attachment.objects.filter(matter_folder=case.folder_id, matter=case.matter_id)
    return in_folders_readable_by(actor, rows)


def get_file(actor: Actor, case: Case, public_id: str) -> Attachment:
    """One file of a case. Raises Http404, hidden or missing."""
    found = (
        files_of(actor, case)
        .filter(public_id=public_id)
        .select_related("folder__unit__agency", "folder__hub", "unit__agency")
        .first()
    )
    if found is None:
        raise Http404
    return found


def persons_involved(actor: Actor, case: Case) -> list[tuple[Person, list[str]]]:
    """Who is in the case now and as what, as far as the actor may read each record. Two queries."""
    roles: dict[int, list[str]] = {}
    rows = parts_readable_by(actor, Involved).filter(
        matter=case.matter_id, person__isnull=False, ended_on__isnull=True
    )
    for number, role in rows.order_by("id").values_list("person_id", "role"):
        if number is not None:
            roles.setdefault(number, []).append(role)
    people = persons_visible_to(actor).filter(pk__in=roles).order_by("name", "id")
    return [(person, roles[person.pk]) for person in people]


def get_person_in(actor: Actor, case: Case, public_id: str) -> Person:
    """Somebody who is in the case now. Raises Http404 for anybody else."""
    for person, _ in persons_involved(actor, case):
        if person.public_id == public_id:
            return person
    raise Http404


def get_goal_for_update(actor: Actor, case: Case, public_id: str) -> Goal:
    """One goal of a case, locked. Raises Http404."""
    rows = parts_readable_by(actor, Goal).select_for_update(of=("self",))
    found = rows.filter(case=case, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_risk_for_update(actor: Actor, case: Case, public_id: str) -> Risk:
    """One risk of a case, locked. Raises Http404."""
    rows = parts_readable_by(actor, Risk).select_for_update(of=("self",))
    found = rows.filter(case=case, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _is_own(actor: Actor, row: Note | Attachment) -> bool:
    return row.unit_id in sight_of(actor).holders


def check_can_change(actor: Actor, case: Case, row: Note | Attachment) -> None:
    """Raise NotAllowed unless the actor's unit wrote it and she still contributes to the case."""
    check_can_contribute(actor, case)
    if not _is_own(actor, row):
        raise NotAllowed(
            "not_yours_to_change",
            "You may read this and not change it.",
            conditions=[Condition("Your unit wrote it", f"{row.unit.agency.name} did")],
        )


def check_can_withdraw(actor: Actor, case: Case, row: Note | Attachment) -> None:
    """Raise NotAllowed unless the actor's unit wrote it, or everybody sees it and she runs the case."""
    check_can_contribute(actor, case)
    if _is_own(actor, row) or (row.sharing == Sharing.ALL and allows(check_can_manage, actor, case)):
        return
    raise NotAllowed(
        "not_yours_to_withdraw",
        "You may read this and not withdraw it.",
        conditions=[Condition("Your unit wrote it, or you run the case", f"{row.unit.agency.name} wrote it")],
    )


def check_can_take(actor: Actor, case: Case) -> None:
    """Raise NotAllowed for taking a file out of the service on the strength of an emergency."""
    check_may_leave(actor, case.folder)
