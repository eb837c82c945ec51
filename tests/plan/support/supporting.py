"""Records beside the plan: written by the manager, but training and the note by the police."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from saferhub.partnership.models import Board
from saferhub.plan.models import ConnectedReport, Consultation, ConsultedGroup, CrimeNote, Funding, Training
from saferhub.plan.operations import consulting, funding, heard, training
from tests.builders.casework import actor
from tests.plan.planned import CHRIS, MAYA, POLICE, Cast, a_plan, an_area

TODAY = date(2018, 8, 28)
FIRST, LAST = date(2018, 4, 1), date(2019, 3, 31)


def area_of(cast: Cast) -> str:
    return str(an_area(a_plan(cast)).public_id)


def funding_values(cast: Cast, **more: Any) -> funding.FundingValues:
    given: dict[str, Any] = {
        "title": "Family workers", "area": area_of(cast), "funder": "A national fund", "buys": "Two workers", **more,
    }  # fmt: skip
    return funding.FundingValues(**given)


def a_funding(cast: Cast, *, secured: bool = False, by: str = MAYA, **more: Any) -> Funding:
    who = actor(cast, by)
    made = funding.add_funding(values=funding_values(cast, **more), by=who, on=TODAY)
    if secured:
        made = funding.move_funding(
            funding_id=made.public_id, status="secured", reason="", amount=Decimal(40_000), first_day=FIRST,
            last_day=LAST, by=who, on=TODAY, seen=made.version,
        )  # fmt: skip
    return made


def training_values(cast: Cast, **more: Any) -> training.TrainingValues:
    given: dict[str, Any] = {
        "on": date(2018, 6, 14), "topic": "County lines", "area": area_of(cast), "given_by": "Trainer",
        "audience": "Officers", "count": 20, "agency": POLICE, **more,
    }  # fmt: skip
    return training.TrainingValues(**given)


def a_training(cast: Cast, *, by: str = CHRIS, **more: Any) -> Training:
    return training.record_training(values=training_values(cast, **more), by=actor(cast, by), on=TODAY)


def a_board(cast: Cast) -> Board:
    return Board.objects.filter(partnership=actor(cast, MAYA).partnership).earliest("id")


def report_values(cast: Cast, **more: Any) -> heard.ReportValues:
    given: dict[str, Any] = {
        "board": a_board(cast).code, "on": date(2018, 6, 21), "title": "The year to March", "received_at": "Board",
        "words": "Fewer were hurt.", **more,
    }  # fmt: skip
    return heard.ReportValues(**given)


def a_report(cast: Cast, *, by: str = MAYA, **more: Any) -> ConnectedReport:
    return heard.receive_report(values=report_values(cast, **more), by=actor(cast, by), on=TODAY)


def consultation_values(**more: Any) -> consulting.ConsultationValues:
    given: dict[str, Any] = {
        "kind": "public_meeting", "title": "Evening in the market hall", "first_day": date(2018, 6, 7),
        "last_day": date(2018, 6, 7), **more,
    }  # fmt: skip
    return consulting.ConsultationValues(**given)


def a_consultation(cast: Cast, *, by: str = MAYA, **more: Any) -> Consultation:
    return consulting.record_consultation(values=consultation_values(**more), by=actor(cast, by), on=TODAY)


def a_group(cast: Cast, consultation: Consultation | None = None, **more: Any) -> ConsultedGroup:
    given: dict[str, Any] = {"name": "Residents", "reached": 40, "gap": "", **more}
    found = consultation or a_consultation(cast)
    return consulting.add_group(consultation_id=found.public_id, **given, by=actor(cast, MAYA), on=TODAY)


def note_values(**more: Any) -> heard.NoteValues:
    given: dict[str, Any] = {
        "on": date(2018, 7, 5), "decision": "Lights go out at midnight", "body": "Highways committee",
        "effects": "None found elsewhere", **more,
    }  # fmt: skip
    return heard.NoteValues(**given)


def a_note(cast: Cast, *, by: str = CHRIS, **more: Any) -> CrimeNote:
    return heard.note_decision(values=note_values(**more), by=actor(cast, by), on=TODAY)
