"""When owners are asked what they say of a measure, and what may be said. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterator

from saferhub.foundation.refusals import Refusal

LONGEST = 2_000


def commentary_refusals(*, words: str, before: str) -> Iterator[Refusal]:
    """Why a commentary cannot be kept."""
    if not words.strip():
        yield Refusal(
            "no_words", "Write in a sentence or two what the figure shows and what is done about it."
        )
    if len(words) > LONGEST:
        yield Refusal("too_long", f"Write {LONGEST:,} characters or fewer.")
    if before and words.strip() == before.strip():
        yield Refusal("same_words", "These are the words that stand. Change them, or go back.")
