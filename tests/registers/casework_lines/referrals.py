"""What the addresses of referrals answer to whom (see tests/registers/test_urls.py).

A draft is its unit's alone; a referral that was sent is seen by its unit and by everybody who works in the hub.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import MAYA, WORK_ON_MATTERS, Line, held_by, members, seen_by

RACHEL = frozenset({"rachel.referrer"})
SEE_SENT = RACHEL | MAYA | {"colin.coordinator", "chris.chair", "mina.minutes"}
DRAFT = seen_by(RACHEL)
# A pack lies in the hub's own folder; whoever decides for the hub gives it.
IN_HUB = SEE_SENT - RACHEL
GIVES = frozenset({"colin.coordinator"}) | MAYA

LINES: dict[str, Line] = {
    "referral-drafts": Line(held_by(WORK_ON_MATTERS), members(405)),
    "referral-start": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "referral": Line(seen_by(SEE_SENT), members(405), "referral"),
    "referral-step": Line(DRAFT, DRAFT, "referral_step"),
    # Nothing is missing of it, so posting goes on to the next step.
    "referral-people": Line(DRAFT, seen_by(RACHEL, done=302), "referral_draft"),
    "referral-part": Line(DRAFT, DRAFT, "referral_part"),
    "referral-not-in-it": Line(DRAFT, DRAFT, "referral_involved"),
    "referral-place": Line(DRAFT, DRAFT, "referral_draft"),
    "referral-check": Line(DRAFT, DRAFT, "referral_draft"),
    "referral-receipt": Line(seen_by(SEE_SENT, RACHEL), members(405), "referral"),
    "referral-answer": Line(seen_by(SEE_SENT, RACHEL), seen_by(SEE_SENT, RACHEL), "referral_asked"),
    "referral-withdraw": Line(seen_by(SEE_SENT, RACHEL), seen_by(SEE_SENT, RACHEL), "referral"),
    "referral-pack-new": Line(seen_by(SEE_SENT, GIVES), seen_by(SEE_SENT, GIVES), "referral"),
    "referral-pack": Line(seen_by(IN_HUB), seen_by(IN_HUB, GIVES), "referral_pack"),
    "referral-pack-drop": Line(seen_by(IN_HUB, GIVES), seen_by(IN_HUB, GIVES), "referral_pack"),
    "referral-pack-file": Line(seen_by(IN_HUB), members(405), "referral_pack_file"),
}


def _named(cast: dict[str, Any], **given: Any) -> dict[str, Any]:
    from tests.builders.referrals import a_referral

    return {"public_id": a_referral(cast, **given).matter.public_id}


def _asked(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.referrals import a_question

    return {"public_id": a_question(cast).matter.public_id}


def _somebody(cast: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """A draft, and somebody who stands in it."""
    from saferhub.casework.access import parts_readable_by
    from saferhub.casework.models import Involved
    from saferhub.sharing.entering import entered
    from tests.builders.casework import actor

    named = _named(cast, sent=False)
    with entered(cast["rachel.referrer"]):
        rows = parts_readable_by(actor(cast, "rachel.referrer"), Involved)
        row = rows.filter(matter__public_id=named["public_id"]).select_related("person")[0]
    return named, row


def _part(cast: dict[str, Any]) -> dict[str, Any]:
    named, row = _somebody(cast)
    return {**named, "what": "person", "record": row.person.public_id}


def _involved(cast: dict[str, Any]) -> dict[str, Any]:
    named, row = _somebody(cast)
    return {**named, "involved": row.public_id}


def _pack(cast: dict[str, Any], *, released: bool = False) -> dict[str, Any]:
    from tests.builders.referral_packs import a_pack
    from tests.builders.referrals import a_referral

    referral = a_referral(cast)
    pack = a_pack(cast, referral, released=released)
    return {"public_id": referral.matter.public_id, "pack_id": pack.public_id}


# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "referral": _named,
    "referral_draft": lambda cast: _named(cast, sent=False),
    "referral_step": lambda cast: {
        **_named(cast, sent=False, words={"happened": ""}),
        "part": "happening",
    },
    "referral_part": _part,
    "referral_involved": _involved,
    "referral_asked": _asked,
    "referral_pack": _pack,
    "referral_pack_file": lambda cast: {**_pack(cast, released=True), "ending": "pdf"},
}
