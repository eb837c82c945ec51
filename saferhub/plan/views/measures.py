"""Pages of one measure: what it tells, where a figure came from, entering one, what its owner says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of
from saferhub.plan import access
from saferhub.plan.forms.measures import (
    FIELD_OF_FIGURE,
    FIELD_OF_WORDS,
    BreakdownForm,
    CommentForm,
    FigureForm,
)
from saferhub.plan.methods.xmr import Chart
from saferhub.plan.methods.xmr_words import phase_words
from saferhub.plan.models import Measure, Observation
from saferhub.plan.operations.commentary import newest_commentary, say_commentary
from saferhub.plan.operations.figures import enter_figure
from saferhub.plan.queries import breakdown as breakdowns
from saferhub.plan.queries import counted, measure_page, scorecard
from saferhub.plan.queries.measures import Told
from saferhub.plan.rules.periods import Period, containing
from saferhub.plan.rules.updates import quarter_before, quarter_words
from saferhub.plan.rules.withholding import MARK, WORDS
from saferhub.sharing.registries import check_export

from .frame import BOTH, around, make, reader_of, sent

_FIRST_SHOWN = 12
_RELATED = ("area__strategy", "objective", "owner", "owner_agency")


def told_or_404(actor: Actor, public_id: str) -> Told:
    """The measure as it tells on the actor's day. Raises Http404 also for one that means nothing yet."""
    try:
        return scorecard.one_told(access.get(actor, Measure, public_id, *_RELATED), actor.on)
    except ValueError as nothing:
        raise Http404 from nothing


