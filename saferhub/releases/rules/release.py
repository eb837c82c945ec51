"""On what a release may rest: purpose, gateway, agreement, data, necessity, marking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from saferhub.foundation.refusals import Refusal
from saferhub.sharing.models import Standing
from saferhub.sharing.rules.interests import Fit, fit_refusals


@dataclass(frozen=True, slots=True)
class Ground:
    """What a release is said to rest on. `gateways_of_purpose`: None for a purpose there is not. `fit`: how the
    agreement, the matter and the agency stand to each other; None without an agreement. `binds_us`: whether
    the agency of whoever lets it leave has signed, which need not be the one whose matter it is."""

    to_agency: bool
    agency_here: bool
    recipient: str
    purpose: str
    gateway: str
    gateways_of_purpose: frozenset[str] | None
    necessity: str
    marking_known: bool
    data_items: frozenset[str]
    agreed_items: frozenset[str]
    fit: Fit | None
    binds_us: bool


def ground_refusals(ground: Ground) -> Iterator[Refusal]:
    """Why nothing can be released on this ground, the gravest first."""
    if not ground.recipient.strip():
        yield Refusal("no_recipient", "Say whom it is for.")
    if not ground.marking_known:
        yield Refusal("no_marking", "Choose one of the markings: every sheet that leaves bears it.")
    if not ground.agency_here:
        yield Refusal("other_partnership", "That agency belongs to another partnership.")
    if ground.gateways_of_purpose is None:
        yield Refusal("unknown_purpose", "Choose a purpose from the list.")
    elif ground.gateway not in ground.gateways_of_purpose:
        yield Refusal("other_gateway", "Choose a legal gateway on which this purpose may rest.")
    if not ground.necessity.strip():
        yield Refusal("no_necessity", "Say why it is necessary, and why no less would do.")
    if ground.to_agency and ground.fit is None:
        yield Refusal("no_agreement", "Name the sharing agreement that this rests on.")
    if ground.fit is not None:
        carried = ground.fit.carried
        yield from fit_refusals(ground.fit)
        if not ground.binds_us and carried.standing == Standing.IN_FORCE:
            yield Refusal("not_our_agreement", f"Your own agency has not signed “{carried.title}”.")
        if ground.data_items - ground.agreed_items:
            yield Refusal("other_data", f"“{carried.title}” does not carry all of these kinds of data.")
