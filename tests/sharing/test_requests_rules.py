"""What a request may rest on, how long sight may last, what is left of an emergency."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from saferhub.foundation.refusals import Refusal
from saferhub.sharing.rules.emergencies import Stage, left_words, stage_of
from saferhub.sharing.rules.requests import Offer, ground_for, latest_until, until_refusals

HUB = 7
LONG = Offer(1, "Long", ("asb",), ("duty", "power"), None, None)
SHORT = Offer(2, "Short", ("asb",), ("power",), {HUB}, date(2018, 12, 31))
OTHER = Offer(3, "Other", ("health",), ("power",), None, None)


def _ground(*offers: Offer, gateways: tuple[str, ...] = ("power", "duty"), hub: int = HUB) -> tuple[int, str]:
    found = ground_for(offers, purpose="asb", gateways=gateways, hub=hub, hub_words="Selby hub")
    return found.agreement, found.gateway


@pytest.mark.parametrize(
    ("offers", "gateways", "ground"),
    [
        ((LONG,), ("power", "duty"), (1, "power")),
        ((LONG,), ("duty",), (1, "duty")),
        ((SHORT, LONG), ("power",), (1, "power")),
        ((SHORT, OTHER), ("power",), (2, "power")),
    ],
)
def test_the_longest_agreement_that_carries_it_is_found(
    offers: tuple[Offer, ...], gateways: tuple[str, ...], ground: tuple[int, str]
) -> None:
    assert _ground(*offers, gateways=gateways) == ground


@pytest.mark.parametrize(
    ("offers", "gateways", "hub", "code"),
    [
        ((), ("power",), HUB, "no_agreement"),
        ((OTHER,), ("power",), HUB, "other_purpose"),
        ((SHORT,), ("power",), 8, "other_hub"),
        ((SHORT,), ("duty",), HUB, "other_gateway"),
    ],
)
def test_a_refusal_says_what_is_missing(
    offers: tuple[Offer, ...], gateways: tuple[str, ...], hub: int, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        _ground(*offers, gateways=gateways, hub=hub)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("today", "last_day", "asked", "latest"),
    [
        (date(2018, 8, 28), None, None, date(2018, 11, 28)),
        (date(2018, 11, 30), None, None, date(2019, 2, 28)),
        (date(2018, 8, 28), date(2018, 9, 30), None, date(2018, 9, 30)),
        (date(2018, 8, 28), date(2018, 9, 30), date(2018, 9, 3), date(2018, 9, 3)),
    ],
)
def test_sight_lasts_three_months_at_most(
    today: date, last_day: date | None, asked: date | None, latest: date
) -> None:
    assert latest_until(today, last_day, asked) == latest


@pytest.mark.parametrize(
    ("until", "codes"),
    [
        (date(2018, 8, 27), ["until_passed"]),
        (date(2018, 8, 28), []),
        (date(2018, 11, 28), []),
        (date(2018, 11, 29), ["until_too_late"]),
    ],
)
def test_the_last_day_is_within_its_bounds(until: date, codes: list[str]) -> None:
    found = until_refusals(until, today=date(2018, 8, 28), latest=date(2018, 11, 28))
    assert [refusal.code for refusal in found] == codes


NOW = datetime(2018, 8, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=4), "4 hours"),
        (timedelta(hours=1, minutes=1), "1 hour 1 minute"),
        (timedelta(minutes=40), "40 minutes"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(), ""),
        (-timedelta(hours=1), ""),
    ],
)
def test_what_is_left_is_said_in_words(left: timedelta, words: str) -> None:
    assert left_words(NOW + left, NOW) == words


@pytest.mark.parametrize(
    ("left", "justified", "stage"),
    [
        (timedelta(hours=1), None, Stage.OPEN),
        (timedelta(), None, Stage.TO_REVIEW),
        (timedelta(hours=1), True, Stage.JUSTIFIED),
        (-timedelta(hours=1), False, Stage.NOT_JUSTIFIED),
    ],
)
def test_an_emergency_stands_as_its_time_and_review_say(
    left: timedelta, justified: bool | None, stage: Stage
) -> None:
    assert stage_of(until=NOW + left, justified=justified, now=NOW) == stage
