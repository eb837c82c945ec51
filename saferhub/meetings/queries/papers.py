"""What the agenda, the pack and an agency's sheet of actions hold for one reader: read at once for all items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from saferhub.casework.access import actions_visible_to
from saferhub.casework.models import OPEN_ACTIONS, Action, ActionStatus
from saferhub.meetings import access
from saferhub.meetings.models import Answered, Ask, Item, ItemAction, ItemKind, Meeting
from saferhub.meetings.rules import papers as rules
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Document

from .agenda import standing_in
from .minutes_recorded import head_of, is_heading, items_of, who_words
from .table import unit_name

SILENT = "No answer"


@dataclass(frozen=True)
class Paper:
    """A document with the items that it tells of, for the check of what it may hold."""

    document: Document
    items: tuple[Item, ...]


def copy_for(actor: Actor) -> str:
    """Whose copy it is, in words."""
    name = actor.user.name if actor.user is not None else ""
    return f"{name}, {actor.agency.name}" if actor.agency is not None else name


def agenda_of(actor: Actor, meeting: Meeting) -> Paper:
    """The agenda as she sees it. One query beside those of the meeting."""
    items = _shown(actor, meeting)
    lines = [_line(one) for one in items]
    made = rules.agenda(
        head_of(meeting), lines, confidentiality=meeting.confidentiality, copy_for=copy_for(actor),
        planned=meeting.minutes,
    )  # fmt: skip
    return Paper(made, tuple(items))


def pack_of(actor: Actor, meeting: Meeting) -> Paper:
    """The agenda with briefs, what agencies returned and past actions, as she sees them. Four queries, however many
    items: forty make no more."""
    items = _shown(actor, meeting)
    returned, past = _returned(actor, meeting), _past(actor, meeting, items)
    lines = [
        _line(one, returned=tuple(returned.get(one.pk, ())), past=tuple(past.get(one.matter_id or 0, ())))
        for one in items
    ]
    made = rules.pack(
        head_of(meeting), lines, confidentiality=meeting.confidentiality, copy_for=copy_for(actor),
        planned=meeting.minutes,
    )  # fmt: skip
    return Paper(made, tuple(items))


def _shown(actor: Actor, meeting: Meeting) -> list[Item]:
    """What stands on her agenda, as on its page, with its numbers."""
    standing = standing_in(meeting)
    return [one for one in items_of(actor, meeting) if one.status in standing]


def has_agenda(actor: Actor, meeting: Meeting) -> bool:
    """Whether there is an agenda of which she sees something. One query."""
    rows = access.parts_readable_by(actor, Item).filter(meeting=meeting)
    return rows.filter(status__in=standing_in(meeting)).exists()


def _line(item: Item, **more: Any) -> rules.Line:
    return rules.Line(
        item=item.public_id,
        title=item.title.strip() or item.get_kind_display(),
        is_heading=is_heading(item),
        minutes=item.minutes,
        reference=item.reference,
        why=item.why,
        brief=item.brief,
        is_urgent=item.is_urgent,
        **more,
    )


def _returned(actor: Actor, meeting: Meeting) -> dict[int, list[rules.Returned]]:
    rows = (
        access.parts_readable_by(actor, Ask)
        .filter(meeting=meeting)
        .select_related("unit__agency", "person")
        .order_by("agency__name", "id")
    )
    found: dict[int, list[rules.Returned]] = defaultdict(list)
    for row in rows:
        said = row.declined_why if row.answer == Answered.DECLINED else row.answer_words
        found[row.item_id].append(
            rules.Returned(
                agency=unit_name(row.unit),
                about=row.person.name if row.person is not None else "",
                answer=Answered(row.answer).label if row.answer else SILENT,
                words=said,
            )
        )
    return found


def _past(actor: Actor, meeting: Meeting, items: Collection[Item]) -> dict[int, list[rules.Past]]:
    """Actions in the items' cases that were agreed before the meeting, as far as she sees those cases. One query."""
    matters = [one.matter_id for one in items if one.kind in (ItemKind.CASE, ItemKind.CLOSURE)]
    if not matters:
        return {}
    rows = (
        actions_visible_to(actor)
        .filter(case__matter__in=matters, set_on__lt=meeting.on)
        .exclude(status=ActionStatus.DROPPED)
        .select_related("owner_unit__agency", "owner", "case")
        .order_by("due_on", "id")
    )
    found: dict[int, list[rules.Past]] = defaultdict(list)
    for row in rows:
        found[row.case.matter_id].append(
            rules.Past(row.words, who_words(row), row.due_on, stands_in_words(actor, row))
        )
    return found


def stands_in_words(actor: Actor, action: Action) -> str:
    """How an action stands on the reader's day."""
    if action.status == ActionStatus.DONE and action.ended_on is not None:
        return f"Done on {date_in_words(action.ended_on)}"
    said = ActionStatus(action.status).label
    late = action.status in OPEN_ACTIONS and action.due_on < actor.on
    return f"{said}, late" if late else str(said)


def agreed_at(actor: Actor, meeting: Meeting) -> list[tuple[Item, Action]]:
    """Every action agreed at the meeting that she sees, with the item at which it was. Three queries at most."""
    joins = list(
        access.parts_readable_by(actor, ItemAction)
        .filter(item__meeting=meeting)
        .select_related("item__matter")
        .order_by("id")
    )
    if not joins:
        return []
    seen = {
        one.public_id: one
        for one in actions_visible_to(actor)
        .filter(public_id__in=[one.action for one in joins])
        .select_related("owner_unit__agency", "owner", "case__matter")
    }
    return [(join.item, seen[join.action]) for join in joins if join.action in seen]


def agencies_with_actions(actor: Actor, meeting: Meeting) -> list[Agency]:
    """The agencies that agreed to something at the meeting, among what she sees."""
    found = {action.owner_unit.agency_id: action.owner_unit.agency for _, action in agreed_at(actor, meeting)}
    return sorted(found.values(), key=lambda one: one.name)


def sheet_of(actor: Actor, meeting: Meeting, agency: Agency) -> Paper:
    """What one agency agreed to do at the meeting, as far as the reader sees it."""
    theirs = [
        (item, action)
        for item, action in agreed_at(actor, meeting)
        if action.owner_unit.agency_id == agency.pk
    ]
    lines = [
        rules.SheetLine(
            reference=action.case.matter.reference,
            what=action.words,
            who=who_words(action),
            by=action.due_on,
            stands=stands_in_words(actor, action),
        )
        for _, action in theirs
    ]
    made = rules.sheet(head_of(meeting), agency.name, lines, copy_for=copy_for(actor))
    return Paper(made, tuple({item.pk: item for item, _ in theirs}.values()))
