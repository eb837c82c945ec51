"""Where a checkout keeps what set-up makes. All of it is ignored by git and can be made again."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    root: Path
    local: Path

    @classmethod
    def of_this_checkout(cls) -> "Places":
        root = Path(__file__).resolve().parent.parent
        return cls(root=root, local=Path(os.environ.get("SAFERHUB_LOCAL") or root / ".local").absolute())

    # Belongs to the checkout also where the state is kept elsewhere: the code fixes what is in it.
    @property
    def venv(self) -> Path:
        return self.root / ".local" / "venv"

    @property
    def venv_stamp(self) -> Path:
        return self.root / ".local" / "stamps" / "python"

    @property
    def node_stamp(self) -> Path:
        return self.root / ".local" / "stamps" / "node"

    @property
    def setup_lock(self) -> Path:
        return self.root / ".local" / "locks" / "setup.lock"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def assets(self) -> Path:
        return self.local / "assets"

    @property
    def test_assets(self) -> Path:
        return self.local / "test-assets"

    @property
    def static(self) -> Path:
        return self.local / "static"

    @property
    def logs(self) -> Path:
        return self.local / "log"

    @property
    def stamps(self) -> Path:
        return self.local / "stamps"

    @property
    def locks(self) -> Path:
        return self.local / "locks"

    @property
    def secrets(self) -> Path:
        return self.local / "secrets.env"

    @property
    def test_secrets(self) -> Path:
        return self.local / "test-secrets.env"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def short_name(self) -> str:
        """Tells this checkout's folders from another's where they must stand outside of it."""
        return hashlib.sha256(os.fsencode(self.local)).hexdigest()[:12]


LONGEST_LOG = 5 * 1024 * 1024


def rotate(log: Path) -> None:
    """Puts a log that has grown long aside as <name>.1, in place of an older one. Call before opening it."""
    try:
        if log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_name(log.name + ".1"))
    except FileNotFoundError:
        return


def hash_of_files(*paths: Path, also: str = "") -> str:
    """One hash over the contents and names of `paths`; folders are not read."""
    digest = hashlib.sha256(also.encode())
    for path in sorted(paths):
        digest.update(b"\0" + os.fsencode(path.name) + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read_stamp(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write_stamp(path: Path, text: str) -> None:
    """Replaces the stamp in one step: a killed set-up leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
