"""Who may see the statutory calendar, and who may record in it.

Every member of a partnership sees its calendar; the partnership manager keeps it. Another partnership's
calendar is not there: the same page as for a missing one.
"""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.refusals import Conflict, Refusal, allows
from saferhub.partnership.models.duties import (
    DUTY_LIFECYCLE,
    DutyOccurrence,
    DutyOccurrenceQuerySet,
    DutyStatus,
)
from saferhub.partnership.rules.dates_in_words import date_in_words

from . import Actor, Permission


def check_can_see_calendar(actor: Actor) -> None:
    """Raise NotAllowed unless the actor belongs to a partnership and may see its calendar."""
    actor.check(Permission.VIEW_PARTNERSHIP)


def check_can_keep_calendar(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may record what was done."""
    actor.check(Permission.KEEP_STATUTORY_CALENDAR)


def can_keep_calendar(actor: Actor) -> bool:
    """Whether the actor may record what was done."""
    return allows(check_can_keep_calendar, actor)


def occurrences_visible_to(actor: Actor) -> DutyOccurrenceQuerySet:
    """The occurrences of the actor's own partnership; none without one."""
    found = DutyOccurrence.objects.all()
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return found.none()
    return found.filter(partnership=actor.partnership)


def get_occurrence(actor: Actor, public_id: str) -> DutyOccurrence:
    """One occurrence with what its page shows. Raises Http404 when it is not there for the actor."""
    return get_object_or_404(
        occurrences_visible_to(actor).select_related(
            "entry",
            "holder",
            "partnership",
            "version__entry",
            "version__recorded_in",
            "clock_version__entry",
            "clock_version__recorded_in",
        ),
        public_id=public_id,
    )


def get_occurrence_for_update(actor: Actor, public_id: str, *, edition: int | None) -> DutyOccurrence:
    """The same, locked until the transaction ends.

    Raises Http404 as `get_occurrence` does, NotAllowed for one who may not record, and Conflict when it
    is no longer the edition that the actor saw.
    """
    found = get_object_or_404(
        occurrences_visible_to(actor)
        .select_related(
            "entry",
            "version__entry",
            "version__recorded_in",
            "clock_version__entry",
            "clock_version__recorded_in",
            "partnership",
        )
        .select_for_update(of=("self",)),
        public_id=public_id,
    )
    check_can_keep_calendar(actor)
    if edition is not None and found.edition != edition:
        raise Conflict(
            "changed_meanwhile",
            "This has changed since you opened it, and nothing of yours is saved. "
            "Look at how it stands now, then decide whether your entry is still needed.",
        )
    return found


def check_can_move(actor: Actor, occurrence: DutyOccurrence, to: DutyStatus) -> None:
    """Raise Refusal unless the actor may bring what is due to that status now."""
    check_can_keep_calendar(actor)
    if not DUTY_LIFECYCLE.allows(DutyStatus(occurrence.status), to):
        raise _already_recorded(occurrence)


def _already_recorded(occurrence: DutyOccurrence) -> Refusal:
    """What was recorded meanwhile, when and by whom, with the way back to it."""
    if occurrence.status == DutyStatus.WITHDRAWN:
        words = "The calendar has withdrawn this, so there is nothing to record."
    else:
        move = occurrence.moves.filter(to_status=occurrence.status).last()
        name = User.objects.filter(public_id=move.by).values_list("name", flat=True).first() if move else None
        when = f" on {date_in_words(move.on)}" if move else ""
        status = DutyStatus(occurrence.status).label.lower()
        words = f"This was already recorded as {status}{when}{f' by {name}' if name else ''}."
    return Refusal(
        "already_recorded",
        words,
        link=reverse("calendar-item", args=[occurrence.public_id]),
        link_text="See the record",
    )


def check_can_undo(actor: Actor, occurrence: DutyOccurrence) -> None:
    """Raise Refusal unless what was recorded may be taken back now.

    Only the calendar itself brings back what it withdrew.
    """
    check_can_keep_calendar(actor)
    if occurrence.status in {DutyStatus.DONE, DutyStatus.NOT_NEEDED}:
        return
    words = "Nothing is recorded here yet, so there is nothing to take back."
    if occurrence.status == DutyStatus.WITHDRAWN:
        words = "The calendar itself withdrew this. It brings it back once it is asked for again."
    raise Refusal(
        "nothing_to_take_back",
        words,
        link=reverse("calendar-item", args=[occurrence.public_id]),
        link_text="See the record",
    )


def check_can_correct_start(actor: Actor, occurrence: DutyOccurrence) -> None:
    """Raise Refusal unless the day on which the occurrence's clock started may be corrected now."""
    check_can_keep_calendar(actor)
    _check_clock(occurrence)
    if not occurrence.started_because:
        raise Refusal("not_started_by_hand", "Nobody started this clock, so its start cannot be corrected.")


def check_can_pause(actor: Actor, occurrence: DutyOccurrence) -> None:
    """Raise Refusal unless the occurrence's clock may be held now."""
    check_can_keep_calendar(actor)
    _check_may_pause(occurrence)
    if occurrence.due_on is None:
        raise Refusal("held_already", "This clock is held already.")


def check_can_resume(actor: Actor, occurrence: DutyOccurrence) -> None:
    """Raise Refusal unless the occurrence's clock is held now."""
    check_can_keep_calendar(actor)
    _check_may_pause(occurrence)
    if occurrence.due_on is not None:
        raise Refusal("not_held", "This clock is running, so it cannot be let run again.")


def _check_clock(occurrence: DutyOccurrence) -> None:
    if not occurrence.is_open:
        raise Refusal("not_open", "This is no longer due, so its clock has stopped.")
    if occurrence.clock_version is None:
        raise Refusal("no_clock", "The law gives a date here and no clock, so there is nothing to hold.")


def _check_may_pause(occurrence: DutyOccurrence) -> None:
    _check_clock(occurrence)
    if occurrence.clock_version is not None and not occurrence.clock_version.payload.get("pauses_on"):
        raise Refusal("never_pauses", "Nothing in the law holds this clock.")


def available_operations(actor: Actor, occurrence: DutyOccurrence) -> set[str]:
    """What the page may offer: the same checks that guard the operations."""
    offered = set()
    if allows(check_can_move, actor, occurrence, DutyStatus.DONE):
        offered.add("done")
    if allows(check_can_move, actor, occurrence, DutyStatus.NOT_NEEDED):
        offered.add("not_needed")
    if allows(check_can_pause, actor, occurrence):
        offered.add("pause")
    if allows(check_can_resume, actor, occurrence):
        offered.add("resume")
    if allows(check_can_correct_start, actor, occurrence):
        offered.add("correct_start")
    if allows(check_can_undo, actor, occurrence):
        offered.add("undo")
    return offered
