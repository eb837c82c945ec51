"""Two invitations at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from saferhub.accounts import operations
from saferhub.accounts.models import Invitation, User
from tests.accounts.conftest import ADMINISTRATOR

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_same_moment(*acts: Callable[[], object]) -> None:
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            together.wait(timeout=10)
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def invite(email: str) -> Callable[[], object]:
    return lambda: operations.invite(email=email, name="Jo Field", job_title="", by=ADMINISTRATOR)


def test_namesakes_invited_at_once_get_handles_of_their_own() -> None:
    at_the_same_moment(*(invite(f"jo{number}@example.org") for number in range(4)))
    handles = set(User.objects.values_list("username", flat=True))
    assert handles == {"jo.field", "jo.field2", "jo.field3", "jo.field4"}


def test_one_address_invited_twice_at_once_has_one_account_and_one_open_link() -> None:
    at_the_same_moment(*(invite("jo@example.org") for _ in range(3)))
    assert User.objects.count() == 1
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1
    assert Invitation.objects.count() == 3
