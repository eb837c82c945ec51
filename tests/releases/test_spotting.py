"""Known addresses, numbers and names are found in whichever form somebody wrote them, and seldom else."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saferhub.releases.rules.folding import Folded, squeezed
from saferhub.releases.rules.spotting import (
    AddressForms,
    address_like_spots,
    email_spots,
    name_forms,
    name_spots,
    national_number,
    number_spots,
)

HOME = AddressForms("22 Nowhere Road\nSelby", "ZZ99 1AB")
COTTAGE = AddressForms("Rose Cottage\nNever Lane\nSelby", "ZZ99 2CD")
FLAT = AddressForms("Flat 3\n12a St Nobody’s Street", "ZZ99 3EF", "900000000001")


def whole(spots):
    return [spot for spot in spots if spot.whole]


@pytest.mark.parametrize(
    "text",
    [
        "She is at 22 Nowhere Road now.",
        "22, nowhere rd.",
        "twenty-two Nowhere Road",
        "Twenty Two\nNowhere\nRoad",
        "number 22 in Nowhere Rd",
        "Nowhere Road 22",
        "Nowhere Rd, no. 22",
        "22 Now-\nhere Road",
        "2\u200b2 Now\u00adhere R\u200coad",
        "２２ Ｎｏｗｈｅｒｅ Ｒｏａｄ",
        "22 Nоwhеrе Road",  # three Cyrillic letters
        "22_nowhere_road.pdf",
        "22NowhereRoad.docx",
        "22%20Nowhere%20Road",
        "22&nbsp;Nowhere&#8203; Road",
        "N O W H E R E  R O A D 22",
        "22 ZZ99 1AB",
        "22 Something else, zz991ab",
        "22, ZZ99-1AB",
        "22, ZZ\n99 1\nAB",
        "twenty two, ZZ99 1AB",
    ],
)
def test_an_address_is_found_in_every_form(text):
    assert whole(HOME.spots(Folded(text))), text


@pytest.mark.parametrize(
    "text", ["Nowhere Road was quiet.", "Somewhere in ZZ99 1AB.", "221 Nowhere Road", "zz 99 1 ab"]
)
def test_a_street_or_postcode_without_its_house_is_part_of_an_address(text):
    spots = list(HOME.spots(Folded(text)))
    assert spots and not whole(spots)


@pytest.mark.parametrize("text", ["22 Somewhere Road", "ZZ99 1AC", "22 nowhere to be seen", ""])
def test_another_address_is_not_found(text):
    assert not list(HOME.spots(Folded(text)))


def test_a_house_with_a_name_needs_its_lane_or_postcode_to_be_whole():
    assert whole(COTTAGE.spots(Folded("Rose Cottage, Never Ln")))
    assert whole(COTTAGE.spots(Folded("rose cottage ZZ992CD")))
    spots = list(COTTAGE.spots(Folded("There is a rose cottage pie.")))
    assert spots and not whole(spots)


def test_a_flat_is_found_by_the_house_it_is_in_and_by_its_property_number():
    assert FLAT.number == "12a"
    assert whole(FLAT.spots(Folded("12 A Saint Nobodys St")))
    assert whole(FLAT.spots(Folded("property 900 000 000 001")))


def test_two_writings_of_one_address_are_the_same():
    assert HOME.is_same_as(AddressForms("Twenty-two nowhere rd", "zz991ab"))
    assert HOME.is_same_as(AddressForms("22 Nowhere Rd"))
    assert not HOME.is_same_as(AddressForms("23 Nowhere Road", "ZZ99 1AB"))
    assert AddressForms("x", uprn="900000000001").is_same_as(FLAT)
    assert not AddressForms("").is_same_as(HOME)


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "+44 7700 900123",
        "+44 (0)7700-900-123",
        "0044 7700 900 123",
        "(07700) 900 123",
        "0 7 7 0 0 9 0 0 1 2 3",
        "07700\n900123",
        "O77OO 9OO123",
        "oh double seven oh oh, nine oh oh, one two three",
        "０７７００ ９００１２３",
        "call-07700900123.csv",
    ],
)
def test_a_number_is_found_in_every_form(text):
    assert whole(number_spots("07700 900123", Folded(text))), text


def test_a_local_number_is_part_of_a_number():
    spots = list(number_spots("01632 960123", Folded("ring 960123")))
    assert spots and not whole(spots)
    assert not list(number_spots("01632 960123", Folded("ring 1960123")))
    assert not list(number_spots("123", Folded("123")))


def test_a_number_is_compared_without_country_and_area_marks():
    assert national_number("+44 (0)1632 960123") == national_number("01632960123") == "1632960123"


@pytest.mark.parametrize(
    "text",
    [
        "Anna.Frith@example.invalid",
        "anna dot frith at example dot invalid",
        "anna.frith [at] example.invalid",
    ],
)
def test_an_email_address_is_found_in_every_form(text):
    assert whole(email_spots("anna.frith@example.invalid", Folded(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Anna Frith", "ANNA FRITH", "Frith, Anna", "anna-frith", "Ms Frith’s letter", "A. Frith", "A M Frith",
        "Frith A", "AnnaFrith.pdf", "anna_frith_assessment.docx", "Änna Fríth", "Anna\nFrith", "F r i t h  A n n a",
        "Anna Maria Frith", "An\u200bna Frith", "Аnnа Frіth",
    ],
)  # fmt: skip
def test_a_name_is_found_in_every_form(text):
    assert whole(name_spots("Anna Maria", "Frith", Folded(text))), text


def test_part_of_a_name_is_found_as_a_whole_word_only():
    assert not whole(name_spots("Anna", "Frith", Folded("Anna said that the Frith family")))
    assert len(list(name_spots("Anna", "Frith", Folded("Anna said that the Frith family")))) == 2
    assert not list(name_spots("Anna", "Frith", Folded("Hannah met Frithers in Annandale")))


def test_a_given_name_that_is_a_word_needs_its_capital():
    assert not list(name_spots("Will", "Orme", Folded("they will come in may")))
    assert list(name_spots("Will", "Orme", Folded("they met Will")))


def test_names_of_one_word_and_double_names_have_forms():
    assert name_forms("Sting", "") == (("sting",), ())
    assert name_forms("", "Frith") == (("frith",), ())
    assert name_forms("", "") == ((), ())
    assert "orme" in name_forms("Jo", "Orme-Wold")[1]


def test_what_looks_like_an_address_is_noticed():
    assert len(list(address_like_spots("now at 7 Hidden Lane, zz99 9zz"))) == 2
    assert not list(address_like_spots("on 12 May they met at the hub"))


# --- Random texts -----------------------------------------------------------------------------------------

_WORDS = [
    "they",
    "met",
    "at",
    "the",
    "hub",
    "and",
    "agreed",
    "what",
    "to",
    "do",
    "next",
    "about",
    "noise",
    "bins",
    "dogs",
    "cars",
    "on",
    "3",
    "May",
    "with",
    "2",
    "officers",
]
_JOINTS = [" ", "\n", "  ", ", ", "-", "\u00a0", "\t", " \u200b", "_", "/", ". "]


def _mangled(value: str, chance: random.Random) -> str:
    """The same value in another hand: case, joints, hidden characters, wide letters."""
    made = []
    for character in value:
        if character == " ":
            made.append(chance.choice(_JOINTS))
            continue
        one = character.upper() if chance.random() < 0.4 else character.lower()
        if chance.random() < 0.1 and one in string.ascii_letters + string.digits:
            one = chr(ord(one) + 0xFEE0)
        made.append(one + (chance.choice("\u200b\u00ad\u2060\ufeff") if chance.random() < 0.1 else ""))
    return "".join(made)


def _text(chance: random.Random, value: str) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randrange(25))]
    words.insert(chance.randrange(len(words) + 1), value)
    return chance.choice(_JOINTS).join(words)


_NUMBERS = ["07700 900456", "+44 7700 900456", "0044 7700 900 456", "(07700) 900 456", "+44 (0) 7700 900456"]
_ADDRESSES = [
    "41 Unreal Close",
    "41 Unreal Cl",
    "forty one unreal close",
    "Unreal Close 41",
    "no 41 Unreal Close",
]
_NAMES = ["Bryony Aldwark", "Aldwark Bryony", "B Aldwark", "Mrs Aldwark"]


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_is_hidden_in_a_text_is_found(chance):
    folded = Folded(_text(chance, _mangled(chance.choice(_NUMBERS), chance)))
    assert whole(number_spots("07700 900456", folded)), folded.text
    folded = Folded(_text(chance, _mangled(chance.choice(_ADDRESSES), chance)))
    assert whole(AddressForms("41 Unreal Close", "ZZ99 4XY").spots(folded)), folded.text
    folded = Folded(_text(chance, _mangled(chance.choice(_NAMES), chance)))
    assert whole(name_spots("Bryony", "Aldwark", folded)), folded.text
    postcode = chance.choice(["ZZ99 4XY", "ZZ994XY", "Z Z 9 9 4 X Y"])
    folded = Folded(_text(chance, _mangled(postcode, chance)))
    assert list(AddressForms("41 Unreal Close", "ZZ99 4XY").spots(folded)), folded.text


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_text_without_them_raises_nothing(chance):
    folded = Folded(_text(chance, "nothing"))
    assert not list(number_spots("07700 900456", folded))
    assert not list(AddressForms("41 Unreal Close", "ZZ99 4XY").spots(folded))
    assert not list(name_spots("Bryony", "Aldwark", folded))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_folded_and_every_place_lies_in_it(text):
    folded = Folded(text)
    for view in (folded.plain, folded.short, folded.numbered, folded.spelled, folded.spoken):
        for token in view.tokens:
            assert 0 <= token.start < token.end <= len(text)
    assert squeezed(text) == folded.plain.text
