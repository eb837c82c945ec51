"""Writing to a case: notes and updates, contacts with people in it; changing and withdrawing them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.access import check_can_contribute, get_case, get_case_for_update
from saferhub.casework.access import notes as access
from saferhub.casework.models import Case, Note, NoteKind, Sharing
from saferhub.casework.queries.notes_safety import unsafe_ways
from saferhub.casework.rules import notes as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.operations.folders import check_seen, revise
from saferhub.sharing.operations.telling import holders_of, tell

from .notes_clock import keep_contact_clock
from .notes_placing import keep_narrow, place


def values_of(note: Note) -> dict[str, Any]:
    """What an edit may change, by field of its form, as history keeps it."""
    found: dict[str, Any] = {"words": note.words, "on": note.on.isoformat()}
    if note.kind == NoteKind.CONTACT:
        found |= {"how": note.how, "reached": note.reached}
    return found


@transaction.atomic
def write_note(
    *,
    case_id: str,
    words: str,
    on: date,
    sharing: str,
    by: Actor,
    named: Collection[str] = (),
    kind: str = NoteKind.UPDATE,
) -> Note:
    """Write a note or update about a day. `sharing`: everybody who sees the case, those `named` (keys of
    `queries.notes_audience`), or the writer's unit alone.

    Raises NotAllowed for somebody who sees the case and does not contribute to it, and Refusal for a day to come,
    no words, or a choice of who sees it that does not hold any more.
    """
    case = get_case(by, case_id)
    check_can_contribute(by, case)
    if kind not in (NoteKind.NOTE, NoteKind.UPDATE):
        raise Refusal("unknown_kind", "Choose a note or an update.")
    refuse_if(rules.writing_refusals(words=words, on=on, today=by.on))
    return _write(case, kind=kind, words=words, on=on, sharing=sharing, named=named, by=by)


@transaction.atomic
def record_contact(
    *,
    case_id: str,
    person: Person,
    how: str,
    reached: bool | None,
    words: str,
    on: date,
    sharing: str,
    by: Actor,
    named: Collection[str] = (),
    unsafe_why: str = "",
) -> Note:
    """Record that somebody in the case was contacted, or that it was tried. The day by which somebody harmed is to
    be contacted again follows from it. `unsafe_why`: why a way was used that is not safe for them; whoever leads
    the case and the hub's co-ordinators are then told.

    Raises NotAllowed and Refusal as `write_note` does, and Refusal for somebody who is not in the case, or
    `unsafe_way` for a way that is not safe and no reason.
    """
    case = _locked(by, case_id)
    check_can_contribute(by, case)
    refuse_if(rules.writing_refusals(words=words, on=on, today=by.on))
    _check_contact(case, person, how, reached, by)
    not_safe = unsafe_ways(by, case, person).get(how, "")
    refuse_if(rules.unsafe_refusals(not_safe=not_safe, why=unsafe_why, sharing=sharing))
    note = _write(
        case,
        kind=NoteKind.CONTACT,
        words=words,
        on=on,
        sharing=sharing,
        named=named,
        by=by,
        person=person,
        how=how,
        reached=reached,
        unsafe_why=unsafe_why if not_safe else "",
    )
    keep_contact_clock(case, on=by.on)
    if not_safe:
        _tell_of_danger(case, by)
    return note


def _tell_of_danger(case: Case, by: Actor) -> None:
    """At once, by mail too. In a restricted case those alone who are named in it."""
    seers = {one.user.pk for one in seers_of(case.folder)}
    people = holders_of(["hub_coordinator"], case.partnership, by.on, case.hub) if case.hub else []
    if case.matter.lead is not None:
        people.append(case.matter.lead)
    tell(
        [one for one in people if one.pk in seers and (by.user is None or one.pk != by.user.pk)],
        "Somebody was contacted in a way that may not be safe",
        "case",
        case.matter.public_id,
        case.partnership,
    )


def _locked(by: Actor, case_id: str) -> Case:
    """The case, locked: of two contacts at once the second sees the first, and none races the closing."""
    get_case_for_update(by, case_id)
    return get_case(by, case_id)


def _check_contact(case: Case, person: Person, how: str, reached: bool | None, by: Actor) -> None:
    refuse_if(
        rules.contact_refusals(
            how=how,
            ways={one.code for one in in_force.entries(case.partnership, "contact_ways", by.on)},
            reached=reached,
            is_in_case=any(one.pk == person.pk for one, _ in access.persons_involved(by, case)),
        )
    )


def _write(
    case: Case,
    *,
    kind: str,
    words: str,
    on: date,
    sharing: str,
    named: Collection[str],
    by: Actor,
    **more: Any,
) -> Note:
    folder = place(case=case, sharing=sharing, named=named, by=by)
    assert by.unit is not None  # whoever contributes has one
    note = Note.objects.create(
        partnership_id=case.partnership_id,
        folder=folder,
        matter_folder_id=case.folder_id,
        matter_id=case.matter_id,
        kind=kind,
        sharing=sharing,
        words=words,
        on=on,
        at=clock.now(),
        by=by.public_id,
        unit=by.unit,
        **more,
    )
    revise(note, folder=folder, outer=case.folder, values=values_of(note), by=by)
    keep_narrow(case, folder, by=by)
    # Where it is not for everybody, the case is not named: its history in the log must not tell of it.
    codes: dict[str, Any] = {"matter": case.matter.public_id} if sharing == Sharing.ALL else {}
    audit.record(
        "casework.note_written", note, by=by, purpose=case.matter.purpose, note=kind, sharing=sharing, **codes
    )
    return note


@transaction.atomic
def edit_note(
    *,
    case_id: str,
    note_id: str,
    words: str,
    on: date,
    seen: int,
    by: Actor,
    how: str = "",
    reached: bool | None = None,
) -> Note:
    """Change what a note or contact says, and its day. Who sees it stays: to share it otherwise, withdraw it and
    write it again.

    Raises Conflict `changed_meanwhile` unless `seen` is the newest version, NotAllowed unless the actor's unit wrote
    it, and Refusal once it is withdrawn.
    """
    case = _locked(by, case_id)
    note = access.get_note_for_update(by, case, note_id)
    access.check_can_change(by, case, note)
    refuse_if(rules.change_refusals(is_withdrawn=note.withdrawn_at is not None))
    refuse_if(rules.writing_refusals(words=words, on=on, today=by.on))
    check_seen(note, seen)
    before = values_of(note)
    note.words, note.on = words, on
    if note.kind == NoteKind.CONTACT:
        ways = {one.code for one in in_force.entries(case.partnership, "contact_ways", by.on)} | {note.how}
        refuse_if(rules.contact_refusals(how=how, ways=ways, reached=reached, is_in_case=True))
        if how != note.how and note.person is not None and how in unsafe_ways(by, case, note.person):
            raise Refusal(
                "changed_to_unsafe",
                "That way is not safe for them. Withdraw this and record the contact again, so that those who have "
                "to know are told.",
            )
        note.how, note.reached = how, reached
    if values_of(note) == before:
        return note
    note.version += 1
    note.save(update_fields=["words", "on", "how", "reached", "version"])
    revise(note, folder=note.folder, outer=case.folder, values=values_of(note), by=by)
    changed = sorted(name for name, value in values_of(note).items() if before[name] != value)
    audit.record(
        "casework.note_changed",
        note,
        by=by,
        purpose=case.matter.purpose,
        fields=changed,
        version=note.version,
    )
    if note.kind == NoteKind.CONTACT:
        keep_contact_clock(case, on=by.on)
    return note


@transaction.atomic
def withdraw_note(*, case_id: str, note_id: str, reason: str, by: Actor) -> None:
    """Mark a note or contact as not to be relied on, with the reason. Nothing is deleted: whoever saw it may read
    that it was withdrawn, by whom and why. The files beside it are withdrawn with it. Done twice, it stays as it
    was."""
    case = _locked(by, case_id)
    note = access.get_note_for_update(by, case, note_id)
    access.check_can_withdraw(by, case, note)
    if note.withdrawn_at is not None:
        return
    if not reason.strip():
        raise Refusal("reason_missing", "Say why it is withdrawn.")
    note.withdrawn_at, note.withdrawn_by, note.withdrawn_why = clock.now(), by.public_id, reason
    note.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    audit.record("casework.note_withdrawn", note, by=by, purpose=case.matter.purpose)
    _withdraw_files(case, note, reason, by)
    if note.kind == NoteKind.CONTACT:
        keep_contact_clock(case, on=by.on)


def _withdraw_files(case: Case, note: Note, reason: str, by: Actor) -> None:
    """What lies beside a note that is not to be relied on is given out no more."""
    files = access.files_of(by, case).filter(note=note, withdrawn_at__isnull=True)
    for file in files.select_for_update(of=("self",)).order_by("id"):
        file.withdrawn_at, file.withdrawn_by, file.withdrawn_why = clock.now(), by.public_id, reason
        file.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        audit.record("casework.file_withdrawn", file, by=by, purpose=case.matter.purpose)
