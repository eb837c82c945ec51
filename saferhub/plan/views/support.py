"""What stands beside the plan: its lists with their files, and the pages of money and consultations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.forms import support as forms
from saferhub.plan.forms.support import FIELD_OF, FIELD_OF_REPORT
from saferhub.plan.models import Consultation, ConsultedGroup, Funding, FundingStatus
from saferhub.plan.operations import consulting, funding
from saferhub.plan.queries import support as queries
from saferhub.plan.queries.actions import agencies_today, boards_today
from saferhub.sharing.edits import edit as edit_page
from saferhub.sharing.registries import check_export

from .frame import BOTH, act, around, make, reader_of, sent

# By the code of a list: the address of its page, and what it is called in a file's name.
_NAMES = {
    "funding": ("plan-funding", "funding"),
    "training": ("plan-training", "training"),
    "received": ("plan-reports-received", "reports-received"),
    "consultations": ("plan-consultations", "consultation"),
    "notes": ("plan-crime-notes", "decisions"),
}


def _form(request: HttpRequest, actor: Actor, code: str) -> forms.ListForm:
    listing = queries.LISTINGS[code]
    offers = {
        "area": lambda: queries.areas_on_offer(actor),
        "agency": lambda: agencies_today(actor, *queries.codes_of(actor, code, "agency")),
        "board": lambda: boards_today(actor, *queries.codes_of(actor, code, "board")),
        "status": lambda: FundingStatus.choices,
    }
    wanted: dict[str, Iterable[tuple[str, str]]] = {
        name: offers[name]() for name in listing.filters if name in offers
    }
    return forms.ListForm(request.GET, names=listing.filters, offers=wanted)


def _list(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
    actor = reader_of(request)
    form = _form(request, actor, code)
    found = queries.rows(actor, code, form.given(), request.GET.get("sort", ""))
    if request.GET.get("format") == "csv":
        lines = list(queries.file_lines(actor, code, found))
        name = _NAMES[code][1]
        kept = check_export(lines)
        record_sight(
            "plan.support_exported", actor.partnership, by=actor, rows=len(lines) - 1, list=name, **kept
        )
        return csv_answer(f"{name}-{actor.on.isoformat()}.csv", lines)
    query = request.GET.copy()
    query.pop("page", None)
    query["format"] = "csv"
    return page(
        request,
        f"plan/support/{code}.html",
        **around(_NAMES[code][0]),
        filter_form=form,
        chips=form.chips(),
        is_filtered=bool(form.given()),
        shown=Paginator(found, queries.PER_PAGE).get_page(request.GET.get("page")),
        csv_url=f"?{query.urlencode()}",
        can_keep=access.can_keep_plan(actor),
        today=actor.on,
        **{name: value(actor, found) for name, value in more.items()},
    )


@require_safe
def fundings(request: HttpRequest) -> HttpResponse:
    """Money that is sought and had."""
    return _list(request, "funding", sums=lambda _, found: queries.funding_sums(found))


@require_safe
def trainings(request: HttpRequest) -> HttpResponse:
    """Training that was given."""
    return _list(
        request, "training", sums=lambda _, found: queries.training_sums(found),
        can_record=lambda actor, _: access.can_record_training(actor), own_agency=lambda actor, _: actor.agency_code,
    )  # fmt: skip


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Reports of connected partnerships, and who was not heard for a year."""
    return _list(request, "received", boards=lambda actor, _: queries.boards_heard(actor))


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Whom the partnership asked, and what this year still lacks."""
    return _list(request, "consultations", gaps=lambda actor, _: queries.consultation_gaps(actor))


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """How crime and disorder weighed in decisions."""
    return _list(
        request, "notes", can_note=lambda actor, _: access.can_note_decisions(actor),
        own=lambda actor, _: actor.user.pk if actor.user else 0,
    )  # fmt: skip


# --- Money ------------------------------------------------------------------------------------------------------


def _funding_options(actor: Actor, kept: Funding | None = None) -> dict[str, Any]:
    objectives = queries.objectives_on_offer(actor, kept.objective if kept else None)
    return {"offers": {"area": queries.areas_on_offer(actor), "objective": objectives}}


@require_safe
def one_funding(request: HttpRequest, public_id: str) -> HttpResponse:
    """One funding: what it buys, how much of it is spent, what monitoring found, how it came to stand so."""
    actor = reader_of(request)
    found = access.get(actor, Funding, public_id, "area", "objective")
    return page(
        request,
        "plan/support/one_funding.html",
        **around("plan-funding"),
        funding=found,
        spent=queries.spent(found, actor.on),
        reports=list(found.reports.order_by("-first_day", "-id")),
        history=queries.funding_history(found, actor),
        can_keep=access.can_keep_plan(actor),
        can_report=found.status in (FundingStatus.SECURED, FundingStatus.ENDED),
        moves=queries.funding_moves(found),
        today=actor.on,
    )


@require_http_methods(BOTH)
def add_funding(request: HttpRequest) -> HttpResponse:
    """Money that is to be sought."""
    actor = reader_of(request)
    access.check_can_keep_plan(actor)
    form = forms.FundingForm(
        sent(request), initial={"area": request.GET.get("area", "")}, **_funding_options(actor)
    )

    def done(made: Funding) -> HttpResponse:
        messages.success(request, "It stands as sought. Say what became of it once you know.")
        return redirect("plan-funding-one", made.public_id)

    return make(
        request, "plan/support/form.html", form,
        operation=lambda _: funding.add_funding(values=funding.FundingValues(**form.values()), by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Add money that is sought", verb="Add it",
        back_url=reverse("plan-funding"), back_text="Funding",
    )  # fmt: skip


@require_http_methods(BOTH)
def change_funding(request: HttpRequest, public_id: str) -> HttpResponse:
    """A funding anew; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, Funding, public_id, "objective")
    access.check_can_keep_plan(actor)

    def done(result: Funding) -> HttpResponse:
        messages.success(request, "The funding is changed.")
        return redirect("plan-funding-one", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Funding, public_id, "area", "objective"),
        values_of=funding.values_of,
        form_class=forms.FundingForm,
        form_options=_funding_options(actor, found),
        save=lambda values, seen: funding.change_funding(
            funding_id=public_id, values=funding.FundingValues(**values), by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/support/form.html",
        back_url=reverse("plan-funding-one", args=[public_id]),
        back_text=found.title,
        field_of=FIELD_OF,
        heading="Change the funding",
        caption=found.title,
        verb="Save",
        **around("plan-funding"),
    )


