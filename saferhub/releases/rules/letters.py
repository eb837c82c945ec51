"""A letter's template with its places filled in, and a letter as a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Document, Fact, Note, words


def filled(paragraphs: Iterable[str], *, today: date, **places: str) -> str:
    """The paragraphs with every place filled in, an empty line between them.

    What is put in is never itself read as a place: a name with brackets in it stays as it is.
    """
    values = {**places, "today": date_in_words(today)}
    return "\n\n".join(_one(paragraph, values) for paragraph in paragraphs)


def _one(paragraph: str, values: dict[str, str]) -> str:
    made, rest = "", paragraph
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        made += before + values[name]
    return made + rest


def letter_document(
    *, public_id: str, title: str, addressee: str, address: str, body: str, marking: str, on: date
) -> Document:
    """A released letter as it is drawn: what the release check has read and nothing else, but for its marking. The
    files are named by its identifier, which tells nobody whom it is to."""
    block = "\n".join(line for line in (addressee, address) if line.strip())
    paragraphs = [one for one in re.split(r"\n[ \t]*\n\s*", body.replace("\r\n", "\n")) if one.strip()]
    return Document(
        kind="letter",
        title=title,
        dated=on,
        file_stem=f"letter-{public_id}",
        title_block=(Fact("To", block),),
        marking=marking,
        opening=tuple(Note(words(one)) for one in paragraphs),
    )
