"""What people type about the use of a tool or power."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from saferhub.casework.operations.actions import Owner
from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
)
from saferhub.partnership.models import Unit
from saferhub.sharing.edits import SeenForm

from .actions import grouped

NOBODY = "nobody"
FIELD_OF = {
    "unknown_subject": "subject",
    "age_not_met": "subject",
    "harmed_not_confirmed": "is_meant",
    "agency_not_met": "used_by",
    "user_does_not_see": "used_by",
    "not_begun": "starts_on",
    "ends_before_it_starts": "expires_on",
    "length_not_met": "expires_on",
    "review_not_met": "review_on",
    "reason_missing": "override_reason",
    "words_missing": "words",
    "why_missing": "reason",
    "in_the_future": "day",
    "before_it_began": "day",
    "next_not_later": "next_on",
    "after_it_ends": "next_on",
    "watcher_does_not_see": "who",
    "unknown_outcome": "outcome",
}


class PlanForm(Form):
    """On whom, by whom, for what."""

    subject = SelectField(
        label="On whom or what?",
        noun="on whom or what it is used",
        help_text="People and places recorded in this case",
    )
    used_by = SelectField(label="Who uses it?", noun="who uses it", help_text="Agencies that see this case")
    is_meant = ConfirmField(label="It is to be used on this person", required=False)
    words = LongTextField(
        label="What for, and on what terms?",
        required=False,
        rows=4,
        help_text="What has to stop or to happen, and the help that goes with it",
    )

    def __init__(
        self,
        *args: Any,
        subjects: Iterable[tuple[str, str]],
        units: Iterable[Unit],
        ask_again: Collection[str] = (),
        users: str = "",
        **kwargs: Any,
    ) -> None:
        """`ask_again`: public_ids of those on whom it is used only once that is confirmed. `users`: which kinds of
        agency may use it, in words; empty where any may."""
        super().__init__(*args, **kwargs)
        if not self.is_bound or self.data.get(self.add_prefix("subject")) not in ask_again:
            del self.fields["is_meant"]
        if users:
            self.fields["used_by"].help_text = f"Of the agencies that see this case, those that may: {users}"
        self.fields["subject"].offer([*subjects, (NOBODY, "Nobody by name")])  # type: ignore[attr-defined]
        self.fields["used_by"].offer([(one.public_id, unit_words(one)) for one in units])  # type: ignore[attr-defined]


def unit_words(unit: Unit) -> str:
    """A unit with its agency."""
    return unit.agency.name if unit.is_whole_agency else f"{unit.agency.name}: {unit.name}"


class PutInPlaceForm(Form):
    """From and until when; what somebody confirms; why it is right where something is not known."""

    starts_on = DateField(
        label="From which day?", noun="the first day", help_text="The day on which it began"
    )
    expires_on = DateField(
        label="Until which day?",
        required=False,
        noun="the last day",
        help_text="The last day on which it holds",
    )
    review_on = DateField(
        label="When is it looked at again?",
        required=False,
        noun="the day of review",
        help_text="Left empty, it is the latest day that the law allows, where it asks for one",
    )
    confirmed = CheckboxesField(label="What is so?", required=False, choices=[], small=True)
    agreed = ConfirmField(label="Whoever it concerns has agreed to it", required=False)
    override_reason = LongTextField(
        label="Why is it right all the same?",
        required=False,
        rows=3,
        noun="the reason",
        help_text="Needed where something above is not met or not known. It is kept with the checks",
    )

    def __init__(self, *args: Any, conditions: Sequence[str], is_voluntary: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].choices = [(str(n), one) for n, one in enumerate(conditions)]  # type: ignore[attr-defined]
        if not conditions:
            del self.fields["confirmed"]
        if not is_voluntary:
            del self.fields["agreed"]

    def answers(self) -> dict[str, Any]:
        """What was entered, as the operation takes it."""
        given = dict(self.cleaned_data)
        given["confirmed"] = frozenset(int(one) for one in given.get("confirmed", []))
        return given


class ChangeForm(SeenForm):
    """Other terms, another last day, another review."""

    words = LongTextField(label="What for, and on what terms?", required=False, rows=4)
    expires_on = DateField(label="Until which day?", required=False, noun="the last day")
    review_on = DateField(label="When is it looked at again?", required=False, noun="the day of review")
    reason = LongTextField(
        label="Why?", required=False, rows=2, noun="the reason", help_text="Needed where the last day changes"
    )


class BreachForm(Form):
    """When and how it was breached, and what followed."""

    day = DateField(label="When did it happen?", noun="the day")
    words = LongTextField(label="What happened?", rows=4, noun="what happened")
    response = LongTextField(
        label="What followed?", required=False, rows=3, help_text="Can be said later, when it is decided"
    )


class AnswerForm(Form):
    """What followed from the breaches that its writer saw: one recorded meanwhile is not among them."""

    seen = HiddenField(required=False)
    words = LongTextField(label="What followed?", rows=4, noun="what followed")

    def seen_breaches(self) -> list[str]:
        """Their public_ids."""
        return [one for one in str(self.cleaned_data.get("seen", "")).split(",") if one]


class ReviewForm(Form):
    """What was found, and when the next time is."""

    words = LongTextField(label="What did you find?", rows=4, noun="what you found")
    next_on = DateField(label="When is it looked at next?", required=False, noun="the next day")


class WatchForm(Form):
    """Who watches it once the case is closed."""

    who = SelectField(
        label="Who watches it?",
        noun="who watches it",
        help_text="An officer who sees this case. She finds it in Your work when it is due",
    )
    next_on = DateField(label="When does she look at it first?", noun="the day")

    def __init__(self, *args: Any, owners: Iterable[Owner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].offer(grouped([one for one in owners if one.user]))  # type: ignore[attr-defined]


class EndForm(Form):
    """What came of it."""

    outcome = RadiosField(label="What came of it?", noun="what came of it", choices=[])
    words = LongTextField(label="What can be learnt from it?", required=False, rows=3)
    day = DateField(label="On which day did it end?", noun="the day")

    def __init__(self, *args: Any, outcomes: Iterable[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(outcomes)
        field = self.fields["outcome"]
        field.choices = [(code, name) for code, name, _ in found]  # type: ignore[attr-defined]
        field.widget.hints = {code: words for code, _, words in found}
