"""The filters of the log, all kept in the address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from saferhub.audit.models import Kind
from saferhub.foundation.forms import Form, SelectField, TextField

_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")


class DayField(TextField):
    """A day in one box, since three for each end would fill the bar: 28/8/2018 or 2018-08-28."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            if found := _DAY.fullmatch(text):
                day, month, year = map(int, found.groups())
                return date(year, month, day)
            return date.fromisoformat(text)
        except ValueError:
            raise ValidationError("Enter a day like 28/8/2018", code="invalid") from None


class LogFilterForm(Form):
    """Who, agency, event, kind, record, request, and a span of days."""

    mark_optional = False

    who = SelectField(label="Who", required=False, empty="Everybody")
    agency = SelectField(label="Agency", required=False, empty="Every agency")
    event = SelectField(label="What", required=False, empty="Everything")
    kind = SelectField(label="Kind", required=False, empty="Every kind", choices=Kind.choices)
    subject = TextField(label="Record’s reference", required=False, max_length=60, width=20)
    mark = TextField(label="Request number", required=False, max_length=32, width=20)

    def __init__(
        self,
        *args: Any,
        people: Iterable[tuple[str, str]],
        agencies: Iterable[tuple[str, str]],
        events: Iterable[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].offer(people)  # type: ignore[attr-defined]
        self.fields["agency"].offer(agencies)  # type: ignore[attr-defined]
        self.fields["event"].offer(events)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("from") and cleaned.get("to") and cleaned["from"] > cleaned["to"]:
            self.refuse("to", "The last day must not lie before the first")
        return cleaned

    def filters(self) -> dict[str, Any]:
        """What was chosen; empty fields are left out. Call it on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if value}


# `from` is a word of Python, so these two cannot be written as attributes.
LogFilterForm.base_fields["from"] = DayField(
    label="From day, like 28/8/2018", noun="the first day", required=False, width=10
)
LogFilterForm.base_fields["to"] = DayField(
    label="Until day, like 31/8/2018", noun="the last day", required=False, width=10
)
