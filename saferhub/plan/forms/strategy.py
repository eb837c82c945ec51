"""What is typed about the plan itself: agreements, areas, objectives, years and their reviews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from saferhub.foundation.forms import (
    ConfirmField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.plan.models import RolledAs
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "no_where": "where",
    "no_when": "when",
    "agreed_ahead": "when",
    "area_stands": "name",
    "unknown_agency": "lead_agency",
    "unknown_board": "led_by",
    "ends_before": "last_day",
    "open_actions": "last_day",
    "no_why": "why",
    "objective_stands": "words",
    "no_words": "words",
    "same_words": "words",
    "first_day_too_early": "valid_from",
    "no_reason": "reason",
    "no_decision": "decision",
    "no_review_words": "words",
    "year_stands": "first_day",
    "no_such_year": "first_day",
    "years_taken": "first_day",
    "too_long": "last_day",
}
_NOBODY = (
    "Everybody in the partnership reads it, and it may be published. "
    "Name posts, and nobody the partnership works with"
)
LONG = 4_000


class AgreeForm(SeenForm):
    """Where and when something was agreed."""

    where = TextField(
        label="Which meeting or session agreed it?", noun="the meeting or session that agreed it", max_length=300,
        help_text="For instance: Board meeting, County Hall",
    )  # fmt: skip
    when = DateField(label="On which day?", noun="the day on which it was agreed")


class StrategyForm(Form):
    """A strategy of other years."""

    name = TextField(
        label="Name",
        noun="the name of the strategy",
        max_length=200,
        help_text="Like: Partnership plan 2021-2024",
    )
    first_day = DateField(label="First day", noun="the first day")
    last_day = DateField(label="Last day", noun="the last day", help_text="Three years are usual")
    copies = ConfirmField(
        label="Begin with the areas and objectives that stand at the end of the strategy before",
        required=False,
        initial=True,
    )


class _AreaFields(Form):
    name = TextField(label="Name", noun="the name of the area", max_length=200)
    what = LongTextField(
        label="What is it about?", noun="what it is about", rows=3, max_characters=LONG, help_text=_NOBODY
    )
    lead_post = TextField(
        label="Post that leads it",
        noun="the post that leads it",
        max_length=200,
        help_text="A post, not a name",
    )
    lead_agency = SelectField(label="Agency of that post", required=False, empty="None, or several")
    led_by = SelectField(label="Board or group that steers it", required=False, empty="None")

    def __init__(
        self,
        *args: Any,
        agencies: Iterable[tuple[str, str]],
        boards: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_agency"].offer(agencies)  # type: ignore[attr-defined]
        self.fields["led_by"].offer(boards)  # type: ignore[attr-defined]


class AddAreaForm(_AreaFields):
    """An area more."""


class ChangeAreaForm(_AreaFields, SeenForm):
    """An area anew."""


class EndForm(SeenForm):
    """The last day of an area or an objective, and why."""

    last_day = DateField(label="Last day", noun="the last day")
    why = LongTextField(
        label="Why does it end?", noun="why it ends", rows=3, max_characters=LONG, help_text=_NOBODY
    )


class ObjectiveForm(Form):
    """An objective more."""

    words = LongTextField(
        label="What does the area set out to do?", noun="what the area sets out to do", rows=2, max_characters=1_000,
        help_text="Begin with a verb: Resolve and close cases more swiftly",
    )  # fmt: skip
    valid_from = DateField(label="From which day?", noun="its first day")


class RewordForm(SeenForm):
    """Other words for an objective."""

    words = LongTextField(label="New words", noun="the new words", rows=2, max_characters=1_000)
    valid_from = DateField(
        label="From which day?",
        noun="the first day of the new words",
        help_text="The old words stand until the day before",
    )
    why = LongTextField(
        label="Why do the words change?", noun="why the words change", rows=2, max_characters=LONG
    )


class DraftYearForm(Form):
    """Which year is begun."""

    first_day = RadiosField(label="Which year?", noun="the year", choices=[])

    def __init__(self, *args: Any, years: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].choices = list(years)  # type: ignore[attr-defined]

    def clean_first_day(self) -> date:
        return date.fromisoformat(self.cleaned_data["first_day"])


class DecideForm(SeenForm):
    """What the review decides about an action."""

    decision = RadiosField(
        label="What happens to it?",
        noun="what happens to it",
        choices=RolledAs.choices,
        hints={
            RolledAs.KEEP: "It goes on as it is, with its dates a year later",
            RolledAs.CHANGE: "It goes on, and is written anew before the next year is agreed",
            RolledAs.STOP: "It ends with this year",
        },
    )
    why = LongTextField(label="Why?", noun="why", rows=3, max_characters=LONG, help_text=_NOBODY)


class CloseReviewForm(SeenForm):
    """What the review found."""

    words = LongTextField(
        label="What did the year show?", noun="what the year showed", rows=6, max_characters=LONG,
        help_text=f"What went well, what did not, what follows for the next year. {_NOBODY}",
    )  # fmt: skip


class ReasonForm(SeenForm):
    """Why something is done that is not done every day."""

    reason = LongTextField(label="Why?", noun="why", rows=3, max_characters=LONG, help_text=_NOBODY)
