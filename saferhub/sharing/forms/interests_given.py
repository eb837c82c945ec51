"""Who is given sight of a matter, on what ground, and for how long; who stays named when it is restricted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from saferhub.foundation.forms import (
    CheckboxesField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
)

FIELD_OF = {
    "until_passed": "until",
    "reason_missing": "reason",
    "gateway_not_for_purpose": "gateway",
    "other_gateway": "gateway",
    "gateway_does_not_reach": "gateway",
    "author_not_named": "names",
    "not_a_seer": "names",
    "hub_agreement_other_purpose": "names",
}


class WhoForm(Form):
    """The first question: which unit, or which person."""

    kind = RadiosField(
        label="Who is to see it?",
        noun="who is to see it",
        choices=[("unit", "An agency’s unit"), ("person", "One named person")],
        reveals={"unit": "unit", "person": "person"},
    )
    unit = SelectField(label="Unit")
    person = SelectField(label="Person")

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, Any]],
        people: list[tuple[str, Any]],
        only_named: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]
        self.fields["person"].offer(people)  # type: ignore[attr-defined]
        if only_named:
            kind = self.fields["kind"]
            kind.choices = [("person", "One named person")]  # type: ignore[attr-defined]
            kind.help_text = "It is restricted, so it opens to named people only."


class AgreementForm(Form):
    """The second: under which of the agreements that bind both."""

    agreement = RadiosField(label="Under which sharing agreement?", noun="the sharing agreement")

    def __init__(
        self, *args: Any, agreements: list[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        field.choices = agreements  # type: ignore[attr-defined]
        field.widget.hints = dict(hints)


class PurposeForm(Form):
    """The third: for which of the purposes that the agreement covers."""

    purpose = RadiosField(label="For which purpose?", noun="the purpose")

    def __init__(
        self, *args: Any, purposes: list[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        field.choices = purposes  # type: ignore[attr-defined]
        field.widget.hints = dict(hints)


class GiveSightForm(Form):
    """The last: on which gateway, until when, and why."""

    gateway = RadiosField(label="On which legal gateway?", noun="the legal gateway")
    until = DateField(
        label="Until when?",
        noun="the last day",
        required=False,
        help_text="The last day on which they see it. Left empty, it stays until somebody ends it.",
    )
    reason = LongTextField(label="Why do they need to see it?", noun="why they need to see it", rows=3)

    def __init__(
        self, *args: Any, gateways: list[tuple[str, str]], hints: Mapping[str, str], today: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gateway"]
        if gateways:
            field.choices = gateways  # type: ignore[attr-defined]
            field.widget.hints = dict(hints)
        else:
            del self.fields["gateway"]
        self.fields["until"].between(earliest=today)  # type: ignore[attr-defined]


class RestrictForm(Form):
    names = CheckboxesField(
        label="Who goes on seeing it?",
        noun="who goes on seeing it",
        help_text="Only people who see it now. You stay among them.",
    )
    reason = LongTextField(label="Why must it be restricted?", noun="why it must be restricted", rows=3)

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["names"]
        field.choices = people  # type: ignore[attr-defined]
        field.widget.hints = dict(hints)


def unit_choices(units: Iterable[Any]) -> list[tuple[str, Any]]:
    """Units under the name of their agency, which each names too: a chosen one stands without its group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        words = (
            f"The whole of {unit.agency.name}" if unit.is_whole_agency else f"{unit.name}, {unit.agency.name}"
        )
        groups.setdefault(unit.agency.name, []).append((unit.public_id, words))
    return list(groups.items())


def people_choices(people: Iterable[tuple[str, str, str]]) -> list[tuple[str, Any]]:
    """People under the name of their agency: (public_id, name, agency)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for public_id, name, agency in people:
        groups.setdefault(agency, []).append((public_id, name))
    return sorted(groups.items())
