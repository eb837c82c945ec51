"""Writes the reference of all sections and fields, as it stands in docs/packs.md, from the schema."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .places import keys_of
from .schema import Item, PackFile, Ref
from .sections import all_sections

BEGINS = "<!-- reference begins: written from the schema -->"
ENDS = "<!-- reference ends -->"
_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", date: "date"}


def reference() -> str:
    """The reference as Markdown: pack.yaml, what every item has, then each section."""
    lines = [
        "### pack.yaml",
        "",
        *_table(PackFile, skip=set()),
        "",
        "### Every item",
        "",
        *_table(Item, skip=set()),
    ]
    shared = set(keys_of(Item))
    for section in all_sections():
        where = " and ".join(sorted(section.kinds))
        needed = ", needed" if section.required else ""
        lines += ["", f"### {section.name}.yaml", "", f"{section.summary} ({where} packs{needed})", ""]
        lines += _table(section.model, skip=shared)
    return "\n".join(lines) + "\n"


def _table(model: type[BaseModel], skip: set[str], prefix: str = "") -> list[str]:
    return ["| Field | Holds | Needed | What it is |", "|---|---|---|---|", *_rows(model, skip, prefix)]


def _rows(model: type[BaseModel], skip: set[str], prefix: str) -> Iterator[str]:
    for key, field in keys_of(model).items():
        if key in skip:
            continue
        marks: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        needed = "yes" if field.is_required() else ""
        yield f"| `{prefix}{key}` | {_kind(marks)} | {needed} | {_said(field)} |"
        for inner in _groups(field.annotation):
            yield from _rows(inner, set(), f"{prefix}{key}.")


def _said(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")


def _groups(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _groups(part)


def _kind(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _kind(next(part for part in get_args(annotation) if part is not type(None)))
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        targets = [mark.section for mark in marks if isinstance(mark, Ref)]
        return f"id from {targets[0]}.yaml" if targets else _kind(inner)
    if origin is list:
        return f"list of {_kind(get_args(annotation)[0])}"
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "group"
    return _PLAIN.get(annotation, "text")
