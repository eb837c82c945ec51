"""Where a matter goes, and who goes on seeing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saferhub.foundation.forms import Form, LongTextField, RadiosField, SelectField
from saferhub.sharing.queries.handover import Deciding
from saferhub.sharing.rules.handover import END, KEEP

_PREFIX = "interest-"


class PlaceForm(Form):
    hub = SelectField(label="Which hub is to have it?", empty=None, noun="the hub")
    unit = SelectField(label="Whose is it to be?", empty=None, noun="the unit")

    def __init__(
        self, *args: Any, hubs: list[tuple[str, str]], units: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hub"].choices = hubs  # type: ignore[attr-defined]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class HandOverForm(Form):
    """One decision for each interest, and the reason. Neither is chosen beforehand."""

    reason = LongTextField(label="Why is it handed over?", noun="why it is handed over", rows=3)

    def __init__(self, *args: Any, interests: Iterable[Deciding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = {}
        for one in interests:
            standing, row = one.standing, one.row
            choices = [(END, "End")]
            words = [row.because, row.purpose]
            if standing.cannot_keep:
                words.append(f"Cannot go along: {standing.cannot_keep}")
            else:
                choices.insert(0, (KEEP, "Goes on seeing it"))
            if row.dormant:
                words.append(f"Dormant: {row.dormant}")
            made[_PREFIX + standing.public_id] = RadiosField(
                label=standing.holder,
                choices=choices,
                inline=True,
                required=False,
                help_text=". ".join(words),
            )
        reason = self.fields.pop("reason")
        for name, field in made.items():
            field.error_messages["invalid_choice"] = "Choose whether they go on seeing it"
            self.fields[name] = field
        self.fields["reason"] = reason

    mark_optional = False

    def decisions(self) -> dict[str, str]:
        return {
            name.removeprefix(_PREFIX): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(_PREFIX) and value
        }

    def clean(self) -> dict[str, Any]:
        """Every interest is decided, and each that is not says so itself."""
        given: dict[str, Any] = super().clean() or {}
        for name in list(self.fields):
            if name.startswith(_PREFIX) and not given.get(name) and name not in self.errors:
                self.refuse(name, f"Decide whether {self.fields[name].label} goes on seeing it")
        return given
