"""Reading YAML: values, lines, and everything that is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferhub.partnership.packs.problems import PackError, Problem
from saferhub.partnership.packs.reading import MAXIMUM_BYTES, read_file, read_text


def problem_in(text: str) -> Problem:
    with pytest.raises(PackError) as caught:
        read_text(text, "some.yaml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("true", True),
        ("false", False),
        ("2018-08-28", date(2018, 8, 28)),
        ("null", None),
        ("~", None),
        ("", None),
        # YAML 1.1 would turn these into booleans, octal numbers and minutes.
        ("no", "no"),
        ("on", "on"),
        ("007", "007"),
        ("10:30", "10:30"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ('"12"', "12"),
        ("'true'", "true"),
        ('"2018-08-28"', "2018-08-28"),
    ],
)
def test_a_value_is_what_it_looks_like(written, read):
    value = read_text(f"key: {written}\n", "some.yaml").value["key"]
    assert value == read
    assert type(value) is type(read)


def test_every_value_and_key_knows_its_line():
    document = read_text("- id: one\n\n  list:\n    - a\n    - b\n- id: two\n", "some.yaml")
    assert document.line_of((0, "id")) == 1
    assert document.key_line_of((0, "list")) == 3
    assert document.line_of((0, "list", 1)) == 5
    assert document.line_of((1,)) == 6


def test_a_place_that_is_not_there_has_the_line_of_what_would_hold_it():
    document = read_text("- id: one\n- id: two\n", "some.yaml")
    assert document.line_of((1, "name", "first")) == 2
    assert document.key_line_of((1, "name")) == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1, 2\nb: 3\n", 2, "not YAML"),
        ("a: 1\n\tb: 2\n", 2, "not YAML"),
        ('a: "never closed\n', 2, "not YAML"),
        ("{ this is: not: YAML", 1, "not YAML"),
        ("a: \x01\n", 1, "not YAML"),
        ("a: &x 1\n", 1, "anchor “&x”"),
        ("a: 1\nb: *x\n", 2, "alias “*x”"),
        ("&x a: 1\n", 1, "anchor “&x”"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("a: !thing x\n", 1, "tag"),
        ("a: !!str x\n", 1, "tag"),
        ("a: 1\nb: 2\na: 3\n", 3, "twice (first on line 1)"),
        ("<<: {a: 1}\n", 1, "merge key"),
        ("? [a, b]\n: 1\n", 1, "single word"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("from: 2018-02-30\n", 1, "no day 2018-02-30"),
        ('a: 1\nb: "\\0"\n', 2, "control character"),
        ('"\\0": 1\n', 1, "control character"),
        ('a: "\\uD800"\n', 1, "not YAML"),
    ],
)
def test_what_is_not_plain_data_is_refused_at_its_line(text, line, words):
    problem = problem_in(text)
    assert words in problem.sentence
    assert problem.line == line
    assert str(problem).startswith(f"some.yaml:{line}: ")


def test_anchors_that_would_explode_are_refused_at_the_first_of_them():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for one, other in zip("bcdefghi", "abcdefgh", strict=True):
        bomb += f"{one}: &{one} [{', '.join([f'*{other}'] * 9)}]\n"
    problem = problem_in(bomb)
    assert problem.line == 1
    assert "anchor “&a”" in problem.sentence


def test_deep_nesting_is_refused():
    assert "levels deep" in problem_in("[" * 500 + "]" * 500).sentence
    assert read_text("[" * 20 + "]" * 20, "some.yaml").value is not None


def test_a_file_that_is_too_long_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "long.yaml"
    path.write_text("# " + "x" * MAXIMUM_BYTES)
    with pytest.raises(PackError) as caught:
        read_file(path)
    assert "at most 1,000,000" in str(caught.value)


def test_a_file_in_another_encoding_is_refused_at_the_line(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(PackError) as caught:
        read_file(path)
    assert str(caught.value).startswith("latin.yaml:2: This is not UTF-8")


def test_a_missing_file_is_a_problem_not_a_crash(tmp_path):
    with pytest.raises(PackError, match="cannot be read"):
        read_file(tmp_path / "none.yaml")


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused_with_one_problem(text):
    try:
        read_text(text, "some.yaml")
    except PackError as error:
        assert len(error.problems) == 1
