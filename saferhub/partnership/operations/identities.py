"""Keeps the thin rows of agencies, units, hubs and boards in step with the pack that names them.

They are made and renamed, never removed: memberships and records point at them. Part of loading a
pack, in its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from saferhub.partnership.models import WHOLE_AGENCY, Agency, Board, Entry, Hub, Partnership, Unit
from saferhub.partnership.packs import Pack

Entries = dict[tuple[str, str], Entry]


def record_identities(pack: Pack, partnership: Partnership, entries: Entries) -> None:
    """Make or rename the rows that the pack's agencies, hubs and boards stand for."""
    agencies = _rows(Agency, "agencies", pack, partnership, entries, lambda item: {"name": item.name})
    _rows(Hub, "hubs", pack, partnership, entries, lambda item: {"name": item.name, "prefix": item.prefix})
    _rows(Board, "boards", pack, partnership, entries, lambda item: {"name": item.name})
    for code, versions in _by_code(pack, "agencies").items():
        _units(agencies[code], versions)


def _by_code(pack: Pack, section: str) -> dict[str, list[Any]]:
    """The items of a section by id, the earliest first, so that the last is the latest known."""
    found: dict[str, list[Any]] = {}
    for placed in sorted(pack.items.get(section, []), key=lambda placed: placed.item.valid_from or date.min):
        found.setdefault(placed.item.id, []).append(placed.item)
    return found


def _rows(
    model: Any, section: str, pack: Pack, partnership: Partnership, entries: Entries, values_of: Any
) -> dict[str, Any]:
    known = {row.code: row for row in model.objects.filter(partnership=partnership)}
    for code, versions in _by_code(pack, section).items():
        values = values_of(versions[-1])
        row = known.get(code)
        if row is None:
            known[code] = model.objects.create(
                partnership=partnership, entry=entries[section, code], code=code, **values
            )
        else:
            _bring_up_to_date(row, values)
    return known


def _units(agency: Agency, versions: Iterable[Any]) -> None:
    """The unit that is the whole agency, and every unit that any version of it names."""
    known = {unit.code: unit for unit in Unit.objects.filter(agency=agency)}
    root = _unit(known, agency, WHOLE_AGENCY, agency.name, None)
    for version in versions:
        above = {part.id: part.within for part in version.units}
        for part in sorted(version.units, key=lambda part: _depth(above, part.id)):
            _unit(known, agency, part.id, part.name, known[part.within] if part.within else root)


def _depth(above: dict[str, str | None], code: str) -> int:
    depth, parent = 0, above[code]
    while parent is not None:
        depth, parent = depth + 1, above[parent]
    return depth


def _unit(known: dict[str, Unit], agency: Agency, code: str, name: str, parent: Unit | None) -> Unit:
    if code in known:
        _bring_up_to_date(known[code], {"name": name, "parent": parent})
    else:
        known[code] = Unit.objects.create(agency=agency, code=code, name=name, parent=parent)
    return known[code]


def _bring_up_to_date(row: Any, values: dict[str, Any]) -> None:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
