"""The statutory calendar as a file of comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from saferhub.foundation.csv_files import guarded
from saferhub.partnership.models.duties import DutyOccurrence

HEADINGS = (
    "Duty",
    "Whose",
    "Period from",
    "Period until",
    "What happened",
    "Counted from",
    "Due",
    "Status",
    "Late",
    "Done",
    "Evidence",
    "Reference",
)


def calendar_lines(rows: Iterable[DutyOccurrence], on: date) -> Iterator[str]:
    """The lines of the file, with a byte order mark so that Excel reads it as UTF-8."""
    yield "\ufeff" + _line(HEADINGS)
    for row in rows:
        yield _line(
            (
                row.title,
                row.holder.name if row.holder else "The partnership",
                row.period_start,
                row.period_end,
                row.started_because,
                row.started_on,
                row.due_on if row.due_on else "Clock held",
                row.get_status_display(),
                "Yes" if row.is_late_on(on) else "No",
                row.done_on,
                row.evidence,
                row.evidence_reference,
            )
        )


def _line(values: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([guarded(value) for value in values])
    return buffer.getvalue()
