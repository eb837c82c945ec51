"""`clear_files`: removes stored files that no row names, older than a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from saferhub.casework.operations.notes_stored import clear_rests
from saferhub.partnership.access import Actor
from saferhub.sharing.commands import ActingCommand


class Command(ActingCommand):
    help = "Remove stored files, older than a day, that no row names: rests of requests that came to nothing."
    as_steward = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be removed, and remove nothing"
        )

    def handle_as(self, actor: Actor, *, using: str, **options: Any) -> str | None:
        dry_run: bool = options["dry_run"]
        found = clear_rests(using=using, dry_run=dry_run)
        words = "Would remove" if dry_run else "Removed"
        lines = [f"{words} {len(found):,} files that nothing names."]
        return "\n".join([*lines, *(str(path) for path in found if dry_run)])
