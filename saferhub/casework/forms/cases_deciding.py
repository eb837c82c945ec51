"""What whoever decides a referral types: one form for each kind of decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saferhub.casework.models import DecisionKind
from saferhub.casework.rules.cases_deciding import INFORMATION
from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SearchField,
    SelectField,
    TextField,
)

FIELD_OF = {
    "reason_missing": "reason",
    "told_missing": "told",
    "told_is_reason": "told",
    "solely_information": "grounds",
    "not_declared": "declared",
    "why_missing": "why",
    "leader_does_not_see": "lead",
    "same_hub": "to_hub",
    "not_carried": "to_hub",
    "same_place": "to_hub",
    "case_closed": "case",
    "case_elsewhere": "case",
    "case_restricted": "case",
    "asked_already": "told",
    "restricted_is_named": "restricted",
}
DECLARED = "It is not taken on solely to obtain another agency’s information: the hub means to work on it with others."
# Who contributes, and what.
CONTRIBUTORS = {f"contributor_{number}": f"contributes_{number}" for number in range(1, 5)}
_HINTS = {
    DecisionKind.ADOPT: "The hub opens a case. You say who leads it and who contributes.",
    DecisionKind.ATTACH: "The hub works on this already. The people, places and scores go to that case.",
    DecisionKind.REDIRECT: "Another hub sees it and decides. You see it no longer.",
    DecisionKind.SIGNPOST: "Somebody else is better placed. You say who.",
    DecisionKind.DECLINE: "The hub does not work on it. The referrer may refer again.",
    DecisionKind.ASK: "The referrer answers, and it comes back to you. The clock stands still meanwhile.",
    DecisionKind.SAFEGUARDING: "You have sent it through safeguarding’s own way in, or send it now.",
    DecisionKind.MARAC: "You have sent it to the co-ordinator of the multi-agency risk assessment conference.",
}


class KindForm(Form):
    """The first question."""

    kind = RadiosField(
        label="What does the hub do with it?",
        noun="what the hub does with it",
        choices=DecisionKind.choices,
        hints={str(kind): words for kind, words in _HINTS.items()},
    )


class DecisionForm(Form):
    """What every decision says."""

    reason = LongTextField(
        label="The hub’s reason",
        noun="the hub’s reason",
        rows=4,
        help_text="Seen by those who work in the hub alone: not by the referrer, nor by others who work on the case",
    )
    told = LongTextField(
        label="What the referrer is told",
        noun="what the referrer is told",
        rows=4,
        help_text="Change these words as you like. The referrer sees them and the decision, and nothing more",
    )


class AskForm(DecisionForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].label = "What do you ask the referrer?"
        self.fields["told"].error_messages["required"] = "Enter what you ask the referrer"
        self.fields["told"].help_text = "The referrer reads this and answers it on the referral’s page"
        self.fields["reason"].label = "Why the hub needs to know"
        self.order_fields(["told", "reason"])


class PassOnForm(DecisionForm):
    """To whom it was sent, when, and under which reference: so that it can be shown later that it was."""

    sent_to = TextField(
        label="To whom was it sent?", noun="to whom it was sent", help_text="The team or person"
    )
    sent_on = DateField(label="When was it sent?", noun="the day on which it was sent")
    reference = TextField(label="Their reference", required=False, help_text="If they gave one")
    field_order = ("sent_to", "sent_on", "reference", "reason", "told")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].between(latest=today)  # type: ignore[attr-defined]


class RedirectForm(DecisionForm):
    to_hub = SelectField(label="Which hub?", noun="the hub")
    field_order = ("to_hub", "reason", "told")

    def __init__(self, *args: Any, hubs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_hub"].offer(hubs)  # type: ignore[attr-defined]


class SignpostForm(DecisionForm):
    signpost = RadiosField(label="Where to?", noun="where to")
    field_order = ("signpost", "reason", "told")

    def __init__(
        self, *args: Any, signposts: list[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signpost"].choices = signposts  # type: ignore[attr-defined]
        self.fields["signpost"].widget.hints = dict(hints)


class CasesFilter(Form):
    """Narrows the cases on offer."""

    mark_optional = False
    words = SearchField(label="Reference or words of the title", required=False, max_length=200)


class AttachForm(DecisionForm):
    case = RadiosField(label="Which case?", noun="the case")
    field_order = ("case", "reason", "told")

    def __init__(
        self,
        *args: Any,
        cases: list[tuple[str, str]],
        hints: Mapping[str, str],
        is_met: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].help_text = (
            "Those about the same people or places come first and say so"
            if is_met
            else "No open case that you may see is about the same people or places. The newest come first"
        )
        self.fields["case"].choices = cases  # type: ignore[attr-defined]
        self.fields["case"].widget.hints = dict(hints)


class AdoptForm(DecisionForm):
    grounds = CheckboxesField(
        label="Why is this one for the hub?",
        noun="why it is one for the hub",
        help_text="One is enough. None of them decides for you",
    )
    title = TextField(
        label="Title of the case",
        max_length=200,
        help_text="A few words that tell it from others, without the name of anybody",
    )
    why = LongTextField(
        label="Why this is a case",
        noun="why this is a case",
        rows=4,
        help_text="In the hub’s own words: everybody who works on the case reads them first",
    )
    wanted = LongTextField(
        label="What do you want to reach?",
        rows=3,
        required=False,
        help_text="A result that one can tell when it is there, such as “no calls from the neighbours for eight weeks”",
    )
    from_referral = LongTextField(
        label="What do those who work on it learn from the referral?",
        rows=8,
        required=False,
        help_text=(
            "Taken from the referral: change it as you like. It is kept with the case, for everybody who sees the "
            "case. The referral itself stays with the hub and whoever wrote it"
        ),
    )
    lead = SelectField(label="Who leads it?", noun="who leads it")
    contributor_1 = SelectField(
        label="Which unit contributes?",
        noun="who contributes",
        required=False,
        empty="Nobody more",
        help_text=(
            "Each sees the case from now on, and everything that is shared with everybody in it, on the agreement "
            "that carries it there: the hubs’ own where it does. Another agreement, more units and single persons "
            "are chosen on the case’s page"
        ),
    )
    contributes_1 = TextField(label="What does it contribute, and why must it see the case?", required=False)
    contributor_2 = SelectField(label="Second contributor", required=False, empty="Nobody more")
    contributes_2 = TextField(label="What does the second contribute?", required=False)
    contributor_3 = SelectField(label="Third contributor", required=False, empty="Nobody more")
    contributes_3 = TextField(label="What does the third contribute?", required=False)
    contributor_4 = SelectField(label="Fourth contributor", required=False, empty="Nobody more")
    contributes_4 = TextField(label="What does the fourth contribute?", required=False)
    restricted = RadiosField(
        label="Who in the hub sees it?",
        noun="who in the hub sees it",
        choices=[
            ("no", "Everybody who works in the hub"),
            ("yes", "You and the lead officer alone: restrict it"),
        ],
        initial="no",
    )
    declared = ConfirmField(
        label=DECLARED,
        error_messages={
            "required": (
                "Confirm that it is not taken on solely to obtain another agency’s information, or choose another "
                "decision"
            )
        },
    )
    field_order = (
        "grounds",
        "declared",
        "title",
        "why",
        "wanted",
        "from_referral",
        "lead",
        *(name for pair in CONTRIBUTORS.items() for name in pair),
        "restricted",
        "reason",
        "told",
    )

    def __init__(
        self,
        *args: Any,
        tests: list[tuple[str, str]],
        test_hints: Mapping[str, str],
        leads: list[tuple[str, Any]],
        contributors: list[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].help_text = (
            "Left as it is, a sentence is added that says whether the referrer’s unit leads the case, contributes "
            "to it or is told later. Change the words as you like. The referrer sees them and the decision"
        )
        self.fields["grounds"].choices = [*tests, (INFORMATION, "To learn what other agencies hold")]  # type: ignore[attr-defined]
        self.fields["grounds"].widget.hints = {
            **test_hints,
            INFORMATION: "Never enough by itself",
        }
        self.fields["lead"].offer(leads)  # type: ignore[attr-defined]
        for name, what in CONTRIBUTORS.items():
            self.fields[name].offer(contributors)  # type: ignore[attr-defined]
            if not contributors:
                del self.fields[name], self.fields[what]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        chosen: dict[str, str] = {}
        for name, what in CONTRIBUTORS.items():
            if not given.get(name):
                continue
            if not str(given.get(what) or "").strip():
                self.refuse(what, "Say what this unit contributes, and so why it needs to see the case")
            chosen.setdefault(given[name], str(given.get(what) or ""))
        given["contributors"] = chosen
        if chosen and given.get("restricted") == "yes":
            self.refuse(
                "restricted",
                "A restricted case opens to named people only. Leave the agencies out, or do not restrict it",
            )
        return given
