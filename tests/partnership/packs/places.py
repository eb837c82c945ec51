"""Where the packs are, and copies of them that a test may spoil."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from saferhub.partnership.packs import PackError, Problem, check_references, read_pack

PACKS = Path(__file__).resolve().parents[3] / "packs"
ENGLAND = PACKS / "england"
NORTH_YORKSHIRE = PACKS / "north_yorkshire_2018"
WEALDSHIRE = PACKS / "wealdshire"


def copy_of(folder: Path, target: Path) -> Path:
    """A copy of the pack in `target`, in a folder of the same name."""
    return Path(shutil.copytree(folder, target / folder.name))


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace `old`, which must stand there, once."""
    path = folder / file
    text = path.read_text()
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1))


@cache
def national_ids() -> dict[str, frozenset[str]]:
    return read_pack(ENGLAND).ids


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """What checking the pack finds, with the national pack to refer to."""
    try:
        check_references(read_pack(folder), national_ids())
    except PackError as error:
        return error.problems
    return ()
