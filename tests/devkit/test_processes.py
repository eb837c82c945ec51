"""Children of `./dev run`: kept alive, tied to it, stopped with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devkit.places import LONGEST_LOG
from devkit.processes import Child
from tests.devkit.conftest import ROOT

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
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


def state_of(number: int) -> str:
    """The letter that the kernel gives: Z for one that has ended and waits to be reaped; "" for none."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def wait_for(is_so: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def keep_until_new(child: Child, old: int) -> float:
    began = time.monotonic()
    while number_of(child) == old or not child.is_running():
        child.keep_alive()
        time.sleep(0.02)
        assert time.monotonic() - began < 20
    return time.monotonic() - began


@pytest.fixture
def signalled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Every group that is signalled, with the state its leader is in at that moment."""
    seen: list[tuple[int, str]] = []
    really = os.killpg

    def killpg(group: int, kind: int) -> None:
        seen.append((group, state_of(group)))
        really(group, kind)

    monkeypatch.setattr(os, "killpg", killpg)
    return seen


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


# The number of a reaped child may belong to a stranger, whose group must not be hit.


@LINUX
def test_a_finished_child_is_never_signalled_again(tmp_path: Path, signalled: list[tuple[int, str]]) -> None:
    child = Child("demo", [sys.executable, "-c", "raise SystemExit(3)"], os.environ, ROOT, tmp_path)
    child.start()
    number = number_of(child)
    wait_for(lambda: child.result() is not None)
    assert child.result() == 3
    assert state_of(number) == ""
    assert all(state == "Z" for _, state in signalled)
    signalled.clear()
    child.ask_to_stop()
    child.wait_until_stopped(time.monotonic() + 1)
    assert child.result() == 3
    assert signalled == []


@LINUX
def test_a_crashed_child_is_not_reaped_before_its_group_has_ended(
    child: Child, signalled: list[tuple[int, str]]
) -> None:
    for _ in range(2):
        old = number_of(child)
        os.kill(old, signal.SIGKILL)
        keep_until_new(child, old)
        assert [found for found in signalled if found[0] == old] == [(old, "Z"), (old, "Z")]
    last = number_of(child)
    os.kill(last, signal.SIGKILL)
    wait_for(lambda: not child.is_running())
    child.ask_to_stop()
    child.wait_until_stopped(time.monotonic())
    assert state_of(last) == ""
    assert all(state == "Z" for _, state in signalled)


@LINUX
def test_what_a_finished_child_left_running_ends_with_it(tmp_path: Path) -> None:
    program = f"import subprocess; print(subprocess.Popen({SLEEP!r}).pid, flush=True)"
    child = Child("demo", [sys.executable, "-c", program], os.environ, ROOT, tmp_path)
    child.start()
    wait_for(lambda: child.result() is not None)
    wait_for(lambda: child.log.read_text().strip())
    left = int(child.log.read_text())
    wait_for(lambda: state_of(left) in ("", "Z"))


@LINUX
def test_children_are_looked_at_also_where_the_kernel_was_told_to_reap_them(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        child = Child("demo", [sys.executable, "-c", "raise SystemExit(3)"], os.environ, ROOT, tmp_path)
        child.start()
        wait_for(lambda: child.result() == 3)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_log_that_has_grown_long_is_put_aside_at_the_next_start(tmp_path: Path) -> None:
    log, aside = tmp_path / "web.log", tmp_path / "web.log.1"
    for number in (1, 2):
        log.write_bytes(f"{number}".encode() * (LONGEST_LOG + 1))
        Child("web", SLEEP, os.environ, ROOT, tmp_path)
        assert aside.read_bytes()[:1] == f"{number}".encode()
        assert not log.exists()
    log.write_text("short")
    Child("web", SLEEP, os.environ, ROOT, tmp_path)
    assert log.read_text() == "short"


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
