"""Whom the partnership asked, what they said, what changed, and who was not reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import Consultation, ConsultationKind, ConsultedGroup
from saferhub.plan.rules import support as rules

from .support_rows import stripped, write


@dataclass(frozen=True, slots=True)
class ConsultationValues:
    """What is written of a consultation."""

    kind: str
    title: str
    first_day: date
    last_day: date
    said: str = ""
    changed: str = ""
    made_known: str = ""
    senior_posts: str = ""


_FIELDS = ("kind", "title", "first_day", "last_day", "said", "changed", "made_known", "senior_posts")


def values_of(consultation: Consultation) -> dict[str, object]:
    """How it stands, by field of its form."""
    return {name: getattr(consultation, name) for name in _FIELDS}


def group_values(group: ConsultedGroup) -> dict[str, object]:
    """How a group stands, by field of its form."""
    return {"name": group.name, "reached": group.reached, "gap": group.gap}


@transaction.atomic
def record_consultation(*, values: ConsultationValues, by: Actor, on: date) -> Consultation:
    """A consultation that is planned, runs or was held. Raises NotAllowed unless the actor writes the plan; Refusal for
    a kind that there is not, and for the rules of `consultation_refusals`."""
    access.check_can_keep_plan(by)
    assert by.partnership is not None
    consultation = Consultation.objects.create(
        partnership=by.partnership, by=by.public_id, **_checked(values, on)
    )
    audit.record("plan.consultation_recorded", consultation, by=by)
    return consultation


@transaction.atomic
def change_consultation(
    *, consultation_id: str, values: ConsultationValues, by: Actor, on: date, seen: int
) -> Consultation:
    """Write it anew. Raises as `record_consultation`, and Conflict unless `seen` is its newest version."""
    access.check_can_keep_plan(by)
    consultation = access.get_for_update(by, Consultation, consultation_id, version=seen)
    if write(consultation, _checked(values, on)):
        audit.record("plan.consultation_changed", consultation, by=by, version=consultation.version)
    return consultation


@transaction.atomic
def add_group(
    *, consultation_id: str, name: str, reached: int | None, gap: str, by: Actor, on: date
) -> ConsultedGroup:
    """A group that was to be reached: how many of it were, or who was not and why. Raises NotAllowed, and Refusal for
    the rules of `group_refusals`."""
    access.check_can_keep_plan(by)
    consultation = access.get_for_update(by, Consultation, consultation_id, version=None)
    _check_groups(consultation, (name.strip(), reached, gap.strip()))
    group = ConsultedGroup.objects.create(
        partnership_id=consultation.partnership_id, consultation=consultation, name=name.strip(), reached=reached,
        gap=gap.strip(),
    )  # fmt: skip
    audit.record("plan.group_added", group, by=by, consultation=consultation.public_id)
    return group


@transaction.atomic
def change_group(
    *, group_id: str, name: str, reached: int | None, gap: str, by: Actor, on: date, seen: int
) -> ConsultedGroup:
    """Write a group anew. Raises as `add_group`, and Conflict unless `seen` is its newest version."""
    access.check_can_keep_plan(by)
    group = access.get_for_update(by, ConsultedGroup, group_id, version=seen)
    _check_groups(group.consultation, (name.strip(), reached, gap.strip()), but=group)
    if write(group, {"name": name.strip(), "reached": reached, "gap": gap.strip()}):
        audit.record("plan.group_changed", group, by=by, version=group.version)
    return group


@transaction.atomic
def remove_group(*, group_id: str, by: Actor, on: date, seen: int) -> Consultation:
    """Take a group out that was entered by mistake. Returns its consultation. Raises NotAllowed, and Conflict unless
    `seen` is its newest version."""
    access.check_can_keep_plan(by)
    group = access.get_for_update(by, ConsultedGroup, group_id, version=seen)
    consultation = group.consultation
    audit.record("plan.group_removed", group, by=by, consultation=consultation.public_id)
    group.delete()
    return consultation


def _check_groups(
    consultation: Consultation, fresh: tuple[str, int | None, str], *, but: ConsultedGroup | None = None
) -> None:
    others = consultation.groups.exclude(pk=but.pk) if but is not None else consultation.groups.all()
    names = [(name, None, "") for name in others.values_list("name", flat=True)]
    refuse_if(rules.group_refusals([*names, fresh]))


def _checked(values: ConsultationValues, today: date) -> dict[str, Any]:
    if values.kind not in ConsultationKind.values:
        raise Refusal("no_kind", "Choose what kind of consultation it is.")
    refuse_if(
        rules.consultation_refusals(
            first=values.first_day,
            last=values.last_day,
            today=today,
            said=values.said,
            changed=values.changed,
        )
    )
    return stripped({name: getattr(values, name) for name in _FIELDS})
