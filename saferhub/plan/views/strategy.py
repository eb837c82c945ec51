"""The plan on one page, an area with its objectives, and how both come to be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.templatetags.words import plain_date
from saferhub.partnership.forms.in_force import AsOnForm
from saferhub.plan import access
from saferhub.plan.forms import strategy as forms
from saferhub.plan.forms.strategy import FIELD_OF
from saferhub.plan.models import Area, Objective, Strategy, YearStatus
from saferhub.plan.operations import strategy as operations
from saferhub.plan.operations import strategy_pack, years
from saferhub.plan.queries import strategy as queries
from saferhub.plan.queries.actions import agencies_today, boards_today
from saferhub.plan.queries.updates import heard
from saferhub.plan.registries import BESIDE_AREA
from saferhub.plan.rules.actions import OVERALL_RULE, RULES, STRIP_ORDER
from saferhub.plan.rules.updates import quarter_before, quarter_words
from saferhub.sharing.edits import edit as edit_page

from .frame import BOTH, act, around, make, reader_of, sent

ALL = "all"


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The areas, which of them needs attention, and one of them (or all) by objective; as it stands or stood."""
    actor = reader_of(request)
    form = AsOnForm(request.GET, today=actor.on)
    form.is_valid()
    day = min(form.day, actor.on)
    known = queries.strategies(actor)
    strategy = next((one for one in known if one.public_id == request.GET.get("plan")), None)
    strategy = strategy or queries.strategy_on(known, day)
    found = queries.plan_on(actor, strategy, day) if strategy else None
    quarter = quarter_before(actor.on)
    asked = request.GET.get("area", "")
    shown = _shown(found, asked)
    return page(
        request,
        "plan/strategy/plan.html",
        **around("plan"),
        plan=found,
        strategies=known,
        filter_form=form,
        today=day,
        is_past=day < actor.on,
        shown=shown,
        rows=[(one, asked != ALL and one in shown) for one in found.areas] if found else [],
        is_whole=asked == ALL,
        can_keep=access.can_keep_plan(actor),
        review_time=bool(found and found.year and queries.is_review_time(found.year, actor.on)),
        drafting=found is not None and found.year is not None and found.year.status == YearStatus.DRAFT,
        heard=heard(actor, quarter),
        quarter=quarter_words(quarter),
        overall_rule=OVERALL_RULE,
        rules=[(one.value, one.label, RULES[one]) for one in STRIP_ORDER],
        query=f"&on={day.isoformat()}" if day < actor.on else "",
    )


def _shown(found: queries.PlanOn | None, asked: str) -> list[queries.AreaLine]:
    """The areas of which the page shows everything: the one that was asked for, all of them, or the one that needs
    attention most."""
    if found is None:
        return []
    if asked == ALL:
        return list(found.areas)
    chosen = next((one for one in found.areas if one.area.public_id == asked), None) or found.needs_attention
    return [chosen] if chosen else []


@require_http_methods(BOTH)
def begin(request: HttpRequest) -> HttpResponse:
    """Take the areas, objectives and drafted actions over from the pack."""
    actor = reader_of(request)
    access.check_can_keep_plan(actor)
    if request.method == "POST":
        assert actor.partnership is not None
        begun = strategy_pack.begin_from_pack(partnership=actor.partnership, by=actor, on=actor.on)
        if begun:
            messages.success(request, "The plan is begun. Read it through, name leads, and have it agreed.")
        else:
            messages.info(request, "Everything that the rules say of the plan stands here already.")
        return redirect("plan")
    return page(
        request, "plan/strategy/begin.html", **around(), heading="Take the plan over from the rules",
        verb="Take it over", back_url=reverse("plan"),
    )  # fmt: skip


