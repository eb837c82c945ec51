"""Keys are allowed by whoever gives them, drawn by the unit whose they are, and ended by either."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.http import Http404
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.access.intake import unit_of_key
from saferhub.casework.models import ApiToken
from saferhub.casework.operations.intake_keys import allow_key, draw_secret, end_key, hash_of, key_of
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.models import EntryVersion
from saferhub.partnership.queries.members import open_work
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Folder
from tests.builders.casework import actor, unit_of
from tests.builders.casework_intake import a_key

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])


def test_whoever_allows_a_key_never_holds_its_secret(world: None, cast: dict[str, Any]) -> None:
    key, secret = a_key(cast)
    stored = ApiToken.objects.get(pk=key.pk)
    assert stored.token_hash == hash_of(secret)
    for username in ("colin.coordinator", "maya.manager"):
        with entered(cast[username]), pytest.raises(NotAllowed) as refused:
            draw_secret(key_id=key.public_id, by=actor(cast, username))
        assert refused.value.code == "key_of_another_unit"
    assert ApiToken.objects.get(pk=key.pk).token_hash == stored.token_hash


def test_a_stranger_does_not_find_a_key(world: None, cast: dict[str, Any]) -> None:
    key, _ = a_key(cast)
    for username in ("fergus.former", "olivia.outsider"):
        with entered(cast[username]):
            for act in (draw_secret, end_key):
                with pytest.raises(Http404):
                    act(key_id=key.public_id, by=actor(cast, username))


def test_a_new_secret_ends_the_one_before(world: None, cast: dict[str, Any]) -> None:
    key, first = a_key(cast)
    with entered(cast["priya.partner"]):
        priya = actor(cast, "priya.partner")
        second = draw_secret(key_id=key.public_id, by=priya)
    assert key_of(first, priya.on) is None
    found = key_of(second, priya.on)
    assert found is not None and found.pk == key.pk
    assert ApiToken.objects.get(pk=key.pk).used_at is not None
    assert Entry.objects.filter(event="key.drawn").count() == 2


def test_a_key_that_was_ended_is_drawn_no_more(world: None, cast: dict[str, Any]) -> None:
    key, _ = a_key(cast)
    with entered(cast["maya.manager"]):
        end_key(key_id=key.public_id, by=actor(cast, "maya.manager"))
        end_key(key_id=key.public_id, by=actor(cast, "maya.manager"))
    assert Entry.objects.filter(event="key.ended").count() == 1
    with entered(cast["priya.partner"]), pytest.raises(Refusal) as refused:
        draw_secret(key_id=key.public_id, by=actor(cast, "priya.partner"))
    assert refused.value.code == "key_ended"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scopes": []}, "scopes_missing"),
        ({"scopes": ["everything"]}, "unknown_scope"),
        ({"label": "  "}, "label_missing"),
        ({"days": -1}, "expiry_passed"),
        ({"days": 367}, "expiry_too_far"),
    ],
)
def test_what_cannot_be_allowed_is_refused(
    world: None, cast: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        wanted = {"label": "Case system", "scopes": ["referrals:write"], "days": 30} | change
        days = wanted.pop("days")
        with pytest.raises(Refusal) as refused:
            allow_key(
                unit=unit_of(cast, "priya.partner"), expires_on=colin.on + timedelta(days=days), by=colin, on=colin.on,
                **wanted,
            )  # fmt: skip
        assert refused.value.code == code
    assert not ApiToken.objects.exists()


def test_who_does_not_give_keys_allows_none(world: None, cast: dict[str, Any]) -> None:
    for username in ("rachel.referrer", "chris.chair", "ian.governance"):
        with entered(cast[username]):
            who = actor(cast, username)
            with pytest.raises(NotAllowed):
                allow_key(
                    unit=unit_of(cast, "rachel.referrer"), label="x", scopes=["referrals:write"],
                    expires_on=who.on, by=who, on=who.on,
                )  # fmt: skip


def test_the_pages_allow_draw_and_end(
    world: None, cast: dict[str, Any], client_for: Callable[..., Client]
) -> None:
    colin, priya = client_for("colin.coordinator"), client_for("priya.partner")
    day = actor(cast, "colin.coordinator").on + timedelta(days=30)
    answer = colin.post(
        reverse("key-allow"),
        {
            "unit": unit_of(cast, "priya.partner").public_id, "label": "Rio", "scopes": ["referrals:read"],
            "expires_on_day": day.day, "expires_on_month": day.month, "expires_on_year": day.year, "once": "b" * 22,
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    key = ApiToken.objects.get(label="Rio")
    assert "Waits for its unit" in colin.get(reverse("keys")).content.decode()
    assert colin.get(reverse("key-draw", args=[key.public_id])).status_code == 403
    drawn = priya.post(reverse("key-draw", args=[key.public_id])).content.decode()
    secret = re.search(r"shk_[A-Za-z0-9_-]+", drawn)
    assert secret is not None and key_of(secret[0], day) is not None
    assert secret[0] not in priya.get(reverse("keys")).content.decode()
    priya.post(reverse("key-end", args=[key.public_id]))
    assert key_of(secret[0], day) is None


def test_a_key_remembers_who_drew_it_and_asks_for_renewal_when_she_leaves(cast: dict[str, Any]) -> None:
    key, _ = a_key(cast)
    priya = cast["priya.partner"]
    assert ApiToken.objects.get(pk=key.pk).drawn_by == priya.public_id
    with entered(cast["maya.manager"]):
        maya = actor(cast, "maya.manager")
        (work,) = [one for one in open_work(priya, maya) if one.title.startswith(key.label)]
        # She may end it, and does not see what its unit sees.
        assert work.url == reverse("keys")
    with entered(priya):
        (work,) = [
            one for one in open_work(priya, actor(cast, "priya.partner")) if one.title.startswith(key.label)
        ]
        assert work.url == reverse("key-draw", args=[key.public_id])
    with entered(cast["maya.manager"]):
        end_key(key_id=key.public_id, by=maya)
        assert not [one for one in open_work(priya, maya) if one.title.startswith(key.label)]


def test_a_key_of_an_agency_that_works_here_no_more_opens_nothing_at_either_wall(
    cast: dict[str, Any],
) -> None:
    key, secret = a_key(cast)
    priya = actor(cast, "priya.partner")
    assert priya.agency is not None
    with entered(key.account):
        assert Folder.objects.exists()
    assert unit_of_key(key.account, priya.on) == key.unit
    versions = EntryVersion.objects.in_force_on(priya.on).filter(entry=priya.agency.entry_id)
    assert versions.update(withdrawn_in=F("recorded_in")) == 1
    assert key_of(secret, priya.on) is None and unit_of_key(key.account, priya.on) is None
    with entered(key.account):
        assert not Folder.objects.exists()
    with entered(cast["priya.partner"]), pytest.raises(Refusal) as refused:
        draw_secret(key_id=key.public_id, by=priya)
    assert refused.value.code == "unit_closed"
