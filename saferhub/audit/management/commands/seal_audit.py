"""Seal the finished part of the record now. The worker does it every minute."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from saferhub.audit import operations
from saferhub.audit.models import Seal


class Command(BaseCommand):
    help = "Seal all entries of finished transactions; with --heads print the seals' heads as JSON to keep elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", action="store_true", help="Print number, time and hash of every seal")

        parser.add_argument(
            "--open-era",
            action="store_true",
            help="After the database was moved to another cluster by hand: seal the old era, open a new one (owner)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["open_era"]:
            self._open_era()
            return
        if "steward" not in connections.settings:
            raise CommandError("Set DATABASE_STEWARD_URL: only the steward seals.")
        try:
            sealed = operations.seal()
        except operations.EraMismatch as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["heads"]:
            heads = [
                {
                    "seal": s.number,
                    "at": s.sealed_at.isoformat(),
                    "entries": s.entries,
                    "hash": bytes(s.seal_hash).hex(),
                }
                for s in Seal.objects.using("steward").order_by("number")
            ]
            self.stdout.write(json.dumps(heads, indent=1))
        else:
            self.stdout.write(f"{sealed} entries sealed.")

    def _open_era(self) -> None:
        if "owner" not in connections.settings:
            raise CommandError("Set DATABASE_OWNER_URL: only the owner opens an era.")
        opened = operations.open_era_if_restored()
        self.stdout.write(
            "A new era is open." if opened else "This is still the era's own cluster: nothing to open."
        )
