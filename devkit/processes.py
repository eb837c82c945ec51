"""Child processes of `./dev run`: started, watched, started again when they crash, stopped.

A child leads a process group, and whatever it left running is ended by the group's number. The kernel
gives that number away again once the child is reaped, so an ended child is looked at without reaping it;
its group is ended first, then it is reaped and forgotten. A forgotten number is never signalled again.
"""

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
from devkit.places import rotate

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0


class Child:
    """One kept process. Its output is shown line by line under its name and kept in a file."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], root: Path, logs: Path) -> None:
        self.name, self.command, self.env, self.root = name, command, dict(env), root
        logs.mkdir(parents=True, exist_ok=True)
        self.log = logs / f"{name}.log"
        rotate(self.log)
        self.process: subprocess.Popen | None = None  # until it is reaped
        self.code: int | None = None  # from then on
        self.pause = SHORTEST_PAUSE
        self.not_before = 0.0
        self.began = 0.0

    def start(self) -> None:
        """Call from the main thread only: a child dies with the thread that started it (prctl)."""
        # Where it was inherited as ignored, the kernel would reap children before we have looked at them.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
        self.code = None
        self.began = time.monotonic()
        assert self.process.stdout is not None
        threading.Thread(target=self._copy, args=(self.process.stdout,), daemon=True).start()

    def _copy(self, output: IO[bytes]) -> None:
        with output, self.log.open("ab") as kept:
            for line in output:
                kept.write(line)
                kept.flush()
                say(f"{self.name} | {line.decode(errors='replace').rstrip()}")

    def is_running(self) -> bool:
        """Whether it was started and has not ended. Reaps nothing."""
        return self.process is not None and _ending(self.process) is None

    def result(self) -> int | None:
        """The exit code of a child that is not kept alive, once it has ended; None before that.

        What it left running ends with it.
        """
        if self.process is not None and not self.is_running():
            self._end_group(signal.SIGKILL)
            self._reap()
        return self.code

    def keep_alive(self) -> None:
        """Starts it again after a crash, waiting longer each time it crashes soon."""
        ending = None if self.process is None else _ending(self.process)
        if ending is None:
            return
        if self.not_before == 0.0:
            lived = time.monotonic() - self.began
            self.pause = SHORTEST_PAUSE if lived > STEADY_AFTER else self.pause
            say(f"{self.name} stopped ({ending}); starting it again in {self.pause:.1f} s")
            self.not_before = time.monotonic() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            # Those it left may end in order during the pause.
            self._end_group(signal.SIGTERM)
        elif time.monotonic() >= self.not_before:
            # Workers of a killed web server may hold its port still.
            self._end_group(signal.SIGKILL)
            self._reap()
            self.not_before = 0.0
            self.start()

    def ask_to_stop(self) -> None:
        self._end_group(signal.SIGTERM)

    def wait_until_stopped(self, until: float) -> None:
        """Waits for its end until then (of time.monotonic), and ends what is left of it outright."""
        while self.is_running() and time.monotonic() < until:
            time.sleep(0.02)
        self._end_group(signal.SIGKILL)
        self._reap()

    def _end_group(self, kind: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, kind)

    def _reap(self) -> None:
        """Gives its number back. From here on it must not be signalled, so it is forgotten too."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.code = self.process.wait(5)
                self.process = None


def _ending(process: subprocess.Popen) -> str | None:
    """How it ended, None while it runs. An ended one stays a zombie, so that its number stays its own."""
    if not hasattr(os, "waitid"):  # macOS has it from Python 3.13 on only
        shown = subprocess.run(["ps", "-o", "stat=", "-p", str(process.pid)], capture_output=True, text=True)
        return "see its log" if shown.stdout.strip().startswith("Z") else None
    found = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    if found.si_code == os.CLD_EXITED:
        return f"exit code {found.si_status}"
    return f"signal {signal.Signals(found.si_status).name}"
