"""What an interest may rest on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.moments import LONDON
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


def last_day(until: datetime | None) -> date | None:
    """The last day on which an interest shows anything: it ends before the moment `until`, which at
    midnight is the day before."""
    return (until - timedelta(microseconds=1)).astimezone(LONDON).date() if until else None


@dataclass(frozen=True, slots=True)
class Fit:
    """What is to be known of an agreement, a matter and an agency that gets to know of it.

    `hub`: the name of the matter's hub. `recipient` is empty where it is for nobody that signs, such as a
    person. `gateways_of_purpose`: those on which the purpose may rest. `reaches`: the kinds of agency that
    may get something on the gateway; None: any.
    """

    carried: Carried
    covers: bool
    hub: str
    owner: str
    owner_signed: bool
    recipient: str
    recipient_kind: str
    recipient_signed: bool
    within_owner: bool
    purpose: str
    gateway: str
    gateway_name: str
    gateways_of_purpose: Collection[str]
    reaches: Collection[str] | None


def fit_refusals(fit: Fit) -> list[Refusal]:
    """Why an agreement does not carry sharing of a matter with an agency, for a purpose, on a gateway.

    It has to be in force, to cover the hub, to be signed by the agency whose matter it is and by the one that
    gets to know, and to carry the purpose and the gateway; the gateway has to serve the purpose and to reach
    that kind of agency. Whoever gives sight, grants a request or lets something leave asks this;
    `queries.fitting.fit_of` reads what it has to know.
    """
    title = fit.carried.title
    if fit.carried.standing == Standing.IN_FORCE:
        if not fit.covers:
            return [Refusal("hub_not_covered", f"“{title}” does not cover {fit.hub}.")]
        if not fit.owner_signed:
            return [
                Refusal(
                    "owner_no_party", f"{fit.owner} has not signed “{title}”, so it cannot share under it."
                )
            ]
    signed = fit.recipient_signed or not fit.recipient
    found = agreement_refusals(fit.carried, purpose=fit.purpose, gateway=fit.gateway, is_party=signed)
    if found and found[0].code != "other_gateway":
        return found
    if fit.gateway not in fit.gateways_of_purpose:
        return [Refusal("gateway_not_for_purpose", "This legal gateway does not serve that purpose.")]
    return found or reach_refusals(fit)


def reach_refusals(fit: Fit) -> list[Refusal]:
    """Why the law does not let this kind of agency have anything on this gateway."""
    if fit.reaches is None or not fit.recipient or fit.within_owner or fit.recipient_kind in fit.reaches:
        return []
    return [
        Refusal(
            "gateway_does_not_reach",
            f"“{fit.gateway_name}” gives no power to disclose to a body such as {fit.recipient}. "
            "Choose another legal gateway.",
        )
    ]


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
