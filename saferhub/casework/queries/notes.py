"""What the pages of notes, contacts and files read, and what they put into the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils import timezone

from saferhub.casework.access import notes as access
from saferhub.casework.access.inside import persons_inside
from saferhub.casework.access.together import rows_in
from saferhub.casework.models import Attachment, Case, Note, NoteKind, Sharing
from saferhub.casework.registries import Happened
from saferhub.casework.rules.notes import people_words
from saferhub.casework.rules.notes_files import size_words
from saferhub.foundation import clock
from saferhub.foundation.refusals import allows
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people.access import persons_visible_to
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Folder, Interest, Revision, Sensitivity

from .notes_audience import unit_name

SOMEBODY = "Somebody"


# --- Who sees it -------------------------------------------------------------------------------------------


def who_sees(row: Note | Attachment, interests: Iterable[Interest] = ()) -> str:
    """Who sees something that is narrower than its case, in words; nothing where everybody does.

    `interests`: the live ones in its folder.
    """
    if row.sharing == Sharing.ALL:
        return ""
    folder: Folder = row.folder
    if folder.sensitivity != Sensitivity.NORMAL:
        named = sorted({one.user.name for one in interests if one.user is not None})
        return f"Only {people_words(named)}"
    found = [unit_name(folder.unit)]
    if folder.hub is not None:
        found.append(f"those who work in {folder.hub.name}")
    found += sorted({unit_name(one.unit) for one in interests if one.unit is not None})
    found += sorted({one.user.name for one in interests if one.user is not None})
    return f"Only {people_words(found)}"


def interests_in(folders: Iterable[int]) -> dict[int, list[Interest]]:
    """The live interests in these narrower folders, which the reader sees in their own right. One query."""
    numbers = set(folders)
    found: dict[int, list[Interest]] = {}
    if not numbers:
        return found
    for one in (
        Interest.objects.filter(interests_live_on(clock.now()), folder__in=numbers)
        .select_related("unit__agency", "user")
        .order_by("id")
    ):
        found.setdefault(one.folder_id, []).append(one)
    return found


def _narrow(rows: Iterable[Note | Attachment]) -> dict[int, list[Interest]]:
    return interests_in(one.folder_id for one in rows if one.sharing != Sharing.ALL)


# --- Files -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file in words."""

    file: Attachment
    by: str
    size: str
    sharing: str
    note_url: str
    can_withdraw: bool
    withdrawn_by: str

    @property
    def is_withdrawn(self) -> bool:
        return self.file.withdrawn_at is not None


def file_rows(actor: Actor, case: Case, files: Iterable[Attachment]) -> list[FileRow]:
    """Files in words. Two queries, however many."""
    rows = list(files)
    names = names_of({who for one in rows for who in (one.by, one.withdrawn_by) if who}, actor)
    interests = _narrow(rows)
    return [
        FileRow(
            one,
            f"{names.get(one.by, SOMEBODY)}, {one.unit.agency.name}",
            size_words(one.size),
            who_sees(one, interests.get(one.folder_id, ())),
            reverse("case-update", args=[case.matter.public_id, one.note.public_id]) if one.note else "",
            one.withdrawn_at is None and allows(access.check_can_withdraw, actor, case, one),
            names.get(one.withdrawn_by, "") if one.withdrawn_by else "",
        )
        for one in rows
    ]


def files_in(actor: Actor, case: Case, note: Note | None = None) -> list[FileRow]:
    """The files of a case or of one note, newest first."""
    files = access.files_of(actor, case).select_related(
        "folder__unit__agency", "folder__hub", "unit__agency", "note"
    )
    if note is not None:
        files = files.filter(note=note)
    return file_rows(actor, case, files)


def number_of_files(actor: Actor, case: Case) -> int:
    """How many files the reader could take: those kept from her are not counted. One query, and none where the
    page has read the files."""
    return sum(one.withdrawn_at is None for one in _files(actor, case))


def _notes(actor: Actor, case: Case) -> list[Note]:
    return sorted(rows_in(actor, case, Note), key=lambda one: (one.on, one.pk), reverse=True)


def _files(actor: Actor, case: Case) -> list[Attachment]:
    return rows_in(actor, case, Attachment)[::-1]


# --- One note ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteEdit:
    """One edit of a note: who made it, and each field before and after."""

    by: str
    at: datetime
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class NotePage:
    """One note in words."""

    note: Note
    title: str
    by: str
    person: Any
    how: str
    sharing: str
    files: list[FileRow]
    edits: list[NoteEdit]
    withdrawn_by: str


_LABELS = {"words": "Words", "on": "Day", "how": "How", "reached": "Reached"}


def way_names(actor: Actor) -> dict[str, str]:
    """The ways of contacting somebody, in the packs' order. One query."""
    return {
        one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "contact_ways", actor.on)
    }


