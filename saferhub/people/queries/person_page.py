"""What the page of a person shows: her record and those that stand as one person with it.

Every row is loaded through access by itself. A record that the reader may not see leaves no trace: not in
the number of records, not in a chain of decisions, not in a relationship's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.people import access
from saferhub.people.models import Address, LinkDecision, Person, Place, Relationship
from saferhub.people.rules import births
from saferhub.people.rules import links as link_rules
from saferhub.sharing.models import Matter
from saferhub.sharing.queries.sights import seen_through

from .links import decided, standing_around
from .seers import SeerRow, seers
from .words import PackWords, pack_words

UNSEEN = "Someone you may not see"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of the person, beside the one that is open."""

    person: Person
    agency: str
    born: str
    address: str
    is_protected: bool
    name_differs: bool
    born_differs: bool
    address_differs: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class RiskRow:
    risk: Any
    kind: str
    instruction: str
    agency: str
    is_overdue: bool

    @property
    def title(self) -> str:
        return f"Risk to staff: {self.kind.lower()}"


@dataclass(frozen=True, slots=True)
class SafeRow:
    safe: Any
    never: list[str]
    agency: str
    by: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    decision: LinkDecision
    title: str
    between: str
    evidence: str
    by: str
    undone_by: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class RelationshipRow:
    """`other` is set only where the reader may see that record by itself; the note beside one that she may not
    see would say who it is, so it is left out."""

    relationship: Relationship
    name: str
    other: Person | None
    how: str
    note: str
    effects: list[tuple[str, str]]
    agency: str
    is_own: bool
    is_current: bool
    is_restricted: bool


@dataclass
class PersonPage:
    """Everything on the page, in the order in which it is read."""

    person: Person
    agency: str
    words: PackWords
    born: str
    age: str
    also: list[str]
    address: Address | None
    risks: list[RiskRow]
    safe: list[SafeRow]
    records: list[RecordRow]
    decisions: list[DecisionRow]
    undone: int
    contradictions: list[str]
    relationships: list[RelationshipRow]
    matters: list[Matter]
    seers: list[SeerRow]
    group: list[Person] = field(default_factory=list)
    around: dict[int, access.Around] = field(default_factory=dict)
    can_edit: bool = False

    @property
    def main_safe(self) -> SafeRow | None:
        return self.safe[0] if self.safe else None


def is_current(part: Any, on: date) -> bool:
    """Whether it holds on a day; the last day is included."""
    return (part.valid_from is None or part.valid_from <= on) and (
        part.valid_until is None or part.valid_until >= on
    )


def group_of(actor: Actor, person: Person) -> tuple[list[Person], list[link_rules.Decided]]:
    """The records that stand as one person with this one as far as the actor may see each, this one first."""
    standing = standing_around(actor, [person.pk])
    numbers = link_rules.identity(person.pk, standing) - {person.pk}
    others = list(
        access.persons_visible_to(actor)
        .filter(pk__in=numbers)
        .select_related("folder__unit__agency", "partnership")
        .order_by("given_on", "id")
    )
    return [person, *others], standing


def person_page(actor: Actor, person: Person) -> PersonPage:
    """The page of a record. About twenty queries, however many parts it has."""
    group, standing = group_of(actor, person)
    numbers = [one.pk for one in group]
    words = pack_words(actor)
    agencies = agency_names((one.agency for one in group), actor)
    names = list(access.names_visible_to(actor).filter(person__in=numbers))
    addresses = list(access.addresses_visible_to(actor).filter(person__in=numbers))
    address = current_address(addresses, person.pk, actor.on)
    born = next((one for one in group if one.born_on is not None), person)
    decided_on = decisions(actor, group, standing)
    around = access.around_each(actor, [*group, *(one for row in decided_on for one in (row.a, row.b))])
    matters = _matters(around[one.folder_id] for one in group)
    return PersonPage(
        person=person,
        agency=agencies.get(person.agency, person.agency),
        words=words,
        born=births.born_words(born.born_on, born.born_precision),
        age="" if person.died_on else births.age_words(born.born_on, born.born_precision, actor.on),
        also=_also(person, group, names),
        address=address,
        risks=_risks(actor, group, agencies, words),
        safe=_safe(actor, group, agencies, words),
        records=_records(person, group, addresses, agencies, actor.on),
        decisions=decision_rows(actor, decided_on, around),
        undone=_undone(actor, numbers, len(decided_on)),
        contradictions=_contradictions(actor, group, agencies),
        relationships=_relationships(actor, group, agencies, words),
        matters=matters,
        seers=seers(actor, matters, words, [one.folder_id for one in group]),
        group=group,
        around=around,
        can_edit=access.edits_among(actor, person, around[person.folder_id].matters),
    )


