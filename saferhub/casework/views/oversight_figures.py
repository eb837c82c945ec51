"""Pages of figures: one hub, and the hubs side by side for whoever sees several."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from saferhub.casework.forms.oversight_figures import PeriodForm
from saferhub.casework.queries import oversight_figures as queries
from saferhub.casework.queries.oversight_tabs import beside_cases, hubs_seen
from saferhub.casework.rules import oversight_figures as rules
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Condition, NotAllowed
from saferhub.partnership.access import Actor
from saferhub.partnership.access.organisations import get_hub
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.access.sight import sight_of

MARKING = "OFFICIAL-SENSITIVE"


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _refused() -> NotAllowed:
    return NotAllowed(
        "needs_hub",
        "Figures of a hub are for those who work in it.",
        conditions=[
            Condition("You work in the hub, as its co-ordinator, chair or minute-taker, or for all hubs")
        ],
    )


@require_safe
def hub_figures(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is counted of one hub, each figure with what it counts and the way to its rows."""
    actor = actor_of(request)
    hub = get_hub(actor, code)
    if hub.pk not in sight_of(actor).hubs:
        raise _refused()
    form, chosen = _period(request, actor)
    found = queries.figures(actor, hub, chosen)
    hubs = hubs_seen(actor)
    return page(
        request,
        "casework/oversight/hub_figures.html",
        section="cases",
        marking=MARKING,
        hub=hub,
        span=_span(chosen),
        figures=found,
        labels=[_month(flow.month.first, chosen) for flow in found.flows],
        stock=[flow.stock for flow in found.flows],
        opened=[flow.opened for flow in found.flows],
        shut=[flow.closed for flow in found.flows],
        stock_words=_stock_words(found),
        flow_words=f"{found.adopted:,} adopted and {found.closed:,} closed, {found.reopened:,} opened again.",
        most_mix=max((one.number for one in found.mix), default=0),
        filter_form=form,
        tabs=beside_cases(actor, "figures"),
        others=hubs if len(hubs) > 1 else [],
    )


@require_safe
def hubs_figures(request: HttpRequest) -> HttpResponse:
    """The hubs that the reader sees, side by side; the one hub's page where she sees one."""
    actor = actor_of(request)
    hubs = hubs_seen(actor)
    if not hubs:
        raise _refused()
    if len(hubs) == 1:
        return redirect("hub-figures", hubs[0].code)
    form, chosen = _period(request, actor)
    return page(
        request,
        "casework/oversight/hubs_figures.html",
        section="cases",
        marking=MARKING,
        span=_span(chosen),
        lines=queries.side_by_side(actor, hubs, chosen),
        filter_form=form,
        query=f"?{request.GET.urlencode()}" if request.GET else "",
        tabs=beside_cases(actor, "figures"),
    )


def _period(request: HttpRequest, actor: Actor) -> tuple[PeriodForm, rules.Period]:
    form = PeriodForm(request.GET, on=actor.on)
    return form, form.period(actor.on)


def _span(period: rules.Period) -> str:
    return f"{date_in_words(period.first)} to {date_in_words(period.last)}"


def _stock_words(found: queries.HubFigures) -> str:
    """What the line shows, in a sentence."""
    first, last = found.flows[0].stock, found.flows[-1].stock
    if len(found.flows) == 1:
        return f"{last:,} open at the end."
    return f"From {first:,} at the end of the first month to {last:,} at the end of the last."


def _month(first: date, period: rules.Period) -> str:
    """ "Sep", and with its year where the year begins."""
    return f"{first:%b %y}" if first.month == 1 or first == period.first else f"{first:%b}"
