"""Other systems: what a key may do, what it never shows, and that a call made twice is done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from saferhub.accounts.models import Kind, User
from saferhub.audit.models import Entry
from saferhub.casework.models import Action, Involved, Referral, ReferralStatus, Source
from saferhub.casework.operations.intake_keys import end_key
from saferhub.casework.views import intake_api
from saferhub.foundation import clock
from saferhub.partnership.access import Permission, actor_for
from saferhub.sharing.entering import entered
from saferhub.sharing.operations.interests_given import restrict
from tests.builders.casework import a_case, actor
from tests.builders.casework_actions import an_action
from tests.builders.casework_intake import a_body, a_key

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])


def send(secret: str, body: Any, mark: str = "mark-0001", **more: Any) -> Any:
    return Client().post(
        "/api/v1/referrals",
        body if isinstance(body, str) else json.dumps(body),
        content_type=more.pop("content_type", "application/json"),
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": mark} | more,
    )


def get(secret: str, path: str) -> Any:
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})


def of_priya(cast: dict[str, Any]) -> list[Referral]:
    with entered(cast["priya.partner"]):
        return list(Referral.objects.filter(source=Source.API).select_related("matter"))


def test_a_key_sends_a_referral_to_the_hub_in_its_units_name(world: None, cast: dict[str, Any]) -> None:
    key, secret = a_key(cast)
    answer = send(
        secret, a_body(people=[{"role": "complainant", "given": "Wil", "family": "Marsden"}], wishes="Peace")
    )
    assert answer.status_code == 201, answer.content
    (found,) = of_priya(cast)
    assert answer.json()["reference"] == found.matter.reference
    assert (found.status, found.to_hub.code) == (ReferralStatus.SENT, "selby")
    with entered(cast["colin.coordinator"]):
        assert Referral.objects.filter(pk=found.pk).exists(), "the hub sees it"
        assert Involved.objects.get(matter=found.matter).person.name == "Wil Marsden"
    entry = Entry.objects.filter(event="referral.sent").latest("id")
    assert (entry.actor, entry.agency) == (key.account.public_id, key.unit.agency.code)


def test_the_same_call_made_again_makes_one_referral_and_is_answered_alike(
    world: None, cast: dict[str, Any]
) -> None:
    _, secret = a_key(cast)
    first, second = send(secret, a_body()), send(secret, a_body())
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(of_priya(cast)) == 1


def test_another_body_under_the_same_mark_is_refused(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast)
    send(secret, a_body())
    answer = send(secret, a_body(title="Something else"))
    assert (answer.status_code, answer.json()["code"]) == (422, "mark_used")
    assert len(of_priya(cast)) == 1


def test_a_number_sent_before_is_the_referral_that_stands(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast)
    first = send(secret, a_body(number="CMS-1"))
    again = send(secret, a_body(number="CMS-1", title="Changed"), mark="mark-0002")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    (found,) = of_priya(cast)
    assert found.matter.title == "Shouting by the station"


def test_a_number_whose_referral_was_restricted_since_is_answered_as_it_was(
    world: None, cast: dict[str, Any]
) -> None:
    _, secret = a_key(cast)
    first = send(secret, a_body(number="CMS-1"))
    (sent,) = of_priya(cast)
    with entered(cast["colin.coordinator"]):
        restrict(
            matter_id=sent.matter.public_id,
            names=[cast[one].public_id for one in ("colin.coordinator", "maya.manager")],
            reason="At risk from somebody in the unit that referred.",
            by=actor(cast, "colin.coordinator"),
            on=clock.today(),
        )
    assert of_priya(cast) == []
    repeated = send(secret, a_body(number="CMS-1"))
    again = send(secret, a_body(number="CMS-1", title="Changed"), mark="mark-0002")
    assert (repeated.status_code, again.status_code) == (201, 200)
    assert repeated.json() == again.json() == first.json()
    assert get(secret, f"referrals/{sent.matter.public_id}").status_code == 404
    # Another unit learns nothing by the same number.
    _, other = a_key(cast, "victor.voluntary")
    assert send(other, a_body(number="CMS-1")).json().get("reference") != first.json()["reference"]
    with entered(cast["victor.voluntary"]), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate.referral_filed(%s, '', %s)", [sent.unit_id, sent.matter.public_id])
        assert cursor.fetchall() == []


def test_a_number_whose_referral_was_withdrawn_can_be_sent_again(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast)
    first = send(secret, a_body(number="CMS-1"))
    (sent,) = of_priya(cast)
    with entered(cast["priya.partner"]):
        Referral.objects.filter(pk=sent.pk).update(status=ReferralStatus.WITHDRAWN)
    again = send(secret, a_body(number="CMS-1"), mark="mark-0002")
    assert again.status_code == 201
    assert again.json()["id"] != first.json()["id"]
    assert len(of_priya(cast)) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hub": "nowhere"}, "unknown_hub"),
        ({"purpose": "no_such_purpose"}, "unknown_purpose"),
        ({"where": ""}, "incomplete"),
        ({"happened": "   "}, "incomplete"),
        ({"subject_kind": "planet"}, "values_wrong"),
        ({"title": "a\x00b"}, "values_wrong"),
        ({"surprise": 1}, "values_wrong"),
        ({"people": [{"role": "nobody", "family": "Marsden"}]}, "unknown_role"),
        ({"people": [{"role": "complainant"}]}, "name_missing"),
        (
            {"people": [{"role": "complainant", "family": "M", "address": "1 Road", "postcode": "?"}]},
            "postcode_wrong",
        ),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(
    world: None, cast: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    _, secret = a_key(cast)
    answer = send(secret, a_body(**change))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert of_priya(cast) == []


def test_a_body_that_is_too_large_or_not_json_is_refused_before_it_is_read(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = a_key(cast)
    assert send(secret, "{", mark="mark-0009").status_code == 400
    assert send(secret, "a=b", content_type="application/x-www-form-urlencoded").status_code == 415
    monkeypatch.setattr(intake_api, "MOST_BYTES", 10)
    assert send(secret, a_body()).status_code == 413
    assert of_priya(cast) == []


def test_only_a_key_opens_the_door(
    world: None, cast: dict[str, Any], client_for: Callable[..., Client]
) -> None:
    key, _ = a_key(cast)
    for wrong in ("", "shk_nonsense", key.token_hash):
        answer = get(wrong, "referrals")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert client_for("maya.manager").get("/api/v1/referrals").status_code == 401, (
        "a session opens nothing here"
    )


def test_a_key_does_only_what_its_scopes_say(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast, scopes=["referrals:read"])
    assert get(secret, "referrals").status_code == 200
    for answer in (send(secret, a_body()), get(secret, "cases"), get(secret, "actions")):
        assert (answer.status_code, answer.json()["code"]) == (403, "needs_scope")
    assert of_priya(cast) == []


def test_a_key_that_was_ended_or_has_expired_opens_nothing(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret = a_key(cast, days=3)
    assert get(secret, "reference").status_code == 200
    day = clock.today()
    with monkeypatch.context() as changed:
        changed.setattr(clock, "today", lambda: day + timedelta(days=4))
        assert get(secret, "reference").status_code == 401
        assert actor_for(key.account).unit is None
    with entered(cast["priya.partner"]):
        end_key(key_id=key.public_id, by=actor(cast, "priya.partner"))
    assert get(secret, "reference").status_code == 401
    assert not actor_for(key.account).has(Permission.WORK_ON_MATTERS)


def test_another_agencys_key_sees_nothing_of_it(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast)
    sent = send(secret, a_body()).json()
    case = a_case(cast)
    action = an_action(cast, case, unit_of_username="priya.partner")
    _, other = a_key(cast, "fergus.former")
    assert get(other, "referrals").json()["items"] == []
    assert get(other, f"referrals/{sent['id']}").status_code == 404
    assert get(other, "cases").json()["items"] == []
    assert get(other, "actions").json()["items"] == []
    done = Client().post(
        f"/api/v1/actions/{action.public_id}/done",
        json.dumps({"evidence": "Yes"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {other}"},
    )
    assert done.status_code == 404


def test_a_unit_reads_the_fate_of_its_referral_and_no_more(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast)
    sent = send(secret, a_body()).json()
    fate = get(secret, f"referrals/{sent['id']}").json()
    assert (fate["status"], fate["status_words"], fate["answer"]) == ("sent", "Waiting for a decision", "")
    assert "happened" not in fate and "urgent_why" not in fate


def test_lists_are_bounded_and_say_whether_there_is_more(world: None, cast: dict[str, Any]) -> None:
    _, secret = a_key(cast)
    stood = len(get(secret, "referrals?per_page=100").json()["items"])
    for n in range(3):
        send(secret, a_body(title=f"Number {n}"), mark=f"mark-000{n}")
    first = get(secret, "referrals?per_page=2").json()
    assert ([one["title"] for one in first["items"]], first["next_page"]) == (["Number 2", "Number 1"], 2)
    second = get(secret, "referrals?per_page=2&page=2").json()
    assert second["items"][0]["title"] == "Number 0"
    last = get(secret, f"referrals?per_page=2&page={(stood + 4) // 2}").json()
    assert (len(last["items"]), last["next_page"]) == (2 - (stood + 3) % 2, None)
    assert get(secret, "referrals?per_page=101").status_code == 422


def test_a_unit_reads_its_actions_and_records_one_as_done(world: None, cast: dict[str, Any]) -> None:
    case = a_case(cast)
    action = an_action(cast, case, unit_of_username="priya.partner")
    _, secret = a_key(cast)
    shown = {one["id"]: one["case"] for one in get(secret, "actions").json()["items"]}
    assert shown[action.public_id] == case.matter.reference
    answers = [
        Client().post(
            f"/api/v1/actions/{action.public_id}/done",
            json.dumps({"evidence": "Seen on Tuesday."}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 409]
    with entered(cast["priya.partner"]):
        assert Action.objects.get(pk=action.pk).status == "done"


def test_an_agreement_that_is_suspended_closes_a_key_too(world: None, cast: dict[str, Any]) -> None:
    from saferhub.sharing.models import Agreement

    case = a_case(cast)
    _, secret = a_key(cast)
    assert case.matter.reference in [one["reference"] for one in get(secret, "cases").json()["items"]]
    Agreement.objects.filter(code="hubs_2018").update(status="suspended")
    assert get(secret, "cases").json()["items"] == []
    assert get(secret, "reference").json()["hubs"] == []
    assert send(secret, a_body()).status_code == 422


def test_a_key_that_calls_too_often_is_told_to_wait(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.casework.views import intake_api_calls

    monkeypatch.setattr(intake_api_calls, "MOST_CALLS", 2)
    _, secret = a_key(cast)
    answers = [get(secret, "reference") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"


def test_nobody_signs_in_with_the_account_of_a_key(world: None, cast: dict[str, Any]) -> None:
    key, _ = a_key(cast)
    account = User.objects.get(pk=key.account_id)
    assert (account.kind, account.is_active, account.has_usable_password()) == (Kind.TOKEN, False, False)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").status_code == 302


def test_the_description_says_every_call_and_its_page_needs_no_script_from_elsewhere(world: None) -> None:
    told = Client().get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == {
        "/api/v1/referrals", "/api/v1/referrals/{public_id}", "/api/v1/cases", "/api/v1/actions",
        "/api/v1/actions/{public_id}/done", "/api/v1/reference",
    }  # fmt: skip
    page = Client().get("/api/v1/docs").content.decode()
    assert "Idempotency-Key" in page and "https://cdn" not in page
