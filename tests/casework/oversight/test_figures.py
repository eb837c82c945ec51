"""Figures of a hub: counted in the database from dated moves, and equal to a plain count of the same rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from saferhub.casework.models import Action, Case, CaseMove, Intervention, Referral
from saferhub.casework.queries import oversight_figures as queries
from saferhub.casework.queries import oversight_stock as stocks
from saferhub.casework.rules import oversight_figures as rules
from saferhub.partnership.models import Hub
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Folder, Handover
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_actions import an_action
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
COLIN, MAYA, MINA, PRIYA = "colin.coordinator", "maya.manager", "mina.minutes", "priya.partner"


@dataclass
class Life:
    """A case as the test knows it: adopted, then closed and opened again in turn."""

    number: int
    adopted: date
    turns: list[tuple[date, str]] = field(default_factory=list)

    def is_open(self, day: date) -> bool:
        state = "open" if self.adopted <= day else "none"
        for on, status in self.turns:
            if on <= day:
                state = "shut" if status == "closed" else "open"
        return state == "open"


def lives(cast: Any, seed: int, number: int = 6) -> list[Life]:
    """Cases of Selby with invented lives, beside whatever the world holds already."""
    random, made = Random(seed), []
    for n in range(number):
        case = a_case(cast, title=f"Life {n}", shares=[])
        with entered(cast[COLIN]):
            day = actor(cast, COLIN).on - timedelta(days=random.randint(30, 500))
            life = Life(case.pk, day)
            for turn in range(random.randint(0, 3)):
                day += timedelta(days=random.randint(0, 90))
                if day > actor(cast, COLIN).on:
                    break
                life.turns.append((day, "reopened" if turn % 2 else "closed"))
            for on, status in life.turns:
                CaseMove.objects.create(
                    partnership_id=case.partnership_id, folder_id=case.folder_id, case=case,
                    from_status="", to_status=status, on=on,
                )  # fmt: skip
            last, status = life.turns[-1] if life.turns else (None, "")
            shut = {"status": "closed", "closed_on": last, "outcome": "a", "close_reason": "b"}
            Case.objects.filter(pk=case.pk).update(
                adopted_on=life.adopted,
                band=random.choice(["", "high", "standard"]),
                **(shut if status == "closed" else {}),
            )
            made.append(life)
    return made


def selby(cast: Any) -> Hub:
    return Hub.objects.get(code="selby", partnership=actor(cast, COLIN).partnership)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_open_on_a_day_is_what_a_plain_reading_of_the_moves_says(cast: Any, seed: int) -> None:
    made = lives(cast, seed)
    numbers = {life.number for life in made}
    with entered(cast[COLIN]):
        colin, hub = actor(cast, COLIN), selby(cast)
        before = {
            day: stocks.made_of(colin, [hub.pk], day).total - sum(life.is_open(day) for life in made)
            for day in (colin.on, colin.on - timedelta(days=200))
        }
        for back in (0, 1, 29, 60, 120, 200, 300, 501):
            day = colin.on - timedelta(days=back)
            found = set(stocks.open_on(colin, day, [hub.pk]).values_list("pk", flat=True))
            assert found & numbers == {life.number for life in made if life.is_open(day)}, back
            assert stocks.made_of(colin, [hub.pk], day).total == len(found)
    assert all(number >= 0 for number in before.values())


@dataclass
class Journey:
    """A case that goes from hub to hub, as the test knows it: each step a day and what happened."""

    adopted: date
    steps: list[tuple[date, str]]  # closed, reopened, or the code of the hub it goes to

    def at(self, day: date) -> tuple[str, bool]:
        """Which hub has it at the end of a day, and whether it is open then."""
        hub, is_open = "selby", self.adopted <= day
        for on, what in self.steps:
            if on <= day:
                hub, is_open = (
                    (hub, what == "reopened") if what in ("closed", "reopened") else (what, is_open)
                )
        return hub, is_open

    def made(self, cast: Any) -> Case:
        case = a_case(cast, title="Went on", shares=[])
        hubs = {}
        with entered(cast[MAYA]):
            hubs = {hub.code: hub for hub in Hub.objects.filter(partnership=case.partnership_id)}
            before = "selby"
            for on, what in self.steps:
                if what in hubs:
                    Handover.objects.create(
                        partnership_id=case.partnership_id, folder_id=case.folder_id, matter_id=case.matter_id,
                        from_hub=hubs[before], to_hub=hubs[what], from_unit_id=case.unit_id,
                        to_unit_id=case.unit_id, reason="Invented", by="x", on=on,
                    )  # fmt: skip
                    before = what
                else:
                    CaseMove.objects.create(
                        partnership_id=case.partnership_id, folder_id=case.folder_id, case=case, from_status="",
                        to_status=what, on=on,
                    )  # fmt: skip
            last = [step for step in self.steps if step[1] in ("closed", "reopened")][-1:]
            shut = (
                {"status": "closed", "closed_on": last[0][0], "outcome": "a", "close_reason": "b"}
                if last
                else {}
            )
            Case.objects.filter(pk=case.pk).update(
                adopted_on=self.adopted, band="high", **(shut if last and last[0][1] == "closed" else {})
            )
            # To another unit too, so that the hub it left does not see it as its own.
            Folder.objects.filter(pk=case.folder_id).update(hub=hubs[before], unit=unit_of(cast, PRIYA))
        return case


def test_a_case_handed_over_counts_with_the_hub_that_had_it_on_the_day_whoever_reads(cast: Any) -> None:
    with entered(cast[MAYA]):
        maya, today = actor(cast, MAYA), actor(cast, MAYA).on
        hubs = {hub.code: hub for hub in Hub.objects.filter(partnership=maya.partnership)}
    ago = [today - timedelta(days=days) for days in (300, 240, 180, 120, 60, 10)]
    journeys = [
        Journey(ago[0], []),
        Journey(ago[0], [(ago[2], "harrogate")]),
        Journey(
            ago[0], [(ago[1], "closed"), (ago[2], "harrogate"), (ago[3], "reopened"), (ago[4], "closed")]
        ),
        Journey(ago[1], [(ago[2], "harrogate"), (ago[2], "closed")]),
        Journey(ago[1], [(ago[2], "closed"), (ago[2], "reopened"), (ago[2], "harrogate"), (ago[4], "selby")]),
    ]
    days = [ago[0] - timedelta(days=1), *ago, today]
    readers = [(MAYA, "selby"), (MAYA, "harrogate"), (COLIN, "selby")]

    def read() -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for username, code in readers:
            with entered(cast[username]):
                who, hub = actor(cast, username), hubs[code]
                for day in days:
                    made = stocks.made_of(who, [hub.pk], day)
                    assert made.total == sum(made.ages.values()) == sum(made.subjects.values())
                    found[username, code, day] = made.total
                figures = queries.figures(who, hub, rules.period(today, 24, today))
                assert figures.flows[-1].stock == figures.open_now == found[username, code, today]
                assert figures.closure.n == figures.closed
                found[username, code] = (
                    figures.adopted, figures.closed, figures.reopened, figures.came, figures.went
                )  # fmt: skip
        return found

    before = read()
    for journey in journeys:
        journey.made(cast)
    after = read()
    for username, code in readers:
        for day in days:
            gained = after[username, code, day] - before[username, code, day]
            assert gained == sum(one.at(day) == (code, True) for one in journeys), (username, code, day)
        turns = tuple(b - a for a, b in zip(before[username, code], after[username, code], strict=True))
        assert turns == ((5, 2, 1, 1, 3) if code == "selby" else (0, 2, 1, 3, 1)), (username, code)


def test_what_was_agreed_and_used_counts_with_the_hub_that_had_the_case_on_the_day(cast: Any) -> None:
    with entered(cast[MAYA]):
        maya, today = actor(cast, MAYA), actor(cast, MAYA).on
        hubs = {hub.code: hub for hub in Hub.objects.filter(partnership=maya.partnership)}
    went = today - timedelta(days=20)
    agency = actor(cast, PRIYA).agency_code
    readers = [(MAYA, "selby"), (COLIN, "selby"), (MAYA, "harrogate")]

    def read() -> dict[tuple[str, str], Counter[str]]:
        found = {}
        for username, code in readers:
            with entered(cast[username]):
                figures = queries.figures(actor(cast, username), hubs[code], rules.period(today, 24, today))
            counts = Counter({f"mix {one.code}": one.number for one in figures.mix})
            counts.update({f"contract {one.code}": one.number for one in figures.contracts})
            for one in figures.contribution:
                if one.code == agency:
                    assert one.total == one.on_time + one.late + one.open + one.dropped
                    counts.update(on_time=one.on_time, late=one.late, open=one.open, dropped=one.dropped)
            found[username, code] = counts
        return found

    before = read()
    case = Journey(today - timedelta(days=60), [(went, "harrogate")]).made(cast)
    with entered(cast[MAYA]):
        lies = {
            "partnership_id": case.partnership_id, "folder_id": case.folder_id, "case": case,
            "hub": hubs["harrogate"], "unit": unit_of(cast, PRIYA), "set_by": maya.public_id, "set_on": today,
        }  # fmt: skip
        for due, status, ended in ((-2, "done", -5), (-2, "done", 1), (-2, "dropped", -3), (0, "done", 0),
                                   (5, "done", 6), (-1, "open", None)):  # fmt: skip
            Action.objects.create(
                **lies, words="Invented", owner_unit=unit_of(cast, PRIYA), due_on=went + timedelta(days=due),
                status=status, ended_on=None if ended is None else went + timedelta(days=ended),
            )  # fmt: skip
        for kind, starts, ended, outcome in (("early", -10, 10, "positive"), ("support", 0, 2, "failed"),
                                             ("early", -9, -1, "failed")):  # fmt: skip
            Intervention.objects.create(
                **lies, power=queries.CONTRACT, kind=kind, used_by=unit_of(cast, PRIYA), status="ended",
                starts_on=went + timedelta(days=starts), ended_on=went + timedelta(days=ended), outcome=outcome,
            )  # fmt: skip
    after = read()
    in_selby = {"on_time": 1, "dropped": 1, "open": 2, "mix early": 2, "contract failed": 1}
    for reader in readers:
        gained = {what: after[reader][what] - before[reader][what] for what in after[reader] | before[reader]}
        assert {what: number for what, number in gained.items() if number} == (
            in_selby
            if reader[1] == "selby"
            else {"on_time": 1, "late": 1, "mix support": 1, "contract positive": 1, "contract failed": 1}
        ), reader
    with entered(cast[COLIN]), connection.cursor() as cursor:
        # Past the first wall too: nothing of a hub that she does not see.
        cursor.execute("SELECT * FROM gate.hub_work(%s, %s, %s)", [[hubs["harrogate"].pk], went, today])
        assert cursor.fetchall() == []


def test_nobody_counts_what_a_hub_that_she_does_not_see_had_or_what_is_held_narrowly(cast: Any) -> None:
    from saferhub.casework.queries import oversight_moved as moved
    from saferhub.sharing.operations.interests_given import restrict

    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
    day = colin.on - timedelta(days=90)
    case = Journey(day, [(colin.on, "harrogate")]).made(cast)
    with entered(cast[MAYA]):
        harrogate = Hub.objects.get(code="harrogate", partnership=colin.partnership)
    with entered(cast[COLIN]), connection.cursor() as cursor:
        selby_turns = moved.turns(colin, [selby(cast).pk], colin.on)
        assert {(one.turn, one.number) for one in selby_turns} == {("adopted", 1), ("went", 1)}
        # Its band may have changed since; the asker sees it no longer.
        assert {one.band for one in selby_turns} == {""}
        assert moved.turns(colin, [harrogate.pk], colin.on) == []
        # Past the first wall too.
        cursor.execute("SELECT * FROM gate.hub_turns(%s, %s)", [[harrogate.pk], colin.on])
        assert cursor.fetchall() == []
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        restrict(
            matter_id=case.matter.public_id, names=[maya.public_id], reason="Invented", by=maya, on=maya.on
        )
        assert moved.turns(maya, [harrogate.pk], maya.on)
    with entered(cast[COLIN]):
        assert moved.turns(colin, [selby(cast).pk], colin.on) == []


def test_a_redirected_referral_was_received_by_each_hub_and_waits_with_the_one_that_has_it(cast: Any) -> None:
    from saferhub.casework.operations.cases_deciding import redirect

    referral = a_referral(cast)
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        hubs = {hub.code: hub for hub in Hub.objects.filter(partnership=maya.partnership)}
        Referral.objects.filter(pk=referral.pk).update(sent_on=maya.on - timedelta(days=1))
    month = rules.period(maya.on, 1, maya.on)

    def counted(username: str, code: str) -> tuple[int, int]:
        with entered(cast[username]):
            found = queries.figures(actor(cast, username), hubs[code], month)
            return found.received, found.waiting

    readers = [(MAYA, "selby"), (COLIN, "selby"), (MAYA, "harrogate")]
    before = {reader: counted(*reader) for reader in readers}
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        redirect(
            referral_id=referral.matter.public_id, to_hub=hubs["harrogate"], reason="They moved.",
            told="Harrogate has it.", by=colin, on=colin.on,
        )  # fmt: skip
    for reader in readers:
        received, waiting = before[reader]
        assert counted(*reader) == (
            (received, waiting - 1) if reader[1] == "selby" else (received + 1, waiting + 1)
        ), reader


def test_flows_stock_and_breakdowns_of_the_page_agree_with_one_another(cast: Any) -> None:
    made = lives(cast, 3)
    with entered(cast[COLIN]):
        colin, hub = actor(cast, COLIN), selby(cast)
        period = rules.period(colin.on, 12, colin.on)
        found = queries.figures(colin, hub, period)
        moves = CaseMove.objects.filter(case__hub=hub, on__range=(period.first, period.last))
        assert found.closed == moves.filter(to_status="closed").count()
        assert found.reopened == moves.filter(to_status="reopened").count()
        assert found.adopted == Case.objects.filter(hub=hub, adopted_on__gte=period.first).count()
    assert found.flows[-1].stock == found.open_now
    assert found.open_now >= sum(life.is_open(colin.on) for life in made)
    for shares in (found.ages, found.bands, found.subjects):
        assert sum(one.number for one in shares) == found.open_now
    assert found.closure.n == found.closed


def test_every_figure_leads_to_exactly_its_rows(cast: Any, client_for: Any) -> None:
    from django.http import QueryDict

    from saferhub.casework.forms.oversight_lists import FORMS
    from saferhub.casework.queries import oversight_lists as lists
    from saferhub.casework.queries.oversight_narrow import LISTINGS

    lives(cast, 4)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        found = queries.figures(colin, selby(cast), rules.period(colin.on, 24, colin.on))

        def rows(url: str) -> int:
            address, _, query = url.partition("?")
            code = address.strip("/")
            given = {"hub": [("selby", "Selby")], "outcome": [], "power": [], "agency": []}
            form = FORMS[code](QueryDict(query), choices=given)
            return lists.found(LISTINGS[code], colin, form.filters(LISTINGS[code])).count()

        assert rows(found.urls["open"]) == found.open_now
        assert rows(found.urls["adopted"]) == found.adopted
        assert rows(found.urls["received"]) == found.received
        assert rows(found.urls["decided"]) == found.decision.n
        for one in (*found.ages, *found.bands, *found.subjects):
            assert rows(one.url) == one.number, one


def test_a_restricted_case_is_counted_for_those_who_may_see_it_and_for_nobody_else(cast: Any) -> None:
    from saferhub.sharing.operations.interests_given import restrict

    case = a_case(cast)

    def counted(username: str) -> int:
        with entered(cast[username]):
            who = actor(cast, username)
            return queries.figures(who, selby(cast), rules.period(who.on, 1, who.on)).open_now

    colin, mina = counted(COLIN), counted(MINA)
    with entered(cast[COLIN]):
        who = actor(cast, COLIN)
        restrict(matter_id=case.matter.public_id, names=[who.public_id], reason="Invented", by=who, on=who.on)
    assert counted(COLIN) == colin
    assert counted(MINA) == mina - 1


def test_waits_adoption_and_waiting_count_the_referrals_of_the_months(cast: Any) -> None:
    decided, adopted, waits, withdrawn = (a_referral(cast) for _ in range(4))
    with entered(cast[COLIN]):
        colin, hub = actor(cast, COLIN), selby(cast)
        period = rules.period(colin.on, 1, colin.on)
        before = queries.figures(colin, hub, period)
        for row, status, days in ((decided, "declined", 3), (adopted, "adopted", 9)):
            Referral.objects.filter(pk=row.pk).update(
                status=status, sent_on=colin.on - timedelta(days=days), decided_on=colin.on
            )
    with entered(cast["rachel.referrer"]):
        from saferhub.casework.operations.referrals import withdraw_referral

        rachel = actor(cast, "rachel.referrer")
        withdraw_referral(referral_id=withdrawn.matter.public_id, reason="Invented", by=rachel, on=rachel.on)
    with entered(cast[COLIN]):
        after = queries.figures(colin, hub, period)
    assert after.decision.n == before.decision.n + 2
    assert after.waiting == before.waiting - 3
    council = {one.code: one for one in after.adoption}[actor(cast, "rachel.referrer").agency_code]
    was = {one.code: one for one in before.adoption}.get(council.code)
    assert council.decided == (was.decided if was else 0) + 2
    assert council.adopted == (was.adopted if was else 0) + 1
    assert waits.status == "sent"


def test_what_an_agency_did_by_its_day_is_on_time(cast: Any) -> None:
    case = a_case(cast)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        first = colin.on - timedelta(days=40)
    rows = [an_action(cast, case, owner=PRIYA, set_before=30) for _ in range(4)]
    with entered(cast[COLIN]):
        before = {one.code: one for one in queries.contribution(colin, [selby(cast).pk], first, colin.on)}[
            actor(cast, PRIYA).agency_code
        ]
        for row, status, late in zip(rows, ("done", "done", "dropped", "open"), (0, 1, 0, None), strict=True):
            ended = None if late is None else row.due_on + timedelta(days=late)
            type(row).objects.filter(pk=row.pk).update(status=status, ended_on=ended)
        after = {one.code: one for one in queries.contribution(colin, [selby(cast).pk], first, colin.on)}[
            actor(cast, PRIYA).agency_code
        ]
    assert after.total == before.total
    gained = (after.on_time - before.on_time, after.late - before.late, after.dropped - before.dropped)
    assert gained == (1, 1, 1)
    assert after.open == before.open - 3


def test_tools_by_class_and_what_came_of_contracts(cast: Any) -> None:
    case = a_case(cast)
    with entered(cast[COLIN]):
        colin, hub = actor(cast, COLIN), selby(cast)
        period = rules.period(colin.on, 1, colin.on)
        for outcome in ("positive", "failed", "positive"):
            Intervention.objects.create(
                partnership_id=case.partnership_id, folder=case.folder, case=case, hub=case.hub, unit=case.unit,
                power=queries.CONTRACT, kind="early", used_by=case.lead_unit, status="ended", starts_on=colin.on,
                ended_on=colin.on, outcome=outcome, set_by=colin.public_id, set_on=colin.on,
            )  # fmt: skip
        found = queries.figures(colin, hub, period)
    assert {one.code: one.number for one in found.contracts} == {"positive": 2, "failed": 1}
    assert {one.code: one.number for one in found.mix}["early"] >= 3


def test_the_hubs_side_by_side_say_the_same_as_each_hubs_own_page(cast: Any) -> None:
    lives(cast, 5, number=3)
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
    ago = [maya.on - timedelta(days=days) for days in (300, 90, 60, 10)]
    Journey(ago[0], [(ago[1], "harrogate"), (ago[2], "closed")]).made(cast)
    Journey(ago[0], [(ago[2], "harrogate")]).made(cast)
    with entered(cast[MAYA]):
        period = rules.period(maya.on, 6, maya.on)
        hubs = list(Hub.objects.filter(partnership=maya.partnership))
        lines = queries.side_by_side(maya, hubs, period)
        assert sum(line.over_six for line in lines) and sum(line.high for line in lines)
        for line in lines:
            own = queries.figures(maya, line.hub, period)
            ages = {one.code: one.number for one in own.ages}
            bands = {one.code: one.number for one in own.bands}
            assert line.over_six == ages["under_12"] + ages["over_12"]
            assert line.high == bands.get("high", 0) + bands.get("very_high", 0)
            assert (line.open_now, line.adopted, line.closed, line.reopened, line.waiting) == (
                own.open_now, own.adopted, own.closed, own.reopened, own.waiting,
            )  # fmt: skip
            assert (line.decision, line.closure) == (own.decision, own.closure)


def test_the_page_costs_the_same_however_many_cases(
    cast: Any, client_for: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        a_case(cast, shares=[])
    client = client_for(COLIN)
    client.get("/hubs/selby/figures/")
    with django_assert_max_num_queries(40):
        page = client.get("/hubs/selby/figures/?length=3&until=2018-07").content.decode()
    assert "1 May 2018 to 31 July 2018" in page


def test_whoever_sees_no_hub_is_told_whose_the_figures_are(client_for: Any) -> None:
    answer = client_for("rachel.referrer").get("/hubs/selby/figures/")
    assert answer.status_code == 403 and "You work in the hub" in answer.content.decode()
    assert client_for(COLIN).get("/hubs/figures/")["Location"] == "/hubs/selby/figures/"
    assert "Hubs side by side" in client_for(MAYA).get("/hubs/figures/").content.decode()
