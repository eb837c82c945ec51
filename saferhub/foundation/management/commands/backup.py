"""`backup PATH`: the whole database in one file, read by the backup role, and the files that people sent in another."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from saferhub.foundation import kept_files
from saferhub.foundation.dumps import DumpFailed, archive_of, dump, server_major


class Command(BaseCommand):
    help = "Write the whole database, and the files that people sent, to two files that only their owner can read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The file to write; the sent files go beside it")
        parser.add_argument("--overwrite", action="store_true", help="Replace files that are there already")
        parser.add_argument(
            "--without-files",
            action="store_true",
            help="The database alone: the sent files are copied otherwise",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        archive = None if options["without_files"] else archive_of(path)
        if "backup" not in connections:
            raise CommandError("Set DATABASE_BACKUP_URL: only the backup role can read every row.")
        for target in filter(None, (path, archive)):
            if target.exists() and not options["overwrite"]:
                raise CommandError(f"{target} is there already. Name another file, or say --overwrite.")
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
        if archive is not None:
            self._pack(archive)

    def _pack(self, archive: Path) -> None:
        """After the database, so that every file that it names is there; one that is newer does no harm."""
        try:
            packed = kept_files.pack(Path(settings.FILES_DIR), archive)
        except OSError as failed:
            raise CommandError(f"The files that people sent could not be packed: {failed}") from None
        self.stdout.write(f"Packed {len(packed):,} files that people sent into {archive}.")
        missing = set(kept_files.named("backup")) - packed
        connections["backup"].close()
        if missing:
            self.stderr.write(
                f"{len(missing):,} files that the database names are not in {settings.FILES_DIR}. "
                "Look for them in an older backup."
            )
