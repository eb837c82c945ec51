"""What is typed while a meeting runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from saferhub.casework.forms.actions import grouped
from saferhub.casework.operations.actions import Owner
from saferhub.foundation.forms import (
    ConfirmField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.meetings.models import Attendance, Came
from saferhub.meetings.operations.live_attendance import Recorded, stands
from saferhub.meetings.operations.live_recording import AGREED, Decided
from saferhub.meetings.queries.live_people import name_of
from saferhub.meetings.queries.live_risk import Risk
from saferhub.meetings.rules.days_typed import day_typed
from saferhub.partnership.queries.in_force import InForce

MOST_SAVES = 2_000_000_000
ACTION = ("words", "who", "due_on")
DECIDED = ("decision", "decision_words", "agreed")
RISK = ("band", "band_why")
FIELD_OF = {
    "words_too_long": "text",
    "decision_unknown": "decision",
    "changed_meanwhile": "decision",
    "agreed_unknown": "agreed",
    "reason_too_long": "decision_words",
    "words_missing": "words",
    "owner_does_not_see": "who",
    "due_in_the_past": "due_on",
    "due_too_far": "due_on",
    "why_missing": "band_why",
    **dict.fromkeys(("cannot_lower", "unknown_band", "scored_meanwhile", "newer_version"), "band"),
}


class DayTypedField(TextField):
    """A day in one box, cleaned to a date: while others speak, three boxes are two too many. "20/9", "Friday"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("width", 10)
        super().__init__(**kwargs)
        self.on = date.min

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return day_typed(text, self.on)
        except ValueError:
            raise ValidationError("Enter a day like 20/9, Friday or 2 weeks", code="invalid") from None


class MarksForm(Form):
    """What a page brings along with somebody's words: its mark, the count of its saves, the row it goes on with."""

    text = LongTextField(
        label="Words for the minutes", required=False, rows=7, strip=False, noun="the words for the minutes"
    )
    mark = HiddenField(required=False, max_length=40)
    sequence = forms.IntegerField(required=False, min_value=0, max_value=MOST_SAVES, widget=forms.HiddenInput)
    continues = HiddenField(required=False, max_length=40)
    base = forms.IntegerField(required=False, min_value=0, max_value=MOST_SAVES, widget=forms.HiddenInput)

    mark_optional = False

    def marks(self) -> dict[str, Any]:
        """What `keep_words` takes of it. The form is valid."""
        given = self.cleaned_data
        return {
            "text": given.get("text") or "",
            "mark": given.get("mark") or "",
            "sequence": given.get("sequence") or 0,
            "continues": given.get("continues") or "",
            "base": given.get("base") or 0,
        }


