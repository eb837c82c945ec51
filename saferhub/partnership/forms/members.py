"""What people type about members: an address, a unit, a role, a reason. Rules stay with the operations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from saferhub.accounts.models import Status
from saferhub.accounts.rules import FactorLost
from saferhub.foundation.forms import (
    DateField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SearchField,
    SelectField,
    TextField,
)
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Role
from saferhub.partnership.models import Hub, Unit

# Beside which field a refusal of an operation belongs.
FIELD_OF = {
    "hub_missing": "hub",
    "hub_not_needed": "hub",
    "hub_elsewhere": "hub",
    "unit_missing": "unit",
    "unit_elsewhere": "unit",
    "unit_other": "unit",
    "same_unit": "unit",
    "unit_not_in_force": "unit",
    "not_here": "email",
    "has_left": "email",
    "held_already": "role",
    "separation": "role",
    "reason_missing": "reason",
    "too_early": "last_day",
    "too_late": "last_day",
    "in_future": "left_on",
    "too_long_ago": "left_on",
}


class SeenForm(Form):
    """A form about one person; `seen` marks how she stood when it was drawn."""

    seen = HiddenField(required=False)

    def seen_mark(self) -> str:
        """What the form was filled in over; a form sent without the mark matches nothing."""
        return str(self.cleaned_data.get("seen", ""))

    def place(self, refusal: Refusal) -> None:
        """Put an operation's refusal beside the field it is about, or raise it where no field is."""
        field = FIELD_OF.get(refusal.code)
        if refusal.status != 409 or field not in self.fields:
            raise refusal
        self.refuse(field, refusal.sentence)


