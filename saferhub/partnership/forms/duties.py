"""Input of the statutory calendar and of the clocks' calculator, parsed and worded."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError

from saferhub.foundation.forms import DateField, Form, HiddenField, LongTextField, SelectField, TextField
from saferhub.partnership.models.duties import DutyOccurrence
from saferhub.partnership.queries.duties import rule_of
from saferhub.partnership.queries.duty_list import STATUS_CHOICES, Filters
from saferhub.partnership.rules.clocks import LONDON, Clock, Pause, Unit

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


def _offer(form: Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if not isinstance(field, SelectField):
        raise TypeError(f"{name} is no field to choose from")
    field.offer(choices)


class FilterForm(Form):
    """What the list shows. Anything that is not offered counts as not chosen."""

    mark_optional = False

    year = SelectField(label="Year", empty="All years", required=False)
    duty = SelectField(label="Duty", empty="All duties", required=False)
    period = SelectField(label="Period", empty="All periods", required=False)
    holder = SelectField(label="Whose", empty="Everybody", required=False)
    status = SelectField(label="Status", empty="Any status", choices=STATUS_CHOICES, required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            _offer(self, name, offered)

    def filters(self, sort: str) -> Filters:
        """The filters chosen; a value that is not offered is left out."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        year = chosen.get("year") or ""
        return Filters(
            year=int(year) if year else None,
            duty=chosen.get("duty") or "",
            holder=chosen.get("holder") or "",
            period=chosen.get("period") or "",
            status=chosen.get("status") or "",
            sort=sort,
        )


