"""Register: no foreign key points to a higher app, and the import contract names every app.

An import checker cannot see a relation named by a string. If this fails, turn the relation round, or
keep a plain reference (`public_id`) instead of a foreign key.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def _layers() -> list[str]:
    """Lowest first, from the import contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c for c in contracts if c["type"] == "layers")["layers"]
    return list(reversed(layers))


def test_no_foreign_key_points_to_a_higher_app() -> None:
    rank = {name: place for place, name in enumerate(_layers())}
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in rank
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if rank.get(field.related_model._meta.app_label, -1) > rank[model._meta.app_label]
    ]
    assert upward == []


def test_every_installed_app_of_ours_has_a_layer() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("saferhub.")}
    assert ours == set(_layers())


def test_the_architecture_page_shows_the_layers_of_the_contract() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## Kinds of file")[0]
    table = re.findall(r"^\| `(\w+)` \|", text, flags=re.M)
    assert list(reversed(table)) == _layers()
