"""`publish`: writes a report to members, the partnership plan or its yearly review, as page, Word file and PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.partnership.access import Actor, actor_for
from saferhub.reporting import access
from saferhub.reporting.models import ReportKind
from saferhub.reporting.operations.published import chosen_partnership, write_report
from saferhub.sharing.commands import ActingCommand


def _day(text: str) -> date:
    return date.fromisoformat(text)


class Command(ActingCommand):
    help = (
        "Write a report as of a day: the version that was published of that day, or a draft from figures and packs,"
        " which says on every page that it is not approved."
    )
    as_steward = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", choices=ReportKind.values, help="What is written")
        parser.add_argument(
            "--as-of", required=True, type=_day, metavar="DATE", help="Up to which day, such as 2018-08-28"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="Into which folder")
        parser.add_argument(
            "--partnership", default="", metavar="CODE", help="Whose, where there are several"
        )
        parser.add_argument(
            "--outline", default="", metavar="CODE", help="Another outline than the first of its kind"
        )
        parser.add_argument(
            "--as", dest="user", default="", metavar="USERNAME",
            help="In whose name it is recorded; her partnership’s report",
        )  # fmt: skip

    def handle_as(self, actor: Actor, *, using: str, **options: Any) -> str | None:
        by: Actor | None = None
        code: str = options["partnership"]
        if options["user"]:
            by = _person(options["user"])
            access.check_can_write(by)
            assert by.partnership is not None
            if code not in ("", by.partnership.code):
                raise CommandError(f"{options['user']} is of another partnership than {code}.")
            code = by.partnership.code
        partnership = chosen_partnership(code)
        made = write_report(
            partnership,
            options["kind"],
            options["as_of"],
            options["out"],
            using=using,
            outline=options["outline"],
        )
        audit.record(
            "reporting.report_written", partnership, by=by, concerning=partnership, kind=options["kind"],
            as_of=options["as_of"], number=made.number,
        )  # fmt: skip
        state = f"version {made.number}, published" if made.is_published else "draft, not approved"
        return "\n".join([f"{made.title} ({state})", *(str(path) for path in made.files)])


def _person(username: str) -> Actor:
    user = User.objects.active().filter(username=username).first()
    if user is None:
        raise CommandError(f"Nobody who can sign in is called {username}.")
    found = actor_for(user)
    if found.partnership is None:
        raise CommandError(f"{username} is in no partnership today.")
    return found
