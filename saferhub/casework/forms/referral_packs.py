"""Input of packs of a referral."""

from __future__ import annotations

from typing import Any

from saferhub.casework.rules.referral_packs import CHOICES, FIRST_OFFERED
from saferhub.foundation.forms import (
    CheckboxesField,
    Form,
    HiddenField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.releases.forms.letters import FIELD_OF as RELEASE_FIELD_OF
from saferhub.releases.forms.letters import ReasonsForm, ReleaseForm

AGENCY, OTHER = "agency", "other"
# Beside which field a refusal stands.
FIELD_OF = {**RELEASE_FIELD_OF, "no_parts": "parts", "hubs_own": "parts", "no_recipient": "recipient"}


class PackForm(ReleaseForm):
    """What goes in a pack, for whom, and on what that rests."""

    seen = None  # type: ignore[assignment] # nothing was read yet

    to = RadiosField(
        label="Whom is it for?",
        choices=[(AGENCY, "An agency of the partnership"), (OTHER, "Somebody else")],
        reveals={AGENCY: "agency", OTHER: "recipient"},
    )
    agency = SelectField(label="Agency", empty="Choose an agency", required=True)
    recipient = TextField(label="Name", noun="the name of whoever it is for", max_length=200, required=True)
    parts = CheckboxesField(
        label="What goes in it?",
        noun="what goes in it",
        help_text="The referral in short always does. Leave out what they do not need.",
        choices=[(code, one.title) for code, one in CHOICES.items()],
        hints={code: one.hint for code, one in CHOICES.items()},
        initial=list(FIRST_OFFERED),
    )

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, is_agency=True, findings=(), **kwargs)
        self.fields["data_items"].label = "Which other kinds of data stand in what was written?"
        self.fields["data_items"].help_text = "Names, behaviour and risk are counted with the parts."
        first = ("to", "agency", "recipient", "parts")
        self.order_fields([*first, *(name for name in self.fields if name not in first)])

    def is_for_agency(self) -> bool:
        return bool(self.cleaned_data["to"] == AGENCY)


class LetPackLeaveForm(ReasonsForm):
    """That a pack leaves as it was read. `seen`: the hash of its content."""

    seen = HiddenField()


class DropPackForm(Form):
    """That a pack is dropped as it was read."""

    seen = HiddenField()
