"""What is typed about the seats of a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saferhub.accounts.models import User
from saferhub.foundation.forms import DateField, Form, LongTextField, SelectField, TextField
from saferhub.meetings.models import Seat
from saferhub.partnership.models import Unit
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "unknown_unit": "unit",
    "not_of_agency": "who",
    "deputy_not_of_agency": "deputy",
    "own_deputy": "deputy",
    "seat_stands": "who",
    "has_a_chair": "seat",
    "own_chair": "seat",
    "group_ended": "valid_from",
    "no_reason": "reason",
    "ends_before": "last_day",
}
_POST_HINT = "Where nobody is named, whoever works in the unit can come: “Duty inspector”"


def unit_words(unit: Unit) -> str:
    """ "Selby District Council: Housing"; the agency alone where the unit is the whole of it."""
    return unit.agency.name if unit.is_whole_agency else f"{unit.agency.name}: {unit.name}"


class UnitForm(Form):
    """Which unit has the seat: asked first, for its people are offered next."""

    unit = SelectField(label="Which unit has the seat?", noun="the unit")

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer([(one.public_id, unit_words(one)) for one in units])  # type: ignore[attr-defined]


class _People(Form):
    """Who usually comes, and the deputy. `people`: of the agency."""

    seat = SelectField(label="Seat", noun="the seat", empty=None, choices=Seat.choices, initial=Seat.MEMBER)
    who = SelectField(
        label="Who usually comes?",
        required=False,
        empty="Nobody by name: the unit’s seat",
        noun="who usually comes",
    )
    post = TextField(label="What the seat is called", required=False, max_length=200, help_text=_POST_HINT)
    deputy = SelectField(label="Deputy", required=False, empty="No deputy", noun="the deputy")

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (one.public_id, f"{one.name}, {one.job_title}" if one.job_title else one.name) for one in people
        ]
        for name in ("who", "deputy"):
            self.fields[name].offer(offered)  # type: ignore[attr-defined]


class AddSeatForm(_People):
    """A new seat."""

    valid_from = DateField(label="From", noun="the first day", help_text="The first day of the seat")


class ChangeSeatForm(_People, SeenForm):
    """Who comes for a seat, changed."""


class EndSeatForm(SeenForm):
    """The last day of a seat, and why."""

    last_day = DateField(label="Last day", noun="the last day")
    reason = LongTextField(
        label="Why does the seat end?",
        noun="why the seat ends",
        rows=2,
        help_text="Everybody with a seat in the group reads it",
    )
