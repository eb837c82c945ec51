"""Whether a process lives and what it works on: a number alone proves nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def wait_until(is_so: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def is_alive(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def works_in(number: int, folder: Path) -> bool:
    """Whether this is a live PostgreSQL process that works in `folder`.

    Every process of a server has its data folder as working folder. So may somebody's shell, which
    whoever clears up after a server must leave alone.
    """
    if sys.platform == "linux":
        try:
            # A zombie has no working folder any more, so this tells it from a live process too.
            if os.readlink(f"/proc/{number}/cwd") != os.path.realpath(folder):
                return False
            return Path(f"/proc/{number}/comm").read_text(encoding="utf-8", errors="replace") == "postgres\n"
        except OSError:
            return False
    shown = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(number)], capture_output=True, text=True)
    words = shown.stdout.split()
    return (
        bool(words)
        and not words[0].startswith("Z")
        and "postgres" in shown.stdout
        and str(folder) in shown.stdout
    )
