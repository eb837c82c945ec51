from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "saferhub.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from saferhub.people import (
            events,  # noqa: F401 - registers what the audit can say
            pack_sections,
            providers,
        )

        pack_sections.register()
        providers.register()
