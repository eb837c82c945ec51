"""The provider registries of the whole product, declared low and filled by each app."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .registry import Registry


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation, shown to those for whom its provider gives it."""

    label: str
    url: str
    section: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class WorkClock:
    """How far a clock has run: `used` of `length`, in `unit`s named in the singular."""

    used: int
    length: int
    unit: str


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that waits for one person: what, why, by when, and its one next step.

    `kind` is a code that groups (`calendar`, `referral`, `action` …); `title` never carries more
    than the reader may see, and tells two rows apart. `happened`: the event that gave rise to it.
    `rank` orders what falls on one day or has none: the lower first; with `band`, how risky what it is about is
    (see the component `risk_chip`), it orders what is late before its days do. `comes_first`: others wait for the
    reader's decision, so it stands above all else; `note`: what it is, beside its title ("Location").
    `step_posts`: the step is done by one press, where its address takes a post and asks nothing.
    """

    kind: str
    kind_words: str
    title: str
    url: str
    why: str
    due_on: date | None
    step: str
    step_url: str
    reference: str = ""
    happened: str = ""
    clock: WorkClock | None = None
    rank: int = 5
    band: str = ""
    note: str = ""
    step_posts: bool = False
    comes_first: bool = False


@dataclass(frozen=True, slots=True)
class WorkPanel:
    """A part of the column beside Your work: a template and what it needs."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One piece of work that a leaver leaves behind, and who is to take it over."""

    kind_words: str
    title: str
    url: str
    due_on: date | None = None


# provider(actor) -> items
NAVIGATION: Registry[[Any], Iterable[NavItem]] = Registry("navigation")
WORK: Registry[[Any], Iterable[WorkItem]] = Registry("your work")
# provider(actor) -> a panel beside Your work: the next meeting, what waits for others, the hub; None for nothing
WORK_ASIDE: Registry[[Any], WorkPanel | None] = Registry("beside your work")
# provider(actor) -> buttons beside the heading of Your work: (words, address)
WORK_BUTTONS: Registry[[Any], Iterable[tuple[str, str]]] = Registry("buttons of your work")
# provider(user, actor): the user's open work, as far as the actor may see it
OPEN_WORK: Registry[[Any, Any], Iterable[OpenWork]] = Registry("open work of a leaver")
# provider(name of an address) -> what its page is called, in words; None for an address of another app
PAGE_WORDS: Registry[[str], str | None] = Registry("words for pages")
# provider(user) -> True where this person must use a second factor
SECOND_FACTOR: Registry[[Any], bool] = Registry("second factor required")
# provider(actor) -> (name, caption) shown beside the account link
CAPTION: Registry[[Any], str] = Registry("caption of the account")
# provider(actor) -> address that the search box in the header posts to; None for whoever may not search
SEARCH: Registry[[Any], str | None] = Registry("search")
# provider(the cast by username, a function that says what is being made): an app's part of the demonstration,
# made through its own operations after packs, cast and calendar
DEMONSTRATION: Registry[[dict[str, Any], Any], None] = Registry("demonstration")
# provider(the cast by username, how large it is to be, a function that says what is being made): what is too much to
# be made through operations, once the rest stands. Returns whether it made anything.
DEMONSTRATION_HISTORY: Registry[[dict[str, Any], Any, Any], bool] = Registry("history of the demonstration")
