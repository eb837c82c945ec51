"""Who there is to answer, and the kinds of answers that many addresses share (see test_urls)."""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.accounts.cast import CAST

NOBODY = "nobody"
SIGNED_IN = frozenset(member.username for member in CAST)
ALL = SIGNED_IN | {NOBODY}
OLIVIA = frozenset({"olivia.outsider"})
HERE = SIGNED_IN - OLIVIA  # members of the partnership whose records the addresses below name
MAYA = frozenset({"maya.manager"})
MANAGERS = MAYA | {"ada.admin"}
IAN = frozenset({"ian.governance"})

TO_SIGN_IN = "to sign-in"
Answers = dict[int | str, frozenset[str]]


def public(status: int) -> Answers:
    return {status: ALL}


def members(status: int) -> Answers:
    """The same for everybody who is signed in; nobody else gets further than signing in."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: SIGNED_IN}


def local(status: int) -> Answers:
    """For members of the partnership; to another partnership the thing does not exist."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: HERE, 404: OLIVIA}


def local_to(people: frozenset[str], status: int) -> Answers:
    """Somebody's act on a thing of this partnership: refused to colleagues, missing to strangers."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: people, 403: HERE - people, 404: OLIVIA}


def held_by(people: frozenset[str], status: int = 200) -> Answers:
    """A page without an object, for those whose role opens it (Olivia holds her own partnership's)."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: people, 403: SIGNED_IN - people}


@dataclass(frozen=True)
class Line:
    get: Answers
    post: Answers
    arguments: str = ""  # the name of one of the functions in `arguments_of`


READ = Line(members(200), members(405))
PUBLIC = Line(public(200), public(405))
CALENDAR_ACT = Line(local_to(MAYA, 200), local_to(MAYA, 200), "open_duty")
# Asked of a duty that is not in the right state, the page refuses before it shows a form.
CALENDAR_LATER_ACT = Line(local_to(MAYA, 409), local_to(MAYA, 200), "open_duty")
PERSON_ACT = Line(local_to(MANAGERS, 200), local_to(MANAGERS, 200), "person")
WITH_SECOND_FACTOR_ONLY = Line(members(404), members(404))

# The matter that the addresses below name: of Rachel's unit, with Selby's hub, where Priya and Victor
# contribute. Nadia, Fergus, Olivia and those whose role opens no matter do not find it.
WORK_ON_MATTERS = SIGNED_IN - frozenset({"ian.governance", "ana.analyst", "ada.admin"})
DECIDE_MATTER = frozenset({"colin.coordinator", "maya.manager"})
CHANGE_MATTER = DECIDE_MATTER | {"rachel.referrer", "chris.chair", "mina.minutes"}
SEE_MATTER = CHANGE_MATTER | {"priya.partner", "victor.voluntary"}


def seen_by(people: frozenset[str], may: frozenset[str] | None = None, *, done: int = 200) -> Answers:
    """A thing that these people see and everybody else does not find; `may` do it, the others are told why not."""
    may = people if may is None else may
    answers: Answers = {TO_SIGN_IN: frozenset({NOBODY}), done: may, 404: SIGNED_IN - people}
    return answers | ({403: people - may} if people - may else {})


MATTER_CHANGE = Line(seen_by(SEE_MATTER, CHANGE_MATTER), seen_by(SEE_MATTER, CHANGE_MATTER), "matter")
LETTER_CHANGE = Line(seen_by(SEE_MATTER, CHANGE_MATTER), seen_by(SEE_MATTER, CHANGE_MATTER), "letter")
MATTER_SHARING = Line(seen_by(SEE_MATTER, DECIDE_MATTER), seen_by(SEE_MATTER, DECIDE_MATTER), "matter")

# A person and a place that Rachel's unit recorded in that matter: its own and those who decide for the hub change
# them, other partners see them.
CHANGE_RECORD = DECIDE_MATTER | {"rachel.referrer"}


def record_change(arguments: str) -> Line:
    return Line(seen_by(SEE_MATTER, CHANGE_RECORD), seen_by(SEE_MATTER, CHANGE_RECORD), arguments)


# The demonstration's request: Rachel's unit asks Scarborough's hub, which has no co-ordinator but the manager.
SEE_REQUEST = frozenset({"rachel.referrer", "maya.manager"})
REQUEST_DECISION = Line(seen_by(SEE_REQUEST, MAYA), seen_by(SEE_REQUEST, MAYA), "access_request")
# The demonstration's emergency: Priya opened a record of Selby's hub, and closed it.
PRIYA = frozenset({"priya.partner"})
SEE_EMERGENCY = PRIYA | IAN | {"colin.coordinator", "maya.manager", "chris.chair", "mina.minutes"}
# A pointer that is nobody's, or another's, or an hour old, refuses in the same words.
NO_POINTER = Line(held_by(WORK_ON_MATTERS, 409), held_by(WORK_ON_MATTERS), "no_pointer")
SEARCH = Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS))
# What was searched is kept with a session; to any other it is not there.
SEARCHED = Line(held_by(WORK_ON_MATTERS, 404), members(405), "no_key")
