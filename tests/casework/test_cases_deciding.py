"""Deciding a referral: what each decision leaves, what the referrer learns of it, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.models import (
    Case,
    Decision,
    DecisionKind,
    Involved,
    Referral,
    ReferralMove,
    ReferralStatus,
)
from saferhub.casework.operations import cases_deciding as deciding
from saferhub.casework.operations.cases_closing import close_case
from saferhub.casework.operations.cases_work_folder import ensure_work_folder
from saferhub.casework.operations.referrals import answer_question
from saferhub.casework.queries import oversight_figures, scoring_places
from saferhub.casework.queries.cases_repeats import repeats
from saferhub.casework.queries.cases_sharing import candidates
from saferhub.casework.queries.cases_work import referral_items
from saferhub.casework.rules.oversight_figures import period
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.models import Hub
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.people.models import Person
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Folder
from tests.builders.casework import a_case, actor, share_with, unit_of
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
REASON = "Three agencies have tried; the mother is known to two of them."
TOLD = "The hub has looked at it."
PROVISIONAL = "Provisional: the bank holidays of that year are not loaded."
SENT = {
    "sent_to": "Adult social care",
    "sent_on_day": "2",
    "sent_on_month": "7",
    "sent_on_year": "2018",
    "reference": "AS-77",
}


@pytest.fixture
def referral(cast: Cast) -> Referral:
    return a_referral(cast)


def act(
    cast: Cast,
    operation: Callable[..., Any],
    referral: Referral,
    by: str = "colin.coordinator",
    **values: Any,
) -> Any:
    with entered(cast[by]):
        who = actor(cast, by)
        values = {"reason": REASON, **({} if operation is deciding.ask else {"told": TOLD}), **values}
        return operation(referral_id=referral.matter.public_id, by=who, on=who.on, **values)


def adopt(cast: Cast, referral: Referral, **values: Any) -> Case:
    with entered(cast["colin.coordinator"]):
        given: dict[str, Any] = {
            "title": "Noise at night",
            "why": "It goes on.",
            "wanted": "Quiet nights.",
            "grounds": ["complex_unresolved"],
            "declared": True,
            "lead_unit": unit_of(cast, "rachel.referrer"),
            "lead": cast["rachel.referrer"],
            "shares": [
                share_with(cast, "rachel.referrer", "hubs_2018", "crime_and_disorder"),
                share_with(cast, "victor.voluntary", "victim_support_2018", "victims_services"),
            ],
            "restricted": False,
        }
    return act(cast, deciding.adopt, referral, **{**given, **values})


def seen(cast: Cast, username: str, referral: Referral) -> Referral:
    with entered(cast[username]):
        return access.get_referral(actor(cast, username), referral.matter.public_id)


def refused(code: str, kind: type[Refusal] = Refusal) -> Any:
    return pytest.raises(kind, check=lambda refusal: refusal.code == code)  # type: ignore[call-overload]


def test_adopting_opens_a_case_with_its_people_lead_and_contributors(cast: Cast, referral: Referral) -> None:
    case = adopt(cast, referral)
    with entered(cast["victor.voluntary"]):
        victor = actor(cast, "victor.voluntary")
        found = access.get_case(victor, case.matter.public_id)
        roles = set(
            access.parts_readable_by(victor, Involved)
            .filter(matter=case.matter)
            .values_list("role", flat=True)
        )
        assert found.matter.lead == cast["rachel.referrer"]
        assert roles == {"alleged_perpetrator", "victim"}
        assert found.contact_due_on is not None
    after = seen(cast, "rachel.referrer", referral)
    assert (after.status, after.answer, after.case_id_public) == ("adopted", TOLD, case.matter.public_id)
    assert after.decided_on is not None and after.matter.status == "closed"
    entry = Entry.objects.get(event="referral.decided", subject=referral.matter.public_id)
    assert entry.codes["kind"] == "adopt" and entry.codes["case"] == case.matter.public_id


def test_the_hubs_reason_lies_where_the_referrer_does_not_see_it(cast: Cast) -> None:
    referral = a_referral(cast)
    act(cast, deciding.decline, referral)
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        assert not Decision.objects.filter(referral=referral.pk).exists()
        after = access.get_referral(rachel, referral.matter.public_id)
        assert after.work_folder_id is not None
        assert not Folder.objects.filter(pk=after.work_folder_id).exists()
        assert not any(REASON in move.reason for move in ReferralMove.objects.filter(referral=after))
    with entered(cast["colin.coordinator"]):
        assert [one.reason for one in Decision.objects.filter(referral=referral)] == [REASON]


def test_the_referrer_sees_the_fate_and_no_case(cast: Cast, client_for: Any) -> None:
    referral = a_referral(cast)
    case = adopt(cast, referral, lead=cast["victor.voluntary"], lead_unit=unit_of(cast, "victor.voluntary"),
                 shares=[share_with(cast, "victor.voluntary", "victim_support_2018", "victims_services")])  # fmt: skip
    client = client_for("rachel.referrer")
    text = client.get(reverse("referral", args=[referral.matter.public_id])).content.decode()
    assert TOLD in text and REASON not in text
    assert case.matter.reference not in text and case.matter.title not in text.replace(
        "Noise at night in a stairwell", ""
    )
    assert client.get(reverse("case", args=[case.matter.public_id])).status_code == 404
    assert client.get(reverse("referral-decide", args=[referral.matter.public_id])).status_code == 403


def test_the_hub_reads_what_was_decided_on_the_referrals_page(
    cast: Cast, referral: Referral, client_for: Any
) -> None:
    act(cast, deciding.decline, referral)
    text = (
        client_for("chris.chair").get(reverse("referral", args=[referral.matter.public_id])).content.decode()
    )
    assert REASON in text and "The hub’s decision" in text


@pytest.mark.parametrize(
    ("operation", "more", "status", "kind"),
    [
        (deciding.signpost, {}, "signposted", "signpost"),
        (deciding.decline, {}, "declined", "decline"),
        (deciding.pass_on, {"kind": DecisionKind.SAFEGUARDING}, "passed_on", "safeguarding"),
        (deciding.pass_on, {"kind": DecisionKind.MARAC}, "passed_on", "marac"),
    ],
)
def test_each_decision_ends_the_clock_and_tells_the_referrer(
    operation: Callable[..., Any],
    more: dict[str, Any],
    status: str,
    kind: str,
    cast: Cast,
    referral: Referral,
) -> None:
    act(cast, operation, referral, **more)
    after = seen(cast, "rachel.referrer", referral)
    assert (after.status, after.answer) == (status, TOLD)
    assert after.decided_on == actor(cast, "colin.coordinator").on
    with entered(cast["colin.coordinator"]):
        assert [one.kind for one in Decision.objects.filter(referral=referral)] == [kind]
        assert [(one.from_status, one.to_status) for one in ReferralMove.objects.filter(referral=referral)][
            -1
        ] == (
            "sent",
            status,
        )


def test_asking_stops_the_clock_until_the_answer_comes(
    cast: Cast, referral: Referral, client_for: Callable[..., Client]
) -> None:
    due = seen(cast, "colin.coordinator", referral).due_on
    act(cast, deciding.ask, referral, question="Which nights?")
    asked = seen(cast, "rachel.referrer", referral)
    assert (asked.status, asked.answer, asked.due_on, asked.decided_on) == (
        "asked",
        "Which nights?",
        None,
        None,
    )
    with refused("asked_already"):
        act(cast, deciding.ask, referral, question="And which days?")
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        answer_question(
            referral_id=referral.matter.public_id,
            reply="Fridays.",
            seen=asked.version,
            by=rachel,
            on=rachel.on,
        )
    after = seen(cast, "colin.coordinator", referral)
    assert (after.status, after.due_on) == ("sent", due)
    with entered(cast["colin.coordinator"]):
        items = [
            one
            for one in referral_items(actor(cast, "colin.coordinator"))
            if one.reference == referral.matter.reference
        ]
    assert len(items) == 1 and "has answered" in items[0].why
    assert items[0].clock is not None and items[0].clock.length == 5
    page = reverse("referral", args=[referral.matter.public_id])
    assert "You asked" in client_for("colin.coordinator").get(page).content.decode()
    act(cast, deciding.decline, referral, told="Turn to housing.")
    decided = client_for("colin.coordinator").get(page).content.decode()
    # What the referrer was told of the decision is no question; the question stands with the decisions.
    assert "You asked" not in decided and "Which nights?" in decided and "Fridays." in decided


def test_a_question_that_nobody_answers_comes_back_and_is_counted(cast: Cast, referral: Referral) -> None:
    def items(days: int) -> list[tuple[str, Any]]:
        with entered(cast["colin.coordinator"]):
            colin = actor(cast, "colin.coordinator")
            later = replace(colin, on=colin.on + timedelta(days=days))
            return [
                (one.kind, one.due_on)
                for one in referral_items(later)
                if one.reference == referral.matter.reference
            ]

    def counted() -> int:
        with entered(cast["colin.coordinator"]):
            colin = actor(cast, "colin.coordinator")
            hub = Hub.objects.get(code="selby", partnership=colin.partnership)
            return oversight_figures.figures(colin, hub, period(colin.on, 1, colin.on)).asked

    before, today = counted(), actor(cast, "colin.coordinator").on
    act(cast, deciding.ask, referral, question="Which nights?")
    assert counted() == before + 1
    # Asked on a Tuesday; the hub has five working days to decide, and so has the answer.
    assert today.isoweekday() == 2
    assert items(0) == items(7) == []
    assert items(8) == [("unanswered", today + timedelta(days=7))]


def test_where_the_bank_holidays_are_not_known_pages_say_so_and_go_on(
    cast: Cast, referral: Referral, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(cast)
    monkeypatch.setattr(BankHolidays, "knows", lambda calendar, day: False)
    client = client_for("colin.coordinator")
    for name, matter in (
        ("referral", referral.matter),
        ("referral-decide", referral.matter),
        ("case", case.matter),
    ):
        answer = client.get(reverse(name, args=[matter.public_id]))
        assert answer.status_code == 200, name
        if name != "case":
            assert PROVISIONAL in answer.content.decode(), name
        else:
            assert "Score it completely. By when is not known" in answer.content.decode()
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        (waits,) = [one for one in referral_items(colin) if one.reference == referral.matter.reference]
        assert waits.clock is not None
        unscored = [one for one in scoring_places.work_items(colin) if one.reference == case.matter.reference]
        assert [one.due_on for one in unscored] == [None] and "not known" in unscored[0].why


def test_where_the_bank_holidays_are_not_known_a_referral_is_sent_and_adopted_all_the_same(
    cast: Cast, referral: Referral, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = seen(cast, "colin.coordinator", referral).due_on
    # No bank holiday lies in the days that it counts, so it comes to the same day.
    monkeypatch.setattr(BankHolidays, "knows", lambda calendar, day: False)
    sent = a_referral(cast)
    assert seen(cast, "colin.coordinator", sent).due_on == known is not None
    receipt = client_for("rachel.referrer").get(reverse("referral-receipt", args=[sent.matter.public_id]))
    assert PROVISIONAL in receipt.content.decode()
    act(cast, deciding.ask, sent, question="Which flat?")
    assert seen(cast, "colin.coordinator", sent).due_on is None
    case = adopt(cast, referral)
    assert case.review_on is not None and case.review_on > case.adopted_on
    page = client_for("colin.coordinator").get(reverse("case", args=[case.matter.public_id]))
    assert PROVISIONAL in page.content.decode()


def test_an_urgent_clock_runs_on_while_the_hub_asks(cast: Cast) -> None:
    referral = a_referral(cast, words={"urgent": True, "urgent_why": "Threats last night."})
    due = seen(cast, "colin.coordinator", referral).due_on
    act(cast, deciding.ask, referral, question="Which flat?")
    assert seen(cast, "colin.coordinator", referral).due_on == due is not None


def test_redirecting_moves_it_with_the_hubs_notes_and_the_clock_runs_on(
    cast: Cast, referral: Referral
) -> None:
    before = seen(cast, "colin.coordinator", referral)
    with entered(cast["colin.coordinator"]):
        harrogate = Hub.objects.get(
            code="harrogate", partnership=actor(cast, "colin.coordinator").partnership
        )
    act(cast, deciding.redirect, referral, to_hub=harrogate)
    after = seen(cast, "maya.manager", referral)
    assert (after.hub, after.to_hub, after.status) == (harrogate, harrogate, "sent")
    assert (after.sent_on, after.due_on) == (before.sent_on, before.due_on)
    assert seen(cast, "rachel.referrer", referral).answer == TOLD
    with entered(cast["maya.manager"]):
        assert [one.reason for one in Decision.objects.filter(referral=after)] == [REASON]
    # Those of the hub that had it have lost it; the decider looks back for a day and decides nothing.
    with entered(cast["chris.chair"]), pytest.raises(Http404):
        access.get_referral(actor(cast, "chris.chair"), referral.matter.public_id)
    with refused("needs_decide_referrals", NotAllowed):
        act(cast, deciding.decline, referral)
    act(cast, deciding.decline, referral, by="maya.manager")
    assert seen(cast, "rachel.referrer", referral).status == "declined"


def test_attaching_brings_people_and_neither_the_referral_nor_the_hubs_reason(
    cast: Cast, referral: Referral
) -> None:
    case = a_case(cast)
    act(cast, deciding.attach, referral, case_id=case.matter.public_id)
    with entered(cast["victor.voluntary"]):
        victor = actor(cast, "victor.voluntary")
        names = set(
            access.parts_readable_by(victor, Involved)
            .filter(matter=case.matter)
            .values_list("person__name", flat=True)
        )
        assert names == {"Sam Oldroyd", "Jo Frith"}
        assert not access.parts_readable_by(victor, Decision).filter(referral=referral.pk).exists()
        with pytest.raises(Http404):
            access.get_referral(victor, referral.matter.public_id)
    after = seen(cast, "rachel.referrer", referral)
    assert (after.status, after.case_id_public) == ("attached", case.matter.public_id)


def test_nothing_is_attached_to_a_closed_case(cast: Cast, referral: Referral) -> None:
    case = a_case(cast)
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        close_case(case_id=case.matter.public_id, outcome="resolved", reason="Quiet.", learning="", told="",
                   overridden=[], override_reason="", by=colin, on=colin.on)  # fmt: skip
    with refused("case_closed"):
        act(cast, deciding.attach, referral, case_id=case.matter.public_id)
    assert seen(cast, "rachel.referrer", referral).status == "sent"


def test_nobody_is_adopted_only_for_information_and_nothing_is_left_of_the_try(
    cast: Cast, referral: Referral
) -> None:
    with entered(cast["colin.coordinator"]):
        cases = Case.objects.count()
    for values, code in (
        ({"grounds": ["information"]}, "solely_information"),
        ({"declared": False}, "not_declared"),
    ):
        with refused(code):
            adopt(cast, referral, **values)
    with entered(cast["colin.coordinator"]):
        assert Case.objects.count() == cases
        assert not Decision.objects.filter(referral=referral).exists()
    assert seen(cast, "rachel.referrer", referral).status == "sent"


def test_a_share_that_no_agreement_carries_undoes_the_whole_adoption(cast: Cast, referral: Referral) -> None:
    with refused("gateway_not_for_purpose"):
        adopt(cast, referral, shares=[share_with(cast, "rachel.referrer", "hubs_2018", "no_such_gateway")])
    assert seen(cast, "rachel.referrer", referral).status == "sent"
    assert not Entry.objects.filter(event="referral.decided", subject=referral.matter.public_id).exists()


def test_a_restricted_adoption_is_seen_by_the_decider_and_the_lead_alone(
    cast: Cast, referral: Referral
) -> None:
    case = adopt(
        cast,
        referral,
        restricted=True,
        shares=[share_with(cast, "rachel.referrer", "hubs_2018", "crime_and_disorder")],
    )
    who = set()
    for username, user in cast.items():
        with entered(user):
            if access.cases_visible_to(actor(cast, username)).filter(pk=case.pk).exists():
                who.add(username)
    assert who == {"colin.coordinator", "rachel.referrer"}


@pytest.mark.parametrize("username", ["rachel.referrer", "chris.chair", "mina.minutes"])
def test_whoever_sees_it_and_decides_for_no_hub_is_refused(
    username: str, cast: Cast, referral: Referral
) -> None:
    with refused("needs_decide_referrals", NotAllowed):
        act(cast, deciding.decline, referral, by=username)


def test_a_stranger_finds_nothing_to_decide(cast: Cast, referral: Referral) -> None:
    with pytest.raises(Http404):
        act(cast, deciding.decline, referral, by="priya.partner")


def test_a_decision_stands(cast: Cast, referral: Referral) -> None:
    act(cast, deciding.decline, referral)
    with refused("decided_already"):
        act(cast, deciding.signpost, referral)


def test_the_work_folder_is_one_however_often_it_is_asked_for(cast: Cast, referral: Referral) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        one = ensure_work_folder(access.get_referral(colin, referral.matter.public_id), colin)
        other = ensure_work_folder(access.get_referral(colin, referral.matter.public_id), colin)
    assert one == other
    assert (one.kind, one.hub_id) == ("work", referral.hub_id)


def test_what_the_hub_met_before_is_shown_with_days_and_outcome(cast: Cast, referral: Referral) -> None:
    case = a_case(cast, title="An older matter")
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        from saferhub.casework.operations.cases_people import name_part

        sam = Person.objects.get(name="Sam Oldroyd")
        name_part(case_id=case.matter.public_id, person=sam, place=None, role="witness", is_subject=False,
                  by=rachel, on=rachel.on)  # fmt: skip
    with entered(cast["colin.coordinator"]):
        met = repeats(actor(cast, "colin.coordinator"), referral.matter)
    assert [(one.kind, one.reference, one.because, one.stands, one.is_open_case) for one in met] == [
        ("Case", case.matter.reference, "Sam Oldroyd", "Assessing", True)
    ]


def test_candidates_stand_on_an_agreement_that_carries_the_purpose(cast: Cast, referral: Referral) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        found = candidates(colin, purpose="reduce_asb", hub=Hub.objects.get(pk=referral.hub_id))
    offered = [code for _, group in found.contributors() for code, _ in group]
    pairs = [found.contributor(code) for code in offered]
    assert unit_of(cast, "rachel.referrer").pk in {one[0].pk for one in pairs if one}
    assert all(one is not None and "reduce_asb" in one[1].agreement.purposes for one in pairs)
    assert found.contributor("nobody") is None
    unit, user = found.lead(f"person:{cast['rachel.referrer'].public_id}") or (None, None)
    assert user == cast["rachel.referrer"] and unit is not None
    assert found.lead("person:nobody") is None


# --- Pages ----------------------------------------------------------------------------------------------------


def test_the_pages_of_a_decision_lead_to_the_case(cast: Cast, referral: Referral, client_for: Any) -> None:
    client = client_for("colin.coordinator")
    decide = reverse("referral-decide", args=[referral.matter.public_id])
    first = client.get(decide)
    assert "Met before" in first.content.decode()
    assert client.post(decide, {}).status_code == 200
    chosen = client.post(decide, {"kind": "adopt"})
    assert chosen.status_code == 302
    page = client.get(chosen["Location"]).content.decode()
    assert "Why is this one for the hub?" in page and "solely to obtain" in page
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        offered = candidates(
            colin, purpose="reduce_asb", hub=Hub.objects.get(pk=referral.hub_id)
        ).contributors()
    sent = {
        "grounds": ["complex_unresolved"],
        "declared": "on",
        "title": "Noise",
        "why": "It goes on.",
        "lead": f"person:{cast['rachel.referrer'].public_id}",
        "contributor_1": offered[0][1][0][0],
        "contributes_1": "",
        "restricted": "no",
        "reason": REASON,
        "told": TOLD,
    }
    unsaid = client.post(chosen["Location"], sent)
    assert "Say what this unit contributes" in unsaid.content.decode()
    done = client.post(chosen["Location"], {**sent, "contributes_1": "Visits."})
    assert done.status_code == 302
    assert "/cases/" in done["Location"]
    assert client.get(done["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("kind", "more", "status"),
    [
        ("signpost", {"signpost": "mediation"}, ReferralStatus.SIGNPOSTED),
        ("decline", {}, ReferralStatus.DECLINED),
        ("ask", {}, ReferralStatus.ASKED),
        ("safeguarding", SENT, ReferralStatus.PASSED_ON),
        ("marac", SENT, ReferralStatus.PASSED_ON),
        ("redirect", {"to_hub": "harrogate"}, ReferralStatus.SENT),
    ],
)
def test_each_kind_has_a_page_that_decides(
    kind: str, more: dict[str, str], status: str, cast: Cast, referral: Referral, client_for: Any
) -> None:
    client = client_for("colin.coordinator")
    address = reverse("referral-decide-kind", args=[referral.matter.public_id, kind])
    assert client.get(address).status_code == 200
    assert client.post(address, {**more, "reason": REASON}).status_code == 200  # nothing said to the referrer
    assert client.post(address, {**more, "reason": REASON, "told": REASON}).status_code == 200
    answer = client.post(address, {**more, "reason": REASON, "told": TOLD})
    assert answer.status_code == 302, answer.content.decode()
    after = seen(cast, "rachel.referrer", referral)
    assert after.status == status
    assert after.answer.startswith(TOLD)
    if kind == "signpost":
        assert "Mediation" in after.answer
    if kind in ("safeguarding", "marac"):
        with entered(cast["colin.coordinator"]):
            kept = Decision.objects.get(referral=referral).reason
        assert (
            kept.startswith(REASON) and "Sent to Adult social care on 2 July 2018" in kept and "AS-77" in kept
        )


def test_there_is_no_page_for_a_kind_that_does_not_exist(referral: Referral, client_for: Any) -> None:
    address = reverse("referral-decide-kind", args=[referral.matter.public_id, "ignore"])
    assert client_for("colin.coordinator").get(address).status_code == 404


def test_adding_to_a_case_offers_the_one_about_the_same_people_first(
    cast: Cast, referral: Referral, client_for: Any
) -> None:
    a_case(cast, title="Newer and unrelated")
    client = client_for("colin.coordinator")
    address = reverse("referral-decide-kind", args=[referral.matter.public_id, "attach"])
    assert "Newer and unrelated" in client.get(address).content.decode()


def test_cases_to_add_to_are_told_apart_and_can_be_narrowed(
    cast: Cast, referral: Referral, client_for: Any
) -> None:
    for number in range(9):
        a_case(cast, title=f"Bins behind the garages {number}")
    lantern = a_case(cast, title="Lanterns at the ferry")
    address = reverse("referral-decide-kind", args=[referral.matter.public_id, "attach"])
    client = client_for("colin.coordinator")
    page = client.get(address).content.decode()
    assert "No open case that you may see is about the same people or places" in page
    assert "risk: not scored" in page and "Adopted" in page and 'name="words"' in page
    narrowed = client.get(f"{address}?words=lanterns").content.decode()
    assert lantern.matter.reference in narrowed and "Bins behind" not in narrowed
    assert "No open case answers" in client.get(f"{address}?words=zzqqxxy").content.decode()
    chosen = {"case": lantern.matter.public_id, "reason": REASON, "told": TOLD}
    assert client.post(f"{address}?words=lanterns", chosen).status_code == 302


def test_what_the_referrer_wrote_stands_beside_and_not_in_why_it_is_a_case(
    referral: Referral, client_for: Any
) -> None:
    adopt = reverse("referral-decide-kind", args=[referral.matter.public_id, "adopt"])
    page = client_for("colin.coordinator").get(adopt).content.decode()
    assert "What the referrer wrote" in page and referral.happened in page
    why = page.split('name="why"', 1)[1].split("</textarea>", 1)[0]
    assert referral.happened not in why


def test_safeguarding_and_marac_are_decisions_and_no_signposts(referral: Referral, client_for: Any) -> None:
    address = reverse("referral-decide-kind", args=[referral.matter.public_id, "signpost"])
    page = client_for("colin.coordinator").get(address).content.decode()
    offered = page.split("<fieldset", 1)[1].split("</fieldset>", 1)[0]
    assert "Mediation" in offered and "safeguarding" not in offered.lower() and "MARAC" not in offered
