"""What checks Word files: fetched once for a lock, and never in the way."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from devkit import assets, document_tools
from devkit.console import Stopped
from devkit.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(root=tmp_path, local=tmp_path / ".local")


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fetching as npm does it, without npm."""
    calls: list[str] = []

    def fetch(places: Places) -> None:
        calls.append("npm")
        program = document_tools.folder(places) / document_tools._PROGRAM
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)

    monkeypatch.setattr(document_tools, "_fetch", fetch)
    return calls


def test_it_is_fetched_once(places: Places, fetched: list[str]) -> None:
    assert document_tools.validator(places) is None
    document_tools.ensure(places)
    document_tools.ensure(places)
    assert fetched == ["npm"]
    assert document_tools.validator(places) is not None


def test_without_it_the_tests_go_on_and_it_is_tried_again(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(places: Places) -> tuple[list[str], dict[str, str]]:
        raise Stopped("No npm was found.")

    monkeypatch.setattr(assets, "npm_command", refused)
    for _ in range(2):
        document_tools.ensure(places)
        assert "could not be fetched, so tests skip" in capsys.readouterr().err
    assert document_tools.validator(places) is None


@pytest.mark.parametrize(("machine", "says"), [("x86_64", True), ("riscv64", False)])
def test_a_package_that_npm_passed_over_is_missed_only_where_there_is_one(
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    machine: str,
    says: bool,
) -> None:
    monkeypatch.setattr(document_tools, "_fetch", lambda places: None)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: machine)
    document_tools.ensure(places)
    assert ("could not be fetched" in capsys.readouterr().err) is says


def test_its_lock_names_the_one_package_and_no_host() -> None:
    lock = (Path(document_tools.__file__).parent / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock and "://" not in lock and '"resolved"' not in lock
