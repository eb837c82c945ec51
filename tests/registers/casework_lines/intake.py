"""What the addresses of intake answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import (
    NOBODY,
    OLIVIA,
    PUBLIC,
    SIGNED_IN,
    TO_SIGN_IN,
    WORK_ON_MATTERS,
    Line,
    held_by,
    members,
    public,
    seen_by,
)

GIVE = frozenset({"colin.coordinator", "maya.manager"})
PRIYA = frozenset({"priya.partner"})
# The key that the addresses name is of Priya's unit: she draws its secret, and those who give keys do not.
SEE_KEY = GIVE | PRIYA
# A file, once it was read, travels with the page: sent without one, there is nothing to go on with.
NO_FILE = held_by(WORK_ON_MATTERS, 409)
# Another system signs in by its key; whoever has a session here has none.
BY_KEY = Line(public(401), public(415))
# Whoever asked for a sheet to be read in is among the answers of the line.
ASKED = {
    TO_SIGN_IN: frozenset({NOBODY}),
    403: SIGNED_IN - WORK_ON_MATTERS,
    404: WORK_ON_MATTERS - PRIYA,
}


def _key(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_intake import a_key

    return {"public_id": a_key(cast)[0].public_id}


def _link(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_intake import a_link

    return {"public_id": a_link(cast)[0].public_id}


def _imported(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_intake import an_import

    return {"public_id": an_import(cast).public_id}


def _loading(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework_intake import a_load

    return {"public_id": a_load(cast).public_id}


LINES: dict[str, Line] = {
    "keys": Line(held_by(WORK_ON_MATTERS), members(405)),
    "key-allow": Line(held_by(GIVE | OLIVIA), held_by(GIVE | OLIVIA)),
    "key-draw": Line(seen_by(SEE_KEY, PRIYA), seen_by(SEE_KEY, PRIYA), "key"),
    "key-end": Line(members(405), seen_by(SEE_KEY, done=302), "key"),
    "links": Line(held_by(GIVE | OLIVIA), members(405)),
    "link-make": Line(held_by(GIVE | OLIVIA), held_by(GIVE | OLIVIA)),
    "link-end": Line(members(405), seen_by(GIVE, done=302), "link"),
    # A secret that opens nothing; one that opens something is in tests/casework/intake/test_links.py.
    "link-referral": Line(public(404), public(404), "secret"),
    "sheet-import": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "sheet-reading": Line(members(405), NO_FILE),
    "sheet-read-in": Line(members(405), NO_FILE),
    # A sheet that the worker reads in belongs to whoever asked for it.
    "sheet-loading": Line(ASKED | {200: PRIYA}, members(405), "sheet_load"),
    "sheet-load-again": Line(members(405), ASKED | {302: PRIYA}, "sheet_load"),
    "sheet-load-stop": Line(members(405), ASKED | {302: PRIYA}, "sheet_load"),
    # Rows lie with the unit whose file it was: the hub sees the referrals, not the sheet.
    "sheet-imported": Line(
        {
            TO_SIGN_IN: frozenset({NOBODY}),
            200: PRIYA,
            403: SIGNED_IN - WORK_ON_MATTERS,
            404: WORK_ON_MATTERS - PRIYA,
        },
        members(405),
        "sheet_import",
    ),
    # A form is no JSON, and is refused before anybody asks whose it is.
    "api-referrals": Line(public(401), public(415)),
    "api-referral": Line(public(401), public(415), "nothing"),
    "api-cases": BY_KEY,
    "api-actions": BY_KEY,
    "api-action-done": Line(public(405), public(415), "nothing"),
    "api-reference": BY_KEY,
    "api-openapi": PUBLIC,
    "api-docs": PUBLIC,
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "key": _key,
    "link": _link,
    "sheet_import": _imported,
    "sheet_load": _loading,
}
