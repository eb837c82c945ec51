"""The register of agreements: its lines, its filters, what each agreement carries, what waits for its keeper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse

from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.access import agreements as access
from saferhub.sharing.models import Agreement, AgreementParty, AgreementStatus, Standing
from saferhub.sharing.rules.agreements import (
    EXPIRY_DAYS,
    REVIEW_DAYS,
    STANDING_WORDS,
    expires_soon,
    is_review_due,
)


@dataclass(frozen=True, slots=True)
class Carried:
    """What an agreement carries, in counts.

    `lost_matters` and `lost_agencies`: what would see no more if it stopped now; `hub_staff`: how many
    people would no longer see the work of a hub they belong to.
    """

    matters: int = 0
    live: int = 0
    asleep: int = 0
    agencies: int = 0
    lost_matters: int = 0
    lost_agencies: int = 0
    hub_staff: int = 0


def carried_by(agreements: Iterable[Agreement], *, party: AgreementParty | None = None) -> dict[int, Carried]:
    """What each carries, by its number. One query.

    The database itself asks whose the transaction is, and tells nobody but those who answer for agreements.
    """
    numbers = [agreement.pk for agreement in agreements]
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, c.* FROM unnest(%s::bigint[]) a (id), LATERAL gate.carried(a.id, %s) c",
            [numbers, party.agency_id if party else None],
        )
        return {row[0]: Carried(*row[1:]) for row in cursor.fetchall()}


# --- the register ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader of the register chose. Empty means everything."""

    standing: str = ""
    agency: str = ""
    hub: str = ""
    purpose: str = ""
    sort: str = "title"

    @property
    def is_empty(self) -> bool:
        return not (self.standing or self.agency or self.hub or self.purpose)


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement in the register. `carried` is None for a reader who is not told."""

    agreement: Agreement
    standing: Standing
    parties: tuple[AgreementParty, ...]
    review_due: bool
    expires_soon: bool
    carried: Carried | None

    @property
    def bound(self) -> int:
        """How many parties have signed and not withdrawn, by what is recorded."""
        return sum(party.signed_on is not None and party.withdrawn_on is None for party in self.parties)

    @property
    def unsigned(self) -> int:
        return sum(party.signed_on is None for party in self.parties)

    @property
    def standing_words(self) -> str:
        return STANDING_WORDS[self.standing]

    @property
    def hub_names(self) -> str:
        if self.agreement.every_hub:
            return "Every hub"
        return ", ".join(row.hub.name for row in self.agreement.hub_rows.all()) or "No hub"


_ORDER = list(Standing)
_SORTS: dict[str, Callable[[Line], Any]] = {
    "title": lambda line: line.agreement.title.casefold(),
    "standing": lambda line: (_ORDER.index(line.standing), line.agreement.title.casefold()),
    "first": lambda line: (line.agreement.first_day or date.max, line.agreement.title.casefold()),
    "last": lambda line: (line.agreement.last_day or date.max, line.agreement.title.casefold()),
    "review": lambda line: (line.agreement.review_on or date.max, line.agreement.title.casefold()),
    "parties": lambda line: (len(line.parties), line.agreement.title.casefold()),
    "matters": lambda line: (line.carried.matters if line.carried else 0, line.agreement.title.casefold()),
}


def register_lines(actor: Actor, filters: Filters) -> list[Line]:
    """The register as this actor reads it, filtered and sorted. At most four queries."""
    rows = list(access.with_parts(access.agreements_visible_to(actor)).order_by("title", "id"))
    told = carried_by(rows) if access.can_see_what_is_shared(actor) else {}
    lines = [line_of(row, actor.on, told.get(row.pk)) for row in rows]
    found = [line for line in lines if _answers(line, filters)]
    key = _SORTS.get(filters.sort.removeprefix("-"), _SORTS["title"])
    return sorted(found, key=key, reverse=filters.sort.startswith("-"))


def line_of(agreement: Agreement, on: date, carried: Carried | None = None) -> Line:
    """An agreement with its parts, as it stands on that day."""
    standing = agreement.standing(on)
    return Line(
        agreement,
        standing,
        tuple(agreement.parties.all()),
        is_review_due(agreement.review_on, standing, on),
        expires_soon(agreement.last_day, standing, on),
        carried,
    )


def _answers(line: Line, filters: Filters) -> bool:
    agreement = line.agreement
    if filters.standing == "review_due":
        fits = line.review_due
    else:
        fits = not filters.standing or line.standing == filters.standing
    return (
        fits
        and (not filters.agency or any(party.agency.code == filters.agency for party in line.parties))
        and (
            not filters.hub
            or agreement.every_hub
            or any(row.hub.code == filters.hub for row in agreement.hub_rows.all())
        )
        and (not filters.purpose or filters.purpose in agreement.purposes)
    )


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: parties and purposes that agreements name, and the partnership's hubs."""
    rows = list(access.with_parts(access.agreements_visible_to(actor)))
    agencies = {party.agency.code: party.agency.name for row in rows for party in row.parties.all()}
    named = {code for row in rows for code in row.purposes}
    known = in_force.sections(actor.partnership, ["purposes", "hubs"], actor.on)
    return {
        "standing": [*((str(s), words) for s, words in STANDING_WORDS.items()), ("review_due", "Review due")],
        "agency": sorted(agencies.items(), key=lambda pair: pair[1].casefold()),
        "hub": sorted(((one.code, one.item.name) for one in known["hubs"]), key=lambda pair: pair[1]),
        "purpose": [(one.code, one.item.name) for one in known["purposes"] if one.code in named],
    }


