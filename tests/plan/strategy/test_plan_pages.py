"""Pages of the plan, its areas and its years: what they show on which day, what they take, whom they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.plan.models import ActionPlan, Area, Objective, Strategy
from saferhub.plan.operations import strategy as operations
from saferhub.plan.queries import strategy as queries
from tests.builders.casework import actor
from tests.plan.planned import (
    CHRIS,
    FIRST,
    MAYA,
    OLIVIA,
    RACHEL,
    Cast,
    a_plan,
    a_year,
    an_action,
    an_area,
    an_objective,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
TODAY = date(2018, 8, 28)


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def shown(client: Client, name: str, *arguments: str, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- The plan ---------------------------------------------------------------------------------------------------


def test_the_plan_shows_its_five_areas_to_everybody_in_the_partnership(
    cast: Cast, client_for: ClientFor
) -> None:
    a_plan(cast)
    for username in (MAYA, RACHEL, "ana.analyst"):
        text = shown(client_for(username), "plan")
        for words in ("Partnership plan 2018-2021", "NYCSP development", "Community Safety Hubs", "Domestic Abuse",
                      "Serious and Organised Crime", "Hate Crime and Community Cohesion", "2018-19",
                      "The strategy is being written"):  # fmt: skip
            assert words in text
    assert reverse("plan-begin") not in shown(client_for(RACHEL), "plan")
    assert "Partnership plan 2018-2021" not in shown(client_for(OLIVIA), "plan")


def test_an_area_is_chosen_by_its_link_and_all_may_be_printed(cast: Cast, client_for: ClientFor) -> None:
    strategy, client = a_plan(cast), client_for(MAYA)
    area = an_area(strategy, "hate_crime")
    text = shown(client, "plan", area=area.public_id)
    assert '<h2 class="govuk-heading-l" id="area-5">5. Hate Crime and Community Cohesion</h2>' in text
    assert 'id="area-1"' not in text
    assert "Make reporting mechanisms effective" in text
    whole = shown(client, "plan", area="all")
    assert all(f'id="area-{number}"' in whole for number in range(1, 6))


def test_without_a_plan_the_page_says_how_one_begins(
    cast: Cast, client_for: ClientFor, monkeypatch: Any
) -> None:
    monkeypatch.setattr(queries, "strategies", lambda actor: [])
    assert "Take it over from the rules" in shown(client_for(MAYA), "plan")
    text = shown(client_for(RACHEL), "plan")
    assert "No plan is begun yet" in text
    assert "Take it over from the rules" not in text


def test_the_plan_of_a_day_is_the_plan_as_it_stood_then(cast: Cast, client_for: ClientFor) -> None:
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    objective = an_objective(strategy, "oversight")
    operations.reword_objective(
        objective_id=objective.public_id, words="See what the group does", valid_from=TODAY, why="Plainer", by=maya,
        on=TODAY, seen=1,
    )  # fmt: skip
    area = an_area(strategy, "hate_crime").public_id
    client = client_for(RACHEL)
    assert "See what the group does" in shown(client, "plan", area=area)
    before = shown(client, "plan", area=area, on="27 August 2018")
    assert "Oversee the Hate Crime Working Group" in before
    assert "See what the group does" not in before
    assert "As it stood on 27 August 2018" in before
    assert "No area of this strategy stood then" in shown(client, "plan", on="31 March 2018")


def test_a_status_of_an_earlier_day_comes_from_the_moves(cast: Cast) -> None:
    from tests.plan.planned import DAY, an_update

    plan, maya = a_year(cast, agreed=True), actor(cast, MAYA)
    action = plan.actions.get()
    an_update(cast, action, status="at_risk", words="No people.", on=DAY)
    an_update(cast, action, words="People came.", on=DAY + timedelta(days=30))
    later = DAY + timedelta(days=60)

    def stood(day: date) -> list[str]:
        lines = queries.action_lines(ActionPlan.objects.get(pk=plan.pk), day, is_today=False)
        return [one.status for one in lines]

    assert [stood(day) for day in (TODAY - timedelta(days=1), TODAY, DAY, DAY + timedelta(days=29), later)] == [
        [], ["not_started"], ["at_risk"], ["at_risk"], ["on_track"],
    ]  # fmt: skip
    assert queries.plan_on(maya, plan.strategy, later).year is not None


def of_the_plan(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the plan's tables; the session, the clock and the packs are remembered for a while."""
    return [one["sql"] for one in captured if '"plan_' in one["sql"]]


