"""Pages of scores and scoring forms, as people use them: totals, saving once, comparing, writing a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saferhub.casework.models import Assessment, Case, InstrumentVersion, PromptAnswer, VersionStatus
from saferhub.casework.operations.scoring_forms import draft_from, read
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.builders.casework_scores import (
    LIST,
    a_referral_score,
    a_score,
    form_of,
    high,
    in_use,
    lowest,
    medium,
)
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
MAYA, COLIN, RACHEL = "maya.manager", "colin.coordinator", "rachel.referrer"


def text_of(answer: Any) -> str:
    """The words of a page, without its markup."""
    words = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


def posted(answers: dict[str, str], **more: str) -> dict[str, str]:
    return (
        {f"q_{code}": answer for code, answer in answers.items()}
        | {"judged": "as_scored", "do": "save"}
        | more
    )


def score_url(cast: dict[str, Any], case: Case, code: str = "asb_matrix") -> str:
    return f"/cases/{case.matter.public_id}/scores/new/{form_of(cast, code).public_id}/"


def scores_of(cast: dict[str, Any], case: Case) -> list[Assessment]:
    with entered(cast[COLIN]):
        return list(Assessment.objects.filter(matter=case.matter))


# --- Scoring ----------------------------------------------------------------------------------------------


def test_the_page_asks_every_question_and_begins_incomplete(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case = a_case(cast)
    answer = client_for(RACHEL).get(score_url(cast, case))
    text = text_of(answer)
    assert "12. Is anyone else affected?" in text
    assert "0 of 12 answered" in text
    assert "Incomplete. 12 answers are missing" in text
    assert "Reconstruction" in text


def test_the_total_is_updated_by_a_button_and_nothing_is_saved(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case = a_case(cast)
    answers = medium(in_use(cast), health="dont_know", knows="well", aimed="person", identity="yes")
    answer = client_for(RACHEL).post(
        score_url(cast, case), posted(answers, do="total", judged_why="Half a thought")
    )
    text = text_of(answer)
    assert answer.status_code == 200
    assert "25 of 41" in text
    assert "Half a thought" in text
    assert "up to 3" in text
    assert "Error:" not in text
    assert scores_of(cast, case) == []


def test_unknown_answers_show_what_they_could_add(client_for: ClientFor, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    answers = {
        "frequency": "most_days", "linked": "yes", "worsening": "yes", "knows": "well", "history": "before",
        "aimed": "household", "identity": "dont_know", "more_at_risk": "yes", "effect": "moderate",
        "health": "dont_know", "support": "few", "others_affected": "one",
    }  # fmt: skip
    text = text_of(client_for(RACHEL).post(score_url(cast, case), posted(answers, do="total")))
    assert "12 of 12 answered, 2 “don’t know”" in text
    assert "Could be High. 2 answers are “don’t know”. They could add up to 6 points: 24 to 30." in text
    assert "Medium, as scored" in text


def test_a_score_is_saved_once_however_often_it_is_sent(client_for: ClientFor, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    client = client_for(RACHEL)
    page = client.get(score_url(cast, case)).content.decode()
    mark = re.search(r'name="once" value="([^"]+)"', page)
    assert mark is not None
    sent = posted(medium(in_use(cast)), once=mark[1])
    first, second = client.post(score_url(cast, case), sent), client.post(score_url(cast, case), sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert len(scores_of(cast, case)) == 1
    assert "16" in text_of(client.get(first["Location"]))


def test_a_judgement_without_a_reason_is_asked_for_and_every_answer_stays(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case = a_case(cast)
    sent = posted(medium(in_use(cast)), judged="high", note="Seen at home on Monday.")
    answer = client_for(RACHEL).post(score_url(cast, case), sent)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Say why you judge it High" in text_of(answer)
    assert body.count('type="radio"') > 40
    assert re.search(r'value="daily" checked', body)
    assert "Seen at home on Monday." in body
    assert scores_of(cast, case) == []


def test_a_lower_band_is_not_offered_and_not_taken(client_for: ClientFor, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    client = client_for(RACHEL)
    shown = client.post(score_url(cast, case), posted(high(in_use(cast)), do="total")).content.decode()
    assert 'value="as_scored"' in shown
    assert 'name="judged" type="radio" value="standard"' not in shown
    sent = posted(high(in_use(cast)), judged="standard", judged_why="It is calmer.")
    assert "Judgement may raise the band of this form, never lower it" in text_of(
        client.post(score_url(cast, case), sent)
    )
    assert scores_of(cast, case) == []


def test_the_list_asks_who_it_is_about_whether_she_was_alone_and_whether_one_is_trained(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    from tests.builders.casework_notes import a_victim

    case = a_case(cast)
    person = a_victim(cast, case)
    client = client_for(RACHEL)
    answers = lowest(in_use(cast, LIST)) | {"strangulation": "yes"}
    text = text_of(client.post(score_url(cast, case, LIST), posted(answers)))
    assert "Choose whom this is about" in text
    more = {
        "person": person.public_id,
        "trained": "on",
        "with_victim_alone": "yes",
        "c_events_12_months": "2",
    }
    done = client.post(score_url(cast, case, LIST), posted(answers, **more))
    assert done.status_code == 302
    [made] = scores_of(cast, case)
    assert (made.person_id, made.with_victim_alone, made.outside) == (
        person.pk,
        True,
        {"events_12_months": 2},
    )
    text = text_of(client.get(done["Location"]))
    assert "Strangulation or choking was disclosed" in text
    assert "Record what was decided" in text


def test_when_another_version_came_into_use_the_answers_stay(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case = a_case(cast)
    sent = posted(medium(in_use(cast)), version="anotherversion00")
    answer = client_for(RACHEL).post(score_url(cast, case), sent)
    assert "Another version of this form is in use now" in text_of(answer)
    assert re.search(r'value="daily" checked', answer.content.decode())
    assert scores_of(cast, case) == []


# --- Reading scores --------------------------------------------------------------------------------------


def test_the_risk_tab_shows_every_score_and_which_way_it_goes(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case = a_case(cast)
    version = in_use(cast)
    a_score(cast, case)
    a_score(cast, case, high(version), judged="", username=COLIN)
    client = client_for("victor.voluntary")
    answer = client.get(f"/cases/{case.matter.public_id}/scores/")
    text = text_of(answer)
    assert "Rising: 16, now 41" in text
    assert 'role="img"' in answer.content.decode()
    assert "Rachel" in text
    assert "Colin" in text


def test_two_scores_lie_side_by_side(client_for: ClientFor, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    a_score(cast, case)
    a_score(cast, case, medium(in_use(cast), health="yes"))
    text = text_of(client_for(RACHEL).get(f"/cases/{case.matter.public_id}/scores/compare/"))
    assert "The score rose by 3 points, from 16 to 19." in text
    assert "up 3" in text


def test_without_two_scores_there_is_nothing_to_compare(client_for: ClientFor, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    text = text_of(client_for(RACHEL).get(f"/cases/{case.matter.public_id}/scores/compare/"))
    assert "There is nothing to compare yet" in text


def test_a_score_of_another_case_is_not_found_under_this_one(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case, other = a_case(cast), a_case(cast, title="Fires by the river")
    made = a_score(cast, other)
    assert (
        client_for(RACHEL).get(f"/cases/{case.matter.public_id}/scores/{made.public_id}/").status_code == 404
    )


def test_what_was_decided_about_a_prompt_stands_beside_it(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    case = a_case(cast)
    made = a_score(cast, case, lowest(in_use(cast), identity="yes"))
    client = client_for(RACHEL)
    url = f"/cases/{case.matter.public_id}/scores/{made.public_id}/"
    assert client.post(f"{url}prompts/hate_linked/", {"outcome": "done"}).status_code == 200
    done = client.post(
        f"{url}prompts/hate_linked/", {"outcome": "done", "words": "Recorded as one, with her."}
    )
    assert done.status_code == 302
    assert "Recorded as one, with her." in text_of(client.get(url))
    assert PromptAnswer.objects.filter(assessment=made.pk).count() in (0, 1)
    assert client.get(f"{url}prompts/hate_linked/").status_code == 302


def test_the_hub_sees_the_latest_score_on_the_referral_and_the_referrer_does_not(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    referral = a_referral(cast)
    a_referral_score(cast, referral)
    url = f"/referrals/{referral.matter.public_id}/"
    assert "16 of 41" in text_of(client_for(COLIN).get(url))
    assert "of 41" not in text_of(client_for(RACHEL).get(url))
    assert client_for(RACHEL).get(f"{url}scores/").status_code == 403


def test_the_case_page_and_its_timeline_show_the_score(client_for: ClientFor, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    a_score(cast, case, judged="high", judged_why="The door was broken.")
    text = text_of(client_for(RACHEL).get(f"/cases/{case.matter.public_id}/"))
    assert "Judged High; scored Medium, 16 of 41: Anti-social behaviour matrix" in text
    assert "The door was broken." in text
    assert "Score again" in text


# --- Writing a form ---------------------------------------------------------------------------------------


def a_draft(cast: dict[str, Any]) -> InstrumentVersion:
    with entered(cast[MAYA]):
        return draft_from(version_id=in_use(cast).public_id, by=actor(cast, MAYA))


def question_sent(draft: InstrumentVersion, *rows: tuple[str, str, str], **more: str) -> dict[str, str]:
    sent = {"text": "How often?", "help": "", "group": "", "dont_know": "on", "seen": str(draft.version)}
    for n, (code, words, points) in enumerate(rows, 1):
        sent |= {f"code_{n}": code, f"words_{n}": words, f"points_{n}": points}
    return sent | {"rows": str(len(rows)), "do": "save"} | more


ROWS = (("only_now", "Only now", "0"), ("daily", "Every day", "5"))


def test_a_question_is_changed_in_a_draft_and_the_version_in_use_stays(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    draft = a_draft(cast)
    url = f"/instruments/versions/{draft.public_id}/question/frequency/"
    done = client_for(MAYA).post(url, question_sent(draft, *ROWS, ("", "Every hour", "6")))
    assert done.status_code == 302
    draft.refresh_from_db()
    changed = read(draft).question("frequency")
    assert changed is not None
    assert [(one.code, one.points) for one in changed.options] == [
        ("only_now", 0),
        ("daily", 5),
        ("every_hour", 6),
    ]
    text = text_of(client_for(MAYA).get(f"/instruments/versions/{draft.public_id}/"))
    assert "The highest score is given as 41, and the answers add up to 42" in text
    assert len(read(in_use(cast)).questions[0].options) == 6


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("add-row", ["Only now", "Every day", ""]),
        ("down-1", ["Every day", "Only now"]),
        ("up-2", ["Every day", "Only now"]),
        ("remove-1", ["Every day", ""]),
    ],
)
def test_rows_are_added_moved_and_removed_by_buttons_and_nothing_typed_is_lost(
    client_for: ClientFor, cast: dict[str, Any], act: str, words: list[str]
) -> None:
    draft = a_draft(cast)
    url = f"/instruments/versions/{draft.public_id}/question/"
    answer = client_for(MAYA).post(url, question_sent(draft, *ROWS, do=act, help="Half a thought"))
    body = answer.content.decode()
    assert answer.status_code == 200
    found = []
    for n in range(1, 6):
        box = re.search(rf'<input[^>]*name="words_{n}"[^>]*>', body)
        if box:
            value = re.search(r'value="([^"]*)"', box[0])
            found.append(value[1] if value else "")
    assert found == words
    assert "Half a thought" in body
    draft.refresh_from_db()
    assert len(read(draft).questions) == 12


def test_points_without_words_are_asked_for(client_for: ClientFor, cast: dict[str, Any]) -> None:
    draft = a_draft(cast)
    url = f"/instruments/versions/{draft.public_id}/question/"
    text = text_of(client_for(MAYA).post(url, question_sent(draft, *ROWS, ("", "", "3"), ("", "Hourly", ""))))
    assert "Enter the words of answer 3, or clear its points" in text
    assert "Enter the points of answer 4; 0 where it adds none" in text


def test_a_draft_changed_meanwhile_keeps_what_was_typed_and_saves_the_second_time(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    draft = a_draft(cast)
    client = client_for(MAYA)
    url = f"/instruments/versions/{draft.public_id}/question/frequency/"
    sent = question_sent(draft, *ROWS)
    arranged = client.post(
        f"/instruments/versions/{draft.public_id}/arrange/",
        {"do": "down-questions-linked", "seen": sent["seen"]},
    )
    assert arranged.status_code == 302
    answer = client.post(url, sent)
    assert "Somebody else changed this draft while you were writing" in text_of(answer)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', answer.content.decode())
    assert seen is not None
    assert client.post(url, sent | {"seen": seen[1]}).status_code == 302


def test_a_band_keeps_its_rule_of_one_answer_when_its_figures_change(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    with entered(cast[MAYA]):
        version = in_use(cast, "exploitation_tool")
        draft = draft_from(version_id=version.public_id, by=actor(cast, MAYA))
    sent = {
        "code": "high", "words": "High", "order": "3", "score_from": "30", "score_to": "54",
        "review_n": "7", "review_unit": "days", "seen": str(draft.version),
    }  # fmt: skip
    done = client_for(MAYA).post(f"/instruments/versions/{draft.public_id}/band/high/", sent)
    assert done.status_code == 302
    draft.refresh_from_db()
    band = read(draft).band("high")
    assert band is not None
    assert [(rule.of, rule.at_least) for rule in band.rules] == [("score", 30), ("answer", None)]
    text = text_of(client_for(MAYA).get(f"/instruments/versions/{draft.public_id}/"))
    assert "“Medium” ends at score 34 and “High” begins at 30" in text


def test_a_form_is_tried_without_keeping_anything(client_for: ClientFor, cast: dict[str, Any]) -> None:
    version = in_use(cast)
    url = f"/instruments/versions/{version.public_id}/preview/"
    text = text_of(client_for("nadia.neighbour").post(url, posted(high(version), do="total")))
    assert "41 of 41" in text
    assert "Would be recorded" in text


def test_a_version_is_published_from_a_day_on(client_for: ClientFor, cast: dict[str, Any]) -> None:
    draft = a_draft(cast)
    client = client_for(MAYA)
    day = actor(cast, MAYA).on
    sent = {
        "effective_from_day": str(day.day), "effective_from_month": str(day.month),
        "effective_from_year": str(day.year), "note": "", "seen": str(draft.version),
    }  # fmt: skip
    url = f"/instruments/versions/{draft.public_id}/publish/"
    assert client.post(url, sent).status_code == 200
    assert client.post(url, sent | {"note": "Agreed by the hubs."}).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.effective_from) == (VersionStatus.PUBLISHED, day)
    assert "Agreed by the hubs." in text_of(client.get(f"/instruments/{draft.instrument.public_id}/"))


def test_drafts_are_not_shown_to_those_who_do_not_write_forms(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    draft = a_draft(cast)
    assert client_for(COLIN).get(f"/instruments/versions/{draft.public_id}/").status_code == 404
    assert "Write a new version" not in text_of(
        client_for(COLIN).get(f"/instruments/{draft.instrument.public_id}/")
    )


def test_a_draft_is_discarded_and_stays_on_record(client_for: ClientFor, cast: dict[str, Any]) -> None:
    draft = a_draft(cast)
    done = client_for(MAYA).post(f"/instruments/versions/{draft.public_id}/discard/")
    assert done.status_code == 302
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DISCARDED


def test_a_prompt_and_the_count_it_looks_at_are_written_on_screen(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    draft = a_draft(cast)
    client = client_for(MAYA)
    base = f"/instruments/versions/{draft.public_id}"
    counted = client.post(
        f"{base}/count/", {"words": "Calls in a month", "help": "", "seen": str(draft.version)}
    )
    assert counted.status_code == 302
    draft.refresh_from_db()
    sent = {
        "words": "Ask the police", "about": "You decide.", "judged": "high", "count": "calls_in_a_month",
        "count_from": "5", "seen": str(draft.version),
    }  # fmt: skip
    assert client.post(f"{base}/prompt/", sent).status_code == 302
    draft.refresh_from_db()
    made = next(one for one in read(draft).prompts if one.code == "ask_the_police")
    assert [(rule.of, rule.at_least, rule.level) for rule in made.when] == [
        ("judged", None, "high"),
        ("outside", 5, None),
    ]
    gone = client.post(
        f"{base}/arrange/", {"do": "remove-outside-calls_in_a_month", "seen": str(draft.version)}
    )
    assert gone.status_code == 302
    assert "looks at the count “calls_in_a_month”, which the form does not have" in text_of(
        client.get(f"{base}/")
    )


def test_a_prompt_keeps_what_its_page_cannot_say_and_needs_a_figure(
    client_for: ClientFor, cast: dict[str, Any]
) -> None:
    draft = a_draft(cast)
    client = client_for(MAYA)
    base = f"/instruments/versions/{draft.public_id}/prompt/"
    sent = {"words": "Hate?", "about": "Ask.", "score_from": "30", "seen": str(draft.version)}
    assert client.post(f"{base}hate_linked/", sent).status_code == 302
    draft.refresh_from_db()
    assert [rule.of for rule in read(draft).prompts[0].when] == ["score", "answer"]
    sent = {"words": "Always", "about": "Ask.", "seen": str(draft.version)}
    assert "Say from which score, band or number it is prompted" in text_of(client.post(base, sent))


def test_the_form_for_the_whole_matter_stands_first_and_the_others_behind(
    cast: dict[str, Any], client_for: ClientFor
) -> None:
    case = a_case(cast)
    page = client_for(RACHEL).get(f"/cases/{case.matter.public_id}/scores/new/").content.decode()
    first, behind = page.split("Other forms", 1)
    assert "Anti-social behaviour matrix: start" in first
    assert first.count(": start") == 1 and behind.count(": start") >= 2


@pytest.mark.parametrize(("kind", "is_said"), [("location", True), ("individual", False)])
def test_whoever_scores_a_place_is_told_how_its_questions_are_answered(
    cast: dict[str, Any], client_for: ClientFor, kind: str, is_said: bool
) -> None:
    case = a_case(cast, subject_kind=kind)
    form = in_use(cast).instrument.public_id
    page = text_of(client_for(RACHEL).get(f"/cases/{case.matter.public_id}/scores/new/{form}/"))
    assert ("Answer for whoever is most affected" in page) is is_said
