"""Reading a sheet of referrals in: planned first, then all of it or nothing.

Every row has a number of its own. Of what a row said last a keyed hash of each field is kept, so the same file
again changes nothing, and the next one changes what has changed since and says so; the words lie in the referral.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.crypto import salted_hmac

from saferhub.audit import operations as audit
from saferhub.casework.access import get_referrals_for_update, parts_readable_by, referrals_visible_to
from saferhub.casework.access.intake import mappings_of
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import WAITING, ColumnMapping, Referral, SheetImport, SheetRow, Source
from saferhub.casework.rules import referrals as referral_rules
from saferhub.casework.rules.intake_rows import FIELDS, PERSON, Row
from saferhub.foundation.one_page import one_page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.access.sight import folders_readable_by
from saferhub.sharing.models import Folder
from saferhub.sharing.operations.folders import open_folder

from .referrals_filed import PersonValues, ReferralValues, file_referral
from .referrals_many import Following, Ground, Ready, checked, file_all, ground_of, known_keys
from .referrals_written import tell_hub

# Rows that are written together, and after which it is said how far it has come.
BATCH = 200
_WORDS = (*referral_rules.WORDS, "title")


class RowRefused(Refusal):
    """One row could not be read in, so nothing was. `line`: its line in the sheet, from 1."""

    def __init__(self, line: int, refusal: Refusal) -> None:
        super().__init__(refusal.code, f"Row {line}: {refusal.sentence}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Change:
    """What the referral says of one field before, and what the row says now. What the row said of a person is not
    known any more."""

    field: str
    before: str
    after: str

    @property
    def words(self) -> str:
        return FIELDS[self.field][0]


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that says something else than last time. `kept`: changes that the referral does not follow: of a person,
    whose record is corrected by itself, and of a referral that is decided, of which the hub has to be told."""

    row: Row
    kept_row: SheetRow
    changes: list[Change]
    kept: list[Change]

    @property
    def reference(self) -> str:
        return str(self.kept_row.referral.matter.reference)

    @property
    def is_decided(self) -> bool:
        return self.kept_row.referral.status not in WAITING


@dataclass(frozen=True, slots=True)
class Plan:
    """What reading a sheet in would do."""

    new: list[Row]
    changed: list[Changed]
    unchanged: int

    @property
    def following(self) -> list[Changed]:
        return [one for one in self.changed if one.changes]

    @property
    def is_empty(self) -> bool:
        return not self.new and not self.following


def key_of_row(mapping: ColumnMapping, number: str) -> str:
    """Keyed hash of a row's own number: it may be a crime number or a tenancy."""
    return salted_hmac(
        "saferhub.casework.intake row", f"{mapping.public_id}:{number}", algorithm="sha256"
    ).hexdigest()


def plan(rows: Sequence[Row], mapping: ColumnMapping | None, *, by: Actor) -> Plan:
    """What would be new, changed, unchanged. `mapping`: None where none is saved yet. Two queries.

    A row is known by itself alone: one whose referral was restricted since counts as unchanged, whatever it says.
    """
    known: dict[str, SheetRow] = {}
    seen: dict[int, Referral] = {}
    if mapping is not None:
        kept_rows = parts_readable_by(by, SheetRow).filter(mapping=mapping)
        known = {one.key: one for one in kept_rows}
        referrals = referrals_visible_to(by).filter(pk__in=kept_rows.order_by().values("referral"))
        seen = {one.pk: one for one in referrals.select_related("matter", "folder")}
    new: list[Row] = []
    changed: list[Changed] = []
    unchanged = 0
    for row in rows:
        kept = known.get(key_of_row(mapping, row.number)) if mapping is not None else None
        if kept is None:
            new.append(row)
        elif (one := _changed(row, kept, seen.get(kept.referral_id))) is not None:
            changed.append(one)
        else:
            unchanged += 1
    return Plan(new, changed, unchanged)


def said_by(row: Row, key: str) -> dict[str, str]:
    """Keyed hash of each field that a row fills, which tells nothing but whether it has changed. `key`: the row's."""
    return {
        code: salted_hmac(
            "saferhub.casework.intake value", f"{key}:{code}:{value}", algorithm="sha256"
        ).hexdigest()[:32]
        for code, value in row.values.items()
        if value
    }


def _said_before(referral: Referral, code: str, was_filled: bool) -> str:
    if code == "title":
        return str(referral.matter.title)
    if code == "urgent":
        return "yes" if referral.urgent else "no"
    if code in _WORDS:
        return str(getattr(referral, code) or "")
    return "Something else" if was_filled else ""


