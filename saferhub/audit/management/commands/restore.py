"""`restore PATH`: replaces the database by a backup, once the backup has proved itself.

The dump goes into a new database beside the old one; its audit is verified there; only then do the
two change names. Until that moment nothing touches the old database, and afterwards it is still
there under another name. The files that people sent come back with it, each checked by its hash. It lives with the
audit because a restore that does not verify is none.
"""

import copy
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connections
from psycopg import sql

from saferhub.audit.operations import last_seal, open_era_if_restored, record_restored
from saferhub.audit.verification import Verdict, verify
from saferhub.foundation import kept_files
from saferhub.foundation.clock import real_now
from saferhub.foundation.dumps import DumpFailed, archive_of, contents, load, server_major
from saferhub.foundation.grants import GATE

RESTORED, MAINTENANCE = "restored", "maintenance"
LONGEST_NAME = 63
# "12; 2615 16390 SCHEMA - gate saferhub_owner" and "4012; 0 0 ACL - SCHEMA gate saferhub_owner"
_SCHEMA = re.compile(r"^\d+; \d+ \d+ SCHEMA - (\S+) ")
_SCHEMA_PRIVILEGES = re.compile(r"^\d+; \d+ \d+ ACL - SCHEMA (\S+) ")


class Command(BaseCommand):
    help = "Replace the database by a backup; ends with verify_audit and keeps the old database aside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="A file that backup wrote")
        parser.add_argument(
            "--without-files",
            action="store_true",
            help="Restore though some of the files that people sent are missing, or are put back otherwise",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if "owner" not in connections:
            raise CommandError("Set DATABASE_OWNER_URL: the owner makes the restored database.")
        name = str(connections["owner"].settings_dict["NAME"])
        stamp = real_now().strftime("%Y%m%d_%H%M%S")
        beside, aside = f"{name}_restoring", f"{name}_before_{stamp}"
        if len(aside) > LONGEST_NAME:
            raise CommandError(f"The name {name} is too long for a second database beside it.")
        connections.close_all()
        with _second_connection(MAINTENANCE, "postgres"):
            self._refuse_while_in_use(name)
            try:
                verdict = self._build(path, name, beside)
                self._bring_files_back(path, beside, must=not options["without_files"])
                self._refuse_while_in_use(name)
                self._swap(name, beside, aside)
            except BaseException:
                self._drop(beside)
                raise
        self.stdout.write(
            f"Restored {path}. The audit is whole: {verdict.entries} entries, {verdict.seals} seals, "
            f"{verdict.unsealed} not yet sealed. The database as it was is kept as {aside}."
        )
        self.stdout.write(
            "If the backup is of an older version of saferhub, run migrate before you start it."
        )

    def _refuse_while_in_use(self, name: str) -> None:
        with connections[MAINTENANCE].cursor() as cursor:
            cursor.execute(
                # The owner sees of others' sessions no more than whose they are; autovacuum has no user.
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usesysid IS NOT NULL",
                [name],
            )
            (users,) = cursor.fetchone()
        if users:
            raise CommandError(
                f"The database {name} is in use ({users} connections). Stop saferhub's web and worker "
                "processes, then restore. Nothing was changed."
            )

    def _build(self, path: Path, name: str, beside: str) -> Verdict:
        """The restored database under the name `beside`, verified and ready to take over."""
        replaced = self._head_of_the_old()
        with connections[MAINTENANCE].cursor() as cursor:
            # Left by a restore that was killed.
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(beside)))
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(beside)))
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(beside)))
        with _second_connection(RESTORED, beside):
            try:
                self._load(path, beside)
                verdict = verify(using=RESTORED)
                if not verdict.whole:
                    raise CommandError(
                        f"The audit in {path} is broken: {verdict.broken}. The database was left as it was."
                    )
                backup = last_seal(using=RESTORED)
                # First the era: numbers of this cluster's transactions mean nothing in the old one.
                if open_era_if_restored(using=RESTORED):
                    self.stdout.write(
                        "This is another server than the backup's: a new era of the audit was opened."
                    )
                record_restored(backup=backup, replaced=replaced, using=RESTORED)
                verdict = verify(using=RESTORED)
                self._copy_privileges(name, beside)
            except (DumpFailed, Error) as failed:
                raise CommandError(f"{failed} The database was left as it was.") from None
        return verdict

    def _bring_files_back(self, path: Path, beside: str, *, must: bool) -> None:
        """The files that people sent, each checked against the hash that the restored database holds. Before the two
        databases change names, so that none takes over without its files; nothing in the folder is taken away."""
        archive, folder = archive_of(path), Path(settings.FILES_DIR)
        with _second_connection(RESTORED, beside):
            try:
                wanted = kept_files.named(RESTORED)
            except Error as failed:
                raise CommandError(f"{failed} The database was left as it was.") from None
        try:
            done = kept_files.bring_back(archive if archive.is_file() else None, folder, wanted)
        except (OSError, tarfile.TarError) as failed:
            said = f"{archive} could not be unpacked: {failed}."
            if must:
                raise CommandError(f"{said} The database was left as it was.") from None
            self.stderr.write(said)
            done = kept_files.bring_back(None, folder, wanted)
        self.stdout.write(
            f"Files that people sent: {done.brought:,} brought back into {folder}, {done.there:,} lay there already, "
            f"{len(done.missing):,} missing."
        )
        if done.missing and must:
            raise CommandError(
                f"{len(done.missing):,} files that the backup names are neither in {archive} nor in {folder} as they "
                f"were sent, {done.missing[0]} for one. Put them into the folder, or restore without them by "
                "--without-files. The database was left as it was."
            )

    def _head_of_the_old(self) -> tuple[int, str]:
        """Number and hash of the last seal in the database that is about to be replaced: 0 without one."""
        try:
            head = last_seal(using="owner")
        except Error:
            head = (0, "")  # not a database of ours yet, or a broken one: that is why it is replaced
        finally:
            connections["owner"].close()
        self.stdout.write(
            f"Last seal of the database that is replaced: {head[0] or 'none'} {head[1]}".rstrip()
        )
        return head

    def _load(self, path: Path, beside: str) -> None:
        connection = connections[RESTORED]
        major = server_major(connection)
        settings = connection.settings_dict
        lines = [line for line in contents(path, server_major=major) if not line.startswith(";")]
        schemas = [line for line in lines if (found := _SCHEMA.match(line)) and found.group(1) != "public"]
        names = ["public", *(_SCHEMA.match(line).group(1) for line in schemas)]  # type: ignore[union-attr]
        last = [
            line for line in lines if (found := _SCHEMA_PRIVILEGES.match(line)) and found.group(1) in names
        ]
        between = [line for line in lines if line not in schemas and line not in last]
        with tempfile.TemporaryDirectory() as folder:

            def restore(entries: list[str]) -> None:
                if entries:
                    load(
                        path,
                        settings,
                        server_major=major,
                        database=beside,
                        entries=entries,
                        lists=Path(folder),
                    )

            restore(schemas)
            # What belongs to the gate can be handed to it only where it may create, and a dump grants
            # that last of all; so it may while the rest is loaded, and afterwards what the dump says.
            self._gate_may_create(names, True)
            restore(between)
            self._gate_may_create(names, False)
            restore(last)

    def _gate_may_create(self, schemas: list[str], may: bool) -> None:
        words = "GRANT CREATE ON SCHEMA {} TO {}" if may else "REVOKE CREATE ON SCHEMA {} FROM {}"
        with connections[RESTORED].cursor() as cursor:
            for schema in schemas:
                cursor.execute(sql.SQL(words).format(sql.Identifier(schema), sql.Identifier(GATE)))

    def _copy_privileges(self, name: str, beside: str) -> None:
        """Who may connect: as with the database that it replaces."""
        with connections[MAINTENANCE].cursor() as cursor:
            cursor.execute(
                "SELECT a.privilege_type, coalesce(r.rolname, '')"
                " FROM pg_database d CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a"
                " LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname = %s",
                [name],
            )
            for privilege, role in cursor.fetchall():
                grantee = sql.Identifier(role) if role else sql.SQL("PUBLIC")
                cursor.execute(
                    sql.SQL("GRANT {} ON DATABASE {} TO {}").format(
                        sql.SQL(privilege), sql.Identifier(beside), grantee
                    )
                )

    def _swap(self, name: str, beside: str, aside: str) -> None:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        with connections[MAINTENANCE].cursor() as cursor:
            # Both or neither: a database that answers to the name is there at every moment.
            cursor.execute("BEGIN")
            try:
                cursor.execute(rename.format(sql.Identifier(name), sql.Identifier(aside)))
                cursor.execute(rename.format(sql.Identifier(beside), sql.Identifier(name)))
                cursor.execute("COMMIT")
            except Error as failed:
                cursor.execute("ROLLBACK")
                raise CommandError(f"{failed} The database was left as it was.") from None

    def _drop(self, beside: str) -> None:
        with connections[MAINTENANCE].cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(beside)))


@contextmanager
def _second_connection(alias: str, database: str) -> Iterator[None]:
    """A connection of the owner's to another database of the same server, for the length of a block."""
    settings = copy.deepcopy(connections["owner"].settings_dict)
    connections.databases[alias] = settings | {"NAME": database, "CONN_MAX_AGE": 0}
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
