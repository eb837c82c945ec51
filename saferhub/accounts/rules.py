"""What is decided about accounts: when a session ends, which form may be kept, how an invitation stands.

Values in, values out. How long each thing lasts is in the settings; lock-out after wrong passwords is
counted by the sign-in package.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum

from saferhub.foundation.refusals import Refusal

USERNAME_LENGTH = 60


class SessionEnd(Enum):
    """Why a session ended; the value is how a page says it. All but SIGNED_OUT end it by themselves."""

    IDLE = "you had not used the service for a while"
    ABSOLUTE = "you had been signed in for as long as the service allows"
    UNDATED = "we could not tell when you had signed in"
    SIGNED_OUT = "you had signed out, here or in another window of this browser"

    @property
    def code(self) -> str:
        return self.name.lower()


def session_end(
    now: datetime, *, signed_in_at: datetime, last_seen: datetime, idle: timedelta, absolute: timedelta
) -> SessionEnd | None:
    """Whether a session has ended at `now` (real time), and why. The absolute end is named first."""
    if now - signed_in_at >= absolute:
        return SessionEnd.ABSOLUTE
    if now - last_seen >= idle:
        return SessionEnd.IDLE
    return None


# --- Forms that are kept ------------------------------------------------------------------------------


class Keep(Enum):
    """What becomes of a form sent after its session had ended; the value is how a page says it."""

    KEPT = "What you wrote is kept for 30 minutes. Sign in as yourself to get it back."
    TOO_LONG = "What you wrote was too long to be kept, and it was not saved."
    SECRET = "Nothing was changed. A form with a password or a code in it is never kept."
    NOTHING = "Nothing had been written that could be kept."
    UNREADABLE = "What was sent could not be kept, and it was not saved."


# The name decides: a password or a one-time code is never written down, not even encrypted. `code` alone,
# and not every name that ends in it, so that a postcode or an agency's code does not stop a referral
# from being kept.
_SECRET_NAME = re.compile(
    r"pass(word|phrase|code)|secret|token|(^|[-_])(otp|totp|pin)([-_]|$)"
    r"|(^|-)code$|(recovery|security|verification|authenticator|one_time|login|sign_in)_code"
)
# Fields of the transport, which a new sending brings anew.
TRANSPORT_FIELDS = frozenset({"csrfmiddlewaretoken", "held_form"})
# Fields that a page needs and nobody wrote: marks of what was seen, counts of repeated parts.
_PLUMBING = re.compile(r"^(seen|version|next|once)$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$")


def is_secret_field(name: str) -> bool:
    """Whether a field of this name may hold a password or a one-time code."""
    return bool(_SECRET_NAME.search(name.lower()))


def is_written(name: str) -> bool:
    """Whether a field of this name holds what somebody wrote, rather than what the page brought along."""
    return name not in TRANSPORT_FIELDS and not _PLUMBING.search(name)


def whether_to_keep(fields: Iterable[tuple[str, Sequence[str]]], *, most_bytes: int) -> Keep:
    """What to do with a posted form, judged by its fields' names and length in UTF-8."""
    length, found = 0, False
    for name, values in fields:
        if name in TRANSPORT_FIELDS:
            continue
        if is_secret_field(name):
            return Keep.SECRET
        found = found or (is_written(name) and any(value.strip() for value in values))
        length += sum(len(name.encode()) + len(value.encode(errors="replace")) for value in values)
    if not found:
        return Keep.NOTHING
    return Keep.TOO_LONG if length > most_bytes else Keep.KEPT


def field_words(name: str) -> str:
    """A field's name as its writer may recognise it: `reason_for_referral` → "Reason for referral"."""
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:] if words else "Field"


_DATE_PART = re.compile(r"(?P<whole>.+)_(?P<part>day|month|year)")
_SHORT = 60  # characters up to which a code is taken for a choice made, not for words written


