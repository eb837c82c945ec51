"""Loading packs: everything is checked first, then written in one transaction.

Loading the same content again changes nothing. A new version records what changed as new rows and
marks the replaced ones withdrawn; no row's content is ever changed and none is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from saferhub.audit.operations import Who, record
from saferhub.partnership.models import Entry, EntryVersion, Hub, PackRelease, Partnership
from saferhub.partnership.operations.identities import record_identities
from saferhub.partnership.packs import Pack, PackError, Placed, Problem, check_references, read_pack
from saferhub.partnership.packs.places import references
from saferhub.partnership.packs.schema import OWN_FIELDS, Item
from saferhub.partnership.queries.in_force import item_of

# Held while packs are loaded, so that two commands at once do not both find nothing there.
_LOCK = 7_305_512


@dataclass(frozen=True)
class Loaded:
    """What became of one pack: `outcome` is loaded, already_loaded or checked."""

    pack: str
    version: int
    title: str
    outcome: str
    items: int
    recorded: int = 0
    withdrawn: int = 0

    def __str__(self) -> str:
        name = f"{self.pack} version {self.version}"
        if self.outcome == "checked":
            return f"{name}: in order, {self.items} items"
        if self.outcome == "already_loaded":
            return f"{name}: already loaded"
        return f"{name}: loaded, {self.items} items ({self.recorded} recorded, {self.withdrawn} withdrawn)"


def load_packs(
    paths: Sequence[Path | str], *, by: Who | None = None, check_only: bool = False
) -> list[Loaded]:
    """Load the packs in these folders, national ones first. Raises `PackError`; then nothing is changed."""
    packs = sorted((read_pack(Path(path)) for path in paths), key=lambda pack: pack.file.kind != "national")
    _check_apart(packs)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _check_together(packs)
        outcomes = [_outcome(pack) for pack in packs]
        if check_only:
            return [_said(pack, "checked") for pack in packs]
        return [
            _said(pack, "already_loaded") if outcome == "already_loaded" else _load(pack, by)
            for pack, outcome in zip(packs, outcomes, strict=True)
        ]


def _said(pack: Pack, outcome: str, **counts: int) -> Loaded:
    items = sum(1 for _ in pack.each())
    return Loaded(pack.file.id, pack.file.version, pack.file.title, outcome, items, **counts)


def _check_apart(packs: Iterable[Pack]) -> None:
    seen: set[str] = set()
    for pack in packs:
        if pack.file.id in seen:
            raise PackError([pack.problem(f"The pack “{pack.file.id}” is given twice. Give each pack once.")])
        seen.add(pack.file.id)


def _check_together(packs: Sequence[Pack]) -> None:
    """Do the packs hold together with each other and with what is loaded?"""
    here = {pack.file.id: pack for pack in packs}
    for pack in packs:
        parent = pack.file.extends
        if parent is None:
            check_references(pack, {})
            _check_still_wanted(pack, here)
        elif parent in here and here[parent].file.kind == "national":
            check_references(pack, here[parent].ids)
        else:
            check_references(pack, _loaded_ids(pack, parent))
        _check_other_packs(pack)
        _check_prefixes(pack)


def _loaded_ids(pack: Pack, parent: str) -> dict[str, frozenset[str]]:
    if not PackRelease.objects.filter(pack=parent, kind=PackRelease.Kind.NATIONAL).exists():
        sentence = f"The national pack “{parent}” is not loaded. Load it first, or give its folder too."
        raise PackError([pack.problem(sentence, "extends")])
    ids: dict[str, set[str]] = {}
    rows = EntryVersion.objects.live().filter(entry__partnership__isnull=True, recorded_in__pack=parent)
    for name, code in rows.values_list("entry__section", "entry__code"):
        ids.setdefault(name, set()).add(code)
    return {name: frozenset(codes) for name, codes in ids.items()}


def _check_still_wanted(pack: Pack, here: dict[str, Pack]) -> None:
    """A national pack may not drop what a loaded partnership refers to; it can end it with `until`."""
    own = pack.ids
    dropped = {
        (name, code)
        for name, codes in _codes_of(
            EntryVersion.objects.live().filter(recorded_in__pack=pack.file.id)
        ).items()
        for code in codes - own.get(name, frozenset())
    }
    if not dropped:
        return
    others = EntryVersion.objects.live().filter(entry__partnership__isnull=False)
    for row in others.exclude(recorded_in__pack__in=list(here)).select_related("entry", "recorded_in"):
        for _, target, wanted in references(item_of(row)):
            if (target, wanted) in dropped:
                sentence = (
                    f"“{wanted}” is missing from {target}.yaml, and the pack {row.recorded_in.pack} "
                    "refers to it. Put it back; to end it, give it “until”."
                )
                raise PackError([pack.problem(sentence)])


def _codes_of(rows: Any) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for name, code in rows.values_list("entry__section", "entry__code"):
        codes.setdefault(name, set()).add(code)
    return codes


def _check_other_packs(pack: Pack) -> None:
    """Two packs may describe one partnership only where their dates do not overlap."""
    others: dict[tuple[str, str], list[EntryVersion]] = {}
    for row in _scope(pack).exclude(recorded_in__pack=pack.file.id).select_related("entry", "recorded_in"):
        others.setdefault((row.entry.section, row.entry.code), []).append(row)
    problems: list[Problem] = []
    for placed in pack.each():
        for row in others.get((placed.section, placed.item.id), []):
            begins = max(placed.item.valid_from or date.min, row.valid_from or date.min)
            if begins <= min(placed.item.valid_until or date.max, row.valid_until or date.max):
                sentence = (
                    f"The pack {row.recorded_in.pack} speaks of “{placed.item.id}” for some of these days "
                    "too. Give both packs dates that do not overlap."
                )
                problems.append(placed.problem(sentence, ("id",)))
    if problems:
        raise PackError(sorted(problems))


def _check_prefixes(pack: Pack) -> None:
    """References begin with a hub's prefix, so it stays with its hub, even one that has ended."""
    if pack.partnership is None:
        return
    hubs = list(Hub.objects.filter(partnership__code=pack.partnership.id))
    owners = {hub.prefix: hub.code for hub in hubs}
    prefixes = {hub.code: hub.prefix for hub in hubs}
    for placed in pack.items.get("hubs", []):
        item: Any = placed.item
        if prefixes.get(item.id, item.prefix) != item.prefix:
            sentence = f"The prefix of “{item.id}” is “{prefixes[item.id]}” and stays so. Put it back."
            raise PackError([placed.problem(sentence, ("prefix",))])
        if owners.get(item.prefix, item.id) != item.id:
            sentence = f"“{item.prefix}” belongs to the hub “{owners[item.prefix]}” for ever. Choose another."
            raise PackError([placed.problem(sentence, ("prefix",))])


