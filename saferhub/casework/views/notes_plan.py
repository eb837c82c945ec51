"""Pages of a case's plan: goals, risks, the problem-solving record, linked cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.casework.access import (
    case_links_visible_to,
    check_can_contribute,
    check_can_manage,
    get_case,
    get_part,
)
from saferhub.casework.forms.notes_plan import (
    FIELD_OF,
    EndGoalForm,
    GoalForm,
    LinkForm,
    OsaraForm,
    RiskForm,
    WhyForm,
)
from saferhub.casework.models import Case, Goal, Osara, Risk
from saferhub.casework.operations import notes_links as link_operations
from saferhub.casework.operations import notes_plan as operations
from saferhub.casework.queries import notes_plan as queries
from saferhub.casework.queries.notes_holders import holder_choices
from saferhub.casework.rules.notes_plan import open_refusals
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows, refuse_if
from saferhub.partnership.access import Actor
from saferhub.sharing.edits import edit as edit_page

from .case_frame import MARKING, SECTION, frame
from .cases import seen
from .notes import actor_of, caption_of, put_beside, reason_page


@require_safe
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is to be reached, what may go wrong, what belongs to it."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    seen(actor, case, "casework.plan_seen")
    return page(
        request,
        "casework/notes/plan.html",
        plan=queries.plan_of(actor, case),
        can_manage=case.is_open and allows(check_can_manage, actor, case),
        can_contribute=case.is_open and allows(check_can_contribute, actor, case),
        **frame(actor, case, tab="plan"),
    )


def _run(request: HttpRequest, public_id: str) -> tuple[Actor, Case]:
    """The case, for somebody who runs it while it is open."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_manage(actor, case)
    refuse_if(open_refusals(is_open=case.is_open))
    return actor, case


def _plan_url(public_id: str) -> str:
    return reverse("case-plan", args=[public_id])


