"""Scoring forms in versions: taken from the packs, drafted, changed, published, discarded.

A published version is never changed again, so that an old score can be explained.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from pydantic import ValidationError

from saferhub.audit import operations as audit
from saferhub.casework.access import scoring as access
from saferhub.casework.models import VERSION_LIFECYCLE, Instrument, InstrumentVersion, VersionStatus
from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.rules import instruments as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import EntryVersion
from saferhub.partnership.queries import in_force
from saferhub.sharing.operations.folders import check_seen


def _first_day(entry: in_force.InForce, on: date) -> date:
    """From when a pack's form is used: its own first day, else the one from which the whole pack counts."""
    if entry.valid_from is not None:
        return entry.valid_from
    release = EntryVersion.objects.select_related("recorded_in").get(pk=entry.version_id).recorded_in
    return min(date.fromisoformat(str(release.about["effective_from"])), on)


@transaction.atomic
def take_from_pack(*, by: Actor, on: date, codes: Iterable[str] | None = None) -> list[InstrumentVersion]:
    """Take over the forms that the packs in force hold and the partnership does not have yet (or only `codes`).

    In demonstration they are in use at once, from the pack's first day; elsewhere a reconstruction, or one that
    gives topics only, becomes a draft to be reworded. Returns what was taken; a form that is there already is
    left as it is. Raises NotAllowed unless she keeps forms.
    """
    access.check_can_keep_instruments(by)
    partnership = by.partnership
    if partnership is None:
        raise Refusal("no_partnership", "You belong to no partnership.")
    have = set(Instrument.objects.filter(partnership=partnership).values_list("code", flat=True))
    wanted = None if codes is None else set(codes)
    taken = []
    for entry in in_force.entries(partnership, "instruments", on):
        if entry.code in have or (wanted is not None and entry.code not in wanted):
            continue
        definition: Definition = entry.item.definition
        is_own = not (definition.reconstruction or definition.topics_only)
        in_use = is_own or clock.is_demonstration()
        instrument = Instrument.objects.create(partnership=partnership, code=entry.code, name=definition.name)
        taken.append(
            InstrumentVersion.objects.create(
                instrument=instrument,
                number=1,
                definition=definition.model_dump(mode="json", exclude_none=True),
                status=VersionStatus.PUBLISHED if in_use else VersionStatus.DRAFT,
                effective_from=_first_day(entry, on) if in_use else None,
                reconstruction=not is_own,
                note=f"Taken from the pack “{entry.release.title}”, version {entry.release.version}.",
                from_pack_id=entry.version_id,
                made_by=by.public_id,
                published_by=by.public_id if in_use else "",
                published_at=clock.now() if in_use else None,
            )
        )
        audit.record("instrument.taken", instrument, by=by, code=entry.code, in_use=in_use)
    return taken


@transaction.atomic
def draft_from(*, version_id: str, by: Actor) -> InstrumentVersion:
    """A new draft with what a version says. A form has one draft at a time: where there is one, it is returned."""
    access.check_can_keep_instruments(by)
    version = access.get_version_for_update(by, version_id)
    Instrument.objects.select_for_update().get(pk=version.instrument_id)
    open_draft = version.instrument.versions.filter(status=VersionStatus.DRAFT).first()
    if open_draft is not None:
        return open_draft
    highest = version.instrument.versions.aggregate(most=Max("number"))["most"]
    draft = InstrumentVersion.objects.create(
        instrument=version.instrument,
        number=highest + 1,
        definition=version.definition,
        reconstruction=version.reconstruction,
        from_pack_id=version.from_pack_id,
        made_by=by.public_id,
    )
    audit.record("instrument.drafted", draft.instrument, by=by, version=draft.number, of=version.number)
    return draft