def _scope(pack: Pack) -> Any:
    """The live versions that the pack's items stand beside."""
    rows = EntryVersion.objects.live()
    partnership = pack.partnership
    if partnership is None:
        return rows.filter(entry__partnership__isnull=True)
    return rows.filter(entry__partnership__code=partnership.id)


def _outcome(pack: Pack) -> str:
    """Is it loaded already, or may it be loaded? Raises `PackError` when its version is used up."""
    releases = PackRelease.objects.filter(pack=pack.file.id)
    same = releases.filter(version=pack.file.version).first()
    if same is not None:
        if same.sha256 == pack.sha256:
            return "already_loaded"
        sentence = f"Version {same.version} is loaded with other content. Raise “version” to load this one."
        raise PackError([pack.problem(sentence, "version")])
    newest = releases.order_by("-version").first()
    if newest is not None and newest.version > pack.file.version:
        sentence = f"Version {newest.version} is loaded. Raise “version” above it to load this one."
        raise PackError([pack.problem(sentence, "version")])
    described = pack.partnership.id if pack.partnership else None
    if newest is not None and (newest.partnership.code if newest.partnership else None) != described:
        so_far = newest.partnership or "England"
        sentence = f"This pack described “{so_far}” so far. Give another partnership a new pack."
        raise PackError([pack.problem(sentence)])
    return "new"


