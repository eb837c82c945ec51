"""Pages of the actions of a case: the tab, one action, agreeing and changing it, what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework import access
from saferhub.casework.access import actions as object_rules
from saferhub.casework.forms.actions import (
    FIELD_OF,
    ActionForm,
    ChangeActionForm,
    NotYetForm,
    ReopenForm,
    WordsForm,
)
from saferhub.casework.models import Action, ActionStatus
from saferhub.casework.operations import actions as operations
from saferhub.casework.operations import actions_doing as doing
from saferhub.casework.queries import actions as queries
from saferhub.casework.queries.actions_places import short
from saferhub.casework.rules.actions import days_to_offer
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.queries.known_days import if_known
from saferhub.sharing.access.matters import sees_in_emergency
from saferhub.sharing.edits import edit as edit_page

from .case_frame import frame

SECTION = "cases"
MARKING = "OFFICIAL-SENSITIVE"
BOTH = ["GET", "HEAD", "POST"]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def seen(actor: Actor, event: str, subject: Any, matter: Any) -> None:
    """Record the sight, for the matter's purpose, and that it was in an emergency where it was."""
    emergency = sees_in_emergency(actor, matter)
    record_sight(event, subject, by=actor, purpose=matter.purpose, emergency=emergency or None)


@require_safe
def case_actions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The Actions tab of a case."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    seen(actor, "action.list_seen", case.matter, case.matter)
    can_add = case.is_open and allows(access.check_can_manage, actor, case)
    return page(
        request,
        "casework/actions/of_case.html",
        found=queries.of_case(actor, case),
        can_add=can_add,
        **frame(actor, case, tab="actions"),
    )


@require_safe
def action(request: HttpRequest, action_id: str) -> HttpResponse:
    """One action: what, who, by when, how it stands, what became of it."""
    actor = actor_of(request)
    found = object_rules.get_action(actor, action_id)
    seen(actor, "action.seen", found, found.case.matter)
    steps = queries.steps_in_words(found.case.partnership, actor.on) if found.level else {}
    can = object_rules.available_operations(actor, found)
    return page(
        request,
        "casework/actions/action.html",
        section=SECTION,
        marking=MARKING,
        action=found,
        row=queries.row_of(found, actor.on, steps),
        title=short(found.words),
        case=found.case,
        matter=found.case.matter,
        history=queries.history(actor, found),
        can=can,
        waits="take_over" in can and found.owner_id is None,
    )


@require_http_methods(BOTH)
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree an action in a case."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    access.check_can_manage(actor, case)
    operations.check_open(case)
    once = Once(request)
    if once.answer:
        return once.answer
    form = ActionForm(request.POST if request.method == "POST" else None, owners=operations.owners_of(case))
    if form.is_bound and form.is_valid():
        try:
            made = operations.set_action(case_id=public_id, **form.cleaned_data, by=actor, on=actor.on)
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, f"The action is agreed. It is with {queries.who_words(made)}.")
            return once.done(redirect("case-actions", public_id))
    return page(
        request,
        "casework/actions/add.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        case=case,
        matter=case.matter,
        back_url=reverse("case-actions", args=[public_id]),
    )


def _place(form: Any, refusal: Refusal, fields: dict[str, str] | None = None) -> None:
    """Put a refusal beside the field it is about, or raise it."""
    field = (fields or FIELD_OF).get(refusal.code)
    if refusal.status != 409 or field not in form.fields:
        raise refusal
    form.refuse(field, refusal.sentence)


@require_http_methods(BOTH)
def change(request: HttpRequest, action_id: str) -> HttpResponse:
    """Change what was agreed; a second editor sees both versions."""
    actor = actor_of(request)
    found = object_rules.get_action(actor, action_id)
    object_rules.check_can_change(actor, found)
    operations.check_open(found.case)
    if not found.is_open:
        raise Refusal("action_ended", "This action has ended. Open it again to change it.")

    def done(changed: Action) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("action", action_id)

    return edit_page(
        request,
        load=lambda: object_rules.get_action(actor, action_id),
        values_of=operations.values_of,
        form_class=ChangeActionForm,
        form_options={
            "owners": operations.owners_of(found.case),
            "kept": (operations.values_of(found)["who"], queries.who_words(found)),
        },
        save=lambda values, seen_version: operations.change_action(
            action_id=action_id, **values, seen=seen_version, by=actor, on=actor.on
        ),
        done=done,
        template="casework/actions/change.html",
        back_url=reverse("action", args=[action_id]),
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        caption=f"{found.case.matter.reference} {found.case.matter.title}",
    )


@require_POST
def take_over(request: HttpRequest, action_id: str) -> HttpResponse:
    """Make an action of one's own unit one's own, by one press."""
    actor = actor_of(request)
    operations.take_over(action_id=action_id, by=actor, on=actor.on)
    messages.success(request, "The action is yours now. It stands in Your work.")
    return redirect("action", action_id)


