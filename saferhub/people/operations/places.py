"""Recording a place in a matter, and correcting its record. Addresses are parts (`parts`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people import access
from saferhub.people.models import Place
from saferhub.sharing.operations import folders

from .part_kinds import Values
from .parts import put_part
from .persons import folder_within, matter_to_record_in

FIELD_OF = {"unknown_kind": "kind", "name_missing": "name"}


@transaction.atomic
def record_place(
    *, matter_id: str, values: Values, by: Actor, on: date, address: Values | None = None
) -> Place:
    """Record a place as one's own agency knows it, in a matter, with its address where it has one."""
    matter = matter_to_record_in(matter_id, by)
    facts = _facts(values, by)
    folder = folder_within(matter, kind="place", by=by)
    place = Place.objects.create(
        partnership_id=folder.partnership_id,
        folder=folder,
        agency=by.agency_code,
        given_on=on,
        given_by=by.public_id,
        **facts,
    )
    folders.revise(place, folder=folder, values=kept_of_place(place), by=by)
    audit.record("people.place_recorded", place, by=by, purpose=matter.purpose, matter=matter.public_id)
    if address:
        put_part(owner=place, slug="address", values=address, by=by, on=on)
    return place


@transaction.atomic
def correct_place(*, place_id: str, values: Values, seen: int, by: Actor, on: date) -> Place:
    """Correct a place's record. Raises Conflict when `seen` is no longer its version."""
    place = access.get_place_for_update(by, place_id)
    access.check_can_edit_record(by, place)
    folders.check_seen(place, seen)
    stored = _facts(values, by)
    changed = [name for name, value in stored.items() if getattr(place, name) != value]
    if not changed:
        return place
    for name, value in stored.items():
        setattr(place, name, value)
    place.version += 1
    place.save(update_fields=[*stored, "version"])
    folders.revise(place, folder=place.folder, values=kept_of_place(place), by=by)
    audit.record("people.place_corrected", place, by=by, fields=changed)
    return place


def kept_of_place(place: Place) -> dict[str, Any]:
    """What history keeps of the record itself."""
    return {"name": place.name, "kind": place.kind, "about": place.about}


def _facts(values: Values, by: Actor) -> Values:
    kind = str(values.get("kind") or "")
    if not kind or in_force.entry(by.partnership, "place_kinds", kind, by.on) is None:
        raise Refusal("unknown_kind", "Choose what kind of place it is.")
    name = str(values.get("name") or "").strip()
    if not name:
        raise Refusal("name_missing", "Enter what the place is called.")
    return {"name": name, "kind": kind, "about": str(values.get("about") or "").strip()}
