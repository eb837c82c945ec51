"""Draws forms, fields and widgets from `templates/forms/`, whichever package the form comes from."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

# Django's own widget templates know nothing of GOV.UK classes; each is replaced by ours.
_OWN_WIDGETS = {
    "text": "input",
    "email": "input",
    "number": "input",
    "url": "input",
    "tel": "input",
    "search": "input",
    "date": "input",
    "datetime": "input",
    "time": "input",
    "color": "input",
    "input": "input",
    "password": "password",
    "textarea": "textarea",
    "select": "select",
    "radio": "options",
    "checkbox_select": "options",
    "checkbox": "checkbox",
    "file": "file",
    "clearable_file_input": "file",
    "hidden": "hidden",
}
_DJANGO_WIDGETS = "django/forms/widgets/"


class Renderer(TemplatesSetting):
    """The project's `FORM_RENDERER`."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith(_DJANGO_WIDGETS):
            kind = template_name.removeprefix(_DJANGO_WIDGETS).removesuffix(".html")
            if kind in _OWN_WIDGETS:
                template_name = f"forms/widgets/{_OWN_WIDGETS[kind]}.html"
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return DjangoTemplates().get_template(template_name)
