"""How long a whole report takes in three formats at 100,000 cases, alone and after many earlier releases.

    ./dev bench report [--cases N] [--earlier N] [--times N]

Prints JSON: seconds to put each kind of document together (its figures counted already, and, once, counted on the way),
to draw it as a page, a Word file and a PDF, and all of it together, the longest of the times; and the same for the
scrutiny report when so many quarters' reports were published before, whose small numbers it is held against.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connections, transaction

from bench import database
from saferhub.partnership.models import Partnership
from saferhub.plan.methods.suppression import Release
from saferhub.plan.operations.counting import count_partnership
from saferhub.plan.rules.periods import last_ended
from saferhub.publication.model import Document
from saferhub.reporting.operations import published
from saferhub.reporting.queries import putting_together
from saferhub.reporting.queries.outlines import outlines_on
from saferhub.reporting.rules import protecting
from saferhub.reporting.rules.composing import RELEASE

KINDS = ("scrutiny_report", "partnership_plan", "annual_review")
DAY = date(2018, 8, 28)
BAR_S = 10.0


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = act()
    return time.perf_counter() - began, made


def _document(partnership: Partnership, kind: str, day: date) -> Document:
    with transaction.atomic(using="steward"):
        return published.document_for(partnership, kind, day, using="steward")[0]


def _whole(partnership: Partnership, kind: str, times: int) -> dict[str, Any]:
    """Put together and drawn, so many times."""
    composed, written = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            took, document = _timed(lambda: _document(partnership, kind, DAY))
            composed.append(took)
            out = Path(folder) / str(number)
            took, files = _timed(lambda out=out, document=document: published.write_files(document, out))
            written.append(took)
    together = [one + other for one, other in zip(composed, written, strict=True)]
    return {
        "put_together_s": round(statistics.median(composed), 2),
        "drawn_s": round(statistics.median(written), 2),
        "together_s": round(statistics.median(together), 2),
        "longest_s": round(max(together), 2),
        "files": len(files),
        "within_bar": max(together) <= BAR_S,
    }


def _releases(partnership: Partnership, count: int) -> list[Release]:
    """What so many quarterly reports would have published, the earliest first."""
    found: list[Release] = []
    outline = outlines_on(partnership, KINDS[0], DAY)[0]
    for quarter in last_ended("quarter", DAY, count + 1)[1:]:
        day = date.fromordinal(quarter.first.toordinal() + 10)
        with transaction.atomic(using="steward"):
            made = putting_together.from_outline(partnership, outline, as_of=day, using="steward")
        kept = made.figures.get(RELEASE)
        if kept:
            found.append(protecting.release_of(f"Report of {day.isoformat()}", kept))
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--hubs", type=int, default=20)
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument("--earlier", type=int, default=8, help="quarterly reports published before")
    parser.add_argument("--times", type=int, default=3, help="of each measurement")
    options = parser.parse_args()
    with database.fresh():
        if options.cases:
            call_command(
                "demo", cases=options.cases, hubs=options.hubs, agencies=options.agencies, stdout=sys.stderr
            )
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        print(json.dumps(_measured(options), indent=2))
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    partnership = Partnership.objects.get(code="north_yorkshire")
    uncounted, _ = _timed(lambda: _document(partnership, KINDS[0], DAY))
    counting, _ = _timed(lambda: count_partnership.func(partnership=partnership.code))
    found: dict[str, Any] = {
        "cases": options.cases,
        "hubs": partnership.hubs.count(),
        "put_together_before_any_counting_s": round(uncounted, 2),
        "nightly_counting_s": round(counting, 2),
        "documents": {kind: _whole(partnership, kind, options.times) for kind in KINDS},
    }
    earlier = _releases(partnership, options.earlier)
    original = putting_together.earlier_releases
    putting_together.earlier_releases = lambda partnership: earlier
    try:
        found["after_earlier_releases"] = {
            "releases": len(earlier),
            **_whole(partnership, KINDS[0], options.times),
        }
    finally:
        putting_together.earlier_releases = original
    return found


if __name__ == "__main__":
    sys.exit(main())
