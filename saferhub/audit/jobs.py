"""Jobs of the worker: how every one of them runs, and the sealing of the record.

A job is a plain function; `job` gives it a name on the queue, an identifier in the audit, and clean
database connections. Its arguments are references and codes: they stand readable in the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from . import operations
from .context import within_request


def job(
    name: str, *, every: str = "", attempts: int = 5
) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Make a function a job. `every` is a cron expression in UTC for one that comes round by itself.

    A failed job is tried again after 4, 16, 64 … seconds; `queueing_lock` keeps a periodic job from
    piling up behind itself.
    """

    def made(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        @wraps(function)
        def run(**arguments: Any) -> Any:
            arguments.pop("timestamp", None)
            close_old_connections()
            try:
                with within_request():
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


@job("audit.seal", every="* * * * *", attempts=1)
def seal_audit() -> int:
    """Seal what has been committed, once a minute. After a restore it waits for the new era."""
    return operations.seal()
