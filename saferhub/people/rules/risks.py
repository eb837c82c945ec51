"""Which risk to staff is read first, and whose address or household a risk follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

# What whoever visits has to do, the gravest first.
_VISITS = ("never", "in_pairs", "with_care")
# Kinds of addresses at which nobody is met.
NOT_LIVED_AT = ("former", "correspondence")


def severity(code: str, kinds: Mapping[str, Any]) -> tuple[int, int]:
    """Where a risk stands among others, the gravest first: by what it demands of a visit, then in the order
    in which the packs name the kinds. A kind that no pack in force knows counts as one to visit in pairs."""
    item = kinds.get(code)
    visits = str(item.visits) if item is not None else "in_pairs"
    order = list(kinds)
    return (
        _VISITS.index(visits) if visits in _VISITS else 0,
        order.index(code) if code in order else len(order),
    )


class _Address(Protocol):
    kind: str
    key: str
    uprn: str
    valid_from: date | None
    valid_until: date | None


def lived_at(addresses: Iterable[_Address], on: date) -> tuple[frozenset[str], frozenset[str]]:
    """What to compare addresses by, of those that hold on a day: keys, and property reference numbers."""
    held = [one for one in addresses if holds(one, on)]
    return frozenset(one.key for one in held if one.key), frozenset(one.uprn for one in held if one.uprn)


def holds(address: _Address, on: date) -> bool:
    """Whether somebody may be met there on a day; the last day is included."""
    return (
        address.kind not in NOT_LIVED_AT
        and (address.valid_from is None or address.valid_from <= on)
        and (address.valid_until is None or address.valid_until >= on)
    )
