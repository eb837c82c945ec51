"""Turns what the schema found wrong into sentences that say what to do."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from .places import keys_of, model_at
from .problems import Problem, nearest, suggestion
from .reading import Document, Place

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date (YYYY-MM-DD)",
    "list_type": "a list (lines that begin with a dash)",
    "dict_type": "a group of fields (key: value)",
    "model_type": "a group of fields (key: value)",
    "model_attributes_type": "a group of fields (key: value)",
}


def problems_of(
    error: ValidationError, document: Document, base: Place, model: type[BaseModel]
) -> list[Problem]:
    """One problem for each thing found, at its line, in the order of the file.

    `base` is the place of the validated value in the document. A misspelt key is one problem,
    not two: the field that is missing because of it is not named again.
    """
    found = error.errors(include_url=False)
    meant = {
        (tuple(entry["loc"][:-1]), nearest(str(entry["loc"][-1]), _keys(model, entry["loc"][:-1])))
        for entry in found
        if entry["type"] == "extra_forbidden"
    }
    problems = []
    for entry in found:
        loc = tuple(entry["loc"])
        if entry["type"] == "missing" and (loc[:-1], loc[-1]) in meant:
            continue
        place = (*base, *loc)
        extra = entry["type"] == "extra_forbidden"
        line = document.key_line_of(place) if extra else document.line_of(place)
        problems.append(Problem(document.file, line, _sentence(dict(entry), loc, model)))
    return sorted(set(problems))


def shown(value: Any) -> str:
    """A value as a sentence shows it: short, and never a whole list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of fields"
    text = str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _keys(model: type[BaseModel], loc: Place) -> set[str]:
    here = model_at(model, tuple(loc))
    return set(keys_of(here)) if here else set()


def _sentence(entry: dict[str, Any], loc: Place, model: type[BaseModel]) -> str:
    kind, value, context = entry["type"], entry.get("input"), entry.get("ctx", {})
    key = next((str(step) for step in reversed(loc) if isinstance(step, str)), "")
    if kind == "extra_forbidden" and " " in key:
        return f"“{key}” is read as a field. Put text that holds a comma or a colon in quotation marks."
    if kind == "extra_forbidden":
        return f"There is no field “{key}” here. {suggestion(key, _keys(model, loc[:-1]))}"
    if kind == "missing":
        field = keys_of(model_at(model, loc[:-1]) or model).get(key)
        what = f" ({field.description})" if field and field.description else ""
        return f"The field “{key}” is missing. Add it{what}."
    if kind in _WANTED:
        hint = " Put it in quotation marks." if kind == "string_type" and value is not None else ""
        if (
            kind != "string_type"
            and isinstance(value, str)
            and kind not in ("list_type", "model_type", "dict_type")
        ):
            hint = " Write it without quotation marks."
        return f"“{key}” wants {_WANTED[kind]}, and {shown(value)} stands here.{hint or ' Correct it.'}"
    if kind == "literal_error":
        choices = [
            part.strip().strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(",")
        ]
        return f"“{key}” cannot be {shown(value)}. {suggestion(str(value), choices)}"
    if kind == "string_pattern_mismatch":
        return f"“{key}” cannot be {shown(value)}. {_pattern_hint(str(context['pattern']))}"
    if kind == "value_error":
        return f"{context['error']}."
    if kind == "too_short":
        return f"“{key}” needs at least one entry. Add one, or take the field out if it may be left out."
    if kind == "string_too_short":
        return f"“{key}” is empty. Write something, or take the field out if it may be left out."
    if kind == "string_too_long":
        return f"“{key}” is longer than {context['max_length']} characters. Make it shorter."
    if kind in ("greater_than_equal", "less_than_equal"):
        least, most = context.get("ge"), context.get("le")
        limit = f"at least {least}" if least is not None else f"at most {most}"
        return f"“{key}” has to be {limit}, and {shown(value)} stands here. Correct it."
    return f"“{key}”: {entry['msg']}. Correct it."


def _pattern_hint(pattern: str) -> str:
    hints = {
        "^[a-z]": "Use small letters, digits and underscores, beginning with a letter.",
        "^[A-Z]{3}": "Use three capital letters.",
        "^[ENSW]": "Give the nine characters of the official code, such as E07000169.",
        "^[0-9]+\\.": 'Give a paragraph number in quotation marks, such as "2.1".',
        "^[0-9]{4}-(0": 'Give year and month in quotation marks, such as "2018-03".',
    }
    return next((hint for start, hint in hints.items() if pattern.startswith(start)), "Correct it.")