def _in_words(
    request: HttpRequest,
    action_id: str,
    *,
    check: Callable[[Actor, Action], None],
    act: Callable[[Actor, str], Any],
    heading: str,
    label: str,
    noun: str,
    verb: str,
    said: str,
    consequence: str = "",
    hint: str = "",
    is_open: bool = True,
) -> HttpResponse:
    """A page that asks for words and then does one thing to an action."""
    actor = actor_of(request)
    found = object_rules.get_action(actor, action_id)
    check(actor, found)
    if found.is_open != is_open:
        raise Refusal("action_ended", "This action has ended already.")
    once = Once(request)
    if once.answer:
        return once.answer
    form = WordsForm(request.POST if request.method == "POST" else None)
    field = form.fields["words"]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = f"Enter {noun}"
    if form.is_bound and form.is_valid():
        act(actor, form.cleaned_data["words"])
        messages.success(request, said)
        return once.done(redirect("action", action_id))
    return page(
        request,
        "casework/actions/words.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        action=found,
        matter=found.case.matter,
        heading=heading,
        consequence=consequence,
        verb=verb,
        back_url=reverse("action", args=[action_id]),
    )


@require_http_methods(BOTH)
def progress(request: HttpRequest, action_id: str) -> HttpResponse:
    """Not done yet: where it stands, and by when it will be; the agreed day may stay."""
    actor = actor_of(request)
    found = object_rules.get_action(actor, action_id)
    object_rules.check_can_do(actor, found)
    if not found.is_open:
        raise Refusal("action_ended", "This action has ended already.")
    once = Once(request)
    if once.answer:
        return once.answer
    form = NotYetForm(
        request.POST if request.method == "POST" else None,
        days=if_known(lambda: days_to_offer(found.due_on, actor.on, bank_holidays())) or [],
        due_on=found.due_on,
        on=actor.on,
    )
    if form.is_bound and form.is_valid():
        try:
            doing.not_yet(
                action_id=action_id,
                reason=form.cleaned_data["reason"],
                due_on=form.chosen(),
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, "Noted. The action stays open.")
            return once.done(redirect("action", action_id))
    is_blocked = found.status == ActionStatus.BLOCKED
    return page(
        request,
        "casework/actions/words.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        action=found,
        matter=found.case.matter,
        heading="Not done yet",
        consequence="It is blocked. With a day it is open again." if is_blocked else "",
        verb="Save",
        block_url="" if is_blocked else reverse("action-block", args=[action_id]),
        back_url=reverse("action", args=[action_id]),
    )


@require_http_methods(BOTH)
def done(request: HttpRequest, action_id: str) -> HttpResponse:
    """Record it as done, with what shows it."""
    return _in_words(
        request,
        action_id,
        check=object_rules.check_can_do,
        act=lambda actor, words: doing.done(action_id=action_id, evidence=words, by=actor, on=actor.on),
        heading="Mark the action as done",
        label="What was done?",
        noun="what was done",
        verb="Mark as done",
        said="The action is done.",
        hint="And by what others can tell. Everybody who sees the case sees this.",
    )


@require_http_methods(BOTH)
def block(request: HttpRequest, action_id: str) -> HttpResponse:
    """Say what is in the way."""
    return _in_words(
        request,
        action_id,
        check=object_rules.check_can_do,
        act=lambda actor, words: doing.block(action_id=action_id, reason=words, by=actor, on=actor.on),
        heading="Say what is in the way",
        label="What is in the way?",
        noun="what is in the way",
        verb="Mark as blocked",
        said="The action is blocked. Whoever leads the case finds it in Your work.",
        consequence="Whoever leads the case, and the hub’s co-ordinator, will see that it is blocked and why. You "
        "are not reminded of it until the way is clear.",
    )


@require_http_methods(BOTH)
def unblock(request: HttpRequest, action_id: str) -> HttpResponse:
    """Say that the way is clear."""
    return _in_words(
        request,
        action_id,
        check=object_rules.check_can_do,
        act=lambda actor, words: doing.unblock(action_id=action_id, reason=words, by=actor, on=actor.on),
        heading="The way is clear",
        label="How was it cleared?",
        noun="how it was cleared",
        verb="Open again",
        said="The action is open again.",
    )


@require_http_methods(BOTH)
def drop(request: HttpRequest, action_id: str) -> HttpResponse:
    """Drop what is no longer needed."""
    return _in_words(
        request,
        action_id,
        check=object_rules.check_can_change,
        act=lambda actor, words: doing.drop(action_id=action_id, reason=words, by=actor, on=actor.on),
        heading="Drop the action",
        label="Why is it no longer needed?",
        noun="why it is no longer needed",
        verb="Drop action",
        said="The action is dropped. It can be opened again with a reason.",
        consequence="It counts as not done. Whoever had it is no longer reminded.",
    )


@require_http_methods(BOTH)
def reopen(request: HttpRequest, action_id: str) -> HttpResponse:
    """Open it again, with a reason and a new day."""
    actor = actor_of(request)
    found = object_rules.get_action(actor, action_id)
    object_rules.check_can_change(actor, found)
    operations.check_open(found.case)
    if found.is_open:
        raise Refusal("action_open", "This action is open already.")
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            doing.reopen(action_id=action_id, **form.cleaned_data, by=actor, on=actor.on)
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, "The action is open again.")
            return redirect("action", action_id)
    return page(
        request,
        "casework/actions/words.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        action=found,
        matter=found.case.matter,
        heading="Open the action again",
        consequence="",
        verb="Open again",
        back_url=reverse("action", args=[action_id]),
    )
