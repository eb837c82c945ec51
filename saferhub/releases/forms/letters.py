"""Input of letters, parsed and worded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saferhub.foundation.forms import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.releases.rules.check import Finding
from saferhub.sharing.edits import SeenForm

PERSON, AGENCY, OTHER = "person", "agency", "other"
# Beside which field of a form a refusal stands.
FIELD_OF = {
    "unknown_template": "template",
    "unknown_person": "person",
    "unknown_agency": "agency",
    "no_addressee": "addressee",
    "no_title": "title",
    "no_body": "body",
    "unknown_purpose": "purpose",
    "other_purpose": "purpose",
    "other_gateway": "gateway",
    "gateway_not_for_purpose": "gateway",
    "gateway_does_not_reach": "gateway",
    "no_necessity": "necessity",
    "no_agreement": "agreement",
    "agreement_not_in_force": "agreement",
    "no_party": "agreement",
    "not_our_agreement": "agreement",
    "hub_not_covered": "agreement",
    "owner_no_party": "agreement",
    "other_data": "data_items",
}


class StartForm(Form):
    """Which letter, and for whom."""

    mark_optional = False  # the address may stay empty for an agency, and its help says so

    template = RadiosField(label="Which letter?", noun="the kind of letter")
    to = RadiosField(
        label="Whom is it for?",
        choices=[(PERSON, "A person in this matter"), (AGENCY, "An agency"), (OTHER, "Somebody else")],
        reveals={PERSON: "person", AGENCY: "agency", OTHER: "addressee"},
    )
    person = SelectField(label="Person", empty="Choose a person", required=True)
    agency = SelectField(label="Agency", empty="Choose an agency", required=True)
    addressee = TextField(label="Name", noun="the name of whoever it is for", max_length=200, required=True)
    address = LongTextField(
        label="Address",
        help_text="As it is to stand on the envelope. It is compared with addresses that nothing may be sent to."
        " For an agency it may stay empty.",
        rows=4,
        noun="the address it goes to",
        required=False,
        max_length=500,
    )

    def __init__(
        self,
        *args: Any,
        templates: Sequence[tuple[str, str, str]],
        persons: Sequence[tuple[str, str]],
        agencies: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        template: Any = self.fields["template"]
        template.choices = [(code, name) for code, name, _ in templates]
        template.widget.hints = {code: words for code, _, words in templates}
        person: Any = self.fields["person"]
        person.offer(persons)
        agency: Any = self.fields["agency"]
        agency.offer(agencies)

    def clean(self) -> dict[str, Any]:
        """A letter to anybody but an agency says from the start where it goes."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("to") in (PERSON, OTHER) and not values.get("address") and "address" not in self.errors:
            self.refuse("address", "Enter the address it goes to.")
        return values

    def chosen(self) -> dict[str, str]:
        """What the operation takes: only what belongs to the addressee that was chosen."""
        values = self.cleaned_data
        return {
            "template": values["template"],
            values["to"] if values["to"] != OTHER else "addressee": values[
                values["to"] if values["to"] != OTHER else "addressee"
            ],
            "address": values["address"],
        }


class LetterForm(SeenForm):
    """A draft's words."""

    title = TextField(label="Heading", noun="the heading", max_length=200)
    addressee = TextField(label="Addressee", noun="whom the letter is for", max_length=200)
    address = LongTextField(label="Address block", noun="the address", rows=4, required=False, max_length=500)
    body = LongTextField(label="Text", noun="the text of the letter", rows=18)


class ReasonsForm(Form):
    """A form of a release: for each finding that a reason may set aside it has a field."""

    mark_optional = False  # what may stay empty depends on what was found and whom it is for

    _places: dict[str, str]

    def ask_reasons(self, findings: Sequence[Finding]) -> None:
        """Add the fields, each named after the place in the list of what was found."""
        self._places = {}
        for number, finding in enumerate(findings):
            if finding.overridable:
                name = f"reason_{number}"
                self._places[name] = finding.place
                self.fields[name] = LongTextField(
                    label=f"Why may this stay? {finding.sentence.split(' Take it out')[0]}",
                    noun="a reason, or take it out",
                    help_text="This stays in the disclosure log. Name nobody.",
                    rows=2,
                    required=False,
                    max_length=500,
                )

    def refuse_found(self, findings: Sequence[Finding], sentence: str) -> None:
        """Say what stops it: beside the field for its reason, or above the form where it has none."""
        fields = {place: name for name, place in self._places.items()}
        stopping = [fields.get(one.place) for one in findings]
        if None in stopping:
            self.refuse(None, sentence)
        for name in dict.fromkeys(one for one in stopping if one):
            self.refuse(name, "Say why this may stay, or take it out.")

    def overrides(self) -> dict[str, str]:
        """The reasons given, by the place of the finding."""
        return {
            place: self.cleaned_data[name]
            for name, place in self._places.items()
            if self.cleaned_data.get(name, "").strip()
        }


class ReleaseForm(ReasonsForm):
    """On what a letter's leaving rests. For each finding that a reason may set aside there is a field."""

    seen = HiddenField()
    purpose = SelectField(label="Purpose", noun="the purpose")
    gateway = SelectField(
        label="Legal gateway",
        noun="the legal gateway",
        help_text="What allows this to be shared for this purpose.",
    )
    agreement = SelectField(label="Sharing agreement", noun="the sharing agreement", required=False)
    data_items = CheckboxesField(label="Kinds of data in it", required=False, small=True)
    necessity = LongTextField(
        label="Why is it necessary?",
        noun="why it is necessary",
        help_text="And why would no less do? This stays in the disclosure log. Name nobody.",
        rows=4,
        max_characters=1000,
    )

    def __init__(
        self,
        *args: Any,
        choices: dict[str, list[tuple[str, str]]],
        is_agency: bool,
        findings: Sequence[Finding],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            if isinstance(field, SelectField):
                field.offer(offered)
            else:
                field.choices = offered
        if not is_agency:
            del self.fields["agreement"], self.fields["data_items"]
        self.ask_reasons(findings)

    def seen_version(self) -> int:
        """The version that was read; 0, which no letter has, where the mark was tampered with."""
        text = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
