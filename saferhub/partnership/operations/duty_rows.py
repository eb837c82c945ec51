"""Writing single rows of the statutory calendar, each with its move and its audit entry.

For the operations beside this module: nothing here asks who may.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, EntryVersion, Partnership
from saferhub.partnership.models.duties import DutyMove, DutyOccurrence, DutyPause, DutyStatus
from saferhub.partnership.queries import duties as queries
from saferhub.partnership.rules.clocks import Due, Pause, due
from saferhub.partnership.rules.duties import Wanted

# The advisory lock under which one partnership's calendar is written by one process at a time.
_PLANNER = 7_305_611


def lock_calendar(partnership: Partnership) -> None:
    """Let nobody else add to this partnership's calendar until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PLANNER, partnership.pk])


def add_row(
    partnership: Partnership,
    rule: queries.DutyRule,
    one: Wanted,
    holder: Agency | None,
    *,
    on: date,
    by: Actor | None,
    event: str,
    because: str = "",
    started_at: datetime | None = None,
    clock_version: EntryVersion | None = None,
) -> DutyOccurrence:
    """Add an occurrence. `event` is what the audit says of it."""
    row = DutyOccurrence(
        partnership=partnership,
        entry=rule.version.entry,
        version=rule.version,
        clock_version=clock_version,
        holder=holder,
        title=rule.duty.title,
        period_start=one.period_start,
        period_end=one.period_end,
        started_on=one.started_on,
        started_at=started_at,
        started_because=because,
    )
    set_due(row, one.due)
    row.save(force_insert=True)
    DutyMove.objects.create(
        occurrence=row,
        from_status="",
        to_status=row.status,
        on=on,
        by=by.public_id if by else "",
        reason=because,
    )
    audit.record(
        event, row, by=by, concerning=partnership, duty=one.duty, holder=one.holder, due_on=row.due_on
    )
    return row


def redate_row(row: DutyOccurrence) -> None:
    """Work the due date out afresh from the clock as it was when it started, and the pauses."""
    clock = queries.rule_of(row).duty.clock
    if clock is None:
        raise Refusal("no_clock", "The law gives a date here and no clock, so there is nothing to hold.")
    pauses = [Pause(one.from_on, one.until_on) for one in DutyPause.objects.filter(occurrence=row)]
    started = row.started_at or row.started_on
    set_due(row, due(clock, started, bank_holidays=queries.bank_holidays(), pauses=pauses))


def set_due(row: DutyOccurrence, found: Due) -> None:
    """Take over a due date with its steps; nothing is saved."""
    row.due_on = found.day
    row.due_at = found.on if isinstance(found.on, datetime) else None
    row.due_steps = list(found.steps)


def move_row(
    row: DutyOccurrence,
    to: DutyStatus,
    *,
    on: date,
    by: Actor | None,
    reason: str,
    event: str,
    **codes: Any,
) -> None:
    """Bring a row to another status, with its dated move. The caller has checked that it may."""
    moved_from, row.status = row.status, to
    save_row(row)
    DutyMove.objects.create(
        occurrence=row,
        from_status=moved_from,
        to_status=to,
        on=on,
        by=by.public_id if by else "",
        reason=reason,
    )
    audit.record(event, row, by=by, concerning=None if by else row.partnership, **codes)


def save_row(row: DutyOccurrence) -> None:
    """Save what can change, as the next edition."""
    row.edition += 1
    row.save(
        update_fields=[
            "status",
            "clock_version",
            "started_on",
            "started_at",
            "done_on",
            "evidence",
            "evidence_reference",
            "responsible_post",
            "due_on",
            "due_at",
            "due_steps",
            "edition",
        ]
    )
