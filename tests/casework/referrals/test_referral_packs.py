"""Packs of a referral: what they hold for whom, what stops them, and that they stay as they left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.casework.access.inside import persons_inside
from saferhub.casework.models import ReferralPack
from saferhub.casework.operations.referral_packs import drop_pack, release_pack
from saferhub.casework.rules import referral_packs as rules
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.publication.model import Document
from saferhub.releases.models import Disclosure, ReleaseCheck
from saferhub.releases.operations.release import Recipient, ReleaseRefused
from saferhub.releases.rules.check import Rule
from saferhub.releases.rules.documents import parts_of_document
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Because, Sensitivity
from saferhub.sharing.operations.folders import give_interest
from saferhub.sharing.operations.interests_given import restrict
from tests.builders.casework import actor
from tests.builders.casework_scores import a_referral_score
from tests.builders.referral_packs import (
    COLIN,
    WHY,
    a_pack,
    agency,
    give_protected_number,
    let_leave,
    reasons,
)
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
Signed = Callable[..., Client]
RACHEL, CHRIS = "rachel.referrer", "chris.chair"


def text_of(document: Document) -> str:
    return "\n".join(one.text for one in parts_of_document(document))


# --- Rules --------------------------------------------------------------------------------------------------


def document(parts: tuple[str, ...], **changes: Any) -> Document:
    head = rules.Head(
        "abc", "SEL-1", "Noise", "Selby hub", "The police", "Reduce it", "A gateway", "", date(2018, 8, 28),
        (("It is about", "A person"), ("The hub decides by", "")),
    )  # fmt: skip
    told: dict[str, Any] = {
        "standing": [rules.Standing("Sam Oldroyd", "Alleged perpetrator", "born 1990", "It is about them")],
        "said": {"happening": [("What is happening", "One.\n\nTwo."), ("Where", "A stairwell")], "tried": []},
        "scores": [],
        "decisions": [],
    }
    return rules.pack_document(head, rules.Told(**(told | changes)), parts)


def test_a_pack_holds_the_parts_that_were_chosen_in_their_order_and_no_empty_one() -> None:
    titles = [one.title for one in document(("happening", "people", "tried")).sections]
    assert titles == ["The referral", "Who and what it concerns", "What is happening", "Where"]
    assert text_of(document(())).count("Sam Oldroyd") == 0
    assert "It is about" in text_of(document(())) and "The hub decides by" not in text_of(document(()))


def test_what_nobody_said_is_said_to_be_so() -> None:
    said = text_of(document(("people", "scores", "decision"), standing=[]))
    assert rules.NOBODY in said and rules.NOT_SCORED in said and rules.NOT_DECIDED in said


def test_a_judged_band_stands_with_its_reason_and_a_redirection_with_its_hub() -> None:
    score = rules.Score(
        "Matrix", date(2018, 8, 1), "16 of 20", "High", "Council", "s-1", judged="She is alone."
    )
    decided = rules.Decided(
        date(2018, 8, 2), "Redirect to another hub", "Not ours.", "We passed it on.", "Ryedale"
    )
    said = text_of(document(("scores", "decision"), scores=[score], decisions=[decided]))
    assert "Matrix, 1 August 2018, judged High: She is alone." in said
    assert "2 August 2018: Redirect to another hub, to Ryedale" in said
    assert "The referrer was told: We passed it on." in said


@pytest.mark.parametrize(
    ("parts", "to_referrer", "code"),
    [
        ((), False, "no_parts"),
        (("people", "everything"), False, "no_parts"),
        (("people", "scores"), True, "hubs_own"),
        (("decision",), True, "hubs_own"),
        (("people", "scores", "decision"), False, ""),
        (("people", "happening", "tried", "safety"), True, ""),
    ],
)
def test_who_gets_which_parts(parts: tuple[str, ...], to_referrer: bool, code: str) -> None:
    assert [one.code for one in rules.part_refusals(parts, to_referrer=to_referrer)] == (
        [code] if code else []
    )


def test_a_question_of_the_hub_is_said_to_be_one() -> None:
    asked = rules.Decided(date(2018, 8, 2), "Ask for more information", "Unclear.", "How often?", asks=True)
    assert "The referrer was asked: How often?" in text_of(document(("decision",), decisions=[asked]))


def test_kinds_of_data_follow_the_parts() -> None:
    assert rules.data_items(("people", "scores"), ("health",)) == [
        "health",
        "identity",
        "risk_and_vulnerability",
    ]


# --- Making and letting leave -------------------------------------------------------------------------------


def test_a_pack_leaves_as_it_was_read_and_stays_so(cast: Cast) -> None:
    referral = a_referral(cast)
    scored = a_referral_score(cast, referral)
    pack = a_pack(cast, referral)
    made = Entry.objects.filter(event="referral.pack_made").latest("id")
    assert made.codes["parts"] == list(rules.CHOICES) and made.codes["to"] == "north_yorkshire_police"
    said = text_of(pack.document())
    for words in ("Sam Oldroyd", "Shouting and banging", "Two visits", "She wants it to stop", "16 of"):
        assert words in said
    assert pack.figures[f"score-{scored.public_id}"]["on"] == scored.on.isoformat()
    with entered(cast[COLIN]):
        assert not Disclosure.objects.filter(subject=pack.public_id).exists()
        disclosure = let_leave(cast, referral, pack)
        pack.refresh_from_db()
        assert (pack.status, pack.disclosure) == ("published", disclosure)
        assert (disclosure.kind, disclosure.subject) == ("document", pack.public_id)
        assert disclosure.recipient_agency == agency(cast) and disclosure.necessity == WHY
        assert disclosure.data_items == ["identity", "incidents_and_behaviour", "risk_and_vulnerability"]
        assert disclosure.folder_id == referral.folder_id != pack.folder_id
        with pytest.raises(DatabaseError), transaction.atomic():
            ReferralPack.objects.filter(pk=pack.pk).update(content="{}")
        with pytest.raises(Refusal, match="stays as it is"):
            let_leave(cast, referral, pack)
    events = Entry.objects.order_by("-id").values_list("event", flat=True)[:3]
    assert set(events) == {"releases.checked", "releases.released", "referral.pack_released"}
    assert "Oldroyd" not in str(list(Entry.objects.filter(event__startswith="referral.pack").values("codes")))


def test_without_its_ground_no_pack_is_made(cast: Cast) -> None:
    referral = a_referral(cast)
    for changes, code in (
        ({"necessity": " "}, "no_necessity"),
        ({"gateway": "rights_of_the_person"}, "other_gateway"),
        ({"agreement": None}, "no_agreement"),
    ):
        with pytest.raises(Refusal) as refused:
            a_pack(cast, referral, reasons=reasons(**changes))
        assert refused.value.code == code
    voluntary = agency(cast, "victim_support_service")
    for more, code in (
        ({"to": Recipient("")}, "no_recipient"),
        ({"data_items": ("no_such_kind",)}, "other_data"),
        ({"to": Recipient(voluntary.name, agency=voluntary)}, "gateway_does_not_reach"),
    ):
        with pytest.raises(Refusal) as refused:
            a_pack(cast, referral, **more)
        assert refused.value.code == code
    with entered(cast[COLIN]):
        assert not ReferralPack.objects.exists()


def test_the_agency_that_referred_it_gets_nothing_of_the_hubs_own(cast: Cast) -> None:
    referral = a_referral(cast)
    hers = Recipient(referral.unit.agency.name, agency=referral.unit.agency)
    with pytest.raises(Refusal) as refused:
        a_pack(cast, referral, to=hers)
    assert refused.value.code == "hubs_own" and "scores, decision" in refused.value.sentence


def test_what_changed_since_is_made_anew(cast: Cast) -> None:
    referral = a_referral(cast)
    pack = a_pack(cast, referral)
    a_referral_score(cast, referral)
    with entered(cast[COLIN]):
        with pytest.raises(Refusal) as refused:
            let_leave(cast, referral, pack)
        assert refused.value.code == "referral_changed"
        with pytest.raises(Conflict):
            let_leave(cast, referral, pack, seen="0" * 64)
        assert not Disclosure.objects.filter(subject=pack.public_id).exists()
        dropped = drop_pack(
            referral_id=referral.matter.public_id,
            pack_id=pack.public_id,
            seen=pack.content_hash,
            by=actor(cast, COLIN),
        )
        assert dropped.status == "withdrawn"
        with pytest.raises(Refusal, match="was dropped"):
            let_leave(cast, referral, pack)
    assert Entry.objects.filter(event="referral.pack_dropped", subject=pack.public_id).count() == 1


def test_a_failure_at_the_end_leaves_no_disclosure_and_the_pack_a_draft(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = a_referral(cast)
    pack = a_pack(cast, referral)
    record = audit.record

    def fail(event: str, *rest: Any, **codes: Any) -> Any:
        if event == "referral.pack_released":
            raise KeyError("of ours")
        return record(event, *rest, **codes)

    monkeypatch.setattr(audit, "record", fail)
    with entered(cast[COLIN]):
        with pytest.raises(KeyError):
            let_leave(cast, referral, pack)
        pack.refresh_from_db()
        assert pack.status == "draft" and pack.disclosure is None
        assert not Disclosure.objects.filter(subject=pack.public_id).exists()


def test_a_protected_number_in_what_was_written_stops_it_and_leaves_its_trace(cast: Cast) -> None:
    referral = a_referral(cast, words={"happened": "He rings from 07700 900118 at night."})
    give_protected_number(cast, referral)
    somebody = Recipient("Block management company")
    given = reasons(agreement=None)
    pack = a_pack(cast, referral, to=somebody, reasons=given)
    with entered(cast[COLIN]):
        with pytest.raises(ReleaseRefused) as refused:
            let_leave(cast, referral, pack)
        assert Rule.PROTECTED_NUMBER in {one.rule for one in refused.value.findings}
        assert ReleaseCheck.objects.filter(subject=pack.public_id, passed=False).count() == 1
        assert not Disclosure.objects.filter(subject=pack.public_id).exists()
        assert pack.status == "draft"


def test_a_record_restricted_to_named_people_stands_in_no_pack_even_of_one_of_them(cast: Cast) -> None:
    referral = a_referral(cast)
    with entered(cast[RACHEL]):
        by = actor(cast, RACHEL)
        (jo,) = [one for one in persons_inside(by, referral.matter) if one.name == "Jo Frith"]
        for username in (COLIN, RACHEL):
            give_interest(
                folder=jo.folder,
                by=by,
                purpose=referral.matter.purpose,
                because=Because.NAMED,
                gateway="crime_and_disorder",
                agreement=referral.agreement,
                user=cast[username],
                opens=Sensitivity.RESTRICTED,
            )
        jo.folder.sensitivity = Sensitivity.RESTRICTED
        jo.folder.save(update_fields=["sensitivity"])
    with entered(cast[COLIN]):
        seen = [one.name for one in persons_inside(actor(cast, COLIN), referral.matter)]
    said = text_of(a_pack(cast, referral).document())
    assert "Jo Frith" in seen and "Sam Oldroyd" in said and "Jo Frith" not in said


def test_of_a_restricted_referral_no_pack_is_made(cast: Cast, client_for: Signed) -> None:
    referral = a_referral(cast)
    pack = a_pack(cast, referral)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        names = [cast[COLIN].public_id]
        restrict(
            matter_id=referral.matter.public_id,
            names=names,
            reason="It is about a colleague.",
            by=by,
            on=by.on,
        )
        with pytest.raises(NotAllowed) as refused:
            let_leave(cast, referral, pack)
        assert refused.value.code == "restricted"
    with pytest.raises(NotAllowed):
        a_pack(cast, referral)
    new = reverse("referral-pack-new", args=[referral.matter.public_id])
    assert client_for(COLIN).get(new).status_code == 403


def test_who_does_not_decide_for_the_hub_gives_no_pack(cast: Cast) -> None:
    referral = a_referral(cast)
    for username in (RACHEL, CHRIS):
        with pytest.raises(NotAllowed):
            a_pack(cast, referral, username=username)
    with pytest.raises(Http404):
        a_pack(cast, referral, username="nadia.neighbour")
    pack = a_pack(cast, referral)
    with entered(cast[CHRIS]), pytest.raises(NotAllowed):
        release_pack(
            referral_id=referral.matter.public_id,
            pack_id=pack.public_id,
            seen=pack.content_hash,
            by=actor(cast, CHRIS),
        )


def test_a_draft_of_a_referral_has_no_pack(cast: Cast) -> None:
    with pytest.raises((NotAllowed, Http404)):
        a_pack(cast, a_referral(cast, sent=False))
