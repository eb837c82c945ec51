"""Measures of the demonstration: taken from the pack, with owners, and with figures of three years that others would
send in. What is counted comes from the demonstration's own records. All invented."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from saferhub.accounts.models import User
from saferhub.casework.operations.demonstration_words import Telling
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.plan.models import Area, Measure, Observation
from saferhub.plan.queries.counted import version_on
from saferhub.plan.rules.periods import Period, last_ended

from .commentary import say_commentary
from .counting import count_partnership
from .figures import enter_figure
from .measures import change_keeping, keeping_values
from .measures_pack import take_measures_from_pack
from .strategy_pack import begin_from_pack

_NY = "north_yorkshire"
# The days on which the newest figures came in, and all the others.
_NEWEST_CAME, _FIRST_DAYS = 40, 140
INVENTED = "Invented for the demonstration; nothing of the kind was received"
OWNERS = {"Partnership manager": "maya.manager", "Partnership analyst": "ana.analyst"}
# By code of the measure: twelve quarters, the newest last; of a share its numerator and denominator; None: not sent in.
_Number = int | tuple[int, int] | None
FIGURES: dict[str, tuple[_Number, ...]] = {
    "abuse_reports": (2310, 2275, 2342, 2401, 2366, 2297, 2358, 2420, 2389, 2333, 2411, 2437),
    "marac_repeat": (
        (31, 118), (28, 121), (34, 126), (30, 119), (33, 131), (29, 122),
        (35, 128), (32, 127), (36, 133), (34, 129), (31, 125), (35, 134),
    ),
    "exploitation_referrals": (6, 5, 8, 4, 7, 9, 6, 8, None, 11, 9, 12),
    # From summer 2017 there were more places to report at.
    "hate_reports": (61, 58, 66, 63, 57, 64, 60, 62, 79, 84, 88, 93),
}  # fmt: skip
_SAID = (
    "hate_reports",
    "More people report since centres opened in four towns in summer 2017. The working group asks those who came how"
    " they heard of them, so that we learn whether it is confidence.",
)


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Take the measures on, name owners, and enter what is not counted here."""
    say("measures")
    telling = Telling(people)
    for username in ("maya.manager", "olivia.outsider"):
        with telling.acting(username) as by:
            assert by.partnership is not None
            if not Area.objects.filter(partnership=by.partnership).exists():
                begin_from_pack(partnership=by.partnership, by=by, on=by.on)
            take_measures_from_pack(partnership=by.partnership, by=by, on=by.on)
            _name_owners(by, people)
    for back in (_FIRST_DAYS, _NEWEST_CAME):
        with telling.acting("ana.analyst", back) as by:
            for code, numbers in FIGURES.items():
                _enter(by, code, numbers, telling)
    with telling.acting("ana.analyst", _NEWEST_CAME) as by:
        code, words = _SAID
        measure = Measure.objects.filter(partnership=by.partnership, code=code).first()
        quarter = _quarters(telling)[-1]
        if measure is not None and quarter.last < by.on:
            say_commentary(measure_id=measure.public_id, quarter=quarter.first, words=words, by=by, on=by.on)


def count_history(people: dict[str, User], size: Any, say: Callable[[str], None]) -> bool:
    """Count what the history holds, once. A world that is only to measure with counts when it is asked to."""
    partnership = Partnership.objects.get(code=_NY)
    counted = Observation.objects.filter(partnership=partnership, by="")
    if size.cases or counted.exists():
        return False
    say("counting measures")
    found = count_partnership.func(partnership=partnership.code)
    say(f"{found['new']} figures")
    return True


def _quarters(telling: Telling) -> list[Period]:
    return last_ended("quarter", telling.today, len(FIGURES["hate_reports"]))


def _enter(by: Actor, code: str, numbers: tuple[_Number, ...], telling: Telling) -> None:
    """Every figure of the measure whose time was over on the actor's day and that nobody has entered yet."""
    measure = Measure.objects.filter(partnership=by.partnership, code=code).first()
    if measure is None or version_on(measure.versions.all(), by.on).counted_by:
        return
    had = set(measure.observations.values_list("first_day", flat=True))
    for period, number in zip(_quarters(telling), numbers, strict=True):
        if period.first in had or period.last >= by.on:
            continue
        given = _given(number)
        enter_figure(
            measure_id=measure.public_id, first_day=period.first, evidence=INVENTED, by=by, on=by.on, **given
        )


def _given(number: _Number) -> dict[str, Any]:
    if number is None:
        return {"missing_why": "The return for this quarter did not come in."}
    if isinstance(number, tuple):
        return {"numerator": Decimal(number[0]), "denominator": Decimal(number[1])}
    return {"numerator": Decimal(number)}


def _name_owners(by: Actor, people: dict[str, User]) -> None:
    for measure in Measure.objects.filter(partnership=by.partnership, owner__isnull=True).select_related(
        "owner_agency", "area", "objective"
    ):
        username = OWNERS.get(measure.owner_post, "")
        if username not in people or by.partnership_code != _NY:
            continue
        given: Any = {**keeping_values(measure), "owner": people[username].public_id}
        change_keeping(measure_id=measure.public_id, by=by, on=by.on, seen=measure.version, **given)
