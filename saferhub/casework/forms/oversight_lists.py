"""The filters of the lists of casework. Each is sent by GET, so that what was chosen stands in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import QueryDict

from saferhub.casework.models import (
    ActionStatus,
    CaseStatus,
    InterventionClass,
    InterventionStatus,
    ReferralStatus,
    Source,
    SubjectKind,
)
from saferhub.casework.queries.oversight_lists import Filters, Listing
from saferhub.casework.queries.oversight_narrow import (
    ACTION_DUE_WORDS,
    ALL,
    CASE_DUE_WORDS,
    INTERVENTION_DUE_WORDS,
    NOT_SCORED,
    REFERRAL_DUE_WORDS,
)
from saferhub.foundation.forms import Form, SearchField, SelectField
from saferhub.partnership.rules.dates_in_words import date_in_words

Choices = list[tuple[str, str]]
_BANDS: Choices = [
    ("high", "High"),
    ("medium", "Medium"),
    ("standard", "Standard"),
    ("low", "Low"),
    (NOT_SCORED, "Not scored"),
]


class ListForm(Form):
    """What the four lists share. `choices`: what hub, agency and the like offer, by field."""

    mark_optional = False

    words = SearchField(label="Reference or words of the title", required=False, max_length=200)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            if name in self.fields:
                self.fields[name].offer(offered)  # type: ignore[attr-defined]

    @property
    def _query(self) -> QueryDict:
        assert isinstance(self.data, QueryDict)
        return self.data

    def filters(self, listing: Listing) -> Filters:
        """What was chosen; a field that cannot be read narrows nothing, and its error says so."""
        self.is_valid()
        given = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        data = self._query
        return Filters(given, days_in(data, listing), listing.order(data.get("sort", "")))

    def chips(self, listing: Listing) -> list[dict[str, str]]:
        """Every filter that is set, in words, with the address of the list without it."""
        data = self._query
        said = [
            (name, str(self.fields[name].label), _said(self.fields[name], value))
            for name, value in self.filters(listing).given.items()
            if value
        ]
        said += [
            (name, listing.days[name], date_in_words(day)) for name, day in days_in(data, listing).items()
        ]
        return [{"label": label, "words": words, "url": _without(data, name)} for name, label, words in said]


def days_in(data: QueryDict, listing: Listing) -> dict[str, date]:
    """The days that an address names, as figures link to their rows; one that cannot be read narrows nothing."""
    found: dict[str, date] = {}
    for name in listing.days:
        try:
            found[name] = date.fromisoformat(data.get(name, ""))
        except ValueError:
            continue
    return found


def whose_links(data: QueryDict, everything: str) -> list[dict[str, Any]]:
    """Mine, my agency's, or all of it: each the address of the list with the other filters as they are.
    `everything`: what the last is called."""
    chosen = data.get("whose", "")
    return [
        {
            "label": words,
            "url": _without(data, "whose") + (f"&whose={code}" if code else ""),
            "current": chosen == code,
        }
        for code, words in (("mine", "Mine"), ("agency", "My agency"), ("", everything))
    ]


def _said(field: Any, value: str) -> str:
    return str(dict(field.choices).get(value, value)) if hasattr(field, "choices") else f"“{value}”"


def _without(data: QueryDict, name: str) -> str:
    values = data.copy()
    for one in (name, "page"):
        values.pop(one, None)
    return f"?{values.urlencode()}"


class CaseListForm(ListForm):
    hub = SelectField(label="Hub", required=False, empty="All hubs")
    status = SelectField(
        label="Status", required=False, empty="Open", choices=[*CaseStatus.choices, (ALL, "Open and closed")]
    )
    band = SelectField(label="Risk", required=False, empty="Any", choices=_BANDS)
    due = SelectField(label="What is due", required=False, empty="Anything", choices=CASE_DUE_WORDS)
    subject = SelectField(label="About", required=False, empty="Anything", choices=SubjectKind.choices)
    agency = SelectField(label="Lead agency", required=False, empty="All agencies")
    whose = SelectField(
        label="Whose",
        required=False,
        empty="Everybody’s",
        choices=[
            ("mine", "Those I lead"),
            ("unit", "Those my unit leads"),
            ("agency", "Those my agency leads"),
        ],
    )
    outcome = SelectField(label="Outcome", required=False, empty="Any")


class ReferralListForm(ListForm):
    hub = SelectField(label="Hub", required=False, empty="All hubs")
    status = SelectField(
        label="Status",
        required=False,
        empty="Not decided yet",
        choices=[*ReferralStatus.choices, (ALL, "Every status")],
    )
    due = SelectField(label="What is due", required=False, empty="Anything", choices=REFERRAL_DUE_WORDS)
    subject = SelectField(label="About", required=False, empty="Anything", choices=SubjectKind.choices)
    agency = SelectField(label="Referred by", required=False, empty="All agencies")
    source = SelectField(label="Way in", required=False, empty="Any", choices=Source.choices)
    whose = SelectField(
        label="Whose",
        required=False,
        empty="Everybody’s",
        choices=[("mine", "Those I wrote"), ("unit", "My unit’s own")],
    )


class ActionListForm(ListForm):
    hub = SelectField(label="Hub", required=False, empty="All hubs")
    status = SelectField(
        label="Status",
        required=False,
        empty="Open or blocked",
        choices=[*ActionStatus.choices, (ALL, "Every status")],
    )
    due = SelectField(label="Due", required=False, empty="Any day", choices=ACTION_DUE_WORDS)
    agency = SelectField(label="Agency that does it", required=False, empty="All agencies")
    whose = SelectField(
        label="Whose",
        required=False,
        empty="Everybody’s",
        choices=[
            ("mine", "Mine"),
            ("unit", "My unit’s"),
            ("agency", "My agency’s"),
            ("led", "In cases I lead"),
        ],
    )


class InterventionListForm(ListForm):
    hub = SelectField(label="Hub", required=False, empty="All hubs")
    status = SelectField(
        label="Status",
        required=False,
        empty="Planned or in place",
        choices=[*InterventionStatus.choices, (ALL, "Every status")],
    )
    kind = SelectField(label="Class", required=False, empty="Any", choices=InterventionClass.choices)
    power = SelectField(label="Tool or power", required=False, empty="Any")
    due = SelectField(label="What is due", required=False, empty="Anything", choices=INTERVENTION_DUE_WORDS)
    agency = SelectField(label="Used by", required=False, empty="All agencies")
    whose = SelectField(
        label="Whose",
        required=False,
        empty="Everybody’s",
        choices=[("unit", "My unit’s"), ("watch", "Those my unit watches")],
    )
    outcome = SelectField(label="Outcome", required=False, empty="Any")


FORMS: dict[str, type[ListForm]] = {
    "cases": CaseListForm,
    "referrals": ReferralListForm,
    "actions": ActionListForm,
    "interventions": InterventionListForm,
}
