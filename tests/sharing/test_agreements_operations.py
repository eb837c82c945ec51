"""Operations on agreements: outcome, entry in the record, refusal, and that nothing half done stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import Http404

from saferhub.accounts.models import Status, User
from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.access import actor_for
from saferhub.sharing.models import Agreement, AgreementParty, AgreementStatus
from saferhub.sharing.operations import agreements as operations
from saferhub.sharing.operations import agreements_text as texts
from saferhub.sharing.operations import agreements_told
from saferhub.sharing.queries.agreements import work_items
from saferhub.sharing.queries.agreements_terms import terms_of
from saferhub.sharing.rules.agreements import Terms

from .agreements_world import agreement, make

TERMS = Terms(
    title="Trial agreement",
    parties=("north_yorkshire_police", "selby_district_council"),
    every_hub=True,
    purposes=("reduce_asb",),
    gateways=("crime_and_disorder",),
    lawful_bases=("public_task",),
    data_items=("identity",),
    necessity="It is needed.",
    security="It is kept safe.",
    retention="It is kept for a year.",
    rights="They are met.",
    breach="It is told at once.",
    first_day=date(2018, 8, 1),
    review_on=date(2019, 8, 1),
)


@pytest.fixture
def keeper(cast):
    return actor_for(cast["ian.governance"])


def _events(subject, *names):
    return list(
        Entry.objects.filter(subject=subject.public_id, event__in=names)
        .order_by("id")
        .values_list("event", flat=True)
    )


def _draft(keeper, **changes):
    return texts.write_draft(terms=replace(TERMS, **changes), by=keeper, on=keeper.on)


def _sign_all(found, keeper):
    for party in found.parties.all():
        operations.record_signature(
            agreement_id=found.public_id, party_id=party.public_id, post="Chief Executive",
            day=keeper.on, by=keeper, on=keeper.on,
        )  # fmt: skip


def _in_force(keeper, **changes):
    found = _draft(keeper, **changes)
    _sign_all(found, keeper)
    return operations.put_in_force(agreement_id=found.public_id, by=keeper, on=keeper.on)


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_says_what_was_written_and_carries_nothing(keeper):
    found = _draft(keeper)
    assert terms_of(found) == TERMS
    assert found.status == AgreementStatus.DRAFT
    assert _events(found, "agreement.drafted") == ["agreement.drafted"]
    assert [(m.from_status, m.to_status) for m in found.moves.all()] == [("", "draft")]


def test_two_drafts_of_one_title_have_codes_of_their_own(keeper):
    assert {_draft(keeper).code, _draft(keeper).code} == {"trial_agreement", "trial_agreement_2"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "  "}, "title_missing"),
        ({"last_day": date(2018, 7, 31)}, "last_before_first"),
        ({"review_on": date(2018, 7, 31)}, "review_before_first"),
        ({"purposes": ("no_such_purpose",)}, "unknown_code"),
        ({"parties": ("wealdshire_council",)}, "unknown_code"),
        ({"every_hub": False, "hubs": ("alderbridge",)}, "unknown_code"),
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused(keeper, changes, code):
    with pytest.raises(Refusal) as refused:
        _draft(keeper, **changes)
    assert refused.value.code == code
    assert not Agreement.objects.filter(title__startswith="Trial").exists()


def test_editing_changes_the_words_and_takes_the_signatures_away(keeper):
    found = _draft(keeper)
    _sign_all(found, keeper)
    changed = replace(TERMS, parties=("north_yorkshire_police", "schools"), necessity="Needed still more.")
    texts.edit_draft(agreement_id=found.public_id, terms=changed, seen=1, by=keeper, on=keeper.on)
    found.refresh_from_db()
    assert terms_of(found) == changed
    assert found.version == 2
    assert not found.parties.filter(signed_on__isnull=False).exists()
    entry = Entry.objects.get(subject=found.public_id, event="agreement.edited")
    assert entry.codes["fields"] == ["parties", "necessity"]
    assert entry.codes["signatures_removed"] == 2
    assert "Needed" not in str(entry.codes)


def test_an_edit_that_changes_nothing_keeps_the_signatures(keeper):
    found = _draft(keeper)
    _sign_all(found, keeper)
    texts.edit_draft(agreement_id=found.public_id, terms=TERMS, seen=1, by=keeper, on=keeper.on)
    assert found.parties.filter(signed_on__isnull=False).count() == 2


def test_the_second_of_two_editors_overwrites_nothing(keeper):
    found = _draft(keeper)
    texts.edit_draft(
        agreement_id=found.public_id, terms=replace(TERMS, about="First"), seen=1, by=keeper, on=keeper.on
    )
    with pytest.raises(Conflict):
        texts.edit_draft(
            agreement_id=found.public_id,
            terms=replace(TERMS, about="Second"),
            seen=1,
            by=keeper,
            on=keeper.on,
        )
    found.refresh_from_db()
    assert found.about == "First"


def test_once_in_force_what_it_says_is_fixed(keeper):
    found = _in_force(keeper)
    with pytest.raises(Refusal) as refused:
        texts.edit_draft(
            agreement_id=found.public_id, terms=replace(TERMS, about="Other"), seen=1, by=keeper, on=keeper.on
        )
    assert refused.value.code == "fixed"


def test_what_the_pack_holds_is_taken_once(keeper):
    with pytest.raises(Refusal) as refused:
        texts.take_from_pack(code="hubs_2018", by=keeper, on=keeper.on)
    assert refused.value.code == "taken_already"
    with pytest.raises(Refusal) as refused:
        texts.take_from_pack(code="safer_wealdshire_2018", by=keeper, on=keeper.on)
    assert refused.value.code == "not_in_pack"


def test_the_demonstrations_agreements_say_what_the_packs_say(world):
    found = {one.code: one for one in Agreement.objects.all()}
    assert sorted(found) == [
        "hubs_2018",
        "mental_health_2018",
        "safer_wealdshire_2018",
        "victim_support_2018",
    ]
    for one in found.values():
        assert one.status == AgreementStatus.IN_FORCE
        assert one.from_pack is not None
        assert not one.parties.filter(signed_on__isnull=True).exists()
    assert found["hubs_2018"].opens_hubs
    assert not found["mental_health_2018"].opens_hubs
    assert found["safer_wealdshire_2018"].opens_hubs


def test_replacing_copies_the_words_and_neither_days_nor_signatures(keeper):
    old = agreement("victim_support_2018")
    new = texts.replace(agreement_id=old.public_id, by=keeper, on=keeper.on)
    assert new.replaces == old
    assert replace(terms_of(new), first_day=None) == replace(
        terms_of(old), first_day=None, last_day=None, review_on=None
    )
    assert not new.parties.filter(signed_on__isnull=False).exists()
    old.refresh_from_db()
    assert old.status == AgreementStatus.IN_FORCE
    with pytest.raises(Refusal) as refused:
        texts.replace(agreement_id=old.public_id, by=keeper, on=keeper.on)
    assert refused.value.code == "replaced_already"
    with pytest.raises(Refusal) as refused:
        texts.replace(agreement_id=new.public_id, by=keeper, on=keeper.on)
    assert refused.value.code == "is_draft"


# --- into force -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"purposes": ()}, "purpose"),
        ({"gateways": ()}, "gateway"),
        ({"lawful_bases": ()}, "lawful basis"),
        ({"data_items": ()}, "data"),
        ({"every_hub": False}, "hub"),
        ({"necessity": " "}, "necessary"),
        ({"security": ""}, "safe"),
        ({"retention": ""}, "kept"),
        ({"rights": ""}, "rights"),
        ({"breach": ""}, "breach"),
        ({"first_day": None}, "first day"),
        ({"review_on": None}, "review"),
        ({"last_day": date(2018, 8, 2)}, "last day"),
    ],
)
def test_it_is_not_put_in_force_while_something_is_missing(keeper, changes, asked):
    found = _draft(keeper, **changes)
    _sign_all(found, keeper)
    with pytest.raises(NotAllowed) as refused:
        operations.put_in_force(agreement_id=found.public_id, by=keeper, on=keeper.on)
    assert len(refused.value.conditions) == 1
    assert asked in refused.value.conditions[0].asked
    found.refresh_from_db()
    assert found.status == AgreementStatus.DRAFT


def test_every_unmet_condition_is_said_at_once(keeper):
    found = texts.write_draft(terms=Terms(title="Empty"), by=keeper, on=keeper.on)
    with pytest.raises(NotAllowed) as refused:
        operations.put_in_force(agreement_id=found.public_id, by=keeper, on=keeper.on)
    assert len(refused.value.conditions) == 13


def test_one_signature_is_not_enough(keeper):
    found = _draft(keeper)
    party = found.parties.first()
    operations.record_signature(
        agreement_id=found.public_id,
        party_id=party.public_id,
        post="Chief",
        day=keeper.on,
        by=keeper,
        on=keeper.on,
    )
    with pytest.raises(NotAllowed) as refused:
        operations.put_in_force(agreement_id=found.public_id, by=keeper, on=keeper.on)
    assert [c.asked for c in refused.value.conditions] == ["At least two parties have signed"]


def test_through_its_whole_life_each_move_is_kept_and_recorded(keeper):
    found = _in_force(keeper)
    given = {"agreement_id": found.public_id, "by": keeper, "on": keeper.on}
    operations.suspend(reason="Looked into", **given)
    operations.resume(reason="Put right", **given)
    operations.end(reason="Over", **given)
    assert [(m.from_status, m.to_status, m.reason) for m in found.moves.all()] == [
        ("", "draft", ""),
        ("draft", "in_force", ""),
        ("in_force", "suspended", "Looked into"),
        ("suspended", "in_force", "Put right"),
        ("in_force", "ended", "Over"),
    ]
    names = [f"agreement.{word}" for word in ("put_in_force", "suspended", "resumed", "ended")]
    assert _events(found, *names) == names


ACTS = {
    "suspend": operations.suspend,
    "resume": operations.resume,
    "end": operations.end,
}
ILLEGAL = {
    "draft": ("suspend", "resume"),
    "in_force": ("resume",),
    "suspended": ("suspend",),
    "ended": ("suspend", "resume", "end"),
}


@pytest.mark.parametrize(("status", "act"), [(s, a) for s, acts in ILLEGAL.items() for a in acts])
def test_moves_that_the_lifecycle_lacks_are_refused(keeper, status, act):
    found = _draft(keeper) if status == "draft" else _in_force(keeper)
    given = {"agreement_id": found.public_id, "reason": "Because", "by": keeper, "on": keeper.on}
    if status == "suspended":
        operations.suspend(**given)
    if status == "ended":
        operations.end(**given)
    with pytest.raises(Refusal) as refused:
        ACTS[act](**given)
    assert refused.value.code == "illegal_move"
    found.refresh_from_db()
    assert found.status == status


@pytest.mark.parametrize("act", ["suspend", "end"])
def test_a_reason_is_needed(keeper, act):
    found = _in_force(keeper)
    with pytest.raises(Refusal) as refused:
        ACTS[act](agreement_id=found.public_id, reason=" ", by=keeper, on=keeper.on)
    assert refused.value.code == "reason_missing"


def test_one_that_has_expired_is_neither_suspended_nor_resumed(keeper):
    found = _in_force(keeper)
    Agreement.objects.filter(pk=found.pk).update(last_day=keeper.on - timedelta(days=1))
    with pytest.raises(Refusal) as refused:
        operations.suspend(agreement_id=found.public_id, reason="Because", by=keeper, on=keeper.on)
    assert refused.value.code == "has_expired"
    operations.end(agreement_id=found.public_id, reason="Over", by=keeper, on=keeper.on)


def test_if_the_record_cannot_be_written_the_agreement_stays_as_it_was(keeper, monkeypatch):
    found = _in_force(keeper)

    def fail(*args, **kwargs):
        raise RuntimeError("the record is shut")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        operations.suspend(agreement_id=found.public_id, reason="Because", by=keeper, on=keeper.on)
    found.refresh_from_db()
    assert found.status == AgreementStatus.IN_FORCE
    assert found.moves.count() == 2


# --- parties and reviews --------------------------------------------------------------------------


def test_a_party_may_sign_later_and_only_once(keeper):
    found = _draft(keeper, parties=(*TERMS.parties, "schools"))
    for party in found.parties.exclude(agency__code="schools"):
        operations.record_signature(
            agreement_id=found.public_id,
            party_id=party.public_id,
            post="Chief",
            day=keeper.on,
            by=keeper,
            on=keeper.on,
        )
    operations.put_in_force(agreement_id=found.public_id, by=keeper, on=keeper.on)
    late = found.parties.get(agency__code="schools")
    given = {
        "agreement_id": found.public_id,
        "party_id": late.public_id,
        "post": "Head",
        "by": keeper,
        "on": keeper.on,
    }
    with pytest.raises(Refusal) as refused:
        operations.record_signature(day=keeper.on + timedelta(days=1), **given)
    assert refused.value.code == "signed_in_future"
    operations.record_signature(day=keeper.on, **given)
    late.refresh_from_db()
    assert late.signed_post == "Head"
    with pytest.raises(Refusal) as refused:
        operations.record_signature(day=keeper.on, **given)
    assert refused.value.code == "signed_already"


def test_a_party_that_withdraws_does_not_come_back(keeper):
    found = _in_force(keeper)
    party = found.parties.first()
    given = {"agreement_id": found.public_id, "party_id": party.public_id, "by": keeper, "on": keeper.on}
    with pytest.raises(Refusal) as refused:
        operations.record_withdrawal(day=keeper.on - timedelta(days=1), reason="It left", **given)
    assert refused.value.code == "withdrawn_in_past"
    operations.record_withdrawal(day=keeper.on, reason="It left", **given)
    assert not AgreementParty.objects.filter(pk=party.pk).signed_on_day(keeper.on).exists()
    assert _events(found, "agreement.party_withdrew")
    for act, more in (
        (operations.record_withdrawal, {"day": keeper.on, "reason": "Again"}),
        (operations.record_signature, {"day": keeper.on, "post": "Chief"}),
    ):
        with pytest.raises(Refusal) as refused:
            act(**more, **given)
        assert refused.value.code == "withdrawn"


def test_a_review_sets_the_day_of_the_next(keeper):
    found = _in_force(keeper)
    given = {"agreement_id": found.public_id, "findings": "All well", "by": keeper, "on": keeper.on}
    for reviewed, next_one, code in (
        (keeper.on + timedelta(days=1), date(2020, 1, 1), "reviewed_in_future"),
        (keeper.on, keeper.on, "next_review_too_early"),
    ):
        with pytest.raises(Refusal) as refused:
            operations.record_review(reviewed_on=reviewed, next_review_on=next_one, **given)
        assert refused.value.code == code
    operations.record_review(reviewed_on=keeper.on, next_review_on=date(2020, 1, 1), **given)
    found.refresh_from_db()
    assert found.review_on == date(2020, 1, 1)
    assert _events(found, "agreement.reviewed")


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["rachel.referrer", "maya.manager", "colin.coordinator", "ada.admin"])
def test_colleagues_read_and_change_nothing(cast, username):
    by = actor_for(cast[username])
    found = agreement("hubs_2018")
    with pytest.raises(NotAllowed):
        operations.suspend(agreement_id=found.public_id, reason="Because", by=by, on=by.on)
    with pytest.raises(NotAllowed):
        texts.write_draft(terms=TERMS, by=by, on=by.on)
    with pytest.raises(NotAllowed):
        texts.replace(agreement_id=found.public_id, by=by, on=by.on)


def test_to_another_partnership_it_is_not_there(cast):
    by = actor_for(cast["olivia.outsider"])
    with pytest.raises(Http404):
        operations.suspend(agreement_id=agreement("hubs_2018").public_id, reason="Because", by=by, on=by.on)


# --- what waits, and who is told ------------------------------------------------------------------


def _why(keeper, found):
    return [item.why for item in work_items(keeper) if found.public_id in item.url]


def test_the_keeper_is_told_of_reviews_expiry_and_missing_signatures(keeper, cast):
    found = _in_force(keeper)
    assert _why(keeper, found) == []
    Agreement.objects.filter(pk=found.pk).update(
        review_on=keeper.on + timedelta(days=28), last_day=keeper.on + timedelta(days=30)
    )
    assert _why(keeper, found) == [
        "Its review is due",
        "It runs out within 30 days, and what rests on it with it",
    ]
    draft = _draft(keeper)
    assert _why(keeper, draft) == ["2 of 2 parties have not signed"]
    assert list(work_items(actor_for(cast["maya.manager"]))) == []


@pytest.fixture
def told(monkeypatch):
    """Mails to the deciders, without the steward's own connection, which a rolled-back world lacks."""
    sent = []
    monkeypatch.setattr(
        agreements_told.mail, "send", lambda subject, body, *, to: sent.append((subject, body, to))
    )
    return sent


