"""The copy for a person's own request, as a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Block, Bullets, Document, Fact, Note, Paragraph, Section, Words, words

LEFT_OUT = "Left out"
WHY_LEFT_OUT = "What is about other people, or must be decided on separately, is left out."
HOW_TO_ANSWER = "If something here is wrong, say which paragraph, and it is looked at."


def title_of(name: str) -> str:
    """What the copy is called."""
    return f"{name}: what one record holds about you"


def copy_document(
    *,
    public_id: str,
    name: str,
    agency: str,
    sections: Iterable[tuple[str, Sequence[tuple[str, str]]]],
    left_out: Sequence[str],
    marking: str,
    on: date,
) -> Document:
    """A released copy as it is drawn: the rows that the release check has read, a numbered paragraph for each, so that
    the person can say which one is wrong. `public_id`: of its disclosure, by which the files are named: they tell
    nobody whose copy it is."""
    made = [
        Section(title, tuple(Paragraph((Words(f"{label}: ", "strong"), Words(text))) for label, text in rows))
        for title, rows in sections
    ]
    if left_out:
        kept: tuple[Block, ...] = (
            Note(words(WHY_LEFT_OUT)),
            Bullets(tuple(words(one) for one in left_out)),
        )
        made.append(Section(LEFT_OUT, kept))
    return Document(
        kind="copy",
        title=title_of(name),
        dated=on,
        file_stem=f"copy-{public_id}",
        title_block=(Fact("Held by", agency), Fact("Released", date_in_words(on))),
        marking=marking,
        opening=(Note(words(HOW_TO_ANSWER)),),
        sections=tuple(made),
    )
