"""What the rows of a spreadsheet say, cell by cell: which column is what, and what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from saferhub.people.rules import keys

from . import referrals as rules
from .intake_reading import MOST_CHARACTERS, Sheet, address

# What a column can be: code -> how the page says it, and headings that suggest it.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "number": (
        "Your own number for the row",
        ("ref", "reference", "our ref", "number", "case no", "case number", "case ref", "case id", "id", "urn"),
    ),
    "title": ("Title", ("title", "summary", "subject", "headline", "issue")),
    "happened": (
        "What is happening",
        ("what happened", "what is happening", "what", "details", "description", "narrative", "incident details"),
    ),
    "where": ("Where", ("where", "location", "place", "incident location")),
    "tried": (
        "What has been tried",
        ("tried", "actions taken", "action taken", "what has been tried", "done so far"),
    ),
    "asked_for": ("What the hub is asked to do", ("asked for", "request", "what is asked", "wanted")),
    "subject_kind": ("What it is about", ("about", "kind", "subject type", "type")),
    "children": ("Are children affected?", ("children", "children affected", "any children")),
    "children_words": ("Which children, and how", ("children details", "which children")),
    "wishes": ("What the person harmed wants", ("wishes", "victim wishes", "victim's wishes", "wants")),
    "told": ("Was the person told?", ("told", "informed", "person told", "consent")),
    "not_told_why": ("Why not told", ("not told why", "why not told", "reason not told")),
    "urgent": ("Is it urgent?", ("urgent", "is it urgent")),
    "urgent_why": ("Why it is urgent", ("urgent why", "why urgent", "urgency reason")),
    "given": ("Given name", ("given name", "first name", "forename", "forenames")),
    "family": ("Family name", ("family name", "surname", "last name")),
    "born_on": ("Date of birth", ("date of birth", "dob", "birth date", "born")),
    "address": ("Address", ("address", "home address", "street")),
    "postcode": ("Postcode", ("postcode", "post code")),
    "telephone": ("Telephone", ("telephone", "phone", "tel", "mobile")),
    "email": ("E-mail", ("email", "e-mail")),
    "role": ("As what the person is in it", ("role", "involvement")),
}  # fmt: skip
# What a mapping may say for all rows where the sheet says nothing.
CONSTANTS = ("subject_kind", "children", "told", "not_told_why", "tried", "asked_for", "wishes", "role")
PERSON = ("given", "family", "born_on", "address", "postcode", "telephone", "email", "role")
# What a record can hold; of a name both parts together with the space between them.
_LONGEST = {
    "title": 200, "number": 100, "given": 100, "family": 99, "postcode": 10, "telephone": 40, "email": 200,
    "address": 1000,
}  # fmt: skip
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"no", "n", "false", "0"}
_UNKNOWN = {"not known", "unknown", "not_known", "don't know", "dont know", "?", "n/k", "nk"}
# So many cells that are wrong alike are named one by one.
NAMED_ALIKE = 5
_DATE = re.compile(r"(\d{1,4})\s*[-./ ]\s*(\d{1,2}|[A-Za-z]{3,9})\s*[-./ ]\s*(\d{2,4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Cells that a spreadsheet fills where a formula failed.
_BROKEN = re.compile(r"#(REF|N/A|VALUE|NAME|DIV/0|NUM|NULL)[!?]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sheet is read. `header`: the headings' row, counted from 0; `columns`: field -> column from 0;
    `date_order`: dmy, mdy or "" where nothing was chosen; `constants`: field -> what holds for every row."""

    sheet: str
    header: int
    columns: Mapping[str, int]
    date_order: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing to mend: where (sheet and cell), what is wrong, and how to mend it."""

    sheet: str
    cell: str
    what: str
    mend: str


def alike(wrong: Sequence[Wrong]) -> list[Wrong]:
    """The same things to mend, with what is wrong alike in more than `NAMED_ALIKE` cells of one column said once, in
    the place of the first: a column chosen by mistake is wrong in every row."""
    groups: dict[tuple[str, ...], list[Wrong]] = {}
    for one in wrong:
        groups.setdefault((one.sheet, one.cell.rstrip("0123456789"), one.what, one.mend), []).append(one)
    found: list[Wrong] = []
    for same in groups.values():
        if len(same) <= NAMED_ALIKE:
            found.extend(same)
            continue
        named = ", ".join(one.cell for one in same[:NAMED_ALIKE])
        found.append(
            replace(same[0], cell=f"{named} and {len(same) - NAMED_ALIKE:,} more, to {same[-1].cell}")
        )
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be read: its line in the sheet, from 1, and its values by field."""

    line: int
    values: dict[str, str]

    @property
    def number(self) -> str:
        return self.values["number"]

    @property
    def is_person_named(self) -> bool:
        return bool(self.values.get("given") or self.values.get("family"))


