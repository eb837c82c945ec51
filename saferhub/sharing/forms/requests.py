"""Forms of requests for sight."""

from __future__ import annotations

from typing import Any

from saferhub.foundation.forms import DateField, Form, LongTextField, RadiosField, SelectField, TextField


class AskForm(Form):
    """Ask by a pointer: its purpose is the search's."""

    least = LongTextField(
        label="What is the least you need to know?",
        noun="what you need to know",
        help_text="They may answer by telephone instead of opening the record.",
        max_characters=2000,
        rows=4,
    )
    until = DateField(label="Until when?", noun="the last day", help_text="Three months at most.")

    FIELD_OF = {
        "nothing_asked": "least",
        "until_passed": "until",
        "until_too_late": "until",
        "unknown_reference": "reference",
        "seen_already": "reference",
        "unknown_purpose": "purpose",
    }


class AskByReferenceForm(AskForm):
    """Ask by a reference that somebody told."""

    reference = TextField(
        label="Which reference were you told?",
        noun="the reference",
        help_text="It looks like SEL-7K3M-Q2.",
        width=20,
        max_length=16,
    )
    purpose = RadiosField(label="What do you need it for?", noun="what you need it for", choices=())
    field_order = ["reference", "purpose", "least", "until"]

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]


class GrantForm(Form):
    matter = SelectField(label="Which matter may they see?", noun="the matter", empty="Choose one")
    until = DateField(label="Until when?", noun="the last day", help_text="No longer than was asked.")
    reason = LongTextField(
        label="What the agency should know",
        noun="what they should know",
        required=False,
        max_characters=1000,
        rows=3,
    )

    FIELD_OF = {
        "until_passed": "until",
        "until_too_late": "until",
        "vault": "matter",
        "other_hub_matter": "matter",
        "owner_no_party": "matter",
    }

    def __init__(self, *args: Any, matters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].offer(matters)  # type: ignore[attr-defined]


class AnswerForm(Form):
    answer = LongTextField(
        label="What did you answer?",
        noun="what you answered",
        help_text="In words, or that you answered by telephone. The agency that asked reads it here.",
        max_characters=2000,
        rows=5,
    )

    FIELD_OF = {"no_answer": "answer"}


class RefuseForm(Form):
    reason = LongTextField(
        label="Why do you refuse?",
        noun="the reason",
        help_text="The agency that asked reads it.",
        max_characters=1000,
        rows=4,
    )

    FIELD_OF = {"no_reason": "reason"}


class WithdrawForm(Form):
    """Nothing to fill in."""


class ListForm(Form):
    """What the list shows."""

    mark_optional = False

    side = SelectField(label="Whose", empty="All", required=False)
    state = SelectField(label="Status", empty="Any status", required=False)

    def __init__(self, *args: Any, sides: dict[str, str], states: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].offer(sides.items())  # type: ignore[attr-defined]
        self.fields["state"].offer(states.items())  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """The filter chosen; "" for none, and for one that is not offered."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name) or ""
