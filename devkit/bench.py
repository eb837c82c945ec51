"""`./dev bench`: how long starting and signing in take here, as JSON.

Everything runs in a folder of state of its own, so that the numbers do not depend on the local
database and leave it alone.
"""

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from devkit import trial
from devkit.console import Stopped, say, step
from devkit.places import Places

SIGN_INS = 60
USERNAME = "colin.coordinator"
PATIENCE = 600.0


def main(places: Places, what: str) -> int:
    """Prints the JSON of the asked measurements; `setup` is measured by bench_setup alone."""
    result: dict = {"bench": what, "conditions": _conditions()}
    state = Path(tempfile.mkdtemp(prefix="saferhub-bench-"))
    state.chmod(0o711)
    env = trial.clean_environment(SAFERHUB_LOCAL=str(state / "local"))
    command = [sys.executable, str(places.root / "dev"), "run"]
    log = state / "run.log"
    try:
        with step("Cold start (new database, demonstration data)"):
            with trial.running(command, cwd=places.root, env=env, log=log) as run:
                result["cold_start_s"] = run.wait_for_health(patience=PATIENCE)
                result["demonstration_ready_s"] = run.wait_for_health(
                    patience=PATIENCE, demonstration="ready"
                )
                result["stop_s"] = run.stop()
        with step("Second start"), trial.running(command, cwd=places.root, env=env, log=log) as run:
            result["second_start_s"] = run.wait_for_health(patience=PATIENCE)
            if what in ("sign-in", "all"):
                run.wait_for_health(patience=PATIENCE, demonstration="ready")
                result["sign_in"] = sign_ins(run.port, SIGN_INS)
    except Stopped as failed:
        result["error"] = str(failed)
    finally:
        _drop(places, env)
        shutil.rmtree(state, ignore_errors=True)
    if what == "sign-in":
        result = {
            name: result[name] for name in ("bench", "conditions", "sign_in", "error") if name in result
        }
    elif what == "start":
        result.pop("sign_in", None)
    print(json.dumps(result, indent=2))
    return 1 if "error" in result else 0


def sign_ins(port: int, times: int) -> dict:
    """Seconds from sending the name to having read the page that follows, and that page again."""
    together, page_alone = [], []
    for number in range(times + 3):
        browser = trial.Browser(port)
        began = time.perf_counter()
        status, _ = browser.post("/demo/sign-in", {"username": USERNAME})
        middle = time.perf_counter()
        if status != 200:
            raise Stopped(f"Signing in answered {status}.")
        status, _ = browser.get("/")
        ended = time.perf_counter()
        if status != 200:
            raise Stopped(f"The first page answered {status}.")
        if number >= 3:  # the first ones warm each web process
            together.append(middle - began)
            page_alone.append(ended - middle)
    return {"times": times, "sign_in_and_page": _spread(together), "page_again": _spread(page_alone)}


def _spread(seconds: list[float]) -> dict:
    return {
        "median_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(statistics.quantiles(seconds, n=20)[-1] * 1000, 1),
    }


def _conditions() -> dict:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _drop(places: Places, env: dict[str, str]) -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, str(places.root / "dev"), "reset", "--yes"], env=env, capture_output=True, text=True
    )
    if done.returncode:
        say(done.stderr)
