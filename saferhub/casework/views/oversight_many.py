"""Changing several cases or actions at once, in three steps: what, which rows and what happens to each, done.

The rows are chosen on the list by GET. The question is asked; what is answered is tried on every row and taken back,
so that the page of confirmation says of each what will happen or what stops it; then all are changed or none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.casework import access
from saferhub.casework.access import actions as action_rules
from saferhub.casework.forms.oversight_many import ManyLeadForm, ManyOwnerForm, ManyReviewForm
from saferhub.casework.operations import oversight_many as operations
from saferhub.casework.operations.actions import Owner, owners_of
from saferhub.casework.operations.cases_life import may_lead
from saferhub.casework.rules.oversight_many import MOST_AT_ONCE
from saferhub.foundation.forms import Form
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.templatetags.words import count_words, plain_date
from saferhub.partnership.access import Actor, Permission

MARKING = "OFFICIAL-SENSITIVE"
_HEADINGS = {
    "lead": "Reassign the lead officer",
    "review": "Move the review day",
    "owner": "Reassign actions",
}
_KEPT_OUT = {"csrfmiddlewaretoken", "step", "chosen", "seen", "once", "leave_out"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row: how it stands, the mark of that, what it would become, and what stops it."""

    public_id: str
    title: str
    reference: str
    url: str
    now: str
    mark: str
    will: str = ""
    refusal: str = ""


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest) -> HttpResponse:
    """Another lead officer, or another day of review, for the cases that were ticked."""
    return _many(request, "cases", ("lead", "review"))


@require_http_methods(["GET", "HEAD", "POST"])
def actions(request: HttpRequest) -> HttpResponse:
    """Another owner for the actions that were ticked."""
    return _many(request, "actions", ("owner",))


def _many(request: HttpRequest, code: str, on_offer: tuple[str, ...]) -> HttpResponse:
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    given = request.POST if request.method == "POST" else request.GET
    what = given.get("do", "")
    loaded = _loaded(actor, code, given.getlist("chosen")[:MOST_AT_ONCE])
    if not loaded or what not in on_offer:
        messages.warning(request, f"Tick at least one of the {code} first, then choose what to change.")
        return redirect(code)
    once = Once(request)
    if once.answer:
        return once.answer
    rows = [_chosen(row, what) for row in loaded]
    data = request.POST if request.method == "POST" and given.get("step") else None
    form = _form(what, loaded, data)
    if data is None or given.get("step") == "back" or not form.is_valid():
        return _ask(request, code, what, rows, form)
    seen = dict(pair.partition(".")[::2] for pair in given.getlist("seen"))
    act = _act(what, form.cleaned_data, seen, actor)
    marks = {row.public_id: row.mark for row in rows}
    if given.get("step") == "do":
        refusals = operations.done(act, marks, sort=what, by=actor)
        if not refusals:
            messages.success(request, f"{count_words(len(rows), code.removesuffix('s'))} changed.")
            return once.done(redirect(code))
        messages.error(request, "Nothing was changed: something below has changed or refuses now.")
    else:
        refusals = operations.tried(act, marks)
    return _confirm(request, code, what, rows, form, refusals, seen, once)


def _loaded(actor: Actor, code: str, chosen: list[str]) -> list[Any]:
    """The rows that were ticked, in the order of the list, as far as the actor sees them."""
    by_id: dict[str, Any]
    if code == "cases":
        found = access.cases_visible_to(actor).filter(matter__public_id__in=chosen)
        found = found.select_related(
            "folder", "hub", "partnership", "lead_unit__agency", "matter__lead", "matter__folder"
        )
        by_id = {row.matter.public_id: row for row in found}
    else:
        rows = access.actions_visible_to(actor).filter(public_id__in=chosen)
        by_id = {row.public_id: row for row in rows.select_related(*action_rules.WITH)}
    return [by_id[one] for one in dict.fromkeys(chosen) if one in by_id]


