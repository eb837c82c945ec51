"""Web server, worker and database killed outright during writes: nothing half-done, nothing lost.

A whole `./dev run` with a state folder of its own. Writers move duties of the statutory calendar back
and forth; each move changes the duty, adds a dated move and an audit entry, in one transaction.
"""

import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from devkit import secrets_file, trial
from saferhub.audit.operations import _SEALER as SEALER
from tests.devkit.conftest import ROOT

WRITERS = 3
MANAGER = "maya.manager"  # keeps the calendar


@pytest.fixture
def environment(room: Path) -> dict[str, str]:
    state = room / "local"
    state.mkdir(mode=0o711)
    given = {"SAFERHUB_LOCAL": str(state)}
    if "SAFERHUB_PG_BIN" in os.environ:
        given["SAFERHUB_PG_BIN"] = os.environ["SAFERHUB_PG_BIN"]
    return trial.clean_environment(**given)


@pytest.fixture
def command() -> list[str]:
    return [sys.executable, str(ROOT / "dev"), "run"]


@pytest.fixture
def site(room: Path, environment: dict[str, str], command: list[str]) -> Iterator[trial.Run]:
    with trial.running(command, cwd=ROOT, env=environment, log=room / "run.log") as run:
        run.wait_for_health(patience=180, demonstration="ready")
        yield run


def processes_of(run: trial.Run, words: str) -> list[int]:
    """Numbers of the processes below `run` whose command line holds `words`, oldest first."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            number = int(entry.name)
            lines[number] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parents[number] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])

    def is_below(number: int) -> bool:
        while number and number != run.process.pid:
            number = parents.get(number, 0)
        return bool(number)

    return sorted(number for number, line in lines.items() if words in line and is_below(number))


def kill(number: int) -> None:
    os.kill(number, signal.SIGKILL)


def wait_for(is_so: Callable[[], object], seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come back"
        time.sleep(0.1)


class Writer(threading.Thread):
    """Moves one duty to "not needed" and back until told to stop, through the pages a person uses."""

    def __init__(self, run: trial.Run, duty: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.duty, self.stop = duty, stop
        self.acknowledged = 0
        self.base = f"http://127.0.0.1:{run.port}"
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(), _NoRedirects()
        )

    def run(self) -> None:
        for act in itertools.cycle(("not-needed", "undo")):
            if self.stop.is_set():
                return
            try:
                self._move(act)
            except (OSError, urllib.error.URLError, ValueError):
                self.stop.wait(0.1)  # something was just killed

    def _move(self, act: str) -> None:
        address = f"{self.base}/partnership/calendar/{self.duty}/{act}/"
        page = self._send(address)[1]
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        if "csrfmiddlewaretoken" not in fields:
            self._send(f"{self.base}/demo/sign-in", {"username": MANAGER})
            return
        status, _ = self._send(address, fields | {"reason": "An invented reason."})
        if status in (302, 303):
            self.acknowledged += 1

    def _send(self, address: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(urllib.request.Request(address, data=body), timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as other:
            with other:
                return other.code, other.read().decode(errors="replace")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is the acknowledgement; following it could fail after the write had succeeded."""

    def redirect_request(self, *arguments: object, **options: object) -> None:
        return None


def owner_url(environment: dict[str, str]) -> str:
    return secrets_file.read(Path(environment["SAFERHUB_LOCAL"]) / "secrets.env")["DATABASE_OWNER_URL"]


def ask(environment: dict[str, str], question: str) -> list[tuple]:
    with psycopg.connect(owner_url(environment), autocommit=True) as connection:
        return connection.execute(question).fetchall()


OPEN_DUTIES = """
SELECT public_id FROM partnership_duty_occurrence WHERE status = 'due' ORDER BY due_on DESC, id LIMIT 3
"""
# Moves without their audit entry, audit entries without their move, duties that do not stand where
# their last move brought them. All three must be empty.
HALF_DONE = """
WITH moves AS (
  SELECT o.public_id, count(*) AS moves, (array_agg(m.to_status ORDER BY m.id DESC))[1] AS last, o.status
    FROM partnership_duty_occurrence o JOIN partnership_duty_move m ON m.occurrence_id = o.id
   GROUP BY o.id
), entries AS (
  SELECT subject, count(*) AS entries FROM audit_entry
   WHERE kind = 'write' AND event LIKE 'duty.%' AND event NOT IN ('duty.paused', 'duty.resumed')
   GROUP BY subject
)
SELECT coalesce(public_id, subject), moves, entries, last, status
  FROM moves FULL JOIN entries ON subject = public_id
 WHERE moves IS DISTINCT FROM entries OR last IS DISTINCT FROM status
"""
MOVES = "SELECT count(*) FROM partnership_duty_move"


