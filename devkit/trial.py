"""A trial run of a checkout: start it, ask it for pages, stop it, and time each."""

import contextlib
import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from devkit.console import Stopped


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Browser:
    """Keeps cookies and follows redirects, as a person's browser does."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def get(self, path: str, *, timeout: float = 20) -> tuple[int, str]:
        return self._open(urllib.request.Request(self.base + path), timeout)

    def post(self, path: str, fields: Mapping[str, str], *, timeout: float = 20) -> tuple[int, str]:
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self.base + path, data=body), timeout)

    def _open(self, request: urllib.request.Request, timeout: float) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode(errors="replace")


@dataclass
class Run:
    """`./dev run` under way. Times are seconds since it was started."""

    process: subprocess.Popen
    port: int
    began: float
    log: Path

    def health(self) -> dict | None:
        with contextlib.suppress(OSError, ValueError):
            status, body = Browser(self.port).get("/health", timeout=3)
            return json.loads(body) if status == 200 else None
        return None

    def wait_for_health(self, *, patience: float, demonstration: str | None = None) -> float:
        """Seconds until /health answered (and the demonstration was in that state). Raises Stopped."""
        while time.monotonic() - self.began < patience:
            answer = self.health()
            if answer is not None and demonstration in (None, answer.get("demonstration")):
                return round(time.monotonic() - self.began, 1)
            if self.process.poll() is not None:
                raise Stopped(f"./dev run ended with {self.process.returncode}: {self.last_words()}")
            time.sleep(0.1)
        raise Stopped(f"no answer after {patience:.0f} s: {self.last_words()}")

    def last_words(self) -> str:
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def stop(self) -> float:
        asked = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return round(time.monotonic() - asked, 1)


@contextlib.contextmanager
def running(
    command: list[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    account: tuple[int, int] | None = None,
) -> Iterator[Run]:
    """`command` run with a port of its own; stopped at the end however that comes."""
    port = free_port()
    options: dict = {}
    if account:
        options = {"user": account[0], "group": account[1], "extra_groups": []}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    run = Run(process, port, time.monotonic(), log)
    try:
        yield run
    finally:
        run.stop()


def clean_environment(**values: str) -> dict[str, str]:
    """Ours, without what would make the trial depend on this checkout or this person's database."""
    ours = ("SAFERHUB_", "DATABASE_", "XDG_", "DJANGO_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"):
        kept.pop(name, None)
    return kept | values
