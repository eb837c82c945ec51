from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "saferhub.meetings"
    label = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from saferhub.meetings import (
            events,  # noqa: F401 - registers what the audit can say
            pack_sections,
            providers,
        )

        pack_sections.register()
        providers.register()
