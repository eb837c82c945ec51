"""People with passwords, made as the product makes them, and a clock that can be put forward."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from saferhub.accounts import operations
from saferhub.accounts.actors import AccountHolder
from saferhub.accounts.models import User
from saferhub.audit.models import Entry
from saferhub.foundation import clock

PASSWORD = "lampshade otter quiz"
ADMINISTRATOR = AccountHolder("ADMINISTRATOR000")


def secret_of(message: Any) -> str:
    """The secret in a mailed invitation."""
    return re.search(r"/join/([^/\s]+)/", message.body).group(1)  # type: ignore[union-attr]


@pytest.fixture
def invite(db: None, django_capture_on_commit_callbacks: Any) -> Callable[..., str]:
    """Invite somebody; returns the secret that was mailed."""

    def inviting(email: str = "jo@example.org", name: str = "Jo Field") -> str:
        with django_capture_on_commit_callbacks(execute=True):
            operations.invite(email=email, name=name, job_title="Officer", by=ADMINISTRATOR)
        return secret_of(mail.outbox[-1])

    return inviting


@pytest.fixture
def person(invite: Callable[..., str]) -> Callable[..., User]:
    """An account that took up its invitation with PASSWORD."""

    def joined(email: str = "jo@example.org", name: str = "Jo Field") -> User:
        return operations.accept_invitation(
            secret=invite(email, name), name=name, job_title="Officer", telephone="", password=PASSWORD
        )

    return joined


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """A client that signed in by email and password."""

    def sign_in(user: User, client: Client | None = None) -> Client:
        client = client or Client()
        answer = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Put real time forward."""
    shift = timedelta()
    true_now = clock.real_now

    def now() -> datetime:
        return true_now() + shift

    def put_forward(by: timedelta) -> None:
        nonlocal shift
        shift += by

    monkeypatch.setattr(clock, "real_now", now)
    return put_forward


@pytest.fixture
def entries() -> Callable[..., list[Entry]]:
    """The audit's entries of one event, refusals too."""

    def of(event: str) -> list[Entry]:
        return [
            *Entry.objects.filter(event=event).order_by("id"),
            *Entry.objects.using("refusals").filter(event=event, kind="refusal").order_by("id"),
        ]

    return of
