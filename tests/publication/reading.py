"""Reads what was drawn, as its readers do: pages, Word files, PDFs."""

from __future__ import annotations

import os
import shutil
import subprocess
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import docx
import pytest

from devkit import document_tools
from devkit.places import Places

VOID = {"br", "img", "hr", "input", "link", "meta", "line", "rect", "path", "polyline", "circle"}


def squeezed(text: str) -> str:
    """Without any space, and without the places to break a line that a PDF has in long words."""
    return "".join(text.replace("\u200b", "").split())


class _Text(HTMLParser):
    """The text that everybody sees: not what is for listeners alone, nor the picture's own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if tag == "br":
            self.found.append("\n")
        elif tag not in VOID:
            if self.hidden or tag in ("svg", "summary") or "visually-hidden" in classes:
                self.hidden.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag not in VOID:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def text_of_page(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    assert reader.hidden == []
    return "".join(reader.found)


def text_of_word(content: bytes) -> str:
    """Every paragraph in order, those in tables too; Word's own numbers are not among them."""
    made = docx.Document(BytesIO(content))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    found = []
    for one in made.element.body.iter(f"{space}p", f"{space}t", f"{space}br", f"{space}tab"):
        name = one.tag.removeprefix(space)
        found.append({"p": "\n", "br": "\n", "tab": "\t"}.get(name) or one.text or "")
    return "".join(found)


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not here, and everything has to run")
    pytest.skip(f"{what} is not here")


def text_of_pdf(content: bytes, folder: Path, *, lines_at_edges: bool = False) -> str:
    """The text of every page, without what stands at its head and foot."""
    if shutil.which("pdftotext") is None:
        _missing("pdftotext")
    path = folder / "read.pdf"
    path.write_bytes(content)
    crop = [] if lines_at_edges else ["-x", "0", "-y", "52", "-W", "600", "-H", "732"]
    done = subprocess.run(
        ["pdftotext", "-layout", *crop, str(path), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


def converted(content: bytes, folder: Path, *kinds: str) -> list[bytes]:
    """A Word file as LibreOffice saves it in these kinds (`pdf`, `odt`, `docx`), each made of the first."""
    if shutil.which("soffice") is None:
        _missing("LibreOffice")
    (folder / "given.docx").write_bytes(content)
    made = []
    for kind in kinds:
        target = folder / f"as-{kind}"
        subprocess.run(
            [
                "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
                "--convert-to", kind, "--outdir", str(target), str(folder / "given.docx"),
            ],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        made.append((target / f"given.{kind}").read_bytes())
    return made


def faults_of_word(content: bytes, folder: Path) -> str:
    """What the validator says of a Word file that it does not accept; empty when it does."""
    program = document_tools.validator(Places.of_this_checkout())
    if program is None:
        _missing("the validator of Word files")
    path = folder / "checked.docx"
    path.write_bytes(content)
    done = subprocess.run([str(program), str(path)], capture_output=True, text=True, timeout=120)
    return "" if '"ok": true' in done.stdout else done.stdout + done.stderr
