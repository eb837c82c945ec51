"""What is typed about measures: their figures, what owners say, what they mean, who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from saferhub.foundation.forms import (
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    WholeNumberField,
)
from saferhub.plan.counters import all_counters
from saferhub.plan.models import Every, Polarity, Unit
from saferhub.plan.rules.commentary import LONGEST
from saferhub.plan.rules.figures import NO_EVIDENCE, NO_NUMBER, plain_number
from saferhub.plan.rules.measures import Meaning
from saferhub.sharing.edits import SeenForm

FIELD_OF_FIGURE = {
    **{
        f"{code}_{name}": name
        for code in ("no", "negative", "great")
        for name in ("numerator", "denominator", "value")
    },
    "part_over_whole": "numerator",
    "no_evidence": "evidence",
    "no_reason": "why",
    "changed_meanwhile": "evidence",
    "is_counted": "evidence",
    "not_over": "evidence",
    "measure_ended": "evidence",
}
FIELD_OF_WORDS = {
    "changed_meanwhile": "words",
    "not_over": "words",
    "no_words": "words",
    "too_long": "words",
    "same_words": "words",
}
FIELD_OF_MEANING = {
    "no_name": "name",
    "name_taken": "name",
    "no_definition": "definition",
    "no_formula": "formula",
    "no_source": "source",
    "unknown_counter": "counted_by",
    "not_its_unit": "unit",
    "no_per": "per",
    "target_without_direction": "target",
    "rise_with_direction": "rise_may_mean",
    "tolerance_without_target": "tolerance",
    "negative_tolerance": "tolerance",
    "no_target_why": "target_why",
    "great_number": "target",
    "nothing_changed": "name",
    "no_reason": "why",
    "no_first_day": "valid_from",
    "too_early": "valid_from",
    "not_a_first_day": "valid_from",
    "entered_since": "valid_from",
    "unknown_area": "area_id",
    "unknown_objective": "objective_id",
    "unknown_owner": "owner",
    "unknown_agency": "owner_agency",
    "no_owner_post": "owner_post",
}
FIELD_OF_END = {"no_last_day": "last_day", "no_reason": "why"}
FIELD_OF_STEP = {
    "no_first_day": "first_day",
    "not_in_chart": "first_day",
    "step_stands": "first_day",
    "no_reason": "why",
}
_OPEN = "Everybody in the partnership reads it. Name nobody the partnership works with, and no case"


class NumberField(TextField):
    """A number that may have a point and places, cleaned to a Decimal; thousands may be parted by commas."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("width", 10)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        plain = str(text).replace(",", "").removeprefix("£").removesuffix("%").strip()
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        exponent = number.as_tuple().exponent
        if not number.is_finite() or not isinstance(exponent, int) or abs(number.adjusted()) > 20:
            raise ValidationError("Enter a number, such as 12 or 12.5", code="invalid")
        if exponent < -3:
            raise ValidationError("Enter three places after the point at most", code="invalid")
        return number

    def prepare_value(self, value: Any) -> Any:
        return plain_number(value) if isinstance(value, Decimal) else value