def test_the_page_asks_as_many_questions_for_many_actions_as_for_few(
    cast: Cast, client_for: ClientFor
) -> None:
    a_plan(cast)
    client = client_for(RACHEL)
    shown(client, "plan")
    with CaptureQueriesContext(connection) as few:
        shown(client, "plan", area="all")
    plan = ActionPlan.objects.get(strategy__code="plan_2018_2021", first_day=date(2018, 4, 1))
    ActionPlan.objects.filter(pk=plan.pk).update(status="draft")
    for _ in range(10):
        an_action(cast, plan, due_on=date(2018, 12, 31))
    with CaptureQueriesContext(connection) as many:
        shown(client, "plan", area="all")
    assert len(of_the_plan(many)) == len(of_the_plan(few)) > 0


def test_the_plan_is_begun_by_one_press(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(MAYA)
    assert "Nothing is agreed by it" in shown(client, "plan-begin")
    assert client.post(reverse("plan-begin")).status_code == 302
    assert Strategy.objects.filter(code="plan_2018_2021").count() == 1
    assert client_for(CHRIS).post(reverse("plan-begin")).status_code == 403


def test_an_agreement_without_a_meeting_says_so_beside_its_field(cast: Cast, client_for: ClientFor) -> None:
    strategy, client = a_plan(cast), client_for(MAYA)
    url = reverse("plan-strategy-agree", args=[strategy.public_id])
    sent = {"where": "Board", "seen": str(strategy.version), **boxes("when", TODAY + timedelta(days=1))}
    answer = client.post(url, sent)
    assert "when" in answer.context["form"].errors
    assert 'value="Board"' in answer.content.decode()
    assert client.post(url, {**sent, **boxes("when", TODAY)}).status_code == 302
    assert "The strategy was agreed on 28 August 2018 (Board)" in shown(client, "plan")


# --- Areas and objectives ---------------------------------------------------------------------------------------


def test_an_area_shows_what_it_set_out_to_do_before_and_why_that_changed(
    cast: Cast, client_for: ClientFor
) -> None:
    strategy, client = a_plan(cast), client_for(MAYA)
    area, objective = an_area(strategy, "hate_crime"), an_objective(strategy, "oversight")
    url = reverse("plan-objective-words", args=[objective.public_id])
    sent = {"words": "See what the group does", "why": "Plainer", "seen": "1", **boxes("valid_from", TODAY)}
    assert client.post(url, {**sent, "words": objective.words}).context["form"].errors["words"]
    assert client.post(url, sent).status_code == 302
    text = shown(client_for(RACHEL), "plan-area", area.public_id)
    for words in (
        "See what the group does",
        "Oversee the Hate Crime Working Group",
        "to 27 August 2018",
        "Plainer",
    ):
        assert words in text
    assert reverse("plan-area-change", args=[area.public_id]) not in text


def test_a_second_editor_of_an_area_is_shown_both_versions(cast: Cast, client_for: ClientFor) -> None:
    area, client = an_area(a_plan(cast)), client_for(MAYA)
    url = reverse("plan-area-change", args=[area.public_id])
    sent = {
        "name": area.name,
        "what": area.what,
        "lead_post": "First",
        "lead_agency": "",
        "led_by": "",
        "seen": str(area.version),
    }
    assert client.post(url, sent).status_code == 302
    answer = client.post(url, {**sent, "lead_post": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.content.decode()
    assert "Second" in answer.content.decode()


def test_an_area_is_added_once_however_often_its_form_is_sent(cast: Cast, client_for: ClientFor) -> None:
    strategy, client = a_plan(cast), client_for(MAYA)
    url = reverse("plan-area-add", args=[strategy.public_id])
    mark = client.get(url).context["form"]["once"].value()
    sent = {"name": "Water safety", "what": "Rivers and lakes", "lead_post": "Lead", "once": mark}
    answers = [client.post(url, sent) for _ in range(2)]
    assert answers[0].url == answers[1].url  # type: ignore[attr-defined]
    assert Area.objects.filter(name="Water safety").count() == 1


def test_an_area_with_open_actions_does_not_end_and_says_which(cast: Cast, client_for: ClientFor) -> None:
    area, client = an_area(a_plan(cast)), client_for(MAYA)
    url = reverse("plan-area-end", args=[area.public_id])
    answer = client.post(url, {"why": "Merged", "seen": str(area.version), **boxes("last_day", TODAY)})
    assert "2.1, 2.2" in answer.context["form"].errors["last_day"][0]
    assert "Merged" in answer.content.decode()


def test_an_objective_is_added_and_ended(cast: Cast, client_for: ClientFor) -> None:
    area, client = an_area(a_plan(cast)), client_for(MAYA)
    sent = {"words": "Answer the telephone", **boxes("valid_from", TODAY)}
    assert client.post(reverse("plan-objective-add", args=[area.public_id]), sent).status_code == 302
    made = Objective.objects.get(words="Answer the telephone")
    later = {**sent, "words": "Write letters", **boxes("valid_from", TODAY + timedelta(days=3))}
    assert client.post(reverse("plan-objective-add", args=[area.public_id]), later).status_code == 302
    text = shown(client, "plan-area", area.public_id)
    assert "Write letters" in text[text.index("To come") :]  # it stands nowhere above yet
    url = reverse("plan-objective-end", args=[made.public_id])
    assert client.post(url, {"why": "Done", "seen": "1", **boxes("last_day", TODAY)}).status_code == 302
    made.refresh_from_db()
    assert made.valid_until == TODAY


# --- Years ------------------------------------------------------------------------------------------------------


def test_a_year_is_begun_agreed_and_stands_beside_another(cast: Cast, client_for: ClientFor) -> None:
    strategy, client = a_plan(cast), client_for(MAYA)
    url = reverse("plan-year-draft", args=[strategy.public_id])
    assert client.post(url, {"first_day": "2019-04-01"}).status_code == 302
    plan = ActionPlan.objects.get(strategy=strategy, first_day=FIRST)
    agree = reverse("plan-year-agree", args=[plan.public_id])
    sent = {"where": "Board", "seen": "1", **boxes("when", TODAY)}
    answer = client.post(agree, sent)
    assert answer.status_code == 409  # it has no action yet, which no field of the form can mend
    assert "Add an action first" in answer.content.decode()
    an_action(cast, plan)
    assert client.post(agree, sent).status_code == 302
    text = shown(client_for(RACHEL), "plan-year", plan.public_id)
    assert "Look through what is open longest" in text
    assert "Agreed" in text
    both = shown(client_for(RACHEL), "plan-year-compare", plan.public_id)
    assert "2018-19 and 2019-20" in both
    assert "Look through what is open longest" in both
    assert (
        client.get(reverse("plan-year-compare", args=[plan.public_id]), {"with": "0" * 16}).status_code == 404
    )


def test_a_review_goes_from_action_to_action_and_is_closed(
    cast: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.foundation import clock

    plan = a_year(cast)
    for _ in range(2):
        an_action(cast, plan)
    ActionPlan.objects.filter(pk=plan.pk).update(status="in_force")
    client = client_for(MAYA)
    assert "This review opens on" in shown(client, "plan-year-review", plan.public_id)
    monkeypatch.setattr(clock, "today", lambda: date(2020, 2, 3))
    assert "To decide" in shown(client, "plan-year-review", plan.public_id)
    first, second = plan.actions.order_by("number")
    url = reverse("plan-action-decide", args=[first.public_id])
    assert "why" in client.post(url, {"decision": "keep", "seen": "1"}).context["form"].errors
    answer = client.post(url, {"decision": "keep", "why": "It works", "seen": "1", "then": "next"})
    assert answer.url == reverse("plan-action-decide", args=[second.public_id])  # type: ignore[attr-defined]
    close = reverse("plan-year-close", args=[plan.public_id])
    plan.refresh_from_db()
    assert client.post(close, {"words": "A good year", "seen": str(plan.version)}).status_code == 409
    sent = {"decision": "stop", "why": "Done elsewhere", "seen": "1", "then": "next"}
    answer = client.post(reverse("plan-action-decide", args=[second.public_id]), sent)
    assert answer.url == reverse("plan-year-review", args=[plan.public_id])  # type: ignore[attr-defined]
    answer = client.post(close, {"words": "A good year", "seen": str(plan.version)})
    following = ActionPlan.objects.get(first_day=date(2020, 4, 1), strategy=plan.strategy)
    assert answer.url == reverse("plan-year", args=[following.public_id])  # type: ignore[attr-defined]
    text = shown(client, "plan-year", following.public_id)
    assert "Goes on from the year before" in text
    assert "A good year" in shown(client, "plan-year", plan.public_id)
    reopen = reverse("plan-year-reopen", args=[plan.public_id])
    plan.refresh_from_db()
    assert client.post(reopen, {"reason": "Too soon", "seen": str(plan.version)}).status_code == 302
