"""Requests for sight: asked, decided, seen by two sides and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.access.requests import requests_visible_to
from saferhub.sharing.demonstration_matters import FLATS
from saferhub.sharing.entering import entered
from saferhub.sharing.models import AccessRequest, Agreement, AgreementParty, Because, Interest, Matter
from saferhub.sharing.operations import requests as operations
from saferhub.sharing.queries import requests as queries
from saferhub.sharing.queries.who_can_see import who_can_see
from saferhub.sharing.registries import going_along

Actors = Callable[[str], Any]
Clients = Callable[..., Client]
STRANGERS = ("nadia.neighbour", "fergus.former", "olivia.outsider", "ian.governance")


def _token(actor: Any, purpose: str = "reduce_asb") -> str:
    with entered(actor.user), connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM gate.point('Sabina', 'Exemplar', %s, '', '', %s)", [date(1987, 2, 11), purpose]
        )
        (token,) = cursor.fetchone()
    return str(token)


def _asked(actor: Any, token: str = "", purpose: str = "reduce_asb") -> AccessRequest:
    with entered(actor.user):
        return operations.ask(
            purpose=purpose, least="Whether visiting officers are at risk.", until=actor.on + timedelta(days=30),
            about={"name": "Sabina Exemplar", "born": "11 February 1987"}, token=token or _token(actor, purpose),
            by=actor, on=actor.on,
        )  # fmt: skip


def _moved(actor: Any) -> Matter:
    with entered(actor.user):
        return matters_visible_to(actor).get(title__startswith="Threats")


def test_a_request_finds_its_ground_and_its_day(actor_of: Actors) -> None:
    made = _asked(actor_of("priya.partner"))
    assert made.gateway == "crime_and_disorder"
    assert made.folder.hub is not None and made.folder.hub.code == "selby"
    # Tuesday 28 August 2018 and two working days.
    assert made.due_on - made.asked_on == timedelta(days=2)


def test_sight_is_given_to_the_unit_that_asked_until_the_last_day(actor_of: Actors) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    made = _asked(priya)
    matter = _moved(colin)
    with entered(colin.user):
        operations.grant(
            request_id=made.public_id,
            matter_id=matter.public_id,
            until=made.until,
            reason="",
            by=colin,
            on=colin.on,
        )
        interest = Interest.objects.get(folder=matter.folder, because=Because.REQUEST)
        assert interest.unit == priya.unit
        assert interest.agreement == made.agreement
    with entered(priya.user):
        assert matters_visible_to(priya).filter(pk=matter.pk).exists()


@pytest.mark.parametrize(("days", "code"), [(-1, "until_passed"), (31, "until_too_late")])
def test_sight_is_given_no_longer_than_asked(actor_of: Actors, days: int, code: str) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    made, matter = _asked(priya), _moved(colin)
    with pytest.raises(Refusal) as refused, entered(colin.user):
        operations.grant(
            request_id=made.public_id, matter_id=matter.public_id, until=colin.on + timedelta(days=days), reason="",
            by=colin, on=colin.on,
        )  # fmt: skip
    assert refused.value.code == code


def test_a_request_under_a_suspended_agreement_gives_nothing(actor_of: Actors) -> None:
    priya, maya = actor_of("priya.partner"), actor_of("maya.manager")
    made, matter = _asked(priya), _moved(maya)
    # The lead authority sees its hubs without an agreement.
    Agreement.objects.filter(pk=made.agreement_id).update(status="suspended")
    with pytest.raises(Refusal) as refused, entered(maya.user):
        operations.grant(
            request_id=made.public_id,
            matter_id=matter.public_id,
            until=maya.on,
            reason="",
            by=maya,
            on=maya.on,
        )
    assert refused.value.code == "agreement_not_in_force"


def test_only_the_hub_that_was_asked_decides(actor_of: Actors) -> None:
    priya = actor_of("priya.partner")
    made = _asked(priya)
    with pytest.raises(NotAllowed), entered(priya.user):
        operations.refuse(request_id=made.public_id, reason="No", by=priya)
    chris = actor_of("chris.chair")
    with pytest.raises(NotAllowed), entered(chris.user):
        operations.refuse(request_id=made.public_id, reason="No", by=chris)


def test_a_decision_is_made_once_and_told(actor_of: Actors, django_capture_on_commit_callbacks: Any) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    made = _asked(priya)
    with django_capture_on_commit_callbacks(execute=True), entered(colin.user):
        operations.answer(request_id=made.public_id, answer="By telephone.", by=colin)
    assert [message.to for message in mail.outbox] == [[priya.user.email]]
    assert "Sabina" not in mail.outbox[0].body
    with pytest.raises(Refusal) as refused, entered(colin.user):
        operations.refuse(request_id=made.public_id, reason="No", by=colin)
    assert refused.value.code == "already_decided"
    with entered(priya.user):
        titles = [item.title for item in queries.work_items(priya)]
    assert titles == ["Read the answer to your request"]


def test_it_waits_in_the_deciders_work(actor_of: Actors) -> None:
    made, colin = _asked(actor_of("priya.partner")), actor_of("colin.coordinator")
    with entered(colin.user):
        (item,) = queries.work_items(colin)
    assert (item.title, item.due_on) == ("Decide what NHS mental health provider may see", made.due_on)


def test_a_pointer_is_its_readers_own_and_its_purposes(actor_of: Actors) -> None:
    priya, rachel = actor_of("priya.partner"), actor_of("rachel.referrer")
    with pytest.raises(Refusal) as refused:
        _asked(rachel, token=_token(priya))
    assert refused.value.code == "pointer_gone"
    with pytest.raises(Refusal) as refused:
        _asked(priya, token=_token(priya), purpose="safeguard_adult")
    assert refused.value.code == "other_purpose_pointed"


def test_an_agency_without_an_agreement_is_told_what_is_missing(actor_of: Actors) -> None:
    priya = actor_of("priya.partner")
    token = _token(priya)
    Agreement.objects.filter(partnership=priya.partnership).update(status="suspended")
    with pytest.raises(Refusal) as refused:
        _asked(priya, token=token)
    assert refused.value.code == "no_agreement"


def test_strangers_see_no_request(actor_of: Actors, client_for: Clients) -> None:
    made = _asked(actor_of("priya.partner"))
    for username in STRANGERS:
        actor = actor_of(username)
        with entered(actor.user):
            assert not requests_visible_to(actor).filter(pk=made.pk).exists()
        for part in ("", "grant/", "answer/", "refuse/", "withdraw/"):
            assert client_for(username).get(f"/requests/{made.public_id}/{part}").status_code == 404


def test_a_purpose_that_names_no_hub_never_names_it_to_the_asker(
    client_for: Clients, cast: dict[str, Any]
) -> None:
    client = client_for("rachel.referrer")
    born = {
        "born_0": "11",
        "born_1": "2",
        "born_2": "1987",
        "born_day": "11",
        "born_month": "2",
        "born_year": "1987",
    }
    answer = client.post("/search/", {"purpose": "domestic_abuse", "name": "Sabina Exemplar", **born})
    results = client.get(answer["Location"]).content.decode()
    assert "MARAC co-ordinator" in results
    assert "Selby Community Safety Hub" not in results
    token = results.split("/requests/ask/")[1].split("/")[0]
    assert "Selby Community Safety Hub" not in client.get(f"/requests/ask/{token}/").content.decode()
    assert "Selby Community Safety Hub" not in client.get(f"/emergencies/open/{token}/").content.decode()


def test_asking_by_page_ends_on_the_request(client_for: Clients, actor_of: Actors) -> None:
    client = client_for("priya.partner")
    token = _token(actor_of("priya.partner"))
    day = actor_of("priya.partner").on + timedelta(days=20)
    until = {"until_day": day.day, "until_month": day.month, "until_year": day.year} | {
        "until_0": day.day, "until_1": day.month, "until_2": day.year
    }  # fmt: skip
    answer = client.post(f"/requests/ask/{token}/", {"least": "Whether it is safe to visit.", **until})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Whether it is safe to visit." in page
    decider = client_for("colin.coordinator")
    assert "Give sight" in decider.get(answer["Location"]).content.decode()
    assert decider.get(f"{answer['Location']}grant/").status_code == 200


def test_a_pointer_that_is_gone_refuses_in_the_same_words_as_one_that_never_was(
    client_for: Clients, actor_of: Actors
) -> None:
    token = _token(actor_of("priya.partner"))
    client = client_for("rachel.referrer")
    others, missing = client.get(f"/requests/ask/{token}/"), client.get(f"/requests/ask/{'0' * 32}/")
    assert (others.status_code, missing.status_code) == (409, 409)
    assert "no longer good" in others.content.decode()


def _grant(made: AccessRequest, matter: Matter, by: Any, reason: str = "") -> AccessRequest:
    with entered(by.user):
        return operations.grant(
            request_id=made.public_id, matter_id=matter.public_id, until=made.until, reason=reason, by=by, on=by.on
        )  # fmt: skip


def test_sight_rests_on_no_agreement_that_the_matters_own_agency_never_signed(actor_of: Actors) -> None:
    priya, maya = actor_of("priya.partner"), actor_of("maya.manager")
    made, matter = _asked(priya), _moved(maya)
    signed = AgreementParty.objects.filter(agreement=made.agreement, agency=matter.unit.agency_id)
    assert signed.update(withdrawn_on=maya.on, withdrawn_reason="Another way was found") == 1
    with pytest.raises(Refusal) as refused:
        _grant(made, matter, maya)
    assert refused.value.code == "owner_no_party"
    with entered(maya.user):
        assert not Interest.objects.filter(folder=matter.folder, because=Because.REQUEST).exists()


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("They house her now.", "They house her now."), ("", "Whether visiting officers are at risk.")],
)
def test_why_sight_was_given_stands_with_who_can_see(actor_of: Actors, reason: str, kept: str) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    made, matter = _asked(priya), _moved(colin)
    _grant(made, matter, colin, reason)
    with entered(colin.user):
        found = who_can_see(colin, matters_visible_to(colin).get(pk=matter.pk))
        assert kept in {row.reason for row in found.rows}


def test_the_deciders_name_does_not_tell_the_hub_that_a_purpose_hides(
    actor_of: Actors, client_for: Clients
) -> None:
    rachel, colin = actor_of("rachel.referrer"), actor_of("colin.coordinator")
    made = _asked(rachel, purpose="domestic_abuse")
    with entered(colin.user):
        operations.answer(request_id=made.public_id, answer="By telephone.", by=colin)
    asked = client_for("rachel.referrer").get(f"/requests/{made.public_id}/").content.decode()
    assert colin.user.name not in asked and "MARAC co-ordinator, " in asked
    assert (
        colin.user.name
        in client_for("colin.coordinator").get(f"/requests/{made.public_id}/").content.decode()
    )


def test_who_took_a_request_back_is_named_to_her_own_side(actor_of: Actors, client_for: Clients) -> None:
    rachel = actor_of("rachel.referrer")
    made = _asked(rachel, purpose="domestic_abuse")
    with entered(rachel.user):
        operations.withdraw(request_id=made.public_id, by=rachel)
    page = client_for("rachel.referrer").get(f"/requests/{made.public_id}/").content.decode()
    assert f'<p class="sh-note">{rachel.user.name}, ' in page


def test_work_shows_the_first_requests_and_a_way_to_the_rest(
    actor_of: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    made = [_asked(priya) for _ in range(4)]
    monkeypatch.setattr(queries, "MOST_WORK", 2)
    with entered(colin.user):
        items = list(queries.work_items(colin))
        assert [item.step for item in items] == ["Decide", "Decide", "See"]
        assert items[-1].url == "/requests/?state=waiting&side=deciding"
        for one in made:
            operations.answer(request_id=one.public_id, answer="By telephone.", by=colin)
    with entered(priya.user):
        items = list(queries.work_items(priya))
    assert [item.step for item in items] == ["Read", "Read", "See"]


def test_looking_at_the_list_is_logged_with_its_number_of_rows(client_for: Clients, actor_of: Actors) -> None:
    priya = actor_of("priya.partner")
    _asked(priya)
    client_for("priya.partner").get("/requests/")
    entry = Entry.objects.filter(event="sharing.requests_seen", actor=priya.public_id).latest("id")
    assert (entry.kind, entry.codes["rows"]) == ("sight", 1)


def _until(day: date, name: str = "until") -> dict[str, int]:
    """A day as the form sends it."""
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year} | {
        f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year
    }  # fmt: skip


def test_asking_for_what_one_sees_already_says_so_and_leads_there(
    actor_of: Actors, client_for: Clients
) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    with entered(priya.user):
        seen = matters_visible_to(priya).get(title=FLATS)
    hidden = _moved(colin)
    client = client_for("priya.partner")
    given = {
        "purpose": "reduce_asb",
        "least": "Whether it is safe to visit.",
        **_until(priya.on + timedelta(days=30)),
    }
    text = client.post("/requests/ask/", given | {"reference": seen.reference.lower()}).content.decode()
    assert "You see it already" in text and f"/matters/{seen.public_id}/" in text
    missing = f"{hidden.reference.partition('-')[0]}-9999-ZZ"
    for reference in (hidden.reference, missing):
        answer = client.post("/requests/ask/", given | {"reference": reference})
        assert answer.status_code == 302, "hidden and missing are asked for alike"
    with entered(priya.user), pytest.raises(Refusal) as refused:
        operations.ask(
            purpose="reduce_asb", least="x", until=priya.on, about={}, reference=seen.reference, by=priya, on=priya.on
        )  # fmt: skip
    assert refused.value.code == "seen_already"


def test_granting_says_what_goes_along_before_it_is_done(actor_of: Actors, client_for: Clients) -> None:
    priya, colin = actor_of("priya.partner"), actor_of("colin.coordinator")
    made = _asked(priya)
    with entered(colin.user):
        flats = matters_visible_to(colin).get(title=FLATS)
    client = client_for("colin.coordinator")
    url = f"/requests/{made.public_id}/grant/"
    assert "This goes along" not in client.get(url).content.decode(), "no matter is chosen yet"
    assert "This goes along" in client.get(f"{url}?matter={flats.public_id}").content.decode()
    given = {"matter": flats.public_id, "reason": "", **_until(made.until)}
    first = client.post(url, given)
    text = first.content.decode()
    assert first.status_code == 200 and "Read this before you give sight" in text
    for words in ("This goes along", "Joanne Frith: safe contact. Must not know: Marcus Tindall"):
        assert words in text, words
    with entered(colin.user):
        assert AccessRequest.objects.get(pk=made.pk).status == "asked"
    assert client.post(url, given | {"confirmed": flats.public_id}).status_code == 302


def test_requests_and_emergencies_stand_beside_each_other(client_for: Clients) -> None:
    for name in ("colin.coordinator", "priya.partner", "maya.manager"):
        client = client_for(name)
        for url in ("/requests/", "/emergencies/"):
            text = client.get(url).content.decode()
            assert 'href="/requests/"' in text and 'href="/emergencies/"' in text, (name, url)
    text = client_for("ian.governance").get("/emergencies/").content.decode()
    assert "Requests and emergencies" not in text, "he asks for nothing"


def test_a_contact_is_reached_by_telephone_and_else_by_mail(actor_of: Actors) -> None:
    colin = actor_of("colin.coordinator")
    hub = _asked(actor_of("priya.partner")).folder.hub
    assert hub is not None
    (contact,) = queries.contacts_of(hub, colin.on)
    assert contact.reach == colin.user.telephone.strip() != ""
    type(colin.user).objects.filter(pk=colin.user.pk).update(telephone="")
    (contact,) = queries.contacts_of(hub, colin.on)
    assert contact.reach == colin.user.email


def test_protected_addresses_and_numbers_are_named_among_what_goes_along(actor_of: Actors) -> None:
    colin = actor_of("colin.coordinator")
    matter = _moved(colin)
    with entered(colin.user):
        found = going_along(colin, matter)
    assert "Sabina Exemplar: a protected address" in found
    assert "Sabina Exemplar: a protected telephone number or e-mail address" in found
    assert "Ricky Exemplar must not learn about Sabina Exemplar" in found
    assert not any("Haven" in sentence or "07700" in sentence for sentence in found), (
        "it names, and tells nothing"
    )
