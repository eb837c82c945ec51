"""Whether an agreement fits a matter: whose it is, which hub has it, which gateway serves which purpose."""

from __future__ import annotations

from collections.abc import Collection

from saferhub.foundation.refusals import Refusal

# The kind of revision that keeps, in the matter's folder, why an interest was given.
REASON_KIND = "sharing.interest"


def covers_hub(*, every_hub: bool, hubs: Collection[int], hub: int | None) -> bool:
    """Whether an agreement reaches what this hub has; a matter without a hub needs none."""
    return hub is None or every_hub or hub in hubs


def fit_refusals(
    *,
    title: str,
    covers: bool,
    hub: str,
    owner_is_party: bool,
    owner: str,
    gateway: str,
    gateways_of_purpose: Collection[str],
) -> list[Refusal]:
    """Why sight of a matter cannot rest on this agreement and gateway."""
    if not covers:
        return [Refusal("hub_not_covered", f"“{title}” does not cover {hub}.")]
    if not owner_is_party:
        return [Refusal("owner_no_party", f"{owner} has not signed “{title}”, so it cannot share under it.")]
    if gateway not in gateways_of_purpose:
        return [Refusal("gateway_not_for_purpose", "This legal gateway does not serve that purpose.")]
    return []
