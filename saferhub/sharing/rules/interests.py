"""What an interest may rest on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from saferhub.foundation.refusals import Refusal
from saferhub.sharing.models import Agreement, Because, Sensitivity, Standing


@dataclass(frozen=True, slots=True)
class Carried:
    """What an agreement allows on a day."""

    title: str
    standing: Standing
    purposes: Collection[str]
    gateways: Collection[str]
    last_day: date | None

    @classmethod
    def of(cls, agreement: Agreement, day: date) -> Carried:
        return cls(
            agreement.title,
            agreement.standing(day),
            frozenset(agreement.purposes),
            frozenset(agreement.gateways),
            agreement.last_day,
        )


_WHY_NOT = {
    Standing.DRAFT: "is still being written",
    Standing.NOT_YET: "has not begun",
    Standing.SUSPENDED: "is suspended",
    Standing.EXPIRED: "has expired",
    Standing.ENDED: "has ended",
}


def why_not(standing: Standing) -> str:
    """Why nothing can be shared under an agreement that stands so; nothing where it can."""
    return _WHY_NOT.get(standing, "")


def interest_refusals(
    *,
    is_named: bool,
    sensitivity: int,
    because: str,
    purpose: str,
    gateway: str,
    carried: Carried | None,
    is_party: bool,
    until: datetime | None,
    now: datetime,
) -> list[Refusal]:
    """Why an interest cannot be given. `carried` is None where no agreement is named."""
    if sensitivity != Sensitivity.NORMAL and not is_named:
        return [
            Refusal(
                "restricted_is_named",
                "This is restricted, so it opens to named people only. Name the person who needs it.",
            )
        ]
    if until is not None and until <= now:
        return [Refusal("until_passed", "The last day must be today or later.")]
    if carried is None:
        if is_named and because in (Because.EMERGENCY, Because.NAMED, Because.HANDED_OVER):
            return []
        return [Refusal("no_agreement", "Name the sharing agreement that this rests on.")]
    return agreement_refusals(carried, purpose=purpose, gateway=gateway, is_party=is_party or is_named)


def agreement_refusals(carried: Carried, *, purpose: str, gateway: str, is_party: bool) -> list[Refusal]:
    """Why this agreement does not carry sharing for a purpose on a gateway with an agency."""
    if carried.standing != Standing.IN_FORCE:
        return [
            Refusal(
                "agreement_not_in_force",
                f"“{carried.title}” {_WHY_NOT[carried.standing]}, so nothing can be shared under it.",
            )
        ]
    if not is_party:
        return [
            Refusal(
                "no_party", f"That agency has not signed “{carried.title}”, so nothing can be shared with it."
            )
        ]
    if purpose not in carried.purposes:
        return [Refusal("other_purpose", f"“{carried.title}” does not cover this purpose.")]
    if gateway not in carried.gateways:
        return [Refusal("other_gateway", f"“{carried.title}” does not name this legal gateway.")]
    return []
