"""The actions of the plan: the list and its files, one action, planning and changing it, its milestones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.foundation.xlsx_files import xlsx_answer
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.forms import actions as forms
from saferhub.plan.forms.actions import FIELD_OF
from saferhub.plan.models import ActionPlan, Milestone, PlanAction, YearStatus
from saferhub.plan.operations import actions as operations
from saferhub.plan.operations import milestones as steps
from saferhub.plan.operations.updates import open_ask
from saferhub.plan.queries import actions as queries
from saferhub.plan.queries.years import words_of
from saferhub.plan.rules.actions import RULES, state_of
from saferhub.plan.rules.updates import quarter_words
from saferhub.sharing.edits import edit as edit_page
from saferhub.sharing.registries import check_export

from .frame import BOTH, act, around, make, reader_of, sent


def _chosen_year(actor: Actor, given: str) -> tuple[ActionPlan | None, list[ActionPlan]]:
    """The year that was asked for, else that of today, else the newest."""
    found = list(access.visible_to(actor, ActionPlan).order_by("-first_day", "id"))
    asked = next((one for one in found if one.public_id == given), None)
    today = next((one for one in found if one.first_day <= actor.on <= one.last_day), None)
    return asked or today or (found[0] if found else None), found


def _listing(request: HttpRequest) -> tuple[Actor, forms.ActionListForm, ActionPlan | None, list[Any]]:
    actor = reader_of(request)
    plan, plans = _chosen_year(actor, request.GET.get("plan", ""))
    chosen = request.GET.copy()
    if plan is not None:
        chosen["plan"] = plan.public_id
    form = forms.ActionListForm(
        chosen,
        years=[(one.public_id, words_of(one)) for one in plans],
        areas=queries.areas_of(plan) if plan else [],
        agencies=queries.agencies_today(actor, *(queries.lead_agencies_of(plan) if plan else ())),
    )
    given = form.given()
    given.pop("plan")
    narrowed = queries.Narrowed(**given, sort=request.GET.get("sort", ""))
    found = queries.lines(actor, plan, narrowed, min(actor.on, plan.last_day)) if plan else []
    return actor, form, plan, found


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """The actions of a year, narrowed and sorted as the reader chose."""
    actor, form, plan, found = _listing(request)
    shown = Paginator(found, queries.PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return page(
        request,
        "plan/actions/list.html",
        **around("plan-actions"),
        filter_form=form,
        chips=form.chips(),
        is_filtered=any(value for name, value in form.given().items() if name != "plan"),
        year=plan,
        words=words_of(plan) if plan else "",
        shown=shown,
        rows=[(one, queries.lead_words(one.action)) for one in shown.object_list],
        query=f"?{query.urlencode()}" if query else "",
        can_keep=access.can_keep_plan(actor),
        today=actor.on,
    )


@require_safe
def actions_csv(request: HttpRequest) -> HttpResponse:
    """The list as comma-separated values."""
    return _file(request, "csv")


@require_safe
def actions_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as a spreadsheet."""
    return _file(request, "xlsx")


def _file(request: HttpRequest, ending: str) -> HttpResponse:
    actor, _, plan, found = _listing(request)
    lines = list(queries.file_lines(plan, found)) if plan else [[*queries.HEADINGS]]
    more = check_export(lines)
    record_sight(
        "plan.actions_exported", actor.partnership, by=actor, rows=len(lines) - 1, format=ending, **more
    )
    name = f"action-plan-{words_of(plan) if plan else 'none'}-{actor.on.isoformat()}.{ending}"
    return csv_answer(name, lines) if ending == "csv" else xlsx_answer(name, "Action plan", lines)


@require_safe
def action(request: HttpRequest, public_id: str) -> HttpResponse:
    """One action: who, by when, how it stands; its milestones, what its lead said, how it came to stand so."""
    actor = reader_of(request)
    found = access.get(
        actor,
        PlanAction,
        public_id,
        "plan__strategy",
        "objective__area",
        "lead_agency",
        "lead",
        "rolled_from__plan",
    )
    day = min(actor.on, found.plan.last_day) if found.plan.status == YearStatus.REVIEWED else actor.on
    ask = open_ask(found) if found.plan.status == YearStatus.IN_FORCE else None
    is_open = found.plan.status != YearStatus.REVIEWED
    return page(
        request,
        "plan/actions/action.html",
        **around("plan-actions"),
        action=found,
        area=found.objective.area,
        year=found.plan,
        words=words_of(found.plan),
        state=state_of(found.status, found.due_on, day),
        rule=RULES[found.status],
        partners=list(found.partners.order_by("name")),
        milestones=queries.milestones(found, day),
        told=queries.told(found, actor),
        history=queries.history(found, actor),
        carried=queries.carried(found),
        measure=queries.measure_of(actor, found),
        ask=ask,
        ask_quarter=quarter_words(ask.quarter) if ask else "",
        can_keep=access.can_keep_plan(actor) and is_open,
        leads=access.leads(actor, found) and is_open,
        can_update=access.leads(actor, found)
        and found.plan.status == YearStatus.IN_FORCE
        and found.status != "stopped",
        is_closed=found.status in ("done", "stopped"),
        today=day,
    )


