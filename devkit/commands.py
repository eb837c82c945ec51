"""`./dev test`, `check`, `fix`, `manage`, `reset`."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from devkit import bootstrap, database, document_tools, environment, secrets_file
from devkit.accounts import FAR_BASE, base_for
from devkit.binaries import Binaries
from devkit.console import Stopped, say
from devkit.locks import held
from devkit.places import Places
from devkit.postgres import Cluster

CODE = ("saferhub", "devkit", "bench", "tests", "manage.py", "dev")
TEST_PROCESSES = 2
# The hosts that a lock file may name, which are those that every user of uv and npm has.
NPM_LOCKS = ("package-lock.json", "devkit/document_tools/package-lock.json")
KNOWN_HOSTS = {"uv.lock": {"pypi.org", "files.pythonhosted.org"}, **{name: set() for name in NPM_LOCKS}}


def _in_foreground(command: list[str], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Runs a program in our place: it gets the terminal and Ctrl-C, and we wait for it to end."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = subprocess.Popen(
            command, cwd=cwd, env=dict(env), preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        )
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return 128 - code if code < 0 else code


def manage(places: Places, arguments: list[str]) -> int:
    with environment.with_database(places) as (values, _):
        return _in_foreground(environment.manage(places, *arguments), cwd=places.root, env=values)


def test(places: Places, arguments: list[str]) -> int:
    """pytest's exit code. Whole runs use two processes; a single file would wait for the second in vain."""
    words = list(arguments)
    named = [word for word in words if not word.startswith("-") and _names_tests(places.root, word)]
    document_tools.ensure(places)
    small = bool(named) and all(Path(places.root / word.split("::")[0]).is_file() for word in named)
    chosen = any(re.match(r"-n\d*$|-n=|--numprocesses|-p|--pdb|--trace", word) for word in words)
    if not small and not chosen:
        words = ["-n", str(TEST_PROCESSES), *words]
    with environment.with_database(places, "test") as (values, _):
        # Tests see only what they are given: nothing of the person's own settings.
        for name in [name for name in values if name.startswith("SAFERHUB_")]:
            if name not in ("SAFERHUB_LOCAL", "SAFERHUB_PG_BIN", secrets_file.SECRET_KEY):
                del values[name]
        del values["DJANGO_SETTINGS_MODULE"]  # it would win over the tests' own settings
        return _in_foreground([str(places.python), "-m", "pytest", *words], cwd=places.root, env=values)


def mutants(places: Places) -> int:
    """Tries every piece of damage to the walls; the suite tries one of each kind."""
    with environment.with_database(places, "test") as (values, _):
        values = values | {"SAFERHUB_ALL_MUTANTS": "1"}
        del values["DJANGO_SETTINGS_MODULE"]
        command = [str(places.python), "-m", "pytest", "tests/walls/test_mutants.py", "-q"]
        return _in_foreground(command, cwd=places.root, env=values)


def measure(places: Places, what: str, arguments: list[str]) -> int:
    """A benchmark of whole pages, in one process and on a database of its own in the tests' cluster."""
    with environment.with_database(places, "test") as (values, _):
        command = [str(places.python), "-m", f"bench.{what}", *arguments]
        return _in_foreground(command, cwd=places.root, env=values)


def _names_tests(root: Path, word: str) -> bool:
    try:
        return (root / word.split("::")[0]).exists()
    except OSError:  # longer than any name: what -k chooses by
        return False


# check and fix


def check(places: Places) -> int:
    """0 when all is well, else 1, after naming every check that failed."""
    failed = []
    with environment.with_database(places, "test") as (values, _):
        for title, command in _checks(places):
            began = time.monotonic()
            if callable(command):
                problems = command()
                ok, output = not problems, "\n".join(problems)
            else:
                done = subprocess.run(command, cwd=places.root, env=values, capture_output=True, text=True)
                ok, output = done.returncode == 0, (done.stdout + done.stderr).strip()
            say(f"{'ok    ' if ok else 'FAILED'} {title} ({time.monotonic() - began:.1f} s)")
            if not ok:
                failed.append(title)
                for line in output.splitlines():
                    say(f"       {line}")
    if failed:
        say(f"{len(failed)} of the checks failed: {', '.join(failed)}. ./dev fix repairs style and exports.")
        return 1
    say("All checks passed.")
    return 0


