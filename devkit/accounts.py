"""Which system user PostgreSQL runs as, and where that user's data can lie.

PostgreSQL refuses to run as root, and the user it runs as instead may not reach the checkout.
"""

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from devkit.console import Stopped

FAR_BASE = Path("/var/lib/saferhub")


@dataclass(frozen=True)
class Account:
    """The system user that PostgreSQL runs as when we are root."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        # Asked of the system rather than worked out from mode bits, which know nothing of ACLs.
        tried = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
        )
        return tried.returncode == 0

    def can_run(self, program: str) -> bool:
        try:
            tried = subprocess.run(
                [program, "--version"],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
            )
        except PermissionError:
            return False
        return tried.returncode == 0


def account_for(existing_data: Path) -> Account | None:
    """None for an ordinary user. For root: the owner of the data, else postgres, else nobody."""
    if os.geteuid() != 0:
        return None
    if existing_data.exists() and existing_data.stat().st_uid != 0:
        found = existing_data.stat()
        try:
            name = pwd.getpwuid(found.st_uid).pw_name
        except KeyError:
            name = str(found.st_uid)
        return Account(name, found.st_uid, found.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Stopped("PostgreSQL does not run as root, and this system has neither a user postgres nor nobody.")


def base_for(local: Path, short_name: str) -> Path:
    """Where clusters of this checkout live: inside of it, or where PostgreSQL's user can reach.

    Below somebody's 0700 home root's PostgreSQL cannot reach the checkout. Opening the home would
    give away what its owner closed, so the data go to /var/lib/saferhub instead.
    """
    near, far = local / "postgres", FAR_BASE / short_name
    if os.geteuid() != 0:
        return near
    if far.exists() and not near.exists():
        return far
    account = account_for(near / "main" / "data")
    local.mkdir(parents=True, exist_ok=True)
    return near if account and account.can_enter(local) else far
