"""A year of the plan, in real browsers: a partner says how her action stands, the manager reviews the year.

Priya is asked on her telephone, without scripts; Maya decides about each action and carries the year over. What they
meet is held against the rules of accessibility, and fits.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from saferhub.foundation import clock
from saferhub.plan.models import ActionPlan
from saferhub.plan.operations import updates_asking
from tests.journeys.conftest import sideways, violations
from tests.journeys.recording import press
from tests.plan.planned import MAYA, Cast, a_year, agree, an_action

PRIYA = "priya.partner"
ASKED, TOLD, REVIEWED = date(2019, 7, 1), date(2019, 7, 3), date(2020, 2, 3)
HERS = "Show every team how exploitation looks"
SAID = "Two teams were shown. Nobody is free to go to the third."


def follow(page: Any, words: str) -> None:
    """Follow the first link of these words in the page's own part."""
    with page.expect_navigation():
        page.locator("main a", has_text=words).first.click()


@pytest.fixture
def year(cast: Cast) -> ActionPlan:
    """The agreed year from April 2019: two actions of the police, and one that Priya leads by name."""
    plan = a_year(cast)
    for what in ("Look through what is open longest", "Ask partners what keeps them away"):
        an_action(cast, plan, what=what)
    an_action(
        cast, plan, what=HERS, lead_agency="mental_health_provider", lead_post="Lead nurse", lead=cast[PRIYA].public_id
    )  # fmt: skip
    return agree(cast, plan)


def test_a_partner_says_how_her_action_stands_and_the_year_is_reviewed_and_carried_over(
    cast: Cast, year: ActionPlan, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong: list[str] = []

    def check(page: Any) -> None:
        wrong.extend(f"{page.url}: {fault}" for fault in violations(page))
        if (over := sideways(page)) > 0:
            wrong.append(f"{page.url}: {over} px too wide")
        wrong.extend(f"{page.url}: console: {said}" for said in page.said)

    def on(day: date) -> None:
        monkeypatch.setattr(clock, "today", lambda: day)

    on(ASKED)
    updates_asking.ask_for_updates.func()
    on(TOLD)
    says_how_it_stands(open_page(PRIYA, width=375, javascript=False), open_page(PRIYA, width=375), check)
    on(REVIEWED)
    maya = open_page(MAYA)
    decides_about_each(maya, check)
    following = ActionPlan.objects.get(strategy=year.strategy, first_day=date(2020, 4, 1))
    changes_what_was_to_change_and_has_it_agreed(maya, following, check)
    priya = open_page(PRIYA, width=375)
    priya.goto(reverse("plan"))
    check(priya)
    assert f"2.3 {HERS}" in priya.locator("main").inner_text()
    assert wrong == []


def says_how_it_stands(page: Any, scripted: Any, check: Any) -> None:
    """From the mail's page to thanks: one choice and one sentence. What is missing is said beside its field, and
    nothing is lost by it."""
    page.goto(reverse("plan-updates"))
    follow(page, "Give an update on 2.3")
    scripted.goto(page.url)  # axe is a script
    check(scripted)
    main = page.locator("main")
    main.get_by_label("At risk").check()
    press(page, "Save")
    assert "Enter what has happened since" in page.locator(".govuk-error-message").first.inner_text()
    assert main.get_by_label("At risk").is_checked()
    main.get_by_label("What has happened since?").fill(SAID)
    press(page, "Save")
    text = page.locator("main").inner_text()
    assert "2.3: at risk. Thank you." in text
    assert text.count(SAID) == 2  # what she said, and why it moved
    scripted.goto(page.url)
    check(scripted)
    page.goto(reverse("plan-updates"))
    assert "No update waits for you" in page.locator("main").inner_text()


def decides_about_each(page: Any, check: Any) -> None:
    page.goto(reverse("plan"))
    check(page)
    follow(page, "Decide what is kept, changed and stopped")
    check(page)
    follow(page, "Decide about 2.1")
    for decision, why in (("Keep", "It works"), ("Change", "Ask fewer"), ("Keep", "Two teams wait")):
        check(page)
        page.get_by_label(decision, exact=True).check()
        page.get_by_label("Why?").fill(why)
        press(page, "Save, next action")
    check(page)
    text = page.locator("main").inner_text()
    assert "Everything is decided" in text
    assert "Two teams wait" in text
    follow(page, "Close the review")
    check(page)
    page.get_by_label("What did the year show?").fill("Partners came; one action was too large.")
    press(page, "Close the review", check)
    assert "3 actions stand in the draft of 2020-21" in page.locator("main").inner_text()


def changes_what_was_to_change_and_has_it_agreed(page: Any, plan: ActionPlan, check: Any) -> None:
    assert page.url.endswith(reverse("plan-year", args=[plan.public_id]))
    follow(page, "Ask partners what keeps them away")
    check(page)
    follow(page, "Change")
    check(page)
    page.get_by_label("What will be done?").fill("Ask voluntary partners what keeps them away")
    press(page, "Save")
    page.goto(reverse("plan-year-agree", args=[plan.public_id]))
    check(page)
    page.get_by_label("Which meeting or session agreed it?").fill("Board meeting")
    for part, value in (("Day", 3), ("Month", 2), ("Year", 2020)):
        page.get_by_label(part, exact=True).fill(str(value))
    press(page, "Record it", check)
    page.goto(reverse("plan-year-compare", args=[plan.public_id]))
    check(page)
    text = page.locator("main").inner_text()
    assert "2 actions go on as before, 1 goes on changed, 0 ended, 0 are new." in text
    assert "Was: Ask partners what keeps them away" in text
