"""What people type about a case: its words, status, lead, reviews, closing, and who is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from saferhub.casework.registries import Blocker
from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "reason_missing": "reason",
    "illegal_move": "status",
    "title_missing": "title",
    "why_missing": "why",
    "unknown_purpose": "purpose",
    "words_missing": "words",
    "next_missing": "next_on",
    "next_passed": "next_on",
    "next_too_far": "next_on",
    "leader_does_not_see": "lead",
    "same_lead": "lead",
    "note_missing": "note",
    "unknown_outcome": "outcome",
    "override_reason_missing": "override_reason",
    "blocked": "overridden",
    "unknown_role": "role",
}


class StatusForm(Form):
    status = RadiosField(label="How does it stand now?", noun="how it stands")
    reason = LongTextField(
        label="Why?", rows=3, required=False, help_text="Needed when it is to be watched, or taken up again"
    )

    def __init__(
        self, *args: Any, statuses: list[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["status"]
        field.choices = statuses  # type: ignore[attr-defined]
        field.widget.hints = dict(hints)


class EditCaseForm(SeenForm):
    title = TextField(label="Title", max_length=200, help_text="Without the name of anybody")
    purpose = SelectField(label="Purpose")
    why = LongTextField(label="Why this is a case", noun="why this is a case", rows=6)
    wanted = LongTextField(
        label="What do you want to reach?",
        rows=4,
        required=False,
        help_text="What everybody who works on it wants",
    )

    def __init__(self, *args: Any, purposes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].offer(purposes)  # type: ignore[attr-defined]


class LeadForm(Form):
    lead = SelectField(label="Who leads it from now on?", noun="who leads it")
    note = LongTextField(
        label="What must they know?",
        noun="what they must know",
        rows=5,
        help_text="What comes next, what was promised, whom to ring first. Everybody who sees the case can read it",
    )

    def __init__(self, *args: Any, people: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].offer(people)  # type: ignore[attr-defined]


class ReviewForm(Form):
    words = LongTextField(
        label="What did you find?",
        noun="what you found",
        rows=5,
        help_text="What has changed, whether the actions work, what is agreed",
    )
    next_on = DateField(label="When is it looked at again?", noun="the day of the next review")


class CloseForm(Form):
    outcome = RadiosField(label="What came of it?", noun="what came of it")
    reason = LongTextField(label="Why does it close?", noun="why it closes", rows=3)
    learning = LongTextField(
        label="What was learnt?", rows=3, required=False, help_text="What you would do again, and what not"
    )
    told = LongTextField(
        label="Who was told that it closes?",
        rows=2,
        required=False,
        help_text="The victim, the people in it, the agencies. Say who, when and by whom",
    )
    overridden = CheckboxesField(
        label="Close in spite of these?",
        required=False,
        help_text="Deal with each, or set it aside here. What you set aside is recorded with your name",
    )
    override_reason = LongTextField(
        label="Why may it close in spite of them?",
        noun="why it may close in spite of them",
        rows=3,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        outcomes: list[tuple[str, str]],
        hints: Mapping[str, str],
        blockers: Iterable[Blocker],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        field.choices = outcomes  # type: ignore[attr-defined]
        field.widget.hints = dict(hints)
        # Several blockers of one kind share a code, and are set aside together.
        words: dict[str, list[str]] = {}
        for one in blockers:
            if not one.must:
                words.setdefault(one.code, []).append(one.words)
        if words:
            self.fields["overridden"].choices = [  # type: ignore[attr-defined]
                (code, "; ".join(said)) for code, said in words.items()
            ]
        else:
            del self.fields["overridden"], self.fields["override_reason"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("overridden") and not str(given.get("override_reason") or "").strip():
            self.refuse("override_reason", "Say why it may close in spite of what stands open")
        return given


class ReopenForm(Form):
    reason = LongTextField(label="Why is it opened again?", noun="why it is opened again", rows=3)
    review_on = DateField(
        label="When is it looked at next?",
        noun="the day of the next review",
        help_text="This day follows from the risk band, or from when it is to be scored. Set another where you must",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].between(earliest=today)  # type: ignore[attr-defined]


class PartForm(Form):
    """As what somebody is in it."""

    role = SelectField(
        label="As what?", noun="as what", help_text="Nobody is called a perpetrator before a finding"
    )
    is_subject = ConfirmField(label="The case is about them", required=False)

    def __init__(self, *args: Any, is_person: bool, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_person:
            self.fields["role"].offer(roles)  # type: ignore[attr-defined]
        else:
            # A place has no part but to be what the case is about.
            del self.fields["role"]
            self.fields["is_subject"].label = "The case is about this place"


class EndPartForm(Form):
    reason = LongTextField(label="Why are they no longer in it as that?", noun="why", rows=3)
