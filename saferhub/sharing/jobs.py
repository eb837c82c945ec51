"""Jobs that see protected rows: those done for a person, and those on whole partnerships.

A job for a person sees what she may see when it runs, not when she asked for it. A steward's job sees
everything, so there are few: a test names every module that declares one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate.tasks import Task

from saferhub.accounts.actors import concerned_by
from saferhub.accounts.models import User
from saferhub.audit.jobs import job
from saferhub.audit.operations import record_refusal
from saferhub.partnership.access import actor_for

from .entering import entered

logger = logging.getLogger(__name__)

_STEWARD = "steward"
_Made = Callable[[Callable[..., Any]], Task[Any, Any, Any]]


def person_job(name: str, *, attempts: int = 5) -> _Made:
    """Make a function the job of a person: it runs in one transaction, entered as her.

    It is put on the queue with `by`, the public_id of her account, and is called with `by`, the actor she is
    at that moment. If her account is not in use any more, the function is not called and the job is done:
    that is logged and recorded, and no later attempt would go otherwise.
    """

    def made(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        def run(*, by: str, **arguments: Any) -> Any:
            user = User.objects.active().filter(public_id=by).first()
            if user is None:
                return _refuse(name, by)
            with entered(user):
                return function(by=actor_for(user), **arguments)

        return job(name, attempts=attempts, own_transactions=True)(_named_as(function, run))

    return made


def _refuse(name: str, by: str) -> None:
    logger.warning("job %s not done: account %s is not in use", name, by)
    whose = User.objects.filter(public_id=by).first()
    record_refusal("job.refused", ("accounts.user", by), by=None, concerning=concerned_by(whose), job=name)


def steward_job(name: str, *, every: str = "", attempts: int = 5) -> _Made:
    """Make a function a job on whole partnerships: what it reads as steward, it sees whole.

    The function is called with `using`, the steward's connection, and passes it to all that reads protected
    rows. What it writes, records and queues goes by the application's own connection, entered as nobody. On
    each connection it has one transaction. Only the worker knows the steward's password. `every` is as for
    `job`.
    """

    def made(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        def run(**arguments: Any) -> Any:
            with transaction.atomic(using=_STEWARD):
                return function(using=_STEWARD, **arguments)

        return job(name, every=every, attempts=attempts)(_named_as(function, run))

    return made


def _named_as(function: Callable[..., Any], run: Callable[..., Any]) -> Callable[..., Any]:
    run.__name__, run.__module__, run.__doc__ = function.__name__, function.__module__, function.__doc__
    return run


# The worker looks for jobs in modules of this name. Last, for these declare theirs by what stands above.
from .operations import agreements_told  # noqa: E402, F401
