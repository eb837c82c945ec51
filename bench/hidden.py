"""Whether time tells a hidden record from a missing one: pairs of requests, interleaved.

    ./dev bench hidden [--pairs N]

Prints JSON: for each kind of page the median difference (hidden minus missing) in milliseconds and its 95%
interval, by ranks (the sign test's order statistics), and whether it lies within one millisecond.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.test import Client
from django.urls import reverse

from bench import database, world
from saferhub.accounts.models import User
from saferhub.people.models import Person
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter

STRANGER = "nadia.neighbour"


def interval(differences: list[float]) -> tuple[float, float, float]:
    """Median and its 95% interval by order statistics (binomial, normal approximation)."""
    ordered, n = sorted(differences), len(differences)
    reach = math.ceil(1.96 * math.sqrt(n) / 2)
    middle = ordered[n // 2]
    return middle, ordered[max(0, n // 2 - reach)], ordered[min(n - 1, n // 2 + reach)]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=2_000)
    parser.add_argument("--matters", type=int, default=20_000)
    options = parser.parse_args()
    result: dict = {"pairs": options.pairs, "matters": options.matters, "pages": {}}
    pick = random.Random(2018)
    with database.fresh():
        world.make(matters=options.matters, hubs=20, agencies=40)
        stranger = User.objects.get(username=STRANGER)
        client = Client()
        client.post("/demo/sign-in", {"username": STRANGER})
        for name, model in (("matter", Matter), ("known-person", Person)):
            every = set(
                model.objects.using("steward")
                .filter(public_id__startswith="B")
                .values_list("public_id", flat=True)
            )
            with entered(stranger):
                hidden = sorted(every - set(model.objects.values_list("public_id", flat=True)))
            differences = []
            for number in range(options.pairs + 50):
                there = pick.choice(hidden)
                gone = "Z" + there[1:]
                took = {}
                for address in pick.sample([there, gone], 2):
                    url = reverse(name, args=[address])
                    start = time.perf_counter()
                    response = client.get(url)
                    took[address] = 1000 * (time.perf_counter() - start)
                    assert response.status_code == 404, (name, response.status_code)
                if number >= 50:
                    differences.append(took[there] - took[gone])
            middle, low, high = interval(differences)
            result["pages"][name] = {
                "median_difference_ms": round(middle, 3),
                "interval_ms": [round(low, 3), round(high, 3)],
                "within_1_ms": low >= -1 and high <= 1,
            }
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
