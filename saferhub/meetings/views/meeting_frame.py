"""What every page of a meeting shows around its own part: title, four facts, buttons, sub-navigation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from saferhub.meetings import access
from saferhub.meetings.models import Meeting, MeetingStatus
from saferhub.meetings.queries.meeting_facts import facts_of, is_guest
from saferhub.partnership.access import Actor

SECTION = "meetings"
MARKING = "OFFICIAL-SENSITIVE"


def frame(
    actor: Actor, meeting: Meeting, *, tab: str, buttons: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """The context of `meetings/frame.html` for the page of the sub-navigation whose code is `tab`: agenda, asks,
    attendance, run, minutes or when; another code for a page below one of them. `buttons`: words and address, the
    first one green."""
    prepares = access.can_prepare(actor, meeting.group)
    guest = is_guest(actor, meeting)
    tabs = [
        {"label": words, "url": reverse(f"meeting-{code}", args=[meeting.public_id]), "current": code == tab}
        for code, words in _tabs(meeting, prepares=prepares, guest=guest)
    ]
    return {
        "meeting": meeting,
        "group": meeting.group,
        "meeting_facts": facts_of(actor, meeting),
        "is_organiser": prepares,
        "is_guest": guest,
        "sees_group": meeting.group_id in access.group_numbers(actor),
        "tabs": tabs,
        "buttons": list(buttons),
        "open_tab": tab,
        "is_tab": any(one["current"] for one in tabs),
        "marking": MARKING,
        "section": SECTION,
    }


def _tabs(meeting: Meeting, *, prepares: bool, guest: bool) -> list[tuple[str, str]]:
    """Which pages this reader has. Before the agenda is begun nothing is asked; a guest sees her item alone."""
    begun = meeting.folder_id is not None
    over = meeting.status in (MeetingStatus.DRAFT, MeetingStatus.APPROVED)
    found = [("agenda", "Agenda")]
    if begun:
        found.append(("asks", "What was asked" if over else "What is asked"))
    if not guest:
        found.append(("attendance", "Who came" if over else "Who comes"))
    if begun and prepares and meeting.status != MeetingStatus.CANCELLED:
        found.append(("run", "Run"))
    if begun and meeting.status in (MeetingStatus.RUNNING, MeetingStatus.DRAFT, MeetingStatus.APPROVED):
        found.append(("minutes", "Minutes"))
    found.append(("when", "When and where"))
    return found