def _options(actor: Actor, plan: ActionPlan, kept: PlanAction | None = None) -> dict[str, Any]:
    stands: dict[str, tuple[str, str]] = {}
    agencies: list[str] = []
    if kept is not None:
        agencies = [kept.lead_agency.code, *kept.partners.values_list("code", flat=True)]
        stands["objective"] = (kept.objective.public_id, kept.objective.words)
        if kept.lead is not None:
            stands["lead"] = (kept.lead.public_id, kept.lead.name)
        stands["measure"] = (kept.measure, kept.measure.replace("_", " "))
    return {
        "objectives": queries.objectives_on_offer(
            plan.strategy, max(plan.first_day, min(actor.on, plan.last_day))
        ),
        "agencies": queries.agencies_today(actor, *agencies),
        "people": queries.people_on_offer(actor),
        "measures": queries.measures_on_offer(actor),
        "asks_why": plan.status == YearStatus.IN_FORCE,
        "kept": stands,
    }


@require_http_methods(BOTH)
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """An action more."""
    actor = reader_of(request)
    plan = access.get(actor, ActionPlan, public_id, "strategy")
    access.check_can_keep_plan(actor)
    operations.check_open(plan)
    form = forms.ActionForm(
        sent(request), initial={"objective": request.GET.get("objective", "")}, **_options(actor, plan)
    )

    def done(made: PlanAction) -> HttpResponse:
        messages.success(
            request, f"{made.number} is in the plan. Give it milestones, if it has steps on its way."
        )
        return redirect("plan-action", made.public_id)

    return make(
        request, "plan/actions/form.html", form,
        operation=lambda values: operations.add_action(
            plan_id=public_id, values=form.action_values(), reason=values.get("reason", ""), by=actor, on=actor.on
        ),
        done=done, field_of=FIELD_OF, heading="Add an action", caption=f"Action plan {words_of(plan)}",
        verb="Add the action", back_url=reverse("plan-year", args=[public_id]), back_text=f"The year {words_of(plan)}",
    )  # fmt: skip


@require_http_methods(BOTH)
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """An action anew; a second editor sees both versions."""
    actor = reader_of(request)
    related = ("plan__strategy", "objective", "lead_agency", "lead")
    found = access.get(actor, PlanAction, public_id, *related)
    access.check_can_keep_plan(actor)
    operations.check_open(found.plan)

    def save(values: dict[str, Any], seen: int) -> PlanAction:
        reason = values.pop("reason", "")
        given = operations.ActionValues(**{**values, "partners": tuple(values["partners"])})
        return operations.change_action(
            action_id=public_id, values=given, reason=reason, by=actor, on=actor.on, seen=seen
        )

    def done(result: PlanAction) -> HttpResponse:
        messages.success(request, "The action is changed.")
        return redirect("plan-action", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, PlanAction, public_id, *related),
        values_of=operations.values_of,
        form_class=forms.ActionForm,
        form_options=_options(actor, found.plan, found),
        save=save,
        done=done,
        template="plan/actions/form.html",
        back_url=reverse("plan-action", args=[public_id]),
        back_text=f"Action {found.number}",
        field_of=FIELD_OF,
        heading="Change the action",
        caption=f"Action {found.number}, {words_of(found.plan)}",
        verb="Save",
        **around("plan-actions"),
    )


@require_http_methods(BOTH)
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop an action, with the reason."""
    return _move(
        request, public_id, operations.stop_action, heading="Stop the action", verb="Stop the action", danger=True,
        consequence="Nobody is asked about it any more. It stays in the plan, with the reason.", said="stopped",
    )  # fmt: skip


@require_http_methods(BOTH)
def take_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an action up again that was done or stopped."""
    return _move(
        request, public_id, operations.take_up_again, heading="Take the action up again", verb="Take it up again",
        consequence="It stands as on track until its lead says otherwise.", said="taken up again",
    )  # fmt: skip