def note_page(actor: Actor, case: Case, note: Note) -> NotePage:
    """One note with its files and edits. About twelve queries."""
    ways = way_names(actor)
    history = list(
        Revision.objects.filter(
            folder=note.folder_id, kind=note._meta.label_lower, subject=note.public_id
        ).order_by("number")
    )
    names = names_of({note.by, note.withdrawn_by, *(one.by for one in history)} - {""}, actor)
    agencies = agency_names((one.agency for one in history), actor)
    person = persons_visible_to(actor).filter(pk=note.person_id).first() if note.person_id else None
    interests = interests_in([note.folder_id]) if note.sharing != Sharing.ALL else {}
    edits = []
    for before, after in pairwise(history):
        who = ", ".join(filter(None, (names.get(after.by, SOMEBODY), agencies.get(after.agency, ""))))
        changes = [
            (label, _said(name, before.values.get(name), ways), _said(name, after.values.get(name), ways))
            for name, label in _LABELS.items()
            if before.values.get(name) != after.values.get(name)
        ]
        edits.append(NoteEdit(who, after.at, changes))
    return NotePage(
        note=note,
        title=title_of(note, person.name if person else "", ways),
        by=f"{names.get(note.by, SOMEBODY)}, {note.unit.agency.name}",
        person=person,
        how=ways.get(note.how, note.how),
        sharing=who_sees(note, interests.get(note.folder_id, ())),
        files=files_in(actor, case, note),
        edits=edits[::-1],
        withdrawn_by=names.get(note.withdrawn_by, "") if note.withdrawn_by else "",
    )


def _said(name: str, value: Any, ways: dict[str, str]) -> str:
    if name == "on" and value:
        return date_in_words(date.fromisoformat(str(value)))
    if name == "how":
        return ways.get(str(value), str(value))
    if name == "reached":
        return "Yes" if value else "No"
    return str(value or "")


def title_of(note: Note, person: str, ways: dict[str, str]) -> str:
    """What a note is called: "Reached Joanne Frith by telephone"."""
    if note.kind != NoteKind.CONTACT:
        return "Note" if note.kind == NoteKind.NOTE else "Update"
    whom = person or "somebody you may not see"
    how = ways.get(note.how, "").lower()
    verb = "Reached" if note.reached else "Tried to reach"
    return f"{verb} {whom}" + (f": {how}" if how else "")


# --- The timeline ------------------------------------------------------------------------------------------


def happened(actor: Any, case: Case) -> Iterator[Happened]:
    """Notes, contacts and files of a case that the reader may see. Nine queries."""
    notes, files = _notes(actor, case), _files(actor, case)
    if not notes and not files:
        return
    ways = way_names(actor)
    names = names_of({one.by for one in notes} | {one.by for one in files}, actor)
    interests = _narrow([*notes, *files])
    numbers = {one.person_id for one in notes if one.person_id}
    persons = {one.pk: one.name for one in persons_inside(actor, case.matter)} if numbers else {}
    if unknown := numbers - set(persons):
        persons |= {one.pk: one.name for one in persons_visible_to(actor).filter(pk__in=unknown)}
    beside: dict[int, list[Attachment]] = {}
    for one in files:
        if one.note_id is not None and one.withdrawn_at is None:
            beside.setdefault(one.note_id, []).append(one)
    for row in notes:
        yield _note_happened(case, row, ways, names, persons, interests, beside.get(row.pk, []))
    for one in files:
        if one.note_id is None:
            yield _file_happened(case, one, names, interests)


def _note_happened(
    case: Case,
    row: Note,
    ways: dict[str, str],
    names: dict[str, str],
    persons: dict[int, str],
    interests: dict[int, list[Interest]],
    files: list[Attachment],
) -> Happened:
    matter = case.matter.public_id
    title = title_of(row, persons.get(row.person_id or 0, ""), ways)
    words = row.words
    tags: list[tuple[str, str]] = []
    if row.withdrawn_at is not None:
        title, words = f"Withdrawn: {title[0].lower()}{title[1:]}", f"Withdrawn: {row.withdrawn_why}"
        tags.append(("Withdrawn", "quiet"))
    links = tuple(
        (f"File: {one.name} ({size_words(one.size)})", reverse("case-file", args=[matter, one.public_id]))
        for one in files
    )
    return Happened(
        at=_moment(row),
        day=row.on,
        kind="contact" if row.kind == NoteKind.CONTACT else "note",
        title=title,
        who=f"{names.get(row.by, SOMEBODY)}, {row.unit.agency.name}",
        words=words,
        url=reverse("case-update", args=[matter, row.public_id]),
        sharing=who_sees(row, interests.get(row.folder_id, ())),
        tags=tuple(tags),
        links=links if row.withdrawn_at is None else (),
    )


def _moment(row: Note) -> datetime:
    """When it stands in its day: as written, or at noon where it tells of an earlier one."""
    if timezone.localtime(row.at).date() == row.on:
        return row.at
    return timezone.make_aware(datetime.combine(row.on, time(12, 0)))


def _file_happened(
    case: Case, one: Attachment, names: dict[str, str], interests: dict[int, list[Interest]]
) -> Happened:
    matter = case.matter.public_id
    withdrawn = one.withdrawn_at is not None
    return Happened(
        at=timezone.make_aware(
            datetime.combine(one.on, timezone.localtime(one.created_at).time().replace(tzinfo=None))
        ),
        day=one.on,
        kind="document",
        title=f"File withdrawn: {one.name}" if withdrawn else f"File added: {one.name}",
        who=f"{names.get(one.by, SOMEBODY)}, {one.unit.agency.name}",
        words=f"Withdrawn: {one.withdrawn_why}" if withdrawn else one.about,
        url=reverse("case-files", args=[matter]),
        sharing=who_sees(one, interests.get(one.folder_id, ())),
        tags=(("Withdrawn", "quiet"),) if withdrawn else (),
        links=()
        if withdrawn
        else (
            (
                f"File: {one.name} ({size_words(one.size)})",
                reverse("case-file", args=[matter, one.public_id]),
            ),
        ),
    )
