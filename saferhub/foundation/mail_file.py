"""Mail written to files, for a demonstration or a server without a mail server of its own.

A message can hold the link that opens an account, so nobody but the service's own user may read it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Django's file backend, with a folder and files that only their owner can open."""

    def __init__(self, *, file_path: str | Path | None = None, **kwargs: Any) -> None:
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        close_folder(folder)
        super().__init__(file_path=str(folder), **kwargs)

    def open(self) -> bool:
        if self.stream is not None:
            return False
        opened = os.open(self._get_filename(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.stream = os.fdopen(opened, "ab")
        return True


def close_folder(folder: Path) -> None:
    """Close a folder of ours to others. One that is shared on purpose, such as /tmp, is left as it is."""
    found = folder.stat()
    shared = bool(found.st_mode & stat.S_ISVTX)
    if (
        folder.is_dir()
        and found.st_uid == os.geteuid()
        and not shared
        and stat.S_IMODE(found.st_mode) & 0o077
    ):
        folder.chmod(0o700)
