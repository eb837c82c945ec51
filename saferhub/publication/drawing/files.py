"""The files of a document, as they are offered for download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings

from saferhub.publication.model import Document
from saferhub.publication.rules.numbering import Numbered, number

from . import pdf, word


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its ending, what browsers call it, its words on the page."""

    ending: str
    media_type: str
    words: str
    draw: Callable[[Numbered], bytes]


FORMATS = {
    "pdf": Format("pdf", "application/pdf", "PDF, accessible", pdf.draw),
    "docx": Format(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word", word.draw
    ),
}


# A page says so by its banner; a file goes about alone.
INVENTED = "Demonstration: nobody here is real"


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    content: bytes


def file_of(document: Document, ending: str) -> File:
    """The document as a file of this kind, a key of `FORMATS`; in demonstration it says that it is invented.

    Raises KeyError, NotADocument, `pdf.NotDrawn`.
    """
    kind = FORMATS[ending]
    if settings.DEMONSTRATION:
        status = f"{INVENTED}. {document.status}" if document.status else INVENTED
        document = replace(document, status=status)
    return File(f"{document.file_stem}.{kind.ending}", kind.media_type, kind.draw(number(document)))