def current_address(addresses: Iterable[Address], number: int, on: date) -> Address | None:
    """Where she lives as her own record has it; else as a linked one has. A home before any other kind."""
    found = [one for one in addresses if is_current(one, on) and one.kind not in ("former", "correspondence")]
    found.sort(
        key=lambda one: (
            one.person_id != number,
            one.kind != "home",
            -(one.valid_from or date.min).toordinal(),
        )
    )
    return found[0] if found else None


def _also(person: Person, group: list[Person], names: Iterable[Any]) -> list[str]:
    found: list[str] = []
    for name in (*[one.full for one in names], *[one.name for one in group]):
        if name != person.name and name not in found:
            found.append(name)
    return found


def _risks(actor: Actor, group: list[Person], agencies: dict[str, str], words: PackWords) -> list[RiskRow]:
    rows = access.staff_risks_visible_to(actor).filter(person__in=group).select_related("person")
    found = []
    for one in rows:
        if not is_current(one, actor.on):
            continue
        item = words.item("staff_risks", one.kind)
        found.append(
            RiskRow(
                one,
                words.name("staff_risks", one.kind),
                one.instruction or (str(item.instruction) if item else ""),
                agencies.get(one.person.agency, ""),
                one.review_on is not None and one.review_on < actor.on,
            )
        )
    found.sort(key=lambda row: words.severity(row.risk.kind))
    return found


def _safe(actor: Actor, group: list[Person], agencies: dict[str, str], words: PackWords) -> list[SafeRow]:
    rows = [
        one
        for one in access.safe_contacts_visible_to(actor).filter(person__in=group).select_related("person")
        if is_current(one, actor.on)
    ]
    names = names_of((one.by for one in rows), actor)
    rows.sort(key=lambda one: (one.person_id != group[0].pk, -(one.valid_from or date.min).toordinal()))
    return [
        SafeRow(
            one,
            [words.name("safe_contact_never", code) for code in one.never],
            agencies.get(one.person.agency, ""),
            names.get(one.by, ""),
        )
        for one in rows
    ]


def _records(
    person: Person, group: list[Person], addresses: list[Address], agencies: dict[str, str], on: date
) -> list[RecordRow]:
    own = current_address(addresses, person.pk, on)
    rows = []
    for one in group:
        home = current_address([a for a in addresses if a.person_id == one.pk], one.pk, on)
        agree = births.births_agree(person.born_on, person.born_precision, one.born_on, one.born_precision)
        rows.append(
            RecordRow(
                one,
                agencies.get(one.agency, one.agency),
                births.born_words(one.born_on, one.born_precision),
                home.lines.splitlines()[0] if home and home.lines else "",
                bool(home and home.is_protected),
                link_rules.names_agree((person.name, ""), (one.name, "")) == link_rules.DIFFERS,
                agree is False,
                bool(own and home and own.person_id == person.pk and own.key != home.key),
                one.pk == person.pk,
            )
        )
    return rows


def decisions(
    actor: Actor, group: list[Person], standing: Collection[link_rules.Decided]
) -> list[LinkDecision]:
    """The decisions that stand on the records of the group, "same" first."""
    numbers = {one.pk for one in group}
    keys = {one.key for one in standing if one.a in numbers or one.b in numbers}
    return list(
        access.link_decisions_visible_to(actor)
        .filter(public_id__in=keys)
        .select_related("a__folder", "b__folder")
        .order_by("-verdict", "on", "id")
    )


def decision_rows(
    actor: Actor, rows: list[LinkDecision], around: dict[int, access.Around] | None = None
) -> list[DecisionRow]:
    """Decisions in words, with who made and who undid them. Two queries, and one for what is `around` their
    records where that is not loaded yet."""
    around = around or access.around_each(actor, [one for row in rows for one in (row.a, row.b)])
    who = names_of((one for row in rows for one in (row.by, row.undone_by)), actor)
    agencies = agency_names((one.agency for row in rows for one in (row.a, row.b)), actor)

    def said(one: Person) -> str:
        return f"{one.name} ({agencies.get(one.agency, one.agency)})"

    def can_undo(row: LinkDecision) -> bool:
        return row.undone_at is None and (
            row.by == actor.public_id
            or any(access.edits_among(actor, one, around[one.folder_id].matters) for one in (row.a, row.b))
        )

    return [
        DecisionRow(
            row,
            "Same person" if row.verdict == "same" else "Not the same person",
            f"{said(row.a)} and {said(row.b)}",
            link_rules.evidence_words(row.evidence),
            who.get(row.by, ""),
            who.get(row.undone_by, ""),
            can_undo(row),
        )
        for row in rows
    ]


