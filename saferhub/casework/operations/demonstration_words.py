"""What the stories of the demonstration have in common: filing a referral, adopting it, scoring it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

from saferhub.accounts.models import User
from saferhub.casework.models import Assessment, Case, Instrument, InstrumentVersion, Referral, Source
from saferhub.casework.queries.referral_ground import rests_on
from saferhub.foundation import clock
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement
from saferhub.sharing.operations.interests_given import gateways_serving

from .cases_deciding import adopt
from .opening import Share
from .referrals_filed import PersonValues, ReferralValues, file_referral
from .scoring import Scoring, score_case, score_referral

# Before it there are no agreements and nobody has a role.
_SINCE = date(2018, 4, 2)


class Telling:
    """The cast, and the days on which they act."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.today = clock.today()

    def day(self, back: int) -> date:
        """So many days ago, moved to a working day; never before the partnership's agreements."""
        day = self.today - timedelta(days=back)
        while back and day.weekday() > 4:
            day -= timedelta(days=1)
        return max(day, _SINCE)

    @contextmanager
    def acting(self, username: str, back: int = 0, at: time | None = None) -> Iterator[Actor]:
        """One of the cast on a day so many days ago, `at` a time of it: her clock stands there, and so does what she
        may do."""
        user, day = self.people[username], self.day(back)
        with clock.on_day(day, at), entered(user):
            yield actor_for(user, on=day)


def hub_of(by: Actor, code: str) -> Hub:
    return Hub.objects.get(partnership=by.partnership, code=code)


def refer(
    telling: Telling,
    username: str,
    back: int,
    *,
    hub: str = "selby",
    people: Sequence[PersonValues] = (),
    purpose: str = "reduce_asb",
    **values: Any,
) -> str:
    """A referral that is sent on that day; its matter's public_id."""
    with telling.acting(username, back) as by:
        to_hub = hub_of(by, hub)
        ground = rests_on(by, purpose=purpose, hub=to_hub)[0]
        given = {"children": "no", "told": "yes", "wishes": "Not asked yet: nobody has been harmed directly."}
        referral = file_referral(
            values=ReferralValues(
                to_hub=to_hub,
                purpose=purpose,
                gateway=ground.gateway,
                agreement=ground.agreement,
                **{**given, **values},
            ),
            people=people,
            by=by,
            on=by.on,
            source=Source.PAGE,
            tells=False,
        )
        return referral.matter.public_id


def matrix(by: Actor) -> InstrumentVersion:
    """The version of the partnership's matrix that is in use on the actor's day."""
    form = Instrument.objects.get(partnership=by.partnership, code="asb_matrix")
    version = form.versions.filter(status="published", effective_from__lte=by.on).order_by("-number").first()
    assert version is not None
    return version


def answers(version: InstrumentVersion, **given: str) -> dict[str, str]:
    """Every question answered: as given, the rest with the answer that adds nothing."""
    found = {}
    for question in version.definition["questions"]:
        least = min(question["options"], key=lambda option: option["points"])
        found[question["code"]] = given.get(question["code"], least["code"])
    return found


def score(
    telling: Telling, back: int, *, referral: str = "", case: str = "", judged: str = "", why: str = "",
    note: str = "", username: str = "colin.coordinator", **given: str,
) -> Assessment:  # fmt: skip
    """A score by the matrix on that day."""
    with telling.acting(username, back) as by:
        version = matrix(by)
        scoring = Scoring(answers=answers(version, **given), judged=judged, judged_why=why, note=note)
        if referral:
            return score_referral(
                referral_id=referral, version_id=version.public_id, given=scoring, by=by, on=by.on
            )
        return score_case(case_id=case, version_id=version.public_id, given=scoring, by=by, on=by.on)


def share(telling: Telling, by: Actor, username: str, purpose: str, reason: str) -> Share:
    """Sight for the unit of one of the cast, under the first agreement that carries the purpose."""
    unit: Unit | None = actor_for(telling.people[username], on=by.on).unit
    assert unit is not None
    for agreement in Agreement.objects.filter(partnership=by.partnership).order_by("id"):
        if agreement.parties.filter(agency=unit.agency).exists() and purpose in agreement.purposes:
            serving = gateways_serving(agreement, purpose, by.on, reaching=unit.agency)
            if serving:
                return Share(unit=unit, agreement=agreement, gateway=serving[0], reason=reason)
    raise AssertionError(f"no agreement carries {purpose} to {unit}")


def take_on(
    telling: Telling, back: int, referral: str, *, title: str, why: str, wanted: str, grounds: Sequence[str],
    lead: str, shares: Sequence[tuple[str, str]], reason: str, told: str, restricted: bool = False,
    username: str = "colin.coordinator",
) -> Case:  # fmt: skip
    """The referral as a case. `lead`: who leads it; `shares`: whose units see it, and why."""
    with telling.acting(username, back) as by:
        purpose = Referral.objects.get(matter__public_id=referral).matter.purpose
        lead_unit = actor_for(telling.people[lead], on=by.on).unit
        assert lead_unit is not None
        return adopt(
            referral_id=referral,
            title=title,
            why=why,
            wanted=wanted,
            grounds=grounds,
            declared=True,
            lead_unit=lead_unit,
            lead=telling.people[lead],
            shares=[share(telling, by, who, purpose, because) for who, because in shares],
            restricted=restricted,
            reason=reason,
            told=told,
            by=by,
            on=by.on,
        )
