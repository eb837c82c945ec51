"""One referral, followed to the end by those whose work it is, in a real browser.

Rachel refers on a telephone; Colin scores, adopts and closes without scripts; Priya does her action by keyboard
alone. Every page they meet is held against the rules of accessibility, and fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.journeys.conftest import sideways, violations

Check = Callable[[Any], None]
TITLE = "Threats in a stairwell"
STEP = "Speak with her about what would help her sleep"


def _next(page: Any, words: str, check: Check) -> None:
    """Press the button of these words, and look at the page it leads to."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).first.click()
    check(page)


def _follow(page: Any, words: str, check: Check) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=words).first.click()
    check(page)


def refers(page: Any, check: Check) -> str:
    """Rachel writes a referral about one person and sends it. Returns its identifier."""
    page.goto("/referrals/new/")
    check(page)
    main = page.locator("main")
    main.get_by_label("A person", exact=True).check()
    main.get_by_label("Title").fill(TITLE)
    main.get_by_label("Purpose").select_option("reduce_asb")
    main.get_by_label("Hub").select_option("selby")
    _next(page, "Save and continue", check)
    _follow(page, "Add a person", check)
    main.get_by_label("Name", exact=True).fill("Tamsin Holloway-Reed")
    for part, value in (("Day", "3"), ("Month", "4"), ("Year", "1979")):
        main.get_by_label(part).fill(value)
    _next(page, "Look", check)
    with page.expect_navigation():
        main.get_by_role("link", name="Make a new record").or_(
            main.get_by_role("button", name="Make a new record")
        ).first.click()
    check(page)
    if not main.get_by_label("Kind of name").input_value():
        main.get_by_label("Kind of name").select_option(index=1)
    _next(page, "Record person", check)
    main.get_by_label("Alleged perpetrator").check()
    main.get_by_label("The referral is about this person").check()
    with page.expect_navigation():
        main.get_by_role("button").first.click()
    check(page)
    with page.expect_navigation():
        main.get_by_role("link", name="Continue").or_(
            main.get_by_role("button", name="Continue")
        ).first.click()
    main.get_by_label("What has happened").fill(
        "Shouting most nights since May. On Saturday he made threats."
    )
    main.get_by_label("Where?").fill("The stairwell of a block of flats")
    _next(page, "Save and continue", check)
    main.get_by_label("What have you and others done").fill("Two visits and a warning letter.")
    main.get_by_label("What do you ask the hub").fill("A joint plan with the police and mental health.")
    _next(page, "Save and continue", check)
    main.get_by_role("group", name="Are children affected?").get_by_label("No", exact=True).check()
    main.get_by_role("group", name="know of this referral").get_by_label("Yes").check()
    _next(page, "Save and continue", check)
    if main.get_by_role("radio").count():
        main.get_by_role("radio").first.check()
    with page.expect_navigation():
        main.get_by_role("button", name=re.compile("^Send")).click()
    check(page)
    assert "Your referral is sent" in main.inner_text()
    return str(page.url.split("/referrals/")[1].split("/")[0])


def scores(page: Any, check: Check, *, worst: bool) -> None:
    """Colin, on the page of a referral or case's scores, scores the matrix: the worst answers, or the mildest."""
    main = page.locator("main")
    if main.get_by_role("link", name="Anti-social behaviour matrix").count():
        _follow(page, "Anti-social behaviour matrix", check)
    names = list(
        dict.fromkeys(str(one.get_attribute("name")) for one in main.locator("input[type=radio]").all())
    )
    for name in (one for one in names if one.startswith("q_")):
        options = [
            one
            for one in main.locator(f"input[type=radio][name='{name}']").all()
            if one.get_attribute("value") != "dont_know"
        ]
        (options[-1] if worst else options[0]).check(force=True)
    _next(page, "Save score and judgement", check)


def adopts(page: Any, check: Check) -> str:
    """Colin, on the page of the decision, adopts it: Rachel's team leads, Priya's contributes. Returns the case's
    identifier."""
    main = page.locator("main")
    main.get_by_label("Adopt as a case").check()
    _next(page, "Continue", check)
    main.get_by_label("Complex and unresolved").check()
    main.get_by_label("It is not taken on solely").check()
    main.get_by_label("Why this is a case").fill("Two agencies have tried, and it goes on.")
    main.get_by_label("What do you want to reach?").fill("Quiet nights for eight weeks.")
    _choose(main.get_by_label("Who leads it?"), "Rachel Marsden")
    _choose(main.get_by_label("Which unit contributes?"), "Community mental health")
    main.get_by_label("What does it contribute").first.fill("They know one of the people in it.")
    main.get_by_label("The hub’s reason").fill("It needs three agencies at one table.")
    _next(page, "Adopt as a case", check)
    return str(page.url.split("/cases/")[1].split("/")[0])


