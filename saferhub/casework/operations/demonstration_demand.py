"""Keeping calls that were counted about a subject. The demonstration has them invented."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.models import Case, DemandEvent, Referral
from saferhub.partnership.access import Actor

from .cases_work_folder import ensure_work_folder


@transaction.atomic
def keep_case_demand(*, case_id: str, kind: str, month: date, count: int, by: Actor) -> DemandEvent:
    """Calls about the subject of a case in a month, set down on its first day. Raises NotAllowed unless the actor
    runs the case."""
    case: Case = access.get_case(by, case_id)
    access.check_can_manage(by, case)
    kept = DemandEvent.objects.create(
        partnership_id=case.partnership_id, folder_id=case.folder_id, case=case, kind=kind, on=month, count=count,
        agency=by.agency_code,
    )  # fmt: skip
    audit.record(
        "casework.demand_kept", case.matter, by=by, purpose=case.matter.purpose, kind=kind, month=month
    )
    return kept


@transaction.atomic
def keep_referral_demand(*, referral_id: str, kind: str, month: date, count: int, by: Actor) -> DemandEvent:
    """The same about a referral that was not taken on, in the hub's own folder beside it."""
    referral: Referral = access.get_referral_for_update(by, referral_id)
    referral = access.get_referral(by, referral_id)
    folder = ensure_work_folder(referral, by)
    kept = DemandEvent.objects.create(
        partnership_id=referral.partnership_id, folder=folder, referral=referral, kind=kind, on=month, count=count,
        agency=by.agency_code,
    )  # fmt: skip
    audit.record(
        "casework.demand_kept",
        referral.matter,
        by=by,
        purpose=referral.matter.purpose,
        kind=kind,
        month=month,
    )
    return kept
