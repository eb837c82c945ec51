"""Identifiers that give nothing away.

A sequence number in an address tells an outsider how many cases there are and lets her try the
next one, so pages and print carry random identifiers; the bigint key stays inside.
"""

import secrets

# Crockford's base 32: no I, L, O or U, so it survives being read aloud and written down.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_public_id() -> str:
    """80 random bits as 16 characters: not to be guessed, for addresses of pages."""
    return _random(16)


def new_reference(prefix: str) -> str:
    """A reference people can say and type: `SEL-7K3M-Q2`, 30 random bits behind the prefix.

    Raises ValueError unless the prefix is two to four capital letters. Short enough to collide one
    day: columns holding references are unique and the writer draws again.
    """
    if not (2 <= len(prefix) <= 4 and prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        raise ValueError("a reference begins with two to four capital letters")
    tail = _random(6)
    return f"{prefix}-{tail[:4]}-{tail[4:]}"
