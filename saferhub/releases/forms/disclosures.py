"""Filters of the disclosure log."""

from __future__ import annotations

from typing import Any

from saferhub.foundation.forms import Form, SelectField
from saferhub.partnership.forms.log import DayField


class DisclosureFilterForm(Form):
    """What the log shows. Anything not offered counts as not chosen."""

    mark_optional = False

    agency = SelectField(label="Agency it went to", empty="Any", required=False)
    agreement = SelectField(label="Agreement", empty="Any", required=False)
    purpose = SelectField(label="Purpose", empty="Any", required=False)
    from_day = DayField(label="From", noun="the first day", required=False, width=10)
    to_day = DayField(label="To", noun="the last day", required=False, width=10)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.offer(offered)

    def filters(self) -> dict[str, Any]:
        """The filters chosen; what is wrong is left out and shown beside its field."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
