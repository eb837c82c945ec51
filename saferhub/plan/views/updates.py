"""Updates: those that wait for the reader, giving one, and other words for one that was given."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.foundation.pages import page
from saferhub.plan import access
from saferhub.plan.forms.actions import FIELD_OF_UPDATE, CorrectUpdateForm, UpdateForm
from saferhub.plan.models import ActionUpdate, PlanAction, PlanStatus
from saferhub.plan.operations import updates as operations
from saferhub.plan.queries import updates as queries
from saferhub.plan.queries.actions import milestones, told
from saferhub.plan.rules.actions import state_of
from saferhub.plan.rules.updates import quarter_before, quarter_words

from .frame import BOTH, act, around, make, reader_of, sent

# A closed action's lead chooses anew.
_GOING = (PlanStatus.NOT_STARTED, PlanStatus.ON_TRACK, PlanStatus.AT_RISK, PlanStatus.OFF_TRACK)


@require_safe
def updates(request: HttpRequest) -> HttpResponse:
    """What is waited for: from the reader, and from everybody for whoever writes the plan."""
    actor = reader_of(request)
    can_keep = access.can_keep_plan(actor)
    own = queries.waiting(actor, mine=True)
    mine = {one.update.pk for one in own}
    quarter = quarter_before(actor.on)
    return page(
        request,
        "plan/updates/updates.html",
        **around("plan-actions"),
        own=own,
        others=[one for one in queries.waiting(actor, mine=False) if one.update.pk not in mine]
        if can_keep
        else [],
        can_keep=can_keep,
        heard=queries.heard(actor, quarter),
        quarter=quarter_words(quarter),
        today=actor.on,
    )


@require_http_methods(BOTH)
def give(request: HttpRequest, public_id: str) -> HttpResponse:
    """How an action stands, and what happened."""
    actor = reader_of(request)
    found = access.get(actor, PlanAction, public_id, "plan", "objective__area", "lead_agency", "lead")
    access.check_leads(actor, found)
    operations.check_takes_updates(found)
    quarter = quarter_words(operations.quarter_told(found, actor.on))

    def done(result: ActionUpdate) -> HttpResponse:
        messages.success(request, f"{found.number}: {PlanStatus(result.status).label.lower()}. Thank you.")
        waiting = queries.waiting(actor, mine=True)
        if waiting and request.POST.get("then") == "next":
            return redirect("plan-action-update", waiting[0].update.action.public_id)
        return redirect("plan-action", public_id)

    begun = found.status in _GOING
    return act(
        request, "plan/updates/give.html", UpdateForm, version=found.version, field_of=FIELD_OF_UPDATE, done=done,
        initial={"status": found.status if begun else ""},
        operation=lambda values, seen: operations.say_update(
            action_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        action=found, quarter=quarter, state=state_of(found.status, found.due_on, actor.on),
        before=next(iter(told(found, actor)), None), milestones=milestones(found, actor.on),
        others=[one for one in queries.waiting(actor, mine=True) if one.update.action_id != found.pk],
        back_url=reverse("plan-action", args=[public_id]), today=actor.on,
    )  # fmt: skip


@require_http_methods(BOTH)
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Other words for an update; the first ones stay."""
    actor = reader_of(request)
    found = access.get(actor, ActionUpdate, public_id, "action__lead_agency")
    access.check_leads(actor, found.action)

    def done(made: ActionUpdate) -> HttpResponse:
        messages.success(request, "Corrected. What was said before stays below it.")
        return redirect("plan-action", made.action.public_id)

    return make(
        request, "plan/actions/form.html",
        CorrectUpdateForm(sent(request), initial={"words": found.words, "evidence": found.evidence}),
        operation=lambda values: operations.correct_update(update_id=public_id, **values, by=actor, on=actor.on),
        done=done, field_of=FIELD_OF_UPDATE, heading="Correct the update",
        caption=f"{found.action.number}, {quarter_words(found.quarter)}", verb="Save the correction",
        back_url=reverse("plan-action", args=[found.action.public_id]), back_text=f"Action {found.action.number}",
    )  # fmt: skip
