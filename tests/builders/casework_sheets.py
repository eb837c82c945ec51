"""Three partners' extracts, as unlike as they come."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HOUSING_HEADINGS = [
    "Case ref",
    "Estate",
    "Issue",
    "Description",
    "Action taken",
    "Surname",
    "Forename",
    "DOB",
    "Urgent",
]


def housing_rows(count: int) -> list[list[Any]]:
    return [
        [f"H-{n}", None, f"Noise in block {n}", f"Music after midnight, {n} nights.", "Two letters.",
         f"Tenant{n}", "Sam", f"{n % 12 + 1}/13/1980" if n % 2 else "2/28/1981", "No"]
        for n in range(1, count + 1)
    ]  # fmt: skip


def housing(rows: Sequence[Sequence[Any]] | None = None) -> bytes:
    """A landlord's: headings on row 4 below a merged title, an estate merged down its rows, the month first."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Open cases"
    sheet["A1"] = "Tenancy cases open at month end"
    sheet.merge_cells("A1:I2")
    sheet.append([])
    for column, heading in enumerate(HOUSING_HEADINGS, 1):
        sheet.cell(4, column, heading)
    rows = housing_rows(6) if rows is None else rows
    for number, row in enumerate(rows):
        for column, value in enumerate(row, 1):
            sheet.cell(5 + number, column, value)
    for first in range(5, 5 + len(rows) - 2, 3):
        sheet.cell(first, 2, f"Estate {first}")
        sheet.merge_cells(start_row=first, start_column=2, end_row=first + 2, end_column=2)
    return saved(book)


def school() -> bytes:
    """A school's: two sheets, the second is the one; real dates; a formula with its value."""
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["Only for the office"])
    sheet = book.create_sheet("Concerns")
    sheet.append(
        ["Our ref", "Summary", "What happened", "Where", "Children", "First name", "Surname", "Date of birth"]
    )
    sheet.append(
        [
            "S/1",
            "Gathering at the gate",
            "Older boys wait at the gate.",
            "School gate",
            "Yes",
            "Lee",
            "Ashdown",
            date(2004, 3, 9),
        ]
    )
    sheet.append(
        [
            "S/2",
            "Bus stop",
            "Fights at the bus stop.",
            "Bus stop",
            "unknown",
            "Kit",
            "Moreby",
            date(2003, 11, 2),
        ]
    )
    return saved(book)


def charity(day: str = "27.3.1985") -> bytes:
    """A charity's: semicolons, old Windows letters, the day first, no sheet at all."""
    lines = [
        "URN;Title;Details;Location;Surname;First name;DOB;E-mail",
        f"V1;Caf\xe9 window broken;Broken twice;High Street;Quayle;Jan;{day};jan@example.org",
        "V2;Threats;Threats by telephone;At home;Oakley;Pat;4 Feb 1990;",
    ]
    return "\r\n".join(lines).encode("cp1252")
