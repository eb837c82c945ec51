"""A real browser: the system's Chromium, else Playwright's. Without either, journeys skip and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Playwright's synchronous interface runs a loop in this thread; Django only warns of what we do not do.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

AXE = (
    Path(os.environ.get("SAFERHUB_LOCAL", Path(__file__).resolve().parents[2] / ".local"))
    / "test-assets"
    / "axe.min.js"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _missing(what: str) -> None:
    sentence = f"No browser journey can run: {what}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import Error, sync_playwright

    if not AXE.exists():
        _missing("axe-core is not prepared (./dev test prepares it)")
    own = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=own, args=ARGUMENTS)
        except Error as error:
            _missing(f"neither a system Chromium nor Playwright's ({str(error).splitlines()[0]})")
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A function that gives a new page, signed in as one of the cast, of a given width."""
    contexts = []

    def opened(username: str = "", *, width: int = 1200, javascript: bool = True) -> Any:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=javascript
        )
        contexts.append(context)
        if username:
            answer = context.request.post("/demo/sign-in", form={"username": username}, max_redirects=0)
            assert answer.status == 302, (username, answer.status)
        page = context.new_page()
        page.said = []
        page.on(
            "console", lambda message: page.said.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: page.said.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()


def violations(page: Any) -> list[str]:
    """What axe finds wrong on the page as it stands, by the rules of WCAG 2.2 AA and good practice."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [f"{v['id']}: {v['help']} ({len(v['nodes'])}×, e.g. {v['nodes'][0]['html'][:120]})" for v in found]


def sideways(page: Any) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