def _changed(row: Row, kept: SheetRow, referral: Referral | None) -> Changed | None:
    if referral is None:
        return None
    kept.referral = referral
    said = said_by(row, kept.key)
    found = [
        Change(code, _said_before(referral, code, code in kept.values), row.values.get(code, ""))
        for code in FIELDS
        if kept.values.get(code) != said.get(code)
    ]
    if not found:
        return None
    follows = referral.status in WAITING
    return Changed(
        row,
        kept,
        [one for one in found if follows and one.field in _WORDS],
        [one for one in found if not follows or one.field not in _WORDS],
    )


@dataclass(frozen=True, slots=True)
class File:
    """The file that was read: its name and hash. Its bytes are not kept."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _NewRow:
    """A new row that can be filed, and the key by which it is known again."""

    row: Row
    key: str
    ready: Ready


def check_new(
    rows: Sequence[Row], mapping: ColumnMapping, *, hub: Hub, purpose: str, by: Actor, on: date
) -> tuple[Ground, list[_NewRow]]:
    """Every new row as it would be filed, and what all of them rest on. Some fifteen queries, however many rows.

    Raises NotAllowed, Refusal where nothing carries this purpose to the hub, and RowRefused for the first row that
    cannot be filed. It only reads, so what packs and agreements say is asked once for the sheet.
    """
    with one_page():
        ground = ground_of(hub=hub, purpose=purpose, by=by, on=on)
        return ground, [_ready(row, mapping, ground, by=by, on=on) for row in rows]


def _ready(row: Row, mapping: ColumnMapping, ground: Ground, *, by: Actor, on: date) -> _NewRow:
    key = key_of_row(mapping, row.number)
    values = _values(row, hub=ground.hub, purpose=ground.purpose)
    try:
        found = checked(values, _people(row), external_key=key, ground=ground, by=by, on=on)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        raise RowRefused(row.line, refusal) from refusal
    return _NewRow(row, key, found)


@transaction.atomic
def read_in(
    *,
    mapping: ColumnMapping,
    rows: Sequence[Row],
    file: File,
    hub: Hub,
    purpose: str,
    by: Actor,
    on: date,
    after: Callable[[int], None] = lambda done: None,
) -> SheetImport:
    """File what is new, change what has changed, and keep what each row said. All of it, or nothing.

    `after`: called between batches with the number of rows that are done; what it raises takes all of it back.
    Raises NotAllowed, and RowRefused for the first row that cannot be kept. The hub's co-ordinators get one mail.
    """
    check_can_refer(by)
    mapping = ColumnMapping.objects.select_for_update().get(pk=mapping.pk)
    planned = plan(rows, mapping, by=by)
    ground, new = check_new(planned.new, mapping, hub=hub, purpose=purpose, by=by, on=on)
    folder = _folder_of(mapping, by=by)
    found = SheetImport.objects.create(
        partnership_id=folder.partnership_id,
        folder=folder,
        mapping=mapping,
        file_name=file.name[:200],
        sha256=file.sha256,
        rows=len(rows),
        created=len(planned.new),
        changed=len(planned.following),
        unchanged=len(rows) - len(planned.new) - len(planned.following),
        by=by.public_id,
        on=on,
    )
    filed: list[Referral] = []
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        made = _filed(batch, ground, by=by, on=on)
        filed += made
        SheetRow.objects.bulk_create(
            SheetRow(
                partnership_id=folder.partnership_id,
                folder=folder,
                mapping=mapping,
                key=one.key,
                values=said_by(one.row, one.key),
                referral=referral,
                last_import=found,
            )
            for one, referral in zip(batch, made, strict=True)
        )
        after(len(filed))
    for start in range(0, len(planned.following), BATCH):
        changed = planned.following[start : start + BATCH]
        _follow(changed, found, by=by)
        after(len(filed) + start + len(changed))
    audit.record(
        "sheet.read", found, by=by, purpose=purpose, hub=hub.code,
        created=found.created, changed=found.changed, unchanged=found.unchanged,
    )  # fmt: skip
    if filed:
        more = len(filed) - 1
        others = f" and {more} more from a spreadsheet wait" if more else " from a spreadsheet waits"
        tell_hub(filed[0], f"{others.strip()} for a decision", on=on)
    return found


def _folder_of(mapping: ColumnMapping, *, by: Actor) -> Folder:
    """Where this mapping's rows lie: a folder of the unit's own, in no hub. The caller has locked the mapping."""
    known = parts_readable_by(by, SheetImport).filter(mapping=mapping).order_by("id").values("folder")[:1]
    found = folders_readable_by(by).filter(pk__in=known).first()
    return found or open_folder(kind="sheet", by=by, unit=mapping.unit)


def _filed(batch: Sequence[_NewRow], ground: Ground, *, by: Actor, on: date) -> list[Referral]:
    """The referrals of these rows, in their order. Nobody files the same meanwhile: the mapping is locked, and its
    identifier is part of each key."""
    known = known_keys([one.key for one in batch], by=by)
    unknown = [one.ready for one in batch if one.key not in known]
    made = iter(file_all(unknown, ground=ground, source=Source.SHEET, by=by, on=on) if unknown else [])
    return [_filed_before(one, ground, by=by, on=on) if one.key in known else next(made) for one in batch]


def _filed_before(one: _NewRow, ground: Ground, *, by: Actor, on: date) -> Referral:
    """The one that stands under this row's key, as it is."""
    try:
        with transaction.atomic():
            return file_referral(
                values=_values(one.row, hub=ground.hub, purpose=ground.purpose),
                people=_people(one.row),
                by=by,
                on=on,
                source=Source.SHEET,
                external_key=one.key,
                tells=False,
            )
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        raise RowRefused(one.row.line, refusal) from refusal


