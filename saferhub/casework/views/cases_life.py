"""Pages on which a case moves on: its status, its words, its lead, its reviews, its end and its second beginning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.casework import access
from saferhub.casework.forms.cases import (
    FIELD_OF,
    CloseForm,
    EditCaseForm,
    LeadForm,
    ReopenForm,
    ReviewForm,
    StatusForm,
)
from saferhub.casework.models import CASE_LIFECYCLE, Case, CaseStatus
from saferhub.casework.operations import cases_closing, cases_life
from saferhub.casework.operations.opening import case_values
from saferhub.casework.queries.case_facts import assessments_of
from saferhub.casework.queries.cases import blockers, next_review, review_again
from saferhub.casework.rules import cases as rules
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.sharing.edits import edit as edit_page

from .case_frame import MARKING, SECTION
from .cases import actor_of, seen


def _case(request: HttpRequest, public_id: str) -> tuple[Actor, Case]:
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    access.check_can_manage(actor, case)
    return actor, case


def _answer(
    request: HttpRequest,
    case: Case,
    form: Any,
    act: Callable[[dict[str, Any]], str],
    *,
    heading: str,
    verb: str,
    template: str = "casework/cases/act.html",
    once: Once | None = None,
    **context: Any,
) -> HttpResponse:
    """One form about a case: done, or drawn with what stood in its way beside the field it is about."""
    public_id = case.matter.public_id
    if form.is_bound and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            messages.success(request, said)
            answer = redirect("case", public_id)
            return once.done(answer) if once is not None else answer
    return page(
        request,
        template,
        section=SECTION,
        marking=MARKING,
        case=case,
        matter=case.matter,
        form=once.within(form) if once is not None else form,
        heading=heading,
        verb=verb,
        back_url=reverse("case", args=[public_id]),
        **context,
    )


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the case into another status."""
    actor, case = _case(request, public_id)
    targets = rules.moves_from(case.status)
    if not targets:
        raise Refusal(
            "no_move",
            f"This case is {case.get_status_display().lower()}, and there is nothing else to put it into by hand.",
            link=reverse("case", args=[public_id]),
            link_text="Back to the case",
        )
    form = StatusForm(
        _sent(request),
        statuses=[(str(one), str(one.label)) for one in targets],
        hints={str(one): CASE_LIFECYCLE.owners[one] for one in targets},
    )

    def act(given: dict[str, Any]) -> str:
        changed = cases_life.move_to(
            case_id=public_id, status=given["status"], reason=given["reason"], by=actor, on=actor.on
        )
        return f"The case is {changed.get_status_display().lower()} now."

    return _answer(
        request,
        case,
        form,
        act,
        heading="Change the status",
        verb="Save",
        note=f"It is {case.get_status_display().lower()} now.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what the case says."""
    actor, case = _case(request, public_id)
    purposes = [
        (one.code, str(one.item.name)) for one in in_force.entries(case.partnership, "purposes", actor.on)
    ]
    if case.matter.purpose not in dict(purposes):
        purposes.append((case.matter.purpose, case.matter.purpose.replace("_", " ").capitalize()))

    def done(changed: Case) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("case", public_id)

    return edit_page(
        request,
        load=lambda: access.get_case(actor, public_id),
        values_of=case_values,
        form_class=EditCaseForm,
        form_options={"purposes": purposes},
        save=lambda values, version: cases_life.edit_case(
            case_id=public_id, **values, seen=version, by=actor, on=actor.on
        ),
        done=done,
        template="casework/cases/edit.html",
        back_url=reverse("case", args=[public_id]),
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        matter=case.matter,
        caption=f"{case.matter.reference} {case.matter.title}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let another officer lead the case."""
    actor, case = _case(request, public_id)
    people = cases_life.may_lead(case)
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, (user, unit) in people.items():
        groups.setdefault(unit.agency.name, []).append((code, f"{user.name}, {unit.name}"))
    form = LeadForm(_sent(request), people=sorted(groups.items()))

    def act(given: dict[str, Any]) -> str:
        user, unit = people[given["lead"]]
        cases_life.hand_to(
            case_id=public_id, lead=user, lead_unit=unit, note=given["note"], by=actor, on=actor.on
        )
        return f"{user.name} leads it now and is told by mail."

    now = case.matter.lead
    return _answer(
        request,
        case,
        form,
        act,
        heading="Hand over to another officer",
        verb="Hand over",
        note=f"{now.name} leads it now." if now else "Nobody is named as leading it now.",
        hint="Only those who see the case can lead it. Give sight to somebody else first under “Access and views”.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look at the case on its day, and set the next."""
    actor, case = _case(request, public_id)
    once = Once(request)
    if once.answer:
        return once.answer
    proposed = next_review(case, assessments_of(actor, case), actor.on)
    form = ReviewForm(_sent(request), initial={"next_on": proposed})

    def act(given: dict[str, Any]) -> str:
        cases_life.review(
            case_id=public_id, words=given["words"], next_on=given["next_on"], by=actor, on=actor.on
        )
        return "The review is recorded."

    note = "No day was set for this review."
    if case.review_on is not None:
        note = "" if case.review_on >= actor.on else "This review is late."
    return _answer(
        request,
        case,
        form,
        act,
        heading="Record a review",
        verb="Record review",
        once=once,
        note=note,
        hint="The day below follows from the risk band. Set another one where you must." if proposed else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the case: what stops it first, then outcome, reason and learning."""
    actor, case = _case(request, public_id)
    if not case.is_open:
        raise Refusal(
            "closed_already",
            "This case is closed already.",
            link=reverse("case", args=[public_id]),
            link_text="Back to the case",
        )
    standing = blockers(actor, case, actor.on)
    outcomes = in_force.entries(case.partnership, "closure_outcomes", actor.on)
    form = CloseForm(
        _sent(request),
        outcomes=[(one.code, str(one.item.name)) for one in outcomes],
        hints={one.code: str(one.item.words) for one in outcomes},
        blockers=standing,
    )

    def act(given: dict[str, Any]) -> str:
        cases_closing.close_case(
            case_id=public_id,
            outcome=given["outcome"],
            reason=given["reason"],
            learning=given["learning"],
            told=given["told"],
            overridden=given.get("overridden", []),
            override_reason=given.get("override_reason", ""),
            by=actor,
            on=actor.on,
        )
        return f"{case.matter.reference} is closed. Whoever saw it goes on seeing it as each agreement says."

    scored = assessments_of(actor, case)
    if not form.is_bound:
        seen(actor, case, "case.closing_seen")
    return _answer(
        request,
        case,
        form,
        act,
        heading="Close this case",
        verb="Close case",
        template="casework/cases/close.html",
        blockers=standing,
        must=[one for one in standing if one.must],
        is_scored_at_end=any(
            one.is_complete and one.on >= (case.review_on or case.adopted_on) and one.on > case.adopted_on
            for one in scored
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a closed case again."""
    actor, case = _case(request, public_id)
    if case.status != CaseStatus.CLOSED:
        raise Refusal(
            "not_closed",
            "This case is open.",
            link=reverse("case", args=[public_id]),
            link_text="Back to the case",
        )
    form = ReopenForm(
        _sent(request), today=actor.on, initial={"review_on": review_again(actor, case, actor.on)}
    )

    def act(given: dict[str, Any]) -> str:
        cases_closing.reopen_case(
            case_id=public_id, reason=given["reason"], review_on=given["review_on"], by=actor, on=actor.on
        )
        return "The case is open again."

    return _answer(
        request,
        case,
        form,
        act,
        heading="Open this case again",
        verb="Open again",
        note="How it ended stays in its timeline. Whoever sees it now goes on seeing it.",
    )
