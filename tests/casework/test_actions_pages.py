"""Pages of actions: what they show, what they take, whom they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from saferhub.accounts import operations as accounts
from saferhub.accounts.actors import AccountHolder
from saferhub.audit.models import Entry
from saferhub.casework.models import Action, CalendarFeed, Case
from saferhub.casework.operations import actions_feed as feeds
from saferhub.casework.operations.actions import owner_key
from saferhub.casework.queries import actions_places as places
from saferhub.casework.views import actions_mine
from saferhub.foundation.registries import WORK
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_actions import an_action

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]


@pytest.fixture
def case(cast: Cast) -> Case:
    with entered(cast["maya.manager"]):  # the demonstration has some of its own
        Action.objects.update(status="dropped", ended_on=actor(cast, "maya.manager").on)
    return a_case(cast)


def read(cast: Cast, action: Action) -> Action:
    with entered(cast["colin.coordinator"]):
        return Action.objects.get(pk=action.pk)


def boxes(name: str, day: Any) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


# --- Adding and changing ----------------------------------------------------------------------------------------


def test_an_action_is_agreed_once_however_often_the_form_is_sent(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    client = client_for("colin.coordinator")
    url = reverse("action-add", args=[case.matter.public_id])
    mark = client.get(url).context["form"]["once"].value()
    due_on = actor(cast, "colin.coordinator").on + timedelta(days=3)
    sent = {
        "words": "Change the lock",
        "who": owner_key(unit_of(cast, "priya.partner"), cast["priya.partner"]),
        "once": mark,
        **boxes("due_on", due_on),
    }
    answers = [client.post(url, sent) for _ in range(2)]
    assert {answer.url for answer in answers} == {reverse("case-actions", args=[case.matter.public_id])}
    assert cast["priya.partner"].name in client.get(answers[0].url).content.decode()
    with entered(cast["colin.coordinator"]):
        assert Action.objects.filter(case=case).count() == 1


def test_a_day_that_has_passed_is_refused_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    yesterday = actor(cast, "colin.coordinator").on - timedelta(days=1)
    answer = client_for("colin.coordinator").post(
        reverse("action-add", args=[case.matter.public_id]),
        {
            "words": "Change the lock",
            "who": owner_key(unit_of(cast, "priya.partner"), None),
            **boxes("due_on", yesterday),
        },
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"due_on": ["Choose a day that has not passed."]}
    assert "Change the lock" in answer.content.decode()


def test_a_second_editor_is_shown_both_versions(cast: Cast, case: Case, client_for: ClientFor) -> None:
    action = an_action(cast, case, owner="priya.partner")
    url = reverse("action-change", args=[action.public_id])
    first, second = client_for("colin.coordinator"), client_for("maya.manager")
    sent = {"who": owner_key(action.owner_unit, action.owner), "seen": "1", **boxes("due_on", action.due_on)}
    assert first.post(url, {**sent, "words": "Change both locks"}).status_code == 302
    answer = second.post(url, {**sent, "words": "Board the door up"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Change both locks" in text
    assert "Board the door up" in text
    assert read(cast, action).words == "Change both locks"


# --- The case's pages -------------------------------------------------------------------------------------------


def test_the_tab_shows_who_by_when_and_how_it_stands(cast: Cast, case: Case, client_for: ClientFor) -> None:
    an_action(cast, case, owner="priya.partner", set_before=9)
    text = (
        client_for("victor.voluntary")
        .get(reverse("case-actions", args=[case.matter.public_id]))
        .content.decode()
    )
    assert "2 days late" in text
    assert cast["priya.partner"].name in text
    assert reverse("action-add", args=[case.matter.public_id]) not in text
    assert Entry.objects.filter(event="action.list_seen", subject=case.matter.public_id).count() == 1


def test_an_open_action_stops_closure_and_is_a_next_step_and_stands_in_the_timeline(
    cast: Cast, case: Case
) -> None:
    action = an_action(cast, case, owner="priya.partner")
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        (blocker,) = places.blockers(colin, case, colin.on)
        assert (blocker.code, blocker.words, blocker.must) == ("open_actions", "1 action is open.", False)
        (step,) = places.next_steps(colin, case, colin.on)
        assert (step.due_on, step.state) == (action.due_on, ("on_track", "On track"))
        assert [one.title for one in places.timeline(colin, case)] == [f"Action agreed: {action.words}"]
        assert places.tab(colin, case).count == 1


def test_your_work_holds_mine_my_units_and_what_is_late_with_others(cast: Cast, case: Case) -> None:
    an_action(cast, case, owner="priya.partner", words="Late one", set_before=9)
    an_action(cast, case, owner="priya.partner", words="One in time")
    an_action(cast, case, unit_of_username="priya.partner", words="Nobody has it")
    found = {}
    for who in ("priya.partner", "colin.coordinator", "victor.voluntary", "nadia.neighbour", "ada.admin"):
        with entered(cast[who]):
            acting = actor(cast, who)
            items = [item for provider in WORK for item in provider(acting)]
        found[who] = {(item.kind, item.title) for item in items if item.kind.endswith("action")}
    assert found == {
        "priya.partner": {
            ("action", "Late one"),
            ("action", "One in time"),
            ("unit_action", "Nobody has it"),
        },
        "colin.coordinator": {("watched_action", "Late one")},
        "victor.voluntary": set(),
        "nadia.neighbour": set(),
        "ada.admin": set(),
    }


def test_a_leavers_open_actions_are_listed_for_whoever_sees_them(cast: Cast, case: Case) -> None:
    an_action(cast, case, owner="priya.partner")
    for who, number in (("colin.coordinator", 1), ("nadia.neighbour", 0)):
        with entered(cast[who]):
            assert len(list(places.open_work(cast["priya.partner"], actor(cast, who)))) == number


# --- My actions -------------------------------------------------------------------------------------------------


def test_a_partner_works_through_her_actions_one_after_the_other(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    late = an_action(cast, case, owner="priya.partner", words="Visit her", set_before=9)
    then = an_action(cast, case, owner="priya.partner", words="Ask her doctor")
    client = client_for("priya.partner")
    page = client.get(reverse("action-mine"))
    assert page.context["found"].current.action == late
    answer = client.post(
        reverse("action-mine"), {"action": late.public_id, "answer": "done", "evidence": "Seen on Friday."}
    )
    assert answer.url == f"{reverse('action-mine')}?action={then.public_id}"
    assert (read(cast, late).status, read(cast, late).evidence) == ("done", "Seen on Friday.")
    page = client.get(answer.url)
    assert page.context["found"].current.action == then
    new_day = then.due_on + timedelta(days=2)
    answer = client.post(
        reverse("action-mine"),
        {
            "action": then.public_id,
            "answer": "later",
            "reason": "The surgery is closed.",
            "day": "other",
            **boxes("due_on", new_day),
        },
    )
    assert answer.url == f"{reverse('action-mine')}?through=yes"
    assert read(cast, then).due_on == new_day
    assert "been through all" in client.get(answer.url).content.decode()


def test_not_yet_by_one_press_takes_an_offered_day(cast: Cast, case: Case, client_for: ClientFor) -> None:
    action = an_action(cast, case, owner="priya.partner")
    sent = {
        "action": action.public_id,
        "answer": "later",
        "reason": "Away.",
        "day": action.due_on.isoformat(),
    }
    assert client_for("priya.partner").post(reverse("action-mine"), sent).status_code == 302
    assert read(cast, action).due_on == action.due_on


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"answer": "done"}, "done_form", "Enter what was done"),
        ({"answer": "later", "reason": ""}, "later_form", "Enter why it is not done yet"),
        ({"answer": "later", "reason": "Away"}, "later_form", "Choose a day"),
    ],
)
def test_an_answer_without_its_line_is_asked_for_again(
    sent: dict[str, str], field: str, words: str, cast: Cast, case: Case, client_for: ClientFor
) -> None:
    action = an_action(cast, case, owner="priya.partner")
    answer = client_for("priya.partner").post(reverse("action-mine"), {"action": action.public_id, **sent})
    assert answer.status_code == 200
    assert words in str(answer.context[field].errors)
    assert "Error:" in answer.content.decode()
    assert read(cast, action).status == "open"


def test_an_answer_for_what_a_colleague_ended_meanwhile_is_refused(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    action = an_action(cast, case, owner="priya.partner")
    sent = {"action": action.public_id, "answer": "done"}
    client = client_for("priya.partner")
    assert client.post(reverse("action-mine"), {**sent, "evidence": "Seen."}).status_code == 302
    assert client.post(reverse("action-mine"), {**sent, "evidence": "Seen twice."}).status_code == 409
    assert read(cast, action).evidence == "Seen."


def test_one_page_says_that_it_is_not_done_yet(cast: Cast, case: Case, client_for: ClientFor) -> None:
    action = an_action(cast, case, owner="priya.partner")
    client = client_for("priya.partner")
    url = reverse("action-progress", args=[action.public_id])
    text = client.get(reverse("action", args=[action.public_id])).content.decode()
    assert text.count(url) == 1
    assert "Not done yet" in text
    assert "Say what is in the way" not in text
    assert reverse("action-block", args=[action.public_id]) in client.get(url).content.decode()
    later = action.due_on + timedelta(days=1)
    sent = {"reason": "No answer.", "day": "other", **boxes("due_on", later)}
    assert client.post(url, sent).status_code == 302
    assert (read(cast, action).status, read(cast, action).due_on) == ("open", later)


def test_whoever_may_not_do_it_is_led_back_to_the_case_and_told_whom_to_ask(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    action = an_action(cast, case, owner="priya.partner")
    answer = client_for("victor.voluntary").get(reverse("action-done", args=[action.public_id]))
    assert answer.status_code == 403
    text = answer.content.decode()
    assert reverse("case", args=[case.matter.public_id]) in text
    assert f"Ask {cast['priya.partner'].name}" in text


def test_without_actions_the_page_says_where_they_would_stand(client_for: ClientFor) -> None:
    text = client_for("nadia.neighbour").get(reverse("action-mine")).content.decode()
    assert "No action is open with you" in text


def test_what_is_with_the_unit_is_taken_over_by_one_press(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    action = an_action(cast, case, unit_of_username="priya.partner")
    client = client_for("priya.partner")
    take = reverse("action-take-over", args=[action.public_id])
    text = client.get(reverse("action-mine")).content.decode()
    assert action.words in text
    assert "1 with your unit, nobody has it yet" in text
    assert "No action is open with you" not in text
    for page in (text, client.get(reverse("home")).content.decode()):
        assert f'method="post" action="{take}"' in page
    client.post(take)
    assert read(cast, action).owner == cast["priya.partner"]


# --- The calendar feed ------------------------------------------------------------------------------------------


def made(client: Client) -> str:
    """The path of a feed just made, as its page shows it once."""
    address = client.post(reverse("action-feed"), {"do": "make"}).context["address"]
    assert address not in client.get(reverse("action-feed")).content.decode()
    return address[address.index("/feeds/") :]


def _actions_in(feed: bytes) -> list[Any]:
    """The entries that are about actions: other apps add theirs to the feed."""
    return [one for one in Calendar.from_ical(feed).walk("VEVENT") if one["summary"].startswith("Action")]


def test_the_feed_holds_references_and_days_and_nothing_else(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    action = an_action(cast, case, owner="priya.partner", words="Visit Joanne Frith")
    an_action(cast, case, owner="victor.voluntary")
    path = made(client_for("priya.partner"))
    answer = Client().get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = _actions_in(answer.content)
    assert event["summary"] == f"Action due: {case.matter.reference}"
    assert (event["dtstart"].dt, int(event["sequence"])) == (action.due_on, 1)
    for secret in ("Joanne", "Visit", case.matter.title, cast["priya.partner"].name):
        assert secret not in answer.content.decode()
    secret = path.removeprefix("/feeds/actions/").removesuffix(".ics")
    assert CalendarFeed.objects.get(user=cast["priya.partner"]).token_hash == feeds.hash_of(secret)


def test_reading_the_feed_is_recorded_once_a_day_with_how_much_left(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    an_action(cast, case, owner="priya.partner")
    path = made(client_for("priya.partner"))
    for _ in range(2):
        assert Client().get(path).status_code == 200
    (entry,) = Entry.objects.filter(event="action.feed_read")
    assert (entry.subject, entry.codes["actions"]) == (cast["priya.partner"].public_id, 1)


def test_an_entry_keeps_its_identifier_and_counts_its_changes(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    action = an_action(cast, case, owner="priya.partner")
    client = client_for("priya.partner")
    path = made(client)
    (before,) = _actions_in(Client().get(path).content)
    later = action.due_on + timedelta(days=3)
    sent = {"action": action.public_id, "answer": "later", "reason": "Away.", "day": "other"}
    client.post(reverse("action-mine"), {**sent, **boxes("due_on", later)})
    (after,) = _actions_in(Client().get(path).content)
    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) == int(before["sequence"]) + 1
    assert after["dtstart"].dt == later


def test_a_renewed_or_stopped_feed_answers_like_one_that_never_was(client_for: ClientFor) -> None:
    client = client_for("priya.partner")
    first = made(client)
    second = made(client)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    client.post(reverse("action-feed"), {"do": "stop"})
    assert [Client().get(path).status_code for path in (first, second)] == [404, 404]
    assert Entry.objects.filter(event="action.feed_stopped").count() == 1


def test_the_feed_of_somebody_who_left_is_closed(cast: Cast, client_for: ClientFor) -> None:
    path = made(client_for("priya.partner"))
    priya = cast["priya.partner"]
    with entered(cast["maya.manager"]):
        accounts.record_leaver(
            priya, by=AccountHolder("ADMINISTRATOR000"), on=actor(cast, "maya.manager").on, reason="New post"
        )
    assert Client().get(path).status_code == 404


def test_what_rests_on_a_sleeping_agreement_drops_out_of_the_feed(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    from saferhub.sharing.models import Agreement

    an_action(cast, case, owner="victor.voluntary")
    path = made(client_for("victor.voluntary"))
    assert len(_actions_in(Client().get(path).content)) == 1
    Agreement.objects.filter(code="victim_support_2018").update(status="suspended")
    assert len(_actions_in(Client().get(path).content)) == 0


def test_too_many_readings_and_guesses_are_stopped(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_mine, "_PER_HOUR", {"feed": 2, "feed_guessed": 2})
    path = made(client_for("priya.partner"))
    assert [Client().get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert [Client().get("/feeds/actions/guess.ics").status_code for _ in range(3)] == [404, 404, 429]
