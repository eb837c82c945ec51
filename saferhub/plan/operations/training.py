"""Training and awareness that was given: how many came, and what came of it. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import Training
from saferhub.plan.rules import support as rules

from .strategy import agency_of
from .support_rows import area_of, stripped, write


@dataclass(frozen=True, slots=True)
class TrainingValues:
    """What is written of a training. `area`: public_id; `agency`: code, blank for several or residents."""

    on: date
    topic: str
    area: str
    given_by: str
    audience: str
    count: int
    agency: str = ""
    asked: int | None = None
    more_confident: int | None = None
    outcome: str = ""


def values_of(training: Training) -> dict[str, object]:
    """How it stands, by field of its form."""
    plain = ("on", "topic", "given_by", "audience", "count", "asked", "more_confident", "outcome")
    return {
        **{name: getattr(training, name) for name in plain},
        "area": training.area.public_id,
        "agency": training.agency.code if training.agency else "",
    }


@transaction.atomic
def record_training(*, values: TrainingValues, by: Actor, on: date) -> Training:
    """Record a training. Whoever writes the plan records any; whoever works on matters her own agency's.

    Raises NotAllowed, and Refusal for an area or agency that is not the partnership's and for the rules of
    `training_refusals`."""
    access.check_can_record_training(by, values.agency)
    assert by.partnership is not None
    training = Training.objects.create(
        partnership=by.partnership, by=by.public_id, **_checked(by, values, on)
    )
    audit.record("plan.training_recorded", training, by=by)
    return training


@transaction.atomic
def change_training(*, training_id: str, values: TrainingValues, by: Actor, on: date, seen: int) -> Training:
    """Write it anew. Raises as `record_training`, and Conflict unless `seen` is its newest version."""
    training = access.get_for_update(by, Training, training_id, version=seen)
    access.check_can_record_training(by, training.agency.code if training.agency else "")
    access.check_can_record_training(by, values.agency)
    if write(training, _checked(by, values, on)):
        audit.record("plan.training_changed", training, by=by, version=training.version)
    return training


def _checked(by: Actor, values: TrainingValues, today: date) -> dict[str, Any]:
    refuse_if(
        rules.training_refusals(
            on=values.on,
            today=today,
            count=values.count,
            asked=values.asked,
            more_confident=values.more_confident,
        )
    )
    if not values.topic.strip():
        raise Refusal("no_topic", "Say what it was about.")
    plain = ("on", "topic", "given_by", "audience", "count", "asked", "more_confident", "outcome")
    return {
        **stripped({name: getattr(values, name) for name in plain}),
        "area": area_of(by, values.area),
        "agency": agency_of(by, values.agency),
    }
