"""The register of interventions as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from saferhub.casework import access
from saferhub.casework.access import interventions as object_rules
from saferhub.casework.access.inside import give_records
from saferhub.casework.access.together import rows_in
from saferhub.casework.models import (
    Breach,
    Case,
    Intervention,
    InterventionClass,
    InterventionMove,
    InterventionStatus,
)
from saferhub.casework.rules.interventions_checks import Check, Power, Result
from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor
from saferhub.partnership.models import EntryVersion, Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words

from .actions import Step, at_business

_RESULT_WORDS = {
    Result.MET: "Met",
    Result.NOT_MET: "Not met",
    Result.NOT_KNOWN: "Not known",
    Result.OVERRIDDEN: "Not met or not known; put in place with a reason",
}


def name_of(found: Intervention) -> str:
    """What the tool or power is called, by the version that was used."""
    version = found.power_version
    return str(version.payload.get("name", "")) if version else found.power.replace("_", " ").capitalize()


def subject_words(found: Intervention) -> str:
    """On whom or what it is used."""
    if found.person is not None:
        return found.person.name
    return found.place.name if found.place is not None else "Nobody by name"


@dataclass(frozen=True, slots=True)
class Row:
    """An intervention in a list, with how it stands: a status mark and its words."""

    found: Intervention
    name: str
    subject: str
    mark: str
    mark_words: str

    @property
    def url(self) -> str:
        return reverse("intervention", args=[self.found.public_id])


def state_of(found: Intervention, on: date, outcomes: dict[str, str]) -> tuple[str, str]:
    """How it stands on a day. Past its last day it has to be ended, so that is said."""
    if found.status == InterventionStatus.PLANNED:
        return "not_started", "Planned"
    if found.status == InterventionStatus.ENDED:
        said = outcomes.get(found.outcome, found.outcome)
        return "done", f"Ended: {said.lower()}" if said else "Ended"
    if found.expires_on is not None and found.expires_on < on:
        return "late", "Past its last day"
    if found.status == InterventionStatus.BREACHED:
        return "at_risk", "Breached, in place"
    return "on_track", "In place"


def outcome_names(partnership: Partnership, on: date) -> dict[str, str]:
    """What outcomes are called, by code. One query."""
    found = in_force.entries(partnership, "intervention_outcomes", on)
    return {one.code: str(one.item.name) for one in found}


def row_of(found: Intervention, on: date, outcomes: dict[str, str]) -> Row:
    return Row(found, name_of(found), subject_words(found), *state_of(found, on, outcomes))


@dataclass(frozen=True, slots=True)
class OfClass:
    """The interventions of one class in a case."""

    name: str
    rows: list[Row]


def of_case(actor: Actor, case: Case) -> list[OfClass]:
    """Every intervention of a case, from support to enforcement; what is in force first. Two queries."""
    rows = list(
        access.interventions_visible_to(actor)
        .filter(case=case)
        .select_related(
            "person", "place", "used_by__agency", "power_version", "watcher", "watch_unit__agency"
        )
    )
    outcomes = outcome_names(case.partnership, actor.on)
    order = [
        InterventionStatus.BREACHED,
        InterventionStatus.IN_PLACE,
        InterventionStatus.PLANNED,
        InterventionStatus.ENDED,
    ]
    rows.sort(key=lambda one: (order.index(InterventionStatus(one.status)), one.expires_on or date.max))
    return [
        OfClass(str(kind.label), [row_of(one, actor.on, outcomes) for one in rows if one.kind == kind])
        for kind in InterventionClass
        if any(one.kind == kind for one in rows)
    ]


def in_force_of(actor: Actor, case: Case) -> list[Intervention]:
    """What is planned or in force in a case."""
    return [one for one in used_in(actor, case) if one.status != InterventionStatus.ENDED]


def used_in(actor: Actor, case: Case) -> list[Intervention]:
    """Everything that was planned or used in a case, what ends first at the head. Three queries at most beside those
    for the case, asked once for each page."""
    return once(("used_in", actor, case.pk), lambda: _used_in(actor, case))


def _used_in(actor: Actor, case: Case) -> list[Intervention]:
    rows = rows_in(actor, case, Intervention)
    give_records(actor, case.matter, rows)
    versions = EntryVersion.objects.in_bulk({one.power_version_id for one in rows} - {None})
    for one in rows:
        one.power_version = versions.get(one.power_version_id)
    return sorted(rows, key=lambda one: (one.expires_on is None, one.expires_on or date.max, one.pk))


@dataclass(frozen=True, slots=True)
class Kept:
    """One check as the register keeps it."""

    asked: str
    words: str
    is_met: bool


def kept_checks(found: Intervention, rule: Power | None) -> list[Kept]:
    """The answers kept with it, in words."""
    asked = {
        "age": "The age on the first day",
        "agency": "The kind of agency that uses it",
        "prior": f"A {rule.prior_name} came first"
        if rule and rule.prior_name
        else "A written warning came first",
        "agreed": "Whoever it concerns has agreed",
        "length": "How long it lasts",
        "review": "When it is looked at again",
    }
    if rule is not None:
        asked |= {f"condition_{n}": one for n, one in enumerate(rule.conditions, 1)}
    return [
        Kept(
            asked.get(code, code.replace("_", " ").capitalize()),
            _RESULT_WORDS[Result(answer)],
            answer == Result.MET,
        )
        for code, answer in found.checks.items()
    ]


def checks_in_words(found: list[Check]) -> list[Kept]:
    """Checks as a form shows them before anything is kept."""
    return [Kept(one.asked, f"{_RESULT_WORDS[one.result]}. {one.words}", one.is_met) for one in found]


_MOVED = {
    InterventionStatus.PLANNED: "Planned",
    InterventionStatus.IN_PLACE: "Put in place",
    InterventionStatus.BREACHED: "Breached",
    InterventionStatus.ENDED: "Ended",
}


def move_title(move: InterventionMove) -> str:
    """What a move was, in words."""
    if move.from_status == move.to_status:
        return "Looked at again" if move.to_status != InterventionStatus.BREACHED else "Update"
    if move.from_status == InterventionStatus.BREACHED and move.to_status == InterventionStatus.IN_PLACE:
        return "What followed from the breach"
    return _MOVED[InterventionStatus(move.to_status)]


def history(actor: Actor, found: Intervention) -> list[Step]:
    """Its moves and breaches, the newest first. Three queries."""
    moves = list(access.parts_readable_by(actor, InterventionMove).filter(intervention=found))
    breaches = list(object_rules.breaches_of(actor, found))
    names = names_of([one.by for one in moves] + [one.by for one in breaches], actor)
    steps = [
        Step(
            move_title(one),
            one.on,
            at_business(one.on, one.at),
            names.get(one.by, ""),
            one.reason,
            "decision",
        )
        for one in moves
        if not tells_of_breach(one)
    ]
    steps += [
        Step(
            f"Breached on {date_in_words(one.on)}",
            one.recorded_on,
            at_business(one.recorded_on, one.created_at),
            names.get(one.by, ""),
            breach_words(one),
            "risk",
        )
        for one in breaches
    ]
    return sorted(steps, key=lambda one: one.at, reverse=True)


def tells_of_breach(move: InterventionMove) -> bool:
    """Whether a move only repeats what a breach's own row tells."""
    return move.to_status == InterventionStatus.BREACHED and not move.reason


def breach_words(breach: Breach) -> str:
    return f"{breach.words}\nWhat followed: {breach.response}" if breach.response else breach.words
