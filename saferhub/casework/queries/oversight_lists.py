"""The lists of casework: which rows answer the filters, in which order, and how they are read.

A list finds the numbers of its rows first, on the columns of its own table alone, along an index, and no further
than can be turned over (sharing.queries.long_lists). Only the rows of a page are then read, by number, with their
matters beside them: no join ties two walled tables together. What a filter names in words (a hub, an agency, words
of a title) is looked up first, so that rows are compared by number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet

from saferhub.casework import access
from saferhub.casework.models import Action, Case, Intervention, Referral
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Hub, Unit
from saferhub.people.access.search import matter_numbers
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.access.sight import listed_by_unit_or_interest, listed_in_hubs_of, sight_of
from saferhub.sharing.models import Matter
from saferhub.sharing.queries.long_lists import LongList, NumberedList

PER_PAGE = 25
MOST_COUNTED = 1_000
MOST_EXPORTED = 10_000
_CHUNK = 1_000
# So many matters of one's own, or found by words, narrow a list.
_MOST_MATTERS = 1_000
# In so many hubs at most one works in a part of the partnership: a walk along a list's order passes by the rest.
_FEW_HUBS = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose, by field of the form, and days by name (`adopted_from` …); nothing means the list's
    own first choice. `sort` is one of the listing's orders."""

    given: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    sort: str = ""

    def of(self, name: str) -> str:
        """What was chosen in a field; "" for nothing."""
        return self.given.get(name, "")

    @property
    def is_empty(self) -> bool:
        return not any(self.given.values()) and not self.days


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `narrow` takes the rows the reader may see to those that answer; `load` reads a page by number;
    `days`: the pairs of days that an address may name, with their words."""

    code: str
    model: type[Model]
    visible: Callable[[Actor], QuerySet[Any]]
    narrow: Callable[[QuerySet[Any], Actor, Filters], QuerySet[Any]]
    load: Callable[[list[int]], QuerySet[Any]]
    sorts: Mapping[str, tuple[str, ...]]
    first: str
    days: Mapping[str, str] = field(default_factory=dict)
    # The column that names the unit by whose agency it is narrowed.
    agency: str = "unit"

    def order(self, sort: str) -> str:
        """The order asked for where it is on offer, else the list's own."""
        return sort if sort in self.sorts else self.first


def found(listing: Listing, actor: Actor, filters: Filters) -> QuerySet[Any]:
    """The rows that the actor may see and that answer, sorted."""
    rows = _of_days(listing.visible(actor), filters.days)
    return listing.narrow(rows, actor, filters).order_by(*_order(listing, filters))


def pages(listing: Listing, actor: Actor, filters: Filters) -> LongList:
    """The list, page by page."""
    if 0 < len(sight_of(actor).hubs) <= _FEW_HUBS:
        numbers = _numbers(listing, actor, filters)
        if numbers is not None:
            return NumberedList(numbers, PER_PAGE, most=MOST_COUNTED, load=listing.load)
    return LongList(found(listing, actor, filters), PER_PAGE, most=MOST_COUNTED, load=listing.load)


def _order(listing: Listing, filters: Filters) -> tuple[str, ...]:
    return listing.sorts[listing.order(filters.sort)]


def _numbers(listing: Listing, actor: Actor, filters: Filters) -> list[int] | None:
    """The numbers of what `found` gives, one more than are counted: what she sees by her hubs, by her unit and by an
    interest, each found along an index of its own, and sorted together. None where her interests are too many to
    gather."""
    every = _of_days(listing.model._default_manager.all(), filters.days)
    rows = listing.narrow(every, actor, filters)
    others = listed_by_unit_or_interest(actor, rows)
    if others is None:
        return None
    order = _order(listing, filters)
    columns = ["id", *(name.lstrip("-") for name in order if name.lstrip("-") != "id")]
    first, *rest = (
        arm.order_by(*order).values_list(*columns)[: MOST_COUNTED + 1]
        for arm in (listed_in_hubs_of(actor, rows), *others)
    )
    return [row[0] for row in first.union(*rest).order_by(*order)[: MOST_COUNTED + 1]]


def numbers_to_export(rows: QuerySet[Any]) -> tuple[list[int], bool]:
    """The numbers of the rows that a file holds, and whether there were more."""
    numbers = list(rows.values_list("pk", flat=True)[: MOST_EXPORTED + 1])
    return numbers[:MOST_EXPORTED], len(numbers) > MOST_EXPORTED


def loaded(listing: Listing, numbers: list[int]) -> Iterator[Any]:
    """Rows by number in the order of the numbers, a thousand at a time."""
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        rows = {row.pk: row for row in listing.load(chunk)}
        yield from (rows[number] for number in chunk if number in rows)


def _of_days(rows: QuerySet[Any], days: Mapping[str, date]) -> QuerySet[Any]:
    """`adopted_from` and `adopted_to` narrow `adopted_on`, both days inclusive."""
    for name, day in days.items():
        what, _, end = name.rpartition("_")
        if end in ("from", "to"):
            rows = rows.filter(**{f"{what}_on__{'gte' if end == 'from' else 'lte'}": day})
    return rows


# --- Words of a filter, looked up --------------------------------------------------------------------------


