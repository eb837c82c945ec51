"""Being invited, and taking an invitation up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from saferhub.accounts import operations
from saferhub.accounts.models import AccountMove, Invitation, Status, User
from saferhub.foundation.refusals import Refusal
from tests.accounts.conftest import ADMINISTRATOR, PASSWORD

pytestmark = pytest.mark.django_db

Entries = Callable[[str], list[Any]]
GIVEN = {"name": "Jo Field", "job_title": "Officer", "telephone": "", "password": PASSWORD}


def test_an_invitation_makes_an_account_that_cannot_sign_in_yet(
    invite: Callable[..., str], entries: Entries
) -> None:
    secret = invite("Jo@Example.ORG", "Jo Field")
    user = User.objects.get(email="jo@example.org")
    assert (user.status, user.username, user.is_active) == (Status.INVITED, "jo.field", False)
    assert not user.has_usable_password()
    (invitation,) = Invitation.objects.all()
    assert secret not in invitation.secret_hash
    (entry,) = entries("account.invited")
    assert (entry.actor, entry.subject) == (ADMINISTRATOR.public_id, user.public_id)
    assert entry.codes == {"invitation": invitation.public_id}


def test_the_mail_holds_a_link_and_the_partnerships_name_and_nothing_about_anybody(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        operations.invite(
            email="jo@example.org",
            name="Wilhelmina Featherstone",
            job_title="Housing officer",
            by=ADMINISTRATOR,
            partnership_name="Anyshire Partnership & Co",
        )
    message = mail.outbox[-1]
    assert message.to == ["jo@example.org"]
    assert "Anyshire Partnership & Co" in message.body and "/join/" in message.body
    assert not any(
        word in message.body + message.subject
        for word in ("Wilhelmina", "Featherstone", "Housing", "example.org")
    )


def test_no_mail_goes_when_the_invitation_is_rolled_back(django_capture_on_commit_callbacks: Any) -> None:
    sent = len(mail.outbox)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        operations.invite(email="jo@example.org", name="Jo", job_title="", by=ADMINISTRATOR)
        raise RuntimeError
    assert len(mail.outbox) == sent


def test_taking_it_up_signs_in(invite: Callable[..., str], entries: Entries) -> None:
    secret = invite()
    client = Client()
    answer = client.get(f"/join/{secret}/")
    assert (answer.status_code, answer["Location"]) == (302, "/join/")
    page = client.get("/join/").content.decode()
    assert "jo@example.org" in page and 'value="Jo Field"' in page and secret not in page
    done = client.post("/join/", GIVEN)
    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    user = User.objects.get(email="jo@example.org")
    assert user.status == Status.ACTIVE
    assert [(m.from_status, m.to_status) for m in user.moves.all()] == [
        ("", "invited"),
        ("invited", "active"),
    ]
    assert [e.actor for e in entries("account.joined") + entries("account.signed_in")] == [user.public_id] * 2


def test_a_weak_password_is_refused_with_what_to_do(invite: Callable[..., str]) -> None:
    client = Client()
    client.get(f"/join/{invite()}/")
    answer = client.post("/join/", {**GIVEN, "password": "password1234"})
    assert answer.status_code == 200 and "harder to guess" in answer.content.decode()
    assert User.objects.get(email="jo@example.org").status == Status.INVITED


@pytest.mark.parametrize("end", ["used", "expired", "withdrawn", "unknown", "left"])
def test_a_closed_link_shows_one_plain_page(
    end: str, invite: Callable[..., str], later: Callable[[timedelta], None]
) -> None:
    from datetime import date

    secret = invite()
    user = User.objects.get(email="jo@example.org")
    opened_before = Client()
    opened_before.get(f"/join/{secret}/")
    if end == "used":
        operations.accept_invitation(secret=secret, **GIVEN)
    elif end == "expired":
        later(timedelta(days=7))
    elif end == "withdrawn":
        assert operations.withdraw_invitations(user, by=ADMINISTRATOR) == 1
    elif end == "left":
        operations.record_leaver(user, by=ADMINISTRATOR, on=date(2018, 9, 11), reason="Did not come")
    else:
        secret = "unknown"
    answer = Client().get(f"/join/{secret}/")
    assert answer.status_code == 410
    assert b"This invitation cannot be used" in answer.content and b"example.org" not in answer.content
    if end != "unknown":
        assert opened_before.get("/join/").status_code == 410
        assert opened_before.post("/join/", GIVEN).status_code == 410


def test_inviting_again_closes_the_earlier_link(invite: Callable[..., str], entries: Entries) -> None:
    first, second = invite(), invite(name="Jo Fields")
    assert Client().get(f"/join/{first}/").status_code == 410
    assert Client().get(f"/join/{second}/").status_code == 302
    assert User.objects.get(email="jo@example.org").name == "Jo Fields"
    assert len(entries("account.invitation_withdrawn")) == 1
    assert AccountMove.objects.filter(user__email="jo@example.org").count() == 1


def test_two_takings_up_of_one_link_make_one(invite: Callable[..., str]) -> None:
    secret = invite()
    operations.accept_invitation(secret=secret, **GIVEN)
    with pytest.raises(Refusal) as refused:
        operations.accept_invitation(secret=secret, **{**GIVEN, "password": "another long one"})
    assert refused.value.code == "invitation_closed"
    assert User.objects.get(email="jo@example.org").check_password(PASSWORD)


def test_who_has_an_account_or_has_left_is_not_invited(person: Callable[..., User]) -> None:
    from datetime import date

    user = person()
    for expected in ("has_account", "has_left"):
        with pytest.raises(Refusal) as refused:
            operations.invite(email="JO@example.org", name="Jo", job_title="", by=ADMINISTRATOR)
        assert refused.value.code == expected
        if expected == "has_account":
            operations.record_leaver(user, by=ADMINISTRATOR, on=date(2018, 9, 11), reason="New post")


def test_namesakes_get_handles_of_their_own(invite: Callable[..., str]) -> None:
    for number in range(3):
        invite(f"jo{number}@example.org")
    assert set(User.objects.filter(name="Jo Field").values_list("username", flat=True)) == {
        "jo.field",
        "jo.field2",
        "jo.field3",
    }


def test_somebody_signed_in_does_not_take_up_anothers_invitation(
    invite: Callable[..., str], person: Callable[..., User], signed_in: Callable[..., Client]
) -> None:
    client = signed_in(person("ann@example.org", "Ann Other"))
    assert client.get(f"/join/{invite()}/")["Location"] == "/join/"
    page = client.get("/join/")
    assert page.status_code == 200 and "You are signed in already" in page.content.decode()
    assert client.post("/join/", GIVEN)["Location"] == "/"
    assert User.objects.get(email="jo@example.org").status == Status.INVITED


def test_an_invitation_whose_entry_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("saferhub.audit.operations.record", broken)
    with pytest.raises(RuntimeError):
        operations.invite(email="jo@example.org", name="Jo", job_title="", by=ADMINISTRATOR)
    assert not User.objects.filter(email="jo@example.org").exists()


def test_the_database_refuses_an_address_in_capitals() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Jo@example.org", username="jo", name="Jo")
