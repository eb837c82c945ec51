"""What the addresses of minutes and papers answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, members, seen_by

# Selby's group, in which Chris has the chair and Mina, Colin, Priya and Rachel have seats. Whoever works in the hub
# prepares its meetings; the chair and the manager approve.
PREPARE = frozenset({"colin.coordinator", "mina.minutes", "chris.chair", "maya.manager"})
APPROVE = frozenset({"chris.chair", "maya.manager"})
SEE = PREPARE | {"priya.partner", "rachel.referrer"}


def _ended(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.minutes.world import ended

    return {"public_id": ended(cast).id}


def _draft_part(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.minutes.world import ended

    held = ended(cast)
    return {"public_id": held.id, "part_id": held.parts()["one"].public_id}


def _approved_part(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.minutes.world import approved

    held = approved(cast)
    return {"public_id": held.id, "part_id": held.parts()["one"].public_id}


def _paper(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_ended(cast), "kind": "agenda"}


def _paper_file(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_paper(cast), "ending": "docx"}


def _given(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.meetings.operations.minutes_given import give_extract
    from saferhub.releases.operations.release import Reasons, Recipient
    from saferhub.sharing.entering import entered
    from tests.builders.casework import actor
    from tests.meetings.minutes.world import COLIN, approved

    held = approved(cast)
    with entered(cast[COLIN]):
        made = give_extract(
            meeting_id=held.id,
            part_id=held.parts()["one"].public_id,
            recipient=Recipient("The county court"),
            reasons=Reasons("reduce_asb", "crime_and_disorder", "The court asked for it."),
            by=actor(cast, COLIN),
        )
    return {"public_id": held.id, "disclosure_id": made.public_id}


def _given_file(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_given(cast), "ending": "docx"}


# A draft is there for those who write or approve it, and for nobody else; of the approved minutes Priya and Rachel read
# theirs, and let nothing of a case leave that is not their unit's.
WRITES = seen_by(PREPARE)
GIVES = seen_by(SEE, PREPARE)

LINES: dict[str, Line] = {
    "meeting-minutes": Line(seen_by(SEE), members(405), "ended_meeting"),
    "meeting-minutes-draft": Line(members(405), seen_by(SEE, PREPARE, done=302), "ended_meeting"),
    "meeting-minutes-approve": Line(seen_by(SEE, APPROVE), seen_by(SEE, APPROVE), "ended_meeting"),
    "meeting-minutes-part": Line(WRITES, members(405), "draft_part"),
    # All its fields may be empty, so a form without the version it was drawn from is shown both versions.
    "meeting-minutes-edit": Line(WRITES, seen_by(PREPARE, done=409), "draft_part"),
    "meeting-minutes-correct": Line(seen_by(SEE, PREPARE), seen_by(SEE, PREPARE), "approved_part"),
    "meeting-minutes-give": Line(GIVES, GIVES, "approved_part"),
    "meeting-minutes-given": Line(GIVES, members(405), "given_minutes"),
    "meeting-minutes-given-file": Line(GIVES, members(405), "given_minutes_file"),
    "meeting-paper": Line(seen_by(SEE), members(405), "meeting_paper"),
    "meeting-paper-file": Line(seen_by(SEE), members(405), "meeting_paper_file"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "ended_meeting": _ended,
    "draft_part": _draft_part,
    "approved_part": _approved_part,
    "given_minutes": _given,
    "given_minutes_file": _given_file,
    "meeting_paper": _paper,
    "meeting_paper_file": _paper_file,
}
