"""My actions, one after the other, and the calendar feed of their days."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from saferhub.casework.access import actions as object_rules
from saferhub.casework.forms.actions import DoneForm, NotYetForm
from saferhub.casework.operations import actions_doing as doing
from saferhub.casework.operations import actions_feed as feeds
from saferhub.casework.queries import actions as queries
from saferhub.casework.queries.actions_calendar import calendar_of
from saferhub.casework.rules.actions import days_to_offer
from saferhub.foundation import clock
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.transactions import own_transactions
from saferhub.partnership.access import Actor, Permission, actor_for
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.queries.known_days import if_known
from saferhub.sharing.entering import entered

from .actions import BOTH, MARKING, actor_of, seen

_PLACES = {
    "evidence_missing": "evidence",
    "reason_missing": "reason",
    "due_in_the_past": "due_on",
    "due_too_far": "due_on",
}
# A calendar program asks a few times an hour; who guesses secrets asks more often.
_PER_HOUR = {"feed": 30, "feed_guessed": 60}


@require_http_methods(BOTH)
def mine(request: HttpRequest) -> HttpResponse:
    """One action after the other: done, or not yet and why; then the next."""
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    found = queries.mine(actor, request.GET.get("action", ""))
    if request.method == "POST":
        return _answer(request, actor)
    return _drawn(request, actor, found)


def _forms(actor: Actor, current: queries.Row, data: Any = None, answer: str = "") -> dict[str, Any]:
    due_on = current.action.due_on
    days = if_known(lambda: days_to_offer(due_on, actor.on, bank_holidays())) or []
    return {
        "done_form": DoneForm(data if answer == "done" else None),
        "later_form": NotYetForm(data if answer == "later" else None, days=days, due_on=due_on, on=actor.on),
    }


def _answer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Save the one answer and go to the next; with an error, draw the page with what was typed."""
    once = Once(request)
    if once.answer:
        return once.answer
    action = object_rules.get_action(actor, request.POST.get("action", ""))
    object_rules.check_can_do(actor, action)
    found = queries.mine(actor, action.public_id)
    if found.current is None or found.current.action.pk != action.pk:
        # Answered meanwhile, here or by a colleague: nothing is written over.
        raise Refusal(
            "action_ended",
            "This action is not open in your list any more. Somebody has answered it or taken it over.",
            link=reverse("action-mine"),
            link_text="Go on with your actions",
        )
    answer = request.POST.get("answer", "")
    forms = _forms(actor, found.current, request.POST, answer)
    form = forms["done_form"] if answer == "done" else forms["later_form"]
    if form.is_bound and form.is_valid():
        try:
            if answer == "done":
                doing.done(
                    action_id=action.public_id, evidence=form.cleaned_data["evidence"], by=actor, on=actor.on
                )
                said = "Done. Everybody who sees the case can see it."
            else:
                doing.not_yet(
                    action_id=action.public_id,
                    reason=form.cleaned_data["reason"],
                    due_on=form.chosen(),
                    by=actor,
                    on=actor.on,
                )
                said = "Noted, with the new day."
        except Refusal as refusal:
            field = _PLACES.get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            messages.success(request, said)
            after = f"?action={found.next.action.public_id}" if found.next else "?through=yes"
            return once.done(redirect(f"{reverse('action-mine')}{after}"))
    return _drawn(request, actor, found, forms, form)


def _drawn(
    request: HttpRequest,
    actor: Actor,
    found: queries.Mine,
    forms: dict[str, Any] | None = None,
    form: Any = None,
) -> HttpResponse:
    is_through = form is None and request.GET.get("through") == "yes"
    shown: dict[str, Any] = {}
    if found.current is not None and not is_through:
        action = found.current.action
        seen(actor, "action.seen", action, action.case.matter)
        shown = forms or _forms(actor, found.current)
        once = Once(request)
        shown = {name: once.within(one) for name, one in shown.items()}
    return page(
        request,
        "casework/actions/mine.html",
        section="home",
        marking=MARKING,
        found=found,
        is_through=is_through,
        form=form,
        feed=feeds.feed_of(actor),
        **shown,
    )


@require_http_methods(BOTH)
def feed(request: HttpRequest) -> HttpResponse:
    """Make, renew or stop the calendar feed. Its address is shown once."""
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    address = ""
    if request.method == "POST":
        if request.POST.get("do") == "stop":
            feeds.stop_feed(by=actor)
            messages.success(request, "The calendar feed is stopped. Its address opens nothing any more.")
            return redirect("action-feed")
        secret = feeds.make_feed(by=actor)
        address = settings.SERVICE_URL.rstrip("/") + reverse("action-feed-ics", args=[secret])
    return page(
        request,
        "casework/actions/feed.html",
        section="home",
        marking=MARKING,
        address=address,
        feed=feeds.feed_of(actor),
        back_url=reverse("action-mine"),
    )


@login_not_required
@own_transactions
@require_GET
def feed_ics(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed itself, for a calendar program, which has no session: the secret says whose it is.

    What it holds is what she sees now. A wrong secret, one of a feed that was stopped and one of somebody who has
    left are answered alike.
    """
    reading = feeds.reading_of(secret)
    if reading is None:
        if not _within(request, "feed_guessed"):
            return HttpResponse("Too many requests. Try again later.", status=429, content_type="text/plain")
        raise Http404
    if not _within(request, "feed", reading.user.public_id):
        return HttpResponse("Too many requests. Try again later.", status=429, content_type="text/plain")
    with entered(reading.user):
        actor = actor_for(reading.user)
        body, count = calendar_of(actor)
        if reading.is_first_of_day:
            feeds.record_reading(by=actor, actions=count)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="actions.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _within(request: HttpRequest, limit: str, whose: str = "") -> bool:
    """Whether this request is one of so many that are answered in an hour."""
    source = whose or hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()
    key = f"casework.{limit}:{source}:{clock.real_now():%Y%m%d%H}"
    if cache.add(key, 1, timeout=3600):
        return True
    try:
        return int(cache.incr(key)) <= _PER_HOUR[limit]
    except ValueError:  # it ran out in between
        return True
