"""People and places in a case: who is in it as what, saying so, ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.casework import access
from saferhub.casework.forms.cases import FIELD_OF, EndPartForm, PartForm
from saferhub.casework.models import Case, Involved
from saferhub.casework.operations.cases_people import end_part, name_part
from saferhub.casework.queries.cases_people import in_matter, safe_contacts
from saferhub.casework.queries.cases_timeline import role_names
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.people.access import get_person, get_place
from saferhub.people.models import Person, Place
from saferhub.people.queries.lists import persons_in, places_in
from saferhub.people.queries.sections import persons_section, places_section
from saferhub.sharing.access.matters import check_can_enclose, check_can_put_in

from .case_frame import MARKING, SECTION, frame
from .cases import actor_of, seen


@require_safe
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who and what is in the case."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    rows = in_matter(actor, case.matter)
    links = {
        row.url: row.links
        for section in (persons_section(actor, case.matter), places_section(actor, case.matter))
        for row in section.rows
    }
    can_add = case.is_open and allows(check_can_enclose, actor, case.matter)
    seen(actor, case, "case.people_seen")
    return page(
        request,
        "casework/cases/people.html",
        rows=[
            {
                "in_it": row,
                "url": _url(row.record),
                "links": links.get(_url(row.record), ()),
                "part_url": reverse(
                    "case-part",
                    args=[public_id, "person" if row.is_person else "place", row.record.public_id],
                ),
            }
            for row in rows
        ],
        unplaced=[row for row in rows if not row.parts],
        safe=safe_contacts(actor, rows),
        can_add=can_add,
        **frame(actor, case, tab="people"),
    )


def _url(record: Person | Place) -> str:
    return reverse("known-person" if isinstance(record, Person) else "place", args=[record.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, public_id: str, kind: str, record_id: str) -> HttpResponse:
    """Say as what a person or place is in the case: one recorded there, or one of the actor's own unit, which is
    put into it."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    check_can_enclose(actor, case.matter)
    record = _record(actor, case, kind, record_id)
    form = PartForm(
        request.POST if request.method == "POST" else None,
        is_person=isinstance(record, Person),
        roles=list(role_names(actor).items()),
    )
    if form.is_bound and form.is_valid():
        try:
            name_part(
                case_id=public_id,
                person=record if isinstance(record, Person) else None,
                place=record if isinstance(record, Place) else None,
                role=form.cleaned_data.get("role", ""),
                is_subject=form.cleaned_data["is_subject"],
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, "Recorded.")
            # Recorded beside one that looks like the same person: compare the two next.
            if isinstance(record, Person) and (like := request.GET.get("like", "")):
                return redirect("known-person-compare", record.public_id, get_person(actor, like).public_id)
            return redirect("case-people", public_id)
    return _page(
        request,
        case,
        form,
        heading=f"What part does {record.name} have?",
        verb="Save",
        hint="Everybody who sees the case will see this record.",
    )


def _record(actor: Actor, case: Case, kind: str, record_id: str) -> Person | Place:
    """The record, which lies in the case or is the actor's own to put there. Raises Http404 or NotAllowed."""
    if kind not in ("person", "place"):
        raise Http404
    record: Person | Place = get_person(actor, record_id) if kind == "person" else get_place(actor, record_id)
    inside = persons_in if kind == "person" else places_in
    if not inside(actor, case.matter).filter(pk=record.pk).exists():
        check_can_put_in(actor, case.matter, record.folder.public_id)
    return record


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, public_id: str, part_id: str) -> HttpResponse:
    """End that somebody is in the case as that."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    check_can_enclose(actor, case.matter)
    involved = access.get_part(actor, Involved, part_id, matter=case.matter_id, ended_on__isnull=True)
    form = EndPartForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        end_part(
            case_id=public_id, part_id=part_id, reason=form.cleaned_data["reason"], by=actor, on=actor.on
        )
        messages.success(
            request, "They are no longer in the case as that. The record stays in it until it is taken out."
        )
        return redirect("case-people", public_id)
    record = involved.person or involved.place
    role = role_names(actor).get(involved.role, "")
    return _page(
        request,
        case,
        form,
        heading=f"{record.name if record else 'Somebody'} is no longer in it"
        + (f" as {role.lower()}" if role else ""),
        verb="End this part",
        note="The record itself stays in the case until somebody takes it out under “People and places”.",
    )


def _place(form: Any, refusal: Refusal) -> None:
    field = FIELD_OF.get(refusal.code)
    if refusal.status != 409 or field not in form.fields:
        raise refusal
    form.refuse(field, refusal.sentence)


def _page(
    request: HttpRequest, case: Case, form: Any, *, heading: str, verb: str, **context: Any
) -> HttpResponse:
    return page(
        request,
        "casework/cases/act.html",
        section=SECTION,
        marking=MARKING,
        case=case,
        matter=case.matter,
        form=form,
        heading=heading,
        verb=verb,
        back_url=reverse("case-people", args=[case.matter.public_id]),
        **context,
    )
