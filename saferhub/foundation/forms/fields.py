"""Fields with GOV.UK widgets and messages in the partnership's language.

Every field takes, besides Django's arguments:
`noun`: how messages call the value ("the reason", "your password"); made from the label otherwise;
`label_size`: "s", "m", "l" or "xl"; `heading=True` makes the label the page's heading;
`width`: characters of a text box (2, 3, 4, 5, 10, 20, 30), the full column otherwise.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from . import widgets


class _Described:
    """The arguments every field shares. `asks` is the verb of the message for a missing value."""

    asks = "Enter"

    def __init__(
        self, *args: Any, noun: str = "", label_size: str = "", heading: bool = False, **kwargs: Any
    ) -> None:
        self.noun, self.label_size, self.heading = noun, label_size, heading
        super().__init__(*args, **kwargs)


def noun_from(label: str) -> str:
    """The label as it reads in a sentence: "Date of birth" → "the date of birth", "NI number" kept."""
    label = str(label).strip().rstrip(":")
    first = label.split(" ", 1)[0]
    if not label or (len(first) > 1 and first.upper() == first) or first == "I":
        return label
    lowered = label[0].lower() + label[1:]
    if lowered.split(" ", 1)[0] in {
        "the",
        "a",
        "an",
        "your",
        "their",
        "his",
        "her",
        "our",
        "how",
        "what",
        "why",
    }:
        return lowered
    return f"the {lowered}"


class TextField(_Described, forms.CharField):
    def __init__(
        self, *, width: int = 0, prefix: str = "", suffix: str = "", autocomplete: str = "", **kwargs: Any
    ) -> None:
        attrs = {"autocomplete": autocomplete} if autocomplete else {}
        kwargs.setdefault("widget", widgets.TextInput(width=width, prefix=prefix, suffix=suffix, attrs=attrs))
        super().__init__(**kwargs)


class SearchField(_Described, forms.CharField):
    def __init__(self, *, width: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.SearchInput(width=width))
        super().__init__(**kwargs)


class HiddenField(forms.CharField):
    widget = forms.HiddenInput


class EmailField(_Described, forms.EmailField):
    default_error_messages = {"invalid": "Enter an email address in the form name@example.org"}

    def __init__(self, *, autocomplete: str = "email", **kwargs: Any) -> None:
        attrs = {"autocomplete": autocomplete, "spellcheck": "false", "autocapitalize": "none"}
        kwargs.setdefault("widget", widgets.EmailInput(attrs=attrs))
        super().__init__(**kwargs)


class PasswordField(_Described, forms.CharField):
    """`autocomplete` is "current-password" or, where one is being chosen, "new-password"."""

    def __init__(self, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        attrs = {"autocomplete": autocomplete}
        kwargs.setdefault("widget", widgets.PasswordInput(attrs=attrs))
        kwargs.setdefault("strip", False)
        kwargs.setdefault("noun", "your password" if autocomplete == "current-password" else "")
        super().__init__(**kwargs)


class CodeField(_Described, forms.CharField):
    """A one-time code. Spaces and hyphens that people type between groups are dropped."""

    def __init__(self, *, digits: bool = True, width: int = 10, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
        if digits:
            attrs["inputmode"] = "numeric"
        kwargs.setdefault("widget", widgets.TextInput(width=width, attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return "".join(text.replace("-", " ").split()) if text else text


class LongTextField(_Described, forms.CharField):
    """Several lines. With `max_characters` a counter says how many are left."""

    def __init__(self, *, rows: int = 5, max_characters: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.LongText(rows=rows, max_characters=max_characters))
        if max_characters:
            kwargs.setdefault("max_length", max_characters)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        # A browser counts a line's end as one character and sends two.
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class WholeNumberField(_Described, forms.IntegerField):
    def __init__(self, *, width: int = 5, prefix: str = "", suffix: str = "", **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "spellcheck": "false"}
        # type=number changes by the mouse wheel and drops what it cannot read; GOV.UK uses text.
        kwargs.setdefault("widget", widgets.TextInput(width=width, prefix=prefix, suffix=suffix, attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)


class RadiosField(_Described, forms.ChoiceField):
    """One of a few. `hints={value: text}`; `reveals={value: "field"}` shows a field with its option."""

    asks = "Choose"

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
        inline: bool = False,
        small: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", widgets.Radios(hints=hints, inline=inline, small=small))
        self.reveals = dict(reveals or {})
        super().__init__(**kwargs)


class YesNoField(RadiosField):
    """Yes or no, neither of them chosen beforehand; cleaned to True, False or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("inline", not kwargs.get("reveals"))
        super().__init__(choices=[("yes", "Yes"), ("no", "No")], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)

    def clean(self, value: Any) -> Any:
        return {"yes": True, "no": False}.get(super().clean(value))


