"""The API against its own description: calls drawn from it, right and wrong, find no failure and no undocumented
answer. A fixed number of calls, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from saferhub.casework.models import IdempotencyKey, Referral
from saferhub.casework.views import intake_api, intake_api_calls
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case
from tests.builders.casework_actions import an_action
from tests.builders.casework_intake import a_key

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

CALLS = 25
ASKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
OPERATIONS = (
    "sendReferral",
    "listReferrals",
    "readReferral",
    "listCases",
    "listActions",
    "doneAction",
    "readReference",
)


@pytest.fixture(autouse=True)
def connections_stay(db: None) -> Iterator[None]:
    """A request of the server closes its connections; here they are the test's own."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def described() -> Any:
    intake_api.described.cache_clear()
    found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    # Every call has a key that opens: what stands behind the door is asked here, and the door in test_api.py.
    found.config.generation.update(with_security_parameters=False)
    return found


# What takes nothing can be sent nothing wrong.
WRONG = [(name, GenerationMode.NEGATIVE) for name in OPERATIONS if name != "readReference"]


@pytest.mark.parametrize(
    ("name", "mode"), [*((name, GenerationMode.POSITIVE) for name in OPERATIONS), *WRONG]
)
def test_no_call_fails_or_is_answered_with_what_is_not_described(
    name: str, mode: GenerationMode, world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_api_calls, "MOST_CALLS", 100_000)
    an_action(cast, a_case(cast), unit_of_username="priya.partner")
    _, secret = a_key(cast)
    (operation,) = [
        one.ok()
        for one in described().get_all_operations()
        if one.ok() is not None and one.ok().definition.raw["operationId"] == name
    ]
    statuses: set[int] = set()

    @seed(4)
    @settings(
        max_examples=CALLS, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Case) -> None:
        answer = case.call_and_validate(
            headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS.get_by_names(list(ASKED))
        )
        statuses.add(answer.status_code)
        assert len(answer.content) < 200_000

    holds()
    assert statuses and 401 not in statuses, "the calls came past the door"


def test_every_call_that_is_described_is_asked() -> None:
    told = [one.ok().definition.raw["operationId"] for one in described().get_all_operations()]
    assert sorted(told) == sorted(OPERATIONS)


def test_what_is_drawn_from_the_description_and_lacks_nothing_is_filed_once(
    world: None, cast: dict[str, Any]
) -> None:
    from tests.builders.casework_intake import a_body

    _, secret = a_key(cast)
    (operation,) = [
        one.ok()
        for one in described().get_all_operations()
        if one.ok().path == "/api/v1/referrals" and one.ok().method == "post"
    ]
    case = operation.Case(
        headers={"Idempotency-Key": "mark-0001"}, body=a_body(), media_type="application/json"
    )
    for _ in range(2):
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 201
    with entered(cast["priya.partner"]):
        assert Referral.objects.filter(source="api").count() == 1
    assert IdempotencyKey.objects.count() == 1
