"""Buttons, and what the form templates need to know of a field, whichever package its form comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, PasswordInput
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString

from saferhub.foundation.forms.form import DJANGO_REQUIRED, required_message

from .drawing import draw, request_of

register = template.Library()


@register.simple_tag
def button(
    text: str, url: str = "", kind: str = "primary", name: str = "", value: str = "", about: str = ""
) -> SafeString:
    """A button, or with `url` a link in its looks.

    `kind`: primary (green, one a page), secondary, warning (cannot be undone), quiet. `about`: completes the text for a
    screen reader, where a row of a table has the same button as the next one.
    """
    return draw("govuk/button", text=text, url=url, kind=kind, name=name, value=value, about=about)


@register.simple_block_tag
def button_group(content: str) -> SafeString:
    """Buttons and links side by side."""
    return draw("govuk/button_group", content=content)


@register.simple_tag(takes_context=True)
def post_button(
    context: template.Context,
    text: str,
    action: str,
    kind: str = "secondary",
    name: str = "",
    value: str = "",
) -> SafeString:
    """A button that posts by itself, for an act without a form (sign out, mark as done)."""
    return draw(
        "govuk/post_button",
        text=text,
        action=action,
        kind=kind,
        name=name,
        value=value,
        token=token_of(context),
    )


@register.simple_block_tag(takes_context=True)
def post_form(
    context: template.Context, content: str, form: BaseForm | None = None, action: str = "", html_id: str = ""
) -> SafeString:
    """A posting form: token, the fields of `form`, then content (its buttons). No browser bubbles.

    `html_id`: its id, for buttons of it that stand elsewhere on the page (`{% steps … saves= %}`).
    """
    return draw(
        "govuk/post_form", form=form, action=action, content=content, token=token_of(context), html_id=html_id
    )


def token_of(context: template.Context) -> str:
    request = request_of(context)
    return str(context.get("csrf_token") or "") if request is None else get_token(request)


def _in_page_order(form: BaseForm) -> Iterable[BoundField]:
    """Visible fields as drawn: one that an option reveals follows the field of that option."""
    revealed_names: set[str] = getattr(form, "revealed_names", set())
    for field in form.visible_fields():
        if field.name in revealed_names:
            continue
        yield field
        for name in getattr(field.field, "reveals", {}).values():
            yield form[name]


@register.simple_tag
def error_summary(form: BaseForm | Sequence[BaseForm] | None, focus: bool = True) -> SafeString | str:
    """The list of a form's errors at the top of the page, each a link to its field. Drawn once a form. Several forms
    of one page, in its order, have one list.

    It takes the focus when the page opens, unless `focus=False`.
    """
    errors: list[dict[str, str]] = []
    forms: list[Any] = [*form] if isinstance(form, (list, tuple)) else [form]
    for one in forms:
        if one is None or not getattr(one, "errors", None) or getattr(one, "summary_is_drawn", False):
            continue
        one.summary_is_drawn = True
        errors += _errors_of(one)
    return draw("govuk/error_summary", errors=errors, focus=focus) if errors else ""


def _errors_of(form: BaseForm) -> list[dict[str, str]]:
    errors = [{"text": str(text), "target": ""} for text in form.non_field_errors()]
    for field in form.hidden_fields():
        errors += [{"text": str(text), "target": ""} for text in field.errors]
    for field in _in_page_order(form):
        errors += [{"text": text, "target": first_input(field)} for text in error_texts(field)]
    return errors


@register.filter
def error_texts(field: BoundField) -> list[str]:
    """A field's errors. Django's "This field is required." from a package's form becomes an instruction."""
    return [
        required_message(field.field, str(field.label)) if text == DJANGO_REQUIRED else str(text)
        for text in field.errors
    ]


@register.filter
def first_input(field: BoundField) -> str:
    """The id of the field's first input: the first option of radios, the wrong box of a date."""
    widget = field.field.widget
    wrong = getattr(widget, "wrong", ())
    if wrong:
        return f"{field.auto_id}_{wrong[0]}"
    if hasattr(widget, "option_template_name") and getattr(widget, "use_fieldset", False):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def field_parts(field: BoundField) -> dict[str, Any]:
    """What the field's template needs to know of it, whichever package the form comes from."""
    widget = field.field.widget
    if field.use_fieldset:
        kind = "group"
    elif isinstance(widget, CheckboxInput):
        kind = "confirm"
    elif isinstance(widget, PasswordInput):
        kind = "password"
    else:
        kind = "simple"
    return {
        "kind": kind,
        "role": "group" if hasattr(widget, "parts") else "",
        "size": getattr(field.field, "label_size", "")
        or ("l" if getattr(field.field, "heading", False) else ""),
        "heading": getattr(field.field, "heading", False),
        "optional": not field.field.required
        and not getattr(field.field, "is_asked", False)
        and getattr(field.form, "mark_optional", False),
        "max_characters": getattr(widget, "max_characters", 0),
    }


@register.filter
def option_kind(widget: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a group of options is radios or checkboxes, from the widget's own context."""
    options = [option for _, group, _ in widget["optgroups"] for option in group]
    several = any(option["type"] == "checkbox" for option in options)
    reveals = any(option.get("revealed") for option in options)
    return {
        "kind": "checkboxes" if several else "radios",
        "type": "checkbox" if several else "radio",
        "reveals": reveals,
    }


@register.filter
def has_key(mapping: Mapping[str, Any], key: str) -> bool:
    return key in mapping


@register.simple_tag(takes_context=True)
def cast(
    context: template.Context, people: Iterable[Any], action: str, following: str | None = None
) -> SafeString:
    """The demonstration's people, each with a sign-in button that posts `username` to `action`, and `next`: the
    page she was on her way to.

    Each person: `name`, `username`, `role`, `shows`.
    """
    return draw(
        "saferhub/cast",
        people=list(people),
        action=action,
        token=token_of(context),
        following=following or "",
    )
