"""The hub's own folders beside a referral: one for its reasons, which never lies in a case, and one for its scores,
which the case takes along. Both are of kind work, the hub's alone: nobody sees them as one of the decider's unit."""

from __future__ import annotations

from django.db import connection, transaction

from saferhub.audit import operations as audit
from saferhub.casework.access import check_can_decide
from saferhub.casework.models import Referral
from saferhub.foundation.refusals import NotAllowed
from saferhub.partnership.access import Actor
from saferhub.sharing.models import Folder, Matter, Sensitivity
from saferhub.sharing.operations.folders import open_folder

WHY = "Follows who sees the referral"


@transaction.atomic
def ensure_work_folder(referral: Referral, by: Actor) -> Folder:
    """The folder of the hub's reasons on this referral, opened at its first work there.

    Beside a restricted referral it is restricted too, to those named there who work in the hub. Raises NotAllowed
    unless the actor decides referrals for the hub that has it.
    """
    return _ensure(referral, "work_folder", by)


@transaction.atomic
def ensure_score_folder(referral: Referral, by: Actor) -> Folder:
    """The folder of the hub's scores of this referral, opened at the first; as narrow as the other one.

    Once the referral is a case, or added to one, it lies in that case. Raises NotAllowed as the other does.
    """
    return _ensure(referral, "score_folder", by)


def _ensure(referral: Referral, column: str, by: Actor) -> Folder:
    check_can_decide(by, referral)
    number = getattr(referral, f"{column}_id")
    if number is None:
        folder = open_folder(kind="work", by=by, hub=referral.hub)
        setattr(referral, column, folder)
        referral.save(update_fields=[column])
        number = folder.pk
        if referral.sensitivity != Sensitivity.NORMAL:
            follow_work(referral.matter, by, WHY)
            folder.refresh_from_db()
        return folder
    found = Folder.objects.filter(pk=number).first()
    if found is None:
        # Somebody named before she worked in the hub.
        follow_work(referral.matter, by, WHY)
        found = Folder.objects.filter(pk=number).first()
    if found is None:
        raise NotAllowed(
            "work_folder_hidden",
            "This referral is restricted, and you do not see what the hub has written about it. Let one of those "
            "who see the hub’s own notes on it decide.",
        )
    return found


def follow_work(matter: Matter, by: Actor, reason: str) -> None:
    """Let the hub's own folders of a referral follow it (see sql/work.sql). Registered with sharing, which calls it in
    the transaction in which the matter was restricted, opened up or handed over, or somebody's sight ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, folder, interest, named FROM gate.follow_work(%s, %s)",
            [matter.folder_id, reason or WHY],
        )
        done = cursor.fetchall()
    for act, folder, interest, named in done:
        codes = {"interest": interest, "account": named} if interest else {}
        audit.record(act, ("sharing.folder", folder), by=by, purpose=matter.purpose, **codes)