HEADINGS = (
    "Agreement", "Standing", "Parties", "Signed and not withdrawn", "Hubs", "First day", "Last day", "Review",
    "Review due",
)  # fmt: skip
COUNTS = ("Matters", "Sight given", "Dormant", "Agencies given sight")


def csv_lines(lines: Iterable[Line], *, counts: bool) -> Iterator[tuple[Any, ...]]:
    """The register as lines of a file; the counts only for those who are told them."""
    yield HEADINGS + (COUNTS if counts else ())
    for line in lines:
        one = line.agreement
        told = line.carried or Carried()
        yield (
            one.title,
            line.standing_words,
            "; ".join(party.agency.name for party in line.parties),
            line.bound,
            line.hub_names,
            one.first_day,
            one.last_day,
            one.review_on,
            "Yes" if line.review_due else "No",
        ) + ((told.matters, told.live, told.asleep, told.agencies) if counts else ())


# --- one agreement --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party and how it stands on a day."""

    party: AgreementParty
    is_bound: bool
    has_withdrawn: bool
    will_withdraw: bool


def party_lines(agreement: Agreement, on: date) -> list[PartyLine]:
    """The parties by name, those that left included."""
    return [
        PartyLine(
            party,
            party.signed_on is not None
            and party.signed_on <= on
            and (party.withdrawn_on is None or party.withdrawn_on > on),
            party.withdrawn_on is not None and party.withdrawn_on <= on,
            party.withdrawn_on is not None and party.withdrawn_on > on,
        )
        for party in agreement.parties.all()
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the agreement's history."""

    title: str
    on: date
    by: str
    reason: str


_MOVED = {
    ("", "draft"): "Draft begun",
    ("draft", "in_force"): "Put in force",
    ("in_force", "suspended"): "Suspended",
    ("suspended", "in_force"): "Resumed",
    ("draft", "ended"): "Draft given up",
}


def history(agreement: Agreement, actor: Actor) -> list[Told]:
    """Moves of its status, parties that withdrew and reviews, newest first."""
    moves, reviews = list(agreement.moves.all()), list(agreement.reviews.all())
    names = names_of([by for by in (*(m.by for m in moves), *(r.by for r in reviews)) if by], actor)
    told = [
        (
            move.on,
            move.at,
            Told(
                _MOVED.get((move.from_status, move.to_status), "Ended"),
                move.on,
                _name(move.by, names),
                move.reason,
            ),
        )
        for move in moves
    ]
    told += [
        (
            review.reviewed_on,
            review.created_at,
            Told(
                "Reviewed",
                review.reviewed_on,
                _name(review.by, names),
                f"{review.findings}\nNext review: {date_in_words(review.next_review_on)}",
            ),
        )
        for review in reviews
    ]
    told += [
        (
            party.withdrawn_on,
            party.created_at,
            Told(f"{party.agency.name} withdraws", party.withdrawn_on, "", party.withdrawn_reason),
        )
        for party in agreement.parties.all()
        if party.withdrawn_on
    ]
    return [one for _, _, one in sorted(told, key=lambda each: (each[0], each[1]), reverse=True)]


def _name(by: str, names: Any) -> str:
    return str(names.get(by, "Somebody")) if by else "saferhub"


# --- your work ------------------------------------------------------------------------------------


def work_items(actor: Actor) -> Iterable[WorkItem]:
    """For the keeper of agreements: reviews due, agreements about to expire, signatures missing."""
    if not actor.is_signed_in or not access.can_keep_agreements(actor):
        return []
    rows = access.with_parts(access.agreements_visible_to(actor)).exclude(status=AgreementStatus.ENDED)
    return [
        item for row in rows.order_by("title", "id") for item in _waiting(line_of(row, actor.on), actor.on)
    ]


def _waiting(line: Line, on: date) -> Iterator[WorkItem]:
    agreement = line.agreement
    review, last = agreement.review_on, agreement.last_day
    if (
        review is not None
        and review <= on + timedelta(days=REVIEW_DAYS)
        and line.standing in {Standing.IN_FORCE, Standing.SUSPENDED}
    ):
        yield _item(agreement, "Its review is due", review, "Record the review", "agreement-review")
    if line.expires_soon:
        yield _item(
            agreement,
            f"It runs out within {EXPIRY_DAYS} days, and what rests on it with it",
            last,
            "Replace it",
            "agreement-replace",
        )
    if line.unsigned and line.standing is not Standing.EXPIRED:
        count = len(line.parties)
        yield _item(
            agreement,
            f"{line.unsigned} of {count} parties have not signed"
            if count > 1
            else "Its party has not signed",
            None,
            "Record signatures",
            "agreement",
        )


def _item(agreement: Agreement, why: str, due_on: date | None, step: str, step_name: str) -> WorkItem:
    return WorkItem(
        kind="agreement",
        kind_words="Sharing agreements",
        title=agreement.title,
        url=reverse("agreement", args=[agreement.public_id]),
        why=why,
        due_on=due_on,
        step=step,
        step_url=reverse(step_name, args=[agreement.public_id]),
    )
