"""Linking two cases that belong together, and ending it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.casework.access import (
    case_links_visible_to,
    cases_visible_to,
    check_can_contribute,
    get_case,
)
from saferhub.casework.models import CaseLink
from saferhub.casework.rules.notes_plan import link_refusals
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor


@transaction.atomic
def link_cases(*, case_id: str, reference: str, why: str, by: Actor, on: date) -> CaseLink:
    """Link this case to another that the actor sees, named by its reference. Whoever sees both sees the link, and
    nobody else.

    Raises Refusal `no_such_case` in the same words whether it is hidden or missing, NotAllowed unless she
    contributes to both.
    """
    case = get_case(by, case_id)
    check_can_contribute(by, case)
    other = (
        cases_visible_to(by)
        .select_related("folder", "matter")
        .filter(matter__reference=reference.strip().upper())
        .first()
    )
    if other is None:
        raise Refusal("no_such_case", "No case that you see has this reference. Check it and enter it again.")
    check_can_contribute(by, other)
    a, b = sorted((case, other), key=lambda one: one.pk)
    is_linked = case_links_visible_to(by).filter(a=a, b=b, ended_on__isnull=True).exists()
    refuse_if(link_refusals(is_same=case.pk == other.pk, is_linked=is_linked, why=why))
    try:
        with transaction.atomic():
            link = CaseLink.objects.create(
                partnership_id=case.partnership_id,
                a=a,
                b=b,
                a_folder_id=a.folder_id,
                b_folder_id=b.folder_id,
                why=why,
                by=by.public_id,
                on=on,
            )
    except IntegrityError:
        # Whoever sees both would have been told above: this one was made at the same moment.
        raise Refusal("linked_already", "These two cases are linked already.") from None
    # Of the link and of neither case: in the history of one the other must not show.
    audit.record("casework.cases_linked", link, by=by, purpose=case.matter.purpose)
    return link


@transaction.atomic
def unlink_cases(*, case_id: str, link_id: str, why: str, by: Actor, on: date) -> None:
    """End a link, with the reason. Ended twice, it stays as it was. Raises Http404 where the actor does not see
    both cases."""
    case = get_case(by, case_id)
    check_can_contribute(by, case)
    link = case_links_visible_to(by).select_for_update(of=("self",)).filter(public_id=link_id).first()
    if link is None or case.pk not in (link.a_id, link.b_id):
        raise Http404
    if link.ended_on is not None:
        return
    if not why.strip():
        raise Refusal("reason_missing", "Say why they do not belong together.")
    link.ended_on, link.ended_by, link.ended_why = on, by.public_id, why
    link.save(update_fields=["ended_on", "ended_by", "ended_why"])
    audit.record("casework.cases_unlinked", link, by=by, purpose=case.matter.purpose)
