from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "saferhub.releases"
    label = "releases"
    verbose_name = "Releases"

    def ready(self) -> None:
        from saferhub.releases import (
            events,  # noqa: F401 - registers what the audit can say
            providers,
        )

        providers.register()
