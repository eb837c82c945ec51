"""Register: statuses have moves, owners and a published diagram; who-and-when pairs have a constraint.

If this fails: declare a `Lifecycle` beside the enum, then run `./dev manage reference`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from saferhub.foundation.refusals import Refusal
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.reference import PAGES

ROOT = Path(__file__).resolve().parents[2]


def _ours() -> list[Lifecycle]:
    return [table for table in Lifecycle.every if table.statuses.__module__.startswith("saferhub.")]


def test_every_status_field_has_a_table_of_moves() -> None:
    tabled = {frozenset(s.value for s in table.statuses) for table in _ours()}
    missing = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("saferhub.")
        for field in model._meta.fields
        if field.name == "status" and frozenset(value for value, _ in field.choices or ()) not in tabled
    ]
    assert missing == []


@pytest.mark.parametrize("table", _ours(), ids=lambda table: table.statuses.__module__)
def test_only_the_moves_of_the_table_are_allowed(table: Lifecycle) -> None:
    for current in table.statuses:
        for target in table.statuses:
            if target in table.transitions[current]:
                table.check(current, target)
            else:
                with pytest.raises(Refusal, match="cannot become"):
                    table.check(current, target)


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_pages_are_up_to_date(name: str) -> None:
    path = ROOT / "docs" / "reference" / name
    assert path.read_text(encoding="utf-8") == PAGES[name](), "run ./dev manage reference"
