"""`backup PATH`: the whole database in one file, read by the backup role."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from saferhub.foundation.dumps import DumpFailed, dump, server_major


class Command(BaseCommand):
    help = "Write the whole database to a file that only its owner can read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The file to write")
        parser.add_argument("--overwrite", action="store_true", help="Replace a file that is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if "backup" not in connections:
            raise CommandError("Set DATABASE_BACKUP_URL: only the backup role can read every row.")
        if path.exists() and not options["overwrite"]:
            raise CommandError(f"{path} is there already. Name another file, or say --overwrite.")
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent} to write into.")
        connection = connections["backup"]
        try:
            dump(connection.settings_dict, server_major=server_major(connection), to=path)
        except DumpFailed as failed:
            raise CommandError(str(failed)) from None
        self.stdout.write(
            f"Backed up to {path} ({path.stat().st_size:,} bytes, readable by you alone). "
            "Keep a copy elsewhere, encrypted: it holds everything."
        )
