"""Adopting a referral: whom the page offers first, on what they see the case, and what is kept from the referral."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from saferhub.casework.models import Case, DecisionKind, Referral
from saferhub.casework.operations.cases_closing import close_case, reopen_case
from saferhub.casework.operations.cases_deciding import adopt
from saferhub.casework.operations.cases_life import lead_unit_follows
from saferhub.casework.operations.keeping import keep_band
from saferhub.casework.queries.cases import blockers, first_review
from saferhub.casework.queries.cases_offered import from_referral_block, referral_lines
from saferhub.casework.queries.cases_sharing import Candidates, candidates
from saferhub.casework.queries.cases_timeline import moment, timeline
from saferhub.casework.queries.cases_work import review_items
from saferhub.casework.queries.referral_page import where_it_stands
from saferhub.casework.rules.cases_deciding import adopted_words, first_words
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Interest
from tests.builders.casework import a_case, actor, share_with, unit_of
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def referral(cast: Cast) -> Referral:
    return a_referral(cast)


def offered(cast: Cast, referral: Referral) -> Candidates:
    with entered(cast["colin.coordinator"]):
        return candidates(
            actor(cast, "colin.coordinator"),
            purpose="reduce_asb",
            hub=Hub.objects.get(pk=referral.hub_id),
            referred_by=unit_of(cast, "rachel.referrer"),
        )


def adopted(cast: Cast, referral: Referral, **more: Any) -> Case:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        given: dict[str, Any] = {
            "title": "Noise at night",
            "why": "It goes on.",
            "wanted": "",
            "grounds": ["complex_unresolved"],
            "declared": True,
            "lead_unit": unit_of(cast, "rachel.referrer"),
            "lead": cast["rachel.referrer"],
            "shares": [share_with(cast, "rachel.referrer", "hubs_2018", "crime_and_disorder")],
            "restricted": False,
            "reason": "Three agencies have tried; the mother is known to two of them.",
            "told": "The hub has looked at it.",
        }
        return adopt(referral_id=referral.matter.public_id, by=colin, on=colin.on, **{**given, **more})


def banded(cast: Cast, band: str) -> Case:
    case = a_case(cast)
    with entered(cast["colin.coordinator"]):
        keep_band(case, band=band, score=30, on=case.adopted_on, review_on=None)
    return case


def close(cast: Cast, case: Case, **more: Any) -> Case:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        given: dict[str, Any] = {"overridden": [], "override_reason": "", **more}
        return close_case(case_id=case.matter.public_id, outcome="resolved", reason="It is quiet.", learning="",
                          told="", by=colin, on=colin.on, **given)  # fmt: skip


def test_the_referrer_and_the_hubs_own_agencies_are_offered_before_all_others(
    cast: Cast, referral: Referral
) -> None:
    found = offered(cast, referral)
    for groups in (found.leads(), found.contributors()):
        names = [name for name, _ in groups]
        assert names[0] == "Referred it: Selby District Council"
        elsewhere = [name.startswith("Elsewhere: ") for name in names]
        assert elsewhere == sorted(elsewhere) and any(elsewhere)
        assert names.index("North Yorkshire Police") < names.index("Elsewhere: Scarborough Borough Council")
    first = [code for code, _ in found.leads()[0][1]]
    assert f"person:{cast['rachel.referrer'].public_id}" in first


def test_each_unit_is_offered_once_and_sees_it_on_the_hubs_own_agreement(
    cast: Cast, referral: Referral
) -> None:
    found = offered(cast, referral)
    codes = [code for _, group in found.contributors() for code, _ in group]
    assert len(codes) == len(set(codes))
    police = Unit.objects.filter(agency__code="north_yorkshire_police").first()
    for unit, agreement, gateway in (
        (police, "hubs_2018", "crime_and_disorder"),
        (unit_of(cast, "rachel.referrer"), "hubs_2018", "crime_and_disorder"),
        (unit_of(cast, "victor.voluntary"), "victim_support_2018", "victims_services"),
    ):
        assert unit is not None
        chosen = found.contributor(unit.public_id)
        assert chosen is not None
        assert (chosen[1].agreement.code, chosen[1].gateway) == (agreement, gateway)


def test_a_case_that_nobody_has_scored_has_a_day_on_which_it_is_looked_at_first(
    cast: Cast, referral: Referral
) -> None:
    case = adopted(cast, referral)
    with entered(cast["colin.coordinator"]):
        found = Case.objects.get(pk=case.pk)
        assert found.review_on is not None and found.review_on > found.adopted_on
        assert found.review_on == first_review(found.partnership, found.adopted_on)


def test_a_case_opened_again_without_a_day_is_looked_at_all_the_same(cast: Cast) -> None:
    case = close(cast, a_case(cast))
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        again = reopen_case(
            case_id=case.matter.public_id, reason="It goes on.", review_on=None, by=colin, on=colin.on
        )
        assert again.review_on == first_review(again.partnership, colin.on)


@pytest.mark.parametrize("band", ["high", "very_high"])
def test_a_case_whose_risk_stands_high_closes_only_with_a_reason(band: str, cast: Cast) -> None:
    case = banded(cast, band)
    with pytest.raises(Refusal, check=lambda refusal: refusal.code == "blocked"):
        close(cast, case)
    closed = close(cast, case, overridden=["high_band"], override_reason="They have moved to another county.")
    assert (closed.status, closed.overridden) == ("closed", ["high_band"])


def test_a_case_whose_risk_is_low_closes_without_one(cast: Cast) -> None:
    case = banded(cast, "low")
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        assert "high_band" not in {one.code for one in blockers(colin, case, colin.on)}


# --- What the referrer is told, and what the case keeps of the referral ---------------------------------------


@pytest.mark.parametrize(
    ("leads", "contributes", "says"),
    [(True, True, "leads it"), (False, True, "contributes to it"), (False, False, "get in touch")],
)
def test_the_referrer_is_told_what_the_adoption_means_for_her_unit(
    leads: bool, contributes: bool, says: str
) -> None:
    told = first_words(DecisionKind.ADOPT, hub="Selby hub")
    assert says in adopted_words(told, hub="Selby hub", leads=leads, contributes=contributes)
    own = "We have taken it on. Ring Colin."
    assert adopted_words(own, hub="Selby hub", leads=leads, contributes=contributes) == own


def test_the_page_of_the_referral_leads_whoever_sees_the_case_to_it(
    cast: Cast, referral: Referral, client_for: Any
) -> None:
    case = adopted(cast, referral)
    text = client_for("rachel.referrer").get(reverse("referral", args=[referral.matter.public_id])).content
    assert f"{case.matter.reference} {case.matter.title}" in text.decode()
    assert "you see that case" in text.decode() and "if your agency is asked" not in text.decode()
    referral.status = "adopted"
    assert "if your agency is asked" in where_it_stands(referral)


def test_what_the_referral_says_of_children_and_urgency_is_offered_to_the_case(cast: Cast) -> None:
    referral = a_referral(
        cast,
        words={
            "urgent": True,
            "urgent_why": "A gas meter stands beside the bins.",
            "children": "yes",
            "children_words": "Two boys of about 11",
            "wishes": "She wants to sleep.",
        },
    )
    lines = referral_lines(referral)
    for said in ("Urgent: A gas meter stands", "Children: Yes. Two boys of about 11", "She wants to sleep."):
        assert said in lines


def test_a_contributor_reads_what_came_from_the_referral_and_finds_no_way_to_it(
    cast: Cast, referral: Referral
) -> None:
    shares = [share_with(cast, "victor.voluntary", "victim_support_2018", "victims_services"),
              share_with(cast, "rachel.referrer", "hubs_2018", "crime_and_disorder")]  # fmt: skip
    case = adopted(cast, referral, shares=shares, from_referral="Children: two boys of about 11")
    for username, sees in (("victor.voluntary", False), ("rachel.referrer", True)):
        with entered(cast[username]):
            who = actor(cast, username)
            block = from_referral_block(who, case)
            assert block is not None
            assert block.context["words"] == "Children: two boys of about 11"
            assert (block.context["referral"] is not None) is sees
            assert "From the referral" in [one.title for one in timeline(who, case)]


def test_real_time_and_business_time_of_one_instant_are_one_moment_of_the_day() -> None:
    """The business day lies in summer, the real one in winter: the hour on the wall differs by one."""
    real = datetime(2026, 11, 23, 4, 15, tzinfo=UTC)
    business = datetime(2018, 8, 28, 4, 15, tzinfo=UTC)
    assert moment(date(2018, 8, 28), real) == business
    assert moment(date(2026, 11, 23), real) == real


# --- Who leads it -----------------------------------------------------------------------------------------------


def test_the_lead_stays_with_an_agency_as_a_whole_whose_people_work_in_its_units(cast: Cast) -> None:
    below = unit_of(cast, "victor.voluntary")
    whole = Unit.objects.get(agency=below.agency, parent__isnull=True)
    share = replace(
        share_with(cast, "victor.voluntary", "victim_support_2018", "victims_services"), unit=whole
    )
    case = a_case(cast, lead_unit=whole, shares=[share])
    with entered(cast["colin.coordinator"]):
        # Nobody of it is at work today.
        cast["victor.voluntary"].status, cast["victor.voluntary"].left_on = "left", case.adopted_on
        cast["victor.voluntary"].save()
        lead_unit_follows(case.matter, actor(cast, "colin.coordinator"), "Somebody else has lost sight.")
        assert Case.objects.get(pk=case.pk).lead_unit == whole
        Interest.objects.filter(folder=case.folder_id, unit=whole).update(valid_until=clock.now())
        lead_unit_follows(case.matter, actor(cast, "colin.coordinator"), "It has lost sight.")
        assert Case.objects.get(pk=case.pk).lead_unit == case.unit


# --- Your work ------------------------------------------------------------------------------------------------


def waiting(cast: Cast, username: str) -> list[str]:
    with entered(cast[username]):
        return [one.kind for one in review_items(actor(cast, username))]


def test_being_made_lead_by_an_adoption_waits_until_the_case_is_opened(
    cast: Cast, referral: Referral, client_for: Any
) -> None:
    case = adopted(cast, referral)
    assert "handed" in waiting(cast, "rachel.referrer")
    assert "handed" not in waiting(cast, "colin.coordinator")
    client_for("colin.coordinator").get(reverse("case", args=[case.matter.public_id]))
    assert "handed" in waiting(cast, "rachel.referrer")
    client_for("rachel.referrer").get(reverse("case", args=[case.matter.public_id]))
    assert "handed" not in waiting(cast, "rachel.referrer")


def test_a_case_she_leads_in_which_nothing_has_a_day_waits_in_her_work(
    cast: Cast, referral: Referral, client_for: Any
) -> None:
    case = adopted(cast, referral)
    assert "no_day" not in waiting(cast, "rachel.referrer")
    with entered(cast["colin.coordinator"]):
        Case.objects.filter(pk=case.pk).update(review_on=None)
    assert "no_day" not in waiting(cast, "rachel.referrer"), "one row: that she was made to lead it"
    client_for("rachel.referrer").get(reverse("case", args=[case.matter.public_id]))
    assert "no_day" in waiting(cast, "rachel.referrer")
    assert "no_day" not in waiting(cast, "colin.coordinator")


def test_the_decider_reads_what_is_happening_to_which_children_and_why_it_is_urgent(
    cast: Cast, client_for: Any
) -> None:
    referral = a_referral(
        cast,
        words={
            "urgent": True,
            "urgent_why": "A gas meter stands beside the bins.",
            "children": "yes",
            "children_words": "Two boys of about 11",
            "happened": "Bins burn every Friday.",
        },
    )
    page = client_for("colin.coordinator").get(reverse("referral-decide", args=[referral.matter.public_id]))
    for said in (
        "A gas meter stands",
        "Children affected",
        "Two boys of about 11",
        "Bins burn every Friday.",
    ):
        assert said in page.content.decode()
