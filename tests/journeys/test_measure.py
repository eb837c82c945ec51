"""A measure in real browsers: its figure is entered and seen on the chart without scripts, its owner is asked and says
what it shows, and everybody reads it."""

from __future__ import annotations

import re
from typing import Any

from saferhub.plan.operations.commentary_asking import ask_owners
from saferhub.plan.operations.measures import change_keeping, keeping_values
from tests.journeys.conftest import sideways, violations
from tests.journeys.recording import press
from tests.plan.measured import ANA, COLIN, a_measure, act, quarters, who

PRIYA = "priya.partner"
STEADY = (30, 32, 29, 31, 30, 33, 31, 30, 32, 31, 30)
# Figures on the chart, real changes among them; not the key below it.
POINTS = ".sh-chart__svg circle.sh-chart__dot, .sh-chart__svg path.sh-run__real"
WORDS = "More come since the doors open at nine."


def test_a_figure_is_entered_seen_on_the_chart_and_explained_by_its_owner(
    cast: dict[str, Any], open_page: Any
) -> None:
    measure = a_measure(cast, (*STEADY, None))
    given: Any = {**keeping_values(measure), "owner": cast[PRIYA].public_id, "owner_post": "Drop-in lead"}
    act(cast, ANA, change_keeping, measure_id=measure.public_id, seen=measure.version, **given)
    address, newest = f"/measures/{measure.public_id}/", quarters(cast, 1)[0]

    page = open_page(ANA, javascript=False)
    page.goto(address)
    assert page.locator(POINTS).count() == len(STEADY)
    assert "No figure" in page.locator("main").inner_text()
    page.locator("main").get_by_text("Enter the figure", exact=True).click()
    page.get_by_label("Number", exact=True).fill("lots")
    press(page, "Keep the figure")
    assert page.title().startswith("Error:")
    assert page.get_by_label("Number", exact=True).input_value() == "lots"
    page.get_by_label("Number", exact=True).fill("90")
    page.get_by_label("Where does it come from?").fill("The drop-in’s book, 2 July")
    press(page, "Keep the figure")
    text = page.locator("main").inner_text()
    assert "↑ Better since" in text and newest.words in text
    assert page.locator(POINTS).count() == 12
    assert page.locator("svg desc").first.text_content().count("higher than chance explains") == 1

    assert ask_owners(on=who(cast, PRIYA).on) > 0
    page = open_page(PRIYA, width=375)
    page.goto("/")
    row = page.locator("main li, main tr").filter(has_text="Visits to the drop-in").first
    row.get_by_role("button", name=re.compile("^Comment")).or_(
        row.get_by_role("link", name=re.compile("^Comment"))
    ).first.click()
    assert violations(page) == [] and sideways(page) <= 0
    page.get_by_label("What does it show").fill(WORDS)
    press(page, "Keep these words")
    assert violations(page) == [] and sideways(page) <= 0
    assert WORDS in page.locator("main").inner_text()

    page = open_page(COLIN)
    page.goto("/measures/")
    assert WORDS in page.locator("main").inner_text()
    page.goto(address)
    assert "was asked" not in page.locator("main").inner_text()
