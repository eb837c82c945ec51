"""Files that people sent, kept in a folder beside the database: packed into a backup, and brought back from one.

Each lies under a random name that a row of the database knows, with the hash of what was sent. A file is written once
and never changed, so one with the right hash is the right one, wherever it comes from.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.db import connections, models

from .walls import unforced

NAME = re.compile(r"[0-9a-f]{48}")
_PIECE = 1024 * 1024
# Tables whose rows name such files → the columns of the name and of the hash.
_named: dict[type[models.Model], tuple[str, str]] = {}


def register_kept_files(model: type[models.Model], *, stored: str = "stored", sha256: str = "sha256") -> None:
    """Say that rows of this table name files that are kept. Called when an app is ready."""
    _named[model] = (stored, sha256)


def path_in(folder: Path, stored: str) -> Path:
    """Where the file of this name lies. Raises ValueError for anything but a name of ours."""
    if not NAME.fullmatch(stored):
        raise ValueError("not the name of a stored file")
    return folder / stored[:2] / stored


def names_in(folder: Path) -> Iterator[str]:
    """The names of all that lies in the folder, in order."""
    for path in sorted(folder.glob("??/*")) if folder.is_dir() else ():
        if NAME.fullmatch(path.name) and path.parent.name == path.name[:2] and path.is_file():
            yield path.name


def named(using: str) -> dict[str, str]:
    """Every name that a row of this database knows → its hash. `using`: a connection that sees every row, or the
    owner's, which is freed from the walls for as long as it reads."""
    found: dict[str, str] = {}
    tables = connections[using].introspection.table_names()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user = 'saferhub_owner'")
        (is_owner,) = cursor.fetchone()
    for model, (stored, sha256) in _named.items():
        if model._meta.db_table not in tables:
            continue  # a backup of an older version
        with unforced(model, using=using) if is_owner else nullcontext():
            found.update(model._base_manager.using(using).values_list(stored, sha256))
    return found


def pack(folder: Path, to: Path) -> set[str]:
    """Write all files of the folder into one archive that nobody else can read. Returns their names.

    One that stops half-way leaves no file under that name.
    """
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    packed: set[str] = set()
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as out, tarfile.open(fileobj=out, mode="w") as archive:
            for name in names_in(folder):
                with suppress(FileNotFoundError):  # taken away since the folder was read
                    archive.add(path_in(folder, name), arcname=name, recursive=False)
                    packed.add(name)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return packed


@dataclass(slots=True)
class Brought:
    """What came of bringing files back: how many lay there already, were brought, and which are not there."""

    there: int = 0
    brought: int = 0
    missing: list[str] = field(default_factory=list)


def bring_back(archive: Path | None, folder: Path, wanted: Mapping[str, str]) -> Brought:
    """Put the wanted files (name → hash) that the folder lacks, or has otherwise, into it from the archive.

    Each one's hash is checked before it has its name; what is in the archive otherwise, or is not wanted, is left out.
    Nothing is taken away. Raises OSError, or tarfile.TarError for what is no archive.
    """
    done = Brought()
    lacking = {name: hash_ for name, hash_ in wanted.items() if not _is_whole(path_in(folder, name), hash_)}
    done.there = len(wanted) - len(lacking)
    if archive is not None and lacking:
        with tarfile.open(archive, mode="r:") as packed:
            for member in packed:
                if member.name in lacking and member.isreg():
                    content = packed.extractfile(member)
                    if content is not None and _put(
                        content, path_in(folder, member.name), lacking[member.name]
                    ):
                        del lacking[member.name]
                        done.brought += 1
    done.missing = sorted(lacking)
    return done


def rests(folder: Path, known: Collection[str], *, before: float) -> list[Path]:
    """Files, whole and half-written, last changed before a moment (seconds since 1970), that none of these names
    stands for."""
    names = set(known)
    found = []
    for path in sorted(folder.glob("??/*")) if folder.is_dir() else ():
        if path.name not in names and NAME.fullmatch(path.name.removesuffix(".part")):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    found.append(path)
    return found


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return _hash_of(file) == sha256
    except OSError:
        return False


def _put(content: IO[bytes], path: Path, sha256: str) -> bool:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            is_right = _hash_of(content, file) == sha256
            file.flush()
            os.fsync(file.fileno())
        if is_right:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return is_right


def _hash_of(content: IO[bytes], copy: IO[bytes] | None = None) -> str:
    """The hash of what is read, which is copied on the way where there is somewhere to copy it to."""
    found = hashlib.sha256()
    while piece := content.read(_PIECE):
        found.update(piece)
        if copy is not None:
            copy.write(piece)
    return found.hexdigest()
