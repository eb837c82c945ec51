"""A whole meeting, in real browsers: prepared, answered, run over twenty items, its minutes out.

Colin prepares it; three agencies answer; Chris chairs, Mina and Colin take the minutes, and Colin's connection is
lost for a minute. What they meet is held against the rules of accessibility, and fits. Pages tell the time by a clock
that the test moves on, so that a minute without a connection takes none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from saferhub.meetings.models import ItemKind, Meeting
from saferhub.meetings.operations import items as on_agenda
from saferhub.meetings.operations import keeping
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.journeys.conftest import sideways, violations
from tests.journeys.recording import KEPT, press, says, ticks, until, words_box
from tests.meetings.calendar.group import a_group, a_meeting

Check = Callable[[Any], None]
COLIN, CHRIS, MINA = "colin.coordinator", "chris.chair", "mina.minutes"
PRIYA, VICTOR, RACHEL = "priya.partner", "victor.voluntary", "rachel.referrer"
PARTNERS = (PRIYA, VICTOR, RACHEL)
CASES = 16  # with the four standing items that are spoken of, twenty
RETURNED = "Known to us until 2016; seen at home last week."
MINAS, COLINS = "Mina: the lock is changed and she is back.", "Colin: the landlord agrees to pay for it."
LATER = "The landlord comes next time."
STEP = "Take her to the housing office"


# --- The whole meeting ---------------------------------------------------------------------------------------------


def prepares(cast: dict[str, Any], page: Any, check: Check) -> tuple[Meeting, list[str]]:
    """Colin begins the agenda, puts the cases on it, keeps one from Rachel and sends it. Returns the meeting and the
    cases' references."""
    group = a_group(cast, CHRIS, MINA, *PARTNERS)
    meeting = a_meeting(cast, group, days=0)
    cases = [a_case(cast, title=f"Stairwell {n}") for n in range(1, CASES + 1)]
    page.goto(f"/meetings/{meeting.public_id}/")
    press(page, "Begin the agenda", check)
    page.goto(reverse("agenda-put-matter", args=[meeting.public_id, cases[0].matter.public_id]))
    check(page)
    main = page.locator("main")
    main.get_by_label("A case to look at").check()
    main.get_by_label("Why is it on the agenda?").fill("Agree what is done next.")
    press(page, "Put on the agenda")
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        for case in cases[1:]:
            put = on_agenda.put_on(
                meeting_id=meeting.public_id,
                kind=ItemKind.CASE,
                matter_id=case.matter.public_id,
                why="Agree what is done next.",
                under="cases",
                by=colin,
                on=colin.on,
            )
            if case is cases[1]:
                keeping.keep_from(
                    meeting_id=meeting.public_id,
                    item_id=put.public_id,
                    user_id=cast[RACHEL].public_id,
                    why="Family of somebody in it.",
                    by=colin,
                    on=colin.on,
                )
    page.goto(reverse("agenda-send", args=[meeting.public_id]))
    check(page)
    press(page, "Send the agenda", check)
    return meeting, [one.matter.reference for one in cases]


def answers(page: Any, meeting: Meeting, check: Check, words: str = "") -> None:
    """A partner answers everything on one page: something shared where there is, nothing held for the rest."""
    page.goto(reverse("meeting-asks", args=[meeting.public_id]))
    check(page)
    main = page.locator("main")
    asked = main.locator(".sh-ask").count()
    assert asked > 10, main.inner_text()
    if words:
        main.get_by_label("Held, and shared here").first.check()
        main.get_by_label("What you share").first.fill(words)
    press(page, "Save, then answer “nothing held” to the rest", check)
    press(page, "Answer “nothing held”")


def begins(page: Any, meeting: Meeting, check: Check) -> None:
    """Chris begins the meeting. Victor sent apologies; that everybody else is there is one press."""
    page.goto(reverse("meeting-run", args=[meeting.public_id]))
    check(page)
    press(page, "Begin the meeting", check)
    row = page.locator("main table tr", has_text="Victor")
    row.get_by_label("Sent apologies").check(force=True)
    press(page, "Save, everybody else is here", check)
    text = page.locator("main").inner_text()
    assert "Running, quorate" in text
    assert "all agreed to confidentiality" in text


