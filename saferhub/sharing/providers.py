"""What sharing gives to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION, NAVIGATION, OPEN_WORK, PAGE_WORDS, WORK

    from . import page_words
    from .demonstration_agreements import make_agreements
    from .demonstration_asking import make_asking
    from .demonstration_matters import make_matters
    from .operations import agreements_told  # noqa: F401 - declares the jobs that tell of agreements
    from .queries import agreements, agreements_place, dormant, emergencies, requests, requests_words
    from .queries import matters as matter_queries

    NAVIGATION.register(matter_queries.navigation, order=20)
    WORK.register(matter_queries.work_items, order=40)
    OPEN_WORK.register(matter_queries.open_work, order=40)
    DEMONSTRATION.register(make_matters, order=20)
    NAVIGATION.register(agreements_place.navigation, order=40)
    PAGE_WORDS.register(page_words.page_words)
    WORK.register(agreements.work_items, order=60)
    WORK.register(dormant.work_items, order=30)
    DEMONSTRATION.register(make_agreements, order=10)
    DEMONSTRATION.register(make_asking, order=30)
    WORK.register(requests.work_items, order=20)
    WORK.register(emergencies.work_items, order=10)
    PAGE_WORDS.register(requests_words.page_words)
    NAVIGATION.register(requests_words.navigation, order=45)
