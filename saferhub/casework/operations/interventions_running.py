"""What becomes of a tool or power that is in place: breached, reviewed, changed, watched, ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from saferhub.casework import access
from saferhub.casework.access import interventions as object_rules
from saferhub.casework.models import (
    INTERVENTION_LIFECYCLE,
    Breach,
    Intervention,
    InterventionStatus,
)
from saferhub.casework.rules.interventions_checks import Result
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.operations.folders import check_seen

from .actions import owners_of
from .interventions import (
    checks_on,
    keep_version,
    move_intervention,
    record_use,
    refuse_what_the_law_leaves_no_room_for,
    values_of,
)

# What a change of the days may break, of all that was checked when it was put in place.
_OF_DAYS = ("length", "review")


def _in_force(by: Actor, intervention_id: str) -> Intervention:
    """It, locked, where the actor uses or watches it and it is in force."""
    found = object_rules.get_intervention_for_update(by, intervention_id)
    object_rules.check_can_use(by, found)
    if found.status not in object_rules.IN_FORCE:
        raise Refusal("not_in_force", "This is not in place, so there is nothing to record.")
    return found


@transaction.atomic
def record_breach(
    *, intervention_id: str, happened_on: date, words: str, by: Actor, on: date, response: str = ""
) -> Breach:
    """Record that it was breached, when and how, and what followed if that is known. It stays in place."""
    found = _in_force(by, intervention_id)
    if not words.strip():
        raise Refusal("words_missing", "Say what happened.")
    if happened_on > on:
        raise Refusal("in_the_future", "Choose a day that has come.")
    if found.starts_on and happened_on < found.starts_on:
        raise Refusal(
            "before_it_began", f"It began on {date_in_words(found.starts_on)}. Choose a day from then on."
        )
    breach = Breach.objects.create(
        partnership_id=found.partnership_id,
        folder_id=found.folder_id,
        intervention=found,
        on=happened_on,
        words=words,
        response=response,
        by=by.public_id,
        recorded_on=on,
    )
    before = InterventionStatus(found.status)
    if before == InterventionStatus.IN_PLACE:
        INTERVENTION_LIFECYCLE.check(before, InterventionStatus.BREACHED)
        found.status = InterventionStatus.BREACHED
        found.save(update_fields=["status"])
    move_intervention(found, before, found.status, by=by, on=on)
    record_use("intervention.breached", found, by, happened=happened_on)
    return breach


@transaction.atomic
def answer_breaches(
    *, intervention_id: str, response: str, seen: Collection[str], by: Actor, on: date
) -> Intervention:
    """Say what followed from the breaches `seen` (public_ids), as far as none has an answer yet.

    It is in place as before once none is left without one: a breach that was recorded since the page was drawn
    waits for its own answer. Raises Refusal `no_breach` where none of them waits.
    """
    found = _in_force(by, intervention_id)
    if not response.strip():
        raise Refusal("words_missing", "Say what followed.")
    before = InterventionStatus(found.status)
    if before != InterventionStatus.BREACHED:
        raise Refusal("no_breach", "No breach waits for an answer.")
    waiting = object_rules.breaches_of(by, found).filter(response="")
    answered = waiting.filter(public_id__in=list(seen)).update(response=response.strip())
    # One whose answer came with it leaves the status to be put right and no breach to be answered.
    if not answered and waiting.exists():
        raise Refusal("no_breach", "These breaches are answered already. Look again at what waits.")
    if not waiting.exists():
        INTERVENTION_LIFECYCLE.check(before, InterventionStatus.IN_PLACE)
        found.status = InterventionStatus.IN_PLACE
        found.save(update_fields=["status"])
    move_intervention(found, before, found.status, by=by, on=on, reason=response.strip())
    record_use("intervention.breach_answered", found, by)
    return found


@transaction.atomic
def review(*, intervention_id: str, words: str, next_on: date | None, by: Actor, on: date) -> Intervention:
    """Record that it was looked at again, what was found, and when the next time is."""
    found = _in_force(by, intervention_id)
    if not words.strip():
        raise Refusal("words_missing", "Say what was found.")
    if next_on is not None and next_on <= on:
        raise Refusal("next_not_later", "Choose a day after today.")
    if next_on is not None and found.expires_on is not None and next_on > found.expires_on:
        raise Refusal(
            "after_it_ends", f"It ends on {date_in_words(found.expires_on)}. Choose an earlier day, or none."
        )
    if found.case.is_open:
        found.review_on = next_on
    else:
        found.watch_review_on = next_on or found.watch_review_on
    found.version += 1
    found.save(update_fields=["review_on", "watch_review_on", "version"])
    move_intervention(found, found.status, found.status, by=by, on=on, reason=words.strip())
    record_use("intervention.reviewed", found, by, next=next_on.isoformat() if next_on else "")
    return found


@transaction.atomic
def set_watcher(*, intervention_id: str, who: str, review_on: date, by: Actor, on: date) -> Intervention:
    """Name who watches it once the case is closed: an officer of an agency that sees the case (`who`: an owner's
    key), and the day on which she looks at it first. Only whoever runs the case may."""
    found = object_rules.get_intervention_for_update(by, intervention_id)
    access.check_can_manage(by, found.case)
    if found.status not in object_rules.IN_FORCE:
        raise Refusal("not_in_force", "This is not in place, so there is nothing to watch.")
    if review_on <= on:
        raise Refusal("next_not_later", "Choose a day after today.")
    owner = next((one for one in owners_of(found.case) if one.key == who and one.user), None)
    if owner is None:
        raise Refusal("watcher_does_not_see", "Choose somebody by name who sees this case.")
    found.watch_unit, found.watcher, found.watch_review_on = owner.unit, owner.user, review_on
    found.version += 1
    found.save(update_fields=["watch_unit", "watcher", "watch_review_on", "version"])
    name = owner.user.name if owner.user else ""
    reason = f"Watched after the case closes by {name}, {owner.unit.agency.name}, first on {date_in_words(review_on)}."
    move_intervention(found, found.status, found.status, by=by, on=on, reason=reason)
    record_use("intervention.watcher_set", found, by, agency=owner.unit.agency.code, review=review_on)
    return found


@transaction.atomic
def end(
    *, intervention_id: str, outcome: str, words: str, ended_on: date, by: Actor, on: date
) -> Intervention:
    """End it, with what came of it (a code of intervention_outcomes)."""
    found = object_rules.get_intervention_for_update(by, intervention_id)
    object_rules.check_can_use(by, found)
    before = InterventionStatus(found.status)
    INTERVENTION_LIFECYCLE.check(before, InterventionStatus.ENDED)
    known = {one.code for one in in_force.entries(found.case.partnership, "intervention_outcomes", on)}
    if outcome not in known:
        raise Refusal("unknown_outcome", "Choose what came of it.")
    if ended_on > on:
        raise Refusal("in_the_future", "Choose a day that has come.")
    if found.starts_on and ended_on < found.starts_on:
        raise Refusal("before_it_began", f"It began on {date_in_words(found.starts_on)}.")
    found.status, found.ended_on = InterventionStatus.ENDED, ended_on
    found.outcome, found.outcome_words = outcome, words.strip()
    found.version += 1
    found.save(update_fields=["status", "ended_on", "outcome", "outcome_words", "version"])
    move_intervention(found, before, found.status, by=by, on=on, reason=words.strip())
    record_use("intervention.ended", found, by, outcome=outcome)
    return found


@transaction.atomic
def change(
    *,
    intervention_id: str,
    words: str,
    expires_on: date | None,
    review_on: date | None,
    seen: int,
    by: Actor,
    on: date,
    reason: str = "",
) -> Intervention:
    """Change its terms, its last day or its review. Its length is checked again; another last day needs a reason.

    A use that goes on beyond what the law allows is not changed but planned anew, with its own checks. Raises
    Conflict `changed_meanwhile` unless `seen` is the newest version.
    """
    found = _in_force(by, intervention_id)
    check_seen(found, seen)
    before = values_of(found)
    found.words, found.expires_on, found.review_on = words, expires_on, review_on
    if values_of(found) == before:
        return found
    assert found.starts_on is not None
    if expires_on is not None and expires_on < found.starts_on:
        raise Refusal("ends_before_it_starts", "The last day is before the first.")
    moved = before["expires_on"] != expires_on
    if moved and not reason.strip():
        raise Refusal("why_missing", "Say why the last day changes.")
    answered = [
        one
        for one in checks_on(
            found, by=by, starts_on=found.starts_on, expires_on=expires_on, review_on=review_on
        )
        if one.code in _OF_DAYS
    ]
    if moved or before["review_on"] != review_on:
        refuse_what_the_law_leaves_no_room_for(answered)
        found.checks |= {
            one.code: str(Result.OVERRIDDEN if one.needs_reason and reason.strip() else one.result)
            for one in answered
        }
    found.version += 1
    found.save(update_fields=["words", "expires_on", "review_on", "checks", "version"])
    keep_version(found, by=by)
    until = f"until {date_in_words(expires_on)}" if expires_on else "without a last day"
    said = f"Now {until}. {reason}".strip() if moved else f"Terms or review changed. {reason}".strip()
    move_intervention(found, found.status, found.status, by=by, on=on, reason=said)
    changed = sorted(name for name, value in values_of(found).items() if before[name] != value)
    record_use("intervention.changed", found, by, fields=changed, version=found.version)
    return found
