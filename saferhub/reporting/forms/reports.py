"""What is typed about reports: their beginning, their sections, approval, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from saferhub.foundation.forms import (
    ConfirmField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
)
from saferhub.reporting.queries.report_lists import Filters
from saferhub.reporting.rules.reports import LONGEST_WORDS
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "no_title": "title",
    "no_post": "post",
    "no_outline": "outline",
    "no_committee": "committee",
    "other_committee": "sitting",
    "as_of_ahead": "as_of",
    "no_heading": "heading",
    "no_words": "words",
    "unknown_mark": "words",
    "no_ground": "exempt_why",
    "no_reason": "reason",
    "no_notice": "notice",
}
# In the form of a section the reason is for leaving it out.
SECTION_FIELD_OF = {**FIELD_OF, "no_reason": "left_out_why", "not_in_hand": "words"}
HEAD_FIELD_OF = {**FIELD_OF, "no_post": "author_post", "not_in_hand": "title"}
_NAMES = "It may be published: name posts, and nobody the partnership works with."


class FilterForm(Form):
    """What the list shows. Anything that is not offered counts as not chosen."""

    mark_optional = False

    kind = SelectField(label="Kind", empty="All kinds", required=False)
    status = SelectField(label="How it stands", empty="Any", required=False)
    committee = SelectField(label="Committee", empty="All committees", required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.offer(list(offered))

    def filters(self, sort: str) -> Filters:
        """The filters chosen; a value that is not offered is left out."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        return Filters(
            chosen.get("kind") or "", chosen.get("status") or "", chosen.get("committee") or "", sort
        )


class BeginForm(Form):
    """From which outline, for whom, of which day."""

    outline = SelectField(label="What do you write?", noun="what you write", empty="Choose an outline")
    committee = SelectField(
        label="Committee", empty="None", required=False, help_text="For a report to members"
    )
    sitting = SelectField(
        label="Sitting", empty="None yet", required=False, help_text="Where it will be looked at"
    )
    as_of = DateField(
        label="Up to which day are facts and figures told?",
        noun="the day up to which facts and figures are told",
        help_text="Figures are of the newest months, quarters and years that were over on that day",
    )
    title = TextField(label="Title", noun="the title", max_length=300)

    def __init__(
        self,
        *args: Any,
        outlines: Sequence[tuple[str, str]],
        committees: Sequence[tuple[str, str]],
        sittings: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("outline", outlines), ("committee", committees), ("sitting", sittings)):
            field: Any = self.fields[name]
            field.offer(list(offered))


class HeadForm(SeenForm):
    """What stands above a report."""

    title = TextField(label="Title", noun="the title", max_length=300)
    author_post = TextField(
        label="From",
        noun="the post in whose name it is written",
        max_length=200,
        help_text="A post, not a name",
    )


class SectionForm(SeenForm):
    """A section's heading and words, and whether it is in the report, and for whom."""

    heading = TextField(label="Heading", noun="the heading", max_length=200)
    words = LongTextField(
        label="Words",
        noun="the words",
        rows=16,
        required=False,
        max_length=LONGEST_WORDS,
        help_text=(
            "An empty line begins a new paragraph; a line that begins with “- ” is a part of the paragraph above it."
            " A figure is cited by its mark in square brackets. " + _NAMES
        ),
    )
    is_left_out = ConfirmField(label="Leave this section out of the report", required=False)
    left_out_why = TextField(
        label="Why is it left out?", noun="why it is left out", required=False, max_length=300
    )
    is_exempt = ConfirmField(label="Exempt: for members alone, not for the public", required=False)
    exempt_why = TextField(
        label="On which ground is it exempt?",
        noun="the ground",
        required=False,
        max_length=500,
        help_text="The public copy says that a part is exempt, and on which ground",
    )
    mark_optional = False


class AddSectionForm(Form):
    """A section of the author's own."""

    heading = TextField(label="Heading", noun="the heading", max_length=200)
    words = LongTextField(
        label="Words", noun="the words", rows=10, max_length=LONGEST_WORDS, help_text=_NAMES
    )


class AskForm(SeenForm):
    """Nothing but what was seen; for a correction the notice."""

    notice = LongTextField(
        label="What was wrong, and what is right?",
        noun="what was wrong and what is right",
        rows=4,
        max_length=2000,
        help_text="This stands above the corrected report, for everybody who reads it.",
    )

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["notice"]


class ApproveForm(Form):
    """The mark of what was read, and the post."""

    seen = HiddenField()
    post = TextField(
        label="As what do you approve it?", noun="the post in which you approve it", max_length=200,
        help_text="For instance: Partnership manager",
    )  # fmt: skip


class PublishForm(Form):
    """The mark of what was read."""

    seen = HiddenField()


class ReasonForm(SeenForm):
    """Why something is done."""

    reason = LongTextField(label="Why?", noun="the reason", rows=3, max_length=1000)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
