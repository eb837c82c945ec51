"""How long the pages of casework take at 100,000 cases, for three kinds of reader, and for four of them at once.

    ./dev bench cases [--cases N] [--requests N]

Prints JSON: median and 95th percentile of each page for each reader, each reader's 95th percentile beside the
manager's, and the loader's own figures. Readers and pages interleave. *Restricted*: a co-ordinator of two hubs;
*partner*: an agency that sees about one case in a hundred; *manager*: every hub.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from bench import database, world
from devkit.serve import WEB_PROCESSES
from saferhub.accounts.models import User
from saferhub.audit.models import Entry
from saferhub.casework.access import cases_visible_to
from saferhub.casework.models import Source, SubjectKind
from saferhub.casework.operations.referrals_filed import PersonValues, ReferralValues, file_referral
from saferhub.partnership.access import actor_for
from saferhub.partnership.models import Hub
from saferhub.sharing.entering import entered

READERS = {"restricted": world.RESTRICTED, "partner": world.PARTNER, "manager": world.MANAGER}
BARS = {"list of cases": 100, "search for a case": 150, "open a case": 100, "send a referral": 100}
AT_ONCE, AT_ONCE_BAR = 4, 250
_SECOND_HUB = """
INSERT INTO partnership_membership (public_id, created_at, user_id, partnership_id, unit_id, role, hub_id, valid_from,
    given_by, reason, ended_by, end_reason, ended_at_once)
  SELECT 'BENCHMEMBERSHIP0', now(), m.user_id, m.partnership_id, m.unit_id, m.role,
         (SELECT id FROM partnership_hub WHERE code = 'scarborough' AND partnership_id = m.partnership_id),
         m.valid_from, '', '', '', '', false
    FROM partnership_membership m JOIN accounts_user u ON u.id = m.user_id WHERE u.username = %s
"""


def _seen(username: str) -> tuple[int, str]:
    """How many cases this reader sees, and one in their middle."""
    user = User.objects.get(username=username)
    with entered(user):
        rows = cases_visible_to(actor_for(user))
        found = list(rows.order_by("-adopted_on", "-id").values_list("matter__public_id", flat=True)[:100])
        return rows.count(), str(found[len(found) // 2])


def _refer(username: str, number: int) -> None:
    """Write and send a referral, as a page does at its last step and other ways in do at once."""
    user = User.objects.get(username=username)
    with entered(user):
        by = actor_for(user)
        file_referral(
            values=ReferralValues(
                to_hub=Hub.objects.get(partnership=by.partnership, code="selby"),
                purpose="reduce_asb",
                title=f"Measured {number}",
                subject_kind=SubjectKind.INDIVIDUAL,
                happened="Shouting at night.",
                tried="A letter.",
                asked_for="A plan.",
                children="no",
                told="yes",
            ),
            people=[
                PersonValues(role="alleged_perpetrator", is_subject=True, given="Hester", family="Measured")
            ],
            by=by,
            on=by.on,
            source=Source.PAGE,
            tells=False,
        )


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1], 1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--hubs", type=int, default=20)
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument("--requests", type=int, default=40, help="of each reader for each page")
    options = parser.parse_args()
    with database.fresh():
        began = time.monotonic()
        call_command(
            "demo", cases=options.cases, hubs=options.hubs, agencies=options.agencies, stdout=sys.stderr
        )
        made = time.monotonic() - began
        with connections["owner"].cursor() as cursor:
            cursor.execute(_SECOND_HUB, [world.RESTRICTED])
            cursor.execute("VACUUM (ANALYZE)")
        print(json.dumps(_measured(options, made), indent=2))
    return 0


def _measured(options: argparse.Namespace, made: float) -> dict[str, Any]:
    clients = {}
    for reader, username in READERS.items():
        clients[reader] = Client()
        clients[reader].post("/demo/sign-in", {"username": username})
    seen = {reader: _seen(username) for reader, username in READERS.items()}
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    statuses: dict[str, set[int]] = defaultdict(set)

    def ask(page: str, reader: str, method: str, url: str, sent: dict[str, str]) -> None:
        start = time.perf_counter()
        response = getattr(clients[reader], method)(url, sent, follow=True)
        took[page, reader].append(1000 * (time.perf_counter() - start))
        statuses[page].add(response.status_code)

    for number in range(options.requests + 3):
        if number == 3:  # the first ones fill caches
            took.clear()
        for reader, username in READERS.items():
            ask("list of cases", reader, "get", reverse("cases"), {})
            ask(
                "search for a case",
                reader,
                "post",
                reverse("search-matters"),
                {"reference": "Shouting garages"},
            )
            ask("open a case", reader, "get", reverse("case", args=[seen[reader][1]]), {})
            start = time.perf_counter()
            _refer(username, number)
            took["send a referral", reader].append(1000 * (time.perf_counter() - start))
    result: dict[str, Any] = {
        "cases": options.cases,
        "hubs": options.hubs,
        "agencies": options.agencies,
        "loading_s": round(made, 1),
        "entries_of_the_audit": Entry.objects.using("steward").count(),
        "most_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "requests_each": options.requests,
        "cases_seen": {reader: count for reader, (count, _) in seen.items()},
        "statuses": {page: sorted(found) for page, found in statuses.items()},
        "pages": {page: _row(took, page, bar) for page, bar in BARS.items()},
        f"list of cases, {AT_ONCE} readers at once": _at_once(options.requests),
    }
    return result


def _row(took: dict[tuple[str, str], list[float]], page: str, bar: int) -> dict[str, Any]:
    manager = _p95(took[page, "manager"])
    most = max(1.5 * manager, manager + 50)
    return {
        reader: {
            "median_ms": round(statistics.median(took[page, reader]), 1),
            "p95_ms": _p95(took[page, reader]),
            "to_manager": round(_p95(took[page, reader]) / manager, 2),
            "within_bar": _p95(took[page, reader]) <= bar,
            "within_ratio": _p95(took[page, reader]) <= most,
        }
        for reader in READERS
    }


def _at_once(requests: int) -> dict[str, Any]:
    """Four readers, each asking again as soon as she has been answered; in as many processes as serve the product."""
    usernames = [*READERS.values(), world.MANAGER][:AT_ONCE]
    shares = [usernames[process::WEB_PROCESSES] for process in range(WEB_PROCESSES)]
    connections.close_all()
    with ProcessPoolExecutor(WEB_PROCESSES, mp_context=get_context("fork")) as pool:
        every = [value for values in pool.map(_asking, shares, [requests] * len(shares)) for value in values]
    return {
        "median_ms": round(statistics.median(every), 1),
        "p95_ms": _p95(every),
        "within_bar": _p95(every) <= AT_ONCE_BAR,
    }


def _asking(usernames: list[str], requests: int) -> list[float]:
    """What these readers waited, in milliseconds: each in a thread of this process."""

    def one(username: str) -> list[float]:
        client = Client()
        client.post("/demo/sign-in", {"username": username})
        found = []
        for _ in range(requests):
            start = time.perf_counter()
            client.get(reverse("cases"))
            found.append(1000 * (time.perf_counter() - start))
        connections.close_all()
        return found

    with ThreadPoolExecutor(len(usernames)) as pool:
        return [value for values in pool.map(one, usernames) for value in values]


if __name__ == "__main__":
    sys.exit(main())
