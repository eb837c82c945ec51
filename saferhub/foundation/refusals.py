"""Refusals: an operation says no, in a sentence for its reader.

A refusal carries a code (for tests and the audit), a sentence, and where possible a link to the page
that puts it right. One that nobody catches becomes a page showing that sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The state of things does not allow it, whoever asks. Shown as 409."""

    status = 409

    def __init__(self, code: str, sentence: str, *, link: str = "", link_text: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.link = link
        self.link_text = link_text


class NotAllowed(Refusal):
    """She may see it but not do this to it. Shown as 403 with every unmet condition."""

    status = 403

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        link: str = "",
        link_text: str = "",
        conditions: Iterable[Condition] = (),
    ) -> None:
        super().__init__(code, sentence, link=link, link_text=link_text)
        self.conditions = tuple(conditions)


class Conflict(Refusal):
    """Somebody else changed it meanwhile. Shown as 409; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One unmet condition of an act, in words: what is asked, how it stands, where to mend it."""

    asked: str
    stands: str = ""
    link: str = ""
    link_text: str = ""


def refuse_if(refusals: Iterable[Refusal]) -> None:
    """Raise the first of these refusals, if there is one."""
    for refusal in refusals:
        raise refusal


def allows(check: Callable[..., None], *args: object, **kwargs: object) -> bool:
    """Turn `check_can_…`, which raises, into `can_…`, which answers: one rule, never two."""
    try:
        check(*args, **kwargs)
    except Refusal:
        return False
    return True
