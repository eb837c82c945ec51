"""A web server in a process of its own, on a test's database, that can be killed outright and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


class Served:
    """The product as it is served, by gunicorn. `start` waits until it answers; `kill` leaves it time for nothing."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "gunicorn", "saferhub.wsgi", "--bind", f"127.0.0.1:{self.port}",
                    "--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "warning",
                ],
                cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """Nothing of it is left: the master and its workers are gone when this returns."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _environment(self) -> dict[str, str]:
        """This test's, with its database, and the application's role alone, as a server has it."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        name = connections["default"].settings_dict["NAME"]
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        return given | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False
