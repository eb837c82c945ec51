"""What the cast wrote for the demonstration: the couple on the estate, and one of each kind of fate."""

from __future__ import annotations

from typing import Any

import pytest

from saferhub.casework.access import cases_visible_to, referrals_visible_to
from saferhub.casework.models import Action, Assessment, Note, Referral
from saferhub.casework.operations import demonstration_couple as couple
from saferhub.casework.operations import demonstration_hubs as hubs
from saferhub.casework.operations import demonstration_referrals as referrals
from saferhub.sharing.entering import entered
from tests.builders.casework import actor


def _titles(cast: dict[str, Any], username: str) -> set[str]:
    with entered(cast[username]):
        return set(cases_visible_to(actor(cast, username)).values_list("matter__title", flat=True))


@pytest.mark.parametrize(
    ("username", "sees"),
    [
        ("colin.coordinator", {couple.TITLE, hubs.CLOSED, hubs.RESTRICTED}),
        ("rachel.referrer", {couple.TITLE, hubs.CLOSED}),
        ("priya.partner", {couple.TITLE}),
        ("victor.voluntary", {couple.TITLE}),
        ("fergus.former", set()),
        ("nadia.neighbour", set()),
        ("olivia.outsider", set()),
    ],
)
def test_each_of_the_cast_sees_the_cases_that_are_hers(
    cast: dict[str, Any], username: str, sees: set[str]
) -> None:
    assert _titles(cast, username) == sees


def test_the_couple_scores_14_then_21_then_24_and_is_judged_high(cast: dict[str, Any]) -> None:
    with entered(cast["colin.coordinator"]):
        by = actor(cast, "colin.coordinator")
        case = cases_visible_to(by).get(matter__title=couple.TITLE)
        referral = Referral.objects.get(folder=case.referral_folder_id)
        scores = Assessment.objects.filter(matter__in=[case.matter_id, referral.matter_id]).order_by("on")
        assert [one.score for one in scores] == [14, 21, 24]
        assert scores[2].judged_band == "high" == case.band
        assert {note.sharing for note in Note.objects.filter(matter=case.matter_id)} == {"all", "named"}
        late = Action.objects.filter(case=case, status__in=["open", "blocked"], due_on__lt=by.on)
        assert late.exists() and case.next_due_on == min(one.due_on for one in late)


def test_a_note_of_one_unit_is_seen_by_that_unit_alone(cast: dict[str, Any]) -> None:
    with entered(cast["victor.voluntary"]):
        assert Note.objects.filter(sharing="own").count() == 1
    with entered(cast["maya.manager"]):
        assert not Note.objects.filter(sharing="own").exists()


def test_there_is_a_referral_of_each_kind(cast: dict[str, Any]) -> None:
    with entered(cast["rachel.referrer"]):
        found = referrals_visible_to(actor(cast, "rachel.referrer"))
        fates = dict(found.values_list("matter__title", "status"))
    assert fates[referrals.DRAFT] == "draft" and fates[referrals.WAITING] == "sent"
    assert fates[referrals.DECLINED] == "declined" and "adopted" in fates.values()
    with entered(cast["priya.partner"]):
        assert referrals_visible_to(actor(cast, "priya.partner")).get().status == "asked"