class FigureForm(Form):
    """A figure of one time, or why there is none. `unit`: which numbers it is made of; `replaces`: another stands."""

    numerator = NumberField(label="Number", required=False)
    denominator = NumberField(label="Of how many", required=False)
    value = NumberField(label="Figure", required=False)
    missing_why = TextField(
        label="Or: why is there no figure?", noun="why there is no figure", required=False, max_length=300,
        help_text="Leave empty where there is one",
    )  # fmt: skip
    evidence = LongTextField(
        label="Where does it come from?", noun="where it comes from", rows=2, required=False,
        help_text=f"A return, a page, a message, with its date. {_OPEN}",
    )  # fmt: skip
    why = TextField(
        label="Why does it replace the figure that stands?", noun="why it replaces the figure", required=False,
        max_length=300,
    )  # fmt: skip
    seen = HiddenField(required=False)

    def __init__(self, *args: Any, unit: str, formula: str, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made_of = {
            "per_cent": ("numerator", "denominator"),
            "rate": ("numerator", "denominator"),
            "count": ("numerator",),
        }
        asked = made_of.get(unit, ("value",))
        for name in ("numerator", "denominator", "value"):
            if name not in asked:
                del self.fields[name]
        self.fields[asked[0]].help_text = formula
        for name in (*asked, "evidence", *(["why"] if replaces else [])):
            self.fields[name].is_asked = True  # type: ignore[attr-defined]
        if not replaces:
            del self.fields["why"]
        self._numbers = asked

    def clean(self) -> dict[str, Any]:
        """Everything that is missing is said at once."""
        given = self.cleaned_data
        if not given.get("missing_why") and "missing_why" not in self.errors:
            for name in self._numbers:
                if given.get(name) is None and name not in self.errors:
                    self.refuse(name, NO_NUMBER)
            if not given.get("evidence") and "evidence" not in self.errors:
                self.refuse("evidence", NO_EVIDENCE)
        return given

    def given(self) -> dict[str, Any]:
        """What was typed, as arguments of the operation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class CommentForm(Form):
    """What an owner says of a quarter."""

    words = LongTextField(
        label="What does it show, and what is done about it?", noun="what it shows", rows=6, max_characters=LONGEST,
        help_text=_OPEN,
    )  # fmt: skip
    seen = HiddenField(required=False)


class _MeaningForm(SeenForm):
    """What a measure means."""

    name = TextField(label="What is it called?", noun="what it is called", max_length=200)
    definition = LongTextField(
        label="What does it measure?",
        noun="what it measures",
        rows=2,
        help_text="In plain words, as one would say it",
    )
    formula = TextField(
        label="What is counted, or divided by what?", noun="what is counted", max_length=1_000,
        help_text="For example: referrals adopted ÷ referrals decided × 100",
    )  # fmt: skip
    source = TextField(
        label="Where do the figures come from?", noun="where the figures come from", max_length=500
    )
    counted_by = SelectField(
        label="Is it entered or counted?", empty=None, required=False, noun="whether it is entered or counted",
    )  # fmt: skip
    unit = SelectField(label="Unit", noun="the unit", choices=Unit.choices)
    per = WholeNumberField(
        label="For a rate: per how many?", noun="per how many", required=False, min_value=1, max_value=10_000_000,
        help_text="Such as 1,000 residents",
    )  # fmt: skip
    every = SelectField(
        label="What time does each figure cover?", noun="what time", choices=Every.choices, empty=None
    )
    polarity = RadiosField(
        label="Which direction is good?", noun="which direction is good", choices=Polarity.choices
    )
    rise_may_mean = TextField(
        label="What may a rise mean?", noun="what a rise may mean", required=False, max_length=300,
        help_text="Where neither direction is good by itself: “More confidence to report, or more of it”",
    )  # fmt: skip
    target = NumberField(label="Target", required=False, help_text="Leave empty where no target is set")
    tolerance = NumberField(
        label="Tolerance", required=False, help_text="How far from its target a figure is amber and not red"
    )
    target_why = TextField(
        label="Why this target?", noun="why this target", required=False, max_length=500,
        help_text="Who asked for it, or what it rests on",
    )  # fmt: skip
    baseline = NumberField(label="Baseline", required=False)
    baseline_words = TextField(
        label="Of what time is the baseline?", noun="the time of the baseline", required=False, max_length=300
    )
    comparator = TextField(
        label="With whom is it compared?", noun="with whom it is compared", required=False, max_length=300,
        help_text="With the version of the group, such as its month and year",
    )  # fmt: skip
    small = WholeNumberField(
        label="Small numbers", noun="the small numbers", min_value=0, max_value=20,
        help_text="Counts of people from 1 up to one below this are not shown. 0: it counts no people",
    )  # fmt: skip
    caveat = LongTextField(
        label="What should readers bear in mind?",
        noun="what readers should bear in mind",
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = [(one.code, f"Counted here: {one.words}") for one in all_counters()]
        self.fields["counted_by"].offer([("", "It is entered"), *counted])  # type: ignore[attr-defined]


def meaning_from(values: Mapping[str, Any]) -> Meaning:
    """What was typed, as a version says it."""
    blank: dict[str, Any] = {"per": 1, "small": 5, **dict.fromkeys(("target", "tolerance", "baseline"))}
    given = {name: values.get(name) for name in Meaning.__slots__}
    return Meaning(**{name: blank.get(name, "") if value is None else value for name, value in given.items()})


class KeepingForm(SeenForm):
    """Who answers for a measure, and where in the plan it stands."""

    owner_post = TextField(
        label="Which post answers for it?", noun="the post that answers for it", max_length=200
    )
    owner = SelectField(
        label="Who is that?", noun="who that is", required=False, empty="Nobody is named",
        help_text="Asked after each quarter what the figure shows",
    )  # fmt: skip
    owner_agency = SelectField(label="Agency", required=False, empty="None")
    area_id = SelectField(label="Area of the plan", required=False, empty="The partnership as a whole")
    objective_id = SelectField(label="Objective", required=False, empty="None: the whole area")
    order = WholeNumberField(label="Its place in the area", min_value=1, max_value=999, required=False)

    def __init__(
        self,
        *args: Any,
        people: Iterable[Any],
        agencies: Iterable[tuple[str, str]],
        areas: Iterable[tuple[str, str]],
        objectives: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {"owner": people, "owner_agency": agencies, "area_id": areas, "objective_id": objectives}
        for name, choices in offered.items():
            self.fields[name].offer(choices)  # type: ignore[attr-defined]


class DefineForm(_MeaningForm, KeepingForm):
    """A new measure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["order"]
        kept = ("area_id", "objective_id", "owner_post", "owner", "owner_agency")
        self.order_fields([*(name for name in self.fields if name not in kept), *kept])


class ChangeForm(_MeaningForm):
    """What a measure means from a day on."""

    valid_from = DateField(
        label="From which day does this count?", noun="the first day",
        help_text="The first day of a time of the measure. Figures before it stay as they were defined then",
    )  # fmt: skip
    why = TextField(label="Why does it change?", noun="why it changes", max_length=1_000)


class EndForm(SeenForm):
    """The last day of a measure, and why."""

    last_day = DateField(label="Last day on which it is kept", noun="the last day")
    why = LongTextField(label="Why is it not kept any more?", noun="why it ends", rows=2)


class StepForm(Form):
    """From which time limits are calculated anew."""

    first_day = SelectField(label="From which time on?", noun="the time")
    why = LongTextField(
        label="What is known to have changed?", noun="what changed", rows=2,
        help_text="A new way of working, a new form, a service that opened. It stands beside the chart",
    )  # fmt: skip

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].offer(periods)  # type: ignore[attr-defined]


class TakeBackForm(Form):
    """Why limits are not calculated anew from a time after all."""

    why = LongTextField(label="Why is this taken back?", noun="why it is taken back", rows=2)


class ScorecardForm(Form):
    """The filter of the scorecard."""

    mark_optional = False

    area = SelectField(label="Area", required=False, empty="All areas")
    colour = SelectField(
        label="Colour", required=False, empty="Any",
        choices=[("on_track", "Green"), ("at_risk", "Amber"), ("off_track", "Red"), ("no_target", "Grey")],
    )  # fmt: skip
    whose = SelectField(label="Whose", required=False, empty="Everybody’s", choices=[("mine", "Mine")])

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(areas)  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, Any]:
        """What was chosen; a field that cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "area_id": given.get("area") or "",
            "colour": given.get("colour") or "",
            "mine": given.get("whose") == "mine",
        }


class BreakdownForm(Form):
    """Which time is broken down."""

    mark_optional = False
    period = SelectField(label="Time", required=False, empty="The newest")

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].offer(periods)  # type: ignore[attr-defined]
