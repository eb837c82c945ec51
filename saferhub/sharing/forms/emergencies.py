"""Forms of emergencies. None has an answer chosen beforehand."""

from __future__ import annotations

from typing import Any

from saferhub.foundation.forms import (
    ConfirmField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    YesNoField,
)
from saferhub.sharing.operations.emergencies import DANGERS


class OpenForm(Form):
    danger = RadiosField(
        label="Who is in danger?", noun="who is in danger", choices=list(DANGERS.items()), inline=True
    )
    reason = LongTextField(
        label="What could happen if you wait?",
        noun="what could happen if you wait",
        help_text="Say what you know, and how you know it.",
        max_characters=2000,
        rows=5,
    )
    incident = TextField(
        label="999 or 101 incident number, if you have called",
        noun="the incident number",
        required=False,
        width=20,
        max_length=40,
    )
    tried = ConfirmField(label="I tried the co-ordinator, or there is no time to")

    FIELD_OF = {"unknown_danger": "danger", "no_reason": "reason", "not_tried": "tried"}


class ReviewForm(Form):
    justified = YesNoField(label="Was it justified?", noun="whether it was justified")
    findings = LongTextField(
        label="What did you find?",
        noun="what you found",
        help_text="What you asked, what you were told, and what follows. Do not name the person it was about.",
        max_characters=2000,
        rows=5,
    )

    FIELD_OF = {"no_findings": "findings"}


class EndForm(Form):
    """Nothing to fill in."""


class ListForm(Form):
    """What the list shows."""

    mark_optional = False

    state = SelectField(label="Status", empty="Any status", required=False)

    def __init__(self, *args: Any, states: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].offer(states.items())  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """The filter chosen; "" for none, and for one that is not offered."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name) or ""