def both_write(mina: Any, colin: Any, address: str, check: Check) -> None:
    """Two minute-takers in one item. Colin's connection is lost for a minute while he writes; what he wrote stays in
    his tab and is sent when it is back."""
    colin.clock.install()
    for page in (mina, colin):
        page.goto(address)
        check(page)
    words_box(colin).fill(COLINS[:9])
    ticks(colin, "Saved ")
    colin.context.set_offline(True)
    words_box(colin).fill(COLINS)
    ticks(colin, "Not sent yet: kept in this tab for ", seconds=60)
    assert COLINS in colin.evaluate("Object.values(sessionStorage).join()")
    words_box(mina).fill(MINAS)  # in the meantime
    says(mina, "Saved ")
    colin.context.set_offline(False)
    says(colin, "Saved ")
    assert colin.evaluate(KEPT) == 0
    # What the other wrote comes by itself, and her own is as she left it.
    mina.get_by_text(COLINS).wait_for()
    assert words_box(mina).input_value() == MINAS


def agrees_by_keyboard(page: Any, check: Check) -> None:
    """An action in three: its words, who, Enter. It is due when the group meets next, unless another day is typed.
    Counted by the page: each field that was changed, each form that was sent."""
    page.get_by_label("Action", exact=True).focus()
    page.evaluate(
        "() => { const count = what => sessionStorage.setItem('steps', [...new Set((sessionStorage.getItem('steps')"
        " ?? '').split(' ').filter(Boolean)).add(what)].join(' '));"
        " addEventListener('change', event => count(event.target.name));"
        " addEventListener('submit', event => event.defaultPrevented || count('sent')) }"
    )
    page.keyboard.type(STEP)
    page.keyboard.press("Tab")
    page.keyboard.type("Priya")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    assert page.evaluate("sessionStorage.getItem('steps')").split() == ["words", "who", "sent"]
    assert "The action is agreed" in page.locator("main").inner_text()
    assert STEP in page.locator(".sh-take").inner_text()
    until(page, "document.activeElement.name === 'words'")  # ready for the next one


def leaves_an_item(priya: Any, mina: Any, meeting: Meeting, check: Check) -> None:
    """Priya declares an interest in the third case on her own telephone. She sees it no longer, and whoever records is
    told that she leaves before it is spoken of."""
    priya.goto(reverse("meeting", args=[meeting.public_id]))
    with priya.expect_navigation():
        priya.locator("main").get_by_role("link", name=re.compile("Stairwell 3$")).click()
    with priya.expect_navigation():
        priya.locator("main").get_by_role("link", name=re.compile("interest")).first.click()
    priya.get_by_label("What is your interest").fill("A relative.")
    press(priya, "Declare and leave the item", check)
    assert "Stairwell 3" not in priya.locator("main").inner_text()
    mina.goto(reverse("meeting-run", args=[meeting.public_id]))
    with mina.expect_navigation():
        mina.get_by_role("link", name="Stairwell 3", exact=True).click()
    check(mina)
    text = mina.locator("main").inner_text()
    assert "has an interest in this item and leaves while it is spoken of" in text
    assert mina.get_by_role("button", name="They have left: speak of it now").count() == 1


