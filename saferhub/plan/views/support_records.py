"""Recording and changing training, reports that were received, and notes on decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Board
from saferhub.plan import access
from saferhub.plan.forms import support as forms
from saferhub.plan.forms.support import FIELD_OF
from saferhub.plan.models import ConnectedReport, CrimeNote, Training
from saferhub.plan.operations import heard, training
from saferhub.plan.queries import support as queries
from saferhub.plan.queries.actions import agencies_today, boards_today
from saferhub.sharing.edits import edit as edit_page

from .frame import BOTH, around, make, reader_of, sent


def _offers(actor: Actor, *, agency: Agency | None = None, board: Board | None = None) -> dict[str, Any]:
    """What the forms offer: what stands today, and what the record has already."""
    return {
        "offers": {
            "area": queries.areas_on_offer(actor),
            "agency": agencies_today(actor, *([agency.code] if agency else [])),
            "board": boards_today(actor, *([board.code] if board else [])),
        }
    }


def _training_options(actor: Actor, kept: Training | None = None) -> dict[str, Any]:
    """Whoever does not write the plan records her own agency's training alone."""
    agency = actor.agency
    own = None if access.can_keep_plan(actor) or agency is None else (agency.code, agency.name)
    return {**_offers(actor, agency=kept.agency if kept else None), "own": own}


@require_http_methods(BOTH)
def add_training(request: HttpRequest) -> HttpResponse:
    """Training that was given."""
    actor = reader_of(request)
    access.check_can_record_training(actor, "" if access.can_keep_plan(actor) else actor.agency_code)
    initial = {"on": actor.on, "area": request.GET.get("area", "")}
    form = forms.TrainingForm(sent(request), initial=initial, **_training_options(actor))

    def done(made: Training) -> HttpResponse:
        messages.success(request, f"{made.topic}: recorded.")
        return redirect("plan-training")

    return make(
        request, "plan/support/form.html", form,
        operation=lambda _: training.record_training(
            values=training.TrainingValues(**form.values()), by=actor, on=actor.on
        ),
        done=done, field_of=FIELD_OF, heading="Record training", verb="Record it", back_url=reverse("plan-training"),
        back_text="Training",
    )  # fmt: skip


@require_http_methods(BOTH)
def change_training(request: HttpRequest, public_id: str) -> HttpResponse:
    """A training anew; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, Training, public_id, "agency")
    access.check_can_record_training(actor, found.agency.code if found.agency else "")

    def done(result: Training) -> HttpResponse:
        messages.success(request, "The training is changed.")
        return redirect("plan-training")

    return edit_page(
        request,
        load=lambda: access.get(actor, Training, public_id, "area", "agency"),
        values_of=training.values_of,
        form_class=forms.TrainingForm,
        form_options=_training_options(actor, found),
        save=lambda values, seen: training.change_training(
            training_id=public_id, values=training.TrainingValues(**values), by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/support/form.html",
        back_url=reverse("plan-training"),
        back_text="Training",
        field_of=FIELD_OF,
        heading="Change the training",
        caption=found.topic,
        verb="Save",
        **around("plan-training"),
    )


@require_http_methods(BOTH)
def add_report(request: HttpRequest) -> HttpResponse:
    """A report that a connected partnership brought."""
    actor = reader_of(request)
    access.check_can_keep_plan(actor)
    initial = {"on": actor.on, "board": request.GET.get("board", "")}
    form = forms.ReceivedForm(sent(request), initial=initial, **_offers(actor))

    def done(made: ConnectedReport) -> HttpResponse:
        messages.success(request, f"{made.title}: recorded.")
        return redirect("plan-reports-received")

    return make(
        request, "plan/support/form.html", form,
        operation=lambda _: heard.receive_report(values=heard.ReportValues(**form.values()), by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Record a report received", verb="Record it",
        back_url=reverse("plan-reports-received"), back_text="Reports received",
    )  # fmt: skip


@require_http_methods(BOTH)
def change_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """A report anew; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, ConnectedReport, public_id, "board")
    access.check_can_keep_plan(actor)

    def done(result: ConnectedReport) -> HttpResponse:
        messages.success(request, "The report is changed.")
        return redirect("plan-reports-received")

    return edit_page(
        request,
        load=lambda: access.get(actor, ConnectedReport, public_id, "board", "area"),
        values_of=heard.report_values,
        form_class=forms.ReceivedForm,
        form_options=_offers(actor, board=found.board),
        save=lambda values, seen: heard.change_report(
            report_id=public_id, values=heard.ReportValues(**values), by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/support/form.html",
        back_url=reverse("plan-reports-received"),
        back_text="Reports received",
        field_of=FIELD_OF,
        heading="Change the report",
        caption=found.title,
        verb="Save",
        **around("plan-reports-received"),
    )


@require_http_methods(BOTH)
def add_note(request: HttpRequest) -> HttpResponse:
    """How crime and disorder weighed in a decision."""
    actor = reader_of(request)
    access.check_can_note_decisions(actor)
    form = forms.NoteForm(
        sent(request), initial={"on": actor.on, "agency": actor.agency_code}, **_offers(actor)
    )

    def done(made: CrimeNote) -> HttpResponse:
        messages.success(request, "The decision is noted.")
        return redirect("plan-crime-notes")

    return make(
        request, "plan/support/form.html", form,
        operation=lambda _: heard.note_decision(values=heard.NoteValues(**form.values()), by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Note a decision", verb="Keep the note",
        consequence="The law asks councils, police and others to weigh, in whatever they do, what it means for crime "
        "and disorder (Crime and Disorder Act 1998, section 17). This keeps how that was done.",
        back_url=reverse("plan-crime-notes"), back_text="Decisions",
    )  # fmt: skip


@require_http_methods(BOTH)
def change_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """A note anew; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, CrimeNote, public_id, "agency")
    access.check_can_change_note(actor, found)

    def done(result: CrimeNote) -> HttpResponse:
        messages.success(request, "The note is changed.")
        return redirect("plan-crime-notes")

    return edit_page(
        request,
        load=lambda: access.get(actor, CrimeNote, public_id, "agency", "area"),
        values_of=heard.note_values,
        form_class=forms.NoteForm,
        form_options=_offers(actor, agency=found.agency),
        save=lambda values, seen: heard.change_note(
            note_id=public_id, values=heard.NoteValues(**values), by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/support/form.html",
        back_url=reverse("plan-crime-notes"),
        back_text="Decisions",
        field_of=FIELD_OF,
        heading="Change the note",
        caption=found.decision,
        verb="Save",
        **around("plan-crime-notes"),
    )
