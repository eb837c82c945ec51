"""Who an account acts as."""

from __future__ import annotations

import pytest

from saferhub.accounts.actors import ACTOR, AccountHolder, actor_of
from saferhub.foundation.registry import Registry


def test_an_account_acts_for_itself_until_an_app_says_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saferhub.accounts.actors.ACTOR", Registry("empty"))
    assert actor_of(AccountHolder("X")) == AccountHolder("X", "", "")
    assert len(ACTOR) == 1