def _checks(places: Places) -> list[tuple[str, list[str] | Callable[[], list[str]]]]:
    python = str(places.python)
    present = [name for name in CODE if (places.root / name).exists()]
    return [
        ("style", [python, "-m", "ruff", "check", *present]),
        ("format", [python, "-m", "ruff", "format", "--check", *present]),
        ("types", [python, "-m", "mypy"]),
        ("layers", [str(places.venv / "bin" / "lint-imports")]),
        ("settings", environment.manage(places, "check", "--fail-level", "WARNING")),
        ("migrations", environment.manage(places, "makemigrations", "--check", "--dry-run")),
        ("lock files", lambda: lock_file_problems(places.root)),
        ("exports", lambda: export_problems(places.root)),
        (
            ".ci/run",
            lambda: [] if os.access(places.root / ".ci/run", os.X_OK) else [".ci/run is not executable"],
        ),
    ]


def lock_file_problems(root: Path) -> list[str]:
    """Hosts that a lock file or an export names although no other machine may know them."""
    problems = []
    for name, known in KNOWN_HOSTS.items():
        if not (root / name).exists():
            problems.append(f"{name} is missing")
            continue
        text = (root / name).read_text(encoding="utf-8")
        for host in sorted(set(re.findall(r"(?:https?|file|git\+\w+)://([^/\"\s]*)", text)) - known):
            problems.append(
                f"{name} names {host or 'a local file'}: lock again without your own index settings"
            )
        if name in NPM_LOCKS and '"resolved"' in text:
            problems.append(f"{name} has resolved fields: npm must run with the settings in .npmrc")
    for path in sorted((root / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if "://" in text or "--index-url" in text or "--find-links" in text:
            problems.append(f"requirements/{path.name} names an address")
    for name in bootstrap.EXPORTS:
        if not (root / "requirements" / f"{name}.txt").exists():
            problems.append(f"requirements/{name}.txt is missing: run ./dev fix with uv on the path")
    return problems


def export_problems(root: Path) -> list[str]:
    uv = bootstrap.fitting_uv()
    if uv is None:
        say("       (no uv on the path: the exports are not compared with uv.lock)")
        return []
    problems = []
    done = subprocess.run([uv, "lock", "--check", "--offline"], cwd=root, capture_output=True, text=True)
    if done.returncode and "needs to be updated" in done.stderr:
        problems.append("uv.lock does not fit pyproject.toml: run uv lock")
    for name in bootstrap.EXPORTS:
        path = root / "requirements" / f"{name}.txt"
        if not path.exists() or path.read_text(encoding="utf-8") != bootstrap.export(uv, root, name):
            problems.append(f"requirements/{name}.txt differs from uv.lock: run ./dev fix")
    return problems


def fix(places: Places) -> int:
    present = [name for name in CODE if (places.root / name).exists()]
    python = str(places.python)
    code = subprocess.run([python, "-m", "ruff", "check", "--fix", *present], cwd=places.root).returncode
    code = subprocess.run([python, "-m", "ruff", "format", *present], cwd=places.root).returncode or code
    uv = bootstrap.fitting_uv()
    if uv:
        for name in bootstrap.EXPORTS:
            path = places.root / "requirements" / f"{name}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(bootstrap.export(uv, places.root, name), encoding="utf-8")
    else:
        say("No uv on the path: the exports in requirements/ stay as they are.")
    return code


# reset


def reset(places: Places, *, yes: bool) -> int:
    """Deletes the demonstration's cluster and its secrets, and nothing else."""
    if environment.is_external():
        raise Stopped(
            "DATABASE_URL is set: ./dev reset deletes the local database only, never one of your own."
        )
    base = base_for(places.local, places.short_name)
    if not (base / "main").exists():
        say("There is no local database.")
        return 0
    if not yes:
        if not sys.stdin.isatty():
            raise Stopped(
                "./dev reset asks before it deletes. Nobody can answer here: say ./dev reset --yes."
            )
        answer = input(f"Delete the local database in {base / 'main'} and all that is in it? Type yes: ")
        if answer.strip().lower() != "yes":
            say("Nothing was deleted.")
            return 1
    _remove_cluster(places, base, "main", places.secrets)
    if base.is_relative_to(FAR_BASE):
        # Outside of the checkout nothing may stay behind: deleting the checkout would not take it along.
        _remove_cluster(places, base, "test", places.test_secrets)
        shutil.rmtree(base)
    say("The local database was deleted. ./dev run makes a new one.")
    return 0


def _remove_cluster(places: Places, base: Path, name: str, secrets: Path) -> None:
    unused = Binaries(Path("/nonexistent"), 0, "none")
    with held(
        database.lock_of(places.local, name), waiting_for="another ./dev that makes the database ready"
    ):
        Cluster(base=base, name=name, binaries=unused, short_name=places.short_name).remove()
        secrets.unlink(missing_ok=True)
