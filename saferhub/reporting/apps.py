from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "saferhub.reporting"
    label = "reporting"
    verbose_name = "Reporting"

    def ready(self) -> None:
        from saferhub.reporting import (
            events,  # noqa: F401 - registers what the audit can say
            pack_sections,
            providers,
        )

        pack_sections.register()
        providers.register()
