"""A report to members, in a real browser: begun, written, approved by two, published, corrected.

Maya begins it from the outline and puts a paragraph into her own words; she and Ian approve; a partner reads it. The
correction is made without scripts. What they meet is held against the rules of accessibility, and fits.
"""

from __future__ import annotations

from typing import Any

from saferhub.reporting.models import Report
from tests.journeys.conftest import sideways, violations
from tests.reporting.writing import a_committee

MAYA, IAN, PRIYA, OLIVIA = "maya.manager", "ian.governance", "priya.partner", "olivia.outsider"
MINE = "There are [hubs] hubs, and each has a meeting of its own."
WRONG, RIGHT = "each has a meeting of its own", "two share one meeting"
NOTICE = "Two hubs share a meeting. The report said that each had its own."


def press(page: Any, words: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).first.click()


def check(page: Any) -> None:
    assert violations(page) == [], page.url
    assert sideways(page) <= 0, page.url


def writes(page: Any, report: str, words: str) -> None:
    page.goto(report)
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="Community Safety Hubs").first.click()
    page.locator("#id_words").fill(words)
    press(page, "Save the section")


def approves(page: Any, report: str, post: str) -> None:
    page.goto(f"{report}approve/")
    page.get_by_label("As what do you approve it?").fill(post)
    press(page, "Approve the report")


def publishes(page: Any, report: str) -> None:
    page.goto(f"{report}publish/")
    press(page, "Publish it")


def test_a_report_is_written_approved_by_two_frozen_and_corrected(
    cast: dict[str, Any], open_page: Any
) -> None:
    committee = a_committee(cast)
    maya, ian = open_page(MAYA), open_page(IAN)
    maya.goto("/reports/begin/")
    main = maya.locator("main")
    main.get_by_label("What do you write?").select_option("scrutiny_report")
    main.get_by_label("Committee").select_option(committee.public_id)
    main.get_by_label("Title").fill("To members")
    press(maya, "Begin the report")
    report = maya.url
    check(maya)
    writes(maya, report, "There are [huts].")
    assert "There is no figure for [huts]" in maya.locator("main").inner_text()
    assert maya.locator("#id_words").input_value() == "There are [huts]."
    check(maya)
    writes(maya, report, MINE)
    maya.goto(f"{report}ask/")
    press(maya, "Ask for approval")
    approves(maya, report, "Partnership manager")
    approves(ian, report, "Information governance lead")
    publishes(ian, report)
    priya = open_page(PRIYA, width=375)
    priya.goto(f"{report}read/")
    assert f"There are seven hubs, and {WRONG}" in priya.locator("main").inner_text()
    check(priya)
    frozen = Report.objects.get(title="To members").versions.get().content

    # The correction, without scripts.
    maya, ian = open_page(MAYA, javascript=False), open_page(IAN, javascript=False)
    maya.goto(f"{report}correct/")
    maya.get_by_label("What is wrong?").fill("Two hubs share a meeting")
    press(maya, "Begin")
    writes(maya, report, MINE.replace(WRONG, RIGHT))
    maya.goto(f"{report}ask/")
    maya.get_by_label("What was wrong, and what is right?").fill(NOTICE)
    press(maya, "Ask for approval")
    approves(maya, report, "Partnership manager")
    approves(ian, report, "Information governance lead")
    priya.goto(f"{report}read/")
    assert WRONG in priya.locator("main").inner_text()  # what is published stays until then
    publishes(maya, report)
    priya.goto(f"{report}read/")
    read = priya.locator("main").inner_text()
    assert NOTICE in read and RIGHT in read and WRONG not in read.replace(NOTICE, "")
    check(priya)
    first, second = Report.objects.get(title="To members").versions.order_by("id")
    assert (first.content, first.number, second.number) == (frozen, "1.0", "1.1")
    assert open_page(OLIVIA).goto(f"{report}read/").status == 404
