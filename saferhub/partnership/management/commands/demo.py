"""Make the demonstration partnership, or list its cast.

demo [--scale X] [--seed N] [--as-of DATE]     the cast's stories, and seven hubs' three years X times over
demo --cases N --hubs N --agencies N           the same cast in a large world of thin cases, to measure with
demo --stories-only                            the cast's stories and nothing else
"""

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
        parser.add_argument("--scale", type=float, default=1, metavar="X", help="1: some 750 cases")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="Another world of the same size")
        parser.add_argument(
            "--cases", type=int, default=0, metavar="N", help="So many cases, to measure with"
        )
        parser.add_argument("--hubs", type=int, default=0, metavar="N", help="With --cases: in so many hubs")
        parser.add_argument("--agencies", type=int, default=0, metavar="N", help="With --cases: agencies")
        parser.add_argument("--stories-only", action="store_true", help="What the cast wrote and no history")
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
            size = demonstration.Size(
                **{name: options[name] for name in ("scale", "seed", "cases", "hubs", "agencies")}
            )
            made = demonstration.make(
                as_of=options["as_of"], say=say, size=None if options["stories_only"] else size
            )
        except (Refusal, PackError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            words = "Broken off. Nothing stands half made: run it again, and it goes on with what is missing."
            raise CommandError(words, returncode=130) from None
        say("ready" if made else "already there")
