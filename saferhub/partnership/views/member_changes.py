"""Pages that change what people hold: roles, units, leaving and coming back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.accounts.access import second_factor_marks, second_factor_required
from saferhub.accounts.models import Status
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import refuse_if
from saferhub.partnership.access import Actor, Role
from saferhub.partnership.access import members as access
from saferhub.partnership.forms.members import (
    ChangeUnitForm,
    EndRoleForm,
    GiveRoleForm,
    LeaverForm,
    ResetFactorForm,
    ReturnForm,
)
from saferhub.partnership.operations import memberships as operations
from saferhub.partnership.queries import members as queries
from saferhub.partnership.rules import memberships as rules

from .members import SECTION, attempt, stands

STEPS = ("Open work", "Day and reason", "Check")


# --- Roles --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def give_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give somebody another role."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    refuse_if(rules.own_role_refusals(is_oneself=actor.public_id == found.public_id))
    memberships = list(access.roles_of(actor, found))
    current = [m for m in memberships if m.is_open_on(actor.on)]
    form = GiveRoleForm(request.POST or None, initial={"seen": access.stands(found, memberships)})
    if current:
        form.fix_unit()
    form.offer(access.units_of(actor.partnership, actor.on), access.hubs_of(actor.partnership))  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        if attempt(
            form,
            lambda: operations.give_role(
                found,
                **form.given(),
                reason=form.cleaned_data["reason"],
                by=actor,
                on=actor.on,
                seen=form.seen_mark(),
            ),
            back=found,
        ):
            messages.success(request, f"{found.name} has the role from today.")
            return redirect("person", public_id=found.public_id)
    return page(
        request,
        "partnership/people/give_role.html",
        section=SECTION,
        person=found,
        form=form,
        current=[queries.role_words(m) for m in current],
        unit=current[0].unit if current else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_role(request: HttpRequest, public_id: str, role: str) -> HttpResponse:
    """End one role, with its last day and a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    membership = access.get_membership(actor, found, role)
    access.check_can_end(actor, membership)
    form = EndRoleForm(request.POST or None, initial={"seen": stands(found, actor), "last_day": actor.on})
    if request.method == "POST" and form.is_valid():
        if attempt(
            form,
            lambda: operations.end_role(
                membership,
                by=actor,
                on=actor.on,
                last_day=form.given(),
                reason=form.cleaned_data["reason"],
                seen=form.seen_mark(),
            ),
            back=found,
        ):
            done = "has ended" if form.given() is None else "ends"
            messages.success(request, f"The role {done}. The page of {found.name} and the log show by whom.")
            return redirect("person", public_id=found.public_id)
    return page(
        request,
        "partnership/people/end_role.html",
        section=SECTION,
        form=form,
        heading=f"End a role of {found.name}",
        role=queries.role_words(membership),
        description=Role.of(membership.role).facts.description,
        membership=membership,
        verb="End role",
        danger=True,
        back_url=reverse("person", args=[found.public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_unit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move somebody with her roles to another unit, from tomorrow."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    form = ChangeUnitForm(request.POST or None, initial={"seen": stands(found, actor)})
    form.offer(access.units_of(actor.partnership, actor.on + timedelta(days=1)))  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        unit = form.units[form.cleaned_data["unit"]]
        if attempt(
            form,
            lambda: operations.change_unit(
                found,
                unit=unit,
                reason=form.cleaned_data["reason"],
                by=actor,
                on=actor.on,
                seen=form.seen_mark(),
            ),
            back=found,
        ):
            messages.success(request, f"{found.name} works in {unit.name} from tomorrow.")
            return redirect("person", public_id=found.public_id)
    return page(
        request,
        "partnership/people/change_unit.html",
        section=SECTION,
        person=found,
        form=form,
        current=[row for row in queries.roles_over_time(found, actor) if row.is_open],
    )


# --- Leaving and coming back -----------------------------------------------------------------------------


@require_safe
def leaver(request: HttpRequest, public_id: str) -> HttpResponse:
    """First what this person would leave behind, for handing over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    access.check_can_leave(actor, found)
    return page(
        request,
        "partnership/people/leaver.html",
        section=SECTION,
        person=found,
        open_work=queries.open_work(found, actor),
        current=[row for row in queries.roles_over_time(found, actor) if row.is_open],
        step=1,
        step_names=STEPS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leaver_record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Then day and reason, then the question whether; only the third press ends anything."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    access.check_can_leave(actor, found)
    form = LeaverForm(request.POST or None, initial={"seen": stands(found, actor), "left_on": actor.on})
    form.on_day(actor.on)
    checking = False
    if request.method == "POST" and form.is_valid():
        if request.POST.get("answer") != "confirmed":
            checking = True
        elif attempt(
            form,
            lambda: operations.record_leaver(
                found,
                left_on=form.cleaned_data["left_on"],
                reason=form.cleaned_data["reason"],
                by=actor,
                on=actor.on,
                seen=form.seen_mark(),
            ),
            back=found,
        ):
            messages.success(request, f"{found.name} is recorded as having left. Access ended just now.")
            return redirect("person", public_id=found.public_id)
    return page(
        request,
        "partnership/people/leaver_check.html" if checking else "partnership/people/leaver_record.html",
        section=SECTION,
        person=found,
        form=form,
        open_work=queries.open_work(found, actor) if checking else [],
        step=3 if checking else 2,
        step_names=STEPS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a leaver her access back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    refuse_if(rules.return_refusals(has_left=found.status == Status.LEFT))
    form = ReturnForm(request.POST or None, initial={"seen": stands(found, actor)})
    if request.method == "POST" and form.is_valid():
        if attempt(
            form,
            lambda: operations.give_back_access(
                found, reason=form.cleaned_data["reason"], by=actor, on=actor.on, seen=form.seen_mark()
            ),
            back=found,
        ):
            messages.success(
                request, f"{found.name} can sign in again. Give a role, so that there is something to see."
            )
            return redirect("person", public_id=found.public_id)
    return page(
        request,
        "partnership/people/come_back.html",
        section=SECTION,
        form=form,
        heading=f"Give {found.name} access back",
        consequence="The account opens again with the password and second factor it had. Roles stay ended: "
        "each one is given anew.",
        verb="Give access back",
        back_url=reverse("person", args=[found.public_id]),
    )


# --- A lost second factor --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def reset_factor(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take off the second factor of somebody who has lost it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_person_to_change(actor, public_id)
    access.check_can_reset_factor(actor, found)
    mark = access.stands(found, access.roles_of(actor, found), *second_factor_marks(found))
    form = ResetFactorForm(request.POST or None, initial={"seen": mark})
    if request.method == "POST" and form.is_valid():
        if attempt(
            form,
            lambda: operations.reset_second_factor(
                found, reason=form.given(), by=actor, on=actor.on, seen=form.seen_mark()
            ),
            back=found,
        ):
            messages.success(request, f"The second factor of {found.name} no longer works.")
            return redirect("person", public_id=found.public_id)
    return page(
        request,
        "partnership/people/reset_factor.html",
        section=SECTION,
        form=form,
        person=found,
        required=second_factor_required(found),
        heading=f"Reset the second factor of {found.name}",
        verb="Reset second factor",
        danger=True,
        back_url=reverse("person", args=[found.public_id]),
    )
