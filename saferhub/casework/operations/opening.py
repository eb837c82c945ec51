"""Opening a case: its matter, its first move, who leads and who contributes, who is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework.models import Case, CaseMove, CaseStatus, Involved, Referral
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Unit
from saferhub.people.models import Person, Place
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import Agreement, Because
from saferhub.sharing.operations.folders import enclose, revise
from saferhub.sharing.operations.interests_given import give_sight
from saferhub.sharing.operations.matters import begin_matter, check_carried

from .involving import involve
from .notes_clock import keep_contact_clock
from .scoring import bring_score_along


@dataclass(frozen=True, slots=True)
class Share:
    """One agency's unit that is to see the case, and what that rests on."""

    unit: Unit
    agreement: Agreement
    gateway: str
    reason: str
    until: date | None = None


@transaction.atomic
def open_case(
    *,
    title: str,
    purpose: str,
    subject_kind: str,
    why: str,
    hub: Hub,
    lead_unit: Unit,
    by: Actor,
    on: date,
    wanted: str = "",
    lead: User | None = None,
    shares: Iterable[Share] = (),
    referral: Referral | None = None,
) -> Case:
    """Open a case in a hub, in a folder of its own that the referrer does not see.

    With `referral`, the people and places of the referral, and the hub's scores of it, are enclosed in the
    case. A lead unit that does not work in the hub sees it only by one of `shares`. Raises NotAllowed unless
    the actor decides referrals for that hub, and Refusal where no agreement carries the purpose.
    """
    if hub.pk not in sight_of(by).hubs or not by.has(Permission.DECIDE_REFERRALS, hub=hub):
        raise NotAllowed("needs_decide_referrals", f"You do not decide what {hub.name} takes on.")
    if not why.strip():
        raise Refusal("why_missing", "Say why this is a case.")
    check_carried(purpose=purpose, hub=hub, by=by, on=on)
    matter = begin_matter(kind="case", title=title, purpose=purpose, by=by, on=on, hub=hub, lead=None)
    case = Case.objects.create(
        partnership_id=matter.partnership_id,
        folder=matter.folder,
        matter=matter,
        hub=hub,
        unit=matter.unit,
        referral_folder_id=referral.folder_id if referral else None,
        subject_kind=subject_kind,
        why=why,
        wanted=wanted,
        lead_unit=lead_unit,
        adopted_on=on,
    )
    revise(case, folder=matter.folder, values=case_values(case), by=by)
    move_case(case, "", CaseStatus.ASSESSING, by=by, on=on)
    audit.record("case.opened", matter, by=by, purpose=purpose, hub=hub.code, agency=lead_unit.agency.code)
    if referral is not None:
        bring_along(referral, case, by=by, on=on)
    for share in shares:
        give_sight(
            matter_id=matter.public_id,
            agreement=share.agreement,
            purpose=purpose,
            gateway=share.gateway,
            reason=share.reason,
            by=by,
            on=on,
            unit=share.unit,
            until=share.until,
            because=Because.LEADS if share.unit.pk == lead_unit.pk else Because.CONTRIBUTES,
        )
    if lead is not None:
        set_lead(case, lead_unit=lead_unit, lead=lead, by=by)
    keep_contact_clock(case, on=on)
    return case


def case_values(case: Case) -> dict[str, str]:
    """What an edit of the case may change, by field of its form, as history keeps it."""
    return {
        "title": case.matter.title,
        "purpose": case.matter.purpose,
        "why": case.why,
        "wanted": case.wanted,
    }


def bring_along(referral: Referral, case: Case, *, by: Actor, on: date) -> None:
    """The people and places of a referral lie in its case too, as what they were there, and so do the hub's
    scores of it. Its reasons do not: they stay the hub's alone."""
    persons = {row.pk: row for row in Person.objects.select_related("folder").filter(
        pk__in=Involved.objects.filter(matter=referral.matter_id, person__isnull=False).values("person")
    )}  # fmt: skip
    places = {row.pk: row for row in Place.objects.select_related("folder").filter(
        pk__in=Involved.objects.filter(matter=referral.matter_id, place__isnull=False).values("place")
    )}  # fmt: skip
    for row in Involved.objects.filter(matter=referral.matter_id, ended_on__isnull=True).order_by("id"):
        involve(
            matter=case.matter,
            person=persons.get(row.person_id) if row.person_id else None,
            place=places.get(row.place_id) if row.place_id else None,
            role=row.role,
            is_subject=row.is_subject,
            by=by,
            on=on,
        )
    if referral.score_folder is not None:
        enclose(inner=referral.score_folder, outer=case.folder, by=by)
        bring_score_along(referral=referral, case=case, by=by)


def move_case(case: Case, before: str, after: str, *, by: Actor, on: date, reason: str = "") -> None:
    """Keep one move of a case's status. The caller has changed the status and checked that it may."""
    CaseMove.objects.create(
        partnership_id=case.partnership_id,
        folder_id=case.folder_id,
        case=case,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )


def set_lead(case: Case, *, lead_unit: Unit, lead: User | None, by: Actor) -> None:
    """Say which unit and which officer lead the case. Raises Refusal for an officer who does not see it."""
    from saferhub.sharing.access.seers import seers_of
    from saferhub.sharing.operations.matters import rename_matter

    matter = case.matter
    if lead is not None and lead.pk not in {seer.user.pk for seer in seers_of(matter.folder)}:
        raise Refusal("leader_does_not_see", "Choose somebody who sees this case.")
    if case.lead_unit_id != lead_unit.pk:
        case.lead_unit = lead_unit
        case.save(update_fields=["lead_unit"])
    rename_matter(matter, title=matter.title, about=matter.about, purpose=matter.purpose, lead=lead, by=by)
