"""What all pages about the partnership share: who may read them, and the day they are about.

The day is `on` in the address, as YYYY-MM-DD. Other ways to write it, and filters left empty, answer
with a redirection to that one address, so that a page can be kept and sent on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.partnership.access.organisations import check_can_see_partnership
from saferhub.partnership.forms.in_force import AsOnForm
from saferhub.partnership.models import Partnership


@dataclass
class Reading:
    """One reading of a page: by whom, in which partnership, for which day."""

    request: HttpRequest
    actor: Actor
    partnership: Partnership
    form: AsOnForm
    day: date

    @property
    def is_today(self) -> bool:
        return self.day == self.actor.on

    @property
    def day_query(self) -> str:
        """What keeps the day in a link; nothing today."""
        return "" if self.is_today else f"?on={self.day.isoformat()}"

    def answer(self, template: str, /, **context: Any) -> HttpResponse:
        """The page, with what every page about the partnership needs."""
        return page(
            self.request,
            template,
            section="partnership",
            form=self.form,
            day=self.day,
            day_is_today=self.is_today,
            day_query=self.day_query,
            business_day=self.actor.on,
            partnership=self.partnership,
            **context,
        )


def without_partnership(request: HttpRequest) -> HttpResponse:
    """The answer to somebody who is signed in and belongs to no partnership (yet, or any more)."""
    return page(request, "partnership/no_partnership.html", status=403, section="partnership")


View = Callable[Concatenate[Reading, ...], HttpResponse]


def partnership_page(form_class: type[AsOnForm] = AsOnForm) -> Callable[[View], Callable[..., HttpResponse]]:
    """A page about the actor's own partnership, for whoever works in one.

    Raises NotAllowed for an actor whose roles do not let her see it.
    """

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.partnership is None:
                return without_partnership(request)
            check_can_see_partnership(actor)
            form = form_class(request.GET, today=actor.on)
            address = _address_for(request, form, actor.on)
            if address is not None:
                return redirect(address)
            return view(Reading(request, actor, actor.partnership, form, form.day), **kwargs)

        return answer

    return wrap


def _address_for(request: HttpRequest, form: AsOnForm, today: date) -> str | None:
    """The one address of what was asked for, or None where this is it, or the day cannot be read."""
    if form.has_unreadable_day:
        return None
    kept = request.GET.copy()
    for name in [name for name, values in kept.lists() if not any(values)]:
        del kept[name]
    kept.pop("on", None)
    if form.day != today:
        kept["on"] = form.day.isoformat()
    if sorted(kept.lists()) == sorted(request.GET.lists()):
        return None
    return f"{request.path}?{kept.urlencode()}" if kept else request.path
