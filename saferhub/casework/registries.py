"""What each subject of casework puts on the pages that belong to all of them.

The case page, its timeline, what stops closure and what happens next are made of what these registries give,
so that no subject has to know the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from saferhub.foundation.registry import Registry


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a case or referral, in its sub-navigation. `code` marks the one that is open."""

    code: str
    words: str
    url: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the case's overview: a template and what it needs. `place`: main or aside."""

    template: str
    context: dict[str, Any]
    place: str = "main"


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a case's timeline.

    `kind`: decision, contact, note, action, score, meeting, intervention, change, document, risk. `sharing`:
    in words, where it is narrower than the case. `at` orders; `day` is what the reader sees.
    """

    at: datetime
    day: date
    kind: str
    title: str
    who: str = ""
    words: str = ""
    url: str = ""
    sharing: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = field(default=())  # words, address

    @property
    def shown_at(self) -> date | datetime:
        """The moment, where its hour is known: what is known by its day alone stands at noon in the order."""
        local = timezone.localtime(self.at)
        is_known = local.date() == self.day and local.time() not in (time(), time(12))
        return self.at if is_known else self.day


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that stops a case from closing. `code` is kept where it is overridden; `must`: it cannot be."""

    code: str
    words: str
    url: str
    must: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """A next step in a case: what, who, by when. The earliest stands at the top of the page.

    `state`: how it stands, as a status mark's code and its words; none where its day says so.
    `is_blocked`: something is in the way, `in_the_way` what, where anybody has said.
    """

    words: str
    who: str
    due_on: date | None
    url: str
    state: tuple[str, str] | None = None
    is_action: bool = False
    is_blocked: bool = False
    in_the_way: str = ""


# provider(actor, case) -> tab, or None
CASE_TABS: Registry[[Any, Any], Tab | None] = Registry("tabs of a case")
# provider(actor, case) -> block, or None where there is nothing to say
CASE_BLOCKS: Registry[[Any, Any], Block | None] = Registry("blocks of a case's overview")
# provider(actor, case) -> buttons beside the title: (words, address), the main one first
CASE_BUTTONS: Registry[[Any, Any], Iterable[tuple[str, str]]] = Registry("buttons of a case")
# provider(actor, case) -> what happened, in any order
TIMELINE: Registry[[Any, Any], Iterable[Happened]] = Registry("timeline of a case")
# provider(actor, case, day) -> what stops closure
BLOCKERS: Registry[[Any, Any, date], Iterable[Blocker]] = Registry("what stops a case from closing")
# provider(actor, case, day) -> next steps
NEXT: Registry[[Any, Any, date], Iterable[Next]] = Registry("next steps in a case")
# provider(actor, referral) -> block on the hub's page of a referral
REFERRAL_BLOCKS: Registry[[Any, Any], Block | None] = Registry("blocks of a referral's page")
# provider(actor) -> more of her calendar feed: iCalendar components, a time zone before what uses it
FEED: Registry[[Any], Iterable[Any]] = Registry("calendar feed")
