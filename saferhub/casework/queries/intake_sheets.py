"""What pages about spreadsheets show and offer, and the seal under which a file travels between two pages."""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken

from saferhub.accounts.holding import cipher_for
from saferhub.casework.access import parts_readable_by, referrals_visible_to
from saferhub.casework.access.intake import mappings_of
from saferhub.casework.models import SheetImport, SheetRow, SubjectKind
from saferhub.casework.operations.intake_imports import File
from saferhub.casework.queries.intake_api import hubs_to_refer_to
from saferhub.casework.queries.intake_giving import roles_offered
from saferhub.casework.rules import referrals as referral_rules
from saferhub.casework.rules.intake_reading import MOST_BYTES, MOST_TEXT_BYTES, Sheet, read_sheets
from saferhub.casework.rules.intake_rows import Reader, Reading
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.partnership.queries import in_force

_LIFE = 2 * 60 * 60  # seconds for which a file may lie open on a screen
_MOST_SEALED = 1_400_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was chosen."""

    name: str
    content: bytes

    @property
    def file(self) -> File:
        return File(self.name, hashlib.sha256(self.content).hexdigest())

    def sheets(self) -> list[Sheet]:
        return read_sheets(self.name, self.content)


def sealed(upload: Upload, actor: Actor) -> str:
    """The file, packed and encrypted for this account, so that the page itself carries it to the next step and
    nothing of it is kept here. Raises Refusal `too_large`."""
    packed = zlib.compress(upload.content, 6)
    if len(packed) > _MOST_SEALED:
        raise Refusal("too_large", "The file is too large. Divide it, and choose one part after the other.")
    body = json.dumps({"name": upload.name, "content": b64encode(packed).decode()}).encode()
    # Base 85 and JSON would save little; the cipher's own base 64 is what a form carries.
    return _cipher(actor).encrypt(zlib.compress(body, 1)).decode()


def opened(text: str, actor: Actor) -> Upload | None:
    """The file that was sealed for this account; None for any other seal, or one that is too old."""
    try:
        body = json.loads(_unpacked(_cipher(actor).decrypt(text.encode(), ttl=_LIFE), 3 * MOST_BYTES))
        content = _unpacked(b64decode(body["content"]), max(MOST_BYTES, MOST_TEXT_BYTES))
    except (InvalidToken, ValueError, zlib.error, KeyError):
        return None
    return Upload(str(body["name"]), content)


def _cipher(actor: Actor) -> Any:
    return cipher_for(f"spreadsheet of {actor.public_id}")


def _unpacked(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    found = unpacker.decompress(packed, most)
    if unpacker.unconsumed_tail:
        raise ValueError("unpacks to too much")
    return found


def hubs_offered(actor: Actor) -> list[tuple[str, str]]:
    return [(hub.code, hub.name) for hub, _ in hubs_to_refer_to(actor)]


def hub_of(actor: Actor, code: str) -> Hub | None:
    return next((hub for hub, _ in hubs_to_refer_to(actor) if hub.code == code), None)


def purposes_offered(actor: Actor) -> list[tuple[str, str]]:
    used = {code for _, purposes in hubs_to_refer_to(actor) for code in purposes}
    return [
        (one.code, str(one.item.name))
        for one in in_force.entries(actor.partnership, "purposes", actor.on)
        if one.code in used
    ]


def read_rows(sheet: Sheet, reading: Reading, purpose: str, actor: Actor) -> Reader:
    """The rows of a sheet, and what is wrong with them."""
    roles = roles_offered(actor)
    harmed = frozenset(
        one.code
        for one in in_force.entries(actor.partnership, "case_roles", actor.on)
        if one.item.side == "harmed"
    )
    choices = {
        "subject_kind": _answers(SubjectKind.choices),
        "children": _answers(referral_rules.CHILDREN),
        "told": _answers(referral_rules.TOLD),
        "urgent": _answers([("yes", "Yes"), ("no", "No")]),
        "role": _answers(roles),
    }
    return Reader(sheet, reading, choices=choices, harmed=harmed, purpose=purpose, today=actor.on)


def _answers(offered: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, words in offered:
        found[str(words).lower()] = str(code)
        found[str(code).lower()] = str(code)
    return found


def mappings_offered(actor: Actor) -> list[tuple[str, str]]:
    return [(one.public_id, one.name) for one in mappings_of(actor)]


def imports_of(actor: Actor) -> Any:
    """What the actor's unit read in, the newest first."""
    return parts_readable_by(actor, SheetImport).select_related("mapping").order_by("-id")


def rows_of(actor: Actor, found: SheetImport) -> Any:
    """The rows that one file made or changed last."""
    return (
        parts_readable_by(actor, SheetRow)
        .filter(last_import=found, referral__in=referrals_visible_to(actor))
        .select_related("referral__matter", "referral__to_hub")
        .order_by("id")
    )
