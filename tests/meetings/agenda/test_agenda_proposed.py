"""What is proposed from live data: under which heading, why, and what is left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saferhub.casework.models import Case
from saferhub.foundation.refusals import Refusal
from saferhub.meetings.models import ItemKind, Meeting
from saferhub.meetings.operations import items as operations
from saferhub.meetings.operations import opening
from saferhub.meetings.queries.agenda_proposed import Proposal, proposal
from saferhub.sharing.entering import entered
from saferhub.sharing.operations.interests_given import restrict
from tests.builders.casework import a_case, actor
from tests.builders.casework_actions import an_action
from tests.builders.meetings import COLIN, PRIYA, RACHEL, Made, a_meeting, act
from tests.builders.referrals import a_referral
from tests.meetings.calendar.group import a_meeting as called

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def made(cast: Cast) -> Made:
    return a_meeting(cast, items=0, sent=False)


def proposed(cast: Cast, made: Made) -> Proposal:
    with entered(cast[COLIN]):
        return proposal(actor(cast, COLIN), made.meeting)


def placed(cast: Cast, made: Made) -> dict[str, tuple[str, str]]:
    """Heading and reason of each that is proposed, by its reference."""
    return {
        line.candidate.reference: (line.standing.code, line.candidate.why)
        for line in proposed(cast, made).found
        if line.candidate is not None
    }


def due(cast: Cast, made: Made, case: Case, **values: Any) -> Case:
    """The case as a score and a review would have left it."""
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(
            **{"review_on": made.meeting.on - timedelta(days=1), "band": "", **values}
        )
    return case


def test_each_thing_stands_under_its_heading_with_its_reason(cast: Cast, made: Made) -> None:
    referral = a_referral(cast)
    late = due(cast, made, a_case(cast, title="Late"), review_on=None)
    an_action(cast, late, owner=PRIYA, set_before=12)
    high = due(cast, made, a_case(cast, title="High"), band="high")
    quiet = due(cast, made, a_case(cast, title="Quiet"), status="monitoring", review_on=None)
    theme = due(cast, made, a_case(cast, title="Bins", subject_kind="theme"))
    later = due(
        cast, made, a_case(cast, title="Later"), band="high", review_on=made.meeting.on + timedelta(days=1)
    )
    low = due(cast, made, a_case(cast, title="Low"), band="standard")
    found = placed(cast, made)
    assert found[referral.matter.reference][0] == "referrals"
    assert found[late.matter.reference] == ("late", "1 action up to 5 days late")
    assert found[high.matter.reference][0] == "cases"
    assert found[high.matter.reference][1].startswith("High; its review is due on")
    assert found[quiet.matter.reference][0] == "closures"
    assert found[theme.matter.reference][0] == "themes"
    assert later.matter.reference not in found
    assert low.matter.reference not in found


def test_what_stands_there_is_restricted_or_belongs_elsewhere_is_not_proposed(cast: Cast, made: Made) -> None:
    stands = due(cast, made, a_case(cast), band="high")
    narrow = due(cast, made, a_case(cast, title="Narrow"), band="high")
    act(
        cast,
        COLIN,
        operations.put_on,
        meeting_id=made.meeting.public_id,
        kind=ItemKind.CASE,
        matter_id=stands.matter.public_id,
        why="It is due.",
        under="cases",
    )
    act(
        cast,
        COLIN,
        restrict,
        matter_id=narrow.matter.public_id,
        names=[cast[COLIN].public_id],
        reason="A colleague is in it.",
    )
    elsewhere = a_referral(cast, hub="scarborough")
    found = placed(cast, made)
    for case in (stands, narrow, elsewhere):
        assert case.matter.reference not in found


def test_a_referral_after_the_cut_off_waits_unless_it_is_urgent(cast: Cast) -> None:
    made = a_meeting(cast, items=0, sent=False, days=1)
    waits = a_referral(cast)
    urgent = a_referral(cast, title="Threats", words={"urgent": True, "urgent_why": "Tonight."})
    found = proposed(cast, made)
    references = [line.candidate.reference for line in found.found if line.candidate is not None]
    assert waits.matter.reference not in references
    assert urgent.matter.reference in references
    assert found.late >= 1


def test_what_was_taken_off_is_not_proposed_again_but_counted(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    due(cast, made, made.cases[0], band="high")
    act(cast, COLIN, operations.take_off, **made.at, reason="It waits for the court.")
    assert made.cases[0].matter.reference not in placed(cast, made)
    assert proposed(cast, made).off == 1
    # Put on beside what was taken off, it would stand there without what was answered.
    with pytest.raises(Refusal) as refusal:
        act(
            cast, COLIN, operations.put_on, meeting_id=made.meeting.public_id, kind=ItemKind.CASE, why="It is due.",
            matter_id=made.cases[0].matter.public_id,
        )  # fmt: skip
    assert refusal.value.code == "was_taken_off"


def test_what_the_last_meeting_put_off_comes_again_with_its_reason(cast: Cast) -> None:
    made = a_meeting(cast)
    one = {"meeting_id": made.meeting.public_id}
    case = made.cases[0]
    # It has a late action as well: that it was put off says more.
    an_action(cast, case, owner=RACHEL, set_before=12)
    other = act(
        cast, COLIN, operations.put_on, **one, kind=ItemKind.OTHER, title="Bonfire night", why="It comes each year.",
        brief="Who patrols?", minutes=6, under="other",
    )  # fmt: skip
    act(cast, COLIN, operations.take_off, **made.at, reason="The nurse was ill.", put_off=True)
    act(cast, COLIN, operations.take_off, **one, item_id=other.public_id, reason="No time.", put_off=True)
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=made.meeting.pk).update(
            status="approved", on=made.meeting.on - timedelta(days=20)
        )
        last = Meeting.objects.get(pk=made.meeting.pk)
    again = Made(called(cast, last.group))
    again.meeting = act(cast, COLIN, opening.begin_preparing, meeting_id=again.meeting.public_id)
    heading, why = placed(cast, again)[case.matter.reference]
    assert heading == "cases"
    assert "The nurse was ill." in why
    lines = [line for line in proposed(cast, again).found if line.candidate and not line.candidate.matter]
    assert [(line.standing.code, line.kind, line.minutes) for line in lines] == [("other", "other", 6)]
    found = lines[0].candidate
    assert found is not None and (found.title, found.brief) == ("Bonfire night", "Who patrols?")
