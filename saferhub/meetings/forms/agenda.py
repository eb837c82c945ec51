"""What an organiser types about an agenda."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from saferhub.foundation.forms import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SearchField,
    SelectField,
    TextField,
    WholeNumberField,
)
from saferhub.foundation.forms.widgets import TextInput
from saferhub.sharing.edits import SeenForm

LONGEST = 4_000
# Beside which field a refusal stands.
FIELD_OF = {
    "no_reason": "why",
    "after_cut_off": "urgent_why",
    "no_title": "title",
    "nobody": "whom",
    "yourself": "whom",
    "kept_already": "whom",
    "has_a_seat": "whom",
    "kept_from": "whom",
    "no_agreement": "whom",
}


def _minutes(**more: Any) -> WholeNumberField:
    return WholeNumberField(
        label="Minutes set aside",
        noun="the minutes set aside",
        min_value=0,
        max_value=240,
        width=3,
        **more,
    )


def _urgent() -> LongTextField:
    return LongTextField(
        label="Why can it not wait for the next meeting?",
        noun="why it cannot wait",
        rows=3,
        max_length=LONGEST,
        help_text="The agenda is closed. It is added by exception, and the reason is kept",
    )


class SendForm(Form):
    """One press. `seen`: the mark of what stands on the page."""

    seen = HiddenField(required=False)


class LateForm(Form):
    urgent_why = _urgent()


class FindForm(Form):
    q = SearchField(
        label="Reference, or words of the title", noun="a reference or words of a title", width=30
    )
    mark_optional = False


class OrderForm(Form):
    """A box for the place of each item below its heading, and the order in which they were drawn. What was typed is
    read by the view, one box at a time.

    `lines`: public_id, words and place of each item in order, the place 0 for a heading. `typed`: what stands in a box
    instead of its place; `wrong`: the boxes (public_ids) in which it is no place.
    """

    drawn = HiddenField(required=False)

    def __init__(
        self,
        *,
        lines: Iterable[tuple[str, str, int]],
        typed: Mapping[str, str],
        wrong: Collection[str] = (),
    ) -> None:
        super().__init__()
        drawn = list(lines)
        self.fields["drawn"].initial = " ".join(f"{public_id}:{place}" for public_id, _, place in drawn)
        for public_id, words, place in drawn:
            if not place:
                continue
            label = f"Place of {words}"
            attrs = {"inputmode": "numeric", "aria-label": label}
            if public_id in wrong:
                attrs |= {"aria-label": f"{label}: enter a whole number from 1", "aria-invalid": "true"}
            self.fields[f"place-{public_id}"] = WholeNumberField(
                required=False,
                initial=typed.get(public_id, place),
                widget=TextInput(width=2, attrs=attrs),
            )

    def box(self, public_id: str) -> Any:
        return self[f"place-{public_id}"]


class PutForm(Form):
    """About a case or referral; without one, about a theme or other business."""

    kind = RadiosField(label="As what?", noun="as what it stands there")
    title = TextField(
        label="What is it about?",
        noun="what it is about",
        max_length=200,
        help_text="Everybody who sits in the meeting reads this. Name nobody",
    )
    why = LongTextField(
        label="Why is it on the agenda?",
        noun="why it is on the agenda",
        rows=3,
        max_length=LONGEST,
        help_text="Kept with the agenda. Those at the table read it",
    )
    brief = LongTextField(
        label="What do those at the table need to know before?",
        noun="what they need to know",
        rows=5,
        max_length=LONGEST,
        required=False,
        help_text="They are asked what they hold, so say what they should look for",
    )
    people = CheckboxesField(
        label="Who is named on it?",
        noun="who is named",
        required=False,
        help_text="Those at the table see the records of whoever is named, until some days after the meeting",
    )
    under = SelectField(label="Under which heading?", noun="the heading")
    minutes = _minutes()
    urgent_why = _urgent()

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[tuple[str, str]],
        headings: Iterable[tuple[str, str]],
        people: Iterable[tuple[str, str]] | None,
        is_late: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = list(kinds)
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]
        self.fields["under"].offer(headings)  # type: ignore[attr-defined]
        named = list(people or ())
        self.fields["people"].choices = named  # type: ignore[attr-defined]
        if not named:
            del self.fields["people"]
        if people is not None:
            del self.fields["title"]
        if not is_late:
            del self.fields["urgent_why"]


class ItemForm(SeenForm):
    """Its words and its time."""

    title = TextField(label="Title", noun="a title", max_length=200)
    why = LongTextField(
        label="Why is it on the agenda?", noun="why it is on the agenda", rows=3, max_length=LONGEST
    )
    brief = LongTextField(
        label="What do those at the table need to know before?",
        noun="what they need to know",
        rows=6,
        max_length=LONGEST,
        required=False,
    )
    minutes = _minutes()


class StandingItemForm(SeenForm):
    """A standing item keeps its title and its place; its time and what is read before can change."""

    brief = LongTextField(
        label="What do those at the table need to know before?",
        noun="what they need to know",
        rows=6,
        max_length=LONGEST,
        required=False,
        help_text="Everybody who sits in the meeting reads this. Name nobody",
    )
    minutes = _minutes()


class WhyForm(Form):
    """A reason, in words."""

    why = LongTextField(label="Why?", noun="why", rows=4, max_length=LONGEST)


class NamedForm(Form):
    people = CheckboxesField(label="Who is named on it?", noun="who is named", required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]


class KeepForm(Form):
    """From whom an item is kept, and why."""

    whom = SelectField(label="Who must not learn of it?", noun="who must not learn of it")
    is_conflict = RadiosField(
        label="Why is that?",
        noun="why that is",
        choices=[
            ("no", "They must not learn of it"),
            ("yes", "They have an interest of their own in it, and leave while it is spoken of"),
        ],
    )
    why = LongTextField(
        label="The reason",
        noun="the reason",
        rows=4,
        max_length=LONGEST,
        help_text="Only those who prepare the meeting and are not kept out read it",
    )

    def __init__(self, *args: Any, whom: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].offer(whom)  # type: ignore[attr-defined]


class GuestForm(Form):
    whom = SelectField(label="Who comes for this item?", noun="who comes for this item")

    def __init__(self, *args: Any, whom: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].offer(whom)  # type: ignore[attr-defined]
