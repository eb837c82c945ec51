"""Finds its way about in the models: which fields stand at a place, and where references are."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .reading import Place
from .schema import Ref


def key_of(name: str, field: FieldInfo) -> str:
    """The key that stands for this field in the file."""
    return field.alias or name


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The model's fields by their keys in the file."""
    return {key_of(name, field): field for name, field in model.model_fields.items()}


def model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model whose fields stand at `place` below `model`, or None where there are none."""
    here: type[BaseModel] | None = model
    for step in place:
        if isinstance(step, int):
            continue
        field = keys_of(here).get(step) if here else None
        here = next(_models_in(field.annotation), None) if field else None
    return here


def references(item: BaseModel, place: Place = ()) -> Iterator[tuple[Place, str, str]]:
    """Every reference in `item`: its place, the section it points to, the id it names."""
    for name, field in type(item).model_fields.items():
        value = getattr(item, name)
        marks = [mark for mark in field.metadata if isinstance(mark, Ref)]
        annotation: Any = Annotated[(field.annotation, *marks)] if marks else field.annotation
        yield from _references_in(annotation, value, (*place, key_of(name, field)))


def _references_in(annotation: Any, value: Any, place: Place) -> Iterator[tuple[Place, str, str]]:
    if value is None:
        return
    if isinstance(value, BaseModel):
        yield from references(value, place)
    elif isinstance(value, list):
        inner = get_args(_without_none(annotation))[0]
        for index, entry in enumerate(value):
            yield from _references_in(inner, entry, (*place, index))
    elif isinstance(value, str):
        for mark in _marks(_without_none(annotation)):
            yield place, mark.section, value


def _without_none(annotation: Any) -> Any:
    """`X | None` is X; an Annotated is left as it is."""
    if get_origin(annotation) in (Union, types.UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _marks(annotation: Any) -> list[Ref]:
    if get_origin(annotation) is not Annotated:
        return []
    inner, *marks = get_args(annotation)
    return [mark for mark in marks if isinstance(mark, Ref)] + _marks(inner)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
