"""Rows that are read together are what each table gives by itself, behind its own policy."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from saferhub.audit.models import Seal
from saferhub.casework.access.together import HEAD, TOLD
from saferhub.casework.models import Action, Assessment, Case, Note
from saferhub.foundation.rows_together import Asked, rows_together
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure, Folder, Interest, Matter, Revision
from tests.builders.casework import a_case
from tests.builders.casework_actions import an_action
from tests.builders.casework_notes import a_note, a_victim

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def case(cast: Cast) -> Case:
    found = a_case(cast)
    a_victim(cast, found)
    an_action(cast, found, owner="rachel.referrer", words="Ask the “landlord”\nabout = the door")
    a_note(cast, found, "rachel.referrer", "It was loud ☃ again.")
    return found


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize(
    "model", [*HEAD, *TOLD, Assessment, Case, Enclosure, Folder, Interest, Matter, Revision]
)
def test_a_row_is_the_same_whichever_way_it_is_read(
    cast: Cast, case: Case, model: type[models.Model]
) -> None:
    with entered(cast["colin.coordinator"]):
        kept = list(model._default_manager.order_by("pk"))
        (found,) = rows_together([Asked(model, {"id": [row.pk for row in kept]})])
        assert [_values(row) for row in found] == [_values(row) for row in kept]
        assert all(not row._state.adding for row in found)


def test_several_tables_are_asked_at_once_and_each_answers_for_itself(cast: Cast, case: Case) -> None:
    with entered(cast["colin.coordinator"]), CaptureQueriesContext(connection) as asked:
        actions, notes, within, dropped = rows_together(
            [
                Asked(Action, {"folder_id": case.folder_id, "status": ["open", "blocked"]}),
                Asked(Note, {"matter_id": case.matter_id}),
                Asked(Enclosure, {"outer_id": case.folder_id, "ended_at": None}),
                Asked(Action, {"folder_id": case.folder_id, "status": "dropped"}),
            ]
        )
    assert len([one for one in asked.captured_queries if "to_jsonb" in one["sql"]]) == 1
    assert [one.words for one in actions] == ["Ask the “landlord”\nabout = the door"]
    assert [one.words for one in notes] == ["It was loud ☃ again."]
    assert [one.outer_id for one in within] == [case.folder_id]
    assert dropped == []
    assert rows_together([]) == []


def test_whoever_does_not_see_the_case_is_given_nothing_of_it(cast: Cast, case: Case) -> None:
    asked = [Asked(model, {"folder_id": case.folder_id}) for model in (Action, Case, Note)]
    with entered(cast["colin.coordinator"]):
        assert all(rows_together(asked))
    with entered(cast["olivia.outsider"]):
        assert rows_together(asked) == [[], [], []]


def test_a_kind_of_field_that_json_does_not_give_back_is_refused() -> None:
    with pytest.raises(TypeError, match="does not come back"):
        rows_together([Asked(Seal, {"id": 1})])