def test_the_mail_names_the_agreement_and_nothing_of_the_matters(cast, told):
    from saferhub.sharing.entering import entered

    matters = make(cast)
    found = agreement("mental_health_2018")
    with entered(cast["maya.manager"]):  # in the steward's place: she sees these matters
        to = agreements_told.concerned(found, using="default")
        everywhere = agreements_told.concerned(agreement("hubs_2018"), using="default")
    assert {one.email for one in to} == {cast["colin.coordinator"].email, cast["maya.manager"].email}
    assert {one.email for one in everywhere} == {one.email for one in to}
    assert agreements_told.send(found, "suspended", to) == 2
    for subject, body, _ in told:
        assert subject == "Mental health and hubs agreement 2018 is suspended"
        for matter in matters:
            assert matter.reference not in body
            assert matter.title not in body
        assert "Partners lost" in body
    assert Entry.objects.filter(event="agreement.coordinators_told", subject=found.public_id).exists()


def test_an_agreement_that_nothing_rests_on_mails_nobody(keeper, told):
    found = _in_force(keeper)
    assert agreements_told.concerned(found, using="default") == []
    assert agreements_told.send(found, "ended", []) == 0
    assert told == []


def test_whoever_is_not_active_gets_no_mail(cast, told):
    from saferhub.sharing.entering import entered

    make(cast)
    User.objects.filter(pk=cast["colin.coordinator"].pk).update(status=Status.INVITED)
    with entered(cast["maya.manager"]):
        to = agreements_told.concerned(agreement("mental_health_2018"), using="default")
    assert cast["colin.coordinator"].email not in {one.email for one in to}


