"""What leads say of their actions: for the quarter that they are asked about, or whenever something happens."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import ActionUpdate, PlanAction, YearStatus
from saferhub.plan.rules import updates as rules

from .actions import set_status


def check_takes_updates(action: PlanAction) -> None:
    """Raise Refusal unless the action's year is agreed and not reviewed yet."""
    if action.plan.status == YearStatus.DRAFT:
        raise Refusal("year_drafted", "This year’s plan is being written. Updates begin once it is agreed.")
    if action.plan.status == YearStatus.REVIEWED:
        raise Refusal("year_reviewed", "This year was reviewed. Give updates on the year that followed.")


def open_ask(action: PlanAction) -> ActionUpdate | None:
    """The latest quarter for which the lead was asked and has said nothing. One query."""
    return action.updates.filter(on__isnull=True).order_by("-quarter").first()


def quarter_told(action: PlanAction, on: date) -> date:
    """Of which quarter an update tells today: the one asked about, else the one that runs. One query."""
    ask = open_ask(action)
    return ask.quarter if ask is not None else rules.quarter_of(on)


@transaction.atomic
def say_update(
    *, action_id: str, status: str, words: str, by: Actor, on: date, seen: int, evidence: str = ""
) -> ActionUpdate:
    """How an action stands and what happened. Said again for the same quarter it is another row that follows the first,
    which stays.

    Raises NotAllowed unless the actor leads the action or writes the plan; Conflict unless `seen` is the action's
    newest version; Refusal before the year is agreed and after its review, for a stopped action, and for the rules of
    `update_refusals`."""
    action = access.get_for_update(by, PlanAction, action_id, version=seen)
    access.check_leads(by, action)
    check_takes_updates(action)
    refuse_if(
        rules.update_refusals(
            before=action.status, status=status, words=words, evidence=evidence or action.evidence
        )
    )
    if action.status == "stopped":
        raise Refusal(
            "action_stopped", "This action was stopped. Whoever writes the plan can take it up again."
        )
    update = _row(action, quarter_told(action, on))
    update.status, update.words, update.evidence = status, words.strip(), evidence.strip()
    update.on, update.by = on, by.public_id
    update.save()
    set_status(action, status, reason=words, evidence=evidence, by=by, on=on)
    audit.record("plan.update_said", update, by=by, action=action.public_id, quarter=update.quarter)
    return update


@transaction.atomic
def correct_update(*, update_id: str, words: str, evidence: str, by: Actor, on: date) -> ActionUpdate:
    """Other words for what was said of a quarter. What was said stays; how the action stood then does not change.

    Raises NotAllowed as `say_update`; Refusal `corrected_meanwhile` where other words follow already, without words,
    and for an ask that nobody has answered."""
    before = access.get_for_update(by, ActionUpdate, update_id, version=None)
    access.get_for_update(by, PlanAction, before.action.public_id, version=None)
    access.check_leads(by, before.action)
    if before.on is None:
        raise Refusal("nothing_said", "Nothing was said yet of this quarter.")
    if ActionUpdate.objects.filter(replaces=before).exists():
        raise Refusal(
            "corrected_meanwhile", "Other words follow this update already. Look at the action again."
        )
    refuse_if(rules.words_refusals(words=words, evidence=evidence))
    update = ActionUpdate.objects.create(
        partnership_id=before.partnership_id, action_id=before.action_id, quarter=before.quarter,
        status=before.status, words=words.strip(), evidence=evidence.strip(), on=on, by=by.public_id, replaces=before,
    )  # fmt: skip
    audit.record("plan.update_corrected", update, by=by, before=before.public_id, quarter=update.quarter)
    return update


def _row(action: PlanAction, quarter: date) -> ActionUpdate:
    """The ask that waits for an answer; else a new row, after the last one of the quarter."""
    own = list(action.updates.filter(quarter=quarter).order_by("id"))
    if own and own[-1].on is None:
        return own[-1]
    return ActionUpdate(
        partnership_id=action.partnership_id,
        action=action,
        quarter=quarter,
        replaces=own[-1] if own else None,
    )
