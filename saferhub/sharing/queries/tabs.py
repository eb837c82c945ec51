"""What stands beside matters and beside requests, each for those who may see it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from saferhub.foundation.refusals import allows
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.agreements import check_can_see_dormant
from saferhub.sharing.registries import MATTER_TABS

Tabs = list[dict[str, Any]]


def beside_matters(actor: Actor, current: str) -> Tabs:
    """Matters, what higher apps put beside them, and partners lost. Nothing where there is one alone."""
    found = []
    if actor.has(Permission.WORK_ON_MATTERS):
        found.append(_tab("Matters", "matters", current))
    for provider in MATTER_TABS:
        found += [
            {"label": one.label, "url": one.url, "current": one.section == current} for one in provider(actor)
        ]
    if allows(check_can_see_dormant, actor):
        found.append(_tab("Partners lost", "dormant", current))
    return found if len(found) > 1 else []


def beside_requests(actor: Actor, current: str) -> Tabs:
    """Requests and emergencies. Nothing where there is one alone."""
    found = []
    if actor.has(Permission.WORK_ON_MATTERS):
        found.append(_tab("Requests", "access-requests", current))
    if actor.has(Permission.WORK_ON_MATTERS) or actor.has(Permission.REVIEW_EMERGENCIES):
        found.append(_tab("Emergencies", "emergencies", current))
    return found if len(found) > 1 else []


def _tab(label: str, name: str, current: str) -> dict[str, Any]:
    return {"label": label, "url": reverse(name), "current": name == current}
