"""A year of meetings in every hub, for the demonstration: which days, whose seats, which cases; written by COPY.

Figures of one meeting say nothing. A year of seven hubs would take half an hour through operations, so it is copied in
behind the history of cases, by the owner and once (see `casework.demonstration.loading`). All invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models import F, Q

from saferhub.accounts.models import User
from saferhub.audit import copied as audit_copied
from saferhub.audit import operations as audit
from saferhub.casework.demonstration.facts import Worker, worker
from saferhub.casework.demonstration.rows import Tables
from saferhub.casework.models import Action, Case
from saferhub.casework.operations.demonstration_couple import TITLE
from saferhub.casework.operations.demonstration_history import HUBS
from saferhub.foundation import clock, walls
from saferhub.foundation.models import Milestone
from saferhub.meetings.demonstration import copied, past
from saferhub.meetings.demonstration.table import Place, Table
from saferhub.meetings.models import Group, Meeting
from saferhub.meetings.rules import cycle
from saferhub.partnership.models import Partnership, Unit
from saferhub.partnership.operations.demonstration import Size
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.sharing.entering import entered

from .planning import AHEAD, kind_of

MILESTONE = "demonstration_meetings"
_CAST_HUB = "selby"
# Who sits for what: the end of a worker's name in the history of cases, and who of the cast has that seat in Selby.
_CAST = {
    "police": "chris.chair", "hub": "mina.minutes", "housing": "rachel.referrer", "county": "maya.manager",
    "mental_health": "priya.partner", "victims": "victor.voluntary",
}  # fmt: skip
_WORKERS = {
    "police": "police", "hub": "{hub}_hub", "housing": "{hub}_housing", "county": "early_help",
    "mental_health": "mental_health", "victims": "victims",
}  # fmt: skip
# Agency and unit of seats in which nobody is named: units in which none of the cast works.
_WITHOUT_ACCOUNT = {
    "fire": ("north_yorkshire_fire_and_rescue", "Protection"), "landlord": ("housing_association", None),
}  # fmt: skip
_VACANT = "The post is vacant. The agency names somebody once it is filled."
_APPROVED = """
UPDATE meetings_minutes_part part SET status = 'approved', approved_by = %(chair)s,
       approved_at = (meeting.on + %(after)s + %(at)s) AT TIME ZONE 'Europe/London'
  FROM meetings_meeting meeting
 WHERE meeting.id = part.meeting_id AND meeting.group_id = %(group)s AND meeting.status = 'approved'
   AND part.status = 'draft'
   AND meeting.status = 'approved'
"""
_PUBLISHED = """
UPDATE meetings_minutes_part part SET status = 'published', published_by = approved_by, published_at = approved_at
  FROM meetings_meeting meeting
 WHERE meeting.id = part.meeting_id AND meeting.group_id = %(group)s AND part.status = 'approved'