def test_web_worker_and_database_killed_during_writes_leave_nothing_half_done(
    site: trial.Run, environment: dict[str, str], command: list[str], room: Path
) -> None:
    duties = [row[0] for row in ask(environment, OPEN_DUTIES)]
    assert len(duties) == WRITERS
    moves_before = ask(environment, MOVES)[0][0]
    stop = threading.Event()
    writers = [Writer(site, duty, stop) for duty in duties]
    for writer in writers:
        writer.start()

    def written() -> int:
        return sum(writer.acknowledged for writer in writers)

    def goes_on() -> None:
        so_far = written()
        wait_for(lambda: written() > so_far + WRITERS)

    goes_on()
    web = processes_of(site, "-m gunicorn")
    assert len(web) > 1, "a web server and its processes"
    kill(web[-1])
    goes_on()
    kill(processes_of(site, "-m gunicorn")[0])
    goes_on()
    wait_for(lambda: processes_of(site, "manage.py worker"))
    worker = processes_of(site, "manage.py worker")[0]
    kill(worker)
    goes_on()
    wait_for(lambda: [n for n in processes_of(site, "manage.py worker") if n != worker])
    postmaster = int((room / "local/postgres/main/data/postmaster.pid").read_text().split()[0])
    kill(postmaster)
    goes_on()

    # And at last all at once, as when the machine's memory runs out: the next start recovers.
    kill(site.process.pid)
    site.process.wait()
    kill(int((room / "local/postgres/main/data/postmaster.pid").read_text().split()[0]))
    stop.set()
    for writer in writers:
        writer.join(30)
    acknowledged = written()
    assert acknowledged > 4 * WRITERS
    with trial.running(command, cwd=ROOT, env=environment, log=room / "again.log") as again:
        again.wait_for_health(patience=60)
        assert ask(environment, HALF_DONE) == []
        assert ask(environment, MOVES)[0][0] - moves_before >= acknowledged
        verified = subprocess.run(
            [sys.executable, str(ROOT / "dev"), "manage", "verify_audit"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert verified.returncode == 0, verified.stderr


def test_nothing_runs_on_after_dev_run_was_killed(
    site: trial.Run, environment: dict[str, str], room: Path
) -> None:
    children = [*processes_of(site, "-m gunicorn"), *processes_of(site, "manage.py worker")]
    postmaster = int((room / "local/postgres/main/data/postmaster.pid").read_text().split()[0])
    assert len(children) >= 3
    kill(site.process.pid)
    site.process.wait()
    wait_for(lambda: not [number for number in (*children, postmaster) if _lives(number)])


def test_stopping_takes_seconds_and_leaves_nothing(site: trial.Run, room: Path) -> None:
    children = [*processes_of(site, "-m gunicorn"), *processes_of(site, "manage.py worker")]
    assert site.stop() < 10
    assert site.process.returncode == 0
    assert not [number for number in children if _lives(number)]
    assert not (room / "local/postgres/main/data/postmaster.pid").exists()


def _lives(number: int) -> bool:
    try:
        return (Path("/proc") / str(number) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SEALS = "SELECT count(*) FROM audit_seal"
SEALING = "SELECT id FROM procrastinate_jobs WHERE task_name = 'audit.seal' AND status = 'doing'"
START_SEALING = "from saferhub.audit.jobs import seal_audit; seal_audit.defer(timestamp=0)"


def test_sealing_goes_on_after_the_worker_was_killed_in_the_middle_of_it(
    site: trial.Run, environment: dict[str, str], command: list[str]
) -> None:
    def start_sealing() -> None:
        # It may wait in the queue already, its minute having come.
        subprocess.run(
            [*command[:-1], "manage", "shell", "-v", "0", "-c", START_SEALING],
            cwd=ROOT,
            env=environment,
            capture_output=True,
        )

    with psycopg.connect(owner_url(environment), autocommit=True) as sealer:
        sealer.execute("SELECT pg_advisory_lock(%s)", [SEALER])  # holds the job up half-way
        start_sealing()
        wait_for(lambda: ask(environment, SEALING), 90)
        held_up = ask(environment, SEALING)
        kill(processes_of(site, "manage.py worker")[0])
    wait_for(lambda: ask(environment, SEALING) != held_up, 60)
    before = ask(environment, SEALS)
    trial.Browser(site.port).post("/demo/sign-in", {"username": MANAGER})  # something to seal
    start_sealing()
    wait_for(lambda: ask(environment, SEALS) > before, 90)
