"""Locks between several `./dev` of one checkout. The kernel lets go of them when a process dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from devkit.console import say


class FileLock:
    """An advisory lock on a file, exclusive or shared."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def _open(self) -> int:
        if self._fd is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Not inherited (PEP 446): a child that outlives us must not hold the lock for us.
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._fd

    def try_to_take(self, *, shared: bool = False) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._open(), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self, *, shared: bool = False, waiting_for: str = "") -> None:
        if self.try_to_take(shared=shared):
            return
        if waiting_for:
            say(f"Waiting for {waiting_for} …")
        fcntl.flock(self._open(), fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def is_still_there(self) -> bool:
        """Whether the file we locked is still the one at its path (a reset may have removed it)."""
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return False
        return self._fd is not None and os.path.samestat(os.fstat(self._fd), found)

    def let_go(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


@contextlib.contextmanager
def held(path: Path, *, waiting_for: str = "") -> Iterator[None]:
    lock = FileLock(path)
    lock.take(waiting_for=waiting_for)
    try:
        yield
    finally:
        lock.let_go()