@require_safe
def measure(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a measure tells: the figure, whether it really moved, its colour; what it is and where it comes from."""
    actor = reader_of(request)
    told = told_or_404(actor, public_id)
    splits = counted.splits_of(told.measure)
    split = request.GET.get("by", "")
    rows = measure_page.rows_of(told)
    newest = told.newest
    said = measure_page.said_of(actor, told.measure)
    return page(
        request,
        "plan/measures/measure.html",
        **around("measures"),
        told=told,
        measure=told.measure,
        meant=told.version,
        newest=newest,
        area=told.measure.area,
        toggles=_toggles(splits, split),
        rows=rows[:_FIRST_SHOWN],
        earlier=rows[_FIRST_SHOWN:],
        has_limits=any(one.mean for one in rows),
        has_of=any(one.of for one in rows),
        is_split=split in splits,
        parts=_parts(request, told, split) if split in splits else None,
        phases=phase_words(_named(actor, told)),
        limits_words=measure_page.limits_words(told.chart),
        withheld_words=WORDS if any(one.is_withheld for one in told.points) else "",
        said=said,
        has_said=any(one.quarter == quarter_before(told.as_of) for one in said),
        asked=measure_page.asked_of(told.measure),
        comment_quarter=_quarter_to_comment(told),
        versions=measure_page.versions_of(actor, told),
        steps=measure_page.steps_of(actor, told.measure),
        missing=measure_page.missing_periods(told) if access.can_keep_measures(actor) else [],
        counted=measure_page.counted_words(told.version),
        rows_url=measure_page.rows_url(actor, newest.observation) if newest and newest.observation else "",
        can_keep=access.can_keep_measures(actor),
        owns=access.owns(actor, told.measure),
    )


def _named(actor: Actor, told: Told) -> Chart:
    """The chart with names in place of accounts."""
    bases = [one.baseline for one in told.chart.phases if one.baseline is not None]
    names = names_of((one.decided_by for one in bases), actor)
    phases = tuple(
        one
        if one.baseline is None
        else replace(
            one,
            baseline=replace(one.baseline, decided_by=names.get(one.baseline.decided_by, "the partnership")),
        )
        for one in told.chart.phases
    )
    return replace(told.chart, phases=phases)


def _toggles(splits: list[str], split: str) -> list[dict[str, object]]:
    if not splits:
        return []
    found: list[dict[str, object]] = [{"label": "All together", "url": "?", "current": split not in splits}]
    return found + [
        {
            "label": f"By {breakdowns.SPLIT_WORDS.get(one, one)}",
            "url": f"?by={one}#parts",
            "current": one == split,
        }
        for one in splits
    ]


def _parts(request: HttpRequest, told: Told, split: str) -> dict[str, object]:
    offered = measure_page.periods_of(told)
    form = BreakdownForm(request.GET, periods=[(one.first.isoformat(), one.words) for one in offered])
    form.is_valid()
    chosen = form.cleaned_data.get("period") or ""
    period = next(
        (one for one in offered if one.first.isoformat() == chosen), offered[0] if offered else told.due
    )
    found = breakdowns.breakdown(told.measure, split, period)
    most = max((one.number for one in found.lines if one.number is not None), default=None) if found else None
    return {"form": form, "found": found, "most": most, "words": period.words, "withheld_words": WORDS}


def _quarter_to_comment(told: Told) -> str:
    """The quarter that a comment is on: the newest that was over."""
    return quarter_before(told.as_of).isoformat()


@require_safe
def measure_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures of a measure as comma-separated values."""
    actor = reader_of(request)
    told = told_or_404(actor, public_id)
    lines = measure_page.file_lines(told)
    more = check_export(lines)
    record_sight("plan.measure_exported", told.measure, by=actor, rows=len(lines) - 1, **more)
    return csv_answer(f"{told.measure.code}-{actor.on.isoformat()}.csv", lines)


@require_safe
def figure(request: HttpRequest, public_id: str, figure_id: str) -> HttpResponse:
    """Where a figure came from: its version, its rows for those who may see them, and what it replaced."""
    actor = reader_of(request)
    told = told_or_404(actor, public_id)
    row = access.get(actor, Observation, figure_id, "version", "measure")
    if row.measure_id != told.measure.pk:
        raise Http404
    history = measure_page.history_of(actor, row)
    shown = next(one for one in history if one.observation.pk == row.pk)
    if row.split and not _is_open_part(told, row):
        shown = replace(shown, words=MARK, of="", is_withheld=True)
    if row.split:
        # What a part was before may tell what it is now, where that is withheld.
        history = [shown]
    return page(
        request,
        "plan/measures/figure.html",
        **around("measures"),
        told=told,
        measure=told.measure,
        row=row,
        shown=shown,
        history=history,
        period=Period(row.first_day, row.last_day),
        has_changed=counted.has_changed_since(row),
        counted=measure_page.counted_words(row.version),
        rows_url=measure_page.rows_url(actor, row),
        list_url=counted.observation_rows_url(row),
        withheld_words=WORDS if shown.is_withheld else "",
        can_keep=access.can_keep_measures(actor) and not row.split and not told.version.counted_by,
    )


def _is_open_part(told: Told, row: Observation) -> bool:
    """Whether a part stands open where its time is broken down now."""
    found = breakdowns.breakdown(told.measure, row.split, Period(row.first_day, row.last_day))
    lines = found.lines if found else ()
    return any(
        one.observation is not None and one.observation.pk == row.pk and not one.is_withheld for one in lines
    )


def _seen_anew(form: Any, seen: str, operation: Any) -> Any:
    """The operation; where something else stands meanwhile, the form goes on from that with all that was typed."""

    def run(given: dict[str, Any]) -> Any:
        try:
            return operation(given)
        except Conflict:
            form.data = form.data.copy()
            form.data["seen"] = seen
            raise

    return run


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as wrong:
        raise Http404 from wrong


@require_http_methods(BOTH)
def enter(request: HttpRequest, public_id: str, first: str) -> HttpResponse:
    """Enter the figure of one time, or put another in its place."""
    actor = reader_of(request)
    told = told_or_404(actor, public_id)
    access.check_can_keep_measures(actor)
    day = _day(first)
    version = counted.version_on(told.measure.versions.all(), day)
    period = containing(version.every, day)
    if period.first != day:
        raise Http404
    standing = told.measure.observations.filter(
        is_newest=True, split="", part="", first_day=period.first, last_day=period.last
    ).first()
    back = reverse("measure", args=[public_id])
    form = FigureForm(
        sent(request),
        unit=version.unit,
        formula=version.formula,
        replaces=standing is not None,
        initial={
            "seen": standing.public_id if standing else "",
            **({"numerator": standing.numerator, "denominator": standing.denominator, "value": standing.value,
                "missing_why": standing.missing_why, "evidence": standing.evidence} if standing else {}),
        },
    )  # fmt: skip

    def done(row: Observation) -> HttpResponse:
        messages.success(request, f"The figure for {period.words} is kept.")
        return redirect("measure", public_id)

    return make(
        request,
        "plan/measures/enter.html",
        form,
        operation=_seen_anew(
            form,
            standing.public_id if standing else "",
            lambda given: enter_figure(
                measure_id=public_id, first_day=day, by=actor, on=actor.on, **form.given()
            ),
        ),
        done=done,
        field_of=FIELD_OF_FIGURE,
        heading=f"{'Put another figure for' if standing else 'Enter the figure for'} {period.words}",
        caption=version.name,
        meant=version,
        standing=standing,
        verb="Keep the figure",
        back_url=back,
        back_text=version.name,
    )


@require_http_methods(BOTH)
def comment(request: HttpRequest, public_id: str, quarter: str) -> HttpResponse:
    """Say what a figure of a quarter shows."""
    actor = reader_of(request)
    told = told_or_404(actor, public_id)
    access.check_owns(actor, told.measure)
    first = _day(quarter)
    standing = newest_commentary(told.measure, first)
    has_words = standing is not None and standing.on is not None
    initial = (
        {"words": standing.words, "seen": standing.public_id} if standing is not None and has_words else {}
    )
    form = CommentForm(sent(request), initial=initial)
    back = reverse("measure", args=[public_id])

    def done(row: object) -> HttpResponse:
        messages.success(request, "Your words stand beside the figure.")
        return redirect("measure", public_id)

    point = next((one for one in told.points if one.period.first <= first <= one.period.last), None)
    return make(
        request,
        "plan/measures/comment.html",
        form,
        operation=_seen_anew(
            form,
            standing.public_id if standing is not None and has_words else "",
            lambda given: say_commentary(
                measure_id=public_id,
                quarter=first,
                words=given["words"],
                seen=given["seen"],
                by=actor,
                on=actor.on,
            ),
        ),
        done=done,
        field_of=FIELD_OF_WORDS,
        heading=f"What does {quarter_words(containing('quarter', first).first)} show?",
        caption=told.version.name,
        told=told,
        point=point,
        quoted=standing.words if standing is not None and has_words else "",
        verb="Keep these words",
        back_url=back,
        back_text=told.version.name,
    )
