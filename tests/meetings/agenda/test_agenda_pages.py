"""Pages of the agenda: proposing by one press, adding, ordering without JavaScript, sending after a look, the item."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.foundation.templatetags.words import date_words
from saferhub.meetings.models import Ask, Item, ItemStatus, MeetingStatus
from saferhub.meetings.operations import keeping
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case
from tests.builders.casework_interventions import a_person
from tests.builders.meetings import (
    COLIN,
    FERGUS,
    MINA,
    NADIA,
    PRIYA,
    VICTOR,
    Made,
    a_meeting,
    act,
    read,
    shown_to,
)
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]


def url(made: Made, name: str = "meeting-agenda") -> str:
    return reverse(name, args=[made.meeting.public_id])


def references(cast: Cast, made: Made) -> list[str]:
    with entered(cast[COLIN]):
        rows = Item.objects.filter(meeting=made.meeting, status=ItemStatus.ON, code="").order_by(
            "order", "id"
        )
        return [one.reference or one.title for one in rows]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_agenda_is_begun_proposed_and_put_on_by_three_presses(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, begun=False)
    referral = a_referral(cast)
    colin = client_for(COLIN)
    assert "The agenda is not begun" in text_of(colin, url(made))
    answer = colin.post(url(made, "agenda-begin"))
    assert answer.url == url(made, "agenda-propose")
    page = colin.get(answer.url)
    key = f"referrals:{referral.matter.public_id}"
    assert page.content.decode().count(" checked") >= 1
    mark = page.context["form"]["once"].value()
    for _ in range(2):
        colin.post(url(made, "agenda-propose"), {"chosen": [key], "once": mark})
    assert references(cast, made) == [referral.matter.reference]
    assert referral.matter.reference not in text_of(colin, url(made, "agenda-propose"))


def test_nothing_ticked_puts_nothing_on(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=0, sent=False)
    answer = client_for(COLIN).post(url(made, "agenda-propose"), {})
    assert "Tick at least one" in answer.content.decode()
    assert references(cast, made) == []


def test_a_case_is_found_by_its_reference_and_put_on_with_who_is_named(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, items=0, sent=False)
    case = a_case(cast)
    person = a_person(cast, case)
    colin = client_for(COLIN)
    typed = case.matter.reference.lower().replace("-", " ")
    address = reverse("agenda-put-matter", args=[made.meeting.public_id, case.matter.public_id])
    for words in (case.matter.reference, *([typed] if any(map(str.isdigit, typed)) else [])):
        assert address in colin.get(url(made, "agenda-add"), {"q": words}).content.decode()
    form = colin.get(address).context["form"]
    assert form["people"].value() == [person.public_id]
    given = {"kind": "case", "why": "", "brief": "Look for calls since May.", "people": [person.public_id]}
    refused = colin.post(address, {**given, "under": "cases", "minutes": "4"})
    assert "Look for calls since May." in refused.content.decode()
    colin.post(address, {**given, "why": "It is due.", "under": "cases", "minutes": "4"})
    assert references(cast, made) == [case.matter.reference]
    assert "It stands on this agenda already" in text_of(
        colin, f"{url(made, 'agenda-add')}?q={case.matter.reference}"
    )


def test_other_business_is_added_under_a_heading(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=0, sent=False)
    colin = client_for(COLIN)
    given = {
        "kind": "theme",
        "title": "Off-road bikes",
        "why": "Three agencies hear of it.",
        "under": "themes",
        "minutes": "3",
    }
    assert colin.post(url(made, "agenda-put"), given).status_code == 302
    assert references(cast, made) == ["Off-road bikes"]


def first_button(page: str, address: str) -> str:
    """The button that Return presses in the form that is sent to this address."""
    form = page.split(f'action="{address}"', 1)[1].split("</form>", 1)[0]
    return re.findall(r"<button[^>]*>", form)[0]


def drawn(made: Made, *numbers: int, places: tuple[int, ...] = (1, 2, 3)) -> dict[str, str]:
    """What a page sends whose items stood in this order: every box, and the order."""
    pairs = [(made.items[number].public_id, place) for number, place in zip(numbers, places, strict=True)]
    order = " ".join(f"{key}:{place}" for key, place in pairs)
    return {"drawn": order, **{f"place-{key}": str(place) for key, place in pairs}}


def test_order_is_changed_by_buttons_and_by_typed_places(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=3, sent=False)
    first, second, third = (case.matter.reference for case in made.cases)
    colin = client_for(COLIN)
    page = text_of(colin, url(made))
    assert f'name="place-{made.items[2].public_id}"' in page
    # Return in a box puts in what was typed; it moves nothing.
    assert "name=" not in first_button(page, url(made, "agenda-order"))
    colin.post(url(made, "agenda-order"), {**drawn(made, 0, 1, 2), "move": f"{made.items[2].public_id}:up"})
    assert references(cast, made) == [first, third, second]
    typed = f"place-{made.items[1].public_id}"
    colin.post(url(made, "agenda-order"), {**drawn(made, 0, 2, 1), typed: "1"})
    assert references(cast, made) == [second, first, third]
    answer = colin.post(url(made, "agenda-order"), {**drawn(made, 1, 0, 2), typed: "first"}, follow=True)
    assert "A place is a whole number" in answer.content.decode()
    assert answer.context["order_form"].box(made.items[1].public_id).value() == "first"
    assert 'aria-invalid="true"' in answer.content.decode()
    assert references(cast, made) == [second, first, third]
    assert colin.post(url(made, "agenda-order"), {"move": "nothing:up"}).status_code == 404


def test_an_item_that_goes_over_a_heading_is_said_to_stand_under_another_one(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, items=2, sent=False)
    colin = client_for(COLIN)
    second = made.items[1].public_id

    def moved(item: str, way: str, *numbers: int) -> str:
        sent = {**drawn(made, *numbers, places=(1, 2)), "move": f"{item}:{way}"}
        return colin.post(url(made, "agenda-order"), sent, follow=True).content.decode()

    told = f"{made.cases[1].matter.reference} stands"
    assert told not in moved(second, "up", 0, 1)
    with entered(cast[COLIN]):
        rows = list(Item.objects.filter(meeting=made.meeting).order_by("order", "id"))
    at = [one.public_id for one in rows].index(second)
    above = [one for one in rows[:at] if one.code]
    assert f"{told} under “{above[-2].title}” now." in moved(second, "up", 1, 0)
    assert f"{told} under “{above[-1].title}” now." in moved(second, "down", 1, 0)


def test_an_order_that_a_colleague_changed_meanwhile_stands_and_nothing_typed_is_lost(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, items=3, sent=False)
    first, second, third = (case.matter.reference for case in made.cases)
    colin, address = client_for(COLIN), url(made, "agenda-order")
    old = drawn(made, 0, 1, 2)
    client_for(MINA).post(address, {**old, f"place-{made.items[2].public_id}": "1"})
    assert references(cast, made) == [third, first, second]
    # Untouched boxes of the older page are no wish of hers.
    answer = colin.post(address, old, follow=True)
    assert "The agenda has its new order" not in answer.content.decode()
    for sent in (
        {**old, f"place-{made.items[1].public_id}": "1"},
        {**old, "move": f"{made.items[1].public_id}:up"},
        {f"place-{made.items[1].public_id}": "1"},
    ):
        answer = colin.post(address, sent)
        assert "was changed after you opened the page" in answer.content.decode()
        assert references(cast, made) == [third, first, second]
    form = answer.context["order_form"]
    assert form.box(made.items[1].public_id).value() == "1"
    # Looked at and sent from the page that came back, it is put in.
    colin.post(address, {**sent, "drawn": form["drawn"].value()})
    assert references(cast, made) == [second, third, first]


def test_before_it_is_sent_one_sees_what_each_agency_will_see(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=1, sent=False)
    colin = client_for(COLIN)
    page = text_of(colin, url(made, "agenda-send"))
    assert page.count(made.cases[0].matter.reference) >= 4
    assert PRIYA not in shown_to(cast, made.items[0])
    answer = colin.post(url(made, "agenda-send"), {"seen": seen_on(page)}, follow=True)
    assert "The agenda is sent." in answer.content.decode()
    assert read(cast, made.meeting).status == MeetingStatus.SENT
    assert made.cases[0].matter.reference in text_of(client_for(PRIYA), url(made))


def seen_on(page: str) -> str:
    """The mark of what stands on the page before sending."""
    (found,) = re.findall(r'name="seen" value="(\w+)"', page)
    return str(found)


def test_the_page_names_the_day_for_which_answers_will_really_be_asked(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, sent=False, days=0)
    colin = client_for(COLIN)
    page = text_of(colin, url(made, "agenda-ask"))
    assert f"Answers are due today, {date_words(made.meeting.on)}" in page
    colin.post(url(made, "agenda-ask"), {"seen": seen_on(page)})
    with entered(cast[COLIN]):
        days = set(Ask.objects.filter(meeting=made.meeting).values_list("due_on", flat=True))
    assert days == {made.meeting.on}


@pytest.mark.parametrize("name", ["agenda-send", "agenda-ask"])
def test_what_changed_since_it_was_read_is_not_sent_before_it_is_read_again(
    cast: Cast, client_for: ClientFor, name: str
) -> None:
    made = a_meeting(cast, items=2, sent=False)
    colin = client_for(COLIN)
    seen = seen_on(text_of(colin, url(made, name)))
    act(cast, MINA, keeping.keep_from, **made.of(1), why="A cousin.", user_id=cast[VICTOR].public_id)
    for mark in ({"seen": seen}, {}):
        answer = colin.post(url(made, name), mark, follow=True)
        assert "has changed since you read it" in answer.content.decode()
    assert PRIYA not in shown_to(cast, made.items[0])
    again = seen_on(answer.content.decode())
    assert again != seen
    assert colin.post(url(made, name), {"seen": again}).status_code == 302
    assert PRIYA in shown_to(cast, made.items[0])
    assert VICTOR not in shown_to(cast, made.items[1])


def test_a_partner_reads_the_agenda_and_finds_no_button_of_the_organisers(
    cast: Cast, client_for: ClientFor
) -> None:
    made = a_meeting(cast, items=1, person=True)
    priya = client_for(PRIYA)
    page = text_of(priya, url(made))
    assert made.cases[0].matter.reference in page and "Welcome" in page
    for text in ("Send again", "Add something", "place-", "minutes left", "How this agenda came about"):
        assert text not in page
    item = text_of(priya, reverse("item", args=made.url_args()))
    assert "Marcus Tindall" in item and "Agree what is done next." in item
    for text in ("Keep it from somebody", "Take it off", "How it came on the agenda"):
        assert text not in item
    for name in ("agenda-send", "agenda-propose", "agenda-add", "agenda-put"):
        assert priya.get(url(made, name)).status_code == 403
        assert client_for(NADIA).get(url(made, name)).status_code == 404


def test_an_item_is_kept_from_an_agency_and_let_again_on_its_page(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=1)
    colin = client_for(COLIN)
    address = reverse("item-keep", args=made.url_args())
    form = colin.get(address).context["form"]
    whom = next(
        code for _, group in form.fields["whom"].choices[1:] for code, words in group if "Victor" in words
    )
    given = {"whom": whom, "is_conflict": "no", "why": "His cousin is in it."}
    assert colin.post(address, given).status_code == 302
    item = text_of(colin, reverse("item", args=made.url_args()))
    assert "Not for everybody" in item and "His cousin is in it." in item
    assert client_for(VICTOR).get(reverse("item", args=made.url_args())).status_code == 404
    assert "His cousin" not in text_of(client_for(PRIYA), reverse("item", args=made.url_args()))
    kept = colin.get(reverse("item", args=made.url_args())).context["kept"][0].row
    colin.post(reverse("item-lift", args=[*made.url_args(), kept.public_id]))
    assert client_for(VICTOR).get(reverse("item", args=made.url_args())).status_code == 200


def test_a_member_declares_an_interest_and_is_led_away(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=1)
    priya = client_for(PRIYA)
    answer = priya.post(reverse("item-declare", args=made.url_args()), {"why": "A neighbour."}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "You do not see that item any more." in page
    assert made.cases[0].matter.reference not in page


def test_a_guest_is_bidden_and_ended_on_the_page(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=1)
    colin = client_for(COLIN)
    colin.post(reverse("item-guest", args=made.url_args()), {"whom": cast[FERGUS].public_id})
    page = colin.get(reverse("item", args=made.url_args()))
    assert cast[FERGUS].name in page.content.decode()
    (guest,) = page.context["guests"]
    address = reverse("item-guest-end", args=[*made.url_args(), guest.public_id])
    colin.post(address, {"why": "Not needed."})
    assert client_for(FERGUS).get(reverse("item", args=made.url_args())).status_code == 404


def test_taking_off_putting_off_and_back_ask_why(cast: Cast, client_for: ClientFor) -> None:
    made = a_meeting(cast, items=1)
    colin = client_for(COLIN)
    for name, status in (("item-put-off", "deferred"), ("item-put-back", "on"), ("item-take-off", "removed")):
        address = reverse(name, args=made.url_args())
        assert "Enter why" in colin.post(address, {"why": ""}).content.decode()
        assert colin.post(address, {"why": f"Because of {name}."}).status_code == 302
        assert read(cast, made.items[0]).status == status
    page = text_of(colin, url(made))
    assert "Taken off or put off" in page and "Because of item-take-off." in page


def test_an_agenda_costs_the_same_however_much_stands_on_it(
    cast: Cast, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    made = a_meeting(cast, items=3)
    for username in (COLIN, PRIYA):
        client = client_for(username)
        client.get(url(made))
        with django_assert_max_num_queries(60):
            client.get(url(made))
