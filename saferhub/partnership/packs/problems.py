"""What is wrong with a pack, said so that the person who wrote it can put it right.

A problem names the file, the line and what to do. Reading stops at the first problem of
syntax; the later passes gather all they find.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right. `line` counts from 1; 0 means the file or folder as a whole."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.sentence}"


class PackError(Exception):
    """A pack that cannot be loaded. Nothing has been changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name most like `word`, or an empty string when none is like it."""
    found = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that says what may have been meant."""
    names = sorted(known)
    found = nearest(word, names)
    if found:
        return f"Did you mean “{found}”?"
    if not names:
        return "Take it out."
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"Use one of: {shown}."
