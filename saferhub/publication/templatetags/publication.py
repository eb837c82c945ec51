"""Documents in pages."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from saferhub.foundation.templatetags.drawing import draw
from saferhub.publication.drawing import html
from saferhub.publication.rules.numbering import Numbered

register = template.Library()


@register.simple_tag
def document_contents(numbered: Numbered) -> SafeString:
    """The contents of a numbered document, for the side of the page."""
    return html.contents(numbered)


@register.simple_tag
def document_text(numbered: Numbered, compare_url: str = "") -> SafeString:
    """A numbered document, its title as the page's heading."""
    return html.document(numbered, compare_url=compare_url)


@register.simple_tag
def take_away(files: Iterable[tuple[str, str]]) -> SafeString:
    """Where a document's files are to be had: addresses with their words."""
    return draw("publication/take_away", files=files)
