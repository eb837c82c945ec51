"""How long whole pages take at 100,000 matters, for three kinds of reader, with and without the second wall.

    ./dev bench pages [--matters N] [--only "list of persons"]

Prints JSON: median and 95th percentile of each page for each reader; the ratio with and without row-level
security; and each reader's 95th percentile beside the manager's. Requests of readers and pages interleave;
the wall is switched off and on again between blocks of requests.
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

from django.db import connections
from django.test import Client
from django.urls import reverse

from bench import database, world
from saferhub.accounts.models import User
from saferhub.foundation import walls
from saferhub.people.models import Person
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter

READERS = {"restricted": world.RESTRICTED, "partner": world.PARTNER, "manager": world.MANAGER}
BLOCKS = 20


def _wall(on: bool) -> None:
    with connections["owner"].cursor() as cursor:
        for table in walls.declared():
            cursor.execute(f'ALTER TABLE "{table}" {"ENABLE" if on else "DISABLE"} ROW LEVEL SECURITY')


def _first_of(model: Any, username: str) -> str:
    """The public identifier of a record that this reader may see: the middle one of the first hundred."""
    with entered(User.objects.get(username=username)):
        found = list(
            model.objects.filter(public_id__startswith="B")
            .order_by("id")
            .values_list("public_id", flat=True)[:100]
        )
    return str(found[len(found) // 2])


def _pages() -> dict[str, tuple[str, str | dict[str, str], dict[str, str]]]:
    """Page → method, address (or one for each reader), what is sent."""
    return {
        "list of matters": ("get", reverse("matters"), {}),
        "list of matters, page 3": ("get", reverse("matters"), {"page": "3"}),
        "list of persons": ("get", reverse("known-persons"), {}),
        # A search answers with the address of its results: both requests count.
        "search for a matter": ("post", reverse("search-matters"), {"reference": "Hawksworth Close"}),
        "search for a person": (
            "post",
            reverse("search"),
            {"purpose": "reduce_asb", "name": "Hester Hawksworth"},
        ),
        "open a matter": (
            "get",
            {name: reverse("matter", args=[_first_of(Matter, who)]) for name, who in READERS.items()},
            {},
        ),
        "open a person": (
            "get",
            {name: reverse("known-person", args=[_first_of(Person, who)]) for name, who in READERS.items()},
            {},
        ),
        # Answered with the address of the matter's page: both requests count.
        "create a matter": (
            "post",
            reverse("matter-open"),
            {"title": "Bench matter", "purpose": "reduce_asb", "hub": "none", "about": ""},
        ),
    }


def _ask(client: Client, reader: str, page: tuple[str, str | dict[str, str], dict[str, str]]) -> Any:
    method, address, sent = page
    return getattr(client, method)(
        address if isinstance(address, str) else address[reader], sent, follow=True
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--hubs", type=int, default=20)
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument(
        "--requests", type=int, default=300, help="of each reader for each page, on and off each"
    )
    parser.add_argument("--only", action="append", default=[], help="a page, by its name; may be said again")
    options = parser.parse_args()
    took: dict[tuple[str, str, bool], list[float]] = defaultdict(list)
    statuses: dict[str, set[int]] = defaultdict(set)
    with database.fresh():
        began = time.monotonic()
        world.make(matters=options.matters, hubs=options.hubs, agencies=options.agencies)
        made = time.monotonic() - began
        clients = {reader: Client() for reader in READERS}
        for reader, username in READERS.items():
            clients[reader].post("/demo/sign-in", {"username": username})
        pages = {page: how for page, how in _pages().items() if not options.only or page in options.only}
        rounds = max(1, options.requests // BLOCKS)
        for block in range(-2, 2 * BLOCKS):
            on = block % 2 == 0
            _wall(on)
            for _ in range(rounds if block >= 0 else 3):
                for page, how in pages.items():
                    for reader, client in clients.items():
                        start = time.perf_counter()
                        response = _ask(client, reader, how)
                        if block >= 0:
                            took[page, reader, on].append(1000 * (time.perf_counter() - start))
                            statuses[page].add(response.status_code)
        _wall(True)
    print(json.dumps(_result(options, made, took, statuses, list(pages)), indent=2))
    return 0


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1], 1)


def _result(options, made, took, statuses, pages) -> dict:  # type: ignore[no-untyped-def]
    result: dict = {
        "matters": options.matters,
        "hubs": options.hubs,
        "agencies": options.agencies,
        "loading_s": round(made, 1),
        "requests_each": options.requests,
        "pages": {},
    }
    for page in pages:
        manager = _p95(took[page, "manager", True])
        bar = max(1.5 * manager, manager + 50)
        rows = {}
        for reader in READERS:
            on, off = took[page, reader, True], took[page, reader, False]
            rows[reader] = {
                "median_ms": round(statistics.median(on), 1),
                "p95_ms": _p95(on),
                "without_wall_p95_ms": _p95(off),
                "median_ratio": round(statistics.median(on) / statistics.median(off), 2),
                "p95_ratio": round(_p95(on) / _p95(off), 2),
                "within_bar": _p95(on) <= bar,
            }
        result["pages"][page] = {"statuses": sorted(statuses[page]), "bar_ms": round(bar, 1), **rows}
    return result


if __name__ == "__main__":
    sys.exit(main())
