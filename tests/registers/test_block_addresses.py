"""What one block of a template sets, another does not have: a link there would lead to the page that it stands on."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "saferhub" / "templates"
_BLOCK = re.compile(r"\{% block (\w+) %\}")
_MADE = re.compile(r"\{% url [^%]* as (\w+) %\}")


def _borrowed(text: str) -> list[str]:
    """Addresses that a block uses and only another block made."""
    pieces = _BLOCK.split(text)
    blocks = list(zip(pieces[1::2], pieces[2::2], strict=True))
    made = {name: set(_MADE.findall(body)) for name, body in blocks}
    found = []
    for name, body in blocks:
        for variable in sorted(set().union(*made.values()) - made[name]):
            if re.search(rf"(\{{%[^%]*|\{{\{{[^}}]*)\b{variable}\b", body):
                found.append(f"{variable} in {name}")
    return found


def test_what_is_looked_for_is_found() -> None:
    page = "{% block heading %}{% url 'a' as a_url %}{% endblock %}{% block main %}{{ a_url }}{% endblock %}"
    assert _borrowed(page) == ["a_url in main"]
    assert _borrowed(page.replace("{{ a_url }}", "{% url 'a' as a_url %}{{ a_url }}")) == []


def test_no_block_uses_an_address_that_only_another_made() -> None:
    wrong = {
        str(path.relative_to(TEMPLATES)): found
        for path in sorted(TEMPLATES.rglob("*.html"))
        if (found := _borrowed(path.read_text(encoding="utf-8")))
    }
    assert wrong == {}
