"""The register of what the audit can say, and in which words a page says it.

Every app names its events in its own `events.py` and registers them when it is ready. An unknown
event is a programming error and stops the write it belongs to.
"""

from __future__ import annotations

_WORDS: dict[str, str] = {}
_BEFORE_SIGN_IN: set[str] = set()


def register(words: dict[str, str], *, before_sign_in: bool = False) -> None:
    """Add events: code → words in the past tense ("signed in"). Raises ValueError on a clash.

    `before_sign_in` marks acts of somebody who is not signed in, so that no page calls them the system's.
    """
    for code, said in words.items():
        if _WORDS.get(code, said) != said:
            raise ValueError(f"event {code} is registered twice with different words")
        _WORDS[code] = said
    if before_sign_in:
        _BEFORE_SIGN_IN.update(words)


def words_for(code: str) -> str:
    """What a page says of this event; the code itself for one that no longer exists."""
    return _WORDS.get(code, code)


def known(code: str) -> bool:
    return code in _WORDS


def is_before_sign_in(code: str) -> bool:
    """Whether this is the act of somebody who is not signed in, rather than of the system."""
    return code in _BEFORE_SIGN_IN


def all_events() -> dict[str, str]:
    return dict(sorted(_WORDS.items()))


register(
    {
        "audit.log_read": "read the log",
        "audit.log_exported": "exported the log",
        "audit.restored": "restored the database from a backup",
        "audit.era_opened": "opened a new era of the log after a restore",
        "audit.verified": "verified the log",
        "job.refused": "did not do what somebody who has left had asked for",
        "page.refused": "was refused",
        "page.not_found": "asked for something not visible",
    }
)
