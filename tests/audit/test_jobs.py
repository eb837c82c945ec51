"""The worker takes real jobs from the queue in the database, and what comes round by the clock is registered."""

from __future__ import annotations

import contextlib
import io
import time
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connections, transaction
from procrastinate.exceptions import AlreadyEnqueued

from saferhub.accounts import mail
from saferhub.audit import operations as audit
from saferhub.audit.models import Seal


def _work_until_empty() -> None:
    call_command("worker", "--until-empty", stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_the_worker_seals_and_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    from saferhub.audit.jobs import seal_audit

    monkeypatch.undo()
    with transaction.atomic():
        audit.record("audit.log_read", None, by=None)
        mail.send("Subject", "Body", to="jo@example.org")
    # Other tests' open transactions, in other databases of the cluster, delay a seal.
    until = time.monotonic() + 60
    while not Seal.objects.exists() and time.monotonic() < until:
        with contextlib.suppress(AlreadyEnqueued):  # the clock's own turn came first
            seal_audit.defer()
        _work_until_empty()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'accounts.deliver_mail'"
        )
        assert cursor.fetchall() == [], "what was done is off the queue"
    assert Seal.objects.count() == 1
    assert [message.subject for message in outbox.outbox] == ["Subject"]


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_stays_to_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail, "send_mail", away)
    with transaction.atomic():
        mail.send("Subject", "Body", to="jo@example.org")
    _work_until_empty()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT status::text, attempts, scheduled_at > now() FROM procrastinate_jobs"
            " WHERE task_name = 'accounts.deliver_mail'"
        )
        assert cursor.fetchall() == [("todo", 1, True)]


def test_what_comes_round_by_the_clock() -> None:
    from procrastinate.contrib.django import app

    rounds = {(task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()}
    assert rounds >= {
        ("audit.seal", "* * * * *"),
        ("partnership.plan_calendars", "15 1 * * *"),
        ("accounts.throw_away_expired_forms", "*/5 * * * *"),
        ("accounts.clear_sessions", "40 2 * * *"),
    }
