"""Handing a matter over: every agency's sight is decided again, and the walls follow."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.demonstration_matters import BEFRIENDED, CONDUCT, FLATS, NEXT_DOOR
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, AgreementHub, Folder, Handover, Interest, Matter
from saferhub.sharing.operations import folders, interests_given
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.queries.handover import deciding
from saferhub.sharing.rules import handover as rules

TODAY = date(2018, 8, 28)


@pytest.fixture
def as_(cast, actor_of):
    @contextmanager
    def block(who):
        with entered(cast[who]):
            yield actor_of(who)

    return block


@pytest.fixture
def matter_of(as_):
    def found(title, who="colin.coordinator"):
        with as_(who):
            return Matter.objects.select_related("folder", "hub", "unit__agency", "partnership").get(
                title=title
            )

    return found


@pytest.fixture
def scarborough(north_yorkshire):
    return Hub.objects.get(partnership=north_yorkshire, code="scarborough")


def seers(as_, cast, folder):
    found = set()
    for who in cast:
        with as_(who):
            if Folder.objects.filter(pk=folder.pk).exists():
                found.add(who)
    return found


def decided(actor, matter, hub, unit, choice):
    return {one.standing.public_id: choice for one in deciding(actor, matter, hub, unit)}


def test_it_goes_only_when_every_interest_is_decided_and_the_refusal_names_the_others(
    as_, matter_of, scarborough, cast
):
    flats = matter_of(FLATS)
    with as_("colin.coordinator") as colin:
        first = Interest.objects.get(folder=flats.folder, agreement__code="mental_health_2018")
        with pytest.raises(Refusal) as caught:
            hand_over(
                matter_id=flats.public_id,
                to_hub=scarborough,
                to_unit=flats.unit,
                decisions={first.public_id: "keep"},
                reason="Moved",
                by=colin,
                on=TODAY,
            )
        assert caught.value.code == "undecided"
        assert "Victim support service" in caught.value.sentence and "mental" not in caught.value.sentence
        assert not Handover.objects.filter(matter=flats).exists()
    assert "colin.coordinator" in seers(as_, cast, flats.folder)


def test_it_goes_with_those_who_keep_sight_and_its_author_sees_it_for_a_day(
    as_, matter_of, scarborough, cast
):
    flats = matter_of(FLATS)
    with as_("colin.coordinator") as colin:
        alone = folders.open_folder(kind="person", by=colin)
        interests_given.put_in(matter_id=flats.public_id, folder_id=alone.public_id, by=colin, on=TODAY)
        decisions = {
            one.standing.public_id: "keep" if "mental" in one.standing.holder else "end"
            for one in deciding(colin, flats, scarborough, flats.unit)
        }
        made = hand_over(
            matter_id=flats.public_id,
            to_hub=scarborough,
            to_unit=flats.unit,
            decisions=decisions,
            reason="Moved",
            by=colin,
            on=TODAY,
        )
        assert (made.to_hub, made.from_hub.code, len(made.kept), len(made.ended)) == (
            scarborough,
            "selby",
            1,
            1,
        )
        own = Interest.objects.get(folder=flats.folder, user=colin.user)
        assert timedelta(hours=23) < own.valid_until - clock.now() <= timedelta(days=1)
        assert Entry.objects.filter(subject=flats.public_id, event="matter.handed_over").count() == 1
    wanted = {"colin.coordinator", "priya.partner", "rachel.referrer", "maya.manager"}
    assert seers(as_, cast, flats.folder) == wanted
    with as_("maya.manager"):
        moved = Matter.objects.get(pk=flats.pk)
        assert moved.hub_id == scarborough.pk
        Interest.objects.filter(folder=flats.folder, user=cast["colin.coordinator"]).update(
            valid_from=clock.now() - timedelta(days=2), valid_until=clock.now() - timedelta(days=1)
        )
    assert seers(as_, cast, flats.folder) == wanted - {"colin.coordinator"}
    with as_("maya.manager"):
        assert Folder.objects.get(pk=alone.pk).unit_id == alone.unit_id
    # The record stays its own unit's; the hub's others no longer see it.
    with as_("chris.chair"):
        assert not Folder.objects.filter(pk=alone.pk).exists()


def test_an_interest_under_an_agreement_that_does_not_cover_the_new_hub_cannot_be_kept(
    as_, matter_of, scarborough
):
    flats = matter_of(FLATS)
    agreement = Agreement.objects.get(code="mental_health_2018")
    Agreement.objects.filter(pk=agreement.pk).update(every_hub=False)
    AgreementHub.objects.get_or_create(agreement=agreement, hub=flats.hub)
    AgreementHub.objects.filter(agreement=agreement, hub=scarborough).delete()
    with as_("colin.coordinator") as colin:
        why = {
            one.standing.holder: one.standing.cannot_keep
            for one in deciding(colin, flats, scarborough, flats.unit)
        }
        assert [bool(words) for words in why.values()] == [True, False]
        with pytest.raises(Refusal) as caught:
            hand_over(
                matter_id=flats.public_id,
                to_hub=scarborough,
                to_unit=flats.unit,
                decisions=decided(colin, flats, scarborough, flats.unit, "keep"),
                reason="x",
                by=colin,
                on=TODAY,
            )
        assert caught.value.code == "cannot_keep" and "does not cover Scarborough" in caught.value.sentence


def test_a_unit_hands_its_own_matter_to_another_agency(as_, matter_of, cast, actor_of):
    next_door = matter_of(NEXT_DOOR, "rachel.referrer")
    unit = actor_of("chris.chair").unit
    with as_("rachel.referrer") as rachel:
        made = hand_over(
            matter_id=next_door.public_id,
            to_hub=None,
            to_unit=unit,
            decisions={},
            reason="x",
            by=rachel,
            on=TODAY,
        )
        assert made.to_unit == unit
    assert seers(as_, cast, next_door.folder) == {"rachel.referrer", "chris.chair"}


@pytest.mark.parametrize("who", ["priya.partner", "rachel.referrer", "chris.chair", "mina.minutes"])
def test_only_those_who_decide_hand_it_over(who, as_, matter_of, scarborough):
    flats = matter_of(FLATS)
    with as_(who) as actor, pytest.raises(NotAllowed):
        hand_over(
            matter_id=flats.public_id,
            to_hub=scarborough,
            to_unit=flats.unit,
            decisions={},
            reason="x",
            by=actor,
            on=TODAY,
        )


def test_where_it_cannot_go(as_, matter_of, cast, scarborough, actor_of):
    flats = matter_of(FLATS)
    weald = Unit.objects.select_related("agency").filter(agency__partnership__code="wealdshire").first()
    commissioner = (
        Unit.objects.select_related("agency")
        .filter(agency__partnership=flats.partnership, parent__isnull=True)
        .exclude(agency__in=Agreement.objects.filter(partnership=flats.partnership).values("parties__agency"))
        .first()
    )
    with as_("colin.coordinator") as colin:
        for hub, unit, code in (
            (flats.hub, flats.unit, "same_place"),
            (scarborough, weald, "other_partnership"),
            (scarborough, commissioner, "not_carried"),
        ):
            with pytest.raises(Refusal) as caught:
                hand_over(
                    matter_id=flats.public_id,
                    to_hub=hub,
                    to_unit=unit,
                    decisions={},
                    reason="x",
                    by=colin,
                    on=TODAY,
                )
            assert caught.value.code == code
        with pytest.raises(Refusal) as caught:
            hand_over(
                matter_id=flats.public_id,
                to_hub=scarborough,
                to_unit=flats.unit,
                decisions={},
                reason=" ",
                by=colin,
                on=TODAY,
            )
        assert caught.value.code == "reason_missing"


def test_a_restricted_matter_goes_only_where_somebody_named_works(as_, matter_of, scarborough, cast):
    conduct = matter_of(CONDUCT)
    with as_("colin.coordinator") as colin:
        rows = {
            one.standing.holder: one.standing.public_id
            for one in deciding(colin, conduct, scarborough, conduct.unit)
        }
        maya = next(number for holder, number in rows.items() if holder.startswith("Maya"))
        given = {
            "matter_id": conduct.public_id,
            "to_hub": scarborough,
            "to_unit": conduct.unit,
            "reason": "x",
        }
        with pytest.raises(Refusal) as caught:
            hand_over(**given, decisions=dict.fromkeys(rows.values(), "end"), by=colin, on=TODAY)
        assert caught.value.code == "nobody_receives"
        hand_over(
            **given,
            decisions={one: "keep" if one == maya else "end" for one in rows.values()},
            by=colin,
            on=TODAY,
        )
    assert seers(as_, cast, conduct.folder) == {"colin.coordinator", "maya.manager"}


def test_a_failure_at_the_end_leaves_everything_where_it_was(as_, matter_of, scarborough, cast, monkeypatch):
    flats = matter_of(FLATS)
    before = seers(as_, cast, flats.folder)

    def fail(*args, **kwargs):
        raise RuntimeError("stop")

    monkeypatch.setattr(Handover.objects, "create", fail)
    with as_("colin.coordinator") as colin, pytest.raises(RuntimeError):
        hand_over(
            matter_id=flats.public_id,
            to_hub=scarborough,
            to_unit=flats.unit,
            decisions=decided(colin, flats, scarborough, flats.unit, "end"),
            reason="x",
            by=colin,
            on=TODAY,
        )
    assert seers(as_, cast, flats.folder) == before


def test_the_page_asks_for_each_decision_and_then_hands_over(client_for, as_, matter_of, cast):
    flats = matter_of(FLATS)
    client = client_for("colin.coordinator")
    url = reverse("matter-hand-over", args=[flats.public_id])
    first = client.post(url, {"hub": "scarborough", "unit": flats.unit.public_id})
    assert first.status_code == 302
    text = client.get(first["Location"]).content.decode()
    assert "Community mental health, NHS mental health provider" in text and "checked" not in text
    missing = client.post(first["Location"], {}).content.decode()
    assert "Decide whether Caseworkers, Victim support service goes on seeing it" in missing
    assert "Enter why it is handed over" in missing
    with as_("colin.coordinator"):
        numbers = Interest.objects.filter(folder=flats.folder, valid_until__isnull=True).values_list(
            "public_id", flat=True
        )
        sent = {f"interest-{number}": "end" for number in numbers} | {"reason": "The family moved"}
    done = client.post(first["Location"], sent)
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    assert "Handed over from Selby Community Safety Hub to Scarborough Community Safety Hub" in page
    assert client_for("priya.partner").get(reverse("matter", args=[flats.public_id])).status_code == 404
    assert client_for("mina.minutes").get(reverse("matter", args=[flats.public_id])).status_code == 404


def test_a_same_place_is_refused_on_the_page(client_for, matter_of):
    befriended = matter_of(BEFRIENDED, "maya.manager")
    url = reverse("matter-hand-over", args=[befriended.public_id])
    answer = client_for("maya.manager").post(
        f"{url}?hub=scarborough&unit={befriended.unit.public_id}", {"reason": "x"}
    )
    assert answer.status_code == 200 and "It is there already" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"covers": False}, "“T” does not cover Hub"),
        ({"is_new_owner_party": False}, "Owner has not signed “T”"),
        ({}, ""),
    ],
)
def test_the_rule_of_keeping(values, words):
    given = {
        "title": "T",
        "covers": True,
        "hub": "Hub",
        "is_new_owner_party": True,
        "owner": "Owner",
    } | values
    assert rules.cannot_keep(**given) == words
