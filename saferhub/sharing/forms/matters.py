"""What people type about a matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saferhub.foundation.forms import Form, LongTextField, RadiosField, SearchField, SelectField, TextField
from saferhub.sharing.edits import SeenForm
from saferhub.sharing.models import MatterStatus
from saferhub.sharing.queries.matters import NEWEST, SORTS, Filters
from saferhub.sharing.registries import kind_choices

FIELD_OF = {
    "unknown_purpose": "purpose",
    "other_purpose": "purpose",
    "hub_without_agreement": "hub",
    "other_partnership": "hub",
    "leader_does_not_see": "lead",
    "reason_missing": "reason",
    "no_reason": "reason",
    "record_restricted": "reference",
}

ABOUT_HINT = "What happened and what you want to reach. Do not put what belongs in a person’s own record here"


class MatterFilterForm(Form):
    mark_optional = False

    reference = SearchField(label="Reference", required=False, width=10)
    hub = SelectField(label="Hub", required=False, empty="All hubs")
    status = SelectField(
        label="Status", required=False, empty="Open and closed", choices=MatterStatus.choices
    )
    agency = SelectField(label="Agency", required=False, empty="All agencies")
    kind = SelectField(label="Kind", required=False, empty="All kinds", choices=[])
    whose = SelectField(
        label="Whose",
        required=False,
        empty="Everybody’s",
        choices=[("lead", "Those I lead"), ("unit", "My unit’s own")],
    )

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer(kind_choices())  # type: ignore[attr-defined]
        for name, offered in choices.items():
            self.fields[name].offer(offered)  # type: ignore[attr-defined]

    def filters(self, sort: str) -> Filters:
        """What was chosen; a field that cannot be read narrows nothing, and its error says so."""
        self.is_valid()
        given = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        return Filters(**given, sort=sort if sort in SORTS else NEWEST)


class OpenMatterForm(Form):
    title = TextField(
        label="Title",
        max_length=200,
        help_text="A few words that tell it from others, without the name of anybody",
    )
    purpose = SelectField(label="Purpose", help_text="Why information about it is shared")
    hub = RadiosField(
        label="Who works on it?",
        noun="who works on it",
        help_text="A hub’s staff see what the hub has. Your unit’s own is seen by your unit alone until you share it.",
    )
    about = LongTextField(label="What it is about", required=False, help_text=ABOUT_HINT)

    def __init__(
        self, *args: Any, purposes: Iterable[tuple[str, str]], hubs: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].offer(purposes)  # type: ignore[attr-defined]
        self.fields["hub"].choices = [*hubs, ("none", "My own unit only")]  # type: ignore[attr-defined]


class EditMatterForm(SeenForm):
    title = TextField(label="Title", max_length=200)
    purpose = SelectField(label="Purpose")
    lead = SelectField(label="Who leads it", required=False, empty="Nobody yet")
    about = LongTextField(label="What it is about", required=False, help_text=ABOUT_HINT, rows=8)

    def __init__(
        self,
        *args: Any,
        purposes: Iterable[tuple[str, str]],
        people: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].offer(purposes)  # type: ignore[attr-defined]
        self.fields["lead"].offer(people)  # type: ignore[attr-defined]


class ReasonForm(Form):
    reason = LongTextField(label="Reason", rows=4, noun="the reason")


class PutInForm(Form):
    reference = TextField(
        label="Reference of the matter",
        width=20,
        help_text="For example SEL-7K3M-Q2. Everybody who sees the matter will see this record.",
    )
