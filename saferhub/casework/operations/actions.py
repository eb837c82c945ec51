"""Agreeing an action, changing what was agreed, taking it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.access import actions as object_rules
from saferhub.casework.models import Action, ActionMove, ActionStatus, Case
from saferhub.casework.rules import actions as rules
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.operations.folders import check_seen, revise

from .keeping import keep_next_due


@dataclass(frozen=True, slots=True)
class Owner:
    """Who does an action: a unit that sees the case and, where it is agreed, one of its people."""

    unit: Unit
    user: User | None

    @property
    def key(self) -> str:
        return owner_key(self.unit, self.user)


def owner_key(unit: Unit, user: User | None) -> str:
    """An owner as one value of a form."""
    return f"{unit.public_id}.{user.public_id if user else ''}"


def owners_of(case: Case) -> list[Owner]:
    """Every unit that sees the case, each followed by its people who do; where only somebody named sees it, she
    alone and not her unit. The caller sees the case."""
    units: dict[int, list[Owner]] = {}
    for seer in object_rules.units_to_choose(case):
        units.setdefault(seer.unit.pk, []).append(Owner(seer.unit, seer.user))
        if seer.with_unit and units[seer.unit.pk][0].user is not None:
            units[seer.unit.pk].insert(0, Owner(seer.unit, None))
    found = sorted(units.values(), key=lambda held: (held[0].unit.agency.name, held[0].unit.name))
    return [one for held in found for one in held]


def _owner(case: Case, key: str) -> Owner:
    """The owner of this key. Raises Refusal `owner_does_not_see` for a unit or person that does not see the case."""
    for one in owners_of(case):
        if one.key == key:
            return one
    raise Refusal("owner_does_not_see", "Choose an agency that sees this case, or one of its people.")


def _what(words: str) -> str:
    """What is to be done, without blanks around it. Raises Refusal `words_missing` where nothing is said."""
    if not words.strip():
        raise Refusal("words_missing", "Say what is to be done.")
    return words.strip()


def check_open(case: Case) -> None:
    """Raise Refusal unless the case is open."""
    if not case.is_open:
        raise Refusal("case_closed", "This case is closed. Reopen it to agree actions in it.")


def values_of(action: Action) -> dict[str, Any]:
    """What a change may change, by field of its form."""
    return {
        "words": action.words,
        "who": owner_key(action.owner_unit, action.owner),
        "due_on": action.due_on,
    }


def keep_version(action: Action, *, by: Actor) -> None:
    values = {**values_of(action), "due_on": action.due_on.isoformat()}
    revise(action, folder=action.folder, values=values, by=by)


def move_action(action: Action, before: str, after: str, *, by: Actor, on: date, reason: str = "") -> None:
    """Keep one move; the status may stay as it is. The caller has checked that it may."""
    ActionMove.objects.create(
        partnership_id=action.partnership_id,
        folder_id=action.folder_id,
        action=action,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )


@transaction.atomic
def set_action(*, case_id: str, words: str, who: str, due_on: date, by: Actor, on: date) -> Action:
    """Agree an action in a case. `who`: an owner's key (`owner_key`).

    Raises NotAllowed unless the actor runs the case, and Refusal for a closed case, a day that has passed or an
    owner who does not see the case.
    """
    case = access.get_case_for_update(by, case_id)
    access.check_can_manage(by, case)
    check_open(case)
    words = _what(words)
    refuse_if(rules.day_refusals(due_on, on))
    owner = _owner(case, who)
    action = Action.objects.create(
        partnership_id=case.partnership_id,
        folder=case.folder,
        case=case,
        hub_id=case.hub_id,
        unit_id=case.unit_id,
        sensitivity=case.sensitivity,
        words=words,
        owner_unit=owner.unit,
        owner=owner.user,
        due_on=due_on,
        set_on=on,
        set_by=by.public_id,
    )
    move_action(action, "", ActionStatus.OPEN, by=by, on=on)
    keep_version(action, by=by)
    keep_next_due(case)
    audit.record(
        "action.set",
        action,
        by=by,
        purpose=case.matter.purpose,
        matter=case.matter.public_id,
        agency=owner.unit.agency.code,
        due=due_on,
    )
    return action


@transaction.atomic
def change_action(
    *,
    action_id: str,
    words: str,
    who: str,
    due_on: date,
    by: Actor,
    on: date,
    seen: int,
    reason: str = "",
) -> Action:
    """Change what is to be done, by whom, by when. A day moves only with a reason, which the move row keeps.

    Raises Conflict `changed_meanwhile` unless `seen` is the newest version; NotAllowed unless the actor runs the
    case; Refusal for an action that has ended, missing words, an owner who does not see the case, a day that
    has passed.
    """
    action = object_rules.get_action_for_update(by, action_id)
    object_rules.check_can_change(by, action)
    check_open(action.case)
    if not action.is_open:
        raise Refusal("action_ended", "This action has ended. Open it again to change it.")
    check_seen(action, seen)
    words = _what(words)
    before = values_of(action)
    if due_on != action.due_on:
        refuse_if(rules.day_refusals(due_on, on))
        refuse_if(rules.moved_refusals(action.due_on, due_on, reason))
    if who != before["who"]:
        owner = _owner(action.case, who)
        action.owner_unit, action.owner = owner.unit, owner.user
    moved_from = action.due_on
    action.words, action.due_on = words, due_on
    if values_of(action) == before:
        return action
    if moved_from != due_on:
        action.level = 0
    action.version += 1
    action.save(update_fields=["words", "owner_unit", "owner", "due_on", "level", "version"])
    keep_version(action, by=by)
    said = _change_in_words(before, action, moved_from, reason)
    move_action(action, action.status, action.status, by=by, on=on, reason=said)
    keep_next_due(action.case)
    changed = sorted(name for name, value in values_of(action).items() if before[name] != value)
    audit.record(
        "action.changed",
        action,
        by=by,
        purpose=action.case.matter.purpose,
        fields=changed,
        version=action.version,
        due=due_on,
    )
    return action


def _change_in_words(before: dict[str, Any], action: Action, moved_from: date, reason: str) -> str:
    after = values_of(action)
    said = []
    if moved_from != action.due_on:
        said.append(day_moved(moved_from, action.due_on))
    if before["who"] != after["who"]:
        whom = f"{action.owner.name}, " if action.owner else ""
        said.append(f"Now with {whom}{action.owner_unit.agency.name}.")
    if before["words"] != after["words"]:
        said.append("Worded anew.")
    return " ".join([*said, reason.strip()]).strip()


def day_moved(before: date, after: date) -> str:
    """That the day moved, as the move row says it."""
    return f"Due {date_in_words(after)} instead of {date_in_words(before)}."


@transaction.atomic
def take_over(*, action_id: str, by: Actor, on: date) -> Action:
    """Make an action of the actor's own unit hers. Raises NotAllowed for another unit's."""
    action = object_rules.get_action_for_update(by, action_id)
    object_rules.check_can_take_over(by, action)
    check_open(action.case)
    if not action.is_open:
        raise Refusal("action_ended", "This action has ended, so there is nothing to take over.")
    action.owner = by.user
    action.version += 1
    action.save(update_fields=["owner", "version"])
    keep_version(action, by=by)
    name = by.user.name if by.user else ""
    move_action(action, action.status, action.status, by=by, on=on, reason=f"Taken over by {name}.")
    audit.record("action.taken_over", action, by=by, purpose=action.case.matter.purpose)
    return action
