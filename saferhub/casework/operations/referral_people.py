"""Saying as what somebody stands in a referral, changing that, and taking them out of a draft.

Each locks the referral first and asks again whether its people may still be changed: it may have been sent in
another window since the page was drawn, and what was sent stays as it was.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.casework import access
from saferhub.casework.access.referrals import check_can_place, check_can_write
from saferhub.casework.models import Involved, Referral, ReferralStatus
from saferhub.foundation.refusals import NotAllowed
from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place
from saferhub.sharing.models import Enclosure
from saferhub.sharing.operations.folders import take_out

from .involving import involve, no_longer_involved

_CHANGED = "Their part was changed."


def _locked(referral_id: str, by: Actor) -> Referral:
    access.get_referral_for_update(by, referral_id)
    return access.get_referral(by, referral_id)


@transaction.atomic
def put_in(
    *,
    referral_id: str,
    role: str,
    is_subject: bool,
    by: Actor,
    on: date,
    person: Person | None = None,
    place: Place | None = None,
) -> Involved:
    """Say as what a person or place stands in a referral. The caller has loaded the record through access. Raises
    Http404, NotAllowed `sent_already` and as `involve` does."""
    found = _locked(referral_id, by)
    check_can_place(by, found)
    return involve(
        matter=found.matter, person=person, place=place, role=role, is_subject=is_subject, by=by, on=on
    )


@transaction.atomic
def change_part(
    *,
    referral_id: str,
    involved: Involved,
    role: str,
    is_subject: bool,
    by: Actor,
    on: date,
    person: Person | None = None,
    place: Place | None = None,
) -> Involved:
    """Let somebody stand in a referral as something else; what stood before is ended and kept. The caller has loaded
    the record through access. Raises as `put_in` does."""
    found = _locked(referral_id, by)
    check_can_place(by, found)
    involved.refresh_from_db()
    if (involved.role, involved.is_subject) == (role, is_subject):
        return involved
    no_longer_involved(involved=involved, reason=_CHANGED, by=by, on=on)
    return involve(
        matter=found.matter, person=person, place=place, role=role, is_subject=is_subject, by=by, on=on
    )


@transaction.atomic
def take_out_of_draft(*, referral_id: str, involved: Involved, reason: str, by: Actor, on: date) -> None:
    """Take a person or place out of a draft: the part ends, and its record lies there no longer, so that the hub
    never sees it. Raises Http404, NotAllowed `sent_already` and Refusal `reason_missing`."""
    referral = _locked(referral_id, by)
    check_can_write(by, referral)
    if referral.status != ReferralStatus.DRAFT:
        raise NotAllowed("sent_already", "This referral has been sent, so who stands in it stays as it was.")
    involved.refresh_from_db()
    no_longer_involved(involved=involved, reason=reason, by=by, on=on)
    record = involved.person or involved.place
    if record is None:
        return
    for enclosure in Enclosure.objects.filter(
        inner=record.folder_id, outer=referral.folder_id, ended_at__isnull=True
    ):
        take_out(enclosure=enclosure, by=by, reason=reason)
