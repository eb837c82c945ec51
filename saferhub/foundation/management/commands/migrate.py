"""Django's `migrate`, as the owner role, and then the privileges and the walls of every table."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from saferhub.foundation import grants, walls


class Command(Migrate):
    help = "Bring the database up to date as its owner, then apply the registers of privileges and walls."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> str | None:
        result = super().handle(*args, **options)
        if not options.get("plan") and not options.get("check_unapplied"):
            grants.apply(connections[options["database"]])
            walls.apply(connections[options["database"]])
        return result
