"""What the pages of the partnership with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

_WORDS = {
    "home": "Your work",
    "partnership": "Partnership",
    "calendar": "Statutory calendar",
    "calendar-start": "Start a clock",
    "calendar-item": "Statutory calendar: one duty",
    "calendar-done": "Statutory calendar: record as done",
    "calendar-undo": "Statutory calendar: take back",
    "calendar-not-needed": "Statutory calendar: not needed this time",
    "calendar-pause": "Statutory calendar: hold the clock",
    "calendar-correct-start": "Statutory calendar: correct the start date",
    "calendar-resume": "Statutory calendar: let the clock run again",
    "clock": "Clocks",
    "people": "People",
    "person-invite": "Invite somebody",
    "person": "A person’s page",
    "person-withdraw": "Withdraw an invitation",
    "person-give-role": "Give a role",
    "person-end-role": "End a role",
    "person-change-unit": "Change somebody’s unit",
    "person-leaver": "Record somebody as having left",
    "person-leaver-record": "Record somebody as having left",
    "person-return": "Give somebody access back",
    "person-reset-factor": "Reset a second factor",
}


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)
