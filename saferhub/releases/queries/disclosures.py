"""The disclosure log, and the register of what was stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.people.access import persons_visible_to
from saferhub.releases.access import (
    can_release_copy,
    can_see_disclosures,
    checks_visible_to,
    disclosures_visible_to,
    letters_visible_to,
)
from saferhub.releases.models import Disclosure, ReleaseCheck
from saferhub.releases.registries import DOCUMENTS
from saferhub.releases.rules.check import Rule
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Agreement

PER_PAGE = 30
MOST_EXPORTED = 10_000
NOT_AN_AGENCY = "A person, or a body outside the partnership"
_LONDON = ZoneInfo("Europe/London")
KINDS = {
    "letter": "Letter",
    "copy": "Copy for a person’s own request",
    "export": "Export",
    "document": "Document",
}
HEADINGS = (
    "Reference",
    "When",
    "What",
    "To",
    "Purpose",
    "Legal gateway",
    "Agreement",
    "Kinds of data",
    "Agency",
)


def disclosures(actor: Actor, filters: dict[str, Any]) -> QuerySet[Disclosure]:
    """What left, newest first, of all that she may see."""
    found = disclosures_visible_to(actor).select_related("recipient_agency", "agreement").order_by("-id")
    if code := filters.get("agency"):
        found = found.filter(recipient_agency__code=code)
    if code := filters.get("agreement"):
        found = found.filter(agreement__code=code)
    if code := filters.get("purpose"):
        found = found.filter(purpose=code)
    if day := filters.get("from_day"):
        found = found.filter(at__gte=datetime.combine(day, time(), _LONDON))
    if day := filters.get("to_day"):
        found = found.filter(at__lt=datetime.combine(day + timedelta(days=1), time(), _LONDON))
    return found


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """Agencies, agreements and purposes to filter by. Three queries."""
    return {
        "agency": list(
            Agency.objects.filter(partnership=actor.partnership).order_by("name").values_list("code", "name")
        ),
        "agreement": list(
            Agreement.objects.filter(partnership=actor.partnership)
            .order_by("title")
            .values_list("code", "title")
        ),
        "purpose": [
            (one.code, one.item.name) for one in in_force.entries(actor.partnership, "purposes", actor.on)
        ],
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A disclosure in words, without what it said."""

    disclosure: Disclosure
    kind: str
    to: str
    purpose: str
    gateway: str
    agreement: str
    data_items: list[str]
    who: str
    agency: str


def in_words(rows: Iterable[Disclosure], actor: Actor) -> list[Row]:
    """Disclosures with names instead of codes. Three queries, however many."""
    rows = list(rows)
    packs = in_force.sections(actor.partnership, ["purposes", "gateways", "data_items"], actor.on)
    words = {name: {one.code: str(one.item.name) for one in entries} for name, entries in packs.items()}
    people = names_of((row.by for row in rows), actor)
    agencies = agency_names((row.agency for row in rows), actor)
    return [
        Row(
            disclosure=row,
            kind=KINDS.get(row.kind, row.kind),
            to=row.recipient_agency.name if row.recipient_agency else NOT_AN_AGENCY,
            purpose=words["purposes"].get(row.purpose, row.purpose),
            gateway=words["gateways"].get(row.gateway, row.gateway),
            agreement=row.agreement.title if row.agreement else "",
            data_items=[words["data_items"].get(code, code) for code in row.data_items],
            who=people.get(row.by, row.by),
            agency=agencies.get(row.agency, row.agency),
        )
        for row in rows
    ]


def lines(found: QuerySet[Disclosure], actor: Actor) -> Iterator[list[Any]]:
    """The newest ten thousand as rows of a file. It names no person and says nothing of what was told."""
    for row in in_words(found[:MOST_EXPORTED], actor):
        yield [
            row.disclosure.public_id,
            row.disclosure.at.astimezone(_LONDON).isoformat(timespec="minutes"),
            row.kind,
            row.to,
            row.purpose,
            row.gateway,
            row.agreement,
            "; ".join(row.data_items),
            row.agency,
        ]


def around(actor: Actor, disclosure: Disclosure) -> tuple[str, str, str]:
    """Where what left is read ("" where she may not read it), and where its page leads back to, in words."""
    what, back, words = "", reverse("home"), "Your work"
    if disclosure.kind == "letter":
        letter = letters_visible_to(actor).filter(public_id=disclosure.subject).first()
        if letter is not None:
            what = back = reverse("letter", args=[letter.public_id])
            words = "The letter"
    elif disclosure.kind == "copy":
        person = (
            persons_visible_to(actor)
            .filter(public_id=disclosure.subject)
            .select_related("folder__unit__agency")
            .first()
        )
        if person is not None:
            back, words = reverse("known-person", args=[person.public_id]), person.name
            if can_release_copy(actor, person):
                what = reverse("known-person-copy", args=[person.public_id])
    elif (left := next(filter(None, (one(actor, disclosure) for one in DOCUMENTS)), None)) is not None:
        what, back, words = left.url, left.back_url, left.words
    elif (matter := matters_visible_to(actor).filter(folder=disclosure.folder_id).first()) is not None:
        back, words = reverse("matter", args=[matter.public_id]), matter.reference
    if can_see_disclosures(actor):
        back, words = reverse("disclosures"), "Disclosures"
    return what, back, words


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that stopped something: when, what kind, whose, by which rules. No values."""

    check: ReleaseCheck
    kind: str
    rules: list[str]
    number: int
    who: str


def stopped(actor: Actor) -> QuerySet[ReleaseCheck]:
    """Runs of the check that stopped something, newest first."""
    return checks_visible_to(actor).filter(passed=False).order_by("-id")


def stopped_in_words(rows: Iterable[ReleaseCheck], actor: Actor) -> list[Stopped]:
    """Those runs with the rules in words."""
    rows = list(rows)
    people = names_of((row.by for row in rows), actor)
    return [
        Stopped(
            check=row,
            kind=KINDS.get(row.kind, row.kind),
            rules=rule_words(one["rule"] for one in row.found),
            number=len(row.found),
            who=people.get(row.by, row.by),
        )
        for row in rows
    ]


def rule_words(codes: Iterable[str]) -> list[str]:
    """The rules of stored findings in words, each once; the code itself for one that is no more."""
    found: dict[str, None] = {}
    for code in codes:
        try:
            found[Rule.of(code).value.words] = None
        except KeyError:
            found[code] = None
    return list(found)
