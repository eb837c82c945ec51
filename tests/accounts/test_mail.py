"""Mail goes by the queue: with the act or not at all, encrypted while it waits, tried again when it fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connections, transaction

from saferhub.accounts import jobs, mail


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The real queue, in place of sending at once."""
    monkeypatch.undo()

    def messages() -> list[str]:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT args->>'sealed' FROM procrastinate_jobs WHERE task_name = 'accounts.deliver_mail'"
            )
            return [sealed for (sealed,) in cursor.fetchall()]

    return messages


@pytest.mark.django_db
def test_a_message_waits_encrypted_and_is_sent_by_the_job(queued: Any) -> None:
    with transaction.atomic():
        mail.send("Subject", "Open https://example.org/secret", to="jo@example.org")
    (sealed,) = queued()
    assert "secret" not in sealed and "jo@" not in sealed
    assert outbox.outbox == []
    jobs.deliver_mail(sealed=sealed)
    assert [(m.subject, m.body, m.to) for m in outbox.outbox] == [
        ("Subject", "Open https://example.org/secret", ["jo@example.org"])
    ]


@pytest.mark.django_db
def test_a_rolled_back_act_mails_nobody(queued: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail.send("Subject", "Body", to="jo@example.org")
        raise ZeroDivisionError
    assert queued() == []


@pytest.mark.django_db
def test_a_failure_reaches_the_queue_which_tries_again(queued: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    with transaction.atomic():
        mail.send("Subject", "Body", to="jo@example.org")
    monkeypatch.setattr(mail, "send_mail", away)
    with pytest.raises(ConnectionRefusedError):
        jobs.deliver_mail(sealed=queued()[0])
    assert jobs.deliver_mail.retry_strategy is not None
