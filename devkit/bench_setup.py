"""`./dev bench setup`: from a bare copy of this checkout to a sign-in page, on several machines' terms.

Each case copies the files that git would commit below a home that nobody else may enter, with a path
that holds just the named tools, and starts `./dev run` twice. Packages are downloaded anew in each.
"""

import contextlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from devkit import trial
from devkit.bootstrap import _own_python
from devkit.console import Stopped, say
from devkit.places import Places

SIGN_IN_PAGE = "/"  # leads whoever is not signed in to the page for it
PATIENCE = 900.0


def main(places: Places) -> int:
    """Prints one JSON table; 0 when every case came to a sign-in page, else 1."""
    people = ["root", "ordinary user"] if os.geteuid() == 0 else ["ordinary user"]
    rows = []
    for person in people:
        for postgres in (True, False):
            for tools in (True, False):
                say(f"--- {person}, PostgreSQL {'of the system' if postgres else 'hidden'}, npm and uv "
                    f"{'on the path' if tools else 'hidden'}")  # fmt: skip
                rows.append(_case(places, person=person, postgres=postgres, tools=tools))
                say(json.dumps(rows[-1]))
    print(json.dumps({"bench": "setup", "python": sys.version.split()[0], "cases": rows}, indent=2))
    return 0 if all(row["ok"] for row in rows) else 1


def _case(places: Places, *, person: str, postgres: bool, tools: bool) -> dict:
    row: dict = {"person": person, "postgresql": postgres, "npm_and_uv": tools, "home": "0700", "ok": False}
    with _home(person) as (home, account):
        checkout = home / "saferhub"
        copy_checkout(places.root, checkout, account)
        path = home / "bin"
        path.mkdir()
        if tools:
            row["on_path"] = _link_tools(path)
        env = trial.clean_environment(PATH=str(path), HOME=str(home))
        if not postgres:
            # Debian's programs are found beside the path too.
            env["SAFERHUB_PG_BIN"] = "wheel"
        command = [_python(), str(checkout / "dev"), "run"]
        log = Path(tempfile.mkstemp(prefix="saferhub-trial-", suffix=".log")[1])
        try:
            with trial.running(command, cwd=checkout, env=env, log=log, account=account) as run:
                row["first_start_s"] = run.wait_for_health(patience=PATIENCE)
                row["sign_in_page"] = trial.Browser(run.port).get(SIGN_IN_PAGE)[0]
                row["demonstration_ready_s"] = run.wait_for_health(patience=PATIENCE, demonstration="ready")
                row["stop_s"] = run.stop()
            with trial.running(command, cwd=checkout, env=env, log=log, account=account) as run:
                row["second_start_s"] = run.wait_for_health(patience=120)
                row["sign_in_page_again"] = trial.Browser(run.port).get(SIGN_IN_PAGE)[0]
            row["ok"] = row["sign_in_page"] == row["sign_in_page_again"] == 200
        except (Stopped, OSError) as failed:
            row["error"] = str(failed)
        finally:
            _reset(command, checkout, env, account)
            log.unlink(missing_ok=True)
    return row


def _python() -> str:
    """A Python that an ordinary user can run too."""
    for program in ("/usr/bin/python3", "/usr/local/bin/python3"):
        test = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"
        if (
            Path(program).exists()
            and not subprocess.run([program, "-c", test], capture_output=True).returncode
        ):
            return program
    return _own_python()


def _link_tools(path: Path) -> list[str]:
    found = []
    for name in ("npm", "node", "uv"):
        program = shutil.which(name)
        if not program:
            continue
        if _open_to_everybody(Path(program).resolve()):
            (path / name).symlink_to(Path(program).resolve())
        else:
            shutil.copy(Path(program).resolve(), path / name)
        found.append(name)
    return found


def _open_to_everybody(program: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (program, *program.parents))


def copy_checkout(root: Path, target: Path, account: tuple[int, int] | None) -> None:
    """The files of the work tree that git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True
    )
    if listed.returncode:
        raise Stopped(f"The trial copies what git lists, and git failed: {listed.stderr.decode().strip()}")
    for name in listed.stdout.decode().split("\0"):
        if name and (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target / name)
    if account:
        for folder, folders, files in os.walk(target):
            for leaf in (".", *folders, *files):
                os.chown(os.path.join(folder, leaf), *account)


@contextlib.contextmanager
def _home(person: str) -> Iterator[tuple[Path, tuple[int, int] | None]]:
    top = Path(tempfile.mkdtemp(prefix="saferhub-trial-"))
    home = top / "home"
    try:
        if person == "root" or os.geteuid() != 0:
            home.mkdir(mode=0o700)
            yield home, None
            return
        top.chmod(0o711)
        name = f"saferhubtrial{os.getpid()}"
        subprocess.run(
            ["useradd", "--create-home", "--home-dir", str(home), name], check=True, capture_output=True
        )
        home.chmod(0o700)
        entry = pwd.getpwnam(name)
        try:
            yield home, (entry.pw_uid, entry.pw_gid)
        finally:
            subprocess.run(["userdel", "--force", name], capture_output=True)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _reset(command: list[str], checkout: Path, env: dict[str, str], account: tuple[int, int] | None) -> None:
    options: dict = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
    done = subprocess.run(
        [*command[:-1], "reset", "--yes"], cwd=checkout, env=env, capture_output=True, text=True, **options
    )
    if done.returncode:
        say(done.stderr)
