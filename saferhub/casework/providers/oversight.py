"""What oversight gives to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.queries import oversight_home as home
    from saferhub.casework.queries import oversight_tabs as tabs
    from saferhub.casework.queries.oversight_found import facts
    from saferhub.casework.queries.words import found
    from saferhub.foundation.registries import NAVIGATION, WORK_ASIDE, WORK_BUTTONS
    from saferhub.sharing.registries import MATTER_FACTS, WRITTEN

    NAVIGATION.register(tabs.navigation, order=15)
    WORK_ASIDE.register(home.waiting_for_others, order=20)
    WORK_ASIDE.register(home.hubs_now, order=30)
    WORK_BUTTONS.register(home.buttons, order=10)
    MATTER_FACTS.register(facts)
    WRITTEN.register(found)
