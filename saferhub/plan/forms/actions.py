"""What is typed about actions: the action itself, its milestones, its updates, and the filters of the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst

from saferhub.foundation.forms import (
    CheckboxesField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.plan.models import PlanStatus
from saferhub.plan.operations.actions import ActionValues
from saferhub.plan.rules.actions import RULES
from saferhub.plan.rules.updates import UPDATE_STATUSES
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "no_what": "what",
    "due_outside_year": "due_on",
    "starts_after_due": "starts_on",
    "unknown_objective": "objective",
    "objective_ended": "objective",
    "unknown_agency": "lead_agency",
    "lead_not_of_agency": "lead",
    "no_reason": "reason",
    "milestone_stands": "words",
    "done_ahead": "done_on",
    "no_why": "why",
}
# Of an update the reason is its words.
FIELD_OF_UPDATE = {
    "no_status": "status",
    "begun_already": "status",
    "illegal_move": "status",
    "no_words": "words",
    "too_long": "words",
    "no_reason": "words",
    "no_evidence": "evidence",
}
LONG = 4_000
_NAMELESS = "Everybody in the partnership reads it. Name nobody the partnership works with, and no case"


class ActionForm(SeenForm):
    """An action of a year. `reason` is asked once the year's plan is agreed."""

    what = LongTextField(
        label="What will be done?", noun="what will be done", rows=3, max_characters=1_000,
        help_text=f"Begin with a verb. {_NAMELESS}",
    )  # fmt: skip
    objective = SelectField(label="For which objective?", noun="the objective")
    lead_agency = SelectField(label="Lead agency", noun="the lead agency")
    lead_post = TextField(label="Post that leads", noun="the post that leads", max_length=200)
    lead = SelectField(
        label="Lead officer", required=False, empty="Nobody by name",
        help_text="Who is asked for updates. With nobody by name, all of the lead agency who work here are asked",
    )  # fmt: skip
    partners = CheckboxesField(label="Partners", required=False, small=True)
    resources = LongTextField(
        label="Resources", required=False, rows=2, max_characters=LONG, help_text="Money, people, rooms"
    )
    starts_on = DateField(label="Begins on", noun="the day on which it begins", required=False)
    due_on = DateField(label="Due on", noun="the day on which it is due")
    baseline = TextField(
        label="Baseline",
        required=False,
        max_length=300,
        help_text="How things stand now, in words or a figure",
    )
    target = TextField(
        label="Target", required=False, max_length=300, help_text="How one will know that it worked"
    )
    measure = SelectField(label="Measure that shows it", required=False, empty="None")
    reason = LongTextField(
        label="Why does the agreed plan change?", noun="why the agreed plan changes", rows=2, max_characters=LONG,
        help_text="It stays in the action’s history, with how it stood before",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        objectives: Iterable[Any],
        agencies: Iterable[tuple[str, str]],
        people: Iterable[Any],
        measures: Iterable[tuple[str, str]],
        asks_why: bool,
        kept: dict[str, tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        agencies = list(agencies)
        kept = kept or {}
        for name, offered in (
            ("objective", objectives),
            ("lead_agency", agencies),
            ("lead", people),
            ("measure", measures),
        ):
            self.fields[name].offer(_with(list(offered), kept.get(name)))  # type: ignore[attr-defined]
        self.fields["partners"].choices = agencies  # type: ignore[attr-defined]
        if not asks_why:
            del self.fields["reason"]

    def action_values(self, values: dict[str, Any] | None = None) -> ActionValues:
        """What was entered, as the operation takes it."""
        given = dict(self.values() if values is None else values)
        given.pop("reason", None)
        return ActionValues(**{**given, "partners": tuple(given["partners"])})


def _with(offered: list[Any], kept: tuple[str, str] | None) -> list[Any]:
    """The choices, and what stands in the record though it would not be offered any more."""
    flat = {
        value
        for one in offered
        for value in ([inner for inner, _ in one[1]] if isinstance(one[1], (list, tuple)) else [one[0]])
    }
    return offered if kept is None or not kept[0] or kept[0] in flat else [*offered, kept]


class StopForm(SeenForm):
    """Why an action stops, or is taken up again."""

    reason = LongTextField(label="Why?", noun="why", rows=3, max_characters=LONG, help_text=_NAMELESS)


class UpdateForm(SeenForm):
    """How an action stands."""

    status = RadiosField(
        label="How does it stand?",
        noun="how it stands",
        choices=[(one.value, one.label) for one in UPDATE_STATUSES],
        hints={one.value: capfirst(RULES[one].partition(": ")[2]) for one in UPDATE_STATUSES},
    )
    words = LongTextField(
        label="What has happened since?", noun="what has happened since", rows=5, max_characters=LONG,
        help_text=f"A sentence or two. If it is at risk: why, and what would help. {_NAMELESS}",
    )  # fmt: skip
    evidence = LongTextField(
        label="What shows it?", required=False, rows=2, max_characters=LONG,
        help_text="Needed once it is done: a paper, a count, a decision",
    )  # fmt: skip


class CorrectUpdateForm(Form):
    """Other words for an update."""

    words = LongTextField(
        label="What happened", noun="what happened", rows=5, max_characters=LONG, help_text=_NAMELESS
    )
    evidence = LongTextField(label="What shows it", required=False, rows=2, max_characters=LONG)


class MilestoneForm(SeenForm):
    """A milestone: what will have happened, and by when."""

    words = TextField(label="What will have happened?", noun="what will have happened", max_length=300)
    due_on = DateField(label="By when?", noun="the day by which it will have happened")


class ReachForm(SeenForm):
    """A milestone was reached."""

    done_on = DateField(label="On which day was it reached?", noun="the day on which it was reached")
    evidence = TextField(label="What shows it?", required=False, max_length=500)


class DropForm(SeenForm):
    """A milestone is not wanted any more."""

    why = TextField(
        label="Why is it not wanted any more?", noun="why it is not wanted any more", max_length=500
    )


class ActionListForm(Form):
    """Filters of the list, sent by GET so that what was chosen stands in the address."""

    mark_optional = False

    plan = SelectField(label="Year", required=False, empty=None)
    whose = SelectField(
        label="Whose", required=False, empty="Everybody’s", choices=[("mine", "Those that I lead")]
    )
    area = SelectField(label="Area", required=False, empty="All areas")
    agency = SelectField(label="Lead agency", required=False, empty="All agencies")
    status = SelectField(
        label="Status",
        required=False,
        empty="Any",
        choices=[("open", "Not done or stopped"), ("late", "Late"), *PlanStatus.choices],
    )

    def __init__(
        self,
        *args: Any,
        years: Iterable[tuple[str, str]],
        areas: Iterable[tuple[str, str]],
        agencies: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].offer(years)  # type: ignore[attr-defined]
        self.fields["area"].offer(areas)  # type: ignore[attr-defined]
        self.fields["agency"].offer(agencies)  # type: ignore[attr-defined]

    def given(self) -> dict[str, str]:
        """What was chosen; a value that is not on offer narrows nothing, and its error says so."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}

    def chips(self) -> list[dict[str, str]]:
        """Every filter that is set, in words, with the address of the list without it."""
        assert isinstance(self.data, QueryDict)
        return [
            {
                "label": str(self.fields[name].label),
                "words": dict(self.fields[name].choices).get(value, value),  # type: ignore[attr-defined]
                "url": _without(self.data, name),
            }
            for name, value in self.given().items()
            if value and name != "plan"
        ]


def _without(data: QueryDict, name: str) -> str:
    values = data.copy()
    for one in (name, "page"):
        values.pop(one, None)
    return f"?{values.urlencode()}"
