"""Pages of the clocks: which there are, what each rests on, and a calculator that shows its count."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import check_can_see_calendar
from saferhub.partnership.forms.duties import CalculatorForm
from saferhub.partnership.queries import duties as queries
from saferhub.partnership.rules.clocks import Due, due, warns_on

SECTION = "partnership"


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """Every clock in force today."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_see_calendar(actor)
    found = queries.clocks(actor.partnership, actor.on)
    return page(
        request,
        "partnership/clocks/list.html",
        section=SECTION,
        clocks=found,
        to_check=sum(one.found.verify for one in found),
        today=actor.on,
    )


@require_safe
def clock(request: HttpRequest, code: str) -> HttpResponse:
    """One clock, its versions, and its calculator."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_see_calendar(actor)
    versions = queries.clock_history(actor.partnership, code)
    if not versions:
        raise Http404
    # The version in force today; for one that ended or has yet to begin, the newest.
    current = next((v for v in versions if v.found.item.in_force_on(actor.on)), versions[-1])
    form = CalculatorForm(request.GET if request.GET else None, clock=current.clock)
    answer: Due | None = None
    warnings: tuple[object, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            holidays = queries.bank_holidays()
            answer = due(current.clock, form.started(), bank_holidays=holidays, pauses=form.pauses())
            warnings = warns_on(current.clock, answer, bank_holidays=holidays)
        except Refusal as refusal:
            form.refuse("start", refusal.sentence)
    return page(
        request,
        "partnership/clocks/clock.html",
        section=SECTION,
        clock=current,
        versions=versions if len(versions) > 1 else [],
        sources=[{"text": str(one), "url": one.url or ""} for one in current.found.source],
        work_days=queries.WORK_DAYS,
        # The earliest: a clock's warnings show from then on.
        warn_before=max(current.clock.warn_before, default=0),
        form=form,
        answer=answer,
        warnings=warnings,
        today=actor.on,
    )
