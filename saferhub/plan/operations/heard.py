"""Reports that connected partnerships brought, and how crime and disorder weighed in decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import ConnectedReport, CrimeNote
from saferhub.plan.rules import support as rules

from .strategy import agency_of, board_of
from .support_rows import area_or_none, stripped, write


@dataclass(frozen=True, slots=True)
class ReportValues:
    """What is written of a report that was received. `board`: code; `area`: public_id, blank for none."""

    board: str
    on: date
    title: str
    received_at: str
    words: str
    area: str = ""
    follows: str = ""


def report_values(report: ConnectedReport) -> dict[str, object]:
    """How it stands, by field of its form."""
    return {
        **{name: getattr(report, name) for name in ("on", "title", "received_at", "words", "follows")},
        "board": report.board.code,
        "area": report.area.public_id if report.area else "",
    }


@transaction.atomic
def receive_report(*, values: ReportValues, by: Actor, on: date) -> ConnectedReport:
    """Record that the partnership heard a board it is connected with, and what follows.

    Raises NotAllowed unless the actor writes the plan; Refusal for a board or area that is not the partnership's, a
    day to come, and the same board's report of that day and title."""
    access.check_can_keep_plan(by)
    checked = _report(by, values, on)
    twins = access.visible_to(by, ConnectedReport).filter(
        board=checked["board"], on=values.on, title__iexact=checked["title"]
    )
    if twins.exists():
        raise Refusal("report_stands", "This report stands already.")
    assert by.partnership is not None
    report = ConnectedReport.objects.create(partnership=by.partnership, by=by.public_id, **checked)
    audit.record("plan.report_received", report, by=by, board=report.board.code)
    return report


@transaction.atomic
def change_report(*, report_id: str, values: ReportValues, by: Actor, on: date, seen: int) -> ConnectedReport:
    """Write it anew. Raises as `receive_report`, and Conflict unless `seen` is its newest version."""
    access.check_can_keep_plan(by)
    report = access.get_for_update(by, ConnectedReport, report_id, version=seen)
    if write(report, _report(by, values, on)):
        audit.record("plan.report_changed", report, by=by, version=report.version)
    return report


def _report(by: Actor, values: ReportValues, today: date) -> dict[str, Any]:
    refuse_if(rules.past_refusals(on=values.on, today=today))
    board = board_of(by, values.board)
    if board is None:
        raise Refusal("unknown_board", "Choose the board that reported.")
    plain = {name: getattr(values, name) for name in ("on", "title", "received_at", "words", "follows")}
    return {**stripped(plain), "board": board, "area": area_or_none(by, values.area)}


@dataclass(frozen=True, slots=True)
class NoteValues:
    """What is written of a decision. `agency`: code, `area`: public_id; blank for none."""

    on: date
    decision: str
    body: str
    effects: str
    done: str = ""
    agency: str = ""
    area: str = ""


def note_values(note: CrimeNote) -> dict[str, object]:
    """How it stands, by field of its form."""
    return {
        **{name: getattr(note, name) for name in ("on", "decision", "body", "effects", "done")},
        "agency": note.agency.code if note.agency else "",
        "area": note.area.public_id if note.area else "",
    }


@transaction.atomic
def note_decision(*, values: NoteValues, by: Actor, on: date) -> CrimeNote:
    """Note how crime and disorder weighed in a decision (Crime and Disorder Act 1998 s.17).

    Raises NotAllowed unless the actor writes the plan or works on matters; Refusal for an agency or area that is not
    the partnership's, and for a day to come."""
    access.check_can_note_decisions(by)
    assert by.partnership is not None and by.user is not None
    note = CrimeNote.objects.create(partnership=by.partnership, by=by.user, **_note(by, values, on))
    audit.record("plan.decision_noted", note, by=by)
    return note


@transaction.atomic
def change_note(*, note_id: str, values: NoteValues, by: Actor, on: date, seen: int) -> CrimeNote:
    """Write it anew: its author, or whoever writes the plan. Raises as `note_decision`, and Conflict unless `seen` is
    its newest version."""
    note = access.get_for_update(by, CrimeNote, note_id, version=seen)
    access.check_can_change_note(by, note)
    if write(note, _note(by, values, on)):
        audit.record("plan.note_changed", note, by=by, version=note.version)
    return note


def _note(by: Actor, values: NoteValues, today: date) -> dict[str, Any]:
    refuse_if(rules.past_refusals(on=values.on, today=today))
    plain = {name: getattr(values, name) for name in ("on", "decision", "body", "effects", "done")}
    return {**stripped(plain), "agency": agency_of(by, values.agency), "area": area_or_none(by, values.area)}
