"""The scorecard: every measure with its newest figure, and the same as files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.foundation.templatetags.words import count_words
from saferhub.foundation.xlsx_files import xlsx_answer
from saferhub.plan import access
from saferhub.plan.forms.measures import ScorecardForm
from saferhub.plan.methods.xmr import Settings
from saferhub.plan.operations.counting import ask_to_count
from saferhub.plan.operations.measures_pack import can_take, take_measures_from_pack
from saferhub.plan.queries import scorecard as queries
from saferhub.plan.queries.measure_page import areas_on_offer
from saferhub.plan.rules.withholding import WORDS
from saferhub.sharing.registries import check_export

from .frame import around, reader_of


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """The measures by area of the plan."""
    actor = reader_of(request)
    form = ScorecardForm(request.GET, areas=areas_on_offer(actor))
    narrowed = form.narrowed()
    keeps = access.can_keep_measures(actor)
    return page(
        request,
        "plan/scorecard/scorecard.html",
        **around("measures"),
        filter_form=form,
        is_filtered=any(narrowed.values()),
        card=queries.scorecard(actor, **narrowed),
        can_keep=keeps,
        waiting=can_take(actor.partnership, actor.on) if keeps and actor.partnership else 0,
        withheld_words=WORDS,
        query=f"?{request.GET.urlencode()}" if request.GET else "",
    )


@require_safe
def measures_csv(request: HttpRequest) -> HttpResponse:
    """The scorecard as comma-separated values, narrowed as the page is."""
    return _file(request, "csv")


@require_safe
def measures_xlsx(request: HttpRequest) -> HttpResponse:
    """The scorecard as a spreadsheet, narrowed as the page is."""
    return _file(request, "xlsx")


def _file(request: HttpRequest, ending: str) -> HttpResponse:
    actor = reader_of(request)
    form = ScorecardForm(request.GET, areas=areas_on_offer(actor))
    lines = queries.file_lines(queries.scorecard(actor, **form.narrowed()))
    more = check_export(lines)
    record_sight(
        "plan.scorecard_exported", actor.partnership, by=actor, rows=len(lines) - 1, format=ending, **more
    )
    name = f"measures-{actor.on.isoformat()}.{ending}"
    return csv_answer(name, lines) if ending == "csv" else xlsx_answer(name, "Measures", lines)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How a real change is told from chance, for whoever reads a chart."""
    reader_of(request)
    settings = Settings()
    return page(
        request,
        "plan/scorecard/method.html",
        **around("measures"),
        minimum=settings.minimum_points,
        run=settings.run_length,
    )


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take on the measures of the pack that the partnership has never had."""
    actor = reader_of(request)
    access.check_can_keep_measures(actor)
    assert actor.partnership is not None
    taken = take_measures_from_pack(partnership=actor.partnership, by=actor, on=actor.on)
    messages.success(request, f"{count_words(len(taken), 'measure')} taken on from the pack.")
    return redirect("measures")


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Ask for the measures to be counted now."""
    actor = reader_of(request)
    ask_to_count(by=actor)
    messages.success(request, "The measures are being counted. Look again in a minute or two.")
    return redirect("measures")
