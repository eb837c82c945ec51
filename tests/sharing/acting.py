"""A job of a person, a steward's job and commands that tell whom they are entered as."""

from __future__ import annotations

from typing import Any

from saferhub.audit import operations as audit
from saferhub.audit.jobs import job
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.sharing.commands import ActingCommand
from saferhub.sharing.entering import entered_as
from saferhub.sharing.jobs import person_job, steward_job
from saferhub.sharing.models import Folder

from .pages_that_fail import seen


def _write(then: str) -> None:
    audit.record("audit.log_read", ("test", then), by=None)
    if then == "mistake":
        raise KeyError("of ours")
    if then == "refusal":
        raise Refusal("late", "The list closed on Monday.")


@job("tests.plain")
def plain(then: str = "") -> dict[str, Any]:
    _write(then or "plain")
    return seen()


@job("tests.own", own_transactions=True)
def own() -> dict[str, Any]:
    return seen()


@person_job("tests.of_a_person")
def of_a_person(by: Actor, then: str = "") -> dict[str, Any]:
    """What somebody's job sees."""
    _write(then or "person")
    return {**seen(), "by": by.public_id}


@steward_job("tests.of_the_steward")
def of_the_steward(using: str, then: str = "") -> list[str]:
    _write(then or "steward")
    return sorted(Folder.objects.using(using).order_by().values_list("public_id", flat=True))


class Command(ActingCommand):
    def handle_as(self, actor: Actor, *, using: str, **options: Any) -> str:
        _write(options["then"])
        return f"{actor.public_id} {entered_as(using)}"

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--then", default="command")


class StewardsCommand(ActingCommand):
    as_steward = True

    def handle_as(self, actor: Actor, *, using: str, **options: Any) -> str:
        return f"{actor.is_signed_in} {Folder.objects.using(using).count()}"
