"""What the records beside the plan have in common: finding what they point at, and writing what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import Area, Objective


def area_of(by: Actor, public_id: str) -> Area:
    """An area of the actor's plan. Raises Refusal `unknown_area`."""
    found = access.visible_to(by, Area).filter(public_id=public_id).first()
    if found is None:
        raise Refusal("unknown_area", "Choose an area of the plan.")
    return found


def area_or_none(by: Actor, public_id: str) -> Area | None:
    """The same; None for none."""
    return area_of(by, public_id) if public_id else None


def objective_of(by: Actor, area: Area, public_id: str) -> Objective | None:
    """An objective of the area; None for none. Raises Refusal `unknown_objective`."""
    if not public_id:
        return None
    found = access.visible_to(by, Objective).filter(public_id=public_id, area=area).first()
    if found is None:
        raise Refusal("unknown_objective", "Choose an objective of that area.")
    return found


def stripped(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their texts trimmed."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def write(row: Any, values: Mapping[str, Any]) -> bool:
    """Write a locked row's new values, and one version more; False where nothing differs, and then nothing is
    written."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    return True
