"""The release check over a document: every place in it is searched, and named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saferhub.publication.model import Bullets, Column, Document, Note, Paragraph, SubParagraph, words
from saferhub.releases.rules.check import Addressee, Contact, PersonFacts, Rule, check
from saferhub.releases.rules.documents import parts_of_document
from saferhub.releases.rules.findings import Kind
from tests.publication.documents import letter, report, row, table

NUMBER = "07700 900118"
HIDDEN = PersonFacts(
    key="her",
    shown="Joanne Frith",
    names=(("Joanne", "Frith"),),
    contacts=(Contact(NUMBER, is_protected=True),),
)


def places(document: Document) -> list[str]:
    found = check(parts_of_document(document), [Addressee("Somebody else", key="him")], [HIDDEN])
    return [one.label for one in found if one.rule is Rule.PROTECTED_NUMBER]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (report(title=f"Ring {NUMBER}"), "The title"),
        (letter(opening=(Note(words(f"Ring {NUMBER}.")),)), "Before the first section, a note"),
        (letter(opening=(Bullets((words("One"), words(NUMBER))),)), "Before the first section, a list"),
        (letter(opening=(table(rows=(row("a", "b", NUMBER),)),)), "Table 1"),
        (letter(opening=(table(columns=(Column(NUMBER), Column("b"), Column("c")), rows=()),)), "Table 1"),
        (letter(notes=(NUMBER,)), "Sources and notes"),
        (letter(file_stem="letter-07700900118"), "The name of the file"),
    ],
)  # fmt: skip
def test_a_protected_number_is_found_wherever_it_stands_in_a_document(document: Document, place: str) -> None:
    assert places(document) == [place]


def test_what_is_spread_over_the_lines_of_a_paragraph_is_searched_together() -> None:
    section = replace(
        report().sections[0],
        blocks=(Paragraph(words("Ring"), (SubParagraph(words("07700")), SubParagraph(words("900118")))),),
    )
    parts = parts_of_document(report(sections=(section,), appendices=(), correction=None))
    together = next(one for one in parts if one.label == "Section 1, paragraph 1.1")
    assert together.text == "Ring\n07700\n900118"


def test_rows_are_a_table_and_the_name_of_the_file_is_one() -> None:
    kinds = {one.label: one.kind for one in parts_of_document(report())}
    assert kinds["Table 1"] is Kind.TABLE
    assert kinds["The name of the file"] is Kind.FILE_NAME
