"""What a request for sight may rest on, and how long sight that is given may last.

A request names no agreement: one is found that binds the agency that asks, carries the purpose, covers the
hub that is asked and names a legal gateway on which that purpose may rest. Where there is none, the refusal
says what is missing.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from saferhub.foundation.refusals import Refusal

LONGEST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """An agreement in force that binds the agency that asks. `hubs` is None where it covers every hub."""

    number: int
    title: str
    purposes: Collection[str]
    gateways: Collection[str]
    hubs: Collection[int] | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a request rests on."""

    agreement: int
    gateway: str
    last_day: date | None


def ground_for(
    offers: Iterable[Offer], *, purpose: str, gateways: Iterable[str], hub: int | None, hub_words: str
) -> Ground:
    """The agreement that carries the request; among several the one that lasts longest, then the broadest.

    `gateways`: those on which the purpose may rest, the first that fits is taken. `hub_words` names the hub in
    a refusal. Raises Refusal `no_agreement`, `other_purpose`, `other_hub` or `other_gateway`.
    """
    found = list(offers)
    if not found:
        raise Refusal(
            "no_agreement",
            "Your agency has signed no sharing agreement that is in force, so nothing can be shared.",
        )
    carrying = [offer for offer in found if purpose in offer.purposes]
    if not carrying:
        raise Refusal(
            "other_purpose", "No sharing agreement in force that your agency has signed covers this purpose."
        )
    here = [offer for offer in carrying if offer.hubs is None or hub in offer.hubs]
    if not here:
        raise Refusal(
            "other_hub",
            f"No sharing agreement that your agency has signed for this purpose covers {hub_words}.",
        )
    gateways = list(gateways)
    fitting = [(offer, next((g for g in gateways if g in offer.gateways), None)) for offer in here]
    grounds = [
        (offer, Ground(offer.number, gateway, offer.last_day)) for offer, gateway in fitting if gateway
    ]
    if not grounds:
        raise Refusal(
            "other_gateway",
            "The sharing agreement that covers this purpose names no legal gateway on which it may rest.",
        )
    return max(grounds, key=lambda pair: (pair[0].last_day or date.max, len(pair[0].purposes)))[1]


def latest_until(today: date, last_day: date | None, asked: date | None = None) -> date:
    """The last day that sight may be given for: three months on, no longer than the agreement runs, and no
    longer than was asked."""
    month = today.month - 1 + LONGEST_MONTHS
    year, month = today.year + month // 12, month % 12 + 1
    latest = date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return min(day for day in (latest, last_day, asked) if day is not None)


def until_refusals(until: date, *, today: date, latest: date) -> list[Refusal]:
    """Why sight cannot be asked or given until that day, the day included."""
    if until < today:
        return [Refusal("until_passed", "The last day must be today or later.")]
    if until > latest:
        words = f"{latest.day} {calendar.month_name[latest.month]} {latest.year}"
        return [Refusal("until_too_late", f"The last day can be no later than {words}.")]
    return []