"""
_A_YEAR = timedelta(days=364)
# Members see a meeting's items for some weeks. Where the cast sits, what is copied lies further back.
_SHUT, _SETTLED = timedelta(days=31), timedelta(days=5)
# Numbers of meetings are moved out of the way while those before them are given theirs.
_ASIDE = 10_000


def make(people: dict[str, User], size: Size, say: Callable[[str], None]) -> bool:
    """Make it once, where the history of cases stands. Returns False when it is there already, or nothing is asked for.

    Raises LookupError where somebody who sits there is not to be found.
    """
    if Milestone.is_reached(MILESTONE) or size.scale <= 0 or size.cases:
        return False
    say("holding a year of meetings in seven hubs")
    with entered(people["maya.manager"]):
        tables_of = [_table(hub, people) for hub in HUBS]
    partnership = tables_of[0].group.partnership
    holidays, today = bank_holidays(), clock.today()
    reading = [model for model in apps.get_models() if model._meta.db_table in walls.declared()]
    with walls.unforced(*reading):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # A seed of its own: the history of cases has drawn its identifiers from the seed as it is.
        tables = Tables(size.seed * 1000 + 7, copied.ORDER)
        tables.now = clock.real_now()
        with audit_copied.copying() as entries:
            year = copied.Year(tables, partnership, holidays)
            for table in tables_of:
                _hub(year, table, size.seed, today, holidays)
            rows, sendings = tables.in_words(entries)
            tables.send(sendings)
            tables.finish()
            _approve(tables_of)
        Milestone.objects.using("owner").create(name=MILESTONE)
    with connections["owner"].cursor() as cursor:
        for model in copied.ORDER:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    if "steward" in connections.settings:
        audit.seal()
    say(f"a year of meetings in {rows} rows")
    return True


def _approve(tables_of: Iterable[Table]) -> None:
    """Each part is approved and then published: the database freezes it only from a draft on."""
    with connections["owner"].cursor() as cursor:
        for table in tables_of:
            given: dict[str, Any] = {
                "group": table.group.pk, "chair": table.chair.user.public_id, "after": past.APPROVED,
                "at": time(9, 30),
            }  # fmt: skip
            for statement in (_APPROVED, _PUBLISHED):
                cursor.execute(statement, given)


def _table(code: str, people: dict[str, User]) -> Table:
    """The group of a hub and who sits there."""
    group = Group.objects.select_related("hub", "partnership").get(
        kind="maps", hub__code=code, partnership__code="north_yorkshire"
    )
    on = clock.today()
    partnership: Partnership = group.partnership
    known = {one.code: one.item for one in in_force.entries(partnership, "agencies", on)}
    places = {one.key: _place(one, code, people, partnership, known) for one in past.TABLE}
    at = {key: worker(key, user, on) for key in ("hub", "police") if (user := places[key].user) is not None}
    by = worker("hub", people["colin.coordinator"], on) if code == _CAST_HUB else at["hub"]
    hub = group.hub
    assert hub is not None
    return Table(
        group=group, hub=hub, kind=kind_of(group, on), places=places, by=by, chair=at["police"], taker=at["hub"],
        decisions={
            one.code: str(one.item.name) for one in in_force.entries(partnership, "meeting_decisions", on)
        },
        town=code.capitalize(),
    )  # fmt: skip


def _place(
    sits: past.Sits, hub: str, people: dict[str, User], partnership: Partnership, known: dict[str, Any]
) -> Place:
    user: User | None = None
    if sits.key in _WITHOUT_ACCOUNT:
        agency, name = _WITHOUT_ACCOUNT[sits.key]
        unit = Unit.objects.select_related("agency").get(
            Q(name=name) if name else Q(parent=None), agency__partnership=partnership, agency__code=agency
        )
    else:
        if hub == _CAST_HUB:
            user = people[_CAST[sits.key]]
        else:
            user = User.objects.filter(username__endswith=f".{_WORKERS[sits.key].format(hub=hub)}").first()
        if user is None:
            raise LookupError(f"nobody works in {hub} as {sits.key}")
        unit = _unit(sits.key, user)
    item = known[unit.agency.code]
    return Place(sits, unit.agency, unit, user, str(item.kind), bool(item.statutory))


def _unit(key: str, user: User) -> Unit:
    found: Worker = worker(key, user, clock.today())
    return found.unit


def _hub(year: copied.Year, table: Table, seed: int, today: date, holidays: BankHolidays) -> None:
    """Its year, and where nobody of the cast sits also its seats and the year ahead."""
    told_by_the_cast = table.hub.code == _CAST_HUB
    until = today - (_SHUT if told_by_the_cast else _SETTLED)
    days = _days(table, until - _A_YEAR, until, holidays)
    since = days[0][0] - past.FORTNIGHT
    if told_by_the_cast:
        mine = Meeting.objects.using("owner").filter(group=table.group)
        mine.update(number=F("number") + _ASIDE)
        mine.update(number=F("number") - _ASIDE + len(days))
        # The others have their seats from whoever tells of the cast.
        year.seats(table, since, keys=_WITHOUT_ACCOUNT, until=days[-1][0], why=_VACANT)
    else:
        year.seats(table, since)
    for number, told in enumerate(past.meetings(table.hub.code, days, _cases(table), seed), start=1):
        year.held(table, number, told)
    if not told_by_the_cast:
        for number, (on, moved_from) in enumerate(
            _days(table, until + timedelta(days=1), today + AHEAD, holidays), start=len(days) + 1
        ):
            year.planned(table, number, on, moved_from, today - timedelta(days=60))


def _days(table: Table, start: date, end: date, holidays: BankHolidays) -> list[tuple[date, date | None]]:
    """The days of the cycle, as if it had always stood; as far as the bank holidays are known."""
    given = table.kind.cycle
    assert given is not None
    first = date.fromisoformat(given.first)
    step = timedelta(weeks=given.every)
    while first > start:
        first -= step
    start = max(start, date(holidays.first_year, 1, 8))
    end = min(end, date(holidays.last_year, 12, 20))
    found = cycle.days(
        every=given.every, unit=given.unit, weekday=given.weekday, first=first, week_of_month=given.week_of_month,
        start=start, end=end, holidays=holidays,
    )  # fmt: skip
    return [(one.on, one.moved_from) for one in found]


def _cases(table: Table) -> list[past.Known]:
    """The hub's cases with what they agreed; none that is restricted, nor the one whose meetings the cast tells."""
    found = Case.objects.using("owner").filter(hub=table.hub, sensitivity=0).exclude(matter__title=TITLE)
    rows = list(
        found.order_by("adopted_on", "id").values_list(
            "pk", "matter_id", "matter__public_id", "matter__title", "matter__reference", "matter__purpose",
            "adopted_on", "closed_on",
        )
    )  # fmt: skip
    agreed: dict[int, list[past.Agreed]] = {}
    for case, *values in _actions(row[0] for row in rows):
        agreed.setdefault(case, []).append(past.Agreed(*values))
    return [past.Known(*row, tuple(agreed.get(row[0], ()))) for row in rows]


def _actions(cases: Iterable[int]) -> list[tuple[Any, ...]]:
    rows = Action.objects.using("owner").filter(case__in=list(cases)).order_by("set_on", "id")
    return [
        (case, key, set_on, words, f"{name}, {agency}" if name else agency, due_on)
        for case, key, set_on, words, name, agency, due_on in rows.values_list(
            "case_id", "public_id", "set_on", "words", "owner__name", "owner_unit__agency__name", "due_on"
        )
    ]