def _load(pack: Pack, by: Who | None) -> Loaded:
    partnership = _partnership(pack)
    release = PackRelease.objects.create(
        pack=pack.file.id,
        version=pack.file.version,
        kind=pack.file.kind,
        title=pack.file.title,
        about=pack.file.model_dump(mode="json", by_alias=True, exclude_unset=True),
        sha256=pack.sha256,
        partnership=partnership,
        loaded_by=by.public_id if by else "",
    )
    entries = _entries(pack, partnership)
    recorded, withdrawn = _versions(pack, release, entries)
    if partnership is not None:
        record_identities(pack, partnership, entries)
    record(
        "partnership.pack_loaded",
        release,
        by=by,
        concerning=partnership,
        pack=pack.file.id,
        version=pack.file.version,
        sha256=pack.sha256,
        recorded=recorded,
        withdrawn=withdrawn,
    )
    return _said(pack, "loaded", recorded=recorded, withdrawn=withdrawn)


def _partnership(pack: Pack) -> Partnership | None:
    described: Any = pack.partnership
    if described is None:
        return None
    names = {"name": described.name, "short_name": described.short_name}
    return Partnership.objects.update_or_create(code=described.id, defaults=names)[0]


def _entries(pack: Pack, partnership: Partnership | None) -> dict[tuple[str, str], Entry]:
    """The identity of everything the pack describes, made where it is new, in the pack's order."""
    places: dict[tuple[str, str], int] = {}
    for placed in pack.each():
        places.setdefault((placed.section, placed.item.id), placed.index)
    found = {(entry.section, entry.code): entry for entry in Entry.objects.filter(partnership=partnership)}
    Entry.objects.bulk_create(
        Entry(partnership=partnership, section=name, code=code, position=place)
        for (name, code), place in places.items()
        if (name, code) not in found
    )
    moved = [entry for key, entry in found.items() if key in places and entry.position != places[key]]
    for entry in moved:
        entry.position = places[entry.section, entry.code]
    Entry.objects.bulk_update(moved, ["position"])
    return {(entry.section, entry.code): entry for entry in Entry.objects.filter(partnership=partnership)}


def _versions(pack: Pack, release: PackRelease, entries: dict[tuple[str, str], Entry]) -> tuple[int, int]:
    """Record what is new, withdraw what it replaces. Returns how many of each."""
    wanted = {_key(entries[placed.section, placed.item.id].id, placed): placed for placed in pack.each()}
    gone = []
    for row in EntryVersion.objects.live().filter(recorded_in__pack=pack.file.id):
        key = (row.entry_id, row.valid_from, row.valid_until)
        placed = wanted.get(key)
        if placed is not None and (row.payload, row.source, row.verify) == _content(placed.item):
            del wanted[key]
        else:
            gone.append(row.id)
    EntryVersion.objects.filter(id__in=gone).update(withdrawn_in=release)
    rows = []
    for (entry_id, valid_from, valid_until), placed in wanted.items():
        payload, source, verify = _content(placed.item)
        rows.append(
            EntryVersion(
                entry_id=entry_id,
                valid_from=valid_from,
                valid_until=valid_until,
                payload=payload,
                source=source,
                verify=verify,
                recorded_in=release,
            )
        )
    EntryVersion.objects.bulk_create(rows)
    return len(rows), len(gone)


def _key(entry_id: int, placed: Placed) -> tuple[int, date | None, date | None]:
    return entry_id, placed.item.valid_from, placed.item.valid_until


def _content(item: Item) -> tuple[dict[str, Any], list[Any], bool]:
    """What is stored: only what the file says, so that a later default of the schema changes no row."""
    payload = item.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude=set(OWN_FIELDS))
    source = [citation.model_dump(mode="json", exclude_unset=True) for citation in item.source]
    return payload, source, item.verify
