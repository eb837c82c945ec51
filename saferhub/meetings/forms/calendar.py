"""What is typed about when meetings take place: planning, calling, moving, cancelling, inviting, apologies, filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict

from saferhub.accounts.models import User
from saferhub.foundation.forms import (
    ConfirmField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    WholeNumberField,
)
from saferhub.meetings.models import MeetingStatus
from saferhub.partnership.rules.dates_in_words import day_in_words
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "too_far": "until",
    "group_ended": "until",
    "bank_holidays_unknown": "until",
    "kind_not_in_force": "until",
    "day_passed": "day",
    "meets_then": "starts_at",
    "past_midnight": "minutes",
    "no_reason": "reason",
    "deputy_not_of_agency": "deputy",
}
# Moving and calling name a day, where planning names a last one.
FIELD_OF_END = {"day_passed": "last_day", "agenda_begun": "last_day", "no_reason": "reason"}
FIELD_OF_DAY = {**FIELD_OF, "kind_not_in_force": "day", "group_ended": "day", "too_far": "day"}
ALL, PAST, TO_COME = "all", "past", ""
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_PLACE_HINT = (
    "Everybody who is invited reads it in the calendar entry: a room, never an address of somebody’s home"
)
_WHY_HINT = "Everybody with a seat reads it. Name nobody, and no case"


def clean_time(text: str) -> str:
    """A time as "10:00", from "10:00", "9.30". Raises ValidationError for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValidationError("Enter the time on the 24-hour clock, like 10:00 or 14:30", code="invalid")
    return f"{int(found[1]):02}:{found[2]}"


class _When(Form):
    """Day, time, length and place of a meeting. `no_working_day`: what a day is that is no working day, in words; such
    a day is asked about once more before anything is saved, for it may be a slip."""

    day = DateField(label="Day", noun="the day")
    day_meant = ConfirmField(label="It meets on that day", required=False)
    starts_at = TextField(
        label="Begins at", noun="when it begins", width=5, max_length=5, help_text="Like 10:00 or 14:30"
    )
    minutes = WholeNumberField(
        label="Planned length in minutes", noun="the planned length", min_value=5, max_value=600, width=4
    )
    place = TextField(label="Place", required=False, max_length=200, help_text=_PLACE_HINT)
    online = TextField(
        label="Address of the video meeting",
        noun="the address of the video meeting",
        required=False,
        max_length=400,
        help_text="It begins with https:// and is shown on the meeting’s page alone, not in mail",
    )

    def __init__(self, *args: Any, no_working_day: Callable[[date], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._no_working_day = no_working_day
        # A label of its own says which day is meant; it is not one that may stay empty.
        self.fields["day_meant"].is_asked = True  # type: ignore[attr-defined]
        if not self.is_bound:
            del self.fields["day_meant"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        day, meant = given.get("day"), given.pop("day_meant", False)
        what = self._no_working_day(day) if day is not None and day != self.initial.get("day") else ""
        if day is None or not what:
            del self.fields["day_meant"]
            return given
        self["day_meant"].label = f"It meets on {day_in_words(day)} all the same"
        if not meant:
            said = f"{day_in_words(day)} is {what}. Tick the box if that is meant, or choose another day"
            self.refuse("day_meant", said)
        return given

    def clean_starts_at(self) -> str:
        return clean_time(self.cleaned_data["starts_at"])

    def clean_online(self) -> str:
        text = str(self.cleaned_data["online"]).strip()
        if text:
            try:
                URLValidator(schemes=["https"])(text)
            except ValidationError as error:
                raise ValidationError("Enter an address that begins with https://", code="invalid") from error
        return text


class CallForm(_When):
    """A meeting on a day of its own."""


class ChangeMeetingForm(_When, SeenForm):
    """Another day, time or place."""

    reason = LongTextField(label="Why is it moved?", noun="why it is moved", rows=2, help_text=_WHY_HINT)


class CancelMeetingForm(SeenForm):
    """Cancelled, and why."""

    reason = LongTextField(
        label="Why is it cancelled?", noun="why it is cancelled", rows=2, help_text=_WHY_HINT
    )


class EndGroupForm(Form):
    """The last day on which a group meets, and why."""

    last_day = DateField(
        label="Last day", noun="the last day", help_text="Meetings planned for later are cancelled"
    )
    reason = LongTextField(label="Why does it end?", noun="why it ends", rows=2, help_text=_WHY_HINT)


class PlanForm(Form):
    """Until when meetings are planned by the cycle, and where they are held."""

    until = DateField(label="Plan until", noun="the last day to plan", help_text="At most a year ahead")
    place = TextField(
        label="Place",
        required=False,
        max_length=200,
        help_text=f"Of all of them; each can be changed. {_PLACE_HINT}",
    )
    cancelled_too = ConfirmField(label="Plan days again whose meeting was cancelled", required=False)


class InviteForm(Form):
    """How far ahead people are invited."""

    ahead = RadiosField(
        label="Invite to the meetings of",
        noun="how far ahead to invite",
        choices=[("28", "the next four weeks"), ("92", "the next three months"), ("366", "the next year")],
    )


class ApologyForm(Form):
    """Who comes instead."""

    deputy = SelectField(label="Who comes instead?", required=False, empty="Nobody comes instead")

    def __init__(self, *args: Any, people: Iterable[User], standing: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].offer(  # type: ignore[attr-defined]
            [(one.public_id, f"{one.name}, deputy" if one.pk == standing else one.name) for one in people]
        )


class MeetingListForm(Form):
    """Filters of the list of meetings, sent by GET so that what was chosen stands in the address."""

    mark_optional = False

    whose = SelectField(
        label="Whose",
        required=False,
        empty="Mine",
        choices=[
            ("mine", "Those at which I have a seat"),
            ("prepare", "Those that I prepare"),
            ("all", "All that I may see"),
        ],
    )
    when = SelectField(
        label="When",
        required=False,
        empty="To come, or in hand",
        choices=[(PAST, "Past"), (ALL, "Past and to come")],
    )
    group = SelectField(label="Group", required=False, empty="All groups")
    status = SelectField(label="Status", required=False, empty="Any", choices=MeetingStatus.choices)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].offer(groups)  # type: ignore[attr-defined]

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
            if value
        ]


def _without(data: QueryDict, name: str) -> str:
    values = data.copy()
    for one in (name, "page"):
        values.pop(one, None)
    return f"?{values.urlencode()}"
