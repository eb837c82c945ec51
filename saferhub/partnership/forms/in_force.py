"""The day a page is about, and the filters beside it. All read from the address, none of it required."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from saferhub.foundation.forms import Form, SearchField, SelectField, TextField
from saferhub.partnership.queries.organisation_rows import AgencyFilters
from saferhub.partnership.queries.rules_in_force import EntryFilters
from saferhub.partnership.rules.dates_in_words import date_in_words

YES_NO = [("yes", "Yes"), ("no", "No")]
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


def read_day(text: str) -> date | None:
    """A day as people write it: 2023-05-01, 1/5/2023, 1 May 2023, Monday 1 May 2023. None: not a day."""
    words = text.strip().casefold()[:60].replace(",", " ")
    found = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", words)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _day(year, month, day)
    found = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", words)
    if found:
        day, month, year = (int(part) for part in found.groups())
        return _day(year, month, day)
    found = re.fullmatch(r"(?:[a-z]+ +)?([0-9]{1,2}) +([a-z]{3,9}) +([0-9]{4})", words)
    if found:
        month = next((n for n in range(1, 13) if month_name[n].casefold().startswith(found[2])), 0)
        return _day(int(found[3]), month, int(found[1]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class AsOnForm(Form):
    """The day the page is about: `on` in the address, today where it is not given.

    One box and not three: the day stands beside other filters, is filled in already, and is read in
    any of the ways people write it.
    """

    mark_optional = False

    on = TextField(label="As it stood on", required=False)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        values = data.copy()
        self.asked = str(values.get("on", "")).strip()
        found = read_day(self.asked)
        self._problem = self._wrong_with(found) if self.asked else ""
        #: The day asked for; today where none is, or none that can be read.
        self.day: date = found if found and not self._problem else today
        # What cannot be read goes back as it came, but for the one character that no page can hold.
        values["on"] = self.asked.replace("\x00", "") if self._problem else date_in_words(self.day)
        super().__init__(values)
        self.order_fields([*(name for name in self.fields if name != "on"), "on"])

    @staticmethod
    def _wrong_with(found: date | None) -> str:
        if found is None:
            return "Enter a real date, like 28 August 2018 or 28/8/2018"
        if not _EARLIEST <= found <= _LATEST:
            return f"Enter a date from {_EARLIEST.year} to {_LATEST.year}"
        return ""

    @property
    def has_unreadable_day(self) -> bool:
        return bool(self._problem)

    def clean_on(self) -> date:
        if self._problem:
            raise ValidationError(self._problem, code="invalid")
        return self.day

    def text(self, name: str) -> str:
        """What was chosen or typed; nothing where it could not be read."""
        return "" if name in self.errors else str(self.cleaned_data.get(name) or "")


class AgencyFilterForm(AsOnForm):
    """Narrows the list of agencies."""

    q = SearchField(label="Name", required=False, max_length=100)
    role = SelectField(label="Legal role", required=False, empty="Any")
    kind = SelectField(label="Kind", required=False, empty="Any")
    statutory = SelectField(label="Statutory", required=False, empty="Either", choices=YES_NO)

    def offer(self, *, roles: Iterable[tuple[str, str]], kinds: Iterable[tuple[str, str]]) -> None:
        """Give the choices; only then may the form be read."""
        self.fields["role"].offer(roles)  # type: ignore[attr-defined]
        self.fields["kind"].offer(kinds)  # type: ignore[attr-defined]

    def filters(self, sort: str) -> AgencyFilters:
        return AgencyFilters(
            self.text("q"), self.text("role"), self.text("kind"), self.text("statutory"), sort or "name"
        )


class EntryFilterForm(AsOnForm):
    """Narrows the list of rules."""

    q = SearchField(label="Words", required=False, max_length=100)
    section = SelectField(label="Section", required=False, empty="Every section")
    whose = SelectField(
        label="From",
        required=False,
        empty="Anywhere",
        choices=[("national", "National law and reference"), ("own", "This partnership")],
    )
    check = SelectField(
        label="Checked",
        required=False,
        empty="Either",
        choices=[("yes", "Still to be checked"), ("no", "Not marked")],
    )

    def offer(self, sections: Mapping[str, str]) -> None:
        """Give the sections; only then may the form be read."""
        self.fields["section"].offer(sections.items())  # type: ignore[attr-defined]

    def filters(self, sort: str) -> EntryFilters:
        values: dict[str, Any] = {name: self.text(name) for name in ("q", "section", "whose", "check")}
        return EntryFilters(
            words=values["q"],
            section=values["section"],
            whose=values["whose"],
            check=values["check"],
            sort=sort,
        )
