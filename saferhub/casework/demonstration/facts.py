"""What a planned world stands on: who works where, on what a referral rests, which agreement carries what.

Read once, through the same queries as the operations use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from saferhub.accounts.models import User
from saferhub.casework.models import Instrument, InstrumentVersion
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.queries.referral_ground import rests_on
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Agency, Hub, Partnership, Unit
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement
from saferhub.sharing.operations.interests_given import gateways_serving

from .world import Form, Staff

PURPOSES = ("reduce_asb", "prevent_crime_disorder")


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody at a place at work."""

    key: str
    user: User
    unit: Unit
    agency: Agency

    @property
    def holder(self) -> str:
        """As the owner of an action is kept."""
        return f"{self.unit.public_id}.{self.user.public_id}"


@dataclass(frozen=True, slots=True)
class Ground:
    """A gateway and an agreement."""

    gateway: str
    agreement: Agreement | None

    @property
    def code(self) -> str:
        return self.agreement.code if self.agreement else ""


@dataclass(slots=True)
class Facts:
    """`workers` by key; `grounds`: on what a worker's referral to a hub for a purpose rests; `shares`: on what a
    unit is given sight of a case."""

    partnership: Partnership
    hubs: dict[str, Hub]
    workers: dict[str, Worker]
    matrix: InstrumentVersion
    form: Definition
    day: date
    grounds: dict[tuple[str, str, str], Ground] = field(default_factory=dict)
    shares: dict[tuple[str, str], Ground] = field(default_factory=dict)

    def planned_form(self) -> Form:
        return Form({one.code: [(o.code, o.points) for o in one.options] for one in self.form.questions})


def worker(key: str, user: User, on: date) -> Worker:
    """Where somebody works on a day."""
    actor = actor_for(user, on=on)
    assert actor.unit is not None and actor.agency is not None
    return Worker(key, user, actor.unit, actor.agency)


def gather(manager: User, users: dict[str, User], staff: list[Staff], on: date) -> Facts:
    """Everything for these hubs, as the manager sees it. Raises LookupError for a place at work from which nothing
    may be shared."""
    with entered(manager):
        by = actor_for(manager, on=on)
        assert by.partnership is not None
        partnership = by.partnership
        form = Instrument.objects.get(partnership=partnership, code="asb_matrix")
        version = form.versions.filter(status="published", effective_from__lte=on).order_by("-number").first()
        assert version is not None
        hubs = {one.code: one for one in Hub.objects.filter(partnership=partnership)}
        workers = {key: worker(key, user, on) for key, user in users.items()}
        facts = Facts(partnership, hubs, workers, version, read(version), on)
        agreements = list(Agreement.objects.filter(partnership=partnership).order_by("id"))
        for key, one in workers.items():
            for purpose in PURPOSES:
                ground = _share(agreements, one, purpose, by)
                if ground is not None:
                    facts.shares[key, purpose] = ground
    for one_staff in staff:
        for key in one_staff.referrers:
            with entered(users[key]):
                actor = actor_for(users[key], on=on)
                for purpose in PURPOSES:
                    found = rests_on(actor, purpose=purpose, hub=hubs[one_staff.hub])
                    if not found:
                        raise LookupError(f"nothing carries {purpose} from {key} to {one_staff.hub}")
                    facts.grounds[key, purpose, one_staff.hub] = Ground(found[0].gateway, found[0].agreement)
        for key in {*one_staff.referrers, *one_staff.contributors}:
            missing = [purpose for purpose in PURPOSES if (key, purpose) not in facts.shares]
            if missing:
                raise LookupError(f"no agreement carries {missing[0]} to {key}")
    return facts


def _share(agreements: list[Any], one: Worker, purpose: str, by: Actor) -> Ground | None:
    for agreement in agreements:
        if agreement.parties.filter(agency=one.agency).exists() and purpose in agreement.purposes:
            serving = gateways_serving(agreement, purpose, by.on, reaching=one.agency)
            if serving:
                return Ground(serving[0], agreement)
    return None
