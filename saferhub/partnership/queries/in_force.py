"""What packs say on a day: typed, with source, dates and the release it came from.

National entries and the partnership's own are read together in one query; where both have the
same code, the partnership's counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from saferhub.foundation.one_page import batched
from saferhub.partnership.models import EntryVersion, Partnership
from saferhub.partnership.packs import section as section_of
from saferhub.partnership.packs.schema import Citation, Item

from .kept import while_packs_stand


@dataclass(frozen=True)
class Release:
    """Which version of which pack said it, and when that was loaded."""

    pack: str
    version: int
    title: str
    loaded_at: datetime


@dataclass(frozen=True)
class InForce:
    """One entry as it holds on a day. `item` is of the section's model."""

    section: str
    code: str
    item: Any
    is_national: bool
    release: Release
    version_id: int

    @property
    def source(self) -> list[Citation]:
        return list(self.item.source)

    @property
    def verify(self) -> bool:
        return bool(self.item.verify)

    @property
    def valid_from(self) -> date | None:
        return self.item.valid_from

    @property
    def valid_until(self) -> date | None:
        return self.item.valid_until


def entries(partnership: Partnership | None, section: str, on: date) -> list[InForce]:
    """Everything in force in `section` on that day, in the order of the packs' files.

    Without a partnership: national entries only. Two queries at most, none for a section that the page has read.
    Raises `KeyError` for an unknown section.
    """
    return sections(partnership, [section], on)[section_of(section).name]


def entry(partnership: Partnership | None, section: str, code: str, on: date) -> InForce | None:
    """One entry as it holds on that day, or None. Two queries at most, none where the page has read its section."""
    return next((one for one in entries(partnership, section, on) if one.code == code), None)


def sections(partnership: Partnership | None, names: Iterable[str], on: date) -> dict[str, list[InForce]]:
    """Several sections at once, still in one query: of those that neither the page nor the process has read yet."""
    wanted = [section_of(name).name for name in names]

    def read(missing: Collection[str]) -> dict[str, list[InForce]]:
        known: dict[str, list[InForce]] = while_packs_stand(_key(partnership, on), dict)
        unread = [name for name in missing if name not in known]
        if unread:
            found: dict[str, list[InForce]] = {name: [] for name in unread}
            for one in _chosen(_versions(partnership, on).filter(entry__section__in=unread)):
                found[one.section].append(one)
            known.update(found)
        return {name: known[name] for name in missing}

    known = batched(_key(partnership, on), wanted, read)
    return {name: list(known[name]) for name in wanted}


def _key(partnership: Partnership | None, on: date) -> tuple[Any, ...]:
    """Under which a page, and the process, keep what they have read."""
    return ("in_force", partnership.pk if partnership else None, on)


def history(partnership: Partnership | None, section: str, code: str) -> list[InForce]:
    """Every version of one entry that stands, whatever its dates, the earliest first. One query."""
    own = _own_or_national(partnership)
    rows = EntryVersion.objects.live().filter(own, entry__section=section_of(section).name, entry__code=code)
    found = [read_version(row) for row in rows.select_related("entry", "recorded_in")]
    return sorted(found, key=lambda one: (one.valid_from or date.min, one.is_national))


def _own_or_national(partnership: Partnership | None) -> Q:
    national = Q(entry__partnership__isnull=True)
    return national | Q(entry__partnership=partnership) if partnership else national


def _versions(partnership: Partnership | None, on: date) -> Any:
    rows = EntryVersion.objects.in_force_on(on).filter(_own_or_national(partnership))
    return rows.select_related("entry", "recorded_in").order_by(
        "entry__section", "entry__position", "entry_id"
    )


def _chosen(rows: Iterable[EntryVersion]) -> list[InForce]:
    """The rows typed, without the national ones that the partnership overrides."""
    found = [read_version(row) for row in rows]
    own = {(one.section, one.code) for one in found if not one.is_national}
    return [one for one in found if not one.is_national or (one.section, one.code) not in own]


def item_of(row: EntryVersion) -> Item:
    """What a stored version says, typed by its section. Raises pydantic's ValidationError when it no longer fits."""
    model: type[Item] = section_of(row.entry.section).model
    return model.model_validate(
        {
            "id": row.entry.code,
            "from": row.valid_from,
            "until": row.valid_until,
            "source": row.source,
            "verify": row.verify,
            **row.payload,
        }
    )


def read_version(row: EntryVersion) -> InForce:
    """A stored version with its item, its dates and the release it came from, whether it still stands or not."""
    release = row.recorded_in
    return InForce(
        section=row.entry.section,
        code=row.entry.code,
        item=item_of(row),
        is_national=row.entry.partnership_id is None,
        release=Release(release.pack, release.version, release.title, release.loaded_at),
        version_id=row.id,
    )
