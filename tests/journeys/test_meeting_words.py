"""What is typed while a meeting runs is not lost: the server killed, the connection gone, no scripts.

Pages tell the time by a clock that the test moves on, unless a server of its own is killed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from saferhub.meetings.models import Item, Words
from saferhub.sharing.entering import entered
from tests.journeys.conftest import sideways, violations
from tests.journeys.recording import KEPT, press, says, ticks, until, words_box
from tests.journeys.served import Served
from tests.meetings.live.running import COLIN, MINA, Running, a_running_meeting

MINAS = "Mina: the lock is changed and she is back."
LONG = "The lock is changed, she is back, and the landlord pays for the door."
STEP = "Take her to the housing office"


@pytest.fixture
def run(cast: dict[str, Any]) -> Running:
    return a_running_meeting(cast, cases=2)


@pytest.fixture
def address(run: Running) -> Iterator[str]:
    yield reverse("item-run", args=run.url_args())


def _kept(cast: dict[str, Any], run: Running) -> list[str]:
    with entered(cast[COLIN]):
        return list(Words.objects.filter(item=run.items[0]).order_by("id").values_list("text", flat=True))


@pytest.fixture
def served(transactional_db: None, tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path / "served.log")
    yield server
    server.kill()


def test_a_server_that_is_killed_loses_at_most_the_words_of_the_last_two_seconds(
    browser: Any, served: Served, cast: dict[str, Any], run: Running, address: str
) -> None:
    """Killed while she types, as by a power cut: what was typed two seconds before is kept, whoever loses her tab as
    well. The tab keeps the rest, and what was chosen stays chosen, until a server is there again."""
    served.start()
    context = browser.new_context(base_url=served.url)
    assert context.request.post("/demo/sign-in", form={"username": MINA}, max_redirects=0).status == 302
    page = context.new_page()
    page.goto(address)
    page.evaluate(
        "() => { const box = document.querySelector('[name=text]'); window.typed = [];"
        " box.addEventListener('input', () => typed.push([Date.now(), box.value])) }"
    )
    words_box(page).press_sequentially(LONG, delay=50)
    killed = time.time() * 1000
    served.kill()
    typed = page.evaluate("typed")
    safe = [text for at, text in typed if at <= killed - 2000]
    kept = _kept(cast, run)
    assert len(safe) > 5, "she typed for longer than two seconds"
    assert len(kept) == 1
    assert kept[0].startswith(safe[-1])
    assert LONG.startswith(kept[0])
    says(page, "Not sent yet: kept in this tab for ")
    page.locator("main").get_by_role("radio", name=re.compile("^Go on")).check()
    page.locator("main").get_by_role("button", name="Save, next item").click()
    says(page, "No connection, so nothing was sent")
    assert page.url.endswith(address)

    served.start()
    says(page, "Saved ")
    assert page.locator("main").get_by_role("radio", name=re.compile("^Go on")).is_checked()
    press(page, "Save, next item")
    assert page.url.endswith(reverse("item-run", args=run.url_args(1)))
    assert _kept(cast, run) == [LONG]
    until(page, f"{KEPT} === 0")
    with entered(cast[COLIN]):
        assert Item.objects.get(pk=run.items[0].pk).decision == "go_on"
    context.close()


def test_words_that_a_tab_kept_come_back_when_its_page_is_opened_again(
    open_page: Any, cast: dict[str, Any], run: Running, address: str
) -> None:
    page = open_page(MINA)
    page.clock.install()
    page.goto(address)
    page.context.route("**/words/", lambda route: route.abort("connectionrefused"))
    words_box(page).fill("The lock is changed.")
    ticks(page, "Not sent yet: kept in this tab for ")
    page.context.unroute("**/words/")
    page.reload()
    assert words_box(page).input_value() == "The lock is changed."
    ticks(page, "Saved ", seconds=4)
    assert _kept(cast, run) == ["The lock is changed."]


def test_a_decision_and_an_action_that_were_not_sent_come_back_with_the_page(
    open_page: Any, cast: dict[str, Any], run: Running, address: str
) -> None:
    page = open_page(MINA)
    page.goto(address)
    main = page.locator("main")
    main.get_by_role("radio", name=re.compile("^Go on")).check()
    main.get_by_label("Action", exact=True).fill(STEP)
    page.reload()
    assert main.get_by_role("radio", name=re.compile("^Go on")).is_checked()
    assert main.get_by_label("Action", exact=True).input_value() == STEP
    main.locator(".sh-note", has_text="is back, and not saved yet").wait_for()
    main.get_by_label("Action", exact=True).fill("")
    press(page, "Save")
    until(page, f"{KEPT} === 0")
    with entered(cast[COLIN]):
        assert Item.objects.get(pk=run.items[0].pk).decision == "go_on"


def test_a_server_that_dies_after_it_kept_and_before_it_answered_keeps_the_words_once(
    open_page: Any, cast: dict[str, Any], run: Running, address: str
) -> None:
    page = open_page(MINA)
    page.clock.install()
    page.goto(address)

    def answered_to_nobody(route: Any) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.context.route("**/words/", answered_to_nobody)
    words_box(page).fill("The lock is changed.")
    ticks(page, "Not sent yet: kept in this tab for ")
    page.context.unroute("**/words/")
    ticks(page, "Saved ")
    assert _kept(cast, run) == ["The lock is changed."]


def test_words_that_are_not_sent_are_wiped_at_sign_out_in_every_tab(
    open_page: Any, cast: dict[str, Any], run: Running, address: str
) -> None:
    page = open_page(MINA, width=375)
    page.goto(address)
    assert violations(page) == []
    assert sideways(page) == 0
    other = page.context.new_page()
    other.goto("/")
    page.context.route("**/words/", lambda route: route.abort("internetdisconnected"))
    words_box(page).fill("Not sent and not to be found")
    says(page, "Not sent yet")
    assert page.evaluate(KEPT) == 1
    # She is asked first, in the tab that holds the words.
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").click()
    until(page, f"{KEPT} === 1")
    assert "not sent yet" in asked[0]
    with other.expect_navigation():
        other.get_by_role("button", name="Sign out").click()
    until(page, f"{KEPT} === 0")
    assert words_box(page).input_value() == ""
    assert _kept(cast, run) == []


def test_without_scripts_each_save_keeps_what_it_sent(
    open_page: Any, cast: dict[str, Any], run: Running, address: str
) -> None:
    page = open_page(MINA, width=375, javascript=False)
    page.goto(address)
    main = page.locator("main")
    words_box(page).fill(MINAS)
    main.get_by_role("radio", name=re.compile("^Go on")).check()
    press(page, "Save")
    assert re.search(r"Saved at \d\d:\d\d:\d\d", main.inner_text())
    assert words_box(page).input_value() == MINAS
    main.get_by_label("Action", exact=True).fill(STEP)
    press(page, "Add action")  # nobody chosen: what was typed stays, and so does what was saved
    assert "Choose who does it" in main.inner_text()
    assert main.get_by_label("Action", exact=True).input_value() == STEP
    main.get_by_label("Who does it").select_option(index=1)
    press(page, "Save, next item")
    assert page.url.endswith(reverse("item-run", args=run.url_args(1)))
    assert _kept(cast, run) == [MINAS]
    with entered(cast[COLIN]):
        done = Item.objects.get(pk=run.items[0].pk)
    assert (done.decision, done.status) == ("go_on", "done")
