"""Powers and tools as the packs have them, in the shape that the checks read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from saferhub.casework.access import interventions as object_rules
from saferhub.casework.models import Case, Intervention, InterventionClass
from saferhub.casework.rules.interventions_checks import Born, Group, Length, Power, Use
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Partnership, Unit
from saferhub.partnership.packs.national import Limit
from saferhub.partnership.packs.schema import Length as PackLength
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce
from saferhub.people.models import Person, Place

# What counts as a written warning where the pack names no power that has to come first.
WARNINGS = frozenset({"warning_letter", "community_protection_warning", "acceptable_behaviour_contract"})
_CLASS_WORDS = {
    InterventionClass.SUPPORT: "Help for somebody, or a place made safer",
    InterventionClass.EARLY: "Say early what has to stop, before the law is needed",
    InterventionClass.RESTORATIVE: "Bring both sides to mend what was done",
    InterventionClass.ENFORCEMENT: "The law forbids or requires something",
}


def powers(partnership: Partnership, on: date) -> list[InForce]:
    """Everything in force on a day, in the packs' order: from help to enforcement. One query."""
    return in_force.entries(partnership, "powers", on)


def power_on(partnership: Partnership, code: str, on: date) -> InForce | None:
    """One power as it holds on a day. One query."""
    return in_force.entry(partnership, "powers", code, on)


@dataclass(frozen=True, slots=True)
class Offered:
    """One power in the chooser: what it does, who may use it, what it asks."""

    code: str
    name: str
    what: str
    asks: str
    verify: bool


@dataclass(frozen=True, slots=True)
class OfferedClass:
    """The powers of one class, with the class in plain words."""

    code: str
    name: str
    words: str
    powers: list[Offered]


def offered(partnership: Partnership, on: date) -> list[OfferedClass]:
    """The chooser: powers in force grouped from support to enforcement. Two queries."""
    names = agency_kind_names(partnership, on)
    found: dict[str, list[Offered]] = {}
    for one in powers(partnership, on):
        item = one.item
        short = f" ({item.short})" if item.short else ""
        found.setdefault(item.grade, []).append(
            Offered(one.code, f"{item.name}{short}", str(item.what), _asks(item, names), one.verify)
        )
    return [
        OfferedClass(kind.value, str(kind.label), words, found[kind.value])
        for kind, words in _CLASS_WORDS.items()
        if kind.value in found
    ]


def _asks(item: object, names: dict[str, str]) -> str:
    said = []
    if getattr(item, "voluntary", False):
        said.append("Rests on agreement")
    if decided := getattr(item, "decided_by", None):
        said.append(f"Decided by: {decided}")
    if used_by := getattr(item, "used_by", []):
        said.append(f"Used by: {', '.join(names.get(one, one) for one in used_by)}")
    for limit in getattr(item, "limits", []):
        said.append(limit_words(limit))
    return ". ".join(said)


def limit_words(limit: Limit) -> str:
    """One limit of the pack in a line: "Children: aged 10 to 17, at most 12 months"."""
    said = []
    group = _group(limit)
    if group.has_ages:
        said.append(f"aged {group.ages}")
    if group.minimum_length:
        said.append(f"at least {group.minimum_length}")
    if group.maximum_length:
        said.append(f"at most {group.maximum_length}")
    if group.review_every:
        every = group.review_every
        said.append(f"looked at again every {every.unit[:-1] if every.n == 1 else every}")
    return f"{limit.who}: {', '.join(said)}" if said else str(limit.who)


def agency_kind_names(partnership: Partnership, on: date) -> dict[str, str]:
    """What kinds of agency are called, by code. One query."""
    return {one.code: str(one.item.name) for one in in_force.entries(partnership, "agency_kinds", on)}