def _form_page(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(
        request,
        "casework/notes/plan_form.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        caption=caption_of(case),
        back_url=_plan_url(case.matter.public_id),
        **context,
    )


def _made(
    request: HttpRequest,
    case: Case,
    form: Any,
    make: Callable[[], object],
    *,
    said: str,
    heading: str,
    verb: str,
) -> HttpResponse:
    """A page that adds something to the plan, once however often it is sent. A refusal stands beside its field."""
    once = Once(request)
    if once.answer:
        return once.answer
    if form.is_bound and form.is_valid():
        try:
            make()
        except Refusal as refusal:
            put_beside(form, refusal, FIELD_OF)
        else:
            messages.success(request, said)
            return once.done(redirect(_plan_url(case.matter.public_id)))
    return _form_page(request, case, once.within(form), heading=heading, verb=verb)


def _edited(
    request: HttpRequest, case: Case, *, said: str, heading: str, back_url: str, **given: Any
) -> HttpResponse:
    """A page that changes something of the plan. Two who write at once are shown both versions."""

    def done(changed: object) -> HttpResponse:
        messages.success(request, said)
        return redirect(back_url)

    return edit_page(
        request,
        done=done,
        template="casework/notes/plan_form.html",
        back_url=back_url,
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        caption=caption_of(case),
        heading=heading,
        verb="Save",
        **given,
    )


def _ended(
    request: HttpRequest,
    case: Case,
    end: Callable[[str], object],
    *,
    asked: str,
    said: str,
    heading: str,
    consequence: str,
    verb: str,
) -> HttpResponse:
    """A page that asks why something of the plan ends."""
    plan_url = _plan_url(case.matter.public_id)
    form = WhyForm(request.POST if request.method == "POST" else None)
    form.fields["why"].label = asked
    if form.is_bound and form.is_valid():
        end(form.cleaned_data["why"])
        messages.success(request, said)
        return redirect(plan_url)
    return reason_page(
        request,
        case,
        form,
        heading=heading,
        consequence=consequence,
        verb=verb,
        back_url=plan_url,
        back_words="Plan",
    )


# --- Goals -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Set a goal."""
    actor, case = _run(request, public_id)
    form = GoalForm(request.POST if request.method == "POST" else None)
    return _made(
        request,
        case,
        form,
        lambda: operations.add_goal(case_id=public_id, **form.values(), by=actor),
        said="The goal is set. Everybody who sees the case sees it.",
        heading="Set a goal",
        verb="Set goal",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def goal_edit(request: HttpRequest, public_id: str, goal: str) -> HttpResponse:
    """Change a goal."""
    actor, case = _run(request, public_id)
    return _edited(
        request,
        case,
        load=lambda: get_part(actor, Goal, goal, case=case),
        values_of=operations.goal_values,
        form_class=GoalForm,
        save=lambda values, seen_: operations.edit_goal(
            case_id=public_id, goal_id=goal, **values, seen=seen_, by=actor
        ),
        said="The change is saved.",
        heading="Change a goal",
        back_url=_plan_url(public_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def goal_end(request: HttpRequest, public_id: str, goal: str) -> HttpResponse:
    """Say what came of a goal."""
    actor, case = _run(request, public_id)
    found = get_part(actor, Goal, goal, case=case)
    form = EndGoalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            operations.end_goal(case_id=public_id, goal_id=goal, **form.cleaned_data, by=actor, on=actor.on)
        except Refusal as refusal:
            put_beside(form, refusal, FIELD_OF)
        else:
            messages.success(request, "What came of the goal is saved.")
            return redirect(_plan_url(public_id))
    return _form_page(request, case, form, heading="What came of this goal?", verb="Save", quoted=found.words)


@require_POST
def goal_reopen(request: HttpRequest, public_id: str, goal: str) -> HttpResponse:
    """Work towards a goal again."""
    actor, _ = _run(request, public_id)
    operations.reopen_goal(case_id=public_id, goal_id=goal, by=actor)
    messages.success(request, "The goal is taken up again.")
    return redirect(_plan_url(public_id))


# --- Risks -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def risk_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a risk."""
    actor, case = _run(request, public_id)
    form = RiskForm(request.POST if request.method == "POST" else None, holders=holder_choices(case))
    form.day_from(actor.on)
    return _made(
        request,
        case,
        form,
        lambda: operations.add_risk(case_id=public_id, **form.values(), by=actor, on=actor.on),
        said="The risk is recorded. Everybody who sees the case sees it.",
        heading="Record a risk",
        verb="Record risk",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def risk_edit(request: HttpRequest, public_id: str, risk: str) -> HttpResponse:
    """Look at a risk again, or change it."""
    actor, case = _run(request, public_id)
    found = get_part(actor, Risk, risk, case=case)
    holders = holder_choices(case)
    held = operations.risk_values(found)["holder"]
    if held and held not in dict(holders):
        # Whoever answers for it has lost sight of the case: it is said, and may stay until another is chosen.
        name = found.owner.name if found.owner else str(found.owner_unit)
        holders.append((held, f"{name} (sees this case no longer)"))
    return _edited(
        request,
        case,
        load=lambda: get_part(actor, Risk, risk, case=case),
        values_of=operations.risk_values,
        form_class=RiskForm,
        form_options={"holders": holders},
        save=lambda values, seen_: operations.edit_risk(
            case_id=public_id, risk_id=risk, **values, seen=seen_, by=actor, on=actor.on
        ),
        said="The change is saved.",
        heading="Look at a risk",
        back_url=_plan_url(public_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def risk_end(request: HttpRequest, public_id: str, risk: str) -> HttpResponse:
    """Say that a risk is there no longer."""
    actor, case = _run(request, public_id)
    get_part(actor, Risk, risk, case=case)
    return _ended(
        request,
        case,
        lambda why: operations.end_risk(case_id=public_id, risk_id=risk, why=why, by=actor, on=actor.on),
        asked="Why is it no longer a risk?",
        said="The risk has ended. It stays on the page with your reason.",
        heading="End this risk",
        consequence="It no longer counts when the case is closed, and nobody is asked to look at it again.",
        verb="End risk",
    )


# --- The problem-solving record ----------------------------------------------------------------------------


@require_safe
def osara(request: HttpRequest, public_id: str) -> HttpResponse:
    """The problem-solving record, to be read and printed."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    found = queries.osara_of(actor, case)
    seen(actor, case, "casework.osara_seen")
    form = OsaraForm()
    return page(
        request,
        "casework/notes/osara.html",
        texts=[
            (str(form.fields[name].label), getattr(found, name), str(form.fields[name].help_text))
            for name in operations.OSARA_FIELDS
        ]
        if found
        else [],
        can_contribute=case.is_open and allows(check_can_contribute, actor, case),
        **frame(actor, case, tab="plan"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def osara_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the problem-solving record. Two who write at once are shown both versions."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    refuse_if(open_refusals(is_open=case.is_open))
    return _edited(
        request,
        case,
        load=lambda: queries.osara_of(actor, case) or Osara(case=case, version=0),
        values_of=operations.osara_values,
        form_class=OsaraForm,
        save=lambda values, seen_: operations.write_osara(
            case_id=public_id, texts=values, seen=seen_, by=actor
        ),
        said="The record is saved.",
        heading="Problem-solving record",
        back_url=reverse("case-osara", args=[public_id]),
    )


# --- Linked cases ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Link this case to another that the actor sees."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    form = LinkForm(request.POST if request.method == "POST" else None)
    return _made(
        request,
        case,
        form,
        lambda: link_operations.link_cases(case_id=public_id, **form.cleaned_data, by=actor, on=actor.on),
        said="The cases are linked. Whoever sees both sees the link.",
        heading="Link another case",
        verb="Link cases",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def link_end(request: HttpRequest, public_id: str, link: str) -> HttpResponse:
    """End a link, with the reason."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    found = case_links_visible_to(actor).filter(public_id=link).first()
    if found is None or case.pk not in (found.a_id, found.b_id):
        raise Http404
    return _ended(
        request,
        case,
        lambda why: link_operations.unlink_cases(
            case_id=public_id, link_id=link, why=why, by=actor, on=actor.on
        ),
        asked="Why do they not belong together?",
        said="The link has ended.",
        heading="End this link",
        consequence="Nobody’s sight of either case changes. That they were linked stays, with your reason.",
        verb="End link",
    )
