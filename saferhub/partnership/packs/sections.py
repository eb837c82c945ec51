"""Which sections a pack may have. Apps above add their own when they start.

A section is one YAML file holding a list of items, all of one model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .schema import Item

Kind = Literal["national", "partnership"]


@dataclass(frozen=True)
class Section:
    """One section. `required` names the kinds of pack that cannot do without it."""

    name: str
    model: type[Item]
    kinds: frozenset[str]
    required: frozenset[str]
    single: bool
    unique: tuple[str, ...]

    @property
    def summary(self) -> str:
        return (self.model.__doc__ or "").strip().splitlines()[0]


_sections: dict[str, Section] = {}


def register_section(
    name: str,
    model: type[Item],
    *,
    kinds: Iterable[Kind] = ("national", "partnership"),
    required: Iterable[Kind] = (),
    single: bool = False,
    unique: Iterable[str] = (),
) -> None:
    """Let packs of these kinds have the section `name` (its file is `name`.yaml).

    `single`: all items carry one id, as the partnership itself does. `unique`: fields whose value
    belongs to one id only, as a hub's prefix does. Registering the same
    model again changes nothing; another model under a name that is taken raises `ValueError`.
    """
    section = Section(name, model, frozenset(kinds), frozenset(required), single, tuple(unique))
    if name in _sections and _sections[name].model is not model:
        raise ValueError(f"The section {name} is registered already, for {_sections[name].model.__name__}")
    _sections[name] = section


def section(name: str) -> Section:
    """The section of that name. Raises `KeyError` when there is none."""
    return _sections[name]


def all_sections() -> list[Section]:
    """Every section, in the order of registration."""
    return list(_sections.values())


def sections_for(kind: str) -> dict[str, Section]:
    """The sections that a pack of this kind may have."""
    return {name: found for name, found in _sections.items() if kind in found.kinds}