@transaction.atomic
def change_draft(*, version_id: str, changes: dict[str, Any], seen: int, by: Actor) -> InstrumentVersion:
    """Put `changes` (fields of the definition) into a draft.

    What does not fit together yet is kept and listed; only a field that cannot be read is refused. Raises
    Conflict `changed_meanwhile` unless `seen` is the newest version of the draft.
    """
    draft = _draft(version_id, by)
    check_seen(draft, seen)
    before = read(draft)
    try:
        after = Definition.model_validate(before.model_dump(mode="json", exclude_none=True) | changes)
    except ValidationError as error:
        raise Refusal("unreadable", _first_problem(error)) from None
    if after == before:
        return draft
    draft.definition = after.model_dump(mode="json", exclude_none=True)
    draft.reconstruction = after.reconstruction or after.topics_only
    draft.version += 1
    draft.save(update_fields=["definition", "reconstruction", "version"])
    changed = sorted(changes)
    audit.record("instrument.changed", draft.instrument, by=by, version=draft.number, fields=changed)
    return draft


@transaction.atomic
def call_own(*, version_id: str, wording: str, seen: int, by: Actor) -> InstrumentVersion:
    """Say that a draft is no reconstruction any more: it carries the partnership's own wording, and whose it is.

    Raises Refusal while the questions still stand as they were rebuilt, or as topics.
    """
    draft = _draft(version_id, by)
    origin = origin_of(draft)
    said = read(draft).model_copy(update={"wording": wording.strip() or None})
    refuse_if(rules.wording_refusals(said, origin))
    return change_draft(
        version_id=version_id,
        changes={"wording": wording.strip(), "reconstruction": False, "topics_only": False},
        seen=seen,
        by=by,
    )


@transaction.atomic
def publish(
    *, version_id: str, effective_from: date, note: str, seen: int, by: Actor, on: date
) -> InstrumentVersion:
    """Put a draft into use from a day on. From then on it cannot be changed.

    Raises Refusal where its parts do not fit together, where it is a reconstruction and this is no
    demonstration, where the day is past, and without a note.
    """
    draft = _draft(version_id, by)
    check_seen(draft, seen)
    latest = draft.instrument.versions.filter(status=VersionStatus.PUBLISHED).aggregate(
        day=Max("effective_from")
    )["day"]
    definition = read(draft)
    refuse_if(
        rules.publish_refusals(
            definition,
            is_demonstration=clock.is_demonstration(),
            effective_from=effective_from,
            today=on,
            latest=latest,
            note=note,
        )
    )
    VERSION_LIFECYCLE.check(VersionStatus(draft.status), VersionStatus.PUBLISHED)
    draft.status, draft.effective_from, draft.note = VersionStatus.PUBLISHED, effective_from, note
    draft.published_by, draft.published_at = by.public_id, clock.now()
    draft.save(update_fields=["status", "effective_from", "note", "published_by", "published_at"])
    if draft.instrument.name != definition.name:
        draft.instrument.name = definition.name
        draft.instrument.save(update_fields=["name"])
    audit.record(
        "instrument.published", draft.instrument, by=by, version=draft.number, effective=effective_from
    )
    return draft


@transaction.atomic
def discard(*, version_id: str, by: Actor) -> None:
    """Give up a draft. It stays on record."""
    draft = _draft(version_id, by)
    VERSION_LIFECYCLE.check(VersionStatus(draft.status), VersionStatus.DISCARDED)
    draft.status = VersionStatus.DISCARDED
    draft.save(update_fields=["status"])
    audit.record("instrument.discarded", draft.instrument, by=by, version=draft.number)


def _draft(version_id: str, by: Actor) -> InstrumentVersion:
    """The draft, locked. Raises Refusal `not_a_draft` for a version that is in use or was given up."""
    access.check_can_keep_instruments(by)
    version = access.get_version_for_update(by, version_id)
    if version.status != VersionStatus.DRAFT:
        raise Refusal(
            "not_a_draft",
            "This version is not a draft any more, so it cannot be changed. Make a new draft from it.",
        )
    return version


def read(version: InstrumentVersion) -> Definition:
    """What a version says, typed."""
    return Definition.model_validate(version.definition)


def origin_of(version: InstrumentVersion) -> Definition | None:
    """What the pack said that it was made from; None for one that came from no pack."""
    if version.from_pack is None:
        return None
    found: Definition = in_force.read_version(version.from_pack).item.definition
    return found


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    where = " → ".join(str(one + 1 if isinstance(one, int) else one) for one in first["loc"])
    return f"This cannot be read ({where}): {first['msg']}."
