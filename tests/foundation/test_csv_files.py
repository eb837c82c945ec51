"""Files for a spreadsheet: no cell of theirs runs."""

from __future__ import annotations

from datetime import date

import pytest

from saferhub.foundation.csv_files import csv_answer, guarded


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "|x", "%x", " =1+1", "\u00a0=1", "＝1", "＠x"],
)
def test_a_cell_that_could_be_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), ("Anna", "Anna"), (3, "3"), (date(2018, 8, 28), "2018-08-28"), ("", "")]
)
def test_any_other_value_stays_as_it_is(value: object, cell: str) -> None:
    assert guarded(value) == cell


def test_a_file_is_named_marked_as_utf8_and_guarded_throughout() -> None:
    answer = csv_answer("people.csv", [["Name", "Note"], ["Zoë, B.", "=1"]])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert answer.content.decode() == '\ufeffName,Note\r\n"Zoë, B.",\'=1\r\n'
