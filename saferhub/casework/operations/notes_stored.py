"""Where the bytes of files lie: outside the web root, under names that say nothing, readable by the service alone.

A file that is stored and whose row is then not kept stays as a nameless rest that nobody can reach; the other way
round, a row without its file, cannot come about. `clear_rests` removes such rests.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.models import Attachment
from saferhub.foundation import clock, kept_files
from saferhub.foundation.refusals import Refusal

# A request that still runs may have stored a file whose row nobody sees yet.
AGE = timedelta(days=1)


def new_name() -> str:
    """A random name, of 24 bytes."""
    return secrets.token_hex(24)


def path_of(stored: str) -> Path:
    """Where the file of this name lies. Raises ValueError for anything but a name of ours."""
    return kept_files.path_in(Path(settings.FILES_DIR), stored)


def store(content: bytes) -> str:
    """Write the bytes and return the name they lie under. Whole or not at all: the name is given last."""
    name = new_name()
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    writing = path.with_suffix(".part")
    number = os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        writing.rename(path)
    except BaseException:
        writing.unlink(missing_ok=True)
        raise
    return name


def discard(stored: str) -> None:
    """Remove a file whose row was not kept."""
    path_of(stored).unlink(missing_ok=True)


def read(stored: str, *, sha256: str) -> bytes:
    """The bytes as they were sent. Raises Refusal `file_missing` where they are not there, and `file_changed` where
    they are not what was sent: then somebody has been at the folder, or a disk is failing."""
    try:
        content = path_of(stored).read_bytes()
    except OSError:
        raise Refusal(
            "file_missing", "The file is not where it was kept. Tell whoever looks after saferhub."
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refusal(
            "file_changed",
            "The file is not what was sent, so it is not given out. Tell whoever looks after saferhub.",
        )
    return content


@transaction.atomic
def clear_rests(*, using: str, dry_run: bool) -> list[Path]:
    """Remove stored files, older than a day, that no row names: of requests that came to nothing after their file was
    stored. Returns them; with `dry_run` they stay. `using`: the steward's connection, which sees every row."""
    before = clock.real_now() - AGE
    known = Attachment.objects.using(using).values_list("stored", flat=True)
    found = kept_files.rests(Path(settings.FILES_DIR), set(known), before=before.timestamp())
    if found and not dry_run:
        audit.record("casework.file_rests_removed", None, by=None, number=len(found))
        for path in found:
            path.unlink(missing_ok=True)
    return found
