"""Opening a case: who sees it, what is kept, who may not."""

from __future__ import annotations

from typing import Any

import pytest

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.models import CaseMove
from saferhub.foundation.refusals import NotAllowed
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor

pytestmark = pytest.mark.django_db
SEE = {
    "rachel.referrer",
    "colin.coordinator",
    "maya.manager",
    "chris.chair",
    "mina.minutes",
    "priya.partner",
    "victor.voluntary",
}


def test_a_case_is_seen_by_its_hub_its_lead_and_its_contributors_and_by_nobody_else(
    cast: dict[str, Any],
) -> None:
    case = a_case(cast)
    seen = set()
    for username, user in cast.items():
        with entered(user):
            if access.cases_visible_to(actor(cast, username)).filter(pk=case.pk).exists():
                seen.add(username)
    assert seen == SEE


def test_opening_leaves_a_move_and_an_entry(cast: dict[str, Any]) -> None:
    case = a_case(cast)
    with entered(cast["colin.coordinator"]):
        assert [(move.from_status, move.to_status) for move in CaseMove.objects.filter(case=case)] == [
            ("", "assessing")
        ]
    assert Entry.objects.filter(event="case.opened", subject=case.matter.public_id).count() == 1


def test_only_who_decides_for_the_hub_opens_a_case_there(cast: dict[str, Any]) -> None:
    from saferhub.casework.operations.opening import open_case
    from saferhub.partnership.models import Hub

    with entered(cast["chris.chair"]):
        chris = actor(cast, "chris.chair")
        with pytest.raises(NotAllowed):
            open_case(
                title="Noise",
                purpose="reduce_asb",
                subject_kind="individual",
                why="Because.",
                hub=Hub.objects.get(code="selby", partnership=chris.partnership),
                lead_unit=chris.unit,  # type: ignore[arg-type]
                by=chris,
                on=chris.on,
            )
