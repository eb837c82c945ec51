"""Calls about a subject, month by month, from a model whose truth is known.

Every subject has a rate of its own (a gamma distribution). A referral comes when things are at their worst: the
months before it stand above the subject's own rate by a shock, which wears off by itself, so that demand falls
afterwards whether a hub does anything or not (regression to the mean). Being taken on lowers the rate by a fixed
share from the month after. Months are Poisson counts.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

EFFECT = 0.30
MONTHS = 6
_SHAPE, _MEAN = 1.6, 2.4
_FADES = 0.55


@dataclass(frozen=True, slots=True)
class Subject:
    """`rate`: calls a month as it usually is; `shock`: how many times as many in the month of the referral."""

    rate: float
    shock: float


def subject(chance: random.Random) -> Subject:
    return Subject(chance.gammavariate(_SHAPE, _MEAN / _SHAPE), 1 + chance.expovariate(1.1))


def matrix_score(chance: random.Random, one: Subject, most: int = 41) -> int:
    """The matrix sees both what lasts and what passes, with the error of a form."""
    seen = 9.5 + 5.2 * math.log(one.rate * one.shock + 0.6) + chance.gauss(0, 4.0)
    return max(0, min(most, round(seen)))


def month(chance: random.Random, one: Subject, since: int, adopted_since: int | None) -> int:
    """Calls in a month. `since`: months after that of the referral, below 0 before it; `adopted_since`: the first
    month after adoption, or None."""
    away = abs(since) if since < 0 else since
    expected = one.rate * (1 + (one.shock - 1) * _FADES**away)
    if adopted_since is not None and since >= adopted_since:
        expected *= 1 - EFFECT
    return poisson(chance, expected)


def poisson(chance: random.Random, mean: float) -> int:
    """A Poisson count, by Knuth's product of uniforms; for means far below a hundred."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def poisson_large(chance: random.Random, mean: float) -> int:
    """The same for any mean: in parts of at most thirty, which add up."""
    count = 0
    while mean > 30:
        count += poisson(chance, 30.0)
        mean -= 30
    return count + poisson(chance, mean)
