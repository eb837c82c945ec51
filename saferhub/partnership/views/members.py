"""Pages about people: load by access, bind the form, call the operation, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.accounts.models import Status, User
from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.access import members as access
from saferhub.partnership.forms.members import (
    FindForm,
    InviteForm,
    PeopleFilterForm,
    SeenForm,
)
from saferhub.partnership.operations import memberships as operations
from saferhub.partnership.queries import members as queries
from saferhub.partnership.rules import memberships as rules

PER_PAGE = 50
SECTION = "people"


def _filtered(request: HttpRequest) -> tuple[PeopleFilterForm, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_see_people(actor)
    form = PeopleFilterForm(
        request.GET,
        agencies=queries.agencies_on_offer(actor),
        hubs=access.hubs_of(actor.partnership),  # type: ignore[arg-type]
        manages=access.can_manage(actor),
    )
    filters = form.filters()
    if not access.can_manage(actor):
        # Leavers are reached from the log, where governance meets them; the list is for asking people.
        filters["status"] = Status.ACTIVE
    return form, queries.people(actor, filters, request.GET.get("sort", ""))


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who works in the partnership, and whom to ask."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form, found = _filtered(request)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    manages = access.can_manage(actor)
    address = request.GET.copy()
    address.pop("page", None)
    return page(
        request,
        "partnership/people/list.html",
        section=SECTION,
        filter_form=form,
        rows=queries.with_roles(shown.object_list, actor),
        shown=shown,
        manages=manages,
        invite_url=reverse("person-invite"),
        export_url=f"{reverse('people-csv')}{f'?{address.urlencode()}' if address else ''}",
    )


@require_safe
def people_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, for those who manage members."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_manage(actor)
    _, found = _filtered(request)
    rows = queries.with_roles(found, actor)
    record_sight("member.list_exported", ("people", actor.partnership_code), by=actor, rows=len(rows))
    return csv_answer(f"people-{actor.on.isoformat()}.csv", queries.people_lines(rows))


@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person. What only managers and governance see is recorded as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person(actor, public_id)
    manages, sees_sights = access.can_manage(actor), access.can_see_sights(actor)
    sees_history = access.can_see_history(actor)
    held = queries.roles_over_time(found, actor)
    current = [row for row in held if row.is_open]
    latest = current[-1] if current else (held[0] if held else None)
    has_left = found.status == Status.LEFT
    sights = queries.sights(found, actor) if sees_sights else []
    if sees_history:
        record_sight("account.read", found, by=actor, purpose="manage_members" if manages else "read_log")
    invitations = queries.invitations(found, actor) if manages else []
    return page(
        request,
        "partnership/people/person.html",
        section=SECTION,
        person=found,
        email_parts=queries.email_parts(found),
        held=held if sees_history else current,
        current=current,
        unit=latest.membership.unit if latest else None,
        has_left=has_left,
        is_invited=found.status == Status.INVITED,
        manages=manages,
        sees_sights=sees_sights,
        sees_history=sees_history,
        moves=queries.moves(found, actor) if manages else [],
        invitations=invitations,
        invitation=invitations[0] if invitations else None,
        sights=sights,
        open_work=queries.open_work(found, actor) if manages and has_left else [],
        offered=access.available_operations(actor, found, works_somewhere=bool(current)),
        seen=access.stands(found, [row.membership for row in held]),
        is_oneself=actor.public_id == found.public_id,
        today=actor.on,
    )


# --- Inviting -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """First the address, then, unless somebody here has it, the whole invitation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_manage(actor)
    if request.method != "POST":
        return _invite_page(request, FindForm())
    if request.POST.get("step") != "invite":
        find = FindForm(request.POST)
        if not find.is_valid():
            return _invite_page(request, find)
        return _found(request, actor, find)
    form = _invite_form(actor, request.POST)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "name", "job_title", "reason")}
        done: list[operations.Invited] = []
        if attempt(
            form,
            lambda: done.append(operations.invite_member(**given, **form.given(), by=actor, on=actor.on)),
        ):
            invited = done[0]
            messages.success(
                request,
                f"Invitation sent to {invited.person.name}."
                if invited.is_new_account
                else f"{invited.person.name} has an account already and now has the role. No mail was sent.",
            )
            return redirect("person", public_id=invited.person.public_id)
    return _invite_page(request, form)


def _found(request: HttpRequest, actor: Actor, find: FindForm) -> HttpResponse:
    email = find.cleaned_data["email"].strip().lower()
    here = access.person_with_address(actor, email)
    if here is not None:
        return page(
            request,
            "partnership/people/known.html",
            section=SECTION,
            person=here,
            rows=queries.with_roles([here], actor)[0].roles,
            has_left=here.status == Status.LEFT,
        )
    try:
        access.check_can_invite(actor, email)
    except Refusal as refusal:
        find.refuse("email", refusal.sentence)
        return _invite_page(request, find)
    return _invite_page(request, _invite_form(actor, None, initial={"email": email}))


def _invite_form(actor: Actor, data: Any, **kwargs: Any) -> InviteForm:
    form = InviteForm(data, **kwargs)
    form.offer(access.units_of(actor.partnership, actor.on), access.hubs_of(actor.partnership))  # type: ignore[arg-type]
    return form


def _invite_page(request: HttpRequest, form: FindForm | InviteForm) -> HttpResponse:
    return page(
        request,
        "partnership/people/invite.html",
        section=SECTION,
        form=form,
        is_first_step=isinstance(form, FindForm),
    )


@require_POST
def invite_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw the invitation and send a new one."""
    return _at_once(request, public_id, operations.send_invitation_again, "A new invitation is on its way.")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask whether, then withdraw the invitation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    if request.method == "POST":
        return _at_once(request, public_id, operations.withdraw_invitation, "The invitation no longer works.")
    refuse_if(rules.withdrawal_refusals(waits=found.status == Status.INVITED))
    return page(
        request,
        "partnership/people/withdraw.html",
        section=SECTION,
        person=found,
        form=SeenForm(initial={"seen": stands(found, actor)}),
        heading=f"Withdraw the invitation of {found.name}",
        consequence="The link in the mail stops working at once. You can send a new one later.",
        verb="Withdraw invitation",
        back_url=reverse("person", args=[found.public_id]),
    )


def _at_once(request: HttpRequest, public_id: str, operation: Callable[..., Any], words: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    form = SeenForm(request.POST)
    form.is_valid()
    attempt(form, lambda: operation(found, by=actor, on=actor.on, seen=form.seen_mark()), back=found)
    messages.success(request, words)
    return redirect("person", public_id=found.public_id)


# --- Parts ----------------------------------------------------------------------------------------------


def stands(found: User, actor: Actor) -> str:
    return access.stands(found, access.roles_of(actor, found))


def attempt(form: SeenForm, act: Callable[[], Any], *, back: User | None = None) -> bool:
    """Do it; a refusal about a field goes beside the field, any other becomes a page with a way back."""
    try:
        act()
    except Refusal as refusal:
        if back is not None and not refusal.link:
            refusal.link = reverse("person", args=[back.public_id])
            refusal.link_text = "See how things stand"
        form.place(refusal)
        return False
    return True
