"""How long a full agenda takes: its page and what is asked, for four kinds of reader, and its papers in three forms.

    ./dev bench meetings [--items N] [--requests N] [--cases N]

Prints JSON: median, 95th percentile, the processor's time and the number of queries of each page for each reader; and
the pack of the meeting as a page, a Word file and a PDF, each and together. Readers and pages interleave. Every item is about a case with somebody
in it, two agencies have answered about each, and each case has an action. `--cases`: so many more stand in the world.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from datetime import time as time_of_day
from datetime import timedelta
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import database
from saferhub.accounts.models import User
from saferhub.casework.models import Case
from saferhub.casework.operations.actions import owner_key, set_action
from saferhub.casework.operations.involving import involve
from saferhub.casework.operations.opening import Share, open_case
from saferhub.meetings.models import Group, Item, ItemKind, Meeting
from saferhub.meetings.operations import asking
from saferhub.meetings.operations.items import put_on
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.meetings.operations.planning import call_meeting
from saferhub.meetings.operations.sending import send_agenda
from saferhub.meetings.queries.asks import asked_of
from saferhub.partnership.access import Actor, actor_for
from saferhub.people.operations.persons import record_person
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement

READERS = {
    "co-ordinator": "colin.coordinator",
    "chair": "chris.chair",
    "partner": "priya.partner",
    "voluntary": "victor.voluntary",
}
# The bar in milliseconds of the page that has one.
BARS = {"agenda": 150}
FORMS = {"page": "", "word": "docx", "pdf": "pdf"}
PACK_BAR_S = 5.0
_HOUR = time_of_day(14)
GIVEN = ("Alder", "Bryony", "Corin", "Delphine", "Edwin", "Fern", "Gwilym", "Hester", "Idris", "Juno")
WORDS = "Shouting and banging at night; two agencies have tried alone since May. "


def _as(username: str, act: Any) -> Any:
    user = User.objects.get(username=username)
    with entered(user):
        return act(actor_for(user))


def _case(by: Actor, number: int) -> Case:
    """A case that Rachel's unit leads, with a person in it and an action of Priya's due."""
    rachel = actor_for(User.objects.get(username="rachel.referrer")).unit
    priya = User.objects.get(username="priya.partner")
    theirs = actor_for(priya).unit
    assert rachel is not None and theirs is not None
    agreement = Agreement.objects.get(code="hubs_2018")
    group = Group.objects.select_related("hub").get(
        partnership=by.partnership, kind="maps", hub__code="selby"
    )
    assert group.hub is not None
    case = open_case(
        title=f"Measured {number}",
        purpose="reduce_asb",
        subject_kind="individual",
        why=WORDS,
        hub=group.hub,
        lead_unit=rachel,
        shares=[Share(one, agreement, "crime_and_disorder", "Works with them.") for one in (rachel, theirs)],
        by=by,
        on=by.on,
    )
    person = record_person(
        matter_id=case.matter.public_id,
        values={"given": GIVEN[number % len(GIVEN)], "family": f"Measured{number}", "name_kind": "legal"},
        by=by,
        on=by.on,
    )
    involve(matter=case.matter, person=person, role="alleged_perpetrator", is_subject=True, by=by, on=by.on)
    set_action(
        case_id=case.matter.public_id, words=f"Visit and report {number}", who=owner_key(theirs, priya),
        due_on=by.on + timedelta(days=7), by=by, on=by.on,
    )  # fmt: skip
    return case


def _meeting(items: int) -> Meeting:
    """A meeting of Selby's group with so many items, sent and answered by two agencies."""

    def prepare(by: Actor) -> Meeting:
        group = Group.objects.get(partnership=by.partnership, kind="maps", hub__code="selby")
        found = call_meeting(
            group_id=group.public_id,
            day=by.on + timedelta(days=20),
            starts_at=_HOUR,
            minutes=120,
            by=by,
            on=by.on,
        )
        begin_preparing(meeting_id=found.public_id, by=by, on=by.on)
        for number in range(items):
            case = _case(by, number)
            put_on(
                meeting_id=found.public_id, kind=ItemKind.CASE, matter_id=case.matter.public_id, under="cases",
                why=WORDS, brief=WORDS * 3, minutes=3, by=by, on=by.on,
            )  # fmt: skip
        send_agenda(meeting_id=found.public_id, by=by, on=by.on)
        return found

    found = _as("colin.coordinator", prepare)
    for username in ("priya.partner", "rachel.referrer"):

        def answer(by: Actor) -> None:
            for one in asked_of(by, found):
                asking.answer(
                    meeting_id=found.public_id, ask_id=one.ask.public_id, answer="shared", words=WORDS * 4,
                    seen=one.ask.version, by=by, on=by.on,
                )  # fmt: skip

        _as(username, answer)
    return found  # type: ignore[no-any-return]


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1], 1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--requests", type=int, default=60, help="of each reader for each page")
    parser.add_argument("--papers", type=int, default=10, help="packs in each form for each reader")
    parser.add_argument("--cases", type=int, default=0, help="cases in the world beside them")
    options = parser.parse_args()
    with database.fresh():
        if options.cases:
            call_command("demo", cases=options.cases, hubs=20, agencies=40, stdout=sys.stderr)
        began = time.monotonic()
        meeting = _meeting(options.items)
        made = time.monotonic() - began
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        print(json.dumps(_measured(options, meeting, made), indent=2))
    return 0


