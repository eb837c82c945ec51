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

    def handle(self, *args: Any, **options: Any) -> None:
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
