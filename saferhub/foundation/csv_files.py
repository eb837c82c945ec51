"""Lists as files for a spreadsheet, with every cell guarded against being run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse

# A spreadsheet takes a cell that begins so for a formula and runs it (CWE-1236).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def guarded(value: object) -> str:
    """The value as a cell that no spreadsheet takes for a formula: an apostrophe goes before."""
    text = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    # Leading blanks are dropped by some programs before they look.
    is_dangerous = text.startswith(_DANGEROUS) or text.lstrip(" \u00a0").startswith(_DANGEROUS)
    return f"'{text}" if is_dangerous else text


def csv_answer(name: str, lines: Iterable[Iterable[Any]]) -> HttpResponse:
    """These lines as a file of that name, with a byte order mark so that Excel reads it as UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    for line in lines:
        writer.writerow([guarded(value) for value in line])
    return response
