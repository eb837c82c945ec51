"""Lists as spreadsheets, in which every cell is what it says and none is ever run."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.http import HttpResponse

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Text stays text: a cell that begins with "=" is no formula, and an address in a note is no link.
_PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST_CELL = 32_767  # what the format holds
_WIDTH = 22


def xlsx_answer(name: str, title: str, lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """These lines, the headings first, as a spreadsheet of that name. Days are days, whole numbers
    and decimals are numbers; anything else is text."""
    response = HttpResponse(_book(title, lines), content_type=_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _book(title: str, lines: Iterable[Sequence[Any]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _PLAIN) as book:
        sheet = book.add_worksheet(title[:31])
        heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 30, _WIDTH)
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                _write(sheet, number, column, value, heading if number == 0 else None, day)
    return held.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, shape: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:_LONGEST_CELL], shape)
