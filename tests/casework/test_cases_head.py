"""The head of a case: what is next and what is blocked, how risky it is judged, who is in it, and safe contact."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from saferhub.casework.access import get_case
from saferhub.casework.models import Case
from saferhub.casework.operations.actions_doing import block
from saferhub.casework.operations.interventions_running import record_breach
from saferhub.casework.operations.notes_plan import add_risk
from saferhub.casework.queries.actions import who_words
from saferhub.casework.queries.case_facts import CaseFacts, counted, facts_of, next_steps
from saferhub.casework.queries.cases_people import in_matter, people_line
from saferhub.casework.queries.interventions_places import blockers
from saferhub.casework.registries import Next
from saferhub.people.operations.parts import add_part
from saferhub.sharing.entering import entered
from saferhub.sharing.queries.who_can_see import who_can_see
from tests.builders.casework import a_case, actor
from tests.builders.casework_actions import an_action
from tests.builders.casework_interventions import a_person, in_place
from tests.builders.casework_notes import a_victim
from tests.builders.casework_scores import a_score, in_use, medium

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
COLIN, RACHEL, PRIYA = "colin.coordinator", "rachel.referrer", "priya.partner"


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast, lead=cast[RACHEL])


def facts(cast: Cast, case: Case, who: str = COLIN) -> CaseFacts:
    with entered(cast[who]):
        reader = actor(cast, who)
        return facts_of(reader, get_case(reader, case.matter.public_id))


def text_of(client: Any, case: Case, name: str = "case") -> str:
    answer = client.get(reverse(name, args=[case.matter.public_id]))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def a_blocked_action(cast: Cast, case: Case, *, set_before: int) -> None:
    made = an_action(cast, case, owner=RACHEL, words="Mend the light", set_before=set_before)
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        block(action_id=made.public_id, reason="The landlord has not answered.", by=rachel, on=rachel.on)


def a_risk(cast: Cast, case: Case, severity: str = "high", in_days: int | None = None) -> None:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        add_risk(
            case_id=case.matter.public_id,
            words="She may be harmed.",
            severity=severity,
            mitigation="Two visit together.",
            holder="",
            review_on=None if in_days is None else colin.on + timedelta(days=in_days),
            by=colin,
            on=colin.on,
        )


def safely(cast: Cast, person: Any, **values: str) -> None:
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        values = {"numbers": "07700 900118", "times": "weekdays", **values}
        add_part(slug="safe-contact", owner=person, values=values, by=rachel, on=rachel.on)


def test_next_is_the_earliest_step_that_nothing_is_in_the_way_of(
    case: Case, cast: Cast, client_for: Any
) -> None:
    a_score(cast, case)
    a_blocked_action(cast, case, set_before=15)
    an_action(cast, case, owner=PRIYA, words="Offer an appointment", set_before=9)
    found = facts(cast, case)
    assert found.next is not None and found.next.words == "Offer an appointment"
    assert [one.words for one in found.blocked] == ["Mend the light"]
    assert found.clears == cast[RACHEL].name
    text = text_of(client_for(COLIN), case)
    assert "1 blocked: Mend the light . In the way: The landlord has not answered." in text
    assert f"{cast[RACHEL].name} clears the way." in text
    assert "Blocked, 8 days late" in text


def test_where_everything_is_blocked_the_next_thing_is_to_clear_the_way(
    case: Case, cast: Cast, client_for: Any
) -> None:
    a_score(cast, case)
    a_blocked_action(cast, case, set_before=0)
    assert facts(cast, case).next is None
    assert "Clear the way: Mend the light" in text_of(client_for(COLIN), case)


@pytest.mark.parametrize(
    ("actions", "others", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 action"),
        (5, 2, "5 actions, 2 other steps"),
        (2, 1, "2 actions, 1 other step"),
        (0, 1, "1 step"),
    ],
)
def test_steps_are_counted_as_actions_and_others(actions: int, others: int, words: str) -> None:
    step = Next("Something", "", None, "")
    action = Next("Something", "", None, "", is_action=True)
    assert counted([action] * actions + [step] * others) == words


def test_every_step_says_how_it_stands(case: Case, cast: Cast) -> None:
    a_victim(cast, case)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        steps = next_steps(colin, get_case(colin, case.matter.public_id))
    assert ("Contact Jo Frith", ("on_track", "On track")) in [(one.words, one.state) for one in steps]
    assert all(one.state for one in steps)


def test_an_action_of_a_unit_says_that_nobody_is_named(case: Case, cast: Cast) -> None:
    made = an_action(cast, case, unit_of_username=PRIYA)
    unit = made.owner_unit
    assert who_words(made) == f"{unit.name}, {unit.agency.name} (nobody named yet)"


def test_a_judged_band_is_told_apart_from_what_was_scored(case: Case, cast: Cast, client_for: Any) -> None:
    a_score(cast, case, judged="high", judged_why="The door was broken.")
    assert facts(cast, case).judged == "Scored Medium, 16 of 41; judged High, with a reason"
    assert "Judged High; scored Medium, 16 of 41" in text_of(client_for(COLIN), case)


def test_a_band_that_is_judgement_alone_says_how_much_was_not_answered(case: Case, cast: Cast) -> None:
    answers = dict.fromkeys(medium(in_use(cast)), "dont_know") | {"frequency": "daily"}
    made = a_score(cast, case, answers, judged="high", judged_why="The door was broken.")
    count = len(answers)
    assert (
        facts(cast, case).judged == f"Judged; {count - 1} of {count} not answered ({made.score} of 41 so far)"
    )


def test_a_band_that_was_scored_is_not_said_to_be_judged(case: Case, cast: Cast) -> None:
    a_score(cast, case)
    assert facts(cast, case).judged == ""


def test_a_high_risk_without_an_owner_is_marked_and_one_can_be_named(
    case: Case, cast: Cast, client_for: Any
) -> None:
    a_risk(cast, case)
    text = text_of(client_for(COLIN), case)
    assert "High risk" in text and "No owner" in text and "Name an owner" in text
    assert "Name an owner" not in text_of(client_for(PRIYA), case)


def test_the_review_tells_of_a_risk_that_is_looked_at_sooner(case: Case, cast: Cast, client_for: Any) -> None:
    a_risk(cast, case, "medium", in_days=9)
    a_risk(cast, case, "medium", in_days=3)
    day = facts(cast, case).risk_review_on
    assert day is not None and (day - case.adopted_on).days == 3
    assert "A risk is looked at on" in text_of(client_for(COLIN), case)
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(review_on=day - timedelta(days=1))
    assert facts(cast, case).risk_review_on is None


def test_who_is_in_it_stands_under_the_title_by_role(case: Case, cast: Cast, client_for: Any) -> None:
    a_victim(cast, case)
    a_victim(cast, case, role="alleged_perpetrator", given="Mark", family="Sample")
    line = "Jo Frith (victim) · Mark Sample (alleged perpetrator)"
    with entered(cast[COLIN]):
        assert people_line(in_matter(actor(cast, COLIN), case.matter)) == line
    assert line in text_of(client_for(PRIYA), case)


def test_safe_contact_is_read_before_anything_is_done(case: Case, cast: Cast, client_for: Any) -> None:
    person = a_victim(cast, case)
    address = reverse("case", args=[case.matter.public_id])
    assert "Safe contact:" not in client_for(RACHEL).get(address).content.decode()
    safely(cast, person, must_not_know="Mark Sample", unsafe_addresses="The flat")
    text = client_for(RACHEL).get(address).content.decode()
    assert text.count("Safe contact: Jo Frith") == 1
    assert text.index("Safe contact: Jo Frith") < text.index("sh-record__actions")
    assert "Mark Sample must not know that Jo Frith is in touch." in text
    assert "Not safe for Jo Frith: The flat" in text


def test_longer_words_on_who_must_not_know_stay_as_they_were_written(
    case: Case, cast: Cast, client_for: Any
) -> None:
    safely(cast, a_victim(cast, case), must_not_know="Her brother. He asks at every visit.")
    text = text_of(client_for(RACHEL), case)
    assert "Who must not know that Jo Frith is in touch: Her brother. He asks at every visit." in text


def test_a_breached_tool_that_nobody_would_watch_is_said_to_be_breached(case: Case, cast: Cast) -> None:
    made = in_place(cast, case, person=a_person(cast, case))
    said = {False: ": in force, and nobody", True: ": breached, still in force, and nobody"}
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        for is_breached, words in said.items():
            if is_breached:
                record_breach(
                    intervention_id=made.public_id,
                    happened_on=colin.on,
                    words="Shouting.",
                    by=colin,
                    on=colin.on,
                )
            found = list(blockers(colin, get_case(colin, case.matter.public_id), colin.on))
            assert words in found[0].words


def test_who_sees_it_names_the_hub_first_then_who_holds_the_record_and_who_leads(
    case: Case, cast: Cast
) -> None:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        found = who_can_see(colin, get_case(colin, case.matter.public_id).matter)
    assert [one.why for one in found.arms] == ["Those who work in the hub", "Holds the record"]
    assert "Leads the case" in [one.because for one in found.rows]
