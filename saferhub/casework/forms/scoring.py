"""The scoring form as it is filled in, drawn from a form's definition, and what is decided about a prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from saferhub.casework.models import PromptOutcome
from saferhub.casework.operations.scoring import Scoring
from saferhub.casework.pack_sections.scoring import Definition, Question
from saferhub.casework.rules.scoring import DONT_KNOW, Result, bands_to_judge, score
from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    WholeNumberField,
    YesNoField,
)
from saferhub.foundation.refusals import Refusal

AS_SCORED = "as_scored"
_QUESTION, _COUNT, _UNKNOWN = "q_", "c_", "u_"
WHOLE = "whole"
# Beside which field a refusal belongs.
FIELD_OF = {
    "cannot_lower": "judged",
    "unknown_band": "judged",
    "why_missing": "judged_why",
    "not_trained": "trained",
    "alone_missing": "with_victim_alone",
    "not_alone_why": "note",
    "person_unknown": "person",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One chip: an answer to choose."""

    id: str
    name: str
    value: str
    words: str
    points: int | None
    checked: bool

    @property
    def is_unknown(self) -> bool:
        return self.value == DONT_KNOW


@dataclass(frozen=True, slots=True)
class Row:
    """A question as the page draws it. `points`: of the chosen answer; None while there is none."""

    number: int
    question: Question
    id: str
    choices: list[Choice]
    points: int | None
    is_unknown: bool
    errors: list[str]
    starts_group: bool


