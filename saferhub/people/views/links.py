"""Pages on link decisions: choose a record, compare two, decide, undo."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.audit.operations import record_sight
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.people import access
from saferhub.people.forms.records import ChooseForm, DecideForm, UndoForm
from saferhub.people.models import Person
from saferhub.people.operations import links as operations
from saferhub.people.queries import person_page as queries
from saferhub.people.queries.comparing import side_by_side, worth_comparing

from .persons import MARKING


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which record to compare this one with."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = access.get_person(actor, public_id)
    access.check_can_decide_links(actor, person)
    others = worth_comparing(actor, person)
    form = ChooseForm(request.POST if request.method == "POST" else None, others=others)
    if request.method == "POST" and form.is_valid():
        return redirect("known-person-compare", public_id, form.cleaned_data["other"])
    return page(
        request,
        "people/choose.html",
        marking=MARKING,
        person=person,
        form=form,
        others=others,
        back_url=reverse("known-person", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    """Two records side by side, with what agrees and differs, and the decision."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person, other = access.get_person(actor, public_id), access.get_person(actor, other_id)
    access.check_can_decide_links(actor, person, other)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.decide(one_id=public_id, other_id=other_id, by=actor, on=actor.on, **form.cleaned_data)
        except Refusal as refusal:
            if DecideForm.FIELD_OF.get(refusal.code) is None:
                raise
            form.refuse(DecideForm.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, "Recorded. It can be undone at any time.")
            return redirect("known-person", public_id)
    around = access.around_each(actor, [person, other])
    for one in (person, other):
        matters = around[one.folder_id].matters
        record_sight("people.compared", one, by=actor, **queries.sight_codes(actor, one, matters))
    return page(
        request,
        "people/compare.html",
        marking=MARKING,
        person=person,
        other=other,
        found=side_by_side(actor, person, other),
        standing=_standing(actor, person, other),
        form=form,
        back_url=reverse("known-person", args=[public_id]),
    )


def _standing(actor: Actor, person: Person, other: Person) -> list[queries.DecisionRow]:
    pair = Q(a=person, b=other) | Q(a=other, b=person)
    rows = access.link_decisions_visible_to(actor).filter(pair, undone_at__isnull=True)
    return queries.decision_rows(actor, list(rows.select_related("a__folder", "b__folder")))


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo a decision, with a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    decision = access.get_link_decision(actor, public_id)
    access.check_can_undo_link(actor, decision)
    form = UndoForm(request.POST if request.method == "POST" else None)
    back = reverse("known-person", args=[decision.a.public_id])
    if request.method == "POST" and form.is_valid():
        try:
            operations.undo(decision_id=public_id, by=actor, on=actor.on, **form.cleaned_data)
        except Refusal as refusal:
            if UndoForm.FIELD_OF.get(refusal.code) is None:
                raise
            form.refuse(UndoForm.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, "Undone. The decision stays in the history.")
            return redirect(back)
    return page(
        request,
        "people/undo.html",
        marking=MARKING,
        row=queries.decision_rows(actor, [decision])[0],
        form=form,
        heading="Undo a decision",
        verb="Undo decision",
        danger=True,
        back_url=back,
    )
