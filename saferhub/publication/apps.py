from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "saferhub.publication"
    label = "publication"
    verbose_name = "Publication"
