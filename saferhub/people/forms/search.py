"""Forms of search. What is personal is sent in the body of a request, never in an address."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.foundation.forms import DateField, Form, SearchField, SelectField, TextField
from saferhub.people.rules import keys
from saferhub.people.rules.search import Typed, reference_in


class DetailsForm(Form):
    """What is known of a person."""

    mark_optional = False

    name = TextField(
        label="Name",
        noun="the name",
        required=False,
        max_length=200,
        help_text="Given name, then family name.",
    )
    born = DateField(label="Date of birth", noun="the date of birth", required=False)
    address = TextField(
        label="Address", noun="the address", required=False, max_length=200, help_text="Number and street."
    )
    postcode = TextField(label="Postcode", noun="the postcode", required=False, max_length=10, width=10)
    telephone = TextField(
        label="Telephone", noun="the telephone number", required=False, max_length=30, width=20
    )
    identifier = TextField(
        label="Another number",
        noun="the number",
        required=False,
        max_length=40,
        width=20,
        help_text="A reference of an agency, such as a tenancy or police number.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["born"].between(date(1880, 1, 1), today)  # type: ignore[attr-defined]

    def typed(self) -> Typed:
        """What was typed, trimmed; the postcode as it is written."""
        data = self.cleaned_data
        return Typed(
            name=data["name"].strip(),
            born=data["born"],
            address=data["address"].strip(),
            postcode=keys.postcode(data["postcode"]) if data["postcode"].strip() else "",
            telephone=data["telephone"].strip(),
            identifier=data["identifier"].strip(),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and self.typed().is_empty:
            self.refuse(
                "name", "Enter a name, a date of birth, an address, a telephone number or another number"
            )
        if cleaned.get("telephone") and not keys.is_telephone(cleaned["telephone"]):
            self.refuse("telephone", "Enter the telephone number in digits, like 01632 960118")
        return cleaned


class PersonSearchForm(DetailsForm):
    """The same with the purpose, which comes first."""

    purpose = SelectField(label="What do you need it for?", noun="what you need it for")
    field_order = ["purpose"]

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].offer(purposes)  # type: ignore[attr-defined]


class BoxForm(Form):
    """The box of the header, where the header has no room for it."""

    mark_optional = False
    q = SearchField(label="Words, a reference or a name", required=False, max_length=200)


class PlaceSearchForm(Form):
    words = TextField(
        label="Name or address of the place",
        noun="the name or address",
        max_length=200,
        help_text="Such as a park, a block of flats, or a street.",
    )
    postcode = TextField(label="Postcode", noun="the postcode", required=False, max_length=10, width=10)


class ReferenceForm(Form):
    reference = TextField(
        label="Reference, or words in a title or in what was written",
        noun="the reference",
        max_length=80,
        width=30,
        help_text="A reference looks like SEL-7K3M-Q2.",
    )

    def reference_typed(self) -> str:
        """The reference, as it is written; "" where words were typed."""
        return reference_in(self.cleaned_data["reference"])
