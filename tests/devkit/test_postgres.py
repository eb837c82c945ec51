"""The supervisor on real clusters: killed, shared, found again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from devkit import secrets_file
from devkit.console import Stopped
from devkit.database import LocalDatabase
from devkit.postgres import LONGEST_SOCKET_PATH
from tests.devkit.conftest import ROOT

Maker = Callable[[Path], LocalDatabase]


def ask(url: str, question: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def gone(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()


def wait_for(is_so: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_new_cluster_has_the_roles_the_database_and_nothing_open(room: Path, new_database: Maker) -> None:
    values = new_database(room).make_ready()
    for name, role in secrets_file.ROLE_OF_URL.items():
        assert ask(values[name], "SELECT session_user") == [(role,)]
    owner = values["DATABASE_OWNER_URL"]
    assert ask(owner, "SHOW listen_addresses") == [("",)]
    assert ask(owner, "SHOW data_checksums") == [("on",)]
    assert ask(owner, "SHOW jit") == [("off",)]
    assert ask(owner, "SELECT DISTINCT left(coalesce(rolpassword, '-'), 5) FROM pg_roles") == [("*****",)]
    assert ask(owner, "SELECT has_database_privilege('pg_monitor', 'saferhub', 'CONNECT')") == [(False,)]
    extensions = {row[0] for row in ask(owner, "SELECT extname FROM pg_extension")}
    assert {"pg_trgm", "btree_gist", "unaccent", "fuzzystrmatch"} <= extensions
    unsafe = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'saferhub%' AND (rolsuper OR rolcreaterole)"
    assert ask(owner, unsafe) == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(values["DATABASE_URL"], "CREATE TABLE public.mine (i int)")
    assert (room / "postgres/main/data").stat().st_mode & 0o777 == 0o700


def test_a_wrong_password_is_refused_although_the_socket_is_ours(room: Path, new_database: Maker) -> None:
    database = new_database(room)
    database.make_ready()
    wrong = secrets_file.url("saferhub_app", "wrong", database.cluster.socket_folder())
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(wrong, "SELECT 1")


def test_a_postmaster_killed_three_times_recovers_with_every_committed_row(
    room: Path, new_database: Maker
) -> None:
    database = new_database(room)
    owner = database.make_ready()["DATABASE_OWNER_URL"]
    ask(owner, "CREATE TABLE kept (number int)")
    for number in range(1, 4):
        ask(owner, f"INSERT INTO kept VALUES ({number})")
        postmaster = database.cluster.postmaster()
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        database.cluster.start()
        assert ask(owner, "SELECT count(*) FROM kept") == [(number,)]


def test_a_lock_file_whose_number_belongs_to_another_process_is_cleared(
    room: Path, new_database: Maker
) -> None:
    database = new_database(room)
    owner = database.make_ready()["DATABASE_OWNER_URL"]
    cluster = database.cluster
    lock_file = cluster.data / "postmaster.pid"
    left_behind = lock_file.read_text().splitlines()
    postmaster = cluster.postmaster()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    assert wait_for(lambda: not cluster.is_running())
    account = cluster.account
    options = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **options)
    try:
        lock_file.write_text("\n".join([str(stranger.pid), *left_behind[1:]]) + "\n")
        assert not cluster.is_running()
        cluster.start()
        assert ask(owner, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        gone(stranger)


def test_a_strangers_process_in_the_data_folder_is_left_alone(room: Path, new_database: Maker) -> None:
    database = new_database(room)
    owner = database.make_ready()["DATABASE_OWNER_URL"]
    cluster = database.cluster
    stranger = subprocess.Popen(["sleep", "60"], cwd=cluster.data)  # somebody's shell may stand there
    try:
        postmaster = cluster.postmaster()
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        cluster.start()
        assert ask(owner, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        gone(stranger)


def test_two_first_starts_at_once_share_one_server_and_its_secrets(room: Path) -> None:
    program = (
        "import json, sys; from pathlib import Path; from tests.devkit.conftest import databases\n"
        "with databases() as new_database:\n"
        "    print(json.dumps(new_database(Path(sys.argv[1])).make_ready()), flush=True)\n"
        "    sys.stdin.read()"
    )
    with contextlib.ExitStack() as stack:
        both = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", program, str(room)],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(2)
        ]
        for process in both:
            stack.callback(process.kill)
        answers = [process.stdout.readline() for process in both if process.stdout]
        assert all(answers), "one of them failed"
        first, second = map(json.loads, answers)
        assert first == second
        for name, role in secrets_file.ROLE_OF_URL.items():
            assert ask(first[name], "SELECT session_user") == [(role,)]
        for process in both:
            assert process.stdin is not None
            process.stdin.close()
        assert [process.wait(60) for process in both] == [0, 0]


def test_a_server_that_runs_already_is_joined_without_a_word(
    room: Path, new_database: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    new_database(room).make_ready()
    assert "Starting PostgreSQL" in capsys.readouterr().err
    new_database(room).make_ready()
    assert capsys.readouterr().err == ""


def test_the_server_stays_until_its_last_user_leaves(room: Path, new_database: Maker) -> None:
    first, second = new_database(room), new_database(room)
    first.make_ready()
    second.make_ready()
    first.cluster.leave()
    assert second.cluster.is_running()
    with pytest.raises(Stopped, match="in use by another"):
        first.cluster.remove()
    second.cluster.leave()
    assert not second.cluster.is_running()


def test_the_server_stops_after_its_only_user_was_killed(room: Path, new_database: Maker) -> None:
    database = new_database(room)
    database.make_ready()
    cluster = database.cluster
    cluster.leave()
    program = (
        "import sys; from pathlib import Path; from devkit.binaries import Binaries; "
        "from devkit.postgres import Cluster\n"
        "base, folder, major = sys.argv[1:]\n"
        "found = Binaries(Path(folder), int(major), 'test')\n"
        "Cluster(base=Path(base), name='main', binaries=found, short_name='x').join()\n"
        "print('joined', flush=True); sys.stdin.read()"
    )
    arguments = [str(cluster.base), str(cluster.binaries.folder), str(cluster.binaries.major)]
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "joined\n"
        assert cluster.is_running()
        user.kill()
    assert wait_for(lambda: not cluster.is_running())


def test_a_long_path_gets_a_short_private_socket_folder(room: Path, new_database: Maker) -> None:
    deep = room / ('Ann\'s "folder" ' + "x" * 90)
    deep.mkdir()
    database = new_database(deep)
    values = database.make_ready()
    folder = database.cluster.socket_folder()
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert folder.stat().st_mode & 0o777 == 0o700
    assert ask(values["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_a_socket_folder_that_others_can_read_is_refused(room: Path, new_database: Maker) -> None:
    database = new_database(room)
    database.cluster.make("first password")
    database.cluster.socket_folder().mkdir(mode=0o777)
    database.cluster.socket_folder().chmod(0o777)
    with pytest.raises(Stopped, match="is not a private folder"):
        database.cluster.start()


def test_lost_secrets_are_replaced_and_the_rows_stay(room: Path, new_database: Maker) -> None:
    database = new_database(room)
    ask(database.make_ready()["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 7 AS number")
    database.cluster.leave()
    database.secrets.unlink()
    again = new_database(room)
    values = again.make_ready()
    assert ask(values["DATABASE_OWNER_URL"], "SELECT number FROM kept") == [(7,)]
    assert ask(values["DATABASE_URL"], "SELECT session_user") == [("saferhub_app",)]


def test_set_up_goes_on_where_a_killed_one_stopped(room: Path, new_database: Maker) -> None:
    half_made = room / "postgres/main/data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("15\n")
    database = new_database(room)
    database.cluster.make(secrets_file.ensure(database.secrets, room)["SAFERHUB_SUPERUSER_PASSWORD"])
    # Killed here: a cluster, but neither roles nor database in it.
    values = new_database(room).make_ready()
    assert ask(values["DATABASE_URL"], "SELECT session_user") == [("saferhub_app",)]


def test_a_database_is_removed_with_all_that_is_in_it(room: Path, new_database: Maker) -> None:
    database = new_database(room)
    database.make_ready()
    database.cluster.leave()
    database.cluster.remove()
    assert not database.cluster.home.exists()
    database.cluster.remove()  # nothing left to do, and nothing to complain of
