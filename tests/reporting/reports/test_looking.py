"""What the redaction check takes for a name, a reference or a way to reach somebody, and what it leaves."""

from __future__ import annotations

import pytest

from saferhub.publication.rules.fragments import Fragment
from saferhub.reporting.rules.looking import looked_for, of_names


def rules(text: str, kind: str = "text") -> list[str]:
    return [one.rule for one in looked_for([Fragment("key", "Section 1, paragraph 1.1", text, kind)])]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("As in SEL-7K3M-Q2, which was hard.", "matter"),
        ("Write to anna@example.org.", "email"),
        ("Ask at 07700 900123.", "telephone"),
        ("Ask at 01632 960 123.", "telephone"),
        ("Ask at +44 (0)7700 900123.", "telephone"),
        ("She lives at 22 Nowhere Road.", "address"),
        ("It is near ZZ99 1AB.", "address"),
    ],
)
def test_what_points_to_somebody_is_found(text: str, rule: str) -> None:
    assert rules(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "All\t0\t0\t0\t12\t0\t3\t12\t21",
        "95 Alive: road safety.",
        "From April to June 2018 the hubs received 86 referrals.",
        "Crime and Disorder Act 1998 ss.5 and 6",
        "1.2\tA late bus from the harbour front\tLicensing manager\t30 September 2018",
        "Version 1.0, 28 August 2018",
        "£120,000 for 2018-19",
    ],
)
def test_figures_days_and_laws_are_left(text: str) -> None:
    assert rules(text) == []


def named(text: str, *names: tuple[str, str]) -> list[str]:
    piece = Fragment("key", "Section 1, paragraph 1.1", text)
    return [one.sentence for one in of_names([piece], names or [("Anna", "Frith"), ("Sean", "O’Neill")])]


@pytest.mark.parametrize(
    "text",
    [
        "We helped Anna Frith.",
        "Anna Frith’s home",
        "ask Anna Frith at once",
        "\tAnna Frith\t12",
        "ANNA FRITH",
        "we helped anna frith",
        "Frith, Anna",
        "FRITH Anna (1)",
        "A. Frith",
        "A Frith",
        "Frith, A.",
        "Mrs Frith",
        "Sean O'Neill",
        "S. O’Neill",
        "sean o’neill",
    ],
)
def test_a_known_name_is_found_wherever_and_however_it_stands(text: str) -> None:
    (sentence,) = named(text)
    assert "Anna" not in sentence and "Neill" not in sentence


@pytest.mark.parametrize(
    ("given", "family", "text"),
    [
        ("Will", "Young", "How will young people get home?"),
        ("Adam", "Young", "A young person, and A Young Person’s Guide"),
        ("Mark", "Hill", "They mark hill paths."),
        ("Anna", "Frith", "Anna and the Frith family"),
        ("", "Frith", "The Frith"),
        ("Anna", "", "Anna"),
    ],
)
def test_words_that_could_be_a_name_and_are_none_stop_nothing(given: str, family: str, text: str) -> None:
    assert named(text, (given, family)) == []


def test_a_double_and_a_longer_name_are_found() -> None:
    assert named("Anna Jane Maria Smith-Jones", ("Anna Jane Maria", "Smith-Jones"))
    assert named("Anna van der Berg", ("Anna", "van der Berg"))
    assert named("Zoe Muller", ("Zoë", "Müller"))
