"""What people type when they write to a case. Who sees it is said by name beside each choice, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saferhub.casework.models import Sharing
from saferhub.casework.queries.notes_audience import Audience
from saferhub.casework.rules.notes import people_words
from saferhub.casework.rules.notes_files import ACCEPT, IN_WORDS
from saferhub.foundation.forms import (
    CheckboxesField,
    DateField,
    FileField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    YesNoField,
)
from saferhub.sharing.edits import SeenForm

FIELD_OF = {
    "words_missing": "words",
    "not_yet": "on",
    "who_sees_missing": "sharing",
    "no_unit": "sharing",
    "nobody_named": "named",
    "does_not_see_case": "named",
    "agreement_not_in_force": "named",
    "unknown_way": "how",
    "reached_missing": "reached",
    "unsafe_way": "unsafe_why",
    "unsafe_for_all": "sharing",
    "changed_to_unsafe": "how",
    "reason_missing": "reason",
    "file_empty": "file",
    "file_too_large": "file",
    "file_kind": "file",
    "file_not_what_it_says": "file",
    "file_infected": "file",
    "file_not_scanned": "file",
    "file_not_scannable": "file",
}
MOST_CHARACTERS = 40_000


class SharedForm(Form):
    """The question who sees it, for whatever is written to a case."""

    sharing = RadiosField(
        label="Who is to see it?",
        noun="who is to see it",
        reveals={Sharing.NAMED: "named"},
    )
    named = CheckboxesField(label="Whom do you name?", noun="at least one agency", small=True)

    def __init__(self, *args: Any, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(audience)

    def _offer(self, audience: Audience) -> None:
        sharing, named = self.fields["sharing"], self.fields["named"]
        own = f"Only {audience.own_name}" if audience.own_name else "Only my unit"
        names = "People I name" if audience.is_restricted else "Agencies I name"
        choices = [(Sharing.ALL, "Everybody who sees this case"), (Sharing.OWN, own)]
        if audience.parties:
            choices.insert(1, (Sharing.NAMED, f"{names}, and my own unit"))
        sharing.choices = choices  # type: ignore[attr-defined]
        sharing.widget.hints = {
            str(
                Sharing.ALL
            ): f"Today: {people_words(audience.everybody)}. Whoever joins the case sees it too.",
            str(
                Sharing.NAMED
            ): "Nobody else finds it: not on the page, not in the timeline, not by a search.",
            str(
                Sharing.OWN
            ): f"Today: {people_words(audience.own)}. Neither the hub nor any other agency finds it.",
        }
        named.choices = [(one.key, one.name) for one in audience.parties]  # type: ignore[attr-defined]
        named.widget.hints = {one.key: one.hint for one in audience.parties}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # What was ticked before another choice was made names nobody.
        if cleaned.get("sharing") != Sharing.NAMED:
            cleaned["named"] = []
        return cleaned


def _up_to(form: Form, today: date) -> None:
    form.fields["on"].between(latest=today)  # type: ignore[attr-defined]
    if not form.is_bound:
        form.initial.setdefault("on", today)


class UpdateForm(SharedForm):
    """An update: what happened, when, for whom."""

    words = LongTextField(
        label="What happened, or what does everybody need to know?",
        noun="what happened",
        rows=8,
        max_length=MOST_CHARACTERS,
        help_text="Say what you saw or were told, and by whom. Write “alleged” of what nobody has found to be so.",
    )
    on = DateField(label="When was that?", noun="the day")
    field_order = ["words", "on", "sharing", "named"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _up_to(self, today)


class ContactForm(SharedForm):
    """A contact with somebody in the case."""

    how = RadiosField(label="How?", noun="how you contacted them", inline=False, small=True)
    reached = YesNoField(label="Did you reach them?", noun="whether you reached them")
    on = DateField(label="When was that?", noun="the day")
    words = LongTextField(
        label="What was said?",
        noun="what was said",
        rows=6,
        max_length=MOST_CHARACTERS,
        help_text="What they told you, what they want, and what you said would happen next. If you did not reach "
        "them: what you tried.",
    )
    unsafe_why = LongTextField(
        label="That way is not safe for them. Why was it used?",
        noun="why it was used",
        required=False,
        rows=3,
        help_text="Save again to confirm that it was used. The lead officer and the hub’s co-ordinator are told at "
        "once. If somebody is in danger now, ring 999.",
    )
    field_order = ["how", "unsafe_why", "reached", "on", "words", "sharing", "named"]

    def __init__(
        self,
        *args: Any,
        today: date,
        ways: list[tuple[str, str]],
        unsafe: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = ways  # type: ignore[attr-defined]
        self.fields["how"].widget.hints = {way: f"Not safe: {words}" for way, words in (unsafe or {}).items()}
        # Asked only of somebody who chose such a way.
        if not unsafe or self.data.get("how") not in unsafe:
            del self.fields["unsafe_why"]
        _up_to(self, today)


class EditUpdateForm(SeenForm):
    """Another wording of an update."""

    words = LongTextField(label="What happened", rows=8, max_length=MOST_CHARACTERS)
    on = DateField(label="When was that?", noun="the day")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].between(latest=today)  # type: ignore[attr-defined]


class EditContactForm(EditUpdateForm):
    """Another wording of a contact."""

    words = LongTextField(label="What was said", rows=6, max_length=MOST_CHARACTERS)
    how = SelectField(label="How?", noun="how you contacted them")
    reached = YesNoField(label="Did you reach them?", noun="whether you reached them")
    field_order = ["how", "reached", "on", "words"]

    def __init__(self, *args: Any, ways: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].offer(ways)  # type: ignore[attr-defined]


class WithdrawForm(Form):
    """Why something is not to be relied on."""

    reason = LongTextField(label="Why is it withdrawn?", rows=4, noun="the reason")


class NoteFileForm(Form):
    """A file beside a note, which is shared as the note is."""

    file = FileField(label="The file", noun="a file", accept=ACCEPT)
    about = TextField(
        label="What it is",
        required=False,
        max_length=200,
        help_text="For example: letter to the landlord, photograph of the broken door",
    )

    def __init__(self, *args: Any, most_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"{IN_WORDS}, up to {most_megabytes} megabytes"


class FileForm(NoteFileForm, SharedForm):
    """A file in a case."""

    field_order = ["file", "about", "sharing", "named"]
