"""Jobs of the worker: how every one of them runs, and the sealing of the record.

A job is a plain function; `job` gives it a name on the queue, an identifier in the audit, clean database
connections and a transaction. Its arguments are references and codes: they stand readable in the queue.

A plain job is entered as nobody, so it sees no protected row. One that works for a person, or on a whole
partnership's protected rows, is declared by the app `sharing` (its `person_job`, its `steward_job`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.db import close_old_connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.tasks import Task

from . import operations
from .context import within_request

# How the queue says that a job waits for a worker, and that one has it in hand.
WAITS, IN_HAND = Status.TODO.value, Status.DOING.value
UNDER_WAY = frozenset({WAITS, IN_HAND})


def job(
    name: str, *, every: str = "", attempts: int = 5, own_transactions: bool = False
) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Make a function a job. `every` is a cron expression in UTC for one that comes round by itself.

    A failed job is tried again after 4, 16, 64 … seconds; `queueing_lock` keeps a periodic job from
    piling up behind itself. All a job writes stands or falls together, unless it takes `own_transactions`:
    one that waits for another server, works on another connection, or whose parts stand by themselves.
    """

    def made(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        @wraps(function)
        def run(**arguments: Any) -> Any:
            arguments.pop("timestamp", None)
            close_old_connections()
            try:
                with within_request(), nullcontext() if own_transactions else transaction.atomic():
                    return function(**arguments)
            finally:
                close_old_connections()

        options: dict[str, Any] = {
            "name": name,
            "retry": RetryStrategy(max_attempts=attempts, exponential_wait=4),
        }
        if every:
            options |= {"queueing_lock": name, "lock": name}
        task = app.task(**options)(run)
        return app.periodic(cron=every, periodic_id=name)(task) if every else task

    return made


@job("audit.seal", every="* * * * *", attempts=1, own_transactions=True)
def seal_audit() -> int:
    """Seal what has been committed, once a minute. After a restore it waits for the new era."""
    return operations.seal()
