"""What a referral must say, what may still be written, and when its clock stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saferhub.casework.models import ReferralStatus, SubjectKind
from saferhub.casework.rules import referrals as rules
from saferhub.casework.rules.referrals import Written

FULL = Written(
    title="Noise",
    purpose="reduce_asb",
    subject_kind="individual",
    happened="Shouting",
    where="A stairwell",
    tried="Visits",
    asked_for="A plan",
    children="no",
    wishes="Peace",
    told="yes",
    subjects=1,
    harmed=1,
)


def test_a_full_referral_lacks_nothing() -> None:
    assert rules.missing(FULL) == []


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"subject_kind": ""}, ["subject_kind_missing"]),
        ({"title": " "}, ["title_missing"]),
        ({"purpose": ""}, ["purpose_missing"]),
        ({"subjects": 0}, ["person_missing"]),
        ({"unplaced": 1}, ["part_missing"]),
        ({"happened": "\n"}, ["happened_missing"]),
        ({"tried": ""}, ["tried_missing"]),
        ({"asked_for": ""}, ["asked_for_missing"]),
        ({"children": ""}, ["children_missing"]),
        ({"children": "perhaps"}, ["children_missing"]),
        ({"children": "yes"}, ["children_words_missing"]),
        ({"children": "yes", "children_words": "Two, aged 4 and 6"}, []),
        ({"children": "not_known"}, []),
        ({"wishes": ""}, ["wishes_missing"]),
        ({"wishes": "", "harmed": 0}, []),
        ({"told": ""}, ["told_missing"]),
        ({"told": "no"}, ["not_told_why_missing"]),
        ({"told": "no", "not_told_why": "She would be at risk."}, []),
        ({"urgent": True}, ["urgent_why_missing"]),
        ({"urgent": True, "urgent_why": "Threats"}, []),
        ({"urgent_why": "", "urgent": False}, []),
        ({"where": ""}, []),
    ],
)
def test_each_gap_is_named(changed: dict[str, object], codes: list[str]) -> None:
    assert [one.code for one in rules.missing(replace(FULL, **changed))] == codes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "needs_person", "needs_where"),
    [
        (SubjectKind.INDIVIDUAL, True, False),
        (SubjectKind.GROUP, False, False),
        (SubjectKind.THEME, False, False),
        (SubjectKind.LOCATION, False, True),
        (SubjectKind.PROPERTY, False, True),
        (SubjectKind.BUSINESS, False, True),
    ],
)
def test_only_a_referral_about_a_person_needs_one_and_only_a_place_needs_a_where(
    kind: SubjectKind, needs_person: bool, needs_where: bool
) -> None:
    empty = replace(FULL, subject_kind=kind, subjects=0, harmed=0, where="", wishes="", told="")
    codes = {one.code for one in rules.missing(empty)}
    assert codes == ({"person_missing"} if needs_person else set()) | (
        {"where_missing"} if needs_where else set()
    )
    assert not {one.code for one in rules.missing(replace(empty, places=1))} & {"where_missing"}


def test_every_gap_stands_on_a_step_that_asks_for_it() -> None:
    for one in rules.missing(
        Written(subject_kind="individual", unplaced=1, harmed=1, subjects=0, urgent=True)
    ):
        assert one.field in rules.FIELDS.get(one.step, ("people",))


def test_steps_are_done_when_nothing_is_missing_of_them() -> None:
    def done(written: Written) -> set[str]:
        return rules.steps_done(written, rules.missing(written))

    assert done(FULL) == {"kind", "people", "happening", "tried", "safety"}
    assert done(replace(FULL, children="yes")) == {"kind", "people", "happening", "tried"}
    begun = Written(title="Noise", purpose="reduce_asb", subject_kind="theme")
    assert done(begun) == {"kind"}


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_only_a_draft_is_written_freely(status: ReferralStatus) -> None:
    words = {"happened", "title"}
    assert (rules.writing_refusals(status, words) == []) == (status == ReferralStatus.DRAFT)
    assert (rules.writing_refusals(status, {"reply"}) == []) == (status == ReferralStatus.ASKED)
    waits = status in (ReferralStatus.DRAFT, ReferralStatus.SENT, ReferralStatus.ASKED)
    assert (rules.writing_refusals(status, words, from_outside=True) == []) == waits


def test_what_no_referral_says_is_refused() -> None:
    (refusal,) = rules.writing_refusals(ReferralStatus.DRAFT, {"status"})
    assert refusal.code == "unknown_field"
    (refusal,) = rules.writing_refusals(ReferralStatus.SENT, {"due_on"}, from_outside=True)
    assert refusal.code == "sent_already"


MON, TUE, WED, THU = (date(2018, 9, day) for day in (3, 4, 5, 6))


@pytest.mark.parametrize(
    ("moves", "spans"),
    [
        ([("draft", MON), ("sent", MON)], []),
        ([("sent", MON), ("asked", TUE)], [(TUE, None)]),
        ([("sent", MON), ("asked", TUE), ("sent", WED)], [(TUE, WED)]),
        ([("sent", MON), ("asked", TUE), ("sent", WED), ("asked", THU)], [(TUE, WED), (THU, None)]),
        ([("sent", MON), ("asked", TUE), ("declined", WED)], [(TUE, WED)]),
    ],
)
def test_the_clock_stands_still_from_the_question_to_the_answer(
    moves: list[tuple[str, date]], spans: list[tuple[date, date | None]]
) -> None:
    assert [(one.from_, one.until) for one in rules.pauses(moves)] == spans


def test_an_urgent_referral_has_a_clock_of_its_own() -> None:
    assert rules.clock_id(urgent=True) == "urgent_referral_decision"
    assert rules.clock_id(urgent=False) == "referral_decision"


def test_a_page_offers_each_gateway_once_and_the_hubs_own_agreement_first() -> None:
    from saferhub.casework.queries.referral_ground import Rests, on_offer
    from saferhub.sharing.models import Agreement

    single, hubs = Agreement(code="single"), Agreement(code="hubs", opens_hubs=True)
    found = [Rests("a", "A", "", single), Rests("a", "A", "", hubs), Rests("b", "B", "", single)]
    assert [(one.gateway, one.agreement.code) for one in on_offer(found) if one.agreement] == [
        ("a", "hubs"),
        ("b", "single"),
    ]
