"""Whether a drawing says what its document does, as its readers read it: every text in order, with its number before
it, on the page, in Word, in the PDF."""

from __future__ import annotations

from collections.abc import Iterator

from saferhub.publication.drawing import fonts
from saferhub.publication.model import Document
from saferhub.publication.rules.characters import plain
from tests.publication import test_drawings as drawings
from tests.publication.reading import squeezed


def expected(document: Document) -> Iterator[tuple[str, str]]:
    """Every text and its number; a heading inside of a section bears none."""
    inside = {plain(one.title) for one in document.sections if one.level == 2}
    for mark, said in drawings.expected(document):
        yield ("" if said in inside else mark), said


def assert_reads(document: Document, text: str, *, numbers: bool = True) -> None:
    """Everything stands in this text, in its order."""
    rest = squeezed(text)
    for mark, said in expected(document):
        wanted = (squeezed(mark) if numbers else "") + squeezed(said)
        assert wanted in rest, f"{mark} {said[:80]!r} is not in {rest[:200]!r}"
        rest = rest[rest.index(wanted) + len(wanted) :]


def assert_in_pdf(document: Document, text: str, instead: dict[str, str] | None = None) -> None:
    """The same of a PDF; tables word by word, since a reader of PDFs takes cells of several lines across."""
    whole = rest = squeezed(text)
    for mark, said in expected(document):
        said = fonts.with_code_points(said, instead or {})
        if "\t" in said:
            assert all(squeezed(word) in whole for word in said.split()), said
            continue
        wanted = squeezed(mark) + squeezed(said)
        assert wanted in rest, f"{mark} {said[:80]!r} is not in {rest[:200]!r}"
        rest = rest[rest.index(wanted) + len(wanted) :]
