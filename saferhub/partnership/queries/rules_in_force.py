"""Every rule that packs give, section by section: lists, one rule in full, and what it said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from pydantic import BaseModel

from saferhub.partnership.models import EntryVersion, PackRelease, Partnership
from saferhub.partnership.packs import all_sections
from saferhub.partnership.packs import section as section_of
from saferhub.partnership.packs.national import ClockLength
from saferhub.partnership.packs.places import key_of, references
from saferhub.partnership.packs.schema import ID_PATTERN, OWN_FIELDS, Event, Item, Length
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.rules.dates_in_words import date_in_words

_TITLES = {"four_ps": "Four Ps", "ways_of_working": "Ways of working", "role_kinds": "Kinds of post"}
_TITLE_FIELDS = ("name", "term", "about", "theme", "words", "began_after")


@dataclass(frozen=True)
class EntryFilters:
    """How the list of rules is narrowed and ordered."""

    words: str = ""
    section: str = ""
    whose: str = ""
    check: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the list of rules. `year`: the bank holidays of a year, which share one row."""

    entry: InForce
    section_title: str
    title: str
    year: tuple[InForce, ...] = ()

    @property
    def verify(self) -> bool:
        return any(one.verify for one in self.year) if self.year else self.entry.verify


@dataclass(frozen=True)
class SectionCount:
    """One line of the index: a section, how many of its rules are in force, how many are unchecked."""

    section: str
    title: str
    what: str
    rules: int
    to_check: int


@dataclass(frozen=True)
class Said:
    """One field in words. `parts` holds what it consists of, each a list of its own fields or words."""

    label: str
    words: str = ""
    link: tuple[str, str] | None = None
    parts: tuple[tuple[Said, ...], ...] = ()


@dataclass(frozen=True)
class Version:
    """What an entry was from one day until another, and which release said or withdrew it."""

    said: tuple[Said, ...]
    title: str
    valid_from: date | None
    valid_until: date | None
    verify: bool
    is_national: bool
    is_shown: bool
    recorded_in: PackRelease
    withdrawn_in: PackRelease | None


@dataclass(frozen=True)
class Rule:
    """One rule in full: as it holds on the day, if it does, and all its versions, the newest first."""

    section: str
    code: str
    section_title: str
    title: str
    now: InForce | None
    said: tuple[Said, ...]
    versions: tuple[Version, ...]


def section_titles() -> dict[str, str]:
    """The sections by name with their titles, in the order they were registered."""
    wanted = [one.name for one in all_sections()]
    return {name: _TITLES.get(name, name.replace("_", " ").capitalize()) for name in wanted}


def title_of(item: Item) -> str:
    """What an entry is called: the first of its naming fields, a long one cut."""
    for name in _TITLE_FIELDS:
        if words := getattr(item, name, None):
            day = getattr(item, "day", None)
            told = f"{words}, {date_in_words(day)}" if isinstance(day, date) else str(words)
            return told if len(told) <= 100 else f"{told[:97].rstrip()}…"
    return item.id.replace("_", " ").capitalize()


_SORTS: dict[str, Callable[[Line], tuple[Any, ...]]] = {
    "rule": lambda line: (line.title.casefold(),),
    "section": lambda line: (line.section_title.casefold(), line.title.casefold()),
    "pack": lambda line: (line.entry.release.pack, line.entry.release.version, line.title.casefold()),
    "from": lambda line: (line.entry.valid_from or date.min, line.title.casefold()),
    "until": lambda line: (line.entry.valid_until or date.max, line.title.casefold()),
}


def rules_in_force(partnership: Partnership, on: date, filters: EntryFilters) -> list[Line]:
    """Every rule in force on the day that answers to the filters, by section unless sorted. One query."""
    titles = section_titles()
    wanted = [filters.section] if filters.section in titles else list(titles)
    found = in_force.sections(partnership, wanted, on)
    lines = [Line(one, titles[name], title_of(one.item)) for name in wanted for one in found[name]]
    lines = [line for line in lines if _answers(line, filters)]
    key = _SORTS.get(filters.sort.removeprefix("-"))
    return sorted(lines, key=key, reverse=filters.sort.startswith("-")) if key else lines


def index(partnership: Partnership, on: date) -> list[SectionCount]:
    """The sections that have a rule in force on the day, in their own order. One query."""
    what = {one.name: one.summary for one in all_sections()}
    titles = section_titles()
    found = in_force.sections(partnership, list(titles), on)
    return [
        SectionCount(name, title, what[name], len(found[name]), sum(one.verify for one in found[name]))
        for name, title in titles.items()
        if found[name]
    ]


def in_years(lines: list[Line]) -> list[Line]:
    """The lines with the bank holidays of each year in one, where the first of them stood."""
    years: dict[int, list[InForce]] = {}
    for line in lines:
        if line.entry.section == "bank_holidays":
            years.setdefault(line.entry.item.day.year, []).append(line.entry)
    told: list[Line] = []
    for line in lines:
        if line.entry.section != "bank_holidays":
            told.append(line)
        elif days := years.pop(line.entry.item.day.year, None):
            days.sort(key=lambda one: one.item.day)
            told.append(Line(days[0], line.section_title, f"{days[0].item.day.year}", tuple(days)))
    return told


