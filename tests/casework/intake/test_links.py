"""Links for partners without an account: one referral, one receipt, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from saferhub.accounts.models import Kind, User
from saferhub.audit.models import Entry
from saferhub.casework.access.intake import actor_by_link
from saferhub.casework.models import Referral, ReferralLink, Source
from saferhub.casework.operations.intake_links import end_link
from saferhub.casework.queries.intake_giving import last_day_of, units_offered
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Permission, actor_for
from saferhub.sharing.access.sight import folders_readable_by
from saferhub.sharing.entering import entered, entered_as, entered_by_link
from saferhub.sharing.models import Folder
from tests.builders.casework import actor
from tests.builders.casework_intake import a_link

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])


def filled(client: Client, secret: str, **more: str) -> dict[str, str]:
    """The form as it is drawn, filled in."""
    drawn = client.get(f"/r/{secret}/").content.decode()
    found = re.search(r'name="mark" value="([^"]+)"', drawn)
    assert found is not None
    return {
        "mark": found[1],
        "referrer_name": "Ines Calder",
        "referrer_contact": "01632 960118",
        "subject_kind": "location",
        "title": "Fires behind the school",
        "happened": "Small fires each weekend since June.",
        "where": "The path behind the school",
        "tried": "We have locked the gate.",
        "asked_for": "Somebody to bring the agencies together.",
        "children": "no",
        "urgent": "no",
    } | more


def filed(cast: dict[str, Any]) -> list[Referral]:
    with entered(cast["colin.coordinator"]):
        return list(Referral.objects.filter(source=Source.LINK).select_related("matter", "unit__agency"))


def test_whoever_has_the_link_sends_a_referral_and_gets_a_receipt(world: None, cast: dict[str, Any]) -> None:
    link, secret = a_link(cast)
    client = Client()
    answer = client.post(f"/r/{secret}/", filled(client, secret))
    (found,) = filed(cast)
    assert answer.status_code == 200
    assert found.matter.reference in answer.content.decode()
    assert "Small fires" not in answer.content.decode(), "nothing is shown back"
    assert (found.unit, found.referrer_name, found.hub_id) == (link.unit, "Ines Calder", link.hub_id)
    entry = Entry.objects.filter(event="referral.sent").latest("id")
    assert (entry.actor, entry.partnership) == (link.account.public_id, "north_yorkshire")
    assert Entry.objects.filter(event="link.used").count() == 1


def test_the_page_needs_no_session_says_999_and_stays_out_of_search(
    world: None, cast: dict[str, Any]
) -> None:
    _, secret = a_link(cast)
    answer = Client().get(f"/r/{secret}/")
    body = answer.content.decode()
    assert "999" in body and "101" in body and "safeguarding" in body
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert 'role="search"' not in body


def test_a_double_click_makes_one_referral_and_gives_one_receipt(world: None, cast: dict[str, Any]) -> None:
    link, secret = a_link(cast, most_uses=3)
    client = Client()
    form = filled(client, secret)
    first, second = client.post(f"/r/{secret}/", form), client.post(f"/r/{secret}/", form)
    (found,) = filed(cast)
    assert found.matter.reference in first.content.decode()
    assert found.matter.reference in second.content.decode()
    assert ReferralLink.objects.get(pk=link.pk).uses == 1


def test_a_form_with_something_missing_keeps_what_was_typed_and_uses_nothing_up(
    world: None, cast: dict[str, Any]
) -> None:
    link, secret = a_link(cast)
    client = Client()
    answer = client.post(f"/r/{secret}/", filled(client, secret, where="", asked_for=""))
    body = answer.content.decode()
    assert "Small fires each weekend since June." in body
    assert "Enter what you ask the hub to do" in body
    answer = client.post(f"/r/{secret}/", filled(client, secret, where=""))
    assert "Say where it happens" in answer.content.decode(), "the rule's answer stands beside its field"
    assert filed(cast) == []
    assert ReferralLink.objects.get(pk=link.pk).uses == 0


def test_wrong_expired_ended_and_used_up_read_alike(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, used = a_link(cast)
    client = Client()
    client.post(f"/r/{used}/", filled(client, used))
    ended, ended_secret = a_link(cast)
    with entered(cast["colin.coordinator"]):
        end_link(link_id=ended.public_id, by=actor(cast, "colin.coordinator"))
    late, late_secret = a_link(cast)
    ReferralLink.objects.filter(pk=late.pk).update(expires_at=clock.real_now() - timedelta(minutes=1))
    pages = set()
    for secret in ("no-such-secret", used, ended_secret, late_secret):
        for answer in (
            client.get(f"/r/{secret}/"),
            client.post(f"/r/{secret}/", {"mark": "other", "title": "x"}),
        ):
            assert answer.status_code == 404
            pages.add(re.sub(r'nonce="[^"]+"|value="[^"]+"|/r/[^/]+/', "", answer.content.decode()))
    assert len(pages) == 1
    assert len(filed(cast)) == 1


def test_the_account_of_a_link_sees_nothing_by_either_wall(world: None, cast: dict[str, Any]) -> None:
    link, _ = a_link(cast)
    account = User.objects.get(pk=link.account_id)
    assert (account.kind, account.is_active) == (Kind.LINK, False)
    with entered(account):
        assert entered_as() is None
        assert not Folder.objects.exists()
        assert not folders_readable_by(actor_for(account)).exists()
    assert not actor_for(account).has(Permission.WORK_ON_MATTERS)


def test_the_database_opens_to_the_secret_alone_and_only_for_its_uses(
    world: None, cast: dict[str, Any]
) -> None:
    link, secret = a_link(cast)
    with entered_by_link(link.token_hash) as number:
        assert (number, entered_as()) == (None, None), "what is stored opens nothing"
    with entered_by_link(secret) as number:
        assert number == link.account_id
        with connection.cursor() as cursor:
            cursor.execute("SELECT gate.hubs(), gate.governs(), gate.deciding()")
            assert cursor.fetchone() == ([], None, [])
        by_database = set(Folder.objects.values_list("pk", flat=True))
        by_loaders = set(folders_readable_by(actor_by_link(link, clock.today())).values_list("pk", flat=True))
        assert by_database == by_loaders
    assert entered_as() is None
    with entered_by_link(secret) as number:
        assert (number, entered_as()) == (None, None), "it is used up"


def test_the_agreement_of_a_link_closes_it(world: None, cast: dict[str, Any]) -> None:
    from saferhub.sharing.models import Agreement

    link, secret = a_link(cast)
    client = Client()
    form = filled(client, secret)
    Agreement.objects.filter(code="hubs_2018").update(status="suspended")
    answer = client.post(f"/r/{secret}/", form)
    assert answer.status_code == 200
    assert filed(cast) == []
    assert ReferralLink.objects.get(pk=link.pk).uses == 0


def test_who_does_not_give_keys_makes_no_link(world: None, cast: dict[str, Any]) -> None:
    from saferhub.casework.operations.intake_links import make_link

    link, _ = a_link(cast)
    wanted = {
        "unit": link.unit, "hub": link.hub, "purpose": link.purpose, "gateway": link.gateway,
        "agreement": link.agreement, "label": "Anybody", "days": 3, "most_uses": 1,
    }  # fmt: skip
    for username in ("rachel.referrer", "chris.chair", "ada.admin"):
        with entered(cast[username]), pytest.raises(NotAllowed):
            make_link(**wanted, by=actor(cast, username), on=clock.today())
    with entered(cast["maya.manager"]):
        for change, code in (
            ({"days": 91}, "expiry_too_far"),
            ({"most_uses": 0}, "uses_out_of_range"),
            ({"gateway": "victims_services"}, "does_not_rest"),
            ({"label": " "}, "label_missing"),
        ):
            with pytest.raises(Refusal) as refused:
                make_link(**(wanted | change), by=actor(cast, "maya.manager"), on=clock.today())
            assert refused.value.code == code


def test_the_pages_make_list_and_end_a_link(
    world: None, cast: dict[str, Any], client_for: Callable[..., Client]
) -> None:
    client = client_for("colin.coordinator")
    unit = actor(cast, "priya.partner").unit
    assert unit is not None
    form = {
        "unit": unit.public_id, "hub": "selby", "purpose": "reduce_asb", "label": "School nurse",
        "days": "7", "most_uses": "2", "once": "a" * 22,
    }  # fmt: skip
    answer = client.post(reverse("link-make"), form)
    if "One more question" in answer.content.decode():
        assert "There is a problem" not in answer.content.decode()  # nothing was wrong
        rests = re.search(
            r'name="rests"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="rests"', answer.content.decode()
        )
        assert rests is not None
        answer = client.post(reverse("link-make"), form | {"rests": rests[1] or rests[2]})
    address = re.search(r"/r/([A-Za-z0-9_-]+)/", answer.content.decode())
    assert address is not None, answer.content.decode()
    link = ReferralLink.objects.get(label="School nurse")
    listed = client.get(reverse("links")).content.decode()
    assert "School nurse" in listed and address[1] not in listed
    client.post(reverse("link-end", args=[link.public_id]))
    assert Client().get(f"/r/{address[1]}/").status_code == 404


def test_a_link_rests_only_on_what_the_units_own_kind_of_agency_may_tell_on(
    world: None, cast: dict[str, Any], client_for: Callable[..., Client]
) -> None:
    from saferhub.casework.operations.intake_links import make_link

    client = client_for("colin.coordinator")
    offered: dict[str, set[str]] = {}
    for whose in ("priya.partner", "rachel.referrer", "chris.chair"):
        unit = actor(cast, whose).unit
        assert unit is not None
        form = {
            "unit": unit.public_id, "hub": "selby", "purpose": "reduce_asb", "label": whose, "days": "7",
            "most_uses": "2", "once": "b" * 22,
        }  # fmt: skip
        answer = client.post(reverse("link-make"), form).content.decode()
        offered[whose] = set(re.findall(r'name="rests"[^>]*value="[^"]+:(\w+)"', answer))
    # Where there is one ground only, nothing is asked: the link is made.
    assert ReferralLink.objects.get(label="priya.partner").gateway == "crime_and_disorder"
    assert offered == {
        "priya.partner": set(),
        "rachel.referrer": {"crime_and_disorder", "council_functions"},
        "chris.chair": {"crime_and_disorder", "policing_purposes"},
    }
    link, _ = a_link(cast)
    with entered(cast["colin.coordinator"]), pytest.raises(Refusal) as refused:
        colin = actor(cast, "colin.coordinator")
        make_link(
            unit=link.unit, hub=link.hub, purpose=link.purpose, gateway="council_functions",
            agreement=link.agreement, label="Nurse", days=3, most_uses=1, by=colin, on=colin.on,
        )  # fmt: skip
    assert refused.value.code == "does_not_rest"


def test_the_last_day_of_a_link_is_said_by_the_clock_of_the_pages(world: None, cast: dict[str, Any]) -> None:
    link, _ = a_link(cast, days=7)
    assert last_day_of(link, clock.real_now()) == actor(cast, "colin.coordinator").on + timedelta(days=7)


def test_no_unit_is_offered_of_an_agency_that_does_not_exist_yet(world: None, cast: dict[str, Any]) -> None:
    offered = " ".join(words for _, words in units_offered(actor(cast, "colin.coordinator")))
    assert "Selby District Council" in offered
    assert "Integrated Care Board" not in offered and "North Yorkshire Council" not in offered