class CheckboxesField(_Described, forms.MultipleChoiceField):
    """Any of a few; `hints` and `reveals` as for radios."""

    asks = "Choose"

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
        small: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", widgets.Checkboxes(hints=hints, small=small))
        self.reveals = dict(reveals or {})
        super().__init__(**kwargs)


class ConfirmField(_Described, forms.BooleanField):
    """One box to tick; its label is the sentence that is confirmed."""

    asks = "Tick"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.Confirm())
        super().__init__(**kwargs)


class SelectField(_Described, forms.ChoiceField):
    """One of many. `empty` is the first, unchosen line."""

    asks = "Choose"

    def __init__(
        self, *, choices: Iterable[tuple[Any, Any]] = (), empty: str | None = "Choose one", **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", widgets.Select())
        self.empty = empty
        super().__init__(choices=self._with_empty(choices), **kwargs)

    def _with_empty(self, choices: Any) -> Any:
        if self.empty is None:
            return choices
        if callable(choices):
            return lambda: [("", self.empty), *choices()]
        return [("", self.empty), *choices]

    def offer(self, choices: Iterable[tuple[Any, Any]]) -> None:
        """Set the choices of a bound form's field, keeping the unchosen line."""
        self.choices = self._with_empty(choices)


class FileField(_Described, forms.FileField):
    """`accept` lists what the file chooser offers (".csv,text/csv"); the server checks for itself."""

    asks = "Choose"

    default_error_messages = {
        "empty": "The file is empty. Choose another",
        "invalid": "The file did not arrive. Choose it again",
        "missing": "The file did not arrive. Choose it again",
    }

    def __init__(self, *, accept: str = "", max_megabytes: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.FileInput({"accept": accept} if accept else None))
        self.max_megabytes = max_megabytes
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if self.max_megabytes and found and found.size > self.max_megabytes * 1024 * 1024:
            raise ValidationError(f"Choose a file smaller than {self.max_megabytes} MB", code="too_large")
        return found


class DateField(_Described, forms.Field):
    """A day in three boxes, cleaned to a `date`. Month names are understood; `birth` offers autofill.

    `earliest` and `latest` bound it, both included; give them to `between()` when they depend on today.
    """

    def __init__(
        self,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        birth: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", widgets.DateInput(birth=birth))
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def between(self, earliest: date | None = None, latest: date | None = None) -> None:
        self.earliest, self.latest = earliest, latest

    def subject(self) -> str:
        noun = self.noun or noun_from(str(self.label or "date"))
        return noun[0].upper() + noun[1:]

    def _wrong(self, message: str, *parts: str) -> ValidationError:
        self.widget.wrong = parts
        return ValidationError(message, code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(initial, date):
            initial = (str(initial.day), str(initial.month), str(initial.year))
        return (initial or None) != (tuple(data) if data else None)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        day, month, year = value
        missing = [name for name, text in zip(("day", "month", "year"), value, strict=True) if not text]
        if missing:
            words = f"{missing[0]} and a {missing[1]}" if len(missing) == 2 else missing[0]
            raise self._wrong(f"{self.subject()} must include a {words}", *missing)
        month_number = _month_number(month)
        if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) >= 1):
            raise self._wrong(f"{self.subject()} must have a year of four digits, like 2018", "year")
        if not 1 <= month_number <= 12:
            raise self._wrong(f"{self.subject()} must have a month from 1 to 12", "month")
        last = calendar.monthrange(int(year), month_number)[1]
        if not (day.isascii() and day.isdigit() and len(day) <= 2 and 1 <= int(day) <= last):
            named = f"{calendar.month_name[month_number]} {year}"
            raise self._wrong(f"{self.subject()} must have a day from 1 to {last}, as {named} has", "day")
        return date(int(year), month_number, int(day))

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise self._wrong(f"{self.subject()} must be {_words(self.earliest)} or later")
        if self.latest and value > self.latest:
            raise self._wrong(f"{self.subject()} must be {_words(self.latest)} or earlier")


def _month_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text)
    for number in range(1, 13):
        if len(text) >= 3 and calendar.month_name[number].lower().startswith(text.lower()):
            return number
    return 0


def _words(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
