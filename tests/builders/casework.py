"""A case at Selby as its co-ordinator opens it: led by Rachel's unit, with Priya's and Victor's contributing."""

from __future__ import annotations

from typing import Any

from saferhub.casework.models import Case
from saferhub.casework.operations.opening import Share, open_case
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement

WHY = "Three agencies have tried alone since May; the neighbour is frightened."


def actor(cast: dict[str, Any], username: str) -> Actor:
    """The actor that this member of the cast is today."""
    return actor_for(cast[username])


def unit_of(cast: dict[str, Any], username: str) -> Unit:
    found = actor(cast, username).unit
    assert found is not None
    return found


def share_with(cast: dict[str, Any], username: str, agreement: str, gateway: str) -> Share:
    return Share(
        unit=unit_of(cast, username),
        agreement=Agreement.objects.get(code=agreement),
        gateway=gateway,
        reason="They work with one of the people in it.",
    )


def a_case(
    cast: dict[str, Any],
    *,
    title: str = "Shouting in the stairwell",
    purpose: str = "reduce_asb",
    subject_kind: str = "individual",
    **more: Any,
) -> Case:
    """A case that Rachel's unit leads and Colin's hub runs. Victor's unit contributes; Priya's does where the
    purpose is one of the mental health agreement's."""
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        more.setdefault("lead_unit", unit_of(cast, "rachel.referrer"))
        more.setdefault(
            "shares",
            [
                share_with(cast, "rachel.referrer", "hubs_2018", "crime_and_disorder"),
                share_with(cast, "priya.partner", "hubs_2018", "crime_and_disorder"),
                share_with(cast, "victor.voluntary", "victim_support_2018", "victims_services"),
            ],
        )
        return open_case(
            title=title,
            purpose=purpose,
            subject_kind=subject_kind,
            why=WHY,
            hub=Hub.objects.get(code="selby", partnership=colin.partnership),
            by=colin,
            on=colin.on,
            **more,
        )
