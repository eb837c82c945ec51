"""Putting files into a case or beside a note, giving them out, withdrawing them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.access import check_can_contribute, get_case
from saferhub.casework.access import notes as access
from saferhub.casework.models import Attachment, Sharing
from saferhub.casework.rules import notes_files as rules
from saferhub.casework.rules.notes import change_refusals
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.sharing.registries import check_export

from . import notes_stored as stored
from .notes_placing import keep_narrow, place
from .notes_scanning import scan


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its name made safe, its content, and what the scanner said. Made by `check_file`."""

    name: str
    content: bytes
    scanned: str


def check_file(*, name: str, content: bytes) -> CheckedFile:
    """Look at a file before it is kept, and have it scanned. Called outside of any transaction that locks: the scanner
    may take half a minute.

    Raises Refusal for a kind, content or size that is not kept, and for what the virus scanner stops.
    """
    kept_name = rules.safe_name(name)
    refuse_if(
        rules.file_refusals(name=kept_name, content=content, most_megabytes=settings.ATTACHMENT_MAX_MEGABYTES)
    )
    return CheckedFile(kept_name, content, scan(content))


@transaction.atomic
def add_file(
    *,
    case_id: str,
    file: CheckedFile,
    about: str,
    by: Actor,
    note_id: str = "",
    sharing: str = Sharing.ALL,
    named: Collection[str] = (),
) -> Attachment:
    """Keep a file in a case. One beside a note (`note_id`) is seen by whoever sees that note, whatever `sharing`
    says. Raises NotAllowed as `write_note` does.
    """
    case = get_case(by, case_id)
    check_can_contribute(by, case)
    note = None
    if note_id:
        note = access.get_note_for_update(by, case, note_id)
        access.check_can_change(by, case, note)
        refuse_if(change_refusals(is_withdrawn=note.withdrawn_at is not None))
    if note is not None:
        folder, sharing = note.folder, note.sharing
    else:
        folder = place(case=case, sharing=sharing, named=named, by=by)
    assert by.unit is not None  # whoever contributes has one
    lies = stored.store(file.content)
    try:
        with transaction.atomic():
            kept = Attachment.objects.create(
                partnership_id=case.partnership_id,
                folder=folder,
                matter_folder_id=case.folder_id,
                matter_id=case.matter_id,
                note=note,
                name=file.name,
                about=about.strip(),
                media_type=rules.kind_of(file.name).media_type,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                stored=lies,
                scanned=file.scanned,
                sharing=sharing,
                by=by.public_id,
                unit=by.unit,
                on=by.on,
            )
            keep_narrow(case, folder, by=by)
            codes: dict[str, Any] = {"matter": case.matter.public_id} if sharing == Sharing.ALL else {}
            audit.record(
                "casework.file_added",
                kept,
                by=by,
                purpose=case.matter.purpose,
                hash=kept.sha256,
                bytes=kept.size,
                scanned=kept.scanned,
                sharing=sharing,
                **codes,
            )
    except BaseException:
        stored.discard(lies)
        raise
    return kept


@transaction.atomic
def take_file(*, case_id: str, file_id: str, by: Actor) -> tuple[Attachment, bytes]:
    """A file with its bytes, for somebody who may read it; that she took it is recorded.

    Raises Http404 where she may not, NotAllowed where she sees the case in an emergency only, Refusal once it is
    withdrawn, or where the bytes are not those that were sent.
    """
    case = get_case(by, case_id)
    file = access.get_file(by, case, file_id)
    access.check_can_take(by, case)
    if file.withdrawn_at is not None:
        raise Refusal("file_withdrawn", "This file was withdrawn, so it is not given out any more.")
    content = stored.read(file.stored, sha256=file.sha256)
    # Its name leaves with it, and goes through the same check as the lists that leave.
    held = check_export([["File", "What it is"], [file.name, file.about]])
    audit.record_sight("casework.file_taken", file, by=by, purpose=case.matter.purpose, **held)
    return file, content


@transaction.atomic
def withdraw_file(*, case_id: str, file_id: str, reason: str, by: Actor) -> None:
    """Give a file out no more, with the reason. Its name and the reason stay; its bytes stay for disposal to remove."""
    case = get_case(by, case_id)
    file = access.get_file(by, case, file_id)
    access.check_can_withdraw(by, case, file)
    # Of two who withdraw it at once, the first one's reason stands.
    file = access.files_of(by, case).select_for_update(of=("self",)).get(pk=file.pk)
    if file.withdrawn_at is not None:
        return
    if not reason.strip():
        raise Refusal("reason_missing", "Say why it is withdrawn.")
    file.withdrawn_at, file.withdrawn_by, file.withdrawn_why = clock.now(), by.public_id, reason
    file.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    audit.record("casework.file_withdrawn", file, by=by, purpose=case.matter.purpose)
