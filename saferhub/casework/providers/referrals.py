"""What referrals give to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from django.urls import reverse

    from saferhub.casework.queries import referral_lists, referral_packs
    from saferhub.casework.registries import REFERRAL_BLOCKS
    from saferhub.foundation.registries import WORK
    from saferhub.releases.registries import DOCUMENTS
    from saferhub.sharing.registries import MatterKind, register_kind

    register_kind(
        "referral",
        MatterKind("Referral", lambda pid: reverse("referral", args=[pid]), record_route="referral-part"),
    )
    WORK.register(referral_lists.work_items, order=15)
    REFERRAL_BLOCKS.register(referral_packs.packs_block, order=30)
    DOCUMENTS.register(referral_packs.left)