class _ItemForm(Form):
    """A form about one occurrence as it stood when the page was drawn."""

    edition = HiddenField()

    def __init__(self, *args: Any, occurrence: DutyOccurrence, **kwargs: Any) -> None:
        kwargs["initial"] = {"edition": occurrence.edition, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_edition(self) -> int:
        text = self.cleaned_data["edition"]
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValidationError("Open the page again and enter this once more")
        return int(text)


class DoneForm(_ItemForm):
    done_on = DateField(label="When was it done?", noun="the day on which it was done")
    evidence = LongTextField(
        label="Evidence",
        noun="the evidence",
        help_text="Say where somebody can find it. Name posts, not people.",
        max_characters=2000,
        rows=4,
    )
    evidence_reference = TextField(
        label="Reference or address of the evidence", noun="the reference", required=False, max_length=300
    )
    responsible_post = TextField(
        label="Post that answers for it", noun="the post", required=False, max_length=200, width=30
    )

    FIELD_OF = {
        "evidence_missing": "evidence",
        "done_in_future": "done_on",
        "done_before_start": "done_on",
    }

    def __init__(self, *args: Any, occurrence: DutyOccurrence, **kwargs: Any) -> None:
        super().__init__(*args, occurrence=occurrence, **kwargs)
        wanted = "; ".join(rule_of(occurrence).item.evidence).rstrip(".")
        field = self.fields["evidence"]
        field.help_text = f"Wanted: {wanted}. {field.help_text}"


class ReasonForm(_ItemForm):
    reason = LongTextField(label="Reason", noun="the reason", max_characters=1000, rows=4)

    FIELD_OF = {"reason_missing": "reason"}


class PauseForm(_ItemForm):
    from_on = DateField(
        label="First day on which the clock is held",
        noun="the first day",
        help_text="This day does not count.",
    )
    reason = LongTextField(label="What holds it", noun="what holds it", max_characters=1000, rows=3)

    FIELD_OF = {
        "reason_missing": "reason",
        "pause_in_future": "from_on",
        "pause_before_start": "from_on",
        "pause_overlaps": "from_on",
        "time_was_up": "from_on",
    }


class ResumeForm(_ItemForm):
    until_on = DateField(
        label="Day on which the clock runs again", noun="the day", help_text="This day counts again."
    )

    FIELD_OF = {"resume_in_future": "until_on", "pause_ends_before_it_begins": "until_on"}


class TimeField(TextField):
    """A time of day on the 24-hour clock, cleaned to a `time` or None."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = _TIME.fullmatch(text.strip())
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError("Enter the time on the 24-hour clock, like 9:30 or 16:05", code="invalid")
        return time(int(found[1]), int(found[2]))


def _moment(day: date, at: time | None) -> date | datetime:
    """The day, or the moment in London where a time of day is given."""
    return datetime.combine(day, at, tzinfo=LONDON) if at is not None else day


class CorrectStartForm(_ItemForm):
    """Another day for a clock that was started on the wrong one; a clock of hours asks for the time."""

    happened_on = DateField(label="When did it really happen?", noun="the day on which it happened")
    at = TimeField(label="Time of day", noun="the time of day", help_text="Like 9:30 or 16:05.", width=5)
    reason = LongTextField(
        label="Why is the start corrected?", noun="the reason", max_characters=1000, rows=3
    )

    FIELD_OF = {
        "reason_missing": "reason",
        "started_in_future": "happened_on",
        "start_unchanged": "happened_on",
        "pause_before_start": "happened_on",
        "started_already": "happened_on",
        "unknown_clock": "happened_on",
        "clock_needs_a_time": "happened_on",
        "bank_holidays_unknown": "happened_on",
    }

    def __init__(self, *args: Any, occurrence: DutyOccurrence, **kwargs: Any) -> None:
        super().__init__(*args, occurrence=occurrence, **kwargs)
        if occurrence.started_at is None:
            del self.fields["at"]

    def clean(self) -> dict[str, Any]:
        """Day and time as `started`, which is what the operation asks for."""
        cleaned = super().clean() or self.cleaned_data
        day, at = cleaned.pop("happened_on", None), cleaned.pop("at", None)
        if day is not None:
            cleaned["started"] = _moment(day, at)
        return cleaned


class StartForm(Form):
    """What happened, when, and which duty it gives rise to."""

    duty = SelectField(label="What has to be done", noun="what has to be done")
    holder = SelectField(
        label="Who owes it",
        noun="who owes it",
        help_text="The agency that was asked, where it was one of them.",
        required=False,
        empty="The partnership",
    )
    happened_on = DateField(label="When did it happen?", noun="the day on which it happened")
    at = TimeField(
        label="Time of day",
        help_text="Only for a clock of hours, like 9:30 or 16:05.",
        required=False,
        width=5,
    )
    because = LongTextField(
        label="What happened",
        noun="what happened",
        help_text="So that others can find it: which report, from whom. Do not name people.",
        max_characters=500,
        rows=3,
    )

    FIELD_OF = {
        "reason_missing": "because",
        "unknown_duty": "duty",
        "unknown_holder": "holder",
        "started_in_future": "happened_on",
        "started_already": "because",
        "clock_needs_a_time": "at",
        "bank_holidays_unknown": "happened_on",
    }

    def __init__(
        self, *args: Any, duties: list[tuple[str, str]], holders: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "duty", duties)
        if holders:
            _offer(self, "holder", holders)
        else:
            del self.fields["holder"]

    def started(self) -> date | datetime:
        """The day, or the moment in London where a time of day is given."""
        return _moment(self.cleaned_data["happened_on"], self.cleaned_data.get("at"))


class CalculatorForm(Form):
    """A start and up to two pauses, to see when a clock would run out. Nothing is saved."""

    mark_optional = False

    start = DateField(label="It starts on", noun="the day on which it starts")
    at = TimeField(label="at", noun="the time of day", help_text="Like 9:30 or 16:05.", width=5)
    held_from = DateField(label="Held from", noun="the first day held", required=False)
    held_until = DateField(
        label="Runs again on",
        noun="the day on which it runs again",
        help_text="Leave empty while it is still held.",
        required=False,
    )

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if clock.unit is not Unit.HOURS:
            del self.fields["at"]
        if not clock.pauses_on:
            del self.fields["held_from"], self.fields["held_until"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("held_from"), cleaned.get("held_until")
        if last and not first and "held_from" not in self.errors:
            self.refuse("held_from", "Enter the first day held, or leave both days empty")
        elif first and last and last < first:
            self.refuse("held_until", "The clock cannot run again before it is held")
        return cleaned

    def started(self) -> date | datetime:
        """The day or the moment in London."""
        return _moment(self.cleaned_data["start"], self.cleaned_data.get("at"))

    def pauses(self) -> list[Pause]:
        """The pause entered, if any."""
        first = self.cleaned_data.get("held_from")
        return [Pause(first, self.cleaned_data.get("held_until"))] if first else []
