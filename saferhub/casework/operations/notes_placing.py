"""The folder that something written to a case lies in: the case's own, or a narrower one beside it.

A folder for some is of the writer's unit. Agencies that are named get an interest in it on the terms on which they
see the case, so that it sleeps and ends with those; the hub that is named has the folder, so that whoever works there
sees it. Nothing here or in the log tells those left out that it is there.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

from saferhub.audit import operations as audit
from saferhub.casework.models import Case, Sharing
from saferhub.casework.queries.notes_audience import HUB, Audience, Party, audience_of
from saferhub.casework.rules.notes import sharing_refusals
from saferhub.foundation.refusals import refuse_if
from saferhub.partnership.access import Actor
from saferhub.sharing.access.matters import get_matter_for_update
from saferhub.sharing.models import Because, Folder, Matter, Sensitivity
from saferhub.sharing.operations.folders import give_interest, open_folder

KIND = "note"


@transaction.atomic
def place(*, case: Case, sharing: str, named: Collection[str], by: Actor) -> Folder:
    """The folder for this choice of who sees it. `named`: keys of `queries.notes_audience`.

    Raises Refusal for a choice that is none, or that names somebody who no longer sees the case.
    """
    if sharing == Sharing.ALL:
        refuse_if(sharing_refusals(sharing=sharing, named=(), on_offer=(), has_unit=True))
        return case.folder
    # Locked, so that the case cannot be restricted while something is put beside it.
    get_matter_for_update(by, case.matter.public_id)
    case.folder.refresh_from_db(fields=["sensitivity", "hub"])
    audience = audience_of(by, case)
    refuse_if(
        sharing_refusals(
            sharing=sharing,
            named=named,
            on_offer=[one.key for one in audience.parties],
            has_unit=by.unit is not None,
        )
    )
    if sharing == Sharing.OWN:
        return open_folder(kind=KIND, by=by)
    return _for_some(case, audience, named, by)


def _for_some(case: Case, audience: Audience, named: Collection[str], by: Actor) -> Folder:
    folder = open_folder(kind=KIND, by=by, hub=case.hub if HUB in named else None)
    for key in sorted(set(named) - {HUB}):
        party = audience.party(key)
        if party is not None and party.interest is not None:
            _give(folder, case, party, by)
    return folder


def _give(folder: Folder, case: Case, party: Party, by: Actor) -> None:
    held = party.interest
    assert held is not None
    is_person = party.user is not None
    give_interest(
        folder=folder,
        by=by,
        purpose=held.purpose,
        # A named person of the agency whose case it is needs no agreement, here as there.
        because=Because.CONTRIBUTES if held.agreement is not None else Because.NAMED,
        gateway=held.gateway,
        agreement=held.agreement,
        unit=party.unit,
        user=party.user,
        until=held.valid_until,
        opens=case.folder.sensitivity if is_person else None,
    )


def keep_narrow(case: Case, folder: Folder, *, by: Actor) -> None:
    """Once the row that lies in it is written: in a restricted case its folder is restricted too."""
    if folder.pk != case.folder_id and case.folder.sensitivity != Sensitivity.NORMAL:
        follow_notes(case.matter, by, "")


def follow_notes(matter: Matter, by: Actor, reason: str) -> None:
    """Let the narrower folders beside a matter follow who sees it now (see sql/notes.sql). Registered with sharing,
    which calls it in the transaction in which somebody's sight ended, or the matter was restricted or opened up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, folder, interest, named FROM gate.follow_notes(%s, %s)", [matter.folder_id, reason]
        )
        done = cursor.fetchall()
    for act, folder, interest, named in done:
        codes = {"interest": interest} if interest else {}
        audit.record(
            act,
            ("sharing.folder", folder),
            by=by,
            purpose=matter.purpose,
            **codes,
            **({"account": named} if named else {}),
        )
