"""The supervisor of one local PostgreSQL cluster: make it, start it, notice its death, stop it.

It talks to the server's own programs and to nothing else, so that it works alike on the system's
binaries and on the wheel's. What it has to get right, each learnt from a failure:

* a postmaster killed outright stays a zombie until somebody reaps it, and its lock file then keeps
  the next one from starting;
* its number may by then belong to quite another process, so that "the number exists" proves nothing;
* its children may outlive it for a moment, and removing the lock file while one of them still
  writes would corrupt the data;
* several `./dev` share one server, and the last to leave stops it, also when it is killed;
* PostgreSQL refuses to run as root, and the user it runs as may not reach the checkout.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devkit.accounts import FAR_BASE, account_for
from devkit.binaries import Binaries
from devkit.console import Stopped, say
from devkit.liveness import is_alive, wait_until, works_in
from devkit.locks import FileLock, held
from devkit.places import rotate

SUPERUSER = "postgres"
PORT = 5432  # only the socket's name: the server listens on no network address
# sockaddr_un holds 108 bytes with the closing zero (104 on macOS and the BSDs).
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103
_ASK_FOR_TLS = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")  # SSLRequest of the protocol


@dataclass
class Cluster:
    """One data folder and the server on it. `base` holds everything, `name` tells clusters apart."""

    base: Path
    name: str
    binaries: Binaries
    short_name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    _child: subprocess.Popen | None = None
    _keeper: subprocess.Popen | None = None
    _users: FileLock | None = None

    def __post_init__(self) -> None:
        self.account = account_for(self.data)
        if not self.account and self.data.exists() and self.data.stat().st_uid != os.geteuid():
            owner = pwd.getpwuid(self.data.stat().st_uid).pw_name
            raise Stopped(
                f"The local database in {self.data} belongs to the user {owner}. "
                "Run ./dev as the user who made it, or as root."
            )

    # Places

    @property
    def home(self) -> Path:
        return self.base / self.name

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def socket_folder(self) -> Path:
        """Where the socket is while the server runs, or will be when it is started."""
        if self.is_running():
            lines = self._lock_lines()
            if len(lines) > 4 and lines[4]:
                return Path(lines[4])
        near = self.home / "socket"
        if _fits(near):
            return near
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        leaf = f"saferhub-{os.geteuid()}-{self.short_name}-{self.name}"
        if runtime and not self.account and _fits(Path(runtime) / leaf):
            return Path(runtime) / leaf
        return Path("/tmp") / leaf

    # Making

    def make(self, superuser_password: str) -> None:
        """initdb, in one step: a killed one leaves nothing that could be taken for a cluster."""
        with held(self._prepared_home() / "start.lock"):
            if self.exists:
                return
            fresh = self.home / "data.new"
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            password_file = self.home / "password.new"
            password_file.unlink(missing_ok=True)
            with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(superuser_password + "\n")
            if self.account:
                os.chown(fresh, self.account.uid, self.account.gid)
                os.chown(password_file, self.account.uid, self.account.gid)
            try:
                self._initdb(fresh, password_file)
            finally:
                password_file.unlink(missing_ok=True)
            with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
                file.write("\ninclude_if_exists = 'saferhub.conf'\n")
            fresh.rename(self.data)

    def _prepared_home(self) -> Path:
        if not self.home.exists():
            if self.base.is_relative_to(FAR_BASE):
                FAR_BASE.mkdir(mode=0o755, exist_ok=True)
            self.home.mkdir(parents=True, exist_ok=True)
            # Root's server has to pass through these two folders of ours, and only through.
            mode = 0o711 if self.account else 0o700
            self.base.chmod(mode)
            self.home.chmod(mode)
        return self.home

    def _initdb(self, folder: Path, password_file: Path) -> None:
        command = [
            self.binaries.program("initdb"),
            "--pgdata",
            str(folder),
            "--username",
            SUPERUSER,
            "--pwfile",
            str(password_file),
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
        ]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        if self.binaries.major >= 17:
            # Built in, so that the order of words does not change with the system's C library.
            attempts = [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
        else:
            attempts = [["--locale=C.UTF-8"], ["--locale=C"]]
        for attempt in attempts:
            done = subprocess.run([*command, *attempt], capture_output=True, text=True, **self._as_account())
            if done.returncode == 0:
                return
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise Stopped(f"The local database could not be made ({self.binaries.folder}/initdb):\n{tail}")

    def _as_account(self) -> dict:
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        options: dict = {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL}
        if self.account:
            options |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return options

    # Running

    def _lock_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def postmaster(self) -> int | None:
        """The number of the live server process of this data folder, if there is one."""
        if self._child is not None:
            self._child.poll()  # reaps it, should it be dead
        try:
            number = int(self._lock_lines()[0])
        except (IndexError, ValueError):
            return None
        return number if works_in(number, self.data) else None

    def is_running(self) -> bool:
        return self.postmaster() is not None

    def is_ready(self) -> bool:
        lines = self._lock_lines()
        return (
            self.is_running() and len(lines) > 7 and lines[7].strip() == "ready" and self._answers(lines[4])
        )

    def _answers(self, folder: str) -> bool:
        """Whether something answers at the socket: a server that is just dying looks alive in /proc."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(f"{folder}/.s.PGSQL.{PORT}")
                connection.sendall(_ASK_FOR_TLS)
                return connection.recv(1) in (b"S", b"N")
            except OSError:
                return False

    def start(self, *, patience: float = 120) -> None:
        """Starts the server unless it runs, clearing up after a killed one. Raises Stopped."""
        until = time.monotonic() + patience
        told = time.monotonic() + 10
        launches = 0
        with held(self._prepared_home() / "start.lock", waiting_for="another ./dev that starts the database"):
            while not self.is_ready():
                if not self.is_running() and (self._child is None or self._child.poll() is not None):
                    if launches == 3:
                        raise Stopped(
                            f"PostgreSQL did not start. The end of {self.log}:\n{self._end_of_log()}"
                        )
                    self._clear_what_a_killed_server_left()
                    self._launch()
                    launches += 1
                if time.monotonic() > until:
                    raise Stopped(f"PostgreSQL was not ready after {patience:.0f} s; see {self.log}.")
                if time.monotonic() > told:
                    say("PostgreSQL is still recovering …")
                    told += 10
                time.sleep(0.03)

    def _launch(self) -> None:
        folder = self.socket_folder()
        self._make_socket_folder(folder)
        self._write_settings(folder)
        rotate(self.log)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                [self.binaries.program("postgres"), "-D", str(self.data)],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_account(),
            )

    def _end_of_log(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-12:])

    def _make_socket_folder(self, folder: Path) -> None:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, self.account.uid, self.account.gid)
        found = folder.lstat()
        owner = self.account.uid if self.account else os.geteuid()
        # The name in /tmp can be guessed: another user may have made it first, to listen in.
        if folder.is_symlink() or not folder.is_dir() or found.st_uid != owner or found.st_mode & 0o077:
            raise Stopped(f"{folder} is not a private folder of PostgreSQL's user. Remove it and try again.")

    def _write_settings(self, socket_folder: Path) -> None:
        quoted = str(socket_folder).replace('"', '""')
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{quoted}"',
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %u ",
            "cluster_name": f"saferhub {self.name}",
            **self.settings,
        }
        text = "# Written by ./dev at every start.\n" + "".join(
            f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()
        )
        path = self.data / "saferhub.conf"
        path.write_text(text, encoding="utf-8")
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        path.chmod(0o600)

    def _clear_what_a_killed_server_left(self) -> None:
        """Removes the lock files of a dead server, once nothing of it works in the data any more."""
        lines = self._lock_lines()
        if not lines:
            return
        if sys.platform != "linux":
            # Without /proc what still works in the data cannot be listed, and PostgreSQL's own look at
            # its shared memory has to decide. It only errs where the number went to another process.
            if not is_alive(lines[0]):
                return
            time.sleep(5)
        sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else None
        for kind, patience in ((None, 5.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if wait_until(lambda: not self._orphans(), patience):
                break
            for number in self._orphans():
                if kind:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(number, kind)
        if self._orphans():
            raise Stopped(f"Processes of a killed PostgreSQL still work in {self.data}: {self._orphans()}.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if sockets:
            for leaf in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
                (sockets / leaf).unlink(missing_ok=True)

    def _orphans(self) -> list[int]:
        numbers = (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))
        return [number for number in numbers if works_in(number, self.data)]

    def stop(self, *, patience: float = 20) -> None:
        """Fast shutdown; immediate (recovered at the next start, losing nothing) when that hangs."""
        with held(self._prepared_home() / "start.lock"):
            for kind in (signal.SIGINT, signal.SIGQUIT):
                number = self.postmaster()
                if number is None:
                    return
                os.kill(number, kind)
                if wait_until(lambda: not self.is_running(), patience):
                    return
        raise Stopped(f"PostgreSQL (process {self.postmaster()}) does not stop; see {self.log}.")

    # Sharing

    def join(self) -> None:
        """Starts the server, or joins those who use it; a keeper stops it after the last of us."""
        while True:
            self._users = FileLock(self._prepared_home() / "users.lock")
            self._users.take(shared=True, waiting_for="the database to stop")
            if self._users.is_still_there():
                break
            self._users.let_go()  # a reset removed it while we waited
        self.start()
        with (self.home / "keeper.log").open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "devkit.keeper", str(self.base), self.name, str(self.binaries.folder)],
                cwd=Path(__file__).resolve().parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def leave(self) -> None:
        """Stops the server if nobody else uses it."""
        if self._users is None:
            return
        users, self._users = self._users, None
        users.let_go()
        try:
            if users.try_to_take():
                self.stop()
            elif not users.try_to_take(shared=True):
                wait_until(lambda: not self.is_running(), 20)  # the keeper was quicker
        finally:
            users.let_go()
            self._part_from_what_runs_on()

    def _part_from_what_runs_on(self) -> None:
        running = self.is_running()
        for process in (self._child, self._keeper):
            if process is None:
                continue
            if not running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(5)
            if process.poll() is None:
                process.returncode = 0  # meant to outlive us, which Python would otherwise warn about
        self._child = self._keeper = None

    def remove(self) -> None:
        """Stops the server and deletes the data. Raises Stopped while somebody uses them."""
        if not self.home.exists():
            return
        users = FileLock(self.home / "users.lock")
        if not users.try_to_take():
            raise Stopped("The local database is in use by another ./dev: stop that one first.")
        try:
            self.stop()
            folder = self.socket_folder()
            if not folder.is_relative_to(self.home):
                shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(self.home)
        finally:
            users.let_go()

    def set_superuser_password(self, password: str) -> None:
        """For a cluster whose secrets file was lost. The server must not run."""
        with held(self._prepared_home() / "start.lock"):
            self._clear_what_a_killed_server_left()
            options = self._as_account()
            del options["stdin"]
            done = subprocess.run(
                [self.binaries.program("postgres"), "--single", "-D", str(self.data), "postgres"],
                input=f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n".encode(),
                capture_output=True,
                **options,
            )
        if done.returncode:
            raise Stopped("The local database's password could not be set anew; ./dev reset makes a new one.")


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
