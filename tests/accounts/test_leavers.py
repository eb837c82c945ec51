"""People who leave, and who come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from saferhub.accounts import operations
from saferhub.accounts.actors import AccountHolder
from saferhub.accounts.holding import Written
from saferhub.accounts.models import HeldForm, Status, User
from saferhub.foundation.refusals import Refusal
from tests.accounts.conftest import ADMINISTRATOR, PASSWORD

pytestmark = pytest.mark.django_db

DAY = date(2018, 9, 11)
Person = Callable[..., User]


def test_access_ends_at_once_on_every_browser_and_for_good(
    person: Person, signed_in: Callable[..., Client], entries: Callable[[str], list[Any]]
) -> None:
    user = person()
    operations.hold(user, written=Written(path="/x/", page="/x/", fields=(("note", ("Hello",)),)))
    clients = [Client(), Client()]
    for client in clients:
        signed_in(user, client)
    left = operations.record_leaver(user, by=ADMINISTRATOR, on=DAY, reason="New post")
    assert (left.status, left.left_on, left.is_active) == (Status.LEFT, DAY, False)
    assert [client.get("/account/").status_code for client in clients] == [302, 302]
    assert HeldForm.objects.count() == 0
    move = left.moves.last()
    assert (move.from_status, move.to_status, move.on, move.by, move.reason) == (
        "active",
        "left",
        DAY,
        ADMINISTRATOR.public_id,
        "New post",
    )
    (entry,) = entries("account.left")
    assert (entry.subject, entry.codes) == (user.public_id, {"on": "2018-09-11"})
    # Given back, the old sessions stay dead, and the password works again.
    back = operations.give_back_access(left, by=ADMINISTRATOR, on=DAY, reason="Came back")
    assert (back.status, back.left_on) == (Status.ACTIVE, None)
    assert [client.get("/account/").status_code for client in clients] == [302, 302]
    assert Client().post("/sign-in/", {"login": user.email, "password": PASSWORD}).status_code == 302
    assert len(entries("account.returned")) == 1


@pytest.mark.parametrize("act", [operations.record_leaver, operations.give_back_access])
def test_nobody_does_it_to_herself(act: Any, person: Person) -> None:
    user = person()
    with pytest.raises(Refusal) as refused:
        act(user, by=AccountHolder(user.public_id), on=DAY, reason="")
    assert refused.value.code == "oneself"
    user.refresh_from_db()
    assert user.status == Status.ACTIVE


def test_a_leaver_cannot_leave_again_nor_a_member_come_back(person: Person) -> None:
    user = person()
    with pytest.raises(Refusal) as refused:
        operations.give_back_access(user, by=ADMINISTRATOR, on=DAY, reason="")
    assert refused.value.code == "illegal_move"
    operations.record_leaver(user, by=ADMINISTRATOR, on=DAY, reason="")
    with pytest.raises(Refusal) as refused:
        operations.record_leaver(user, by=ADMINISTRATOR, on=DAY, reason="")
    assert refused.value.code == "illegal_move"


def test_it_stands_or_falls_with_its_entry(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    user = person()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("saferhub.audit.operations.record", broken)
    with pytest.raises(RuntimeError):
        operations.record_leaver(user, by=ADMINISTRATOR, on=DAY, reason="")
    user.refresh_from_db()
    assert user.status == Status.ACTIVE and user.moves.count() == 2


def test_the_link_to_a_new_password_does_not_work_for_a_leaver(person: Person) -> None:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    user = person()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    client = Client()
    opened = client.get(f"/sign-in/new-password/{key}/")
    operations.record_leaver(user, by=ADMINISTRATOR, on=DAY, reason="")
    answer = client.post(opened["Location"], {"password1": "quilted harbour mango"})
    assert b"The link does not work" in answer.content
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
