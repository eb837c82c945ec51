"""Every page of the register, in a browser: axe, no sideways scroll, no script needed, nothing in the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.journeys.conftest import sideways, violations
from tests.registers.test_urls import NOBODY, TABLE, arguments_of

__all__ = ["arguments_of"]

# One reader for each page: the first of these to whom it answers with a page.
READERS = [
    "maya.manager",
    "ian.governance",
    "ada.admin",
    "colin.coordinator",
    "olivia.outsider",
    "rachel.referrer",
    # Whose unit's key is drawn, and who asked for a sheet to be read in: nobody else sees these.
    "priya.partner",
    NOBODY,
]
# What is taken away as a file, or read by another system, is no page.
NOT_PAGES = {
    "health",
    "item-now",  # a part of a page, asked for by its script
    *(name for name in TABLE if name.endswith(("-file", "-csv", "-xlsx", "-ics")) or name.startswith("api-")),
}
ALSO = {
    "maya.manager": ["/partnership/?on=2023-05-01", "/partnership/agencies/?on=nonsense", "/no/such/page/"],
    "colin.coordinator": ["/log/", "/partnership/packs/", "/partnership/people/invite/"],
}


def _pages_of(reader: str, arguments: Callable[[str], dict[str, Any]]) -> list[str]:
    pages = []
    for name, line in TABLE.items():
        if name in NOT_PAGES:
            continue
        first = next(
            (who for who in READERS if any(who in line.get.get(s, ()) for s in (200, 409, 410))), None
        )
        if first == reader:
            pages.append(reverse(name, kwargs=arguments(line.arguments)))
    return pages + ALSO.get(reader, [])


@pytest.mark.parametrize("width", [1200, 375])
@pytest.mark.parametrize("reader", READERS)
def test_pages_are_accessible_and_fit(
    reader: str, width: int, open_page: Any, arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    page = open_page("" if reader == NOBODY else reader, width=width)
    wrong: list[str] = []
    for url in _pages_of(reader, arguments_of):
        page.said.clear()
        page.goto(url)
        wrong += [f"{url}: {fault}" for fault in violations(page)]
        if (over := sideways(page)) > 0:
            wrong.append(f"{url}: {over} px too wide")
        wrong += [f"{url}: console: {said}" for said in page.said if "Failed to load resource" not in said]
    assert wrong == []


@pytest.mark.parametrize("reader", READERS)
def test_pages_say_the_same_without_scripts(
    reader: str, open_page: Any, arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    who = "" if reader == NOBODY else reader
    with_scripts, without = open_page(who), open_page(who, javascript=False)
    for url in _pages_of(reader, arguments_of):
        with_scripts.goto(url)
        without.goto(url)
        assert without.locator("h1").first.inner_text() == with_scripts.locator("h1").first.inner_text(), url
        seen = without.locator("main").inner_text()
        assert len(seen) > 40, f"{url} is empty without scripts"
        for form in without.locator("main form").all():
            assert form.locator("button, input[type=submit]").count() > 0, f"a form on {url} has no button"