@require_http_methods(BOTH)
def add_strategy(request: HttpRequest) -> HttpResponse:
    """The strategy of other years."""
    actor = reader_of(request)
    access.check_can_keep_plan(actor)

    def done(made: Strategy) -> HttpResponse:
        messages.success(request, f"{made.name} is begun. Look through its areas, and have it agreed.")
        return redirect(f"{reverse('plan')}?plan={made.public_id}")

    return make(
        request, "plan/strategy/form.html", forms.StrategyForm(sent(request)),
        operation=lambda values: operations.add_strategy(**values, by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Begin another strategy", verb="Begin it", back_url=reverse("plan"),
        back_text="The plan",
    )  # fmt: skip


@require_http_methods(BOTH)
def agree(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that the partnership agreed the strategy."""
    actor = reader_of(request)
    found = access.get(actor, Strategy, public_id)
    access.check_can_keep_plan(actor)

    def done(result: Strategy) -> HttpResponse:
        messages.success(request, f"{result.name}: agreed on {plain_date(result.agreed_on)}.")
        return redirect("plan")

    return act(
        request, "plan/strategy/form.html", forms.AgreeForm, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: operations.agree_strategy(
            strategy_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading="Record that the strategy was agreed", caption=found.name, verb="Record it", back_url=reverse("plan"),
        back_text="The plan",
    )  # fmt: skip


@require_safe
def area(request: HttpRequest, public_id: str) -> HttpResponse:
    """An area: its objectives with their actions and measures, what stands beside it, and what it was before."""
    actor = reader_of(request)
    found = access.get(actor, Area, public_id, "strategy", "lead_agency", "led_by")
    day = min(actor.on, found.valid_until or actor.on)
    on = queries.plan_on(actor, found.strategy, day)
    can_keep = access.can_keep_plan(actor)
    return page(
        request,
        "plan/strategy/area.html",
        **around("plan"),
        area=found,
        line=next((one for one in on.areas if one.area.pk == found.pk), None),
        plan=on,
        ended=queries.ended_in(found, actor.on),
        coming=queries.coming_in(found, max(day, found.strategy.first_day)),
        beside=[one for provider in BESIDE_AREA for one in provider(actor, found, actor.on)],
        can_keep=can_keep,
        can_edit=can_keep and found.valid_until is None,
        today=actor.on,
        overall_rule=OVERALL_RULE,
    )


def _area_options(actor: Any, kept: Area | None = None) -> dict[str, Any]:
    agency, board = (kept.lead_agency, kept.led_by) if kept is not None else (None, None)
    return {
        "agencies": agencies_today(actor, *([agency.code] if agency else [])),
        "boards": boards_today(actor, *([board.code] if board else [])),
    }


@require_http_methods(BOTH)
def add_area(request: HttpRequest, public_id: str) -> HttpResponse:
    """An area more."""
    actor = reader_of(request)
    found = access.get(actor, Strategy, public_id)
    access.check_can_keep_plan(actor)

    def done(made: Area) -> HttpResponse:
        messages.success(request, f"{made.name} is an area of the plan. Give it objectives.")
        return redirect("plan-area", made.public_id)

    return make(
        request, "plan/strategy/form.html", forms.AddAreaForm(sent(request), **_area_options(actor)),
        operation=lambda values: operations.add_area(strategy_id=public_id, **values, by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Add an area", caption=found.name, verb="Add the area",
        back_url=reverse("plan"), back_text="The plan",
    )  # fmt: skip


@require_http_methods(BOTH)
def change_area(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an area is called and about, who leads and who steers it; a second editor sees both versions."""
    actor = reader_of(request)
    found = access.get(actor, Area, public_id, "lead_agency", "led_by")
    access.check_can_keep_plan(actor)

    def done(result: Area) -> HttpResponse:
        messages.success(request, "The area is changed.")
        return redirect("plan-area", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Area, public_id, "lead_agency", "led_by"),
        values_of=operations.area_values,
        form_class=forms.ChangeAreaForm,
        form_options=_area_options(actor, found),
        save=lambda values, seen: operations.change_area(
            area_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        done=done,
        template="plan/strategy/form.html",
        back_url=reverse("plan-area", args=[public_id]),
        field_of=FIELD_OF,
        back_text=found.name,
        heading="Change the area",
        caption=found.name,
        verb="Save",
        **around(),
    )


@require_http_methods(BOTH)
def end_area(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last day of an area, and why."""
    actor = reader_of(request)
    found = access.get(actor, Area, public_id)
    access.check_can_keep_plan(actor)

    def done(result: Area) -> HttpResponse:
        messages.success(request, f"{result.name} ends on {plain_date(result.valid_until)}.")
        return redirect("plan-area", public_id)

    return act(
        request, "plan/strategy/form.html", forms.EndForm, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: operations.end_area(
            area_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading="End the area", caption=found.name, verb="End the area", danger=True,
        consequence="Its objectives end with it. The plan shows it for days up to its last one; it does not come back.",
        back_url=reverse("plan-area", args=[public_id]), back_text=found.name,
    )  # fmt: skip


@require_http_methods(BOTH)
def add_objective(request: HttpRequest, public_id: str) -> HttpResponse:
    """An objective more."""
    actor = reader_of(request)
    found = access.get(actor, Area, public_id)
    access.check_can_keep_plan(actor)

    def done(made: Objective) -> HttpResponse:
        messages.success(request, "The objective is added. Plan an action for it.")
        return redirect("plan-area", public_id)

    return make(
        request, "plan/strategy/form.html", forms.ObjectiveForm(sent(request), initial={"valid_from": actor.on}),
        operation=lambda values: operations.add_objective(area_id=public_id, **values, by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Add an objective", caption=found.name, verb="Add the objective",
        back_url=reverse("plan-area", args=[public_id]), back_text=found.name,
    )  # fmt: skip


@require_http_methods(BOTH)
def reword_objective(request: HttpRequest, public_id: str) -> HttpResponse:
    """Other words for an objective, from a day on."""
    actor = reader_of(request)
    found = access.get(actor, Objective, public_id, "area")
    access.check_can_keep_plan(actor)

    def done(made: Objective) -> HttpResponse:
        messages.success(request, f"The new words stand from {plain_date(made.valid_from)} on.")
        return redirect("plan-area", made.area.public_id)

    return act(
        request, "plan/strategy/form.html", forms.RewordForm, version=found.version, field_of=FIELD_OF, done=done,
        initial={"words": found.words, "valid_from": actor.on},
        operation=lambda values, seen: operations.reword_objective(
            objective_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading="Put the objective into other words", caption=found.area.name, quoted=found.words, verb="Save",
        back_url=reverse("plan-area", args=[found.area.public_id]), back_text=found.area.name,
    )  # fmt: skip


@require_http_methods(BOTH)
def end_objective(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last day of an objective, and why."""
    actor = reader_of(request)
    found = access.get(actor, Objective, public_id, "area")
    access.check_can_keep_plan(actor)

    def done(result: Objective) -> HttpResponse:
        messages.success(request, f"The objective ends on {plain_date(result.valid_until)}.")
        return redirect("plan-area", found.area.public_id)

    return act(
        request, "plan/strategy/form.html", forms.EndForm, version=found.version, field_of=FIELD_OF,
        done=done,
        operation=lambda values, seen: operations.end_objective(
            objective_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading="End the objective", caption=found.area.name, quoted=found.words, verb="End the objective", danger=True,
        consequence="The plan shows it for days up to its last one. It does not come back: it can be added anew.",
        back_url=reverse("plan-area", args=[found.area.public_id]), back_text=found.area.name,
    )  # fmt: skip


@require_http_methods(BOTH)
def draft_year(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the action plan of a year."""
    actor = reader_of(request)
    found = access.get(actor, Strategy, public_id)
    access.check_can_keep_plan(actor)
    lines = queries.year_lines(found, actor.on)
    offered = [(one.first_day.isoformat(), one.words) for one in lines if one.plan is None]
    if not offered:
        messages.info(request, "Every year of this strategy has its action plan.")
        return redirect("plan")

    def done(made: Any) -> HttpResponse:
        messages.success(request, "The year’s plan is begun. Add its actions.")
        return redirect("plan-year", made.public_id)

    return make(
        request, "plan/strategy/form.html", forms.DraftYearForm(sent(request), years=offered),
        operation=lambda values: years.draft_year(strategy_id=public_id, **values, by=actor, on=actor.on),
        done=done, field_of=FIELD_OF, heading="Begin the action plan of a year", caption=found.name, verb="Begin it",
        back_url=reverse("plan"), back_text="The plan",
    )  # fmt: skip
