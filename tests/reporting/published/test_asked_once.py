"""What the pages of a report ask of the database: what its sections have in common once, and nothing for an old one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.reporting.writing import ANA, corrected

Cast = dict[str, Any]
COMMON = ("plan_strategy", "plan_year", "plan_measure")


def asked(client: Any, address: str) -> Counter[str]:
    """How often a page asks for the rows of these tables."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    said = [one["sql"] for one in caught]
    return Counter({table: sum(sql.startswith(f'SELECT "{table}"."id"') for sql in said) for table in COMMON})


def test_a_reports_sections_read_what_they_have_in_common_once(cast: Cast, client_for: Any) -> None:
    report, client = corrected(cast), client_for(ANA)
    before, now = report.versions.order_by("id")
    read = reverse("report-read", args=[report.public_id])
    for address in (
        reverse("report", args=[report.public_id]),
        reverse("report-preview", args=[report.public_id]),
        f"{read}?version={now.public_id}",
    ):
        found = asked(client, address)
        assert found["plan_measure"] == found["plan_strategy"] == 1, (address, found)
        # The year that a day lies in, and the one before it.
        assert 1 <= found["plan_year"] <= 2, (address, found)
    # What was replaced is read as it was, and nothing is counted for it.
    assert not any(asked(client, f"{read}?version={before.public_id}").values())