@require_http_methods(BOTH)
def move_funding(request: HttpRequest, public_id: str) -> HttpResponse:
    """What became of it."""
    actor = reader_of(request)
    found = access.get(actor, Funding, public_id)
    access.check_can_keep_plan(actor)
    moves = queries.funding_moves(found)
    if not moves:
        messages.info(request, "This funding has ended.")
        return redirect("plan-funding-one", public_id)

    def done(result: Funding) -> HttpResponse:
        messages.success(request, f"It stands as {result.get_status_display().lower()}.")
        return redirect("plan-funding-one", public_id)

    return act(
        request, "plan/support/form.html", forms.MoveFundingForm, version=found.version, field_of=FIELD_OF, done=done,
        form_options={"moves": moves},
        initial={"amount": found.amount, "first_day": found.first_day, "last_day": found.last_day},
        operation=lambda values, seen: funding.move_funding(
            funding_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading="Say what became of it", caption=found.title, verb="Save",
        back_url=reverse("plan-funding-one", args=[public_id]), back_text=found.title,
    )  # fmt: skip


@require_http_methods(BOTH)
def report_funding(request: HttpRequest, public_id: str) -> HttpResponse:
    """What monitoring found over a time."""
    actor = reader_of(request)
    found = access.get(actor, Funding, public_id)
    access.check_can_keep_plan(actor)

    def done(made: Any) -> HttpResponse:
        messages.success(request, "The report is kept.")
        return redirect("plan-funding-one", public_id)

    return make(
        request, "plan/support/form.html", forms.FundingReportForm(sent(request)),
        operation=lambda values: funding.report_funding(funding_id=public_id, **values, by=actor, on=actor.on),
        done=done, field_of=FIELD_OF_REPORT, heading="Record what monitoring found", caption=found.title,
        verb="Keep the report", back_url=reverse("plan-funding-one", args=[public_id]), back_text=found.title,
    )  # fmt: skip


# --- Consultation -----------------------------------------------------------------------------------------------


@require_safe
def consultation(request: HttpRequest, public_id: str) -> HttpResponse:
    """One consultation: what people said, what changed, whom it reached."""
    actor = reader_of(request)
    found = access.get(actor, Consultation, public_id)
    return page(
        request,
        "plan/support/consultation.html",
        **around("plan-consultations"),
        consultation=found,
        groups=list(found.groups.all()),
        can_keep=access.can_keep_plan(actor),
        today=actor.on,
    )


@require_http_methods(BOTH)
def add_consultation(request: HttpRequest) -> HttpResponse:
    """A consultation that is planned, runs or was held."""
    actor = reader_of(request)
    access.check_can_keep_plan(actor)
    form = forms.ConsultationForm(sent(request))

    def done(made: Consultation) -> HttpResponse:
        messages.success(request, "The consultation is kept. Name the groups that it is to reach.")
        return redirect("plan-consultation", made.public_id)

    return make(
        request, "plan/support/form.html", form,
        operation=lambda _: consulting.record_consultation(
            values=consulting.ConsultationValues(**form.values()), by=actor, on=actor.on
        ),
        done=done, field_of=FIELD_OF, heading="Add a consultation", verb="Add it",
        back_url=reverse("plan-consultations"), back_text="Consultation",
    )  # fmt: skip


@require_http_methods(BOTH)
def change_consultation(request: HttpRequest, public_id: str) -> HttpResponse:
    """A consultation anew; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, Consultation, public_id)
    access.check_can_keep_plan(actor)

    def done(result: Consultation) -> HttpResponse:
        messages.success(request, "The consultation is changed.")
        return redirect("plan-consultation", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Consultation, public_id),
        values_of=consulting.values_of,
        form_class=forms.ConsultationForm,
        save=lambda values, seen: consulting.change_consultation(
            consultation_id=public_id,
            values=consulting.ConsultationValues(**values),
            by=actor,
            on=actor.on,
            seen=seen,
        ),
        done=done,
        template="plan/support/form.html",
        back_url=reverse("plan-consultation", args=[public_id]),
        back_text=found.title,
        field_of=FIELD_OF,
        heading="Change the consultation",
        caption=found.title,
        verb="Save",
        **around("plan-consultations"),
    )


@require_http_methods(BOTH)
def add_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """A group that it is to reach."""
    actor = reader_of(request)
    found = access.get(actor, Consultation, public_id)
    access.check_can_keep_plan(actor)

    def done(made: ConsultedGroup) -> HttpResponse:
        messages.success(request, f"{made.name}: added.")
        return redirect("plan-consultation", public_id)

    form = forms.GroupForm(sent(request))
    return make(
        request, "plan/support/form.html", form,
        operation=lambda _: consulting.add_group(
            consultation_id=public_id, **form.values(), by=actor, on=actor.on
        ),
        done=done, field_of=FIELD_OF, heading="Add a group", caption=found.title, verb="Add the group",
        back_url=reverse("plan-consultation", args=[public_id]), back_text=found.title,
    )  # fmt: skip


@require_http_methods(BOTH)
def change_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """How many of a group were reached, and who was not; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, ConsultedGroup, public_id, "consultation")
    access.check_can_keep_plan(actor)

    def done(made: ConsultedGroup) -> HttpResponse:
        messages.success(request, f"{made.name}: changed.")
        return redirect("plan-consultation", found.consultation.public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, ConsultedGroup, public_id),
        values_of=consulting.group_values,
        form_class=forms.GroupForm,
        save=lambda values, seen: consulting.change_group(
            group_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/support/form.html",
        back_url=reverse("plan-consultation", args=[found.consultation.public_id]),
        back_text=found.consultation.title,
        field_of=FIELD_OF,
        heading="Change the group",
        caption=found.consultation.title,
        verb="Save",
        **around("plan-consultations"),
    )


@require_http_methods(BOTH)
def remove_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a group out that was entered by mistake."""
    actor = reader_of(request)
    # Pressed twice, the group is not there any more for the second.
    if answer := Once(request).answer:
        return answer
    found = access.get(actor, ConsultedGroup, public_id, "consultation")
    access.check_can_keep_plan(actor)

    def done(result: Consultation) -> HttpResponse:
        messages.success(request, f"{found.name}: taken out.")
        return redirect("plan-consultation", result.public_id)

    return act(
        request, "plan/support/form.html", forms.TakeOutForm, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: consulting.remove_group(
            group_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading="Take the group out", caption=found.consultation.title, quoted=found.name, danger=True,
        verb="Take it out", back_url=reverse("plan-consultation", args=[found.consultation.public_id]),
        back_text=found.consultation.title,
        consequence="For a group that was entered by mistake. One that was not reached stays, and says why.",
    )  # fmt: skip
