"""Makes the environment of Python packages that everything else runs in.

Locked with hashes both ways: a uv that is on the path reads uv.lock, and where there is none, the
pip that venv brings reads the exports in requirements/. Only what a command needs is installed, and
a stamp lets the second start skip all of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from devkit.console import Stopped, run_quietly, say, step
from devkit.locks import held
from devkit.places import Places, hash_of_files, read_stamp, write_stamp

OLDEST_UV = (0, 6)
# What can be asked for beside the product, and how uv and pip are asked.
UV_FLAGS = {"localdb": ["--extra", "localdb"], "dev": ["--group", "dev"], "npm": ["--group", "npm"]}
EXPORTS = {
    "product": ["--no-default-groups"],
    "localdb": ["--no-default-groups", "--extra", "localdb"],
    "dev": ["--only-group", "dev"],
    "npm": ["--only-group", "npm"],
}


def fitting_uv(environ: Mapping[str, str] = os.environ) -> str | None:
    program = shutil.which("uv", path=environ.get("PATH"))
    if not program:
        return None
    try:
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"uv (\d+)\.(\d+)", shown.stdout)
    return program if found and (int(found.group(1)), int(found.group(2))) >= OLDEST_UV else None


def requirement_files(root: Path, wanted: Iterable[str]) -> list[Path]:
    return [root / "requirements" / f"{name}.txt" for name in ("product", *sorted(wanted))]


def _wanted_stamp(places: Places, installed: set[str]) -> str:
    locks = [places.root / "uv.lock", *(places.root / "requirements" / f"{name}.txt" for name in EXPORTS)]
    state = {
        "locks": hash_of_files(*[path for path in locks if path.exists()]),
        "folder": str(places.venv),  # scripts in it name it, so a moved checkout needs a new one
        "installed": sorted(installed),
    }
    return json.dumps(state)


def _installed(places: Places) -> set[str]:
    try:
        return set(json.loads(read_stamp(places.venv_stamp))["installed"])
    except (ValueError, KeyError):
        return set()


def is_ready(places: Places, wanted: set[str]) -> bool:
    installed = _installed(places)
    current = read_stamp(places.venv_stamp) == _wanted_stamp(places, installed)
    return current and wanted <= installed and places.python.exists()


def ensure(places: Places, wanted: set[str]) -> None:
    """Brings .local/venv to the locked state with at least `wanted` in it. Raises Stopped."""
    if is_ready(places, wanted):
        return
    with held(places.setup_lock, waiting_for="another ./dev that sets up"):
        if is_ready(places, wanted):
            return
        installed = _installed(places)
        asked = wanted | installed if places.python.exists() else set(wanted)
        places.venv_stamp.unlink(missing_ok=True)
        if _moved(places):
            shutil.rmtree(places.venv)
        uv = fitting_uv()
        if not (uv and _with_uv(uv, places, asked)):
            _with_pip(places, asked)
        _compile(places)
        write_stamp(places.venv_stamp, _wanted_stamp(places, asked))


def _moved(places: Places) -> bool:
    """Whether the environment was made elsewhere, or by a Python that is gone."""
    if not places.venv.exists():
        return False
    activate = places.venv / "bin" / "activate"
    if not places.python.exists() or not activate.exists():
        return True
    return os.fspath(places.venv) not in activate.read_text(encoding="utf-8", errors="replace")


def _own_python() -> str:
    return getattr(sys, "_base_executable", None) or sys.executable


def _with_uv(uv: str, places: Places, wanted: set[str]) -> bool:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"UV_PROJECT_ENVIRONMENT": str(places.venv), "UV_PYTHON_DOWNLOADS": "never"}
    python = str(places.python) if places.python.exists() else _own_python()
    flags = [flag for name in sorted(wanted) for flag in UV_FLAGS[name]]
    try:
        with step("Installing Python packages with uv"):
            run_quietly(
                [uv, "sync", "--frozen", "--no-default-groups", "--no-progress", "--python", python, *flags],
                log=places.logs / "setup.log",
                cwd=places.root,
                env=environment,
            )
    except Stopped as failed:
        say(f"{failed} Trying pip instead.")
        return False
    return True


def _with_pip(places: Places, wanted: set[str]) -> None:
    pip = [str(places.python), "-m", "pip"]
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PIP_USER", "PIP_TARGET")
    }
    if places.python.exists() and subprocess.run([*pip, "--version"], capture_output=True).returncode:
        # Made by uv, which leaves pip out.
        bring = [str(places.python), "-m", "ensurepip"]
        if subprocess.run(bring, capture_output=True).returncode:
            shutil.rmtree(places.venv)
    if not places.python.exists():
        _make_venv(places)
    files = [part for path in requirement_files(places.root, wanted) for part in ("-r", str(path))]
    quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    with step("Installing Python packages with pip"):
        run_quietly(
            [*pip, "install", "--require-hashes", "--only-binary", ":all:", *quiet, *files],
            log=places.logs / "setup.log",
            cwd=places.root,
            env=environment,
        )


def _make_venv(places: Places) -> None:
    try:
        import ensurepip  # noqa: F401  (only to see whether the system split it off)
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Stopped(
            "This Python has no venv module. Install it (on Debian and Ubuntu: "
            f"apt install python{version}-venv), or install uv, and start again."
        ) from None
    with step("Making a Python environment"):
        run_quietly(
            [_own_python(), "-m", "venv", "--clear", str(places.venv)],
            log=places.logs / "setup.log",
            cwd=places.root,
            env=os.environ,
        )


def _compile(places: Places) -> None:
    """Bytecode once, here: with PYTHONDONTWRITEBYTECODE set every start would compile all of it."""
    with step("Compiling Python packages"):
        run_quietly(
            [str(places.python), "-m", "compileall", "-q", "-j", "0", str(places.venv / "lib")],
            log=places.logs / "setup.log",
            cwd=places.root,
            env=os.environ,
            run=_whatever_comes,
        )


def _whatever_comes(*arguments: Any, **options: Any) -> subprocess.CompletedProcess:
    # A package may ship a template or a test for another Python; that one file stays uncompiled.
    subprocess.run(*arguments, **options)
    return subprocess.CompletedProcess(arguments, 0)


def export(uv: str, root: Path, name: str) -> str:
    """What requirements/<name>.txt should say. Raises Stopped when uv fails."""
    done = subprocess.run(
        [uv, "export", "--frozen", "--no-header", "--no-annotate", "--no-emit-project", *EXPORTS[name]],
        cwd=root,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Stopped(f"uv export failed: {done.stderr.strip()}")
    return f"# Exported from uv.lock by ./dev fix; do not edit.\n{done.stdout}"
