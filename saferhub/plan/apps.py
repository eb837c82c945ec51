from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "saferhub.plan"
    label = "plan"
    verbose_name = "Plan"

    def ready(self) -> None:
        from saferhub.plan import (
            events,  # noqa: F401 - registers what the audit can say
            pack_sections,
            providers,
        )

        pack_sections.register()
        providers.register()
