"""What is typed beside the plan: money, training, consultation, reports received, decisions; and the lists' filters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from saferhub.foundation.forms import (
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    WholeNumberField,
)
from saferhub.partnership.forms.in_force import read_day
from saferhub.plan.models import ConsultationKind, FundingStatus
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "unknown_area": "area",
    "unknown_objective": "objective",
    "unknown_agency": "agency",
    "unknown_board": "board",
    "amount_negative": "amount",
    "no_amount": "amount",
    "spent_negative": "spent",
    "no_period": "first_day",
    "ends_before": "last_day",
    "no_reason": "reason",
    "no_status": "status",
    "illegal_move": "status",
    "covered": "first_day",
    "no_words": "words",
    "ahead": "on",
    "nobody_came": "count",
    "more_asked": "asked",
    "no_asked": "asked",
    "more_confident": "more_confident",
    "no_topic": "topic",
    "not_your_training": "agency",
    "report_stands": "title",
    "no_kind": "kind",
    "answers_ahead": "said",
    "group_twice": "name",
    "no_gap": "gap",
}
# A report on money is about days that must have begun.
FIELD_OF_REPORT = {**FIELD_OF, "ahead": "first_day"}
LONG = 4_000
_NAMELESS = "Name posts and bodies, and nobody the partnership works with"
_POUNDS = re.compile(r"\d{1,9}(?:\.\d{1,2})?")


class MoneyField(TextField):
    """Pounds, as people type them: "£12,000", "12000.50". Cleaned to a Decimal, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width=10, prefix="£", max_length=20, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        text = str(super().to_python(value)).replace("£", "").replace(",", "").replace(" ", "")
        if not text:
            return None
        if not _POUNDS.fullmatch(text):
            raise ValidationError("Enter an amount in pounds, like 12,000 or 1,250.50", code="invalid")
        return Decimal(text).quantize(Decimal("0.01"))

    def run_validators(self, value: Any) -> None:
        """Its length was judged as it was typed."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value

    def in_words(self, value: Any) -> str:
        return f"£{value:,.2f}".removesuffix(".00")


class DayBox(TextField):
    """A day in one box, as people write it, for a filter. Cleaned to a date, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width=10, max_length=40, required=False, help_text="Like 28/8/2018", **kwargs)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        found = read_day(text) if text else None
        if text and found is None:
            raise ValidationError("Enter a real date, like 28 August 2018 or 28/8/2018", code="invalid")
        return found


