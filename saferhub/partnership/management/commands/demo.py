"""Make the demonstration partnership, or list its cast."""

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from saferhub.accounts.cast import CAST
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.operations import demonstration
from saferhub.partnership.packs import PackError


def _day(text: str) -> date:
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Make the demonstration partnership (once), beginning at --as-of; or with --cast list who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=_day, default=demonstration.FIRST_DAY, metavar="YYYY-MM-DD")
        parser.add_argument("--scale", type=float, default=1, metavar="X", help="Beyond 1: more people")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="Other names for the same scale")
        parser.add_argument("--cast", action="store_true", help="List the cast and do nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cast"]:
            for member in CAST:
                self.stdout.write(f"{member.username:<20} {member.job_title}, {member.agency_words}")
            return
        began = time.monotonic()

        def say(words: str) -> None:
            self.stdout.write(f"Demonstration: {words} ({time.monotonic() - began:.1f} s)")
            self.stdout.flush()

        try:
            made = demonstration.make(
                as_of=options["as_of"], say=say, scale=options["scale"], seed=options["seed"]
            )
        except (Refusal, PackError) as refusal:
            raise CommandError(str(refusal)) from refusal
        say("ready" if made else "already there")
