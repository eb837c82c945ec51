"""What people gives to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION, NAVIGATION, PAGE_WORDS, SEARCH
    from saferhub.people import access, page_words
    from saferhub.people.operations import demonstration
    from saferhub.people.queries import going_along, search, search_place, sections
    from saferhub.sharing.access.loaders import register_loaders
    from saferhub.sharing.queries.requests import CANDIDATES
    from saferhub.sharing.registries import GOING_ALONG, MATTER_SECTIONS

    register_loaders(access.LOADERS)
    NAVIGATION.register(sections.navigation, order=30)
    PAGE_WORDS.register(page_words.page_words)
    MATTER_SECTIONS.register(sections.persons_section, order=10)
    GOING_ALONG.register(going_along.going_along)
    MATTER_SECTIONS.register(sections.places_section, order=20)
    DEMONSTRATION.register(demonstration.make, order=25)
    SEARCH.register(search_place.search_url)
    PAGE_WORDS.register(search_place.page_words)
    CANDIDATES.register(search.candidates)