def puts_off_the_last(page: Any, meeting: Meeting, check: Check) -> None:
    page.goto(reverse("meeting-run", args=[meeting.public_id]))
    with page.expect_navigation():
        page.get_by_role("link", name=f"Stairwell {CASES}", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("link", name="Put it off to the next meeting").click()
    check(page)
    page.get_by_label("Why is it put off?").fill(LATER)
    press(page, "Put off", check)


def runs_the_rest(pages: tuple[Any, ...], meeting: Meeting) -> int:
    """The minute-takers take turns, by keyboard: words, a decision by its letter, Ctrl and Enter to the next item."""
    done = 0
    while done < 40:
        page = pages[done % len(pages)]
        page.goto(reverse("meeting-run", args=[meeting.public_id]))
        if page.locator("#run-speak:visible").count():
            with page.expect_navigation():
                page.locator("#run-speak button").click()
        page.locator("[data-keys] input").first.focus()
        page.keyboard.press("g" if page.locator("[data-keys] [accesskey=g]").count() else "t")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        done += 1
        if "That was the last item" in page.locator("main").inner_text():
            break
    return done


def test_a_meeting_is_prepared_answered_run_and_its_minutes_are_out(
    open_page: Any, cast: dict[str, Any]
) -> None:
    wrong: list[str] = []

    def check(page: Any) -> None:
        wrong.extend(f"{page.url}: {fault}" for fault in violations(page))
        if (over := sideways(page)) > 0:
            wrong.append(f"{page.url}: {over} px too wide")
        text = page.locator("main").inner_text()
        assert "There is a problem" not in text, text

    colin, mina, chris = open_page(COLIN), open_page(MINA), open_page(CHRIS)
    meeting, references = prepares(cast, colin, check)
    for number, username in enumerate(PARTNERS):
        partner = open_page(username, width=375)
        answers(partner, meeting, check, RETURNED if number == 0 else "")
        assert partner.goto(reverse("meeting-run", args=[meeting.public_id])).status == 403

    begins(chris, meeting, check)
    mina.goto(reverse("meeting-run", args=[meeting.public_id]))
    with mina.expect_navigation():
        mina.get_by_role("link", name="Stairwell 1", exact=True).click()
    assert RETURNED in mina.locator("main").inner_text()
    address = mina.url
    chris.goto(reverse("meeting-screen", args=[meeting.public_id]))
    check(chris)
    press(mina, "Speak of it now")
    # The projector follows by itself.
    chris.get_by_role("heading", name=re.compile("Stairwell 1$")).wait_for()

    both_write(mina, colin, address, check)
    agrees_by_keyboard(mina, check)
    priya = open_page(PRIYA, width=375)
    leaves_an_item(priya, mina, meeting, check)
    puts_off_the_last(mina, meeting, check)
    assert runs_the_rest((mina, colin), meeting) == CASES + 4 - 1
    chris.goto(reverse("meeting-end", args=[meeting.public_id]))
    check(chris)
    press(chris, "End the meeting")
    for closed in (reverse("meeting-run", args=[meeting.public_id]), address):
        chris.goto(closed)
        check(chris)
    chris.goto(reverse("meeting-minutes", args=[meeting.public_id]))
    check(chris)
    with chris.expect_navigation():
        chris.locator("main").get_by_role("link", name="Read and approve").click()
    check(chris)
    press(chris, "Approve the minutes", check)

    paper = reverse("meeting-paper", args=[meeting.public_id, "minutes"])
    chris.goto(paper)
    check(chris)
    minutes = chris.locator("main").inner_text()
    for words, name in ((MINAS, cast[MINA].name), (COLINS, cast[COLIN].name)):
        assert re.search(rf"{name}[^\n]*\d\d:\d\d", minutes), minutes
        assert words in minutes
    assert STEP in minutes
    assert all(one in minutes for one in references)
    assert LATER in minutes

    priya.goto("/")
    assert STEP in priya.locator("main").inner_text()
    rachel = open_page(RACHEL)
    for page in (priya, rachel):
        page.goto(paper)
        check(page)
    hers = priya.locator("main").inner_text()
    assert MINAS in hers
    assert (references[2] in hers, "Stairwell 3" in hers) == (False, False)
    hers = rachel.locator("main").inner_text()
    assert (references[0] in hers, references[1] in hers, "Stairwell 2" in hers) == (True, False, False)
    assert open_page("nadia.neighbour").goto(reverse("meeting", args=[meeting.public_id])).status == 404

    # What was put off is proposed for the next meeting, with the reason.
    coming = a_meeting(cast, meeting.group, days=14)
    colin.goto(reverse("meeting", args=[coming.public_id]))
    press(colin, "Begin the agenda")
    assert LATER in colin.locator("main").inner_text()
    assert wrong == []
