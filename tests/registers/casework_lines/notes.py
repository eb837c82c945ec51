"""What the addresses of notes answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import CHANGE_MATTER, SEE_MATTER, Line, members, seen_by

# The case is led by Rachel's unit at Selby's hub; Priya's unit and Victor's contribute. The note and the file are
# Rachel's and for everybody who sees the case; a co-ordinator of the hub, its chair, its minute-taker and the manager
# run the case and did not write them.
RACHEL = frozenset({"rachel.referrer"})
_READ = Line(seen_by(SEE_MATTER), members(405), "notes_case")
_CONTRIBUTE = Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "notes_case")
_MANAGE = Line(seen_by(SEE_MATTER, CHANGE_MATTER), seen_by(SEE_MATTER, CHANGE_MATTER), "notes_case")


def _of(arguments: str, may: frozenset[str]) -> Line:
    return Line(seen_by(SEE_MATTER, may), seen_by(SEE_MATTER, may), arguments)


def _read(arguments: str) -> Line:
    return Line(seen_by(SEE_MATTER), members(405), arguments)


LINES: dict[str, Line] = {
    "case-update-new": _CONTRIBUTE,
    "case-update": _read("notes_note"),
    "case-update-edit": _of("notes_note", RACHEL),
    "case-update-withdraw": _of("notes_note", CHANGE_MATTER),
    "case-update-file-new": _of("notes_note", RACHEL),
    "case-contact-choose": _READ,
    "case-contact-new": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "notes_person"),
    "case-files": _READ,
    "case-file-new": _CONTRIBUTE,
    "case-file": _read("notes_file"),
    "case-file-withdraw": _of("notes_file", CHANGE_MATTER),
    "case-plan": _READ,
    "case-goal-new": _MANAGE,
    "case-goal-edit": _of("notes_goal", CHANGE_MATTER),
    "case-goal-end": _of("notes_goal", CHANGE_MATTER),
    # A goal that is worked towards cannot be taken up again.
    "case-goal-reopen": Line(members(405), seen_by(SEE_MATTER, CHANGE_MATTER, done=409), "notes_goal"),
    "case-risk-new": _MANAGE,
    "case-risk-edit": _of("notes_risk", CHANGE_MATTER),
    "case-risk-end": _of("notes_risk", CHANGE_MATTER),
    "case-osara": _READ,
    "case-osara-edit": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER, done=302), "notes_case"),
    "case-link-new": _CONTRIBUTE,
    "case-link-end": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "notes_link"),
}


def _case(cast: dict[str, Any]) -> Any:
    from tests.builders.casework import a_case

    return a_case(cast)


def _named(cast: dict[str, Any]) -> dict[str, Any]:
    return {"public_id": _case(cast).matter.public_id}


def _note(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_notes import a_note

    case = _case(cast)
    note = a_note(cast, case, "rachel.referrer", "It was quiet.")
    return {"public_id": case.matter.public_id, "note": note.public_id}


def _person(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_notes import a_victim

    case = _case(cast)
    return {"public_id": case.matter.public_id, "person": a_victim(cast, case).public_id}


def _file(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_notes import a_file

    case = _case(cast)
    return {"public_id": case.matter.public_id, "file": a_file(cast, case, "rachel.referrer").public_id}


def _goal(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.casework.operations.notes_plan import add_goal
    from saferhub.sharing.entering import entered
    from tests.builders.casework import actor

    case = _case(cast)
    with entered(cast["rachel.referrer"]):
        goal = add_goal(
            case_id=case.matter.public_id,
            words="The nights are quiet.",
            measure="",
            by_when=None,
            by=actor(cast, "rachel.referrer"),
        )
    return {"public_id": case.matter.public_id, "goal": goal.public_id}


def _risk(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.casework.operations.notes_plan import add_risk
    from saferhub.sharing.entering import entered
    from tests.builders.casework import actor

    case = _case(cast)
    with entered(cast["rachel.referrer"]):
        by = actor(cast, "rachel.referrer")
        risk = add_risk(
            case_id=case.matter.public_id,
            words="She may be threatened again.",
            severity="high",
            mitigation="",
            holder="",
            review_on=None,
            by=by,
            on=by.on,
        )
    return {"public_id": case.matter.public_id, "risk": risk.public_id}


def _link(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.casework.operations.notes_links import link_cases
    from saferhub.sharing.entering import entered
    from tests.builders.casework import a_case, actor

    case, other = _case(cast), a_case(cast, title="Another stairwell")
    with entered(cast["rachel.referrer"]):
        by = actor(cast, "rachel.referrer")
        link = link_cases(
            case_id=case.matter.public_id,
            reference=other.matter.reference,
            why="The same stairwell.",
            by=by,
            on=by.on,
        )
    return {"public_id": case.matter.public_id, "link": link.public_id}


# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "notes_case": _named,
    "notes_note": _note,
    "notes_person": _person,
    "notes_file": _file,
    "notes_goal": _goal,
    "notes_risk": _risk,
    "notes_link": _link,
}
