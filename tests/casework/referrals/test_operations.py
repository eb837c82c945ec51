"""Writing, sending, answering and withdrawing a referral: what is kept, who sees it, what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.models import Involved, Referral, ReferralMove, ReferralStatus, Source
from saferhub.casework.operations import referrals as operations
from saferhub.casework.operations.referral_people import change_part, put_in, take_out_of_draft
from saferhub.casework.queries import referral_clock
from saferhub.casework.queries.referral_ground import rests_on
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, AgreementStatus, Matter, Revision
from tests.builders.casework import actor
from tests.builders.referrals import WORDS, a_question, a_referral, hub_of

pytestmark = pytest.mark.django_db
RACHEL, COLIN = "rachel.referrer", "colin.coordinator"
HUB = {COLIN, "maya.manager", "chris.chair", "mina.minutes"}


def seers(cast: dict[str, Any], referral: Referral) -> set[str]:
    found = set()
    for username, user in cast.items():
        with entered(user):
            if access.referrals_visible_to(actor(cast, username)).filter(pk=referral.pk).exists():
                found.add(username)
    return found


def events(referral: Referral) -> list[str]:
    rows = Entry.objects.filter(subject=referral.matter.public_id, event__startswith="referral.")
    return list(rows.order_by("id").values_list("event", flat=True))


def send(cast: dict[str, Any], referral: Referral, username: str = RACHEL, **more: Any) -> Referral:
    with entered(cast[username]):
        by = actor(cast, username)
        rests = rests_on(by, purpose=referral.matter.purpose, hub=referral.to_hub)[0]
        given = {"gateway": rests.gateway, "agreement": rests.agreement} | more
        return operations.send_referral(
            referral_id=referral.matter.public_id, **given, by=by, on=more.pop("on", by.on)
        )


def test_a_draft_is_seen_by_its_unit_and_by_no_hub_and_no_other_unit(cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    assert seers(cast, draft) == {RACHEL}
    for username in ("maya.manager", COLIN, "nadia.neighbour"):
        with entered(cast[username]), pytest.raises(Http404):
            access.get_referral(actor(cast, username), draft.matter.public_id)


def test_sending_lets_the_hub_see_it_and_nobody_else(cast: dict[str, Any]) -> None:
    assert seers(cast, a_referral(cast)) == {RACHEL, *HUB}


def test_a_sent_referral_keeps_its_day_its_clock_its_moves_and_its_ground(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    today = actor(cast, RACHEL).on
    assert (referral.status, referral.sent_on) == ("sent", today)
    assert referral.due_on is not None and referral.due_on > today
    assert referral.gateway == "crime_and_disorder" and referral.agreement is not None
    assert referral.matter.reference.startswith("SEL-")
    with entered(cast[RACHEL]):
        assert referral_clock.moves_of(referral) == [("draft", today), ("sent", today)]
        numbers = Revision.objects.filter(subject=referral.public_id).order_by("number")
        assert [one.number for one in numbers] == [1, 2, 3]
    assert events(referral) == ["referral.started", "referral.saved", "referral.sent"]


def test_an_urgent_referral_is_due_on_the_next_working_day(cast: dict[str, Any]) -> None:
    calm = a_referral(cast)
    urgent = a_referral(cast, words={"urgent": True, "urgent_why": "Threats were made."})
    assert urgent.due_on is not None and calm.due_on is not None
    assert urgent.due_on < calm.due_on


def test_the_audit_holds_codes_and_no_words(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    held = str(
        [
            entry.codes
            for entry in Entry.objects.filter(
                subject=referral.matter.public_id, event__startswith="referral."
            )
        ]
    )
    assert "crime_and_disorder" in held
    assert "Shouting" not in held and "Noise" not in held


def test_sending_twice_makes_one(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    again = send(cast, referral)
    assert (again.pk, again.version) == (referral.pk, referral.version)
    assert events(referral).count("referral.sent") == 1


@pytest.mark.parametrize("lacking", ["happened", "tried", "asked_for", "children", "wishes", "told"])
def test_an_incomplete_referral_stays_a_draft_with_all_that_was_typed(
    cast: dict[str, Any], lacking: str
) -> None:
    draft = a_referral(cast, sent=False, words={lacking: ""})
    with pytest.raises(operations.Incomplete) as refused:
        send(cast, draft)
    assert [one.field for one in refused.value.missing] == [lacking]
    with entered(cast[RACHEL]):
        found = access.get_referral(actor(cast, RACHEL), draft.matter.public_id)
    assert found.status == "draft" and found.hub is None
    assert seers(cast, draft) == {RACHEL}


def test_a_gateway_that_does_not_serve_the_purpose_is_refused_and_nothing_is_shown_to_the_hub(
    cast: dict[str, Any],
) -> None:
    draft = a_referral(cast, sent=False)
    with pytest.raises(Refusal) as refused:
        send(cast, draft, gateway="offender_management")
    assert refused.value.code == "gateway_not_for_purpose"
    assert seers(cast, draft) == {RACHEL} and "referral.sent" not in events(draft)


def test_an_agreement_suspended_meanwhile_stops_it_from_being_sent(cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    agreement = Agreement.objects.get(code="hubs_2018")
    with entered(cast["ian.governance"]):
        Agreement.objects.filter(pk=agreement.pk).update(status=AgreementStatus.SUSPENDED)
    with entered(cast[RACHEL]), pytest.raises(Refusal) as refused:
        by = actor(cast, RACHEL)
        agreement.refresh_from_db()
        operations.send_referral(
            referral_id=draft.matter.public_id,
            gateway="crime_and_disorder",
            agreement=agreement,
            by=by,
            on=by.on,
        )
    assert refused.value.code == "agreement_not_in_force"
    assert seers(cast, draft) == {RACHEL}


def test_a_referral_cannot_be_begun_without_an_agreement_that_carries_it(cast: dict[str, Any]) -> None:
    with entered(cast[RACHEL]), pytest.raises(Refusal) as refused:
        by = actor(cast, RACHEL)
        operations.start_referral(
            to_hub=hub_of(cast), purpose="persons_request", title="Noise", by=by, on=by.on
        )
    assert refused.value.code == "unknown_purpose"
    with entered(cast[RACHEL]):
        assert not Matter.objects.filter(title="Noise").exists()


@pytest.mark.parametrize("username", ["ian.governance", "ana.analyst", "ada.admin"])
def test_who_works_on_no_matters_refers_nothing(cast: dict[str, Any], username: str) -> None:
    with entered(cast[username]), pytest.raises(NotAllowed):
        by = actor(cast, username)
        operations.start_referral(to_hub=hub_of(cast), purpose="reduce_asb", title="Noise", by=by, on=by.on)


def test_the_hub_reads_a_referral_and_writes_nothing_in_it(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        for act in (
            lambda: operations.save_part(
                referral_id=referral.matter.public_id, values={}, seen=3, by=by, on=by.on
            ),
            lambda: operations.withdraw_referral(
                referral_id=referral.matter.public_id, reason="No", by=by, on=by.on
            ),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_whoever_stands_in_it_is_not_changed_after_it_was_sent_from_another_window(
    cast: dict[str, Any],
) -> None:
    referral = a_referral(cast)
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        entry = access.parts_readable_by(by, Involved).filter(matter=referral.matter, role="victim").get()
        # As a window still open holds it: found while it was a draft.
        given: dict[str, Any] = {"referral_id": referral.matter.public_id, "by": by, "on": by.on}
        changed: dict[str, Any] = {"person": entry.person, "role": "witness", "is_subject": False}
        for act in (
            lambda: take_out_of_draft(involved=entry, reason="A slip.", **given),
            lambda: change_part(involved=entry, **changed, **given),
            lambda: put_in(**changed, **given),
        ):
            with pytest.raises(NotAllowed):
                act()
        standing = access.parts_readable_by(by, Involved).filter(
            matter=referral.matter, ended_on__isnull=True
        )
        assert set(standing.values_list("role", flat=True)) == {"alleged_perpetrator", "victim"}


def test_what_the_hub_changes_is_kept_as_a_version(cast: dict[str, Any]) -> None:
    referral = a_question(cast)
    kept = Revision.objects.filter(subject=referral.public_id, kind="casework.referral")
    with entered(cast[RACHEL]):
        assert set(kept.values_list("number", flat=True)) >= {referral.version - 1, referral.version}


def test_the_police_and_councils_are_each_offered_their_own_powers_alone(cast: dict[str, Any]) -> None:
    offered: dict[str, set[str]] = {}
    for username in (RACHEL, "chris.chair"):
        with entered(cast[username]):
            by = actor(cast, username)
            offered[username] = {one.gateway for one in rests_on(by, purpose="reduce_asb", hub=hub_of(cast))}
    assert offered["chris.chair"] - offered[RACHEL] == {"policing_purposes"}
    assert offered[RACHEL] - offered["chris.chair"] == {"council_functions"}
    assert offered[RACHEL] & offered["chris.chair"]


def test_what_was_sent_stays_as_it_was_sent(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    with entered(cast[RACHEL]), pytest.raises(Refusal) as refused:
        by = actor(cast, RACHEL)
        operations.save_part(
            referral_id=referral.matter.public_id,
            values={"happened": "Something else."},
            seen=referral.version,
            by=by,
            on=by.on,
        )
    assert refused.value.code == "sent_already"


def test_two_windows_never_overwrite_one_another(cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        matter_id = draft.matter.public_id
        operations.save_part(
            referral_id=matter_id, values={"tried": "First"}, seen=draft.version, by=by, on=by.on
        )
        with pytest.raises(Conflict):
            operations.save_part(
                referral_id=matter_id, values={"tried": "Second"}, seen=draft.version, by=by, on=by.on
            )
        assert access.get_referral(by, matter_id).tried == "First"


def test_a_draft_for_another_hub_takes_that_hubs_prefix(cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        operations.save_part(
            referral_id=draft.matter.public_id,
            values={"to_hub": "scarborough"},
            seen=draft.version,
            by=by,
            on=by.on,
        )
        found = access.get_referral(by, draft.matter.public_id)
    assert found.to_hub.code == "scarborough"
    assert found.matter.reference.split("-")[0] == found.to_hub.prefix != "SEL"


def ask(cast: dict[str, Any], referral: Referral, on: date) -> None:
    """As the hub asks: the status, the question and the move."""
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        found = access.get_referral_for_update(by, referral.matter.public_id)
        found.status, found.answer = ReferralStatus.ASKED, "How old are the children?"
        found.save()
        operations.move(found, "sent", ReferralStatus.ASKED, by=by, on=on)


def test_an_answer_lets_it_wait_again_and_the_days_of_waiting_do_not_count(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    assert referral.sent_on is not None and referral.due_on is not None
    ask(cast, referral, referral.sent_on)
    answered_on = referral.due_on
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        found = operations.answer_question(
            referral_id=referral.matter.public_id, reply="Four and six.", seen=3, by=by, on=answered_on
        )
    assert (found.status, found.reply) == ("sent", "Four and six.")
    assert found.due_on is not None and found.due_on > referral.due_on
    assert events(referral)[-1] == "referral.answered"


def test_an_answer_must_say_something_and_needs_a_question(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)

        def answer(reply: str) -> None:
            operations.answer_question(
                referral_id=referral.matter.public_id, reply=reply, seen=3, by=by, on=by.on
            )

        with pytest.raises(Refusal) as refused:
            answer("Four.")
        assert refused.value.code == "nothing_asked"
    ask(cast, referral, actor(cast, RACHEL).on)
    with entered(cast[RACHEL]), pytest.raises(Refusal) as refused:
        answer("  ")
    assert refused.value.code == "reply_missing"


def test_a_withdrawn_referral_is_closed_and_cannot_be_sent_again(cast: dict[str, Any]) -> None:
    referral = a_referral(cast)
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        with pytest.raises(Refusal) as refused:
            operations.withdraw_referral(referral_id=referral.matter.public_id, reason=" ", by=by, on=by.on)
        assert refused.value.code == "reason_missing"
        found = operations.withdraw_referral(
            referral_id=referral.matter.public_id, reason="They moved away.", by=by, on=by.on
        )
        assert (found.status, found.matter.status) == ("withdrawn", "closed")
        last = ReferralMove.objects.filter(referral=referral).order_by("-id")[0]
        assert (last.to_status, last.reason) == ("withdrawn", "They moved away.")
    with pytest.raises(Refusal):
        send(cast, referral)
    assert seers(cast, referral) == {RACHEL, *HUB}


def test_the_co_ordinator_is_mailed_the_reference_and_nothing_more(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    mails: list[tuple[str, str, str]] = []
    monkeypatch.setattr(
        "saferhub.accounts.mail.send", lambda subject, body, *, to: mails.append((subject, body, to))
    )
    referral = a_referral(cast)
    assert [to for _, _, to in mails] == [cast[COLIN].email]
    subject, body, _ = mails[0]
    assert referral.matter.reference in subject and f"/referrals/{referral.matter.public_id}/" in body
    for word in ("Noise", "Oldroyd", "Frith", "Shouting", "Rachel"):
        assert word not in subject + body


def values(cast: dict[str, Any], **changed: Any) -> operations.ReferralValues:
    told = {
        "to_hub": hub_of(cast),
        "purpose": "reduce_asb",
        "title": "Fires in the park",
        "subject_kind": "individual",
        **WORDS,
        **changed,
    }
    return operations.ReferralValues(**told)


SAM = operations.PersonValues(
    role="alleged_perpetrator",
    is_subject=True,
    given="Sam",
    family="Oldroyd",
    born_on=date(1990, 5, 14),
    address="14 Brayfield Court",
    postcode="ZZ99 3WZ",
    telephone="01632 960118",
)


def file(cast: dict[str, Any], given: operations.ReferralValues, key: str = "", **more: Any) -> Referral:
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        return operations.file_referral(
            values=given,
            people=more.pop("people", [SAM]),
            by=by,
            on=by.on,
            source=Source.SHEET,
            external_key=key,
        )


def test_a_referral_from_a_sheet_is_written_and_sent_at_once_with_its_people(cast: dict[str, Any]) -> None:
    referral = file(cast, values(cast), "abc")
    assert (referral.status, referral.source, referral.external_key) == ("sent", "sheet", "abc")
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        (row,) = access.parts_readable_by(by, access.Involved).filter(matter=referral.matter_id)
        assert (row.role, row.is_subject, row.person.name) == ("alleged_perpetrator", True, "Sam Oldroyd")
        assert row.person.addresses.count() == 1


def test_filed_twice_with_one_key_it_is_one_referral(cast: dict[str, Any]) -> None:
    first = file(cast, values(cast), "abc")
    second = file(cast, values(cast, title="Another title"), "abc")
    assert first.pk == second.pk and second.matter.title == "Fires in the park"
    assert file(cast, values(cast), "abd").pk != first.pk


def test_one_that_lacks_something_names_the_fields_and_leaves_nothing_behind(cast: dict[str, Any]) -> None:
    with entered(cast[RACHEL]):
        before = Referral.objects.count()
    with pytest.raises(operations.Incomplete) as refused:
        file(cast, values(cast, asked_for="", told="no"), "abc")
    assert [one.field for one in refused.value.missing] == ["asked_for", "not_told_why"]
    with entered(cast[RACHEL]):
        assert Referral.objects.count() == before


def test_a_sheets_referral_follows_its_sheet_while_it_waits(cast: dict[str, Any]) -> None:
    referral = file(cast, values(cast), "abc")
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        changed = operations.save_part(
            referral_id=referral.matter.public_id,
            values={"happened": "Now at weekends too."},
            seen=referral.version,
            by=by,
            on=by.on,
        )
    assert (changed.happened, changed.status) == ("Now at weekends too.", "sent")


def test_another_agencys_record_cannot_be_named_in_a_referral(cast: dict[str, Any]) -> None:
    foreign = a_referral(cast, username="priya.partner")
    with entered(cast["priya.partner"]):
        by = actor(cast, "priya.partner")
        row = access.parts_readable_by(by, access.Involved).filter(matter=foreign.matter_id)[0]
        record = row.person.public_id
    with pytest.raises(Http404):
        file(cast, values(cast), people=[operations.PersonValues(role="victim", record=record)])


@pytest.mark.parametrize("username", ["priya.partner", "victor.voluntary"])
def test_an_agency_to_which_no_hub_is_open_may_refer_to_one_all_the_same(
    cast: dict[str, Any], username: str
) -> None:
    referral = a_referral(cast, username=username)
    assert seers(cast, referral) == {username, *HUB}
    assert referral.agreement is not None and referral.gateway


def test_the_gateways_on_offer_are_those_of_a_signed_agreement_that_reach_the_hubs_agency(
    cast: dict[str, Any],
) -> None:
    with entered(cast["victor.voluntary"]):
        by = actor(cast, "victor.voluntary")
        offered = rests_on(by, purpose="reduce_asb", hub=hub_of(cast))
        # The other agreement that it signed carries this purpose on what councils and the police may do, which is
        # no ground for a voluntary body to tell.
        assert {one.agreement.code for one in offered if one.agreement} == {"hubs_2018"}
        assert rests_on(by, purpose="reduce_reoffending", hub=hub_of(cast)) != offered
    with entered(cast["olivia.outsider"]):
        assert rests_on(actor(cast, "olivia.outsider"), purpose="reduce_asb", hub=hub_of(cast)) == []


@pytest.mark.parametrize(
    ("purpose", "carried", "code"),
    [
        ("reduce_asb", {"reduce_asb"}, ""),
        ("reduce_asb", None, ""),
        ("reduce_asb", {"hate_crime"}, "other_purpose"),
        ("reduce_asb", set(), "hub_without_agreement"),
        ("gossip", None, "unknown_purpose"),
    ],
)
def test_the_rule_of_what_may_be_referred(purpose: str, carried: set[str] | None, code: str) -> None:
    found = rules.carrying_refusals(
        purpose=purpose, purposes={"reduce_asb"}, hub="Hub", agency="Agency", carried=carried
    )
    assert [one.code for one in found] == ([code] if code else [])
