"""Turn the items of packs into the values that the rules decide with."""

from collections.abc import Iterable
from datetime import date

from saferhub.partnership.packs import national
from saferhub.partnership.packs.schema import Length
from saferhub.partnership.rules.clocks import Clock, Counting, IfNotWorking, Span, Unit
from saferhub.partnership.rules.duties import Duty, Kind, QuarterDue, Recurrence
from saferhub.partnership.rules.working_days import BankHolidays


def span_from(length: Length) -> Span:
    """A pack's length of time as a span."""
    return Span(length.n, Unit(length.unit))


def clock_from(item: national.Clock) -> Clock:
    """A pack's clock as the rule's. Raises ValueError for hours that move to a working day."""
    return Clock(
        id=item.id,
        title=item.name,
        length=item.length.n,
        unit=Unit(item.length.unit),
        counting=Counting(item.counting),
        if_not_working=IfNotWorking(item.if_not_working),
        pauses_on=tuple(event.words for event in item.pauses_on),
        stops_on=tuple(event.words for event in item.stops_on),
        warn_before=tuple(item.warn_before),
        source="; ".join(str(citation) for citation in item.source),
        verify=item.verify,
    )


def duty_from(item: national.Duty, *, clock: national.Clock | None = None) -> Duty:
    """A pack's duty, with the clock that it names, as the rule's."""
    given = item.recurrence
    return Duty(
        id=item.id,
        title=item.name,
        recurrence=Recurrence(
            kind=Kind(given.kind),
            due_month=given.due_month or 0,
            due_day=given.due_day or 0,
            within=span_from(given.within) if given.within else None,
            first_quarter=given.first_quarter,
            quarter_due=QuarterDue(given.due or QuarterDue.END_OF_FOLLOWING_QUARTER),
            event=given.event.words if given.event else "",
        ),
        falls_on_agencies=item.falls_on == "agency",
        clock=clock_from(clock) if clock else None,
        from_=item.valid_from,
        until=item.valid_until,
    )


def calendar_from(days: Iterable[tuple[date, str]]) -> BankHolidays:
    """The bank holidays of the packs as the rule's calendar, for the years that they span.

    Raises ValueError when there are none.
    """
    return BankHolidays.of(days)
