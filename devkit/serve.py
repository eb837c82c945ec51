"""`./dev run`: the database, the web server, the worker and the demonstration data, until stopped."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

from devkit import environment
from devkit.console import Stopped, run_quietly, say, step
from devkit.database import LocalDatabase
from devkit.locks import FileLock
from devkit.places import Places, hash_of_files, read_stamp, write_stamp
from devkit.processes import Child

HOST = "127.0.0.1"
WEB_PROCESSES, WEB_THREADS = 2, 8
SECONDS_TO_STOP = 8.0


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Stopped(
                f"Port {port} needs an administrator. Choose one above 1023: ./dev run --port 8001"
            ) from None
        except OSError:
            raise Stopped(
                f"Port {port} is in use by another program. Choose another: ./dev run --port {port + 1}"
            ) from None


def run(places: Places, *, port: int, scale: str | None) -> int:
    """Returns the exit code: 0 after Ctrl-C or SIGTERM. Raises Stopped when it cannot start."""
    only_one = FileLock(places.locks / "run.lock")
    if not only_one.try_to_take():
        raise Stopped(
            "saferhub already runs from this checkout. Stop it first (Ctrl-C where it was started)."
        )
    check_port(port)
    stopping = _Stopping()
    try:
        with environment.with_database(places) as (values, local):
            # With a database of one's own the service has an address of its own, which only its owner knows.
            if not values.get("SAFERHUB_URL") and (local or values.get("SAFERHUB_DEMONSTRATION")):
                values["SAFERHUB_URL"] = address(port)  # links in mail lead where it is served
            prepare(places, values)
            return _serve(places, values, local, port=port, scale=scale, stopping=stopping)
    except KeyboardInterrupt:
        return 0
    finally:
        only_one.let_go()


class _Stopping:
    """Turns Ctrl-C, SIGTERM and a closed terminal into one request to stop.

    Before anything serves, the request interrupts set-up at once. A second Ctrl-C kills.
    """

    def __init__(self) -> None:
        self.serving = False
        self.times = 0
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, self._asked)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        if not self.serving:
            raise KeyboardInterrupt


def _code_hash(places: Places) -> str:
    package = places.root / "saferhub"
    files = [path for pattern in ("**/*.py", "**/*.sql") for path in package.glob(pattern)]
    return hash_of_files(*files, places.root / "uv.lock", also=",".join(sorted(map(str, files))))


def prepare(places: Places, values: Mapping[str, str]) -> None:
    """Migrations and static files, each only when something they depend on has changed."""
    code = _code_hash(places)
    if _migration_state(values, code) != _recorded_migration_state(values):
        with step("Bringing the database up to date"):
            _manage(places, values, "migrate", "--database", "owner", "--no-input", "-v", "0")
        _record_migration_state(values, _migration_state(values, code))
    static = hashlib.sha256((code + _names_and_times(places)).encode()).hexdigest()
    if read_stamp(places.stamps / "static") != static or not places.static.is_dir():
        with step("Collecting static files"):
            _manage(places, values, "collectstatic", "--no-input", "--clear", "-v", "0")
        write_stamp(places.stamps / "static", static)


def _names_and_times(places: Places) -> str:
    folders = (places.root / "saferhub" / "assets", places.assets)
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files)


def _migration_state(values: Mapping[str, str], code: str) -> str:
    """A hash of the code and of the migrations that the database says it has had."""
    import psycopg

    with psycopg.connect(values["DATABASE_OWNER_URL"], autocommit=True) as connection:
        present = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        rows = []
        if present and present[0]:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall()
    return "migrated " + hashlib.sha256(repr((code, rows)).encode()).hexdigest()


def _recorded_migration_state(values: Mapping[str, str]) -> str:
    """Kept as the database's comment, so that a restored or replaced database brings its own."""
    import psycopg

    with psycopg.connect(values["DATABASE_OWNER_URL"], autocommit=True) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return (row and row[0]) or ""


