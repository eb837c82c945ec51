"""Rules of people: keys to compare by, births, and which records stand for one person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saferhub.people.rules import births, keys
from saferhub.people.rules import links as rules
from saferhub.people.rules.links import NOT_SAME, SAME, Decided, Known


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("01632 960118", "441632960118"),
        ("+44 (0)1632 960118", "441632960118"),
        ("0044 1632 960118", "441632960118"),
        ("07700-900118", "447700900118"),
        ("+33 1 99 00 11 22", "33199001122"),
        ("1632960118", "441632960118"),
        ("none", ""),
    ],
)
def test_a_telephone_number_has_one_key_however_it_is_written(value: str, key: str) -> None:
    assert keys.telephone_key(value) == key


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("01632 960118", True),
        ("+44 7700 900118", True),
        ("call her", False),
        ("123", False),
        ("1" * 16, False),
    ],
)
def test_what_can_be_dialled(value: str, is_one: bool) -> None:
    assert keys.is_telephone(value) is is_one


@pytest.mark.parametrize(
    ("value", "is_one"), [("a@example.org", True), ("a@b", False), ("a b@example.org", False)]
)
def test_what_is_an_e_mail_address(value: str, is_one: bool) -> None:
    assert keys.is_email(value) is is_one
    assert keys.email_key(" A@Example.org ") == "a@example.org"


@pytest.mark.parametrize(
    ("lines", "code", "key"),
    [
        ("14 Brayfield Court\nSelby", "ZZ99 8EX", "ZZ998EX:14"),
        ("14 Brayfield Ct", "zz998ex", "ZZ998EX:14"),
        ("Flat 2, 14 Brayfield Court", "ZZ99 8EX", "ZZ998EX:2-14"),
        ("Rose Cottage\nExample", "ZZ99 8EX", "ZZ998EX:rose cottage"),
        ("Rose Cottage, Example", "", "rose cottage example"),
        ("", "ZZ99 8EX", "ZZ998EX:"),
    ],
)
def test_an_address_has_one_key_however_it_is_written(lines: str, code: str, key: str) -> None:
    assert keys.address_key(lines, code) == key


def test_identifiers_and_postcodes_compare_without_blanks() -> None:
    assert keys.identifier_key("ab 12-34/x") == "AB1234X"
    assert keys.postcode("zz998ex") == "ZZ99 8EX"
    assert keys.postcode("nonsense") == "NONSENSE"
    assert keys.is_postcode("M1 1AA")
    assert not keys.is_postcode("ZZ99")
    assert keys.plain("O’Néill-Smith") == "oneill smith"


@pytest.mark.parametrize(
    ("born", "precision", "words", "age"),
    [
        (date(1983, 5, 14), "exact", "14 May 1983", "age 35"),
        (date(1983, 12, 14), "exact", "14 December 1983", "age 34"),
        (date(1983, 5, 1), "month", "in May 1983", "age 35"),
        (date(1983, 8, 1), "month", "in August 1983", "age 34 or 35"),
        (date(1983, 12, 1), "month", "in December 1983", "age 34"),
        (date(1983, 1, 1), "year", "in 1983", "age 34 or 35"),
        (date(1983, 1, 1), "about", "about 1983", "age about 35"),
        (None, "unknown", "", ""),
    ],
)
def test_births_in_words(born: date | None, precision: str, words: str, age: str) -> None:
    assert births.born_words(born, precision) == words
    assert births.age_words(born, precision, date(2018, 8, 28)) == age


def test_a_leap_day_child_is_a_year_older_on_the_first_of_march() -> None:
    assert births.age_on(date(2000, 2, 29), date(2018, 2, 28)) == 17
    assert births.age_on(date(2000, 2, 29), date(2018, 3, 1)) == 18


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ((date(1983, 5, 14), "exact"), (date(1983, 5, 14), "exact"), True),
        ((date(1983, 5, 14), "exact"), (date(1983, 4, 5), "exact"), False),
        ((date(1983, 5, 14), "exact"), (date(1983, 5, 1), "month"), True),
        ((date(1983, 5, 14), "exact"), (date(1983, 1, 1), "year"), True),
        ((date(1983, 5, 14), "exact"), (date(1985, 1, 1), "about"), True),
        ((date(1983, 5, 14), "exact"), (date(1986, 1, 1), "about"), False),
        ((date(1983, 5, 14), "exact"), (None, "unknown"), None),
    ],
)
def test_births_agree_as_far_as_the_coarser_says(
    a: tuple[date | None, str], b: tuple[date | None, str], agree: bool | None
) -> None:
    assert births.births_agree(*a, *b) is agree
    assert births.births_agree(*b, *a) is agree


@pytest.mark.parametrize(
    ("a", "b", "how"),
    [
        (("Joanne", "Frith"), ("FRITH", "Joanne"), "agrees"),
        (("Joanne", "Frith"), ("Joanne M.", "Frith"), "like"),
        (("Joanne", "Frith"), ("Jo", "Frith"), "like"),
        (("Joanne", "Frith"), ("J.", "Frith"), "like"),
        (("Joanne", "Frith"), ("Edith", "Carrow"), "differs"),
        (("Joanne", ""), ("Jo", ""), "differs"),
        (("", ""), ("Jo", ""), "unknown"),
    ],
)
def test_how_two_names_stand(a: tuple[str, str], b: tuple[str, str], how: str) -> None:
    assert rules.names_agree(a, b) == how


def known(**changes: object) -> Known:
    held = {
        "names": frozenset({("Joanne", "Frith")}),
        "born": date(1983, 5, 14),
        "born_precision": "exact",
        "addresses": frozenset({"ZZ998EX:14"}),
        "identifiers": frozenset({("tenancy_reference", "1")}),
        "contacts": frozenset({"447700900118"}),
        **changes,
    }
    return Known(**held)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        (known(), ["name_agrees", "birth_agrees", "address_agrees", "contact_agrees", "identifier_agrees"]),
        (Known(), []),
        (known(names=frozenset({("Edith", "Carrow")}), born=date(1941, 1, 1), addresses=frozenset({"x"}),
               contacts=frozenset({"y"}), identifiers=frozenset({("tenancy_reference", "2")})),
         ["name_differs", "birth_differs", "address_differs", "contact_differs", "identifier_differs"]),
        (known(born=date(1983, 5, 15), identifiers=frozenset({("nhs_number", "2")})),
         ["name_agrees", "birth_like", "address_agrees", "contact_agrees"]),
    ],
)  # fmt: skip
def test_evidence_says_what_agrees_and_what_differs(other: Known, codes: list[str]) -> None:
    assert rules.evidence(known(), other) == codes


def test_day_and_month_swapped_nearly_agree() -> None:
    assert "birth_like" in rules.evidence(known(born=date(1983, 5, 4)), known(born=date(1983, 4, 5)))
    assert "birth_differs" in rules.evidence(
        known(born=date(1983, 1, 1), born_precision="year"), known(born=date(1990, 5, 4))
    )


def test_evidence_reads_as_a_sentence() -> None:
    assert rules.evidence_words(["name_agrees", "birth_like", "address_agrees"]) == (
        "Name and address agree; birth date nearly agrees."
    )
    assert rules.evidence_words(["name_agrees", "birth_agrees", "address_agrees", "contact_differs"]) == (
        "Name, birth date and address agree; telephone or e-mail differs."
    )
    assert rules.evidence_words([]) == ""


def test_no_chain_runs_through_a_record_that_is_not_seen() -> None:
    chain = [Decided(1, 2, SAME), Decided(2, 3, SAME)]
    assert rules.identity(1, chain) == {1, 2, 3}
    assert rules.identity(1, chain, seen={1, 3}) == {1}
    assert rules.identity(9, chain) == {9}


def test_a_decision_that_contradicts_names_those_in_its_way() -> None:
    standing = [Decided(1, 2, SAME, "x"), Decided(3, 4, SAME, "y"), Decided(2, 4, NOT_SAME, "z")]
    assert {one.key for one in rules.contradicted(1, 3, SAME, standing)} == {"x", "y", "z"}
    assert {one.key for one in rules.contradicted(3, 1, SAME, standing)} == {"x", "y", "z"}
    assert [one.key for one in rules.contradicted(1, 2, NOT_SAME, standing)] == ["x"]
    assert rules.contradicted(1, 3, NOT_SAME, standing) == []
    assert rules.contradicted(1, 9, SAME, standing) == []
    assert rules.path(1, 4, standing) == []


# --- Sequences ---------------------------------------------------------------------------------------------

_STEPS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from([SAME, NOT_SAME, "undo"])), max_size=40
)


def plain_groups(decisions: list[Decided], numbers: range) -> set[frozenset[int]]:
    """The plain truth: spread from each record along "same" until nothing is added."""
    found = set()
    for start in numbers:
        group = {start}
        while True:
            more = {
                x for d in decisions if d.is_same and (d.a in group or d.b in group) for x in (d.a, d.b)
            } - group
            if not more:
                break
            group |= more
        found.add(frozenset(group))
    return found


@settings(max_examples=400, deadline=None)
@given(steps=_STEPS, order=st.randoms(use_true_random=False))
def test_any_sequence_gives_the_state_that_the_remaining_decisions_alone_would_give(
    steps: list, order
) -> None:  # type: ignore[type-arg, no-untyped-def]
    numbers = range(1, 7)
    standing: list[Decided] = []
    for a, b, act in steps:
        if a == b:
            continue
        a, b = sorted((a, b))
        pair = next((one for one in standing if (one.a, one.b) == (a, b)), None)
        if act == "undo":
            if pair is not None:
                standing.remove(pair)
        elif pair is None and not rules.contradicted(a, b, act, standing):
            standing.append(Decided(a, b, act))
    # Never two people and one at once.
    for one in standing:
        together = rules.identity(one.a, standing)
        assert (one.b in together) == one.is_same
    assert {rules.identity(n, standing) for n in numbers} == plain_groups(standing, numbers)
    # Made afresh in any order, none of them is refused, and the state is the same.
    afresh: list[Decided] = []
    remaining = list(standing)
    order.shuffle(remaining)
    for one in remaining:
        assert rules.contradicted(one.a, one.b, one.verdict, afresh) == []
        afresh.append(one)
    assert {rules.identity(n, afresh) for n in numbers} == {rules.identity(n, standing) for n in numbers}
