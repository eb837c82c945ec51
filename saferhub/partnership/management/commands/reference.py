"""Write the generated reference pages, or with --check say which of them are out of date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from saferhub.partnership.reference import PAGES


class Command(BaseCommand):
    help = (
        "Write docs/reference/ from the code; --check changes nothing and exits 1 when a page is out of date."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "reference"
        stale = []
        for name, made in PAGES.items():
            path, text = folder / name, made()
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not options["check"]:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"wrote docs/reference/{name}")
        if options["check"] and stale:
            self.stderr.write(f"Out of date: {', '.join(stale)}. Run ./dev manage reference.")
            raise SystemExit(1)
