"""What is asked before several cases or actions are changed at once."""

from __future__ import annotations

from typing import Any

from saferhub.foundation.forms import DateField, Form, LongTextField, SelectField


class ManyLeadForm(Form):
    lead = SelectField(
        label="Who leads them from now on?",
        noun="who leads them",
        help_text="Those who see every case that you chose",
    )
    note = LongTextField(
        label="What must they know?",
        noun="what they must know",
        rows=4,
        help_text="It is kept with each case. Everybody who sees the case can read it",
    )

    def __init__(self, *args: Any, people: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].offer(people)  # type: ignore[attr-defined]


class ManyReviewForm(Form):
    next_on = DateField(label="When are they looked at again?", noun="the day of the next review")
    words = LongTextField(
        label="Why does the day change?",
        noun="why the day changes",
        rows=4,
        help_text="It is kept with each case. It is no review: record what you find on the page of each case",
    )


class ManyOwnerForm(Form):
    who = SelectField(
        label="Who does them from now on?",
        noun="who does them",
        help_text="Those who see the case of every action that you chose",
    )

    def __init__(self, *args: Any, people: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].offer(people)  # type: ignore[attr-defined]
