"""Putting into the statutory calendar what the law will ask for."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db import transaction

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import check_can_keep_calendar
from saferhub.partnership.models import Partnership
from saferhub.partnership.models.duties import DutyMove, DutyOccurrence, DutyStatus
from saferhub.partnership.operations.duty_rows import add_row, lock_calendar, move_row
from saferhub.partnership.queries import duties as queries
from saferhub.partnership.rules.duties import Holder, wanted

AHEAD = timedelta(days=366)
NO_LONGER_ASKED = "The rules and the dates of the agencies, as they stand now, no longer ask for this."

logger = logging.getLogger(__name__)


def plan_all_calendars(on: date) -> int:
    """Plan every partnership's calendar, each in its own transaction. Returns how many duties were added.

    The daily job calls this. A partnership without a pack is passed over. One whose calendar cannot be
    planned does not hold up the others: Refusal `calendars_not_planned` is raised after the last, so
    that the job counts as failed and is tried again.
    """
    planned = 0
    failed: list[str] = []
    for partnership in Partnership.objects.filter(pack_releases__isnull=False).distinct():
        try:
            planned += len(plan_calendar(partnership, on=on, by=None))
        except Refusal as refusal:
            logger.error("calendar of %s not planned: %s", partnership.code, refusal.code)
            failed.append(f"{partnership.code}: {refusal.sentence}")
    if failed:
        raise Refusal("calendars_not_planned", "Not every calendar could be planned. " + " ".join(failed))
    return planned


@transaction.atomic
def plan_calendar(partnership: Partnership, *, on: date, by: Actor | None) -> list[DutyOccurrence]:
    """Put into the calendar all that the duties in the packs ask for up to a year ahead.

    What was planned, still waits and is no longer asked for (a pack has changed the rule, an agency has
    ended) is withdrawn, unless its period is over: what was owed then stays owed.
    Doing it again changes nothing. `by` is None for the daily job. Returns what was added or brought back.
    Raises NotAllowed for one who may not keep the calendar, Refusal when the packs lack what it needs.
    """
    if by is not None:
        check_can_keep_calendar(by)
    lock_calendar(partnership)
    holidays = queries.bank_holidays()
    begins = queries.calendar_begins(partnership)
    by_kind = queries.holders_by_kind(partnership)
    existing = {
        (row.entry_id, row.holder_id, row.period_start, row.started_on): row
        for row in DutyOccurrence.objects.filter(partnership=partnership, started_because="").select_related(
            "holder"
        )
    }
    done: dict[tuple[int, str], date] = {}
    excused: dict[tuple[int, str], date] = {}
    for row in existing.values():
        key = (row.entry_id, row.holder.code if row.holder else "")
        for status, latest, day in (
            (DutyStatus.DONE, done, row.done_on),
            (DutyStatus.NOT_NEEDED, excused, row.due_on),
        ):
            if row.status == status and day is not None:
                latest[key] = max(day, latest.get(key, day))
    added = []
    asked_for: set[int] = set()
    for rule in queries.duty_rules(partnership):
        owing = [pair for kind in rule.item.holder_kinds for pair in by_kind.get(kind, [])]
        agencies = {agency.code: agency for agency, _ in owing}
        entry_id = rule.version.entry_id
        for one in wanted(
            rule.duty,
            calendar_from=begins,
            until=on + AHEAD,
            holders=_distinct([holder for _, holder in owing]),
            last_done={code: day for (entry, code), day in done.items() if entry == entry_id},
            last_excused={code: day for (entry, code), day in excused.items() if entry == entry_id},
            bank_holidays=holidays,
        ):
            agency = agencies.get(one.holder)
            found = existing.get((entry_id, agency.pk if agency else None, one.period_start, one.started_on))
            if found is None:
                row = add_row(partnership, rule, one, agency, on=on, by=by, event="duty.planned")
                existing[(entry_id, row.holder_id, row.period_start, row.started_on)] = row
                added.append(row)
                asked_for.add(row.pk)
                continue
            asked_for.add(found.pk)
            if found.status == DutyStatus.WITHDRAWN:
                move_row(found, DutyStatus.DUE, on=on, by=by, reason="", event="duty.needed_again")
                added.append(found)
    surplus = [row.pk for row in existing.values() if row.pk not in asked_for and _may_withdraw(row, on)]
    # Somebody who is just recording one of these holds its row and waits for this calendar's lock:
    # passing over it, instead of waiting, avoids a deadlock, and the next planning sees what became of it.
    # What was ever recorded stays open to correction, whatever the rules ask for now.
    recorded = DutyMove.objects.filter(
        occurrence_id__in=surplus, to_status__in=[DutyStatus.DONE, DutyStatus.NOT_NEEDED]
    ).values("occurrence_id")
    waiting = DutyOccurrence.objects.select_for_update(of=("self",), skip_locked=True).exclude(
        pk__in=recorded
    )
    for row in waiting.filter(pk__in=surplus, status=DutyStatus.DUE).select_related("partnership"):
        # The calendar's own act, not that of whoever happened to record something.
        move_row(row, DutyStatus.WITHDRAWN, on=on, by=None, reason=NO_LONGER_ASKED, event="duty.withdrawn")
    return added


def _may_withdraw(row: DutyOccurrence, on: date) -> bool:
    """Whether it waits, its time is not over, and it falls within the time that was planned for."""
    if row.status != DutyStatus.DUE or row.due_on is None:
        return False
    return on <= (row.period_end or row.due_on) and row.due_on <= on + AHEAD


def _distinct(holders: list[Holder]) -> list[Holder]:
    """Each holder once, in order: an agency may be of two kinds that both owe the duty."""
    return list(dict.fromkeys(holders))
