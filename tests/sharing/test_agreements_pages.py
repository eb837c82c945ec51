"""The register and the page of an agreement: who reads, what each is told, what the forms answer."""

from __future__ import annotations

import pytest

from .agreements_world import CAST, agreement, make


@pytest.mark.parametrize("username", CAST)
def test_every_member_reads_the_register_of_her_own_partnership(client_for, username):
    text = client_for(username).get("/agreements/").content.decode()
    assert ("North Yorkshire community safety hubs agreement 2018" in text) == (username != "olivia.outsider")
    assert ("Safer Wealdshire sharing agreement 2018" in text) == (username == "olivia.outsider")


@pytest.mark.parametrize("username", CAST)
def test_only_the_keeper_and_the_manager_are_told_what_an_agreement_carries(client_for, cast, username):
    make(cast)
    found = agreement("mental_health_2018")
    answer = client_for(username).get(f"/agreements/{found.public_id}/")
    if username == "olivia.outsider":
        assert answer.status_code == 404
        return
    assert ("What it carries" in answer.content.decode()) == (username in {"ian.governance", "maya.manager"})
    assert "Caldicott guardian" in answer.content.decode()