def _chosen(row: Any, what: str) -> Chosen:
    if what == "owner":
        who = row.owner.name if row.owner else "Nobody by name"
        return Chosen(
            row.public_id,
            row.words,
            row.case.matter.reference,
            reverse("action", args=[row.public_id]),
            f"{who}, {row.owner_unit.agency.name}",
            str(row.version),
        )
    if what == "lead":
        now = f"{row.matter.lead.name if row.matter.lead else 'Nobody yet'}, {row.lead_unit.agency.name}"
    else:
        now = plain_date(row.review_on) if row.review_on else "No day"
    return Chosen(
        row.matter.public_id,
        row.matter.title,
        row.matter.reference,
        reverse("case", args=[row.matter.public_id]),
        now,
        operations.mark_of_case(row),
    )


def _form(what: str, loaded: list[Any], data: Any) -> Form:
    if what == "review":
        return ManyReviewForm(data)
    if what == "lead":
        return ManyLeadForm(data, people=_leaders(loaded))
    return ManyOwnerForm(data, people=_owners(loaded))


def _leaders(loaded: list[Any]) -> list[tuple[str, str]]:
    """Those who may lead every one of the cases."""
    offered = [may_lead(case) for case in loaded]
    shared = set.intersection(*(set(one) for one in offered))
    people = [(one, f"{offered[0][one][0].name}, {offered[0][one][1].agency.name}") for one in shared]
    return sorted(people, key=lambda pair: pair[1])


def _owners(loaded: list[Any]) -> list[tuple[str, str]]:
    """Those who see the case of every one of the actions."""
    cases = {action.case_id: action.case for action in loaded}
    offered = [{one.key: one for one in owners_of(case)} for case in cases.values()]
    shared = set.intersection(*(set(one) for one in offered))
    return [(key, _owner_words(one)) for key, one in offered[0].items() if key in shared]


def _owner_words(owner: Owner) -> str:
    agency = owner.unit.agency.name
    return f"{owner.user.name}, {agency}" if owner.user else f"{owner.unit.name}, {agency} (nobody named yet)"


def _act(what: str, values: dict[str, Any], seen: dict[str, str], actor: Actor) -> operations.Act:
    if what == "lead":
        return operations.hands_to(lead=values["lead"], note=values["note"], seen=seen, by=actor, on=actor.on)
    if what == "review":
        return operations.moves_review_day(
            words=values["words"], next_on=values["next_on"], seen=seen, by=actor, on=actor.on
        )
    return operations.gives_to(who=values["who"], seen=seen, by=actor, on=actor.on)


def _ask(request: HttpRequest, code: str, what: str, rows: list[Chosen], form: Form) -> HttpResponse:
    return page(
        request,
        "casework/oversight/many_ask.html",
        section="cases",
        marking=MARKING,
        heading=_HEADINGS[what],
        rows=rows,
        form=form,
        nobody=what != "review" and len(form.fields["lead" if what == "lead" else "who"].choices) < 2,  # type: ignore[attr-defined]
        what=what,
        code=code,
        action=reverse(f"{code}-many"),
        back_url=reverse(code),
        counted=count_words(len(rows), code.removesuffix("s")),
    )


def _said(what: str, form: Form) -> str:
    if what == "review":
        return plain_date(form.cleaned_data["next_on"])
    name = "lead" if what == "lead" else "who"
    return str(dict(form.fields[name].choices)[form.cleaned_data[name]])  # type: ignore[attr-defined]


def _confirm(
    request: HttpRequest,
    code: str,
    what: str,
    rows: list[Chosen],
    form: Form,
    refusals: dict[str, str],
    seen: dict[str, str],
    once: Once,
) -> HttpResponse:
    said = _said(what, form)
    told = [
        replace(row, mark=seen.get(row.public_id, ""), will=said, refusal=refusals.get(row.public_id, ""))
        for row in rows
    ]
    fine = [row for row in told if not row.refusal]
    kept = [
        (name, value) for name, values in request.POST.lists() if name not in _KEPT_OUT for value in values
    ]
    return page(
        request,
        "casework/oversight/many_confirm.html",
        status=409 if refusals and request.POST.get("step") == "do" else 200,
        section="cases",
        marking=MARKING,
        heading=_HEADINGS[what],
        what=what,
        rows=told,
        fine=fine,
        stopped=len(told) - len(fine),
        kept=kept,
        once=once.within(Form()),
        action=reverse(f"{code}-many"),
        back_url=reverse(code),
        verb=f"Change {count_words(len(fine), code.removesuffix('s'))}",
        said=said,
    )
