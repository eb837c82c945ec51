"""Seats: given, changed, ended; by whom, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal, allows
from saferhub.foundation.registries import OPEN_WORK
from saferhub.meetings.access import check_can_approve
from saferhub.meetings.models import Group, Member
from saferhub.meetings.operations import calendar_seats as seats
from saferhub.meetings.queries import calendar_groups as queries
from saferhub.partnership.models import Unit
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, unit_of

from .group import COLIN, MAYA, Cast, a_group, a_seat

pytestmark = pytest.mark.django_db


def change(cast: Cast, group: Group, seat: Member, /, by: str = COLIN, **given: Any) -> Member:
    with entered(cast[by]):
        who = actor(cast, by)
        values = {**seats.values_of(seat), "seen": seat.version, **given}
        return seats.change_seat(
            group_id=group.public_id, seat_id=seat.public_id, **values, by=who, on=who.on
        )


def end(
    cast: Cast, group: Group, seat: Member, *, days: int = 0, reason: str = "A new post.", **more: Any
) -> int:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        given = {"last_day": colin.on + timedelta(days=days), "reason": reason, "seen": seat.version, **more}
        return seats.end_seat(
            group_id=group.public_id, seat_id=seat.public_id, **given, by=colin, on=colin.on
        )


def test_a_seat_is_given_and_a_colleague_is_its_deputy(cast: Cast) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, "rachel.referrer", deputy=cast["nadia.neighbour"].public_id, post="Housing")
    assert (seat.user, seat.deputy, seat.post) == (
        cast["rachel.referrer"],
        cast["nadia.neighbour"],
        "Housing",
    )
    assert seat.agency.code == "selby_district_council"
    entry = Entry.objects.filter(event="meetings.seat_given", subject=group.public_id).latest("id")
    assert entry.codes["seat"] == seat.public_id
    assert cast["rachel.referrer"].name not in str(entry.codes)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"deputy": "priya.partner"}, "deputy_not_of_agency"),
        ({"deputy": "rachel.referrer"}, "own_deputy"),
    ],
)
def test_a_deputy_is_somebody_else_of_the_same_agency(cast: Cast, given: dict[str, str], code: str) -> None:
    group = a_group(cast)
    with pytest.raises(Refusal) as refused:
        a_seat(cast, group, "rachel.referrer", deputy=cast[given["deputy"]].public_id)
    assert refused.value.code == code
    with entered(cast[COLIN]):
        assert not group.members.filter(valid_until__isnull=True).exists()


def test_a_seat_stands_once_and_a_group_has_one_chair(cast: Cast) -> None:
    group = a_group(cast, "chris.chair", "priya.partner")
    with pytest.raises(Refusal) as refused:
        a_seat(cast, group, "priya.partner")
    assert refused.value.code == "seat_stands"
    with entered(cast[COLIN]):
        seat = group.members.get(user=cast["priya.partner"], valid_until__isnull=True)
    with pytest.raises(Refusal) as refused:
        change(cast, group, seat, seat="chair")
    assert refused.value.code == "has_a_chair"


def test_a_unit_of_another_partnership_has_no_seat_here(cast: Cast) -> None:
    group = a_group(cast)
    elsewhere = Unit.objects.exclude(agency__partnership=group.partnership_id).earliest("id")
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        with pytest.raises(Refusal) as refused:
            seats.add_seat(
                group_id=group.public_id, unit_id=elsewhere.public_id, seat="member", by=colin, on=colin.on
            )
    assert refused.value.code == "unknown_unit"


def test_a_seat_without_a_name_is_its_units(cast: Cast) -> None:
    group = a_group(cast)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        seats.add_seat(
            group_id=group.public_id,
            unit_id=unit_of(cast, "priya.partner").public_id,
            seat="member",
            post="Duty nurse",
            by=colin,
            on=colin.on,
        )
    with entered(cast["priya.partner"]):
        assert group in queries.groups_with_counts(actor(cast, "priya.partner"))


def test_a_change_counts_and_a_second_editor_overwrites_nothing(cast: Cast) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, "rachel.referrer")
    changed = change(cast, group, seat, deputy=cast["nadia.neighbour"].public_id)
    assert (changed.version, changed.deputy) == (2, cast["nadia.neighbour"])
    with pytest.raises(Conflict):
        change(cast, group, seat, by="mina.minutes", post="Housing")
    assert Entry.objects.filter(event="meetings.seat_changed", subject=group.public_id).count() == 1


def test_a_seat_ends_with_its_last_day_and_reason_and_stays_to_be_read(cast: Cast) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, "priya.partner")
    end(cast, group, seat, days=3)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        now = queries.seats_of_group(group, colin.on)
        later = queries.seats_of_group(group, colin.on + timedelta(days=4))
    assert [one.pk for one in now.now if one.valid_until] == [seat.pk]
    assert seat.pk in [one.pk for one in later.ended]
    assert next(one for one in later.ended if one.pk == seat.pk).ended_why == "A new post."
    with pytest.raises(Refusal) as refused:
        end(cast, group, seat, seen=2)
    assert refused.value.code == "seat_ended"


@pytest.mark.parametrize(("given", "code"), [({"reason": " "}, "no_reason"), ({"days": -1}, "ends_before")])
def test_an_end_without_a_reason_or_before_the_beginning_is_refused(
    cast: Cast, given: dict[str, Any], code: str
) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, "priya.partner")
    with pytest.raises(Refusal) as refused:
        end(cast, group, seat, **given)
    assert refused.value.code == code
    with entered(cast[COLIN]):
        assert Member.objects.get(pk=seat.pk).valid_until is None


def test_whoever_only_sits_in_it_changes_no_seat(cast: Cast) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, "priya.partner")
    with pytest.raises(NotAllowed):
        change(cast, group, seat, by="priya.partner", post="Mine")


def test_kinds_of_agency_without_a_seat_are_named(cast: Cast) -> None:
    group = a_group(cast, "chris.chair")
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        missing = queries.kinds_without_seat(
            group, queries.rules_of(group, colin.on), queries.seats_of_group(group, colin.on), colin.on
        )
    assert "District council" in missing
    assert "Police force" not in missing


def test_a_leaver_leaves_her_seats_behind(cast: Cast) -> None:
    group = a_group(cast)
    a_seat(cast, group, "rachel.referrer", deputy=cast["nadia.neighbour"].public_id)
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        for username in ("rachel.referrer", "nadia.neighbour"):
            found = [one for provider in OPEN_WORK for one in provider(cast[username], maya)]
            assert [one.title for one in found if one.kind_words == "Seat in a group that meets"]
    with entered(cast["olivia.outsider"]):
        found = [
            one
            for provider in OPEN_WORK
            for one in provider(cast["rachel.referrer"], actor(cast, "olivia.outsider"))
        ]
        assert not [one for one in found if one.kind_words == "Seat in a group that meets"]


@pytest.mark.parametrize("seat", ["chair", "deputy_chair"])
def test_a_co_ordinator_does_not_make_himself_the_one_who_approves_his_minutes(cast: Cast, seat: str) -> None:
    group = a_group(cast)
    own = a_seat(cast, group, COLIN)
    with pytest.raises(Refusal) as refused:
        change(cast, group, own, seat=seat)
    assert refused.value.code == "own_chair"
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        with pytest.raises(Refusal) as refused:
            seats.add_seat(
                group_id=group.public_id,
                unit_id=unit_of(cast, COLIN).public_id,
                who=cast[COLIN].public_id,
                seat=seat,
                by=colin,
                on=colin.on,
            )
        assert refused.value.code == "own_chair"
        assert not allows(check_can_approve, colin, group)
    assert not Entry.objects.filter(event="meetings.seat_changed", subject=group.public_id).exists()


def test_another_gives_a_co_ordinator_the_deputy_chairs_seat_and_who_approves_may_give_it_to_herself(
    cast: Cast,
) -> None:
    group = a_group(cast)
    own = a_seat(cast, group, COLIN)
    assert change(cast, group, own, by="mina.minutes", seat="deputy_chair").seat == "deputy_chair"
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        given = seats.add_seat(
            group_id=group.public_id,
            unit_id=unit_of(cast, MAYA).public_id,
            who=cast[MAYA].public_id,
            seat="deputy_chair",
            by=maya,
            on=maya.on,
        )
    assert given.user == cast[MAYA]
