"""A document as one HTML file that needs nothing else: its looks in it, no scripts, nothing from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from saferhub.publication.rules.numbering import Numbered

_STYLE = Path(settings.BASE_DIR) / "saferhub" / "assets" / "document.css"


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def draw(numbered: Numbered) -> bytes:
    """The file. Raises NotADocument as the drawings do."""
    words = render_to_string(
        "publication/alone.html",
        {"document": numbered, "style": mark_safe(_style())},  # noqa: S308 - our own style sheet
    )
    return words.encode("utf-8")
