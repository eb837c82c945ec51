"""Input about agreements, parsed and worded."""

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
    TextField,
    YesNoField,
)
from saferhub.sharing.edits import SeenForm
from saferhub.sharing.queries.agreements import Filters
from saferhub.sharing.rules.agreements import Terms

Offered = Mapping[str, Iterable[tuple[str, str, str]]]

_CODES = ("parties", "hubs", "purposes", "gateways", "lawful_bases", "data_items")


class FilterForm(Form):
    """What the register shows. Anything that is not offered counts as not chosen."""

    mark_optional = False

    standing = SelectField(label="Standing", empty="Any", required=False)
    agency = SelectField(label="Party", empty="Any agency", required=False)
    hub = SelectField(label="Hub", empty="Any hub", required=False)
    purpose = SelectField(label="Purpose", empty="Any purpose", required=False)

    def __init__(self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].offer(offered)  # type: ignore[attr-defined]

    def filters(self, sort: str) -> Filters:
        """The filters chosen; a value that is not offered is left out."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return Filters(**chosen, sort=sort or "title")


class DraftForm(SeenForm):
    """All that an agreement says. Only title and parties' hubs are asked for: a draft may wait for the rest."""

    mark_optional = False

    title = TextField(label="Title", max_length=200)
    about = LongTextField(label="What it is about", required=False, max_characters=2000, rows=3)
    parties = CheckboxesField(label="Parties", noun="the parties", required=False, small=True)
    covers = RadiosField(
        label="Which hubs does it cover?",
        choices=[("every", "Every hub, those made later too"), ("some", "Only some")],
        reveals={"some": "hubs"},
    )
    hubs = CheckboxesField(label="Hubs", noun="the hubs", required=False, small=True)
    opens_hubs = YesNoField(
        label="Does whoever of a party works in such a hub see what that hub works on?",
        help_text="They do where one of the legal gateways names that kind of agency. Any other agency, or "
        "every one if not, sees only the matters that were shared with it one by one.",
    )
    purposes = CheckboxesField(label="Purposes", noun="the purposes", required=False, small=True)
    gateways = CheckboxesField(label="Legal gateways", noun="the gateways", required=False, small=True)
    lawful_bases = CheckboxesField(label="Lawful bases", noun="the lawful bases", required=False, small=True)
    data_items = CheckboxesField(label="Data it carries", noun="the data", required=False, small=True)
    necessity = LongTextField(
        label="Why sharing is necessary, and no less would do", required=False, max_characters=4000
    )
    security = LongTextField(label="How what is shared is kept safe", required=False, max_characters=4000)
    retention = LongTextField(label="How long what is shared is kept", required=False, max_characters=4000)
    rights = LongTextField(label="How people’s rights are met", required=False, max_characters=4000)
    breach = LongTextField(label="What happens after a breach", required=False, max_characters=4000)
    first_day = DateField(label="First day", required=False)
    last_day = DateField(
        label="Last day",
        required=False,
        help_text="It still holds on this day. Leave empty: until further notice.",
    )
    review_on = DateField(label="Day of review", required=False)

    FIELD_OF = {
        "title_missing": "title",
        "last_before_first": "last_day",
        "review_before_first": "review_on",
    }

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _CODES:
            field: Any = self.fields[name]
            offer = list(offered[name])
            field.choices = [(code, label) for code, label, _ in offer]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("covers") == "some" and not cleaned.get("hubs") and "hubs" not in self.errors:
            self.refuse("hubs", "Choose at least one hub, or every hub")
        return cleaned


def terms_from(values: Mapping[str, Any]) -> Terms:
    """What was entered, as the terms of an agreement."""
    given: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    given["every_hub"] = given.pop("covers") == "every"
    given |= {name: tuple(sorted(given[name])) for name in _CODES}
    if given["every_hub"]:
        given["hubs"] = ()
    return Terms(**given)


def values_of(terms: Terms) -> dict[str, Any]:
    """The terms by field of the form."""
    names = (name for name in Terms.__dataclass_fields__ if name not in {"every_hub", *_CODES})
    return {
        **{name: getattr(terms, name) for name in names},
        **{name: list(getattr(terms, name)) for name in _CODES},
        "covers": "every" if terms.every_hub else "some",
    }


class ReasonForm(Form):
    reason = LongTextField(
        label="Why?",
        noun="the reason",
        help_text="Everybody who reads the agreement reads this. Do not name people.",
        max_characters=1000,
        rows=3,
    )

    FIELD_OF = {"reason_missing": "reason"}


class SignatureForm(Form):
    post = TextField(
        label="Post that signed", noun="the post", help_text="A post, such as Chief Executive, and no name.",
        max_length=200, width=30,
    )  # fmt: skip
    day = DateField(label="Day of the signature", noun="the day")

    FIELD_OF = {"post_missing": "post", "signed_in_future": "day"}


class WithdrawalForm(Form):
    day = DateField(
        label="First day on which it is bound no more",
        noun="the day",
        help_text="From this day it sees nothing that rests on this agreement.",
    )
    reason = LongTextField(
        label="Why does it withdraw?",
        noun="the reason",
        help_text="Do not name people.",
        max_characters=1000,
        rows=3,
    )

    FIELD_OF = {"withdrawn_in_past": "day", "reason_missing": "reason"}


class ReviewForm(Form):
    reviewed_on = DateField(label="When was it reviewed?", noun="the day of the review")
    findings = LongTextField(
        label="What did the review find?", noun="what the review found", help_text="Do not name people.",
        max_characters=4000,
    )  # fmt: skip
    next_review_on = DateField(label="When is the next review?", noun="the day of the next review")

    FIELD_OF = {
        "findings_missing": "findings",
        "reviewed_in_future": "reviewed_on",
        "next_review_too_early": "next_review_on",
    }


class FromPackForm(Form):
    code = RadiosField(label="Which agreement?", noun="the agreement")

    FIELD_OF = {"not_in_pack": "code", "taken_already": "code"}

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = offered  # type: ignore[attr-defined]
