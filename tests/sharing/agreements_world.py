"""A small world for tests of agreements: matters of the Selby hub, shared under the demonstration's agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.foundation import clock
from saferhub.partnership.access import actor_for
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Because, Folder, Matter
from saferhub.sharing.operations.folders import give_interest, open_folder

CAST = (
    "rachel.referrer", "colin.coordinator", "maya.manager", "chris.chair", "priya.partner",
    "victor.voluntary", "mina.minutes", "nadia.neighbour", "fergus.former", "olivia.outsider",
    "ian.governance", "ana.analyst", "ada.admin",
)  # fmt: skip
NY = ("hubs_2018", "mental_health_2018", "victim_support_2018")


def agreement(code: str) -> Agreement:
    return Agreement.objects.get(code=code)


def ian(cast: dict[str, Any]) -> Any:
    return actor_for(cast["ian.governance"])


def unit(agency: str, code: str = "whole") -> Unit:
    return Unit.objects.get(agency__partnership__code="north_yorkshire", agency__code=agency, code=code)


def make_matter(maker: Any, number: int, *, hub: str = "selby") -> Matter:
    """One matter of the maker's unit in a hub; call it inside `entered(maker)`."""
    actor = actor_for(maker)
    where = Hub.objects.get(partnership=actor.partnership, code=hub)
    folder = open_folder(kind="matter", by=actor, hub=where)
    return Matter.objects.create(
        partnership=folder.partnership,
        folder=folder,
        hub=folder.hub,
        unit=folder.unit,
        reference=f"TST-{number:04d}-AA",
        title=f"Invented matter {number}",
        purpose="reduce_asb",
        opened_on=clock.today(),
        opened_by=maker.public_id,
    )


def share(folder: Folder, code: str, agency: str, *, unit_code: str = "whole", by: Any, **more: Any) -> Any:
    gateway = agreement(code).gateways[0]
    given = {"purpose": "reduce_asb", "gateway": gateway, "because": Because.CONTRIBUTES} | more
    return give_interest(
        folder=folder, by=actor_for(by), agreement=agreement(code), unit=unit(agency, unit_code), **given
    )


def make(cast: dict[str, Any]) -> list[Matter]:
    """Four matters: one shared under each agreement, and one shared with Priya's agency under two."""
    colin = cast["colin.coordinator"]
    with entered(colin):
        matters = [make_matter(colin, number) for number in range(1, 5)]
        hub, mental, victim, twice = matters
        share(hub.folder, "hubs_2018", "north_yorkshire_fire_and_rescue", by=colin)
        share(mental.folder, "mental_health_2018", "mental_health_provider", by=colin)
        share(
            victim.folder, "victim_support_2018", "victim_support_service", unit_code="caseworkers", by=colin
        )
        share(twice.folder, "mental_health_2018", "mental_health_provider", by=colin)
        share(twice.folder, "hubs_2018", "mental_health_provider", by=colin)
    return matters


def seen_by(cast: dict[str, Any], username: str) -> tuple[set[int], set[int]]:
    """The folders one of the cast sees: by the loaders in Python, and by the database, unfiltered."""
    from saferhub.sharing.access import folders_readable_by

    user = cast[username]
    with entered(user):
        return (
            set(folders_readable_by(actor_for(user)).values_list("pk", flat=True)),
            set(Folder.objects.values_list("pk", flat=True)),
        )


TODAY = date(2018, 8, 28)
