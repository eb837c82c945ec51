"""Forms of the parts of a record, one for each kind, offering what the packs in force name."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    DateField,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
)
from saferhub.people.queries.words import PackWords
from saferhub.sharing.edits import SeenForm

_FROM: dict[str, Any] = {"label": "From", "noun": "the first day", "required": False}
_UNTIL: dict[str, Any] = {
    "label": "Until",
    "noun": "the last day",
    "required": False,
    "help_text": "The last day on which it holds. Leave empty while it does.",
}


class PartForm(SeenForm):
    """A part of a record, with its dates last."""

    section = ""
    code = "kind"

    def __init__(
        self, *args: Any, words: PackWords, others: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pack = words
        if self.section:
            self._offer(self.code, self._offered(words))
        if "other" in self.fields:
            self._offer("other", others or [])

    def _offered(self, words: PackWords) -> list[tuple[str, str]]:
        return words.choices(self.section)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, SelectField):
            field.offer(choices)
        else:
            field.choices = choices  # type: ignore[attr-defined]


class NameForm(PartForm):
    section = "name_kinds"
    kind = SelectField(label="Kind of name")
    given = TextField(label="Given names", max_length=100, required=False)
    family = TextField(label="Family name", max_length=100, required=False)
    is_main = ConfirmField(label="This is the name in use", required=False)
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)


class IdentifierForm(PartForm):
    section = "identifier_kinds"
    kind = SelectField(label="Kind of number")
    value = TextField(label="Number or reference", max_length=80, width=20)
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)


class ContactForm(PartForm):
    section = "contact_kinds"
    kind = SelectField(label="Way to reach")
    value = TextField(label="Number or address", max_length=200)
    is_protected = ConfirmField(label="Protected: nobody may pass it on", required=False)
    note = TextField(label="Note", max_length=200, required=False, help_text="Such as who else answers it.")
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)


class AddressForm(PartForm):
    section = "address_kinds"
    kind = SelectField(label="Kind of address")
    lines = LongTextField(label="Address", rows=3, max_length=500, help_text="Without the postcode.")
    postcode = TextField(label="Postcode", max_length=10, width=10, required=False)
    uprn = TextField(
        label="Unique property reference number", max_length=12, width=20, required=False,
        help_text="Up to 12 digits, where you have it.",
    )  # fmt: skip
    is_protected = ConfirmField(label="Protected: it must not reach those it protects from", required=False)
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)


class EqualityForm(PartForm):
    """A question with its answer in one choice, so that no answer is given to another question."""

    answered = SelectField(
        label="Question and answer",
        noun="the question and its answer",
        help_text="Only what the person said. “Not asked” is an answer too: never guess.",
    )
    own_words = TextField(label="In the person’s own words", max_length=200, required=False)
    valid_from = DateField(**{**_FROM, "label": "Asked on", "noun": "the day"})

    def __init__(self, *args: Any, words: PackWords, **kwargs: Any) -> None:
        initial = kwargs.get("initial") or {}
        if initial.get("characteristic"):
            initial["answered"] = f"{initial['characteristic']}:{initial['answer']}"
            kwargs["initial"] = initial
        super().__init__(*args, words=words, **kwargs)
        field = self.fields["answered"]
        field.choices = [  # type: ignore[attr-defined]
            ("", "Choose one"),
            *(
                (str(item.name), [(f"{code}:{answer.id}", answer.name) for answer in item.answers])
                for code, item in words.items["equality_characteristics"].items()
            ),
        ]

    def values(self) -> dict[str, Any]:
        found = super().values()
        found["characteristic"], _, found["answer"] = found.pop("answered").partition(":")
        return found


class CommunicationForm(PartForm):
    section = "communication_needs"
    kind = SelectField(label="What is needed")
    words = LongTextField(
        label="In words",
        rows=3,
        max_length=500,
        required=False,
        help_text="Such as which language or size of print.",
    )
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)


class StaffRiskForm(PartForm):
    section = "staff_risks"
    kind = SelectField(label="Risk to staff")
    words = LongTextField(
        label="What is known, and how", noun="what is known", rows=4, max_characters=2000,
        help_text="Say whether it happened, was alleged or is feared, when, and who says so.",
    )  # fmt: skip
    instruction = LongTextField(
        label="What to do", rows=3, max_length=2000, required=False,
        help_text="Leave empty to show the partnership’s own instruction.",
    )  # fmt: skip
    review_on = DateField(label="Look at it again on", noun="the day to look at it again", required=False)
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)


class SafeContactForm(PartForm):
    numbers = TextField(
        label="Use", noun="what to use", max_length=200, required=False,
        help_text="The telephone number, address or way that is safe.",
    )  # fmt: skip
    times = TextField(
        label="Safe times", max_length=200, required=False, help_text="Such as weekdays 10 to 12."
    )
    never = CheckboxesField(label="Never", noun="what is never to be used", required=False)
    unsafe_addresses = LongTextField(
        label="Unsafe addresses", rows=2, max_length=1000, required=False,
        help_text="Where nothing may be sent and nobody may call.",
    )  # fmt: skip
    must_not_know = LongTextField(label="Who must not know", rows=2, max_length=1000, required=False)
    note = LongTextField(label="Note", rows=3, max_length=1000, required=False)
    valid_from = DateField(**_FROM)

    def __init__(self, *args: Any, words: PackWords, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        self._offer("never", words.choices("safe_contact_never"))


class RelationshipForm(PartForm):
    section = "relationship_kinds"
    kind = SelectField(
        label="This person", noun="the relationship",
        help_text="Adversaries and former partners never stand with their addresses on one document.",
    )  # fmt: skip
    other = SelectField(
        label="The other’s record", required=False, empty="No record: enter a name",
        help_text="Persons recorded in the same matters.",
    )  # fmt: skip
    other_name = TextField(label="Or the other’s name", noun="a name", max_length=200, required=False)
    must_not_know = ConfirmField(
        label="The other must not learn where this person is, or that this person asked for help",
        required=False,
    )
    note = LongTextField(label="Note", rows=3, max_length=1000, required=False)
    valid_from = DateField(**_FROM)
    valid_until = DateField(**_UNTIL)

    def _offered(self, words: PackWords) -> list[tuple[str, str]]:
        """As it stands between the two names, so that nobody takes a child for the parent."""
        return [(code, f"{words.between(code)} the other") for code, _ in words.choices(self.section)]


FORMS: dict[str, type[PartForm]] = {
    "name": NameForm,
    "identifier": IdentifierForm,
    "contact": ContactForm,
    "address": AddressForm,
    "equality": EqualityForm,
    "communication": CommunicationForm,
    "staff-risk": StaffRiskForm,
    "safe-contact": SafeContactForm,
    "relationship": RelationshipForm,
}


class EndForm(SeenForm):
    """The last day of a part, and why it ends."""

    last_day = DateField(label="Last day on which it held", noun="the last day")
    reason = LongTextField(label="Why it ends", noun="why it ends", rows=3, max_length=500)
    seen = HiddenField(required=False)

    FIELD_OF = {"reason_missing": "reason", "last_day_early": "last_day", "ended_already": "last_day"}

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["last_day"]
        if isinstance(field, DateField):
            field.between(latest=on)
