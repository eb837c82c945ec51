"""What the addresses of cases answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import DECIDE_MATTER, SEE_MATTER, Line, members, seen_by

# Those who work in the hub that has the case, and the unit that leads it; Priya and Victor contribute.
RUN_CASE = SEE_MATTER - {"priya.partner", "victor.voluntary"}
# The referral is of Rachel's unit and lies with Selby's hub.
SEE_REFERRAL = SEE_MATTER - {"priya.partner", "victor.voluntary"}


def _case(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case

    return {"public_id": a_case(cast).matter.public_id}


def _person_in(cast: dict[str, Any]) -> tuple[Any, Any]:
    """A case, and a person whom Rachel recorded in it as its victim."""
    from saferhub.casework.operations.involving import involve
    from saferhub.people.operations.persons import record_person
    from saferhub.sharing.entering import entered
    from tests.builders.casework import a_case, actor

    case = a_case(cast)
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        person = record_person(
            matter_id=case.matter.public_id,
            values={"given": "Joan", "family": "Frith"},
            by=rachel,
            on=rachel.on,
        )
        return case, involve(matter=case.matter, person=person, role="victim", by=rachel, on=rachel.on)


def _record(cast: dict[str, Any]) -> dict[str, Any]:
    case, involved = _person_in(cast)
    return {
        "public_id": case.matter.public_id,
        "kind": "person",
        "record_id": involved.person.public_id,
    }


def _part(cast: dict[str, Any]) -> dict[str, Any]:
    case, involved = _person_in(cast)
    return {"public_id": case.matter.public_id, "part_id": involved.public_id}


def _referral(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.referrals import a_referral

    return {"public_id": a_referral(cast).matter.public_id}


SEEN = Line(seen_by(SEE_MATTER), members(405), "case")
RUNS = Line(seen_by(SEE_MATTER, RUN_CASE), seen_by(SEE_MATTER, RUN_CASE), "case")
# Asked of a case in another state, the page refuses before it shows a form.
RUNS_LATER = Line(seen_by(SEE_MATTER, RUN_CASE, done=409), seen_by(SEE_MATTER, RUN_CASE, done=409), "case")
DECIDES = seen_by(SEE_REFERRAL, DECIDE_MATTER)
LINES: dict[str, Line] = {
    "case": SEEN,
    "case-timeline": SEEN,
    "case-changes": SEEN,
    "case-access": SEEN,
    "case-people": SEEN,
    "case-part": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "record_in_case"),
    "case-people-end": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "part_in_case"),
    "case-status": RUNS,
    # Without the version that was seen, somebody else's words are never written over.
    "case-edit": RUNS,
    "case-lead": RUNS,
    "case-review": RUNS,
    "case-close": RUNS,
    "case-reopen": RUNS_LATER,
    "referral-decide": Line(DECIDES, DECIDES, "referral_to_decide"),
    "referral-decide-kind": Line(DECIDES, DECIDES, "referral_to_decline"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "case": _case,
    "record_in_case": _record,
    "part_in_case": _part,
    "referral_to_decide": _referral,
    "referral_to_decline": lambda cast: {**_referral(cast), "kind": "decline"},
}
