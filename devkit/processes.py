"""Child processes of `./dev run`: started, watched, started again when they crash, stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from devkit.console import say

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0


class Child:
    """One kept process. Its output is shown line by line under its name and kept in a file."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], root: Path, logs: Path) -> None:
        self.name, self.command, self.env, self.root = name, command, dict(env), root
        logs.mkdir(parents=True, exist_ok=True)
        self.log = logs / f"{name}.log"
        self.process: subprocess.Popen | None = None
        self.pause = SHORTEST_PAUSE
        self.not_before = 0.0
        self.began = 0.0

    def start(self) -> None:
        """Call from the main thread only: a child dies with the thread that started it (prctl)."""
        root = str(Path(__file__).resolve().parent.parent)
        tether = [sys.executable, str(Path(__file__).with_name("tether.py")), str(os.getpid())]
        self.process = subprocess.Popen(
            [*tether, *self.command],
            cwd=self.root,
            env={**self.env, "PYTHONPATH": root},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop things in order
        )
        self.began = time.monotonic()
        assert self.process.stdout is not None
        threading.Thread(target=self._copy, args=(self.process.stdout,), daemon=True).start()

    def _copy(self, output: IO[bytes]) -> None:
        with output, self.log.open("ab") as kept:
            for line in output:
                kept.write(line)
                kept.flush()
                say(f"{self.name} | {line.decode(errors='replace').rstrip()}")

    def result(self) -> int | None:
        """The exit code once it has ended; None while it runs or before it started."""
        return None if self.process is None else self.process.poll()

    def keep_alive(self) -> None:
        """Starts it again after a crash, waiting longer each time it crashes soon."""
        if self.process is None or self.process.poll() is None:
            return
        if self.not_before == 0.0:
            lived = time.monotonic() - self.began
            self.pause = SHORTEST_PAUSE if lived > STEADY_AFTER else self.pause
            ending = _ending(self.process.returncode)
            say(f"{self.name} stopped ({ending}); starting it again in {self.pause:.1f} s")
            self.not_before = time.monotonic() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self._end_group(signal.SIGTERM)
        elif time.monotonic() >= self.not_before:
            # Workers of a killed web server may hold its port still.
            self._end_group(signal.SIGKILL)
            self.not_before = 0.0
            self.start()

    def _end_group(self, kind: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, kind)

    def ask_to_stop(self) -> None:
        self._end_group(signal.SIGTERM)

    def wait_until_stopped(self, until: float) -> None:
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        self._end_group(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
