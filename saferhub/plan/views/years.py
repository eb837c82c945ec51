"""A year's action plan: its page, its agreement, its review with decisions, and two years side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.templatetags.words import count_words, list_words
from saferhub.plan import access
from saferhub.plan.forms import strategy as forms
from saferhub.plan.forms.strategy import FIELD_OF
from saferhub.plan.models import ActionPlan, PlanAction, RolledAs, YearStatus
from saferhub.plan.operations import years as operations
from saferhub.plan.queries import strategy as strategy_queries
from saferhub.plan.queries import years as queries
from saferhub.plan.queries.actions import told
from saferhub.plan.rules.actions import RULES, STRIP_ORDER, state_of
from saferhub.plan.rules.strategy import review_opens

from .frame import BOTH, act, around, reader_of


@require_safe
def year(request: HttpRequest, public_id: str) -> HttpResponse:
    """One year: how it stands by area, how it came to be, and what comes next for it."""
    actor = reader_of(request)
    found = access.get(actor, ActionPlan, public_id, "strategy")
    day = min(actor.on, found.last_day)
    opens = review_opens(found.last_day)
    return page(
        request,
        "plan/strategy/year.html",
        **around("plan"),
        year=found,
        words=queries.words_of(found),
        plan=strategy_queries.plan_on(actor, found.strategy, day, plan=found, with_measures=False),
        history=queries.history(found, actor),
        others=[(one, queries.words_of(one)) for one in queries.other_years(actor, found)],
        left=queries.left_behind(found),
        unchanged=operations.still_unchanged(found) if found.status == YearStatus.DRAFT else [],
        can_keep=access.can_keep_plan(actor),
        can_review=found.status == YearStatus.IN_FORCE and actor.on >= opens,
        opens=opens,
        today=day,
        rules=[(one.value, one.label, RULES[one]) for one in STRIP_ORDER],
    )


@require_http_methods(BOTH)
def agree(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that the partnership agreed the year's plan."""
    actor = reader_of(request)
    found = access.get(actor, ActionPlan, public_id, "strategy")
    access.check_can_keep_plan(actor)

    def done(result: ActionPlan) -> HttpResponse:
        messages.success(
            request, "The year’s plan is agreed. Its leads are asked for updates after each quarter."
        )
        return redirect("plan-year", public_id)

    return act(
        request, "plan/strategy/form.html", forms.AgreeForm, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: operations.agree_year(
            plan_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading=f"Record that the action plan {queries.words_of(found)} was agreed", caption=found.strategy.name,
        verb="Record it", consequence="From then on each change of an action asks for its reason.",
        back_url=reverse("plan-year", args=[public_id]), back_text=f"The year {queries.words_of(found)}",
    )  # fmt: skip


@require_safe
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """The yearly review: what has still to be decided, what was decided, what is done or stopped."""
    actor = reader_of(request)
    found = access.get(actor, ActionPlan, public_id, "strategy")
    access.check_can_keep_plan(actor)
    return page(
        request,
        "plan/strategy/review.html",
        **around("plan"),
        year=found,
        words=queries.words_of(found),
        review=queries.review(found, actor.on),
        labels=dict(RolledAs.choices),
        is_open=found.status == YearStatus.IN_FORCE and actor.on >= review_opens(found.last_day),
        opens=review_opens(found.last_day),
        today=actor.on,
    )


@require_http_methods(BOTH)
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep, change or stop one action, with the reason; then on to the next that waits."""
    actor = reader_of(request)
    found = access.get(
        actor, PlanAction, public_id, "plan__strategy", "objective__area", "lead_agency", "lead"
    )
    access.check_can_keep_plan(actor)
    back = reverse("plan-year-review", args=[found.plan.public_id])

    def done(result: PlanAction) -> HttpResponse:
        waiting = queries.review(found.plan, actor.on).open
        messages.success(request, f"{result.number}: {result.get_rolled_as_display().lower()}.")
        if waiting and request.POST.get("then") == "next":
            return redirect("plan-action-decide", waiting[0].action.public_id)
        return redirect(back)

    return act(
        request, "plan/strategy/decide.html", forms.DecideForm, version=found.version, field_of=FIELD_OF, done=done,
        initial={"decision": found.rolled_as, "why": found.rolled_why},
        operation=lambda values, seen: operations.decide_action(
            action_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        action=found, words=queries.words_of(found.plan), back_url=back, today=actor.on,
        newest=next(iter(told(found, actor)), None), state=state_of(found.status, found.due_on, actor.on),
    )  # fmt: skip


@require_http_methods(BOTH)
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the review and carry over what goes on."""
    actor = reader_of(request)
    found = access.get(actor, ActionPlan, public_id, "strategy")
    access.check_can_keep_plan(actor)

    def done(result: operations.Reviewed) -> HttpResponse:
        said = "The review is closed."
        if result.next is not None:
            said += f" {count_words(result.carried, 'action')} stand in the draft of {queries.words_of(result.next)}."
        messages.success(request, said)
        if result.left:
            messages.warning(
                request,
                f"{list_words(result.left)} could not be carried over: their objective does not stand in the next "
                "year. Plan them anew for another one.",
            )
        return redirect("plan-year", result.next.public_id if result.next is not None else public_id)

    return act(
        request, "plan/strategy/form.html", forms.CloseReviewForm, version=found.version, field_of=FIELD_OF, done=done,
        initial={"words": found.review_words},
        operation=lambda values, seen: operations.close_review(
            plan_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading=f"Close the review of {queries.words_of(found)}", caption=found.strategy.name, verb="Close the review",
        consequence="What is kept or changed goes into the draft of the next year, its dates a year later. This year’s "
        "actions then stay as they are.",
        back_url=reverse("plan-year-review", args=[public_id]), back_text="The review",
    )  # fmt: skip


@require_http_methods(BOTH)
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a review again that was closed too soon."""
    actor = reader_of(request)
    found = access.get(actor, ActionPlan, public_id, "strategy")
    access.check_can_keep_plan(actor)

    def done(result: ActionPlan) -> HttpResponse:
        messages.success(request, "The review is open again.")
        return redirect("plan-year-review", public_id)

    return act(
        request, "plan/strategy/form.html", forms.ReasonForm, version=found.version, field_of=FIELD_OF, done=done,
        operation=lambda values, seen: operations.reopen_review(
            plan_id=public_id, **values, by=actor, on=actor.on, seen=seen
        ),
        heading=f"Open the review of {queries.words_of(found)} again", caption=found.strategy.name,
        verb="Open it again",
        consequence="What was carried into the next year’s draft stays there as it was written since.",
        back_url=reverse("plan-year", args=[public_id]), back_text=f"The year {queries.words_of(found)}",
    )  # fmt: skip


@require_safe
def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """This year and another one side by side; the year before it where none is chosen."""
    actor = reader_of(request)
    found = access.get(actor, ActionPlan, public_id, "strategy")
    others = queries.other_years(actor, found)
    chosen = request.GET.get("with", "")
    earlier = [one for one in others if one.first_day < found.first_day]
    other: ActionPlan | None = next((one for one in others if one.public_id == chosen), None)
    if chosen and other is None:
        raise Http404
    other = other or next(iter(earlier or others), None)
    items: list[dict[str, Any]] = [
        {
            "label": queries.words_of(one),
            "url": f"?with={one.public_id}",
            "current": other is not None and one.pk == other.pk,
        }
        for one in others
    ]
    return page(
        request,
        "plan/strategy/compare.html",
        **around("plan"),
        year=found,
        words=queries.words_of(found),
        compared=queries.compare(found, other, actor.on) if other is not None else None,
        choices=items,
        labels=dict(RolledAs.choices),
    )
