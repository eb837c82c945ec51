"""What may be decided about people's roles, as tables of examples."""

from datetime import date, timedelta

import pytest

from saferhub.partnership.access import Role
from saferhub.partnership.rules import memberships as rules

ON = date(2018, 8, 28)
ADMIN = Role.SYSTEM_ADMINISTRATOR


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize("role", sorted(rules.CASE_BEARING, key=lambda role: role.name))
def test_a_system_administrator_never_holds_a_role_with_cases(role):
    assert codes(rules.separation_refusals(role, {ADMIN})) == ["separation"]
    assert codes(rules.separation_refusals(ADMIN, {role})) == ["separation"]


@pytest.mark.parametrize("role", [Role.INFORMATION_GOVERNANCE, Role.ANALYST, ADMIN])
def test_a_system_administrator_may_hold_a_role_without_cases(role):
    assert rules.separation_refusals(role, {ADMIN}) == []


def test_every_role_either_bears_cases_or_is_known_not_to():
    assert rules.CASE_BEARING | {Role.INFORMATION_GOVERNANCE, Role.ANALYST, ADMIN} == set(Role)


def test_the_separation_is_said_in_words():
    (refusal,) = rules.separation_refusals(Role.MINUTE_TAKER, {ADMIN})
    assert "system administrator" in refusal.sentence
    assert "a minute-taker" in refusal.sentence


@pytest.mark.parametrize(
    ("role", "has_hub", "is_ours", "expected"),
    [
        (Role.HUB_COORDINATOR, False, False, ["hub_missing"]),
        (Role.HUB_COORDINATOR, True, False, ["hub_elsewhere"]),
        (Role.HUB_COORDINATOR, True, True, []),
        (Role.MINUTE_TAKER, False, False, ["hub_missing"]),
        (Role.PARTNER, True, True, ["hub_not_needed"]),
        (Role.PARTNER, False, False, []),
        (Role.ANALYST, True, False, ["hub_not_needed"]),
    ],
)
def test_a_hub_belongs_to_the_roles_of_one_hub_and_to_no_other(role, has_hub, is_ours, expected):
    assert codes(rules.hub_refusals(role, has_hub=has_hub, hub_is_ours=is_ours)) == expected


@pytest.mark.parametrize(
    ("is_ours", "is_another", "expected"),
    [(False, False, ["unit_elsewhere"]), (True, True, ["unit_other"]), (True, False, [])],
)
def test_a_role_is_held_in_one_unit_of_our_own(is_ours, is_another, expected):
    assert codes(rules.unit_refusals(unit_is_ours=is_ours, is_another=is_another)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"is_oneself": True}, ["oneself"]),
        ({"has_left": True}, ["has_left"]),
        ({"held_already": True}, ["held_already"]),
        ({"held": {ADMIN}}, ["separation"]),
    ],
)
def test_who_may_be_given_a_role(changes, expected):
    given = {"is_oneself": False, "has_left": False, "held": set(), "held_already": False, **changes}
    assert codes(rules.giving_refusals(Role.PARTNER, **given)) == expected


@pytest.mark.parametrize(
    ("role", "changes", "expected"),
    [
        (Role.PARTNER, {}, []),
        (Role.PARTNER, {"last_day": ON - timedelta(days=1)}, []),
        (Role.PARTNER, {"last_day": ON - timedelta(days=2)}, ["too_early"]),
        (Role.PARTNER, {"valid_from": ON, "last_day": ON - timedelta(days=1)}, ["too_early"]),
        (Role.PARTNER, {"valid_from": ON}, []),
        (Role.PARTNER, {"has_ended": True}, ["ended_already"]),
        (Role.PARTNER, {"valid_until": ON}, ["too_late"]),
        (Role.PARTNER, {"valid_until": ON + timedelta(days=5)}, []),
        (Role.PARTNER, {"is_oneself": True}, []),
        (Role.PARTNERSHIP_MANAGER, {"is_oneself": True}, ["own_administration"]),
        (ADMIN, {"is_oneself": True}, ["own_administration"]),
        (ADMIN, {"managers_left": 0}, ["last_manager"]),
        (Role.PARTNER, {"managers_left": 0}, []),
    ],
)
def test_when_a_role_may_end(role, changes, expected):
    given = {
        "is_oneself": False,
        "on": ON,
        "last_day": ON,
        "valid_from": date(2018, 4, 1),
        "valid_until": None,
        "has_ended": False,
        "managers_left": 1,
        **changes,
    }
    assert codes(rules.ending_refusals(role, **given)) == expected


@pytest.mark.parametrize(
    ("manages", "managers_left", "left_on", "expected"),
    [
        (False, 0, ON, []),
        (True, 1, ON, []),
        (True, 0, ON, ["last_manager"]),
        (False, 1, ON + timedelta(days=1), ["in_future"]),
        (False, 1, ON - timedelta(days=366), []),
        (False, 1, ON - timedelta(days=367), ["too_long_ago"]),
    ],
)
def test_who_may_be_recorded_as_having_left(manages, managers_left, left_on, expected):
    found = rules.leaving_refusals(manages=manages, managers_left=managers_left, on=ON, left_on=left_on)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"is_oneself": True}, ["oneself"]),
        ({"has_left": True}, ["no_roles"]),
        ({"works_somewhere": False}, ["no_roles"]),
        ({"is_same": True}, ["same_unit"]),
        ({"moves_already": True}, ["moves_already"]),
    ],
)
def test_who_may_be_moved_to_another_unit(changes, expected):
    given = {
        "is_oneself": False,
        "has_left": False,
        "works_somewhere": True,
        "is_same": False,
        "moves_already": False,
        **changes,
    }
    assert codes(rules.moving_refusals(**given)) == expected


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "left_on", "expected"),
    [
        (date(2018, 4, 1), None, ON, ON),
        (date(2018, 4, 1), date(2018, 6, 1), ON, None),
        (date(2018, 4, 1), date(2018, 12, 1), ON, ON),
        (ON, None, ON - timedelta(days=9), ON),
        (ON + timedelta(days=1), None, ON, ON + timedelta(days=1)),
        (date(2018, 4, 1), ON, ON, ON),
        (date(2018, 4, 1), ON - timedelta(days=1), ON - timedelta(days=1), None),
        (date(2018, 4, 1), ON, ON - timedelta(days=1), ON - timedelta(days=1)),
        (ON, ON, ON - timedelta(days=1), ON),
    ],
)
def test_the_last_day_of_a_leavers_role(valid_from, valid_until, left_on, expected):
    found = rules.last_day_on_leaving(valid_from=valid_from, valid_until=valid_until, left_on=left_on, on=ON)
    assert found == expected