def headings(sheet: Sheet, header: int) -> list[str]:
    """The headings of a row, by column; empty where a column has none."""
    row = sheet.rows[header] if header < len(sheet.rows) else []
    return ["" if one is None else " ".join(str(one).split())[:80] for one in row]


def suggested_header(sheet: Sheet) -> int:
    """The row among the first thirty whose cells read most like headings."""
    known = {word for _, words in FIELDS.values() for word in words}
    best, most = 0, 0
    for number, row in enumerate(sheet.rows[:30]):
        hits = sum(_plain(str(one)) in known for one in row if one is not None)
        if hits > most:
            best, most = number, hits
    return best


def suggested_columns(found: Sequence[str]) -> dict[str, int]:
    """Field -> column for headings that say plainly what they are; each column is used once."""
    columns: dict[str, int] = {}
    for code, (_, words) in FIELDS.items():
        for number, heading in enumerate(found):
            if _plain(heading) in words and number not in columns.values():
                columns[code] = number
                break
    return columns


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9'\-]+", " ", text.lower()).split())


def date_orders(texts: Sequence[str]) -> set[str]:
    """Which orders of day and month these texts leave possible: both where every one could be read either way."""
    possible = {"dmy", "mdy"}
    for text in texts:
        match = _DATE.fullmatch(text.strip())
        if not match or len(match[1]) == 4 or not match[2].isdigit():
            continue
        if int(match[1]) > 12:
            possible.discard("mdy")
        if int(match[2]) > 12:
            possible.discard("dmy")
    return possible


