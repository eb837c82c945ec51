"""A document as the release check takes it: every text in it with the place where it stands, its file's name too."""

from __future__ import annotations

from saferhub.publication.model import Document
from saferhub.publication.rules.fragments import Fragment, fragments

from .findings import Kind, Part

_KINDS = {"text": Kind.FIELD, "row": Kind.TABLE, "file name": Kind.FILE_NAME}


def parts_of_document(document: Document) -> list[Part]:
    """Everything of a document that its reader sees. What is read together is searched together: the rows of a table,
    the lines of a list, a paragraph with its parts, a line for each."""
    groups: dict[str, list[Fragment]] = {}
    for one in fragments(document):
        groups.setdefault(one.block or one.key, []).append(one)
    return [
        Part(
            key,
            held[0].block_place or held[0].place,
            "\n".join(one.text for one in held),
            _KINDS[held[0].kind],
        )
        for key, held in groups.items()
    ]
