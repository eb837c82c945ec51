"""Input about keys and links, and a referral as somebody without an account writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from saferhub.casework.models import SubjectKind
from saferhub.casework.operations.referrals_filed import PersonValues, ReferralValues
from saferhub.casework.rules.intake import MOST_LINK_DAYS, MOST_LINK_USES, SCOPES
from saferhub.casework.rules.referrals import CHILDREN, TOLD
from saferhub.foundation.forms import (
    CheckboxesField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    WholeNumberField,
)
from saferhub.people.rules import keys

Choices = Iterable[tuple[str, str]]


class KeyForm(Form):
    """A key for another system of one unit."""

    unit = SelectField(label="Which unit’s system is it?", noun="the unit")
    label = TextField(
        label="Which system is it?",
        noun="which system it is",
        help_text="As the unit calls it, like “Housing case system”.",
        max_length=200,
    )
    scopes = CheckboxesField(
        label="What may it do?",
        noun="what it may do",
        choices=[(code, words[:1].upper() + words[1:]) for code, words in SCOPES.items()],
    )
    expires_on = DateField(
        label="Until which day?", help_text="At most a year. It still holds on this day.", noun="the last day"
    )

    FIELD_OF = {
        "unit_elsewhere": "unit",
        "label_missing": "label",
        "scopes_missing": "scopes",
        "unknown_scope": "scopes",
        "expiry_missing": "expires_on",
        "expiry_passed": "expires_on",
        "expiry_too_far": "expires_on",
    }

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]


class LinkForm(Form):
    """A link through which one unit refers to one hub. What it rests on is asked where that is not clear."""

    mark_optional = False

    unit = SelectField(
        label="Whose referrals will they be?",
        noun="the unit",
        help_text="The unit owns what it sends, and reads what became of it once it has an account.",
    )
    hub = SelectField(label="To which hub?", noun="the hub")
    purpose = SelectField(label="For which purpose?", noun="the purpose")
    label = TextField(
        label="Whom is it for?",
        noun="whom it is for",
        help_text="A post and a place, like “School nurse, Selby High”. It stands beside each referral sent by it.",
        max_length=120,
    )
    days = WholeNumberField(
        label="For how many days?",
        initial=14,
        min_value=1,
        max_value=MOST_LINK_DAYS,
        noun="the number of days",
    )
    most_uses = WholeNumberField(
        label="For how many referrals?",
        initial=1,
        min_value=1,
        max_value=MOST_LINK_USES,
        noun="the number of referrals",
    )
    rests = RadiosField(label="On what do these referrals rest?", noun="on what they rest", required=False)
    FIELD_OF = {
        "unit_elsewhere": "unit",
        "label_missing": "label",
        "expiry_too_far": "days",
        "uses_out_of_range": "most_uses",
        "hub_without_agreement": "unit",
        "other_purpose": "purpose",
        "unknown_purpose": "purpose",
        "does_not_rest": "purpose",
        "unit_needs_no_link": "unit",
        "rests_missing": "rests",
    }

    def __init__(self, *args: Any, units: Choices, hubs: Choices, purposes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("unit", units), ("hub", hubs), ("purpose", purposes)):
            self.fields[name].offer(offered)  # type: ignore[attr-defined]
        # It is asked where there is something to choose from.
        self._rests = self.fields.pop("rests")
        self.asks_rest = False

    def offer_rests(self, offered: list[tuple[str, str, str]]) -> None:
        """Let her choose among several agreements and gateways: (code, what it is, what the gateway says)."""
        field: Any = self._rests
        self.fields["rests"] = field
        field.choices = [(code, words) for code, words, _ in offered]
        field.widget.hints = {code: hint for code, _, hint in offered}
        self.asks_rest = True


class PublicReferralForm(Form):
    """A whole referral on one page, by somebody without an account. Nothing is searched and nothing shown back."""

    referrer_name = TextField(label="Your name", max_length=200, noun="your name", autocomplete="name")
    referrer_contact = TextField(
        label="How can the hub reach you?",
        noun="how the hub can reach you",
        help_text="A telephone number or an e-mail address at work.",
        max_length=200,
    )
    subject_kind = RadiosField(
        label="What is this about?", choices=SubjectKind.choices, noun="what this is about"
    )
    title = TextField(
        label="In a few words, what is it?",
        noun="a few words",
        help_text="Without a name, like “Shouting in a stairwell at night”.",
        max_length=200,
    )
    happened = LongTextField(
        label="What is happening?",
        noun="what is happening",
        help_text="What you know, how often, and since when. Say which part you saw and which you were told.",
        max_characters=5000,
        rows=8,
    )
    where = LongTextField(label="Where does it happen?", required=False, max_characters=1000, rows=2)
    tried = LongTextField(
        label="What has been tried, and what came of it?",
        noun="what has been tried",
        max_characters=5000,
        rows=4,
    )
    asked_for = LongTextField(
        label="What do you ask the hub to do?", noun="what you ask the hub to do", max_characters=5000, rows=3
    )
    children = RadiosField(
        label="Are children affected?",
        choices=CHILDREN,
        inline=False,
        noun="whether children are affected",
        reveals={"yes": "children_words"},
    )
    children_words = LongTextField(
        label="Which children, and how?", noun="which children, and how", max_characters=2000, rows=3
    )
    given = TextField(label="Given name", required=False, max_length=200)
    family = TextField(label="Family name", required=False, max_length=200)
    born_on = DateField(label="Date of birth, if you know it", required=False)
    address = LongTextField(label="Address, if you know it", required=False, max_characters=500, rows=2)
    postcode = TextField(label="Postcode", required=False, max_length=10, width=10)
    role = SelectField(label="As what are they in this?", required=False, noun="as what they are in this")
    wishes = LongTextField(
        label="What does the person who is harmed want?",
        required=False,
        help_text="Or why nobody has asked.",
        max_characters=2000,
        rows=3,
    )
    told = RadiosField(
        label="Does the person know that you are sending this?",
        choices=TOLD,
        required=False,
        reveals={"no": "not_told_why"},
    )
    not_told_why = LongTextField(
        label="Why was the person not told?",
        noun="why the person was not told",
        help_text="It can be right not to, where telling would put somebody in danger.",
        max_characters=2000,
        rows=3,
    )
    urgent = RadiosField(
        label="Can it wait for an ordinary decision?",
        noun="whether it can wait",
        choices=[("no", "Yes, it can wait"), ("yes", "No, it is urgent")],
        reveals={"yes": "urgent_why"},
    )
    urgent_why = LongTextField(
        label="Why is it urgent?", noun="why it is urgent", max_characters=2000, rows=3
    )

    FIELD_OF = {
        "postcode_wrong": "postcode",
        "lines_missing": "address",
        "name_missing": "family",
        "unknown_role": "role",
        "born_in_future": "born_on",
    }

    def __init__(self, *args: Any, roles: Choices, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].offer(roles)  # type: ignore[attr-defined]
        self.fields["born_on"].between(latest=latest)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = bool(cleaned.get("given") or cleaned.get("family"))
        if cleaned.get("subject_kind") == SubjectKind.INDIVIDUAL and not named:
            self.refuse(
                "family", "Enter a name. If you do not know it, say how the person is called or looks"
            )
        if named and not cleaned.get("role") and "role" not in self.errors:
            self.refuse("role", "Choose as what they are in this")
        if cleaned.get("postcode") and not keys.is_postcode(cleaned["postcode"]):
            self.refuse("postcode", "Enter a whole postcode, like ZZ99 3WZ, or leave it empty")
        if cleaned.get("postcode") and not cleaned.get("address"):
            self.refuse("address", "Enter the address that the postcode belongs to")
        return cleaned

    def values(self, link: Any) -> ReferralValues:
        """What was written, as a referral to the link's hub."""
        said = self.cleaned_data
        words = (
            "title", "subject_kind", "happened", "where", "tried", "asked_for", "children", "children_words",
            "wishes", "told", "not_told_why", "urgent_why", "referrer_name", "referrer_contact",
        )  # fmt: skip
        return ReferralValues(
            to_hub=link.hub,
            purpose=link.purpose,
            gateway=link.gateway,
            agreement=link.agreement,
            urgent=said.get("urgent") == "yes",
            **{name: said.get(name) or "" for name in words},
        )

    def people(self) -> list[PersonValues]:
        """Whoever was named."""
        said = self.cleaned_data
        if not (said.get("given") or said.get("family")):
            return []
        return [
            PersonValues(
                role=said["role"],
                is_subject=said["subject_kind"] == SubjectKind.INDIVIDUAL,
                given=said.get("given") or "",
                family=said.get("family") or "",
                born_on=said.get("born_on"),
                address=said.get("address") or "",
                postcode=said.get("postcode") or "",
            )
        ]
