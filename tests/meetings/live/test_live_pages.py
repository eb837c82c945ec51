"""Pages of a running meeting: what they show to whom, what each save keeps, what refreshes itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.accounts.models import HeldForm
from saferhub.casework.models import Action
from saferhub.casework.operations.actions import owner_key
from saferhub.meetings.models import Item, Words
from saferhub.meetings.operations import live
from saferhub.meetings.operations.live_words import LIMIT, keep_words
from saferhub.sharing.entering import entered
from tests.builders.casework import unit_of
from tests.builders.casework_scores import form_of, in_use, lowest
from tests.builders.meetings import a_meeting

from .running import (
    CHRIS,
    COLIN,
    MINA,
    PRIYA,
    SEATS,
    Cast,
    Running,
    a_running_meeting,
    act,
    comes,
    entries,
    read,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
SCRIPT = {"Saferhub-Script": "1"}


@pytest.fixture
def run(cast: Cast) -> Running:
    return a_running_meeting(cast, cases=2)


def url(name: str, run: Running, number: int | None = None) -> str:
    more = [] if number is None else [run.items[number].public_id]
    return reverse(name, args=[run.meeting.public_id, *more])


def drawn(client: Client, run: Running, number: int = 0) -> dict[str, str]:
    """The form of an item as a browser would send it back."""
    form = client.get(url("item-run", run, number)).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def words_of(cast: Cast, run: Running, number: int = 0) -> list[tuple[str, str]]:
    with entered(cast[COLIN]):
        rows = Words.objects.filter(item=run.items[number]).select_related("author")
        return [(row.author.username, row.text) for row in rows]


def priya_key(cast: Cast) -> str:
    return owner_key(unit_of(cast, PRIYA), cast[PRIYA])


# --- Who sees what -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [COLIN, CHRIS, MINA])
def test_whoever_records_sees_the_item_with_what_was_asked_and_returned(
    cast: Cast, run: Running, client_for: ClientFor, who: str
) -> None:
    text = client_for(who).get(url("item-run", run, 0)).content.decode()
    assert "Agree what is done next." in text
    assert run.cases[0].matter.reference in text
    assert "What agencies returned" in text
    assert "No answer yet" in text or "Not answered" in text
    assert entries("meetings.run_seen", run.items[0]) == 1


def test_a_member_is_told_why_not_and_a_stranger_finds_nothing(run: Running, client_for: ClientFor) -> None:
    for name, number in (("meeting-run", None), ("item-run", 0), ("item-now", 0), ("meeting-screen", None)):
        assert client_for(PRIYA).get(url(name, run, number)).status_code == 403
        assert client_for("nadia.neighbour").get(url(name, run, number)).status_code == 404


def test_the_excluded_chair_is_shown_nothing_and_told_nothing_by_what_refreshes(
    cast: Cast, client_for: ClientFor
) -> None:
    run = a_running_meeting(cast, cases=2, keep_from=CHRIS)
    client = client_for(CHRIS)
    assert client.get(url("item-run", run, 0)).status_code == 404
    act(cast, COLIN, live.focus_on, **run.of(1))
    act(cast, COLIN, live.go_on, **run.of(1))  # at none now, for him as for everybody
    first = client.get(url("item-now", run, 1))
    act(cast, COLIN, live.focus_on, **run.at, have_left=True)
    act(cast, MINA, keep_words, **run.at, text="He is not here", mark="mark-of-a-page", sequence=1)
    second = client.get(url("item-now", run, 1), headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 304 or run.items[0].title not in second.content.decode()
    for name in ("meeting-run", "meeting-screen", "meeting-end"):
        text = client.get(url(name, run)).content.decode()
        assert run.items[0].title not in text
        assert run.cases[0].matter.reference not in text


def test_the_projector_shows_the_item_that_is_spoken_of_and_no_agenda(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    act(cast, COLIN, live.focus_on, **run.of(1))
    text = client_for(CHRIS).get(url("meeting-screen", run)).content.decode()
    assert run.items[1].title in text
    assert run.items[0].title not in text


# --- Saving without scripts ----------------------------------------------------------------------------------------


def test_one_save_keeps_words_decision_and_action_and_shows_its_time(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    sent = drawn(client, run) | {
        "text": "Joint visit went well.\r\nMr T agrees.",
        "decision": "go_on",
        "agreed": "all",
        "words": "Change the lock",
        "who": priya_key(cast),
        "due_on": "2 weeks",
        "do": "save",
    }
    answer = client.post(url("item-run", run, 0), sent, follow=True)
    assert re.search(r"Saved at \d\d:\d\d:\d\d\. The action is agreed", answer.content.decode())
    assert words_of(cast, run) == [(MINA, "Joint visit went well.\nMr T agrees.")]
    stands = read(cast, run.items[0])
    assert (stands.decision, stands.agreed, stands.status) == ("go_on", "all", "on")
    with entered(cast[PRIYA]):
        action = Action.objects.get(case=run.cases[0])
        assert (action.words, action.owner) == ("Change the lock", cast[PRIYA])
    client.post(url("item-run", run, 0), sent)  # the same press again
    with entered(cast[PRIYA]):
        assert Action.objects.filter(case=run.cases[0]).count() == 1
    assert len(words_of(cast, run)) == 1


def test_save_and_next_goes_to_the_next_item(cast: Cast, run: Running, client_for: ClientFor) -> None:
    act(cast, COLIN, live.focus_on, **run.of(0))
    client = client_for(MINA)
    answer = client.post(url("item-run", run, 0), drawn(client, run) | {"text": "Done.", "do": "next"})
    assert answer["Location"] == url("item-run", run, 1)
    assert (read(cast, run.items[0]).status, read(cast, run.meeting).focus) == (
        "done",
        run.items[1].public_id,
    )
    assert words_of(cast, run) == [(MINA, "Done.")]


def test_what_is_wrong_with_the_action_takes_nothing_of_the_rest(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    sent = drawn(client, run) | {"text": "The lock.", "decision": "go_on", "words": "Change it", "do": "next"}
    answer = client.post(url("item-run", run, 0), sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose who does it" in text
    assert "Change it" in text
    assert words_of(cast, run) == [(MINA, "The lock.")]
    assert (read(cast, run.items[0]).decision, read(cast, run.items[0]).status) == ("go_on", "on")
    form = answer.context["form"]
    again = {name: str(form[name].value() or "") for name in form.fields}
    client.post(url("item-run", run, 0), again | {"text": "The lock is changed.", "words": "", "do": "save"})
    assert words_of(cast, run) == [(MINA, "The lock is changed.")]


def test_words_over_their_limit_are_refused_and_still_stand_in_the_box(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    long = "word " * (LIMIT // 5 + 1)
    answer = client.post(url("item-run", run, 0), drawn(client, run) | {"text": long, "do": "save"})
    assert "at most 20,000 are kept" in answer.content.decode()
    assert answer.context["form"]["text"].value() == long
    assert words_of(cast, run) == []


def test_a_second_window_of_one_author_loses_nothing(cast: Cast, run: Running, client_for: ClientFor) -> None:
    client = client_for(MINA)
    client.post(url("item-run", run, 0), drawn(client, run) | {"text": "Before.", "do": "save"})
    first, second = drawn(client, run), drawn(client, run)
    client.post(url("item-run", run, 0), first | {"text": "Before. In one window.", "do": "save"})
    client.post(url("item-run", run, 0), second | {"text": "Before. In the other.", "do": "save"})
    assert words_of(cast, run) == [(MINA, "Before. In one window."), (MINA, "Before. In the other.")]


def test_each_reads_what_the_other_wrote_and_does_not_write_into_it(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    act(
        cast,
        CHRIS,
        keep_words,
        **run.at,
        text="Chris: <b>four</b> calls",
        mark="mark-of-a-page",
        sequence=1,
    )
    answer = client_for(MINA).get(url("item-run", run, 0))
    assert "Chris: &lt;b&gt;four&lt;/b&gt; calls" in answer.content.decode()
    assert not answer.context["form"]["text"].value()


def test_a_decision_that_changed_meanwhile_is_shown_and_hers_stays_chosen(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    mina, chris = client_for(MINA), client_for(CHRIS)
    sent = drawn(mina, run)
    chris.post(url("item-run", run, 0), drawn(chris, run) | {"decision": "change_plan", "do": "save"})
    answer = mina.post(url("item-run", run, 0), sent | {"decision": "go_on", "do": "save"})
    assert "Somebody else recorded meanwhile: Change the plan" in answer.content.decode()
    assert read(cast, run.items[0]).decision == "change_plan"
    form = answer.context["form"]
    again = {name: str(form[name].value() or "") for name in form.fields}
    assert again["decision"] == "go_on"
    mina.post(url("item-run", run, 0), again | {"do": "save"})
    assert read(cast, run.items[0]).decision == "go_on"


def test_what_she_did_not_touch_shows_what_somebody_else_recorded_meanwhile(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    mina, chris = client_for(MINA), client_for(CHRIS)
    sent = drawn(mina, run)
    theirs = {"decision": "change_plan", "agreed": "all", "decision_words": "It is worse.", "do": "save"}
    chris.post(url("item-run", run, 0), drawn(chris, run) | theirs)
    answer = mina.post(url("item-run", run, 0), sent | {"decision": "go_on", "do": "save"})
    text = answer.content.decode()
    assert "Somebody else recorded meanwhile: Change the plan; reason: It is worse; All agree." in text
    assert "What you did not change shows theirs." in text
    form = answer.context["form"]
    again = {name: str(form[name].value() or "") for name in form.fields}
    assert [again[one] for one in ("decision", "agreed", "decision_words")] == [
        "go_on",
        "all",
        "It is worse.",
    ]
    mina.post(url("item-run", run, 0), again | {"do": "save"})
    stands = read(cast, run.items[0])
    assert (stands.decision, stands.agreed, stands.decision_words) == ("go_on", "all", "It is worse.")


# --- Saving by script ----------------------------------------------------------------------------------------------


def post_words(client: Client, run: Running, text: str, sequence: int, **more: Any) -> Any:
    sent = {"text": text, "mark": "mark-of-a-page", "sequence": sequence, "continues": "", "base": 0, **more}
    return client.post(url("item-words", run, 0), sent, headers=SCRIPT)


def test_words_are_answered_with_the_time_and_a_late_one_with_a_conflict(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    answer = post_words(client, run, "The lock", 1)
    assert (answer.status_code, answer.content) == (204, b"")
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer["Saferhub-Saved"])
    post_words(client, run, "The lock is changed", 3)
    late = post_words(client, run, "The lock is", 2)
    assert (late.status_code, late["Saferhub-Why"]) == (409, "came_late")
    assert words_of(cast, run) == [(MINA, "The lock is changed")]


def test_words_that_cannot_be_kept_are_answered_with_a_sentence(run: Running, client_for: ClientFor) -> None:
    client = client_for(MINA)
    answer = post_words(client, run, "x" * (LIMIT + 1), 1)
    assert (answer.status_code, answer["Saferhub-Why"]) == (409, "words_too_long")
    assert b"20,000" in answer.content
    assert post_words(client, run, "The lock\x00", 2).status_code == 409
    assert post_words(client, run, "The lock", "not a number").status_code == 409  # type: ignore[arg-type]


def test_words_sent_after_the_session_ended_are_held_and_find_their_way(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    session = client.session
    session["last_seen"] -= 3 * 3600
    session.save()
    assert post_words(client, run, "The lock is changed", 4).status_code == 302
    assert words_of(cast, run) == []
    held = HeldForm.objects.get(user=cast[MINA])
    client.post("/demo/sign-in", {"username": MINA})
    sent = {
        "text": "The lock is changed",
        "mark": "mark-of-a-page",
        "sequence": "4",
        "held_form": held.public_id,
    }
    answer = client.post(url("item-words", run, 0), sent)
    assert answer["Location"] == url("item-run", run, 0)
    assert words_of(cast, run) == [(MINA, "The lock is changed")]


# --- What refreshes itself -----------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again_and_what_others_write_is(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    first = client.get(url("item-now", run, 0))
    same = client.get(url("item-now", run, 0), headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    act(cast, CHRIS, keep_words, **run.at, text="Four calls", mark="mark-of-another", sequence=1)
    new = client.get(url("item-now", run, 0), headers={"If-None-Match": first["ETag"]})
    assert (new.status_code, "Four calls" in new.content.decode()) == (200, True)


def test_a_meeting_that_nobody_ends_stops_refreshing(cast: Cast, run: Running, client_for: ClientFor) -> None:
    began = read(cast, run.meeting).began_at
    with entered(cast[COLIN]):
        type(run.meeting).objects.filter(pk=run.meeting.pk).update(began_at=began - timedelta(hours=3))
    assert client_for(MINA).get(url("item-now", run, 0)).status_code == 410
    act(cast, COLIN, live.end_meeting, meeting_id=run.meeting.public_id, put_off_rest=True)
    assert client_for(MINA).get(url("item-now", run, 0)).status_code == 410


def test_refreshing_costs_the_same_however_many_items_there_are(
    cast: Cast, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    run = a_running_meeting(cast, cases=4)
    client = client_for(MINA)
    client.get(url("item-now", run, 0))
    with django_assert_max_num_queries(24):
        client.get(url("item-now", run, 0))


# --- Round the meeting ---------------------------------------------------------------------------------------------


def test_a_meeting_is_begun_by_its_button_and_asks_who_is_here(cast: Cast, client_for: ClientFor) -> None:
    run = a_running_meeting(cast, begun=False)
    client = client_for(CHRIS)
    before = client.get(url("meeting-run", run)).content.decode()
    assert "Begin the meeting" in before
    assert "personal and confidential" in before
    answer = client.post(url("meeting-begin", run))
    assert answer["Location"] == url("meeting-present", run)
    assert read(cast, run.meeting).status == "running"


def test_on_another_day_the_page_asks_for_a_tick_and_nothing_invites_to_begin(
    cast: Cast, client_for: ClientFor
) -> None:
    run = a_meeting(cast, days=16, members=SEATS)
    client = client_for(CHRIS)
    before = client.get(url("meeting-run", run))
    text = before.content.decode()
    assert "It is planned for" in text
    assert "Begin it today all the same" in text
    step = before.context["meeting_facts"].step
    assert (step.words, step.url) == ("Hold the meeting", "")
    refused = client.post(url("meeting-begin", run))
    assert refused.content.decode().count("Tick the box: Begin it today all the same") == 2, (
        "in the summary and beside the box"
    )
    assert read(cast, run.meeting).status == "sent"
    assert client.get(url("meeting-begin", run))["Location"] == url("meeting-run", run)
    client.post(url("meeting-begin", run), {"another_day": "on"})
    assert read(cast, run.meeting).status == "running"


def test_begun_by_mistake_is_offered_while_nothing_is_recorded(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client, offered = client_for(CHRIS), "It was begun by mistake"
    assert offered in client.get(url("meeting-present", run)).content.decode()
    act(cast, MINA, keep_words, **run.at, text="The lock.", mark="mark-of-a-page", sequence=1)
    assert offered not in client.get(url("meeting-present", run)).content.decode()
    assert client.post(url("meeting-not-begun", run)).status_code == 409
    act(cast, MINA, keep_words, **run.at, text="", mark="mark-of-a-page", sequence=2)
    assert client.post(url("meeting-not-begun", run))["Location"] == url("meeting-run", run)
    assert "Begin the meeting" in client.get(url("meeting-run", run)).content.decode()


def test_an_item_about_no_case_says_why_it_takes_no_action_and_what_leads_on(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    with entered(cast[COLIN]):
        other = Item.objects.get(meeting=run.meeting, code="other")
    mina = client_for(MINA)
    text = mina.get(reverse("item-run", args=[run.meeting.public_id, other.public_id])).content.decode()
    assert "Actions stand in cases, and this item is about none" in text
    assert f'href="{reverse("referral-start")}"' in text
    assert mina.get(reverse("referral-start")).status_code == 200
    assert "Actions stand in cases" not in mina.get(url("item-run", run, 0)).content.decode()


def test_ending_the_meeting_and_who_is_here_stand_outside_the_agenda_that_scrolls(
    run: Running, client_for: ClientFor
) -> None:
    text = client_for(CHRIS).get(url("item-run", run, 0)).content.decode()
    rail = text[text.index('<nav class="sh-rail"') :]
    agenda, below = rail[: rail.index("</nav>")].split("</details>")
    assert run.items[0].title in agenda
    for name in ("meeting-present", "meeting-screen", "meeting-end"):
        assert f'href="{url(name, run)}"' in below


def test_everybody_who_is_here_acknowledges_by_one_press(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(MINA)
    page = client.get(url("meeting-present", run))
    sent = {}
    for row in page.context["rows"]:
        for name in ("came", "was", "seen"):
            sent[row.add_prefix(name)] = str(row[name].value())
    for row in page.context["rows"][:2]:
        sent[row.add_prefix("came")] = "present"
    client.post(url("meeting-present", run), sent | {"do": "all"})
    found = client.get(url("meeting-present", run)).context["presence"]
    assert (len(found.here), found.all_acknowledged) == (2, True)
    stale = client.post(
        url("meeting-present", run), sent | {page.context["rows"][0].add_prefix("came"): "absent"}
    )
    assert (stale.status_code, "Somebody else recorded" in stale.content.decode()) == (409, True)


def test_a_meeting_that_runs_without_an_item_is_ended_all_the_same(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    with entered(cast[COLIN]):
        Item.objects.filter(meeting=run.meeting).update(status="removed")
    client = client_for(CHRIS)
    page = client.get(url("meeting-run", run))
    assert (page.status_code, url("meeting-end", run) in page.content.decode()) == (200, True)
    client.post(url("meeting-end", run))
    assert read(cast, run.meeting).status == "draft"


def test_who_must_leave_is_asked_to_before_the_item_is_spoken_of(cast: Cast, client_for: ClientFor) -> None:
    run = a_running_meeting(cast, keep_from=PRIYA)
    comes(cast, run, PRIYA)
    client = client_for(COLIN)
    text = client.get(url("item-run", run, 0)).content.decode()
    assert f"{cast[PRIYA].name}</strong> must leave the room first" in text
    assert "They have left: speak of it now" in text
    assert client.post(url("item-focus", run, 0)).status_code == 409
    client.post(url("item-focus", run, 0), {"have_left": "yes"})
    assert read(cast, run.meeting).focus == run.items[0].public_id


def test_ending_names_what_was_not_reached_and_asks_once(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(CHRIS)
    assert run.items[0].title in client.get(url("meeting-end", run)).content.decode()
    assert client.post(url("meeting-end", run)).status_code == 200
    assert read(cast, run.meeting).status == "running"
    client.post(url("meeting-end", run), {"put_off_rest": "on"})
    assert read(cast, run.meeting).status == "draft"
    with entered(cast[COLIN]):
        assert not Item.objects.filter(meeting=run.meeting, status="on").exists()


def test_scoring_from_the_meeting_leads_back_to_it_and_never_elsewhere(
    cast: Cast, run: Running, client_for: ClientFor
) -> None:
    client = client_for(COLIN)
    back = url("item-run", run, 0)
    score = reverse("case-score", args=[run.cases[0].matter.public_id])
    assert f'href="{score}?back={back}"' in client.get(back).content.decode()
    here = f"{score}{form_of(cast).public_id}/"
    assert f'href="{back}">Leave without saving' in client.get(here, {"back": back}).content.decode()
    sent = {f"q_{code}": answer for code, answer in lowest(in_use(cast)).items()}
    sent |= {"judged": "as_scored", "do": "save"}
    assert client.post(f"{here}?back={back}", sent)["Location"] == back
    for elsewhere in ("//elsewhere.example/", "https://elsewhere.example/"):
        assert b"elsewhere.example" not in client.get(here, {"back": elsewhere}).content
        assert "elsewhere" not in client.post(f"{here}?back={elsewhere}", sent)["Location"]
