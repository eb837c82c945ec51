"""What releases gives to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION, NAVIGATION, PAGE_WORDS
    from saferhub.releases import access, page_words
    from saferhub.releases.operations import demonstration, release
    from saferhub.releases.queries import letters
    from saferhub.sharing.access.loaders import register_loaders
    from saferhub.sharing.registries import EXPORT_CHECKS, MATTER_SECTIONS, MATTER_TABS

    register_loaders(access.LOADERS)
    NAVIGATION.register(letters.navigation, order=45)
    PAGE_WORDS.register(page_words.page_words)
    MATTER_SECTIONS.register(letters.letters_section, order=40)
    MATTER_SECTIONS.register(letters.left_section, order=50)
    MATTER_TABS.register(letters.beside_matters)
    EXPORT_CHECKS.register(release.check_list)
    DEMONSTRATION.register(demonstration.make, order=40)
