"""What was typed, how it compares, and what references look like."""

from __future__ import annotations

from datetime import date

import pytest

from saferhub.people.rules.search import (
    Agrees,
    OnRecord,
    Typed,
    compare,
    likelihood,
    reference_in,
)

JO = OnRecord(
    names=(("Joanne", "Frith"), ("Jo", "")),
    born=date(1983, 5, 14),
    born_precision="exact",
    addresses=(("ZZ998EX:14", "14 Brayfield Court, ZZ99 8EX", "14 Brayfield Court"),),
    telephones=(("447700900118", "07700 900118"),),
    identifiers=(("EXTEN00417", "EX-TEN 00417"),),
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Jo Frith", ("Jo", "Frith")),
        ("Frith, Jo", ("Jo", "Frith")),
        ("  Mary  Jane   Frith ", ("Mary Jane", "Frith")),
        ("Frith", ("", "Frith")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split_into_its_parts(name: str, parts: tuple[str, str]) -> None:
    assert Typed(name=name).parts == parts


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        (Typed(name="Jo Frith", born=date(1983, 5, 14)), True),
        (Typed(name="Jo Frith", address="14 Brayfield Court", postcode="ZZ99 8EX"), True),
        (Typed(name="Jo Frith", telephone="07700 900118"), True),
        (Typed(name="Jo Frith"), False),
        (Typed(name="Jo Frith", address="14 Brayfield Court"), False),
        (Typed(name="Jo Frith", postcode="ZZ99 8EX"), False),
        (Typed(name="Jo", born=date(1983, 5, 14)), False),
        (Typed(born=date(1983, 5, 14)), False),
        (Typed(name="Jo Frith", identifier="EX-TEN 00417"), False),
    ],
)
def test_a_pointer_needs_three_letters_and_one_whole_identifier(typed: Typed, points: bool) -> None:
    assert typed.points is points


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("sel7k3mq2", "SEL-7K3M-Q2"),
        (" SEL-7K3M-Q2 ", "SEL-7K3M-Q2"),
        ("sel 7k3m q2", "SEL-7K3M-Q2"),
        ("sel-abcd-ef", "SEL-ABCD-EF"),
        ("selabcdef", ""),
        ("Joanne Frith", ""),
        ("Anna-Banana", ""),
        ("Frith", ""),
        ("14 Brayfield Court", ""),
    ],
)
def test_a_reference_is_told_from_a_name(text: str, reference: str) -> None:
    assert reference_in(text) == reference


@pytest.mark.parametrize(
    ("typed", "agree", "words"),
    [
        (Typed(name="Joanne Frith", born=date(1983, 5, 14)), ("same", "same"), "very_likely"),
        (Typed(name="Jo Frith", born=date(1983, 5, 14)), ("similar", "same"), "very_likely"),
        (Typed(name="Joanne Frith"), ("same", "not_compared"), "possible"),
        (Typed(name="Joanne Frith", born=date(1991, 10, 30)), ("same", "differs"), "unlikely"),
        (Typed(name="Sabina Exemplar", born=date(1983, 5, 14)), ("differs", "same"), "possible"),
        (Typed(name="Sabina Exemplar"), ("differs", "not_compared"), "unlikely"),
    ],
)
def test_likelihood_follows_from_what_agrees(typed: Typed, agree: tuple[str, str], words: str) -> None:
    lines = compare(typed, JO)
    assert (lines[0].agrees, lines[1].agrees) == agree
    assert likelihood(lines) == words


def test_a_telephone_is_told_by_its_last_digits_unless_it_was_typed() -> None:
    assert compare(Typed(name="Jo Frith"), JO)[3].on_record == "ends 118"
    same = compare(Typed(name="Jo Frith", telephone="+44 7700 900118"), JO)[3]
    assert (same.on_record, same.agrees) == ("07700 900118", Agrees.SAME)


def test_what_is_logged_does_not_depend_on_how_it_was_written() -> None:
    one = Typed(name="Jo  FRITH", telephone="07700 900118").fields
    assert one == Typed(name="jo frith", telephone="+44 7700 900118").fields