def _move(request: HttpRequest, public_id: str, operation: Any, *, said: str, **context: Any) -> HttpResponse:
    actor = reader_of(request)
    found = access.get(actor, PlanAction, public_id, "plan")
    access.check_can_keep_plan(actor)

    def done(result: PlanAction) -> HttpResponse:
        messages.success(request, f"{result.number} is {said}.")
        return redirect("plan-action", public_id)

    return act(
        request, "plan/actions/form.html", forms.StopForm, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: operation(action_id=public_id, **values, by=actor, on=actor.on, seen=seen),
        caption=f"{found.number} {found.what}", back_url=reverse("plan-action", args=[public_id]),
        back_text=f"Action {found.number}", **context,
    )  # fmt: skip


# --- Milestones -------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def add_milestone(request: HttpRequest, public_id: str) -> HttpResponse:
    """A milestone more."""
    actor = reader_of(request)
    found = access.get(actor, PlanAction, public_id, "plan", "lead_agency")
    access.check_leads(actor, found)
    form = forms.MilestoneForm(sent(request))

    def done(made: Milestone) -> HttpResponse:
        messages.success(request, "The milestone is added.")
        return redirect("plan-action", public_id)

    return make(
        request, "plan/actions/form.html", form,
        operation=lambda _: steps.add_milestone(action_id=public_id, **form.values(), by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Add a milestone", caption=f"{found.number} {found.what}",
        verb="Add the milestone", back_url=reverse("plan-action", args=[public_id]), back_text=f"Action {found.number}",
    )  # fmt: skip


def _milestone(request: HttpRequest, public_id: str) -> tuple[Actor, Milestone]:
    actor = reader_of(request)
    found = access.get(actor, Milestone, public_id, "action__plan", "action__lead_agency")
    access.check_leads(actor, found.action)
    return actor, found


@require_http_methods(BOTH)
def change_milestone(request: HttpRequest, public_id: str) -> HttpResponse:
    """Other words or another day; a second editor sees both versions."""
    actor, found = _milestone(request, public_id)

    def done(result: Milestone) -> HttpResponse:
        messages.success(request, "The milestone is changed.")
        return redirect("plan-action", found.action.public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Milestone, public_id),
        values_of=steps.values_of,
        form_class=forms.MilestoneForm,
        save=lambda values, seen: steps.change_milestone(
            milestone_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/actions/form.html",
        back_url=reverse("plan-action", args=[found.action.public_id]),
        back_text=f"Action {found.action.number}",
        field_of=FIELD_OF,
        heading="Change the milestone",
        caption=f"{found.action.number} {found.action.what}",
        verb="Save",
        **around("plan-actions"),
    )


@require_http_methods(BOTH)
def reach_milestone(request: HttpRequest, public_id: str) -> HttpResponse:
    """It was reached, on which day, and what shows it."""
    actor, found = _milestone(request, public_id)
    return _milestone_act(
        request, actor, found, forms.ReachForm, steps.reach_milestone, "The milestone is recorded as reached.",
        initial={"done_on": actor.on}, heading="Record that it was reached", verb="Record it",
    )  # fmt: skip


@require_http_methods(BOTH)
def drop_milestone(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is not wanted any more, and why."""
    actor, found = _milestone(request, public_id)
    return _milestone_act(
        request, actor, found, forms.DropForm, steps.drop_milestone, "The milestone is dropped.",
        heading="Drop the milestone", verb="Drop the milestone",
    )  # fmt: skip


def _milestone_act(
    request: HttpRequest,
    actor: Actor,
    found: Milestone,
    form_class: Any,
    operation: Any,
    said: str,
    **context: Any,
) -> HttpResponse:
    def done(result: Milestone) -> HttpResponse:
        messages.success(request, said)
        return redirect("plan-action", found.action.public_id)

    return act(
        request, "plan/actions/form.html", form_class, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: operation(
            milestone_id=found.public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        caption=f"Action {found.action.number}", quoted=found.words,
        back_url=reverse("plan-action", args=[found.action.public_id]), back_text=f"Action {found.action.number}",
        **context,
    )  # fmt: skip


@require_POST
def open_milestone(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back that it was reached or dropped."""
    actor, found = _milestone(request, public_id)
    seen = request.POST.get("seen", "")
    steps.open_milestone(
        milestone_id=public_id,
        by=actor,
        on=actor.on,
        seen=int(seen) if seen.isascii() and seen.isdigit() else 0,
    )
    messages.success(request, "Taken back: the milestone is to come again.")
    return redirect("plan-action", found.action.public_id)
