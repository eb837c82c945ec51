"""What is typed about committees, sittings, themes, resolutions and members' questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from saferhub.foundation.forms import ConfirmField, DateField, Form, LongTextField, SelectField, TextField
from saferhub.reporting.queries.committees import QuestionFilters
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "no_name": "name",
    "committee_stands": "name",
    "no_outline": "outline",
    "no_day": "on",
    "papers_after": "papers_due_on",
    "sitting_stands": "on",
    "no_reason": "reason",
    "no_title": "title",
    "other_committee": "sitting",
    "no_words": "words",
    "no_owner": "owner_post",
    "unknown_owner": "owner",
    "asked_ahead": "asked_on",
    "no_due": "due_on",
    "due_before": "due_on",
    "no_answer": "answer",
    "no_resolved_on": "resolved_on",
    "resolved_ahead": "resolved_on",
    "no_resolved": "resolved",
    "no_answered_on": "answered_on",
    "answered_before": "answered_on",
    "no_answer_due": "answer_due_on",
}
_NAMES = "It may be published: name posts, and nobody the partnership works with."
LONG = 4_000


class _Offering(SeenForm):
    """A form whose lists are filled by the page. `offered`: by the name of the field."""

    def __init__(self, *args: Any, offered: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offered.items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.offer(list(choices))


class CommitteeForm(_Offering):
    """A committee to which the partnership gives account."""

    name = TextField(label="Name of the committee", noun="the committee’s name", max_length=300)
    agency = SelectField(label="Council whose committee it is", required=False, empty="None of ours")
    outline = SelectField(label="Outline of the report to it", noun="the outline", empty="Choose an outline")
    ended_on = DateField(label="Last day, if it has ended", noun="the last day", required=False)


class SittingForm(_Offering):
    """A sitting of the forward plan."""

    on = DateField(label="Day of the sitting", noun="the day of the sitting")
    papers_due_on = DateField(label="Papers wanted by", noun="the day for papers", required=False)
    place = TextField(label="Place", noun="the place", required=False, max_length=200)
    about = LongTextField(
        label="What is it to look at?",
        noun="what it is to look at",
        required=False,
        rows=3,
        max_characters=LONG,
    )
    outcome = LongTextField(
        label="What did it do?",
        noun="what it did",
        required=False,
        rows=4,
        max_characters=LONG,
        help_text=f"Once it has met. {_NAMES}",
    )


class ReasonForm(SeenForm):
    """Why something is done."""

    reason = LongTextField(label="Why?", noun="the reason", rows=3, max_length=1000)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label


class ThemeForm(_Offering):
    """A theme that members look at closer."""

    title = TextField(label="Theme", noun="the theme", max_length=300)
    why = LongTextField(label="Why?", noun="why it is chosen", required=False, rows=3, max_characters=LONG)
    area = SelectField(label="Area of the plan", required=False, empty="None")
    sitting = SelectField(label="Sitting", required=False, empty="None yet")
    brings = LongTextField(
        label="Who comes, and what do they bring?",
        noun="who comes and what they bring",
        required=False,
        rows=3,
        max_characters=LONG,
        help_text="Posts and papers",
    )
    outcome = LongTextField(
        label="What did members make of it?",
        noun="what members made of it",
        required=False,
        rows=4,
        max_characters=LONG,
    )
    is_dropped = ConfirmField(label="It will not be discussed", required=False)


class ResolutionForm(_Offering):
    """What members resolved, and what became of it."""

    words = LongTextField(
        label="Recommendation",
        noun="the recommendation",
        rows=3,
        max_characters=LONG,
        required=False,
        help_text=_NAMES,
    )
    resolved = LongTextField(
        label="What did members resolve?",
        noun="what members resolved",
        required=False,
        rows=3,
        max_characters=LONG,
    )
    resolved_on = DateField(label="On which day?", noun="the day of the resolution", required=False)
    copied_to = LongTextField(
        label="To which authorities was it copied, and when?",
        noun="to whom it was copied",
        required=False,
        rows=2,
        max_characters=LONG,
    )
    needs_answer = ConfirmField(label="It wants a written answer", required=False)
    answer_due_on = DateField(
        label="Answer due",
        noun="the day for the answer",
        required=False,
        help_text="Without a day: as long after it was resolved as the law gives",
    )
    answer = LongTextField(
        label="The written answer",
        noun="the answer",
        required=False,
        rows=5,
        max_characters=LONG,
        help_text=_NAMES,
    )
    answered_on = DateField(label="Answered on", noun="the day of the answer", required=False)
    mark_optional = False

    def __init__(self, *args: Any, is_the_reports: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_the_reports:
            del self.fields["words"]
        else:
            self.fields["words"].required = True


class QuestionForm(_Offering):
    """A question of a member: what, whose, by when."""

    words = LongTextField(
        label="What was asked?", noun="what was asked", rows=4, max_characters=LONG, help_text=_NAMES
    )
    asked_by = TextField(
        label="Who asked?",
        noun="who asked",
        required=False,
        max_length=200,
        help_text="The member’s public office: who, for where",
    )
    asked_at = SelectField(label="At which sitting?", required=False, empty="Between sittings")
    asked_on = DateField(
        label="On which day?",
        noun="the day on which it was asked",
        required=False,
        help_text="The sitting’s, if none",
    )
    area = SelectField(label="Area of the plan", required=False, empty="None")
    owner_post = TextField(label="Post that answers it", noun="the post that answers it", max_length=200)
    owner = SelectField(label="Who holds that post here?", required=False, empty="Nobody with an account")
    due_at = SelectField(label="Answered at which sitting?", required=False, empty="None yet")
    due_on = DateField(
        label="Answered by",
        noun="the day by which it is answered",
        required=False,
        help_text="The sitting’s, if none",
    )
    mark_optional = False


class AnswerForm(SeenForm):
    """The answer to a question."""

    answer = LongTextField(
        label="Your answer",
        noun="your answer",
        rows=8,
        max_characters=LONG,
        help_text=f"It stands in the next report to the committee. {_NAMES}",
    )


class QuestionFilterForm(Form):
    """What the list of questions shows."""

    mark_optional = False

    committee = SelectField(label="Committee", empty="All committees", required=False)
    status = SelectField(label="How it stands", empty="Any", required=False)
    mine = SelectField(label="Whose", empty="Everybody’s", choices=[("1", "Mine")], required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.offer(list(offered))

    def filters(self, sort: str) -> QuestionFilters:
        """The filters chosen; a value that is not offered is left out."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        return QuestionFilters(
            chosen.get("committee") or "", chosen.get("status") or "", chosen.get("mine") or "", sort
        )
