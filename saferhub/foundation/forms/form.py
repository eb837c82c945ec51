"""The base form: messages named after the field, no browser bubbles, fields revealed by an option."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from .fields import noun_from

DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


def _asks(field: forms.Field) -> str:
    """The verb of the message for a missing value."""
    if asks := getattr(field, "asks", ""):
        return str(asks)
    return (
        "Choose"
        if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField, forms.FileField))
        else "Enter"
    )


def required_message(field: forms.Field, label: str) -> str:
    """What to say when the field is left empty: an instruction, named after the field."""
    noun = getattr(field, "noun", "")
    if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
        return f"Tick the box: {label}"
    if not noun and label.endswith("?"):
        return f"Answer the question: {label}"
    return f"{_asks(field)} {noun or noun_from(label)}"


def mend_messages(field: forms.Field, label: str) -> None:
    """Replace Django's general messages by ones that name the field; a field's own words are kept."""
    given = field.error_messages
    noun = getattr(field, "noun", "") or noun_from(label)
    subject = noun[:1].upper() + noun[1:]
    if isinstance(given.get("required"), Promise) and given["required"] == DJANGO_REQUIRED:
        given["required"] = required_message(field, label)
    if isinstance(given.get("invalid_choice"), Promise):
        given["invalid_choice"] = f"Choose {noun} from the list"
    if isinstance(given.get("invalid_list"), Promise):
        given["invalid_list"] = f"Choose {noun} from the list"
    if isinstance(field, forms.IntegerField):
        if isinstance(given.get("invalid"), Promise):
            given["invalid"] = f"{subject} must be a whole number"
        for code, bound, words in (
            ("min_value", field.min_value, "or more"),
            ("max_value", field.max_value, "or fewer"),
        ):
            if bound is not None:
                given.setdefault(code, f"{subject} must be {bound} {words}")
    if isinstance(field, forms.CharField):
        if field.max_length:
            given.setdefault("max_length", _too_long(subject, field.max_length))
        if field.min_length:
            given.setdefault("min_length", f"{subject} must be {field.min_length} characters or more")


def _too_long(subject: str, most: int) -> str:
    """What to do with a text that is too long, and by how much it is. Django fills in its length."""
    said = subject.replace("%", "%%")
    asked = f"Shorten your answer to “{said}” to" if said.endswith("?") else f"{said} must be"
    return f"{asked} {most:,} characters or fewer; it has %(show_value)s"


class FormWords:
    """What our forms add; put before a package's form class to give its fields the same words."""

    use_required_attribute = False
    # Labels of fields that may stay empty say so; a filter, where all may, turns this off.
    mark_optional = True
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.revealed_names: set[str] = set()
        for name, field in self.fields.items():
            label = str(field.label if field.label is not None else name.replace("_", " ").capitalize())
            mend_messages(field, label)
            reveals: dict[str, str] = getattr(field, "reveals", {})
            if reveals:
                # A new mapping, never the class's: Django copies a widget shallowly for each form, and
                # a shared one would draw this reader's entry in somebody else's form.
                field.widget.revealed = {}
            for value, revealed_name in reveals.items():
                field.widget.revealed[str(value)] = self[revealed_name]  # type: ignore[index]
                self.revealed_names.add(revealed_name)
                self._ask_only_if_revealed(name, str(value), revealed_name)

    def _ask_only_if_revealed(self, name: str, value: str, revealed_name: str) -> None:
        """A required field that an option reveals is required only when that option was sent."""
        if not self.is_bound:  # type: ignore[attr-defined]
            return
        sent = self[name].data  # type: ignore[index]
        chosen = [str(one) for one in sent] if isinstance(sent, (list, tuple)) else [str(sent)]
        if value not in chosen:
            field = self.fields[revealed_name]
            # Not sent, and still to be filled in by whoever chooses that option: its label does not say "optional".
            field.is_asked = field.required  # type: ignore[attr-defined]
            field.required = False

    def refuse(self, field: str | None, message: str) -> None:
        """Put an operation's answer beside the field it is about."""
        self.add_error(field, ValidationError(message, code="refused"))  # type: ignore[attr-defined]


class Form(FormWords, forms.Form):
    """Every form of saferhub."""


class ModelForm(FormWords, forms.ModelForm):
    """A form over one model. Saving stays with operations; this only parses and words input."""

    def save(self, commit: bool = True) -> Any:
        raise RuntimeError("Forms do not save: pass cleaned_data to an operation.")
