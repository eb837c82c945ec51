"""What is typed about minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saferhub.foundation.forms import Form, HiddenField, LongTextField, RadiosField, SelectField, TextField
from saferhub.releases.forms.letters import ReleaseForm
from saferhub.releases.rules.check import Finding
from saferhub.sharing.edits import SeenForm

LONGEST = 200_000
# Rows of a field, and how many letters stand in one.
_LOW, _HIGH, _ACROSS = 2, 20, 85
AGENCY, OTHER = "agency", "other"
# Beside which field a refusal stands.
FIELD_OF = {"no_notice": "notice", "nothing_corrected": "notice"}


def _text(heading: str, text: Any) -> LongTextField:
    """A field as high as its text; low where nothing was said, which is most of an agenda."""
    said = str(text or "")
    lines = sum(len(one) // _ACROSS + 1 for one in said.split("\n")) + 1 if said else _LOW
    return LongTextField(label=heading, rows=min(max(lines, _LOW), _HIGH), required=False, max_length=LONGEST)


class PartForm(SeenForm):
    """What was said at each item of a part: a field for each. `headings`: by the name of the field."""

    mark_optional = False

    def __init__(self, *args: Any, headings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, heading in headings:
            self.fields[name] = _text(heading, (self.data or self.initial).get(name))


class CorrectForm(Form):
    """The words of an approved part as they should have been, and the notice. `seen`: the hash of what was read."""

    mark_optional = False

    seen = HiddenField()
    notice = LongTextField(
        label="What was wrong, and what is right?",
        noun="what was wrong and what is right",
        rows=3,
        max_length=2000,
        help_text="This stands above the corrected minutes, for everybody who may read them.",
    )

    def __init__(self, *args: Any, headings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, heading in headings:
            self.fields[name] = _text(heading, (self.data or self.initial).get(name))

    def texts(self) -> dict[str, Any]:
        """What was said, by the name of the field."""
        return {name: value for name, value in self.cleaned_data.items() if name.startswith("text_")}


class ApproveForm(Form):
    """The mark of what was read; where she wrote some of it (`own`), why she approves it herself."""

    seen = HiddenField()
    why = LongTextField(
        label="Why do you approve what you wrote yourself?",
        noun="why you approve it yourself",
        rows=3,
        max_length=500,
        help_text="This stays with the minutes. Those who prepare and approve them read it.",
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not own:
            del self.fields["why"]


class GiveForm(ReleaseForm):
    """To whom the minutes of one item go, and on what that rests."""

    to = RadiosField(
        label="Whom is it for?",
        choices=[(AGENCY, "An agency of the partnership"), (OTHER, "Somebody else")],
        reveals={AGENCY: "agency", OTHER: "recipient"},
    )
    agency = SelectField(label="Agency", empty="Choose an agency", required=True)
    recipient = TextField(label="Name", noun="the name of whoever it is for", max_length=200, required=True)

    def __init__(
        self, *args: Any, agencies: Sequence[tuple[str, str]], findings: Sequence[Finding], **kwargs: Any
    ) -> None:
        super().__init__(*args, findings=findings, is_agency=True, **kwargs)
        chosen: Any = self.fields["agency"]
        chosen.offer(agencies)
        first = ("to", "agency", "recipient")
        self.order_fields([*first, *(name for name in self.fields if name not in first)])

    def is_for_agency(self) -> bool:
        return bool(self.cleaned_data["to"] == AGENCY)