def _values(row: Row, *, hub: Hub, purpose: str) -> ReferralValues:
    said = row.values
    words: dict[str, Any] = {code: said.get(code, "") for code in _WORDS if code != "urgent"}
    return ReferralValues(to_hub=hub, purpose=purpose, urgent=said.get("urgent") == "yes", **words)


def _people(row: Row) -> list[PersonValues]:
    if not row.is_person_named:
        return []
    said: dict[str, Any] = {code: row.values.get(code, "") for code in PERSON}
    born = said.pop("born_on")
    return [
        PersonValues(
            is_subject=row.values["subject_kind"] in referral_rules.NEEDS_PERSON,
            born_on=date.fromisoformat(born) if born else None,
            **said,
        )
    ]


def _follow(batch: Sequence[Changed], found: SheetImport, *, by: Actor) -> None:
    """Let referrals that wait say what their rows say now. What they do not follow stays to be shown again."""
    standing = get_referrals_for_update(by, [one.kept_row.referral_id for one in batch])
    following = Following(by)
    for one in batch:
        referral = standing.get(one.kept_row.referral_id)
        if referral is None:
            raise Http404
        values: dict[str, Any] = {change.field: change.after for change in one.changes}
        if "urgent" in values:
            values["urgent"] = values["urgent"] == "yes"
        try:
            following.add(referral, values)
        except Refusal as refusal:
            if refusal.status != 409:
                raise
            raise RowRefused(one.row.line, refusal) from refusal
        kept = one.kept_row
        followed, said = {change.field for change in one.changes}, said_by(one.row, kept.key)
        kept.values = {code: was for code, was in kept.values.items() if code not in followed} | {
            code: now for code, now in said.items() if code in followed
        }
        kept.last_import = found
    following.keep()
    SheetRow.objects.bulk_update([one.kept_row for one in batch], ["values", "last_import"])


@transaction.atomic
def keep_mapping(*, name: str, settings: dict[str, Any], by: Actor, on: date) -> ColumnMapping:
    """Save how a sheet of the actor's unit is read, under a name; saved again, it is changed."""
    check_can_refer(by)
    assert by.unit is not None and by.partnership is not None
    if not name.strip():
        raise Refusal("name_missing", "Give this kind of sheet a name.")
    mapping = mappings_of(by).filter(name=name.strip()).select_for_update().first()
    if mapping is None:
        mapping = ColumnMapping.objects.create(
            partnership=by.partnership,
            unit=by.unit,
            name=name.strip(),
            settings=settings,
            made_by=by.public_id,
        )
    elif mapping.settings != settings:
        mapping.settings = settings
        mapping.version += 1
        mapping.save(update_fields=["settings", "version"])
    else:
        return mapping
    audit.record("sheet.mapping_kept", mapping, by=by, version=mapping.version)
    return mapping


__all__ = ["Change", "Changed", "File", "Plan", "RowRefused", "check_new", "keep_mapping", "plan", "read_in"]