def kind_of_agency(agency: Agency, on: date) -> str:
    """What kind an agency is on a day; empty where the packs do not say. One query."""
    found = in_force.entry(agency.partnership, "agencies", agency.code, on)
    return str(found.item.kind) if found else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that people have in cases (section case_roles): its name, and on which side it stands."""

    name: str
    side: str


def parts_on(partnership: Partnership, on: date) -> dict[str, Part]:
    """The parts by code. One query."""
    found = in_force.entries(partnership, "case_roles", on)
    return {one.code: Part(str(one.item.name), str(one.item.side)) for one in found}


# What helps somebody is used on the harmed without a question.
_RESTRAINS = frozenset({InterventionClass.EARLY, InterventionClass.ENFORCEMENT})


def asks_again(power: InForce, subject: object_rules.Subject, parts: dict[str, Part]) -> bool:
    """Whether somebody would be restrained who stands in the case as harmed: easily a slip of the hand."""
    if power.item.grade not in _RESTRAINS or not isinstance(subject.record, Person):
        return False
    return any(parts[role].side == "harmed" for role in subject.roles if role in parts)


def subject_in_words(subject: object_rules.Subject, parts: dict[str, Part]) -> str:
    """A name with its part in the case: "Edith Carrow (complainant)"."""
    said = ", ".join(parts[role].name.lower() for role in subject.roles if role in parts)
    name = str(subject.record.name)
    return f"{name} ({said or 'part not known'})" if isinstance(subject.record, Person) or said else name


def units_that_may(power: InForce, units: Iterable[Unit], partnership: Partnership, on: date) -> list[Unit]:
    """Those of the units whose agency is of a kind that may use the power, or of none that the packs know. One
    query, none where everybody may."""
    if not power.item.used_by:
        return list(units)
    kinds = {one.code: str(one.item.kind) for one in in_force.entries(partnership, "agencies", on)}
    return [
        unit
        for unit in units
        if kinds.get(unit.agency.code, "") in power.item.used_by or not kinds.get(unit.agency.code)
    ]


def as_rule(found: InForce, partnership: Partnership, on: date) -> Power:
    """The pack's power as the checks read it. Two queries at most."""
    item = found.item
    prior = power_on(partnership, item.prior_power, on) if item.prior_power else None
    names = agency_kind_names(partnership, on) if item.used_by else {}
    return Power(
        code=found.code,
        name=str(item.name),
        groups=tuple(_group(limit) for limit in item.limits),
        voluntary=item.voluntary,
        prior_warning=item.prior_warning == "written",
        prior_power=item.prior_power or "",
        prior_name=str(prior.item.name) if prior else str(item.prior_power or "").replace("_", " "),
        conditions=tuple(str(one) for one in item.conditions),
        used_by=tuple(item.used_by),
        used_by_names=tuple(names.get(one, one) for one in item.used_by),
        source="; ".join(str(one) for one in found.source),
        verify=found.verify,
    )


def _group(limit: Limit) -> Group:
    return Group(
        who=str(limit.who),
        minimum_age=limit.minimum_age,
        maximum_age=limit.maximum_age,
        minimum_length=_length(limit.minimum_length),
        maximum_length=_length(limit.maximum_length),
        review_every=_length(limit.review_every),
        note=str(limit.note or ""),
    )


def _length(given: PackLength | None) -> Length | None:
    return Length(given.n, given.unit) if given else None


def use_of(
    actor: Actor,
    *,
    case: Case,
    person: Person | None,
    place: Place | None,
    agency: Agency,
    starts_on: date,
    expires_on: date | None = None,
    review_on: date | None = None,
    confirmed: frozenset[int] = frozenset(),
    agreed: bool = False,
    leaving_out: Intervention | None = None,
) -> Use:
    """One use as the checks read it, with what came before in the same case. Two queries.

    What stands in other cases that the actor sees is no answer: the answers are kept in this case, where they
    would tell everybody of those (see `elsewhere`).
    """
    before = object_rules.used_before(actor, person=person, place=place)
    before = before.filter(folder=case.folder_id, starts_on__lte=starts_on)
    if leaving_out is not None:
        before = before.exclude(pk=leaving_out.pk)
    priors = frozenset(before.values_list("power", flat=True))
    return Use(
        starts_on=starts_on,
        expires_on=expires_on,
        review_on=review_on,
        is_on_person=person is not None,
        born=Born(person.born_on, person.born_precision) if person is not None else None,
        agency_kind=kind_of_agency(agency, starts_on),
        agency_name=agency.name,
        priors=priors,
        warned=bool(priors & WARNINGS),
        confirmed=confirmed,
        agreed=agreed,
    )


def elsewhere(
    actor: Actor, power: Power, *, case: Case, person: Person | None, place: Place | None
) -> list[Intervention]:
    """What may have come first, in other cases that the actor sees, the newest first: for her alone to weigh. One
    query, none where the power asks for nothing to come first."""
    wanted = {power.prior_power} if power.prior_power else WARNINGS if power.prior_warning else frozenset()
    if not wanted:
        return []
    return list(
        object_rules.used_before(actor, person=person, place=place)
        .exclude(folder=case.folder_id)
        .filter(power__in=wanted)
        .select_related("case__matter", "power_version", "used_by__agency")
        .order_by("-starts_on", "-id")[:10]
    )
