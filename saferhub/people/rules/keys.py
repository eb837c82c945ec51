"""Keys to compare by: what two agencies wrote differently and meant alike.

A key says that two values are worth a look, never that two people are one.
"""

from __future__ import annotations

import re
import unicodedata

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_HOUSE = re.compile(r"\b(\d+[a-z]?)\b")
_NOT_WORDS = re.compile(r"[^a-z0-9 ]+")


def identifier_key(value: str) -> str:
    """The value in capitals without blanks, hyphens, dots and slashes: "ab 12-34" → "AB1234"."""
    return re.sub(r"[\s./-]", "", value).upper()[:80]


def telephone_key(value: str) -> str:
    """Digits with country code: "01632 960118" and "+44 (0)1632 960118" → "441632960118".

    A number without a country code is taken as one of the United Kingdom. "" where there are no digits.
    """
    text = value.strip().replace("(0)", "")
    digits = re.sub(r"\D", "", text)
    if not digits:
        return ""
    if text.startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    return f"44{digits[1:]}" if digits.startswith("0") else f"44{digits}"


def email_key(value: str) -> str:
    """The address in small letters."""
    return value.strip().lower()


def is_telephone(value: str) -> bool:
    """Whether it can be dialled: seven to fifteen digits, and nothing but digits and marks between them."""
    return re.fullmatch(r"[\d\s()+.-]+", value.strip()) is not None and 7 <= len(telephone_key(value)) <= 15


def is_email(value: str) -> bool:
    """Whether it has the form of an e-mail address."""
    return re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value.strip()) is not None


def postcode(value: str) -> str:
    """A postcode as it is written: "yo85qa" → "YO8 5QA". Anything else in capitals, as it came."""
    plain = re.sub(r"\s", "", value).upper()
    found = _POSTCODE.fullmatch(plain)
    return f"{found[1]} {found[2]}" if found else value.strip().upper()


def is_postcode(value: str) -> bool:
    """Whether it has the form of a postcode of the United Kingdom."""
    return _POSTCODE.fullmatch(re.sub(r"\s", "", value).upper()) is not None


def plain(text: str) -> str:
    """Small letters without accents and marks, single blanks: to compare words by."""
    spread = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(_NOT_WORDS.sub(" ", spread.replace("'", "").replace("’", "")).split())


def address_key(lines: str, code: str) -> str:
    """Postcode and numbers; without a number the first line; without a postcode the lines.

    "14 Brayfield Court" and "14 Brayfield Ct" of one postcode → the same key. Flats keep their own number:
    "Flat 2, 14 Brayfield Court" has another.
    """
    first = plain(lines.replace("\n", " , "))
    numbers = "-".join(_HOUSE.findall(first))
    area = re.sub(r"\s", "", code).upper()
    if not area:
        return first[:120]
    named = plain(lines.splitlines()[0]) if lines.splitlines() else ""
    return f"{area}:{numbers or named}"[:120]
