"""What people type into the plan of a case: goals, risks, the problem-solving record, links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from saferhub.casework.models import GoalStatus, Severity
from saferhub.foundation.forms import DateField, Form, LongTextField, RadiosField, SelectField, TextField
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "words_missing": "words",
    "before_case": "by_when",
    "severity_missing": "severity",
    "review_past": "review_on",
    "holder_does_not_see": "holder",
    "unknown_status": "status",
    "reason_missing": "why",
    "no_such_case": "reference",
    "same_case": "reference",
    "linked_already": "reference",
}


class GoalForm(SeenForm):
    """A goal."""

    words = LongTextField(label="What is to be reached?", noun="what is to be reached", rows=3)
    measure = LongTextField(
        label="How will you know?",
        required=False,
        rows=2,
        help_text="For example: no call to the police about the address for eight weeks",
    )
    by_when = DateField(label="By when?", noun="the day", required=False)


class EndGoalForm(Form):
    """What came of a goal."""

    status = RadiosField(
        label="What came of it?",
        noun="what came of it",
        choices=[(one.value, one.label) for one in GoalStatus if one != GoalStatus.OPEN],
    )
    why = LongTextField(
        label="What do you go by?",
        required=False,
        rows=4,
        help_text="Say why, unless it was reached",
    )


class RiskForm(SeenForm):
    """A risk and what is done against it."""

    words = LongTextField(
        label="What may happen, and to whom?",
        noun="what may happen",
        rows=3,
        help_text="Say what it would do to them, not what somebody is",
    )
    severity = RadiosField(
        label="How grave is it?",
        noun="how grave it is",
        choices=Severity.choices,
        hints={
            Severity.HIGH: "Serious harm may follow soon. The case cannot close while nothing is done against it",
            Severity.MEDIUM: "Harm may follow if things go on like this",
            Severity.LOW: "Worth keeping an eye on",
        },
    )
    mitigation = LongTextField(
        label="What is done against it?",
        required=False,
        rows=3,
        help_text="Who does what, from when. Leave it empty only while you do not know yet",
    )
    holder = SelectField(
        label="Who answers for that?", noun="who answers for it", required=False, empty="Nobody yet"
    )
    review_on = DateField(
        label="When is it looked at again?",
        noun="the day",
        required=False,
        help_text="It then waits in the work of whoever answers for it",
    )

    def __init__(self, *args: Any, holders: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].offer(holders)  # type: ignore[attr-defined]

    def day_from(self, first: date) -> None:
        """The earliest day on which it may be looked at again."""
        self.fields["review_on"].between(earliest=first)  # type: ignore[attr-defined]


class WhyForm(Form):
    """A reason."""

    why = LongTextField(label="Why?", rows=4, noun="the reason")


class OsaraForm(SeenForm):
    """The problem-solving record."""

    objective = LongTextField(
        label="Objective", required=False, rows=3, help_text="What is to be better at the end, and for whom"
    )
    scanning = LongTextField(
        label="Scanning",
        required=False,
        rows=5,
        help_text="What happens, where, when, to whom, and how often. Where that is known from",
    )
    analysis = LongTextField(
        label="Analysis",
        required=False,
        rows=5,
        help_text="Why it happens: those who suffer, those said to do it, the place. What has been tried",
    )
    response = LongTextField(
        label="Response", required=False, rows=5, help_text="What you do about those causes, and who does it"
    )
    assessment = LongTextField(
        label="Assessment",
        required=False,
        rows=5,
        help_text="Whether it worked, how you know, and what you would do again",
    )


class LinkForm(Form):
    """Another case that belongs to this one."""

    reference = TextField(
        label="Reference of the other case",
        noun="the reference",
        width=20,
        help_text="For example SEL-7K3M-Q2. It must be one that you see yourself",
    )
    why = LongTextField(
        label="Why do they belong together?",
        rows=3,
        noun="why they belong together",
        help_text="Whoever sees both cases reads this. Whoever sees one of them learns nothing of the other",
    )
