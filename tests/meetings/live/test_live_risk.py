"""The risk of a case as a meeting judges it, beside the item and without the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saferhub.casework.models import Assessment, Case
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings.operations import live
from saferhub.meetings.operations.live_recording import Decided, decide
from saferhub.meetings.operations.live_risk import judge_risk
from saferhub.sharing.entering import entered
from tests.builders.casework_scores import a_score

from .running import COLIN, MINA, Cast, Running, a_running_meeting, act, entries, read
from .test_live_pages import drawn, url, words_of

pytestmark = pytest.mark.django_db
WHY = "Two nights a week became four."


@pytest.fixture
def run(cast: Cast) -> Running:
    return a_running_meeting(cast)


def scores(cast: Cast, case: Case) -> list[Assessment]:
    with entered(cast[COLIN]):
        return list(Assessment.objects.filter(matter=case.matter).order_by("id"))


def judge(cast: Cast, run: Running, band: str, seen: str, why: str = WHY) -> Assessment:
    found: Assessment = act(cast, MINA, judge_risk, **run.at, band=band, why=why, seen=seen)
    return found


def test_a_judged_band_is_a_score_of_its_own_on_the_same_answers(cast: Cast, run: Running) -> None:
    first = a_score(cast, run.cases[0])
    made = judge(cast, run, "high", first.public_id)
    assert (made.answers, made.score, made.band, made.judged_band) == (
        first.answers,
        first.score,
        "medium",
        "high",
    )
    assert (made.judged_why, made.panel_agrees, made.by) == (WHY, None, cast[MINA].public_id)
    assert read(cast, run.cases[0]).band == "high"
    assert entries("meetings.risk_judged", run.items[0]) == 1


def test_a_second_press_makes_no_second_score_and_another_score_meanwhile_is_told(
    cast: Cast, run: Running
) -> None:
    first = a_score(cast, run.cases[0])
    made = judge(cast, run, "high", first.public_id)
    assert judge(cast, run, "high", first.public_id).pk == made.pk
    with pytest.raises(Conflict) as refused:
        judge(cast, run, "medium", first.public_id)
    assert refused.value.code == "scored_meanwhile"
    judge(cast, run, "medium", made.public_id)
    assert [one.standing_band for one in scores(cast, run.cases[0])] == ["medium", "high", "medium"]


@pytest.mark.parametrize(
    ("band", "why", "code"), [("high", " ", "why_missing"), ("huge", WHY, "unknown_band")]
)
def test_what_the_form_refuses_is_refused_here(
    cast: Cast, run: Running, band: str, why: str, code: str
) -> None:
    first = a_score(cast, run.cases[0])
    with pytest.raises(Refusal) as refused:
        judge(cast, run, band, first.public_id, why)
    assert refused.value.code == code
    assert len(scores(cast, run.cases[0])) == 1


def test_back_down_to_what_the_answers_come_to_asks_for_a_reason_and_keeps_it(
    cast: Cast, run: Running
) -> None:
    first = a_score(cast, run.cases[0])
    raised = judge(cast, run, "high", first.public_id)
    with pytest.raises(Refusal) as refused:
        judge(cast, run, "medium", raised.public_id, " ")
    assert (refused.value.code, read(cast, run.cases[0]).band) == ("why_missing", "high")
    lowered = judge(cast, run, "medium", raised.public_id, "Quiet for six weeks.")
    assert (lowered.judged_band, lowered.note) == ("", "Quiet for six weeks.")
    assert read(cast, run.cases[0]).band == "medium"


@pytest.mark.parametrize(
    ("agreed", "panel_agrees"), [("", None), ("all", True), ("majority", None), ("not_agreed", False)]
)
def test_that_the_panel_agrees_is_what_its_item_says_of_it(
    cast: Cast, run: Running, agreed: str, panel_agrees: bool | None
) -> None:
    first = a_score(cast, run.cases[0])
    act(cast, MINA, decide, **run.at, given=Decided("go_on", "", agreed), seen=Decided().mark)
    assert judge(cast, run, "high", first.public_id).panel_agrees is panel_agrees


def test_nothing_is_judged_without_a_score_and_after_the_meeting(cast: Cast, run: Running) -> None:
    with pytest.raises(Refusal) as refused:
        judge(cast, run, "high", "")
    assert refused.value.code == "no_score"
    first = a_score(cast, run.cases[0])
    act(cast, COLIN, live.end_meeting, meeting_id=run.meeting.public_id, put_off_rest=True)
    with pytest.raises(Refusal) as refused:
        judge(cast, run, "high", first.public_id)
    assert refused.value.code == "not_running"


def test_the_page_offers_it_keeps_the_rest_without_a_reason_and_records_it_with_one(
    cast: Cast, run: Running, client_for: Callable[..., Client]
) -> None:
    client, here = client_for(MINA), url("item-run", run, 0)
    assert "Change the risk" not in client.get(here).content.decode()
    a_score(cast, run.cases[0])
    assert "Change the risk, now Medium" in client.get(here).content.decode()
    sent: dict[str, Any] = drawn(client, run) | {"text": "It is worse.", "band": "high", "do": "save"}
    answer = client.post(here, sent)
    assert "Say why you judge it High" in answer.content.decode()
    assert words_of(cast, run) == [(MINA, "It is worse.")]
    form = answer.context["form"]
    again = {name: str(form[name].value() or "") for name in form.fields}
    assert again["band"] == "high"
    assert client.post(here, again | {"band_why": WHY, "do": "save"}).status_code == 302
    assert read(cast, run.cases[0]).band == "high"
    assert "Change the risk, now High" in client.get(here).content.decode()
