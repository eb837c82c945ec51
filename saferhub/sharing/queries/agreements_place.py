"""Where agreements stand in the main navigation."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor
from saferhub.sharing.access.agreements import check_can_read_agreements


def navigation(actor: Actor) -> Iterator[NavItem]:
    """The register, for every member of a partnership."""
    if allows(check_can_read_agreements, actor):
        yield NavItem("Agreements", reverse("agreements"), "agreements")
