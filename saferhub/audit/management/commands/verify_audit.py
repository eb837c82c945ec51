"""Prove the record whole: exit 0 and counts, or exit 1 naming the first broken row."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from saferhub.audit.verification import verify


class Command(BaseCommand):
    help = "Compute every hash and seal of the audit again; exit 1 at the first that is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--database", default="default", help="Which connection reads (default: the app's)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(using=options["database"])
        counts = f"{verdict.entries} entries, {verdict.seals} seals, {verdict.unsealed} not yet sealed"
        if not verdict.whole:
            self.stderr.write(f"The audit is broken: {verdict.broken}. ({counts})")
            raise SystemExit(1)
        self.stdout.write(f"The audit is whole: {counts}.")
        if verdict.misdated:
            self.stderr.write(
                f"Look at it all the same: {verdict.misdated}. Either the server's clock was wrong then, or "
                "somebody with the owner's password wrote the entry."
            )
        if verdict.head:
            self.stdout.write(f"Head of the last seal: {verdict.head}")
