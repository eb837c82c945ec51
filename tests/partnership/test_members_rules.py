"""What may be decided about people's roles, as tables of examples."""

from datetime import date, timedelta

import pytest

from saferhub.partnership.access import Permission, Role
from saferhub.partnership.rules import memberships as rules

ON = date(2018, 8, 28)
ADMIN = Role.SYSTEM_ADMINISTRATOR


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize("role", sorted(rules.CASE_BEARING, key=lambda role: role.name))
def test_a_system_administrator_never_holds_a_role_with_cases(role):
    assert codes(rules.separation_refusals(role, {ADMIN})) == ["separation"]
    assert codes(rules.separation_refusals(ADMIN, {role})) == ["separation"]


@pytest.mark.parametrize("role", [ADMIN, Role.PARTNERSHIP_MANAGER])
def test_whoever_gives_access_never_reads_the_log_that_watches_it(role):
    assert codes(rules.separation_refusals(role, {Role.INFORMATION_GOVERNANCE})) == ["separation"]
    assert codes(rules.separation_refusals(Role.INFORMATION_GOVERNANCE, {role})) == ["separation"]


@pytest.mark.parametrize(
    ("role", "held"),
    [
        (Role.ANALYST, ADMIN),
        (Role.PARTNER, Role.PARTNERSHIP_MANAGER),
        (Role.MEETING_CHAIR, Role.HUB_COORDINATOR),
        (Role.PARTNER, Role.INFORMATION_GOVERNANCE),
        (Role.ANALYST, Role.INFORMATION_GOVERNANCE),
    ],
)
def test_other_roles_may_be_held_together(role, held):
    assert rules.separation_refusals(role, {held}) == []


def test_who_may_give_access_and_who_reads_the_log_are_kept_apart_whatever_the_roles():
    gives = {role for role in Role if Permission.MANAGE_MEMBERS in role.facts.permissions}
    reads = {role for role in Role if Permission.READ_LOG in role.facts.permissions}
    assert all(frozenset({one, other}) in rules.APART for one in gives for other in reads)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_roles_that_reach_over_everything_are_given_for_a_reason(role, reason):
    wanted = ["reason_missing"] if role in rules.NEEDS_REASON else []
    assert codes(rules.reason_refusals(role, reason)) == wanted
    assert rules.reason_refusals(role, "Ada is on leave") == []


def test_the_missing_reason_is_said_of_the_role():
    (refusal,) = rules.reason_refusals(Role.INFORMATION_GOVERNANCE, "")
    assert refusal.sentence == "Enter why this person needs to be an information governance lead."


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
    ("is_ours", "in_force", "is_another", "expected"),
    [
        (False, True, False, ["unit_elsewhere"]),
        (True, True, True, ["unit_other"]),
        (True, False, True, ["unit_other"]),
        (True, False, False, ["unit_not_in_force"]),
        (True, True, False, []),
    ],
)
def test_a_role_is_held_in_one_unit_of_our_own_that_is_there_today(is_ours, in_force, is_another, expected):
    found = rules.unit_refusals(unit_is_ours=is_ours, in_force=in_force, is_another=is_another)
    assert codes(found) == expected


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
        (Role.PARTNER, {"last_day": None}, []),
        (Role.PARTNER, {"last_day": None, "valid_from": ON}, []),
        (Role.PARTNER, {"last_day": None, "valid_until": ON}, []),
        (Role.PARTNER, {"last_day": None, "has_ended": True}, ["ended_already"]),
        (ADMIN, {"last_day": None, "is_oneself": True}, ["own_administration"]),
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
        **changes,
    }
    assert codes(rules.ending_refusals(role, **given)) == expected


@pytest.mark.parametrize(
    ("left_on", "expected"),
    [
        (ON, []),
        (ON + timedelta(days=1), ["in_future"]),
        (ON - timedelta(days=366), []),
        (ON - timedelta(days=367), ["too_long_ago"]),
    ],
)
def test_which_day_of_leaving_may_be_recorded(left_on, expected):
    assert codes(rules.leaving_refusals(on=ON, left_on=left_on)) == expected


def span(first, until):
    """Days counted from ON."""
    return rules.Span(ON + timedelta(days=first), None if until is None else ON + timedelta(days=until))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 0),
        ([(-9, None)], None),
        ([(-9, -1)], 0),
        ([(-9, 4)], 5),
        ([(-9, 4), (5, None)], None),
        ([(-9, 4), (6, None)], 5),
        ([(5, None), (-9, 10)], None),
        ([(1, None)], 0),
        ([(-9, 4), (-3, 9), (2, 3)], 10),
    ],
)
def test_the_first_day_without_anybody_who_manages(spans, expected):
    found = rules.first_day_lost([span(-9, None)], [span(*one) for one in spans], ON)
    assert found == (None if expected is None else ON + timedelta(days=expected))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([(-9, None), (-9, None)], [(-9, None)], []),
        ([(-9, None)], [], ["last_manager"]),
        ([(-9, None)], [(-9, 0)], ["last_manager"]),
        # Maya has ended Ada's role in ten days; Ada would end Maya's in five.
        ([(-9, None), (-9, 10)], [(-9, 5), (-9, 10)], ["last_manager"]),
        ([(-9, None), (20, None)], [(-9, 10), (20, None)], ["last_manager"]),
        # Where everybody's role ends anyway, the one that lasts longest stays.
        ([(-9, 10), (-9, 30)], [(-9, 5), (-9, 30)], []),
        ([(-9, 10), (-9, 30)], [(-9, 10), (-9, 20)], ["last_manager"]),
        # A gap that is there already hides no later one.
        ([(-9, 5), (10, None)], [(-9, 5)], ["last_manager"]),
        ([(-9, 5), (10, None)], [(-9, 5), (10, None)], []),
    ],
)
def test_on_every_day_to_come_somebody_manages(before, after, expected):
    found = rules.managing_refusals([span(*one) for one in before], [span(*one) for one in after], on=ON)
    assert codes(found) == expected


def test_the_day_from_which_nobody_would_manage_is_named():
    (refusal,) = rules.managing_refusals([span(-9, None)], [span(-9, 10)], on=ON)
    assert refusal.sentence.startswith("From 8 September 2018, nobody else may invite people")


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
