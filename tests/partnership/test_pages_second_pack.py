"""A second, quite different partnership: its pages are full, and not a word of the first is on them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from saferhub.partnership.packs import read_pack

PACKS = Path(settings.BASE_DIR) / "packs"
# Left out of the walk: the same rows sorted, files, national rules (everybody's), rules on other days.
_NATIONAL = "agency_kinds|bank_holidays|clocks|duties|labels|legal_roles|powers|role_kinds"
SAME = re.compile(rf"sort=|csv|/rules/({_NATIONAL})/|/rules/.*on=|/rules/\?(?!whose=own)")


def _words_of_the_first() -> set[str]:
    """Names of the first partnership's areas, agencies, hubs and boards, and of its counties' parts."""
    items = read_pack(PACKS / "north_yorkshire_2018").items
    names = {
        placed.item.name for section in ("areas", "agencies", "hubs", "boards") for placed in items[section]
    }
    second = read_pack(PACKS / "wealdshire").items
    shared = {placed.item.name for section in ("agencies", "boards") for placed in second[section]}
    # "Schools" or "Health and wellbeing board" are anybody's words; what names a place is not.
    telling = {placed.item.name for placed in items["areas"]} | {
        name for name in names if any(area.item.name in name for area in items["areas"])
    }
    return (telling | {"North Yorkshire", "NYCSP", "95 Alive", "Yorkshire"}) - shared


@pytest.fixture
def pages(client_for: Callable[..., Client]) -> dict[str, str]:
    """Every page about the partnership that Olivia can reach by its links, on two days."""
    client = client_for("olivia.outsider")
    waiting = ["/partnership/", "/partnership/?on=2023-05-01", "/partnership/rules/?whose=own"]
    read: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in read:
            continue
        answer = client.get(address)
        # 409: a page of her own role, which she cannot end herself.
        assert answer.status_code in (200, 409), address
        read[address] = answer.content.decode()
        for link in re.findall(r'href="([^"#]+)', read[address]):
            link = link.replace("&amp;", "&")
            link = address.split("?")[0] + link if link.startswith("?") else link
            if link.startswith("/partnership/") and not SAME.search(link):
                waiting.append(link)
    return read


def test_every_page_of_the_second_partnership_has_content_and_no_word_of_the_first(
    pages: dict[str, str],
) -> None:
    assert len(pages) > 80
    words = _words_of_the_first()
    assert {"Selby", "Craven", "Hambleton", "Harrogate", "Richmondshire", "Ryedale", "Scarborough"} <= words
    any_of_them = re.compile(rf"\b({'|'.join(re.escape(word) for word in words)})\b")
    for address, page in pages.items():
        told = re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])
        assert len(told.split()) > 20, address
        assert not any_of_them.search(page), (address, any_of_them.search(page))


@pytest.mark.parametrize(
    "words",
    ["Safer Wealdshire Partnership", "A county where everybody can feel at home", "4 areas for delivery"],
)
def test_the_second_partnership_shows_its_own(client_for: Callable[..., Client], words: str) -> None:
    assert words in client_for("olivia.outsider").get("/partnership/").content.decode()


def _strings(path: Path) -> set[str]:
    """Every text of a module that could reach a page: no comments, no docstrings."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    parts = [node for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    docstrings = {id(part.body[0].value) for part in parts if isinstance(part.body[0], ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    }


def test_no_code_and_no_template_says_a_word_of_one_partnership() -> None:
    """Local words belong to packs. Only the demonstration may place its people in one."""
    words = ("North Yorkshire", "NYCSP", "Selby", "Hambleton", "Wealdshire")
    here = Path(settings.BASE_DIR) / "saferhub"
    said = {path: {path.read_text()} for path in (here / "templates" / "partnership").rglob("*.html")}
    said |= {
        path: _strings(path)
        for path in (here / "partnership").rglob("*.py")
        if path.name != "demonstration.py"
    }
    named = {
        f"{path.relative_to(here)}: {word}"
        for path, texts in said.items()
        for word in words
        if any(word in text for text in texts)
    }
    assert named == set()
