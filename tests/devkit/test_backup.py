"""`backup` and `restore` against real servers, as the roles that a partnership has."""

import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from devkit import secrets_file
from devkit.database import LocalDatabase
from devkit.postgres import PORT, SUPERUSER
from tests.devkit.conftest import ROOT, databases, private_folder


@dataclass
class Server:
    """A migrated saferhub with an audited history, on a cluster of its own."""

    database: LocalDatabase
    values: dict[str, str]

    def manage(self, *words: str) -> subprocess.CompletedProcess:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SAFERHUB_")}
        environment |= {
            name: self.values[name] for name in (*secrets_file.ROLE_OF_URL, "SAFERHUB_SECRET_KEY")
        }
        environment |= {
            "SAFERHUB_PG_BIN": str(self.database.cluster.binaries.folder),
            "SAFERHUB_DEMONSTRATION": "1",
            "SAFERHUB_LOCAL": str(self.database.secrets.parent),
            "DJANGO_SETTINGS_MODULE": "saferhub.settings",
        }
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

    def must(self, *words: str) -> str:
        done = self.manage(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, statement: str, *, url: str = "DATABASE_OWNER_URL") -> list[tuple]:
        with psycopg.connect(self.values[url], autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def as_superuser(self, *statements: str) -> None:
        with psycopg.connect(
            host=str(self.database.cluster.socket_folder()),
            port=PORT,
            user=SUPERUSER,
            password=self.values[secrets_file.SUPERUSER_PASSWORD],
            dbname=secrets_file.DATABASE,
            autocommit=True,
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def files(self) -> Path:
        """The folder of the files that people sent."""
        return self.database.secrets.parent / "files"

    def kept(self) -> Path:
        """Where the one file lies that a row of this test's names."""
        return self.files() / STORED[:2] / STORED

    def names(self) -> set[str]:
        return {row[0] for row in self.ask("SELECT datname FROM pg_database WHERE datname LIKE 'saferhub%'")}


# A view behind the second wall: owned by the role that nobody signs in as.
GATE_VIEW = (
    "GRANT CREATE ON SCHEMA gate TO saferhub_gate",
    "CREATE OR REPLACE VIEW gate.probe AS SELECT 1 AS one",
    "ALTER VIEW gate.probe OWNER TO saferhub_gate",
    "REVOKE CREATE ON SCHEMA gate FROM saferhub_gate",
    "GRANT SELECT ON gate.probe TO saferhub_app",
)
OWNERS = "SELECT c.relowner::regrole::text FROM pg_class c WHERE c.oid = 'gate.probe'::regclass"
GRANTS = """
SELECT table_schema, table_name, grantee, privilege_type FROM information_schema.table_privileges
 WHERE table_schema IN ('public', 'gate') ORDER BY 1, 2, 3, 4
"""
DATABASE_GRANTS = """
SELECT a.grantee::regrole::text, a.privilege_type FROM pg_database d CROSS JOIN aclexplode(d.datacl) a
 WHERE d.datname = current_database() ORDER BY 1, 2
"""
SCHEMA_GRANTS = """
SELECT n.nspname, n.nspowner::regrole::text, a.grantee::regrole::text, a.privilege_type
  FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a
 WHERE n.nspname IN ('gate', 'public') ORDER BY 1, 2, 3, 4
"""
SENT = b"%PDF-1.4\nA letter that nobody sent.\n"
STORED, OTHER = "ab" * 24, "cd" * 24
# A file in one of the demonstration's matters, as the superuser, whom the second wall does not bind.
A_FILE = f"""
INSERT INTO casework_attachment (public_id, created_at, partnership_id, folder_id, matter_folder_id, matter_id, name,
    about, media_type, size, sha256, stored, scanned, sharing, "by", unit_id, "on", withdrawn_by, withdrawn_why)
SELECT 'bckpfile00000000', now(), m.partnership_id, m.folder_id, m.folder_id, m.id, 'letter.pdf', '',
       'application/pdf', {len(SENT)},
       '{hashlib.sha256(SENT).hexdigest()}', '{STORED}', 'clean', 'all', 'x', m.unit_id, current_date, '', ''
  FROM sharing_matter m ORDER BY m.id LIMIT 1
"""
JOB_TITLE = "SELECT job_title FROM accounts_user WHERE username = 'ada.admin'"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with private_folder() as room, databases() as new_database:
        database = new_database(room)
        server = Server(database, database.make_ready())
        server.must("migrate", "-v", "0")
        server.must("demo", "-v", "0", "--stories-only")
        server.must("seal_audit")
        server.as_superuser(A_FILE)
        for name in (STORED, OTHER):
            path = server.files() / name[:2] / name
            path.parent.mkdir(parents=True)
            path.write_bytes(SENT)
        for statement in GATE_VIEW:
            server.ask(statement)
        yield server


@pytest.fixture(scope="module")
def backup(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "saferhub.dump"
    assert "Packed 2 files that people sent" in server.must("backup", str(path))
    return path


def test_a_backup_is_readable_by_its_owner_alone_and_never_overwrites(server: Server, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    archive = backup.with_name(f"{backup.name}.files.tar")
    assert sorted(path.name for path in backup.parent.iterdir()) == [backup.name, archive.name]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    before = backup.stat().st_mtime_ns
    refused = server.manage("backup", str(backup))
    assert refused.returncode == 1
    assert "is there already" in refused.stderr
    assert backup.stat().st_mtime_ns == before
    server.must("backup", str(backup), "--overwrite")


def test_restore_brings_back_rows_owners_and_privileges_and_keeps_the_database_aside(
    server: Server, backup: Path
) -> None:
    title = server.ask(JOB_TITLE)
    tables, of_database, of_schemas = (server.ask(q) for q in (GRANTS, DATABASE_GRANTS, SCHEMA_GRANTS))
    server.ask("UPDATE accounts_user SET job_title = 'Changed since' WHERE username = 'ada.admin'")
    before = server.names()
    said = server.must("restore", str(backup))
    assert "The audit is whole" in said
    assert server.ask(JOB_TITLE) == title
    assert server.ask(OWNERS) == [("saferhub_gate",)]
    assert server.ask(GRANTS) == tables
    assert server.ask(DATABASE_GRANTS) == of_database
    assert server.ask(SCHEMA_GRANTS) == of_schemas
    assert server.ask("SELECT one FROM gate.probe", url="DATABASE_URL") == [(1,)]
    (aside,) = server.names() - before
    assert aside.startswith("saferhub_before_2")
    server.must("verify_audit")
    # The server goes on with it: sealing, and the next backup.
    server.must("seal_audit")
    server.must("backup", str(backup.with_name("next.dump")))


def test_restore_brings_back_what_people_sent_each_checked_by_its_hash(server: Server, backup: Path) -> None:
    newer = server.files() / "ef" / ("ef" * 24)
    newer.parent.mkdir()
    newer.write_bytes(b"since")
    for damage in (server.kept().unlink, lambda: server.kept().write_bytes(b"%PDF-1.4 another")):
        damage()
        said = server.must("restore", str(backup))
        assert "1 brought back" in said
        assert server.kept().read_bytes() == SENT
        assert stat.S_IMODE(server.kept().stat().st_mode) == 0o600
    assert "0 brought back" in (said := server.must("restore", str(backup))) and "1 lay there already" in said
    assert newer.read_bytes() == b"since"


@pytest.mark.parametrize("archive", ["none", "changed", "no archive", "cut off"])
def test_a_database_does_not_take_over_without_its_files_unless_told_to(
    server: Server, backup: Path, tmp_path: Path, archive: str
) -> None:
    path = tmp_path / "saferhub.dump"
    path.write_bytes(backup.read_bytes())
    beside, packed = (one.with_name(f"{one.name}.files.tar") for one in (path, backup))
    if archive == "changed":
        beside.write_bytes(packed.read_bytes().replace(b"nobody sent", b"nobody knew"))
    elif archive != "none":
        beside.write_bytes(b"not an archive" if archive == "no archive" else packed.read_bytes()[:700])
    server.kept().unlink()
    before = server.names()
    refused = server.manage("restore", str(path))
    assert refused.returncode == 1
    assert "The database was left as it was." in refused.stderr and "Traceback" not in refused.stderr
    assert server.names() == before and not server.kept().exists()
    if archive in ("changed", "no archive"):
        assert "1 missing" in server.must("restore", str(path), "--without-files")
        assert (
            "1 files that the database names are not in"
            in server.manage("backup", str(tmp_path / "next")).stderr
        )
    server.kept().write_bytes(SENT)


def test_a_backup_with_a_broken_audit_is_refused_and_nothing_changes(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "tampered.dump"
    row = server.ask("SELECT min(id) FROM audit_entry")[0][0]
    event = server.ask(f"SELECT event FROM audit_entry WHERE id = {row}")[0][0]

    def rewrite(value: str) -> None:
        server.as_superuser(
            "ALTER TABLE audit_entry DISABLE TRIGGER USER",
            f"UPDATE audit_entry SET event = '{value}' WHERE id = {row}",
            "ALTER TABLE audit_entry ENABLE TRIGGER USER",
        )

    rewrite("account.invited")
    server.must("backup", str(path))
    rewrite(event)
    before = server.names()
    refused = server.manage("restore", str(path))
    assert refused.returncode == 1
    assert f"entry {row} is not what was written" in refused.stderr
    assert "The database was left as it was." in refused.stderr
    assert server.names() == before
    server.must("verify_audit")


@pytest.mark.parametrize("content", [b"", b"not a dump at all\n", b"PGDMP cut short"])
def test_a_file_that_is_no_backup_changes_nothing(server: Server, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.dump"
    path.write_bytes(content)
    before = server.names()
    refused = server.manage("restore", str(path))
    assert refused.returncode == 1
    assert "pg_restore failed" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert server.names() == before


def test_a_database_in_use_is_not_swapped_away(server: Server, backup: Path) -> None:
    before = server.names()
    with psycopg.connect(server.values["DATABASE_URL"]):
        refused = server.manage("restore", str(backup))
    assert refused.returncode == 1
    assert "is in use (1 connections)" in refused.stderr
    assert server.names() == before


def test_a_restore_that_was_killed_does_not_stand_in_the_way(server: Server, backup: Path) -> None:
    server.ask("CREATE DATABASE saferhub_restoring")
    server.must("restore", str(backup))
    assert "saferhub_restoring" not in server.names()


def test_another_server_opens_a_new_era_and_seals_in_it(server: Server, backup: Path) -> None:
    with private_folder() as room, databases() as new_database:
        database = new_database(room)
        other = Server(database, database.make_ready())
        said = other.must("restore", str(backup))
        assert "a new era of the audit was opened" in said
        other.must("seal_audit")
        other.must("verify_audit")
        assert other.ask("SELECT max(number) FROM audit_era") == [(2,)]
        assert other.ask(JOB_TITLE) == server.ask(JOB_TITLE)
        assert other.kept().read_bytes() == SENT
        # What nothing names is left behind.
        assert not (other.files() / OTHER[:2] / OTHER).exists()
