"""What every page of the plan has around its own part: section, marking, the pages beside it; and shared habits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.edits import SeenForm

SECTION = "plan"
MARKING = "OFFICIAL"
NOTE = "No personal information on this page"
BOTH = ["GET", "HEAD", "POST"]
# Label and address of the pages beside each other.
_TABS = (
    ("The plan", "plan"),
    ("Actions", "plan-actions"),
    ("Measures", "measures"),
    ("Funding", "plan-funding"),
    ("Training", "plan-training"),
    ("Consultation", "plan-consultations"),
    ("Reports received", "plan-reports-received"),
    ("Decisions", "plan-crime-notes"),
)


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def reader_of(request: HttpRequest) -> Actor:
    """The actor, who reads the plan of her partnership. Raises NotAllowed where she reads none."""
    actor = actor_of(request)
    actor.check(Permission.VIEW_PARTNERSHIP)
    return actor


def around(current: str = "") -> dict[str, Any]:
    """The context that every page of the plan has. `current`: the address of the tab that is open."""
    tabs = []
    for label, name in _TABS:
        try:
            tabs.append({"label": label, "url": reverse(name), "current": name == current})
        except NoReverseMatch:  # an app that leaves a subject out has no page of it
            continue
    return {"section": SECTION, "marking": MARKING, "marking_note": NOTE, "plan_tabs": tabs}


def place_refusal(form: Any, refusal: Refusal, fields: Mapping[str, str]) -> None:
    """Put a refusal beside the field it is about, or raise it."""
    field = fields.get(refusal.code)
    if refusal.status != 409 or field not in form.fields or not form.is_bound:
        raise refusal
    form.refuse(field, refusal.sentence)


def make(
    request: HttpRequest,
    template: str,
    form: Any,
    *,
    operation: Callable[[dict[str, Any]], Any],
    done: Callable[[Any], Any],
    field_of: Mapping[str, str],
    **context: Any,
) -> HttpResponse:
    """A page with a form that makes something once: draw it, call `operation` with what was cleaned, answer by `done`,
    which returns a redirect."""
    once = Once(request)
    if once.answer:
        return once.answer
    if form.is_bound and form.is_valid():
        try:
            made = operation(dict(form.cleaned_data))
        except Refusal as refusal:
            place_refusal(form, refusal, field_of)
        else:
            return once.done(done(made))
    return page(request, template, form=once.within(form), **{**around(), **context})


def act(
    request: HttpRequest,
    template: str,
    form_class: type[SeenForm],
    *,
    version: int,
    operation: Callable[[dict[str, Any], int], Any],
    done: Callable[[Any], Any],
    field_of: Mapping[str, str],
    initial: Mapping[str, Any] | None = None,
    form_options: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """A page that asks what an act needs (a reason, a day) and does it to the version that was seen, once however often
    the form is sent. Where somebody else changed it meanwhile, what was typed stays and the page says so. `done`
    returns a redirect."""
    once = Once(request)
    if once.answer:
        return once.answer
    sent = request.POST if request.method == "POST" else None
    form = form_class(sent, initial={**(initial or {}), "seen": str(version)}, **(form_options or {}))
    if form.is_bound and form.is_valid():
        try:
            result = operation(form.values(), form.seen_version())
        except Refusal as refusal:
            if refusal.code == "changed_meanwhile":
                typed = request.POST.copy()
                typed["seen"] = str(version)
                form = form_class(typed, **(form_options or {}))
                form.is_valid()
                form.add_error(None, f"{refusal.sentence} What you wrote is still here.")
            else:
                place_refusal(form, refusal, field_of)
        else:
            return once.done(done(result))
    return page(request, template, form=once.within(form), **{**around(), **context})


def sent(request: HttpRequest) -> Any:
    """What was posted; None where nothing was."""
    return request.POST if request.method == "POST" else None
