"""Where the bytes of files lie: outside the web root, under names that say nothing, readable by the service alone.

A file that is stored and whose row is then not kept stays as a nameless rest that nobody can reach; the other way
round, a row without its file, cannot come about. `left_over` finds such rests.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings

from saferhub.foundation.refusals import Refusal

_NAME = re.compile(r"[0-9a-f]{48}")


def new_name() -> str:
    """A random name, of 24 bytes."""
    return secrets.token_hex(24)


def path_of(stored: str) -> Path:
    """Where the file of this name lies. Raises ValueError for anything but a name of ours."""
    if not _NAME.fullmatch(stored):
        raise ValueError("not the name of a stored file")
    return Path(settings.FILES_DIR) / stored[:2] / stored


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


def left_over(known: Collection[str]) -> Iterator[Path]:
    """Stored files that none of these names stands for."""
    names = set(known)
    folder = Path(settings.FILES_DIR)
    for path in sorted(folder.glob("??/*")) if folder.is_dir() else ():
        if path.name not in names:
            yield path
