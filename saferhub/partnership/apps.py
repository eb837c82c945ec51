from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    name = "saferhub.partnership"
    label = "partnership"
    verbose_name = "Partnership"

    def ready(self) -> None:
        from saferhub.accounts.actors import ACTOR, CONCERNED
        from saferhub.foundation.registries import CAPTION, NAVIGATION, PAGE_WORDS, SECOND_FACTOR, WORK
        from saferhub.partnership import (
            access,
            events,  # noqa: F401 - registers what the audit can say
            page_words,
        )
        from saferhub.partnership.queries import duties, places

        ACTOR.register(access.actor_for)
        CONCERNED.register(access.partnership_of)
        SECOND_FACTOR.register(access.second_factor_required)
        NAVIGATION.register(places.navigation, order=10)
        CAPTION.register(places.caption, order=10)
        PAGE_WORDS.register(page_words.page_words)
        WORK.register(duties.work_items, order=50)
