"""Web and worker serve only as the application's role, and only where flag and database agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client, override_settings

from saferhub.accounts.models import User
from saferhub.foundation import guard
from saferhub.foundation.middleware import RightDatabase


@pytest.fixture(autouse=True)
def _ask_again() -> Iterator[None]:
    RightDatabase.settled = False
    yield
    RightDatabase.settled = True


@pytest.mark.django_db
def test_the_applications_role_may_serve() -> None:
    assert guard.problem() == ""
    assert Client().get("/health").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["owner", "backup"])
def test_another_role_serves_nothing_not_even_health(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "saferhub_app" in guard.problem(role)
    monkeypatch.setattr(guard, "problem", lambda: "wrong role")
    for address in ("/health", "/sign-in/", "/"):
        assert Client().get(address).status_code == 503
    with pytest.raises(CommandError, match="wrong role"):
        call_command("worker")


@pytest.mark.django_db
def test_a_demonstrations_database_is_not_served_without_the_flag(world: None) -> None:
    assert guard.problem() == ""
    with override_settings(DEMONSTRATION=False):
        assert "holds a demonstration" in guard.problem()
        assert Client().get("/sign-in/").status_code == 503


@pytest.mark.django_db
def test_the_flag_on_a_database_with_real_accounts_is_refused() -> None:
    User.objects.create(email="real@example.org", username="chris.chair", name="Real Person")
    assert "Anybody could sign in" in guard.problem()
    assert Client().post("/demo/sign-in", {"username": "chris.chair"}).status_code == 503
    with override_settings(DEMONSTRATION=False):
        assert guard.problem() == ""


@pytest.mark.django_db
def test_while_the_database_does_not_answer_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "problem", lambda: (_ for _ in ()).throw(OperationalError()))
    assert Client().get("/health").status_code == 503
    assert RightDatabase.settled is False
    monkeypatch.undo()
    assert Client().get("/health").status_code == 200
