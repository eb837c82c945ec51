"""Recording in the statutory calendar: what was done, on what evidence, and what started or held a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.clock import now as business_now
from saferhub.foundation.clock import real_now
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import (
    check_can_correct_start,
    check_can_keep_calendar,
    check_can_move,
    check_can_pause,
    check_can_resume,
    check_can_undo,
    get_occurrence_for_update,
)
from saferhub.partnership.models import Agency, EntryVersion, Partnership
from saferhub.partnership.models.duties import DutyMove, DutyOccurrence, DutyPause, DutyStatus
from saferhub.partnership.operations.duty_planning import AHEAD, plan_all_calendars, plan_calendar
from saferhub.partnership.operations.duty_rows import add_row, lock_calendar, move_row, redate_row, save_row
from saferhub.partnership.queries import duties as queries
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.clocks import LONDON, Pause, Unit
from saferhub.partnership.rules.dates_in_words import date_in_words, day_in_words, moment_in_words
from saferhub.partnership.rules.duties import refusals_to_done, started_by_event
from saferhub.partnership.rules.from_packs import clock_from

__all__ = [
    "AHEAD",
    "correct_start",
    "pause",
    "plan_all_calendars",
    "plan_calendar",
    "record_done",
    "record_not_needed",
    "resume",
    "start_response_clock",
    "undo",
]


# --- recording ----------------------------------------------------------------------------------


@transaction.atomic
def record_done(
    *,
    occurrence_id: str,
    done_on: date,
    evidence: str,
    evidence_reference: str = "",
    responsible_post: str = "",
    by: Actor,
    on: date,
    edition: int | None = None,
) -> DutyOccurrence:
    """Record that a duty was done, with what shows it, and plan the next one that counts from it.

    `edition` is that of the page the actor saw. Raises Http404, NotAllowed, Conflict, and Refusal
    `evidence_missing`, `done_in_future`, `done_before_start` or `already_recorded`.
    """
    row = get_occurrence_for_update(by, occurrence_id, edition=edition)
    check_can_move(by, row, DutyStatus.DONE)
    refuse_if(refusals_to_done(started_on=row.started_on, done_on=done_on, evidence=evidence, on=on))
    row.done_on = done_on
    row.evidence = evidence.strip()
    row.evidence_reference = evidence_reference.strip()
    row.responsible_post = responsible_post.strip()
    shown = f"{row.evidence} ({row.evidence_reference})" if row.evidence_reference else row.evidence
    reason = f"Done on {date_in_words(done_on)}. {shown}"
    move_row(row, DutyStatus.DONE, on=on, by=by, reason=reason, event="duty.done", done_on=done_on)
    plan_calendar(row.partnership, on=on, by=by)
    return row


@transaction.atomic
def undo(
    *, occurrence_id: str, reason: str, by: Actor, on: date, edition: int | None = None
) -> DutyOccurrence:
    """Take back that a duty was done or not needed: it is due again, and what counted from it goes.

    Raises Http404, NotAllowed, Conflict, and Refusal `reason_missing` or `nothing_to_take_back`.
    """
    row = get_occurrence_for_update(by, occurrence_id, edition=edition)
    check_can_undo(by, row)
    _need_reason(reason, "Say why it is taken back.")
    was_done_on = row.done_on
    row.done_on, row.evidence, row.evidence_reference = None, "", ""
    event = "duty.undone" if was_done_on else "duty.needed_again"
    move_row(row, DutyStatus.DUE, on=on, by=by, reason=reason.strip(), event=event)
    counted_from = was_done_on or row.due_on
    if counted_from is not None:
        _withdraw_counted_from(row, counted_from, on=on, by=by)
    plan_calendar(row.partnership, on=on, by=by)
    return row


def _withdraw_counted_from(row: DutyOccurrence, day: date, *, on: date, by: Actor) -> None:
    """Withdraw what still waits and was counted from that day, now taken back."""
    followers = DutyOccurrence.objects.select_for_update().filter(
        partnership=row.partnership_id,
        entry=row.entry_id,
        holder=row.holder_id,
        status=DutyStatus.DUE,
        started_on=day,
        period_start=None,
        started_because="",
    )
    for follower in followers.exclude(pk=row.pk):
        move_row(
            follower,
            DutyStatus.WITHDRAWN,
            on=on,
            by=by,
            reason="It was counted from one that was taken back.",
            event="duty.withdrawn",
        )


@transaction.atomic
def record_not_needed(
    *, occurrence_id: str, reason: str, by: Actor, on: date, edition: int | None = None
) -> DutyOccurrence:
    """Record that this time the duty is not needed, and why, and plan the next one that counts from it.

    Raises Http404, NotAllowed, Conflict, and Refusal `reason_missing` or `already_recorded`.
    """
    row = get_occurrence_for_update(by, occurrence_id, edition=edition)
    check_can_move(by, row, DutyStatus.NOT_NEEDED)
    _need_reason(reason, "Say why it is not needed.")
    move_row(row, DutyStatus.NOT_NEEDED, on=on, by=by, reason=reason.strip(), event="duty.not_needed")
    plan_calendar(row.partnership, on=on, by=by)
    return row


# --- clocks that an event starts ----------------------------------------------------------------


@transaction.atomic
def start_response_clock(
    *,
    duty: str,
    started: date | datetime,
    because: str,
    holder: str = "",
    by: Actor,
    on: date,
) -> DutyOccurrence:
    """Start the clock of a duty that an event gives rise to.

    `duty` is the duty's code, `holder` the code of the agency that owes it (empty: the partnership, unless
    the duty falls on single agencies), `started` when the event happened; a clock of hours needs an aware
    datetime. Raises NotAllowed, and Refusal `no_partnership`, `reason_missing`, `unknown_duty`,
    `unknown_holder`, `started_in_future`, `started_already` or any of `clocks.due`.
    """
    check_can_keep_calendar(by)
    partnership = by.partnership
    if partnership is None:
        raise Refusal("no_partnership", "You belong to no partnership, so there is no calendar to write in.")
    _need_reason(because, "Say what happened, so that others can find it: which report, from whom.")
    day = started.astimezone(LONDON).date() if isinstance(started, datetime) else started
    if day > on or (isinstance(started, datetime) and started > business_now()):
        raise Refusal("started_in_future", "It must have happened already: enter a day or hour that is past.")
    rule = next(
        (r for r in queries.events_to_start(partnership, day) if r.duty.id == duty and r.clock_version), None
    )
    clock_found = in_force.entry(partnership, "clocks", rule.item.clock, day) if rule else None
    if rule is None or clock_found is None:
        raise Refusal("unknown_duty", f"No such duty was in force on {day_in_words(day)}. Choose another.")
    agency = _holder(partnership, rule, holder, day)
    lock_calendar(partnership)
    clock = clock_from(clock_found.item)
    one = started_by_event(
        replace(rule.duty, clock=clock),
        started,
        holder=agency.code if agency else "",
        bank_holidays=queries.bank_holidays(),
    )
    if DutyOccurrence.objects.filter(
        partnership=partnership,
        entry=rule.version.entry,
        holder=agency,
        started_on=day,
        started_because=because.strip(),
    ).exists():
        raise Refusal("started_already", "This clock was started already for the same event on the same day.")
    row = add_row(
        partnership,
        rule,
        one,
        agency,
        on=on,
        by=by,
        event="duty.started",
        because=because.strip(),
        started_at=started if isinstance(started, datetime) and clock.unit is Unit.HOURS else None,
        clock_version=EntryVersion.objects.get(pk=clock_found.version_id),
    )
    return row


def _holder(partnership: Partnership, rule: queries.DutyRule, code: str, day: date) -> Agency | None:
    """Who owes it: one agency of the kinds named; else any agency, such as the one that was asked."""
    if not rule.duty.falls_on_agencies and not code:
        return None
    by_kind = queries.holders_by_kind(partnership)
    kinds = rule.item.holder_kinds if rule.duty.falls_on_agencies else list(by_kind)
    owing = [pair for kind in kinds for pair in by_kind.get(kind, [])]
    for agency, dates in owing:
        if agency.code == code and dates.is_there_on(day):
            return agency
    raise Refusal("unknown_holder", "Choose the agency that owes this.")


@transaction.atomic
def correct_start(
    *,
    occurrence_id: str,
    started: date | datetime,
    reason: str,
    by: Actor,
    on: date,
    edition: int | None = None,
) -> DutyOccurrence:
    """Correct when a clock started that still runs or is held, and work its date out afresh.

    The clock counts as it stood on the new day. Raises Http404, NotAllowed, Conflict, and Refusal
    `reason_missing`, `started_in_future`, `start_unchanged`, `pause_before_start`, `started_already`,
    `unknown_clock`, `not_open`, `no_clock`, `not_started_by_hand` or any of `clocks.due`.
    """
    row = get_occurrence_for_update(by, occurrence_id, edition=edition)
    check_can_correct_start(by, row)
    _need_reason(reason, "Say why the start is corrected.")
    day = started.astimezone(LONDON).date() if isinstance(started, datetime) else started
    if day > on or (isinstance(started, datetime) and started > business_now()):
        raise Refusal("started_in_future", "It must have happened already: enter a day or hour that is past.")
    old_day, old_at = row.started_on, row.started_at
    if day == old_day and (not isinstance(started, datetime) or started == old_at):
        raise Refusal("start_unchanged", "The clock starts then already. Enter another day, or cancel.")
    first_pause = row.pauses.order_by("from_on").first()
    if first_pause is not None and first_pause.from_on < day:
        raise Refusal(
            "pause_before_start",
            f"The clock was held from {day_in_words(first_pause.from_on)}. It cannot start after that.",
        )
    lock_calendar(row.partnership)
    same = DutyOccurrence.objects.filter(
        partnership=row.partnership_id,
        entry=row.entry_id,
        holder=row.holder_id,
        started_on=day,
        started_because=row.started_because,
    )
    if same.exclude(pk=row.pk).exists():
        raise Refusal("started_already", "This clock was started already for the same event on the same day.")
    found = None
    if row.clock_version is not None:
        found = in_force.entry(row.partnership, "clocks", row.clock_version.entry.code, day)
    if found is None:
        raise Refusal(
            "unknown_clock", f"No such clock was in force on {day_in_words(day)}. Enter another day."
        )
    clock = clock_from(found.item)
    row.clock_version = EntryVersion.objects.select_related("entry", "recorded_in").get(pk=found.version_id)
    row.started_on = day
    row.started_at = started if isinstance(started, datetime) and clock.unit is Unit.HOURS else None
    redate_row(row)
    save_row(row)
    DutyMove.objects.create(
        occurrence=row,
        from_status=row.status,
        to_status=row.status,
        on=on,
        by=by.public_id,
        reason=f"Start corrected from {_start_in_words(old_day, old_at)} to "
        f"{_start_in_words(row.started_on, row.started_at)}. {reason.strip()}",
    )
    audit.record("duty.start_corrected", row, by=by, started_on=day, due_on=row.due_on)
    return row


def _start_in_words(day: date, at: datetime | None) -> str:
    return moment_in_words(at.astimezone(LONDON)) if at else day_in_words(day)


@transaction.atomic
def pause(
    *, occurrence_id: str, from_on: date, reason: str, by: Actor, on: date, edition: int | None = None
) -> DutyOccurrence:
    """Hold the clock from a day on; until it runs again there is no due date.

    Raises Http404, NotAllowed, Conflict, and Refusal `reason_missing`, `pause_in_future`,
    `pause_before_start`, `pause_overlaps`, `time_was_up`, `held_already`, `no_clock` or `never_pauses`.
    """
    row = get_occurrence_for_update(by, occurrence_id, edition=edition)
    check_can_pause(by, row)
    _need_reason(reason, "Say what holds the clock.")
    if from_on > on:
        raise Refusal("pause_in_future", "The first day on which the clock is held must be today or earlier.")
    if from_on < row.started_on:
        raise Refusal(
            "pause_before_start",
            f"The clock started on {day_in_words(row.started_on)}. It cannot be held before.",
        )
    if any(old.until_on and from_on < old.until_on for old in row.pauses.all()):
        raise Refusal("pause_overlaps", "The clock was held on that day already. Give a later first day.")
    if row.due_on is not None and from_on > row.due_on:
        raise Refusal("time_was_up", "The time was up before that day, so there is nothing left to hold.")
    DutyPause.objects.create(occurrence=row, from_on=from_on, reason=reason.strip(), by=by.public_id)
    redate_row(row)
    save_row(row)
    audit.record("duty.paused", row, by=by, from_on=from_on)
    return row


@transaction.atomic
def resume(
    *, occurrence_id: str, until_on: date, by: Actor, on: date, edition: int | None = None
) -> DutyOccurrence:
    """Let a held clock run again from a day on, which counts. The due date moves by what was held.

    Raises Http404, NotAllowed, Conflict, and Refusal `not_held`, `resume_in_future` or
    `pause_ends_before_it_begins`.
    """
    row = get_occurrence_for_update(by, occurrence_id, edition=edition)
    check_can_resume(by, row)
    if until_on > on:
        raise Refusal("resume_in_future", "The day on which the clock runs again must be today or earlier.")
    held = row.pauses.select_for_update().get(until_on=None)
    Pause(held.from_on, until_on)
    held.until_on, held.ended_by, held.ended_at = until_on, by.public_id, real_now()
    held.save(update_fields=["until_on", "ended_by", "ended_at"])
    redate_row(row)
    save_row(row)
    audit.record("duty.resumed", row, by=by, until_on=until_on, due_on=row.due_on)
    return row


def _need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refusal("reason_missing", sentence)
