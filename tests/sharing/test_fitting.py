"""Whether an agreement carries sharing of a matter with an agency: the one rule that three operations ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saferhub.sharing.models import Standing
from saferhub.sharing.rules.interests import Carried, Fit, fit_refusals

FITS = Fit(
    carried=Carried("T", Standing.IN_FORCE, {"p"}, {"g", "h"}, None),
    covers=True,
    hub="Hub",
    owner="Owner",
    owner_signed=True,
    recipient="Recipient",
    recipient_kind="voluntary",
    recipient_signed=True,
    within_owner=False,
    purpose="p",
    gateway="g",
    gateway_name="Gateway",
    gateways_of_purpose=("g", "i"),
    reaches=None,
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"covers": False}, "hub_not_covered"),
        ({"owner_signed": False}, "owner_no_party"),
        ({"recipient_signed": False}, "no_party"),
        ({"recipient_signed": False, "recipient": ""}, None),
        ({"purpose": "q"}, "other_purpose"),
        ({"gateway": "h"}, "gateway_not_for_purpose"),
        ({"gateway": "i"}, "other_gateway"),
        ({"reaches": ["police"]}, "gateway_does_not_reach"),
        ({"reaches": ["police"], "within_owner": True}, None),
        ({"reaches": ["police"], "recipient": ""}, None),
        ({"reaches": ["police", "voluntary"]}, None),
    ],
)
def test_an_agreement_carries_sharing_only_as_far_as_all_of_it_fits(changes, code):
    assert [one.code for one in fit_refusals(replace(FITS, **changes))] == ([code] if code else [])


@pytest.mark.parametrize("standing", [one for one in Standing if one != Standing.IN_FORCE])
def test_an_agreement_that_is_not_in_force_carries_nothing(standing):
    found = fit_refusals(replace(FITS, carried=replace(FITS.carried, standing=standing), owner_signed=False))
    assert [one.code for one in found] == ["agreement_not_in_force"]
