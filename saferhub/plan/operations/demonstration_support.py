"""What stands beside the plan in the demonstration: money, training, reports, a survey, a decision. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from saferhub.casework.operations.demonstration_words import Telling
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Board
from saferhub.plan.models import ActionPlan, Area

from .consulting import ConsultationValues, add_group, record_consultation
from .funding import FundingValues, add_funding, move_funding, report_funding
from .heard import NoteValues, ReportValues, note_decision, receive_report
from .training import TrainingValues, record_training

_INVENTED = "Invented for the demonstration."
# Days after the first of the plan's year; the board; the title, and what follows.
_HEARD = (
    (46, "road_safety", "Road safety: the year to March", "Young drivers on rural roads are its first concern.",
     "Hubs send it what they hear of racing on rural roads."),
    (81, "drug_and_alcohol_partnership", "Drug and alcohol: treatment and waiting", "Waiting for treatment has grown.",
     "Hubs ask at adoption whether somebody waits for treatment."),
)  # fmt: skip
_TRAINED = (
    (33, "domestic_abuse", "Recognising coercive control", "Housing officers", "selby_district_council", 18, 16, 13),
    (61, "hate_crime", "Reporting hate crime as a witness", "Teachers and governors", "schools", 34, 28, 19),
    (75, "serious_and_organised_crime", "County lines: what to look for", "Neighbourhood officers",
     "north_yorkshire_police", 41, 30, 26),
    (136, "serious_and_organised_crime", "County lines: what parents ask", "Residents of three towns", "", 57,
     None, None),
)  # fmt: skip


def make(telling: Telling, username: str, year: ActionPlan) -> None:
    """Tell it for the county, as far as its days have come; the other partnership has its plan alone."""
    if year.partnership.code != "north_yorkshire":
        return
    areas = {one.code: one.public_id for one in Area.objects.filter(strategy=year.strategy)}
    boards = set(Board.objects.filter(partnership=year.partnership).values_list("code", flat=True))
    for days, board, title, words, follows in _HEARD:
        with _on(telling, username, year, days) as by:
            if by is not None and board in boards:
                values = ReportValues(
                    board=board, on=by.on, title=title, received_at=f"Board meeting. {_INVENTED}", words=words,
                    follows=follows,
                )  # fmt: skip
                receive_report(values=values, by=by, on=by.on)
    for days, area, topic, audience, agency, count, asked, confident in _TRAINED:
        with _on(telling, username, year, days) as by:
            if by is not None:
                training = TrainingValues(
                    on=by.on, topic=topic, area=areas[area], given_by="Community safety trainer", audience=audience,
                    agency=agency, count=count, asked=asked, more_confident=confident, outcome=_INVENTED,
                )  # fmt: skip
                record_training(values=training, by=by, on=by.on)
    _money(telling, username, year, areas)
    _asked(telling, username, year)
    _decided(telling, username, year, areas)


@contextmanager
def _on(telling: Telling, username: str, year: ActionPlan, days: int) -> Iterator[Actor | None]:
    """Somebody on a day of the year; nobody where that is still to come."""
    day: date = year.first_day + timedelta(days=days)
    if day > telling.today:
        yield None
        return
    with telling.acting(username, (telling.today - day).days) as by:
        yield by


def _money(telling: Telling, username: str, year: ActionPlan, areas: dict[str, str]) -> None:
    with _on(telling, username, year, 18) as by:
        if by is None:
            return
        worker = add_funding(
            values=FundingValues(
                title="Domestic abuse worker in three hubs", area=areas["domestic_abuse"],
                funder="Police and Crime Commissioner", amount=Decimal(38_000), first_day=year.first_day,
                last_day=year.last_day, provider="Domestic abuse service",
                buys=f"A worker who sits with three hubs one day a week each. {_INVENTED}",
                monitoring="People seen and cases handed over, each quarter, by the commissioning lead",
            ),
            by=by, on=by.on,
        )  # fmt: skip
        move_funding(
            funding_id=worker.public_id, status="secured", reason="Agreed for one year", by=by, on=by.on,
            seen=worker.version,
        )  # fmt: skip
    with _on(telling, username, year, 106) as by:
        if by is not None:
            report_funding(
                funding_id=worker.public_id, first_day=year.first_day, last_day=year.first_day + timedelta(days=90),
                spent=Decimal(9_200), words=f"31 people seen, nine of them through a hub. {_INVENTED}", by=by, on=by.on,
            )  # fmt: skip
    with _on(telling, username, year, 127) as by:
        if by is not None:
            add_funding(
                values=FundingValues(
                    title="Early support for families", area=areas["serious_and_organised_crime"],
                    funder="A national early intervention fund", bid_due_on=year.first_day + timedelta(days=176),
                    buys=f"Two family workers, and a network of support in each district. {_INVENTED}",
                ),
                by=by, on=by.on,
            )  # fmt: skip


def _asked(telling: Telling, username: str, year: ActionPlan) -> None:
    with _on(telling, username, year, 84) as by:
        if by is None:
            return
        survey = record_consultation(
            values=ConsultationValues(
                kind="survey", title="What worries you where you live?", first_day=year.first_day + timedelta(days=40),
                last_day=year.first_day + timedelta(days=70),
                said=f"Speeding and noise come first; few name hate crime, and those did not report it. {_INVENTED}",
                changed="Reporting hate crime became an objective of its own.",
                made_known="Pages of the councils, and posters in libraries",
            ),
            by=by, on=by.on,
        )  # fmt: skip
        for name, reached, gap in (
            ("Residents", 412, ""),
            (
                "People who work in the night",
                26,
                "Takeaways and hospitals: nobody answered. Ask through employers.",
            ),
            ("Disabled people", 0, "The form could not be filled in by some. Ask the forum to meet."),
        ):
            add_group(consultation_id=survey.public_id, name=name, reached=reached, gap=gap, by=by, on=by.on)


def _decided(telling: Telling, username: str, year: ActionPlan, areas: dict[str, str]) -> None:
    with _on(telling, username, year, 98) as by:
        if by is not None:
            note_decision(
                values=NoteValues(
                    on=by.on, decision="Street lights on two estates go out at midnight", body="Highways committee",
                    agency="north_yorkshire_county_council", area=areas["community_safety_hubs"],
                    effects=f"Residents fear more damage to cars; elsewhere no rise was found. {_INVENTED}",
                    done="Lights stay on at two paths. Calls are counted for six months.",
                ),
                by=by, on=by.on,
            )  # fmt: skip
