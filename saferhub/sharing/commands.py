"""Commands that see protected rows: as a person, or as steward.

Whoever can start a command on the server has its passwords, so `--as` proves nothing of her. It says whose
sight the command has and in whose name the record keeps what it does.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from saferhub.accounts.models import User
from saferhub.audit.context import within_request
from saferhub.foundation import guard
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, actor_for

from .entering import entered

_STEWARD = "steward"


class ActingCommand(BaseCommand):
    """A command in one transaction, entered as the person that `--as` names.

    A subclass writes `handle_as`. One that reads a whole partnership's rows sets `as_steward`: it takes no
    `--as` and is called with an actor who is nobody, and with the steward's connection as `using`; what it
    writes and records goes by the application's own connection all the same. A refusal ends the command with
    its sentence, and nothing of what it did stands.
    """

    as_steward = False

    def add_arguments(self, parser: CommandParser) -> None:
        if not self.as_steward:
            parser.add_argument(
                "--as", dest="acting", required=True, metavar="USERNAME", help="Who does it, and sees it"
            )

    def handle(self, *args: Any, **options: Any) -> str | None:
        if found := guard.problem():
            raise CommandError(found)
        try:
            with within_request():
                return self._as_steward(options) if self.as_steward else self._as_person(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _as_person(self, options: dict[str, Any]) -> str | None:
        username = options.pop("acting")
        user = User.objects.active().filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody who can sign in is called {username}.")
        with entered(user):
            return self.handle_as(actor_for(user), using="default", **options)

    def _as_steward(self, options: dict[str, Any]) -> str | None:
        if _STEWARD not in connections.settings:
            raise CommandError("Set DATABASE_STEWARD_URL: this command works as steward.")
        with entered(None), transaction.atomic(using=_STEWARD):
            return self.handle_as(Actor(), using=_STEWARD, **options)

    def handle_as(self, actor: Actor, *, using: str, **options: Any) -> str | None:
        """What the command does. What it returns is printed, as by any command."""
        raise NotImplementedError