def _measured(options: argparse.Namespace, meeting: Meeting, made: float) -> dict[str, Any]:
    clients = {}
    for reader, username in READERS.items():
        clients[reader] = Client()
        clients[reader].post("/demo/sign-in", {"username": username})
    one = meeting.public_id
    item = _as(
        "colin.coordinator", lambda by: Item.objects.filter(meeting=meeting, code="").first().public_id
    )  # type: ignore[union-attr]
    pages = {
        "agenda": reverse("meeting", args=[one]),
        "what is asked": reverse("meeting-asks", args=[one]),
        "one item": reverse("item", args=[one, item]),
    }
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    worked: dict[tuple[str, str], list[float]] = defaultdict(list)
    queries: dict[tuple[str, str], int] = {}
    statuses: dict[str, set[int]] = defaultdict(set)

    def ask(name: str, reader: str, address: str) -> None:
        start, begun = time.perf_counter(), time.process_time()
        statuses[name].add(clients[reader].get(address).status_code)
        took[name, reader].append(1000 * (time.perf_counter() - start))
        worked[name, reader].append(1000 * (time.process_time() - begun))

    for number in range(options.requests + 3):
        if number == 3:  # the first ones fill caches
            took.clear()
            worked.clear()
        for reader in READERS:
            for name, address in pages.items():
                ask(name, reader, address)
    for reader in READERS:
        for name, address in pages.items():
            with CaptureQueriesContext(connection) as found:
                clients[reader].get(address)
            queries[name, reader] = len(found)
    for number in range(options.papers + 1):
        if number == 1:
            for form in FORMS:
                for reader in READERS:
                    took.pop((form, reader), None)
        for reader in READERS:
            for form, ending in FORMS.items():
                ask(form, reader, _address(one, ending))
    return {
        "items": options.items,
        "cases": options.cases,
        "making_s": round(made, 1),
        "requests_each": options.requests,
        "statuses": {name: sorted(found) for name, found in statuses.items()},
        "pages": {
            name: {
                reader: {
                    "median_ms": round(statistics.median(took[name, reader]), 1),
                    "p95_ms": _p95(took[name, reader]),
                    # Of this process, without the database's: what the page costs on a quiet machine and on a busy one.
                    "processor_ms": round(statistics.median(worked[name, reader]), 1),
                    "queries": queries[name, reader],
                    **({"within_bar": _p95(took[name, reader]) <= BARS[name]} if name in BARS else {}),
                }
                for reader in READERS
            }
            for name in pages
        },
        "pack": {reader: _pack(took, reader) for reader in READERS},
    }


def _address(meeting: str, ending: str) -> str:
    if not ending:
        return reverse("meeting-paper", args=[meeting, "pack"])
    return reverse("meeting-paper-file", args=[meeting, "pack", ending])


def _pack(took: dict[tuple[str, str], list[float]], reader: str) -> dict[str, Any]:
    """Each form, and the three of them one after another, in seconds."""
    together = [sum(one) / 1000 for one in zip(*(took[form, reader] for form in FORMS), strict=True)]
    return {
        **{f"{form}_s": round(statistics.median(took[form, reader]) / 1000, 2) for form in FORMS},
        "together_s": round(statistics.median(together), 2),
        "longest_s": round(max(together), 2),
        "within_bar": max(together) <= PACK_BAR_S,
    }


if __name__ == "__main__":
    sys.exit(main())