class ScoreForm(Form):
    """A form of the partnership, to be filled in. Nothing is asked of a question: what is missing is shown."""

    # So little is asked for that saying so at each field would be noise; what is missing, the page says.
    mark_optional = False
    version = HiddenField(required=False)
    person = SelectField(label="Who is this about?", required=False, empty=None)
    judged = RadiosField(label="What band do you judge?", required=False)
    judged_why = LongTextField(
        label="Why?",
        help_text="Needed where you judge another band than the score. The panel will read it: facts first, "
        "then what you fear.",
        required=False,
        max_length=8000,
        rows=4,
    )
    panel_agrees = RadiosField(
        label="Does the panel agree?",
        choices=[("", "Not yet asked"), ("yes", "Yes"), ("no", "No")],
        required=False,
        inline=True,
    )
    with_victim_alone = YesNoField(label="Did you complete it with the victim alone?", required=False)
    trained = ConfirmField(label="I am trained in this form", required=False)
    note = LongTextField(
        label="Note",
        help_text="What this rests on: whom you spoke to, what you read.",
        required=False,
        max_length=8000,
        rows=3,
    )

    def __init__(
        self,
        *args: Any,
        definition: Definition,
        people: Iterable[tuple[str, str]] = (),
        is_preview: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        for question in definition.questions:
            choices = [(option.code, option.words) for option in question.options]
            if question.dont_know:
                choices.append((DONT_KNOW, "Don’t know"))
            self.fields[_QUESTION + question.code] = RadiosField(
                label=question.text, choices=choices, required=False
            )
        for count in definition.outside:
            self.fields[_COUNT + count.code] = WholeNumberField(
                label=count.words, help_text=count.help or "", required=False, width=3, min_value=0,
                max_value=100_000, noun=f"“{count.words}”",
            )  # fmt: skip
            self.fields[_UNKNOWN + count.code] = CheckboxesField(
                label=f"{count.words}: not known",
                choices=[(DONT_KNOW, "Don’t know")],
                required=False,
                small=True,
            )
        own = definition.completed_by
        if not own.trained or is_preview:
            del self.fields["trained"]
        if not own.victim_alone or is_preview:
            del self.fields["with_victim_alone"]
        offered = list(people)
        if is_preview or not offered:
            del self.fields["person"]
        else:
            first = (
                [("", "Choose one")]
                if definition.subject == "person"
                else [("", "The whole, nobody in particular")]
            )
            field = self.fields["person"]
            field.choices = [*first, *offered]  # type: ignore[attr-defined]
        if is_preview:
            del self.fields["panel_agrees"], self.fields["note"]
        self.result = self._result()
        judged = self.fields["judged"]
        judged.choices = self._judged_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.definition.subject == "person" and "person" in self.fields and not cleaned.get("person"):
            self.refuse("person", "Choose whom this is about")
        return cleaned

    def _sent(self, name: str) -> Any:
        return self[name].value()

    @property
    def answers(self) -> dict[str, str]:
        """Question → answer, as it stands on the page, valid or not; unknown answers are left out."""
        found = {}
        for question in self.definition.questions:
            given = self._sent(_QUESTION + question.code)
            known = {option.code for option in question.options} | (
                {DONT_KNOW} if question.dont_know else set()
            )
            if given in known:
                found[question.code] = str(given)
        return found

    @property
    def outside(self) -> dict[str, Any]:
        """Count → number, or `dont_know`."""
        found: dict[str, Any] = {}
        for count in self.definition.outside:
            text = str(self._sent(_COUNT + count.code) or "").replace(",", "").strip()
            if text.isascii() and text.isdigit() and int(text[:7]) <= 100_000:
                found[count.code] = int(text[:7])
            elif DONT_KNOW in (self._sent(_UNKNOWN + count.code) or []):
                found[count.code] = DONT_KNOW
        return found

    @property
    def judged_band(self) -> str:
        given = str(self._sent("judged") or "")
        return "" if given == AS_SCORED or self.definition.band(given) is None else given

    def _result(self) -> Result:
        try:
            return score(self.definition, self.answers, self.outside, self.judged_band)
        except Refusal:  # pragma: no cover - answers are taken from the form's own choices
            return score(self.definition, {}, {})

    def _judged_choices(self) -> list[tuple[str, str]]:
        """As scored, then the bands that judgement may give."""
        computed = self.definition.band(self.result.band)
        first = f"{computed.words}, as scored" if computed else "As scored: incomplete, so no band yet"
        others: list[tuple[str, str]] = [
            (band.code, band.words)
            for band in bands_to_judge(self.definition, self.result)
            if band.code != self.result.band
        ]
        chosen = self.judged_band
        if chosen and chosen not in dict(others) and chosen != self.result.band:
            # What was chosen is never taken off the page: saving says why it cannot be.
            band = self.definition.band(chosen)
            others.insert(0, (chosen, band.words if band else chosen))
        return [(AS_SCORED, first), *others]

    @property
    def rows(self) -> list[Row]:
        """The questions as the page draws them."""
        found = []
        group = ""
        answers = self.answers
        for number, question in enumerate(self.definition.questions, 1):
            field: BoundField = self[_QUESTION + question.code]
            given = answers.get(question.code)
            choices = [
                Choice(
                    id=f"{field.auto_id}_{n}",
                    name=field.html_name,
                    value=code,
                    words=words,
                    points=next((one.points for one in question.options if one.code == code), None),
                    checked=code == given,
                )
                for n, (code, words) in enumerate(field.field.choices)  # type: ignore[attr-defined]
            ]
            points = next((one.points for one in choices if one.checked), None)
            starts = bool(question.group) and question.group != group
            group = question.group or ""
            found.append(
                Row(
                    number=number,
                    question=question,
                    id=str(field.auto_id),
                    choices=choices,
                    points=points,
                    is_unknown=given == DONT_KNOW,
                    errors=[str(text) for text in field.errors],
                    starts_group=starts,
                )
            )
        return found

    @property
    def counts(self) -> list[tuple[BoundField, BoundField]]:
        """The counts from outside, each with its “don’t know”."""
        return [(self[_COUNT + count.code], self[_UNKNOWN + count.code]) for count in self.definition.outside]

    @property
    def about(self) -> list[BoundField]:
        """What is asked before the questions."""
        return [self[name] for name in ("person", "trained", "with_victim_alone") if name in self.fields]

    @property
    def after(self) -> list[BoundField]:
        """What is asked after the judgement."""
        return [self[name] for name in ("panel_agrees", "note") if name in self.fields]

    def given(self) -> Scoring:
        """What was entered, for the operation. The form is valid."""
        cleaned = self.cleaned_data
        return Scoring(
            answers=self.answers,
            outside=self.outside,
            judged=self.judged_band,
            judged_why=cleaned.get("judged_why", ""),
            panel_agrees={"yes": True, "no": False}.get(cleaned.get("panel_agrees", "")),
            with_victim_alone=cleaned.get("with_victim_alone"),
            trained=bool(cleaned.get("trained")),
            person=cleaned.get("person", ""),
            note=cleaned.get("note", ""),
        )


class PromptForm(Form):
    """What was decided about something that a score prompts."""

    outcome = RadiosField(
        label="What was decided?",
        choices=PromptOutcome.choices,
        hints={
            PromptOutcome.DONE: "You did what it prompts, or somebody did",
            PromptOutcome.NOT_DONE: "You looked at it and decided otherwise",
        },
    )
    words = LongTextField(
        label="What exactly, with whom, and why?",
        help_text="Whoever reads the score will read this.",
        max_length=8000,
    )


class CompareForm(Form):
    """Which two scores to lay side by side."""

    a = SelectField(label="Earlier", empty=None, required=False)
    b = SelectField(label="Later", empty=None, required=False)
    mark_optional = False

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(choices)
        for name in ("a", "b"):
            field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
            field.choices = offered
