"""From whom an item can still be kept: what the page offers."""

from __future__ import annotations

from typing import Any

import pytest

from saferhub.meetings.queries.agenda_item import could_be_kept
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, unit_of
from tests.builders.meetings import COLIN, PRIYA, VICTOR, a_meeting, read

from .test_kept_from import keep

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


def test_whoever_it_is_kept_from_already_is_not_offered_once_more(cast: Cast) -> None:
    made = a_meeting(cast)

    def offered() -> dict[str, set[str]]:
        with entered(cast[COLIN]):
            found = could_be_kept(actor(cast, COLIN), made.meeting, read(cast, made.items[0]))
        return {head: {key for key, _ in choices} for head, choices in found}

    unit, victor = f"unit:{unit_of(cast, VICTOR).public_id}", f"user:{cast[VICTOR].public_id}"
    priya = f"user:{cast[PRIYA].public_id}"
    assert list(offered()) == ["Agencies", "People"]
    assert unit in offered()["Agencies"] and {victor, priya} <= offered()["People"]
    keep(cast, made, VICTOR, unit=True)
    keep(cast, made, PRIYA)
    assert unit not in offered()["Agencies"] and not {victor, priya} & offered()["People"]