def unit_choices(units: Iterable[Unit]) -> list[tuple[str, Any]]:
    """Units under the name of their agency, as a grouped list."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        words = "Whole agency" if unit.is_whole_agency else unit.name
        groups.setdefault(unit.agency.name, []).append((unit.public_id, f"{words} ({unit.agency.name})"))
    return list(groups.items())


class _RoleFields:
    """The choice of a role, shared by inviting and giving."""

    # Whether a hub is needed depends on the role, so no label calls it optional.
    mark_optional = False
    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def offer(self, units: Iterable[Unit], hubs: Iterable[Hub]) -> None:
        self.units = {unit.public_id: unit for unit in units}
        self.hubs = {hub.public_id: hub for hub in hubs}
        if "unit" in self.fields:
            self.fields["unit"].offer(unit_choices(self.units.values()))
        self.fields["hub"].offer([(hub.public_id, hub.name) for hub in self.hubs.values()])

    def given(self) -> dict[str, Any]:
        """The cleaned role with its unit and hub as records."""
        cleaned = self.cleaned_data
        return {
            "role": Role.of(cleaned["role"]),
            "hub": self.hubs.get(cleaned.get("hub") or ""),
            "unit": self.units.get(cleaned.get("unit") or ""),
        }


_NEED_REASON = "a system administrator, an information governance lead or a partnership manager"


def _role_field() -> RadiosField:
    return RadiosField(
        label="Role",
        choices=[(role.code, role.facts.label) for role in Role],
        hints={role.code: role.facts.description for role in Role},
        label_size="s",
    )


def _unit_field() -> SelectField:
    return SelectField(label="Unit", noun="the unit this person works in", label_size="s")


def _hub_field() -> SelectField:
    return SelectField(
        label="Hub",
        required=False,
        empty="No hub",
        help_text="For a hub co-ordinator, meeting chair or minute-taker. Leave empty for every other role.",
        label_size="s",
    )


def _reason_field() -> LongTextField:
    return LongTextField(
        label="Why this person needs the role",
        required=False,
        rows=3,
        max_characters=500,
        help_text=f"You must say why for {_NEED_REASON}. It shows on the person’s page.",
        label_size="s",
    )


class FindForm(Form):
    """The first step of an invitation: is somebody with this address here already?"""

    email = EmailField(
        label="Work email address",
        noun="a work email address",
        autocomplete="off",
        help_text="The invitation goes there. We look first whether this person has an account already.",
    )
    step = HiddenField(initial="find", required=False)


class InviteForm(_RoleFields, SeenForm):
    email = EmailField(
        label="Work email address", noun="a work email address", autocomplete="off", label_size="s"
    )
    name = TextField(label="Full name", max_length=120, autocomplete="off", label_size="s")
    job_title = TextField(label="Job title", max_length=120, autocomplete="off", label_size="s")
    unit = _unit_field()
    role = _role_field()
    hub = _hub_field()
    reason = _reason_field()
    step = HiddenField(initial="invite", required=False)


class GiveRoleForm(_RoleFields, SeenForm):
    unit = _unit_field()
    role = _role_field()
    hub = _hub_field()
    reason = _reason_field()

    def fix_unit(self) -> None:
        """Drop the question where the person works in a unit already."""
        del self.fields["unit"]


class EndRoleForm(SeenForm):
    when = RadiosField(
        label="When it ends",
        noun="when it ends",
        choices=[("now", "End it now"), ("day", "At the end of a day")],
        hints={"now": "For a role given by mistake: it counts for nothing from this moment on."},
        reveals={"day": "last_day"},
        label_size="s",
    )
    last_day = DateField(
        label="Last day",
        noun="the last day",
        help_text="The role is held until the end of that day.",
    )
    reason = LongTextField(
        label="Why it ends", noun="why it ends", rows=3, max_characters=500, label_size="s"
    )

    def given(self) -> date | None:
        """The last day; None where the role is to end now."""
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == "day" else None


class ChangeUnitForm(SeenForm):
    unit = SelectField(label="New unit", noun="the new unit", label_size="s")
    reason = LongTextField(
        label="Why", noun="why the unit changes", rows=3, max_characters=500, label_size="s"
    )

    def offer(self, units: Iterable[Unit]) -> None:
        self.units = {unit.public_id: unit for unit in units}
        self.fields["unit"].offer(unit_choices(self.units.values()))  # type: ignore[attr-defined]


class LeaverForm(SeenForm):
    left_on = DateField(
        label="Day of leaving",
        noun="the day of leaving",
        help_text="Today or earlier. Access ends at once, whichever day you give.",
        label_size="s",
    )
    reason = LongTextField(
        label="Why",
        noun="why access ends",
        rows=3,
        max_characters=500,
        label_size="s",
        help_text="For example: moved to another employer. Say nothing about health or conduct.",
    )

    def on_day(self, today: date) -> None:
        self.fields["left_on"].between(latest=today)  # type: ignore[attr-defined]


class ReturnForm(SeenForm):
    reason = LongTextField(
        label="Why", noun="why access is given back", rows=3, max_characters=500, label_size="s"
    )


class ResetFactorForm(SeenForm):
    # A choice and no free text: the log keeps it, and takes nothing that somebody wrote.
    reason = RadiosField(
        label="Why it is reset",
        noun="why it is reset",
        choices=[(reason.code, reason.value) for reason in FactorLost],
        help_text="The log keeps your answer.",
        label_size="s",
    )

    def given(self) -> FactorLost:
        return FactorLost.of(self.cleaned_data["reason"])


class PeopleFilterForm(Form):
    """Filters of the list of people; `manages` adds account status."""

    mark_optional = False

    name = SearchField(label="Name or job title", required=False, max_length=120)
    agency = SelectField(label="Agency", required=False, empty="Every agency")
    role = SelectField(
        label="Role",
        required=False,
        empty="Every role",
        choices=[(role.code, role.facts.label) for role in Role],
    )
    hub = SelectField(label="Hub", required=False, empty="Every hub")
    status = SelectField(
        label="Account",
        required=False,
        empty="Invited and active",
        choices=[*Status.choices, ("no_role", "Without a role"), ("all", "Everybody, leavers too")],
    )

    def __init__(
        self,
        *args: Any,
        agencies: Iterable[tuple[str, str]],
        hubs: Iterable[Hub],
        manages: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].offer(agencies)  # type: ignore[attr-defined]
        self.fields["hub"].offer([(hub.code, hub.name) for hub in hubs])  # type: ignore[attr-defined]
        if not manages:
            del self.fields["status"]

    def filters(self) -> dict[str, str]:
        """What was chosen and can be read; a value that is none of the choices filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
