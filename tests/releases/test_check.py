"""The decisions of the release check: who stands how to whom, and what may be set aside. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saferhub.releases.rules.check import (
    Address,
    Addressee,
    Contact,
    Kind,
    Part,
    PersonFacts,
    Rule,
    Standing,
    check,
    forms_of,
    held_elsewhere,
    standing_of,
    stopping,
    told_of,
)
from saferhub.releases.rules.letters import filled
from saferhub.releases.rules.spotting import AddressForms

HER = PersonFacts(
    key="1",
    shown="Anna Frith",
    names=(("Anna", "Frith"),),
    addresses=(
        Address(AddressForms("22 Nowhere Road", "ZZ99 1AB"), is_protected=True),
        Address(AddressForms("3 Former Lane", "ZZ99 9XX"), is_current=False),
    ),
    contacts=(Contact("01632 960123"), Contact("anna@example.invalid", is_protected=True)),
    kept_apart_from=frozenset({"2"}),
)
HIM = PersonFacts(
    key="2",
    shown="Carl Orme",
    names=(("Carl", "Orme"),),
    addresses=(Address(AddressForms("7 Elsewhere Street", "ZZ99 3CD")),),
    kept_apart_from=frozenset({"1"}),
)
OTHER = PersonFacts(
    key="3", shown="Olga Pell", names=(("Olga", "Pell"),), contacts=(Contact("07700 900777"),)
)
EVERYBODY = [HER, HIM, OTHER]
TO_HIM = Addressee("Carl Orme", "2", address="7 Elsewhere Street\nZZ99 3CD")
TO_HER = Addressee("Anna Frith", "1", address="22 Nowhere Road\nZZ99 1AB")
TO_OTHER = Addressee("Olga Pell", "3")
TO_AGENCY = Addressee("The police", is_agency=True)


def rules_of(text, *addressees, persons=EVERYBODY, **options):
    return {
        (one.rule, one.overridable)
        for one in check([Part("notes", "The notes field", text)], addressees, persons, **options)
    }


@pytest.mark.parametrize(
    ("addressee", "standing"),
    [
        (TO_HER, Standing.SELF),
        (TO_HIM, Standing.KEPT_APART),
        (TO_OTHER, Standing.OTHER),
        (TO_AGENCY, Standing.PARTNER),
        (Addressee("Mr C. Orme"), Standing.KEPT_APART),  # his name, without his record
        (Addressee("Orme’s mother", address="7 elsewhere st ZZ993CD"), Standing.KEPT_APART),
        (Addressee("A court", address="1 Bench Road"), Standing.OTHER),
        (Addressee("", address=""), Standing.OTHER),
    ],
)
def test_how_she_stands_to_an_addressee(addressee, standing):
    assert standing_of(HER, addressee, EVERYBODY) is standing


def test_names_without_a_record_and_unsafe_addresses_keep_apart_too():
    her = replace(HER, kept_apart_names=("her brother Bill Frith and his employer Acme Haulage",))
    assert standing_of(her, Addressee("Bill Frith"), [her]) is Standing.KEPT_APART
    assert standing_of(her, Addressee("Acme Haulage", is_agency=True), [her]) is Standing.KEPT_APART
    her = replace(HER, unsafe_addresses=("9 Phantom Row while he is in",))
    assert (
        standing_of(her, Addressee("Anybody", address="9 Phantom Row\nZZ99 2RR"), [her])
        is Standing.KEPT_APART
    )
    # Only one of the two records says so: it holds both ways.
    assert standing_of(replace(HER, kept_apart_from=frozenset()), TO_HIM, EVERYBODY) is Standing.KEPT_APART


@pytest.mark.parametrize(
    ("text", "rule", "overridable"),
    [
        ("22 Nowhere Road", Rule.PROTECTED_ADDRESS, False),
        ("near Nowhere Road", Rule.PART_OF_ADDRESS, True),
        ("01632 960123", Rule.PROTECTED_NUMBER, False),
        ("960123", Rule.PART_OF_NUMBER, True),
        ("anna@example.invalid", Rule.PROTECTED_EMAIL, False),
        ("Anna Frith", Rule.HIDDEN_NAME, False),
        ("Anna", Rule.PART_OF_NAME, True),
        ("5 Unheard Of Close", Rule.UNRECORDED_ADDRESS, True),
        ("Olga Pell", Rule.THIRD_PARTY_NAME, True),
        ("07700900777", Rule.THIRD_PARTY_NUMBER, True),
    ],
)
def test_what_must_not_reach_somebody_she_is_kept_apart_from(text, rule, overridable):
    assert (rule, overridable) in rules_of(f"Seen: {text}.", TO_HIM)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("22 Nowhere Road", {(Rule.PROTECTED_ADDRESS, True)}),
        ("near Nowhere Road", set()),
        ("3 Former Lane", set()),
        ("01632 960123", {(Rule.THIRD_PARTY_NUMBER, True)}),
        ("anna@example.invalid", {(Rule.PROTECTED_EMAIL, True)}),
        ("Anna", set()),
        ("7 Elsewhere Street", {(Rule.THIRD_PARTY_ADDRESS, True)}),
    ],
)
def test_what_somebody_else_needs_a_reason_for(text, found):
    assert rules_of(text, TO_OTHER) == found


def test_an_agency_gets_names_and_not_what_is_protected():
    text = "Anna Frith, 22 Nowhere Road, 01632 960123, anna@example.invalid. Carl Orme, 7 Elsewhere Street."
    assert rules_of(text, TO_AGENCY) == {(Rule.PROTECTED_ADDRESS, True), (Rule.PROTECTED_EMAIL, True)}


def test_the_strictest_of_several_addressees_counts():
    assert rules_of("22 Nowhere Road", TO_OTHER, TO_HIM) == {(Rule.PROTECTED_ADDRESS, False)}


def test_what_one_is_told_of_oneself_is_no_finding():
    assert rules_of("Anna Frith, 22 Nowhere Road, 01632 960123", TO_HER) == set()


def test_a_name_that_both_bear_says_nothing_and_family_knows_the_name():
    him = replace(HIM, shown="Carl Frith", names=(("Carl", "Frith"),))
    her = replace(HER, known_to=frozenset({"2"}))
    addressee = Addressee("Carl Frith", "2")
    assert rules_of("The Frith family, Mr Frith", addressee, persons=[her, him]) == set()
    assert rules_of("Anna Frith", addressee, persons=[her, him]) == {(Rule.HIDDEN_NAME, True)}


def test_who_lives_together_knows_the_address():
    mother = PersonFacts("4", "May Pell", names=(("May", "Pell"),), addresses=HIM.addresses)
    son = replace(OTHER, addresses=HIM.addresses, contacts=(Contact("01632 960555"),))
    addressee = Addressee("Olga Pell", "3", address="7 Elsewhere Street")
    assert rules_of("7 Elsewhere Street", addressee, persons=[mother, son]) == set()
    shared = replace(mother, contacts=(Contact("01632 960555"),))
    assert rules_of("01632 960555", addressee, persons=[shared, son]) == set()


def letter(block, addressee, persons, text="Nothing."):
    parts = [Part("address", "The address block", block, Kind.ADDRESS), Part("body", "The text", text)]
    return check(parts, [replace(addressee, address=block)], persons, by_letter=True)


def test_a_letter_for_her_never_goes_where_he_lives_or_where_it_is_unsafe():
    her = replace(HER, unsafe_addresses=("9 Phantom Row",), no_letters=True)
    found = letter("7 Elsewhere St, ZZ993CD", replace(TO_HER, address=""), [her, HIM])
    assert {one.rule for one in found} == {Rule.ADVERSARY_ADDRESS, Rule.NEVER_BY_LETTER}
    found = letter("9 Phantom Row\nZZ99 2RR", TO_HER, [her, HIM])
    assert {one.rule for one in found} == {Rule.UNSAFE_ADDRESS, Rule.NEVER_BY_LETTER}
    assert not any(one.overridable for one in found)


def test_a_letter_to_an_address_she_has_left_needs_a_reason():
    assert [(one.rule, one.overridable) for one in letter("3 Former Lane ZZ999XX", TO_HER, [HER])] == [
        (Rule.FORMER_ADDRESS, True)
    ]


def test_without_an_address_block_the_rules_of_letters_still_hold():
    her = replace(HER, no_letters=True)
    found = check(
        [Part("body", "The text", "Nothing.")], [replace(TO_HER, address="")], [her], by_letter=True
    )
    assert [one.rule for one in found] == [Rule.NEVER_BY_LETTER]
    assert letter("", TO_OTHER, EVERYBODY) == []


def test_the_message_says_where_and_what_to_do_and_holds_no_value():
    (found,) = check([Part("notes", "The notes field", "Calm.\nNow at 22 Nowhere Rd.")], [TO_HIM], [HER, HIM])
    assert found.sentence == "The notes field, line 2, holds Anna Frith’s protected address. Take it out."
    assert (found.line, found.start, found.end) == (2, 13, 26)
    assert found.place == "protected_address:notes:13-26"
    assert found.stored() == {
        "rule": "protected_address", "part": "notes", "line": 2, "start": 13, "end": 26, "overridable": False
    }  # fmt: skip


def test_a_list_says_row_and_column():
    rows = "Name\tNotes\nX\tcalm\nY\tat 22 nowhere road"
    (found,) = check([Part("list", "persons.csv", rows, Kind.TABLE)], [TO_HIM], [HER, HIM])
    assert found.sentence.startswith("persons.csv, row 3, column “Notes”, holds")


def test_what_is_held_elsewhere_says_only_whom_to_ask():
    assert held_elsewhere("Selby hub").sentence.endswith("Ask the co-ordinator of Selby hub.")
    assert held_elsewhere("").sentence.endswith("Ask the partnership’s manager.")
    assert Rule.of("held_elsewhere") is Rule.HELD_ELSEWHERE


def test_a_reason_helps_only_where_it_may():
    found = check([Part("notes", "Notes", "Anna Frith, Olga Pell")], [TO_HIM], EVERYBODY)
    reasons = {one.place: "Needed" for one in found}
    assert [one.rule for one in stopping(found, reasons)] == [Rule.HIDDEN_NAME]
    assert len(stopping(found, {})) == len(found) == 2


def test_of_whom_something_is_told_is_asked_elsewhere():
    parts = [Part("notes", "Notes", "Olga was there.")]
    assert told_of(parts, TO_HER, EVERYBODY) == {"1", "3"}
    assert told_of([Part("notes", "Notes", "At 5 Unheard Of Close.")], TO_OTHER, EVERYBODY) == {"1", "2", "3"}
    assert told_of([Part("notes", "Notes", "Calm.")], TO_OTHER, EVERYBODY) == {"3"}


def test_an_address_typed_as_one_text_is_taken_apart():
    assert forms_of("7 Elsewhere Street, zz99 3cd").is_same_as(AddressForms("7 Elsewhere St", "ZZ99 3CD"))
    assert forms_of("7 Elsewhere Street").code == ""


def test_what_is_filled_into_a_letter_is_never_read_as_a_place():
    assert filled(["To {addressee}, {today}.", "Bye."], today=date(2018, 8, 28), addressee="{hub}") == (
        "To {hub}, 28 August 2018.\n\nBye."
    )
