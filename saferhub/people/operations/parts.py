"""Adding, correcting and ending the parts of a record. Nothing is deleted, and what stood before stays in
the history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.people import access
from saferhub.people.models import EqualityAnswer, Name, Person, Place, SafeContact
from saferhub.sharing.operations import folders

from .part_kinds import KINDS, PartKind, Values, dates, kept


def kind_of(slug: str, owner: Person | Place | None = None) -> PartKind:
    """The kind of this name. Raises Http404 for one there is not, or that such a record does not have."""
    kind = KINDS.get(slug)
    if kind is None or (isinstance(owner, Place) and not kind.of_places):
        raise Http404
    return kind


def owner_for_update(owner: Person | Place, by: Actor) -> Person | Place:
    """The record locked, after the check that the actor may change it. Raises Http404, NotAllowed."""
    found: Person | Place = (
        access.get_person_for_update(by, owner.public_id)
        if isinstance(owner, Person)
        else access.get_place_for_update(by, owner.public_id)
    )
    access.check_can_edit_record(by, found)
    return found


def _rows(kind: PartKind, owner: Person | Place, by: Actor) -> Any:
    rows = access.LOADERS[kind.model](by)
    return rows.filter(**{"person" if isinstance(owner, Person) else "place": owner})


def get_part(kind: PartKind, owner: Person | Place, public_id: str, by: Actor) -> Any:
    """A part of this record. Raises Http404 when it is not there for the actor."""
    found = _rows(kind, owner, by).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _for_update(kind: PartKind, owner: Person | Place, public_id: str, by: Actor) -> Any:
    found = _rows(kind, owner, by).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def add_part(*, owner: Person | Place, slug: str, values: Values, by: Actor, on: date) -> Any:
    """Add a part. A new safe contact, or a new answer to the same question, takes the place of what would hold
    from its first day on; the one before holds until the day before.

    Raises Refusal (see `part_kinds.FIELD_OF`) for what cannot be stored, NotAllowed for whose record it is not.
    """
    owner = owner_for_update(owner, by)
    return put_part(owner=owner, slug=slug, values=values, by=by, on=on)


@transaction.atomic
def put_part(*, owner: Person | Place, slug: str, values: Values, by: Actor, on: date) -> Any:
    """The same for a record that the caller has locked and may change: a new one."""
    kind = kind_of(slug, owner)
    stored = {**kind.clean(values, by, owner), **dates(values)}
    if kind.model in (SafeContact, EqualityAnswer) and stored["valid_from"] is None:
        stored["valid_from"] = on
    _make_way(kind, owner, stored, by=by, on=on)
    part = new_part(kind, owner, stored, by=by)
    part.save(force_insert=True)
    folders.revise(part, folder=owner.folder, values=kept(part, kind), by=by)
    audit.record("people.part_added", owner, by=by, part=slug, of=part.public_id)
    if isinstance(owner, Person) and isinstance(part, Name) and part.is_main:
        _call(owner, part.full)
    return part


def new_part(kind: PartKind, owner: Person | Place, stored: Values, *, by: Actor) -> Any:
    """A part with these columns, not saved yet."""
    part = kind.model(
        partnership_id=owner.partnership_id, folder_id=owner.folder_id, by=by.public_id, **stored
    )
    setattr(part, "person" if isinstance(owner, Person) else "place", owner)
    return part


@transaction.atomic
def correct_part(
    *, owner: Person | Place, slug: str, part_id: str, values: Values, seen: int, by: Actor, on: date
) -> Any:
    """Correct a part. Raises Conflict `changed_meanwhile` when `seen` is no longer its version."""
    owner = owner_for_update(owner, by)
    kind = kind_of(slug, owner)
    part = _for_update(kind, owner, part_id, by)
    folders.check_seen(part, seen)
    stored = {**kind.clean(values, by, owner), **dates(values, part)}
    began = part.valid_from
    if isinstance(part, Name) and part.is_main and not stored["is_main"]:
        raise Refusal(
            "main_name_needed", "Mark another name as the name in use, then this one is not any more."
        )
    _make_way(kind, owner, stored, by=by, on=on, but=part)
    changed = [name for name, value in stored.items() if getattr(part, name) != value]
    if not changed:
        return part
    _store(part, kind, stored, owner, by=by)
    _close_up(kind, owner, part, began, by=by)
    audit.record(
        "people.part_corrected", owner, by=by, part=slug, of=part.public_id, fields=changed,
        for_hub=access.is_correction_by_hub(by, owner),
    )  # fmt: skip
    if isinstance(owner, Person) and isinstance(part, Name) and part.is_main:
        _call(owner, part.full)
    return part


@transaction.atomic
def end_part(
    *,
    owner: Person | Place,
    slug: str,
    part_id: str,
    last_day: date,
    reason: str,
    seen: int,
    by: Actor,
    on: date,
) -> Any:
    """End a part with its last day and a reason. Ended once, it stays so until it is corrected."""
    owner = owner_for_update(owner, by)
    kind = kind_of(slug, owner)
    part = _for_update(kind, owner, part_id, by)
    folders.check_seen(part, seen)
    if not reason.strip():
        raise Refusal("reason_missing", "Say why it ends.")
    if isinstance(part, Name) and part.is_main:
        raise Refusal(
            "main_name_stays",
            "This is the name in use. Mark another name as the name in use, then end this one.",
        )
    if part.valid_from is not None and last_day < part.valid_from:
        raise Refusal("last_day_early", "The last day cannot be before the first.")
    if part.valid_until is not None and part.valid_until <= last_day:
        raise Refusal("ended_already", "This has ended already.")
    _store(part, kind, {"valid_until": last_day}, owner, by=by, reason=reason.strip())
    audit.record("people.part_ended", owner, by=by, part=slug, of=part.public_id)
    return part


def _store(
    part: Any, kind: PartKind, values: Values, owner: Person | Place, *, by: Actor, reason: str = ""
) -> None:
    for name, value in values.items():
        setattr(part, name, value)
    part.version += 1
    part.save(update_fields=[*values, "version"])
    said = {"reason": reason} if reason else {}
    folders.revise(part, folder=owner.folder, values={**kept(part, kind), **said}, by=by)


def _make_way(
    kind: PartKind, owner: Person | Place, stored: Values, *, by: Actor, on: date, but: Any = None
) -> None:
    """End, or set back, the parts that the new one takes the place of."""
    if not isinstance(owner, Person):
        return
    if kind.model is Name:
        if stored["is_main"]:
            for before in _of_same(kind, owner, stored, but).filter(is_main=True):
                _give_way(before, kind, {"is_main": False}, owner, by=by)
        return
    if kind.model not in (SafeContact, EqualityAnswer) or stored["valid_until"] is not None:
        return
    first = stored["valid_from"] or on
    opened = list(_of_same(kind, owner, stored, but).filter(valid_until__isnull=True))
    planned = [one.valid_from for one in opened if one.valid_from is not None and one.valid_from > first]
    # What had given way to a plan that is now replaced would otherwise hold beside the new one.
    until = [day - timedelta(days=1) for day in planned]
    for before in [*opened, *_of_same(kind, owner, stored, but).filter(valid_until__in=until)]:
        _give_way(before, kind, {"valid_until": _last_day(before, first, on)}, owner, by=by)


def _of_same(kind: PartKind, owner: Person, stored: Values, but: Any) -> Any:
    """The parts of this record of which one holds at a time, locked; without the one being corrected."""
    rows = kind.model.objects.filter(person=owner)
    if kind.model is EqualityAnswer:
        rows = rows.filter(characteristic=stored["characteristic"])
    return rows.exclude(pk=but.pk if but is not None else None).select_for_update(of=("self",))


def _last_day(before: Any, first: date, on: date) -> date:
    """The last day of what another takes the place of from `first` on. What held until now, and began later
    than the other is said to have begun, held until yesterday; what began today or has not begun held on no
    day, and ends on the day before its first."""
    began = before.valid_from or date.min
    if began < first:
        return first - timedelta(days=1)
    return (on if began < on else began) - timedelta(days=1)


def _give_way(before: Any, kind: PartKind, change: Values, owner: Person, *, by: Actor) -> None:
    _store(before, kind, change, owner, by=by)
    audit.record("people.part_ended", owner, by=by, part=kind.slug, of=before.public_id)


def _close_up(kind: PartKind, owner: Person | Place, part: Any, began: date | None, *, by: Actor) -> None:
    """Where the first day of a part was put right, the one before it holds until the new first day: no day
    must fall between the two, on which nothing would be known of how to reach somebody safely."""
    if kind.model not in (SafeContact, EqualityAnswer) or not isinstance(owner, Person):
        return
    if began is None or part.valid_from is None or part.valid_from <= began:
        return
    gap = began - timedelta(days=1)
    stored = {"characteristic": getattr(part, "characteristic", "")}
    for before in _of_same(kind, owner, stored, part).filter(valid_until=gap).exclude(valid_from__gt=gap):
        _store(before, kind, {"valid_until": part.valid_from - timedelta(days=1)}, owner, by=by)
        audit.record("people.part_corrected", owner, by=by, part=kind.slug, of=before.public_id,
                     fields=["valid_until"])  # fmt: skip


def _call(person: Person, name: str) -> None:
    if person.name != name:
        person.name = name
        person.save(update_fields=["name"])