def _answers(line: Line, filters: EntryFilters) -> bool:
    words = filters.words.casefold()
    return (
        (not words or words in line.title.casefold() or words in line.entry.code.replace("_", " "))
        and (not filters.whose or line.entry.is_national == (filters.whose == "national"))
        and (not filters.check or line.entry.verify == (filters.check == "yes"))
    )


def rule(partnership: Partnership, section: str, code: str, on: date) -> Rule | None:
    """One rule with its history, or None where neither England nor this partnership ever had it.

    Three queries. Raises `KeyError` for an unknown section.
    """
    section_of(section)  # KeyError here rather than an empty page for a section nobody knows
    own = Q(entry__partnership__isnull=True) | Q(entry__partnership=partnership)
    rows = list(
        EntryVersion.objects.filter(own, entry__section=section, entry__code=code)
        .select_related("entry", "recorded_in", "withdrawn_in")
        .order_by("-recorded_in__loaded_at", "-valid_from", "-id")
    )
    if not rows:
        return None
    now = in_force.entry(partnership, section, code, on)
    items = [in_force.item_of(row) for row in rows]
    names = _names(partnership, items)
    versions = tuple(
        Version(
            said=_said_of(item, names, ()),
            title=title_of(item),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            verify=row.verify,
            is_national=row.entry.partnership_id is None,
            is_shown=now is not None and now.version_id == row.id,
            recorded_in=row.recorded_in,
            withdrawn_in=row.withdrawn_in,
        )
        for row, item in zip(rows, items, strict=True)
    )
    return Rule(
        section=section,
        code=code,
        section_title=section_titles()[section],
        title=title_of(now.item) if now else versions[0].title,
        now=now,
        said=next((version.said for version in versions if version.is_shown), ()),
        versions=versions,
    )


def _names(partnership: Partnership, items: list[Item]) -> dict[tuple[str, str], str]:
    """What the entries that these items refer to are called. One query."""
    wanted = {(target, code) for item in items for _, target, code in references(item)}
    own = Q(entry__partnership__isnull=True) | Q(entry__partnership=partnership)
    rows = EntryVersion.objects.live().filter(
        own, entry__section__in={target for target, _ in wanted}, entry__code__in={code for _, code in wanted}
    )
    found: dict[tuple[str, str], str] = {}
    for section, code, payload in rows.order_by("valid_from", "id").values_list(
        "entry__section", "entry__code", "payload"
    ):
        name = next((payload[name] for name in _TITLE_FIELDS if payload.get(name)), "")
        found[section, code] = name or code.replace("_", " ").capitalize()
    return found


def _said_of(
    part: BaseModel, names: Mapping[tuple[str, str], str], place: tuple[str | int, ...], refs: Any = None
) -> tuple[Said, ...]:
    """A model's given fields in words, in the schema's order; what is not given is left out."""
    targets = (
        refs if refs is not None else {tuple(at): (target, code) for at, target, code in references(part)}
    )
    told = []
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        # The id of a part serves references; readers know the part by its name.
        hidden = name in OWN_FIELDS if isinstance(part, Item) else name == "id"
        if hidden or value is None or value == []:
            continue
        key = key_of(name, field)
        label = key.replace("_", " ").capitalize()
        meaning = _meaning(field.description or "", value)
        told.append(
            Said(label, words=meaning) if meaning else _said(label, value, names, (*place, key), targets)
        )
    return tuple(told)


def _meaning(description: str, value: Any) -> str:
    """What the schema says a choice means: "day_after: the day after the start is day one; same_day: …"."""
    if value is False or not isinstance(value, (bool, str)):
        return ""
    code = "true" if value is True else value
    found = next(
        (p.removeprefix(f"{code}: ") for p in description.split("; ") if p.startswith(f"{code}: ")), ""
    )
    return f"Yes: {found}" if found and value is True else found[:1].upper() + found[1:]


def _said(label: str, value: Any, names: Any, place: tuple[str | int, ...], refs: Any) -> Said:
    if isinstance(value, Event):
        return Said(label, words=value.words)
    if isinstance(value, (Length, ClockLength)):
        unit = value.unit.replace("_", " ")
        return Said(label, words=f"{value.n} {unit[:-1] if value.n == 1 else unit}")
    if isinstance(value, BaseModel):
        return Said(label, parts=(_said_of(value, names, place, refs),))
    if isinstance(value, list) and all(isinstance(one, int) for one in value):
        return Said(label, words=", ".join(str(one) for one in value))
    if isinstance(value, list):
        inner = [_said("", one, names, (*place, index), refs) for index, one in enumerate(value)]
        return Said(label, parts=tuple(one.parts[0] if one.parts else (one,) for one in inner))
    if isinstance(value, bool):
        return Said(label, words="Yes" if value else "No")
    if isinstance(value, date):
        return Said(label, words=date_in_words(value))
    if (target := refs.get(place)) is not None:
        return Said(label, words=names.get(target, value.replace("_", " ").capitalize()), link=target)
    words = str(value)
    # A code of the schema, such as "day_after", as words.
    return Said(
        label, words=words.replace("_", " ").capitalize() if re.fullmatch(ID_PATTERN, words) else words
    )
