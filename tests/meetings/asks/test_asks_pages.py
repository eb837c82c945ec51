"""The page of what is asked: rows saved by themselves, nothing typed lost, colleagues, the rest, the board."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.accounts.models import HeldForm
from saferhub.foundation.registries import WORK
from saferhub.meetings.models import Ask
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.builders.meetings import COLIN, NADIA, PRIYA, VICTOR, Made, a_meeting, ask_of, read

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]


@pytest.fixture
def made(cast: Cast) -> Made:
    return a_meeting(cast, items=2, person=True)


def url_of(made: Made, name: str = "meeting-asks") -> str:
    return reverse(name, args=[made.meeting.public_id])


def row(ask: Ask, answer: str = "", words: str = "", why: str = "", *, seen: int = 1) -> dict[str, str]:
    key = ask.public_id
    return {f"{key}-answer": answer, f"{key}-words": words, f"{key}-why": why, f"{key}-seen": str(seen)}


def both(cast: Cast, made: Made, username: str = PRIYA) -> tuple[Ask, Ask]:
    return ask_of(cast, made, username), ask_of(cast, made, username, 1)


def test_one_page_holds_everything_asked_and_one_press_answers_it(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    client, (first, second) = client_for(PRIYA), both(cast, made)
    page = client.get(url_of(made)).content.decode()
    for text in (
        *(case.matter.reference for case in made.cases),
        "Marcus Tindall",
        "2 answers still to give",
    ):
        assert text in page
    answer = client.post(
        url_of(made), {**row(first, "shared", "Known since 2016."), **row(second, "nothing")}, follow=True
    )
    assert "2 answers saved." in answer.content.decode()
    assert [read(cast, one).answer for one in (first, second)] == ["shared", "nothing"]


def test_a_row_that_lacks_something_is_kept_as_typed_and_the_other_is_saved(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    first, second = both(cast, made)
    answer = client_for(PRIYA).post(
        url_of(made), {**row(first, "declined", "Typed before.", ""), **row(second, "nothing")}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Enter why you do not answer" in page and "Typed before." in page and "Error: " in page
    assert "1 answer saved." in page
    assert [read(cast, one).answer for one in (first, second)] == ["", "nothing"]


def test_a_colleague_who_answered_meanwhile_is_shown_and_not_overwritten(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    client, (first, second) = client_for(PRIYA), both(cast, made)
    client.post(url_of(made), row(first, "ask_me"))
    answer = client.post(url_of(made), {**row(first, "shared", "Mine."), **row(second, "nothing")})
    page = answer.content.decode()
    assert "answered this while you were writing" in page and "Mine." in page
    assert [read(cast, one).answer for one in (first, second)] == ["ask_me", "nothing"]
    # Looked at and sent once more, it takes its place.
    client.post(url_of(made), row(first, "shared", "Mine.", seen=2))
    assert read(cast, first).answer_words == "Mine."


def test_an_untouched_row_does_not_go_over_what_a_colleague_corrected(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    client, (first, second) = client_for(PRIYA), both(cast, made)
    client.post(url_of(made), row(first, "nothing"))
    client.post(url_of(made), row(first, "ask_me", seen=2))
    answer = client.post(url_of(made), {**row(first, "nothing", seen=2), **row(second, "nothing")})
    assert answer.status_code == 302
    assert read(cast, first).answer == "ask_me"


def test_an_answer_is_taken_back_by_one_press(cast: Cast, made: Made, client_for: ClientFor) -> None:
    client, (first, _) = client_for(PRIYA), both(cast, made)
    client.post(url_of(made), row(first, "nothing"))
    client.post(url_of(made), {**row(first, "nothing", seen=2), "take_back": first.public_id})
    assert read(cast, first).answer == ""


def test_what_a_colleague_answered_meanwhile_is_not_taken_back_unseen(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    client, (first, _) = client_for(PRIYA), both(cast, made)
    client.post(url_of(made), row(first, "nothing"))
    client.post(url_of(made), row(first, "shared", "Known since 2016.", seen=2))
    sent = {**row(first, "nothing", seen=2), "take_back": first.public_id}
    answer = client.post(url_of(made), sent)
    page = answer.content.decode()
    assert "It is not taken back" in page and "Known since 2016." in page
    assert read(cast, first).answer_words == "Known since 2016."
    # The row shows hers: saved as it stands it changes nothing, and the press once more takes it back.
    form = answer.context["rows"][0][1]
    again = row(first, form["answer"].value(), form["words"].value(), seen=int(form["seen"].value()))
    client.post(url_of(made), again)
    assert read(cast, first).answer == "shared"
    client.post(url_of(made), {**again, "take_back": first.public_id})
    assert read(cast, first).answer == ""


def test_return_on_a_choice_saves_and_takes_nothing_back(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    client, (first, _) = client_for(PRIYA), both(cast, made)
    client.post(url_of(made), row(first, "nothing"))
    page = client.get(url_of(made)).content.decode()
    form = page.split(f'action="{url_of(made)}"', 1)[1].split("</form>", 1)[0]
    buttons = re.findall(r"<button[^>]*>", form)
    assert any("take_back" in one for one in buttons)
    assert "name=" not in buttons[0]


def test_nothing_held_for_the_rest_asks_first(cast: Cast, made: Made, client_for: ClientFor) -> None:
    client, (first, second) = client_for(PRIYA), both(cast, made)
    answer = client.post(url_of(made), {**row(first, "ask_me"), **row(second), "rest": "1"})
    assert answer.url == url_of(made, "asks-rest")
    page = client.get(answer.url).content.decode()
    assert made.cases[1].matter.reference in page and made.cases[0].matter.reference not in page
    client.post(answer.url, {"shown": [second.public_id]})
    assert [read(cast, one).answer for one in (first, second)] == ["ask_me", "nothing"]
    assert client.get(answer.url).status_code == 302


def test_a_colleague_of_the_unit_sees_the_same_page_and_a_stranger_none(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    from saferhub.partnership.models import Membership
    from tests.builders.casework import unit_of

    assert client_for(NADIA).get(url_of(made)).status_code == 404
    with entered(cast["maya.manager"]):
        Membership.objects.filter(user=cast[NADIA]).update(unit=unit_of(cast, PRIYA))
    page = client_for(NADIA).get(url_of(made)).content.decode()
    assert made.cases[0].matter.reference in page


def test_the_organiser_sees_the_board_and_partners_do_not(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    first, _ = both(cast, made)
    client_for(PRIYA).post(url_of(made), row(first, "shared", "Known since 2016."))
    page = client_for(COLIN).get(url_of(made)).content.decode()
    assert "Who has answered" in page and "Known since 2016." in page
    assert "Who has answered" not in client_for(VICTOR).get(url_of(made)).content.decode()
    # What was returned is the table's to read, on the page of the item.
    assert (
        "Known since 2016." in client_for(VICTOR).get(reverse("item", args=made.url_args())).content.decode()
    )


def test_what_waits_stands_in_your_work_until_it_is_answered(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    def waiting() -> list[str]:
        with entered(cast[PRIYA]):
            priya = actor(cast, PRIYA)
            rows = [one for provider in WORK for one in provider(priya) if one.kind == "ask"]
        return [one.why for one in rows if one.url == url_of(made)]

    assert waiting() == ["2 answers to give for your agency"]
    first, second = both(cast, made)
    client_for(PRIYA).post(url_of(made), {**row(first, "nothing"), **row(second, "nothing")})
    assert waiting() == []


def test_once_the_meeting_runs_answers_are_read_and_not_changed(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    from saferhub.meetings.models import Meeting

    client, (first, second) = client_for(PRIYA), both(cast, made)
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=made.meeting.pk).update(status="running")
    page = client.get(url_of(made)).content.decode()
    assert "Save answers" not in page and "Not answered" in page
    # What was typed when it began is not saved, and not lost.
    answer = client.post(url_of(made), {**row(first, "shared", "Typed before it began."), **row(second)})
    page = answer.content.decode()
    assert answer.status_code == 409 and "what you wrote is not saved" in page
    assert "Typed before it began." in page and page.count("You wrote, not saved") == 1
    assert client.post(url_of(made), row(first)).status_code == 409
    assert read(cast, first).answer == ""


def test_the_page_says_on_what_a_voluntary_service_may_be_asked(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    page = client_for(VICTOR).get(url_of(made)).content.decode()
    assert "Why your agency may be asked" in page
    assert "Victim support and hubs agreement 2018" in page and "Services for victims" in page
    assert "section 115" not in page
    theirs = client_for(PRIYA).get(url_of(made)).content.decode()
    assert "Crime and Disorder Act 1998, section 115" in theirs
    assert "Victim support and hubs agreement 2018" not in theirs


def test_answers_sent_after_the_session_ended_are_held_and_find_their_way(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    first, _ = both(cast, made)
    sent = row(first, "shared", "Typed for a long time.")
    client = client_for(PRIYA)
    session = client.session
    session["last_seen"] -= 3 * 3600
    session.save()
    assert client.post(url_of(made), sent).status_code == 302
    assert read(cast, first).answer == ""
    held = HeldForm.objects.get(user=cast[PRIYA])
    client.post("/demo/sign-in", {"username": PRIYA})
    client.post(url_of(made), {**sent, "held_form": held.public_id})
    assert read(cast, first).answer_words == "Typed for a long time."
