"""`publish`: what it writes of a day, for whom, and that its figures are those of the tables."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saferhub.reporting.operations.published import document_for
from tests.reporting.writing import published

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward"])

DAY = "2018-08-28"


def written(folder: Path, kind: str = "scrutiny_report", day: str = DAY, **options: Any) -> str:
    said = StringIO()
    call_command("publish", kind, as_of=date.fromisoformat(day), out=folder, stdout=said, **options)
    return said.getvalue()


def test_a_report_is_written_in_three_formats_and_says_that_it_is_a_draft(
    cast: dict[str, Any], tmp_path: Path
) -> None:
    said = written(tmp_path)
    assert "draft, not approved" in said
    names = {one.suffix for one in tmp_path.iterdir()}
    assert names == {".html", ".docx", ".pdf"}
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Draft, not approved" in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="https?:', page)
    assert "Working together to make North Yorkshire a safer place" in page


def test_the_same_day_gives_the_same_files(cast: dict[str, Any], tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / name, "partnership_plan")
    for one in (tmp_path / "one").iterdir():
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes(), one.name


@pytest.mark.parametrize("kind", ["scrutiny_report", "partnership_plan", "annual_review"])
def test_another_partnership_publishes_by_its_code(cast: dict[str, Any], tmp_path: Path, kind: str) -> None:
    written(tmp_path, kind, "2019-05-03", partnership="wealdshire")
    page = next(tmp_path.glob("wealdshire-*.html")).read_text(encoding="utf-8")
    assert "North Yorkshire" not in page
    assert "Safer Wealdshire" in page


def test_nobody_and_nothing_that_is_not_there_is_refused(cast: dict[str, Any], tmp_path: Path) -> None:
    for options, words in (
        ({"partnership": "nowhere"}, "no partnership"),
        ({"user": "nobody"}, "Nobody who can sign in"),
        ({"user": "olivia.outsider", "partnership": "north_yorkshire"}, "another partnership"),
        ({"outline": "nothing"}, "no such outline"),
    ):
        with pytest.raises(CommandError, match=words):
            written(tmp_path, **options)
    assert not any(tmp_path.iterdir())


def test_what_was_published_of_that_day_is_written_as_it_was(cast: dict[str, Any], tmp_path: Path) -> None:
    report = published(cast)
    version = report.versions.get()
    document, number = document_for(report.partnership, "scrutiny_report", date(2018, 8, 28), using="steward")
    assert (number, document) == ("1.0", version.document())
    assert "version 1.0, published" in written(tmp_path)
