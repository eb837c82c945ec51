"""Scores that are kept: who may, what follows for the case, what old scores keep; forms in versions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.casework.access import parts_readable_by
from saferhub.casework.access import scoring as access
from saferhub.casework.models import (
    Assessment,
    Case,
    Instrument,
    InstrumentVersion,
    PromptAnswer,
    VersionStatus,
)
from saferhub.casework.operations import scoring as operations
from saferhub.casework.operations import scoring_forms as forms
from saferhub.casework.operations.cases_deciding import attach
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.queries import scoring_places as places
from saferhub.casework.rules.scoring import DONT_KNOW, score
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.builders.casework_scores import (
    LIST,
    MATRIX,
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
MAYA, COLIN, RACHEL = "maya.manager", "colin.coordinator", "rachel.referrer"


def fresh(cast: dict[str, Any], case: Case) -> Case:
    with entered(cast[COLIN]):
        return Case.objects.get(pk=case.pk)


# --- Scoring a case ---------------------------------------------------------------------------------------


def test_a_score_gives_the_case_its_band_its_score_and_the_review_of_that_band(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    made = a_score(cast, case)
    after = fresh(cast, case)
    assert (made.score, made.band, made.is_complete) == (16, "medium", True)
    assert (after.band, after.score, after.banded_on) == ("medium", 16, made.on)
    assert after.review_on == made.on + timedelta(days=28)
    [entry] = Entry.objects.filter(event="score.recorded", subject=case.matter.public_id)
    assert "medium" not in str(entry.codes)


def test_the_judged_band_counts_everywhere(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    made = a_score(cast, case, judged="high", judged_why="Her door was broken on Saturday.")
    after = fresh(cast, case)
    assert (made.band, made.judged_band, made.standing_band) == ("medium", "high", "high")
    assert (after.band, after.score, after.review_on) == ("high", 16, made.on + timedelta(days=14))


def test_an_incomplete_score_never_makes_a_case_low(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    version = in_use(cast)
    answers = lowest(version)
    del answers["health"]
    made = a_score(cast, case, answers)
    assert (made.is_complete, made.band, fresh(cast, case).band) == (False, "", "")
    a_score(cast, case, high(version))
    a_score(cast, case, answers)
    assert fresh(cast, case).band == "high"


def test_a_score_of_one_person_raises_the_band_of_the_case_and_never_lowers_it(cast: dict[str, Any]) -> None:
    from saferhub.people.models import Person
    from tests.builders.casework_notes import a_victim

    case = a_case(cast)
    a_victim(cast, case)
    with entered(cast[COLIN]):
        person = Person.objects.order_by("-id")[0]
    a_score(cast, case)
    form = in_use(cast, LIST)
    more: dict[str, Any] = {
        "trained": True,
        "with_victim_alone": True,
        "person": person.public_id,
        "code": LIST,
    }
    made = a_score(cast, case, lowest(form), **more)
    assert (made.person_id, made.band, fresh(cast, case).band) == (person.pk, "standard", "medium")
    a_score(cast, case, high(form), **more)
    assert fresh(cast, case).band == "high"


def test_a_later_form_of_another_kind_raises_the_band_and_never_lowers_it(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    a_score(cast, case, high(in_use(cast)))
    listed: dict[str, Any] = {"code": LIST, "trained": True, "with_victim_alone": True}
    a_score(cast, case, lowest(in_use(cast, LIST)), **listed)
    assert (fresh(cast, case).band, fresh(cast, case).score) == ("high", 41)
    a_score(cast, case)
    assert (fresh(cast, case).band, fresh(cast, case).score) == ("medium", 16)
    a_score(cast, case, high(in_use(cast, LIST)), **listed)
    a_score(cast, case)
    assert fresh(cast, case).band == "high"
    a_score(cast, case, lowest(in_use(cast, LIST)), **listed)
    assert (fresh(cast, case).band, fresh(cast, case).score) == ("medium", 16)


@pytest.mark.parametrize(("referral_is", "band"), [("graver", "high"), ("lower", "medium")])
def test_of_a_referral_that_is_added_to_a_case_the_graver_band_stands(
    cast: dict[str, Any], referral_is: str, band: str
) -> None:
    case = a_case(cast)
    a_score(cast, case)
    before = fresh(cast, case).review_on
    referral = a_referral(cast)
    version = in_use(cast)
    made = a_referral_score(cast, referral, (high if referral_is == "graver" else lowest)(version))
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        attach(
            referral_id=referral.matter.public_id,
            case_id=case.matter.public_id,
            reason="The same flat.",
            told="It is added to what we do there.",
            by=colin,
            on=colin.on,
        )
    after = fresh(cast, case)
    assert after.band == band
    assert after.review_on == (made.on + timedelta(days=14) if referral_is == "graver" else before)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"judged": "standard", "judged_why": "It is calm."}, "cannot_lower"),
        ({"judged": "high"}, "why_missing"),
        ({"person": "nobodyatall00000"}, "person_unknown"),
    ],
)
def test_a_score_that_does_not_hold_is_refused_and_nothing_is_kept(
    cast: dict[str, Any], given: dict[str, Any], code: str
) -> None:
    case = a_case(cast)
    with pytest.raises(Refusal) as refused:
        a_score(cast, case, **given)
    assert refused.value.code == code
    with entered(cast[COLIN]):
        assert not Assessment.objects.filter(matter=case.matter).exists()
    assert fresh(cast, case).band == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "not_trained"),
        ({"trained": True}, "alone_missing"),
        ({"trained": True, "with_victim_alone": False}, "not_alone_why"),
    ],
)
def test_the_list_is_completed_by_somebody_trained_and_says_whether_the_victim_was_alone(
    cast: dict[str, Any], given: dict[str, Any], code: str
) -> None:
    case = a_case(cast)
    with pytest.raises(Refusal) as refused:
        a_score(cast, case, lowest(in_use(cast, LIST)), code=LIST, **given)
    assert refused.value.code == code


def test_when_the_entry_cannot_be_written_the_score_is_gone_too(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(cast)

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(operations.audit, "record", fails)
    with pytest.raises(RuntimeError):
        a_score(cast, case)
    with entered(cast[COLIN]):
        assert not Assessment.objects.filter(matter=case.matter).exists()
    assert fresh(cast, case).band == ""


def test_contributors_score_and_others_do_not_find_the_case(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    a_score(cast, case, username="victor.voluntary")
    with pytest.raises(Http404):
        a_score(cast, case, username="nadia.neighbour")


# --- Referrals ------------------------------------------------------------------------------------------


def test_the_hubs_score_of_a_referral_is_not_seen_by_the_referrer(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    made = a_referral_score(cast, referral)
    seen = set()
    for username, user in cast.items():
        with entered(user):
            if parts_readable_by(actor(cast, username), Assessment).filter(pk=made.pk).exists():
                seen.add(username)
    assert seen == {COLIN, MAYA, "chris.chair", "mina.minutes"}


@pytest.mark.parametrize("username", [RACHEL, "chris.chair"])
def test_only_who_decides_for_the_hub_scores_a_referral(cast: dict[str, Any], username: str) -> None:
    referral = a_referral(cast)
    version = in_use(cast)
    with entered(cast[username]):
        who = actor(cast, username)
        with pytest.raises(NotAllowed):
            operations.score_referral(
                referral_id=referral.matter.public_id,
                version_id=version.public_id,
                given=operations.Scoring(answers=medium(version)),
                by=who,
                on=who.on,
            )


def test_a_case_begins_with_the_band_that_its_referral_was_scored(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    made = a_referral_score(cast, referral, judged="high", judged_why="She is afraid to go home.")
    with entered(cast[COLIN]):
        referral.refresh_from_db()
    case = fresh(cast, a_case(cast, referral=referral))
    assert (case.band, case.score, case.banded_on) == ("high", 16, made.on)
    with entered(cast["victor.voluntary"]):
        victor = actor(cast, "victor.voluntary")
        assert parts_readable_by(victor, Assessment).filter(pk=made.pk).exists()


# --- Prompts ----------------------------------------------------------------------------------------------


def _prompting(cast: dict[str, Any], case: Case) -> Assessment:
    answers = lowest(in_use(cast, LIST)) | {"strangulation": "yes"}
    return a_score(cast, case, answers, code=LIST, trained=True, with_victim_alone=True)


def _answer(cast: dict[str, Any], made: Assessment, username: str = RACHEL, **given: Any) -> PromptAnswer:
    with entered(cast[username]):
        who = actor(cast, username)
        return operations.answer_prompt(
            assessment_id=made.public_id,
            **({"prompt": "strangulation", "outcome": "done", "words": "Spoke to the lead."} | given),
            by=who,
            on=who.on,
        )


def test_a_prompt_waits_in_your_work_until_somebody_says_what_was_decided(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    made = _prompting(cast, case)
    assert made.prompts == ["strangulation"]

    def waits(username: str) -> list[str]:
        with entered(cast[username]):
            return [one.title for one in places.work_items(actor(cast, username)) if one.kind == "prompt"]

    assert [len(waits(name)) for name in (RACHEL, COLIN, "victor.voluntary")] == [1, 1, 0]
    _answer(cast, made)
    assert waits(RACHEL) == waits(COLIN) == []
    assert Entry.objects.filter(event="score.prompt_answered", subject=made.public_id).count() == 1


def _prompts_in_work(cast: dict[str, Any], username: str = COLIN) -> list[Any]:
    with entered(cast[username]):
        return [one for one in places.work_items(actor(cast, username)) if one.kind == "prompt"]


def test_what_a_closed_case_prompted_is_in_nobodys_work(cast: dict[str, Any]) -> None:
    from saferhub.sharing.models import Matter, MatterStatus

    case = a_case(cast)
    _prompting(cast, case)
    assert len(_prompts_in_work(cast)) == 1
    with entered(cast[COLIN]):
        day = actor(cast, COLIN).on
        Matter.objects.filter(pk=case.matter_id).update(status=MatterStatus.CLOSED, closed_on=day)
    assert _prompts_in_work(cast) == []


@pytest.mark.parametrize(("days", "waiting"), [(0, 1), (28, 1), (29, 0), (1037, 0)])
def test_a_prompt_is_due_when_its_clock_runs_out_and_then_leaves_your_work(
    cast: dict[str, Any], days: int, waiting: int
) -> None:
    made = _prompting(cast, a_case(cast))
    day = made.on - timedelta(days=days)
    with entered(cast[COLIN]):
        Assessment.objects.filter(pk=made.pk).update(on=day)
    found = _prompts_in_work(cast)
    assert [one.due_on for one in found] == [day + timedelta(days=28)] * waiting


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"prompt": "marac"}, "no_prompt"),
        ({"outcome": "perhaps"}, "outcome_missing"),
        ({"words": "  "}, "words_missing"),
    ],
)
def test_an_answer_to_a_prompt_says_what_was_decided(
    cast: dict[str, Any], given: dict[str, Any], code: str
) -> None:
    made = _prompting(cast, a_case(cast))
    with pytest.raises(Refusal) as refused:
        _answer(cast, made, **given)
    assert refused.value.code == code


def test_a_prompt_is_answered_once(cast: dict[str, Any]) -> None:
    made = _prompting(cast, a_case(cast))
    _answer(cast, made)
    with pytest.raises(Refusal) as refused:
        _answer(cast, made, username=COLIN)
    assert refused.value.code == "answered"


def test_a_case_without_a_score_waits_for_its_co_ordinator_from_three_days_before_the_tenth_working_day(
    cast: dict[str, Any],
) -> None:
    case = a_case(cast)

    def waits(days: int) -> list[date | None]:
        with entered(cast[COLIN]):
            colin = actor(cast, COLIN)
            Case.objects.filter(pk=case.pk).update(adopted_on=colin.on - timedelta(days=days))
            found = [one for one in places.work_items(colin) if one.kind == "unscored"]
            return [one.due_on for one in found if one.reference == case.matter.reference]

    assert waits(0) == []
    assert len(waits(14)) == 1
    a_score(cast, case)
    assert waits(14) == []


# --- Forms in versions ------------------------------------------------------------------------------------


def _draft(cast: dict[str, Any], code: str = MATRIX) -> InstrumentVersion:
    with entered(cast[MAYA]):
        return forms.draft_from(version_id=in_use(cast, code).public_id, by=actor(cast, MAYA))


def _change(
    cast: dict[str, Any], draft: InstrumentVersion, seen: int = 0, **changes: Any
) -> InstrumentVersion:
    with entered(cast[MAYA]):
        return forms.change_draft(
            version_id=draft.public_id,
            changes=changes,
            seen=seen or draft.version,
            by=actor(cast, MAYA),
        )


def _publish(cast: dict[str, Any], draft: InstrumentVersion, **given: Any) -> InstrumentVersion:
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        values = {"effective_from": maya.on, "note": "Worded anew."} | given
        return forms.publish(
            version_id=draft.public_id,
            effective_from=values["effective_from"],
            note=values["note"],
            seen=draft.version,
            by=maya,
            on=maya.on,
        )


def test_the_demonstration_uses_the_four_forms_of_the_pack(cast: dict[str, Any]) -> None:
    maya = actor(cast, MAYA)
    found = {one.instrument.code: one.reconstruction for one in access.versions_in_use(maya, maya.on)}
    assert found == {
        "asb_matrix": True,
        "domestic_abuse_24": True,
        "exploitation_tool": True,
        "domestic_abuse_checklist": True,
    }


def test_an_old_score_keeps_its_version_and_means_what_it_meant(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    before = in_use(cast)
    made = a_score(cast, case)
    draft = _draft(cast)
    bands = [band.model_dump(mode="json", exclude_none=True) for band in read(draft).bands]
    bands[0]["rules"][0]["at_most"], bands[1]["rules"][0]["at_least"] = 19, 20
    draft = _change(cast, draft, bands=bands)
    _publish(cast, draft)
    again = a_score(cast, case)
    assert (in_use(cast).number, again.band, again.instrument_version_id) == (2, "standard", draft.pk)
    with entered(cast[RACHEL]):
        old = Assessment.objects.select_related("instrument_version").get(pk=made.pk)
    assert (old.instrument_version_id, old.band, old.score) == (before.pk, "medium", 16)
    assert score(read(old.instrument_version), old.answers).band == "medium"


def test_a_version_counts_from_its_first_day(cast: dict[str, Any]) -> None:
    maya = actor(cast, MAYA)
    draft = _draft(cast)
    _publish(cast, draft, effective_from=maya.on + timedelta(days=7))
    numbers = []
    for days in (0, 6, 7, 30):
        found = access.version_in_use(maya, form_of(cast), maya.on + timedelta(days=days))
        numbers.append(found.number if found else 0)
    assert numbers == [1, 1, 2, 2]


def test_a_form_that_is_not_in_use_any_more_does_not_score(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    before = in_use(cast)
    _publish(cast, _draft(cast))
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        with pytest.raises(Conflict) as refused:
            operations.score_case(
                case_id=case.matter.public_id,
                version_id=before.public_id,
                given=operations.Scoring(answers=medium(before)),
                by=rachel,
                on=rachel.on,
            )
    assert refused.value.code == "newer_version"


def test_a_published_version_cannot_be_changed(cast: dict[str, Any]) -> None:
    draft = _publish(cast, _draft(cast))
    with pytest.raises(Refusal) as refused:
        _change(cast, draft, name="Another")
    assert refused.value.code == "not_a_draft"


def test_a_second_window_does_not_overwrite_a_draft(cast: dict[str, Any]) -> None:
    draft = _draft(cast)
    seen = draft.version
    _change(cast, draft, name="First")
    with pytest.raises(Conflict):
        _change(cast, draft, seen=seen, name="Second")


@pytest.mark.parametrize(
    ("changes", "given", "code"),
    [
        ({"most": 12}, {}, "does_not_fit"),
        ({}, {"note": " "}, "note_missing"),
        ({}, {"effective_from": date(2018, 1, 1)}, "in_the_past"),
    ],
)
def test_a_draft_that_is_not_ready_is_not_published(
    cast: dict[str, Any], changes: dict[str, Any], given: dict[str, Any], code: str
) -> None:
    draft = _draft(cast)
    if changes:
        draft = _change(cast, draft, **changes)
    with pytest.raises(Refusal) as refused:
        _publish(cast, draft, **given)
    assert refused.value.code == code
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


@pytest.mark.parametrize("code", [MATRIX, LIST])
def test_outside_demonstration_a_reconstruction_is_not_published_until_it_is_reworded(
    cast: dict[str, Any], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "is_demonstration", lambda: False)
    draft = _draft(cast, code)
    with pytest.raises(Refusal) as refused:
        _publish(cast, draft)
    assert refused.value.code == "not_your_form"
    with entered(cast[MAYA]), pytest.raises(Refusal) as refused:
        forms.call_own(version_id=draft.public_id, wording="Ours.", seen=draft.version, by=actor(cast, MAYA))
    assert refused.value.code in {"still_topics", "still_reconstruction"}
    questions = [one.model_dump(mode="json", exclude_none=True) for one in read(draft).questions]
    for one in questions:
        one["text"] = f"{one['text']} (in our words)"
    draft = _change(cast, draft, questions=questions)
    with entered(cast[MAYA]):
        draft = forms.call_own(
            version_id=draft.public_id,
            wording="Agreed on 1 May 2018.",
            seen=draft.version,
            by=actor(cast, MAYA),
        )
    assert _publish(cast, draft).reconstruction is False


def test_elsewhere_the_packs_forms_are_taken_as_drafts(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "is_demonstration", lambda: False)
    with entered(cast["olivia.outsider"]):
        olivia = actor(cast, "olivia.outsider")
        for one in Instrument.objects.filter(partnership=olivia.partnership):
            Instrument.objects.filter(pk=one.pk).update(code=f"before_{one.code}")
        taken = forms.take_from_pack(by=olivia, on=olivia.on)
        assert {one.status for one in taken} == {VersionStatus.DRAFT}
        assert len(taken) == 4
        assert forms.take_from_pack(by=olivia, on=olivia.on) == []
    assert Instrument.objects.filter(code=MATRIX).count() == 2


@pytest.mark.parametrize("username", [RACHEL, COLIN, "ada.admin"])
def test_only_the_manager_writes_forms(cast: dict[str, Any], username: str) -> None:
    version = in_use(cast)
    with entered(cast[username]), pytest.raises(NotAllowed):
        forms.draft_from(version_id=version.public_id, by=actor(cast, username))


def test_an_unknown_answer_is_kept_as_unknown(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    made = a_score(cast, case, medium(in_use(cast), health=DONT_KNOW))
    assert (made.answers["health"], made.score, made.most, made.band) == (DONT_KNOW, 16, 19, "medium")
