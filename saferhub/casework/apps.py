from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "saferhub.casework"
    label = "casework"
    verbose_name = "Casework"

    def ready(self) -> None:
        from saferhub.casework import (
            events,  # noqa: F401 - registers what the audit can say
            pack_sections,
            providers,
        )

        pack_sections.register()
        providers.register()
