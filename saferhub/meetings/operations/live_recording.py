"""What a meeting decides on an item, and the actions it agrees: recorded while it runs, without overwriting anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.casework.operations.actions import set_action
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemAction, ItemKind
from saferhub.meetings.queries.live_item import matter_of
from saferhub.meetings.queries.live_items import decisions_for
from saferhub.partnership.access import Actor
from saferhub.sharing.operations.folders import revise

from .items import values_of
from .live import check_recorded, load_item

AGREED = {"all": "All agree", "majority": "Most agree", "not_agreed": "They do not agree"}
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands on an item: the decision's code, its reason, whether those there agree."""

    decision: str = ""
    words: str = ""
    agreed: str = ""

    @property
    def mark(self) -> str:
        """By which a form tells what it was drawn with, value by value."""
        return ".".join(_digest(one) for one in (self.decision, self.words, self.agreed))

    def differs(self, mark: str) -> tuple[bool, bool, bool]:
        """Which of decision, reason and agreement are not those of a mark; all of them for a mark that is none."""
        known = mark.split(".") if mark.count(".") == 2 else ["", "", ""]
        decision, words, agreed = (
            here != there for here, there in zip(self.mark.split("."), known, strict=True)
        )
        return decision, words, agreed


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def decided_of(item: Item) -> Decided:
    """What is recorded of an item now."""
    return Decided(item.decision, item.decision_words, item.agreed)


@transaction.atomic
def decide(*, meeting_id: str, item_id: str, given: Decided, seen: str, by: Actor, on: date) -> Item:
    """Record what the meeting decides. `seen`: the mark of what stood there when the form was drawn; a form that was
    sent as it was drawn changes nothing.

    Raises NotAllowed unless the actor may record the item; Refusal for a decision that its kind does not know, or once
    the minutes are approved; Conflict `changed_meanwhile` where somebody else has recorded another meanwhile.
    """
    meeting, item = load_item(by, meeting_id, item_id)
    check_recorded(meeting)
    given = Decided(given.decision, given.words.strip(), given.agreed)
    stands = decided_of(item)
    if given == stands or given.mark == seen:
        return item
    if stands.mark != seen:
        raise Conflict("changed_meanwhile", "Somebody else recorded a decision on this item meanwhile.")
    if given.decision and given.decision not in {one.code for one in decisions_for(by, item)}:
        raise Refusal("decision_unknown", "Choose a decision from the list.")
    if given.agreed and given.agreed not in AGREED:
        raise Refusal("agreed_unknown", "Say whether those there agree.")
    if len(given.words) > LONGEST:
        raise Refusal("reason_too_long", f"Use at most {LONGEST:,} characters for the reason.")
    item.decision, item.decision_words, item.agreed = given.decision, given.words, given.agreed
    item.decided_by = by.public_id
    item.version += 1
    item.save(update_fields=["decision", "decision_words", "agreed", "decided_by", "version"])
    kept = {"decision": given.decision, "decision_words": given.words, "agreed": given.agreed}
    revise(item, folder=item.folder, values={**values_of(item), **kept}, by=by)
    audit.record(
        "meetings.item_decided",
        item,
        by=by,
        meeting=meeting.public_id,
        decision=given.decision,
        agreed=given.agreed,
        version=item.version,
    )
    return item


def _mark(mark: str, words: str, who: str, due_on: date) -> str:
    """One press of one page with these words. Somebody who went back and wrote another action agrees a second one."""
    return hashlib.sha256(repr((mark, words.strip(), who, due_on)).encode()).hexdigest()[:40]


@transaction.atomic
def agree_action(
    *, meeting_id: str, item_id: str, words: str, who: str, due_on: date, mark: str, by: Actor, on: date
) -> ItemAction:
    """Agree an action at an item about a case: it stands in the case at once. `who`: an owner's key; `mark`: of the
    page, so that a second press makes no second action.

    Raises as `casework.operations.actions.set_action` does, and Refusal `no_case` for an item without a case.
    """
    meeting, item = load_item(by, meeting_id, item_id)
    check_recorded(meeting)
    matter = matter_of(by, item) if item.kind in (ItemKind.CASE, ItemKind.CLOSURE) else None
    if matter is None:
        raise Refusal("no_case", "Actions stand in cases, and this item is about none that you see.")
    kept = _mark(mark, words, who, due_on)
    made = access.parts_readable_by(by, ItemAction).filter(item=item, mark=kept).first()
    if made is not None:
        return made
    action = set_action(case_id=matter.public_id, words=words, who=who, due_on=due_on, by=by, on=on)
    made = ItemAction.objects.create(
        partnership_id=item.partnership_id,
        folder_id=item.folder_id,
        item=item,
        action=action.public_id,
        case=matter.public_id,
        mark=kept,
        by=by.public_id,
        at=clock.now(),
    )
    audit.record("meetings.action_agreed", item, by=by, meeting=meeting.public_id, action=action.public_id)
    return made
