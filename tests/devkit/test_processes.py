"""Children of `./dev run`: kept alive, tied to it, stopped with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.processes import Child
from tests.devkit.conftest import ROOT

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    made = Child("sleeper", SLEEP, os.environ, ROOT, tmp_path)
    made.start()
    yield made
    made.wait_until_stopped(0)


def number_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def keep_until_new(child: Child, old: int) -> float:
    began = time.monotonic()
    while number_of(child) == old or child.result() is not None:
        child.keep_alive()
        time.sleep(0.02)
        assert time.monotonic() - began < 20
    return time.monotonic() - began


def test_a_killed_child_is_started_again_each_time_a_little_later(child: Child) -> None:
    waits = []
    for _ in range(2):
        old = number_of(child)
        os.kill(old, signal.SIGKILL)
        waits.append(keep_until_new(child, old))
    assert 0.5 <= waits[0] < waits[1]


def test_a_living_child_is_left_alone(child: Child) -> None:
    before = number_of(child)
    child.keep_alive()
    assert number_of(child) == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from devkit.processes import Child\n"
        f"child = Child('sleeper', {SLEEP!r}, os.environ, Path({str(ROOT)!r}), Path({str(tmp_path)!r}))\n"
        "child.start(); print(child.process.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        time.sleep(0.5)  # until the child has asked to be told
        parent.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{number}").exists() and "Z" not in Path(f"/proc/{number}/stat").read_text().split()[2]:
        assert time.monotonic() < until
        time.sleep(0.05)
