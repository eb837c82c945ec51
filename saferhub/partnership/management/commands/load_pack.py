"""load_pack PATH…: validate packs and load them; --check only validates."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from saferhub.partnership.models import PackRelease
from saferhub.partnership.operations.packs import load_packs
from saferhub.partnership.packs import PackError


class Command(BaseCommand):
    help = "Validate packs and load them. Exit status 1: a pack is not in order, and nothing was changed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="the folder of a pack")
        parser.add_argument("--check", action="store_true", help="only validate; change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tables = connection.introspection.table_names()
        except OperationalError as error:
            self._refuse(f"The database cannot be reached. Start it first. ({str(error).splitlines()[0]})")
        if PackRelease._meta.db_table not in tables:
            self._refuse("The database is not set up. Run migrate first, or start ./dev run once.")
        try:
            done = load_packs(options["paths"], check_only=options["check"])
        except PackError as error:
            self._refuse(*(str(problem) for problem in error.problems))
        for loaded in done:
            self.stdout.write(str(loaded))

    def _refuse(self, *sentences: str) -> NoReturn:
        for sentence in sentences:
            self.stderr.write(sentence)
        sys.exit(1)
