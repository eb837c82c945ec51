"""What a held role gives: permissions by hub, and roles that this version does not know."""

from types import SimpleNamespace

import pytest

from saferhub.partnership.access import (
    UNSCOPED,
    Actor,
    HeldRole,
    Permission,
    Role,
    RoleFacts,
    Scope,
    _held_roles,
)
from saferhub.partnership.models import Hub, Membership
from saferhub.partnership.role_codes import ROLE_CODES

SELBY, RYEDALE = Hub(pk=1, name="Selby"), Hub(pk=2, name="Ryedale")


def role_with(*permissions):
    """A role of one hub that gives these; none of ours gives any but the first today."""
    facts = RoleFacts("Hub lead", "", Scope.HUB, frozenset(permissions), second_factor=True)
    return SimpleNamespace(facts=facts, code="hub_lead")


@pytest.mark.parametrize(
    ("permission", "held_for", "asked_for", "expected"),
    [
        (Permission.READ_LOG, SELBY, None, False),
        (Permission.READ_LOG, SELBY, SELBY, True),
        (Permission.READ_LOG, SELBY, RYEDALE, False),
        (Permission.READ_LOG, None, None, True),
        (Permission.READ_LOG, None, SELBY, True),
        (Permission.VIEW_PARTNERSHIP, SELBY, None, True),
        (Permission.VIEW_PARTNERSHIP, SELBY, RYEDALE, True),
        (Permission.MANAGE_MEMBERS, SELBY, SELBY, False),
    ],
)
def test_a_role_of_one_hub_gives_nothing_where_that_hub_is_not_named(
    permission, held_for, asked_for, expected
):
    held = HeldRole(role_with(Permission.READ_LOG, Permission.VIEW_PARTNERSHIP), held_for)
    assert Actor(roles=(held,)).has(permission, hub=asked_for) is expected


def test_what_needs_no_hub_is_what_every_role_held_in_a_hub_gives():
    held_in_a_hub = [role for role in Role if role.facts.scope is Scope.HUB]
    assert held_in_a_hub
    assert all(role.facts.permissions >= UNSCOPED for role in held_in_a_hub)


def test_an_actor_is_asked_for_permissions_alone():
    with pytest.raises(TypeError):
        Actor().has("read_log")


def test_the_database_knows_the_codes_of_our_roles_and_no_others():
    assert sorted(ROLE_CODES) == sorted(role.code for role in Role)


def test_a_role_nobody_knows_gives_nothing_and_is_logged(caplog):
    rows = [Membership(role="dog_warden", public_id="GONE"), Membership(role="partner")]
    assert [held.role for held in _held_roles(rows)] == [Role.PARTNER]
    assert "GONE" in caplog.text
    assert "dog_warden" in caplog.text
