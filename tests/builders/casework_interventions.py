"""Interventions of a case, reached through the operations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from saferhub.casework.models import Case, Intervention
from saferhub.casework.operations import interventions as operations
from saferhub.casework.operations.involving import involve
from saferhub.people.models import BirthPrecision, Person
from saferhub.sharing.entering import entered
from saferhub.sharing.operations.folders import open_folder

from .casework import actor, unit_of


def a_person(
    cast: dict[str, Any],
    case: Case,
    *,
    born_on: date | None = date(1990, 5, 1),
    precision: str = "exact",
    role: str = "alleged_perpetrator",
) -> Person:
    """An invented person in the case, whom Rachel's unit recorded there."""
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        person = Person.objects.create(
            partnership=rachel.partnership,
            folder=open_folder(kind="person", by=rachel),
            agency=rachel.agency_code,
            name="Marcus Tindall",
            born_on=born_on,
            born_precision=precision if born_on else BirthPrecision.UNKNOWN,
            given_on=rachel.on,
            given_by=rachel.public_id,
        )
        involve(
            matter=case.matter,
            person=person,
            role=role,
            is_subject=True,
            by=rachel,
            on=rachel.on,
        )
        return person


def planned(
    cast: dict[str, Any],
    case: Case,
    *,
    power: str = "acceptable_behaviour_contract",
    person: Person | None = None,
    used_by: str = "rachel.referrer",
    by: str = "colin.coordinator",
    is_meant: bool = False,
) -> Intervention:
    """One that Colin plans for Rachel's unit to use."""
    with entered(cast[by]):
        who = actor(cast, by)
        return operations.plan(
            case_id=case.matter.public_id,
            power=power,
            subject=person.public_id if person else "",
            used_by=unit_of(cast, used_by).public_id,
            words="No shouting after ten at night.",
            by=who,
            on=who.on,
            is_meant=is_meant,
        )


def in_place(cast: dict[str, Any], case: Case, *, days: int = 90, **more: Any) -> Intervention:
    """One that is in place since ten days ago, for so many days, with whatever reason it needs."""
    made = planned(cast, case, **more)
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        start = colin.on - timedelta(days=10)
        return operations.put_in_place(
            intervention_id=made.public_id,
            starts_on=start,
            expires_on=start + timedelta(days=days),
            review_on=None,
            agreed=True,
            override_reason="Checked with the officer.",
            by=colin,
            on=colin.on,
        )
