"""Cells of the exported calendar that a spreadsheet could take for a formula."""

from datetime import date

import pytest

from saferhub.foundation.csv_files import guarded


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "|cmd", "%0A", "＝1", "＠x"],
)
def test_a_dangerous_cell_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("North Yorkshire Police", "North Yorkshire Police"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (date(2018, 9, 30), "2018-09-30"),
        (7, "7"),
    ],
)
def test_a_harmless_value_stays_as_it_is(value: object, cell: str) -> None:
    assert guarded(value) == cell
