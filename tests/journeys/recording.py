"""What journeys do on the page on which a meeting is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# How many texts the tab keeps.
KEPT = "Object.keys(sessionStorage).filter(key => key.startsWith('saferhub:')).length"


def press(page: Any, words: str, check: Callable[[Any], None] | None = None) -> None:
    """Press the button of these words, and look at the page it leads to."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).first.click()
    if check is not None:
        check(page)


def words_box(page: Any) -> Any:
    return page.get_by_label("Words for the minutes")


def says(page: Any, start: str) -> None:
    """Wait until the page says so of what was typed."""
    page.locator("#run-saved").filter(has_text=re.compile(f"^{re.escape(start)}")).wait_for()


def until(page: Any, expression: str) -> None:
    """Wait until it is true in the page, whose policy lets nothing be waited for inside it."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def ticks(page: Any, start: str, seconds: int = 2) -> None:
    """So many seconds pass by the page's clock; then it says so of what was typed."""
    page.clock.run_for(seconds * 1000)
    says(page, start)
