"""What the person at the terminal reads while something long runs.

Progress goes to the error stream, so that the output of `./dev bench` and `./dev manage` stays
clean for a program that reads it.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from devkit.places import rotate

_LOCK = threading.Lock()
_SECONDS_BETWEEN_LINES = 15


class Stopped(Exception):
    """`./dev` cannot go on. The message is one plain sentence that says what to do."""


def say(text: str) -> None:
    with _LOCK:
        print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Shows that `title` is under way, and how long it has taken and took."""
    began = time.monotonic()
    done = threading.Event()
    moving = sys.stderr.isatty()
    if not moving:
        say(f"{title} …")

    def tick() -> None:
        while not done.wait(1 if moving else _SECONDS_BETWEEN_LINES):
            seconds = int(time.monotonic() - began)
            with _LOCK:
                if done.is_set():
                    return
                if moving:
                    print(f"\r{title} … {seconds} s ", end="", file=sys.stderr, flush=True)
                else:
                    print(f"{title} … {seconds} s so far", file=sys.stderr, flush=True)

    if moving:
        print(f"{title} …", end="", file=sys.stderr, flush=True)
    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    word = "stopped"
    try:
        yield
        word = "done"
    finally:
        done.set()
        thread.join()
        start = "\r" if moving else ""
        say(f"{start}{title} … {word} in {time.monotonic() - began:.1f} s")


def run_quietly(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    run: Callable[..., subprocess.CompletedProcess] = subprocess.run,
) -> None:
    """Runs `command` with its output kept in `log`; on failure shows the end of it and stops."""
    log.parent.mkdir(parents=True, exist_ok=True)
    rotate(log)
    with log.open("a", encoding="utf-8", errors="replace") as out:
        out.write(f"\n$ {' '.join(command)}\n")
        out.flush()
        start = out.tell()
        result = run(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    if result.returncode:
        with log.open(encoding="utf-8", errors="replace") as written:
            written.seek(start)
            lines = written.read().splitlines()
        for line in lines[-30:]:
            say(f"  {line}")
        raise Stopped(f"{Path(command[0]).name} failed; the whole of its output is in {log}.")
