"""The demonstration: made once, whole or not at all, the same for the same seed, and never beside live data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from saferhub.accounts.cast import CAST
from saferhub.accounts.models import User
from saferhub.foundation.models import ClockOffset, Milestone
from saferhub.partnership.models import Membership, Partnership
from saferhub.partnership.operations import demonstration

pytestmark = pytest.mark.django_db(transaction=True)


def _make(**options: Any) -> None:
    options.setdefault("stories_only", True)
    call_command("demo", verbosity=0, **options)


def test_every_one_of_the_cast_has_a_part(cast: dict[str, Any]) -> None:
    assert set(demonstration.PARTS) == {member.username for member in CAST} == set(cast)
    for username, part in demonstration.PARTS.items():
        held = Membership.objects.get(user=cast[username])
        assert (held.partnership.code, held.role, held.unit.code) == (
            part.partnership,
            part.role.code,
            part.unit,
        )
    assert {m.hub.code for m in Membership.objects.exclude(hub=None)} == {"selby"}


def test_making_it_twice_changes_nothing(world: None) -> None:
    before = User.objects.count(), Membership.objects.count()
    _make()
    assert (User.objects.count(), Membership.objects.count()) == before


def _extra() -> list[tuple[str, str]]:
    rows = Membership.objects.filter(user__username__regex=r"\.\d+$").order_by("id")
    return list(rows.values_list("user__username", "unit__code"))


def test_a_larger_scale_brings_more_people(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[Any] = []
    monkeypatch.setattr(
        demonstration, "DEMONSTRATION_HISTORY", [lambda people, size, say: bool(sizes.append(size))]
    )
    _make(scale=1.5, seed=7, as_of=date(2018, 9, 11), stories_only=False)
    assert len(_extra()) == 20
    assert [(size.scale, size.seed) for size in sizes] == [(1.5, 7)]
    assert "ready" in capsys.readouterr().out


def test_the_same_seed_draws_the_same_people_and_another_draws_others(world: None) -> None:
    drawn = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            demonstration._colleagues(6, seed)
            drawn.append(_extra())
            transaction.set_rollback(True)
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_failure_in_the_middle_leaves_nothing_and_the_next_try_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(demonstration, "_history", lambda manager: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            _make()
    assert not User.objects.exists() and not Partnership.objects.exists() and not Milestone.objects.exists()
    _make()
    assert Milestone.objects.filter(name="demonstration").exists()


def test_it_is_refused_beside_accounts_that_are_there() -> None:
    User.objects.create(email="real@example.org", username="real", name="Real")
    with pytest.raises(CommandError, match="already holds accounts"):
        _make()
    assert not Partnership.objects.exists() and not ClockOffset.objects.exists()


def test_it_is_refused_outside_demonstration_mode() -> None:
    with (
        override_settings(DEMONSTRATION=False),
        pytest.raises(CommandError, match="SAFERHUB_DEMONSTRATION=1"),
    ):
        _make()
    assert not User.objects.exists()


def test_the_cast_is_listed_in_the_order_of_the_sign_in_page(capsys: Any) -> None:
    call_command("demo", cast=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [member.username for member in CAST]