@pytest.mark.django_db(transaction=True)
def test_the_stewards_job_tells_the_coordinators(cast, keeper, told):
    make(cast)
    found = agreement("mental_health_2018")
    operations.suspend(agreement_id=found.public_id, reason="Because", by=keeper, on=keeper.on)
    from procrastinate.contrib.django.models import ProcrastinateJob

    queued = ProcrastinateJob.objects.filter(task_name="sharing.tell_of_agreement")
    assert [job.args for job in queued] == [{"agreement": found.public_id, "what": "suspended", "agency": ""}]
    assert agreements_told.tell_of_agreement.func(**queued.get().args) == 2
    assert {to for _, _, to in told} == {cast["colin.coordinator"].email, cast["maya.manager"].email}


@pytest.mark.django_db(transaction=True)
def test_what_passes_by_its_date_is_told_on_the_morning_after(cast, keeper, told):
    make(cast)
    found = agreement("victim_support_2018")
    Agreement.objects.filter(pk=found.pk).update(last_day=keeper.on - timedelta(days=1))
    assert agreements_told.tell_of_days_passed.func() == 2
    assert {subject for subject, _, _ in told} == {"Victim support and hubs agreement 2018 has expired"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [1, 3])
def test_a_night_missed_is_told_by_the_next_and_nobody_is_told_twice(cast, keeper, told, days):
    make(cast)
    found = agreement("victim_support_2018")
    Agreement.objects.filter(pk=found.pk).update(last_day=keeper.on - timedelta(days=days))
    assert agreements_told.tell_of_days_passed.func() == 2
    assert agreements_told.tell_of_days_passed.func() == 0
    assert len(told) == 2


@pytest.mark.django_db(transaction=True)
def test_a_party_bound_no_more_is_told_once(cast, keeper, told):
    make(cast)
    party = AgreementParty.objects.get(
        agreement=agreement("victim_support_2018"), agency__code="victim_support_service"
    )
    AgreementParty.objects.filter(pk=party.pk).update(
        withdrawn_on=keeper.on - timedelta(days=2), withdrawn_reason="Invented"
    )
    assert agreements_told.tell_of_days_passed.func() == 2
    assert agreements_told.tell_of_days_passed.func() == 0
