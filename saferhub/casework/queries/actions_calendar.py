"""The days of somebody's open actions as a calendar (iCalendar, RFC 5545): references and days, nothing more.

Later apps add what else belongs in it: the meetings at which she sits."""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Calendar, Event

from saferhub.casework.access import actions as object_rules
from saferhub.casework.registries import FEED
from saferhub.foundation import clock
from saferhub.partnership.access import Actor

MOST = 500


def calendar_of(actor: Actor) -> tuple[bytes, int]:
    """The feed of the actor's own open actions that she sees now, and how many there are; with what other apps add. One
    query beside theirs.

    An event's UID stays the same while its action stands, and SEQUENCE rises with the action's version, so that a
    calendar program moves the entry and makes no second one.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//saferhub//actions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Actions and meetings")
    calendar.add("x-wr-calname", "Actions and meetings")
    stamp = clock.real_now().astimezone(UTC)
    actions = list(object_rules.my_actions(actor).select_related("case__matter")[:MOST])
    for action in actions:
        event = Event()
        event.add("uid", f"{action.public_id.lower()}@actions.saferhub")
        event.add("sequence", action.version)
        event.add("dtstamp", stamp)
        event.add("dtstart", action.due_on)
        event.add("dtend", action.due_on + timedelta(days=1))
        event.add("summary", f"Action due: {action.case.matter.reference}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    for provider in FEED:
        for component in provider(actor):
            calendar.add_component(component)
    return bytes(calendar.to_ical()), len(actions)
