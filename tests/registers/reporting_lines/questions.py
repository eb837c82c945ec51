"""What the addresses of members' questions answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, local, local_to, members

from .reports import WRITE


def _question(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import a_committee, a_question

    return {"public_id": a_question(cast, a_committee(cast)).public_id}


def _move(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_question(cast), "code": "withdraw"}


LINES: dict[str, Line] = {
    "questions": Line(members(200), members(405)),
    "questions-csv": Line(members(200), members(405)),
    "question": Line(local(200), members(405), "members_question"),
    "question-change": Line(local_to(WRITE, 200), local_to(WRITE, 200), "members_question"),
    "question-answer": Line(local_to(WRITE, 200), local_to(WRITE, 200), "members_question"),
    "question-move": Line(local_to(WRITE, 200), local_to(WRITE, 200), "members_question_move"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "members_question": _question,
    "members_question_move": _move,
}
