"""What cases give to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from django.urls import reverse

    from saferhub.casework.operations.cases_life import lead_unit_follows
    from saferhub.casework.operations.cases_work_folder import follow_work
    from saferhub.casework.queries import cases_offered as offered
    from saferhub.casework.queries import cases_work as work
    from saferhub.casework.queries.cases import high_band
    from saferhub.casework.queries.cases_timeline import happened_in_case
    from saferhub.casework.registries import (
        BLOCKERS,
        CASE_BLOCKS,
        CASE_BUTTONS,
        CASE_TABS,
        REFERRAL_BLOCKS,
        TIMELINE,
    )
    from saferhub.foundation.registries import OPEN_WORK, WORK
    from saferhub.sharing.registries import FOLLOWERS, MatterKind, register_kind

    register_kind(
        "case", MatterKind("Case", lambda pid: reverse("case", args=[pid]), record_route="case-part")
    )
    FOLLOWERS.register(lead_unit_follows)
    FOLLOWERS.register(follow_work)
    CASE_TABS.register(offered.overview_tab, order=10)
    CASE_TABS.register(offered.people_tab, order=40)
    CASE_TABS.register(offered.access_tab, order=200)
    CASE_BUTTONS.register(offered.buttons, order=90)
    TIMELINE.register(happened_in_case)
    BLOCKERS.register(high_band)
    CASE_BLOCKS.register(offered.from_referral_block, order=5)
    REFERRAL_BLOCKS.register(offered.deciding_block, order=10)
    WORK.register(work.referral_items)
    WORK.register(work.review_items)
    OPEN_WORK.register(work.open_work)
