"""How long the scorecard takes at 100,000 cases, and how long counting the measures took before.

    ./dev bench scorecard [--cases N] [--requests N]

Prints JSON: median and 95th percentile of the scorecard, of one measure and of its parts, for the manager and for a
partner; the queries of the scorecard; and the seconds that the nightly counting takes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import database, world
from saferhub.plan.models import Measure, Observation
from saferhub.plan.operations.counting import count_partnership

READERS = {"partner": world.PARTNER, "manager": world.MANAGER}
BAR = 150


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1], 1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--hubs", type=int, default=20)
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument("--requests", type=int, default=60, help="of each reader for each page")
    options = parser.parse_args()
    with database.fresh():
        call_command(
            "demo", cases=options.cases, hubs=options.hubs, agencies=options.agencies, stdout=sys.stderr
        )
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        began = time.monotonic()
        made = count_partnership.func(partnership="north_yorkshire")
        counting = time.monotonic() - began
        began = time.monotonic()
        count_partnership.func(partnership="north_yorkshire")
        again = time.monotonic() - began
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) plan_observation")
        print(json.dumps(_measured(options, made, counting, again), indent=2))
    return 0


def _measured(
    options: argparse.Namespace, made: dict[str, int], counting: float, again: float
) -> dict[str, Any]:
    clients = {}
    for reader, username in READERS.items():
        clients[reader] = Client()
        clients[reader].post("/demo/sign-in", {"username": username})
    measure = Measure.objects.get(partnership__code="north_yorkshire", code="adopted_share")
    one = reverse("measure", args=[measure.public_id])
    pages = {"scorecard": reverse("measures"), "measure": one, "measure by hub": f"{one}?by=hub"}
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    statuses: dict[str, set[int]] = defaultdict(set)
    for number in range(options.requests + 3):
        if number == 3:  # the first ones fill caches
            took.clear()
        for reader, client in clients.items():
            for page, url in pages.items():
                start = time.perf_counter()
                response = client.get(url)
                took[page, reader].append(1000 * (time.perf_counter() - start))
                statuses[page].add(response.status_code)
    with CaptureQueriesContext(connection) as queries:
        clients["manager"].get(pages["scorecard"])
    return {
        "cases": options.cases,
        "measures": Measure.objects.filter(partnership=measure.partnership_id).count(),
        "figures": Observation.objects.filter(partnership=measure.partnership_id).count(),
        "counting_s": round(counting, 1),
        "counting_again_s": round(again, 1),
        "new_figures": made["new"],
        "queries_of_the_scorecard": len(queries),
        "requests_each": options.requests,
        "statuses": {page: sorted(found) for page, found in statuses.items()},
        "pages": {
            page: {
                reader: {
                    "median_ms": round(statistics.median(took[page, reader]), 1),
                    "p95_ms": _p95(took[page, reader]),
                    "within_bar": _p95(took[page, reader]) <= BAR,
                }
                for reader in READERS
            }
            for page in pages
        },
    }


if __name__ == "__main__":
    sys.exit(main())
