"""Pages of actions, milestones and updates: lists with filters and files, forms that keep what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.plan.models import Milestone, PlanAction
from saferhub.plan.queries import actions as queries
from tests.builders.casework import actor
from tests.plan.planned import (
    CHRIS,
    MAYA,
    OLIVIA,
    POLICE,
    RACHEL,
    Cast,
    a_milestone,
    a_year,
    an_action,
    an_objective,
    an_update,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def shown(client: Client, name: str, *arguments: str, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def action(cast: Cast) -> PlanAction:
    return a_year(cast, agreed=True).actions.get()


def test_the_list_is_narrowed_sorted_and_keeps_it_in_the_address(cast: Cast, client_for: ClientFor) -> None:
    plan = a_year(cast)
    first = an_action(cast, plan, what="The first of two", due_on=date(2019, 12, 31))
    second = an_action(cast, plan, what="The second of two", lead_agency="schools", due_on=date(2019, 6, 30))
    client = client_for(RACHEL)
    year = {"plan": plan.public_id}
    text = shown(client, "plan-actions", **year)
    assert text.index(first.what) < text.index(second.what)
    text = shown(client, "plan-actions", **year, sort="due")
    assert text.index(second.what) < text.index(first.what)
    text = shown(client, "plan-actions", **year, agency="schools")
    assert first.what not in text
    assert f"?plan={plan.public_id}" in text  # the chip that takes the filter away keeps the year
    assert "No action answers to these filters" in shown(client, "plan-actions", **year, status="done")
    assert first.what in shown(client_for(CHRIS), "plan-actions", **year, whose="mine")
    assert second.what not in shown(client_for(CHRIS), "plan-actions", **year, whose="mine")


def test_the_list_is_a_file_whose_cells_no_spreadsheet_runs(cast: Cast, client_for: ClientFor) -> None:
    plan = a_year(cast)
    an_action(cast, plan, what="=1+1", partners=("schools",))
    answer = client_for(RACHEL).get(reverse("plan-actions-csv"), {"plan": plan.public_id})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Number,Area,Objective,Action")
    assert "'=1+1" in lines[1]
    assert "action-plan-2019-20-" in answer["Content-Disposition"]
    entry = Entry.objects.get(event="plan.actions_exported")
    assert (entry.codes["rows"], entry.codes["format"]) == (1, "csv")
    sheet = client_for(RACHEL).get(reverse("plan-actions-xlsx"), {"plan": plan.public_id})
    assert sheet.content.startswith(b"PK")


def test_an_action_is_planned_once_and_says_beside_its_field_what_cannot_be(
    cast: Cast, client_for: ClientFor
) -> None:
    plan, client = a_year(cast), client_for(MAYA)
    url = reverse("plan-action-add", args=[plan.public_id])
    sent: dict[str, Any] = {
        "what": "Ask each hub", "objective": an_objective(plan.strategy).public_id, "lead_agency": POLICE,
        "lead_post": "Lead", "partners": ["schools"], "once": client.get(url).context["form"]["once"].value(),
        **boxes("due_on", date(2021, 1, 1)),
    }  # fmt: skip
    answer = client.post(url, sent)
    assert answer.context["form"].errors == {
        "due_on": ["Choose a day within the plan’s year. What takes longer goes on in the next."]
    }
    assert "Ask each hub" in answer.content.decode()
    sent |= boxes("due_on", date(2019, 12, 31))
    answers = [client.post(url, sent) for _ in range(2)]
    assert answers[0].url == answers[1].url  # type: ignore[attr-defined]
    made = plan.actions.get()
    assert (made.what, list(made.partners.values_list("code", flat=True))) == ("Ask each hub", ["schools"])


def test_an_agreed_action_is_changed_with_its_reason_and_two_editors_see_both(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    client = client_for(MAYA)
    url = reverse("plan-action-change", args=[action.public_id])
    sent = {
        "what": action.what, "objective": action.objective.public_id, "lead_agency": POLICE,
        "lead_post": action.lead_post, "seen": str(action.version), **boxes("due_on", action.due_on),
    }  # fmt: skip
    answer = client.post(url, {**sent, "target": "Ten"})
    assert answer.context["form"].errors == {"reason": ["Enter why the agreed plan changes"]}
    assert client.post(url, {**sent, "target": "Ten", "reason": "The board asked"}).status_code == 302
    answer = client.post(url, {**sent, "target": "Twenty", "reason": "Somebody else asked"})
    assert answer.status_code == 409
    assert "Ten" in answer.content.decode()
    assert "Twenty" in answer.content.decode()
    text = shown(client_for(RACHEL), "plan-action", action.public_id)
    assert "It had no target. The board asked" in text


def test_a_lead_gives_an_update_and_keeps_her_words_when_it_is_refused(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    client = client_for(CHRIS)
    url = reverse("plan-action-update", args=[action.public_id])
    sent = {"status": "done", "words": "All five lists are read.", "seen": str(action.version)}
    answer = client.post(url, sent)
    assert answer.context["form"].errors == {
        "evidence": ["Say what shows that it is done: a paper, a count, a decision."]
    }
    assert "All five lists are read." in answer.content.decode()
    assert client.post(url, {**sent, "evidence": "Lists of 3 July"}).status_code == 302
    text = shown(client_for(RACHEL), "plan-action", action.public_id)
    assert "All five lists are read." in text
    assert "Lists of 3 July" in text
    assert client_for(RACHEL).get(url).status_code == 403
    assert client_for(OLIVIA).get(url).status_code == 404


def test_what_was_typed_stays_when_somebody_else_was_faster(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    client = client_for(CHRIS)
    url = reverse("plan-action-update", args=[action.public_id])
    sent = {"status": "on_track", "words": "Two hubs.", "seen": str(action.version)}
    assert client_for(MAYA).post(url, {**sent, "words": "Three hubs."}).status_code == 302
    answer = client.post(url, sent)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Somebody else changed this while you were writing" in text
    assert "Two hubs." in text
    action.refresh_from_db()
    # Sending it again is a decision made in sight of the other's.
    assert client.post(url, {**sent, "seen": answer.context["form"]["seen"].value()}).status_code == 302
    assert action.updates.count() == 2


def test_an_update_is_kept_once_however_often_its_form_is_sent(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    client = client_for(CHRIS)
    url = reverse("plan-action-update", args=[action.public_id])
    form = client.get(url).context["form"]
    sent = {
        "status": "on_track",
        "words": "Two hubs.",
        "seen": form["seen"].value(),
        "once": form["once"].value(),
    }
    page = reverse("plan-action", args=[action.public_id])
    assert [client.post(url, sent).headers.get("Location") for _ in range(2)] == [page, page]
    assert action.updates.count() == 1


def test_what_has_ended_or_is_to_come_is_offered_only_where_it_stands_already(cast: Cast) -> None:
    maya, later = actor(cast, MAYA), "north_yorkshire_council"  # the one council of 2023
    assert dict(queries.agencies_on_offer(maya)).keys() >= {later, POLICE}
    for kept in ((), (later,)):
        offered = dict(queries.agencies_today(maya, *kept))
        assert (later in offered, POLICE in offered) == (bool(kept), True)
    assert "csp_board" in dict(queries.boards_today(maya))


def test_a_correction_shows_both_words(cast: Cast, client_for: ClientFor, action: PlanAction) -> None:
    update = an_update(cast, action)
    client = client_for(CHRIS)
    url = reverse("plan-update-correct", args=[update.public_id])
    assert update.words in shown(client, "plan-update-correct", update.public_id)
    assert client.post(url, {"words": "One hub has begun."}).status_code == 302
    text = shown(client, "plan-action", action.public_id)
    assert "One hub has begun." in text
    assert update.words in text


def test_milestones_are_added_reached_and_taken_back_on_their_pages(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    client = client_for(CHRIS)
    sent = {"words": "Every hub was asked", **boxes("due_on", date(2019, 9, 30))}
    assert client.post(reverse("plan-milestone-add", args=[action.public_id]), sent).status_code == 302
    step = action.milestones.get()
    answer = client.post(
        reverse("plan-milestone-reached", args=[step.public_id]),
        {"seen": "1", **boxes("done_on", date(2030, 1, 1))},
    )
    assert answer.context["form"].errors == {"done_on": ["Choose today or a day before."]}
    answer = client.post(
        reverse("plan-milestone-reached", args=[step.public_id]),
        {"seen": "1", **boxes("done_on", date(2018, 8, 1))},
    )
    assert answer.status_code == 302
    assert (
        client.post(reverse("plan-milestone-open", args=[step.public_id]), {"seen": "2"}).status_code == 302
    )
    assert Milestone.objects.get(pk=step.pk).done_on is None
    assert (
        client.post(
            reverse("plan-milestone-drop", args=[step.public_id]), {"seen": "3", "why": "No"}
        ).status_code
        == 302
    )
    assert "Not wanted any more" in shown(client, "plan-action", action.public_id)


def test_an_action_is_stopped_and_taken_up_again(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    client = client_for(MAYA)
    stop = reverse("plan-action-stop", args=[action.public_id])
    assert client.post(stop, {"reason": "", "seen": "1"}).context["form"].errors == {"reason": ["Enter why"]}
    action.refresh_from_db()
    assert client.post(stop, {"reason": "No money", "seen": str(action.version)}).status_code == 302
    assert "No money" in shown(client, "plan-action", action.public_id)
    action.refresh_from_db()
    again = reverse("plan-action-take-up", args=[action.public_id])
    assert client.post(again, {"reason": "Money came", "seen": str(action.version)}).status_code == 302


def test_who_is_waited_for_is_seen_by_the_manager_and_by_each_lead_her_own(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    from saferhub.plan.operations.updates_asking import ask

    ask(action.partnership, on=date(2019, 7, 1), due_on=date(2019, 7, 15))
    url = reverse("plan-action-update", args=[action.public_id])
    assert url in shown(client_for(CHRIS), "plan-updates")
    text = shown(client_for(MAYA), "plan-updates")
    assert action.what in text
    assert url not in text  # she sees who is silent; it is not hers to answer
    assert action.what not in shown(client_for(RACHEL), "plan-updates")
    assert "You are asked about April to June 2019" in " ".join(
        shown(client_for(CHRIS), "plan-action", action.public_id).split()
    )


def test_a_milestone_of_another_partnership_is_not_there(
    cast: Cast, client_for: ClientFor, action: PlanAction
) -> None:
    step = a_milestone(cast, action)
    client = client_for(OLIVIA)
    for name in ("change", "reached", "drop"):
        assert client.get(reverse(f"plan-milestone-{name}", args=[step.public_id])).status_code == 404
