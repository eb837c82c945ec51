"""Which characters a file can hold. What it cannot is drawn as its code point in brackets: [U+0007]."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold, with the second row of control characters, which means nothing in a text.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile("\r\n|\r|\u2028|\u2029|\x85")
# Longer than any word: a line of print has to break somewhere.
LONGEST_WORD = 40
_LONG = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
_STEP = 20


def code_point(character: str) -> str:
    """The code point of a character in brackets."""
    return f"[U+{ord(character):04X}]"


def plain(text: str) -> str:
    """The text as any of the three can hold it: one kind of line break, no character that XML lacks."""
    return _UNFIT.sub(lambda found: code_point(found[0]), _BREAK.sub("\n", text))


def breakable(text: str) -> str:
    """The text with invisible places to break a line in words longer than `LONGEST_WORD` characters."""

    def broken(found: re.Match[str]) -> str:
        word = found[0]
        return "\u200b".join(word[at : at + _STEP] for at in range(0, len(word), _STEP))

    return _LONG.sub(broken, text)