def _record_migration_state(values: Mapping[str, str], state: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(values["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(connection.info.dbname), sql.Literal(state)
            )
        )


def _manage(places: Places, values: Mapping[str, str], *words: str) -> None:
    run_quietly(
        environment.manage(places, *words), log=places.logs / "setup.log", cwd=places.root, env=values
    )


def _web(places: Places, values: Mapping[str, str], port: int) -> Child:
    command = [
        str(places.python), "-m", "gunicorn", "saferhub.wsgi",
        "--bind", f"{HOST}:{port}",
        "--worker-class", "gthread",
        "--workers", str(WEB_PROCESSES),
        "--threads", str(WEB_THREADS),
        "--graceful-timeout", "5",
        "--no-control-socket",  # it would be made in the home folder
        "--log-level", "warning",
    ]  # fmt: skip
    if os.path.isdir("/dev/shm"):
        command += ["--worker-tmp-dir", "/dev/shm"]
    return Child("web", command, environment.only(values, environment.FOR_WEB), places.root, places.logs)


def children_of(places: Places, values: Mapping[str, str], *, port: int, scale: str | None) -> list[Child]:
    """The web server, the worker and, in a demonstration, what loads its data."""
    worker_values = environment.only(values, environment.FOR_WORKER)
    worker = Child("worker", environment.manage(places, "worker"), worker_values, places.root, places.logs)
    children = [_web(places, values, port), worker]
    if values.get("SAFERHUB_DEMONSTRATION", "").lower() in ("1", "true", "yes", "on"):
        words = ["demo", *(["--scale", scale] if scale else [])]
        children.append(Child("demo", environment.manage(places, *words), values, places.root, places.logs))
    return children


def address(port: int) -> str:
    return f"http://localhost:{port}"


def _serve(
    places: Places,
    values: Mapping[str, str],
    local: LocalDatabase | None,
    *,
    port: int,
    scale: str | None,
    stopping: _Stopping,
) -> int:
    check_port(port)
    web, worker, *rest = children = children_of(places, values, port=port, scale=scale)
    demo = rest[0] if rest else None
    stopping.serving = True
    announced = demo_told = False
    began = time.monotonic()
    try:
        for child in children:
            child.start()
        while not stopping.times:
            if not announced and _health(port):
                _announce(places, values, port, demo is not None, time.monotonic() - began)
                announced = True
            if demo is not None and not demo_told and demo.result() is not None:
                demo_told = True
                if demo.code:
                    say(f"The demonstration data could not be loaded; see {demo.log}.")
            if local is not None and not local.cluster.is_running():
                say("PostgreSQL stopped; starting it again")
                local.cluster.start()
            web.keep_alive()
            worker.keep_alive()
            time.sleep(0.1 if not announced else 0.4)
    finally:
        _stop(children, stopping)
    return 0


def _stop(children: list[Child], stopping: _Stopping) -> None:
    with step("Stopping"):
        asked = max(stopping.times, 1)
        until = time.monotonic() + SECONDS_TO_STOP
        for child in children:
            child.ask_to_stop()
        while time.monotonic() < until and stopping.times <= asked:
            if not any(child.is_running() for child in children):
                break
            time.sleep(0.05)
        for child in children:
            child.wait_until_stopped(time.monotonic())


def _health(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _announce(
    places: Places, values: Mapping[str, str], port: int, demonstration: bool, seconds: float
) -> None:
    print(
        f"\nsaferhub answers at {address(port)}/ (started in {seconds:.1f} s). Ctrl-C stops it.\n",
        flush=True,
    )
    if not demonstration:
        if "SAFERHUB_TLS" not in values:
            print(
                "Pages ask for https. Set SAFERHUB_TLS=0 to look at them here without a proxy.\n", flush=True
            )
        return
    cast = subprocess.run(
        environment.manage(places, "demo", "--cast"),
        cwd=places.root,
        env=dict(values),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if cast.returncode:
        print(cast.stderr, file=sys.stderr)
        return
    print("Sign in as one of the demonstration's people, without a password:\n")
    print(cast.stdout, flush=True)
