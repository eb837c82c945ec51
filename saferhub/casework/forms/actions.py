"""What people type about an action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from saferhub.casework.operations.actions import Owner
from saferhub.foundation.forms import DateField, Form, LongTextField, RadiosField, SelectField, TextField
from saferhub.foundation.templatetags.words import distance_words, short_date
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "words_missing": "words",
    "owner_does_not_see": "who",
    "due_in_the_past": "due_on",
    "due_too_far": "due_on",
    "reason_missing": "reason",
    "evidence_missing": "evidence",
}
OTHER_DAY = "other"
_WORDS_HINT = (
    "One step that one agency can do, and what will show that it is done. Name people only where it must be"
)
_WHO_HINT = (
    "Agencies that see this case. Whoever you choose finds it in Your work, and is reminded by mail with the "
    "reference alone"
)


def grouped(owners: Iterable[Owner]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Owners as a select offers them: each agency's unit, with its people under it."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for owner in owners:
        unit = owner.unit
        title = unit.agency.name if unit.is_whole_agency else f"{unit.agency.name}: {unit.name}"
        label = (
            owner.user.name
            if owner.user
            else f"Anybody of {unit.agency.name if unit.is_whole_agency else unit.name}"
        )
        groups.setdefault(title, []).append((owner.key, label))
    return list(groups.items())


class ActionForm(Form):
    """A new action."""

    words = LongTextField(
        label="What is to be done?", rows=3, noun="what is to be done", help_text=_WORDS_HINT
    )
    who = SelectField(label="Who does it?", noun="who does it", help_text=_WHO_HINT)
    due_on = DateField(label="By when?", noun="the day due", help_text="For example 14 9 2018")

    def __init__(self, *args: Any, owners: Iterable[Owner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].offer(grouped(owners))  # type: ignore[attr-defined]


class ChangeActionForm(SeenForm):
    """What was agreed, changed."""

    words = LongTextField(
        label="What is to be done?", rows=3, noun="what is to be done", help_text=_WORDS_HINT
    )
    who = SelectField(label="Who does it?", noun="who does it", help_text=_WHO_HINT)
    due_on = DateField(label="By when?", noun="the day due")
    reason = LongTextField(
        label="Why?", required=False, rows=2, noun="the reason", help_text="Needed where the day moves"
    )

    def __init__(
        self,
        *args: Any,
        owners: Iterable[Owner],
        kept: tuple[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = grouped(owners)
        if kept is not None and all(kept[0] != key for _, people in choices for key, _ in people):
            choices.append(kept)
        self.fields["who"].offer(choices)  # type: ignore[attr-defined]


class DoneForm(Form):
    """One line: what was done."""

    evidence = TextField(
        label="What was done?",
        noun="what was done",
        max_length=2000,
        help_text="A line by which others can tell, such as “Lock changed, tenant has the keys”",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "done_%s")  # two forms stand on one page
        super().__init__(*args, **kwargs)


class NotYetForm(Form):
    """One line: why not yet, and by when."""

    reason = TextField(label="Why not yet?", noun="why it is not done yet", max_length=2000)
    day = RadiosField(
        label="By when now?",
        noun="a day",
        small=True,
        reveals={OTHER_DAY: "due_on"},
        choices=[],
    )
    due_on = DateField(label="Which day?", noun="the day")

    def __init__(self, *args: Any, days: Iterable[date], due_on: date, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "later_%s")
        super().__init__(*args, **kwargs)
        offered = [(day.isoformat(), _day_words(day, due_on, on)) for day in days]
        self.fields["day"].choices = [*offered, (OTHER_DAY, "Another day")]  # type: ignore[attr-defined]

    def chosen(self) -> date:
        """The day chosen; the form is valid."""
        day = self.cleaned_data["day"]
        return self.cleaned_data["due_on"] if day == OTHER_DAY else date.fromisoformat(day)


def _day_words(day: date, due_on: date, on: date) -> str:
    said = f"{short_date(day, on)}, {distance_words(day, on)}"
    return f"{said} (as agreed)" if day == due_on else said


class WordsForm(Form):
    """One field of words: progress, what is in the way, why."""

    words = LongTextField(label="Where does it stand?", rows=3, noun="where it stands")


class ReopenForm(Form):
    """Why an action is opened again, and by when it is due."""

    reason = LongTextField(label="Why is it opened again?", rows=3, noun="the reason")
    due_on = DateField(label="By when?", noun="the day due")
