"""Reading a spreadsheet's bytes into plain rows: CSV of the usual kinds, and XLSX as its cells show.

Formulas are read as the values they last had; a merged area has its value in every cell. What is too large,
packed to burst, or no spreadsheet at all is refused before it is opened.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from saferhub.foundation.refusals import Refusal

MOST_BYTES = 1_400_000
MOST_TEXT_BYTES = 8_000_000
MOST_UNPACKED = 60_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 100
MOST_SHEETS = 30
MOST_CHARACTERS = 20_000
# Of a whole file, all its sheets together: what a worker's memory holds with ease.
MOST_CELLS = 500_000
MOST_CHARACTERS_READ = 20_000_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_MOST_MERGED_CELLS = 200_000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows from the first, each a list of values as long as it is filled."""

    name: str
    rows: list[list[Any]]

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """The cell's address as a spreadsheet says it: row and column counted from 0, so (16, 2) is C17."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file. Raises Refusal `too_large`, `too_many_rows`, `not_a_sheet` or `old_excel`."""
    if content[:4] == b"PK\x03\x04":
        if len(content) > MOST_BYTES:
            raise _too_large()
        return _xlsx(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Refusal(
            "old_excel",
            "This file is locked with a password, or of an old kind (.xls). Save it as .xlsx without a password.",
        )
    if len(content) > MOST_TEXT_BYTES:
        raise _too_large()
    return [Sheet(name.rsplit(".", 1)[0][:31] or "File", _csv(content))]


def _too_large() -> Refusal:
    return Refusal("too_large", "The file is too large. Divide it, and choose one part after the other.")


def _not_a_sheet() -> Refusal:
    return Refusal("not_a_sheet", "This is not a spreadsheet that can be read. Save it as .xlsx or .csv.")


def _check_rows(count: int) -> None:
    if count > MOST_ROWS:
        raise Refusal("too_many_rows", f"A sheet has more than {MOST_ROWS} rows. Divide it.")


def _csv(content: bytes) -> list[list[Any]]:
    text = _decoded(content)
    if "\x00" in text:
        raise _not_a_sheet()
    first = text[:20_000]
    try:
        dialect: Any = csv.Sniffer().sniff(first, delimiters=",;\t|")
        delimiter = dialect.delimiter
    except csv.Error:
        delimiter = max(",;\t|", key=first.count)
    rows: list[list[Any]] = []
    taken = _Taken()
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            _check_rows(len(rows) + 1)
            rows.append(taken.trimmed(row))
    except csv.Error as wrong:
        raise _not_a_sheet() from wrong
    return _without_empty_end(rows)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _xlsx(content: bytes) -> list[Sheet]:
    try:
        return _book(content)
    except Refusal:
        raise
    except Exception as wrong:
        # A damaged, locked or hostile file fails in as many ways as the packages below have: none is ours to mend.
        log.warning("A spreadsheet could not be read: %s", type(wrong).__name__)
        raise _not_a_sheet() from wrong


def _book(content: bytes) -> list[Sheet]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > 2_000 or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refusal("too_large", "The file unpacks to more than can be read. Divide it.")
        for part in parts:
            _check_part(archive.read(part))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            if len(book.worksheets) > MOST_SHEETS:
                raise Refusal("too_many_sheets", f"The file has more than {MOST_SHEETS} sheets. Divide it.")
            taken = _Taken()
            return [_sheet(one, archive, taken) for one in book.worksheets]
        finally:
            book.close()


def _check_part(content: bytes) -> None:
    """Refuse a part that declares a document type of its own: so a small file grows without end.

    It is asked of every part, whatever its name, in its own encoding, by the parser that reads it later.
    """

    def refused(*_: Any) -> None:
        raise _not_a_sheet()

    reader = expat.ParserCreate()
    reader.StartDoctypeDeclHandler = refused
    try:
        reader.Parse(content, True)
    except expat.ExpatError:
        return  # a picture, or broken: whoever reads it later comes no further than this


def _sheet(found: Any, archive: zipfile.ZipFile, taken: _Taken) -> Sheet:
    rows: list[list[Any]] = []
    found.reset_dimensions()  # what a file says of its own size may be wrong
    for row in found.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        rows.append(taken.trimmed(row))
        # Rows that were only coloured do not count.
        if len(rows) > MOST_ROWS and any(rows[MOST_ROWS:]):
            _check_rows(len(rows))
        if len(rows) > 2 * MOST_ROWS:
            break
    path = str(getattr(found, "_worksheet_path", "")).lstrip("/")
    if path in archive.namelist():
        _fill_merged(rows, _MERGED.findall(archive.read(path)), taken)
    return Sheet(str(found.title), _without_empty_end(rows))


def _fill_merged(rows: list[list[Any]], ranges: Iterable[bytes], taken: _Taken) -> None:
    """Put the value of each merged area into all its cells."""
    filled = 0
    for one in ranges:
        left, top, right, bottom = range_boundaries(one.decode())
        if None in (left, top, right, bottom) or top > len(rows):
            continue
        right, bottom = min(right, MOST_COLUMNS), min(bottom, len(rows))
        value = _at(rows[top - 1], left - 1)
        if value is None:
            continue
        filled += (right - left + 1) * (bottom - top + 1)
        if filled > _MOST_MERGED_CELLS:
            raise _too_large()
        taken.count((right - left + 1) * (bottom - top + 1))
        for row in rows[top - 1 : bottom]:
            row.extend([None] * (right - len(row)))
            row[left - 1 : right] = [value] * (right - left + 1)


def _at(row: list[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


@dataclass(slots=True)
class _Taken:
    """What has been read of a file so far. A text that many cells share is kept once."""

    cells: int = 0
    characters: int = 0
    cleaned: dict[str, str | None] = field(default_factory=dict)

    def count(self, cells: int) -> None:
        """Raises Refusal `too_large`."""
        self.cells += cells
        if self.cells > MOST_CELLS or self.characters > MOST_CHARACTERS_READ:
            raise _too_large()

    def trimmed(self, row: Iterable[Any]) -> list[Any]:
        """The row without empty cells at its end; texts without spaces around them."""
        found = [self._value(one) for one in list(row)[:MOST_COLUMNS]]
        while found and found[-1] is None:
            found.pop()
        self.count(len(found))
        return found

    def _value(self, found: Any) -> Any:
        if not isinstance(found, str):
            return found
        if found not in self.cleaned:
            text = found.strip()[: MOST_CHARACTERS + 1].replace("\x00", "") or None
            self.characters += len(text or "")
            self.cleaned[found] = text
        return self.cleaned[found]


def _without_empty_end(rows: list[list[Any]]) -> list[list[Any]]:
    while rows and not rows[-1]:
        rows.pop()
    return rows
