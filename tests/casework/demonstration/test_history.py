"""The history that the command loads behind the cast's stories: once, with its truth beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saferhub.casework.demonstration import loading
from saferhub.casework.models import Case
from saferhub.foundation.models import Milestone

pytestmark = pytest.mark.django_db(transaction=True)


def _cases() -> int:
    return Case.objects.using("steward").count()


def test_a_demonstration_without_a_history_gets_one_and_only_one(
    cast: dict[str, Any], settings: Any, tmp_path: Any
) -> None:
    settings.LOCAL_DIR = tmp_path
    before = _cases()
    assert before
    call_command("demo", verbosity=0, scale=0.02, seed=3)
    made = _cases() - before
    assert made > 0 and Milestone.is_reached("demonstration_history")
    truth = json.loads((tmp_path / "demonstration_truth.json").read_text(encoding="utf-8"))
    assert sum(story["adopted"] for story in truth["stories"]) == made
    call_command("demo", verbosity=0, scale=0.02, seed=4)
    assert _cases() == before + made
    call_command("verify_audit", verbosity=0)


def test_a_world_to_measure_with_that_was_broken_off_is_begun_again(
    cast: dict[str, Any], settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    settings.LOCAL_DIR = tmp_path
    before = _cases()

    def broken(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_fill", broken)
        with pytest.raises(CommandError, match="Nothing stands half made"):
            call_command("demo", verbosity=0, cases=40, hubs=10, agencies=20)
    assert _cases() == before and not Milestone.is_reached("demonstration_history")
    call_command("demo", verbosity=0, cases=40, hubs=10, agencies=20)
    assert 20 < _cases() - before < 70
    assert Case.objects.using("steward").values("hub").distinct().count() > 5


def test_stories_only_load_no_history(cast: dict[str, Any], settings: Any, tmp_path: Any) -> None:
    settings.LOCAL_DIR = tmp_path
    before = _cases()
    call_command("demo", verbosity=0, stories_only=True)
    assert _cases() == before and list(tmp_path.iterdir()) == []
