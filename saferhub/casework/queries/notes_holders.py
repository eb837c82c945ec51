"""Who can answer for something in a case: those who see it, and their units."""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.accounts.models import User
from saferhub.casework.models import Case
from saferhub.partnership.models import Unit
from saferhub.sharing.access.seers import seers_of

from .notes_audience import unit_name


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit, or somebody of it."""

    unit: Unit
    user: User | None
    words: str


def holders_of_case(case: Case) -> dict[str, Holder]:
    """Each unit and each person that sees the case, by the key of a form's choice, in the order of their names.
    Nine queries at most."""
    seers = [one for one in seers_of(case.folder) if not one.why.startswith("Opened it in an emergency")]
    units = {one.unit.pk: one.unit for one in seers}
    found = {
        f"person:{one.user.public_id}": Holder(one.unit, one.user, f"{one.user.name}, {one.unit.agency.name}")
        for one in seers
    }
    for unit in sorted(units.values(), key=unit_name):
        found[f"unit:{unit.public_id}"] = Holder(unit, None, f"Anybody of {unit_name(unit)}")
    return found


def holder_choices(case: Case) -> list[tuple[str, str]]:
    """The same as a form's choices."""
    return [(key, one.words) for key, one in holders_of_case(case).items()]
