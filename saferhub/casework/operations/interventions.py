"""Using a tool or a power: planned, and put in place with its checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.access import interventions as object_rules
from saferhub.casework.models import (
    INTERVENTION_LIFECYCLE,
    Case,
    Intervention,
    InterventionMove,
    InterventionStatus,
)
from saferhub.casework.queries import interventions_power as packs
from saferhub.casework.rules.interventions_checks import (
    Check,
    checks,
    kept,
    latest_review,
    possible_groups,
)
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people.models import Person, Place
from saferhub.sharing.operations.folders import revise

from .actions import owners_of


def units_of(case: Case) -> list[Unit]:
    """The units that see the case, each once. The caller sees it."""
    return [one.unit for one in owners_of(case) if one.user is None]


def _power(case: Case, code: str, on: date) -> InForce:
    found = packs.power_on(case.partnership, code, on)
    if found is None:
        raise Refusal("unknown_power", "Choose a tool or power that is in force on that day.")
    return found


def _subject(by: Actor, case: Case, public_id: str) -> object_rules.Subject | None:
    """Whom or what it is used on, of those in the case; nobody for an empty one."""
    if not public_id:
        return None
    for subject in object_rules.subjects_of(by, case):
        if subject.record.public_id == public_id:
            return subject
    raise Refusal("unknown_subject", "Choose somebody or a place that is in this case.")


def move_intervention(
    found: Intervention, before: str, after: str, *, by: Actor, on: date, reason: str = ""
) -> None:
    """Keep one move; the status may stay as it is."""
    InterventionMove.objects.create(
        partnership_id=found.partnership_id,
        folder_id=found.folder_id,
        intervention=found,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )


def values_of(found: Intervention) -> dict[str, Any]:
    """What a change may change, by field of its form."""
    return {"words": found.words, "expires_on": found.expires_on, "review_on": found.review_on}


def keep_version(found: Intervention, *, by: Actor) -> None:
    """Keep what an edit left, for whoever edits at the same time."""
    kept_values = {
        name: value.isoformat() if isinstance(value, date) else value or ""
        for name, value in values_of(found).items()
    }
    revise(found, folder=found.folder, values=kept_values, by=by)


def record_use(event: str, found: Intervention, by: Actor, **codes: Any) -> None:
    audit.record(event, found, by=by, purpose=found.case.matter.purpose, power=found.power, **codes)


def refuse_what_the_law_leaves_no_room_for(found: Iterable[Check]) -> None:
    """Raise Refusal for the first check that refuses whatever the reason."""
    for one in found:
        if one.refuses:
            raise Refusal(f"{one.code}_not_met", f"{one.asked}. {one.words}")


def check_open_for_use(case: Case) -> None:
    """Raise Refusal `case_closed` where nothing is begun any more: nobody would watch it."""
    if not case.is_open:
        raise Refusal(
            "case_closed",
            "This case is closed. Reopen it before something is put in place in it.",
            link=reverse("case", args=[case.matter.public_id]),
            link_text="Back to the case",
        )


@transaction.atomic
def plan(
    *,
    case_id: str,
    power: str,
    subject: str,
    used_by: str,
    words: str,
    by: Actor,
    on: date,
    is_meant: bool = False,
) -> Intervention:
    """Plan to use a power (its code) on a person or place of the case (`subject`: public_id, or nobody by name).
    `used_by`: public_id of the unit whose tool it is, which sees the case. `is_meant`: that somebody harmed is meant.

    The checks are kept as they stand on that day; what is not known yet may be answered when it is put in place.
    Raises NotAllowed unless the actor runs the case, and Refusal where the law leaves no room: an age that is not
    met, an agency of another kind; `harmed_not_confirmed` where it restrains a victim, a complainant or a
    vulnerable person and that was not confirmed.
    """
    case = access.get_case_for_update(by, case_id)
    object_rules.check_can_plan(by, case)
    if not case.is_open:
        raise Refusal("case_closed", "This case is closed. Reopen it to plan something in it.")
    known = _power(case, power, on)
    chosen = _subject(by, case, subject)
    record = chosen.record if chosen else None
    if chosen and not is_meant and packs.asks_again(known, chosen, packs.parts_on(case.partnership, on)):
        raise Refusal(
            "harmed_not_confirmed",
            f"{chosen.record.name} stands in this case as somebody who is harmed. Confirm that it is to be used on "
            "this person, or choose somebody else.",
        )
    unit = next((one for one in units_of(case) if one.public_id == used_by), None)
    if unit is None:
        raise Refusal("user_does_not_see", "Choose an agency that sees this case.")
    person = record if isinstance(record, Person) else None
    place = record if isinstance(record, Place) else None
    rule = packs.as_rule(known, case.partnership, on)
    use = packs.use_of(by, case=case, person=person, place=place, agency=unit.agency, starts_on=on)
    found = checks(rule, use)
    refuse_what_the_law_leaves_no_room_for(one for one in found if one.code in ("age", "agency"))
    prior = None
    if rule.prior_power:
        prior = (
            object_rules.used_before(by, person=person, place=place)
            .filter(power=rule.prior_power, folder=case.folder_id)
            .order_by("-starts_on", "-id")
            .first()
        )
    made = Intervention.objects.create(
        partnership_id=case.partnership_id,
        folder=case.folder,
        case=case,
        hub_id=case.hub_id,
        unit_id=case.unit_id,
        sensitivity=case.sensitivity,
        power=power,
        power_version_id=known.version_id,
        kind=known.item.grade,
        person=person,
        place=place,
        used_by=unit,
        words=words,
        prior=prior,
        checks=kept(found, overridden=False),
        set_by=by.public_id,
        set_on=on,
    )
    move_intervention(made, "", InterventionStatus.PLANNED, by=by, on=on)
    record_use("intervention.planned", made, by, agency=unit.agency.code)
    return made


def checks_on(
    found: Intervention,
    *,
    by: Actor,
    starts_on: date,
    expires_on: date | None,
    review_on: date | None,
    confirmed: frozenset[int] = frozenset(),
    agreed: bool = False,
) -> list[Check]:
    """What is asked of this use on its first day, by the version of the power that is in force then. Five queries
    at most. Raises Refusal where the power is not in force on that day."""
    rule = packs.as_rule(_power(found.case, found.power, starts_on), found.case.partnership, starts_on)
    use = packs.use_of(
        by,
        case=found.case,
        person=found.person,
        place=found.place,
        agency=found.used_by.agency,
        starts_on=starts_on,
        expires_on=expires_on,
        review_on=review_on,
        confirmed=confirmed,
        agreed=agreed,
        leaving_out=found,
    )
    return checks(rule, use)


@transaction.atomic
def put_in_place(
    *,
    intervention_id: str,
    starts_on: date,
    expires_on: date | None,
    review_on: date | None,
    by: Actor,
    on: date,
    confirmed: frozenset[int] = frozenset(),
    agreed: bool = False,
    override_reason: str = "",
) -> Intervention:
    """Record that it is in place, from and until, with every check as it stands on its first day.

    Raises NotAllowed unless the actor uses it or runs the case. Raises Refusal for a closed case, which nobody
    would watch, where it has not begun, where a last day lies before the first,
    where the law leaves no room (`age_not_met`, `length_not_met` …), and
    `reason_missing` where something is not known or not met and no reason is given.
    """
    found = object_rules.get_intervention_for_update(by, intervention_id)
    object_rules.check_can_use(by, found)
    check_open_for_use(found.case)
    before = InterventionStatus(found.status)
    INTERVENTION_LIFECYCLE.check(before, InterventionStatus.IN_PLACE)
    if before != InterventionStatus.PLANNED:
        raise Refusal("in_place_already", "This is in place already.")
    if starts_on > on:
        raise Refusal("not_begun", "Choose a first day that has come. Until then it stays planned.")
    if expires_on is not None and expires_on < starts_on:
        raise Refusal("ends_before_it_starts", "The last day is before the first.")
    known = _power(found.case, found.power, starts_on)
    review_on = review_on or _first_review(found, known, by, starts_on, expires_on)
    answered = checks_on(
        found,
        by=by,
        starts_on=starts_on,
        expires_on=expires_on,
        review_on=review_on,
        confirmed=confirmed,
        agreed=agreed,
    )
    refuse_what_the_law_leaves_no_room_for(answered)
    open_ones = [one for one in answered if one.needs_reason]
    if open_ones and not override_reason.strip():
        raise Refusal(
            "reason_missing",
            f"Say why it is right all the same: {'; '.join(one.asked for one in open_ones)}.",
        )
    found.status = InterventionStatus.IN_PLACE
    found.starts_on, found.expires_on, found.review_on = starts_on, expires_on, review_on
    found.power_version_id = known.version_id
    found.checks = kept(answered, overridden=bool(open_ones))
    found.override_reason = override_reason.strip() if open_ones else ""
    found.version += 1
    found.save(
        update_fields=[
            "status",
            "starts_on",
            "expires_on",
            "review_on",
            "power_version",
            "checks",
            "override_reason",
            "version",
        ]
    )
    until = f" until {date_in_words(expires_on)}" if expires_on else ", with no last day"
    said = f"From {date_in_words(starts_on)}{until}. {found.override_reason}".strip()
    move_intervention(found, before, found.status, by=by, on=on, reason=said)
    record_use(
        "intervention.put_in_place",
        found,
        by,
        starts=starts_on,
        expires=expires_on.isoformat() if expires_on else "",
        overridden=[one.code for one in open_ones],
    )
    return found


def _first_review(
    found: Intervention, known: InForce, by: Actor, starts_on: date, expires_on: date | None
) -> date | None:
    """The latest day on which the law lets the first review be, where it asks for one and nobody chose a day."""
    rule = packs.as_rule(known, found.case.partnership, starts_on)
    use = packs.use_of(
        by,
        case=found.case,
        person=found.person,
        place=found.place,
        agency=found.used_by.agency,
        starts_on=starts_on,
        leaving_out=found,
    )
    latest = latest_review(possible_groups(rule, use), starts_on)
    return latest if latest and (expires_on is None or latest <= expires_on) else None