class RecordForm(MarksForm):
    """The record of one item: words, what is decided, and one action."""

    decision = RadiosField(label="Decision", required=False, choices=[("", "None yet")], small=True)
    decision_words = LongTextField(
        label="Why, or on what condition", required=False, rows=2, noun="the reason"
    )
    agreed = RadiosField(
        label="Does the meeting agree?",
        required=False,
        small=True,
        inline=True,
        choices=[("", "Not asked"), *AGREED.items()],
    )
    words = TextField(label="Action", required=False, max_length=2000, noun="what is to be done")
    who = SelectField(label="Who does it", required=False, noun="who does it")
    due_on = DayTypedField(label="By when", required=False, noun="the day due")
    band = RadiosField(label="Risk", required=False, small=True)
    band_why = TextField(label="Why the risk changes", required=False, max_length=1000, noun="why it changes")
    text_was = HiddenField(required=False, max_length=40)
    was = HiddenField(required=False, max_length=40)
    action_mark = HiddenField(required=False, max_length=40)
    due_was = HiddenField(required=False, max_length=20)
    scored = HiddenField(required=False, max_length=20)

    def __init__(
        self,
        *args: Any,
        decisions: Sequence[InForce],
        owners: Iterable[Owner],
        risk: Risk | None = None,
        on: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "None yet"), *((one.code, str(one.item.name)) for one in decisions)]
        kept = self.initial.get("decision")
        if kept and kept not in dict(choices):
            choices.append((kept, str(kept).replace("_", " ").capitalize()))
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]
        self._decisions = {one.code: one for one in decisions}
        owners = list(owners)
        self.fields["who"].offer(grouped(owners))  # type: ignore[attr-defined]
        self.fields["due_on"].on = on  # type: ignore[attr-defined]
        self.can_agree = bool(owners)
        if not self.can_agree:
            for name in ACTION:
                del self.fields[name]
        if risk is None:
            for name in RISK:
                del self.fields[name]
        else:
            stays = f"Stays {risk.words[:1].lower()}{risk.words[1:]}"
            self.fields["band"].choices = [("", stays), *risk.bands]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An action that was begun needs who does it and by when."""
        given: dict[str, Any] = super().clean() or {}
        if self.has_action():
            for name, asks in (
                ("words", "Enter what is to be done"),
                ("who", "Choose who does it"),
                ("due_on", "Enter the day due, like 20/9, Friday or 2 weeks"),
            ):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(asks, code="required"))
        return given

    def has_action(self) -> bool:
        """Whether anything of an action was typed. The day that the page proposed is nothing typed."""
        words, who, due_on, proposed = (
            str(self.data.get(self.add_prefix(one), "")).strip() for one in (*ACTION, "due_was")
        )
        return self.can_agree and bool(words or who or due_on != proposed)

    def action(self) -> dict[str, Any] | None:
        """The action that was typed; None for none, and where something of it is wrong."""
        if not self.has_action() or any(name in self.errors for name in ACTION):
            return None
        return {name: self.cleaned_data[name] for name in ACTION}

    def decided(self) -> Decided | None:
        """What was chosen; None where something of it is wrong."""
        if any(name in self.errors for name in DECIDED):
            return None
        given = self.cleaned_data
        return Decided(given["decision"], given["decision_words"].strip(), given["agreed"])

    def judged(self) -> dict[str, str] | None:
        """The band that was chosen, with its reason; None for none, and where something of it is wrong."""
        if "band" not in self.fields or any(name in self.errors for name in RISK):
            return None
        given = self.cleaned_data
        if not given["band"]:
            return None
        return {"band": given["band"], "why": given["band_why"], "seen": given.get("scored") or ""}

    def options(self) -> list[Option]:
        """The decisions as the page draws them, each with its key."""
        chosen = str(self["decision"].value() or "")
        found = []
        for number, (value, label) in enumerate(self.fields["decision"].choices):  # type: ignore[attr-defined]
            known = self._decisions.get(value)
            found.append(
                Option(
                    value=str(value),
                    label=str(label),
                    key=(known.item.key or "") if known else "",
                    words=str(known.item.words) if known else "",
                    checked=str(value) == chosen,
                    html_id=f"{self['decision'].auto_id}_{number}",
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Option:
    """A decision to choose: `key` chooses it by keyboard, `words` say when to use it."""

    value: str
    label: str
    key: str
    words: str
    checked: bool
    html_id: str


class PutOffForm(Form):
    """Why an item waits for the next meeting."""

    reason = LongTextField(label="Why is it put off?", rows=3, noun="why it is put off")


class BeginForm(Form):
    """That a meeting begins on another day than it was planned for."""

    another_day = ConfirmField(label="Begin it today all the same")


class EndForm(Form):
    """That what was not reached is put off."""

    put_off_rest = ConfirmField(label="Put these off to the next meeting", required=False)


_CAME = [(value, label) for value, label in Came.choices if value != Came.DEPUTY]


class PresentRow(Form):
    """Whether one person came. `was`: what stood there when the page was drawn, so that only what was changed counts;
    `typed`: what she chose before somebody else saved."""

    came = RadiosField(label="Did she or he come?", noun="whether she or he came")
    acknowledged = ConfirmField(label="Acknowledged", required=False)
    left = ConfirmField(label="Left", required=False)
    was = HiddenField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=MOST_SAVES, widget=forms.HiddenInput)

    mark_optional = False

    def __init__(self, *args: Any, row: Attendance, typed: Recorded | None = None, **kwargs: Any) -> None:
        came, acknowledged, left = stands(row)
        was = _as_text(came, acknowledged, left)
        if typed is not None:
            came, acknowledged, left = typed.came, typed.acknowledged, typed.left
        kwargs["initial"] = {
            "came": came,
            "acknowledged": acknowledged,
            "left": left,
            "was": was,
            "seen": row.version,
        }
        super().__init__(*args, prefix=row.public_id, **kwargs)
        self.row = row
        self.name = name_of(row)
        choices = list(Came.choices) if row.instead_of_id is not None or came == Came.DEPUTY else _CAME
        self.fields["came"].choices = choices  # type: ignore[attr-defined]
        self.fields["came"].label = f"Did {self.name} come?"

    def recorded(self) -> Recorded | None:
        """What to record; None where nothing was changed on this page. The form is valid."""
        given = self.cleaned_data
        if given["was"] == _as_text(given["came"], given["acknowledged"], given["left"]):
            return None
        return Recorded(
            self.row.public_id, given["came"], given["acknowledged"], given["left"], given["seen"] or 0
        )


def _as_text(came: str, acknowledged: bool, left: bool) -> str:
    return f"{came}.{int(acknowledged)}{int(left)}"


class AddPresentForm(Form):
    """Somebody who came and was not on the list."""

    unit_id = SelectField(label="For which agency?", noun="the agency")
    user_id = SelectField(label="Which deputy?", required=False, empty="Somebody else", noun="the deputy")
    name = TextField(label="Name, where it is somebody else", required=False, max_length=200, noun="a name")
    instead_of = SelectField(
        label="Instead of whom?", required=False, empty="Nobody", noun="whom she came for"
    )

    def __init__(
        self,
        *args: Any,
        units: Iterable[tuple[str, str]],
        deputies: Iterable[tuple[str, str]],
        expected: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].offer(units)  # type: ignore[attr-defined]
        self.fields["user_id"].offer(deputies)  # type: ignore[attr-defined]
        self.fields["instead_of"].offer(expected)  # type: ignore[attr-defined]