def read_date(value: Any, order: str) -> date | None:
    """The day that a cell says. A day in text needs `order` (dmy or mdy), unless the year comes first or the
    month is a word. None where there is no such day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(str(value).strip())
    if not match:
        return None
    first, second, third = match.groups()
    try:
        if len(first) == 4:
            return date(int(first), _month(second), int(third))
        year = int(third) + (0 if len(third) == 4 else 2000 if int(third) <= 30 else 1900)
        if not second.isdigit():
            return date(year, _month(second), int(first))
        day, month = (int(first), int(second)) if order == "dmy" else (int(second), int(first))
        return date(year, month, day)
    except ValueError:
        return None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text.lower()[:3]) + 1


class Reader:
    """Reads the rows of one sheet, and gathers what is wrong with them.

    `choices`: field -> {what a cell may say, in small letters: the code}. `harmed`: codes of roles whose wishes
    are asked for. `today`: the business day, which no birth comes after.
    """

    def __init__(
        self,
        sheet: Sheet,
        reading: Reading,
        *,
        choices: Mapping[str, Mapping[str, str]],
        harmed: frozenset[str],
        purpose: str,
        today: date,
    ) -> None:
        self._sheet, self._reading = sheet, reading
        self._choices, self._harmed, self._purpose, self._today = choices, harmed, purpose, today
        self._seen: dict[str, str] = {}
        self.rows: list[Row] = []
        self.wrong: list[Wrong] = []
        self._order = self._date_order()
        for number in range(reading.header + 1, len(sheet.rows)):
            if sheet.rows[number]:
                self._read(number)

    def _date_order(self) -> str:
        """The order chosen, where the sheet does not speak against it."""
        column = self._reading.columns.get("born_on")
        if column is None:
            return self._reading.date_order
        cells = [
            (number, row[column])
            for number, row in enumerate(
                self._sheet.rows[self._reading.header + 1 :], self._reading.header + 1
            )
            if column < len(row) and isinstance(row[column], str)
        ]
        possible = date_orders([str(text) for _, text in cells])
        if self._reading.date_order:
            return self._reading.date_order
        if len(possible) == 1:
            return next(iter(possible))
        first = next(
            (number for number, text in cells if _reads_two_ways(str(text))),
            None,
        )
        if first is not None:
            self._say(
                first,
                column,
                "Dates like this can be read in two ways",
                "Choose above whether the day or the month comes first",
            )
        return "dmy"

    def _say(self, number: int, column: int | None, what: str, mend: str) -> None:
        cell = address(number, column) if column is not None else f"row {number + 1}"
        self.wrong.append(Wrong(self._sheet.name, cell, what, mend))

    def _read(self, number: int) -> None:
        before = len(self.wrong)
        row = self._sheet.rows[number]
        values = {code: self._reading.constants.get(code, "") for code in FIELDS}
        for code, column in self._reading.columns.items():
            value = row[column] if column < len(row) else None
            if value is None:
                continue
            said = self._cell(code, value, number, column)
            if said:
                values[code] = said
        self._check_number(values, number)
        self._check_person(values, number)
        if len(self.wrong) == before:
            self._check_missing(values, number)
        if len(self.wrong) == before:
            self.rows.append(Row(number + 1, values))

    def _cell(self, code: str, value: Any, number: int, column: int) -> str:
        """What one cell says, as it is stored; empty and told where it cannot be read."""
        if isinstance(value, str) and _BROKEN.fullmatch(value):
            self._say(
                number, column, "A formula has failed here", "Mend the formula, or enter the value itself"
            )
            return ""
        if code == "born_on":
            day = read_date(value, self._order)
            if day is None:
                self._say(number, column, f"“{str(value)[:30]}” is no day", "Enter a day, like 27/3/1985")
                return ""
            if day > self._today:
                self._say(number, column, "The birth lies in the future", "Enter a day that has passed")
                return ""
            return day.isoformat()
        text = _text(value)
        longest = _LONGEST.get(code, MOST_CHARACTERS)
        if len(text) > longest:
            self._say(number, column, f"The text has more than {longest} characters", "Shorten it")
            return ""
        if code in self._choices:
            return self._choice(code, text, number, column)
        wrong, mend = _form_wrong(code, text)
        if wrong:
            self._say(number, column, wrong, mend)
            return ""
        return text

    def _choice(self, code: str, text: str, number: int, column: int) -> str:
        said = " ".join(text.lower().split())
        offered = self._choices[code]
        if said in offered:
            return offered[said]
        codes = set(offered.values())
        for words, meant in ((_YES, "yes"), (_NO, "no"), (_UNKNOWN, "not_known")):
            if said in words and meant in codes:
                return meant
        labels = [one for one in offered if one not in codes][:8] or sorted(codes)
        self._say(
            number, column, f"“{text[:30]}” is not one of the answers", f"Enter one of: {', '.join(labels)}"
        )
        return ""

    def _check_number(self, values: dict[str, str], number: int) -> None:
        column = self._reading.columns.get("number")
        if not values["number"]:
            self._say(
                number,
                column,
                "The row has no number of its own",
                "Give each row a number that stays with it",
            )
        elif values["number"] in self._seen:
            self._say(
                number,
                column,
                f"The number {values['number'][:30]} stands in {self._seen[values['number']]} too",
                "Give each row its own number",
            )
        elif column is not None:
            self._seen[values["number"]] = address(number, column)

    def _check_person(self, values: dict[str, str], number: int) -> None:
        columns = self._reading.columns
        is_named = bool(values["given"] or values["family"])
        if not is_named and any(
            values[one] for one in ("born_on", "address", "postcode", "telephone", "email")
        ):
            self._say(
                number,
                columns.get("family", columns.get("given")),
                "Somebody is described and not named",
                "Enter a name",
            )
        if is_named and not values["role"]:
            self._say(
                number,
                columns.get("role"),
                "It is not said as what the person is in it",
                "Enter it, or choose it above for all rows",
            )
        if values["postcode"] and not values["address"]:
            self._say(
                number,
                columns.get("address"),
                "There is a postcode without an address",
                "Enter the address, or leave the postcode out",
            )

    def _check_missing(self, values: dict[str, str], number: int) -> None:
        """What a referral must say and this row does not."""
        is_named = bool(values["given"] or values["family"])
        about_person = values["subject_kind"] in rules.NEEDS_PERSON
        words: dict[str, Any] = {code: values[code] for code in rules.WORDS if code != "urgent"}
        written = rules.Written(
            purpose=self._purpose,
            **words,
            title=values["title"],
            urgent=values["urgent"] == "yes",
            subjects=int(is_named and about_person),
            harmed=int(is_named and values["role"] in self._harmed),
        )
        for one in rules.missing(written):
            code = {"people": "family"}.get(one.field, one.field)
            self._say(
                number,
                self._reading.columns.get(code),
                f"{FIELDS.get(code, (code,))[0]}: nothing is said",
                one.sentence,
            )


def _reads_two_ways(text: str) -> bool:
    """Whether another order would make another day of it."""
    match = _DATE.fullmatch(text.strip())
    if not match or len(match[1]) == 4 or not match[2].isdigit():
        return False
    return match[1].lstrip("0") != match[2].lstrip("0") and date_orders([text]) == {"dmy", "mdy"}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value)


def _form_wrong(code: str, text: str) -> tuple[str, str]:
    if code == "postcode" and not keys.is_postcode(text):
        return "This is no whole postcode", "Enter one like ZZ99 3WZ, or leave it empty"
    if code == "telephone" and not keys.is_telephone(text):
        return "This is no telephone number", "Enter one like 01632 960118"
    if code == "email" and not keys.is_email(text):
        return "This is no e-mail address", "Enter one like name@example.org"
    return "", ""
