from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "saferhub.sharing"
    label = "sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:
        from saferhub.sharing import (
            events,  # noqa: F401 - registers what the audit can say
            pack_sections,
            providers,
        )

        pack_sections.register()
        providers.register()