def hub_numbers(actor: Actor, code: str) -> list[int]:
    return list(Hub.objects.filter(partnership=actor.partnership, code=code).values_list("pk", flat=True))


def unit_numbers(actor: Actor, agency: str) -> list[int]:
    found_units = Agency.objects.filter(partnership=actor.partnership, code=agency).values_list(
        "units", flat=True
    )
    return [number for number in found_units if number is not None]


def places_that_occur(
    listing: Listing, actor: Actor, chosen: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """The hubs and agencies that a list's filters offer: those of which the actor may see a row, and what is
    chosen now. Four queries at most.

    What she sees by her hubs is looked for hub by hub and unit by unit, along an index; what she sees by her unit or
    an interest is gathered. Asked at once, a hub that has nothing for her is looked through to its end.
    """
    rows = listing.visible(actor).order_by()
    gathered = _gathered(listing, actor)
    if gathered is not None:
        rows = listed_in_hubs_of(actor, listing.model._default_manager.order_by())
    hubs, units = gathered or (set[int](), set[int]())
    agencies = (
        Unit.objects.filter(_occurs(rows, listing.agency) | Q(pk__in=units)).order_by().values("agency")
    )
    occurs = {"hub": _occurs(rows, "hub") | Q(pk__in=hubs), "agency": Q(pk__in=agencies)}
    models: dict[str, type[Hub] | type[Agency]] = {"hub": Hub, "agency": Agency}
    return {
        name: list(
            model._default_manager.filter(occurs[name] | Q(code=chosen.get(name, "")))
            .filter(partnership=actor.partnership)
            .order_by("name")
            .values_list("code", "name")
        )
        for name, model in models.items()
    }


def _occurs(rows: QuerySet[Any], column: str) -> Q:
    """That one of these rows names it. IN with its own number inside looks for each by itself; EXISTS beside another
    condition would gather all rows first."""
    return Q(pk__in=rows.filter(**{column: OuterRef("pk")}).values(column))


def _gathered(listing: Listing, actor: Actor) -> tuple[set[int], set[int]] | None:
    """Hubs and units of the rows that the actor sees by her unit or an interest; None where they are too many."""
    arms = listed_by_unit_or_interest(actor, listing.model._default_manager.order_by())
    if arms is None:
        return None
    pairs: set[tuple[int | None, int | None]] = set()
    if arms:
        first, *others = (arm.values_list("hub", listing.agency) for arm in arms)
        pairs = set(first.union(*others))
    return {hub for hub, _ in pairs if hub}, {unit for _, unit in pairs if unit}


def own_units(actor: Actor) -> list[int]:
    """The actor's unit and those above it."""
    return [one for one in sight_of(actor).holders if one > 0]


def matters_led_by(actor: Actor, kind: str) -> list[int]:
    """Numbers of the matters of a kind that the actor leads and sees, the newest first."""
    rows = matters_visible_to(actor).filter(lead=actor.user, kind=kind).order_by("-opened_on", "-id")
    return list(rows.values_list("pk", flat=True)[:_MOST_MATTERS])


def by_words(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Rows of a table that carries `matter`, by a reference or by words of the matter's title."""
    return rows.filter(matter__in=matter_numbers(words.strip()))


def cases_by_words(actor: Actor, words: str) -> list[int]:
    """Numbers of the cases whose reference or title these words are."""
    return list(by_words(access.cases_visible_to(actor), words).order_by().values_list("pk", flat=True))


def cases_led_by(actor: Actor) -> list[int]:
    """Numbers of the cases that the actor leads."""
    rows = access.cases_visible_to(actor).filter(matter__in=matters_led_by(actor, "case")).order_by()
    return list(rows.values_list("pk", flat=True))


# --- Rows of a page ------------------------------------------------------------------------------------------


_MATTER = Prefetch("matter", queryset=Matter.objects.select_related("lead"))
_CASE = Prefetch(
    "case",
    queryset=Case.objects.select_related("lead_unit__agency").prefetch_related(
        Prefetch("matter", queryset=Matter.objects.select_related("lead"))
    ),
)


def load_cases(numbers: list[int]) -> QuerySet[Case]:
    """Cases by number, with matter, lead and agencies. Two queries."""
    rows = Case.objects.filter(pk__in=numbers).select_related("hub", "lead_unit__agency")
    return rows.prefetch_related(_MATTER)


def load_referrals(numbers: list[int]) -> QuerySet[Referral]:
    """Referrals by number, with matter and agencies. Two queries."""
    rows = Referral.objects.filter(pk__in=numbers).select_related("hub", "to_hub", "unit__agency")
    return rows.prefetch_related(_MATTER)


def load_actions(numbers: list[int]) -> QuerySet[Action]:
    """Actions by number, with owner and case. Three queries."""
    rows = Action.objects.filter(pk__in=numbers).select_related("hub", "owner", "owner_unit__agency")
    return rows.prefetch_related(_CASE)


def load_interventions(numbers: list[int]) -> QuerySet[Intervention]:
    """Interventions by number, with agency and case. Three queries."""
    rows = Intervention.objects.filter(pk__in=numbers).select_related(
        "hub", "used_by__agency", "watch_unit__agency"
    )
    return rows.prefetch_related(_CASE)
