"""Every figure of a published report followed to where it comes from; and rows that change once it is published."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from saferhub.audit.models import Entry
from saferhub.foundation.xlsx_files import xlsx_answer
from saferhub.plan.models import Measure, Observation
from saferhub.plan.operations.counting import count_partnership
from saferhub.plan.operations.training import change_training, record_training
from saferhub.publication.drawing.files import file_of
from saferhub.reporting.models import Report, ReportVersion
from saferhub.reporting.queries.differing import differing
from saferhub.reporting.queries.report_page import figure_lines, figure_rows
from saferhub.reporting.rules.composing import RELEASE
from saferhub.reporting.rules.protecting import NOT_SHOWN
from tests.plan.support.supporting import training_values
from tests.reporting.writing import (
    ANA,
    DAY,
    MAYA,
    OLIVIA,
    RACHEL,
    a_report,
    acting,
    published,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward", "owner"])
Cast = dict[str, Any]


def trained(version: ReportVersion) -> str:
    """The key of that figure, in whichever section it stands."""
    return next(key for key in version.figures if key.endswith(".exploitation_trained"))


def counted_and_published(cast: Cast) -> tuple[Any, Report, ReportVersion]:
    """Twenty trained in June, counted, told in a report that is published."""
    maya = acting(cast, MAYA)
    measure = Measure.objects.get(partnership=maya.partnership, code="exploitation_trained")
    assert measure.area is not None
    values = replace(training_values(cast), area=measure.area.public_id, count=20)
    training = record_training(values=values, by=maya, on=maya.on)
    count_partnership.func(partnership=maya.partnership_code)
    report = published(cast, a_report(cast, as_of=DAY))
    return training, report, report.versions.get()


def test_a_row_that_changes_after_publication_changes_nothing_frozen_and_is_flagged(
    cast: Cast, client_for: Any
) -> None:
    training, report, version = counted_and_published(cast)
    shown = version.figures[trained(version)]["shown"]
    before, file = version.content, file_of(version.as_it_stands(), "docx").content
    assert differing(version) == []
    maya = acting(cast, MAYA)
    values = replace(training_values(cast), area=training.area.public_id, count=31)
    change_training(training_id=training.public_id, values=values, by=maya, on=maya.on, seen=training.version)
    count_partnership.func(partnership=maya.partnership_code)
    version.refresh_from_db()
    assert (version.content, file_of(version.as_it_stands(), "docx").content) == (before, file)
    (found,) = [one for one in differing(version) if one.key == trained(version)]
    assert (found.shown, int(found.now)) == (shown, int(shown) + 31 - 20)
    read = reverse("report-read", args=[report.public_id])
    page = client_for(ANA).get(read).content.decode()
    assert "Figures that would be others today" in page and found.now in page
    assert "Figures that would be others today" not in client_for(RACHEL).get(read).content.decode()


def test_every_figure_leads_to_its_measure_and_those_that_have_rows_to_these(
    cast: Cast, client_for: Any
) -> None:
    _, report, version = counted_and_published(cast)
    lines = figure_lines(version, with_rows=True)
    assert len(lines) == len(version.figures.keys() - {RELEASE}) > 5
    for line in lines:
        assert line.label and line.shown and line.definition and line.source, line
    observed = [one for one in version.figures.values() if one.get("observation")]
    assert observed
    for one in observed:
        row = Observation.objects.select_related("measure", "version").get(public_id=one["observation"])
        assert (row.measure.code, row.version.number) == (one["measure"], one["definition_version"])
        assert one["withheld"] or str(row.rows_hash) == one["rows_hash"]
    client = client_for(MAYA)
    page = client.get(reverse("report-figures", args=[report.public_id])).content.decode()
    assert "exploitation_trained" not in page and "People trained to see exploitation" in page
    with_rows = [line for line in lines if line.rows_url]
    assert with_rows and "Rows<span" in page
    without = client_for(ANA).get(reverse("report-figures", args=[report.public_id])).content.decode()
    assert "Rows<span" not in without, "the lists refuse whoever works on no matters"
    for line in with_rows:
        assert line.rows_url.replace("&", "&amp;") in page
        assert client.get(line.rows_url).status_code == 200, line.rows_url


# --- Figures as a spreadsheet -------------------------------------------------------------------------------------


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows by heading; none of their cells is a formula or a link."""
    assert answer.status_code == 200
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in rows for cell in row)
    heads = [cell.value for cell in rows[0]]
    return [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in rows[1:]]


def test_the_figures_are_taken_away_as_a_spreadsheet(cast: Cast, client_for: Any) -> None:
    _, report, version = counted_and_published(cast)
    answer = client_for(RACHEL).get(reverse("report-figures-xlsx", args=[report.public_id]))
    assert answer["Content-Disposition"].endswith('-figures.xlsx"')
    rows = rows_of(answer)
    assert len(rows) == len(version.figures.keys() - {RELEASE})
    kept = version.figures[trained(version)]
    (told,) = [one for one in rows if one["Figure"] == kept["label"]]
    assert (told["Number"], told["As written"], told["Source"]) == (
        int(kept["value"]), kept["shown"], "Training in this service",
    )  # fmt: skip
    taken = Entry.objects.filter(event="reporting.file_taken", subject=report.public_id)
    assert taken.count() == 1
    outside = client_for(OLIVIA).get(reverse("report-figures-xlsx", args=[report.public_id]))
    assert outside.status_code == 404


def test_a_figure_that_is_withheld_is_in_no_cell_and_nothing_in_the_spreadsheet_runs(cast: Cast) -> None:
    evil = '=HYPERLINK("http://example.org";"Mend")'
    kept = {"name": evil, "definition": "@SUM(1)", "source": "+1", "period": "-1", "definition_version": 1}
    hidden = {**kept, "label": "Hidden", "shown": NOT_SHOWN, "withheld": True, "value": "3", "numerator": "3"}
    shown = {**kept, "label": evil, "shown": "1,204", "withheld": False, "value": "1204"}
    version: Any = SimpleNamespace(figures={"a.hidden": hidden, "a.shown": shown, RELEASE: {"marked": []}})
    first, second = rows_of(xlsx_answer("f.xlsx", "Figures", figure_rows(version)))
    assert (first["As written"], first["Number"]) == (NOT_SHOWN, None)
    assert "3" not in {str(one) for one in first.values()}
    assert (second["Figure"], second["Number"], second["Measure"]) == (evil, 1204, evil)
