"""The strip of a record that its reader opened in an emergency: `{% emergency_strip folder %}`, first on its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from saferhub.foundation.templatetags.drawing import request_of
from saferhub.sharing.queries.emergencies import strip_for

register = template.Library()


@register.simple_tag(takes_context=True)
def emergency_strip(context: template.Context, folder: Any) -> SafeString | str:
    """What is left of the emergency on which the reader's sight rests, and the way to end it; else nothing."""
    request = request_of(context)
    strip = strip_for(request.actor, folder) if request is not None and folder else None  # type: ignore[attr-defined]
    return render_to_string("sharing/emergencies/strip.html", {"strip": strip}) if strip else ""