def all_decisions(actor: Actor, group: list[Person]) -> list[LinkDecision]:
    """Every decision ever made on these records, undone ones too, the newest first."""
    rows = access.link_decisions_visible_to(actor).filter(Q(a__in=group) | Q(b__in=group))
    return list(rows.select_related("a__folder", "b__folder").order_by("-id"))


def _undone(actor: Actor, numbers: list[int], standing: int) -> int:
    found = access.link_decisions_visible_to(actor).filter(
        Q(a__in=numbers) | Q(b__in=numbers), undone_at__isnull=False
    )
    return found.count() + standing


def _contradictions(actor: Actor, group: list[Person], agencies: dict[str, str]) -> list[str]:
    """Pairs that a chain of decisions joins and another one keeps apart: two people who each saw only a
    part have decided so, and somebody who sees all of it has to undo one."""
    if len(group) < 3:
        return []
    rows = access.link_decisions_visible_to(actor).filter(
        a__in=group, b__in=group, undone_at__isnull=True, verdict="not_same"
    )
    return [
        f"{row.a.name} ({agencies.get(row.a.agency, '')}) and {row.b.name} ({agencies.get(row.b.agency, '')})"
        for row in rows.select_related("a", "b")
    ]


def _relationships(
    actor: Actor, group: list[Person], agencies: dict[str, str], words: PackWords
) -> list[RelationshipRow]:
    """Those that these records hold, and those that others hold of them."""
    numbers = {one.pk for one in group}
    rows = list(
        access.relationships_visible_to(actor)
        .filter(Q(person__in=numbers) | Q(other__in=numbers))
        .select_related("person")
        .order_by("-valid_from", "id")
    )
    wanted = {n for row in rows for n in (row.person_id, row.other_id) if n and n not in numbers}
    others = {
        one.pk: one for one in access.persons_visible_to(actor).filter(pk__in=wanted).select_related("folder")
    }
    found = []
    for row in rows:
        is_own = row.person_id in numbers
        number = row.other_id if is_own else row.person_id
        far = others.get(number) if number is not None else None
        item = words.item("relationship_kinds", row.kind)
        kind = row.kind if is_own or item is None else str(item.inverse)
        unseen = row.other_name or UNSEEN
        found.append(
            RelationshipRow(
                row,
                far.name if far else unseen,
                far,
                words.between(kind),
                row.note if is_own and (number is None or number in numbers or far) else "",
                _effects(row, item, is_own),
                agencies.get(row.person.agency, ""),
                is_own,
                is_current(row, actor.on),
                far is not None and far.folder.sensitivity > 0,
            )
        )
    return found


def _effects(row: Relationship, item: Any, is_own: bool) -> list[tuple[str, str]]:
    found = []
    if row.must_not_know:
        found.append(("Must not know" if is_own else "Must not learn about the other", "violet"))
    if row.group == "adversary" or (item is not None and item.protects):
        found.append(("Addresses never on the same document", "plain"))
    return found


def _matters(around: Iterable[access.Around]) -> list[Matter]:
    found = {matter.pk: matter for one in around for matter in one.matters}
    return sorted(found.values(), key=lambda matter: (matter.opened_on, matter.pk), reverse=True)


def sight_codes(actor: Actor, record: Person | Place, matters: list[Matter]) -> dict[str, Any]:
    """What a sight of this record writes down beside it: the matters she sees it through, and the purpose of
    the newest; never those of a record that only stands beside it. Where she sees none of them and it was opened to her
    with an item of a meeting, that item and its purpose: whoever does not see the item learns nothing of it. Two
    queries at most."""
    is_own = access.is_of_own_unit(actor, record)
    if not matters and not is_own:
        items, purpose = access.items_around(actor, record)
        if items:
            return {"through": items, "purpose": purpose}
    return seen_through(matters, in_its_own_right=is_own or not matters)


__all__ = [
    "PersonPage",
    "all_decisions",
    "decided",
    "decision_rows",
    "group_of",
    "person_page",
    "sight_codes",
]