def readable_fields(fields: Iterable[tuple[str, Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """A form's fields as their writer may recognise them, without the empty ones and those nobody wrote.

    The three boxes of a date are one line: "3 September 2018", or as they were filled in where that is none.
    """
    told: dict[str, list[str]] = {}
    dates: dict[str, dict[str, str]] = {}
    given = {
        name: [value for value in values if value.strip()] for name, values in fields if is_written(name)
    }
    for name, values in given.items():
        found = _DATE_PART.fullmatch(name)
        if found and all(f"{found['whole']}_{part}" in given for part in ("day", "month", "year")):
            dates.setdefault(found["whole"], {})[found["part"]] = " ".join(values) or "–"
            told.setdefault(found["whole"], [])
        elif values:
            told[name] = [choice_words(value) for value in values]
    for whole, parts in dates.items():
        if any(part != "–" for part in parts.values()):
            told[whole] = [_date_words(parts["day"], parts["month"], parts["year"])]
    return [(field_words(name), values) for name, values in told.items() if values]


def _date_words(day: str, month: str, year: str) -> str:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return f"{day} / {month} / {year}"
    return f"{found.day} {calendar.month_name[found.month]} {found.year}"


def choice_words(value: str) -> str:
    """A code chosen from a list as words: `minute_taker` → "Minute taker". What was written stays as it is."""
    is_code = len(value) <= _SHORT and re.fullmatch(r"[a-z]+(_[a-z]+)+", value)
    return field_words(value) if is_code else value


# --- Invitations and accounts --------------------------------------------------------------------------


class Standing(Enum):
    """How an invitation stands."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def invitation_standing(
    now: datetime, *, expires_at: datetime, used_at: datetime | None, withdrawn_at: datetime | None
) -> Standing:
    """How an invitation stands at `now` (real time)."""
    if used_at:
        return Standing.USED
    if withdrawn_at:
        return Standing.WITHDRAWN
    return Standing.OPEN if now < expires_at else Standing.EXPIRED


def username_from(name: str, taken: Collection[str] = ()) -> str:
    """A short handle made of a person's name, not among `taken`: "Zoë O'Hara" → `zoe.ohara`, `zoe.ohara2`.

    Letters outside a to z lose their marks; a name without any gives `person`.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    parts = re.findall(r"[a-z]+", re.sub(r"['’`]", "", plain))
    chosen = [parts[0], parts[-1]] if len(parts) > 1 else parts
    base = ".".join(chosen)[: USERNAME_LENGTH - 6] or "person"
    if base not in taken:
        return base
    number = 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


_TELEPHONE = re.compile(r"\+?[0-9 ()-]+(?P<extension>(ext\.?|extension|x) ?[0-9]{1,6})?", re.IGNORECASE)


def is_telephone(text: str) -> bool:
    """Whether this is a telephone number: digits, spaces, hyphens, brackets, a leading +, an extension.

    From 3 digits (101) to 15 (the most that ITU-T E.164 allows), the extension not counted.
    """
    found = _TELEPHONE.fullmatch(text.strip())
    if found is None:
        return False
    number = text.strip()[: found.start("extension")] if found["extension"] else text
    return 3 <= sum(character.isdigit() for character in number) <= 15


def fingerprint(*values: str) -> str:
    """A short mark of what a form was filled in over, to notice a change by somebody else meanwhile."""
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


def invitation_refusals(status: str | None) -> list[Refusal]:
    """Why somebody of this status (None: no account yet) cannot be invited."""
    if status == "active":
        return [Refusal("has_account", "This person has an account already. Give her a role instead.")]
    if status == "left":
        return [
            Refusal(
                "has_left", "This person has left. Give her account its access back instead of inviting her."
            )
        ]
    return []


def leaver_refusals(*, is_oneself: bool) -> list[Refusal]:
    """Why an act on a leaver's account is refused, whatever its status."""
    if is_oneself:
        return [
            Refusal(
                "oneself",
                "You cannot record yourself as having left. Ask another administrator to do it.",
            )
        ]
    return []


def second_factor_removal_refusals(*, required: bool) -> list[Refusal]:
    """Why a second factor cannot be taken off by its holder."""
    if required:
        return [
            Refusal(
                "second_factor_required",
                "Your role needs codes from an app, so they cannot be taken off. "
                "If you have a new telephone, ask your administrator.",
            )
        ]
    return []


class FactorLost(Enum):
    """Why somebody's second factor is reset; the value is how a page says it."""

    LOST = "The telephone is lost or was stolen"
    REPLACED = "A new telephone has taken its place"
    BROKEN = "The telephone or the app no longer works"
    EXPOSED = "Somebody else may have the codes"

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> FactorLost:
        """The reason of this code. Raises KeyError for a code that none has."""
        return cls[code.upper()]


def second_factor_reset_refusals(*, is_oneself: bool, has_left: bool, has_one: bool) -> list[Refusal]:
    """Why somebody's lost second factor cannot be taken off by this administrator."""
    if is_oneself:
        return [Refusal("oneself", "You cannot take off your own second factor here. Use your account page.")]
    if has_left:
        return [Refusal("has_left", "This person has left, so nobody can sign in with this account.")]
    if not has_one:
        return [
            Refusal("no_second_factor", "This person has no second factor set up, so there is none to reset.")
        ]
    return []
