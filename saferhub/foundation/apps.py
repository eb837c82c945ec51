from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "saferhub.foundation"
    label = "foundation"
    verbose_name = "Foundation"