def _choose(select: Any, words: str) -> None:
    offered = {one.inner_text(): one.get_attribute("value") for one in select.locator("option").all()}
    value = next((value for label, value in offered.items() if words in label), None)
    assert value, (words, list(offered))
    select.select_option(value)


def agrees_an_action(page: Any, check: Check) -> None:
    """Colin, on the case's page, agrees an action with Priya."""
    main = page.locator("main")
    _follow(page, "Add an action", check)
    main.get_by_label("What is to be done?").fill(STEP)
    _choose(main.get_by_label("Who does it?"), "Priya Nair")
    for part, value in (("Day", "7"), ("Month", "9"), ("Year", "2018")):
        main.get_by_label(part).fill(value)
    with page.expect_navigation():
        main.locator("form button").first.click()
    check(page)
    assert STEP in main.inner_text()


def tab_to(page: Any, words: str, *, most: int = 120) -> None:
    """Press Tab until the thing of these words has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement;"
            " const l = e.labels && e.labels.length ? e.labels[0].innerText : '';"
            " return (l + ' ' + (e.innerText || '') + ' ' + (e.getAttribute('aria-label') || '')).trim() })()"
        )
        if words in focused:
            return
    raise AssertionError(f"{words} is not reached by keyboard")


def does_it_by_keyboard(page: Any, check: Check) -> None:
    """Priya finds her action in Your work and says that it is done, without a mouse."""
    page.goto("/")
    check(page)
    tab_to(page, STEP)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    tab_to(page, "Mark as done")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    tab_to(page, "What was done")
    page.keyboard.type("I saw her on Thursday; she has an appointment each week now.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)


def closes(page: Any, check: Check, case: str) -> None:
    """Colin scores again and closes the case."""
    main = page.locator("main")
    page.goto(f"/cases/{case}/scores/new/")
    check(page)
    scores(page, check, worst=False)
    page.goto(f"/cases/{case}/close/")
    check(page)
    main.get_by_label("Resolved").check()
    main.get_by_label("Why").first.fill("Quiet since the visit; the neighbour goes out again.")
    _next(page, "Close case", check)
    page.goto(f"/cases/{case}/")
    check(page)
    assert "Closed" in main.inner_text()


def test_a_referral_is_written_adopted_worked_on_and_closed(open_page: Any, cast: dict[str, Any]) -> None:
    wrong: list[str] = []

    # axe needs scripts and waits for ever without: it sees the same address in a window that has them.
    scripted = open_page("colin.coordinator")

    def check(page: Any) -> None:
        seen = page
        if page is colin:
            scripted.goto(page.url)
            seen = scripted
        wrong.extend(f"{page.url}: {fault}" for fault in violations(seen))
        if (over := sideways(seen)) > 0:
            wrong.append(f"{page.url}: {over} px too wide")
        assert "There is a problem" not in page.locator("main").inner_text(), page.locator(
            "main"
        ).inner_text()

    colin = open_page("colin.coordinator", javascript=False)
    rachel = open_page("rachel.referrer", width=375)
    referral = refers(rachel, check)

    colin.goto(f"/referrals/{referral}/")
    check(colin)
    _follow(colin, "Score", check)
    scores(colin, check, worst=True)
    colin.goto(f"/referrals/{referral}/decide/")
    check(colin)
    case = adopts(colin, check)
    agrees_an_action(colin, check)

    priya = open_page("priya.partner")
    does_it_by_keyboard(priya, check)

    closes(colin, check, case)

    rachel.goto(f"/referrals/{referral}/")
    assert "Adopted as a case" in rachel.locator("main").inner_text()
    # Another team of her own council, and another partnership, find neither.
    for stranger in ("nadia.neighbour", "olivia.outsider", "fergus.former"):
        page = open_page(stranger)
        for address in (f"/referrals/{referral}/", f"/cases/{case}/"):
            assert page.goto(address).status == 404, (stranger, address)
    assert wrong == []