class _Offers(Form):
    """A form whose selects are offered by its view: `offers` by name of the field."""

    def __init__(self, *args: Any, offers: dict[str, Iterable[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offers.items():
            if name in self.fields:
                self.fields[name].offer(choices)  # type: ignore[attr-defined]


class FundingForm(_Offers, SeenForm):
    """Money that is sought or had."""

    title = TextField(label="What is it for, in a few words?", noun="what it is for", max_length=200)
    area = SelectField(label="Area of the plan", noun="the area of the plan")
    objective = SelectField(label="Objective", required=False, empty="None, or the whole area")
    funder = TextField(
        label="Funder", max_length=200, help_text="An agency, or a body outside the partnership"
    )
    amount = MoneyField(label="Amount", required=False, help_text="Leave it empty while it is not known")
    buys = LongTextField(
        label="What does it buy?", noun="what it buys", rows=3, max_characters=LONG,
        help_text=f"A service, for whom, how much of it. {_NAMELESS}",
    )  # fmt: skip
    provider = TextField(
        label="Who delivers it?", required=False, max_length=200, help_text="Where it is commissioned"
    )
    first_day = DateField(label="From", noun="the first day", required=False)
    last_day = DateField(label="Until", noun="the last day", required=False)
    monitoring = LongTextField(
        label="How is it monitored?", required=False, rows=2, max_characters=LONG,
        help_text="What is looked at, how often, by which post",
    )  # fmt: skip
    bid_due_on = DateField(label="Bid due on", noun="the day on which the bid is due", required=False)


class MoveFundingForm(SeenForm):
    """What became of it."""

    status = RadiosField(label="What has happened?", noun="what has happened", choices=[])
    amount = MoneyField(label="Amount", required=False, help_text="As it was secured")
    first_day = DateField(label="Funded from", noun="the first day", required=False)
    last_day = DateField(label="Funded until", noun="the last day", required=False)
    reason = LongTextField(
        label="Why, or what to know", required=False, rows=3, max_characters=LONG,
        help_text=f"Needed where it was refused, has ended or is sought anew. {_NAMELESS}",
    )  # fmt: skip

    def __init__(self, *args: Any, moves: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(one, MOVES[FundingStatus(one)]) for one in moves]  # type: ignore[attr-defined]


MOVES = {
    FundingStatus.WANTED: "It is sought anew",
    FundingStatus.BID: "A bid was sent",
    FundingStatus.REFUSED: "The bid was refused",
    FundingStatus.SECURED: "The money is secured",
    FundingStatus.ENDED: "It has ended",
}


class FundingReportForm(Form):
    """What monitoring found."""

    first_day = DateField(label="From", noun="the first day")
    last_day = DateField(label="Until", noun="the last day")
    spent = MoneyField(label="Spent in that time", required=False)
    words = LongTextField(
        label="What came of it?", noun="what came of it", rows=5, max_characters=LONG,
        help_text=f"How many were helped, what changed, what does not go as agreed. {_NAMELESS}",
    )  # fmt: skip


class TrainingForm(_Offers, SeenForm):
    """Training that was given."""

    on = DateField(label="Day", noun="the day")
    topic = TextField(label="What was it about?", noun="what it was about", max_length=200)
    area = SelectField(label="Area of the plan", noun="the area of the plan")
    agency = SelectField(label="Whose staff came?", required=False, empty="Several agencies’, or residents")
    audience = TextField(
        label="Who came?",
        noun="who came",
        max_length=200,
        help_text="For instance: housing officers; residents of one estate",
    )
    given_by = TextField(
        label="Who gave it?", noun="who gave it", max_length=200, help_text="A post or a body"
    )
    count = WholeNumberField(label="How many came?", noun="how many came", min_value=1, max_value=100_000)
    asked = WholeNumberField(
        label="How many answered when asked what it was worth?",
        required=False,
        min_value=0,
        max_value=100_000,
    )
    more_confident = WholeNumberField(
        label="How many of those act with more confidence?", required=False, min_value=0, max_value=100_000
    )
    outcome = LongTextField(
        label="What changed afterwards?", required=False, rows=3, max_characters=LONG,
        help_text=f"Referrals made, questions asked, and how one knows. {_NAMELESS}",
    )  # fmt: skip

    def __init__(self, *args: Any, own: tuple[str, str] | None = None, **kwargs: Any) -> None:
        """`own`: the only agency whose training the reader records, code and name; None: she records any."""
        super().__init__(*args, **kwargs)
        if own is not None:
            self.fields["agency"].empty = None  # type: ignore[attr-defined]
            self.fields["agency"].offer([own])  # type: ignore[attr-defined]


class ReceivedForm(_Offers, SeenForm):
    """A report that was received."""

    board = SelectField(label="Who reported?", noun="who reported")
    on = DateField(label="Day", noun="the day")
    title = TextField(label="Title", noun="the title of the report", max_length=300)
    received_at = TextField(label="Which meeting heard it?", noun="the meeting that heard it", max_length=300)
    area = SelectField(label="Area of the plan", required=False, empty="None, or several")
    words = LongTextField(
        label="What did it say that matters here?",
        noun="what it said",
        rows=4,
        max_characters=LONG,
        help_text=_NAMELESS,
    )
    follows = LongTextField(
        label="What does the partnership do about it?", required=False, rows=3, max_characters=LONG
    )


class ConsultationForm(SeenForm):
    """A consultation."""

    kind = RadiosField(label="What kind is it?", noun="what kind it is", choices=ConsultationKind.choices)
    title = TextField(label="Title", noun="the title", max_length=300)
    first_day = DateField(label="From", noun="the first day")
    last_day = DateField(label="Until", noun="the last day", help_text="The same day for a meeting")
    said = LongTextField(
        label="What did people say?",
        required=False,
        rows=4,
        max_characters=LONG,
        help_text="Themes, not persons",
    )
    changed = LongTextField(
        label="What changed because of it?", required=False, rows=3, max_characters=LONG,
        help_text="Or why nothing did: people are told so",
    )  # fmt: skip
    made_known = TextField(label="How were date and outcome made known?", required=False, max_length=500)
    senior_posts = LongTextField(
        label="Which senior posts of the responsible authorities were there?", required=False, rows=2,
        max_characters=LONG,
        help_text="For a public meeting: one each of police, councils, fire, probation and health is the aim",
    )  # fmt: skip


class GroupForm(SeenForm):
    """A group that was to be reached."""

    name = TextField(
        label="Group", noun="the group", max_length=200,
        help_text="For instance: people who work in the night; families of one faith; tenants",
    )  # fmt: skip
    reached = WholeNumberField(
        label="How many of it were reached?", required=False, min_value=0, max_value=1_000_000,
        help_text="Leave it empty where nobody knows",
    )  # fmt: skip
    gap = LongTextField(
        label="Who was not reached, why, and what will be tried?", required=False, rows=3, max_characters=LONG
    )


class TakeOutForm(SeenForm):
    """A group that was entered by mistake: nothing is asked."""


class NoteForm(_Offers, SeenForm):
    """How crime and disorder weighed in a decision."""

    on = DateField(label="Day of the decision", noun="the day of the decision")
    decision = TextField(label="What was decided?", noun="what was decided", max_length=300)
    body = TextField(
        label="Who decided?", noun="who decided", max_length=200, help_text="A committee, a board, a post"
    )
    agency = SelectField(label="Agency", required=False, empty="The partnership, or several")
    area = SelectField(label="Area of the plan", required=False, empty="None, or several")
    effects = LongTextField(
        label="What are the likely effects on crime, disorder, substance misuse and re-offending?",
        noun="the likely effects", rows=4, max_characters=LONG,
        help_text="Good ones and bad ones; “none” with the reason",
    )  # fmt: skip
    done = LongTextField(label="What is done about them?", required=False, rows=3, max_characters=LONG)


class ListForm(Form):
    """Filters of a list beside the plan, sent by GET."""

    mark_optional = False

    area = SelectField(label="Area", required=False, empty="All areas")
    status = SelectField(label="Status", required=False, empty="Any")
    agency = SelectField(label="Agency", required=False, empty="All agencies")
    board = SelectField(label="Board", required=False, empty="All boards")
    kind = SelectField(label="Kind", required=False, empty="All kinds", choices=ConsultationKind.choices)
    since = DayBox(label="From")
    until = DayBox(label="Until")

    def __init__(
        self, *args: Any, names: tuple[str, ...], offers: dict[str, Iterable[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(names):
            del self.fields[name]
        for name, choices in offers.items():
            if name in self.fields:
                self.fields[name].offer(choices)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What was chosen; what cannot be read narrows nothing, and its error says so."""
        self.is_valid()
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}

    def chips(self) -> list[dict[str, str]]:
        """Every filter that is set, in words, with the address of the list without it."""
        assert isinstance(self.data, QueryDict)
        return [
            {
                "label": str(self.fields[name].label),
                "words": f"{value.day} {value:%B %Y}"
                if isinstance(value, date)
                else dict(self.fields[name].choices).get(value, value),  # type: ignore[attr-defined]
                "url": _without(self.data, name),
            }
            for name, value in self.given().items()
        ]


def _without(data: QueryDict, name: str) -> str:
    values = data.copy()
    for one in (name, "page"):
        values.pop(one, None)
    return f"?{values.urlencode()}"
