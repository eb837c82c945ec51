"""Several cases or actions at once: all or none, by the same operations as one, and never over another's change."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from saferhub.audit.models import Entry
from saferhub.casework.models import Action, Case, CaseReview
from saferhub.casework.operations import oversight_many as operations
from saferhub.casework.operations.actions import owner_key
from saferhub.foundation.refusals import Refusal
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_actions import an_action

pytestmark = pytest.mark.django_db
COLIN, RACHEL, PRIYA, CHRIS = "colin.coordinator", "rachel.referrer", "priya.partner", "chris.chair"


def fresh(cast: Any, case: Case) -> Case:
    with entered(cast[COLIN]):
        return Case.objects.select_related("matter__lead").get(pk=case.pk)


def sent(page: Any) -> dict[str, list[str]]:
    """The hidden fields of a page's last form."""
    form = page.content.decode().split("<main", 1)[1].rsplit("<form", 1)[1]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name is not None
        found.setdefault(name[1], []).append(value[1] if value else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def ask(client: Any, code: str, do: str, chosen: list[str], **answers: str) -> Any:
    """The page that confirms, reached as a reader does: ticked, asked, answered."""
    asked = client.get(f"/many/{code}/", {"chosen": chosen, "do": do})
    assert asked.status_code == 200
    return client.post(f"/many/{code}/", {**sent(asked), **answers})


def test_two_cases_get_another_lead_after_a_page_that_names_both(cast: Any, client_for: Any) -> None:
    one, two = a_case(cast, title="Noise in the yard"), a_case(cast, title="Fires in the park")
    client = client_for(COLIN)
    chosen = [one.matter.public_id, two.matter.public_id]
    page = ask(client, "cases", "lead", chosen, lead=cast[CHRIS].public_id, note="Ring the yard first.")
    text = page.content.decode()
    assert "Noise in the yard" in text and "Fires in the park" in text and "Chris Thackray" in text
    assert fresh(cast, one).matter.lead is None
    before = Entry.objects.count()
    answer = client.post("/many/cases/", {**sent(page), "step": "do"})
    assert answer.status_code == 302 and answer["Location"] == "/cases/"
    assert {fresh(cast, case).matter.lead for case in (one, two)} == {cast[CHRIS]}
    events = list(Entry.objects.order_by("id").values_list("event", flat=True)[before:])
    assert events.count("case.handed_to") == 2 and events.count("casework.changed_many") == 1


def test_sending_the_same_page_twice_changes_nothing_more(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    client = client_for(COLIN)
    page = ask(client, "cases", "lead", [case.matter.public_id], lead=cast[CHRIS].public_id, note="Go on.")
    form = {**sent(page), "step": "do"}
    assert client.post("/many/cases/", form).status_code == 302
    count = Entry.objects.filter(event="case.handed_to").count()
    assert client.post("/many/cases/", form).status_code == 302
    assert Entry.objects.filter(event="case.handed_to").count() == count


def test_trying_leaves_nothing_behind(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    before = Entry.objects.filter(event="case.handed_to").count()
    ask(
        client_for(COLIN), "cases", "lead", [case.matter.public_id], lead=cast[CHRIS].public_id, note="Go on."
    )
    assert fresh(cast, case).matter.lead is None
    assert Entry.objects.filter(event="case.handed_to").count() == before


def test_one_that_refuses_is_named_with_its_reason_and_stops_all(cast: Any, client_for: Any) -> None:
    free, hers = (
        a_case(cast, title="Noise in the yard"),
        a_case(cast, title="Fires in the park", lead=cast[RACHEL]),
    )
    client = client_for(COLIN)
    chosen = [free.matter.public_id, hers.matter.public_id]
    page = ask(client, "cases", "lead", chosen, lead=cast[RACHEL].public_id, note="Go on.")
    text = page.content.decode()
    assert "This person leads it already. Choose somebody else." in text
    assert "1 of these cannot be changed" in text and 'value="do"' not in text
    assert sent(page)["chosen"] == [free.matter.public_id]
    by_force = {**sent(page), "chosen": chosen, "step": "do"}
    assert client.post("/many/cases/", by_force).status_code == 409
    assert fresh(cast, free).matter.lead is None


def test_what_somebody_else_changed_meanwhile_is_said_and_not_overwritten(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    client = client_for(COLIN)
    page = ask(client, "cases", "lead", [case.matter.public_id], lead=cast[CHRIS].public_id, note="Go on.")
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(review_on=actor(cast, COLIN).on + timedelta(days=9))
    answer = client.post("/many/cases/", {**sent(page), "step": "do"})
    assert answer.status_code == 409
    assert "Somebody has changed this since you looked at it" in answer.content.decode()
    assert fresh(cast, case).matter.lead is None


def test_a_review_day_is_moved_and_counts_as_no_review(cast: Any, client_for: Any) -> None:
    cases = [a_case(cast, title="Noise in the yard"), a_case(cast, title="Fires in the park")]
    day = actor(cast, COLIN).on + timedelta(days=20)
    client = client_for(COLIN)
    page = ask(
        client, "cases", "review", [case.matter.public_id for case in cases],
        words="Everybody is away.", next_on_day=str(day.day), next_on_month=str(day.month), next_on_year=str(day.year),
    )  # fmt: skip
    assert client.post("/many/cases/", {**sent(page), "step": "do"}).status_code == 302
    assert {fresh(cast, case).review_on for case in cases} == {day}
    with entered(cast[COLIN]):
        assert not CaseReview.objects.filter(case__in=cases).exists()
        assert Entry.objects.filter(event="case.review_moved").count() == 2
    told = client.get(f"/cases/{cases[0].matter.public_id}/timeline/").content.decode()
    assert "Review moved to" in told and "Everybody is away." in told


def test_a_mark_that_was_tampered_with_is_another_version(cast: Any, client_for: Any) -> None:
    one = an_action(cast, a_case(cast), owner=PRIYA)
    client = client_for(COLIN)
    asked = client.get("/many/actions/", {"chosen": [one.public_id], "do": "owner"})
    who = re.findall(r'<option value="([^"]+)"', asked.content.decode())[-1]
    answer = client.post(
        "/many/actions/", {**sent(asked), "seen": [f"{one.public_id}.²"], "who": who, "step": "do"}
    )
    assert answer.status_code == 409


def test_actions_go_to_another_owner_and_keep_their_words_and_days(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    one, two = (
        an_action(cast, case, owner=RACHEL),
        an_action(cast, case, owner=RACHEL, words="Ring the landlord"),
    )
    key = owner_key(unit_of(cast, PRIYA), cast[PRIYA])
    client = client_for(COLIN)
    page = ask(client, "actions", "owner", [one.public_id, two.public_id], who=key)
    assert client.post("/many/actions/", {**sent(page), "step": "do"}).status_code == 302
    with entered(cast[COLIN]):
        now = {row.pk: row for row in Action.objects.filter(pk__in=[one.pk, two.pk])}
    assert {row.owner_id for row in now.values()} == {cast[PRIYA].pk}
    assert (now[two.pk].words, now[two.pk].due_on) == ("Ring the landlord", two.due_on)


def test_whoever_contributes_and_does_not_run_it_is_refused_row_by_row(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    page = ask(
        client_for(PRIYA), "cases", "lead", [case.matter.public_id], lead=cast[PRIYA].public_id, note="Go on."
    )
    assert "You contribute to this case and do not run it." in page.content.decode()
    assert "choose-" not in client_for(PRIYA).get("/cases/").content.decode()


def test_rows_that_one_does_not_see_are_not_there(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    answer = client_for("nadia.neighbour").get(
        "/many/cases/", {"chosen": case.matter.public_id, "do": "lead"}
    )
    assert answer.status_code == 302


def test_nobody_is_offered_who_does_not_see_every_one(cast: Any, client_for: Any) -> None:
    wide, narrow = a_case(cast), a_case(cast, shares=[])
    chosen = {"chosen": [wide.matter.public_id, narrow.matter.public_id], "do": "lead"}
    both = client_for(COLIN).get("/many/cases/", chosen).content.decode()
    alone = (
        client_for(COLIN).get("/many/cases/", {**chosen, "chosen": wide.matter.public_id}).content.decode()
    )
    assert "Priya Nair" in alone and "Priya Nair" not in both


def test_all_or_none_holds_below_the_page_too(cast: Any) -> None:
    case = a_case(cast)

    def act(public_id: str) -> None:
        if public_id == "bad":
            raise Refusal("invented", "Invented.")
        Case.objects.filter(pk=case.pk).update(wanted="Something else")

    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        assert operations.done(act, {"good": "", "bad": ""}, sort="lead", by=by) == {"bad": "Invented."}
        assert Case.objects.get(pk=case.pk).wanted == ""
