"""The steps of a referral, and what is said about one later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from saferhub.casework.models import SubjectKind
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.forms import (
    ConfirmField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    YesNoField,
)
from saferhub.sharing.edits import SeenForm

LONGEST = 20_000  # characters; some three thousand words
FIELD_OF = {
    "unknown_purpose": "purpose",
    "other_purpose": "purpose",
    "hub_without_agreement": "to_hub",
    "unknown_hub": "to_hub",
    "unknown_subject_kind": "subject_kind",
    "unknown_children": "children",
    "unknown_told": "told",
    "nothing_asked": "reply",
    "reply_missing": "reply",
    "reason_missing": "reason",
    "unknown_role": "role",
}
SUBJECT_HINTS = {
    SubjectKind.INDIVIDUAL: "One or two people, such as a couple or neighbours",
    SubjectKind.GROUP: "Several people together, whether or not you know their names",
    SubjectKind.LOCATION: "A street, a park, an estate",
    SubjectKind.THEME: "Something that happens in several places",
    SubjectKind.PROPERTY: "One home or building",
    SubjectKind.BUSINESS: "A shop, a pub, a company",
}


class _Kind(Form):
    mark_optional = False

    subject_kind = RadiosField(
        label="What is it about?",
        noun="what it is about",
        choices=SubjectKind.choices,
        hints={str(code): hint for code, hint in SUBJECT_HINTS.items()},
    )
    title = TextField(
        label="Title",
        max_length=200,
        help_text="A few words that tell it from others, without the name of anybody",
    )
    purpose = SelectField(label="Purpose", help_text="Why information about it is shared with the hub")
    to_hub = SelectField(label="Hub", help_text="The hub for the area where it happens")

    def __init__(
        self, *args: Any, purposes: Iterable[tuple[str, str]], hubs: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].offer(purposes)  # type: ignore[attr-defined]
        self.fields["to_hub"].offer(hubs)  # type: ignore[attr-defined]


class StartForm(_Kind):
    """The first step of a referral that does not stand yet."""


class KindForm(_Kind, SeenForm):
    """The same step of a draft."""


class StepForm(SeenForm):
    """A step whose answers may be saved half-written. "Save and continue" asks for what is missing; "Save and leave"
    and the steps at the top do not."""

    step = ""
    mark_optional = False

    def __init__(self, *args: Any, written: rules.Written, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._written = written

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.data.get("then") in ("leave", *rules.STEPS):
            return cleaned
        given: dict[str, Any] = {
            name: bool(value) if name == "urgent" else str(value or "")
            for name, value in cleaned.items()
            if name in rules.WORDS
        }
        for lack in rules.missing(replace(self._written, **given)):
            if lack.step == self.step and lack.field in self.fields and lack.field not in self.errors:
                self.refuse(lack.field, lack.sentence)
        return cleaned


class HappeningForm(StepForm):
    step = "happening"

    happened = LongTextField(
        label="What has happened, how often, since when?",
        required=False,
        rows=10,
        max_characters=LONGEST,
        help_text="What you know, and who is harmed. Say “alleged” of what is not proven.",
    )
    where = LongTextField(
        label="Where?", required=False, rows=2, help_text="The address or the place, as far as you know it"
    )
    urgent = YesNoField(
        label="Is it urgent?",
        required=False,
        help_text="The hub then decides by the end of the next working day. If somebody is in danger now, call 999 "
        "first.",
        reveals={"yes": "urgent_why"},
    )
    urgent_why = LongTextField(label="Why is it urgent?", required=False, rows=3)


class TriedForm(StepForm):
    step = "tried"

    tried = LongTextField(
        label="What have you and others done, and what came of it?",
        required=False,
        rows=8,
        max_characters=LONGEST,
        help_text="Visits, warnings, agreements, support",
    )
    asked_for = LongTextField(
        label="What do you ask the hub to do?",
        required=False,
        rows=5,
        max_characters=LONGEST,
        help_text="For example: a joint plan, an agency that is missing, a meeting about it",
    )


class SafetyForm(StepForm):
    step = "safety"

    children = RadiosField(
        label="Are children affected?",
        required=False,
        choices=list(rules.CHILDREN),
        reveals={"yes": "children_words"},
    )
    children_words = LongTextField(
        label="Which children, and how are they affected?",
        required=False,
        rows=4,
        help_text="Ages, who looks after them, and whether children’s social care knows",
    )
    wishes = LongTextField(
        label="What does the person who is harmed want?",
        required=False,
        rows=4,
        help_text="In her or his own words where you can. If nobody has asked, say why",
    )
    told = RadiosField(
        label="Does the person it is about know of this referral?",
        required=False,
        choices=list(rules.TOLD),
        reveals={"no": "not_told_why"},
        help_text="Tell them, unless that would put somebody at risk or get in the way of an investigation",
    )
    not_told_why = LongTextField(label="Why were they not told?", required=False, rows=3)

    def __init__(self, *args: Any, written: rules.Written, **kwargs: Any) -> None:
        super().__init__(*args, written=written, **kwargs)
        if not written.harmed:
            self.fields["wishes"].label = "What does anybody who is harmed want? (optional)"
        if not rules.asks_whether_told(written):
            del self.fields["told"], self.fields["not_told_why"]


STEP_FORMS: dict[str, type[StepForm]] = {
    "happening": HappeningForm,
    "tried": TriedForm,
    "safety": SafetyForm,
}


class PeopleForm(Form):
    """Nothing to enter: whoever stands in the referral is added one by one."""


class SendForm(SeenForm):
    """What the referral rests on, where there is a choice."""

    rests = RadiosField(
        label="Which law lets you share this with the hub?",
        noun="the law it rests on",
        help_text="All of these are covered by an agreement that your agency has signed. Choose the one that fits "
        "best.",
    )

    def __init__(self, *args: Any, offered: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(offered)
        if len(found) < 2:
            del self.fields["rests"]
            return
        field = self.fields["rests"]
        field.choices = [(one.code, one.gateway_name) for one in found]  # type: ignore[attr-defined]
        field.widget.hints = {
            one.code: f"{one.gateway_words} Under: {one.agreement.title}."
            if one.agreement
            else one.gateway_words
            for one in found
        }


class PartForm(Form):
    """As what somebody stands in a referral."""

    mark_optional = False

    role = RadiosField(label="What part do they have in this?", noun="the part they have")
    is_subject = ConfirmField(
        label="The referral is about this person: the hub is asked to do something about them",
        required=False,
    )

    def __init__(self, *args: Any, roles: Iterable[Any], what: str, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(roles)
        if what == "place":
            del self.fields["role"]
            self.fields["is_subject"].label = "The referral is about this place"
            return
        self.fields["role"].label = f"What part does {name} have in this?"
        self.fields["role"].choices = [(one.code, one.item.name) for one in found]  # type: ignore[attr-defined]
        self.fields["role"].widget.hints = {one.code: one.item.words for one in found}


class NotInItForm(Form):
    reason = LongTextField(label="Why do they not belong in it?", rows=3, noun="why they do not belong in it")


class AnswerForm(SeenForm):
    reply = LongTextField(label="Your answer", rows=8, max_characters=LONGEST, noun="your answer")


class WithdrawForm(Form):
    reason = LongTextField(label="Why do you withdraw it?", rows=4, noun="why you withdraw it")
