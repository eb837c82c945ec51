"""Pages of the statutory calendar: load by access, bind the form, call the operation, answer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation import clock
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import (
    available_operations,
    can_keep_calendar,
    check_can_correct_start,
    check_can_keep_calendar,
    check_can_move,
    check_can_pause,
    check_can_resume,
    check_can_see_calendar,
    check_can_undo,
    get_occurrence,
)
from saferhub.partnership.forms.duties import (
    CorrectStartForm,
    DoneForm,
    FilterForm,
    PauseForm,
    ReasonForm,
    ResumeForm,
    StartForm,
)
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.partnership.operations import duties as operations
from saferhub.partnership.queries import duties as queries
from saferhub.partnership.queries import duty_list
from saferhub.partnership.queries.duties_csv import calendar_lines
from saferhub.partnership.rules.dates_in_words import date_in_words

PER_PAGE = 30
SECTION = "partnership"


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The list, grouped by urgency unless the reader sorts it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_see_calendar(actor)
    form = FilterForm(request.GET, choices=duty_list.filter_choices(actor))
    filters = form.filters(request.GET.get("sort", ""))
    found = duty_list.lines(actor, filters, actor.on)
    shown = Paginator(found, 1000 if request.GET.get("all") else PER_PAGE).get_page(request.GET.get("page"))
    lines = list(shown.object_list)
    counts = duty_list.counts(actor, filters, actor.on)
    return page(
        request,
        "partnership/calendar/list.html",
        section=SECTION,
        form=form,
        filters=filters,
        page=shown,
        lines=lines,
        groups=[] if filters.sort in duty_list.SORTS else _groups(lines, found, counts),
        counts=_count_bar(request, counts),
        total=sum(counts.values()),
        can_keep=can_keep_calendar(actor),
        address=_address(request),
        address_all=_address(request, all="1"),
        today=actor.on,
    )


def _groups(
    here: list[duty_list.Line], found: list[duty_list.Line], counts: dict[str, int]
) -> list[dict[str, Any]]:
    """The page's lines by status, each group with how many duties it holds.

    Where half of a quarter's data is late, what came of it stands with what is late; the note says so.
    """
    groups = []
    for band, members in groupby(here, key=lambda line: line.band):
        name, words = duty_list.STATUS_CHOICES[band]
        lines = list(members)
        whole = [line for line in found if line.band == band]
        inside = sum(line.counted for line in whole)
        note = str(inside) if inside == len(whole) else f"{inside} duties in {len(whole)} rows"
        if len(lines) != len(whole):
            note += f", {len(lines)} of the rows on this page"
        if counts[name] > inside:
            note += f", and {counts[name] - inside} in rows above"
        groups.append({"name": name, "words": words, "lines": lines, "note": note, "is_late": name == "late"})
    return groups


def _count_bar(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {"late": "late", "soon": f"due in {duty_list.SOON_DAYS} days"}
    if counts["held"]:
        labels["held"] = "held"
    labels |= {"later": "later", "done": "done"}
    return [
        {
            "number": counts[name],
            "label": words,
            "url": f"{reverse('calendar')}{_address(request, status=name)}",
            "late": name == "late" and counts[name] > 0,
        }
        for name, words in labels.items()
    ]


def _address(request: HttpRequest, **changes: str) -> str:
    values = request.GET.copy()
    values.pop("page", None)
    for name, value in changes.items():
        values[name] = value
    return f"?{values.urlencode()}" if values else ""


@require_safe
def calendar_csv(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_see_calendar(actor)
    form = FilterForm(request.GET, choices=duty_list.filter_choices(actor))
    rows = list(duty_list.calendar(actor, form.filters(request.GET.get("sort", "")), actor.on))
    record_sight("duty.exported", actor.partnership, by=actor, rows=len(rows))
    # Written whole, not streamed: a stream would read rows after this request's transaction.
    content = "".join(calendar_lines(rows, actor.on))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"statutory-calendar-{actor.on.isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def item(request: HttpRequest, public_id: str) -> HttpResponse:
    """One occurrence: what the law asks, whose, by when and why, the evidence, its history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_occurrence(actor, public_id)
    rule = queries.rule_of(found)
    before, after = queries.before_and_after(actor, found)
    now = clock.now()
    return page(
        request,
        "partnership/calendar/item.html",
        section=SECTION,
        occurrence=found,
        rule=rule,
        sources=_sources(rule.item),
        state=queries.clock_state(found, now, queries.bank_holidays()) if rule.clock_version else None,
        history=queries.history(found, actor),
        before=before,
        after=after,
        work_days=queries.WORK_DAYS,
        can=available_operations(actor, found),
        is_late=found.is_late_on(actor.on),
        today=actor.on,
    )


def _sources(item: Any) -> list[dict[str, str]]:
    return [{"text": str(citation), "url": citation.url or ""} for citation in item.source]


@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that it was done."""
    return _change(
        request,
        public_id,
        lambda actor, found: check_can_move(actor, found, DutyStatus.DONE),
        DoneForm,
        operations.record_done,
        "done",
        "Recorded as done.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def not_needed(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that it is not needed this time."""
    return _change(
        request,
        public_id,
        lambda actor, found: check_can_move(actor, found, DutyStatus.NOT_NEEDED),
        ReasonForm,
        operations.record_not_needed,
        "not_needed",
        "Recorded as not needed.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what was recorded, with a reason."""
    return _change(
        request,
        public_id,
        check_can_undo,
        ReasonForm,
        operations.undo,
        "undo",
        "Taken back. It is due again.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hold the clock."""
    return _change(
        request, public_id, check_can_pause, PauseForm, operations.pause, "pause", "The clock is held."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the clock run again."""
    return _change(
        request, public_id, check_can_resume, ResumeForm, operations.resume, "resume", "The clock runs again."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct_start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct when the clock started."""
    return _change(
        request,
        public_id,
        check_can_correct_start,
        CorrectStartForm,
        operations.correct_start,
        "correct_start",
        "The start is corrected, and the date worked out afresh.",
    )


def _change(
    request: HttpRequest,
    public_id: str,
    check: Callable[[Any, DutyOccurrence], None],
    form_class: type[Any],
    operation: Callable[..., DutyOccurrence],
    template: str,
    said: str,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_occurrence(actor, public_id)
    check_can_keep_calendar(actor)
    form = form_class(request.POST or None, occurrence=found)
    conflict: Refusal | None = None
    is_sent = request.method == "POST"
    if not is_sent:
        check(actor, found)
    elif form.is_valid():
        try:
            operation(occurrence_id=public_id, by=actor, on=actor.on, **form.cleaned_data)
        except Conflict as refusal:
            # Both are shown: how it stands now, and what this person entered. Sending it again is
            # then a decision made in sight of the other's.
            conflict = refusal
            found = get_occurrence(actor, public_id)
            form = form_class({**request.POST.dict(), "edition": str(found.edition)}, occurrence=found)
        except Refusal as refusal:
            if refusal.code not in form_class.FIELD_OF:
                raise
            form.refuse(form_class.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("calendar-item", public_id)
    return page(
        request,
        f"partnership/calendar/{template}.html",
        status=409 if conflict else 200,
        section=SECTION,
        occurrence=found,
        rule=queries.rule_of(found),
        form=form,
        conflict=conflict,
        fits=conflict is None or allows(check, actor, found),
        history=queries.history(found, actor)[:1] if conflict else [],
        back_url=reverse("calendar-item", args=[public_id]),
        today=actor.on,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start the clock of a duty that an event gives rise to."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_keep_calendar(actor)
    rules = queries.events_to_start(actor.partnership, actor.on) if actor.partnership else []
    form = StartForm(
        request.POST or None,
        duties=[(rule.duty.id, rule.duty.title) for rule in rules],
        holders=_event_holders(actor, rules),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.start_response_clock(
                duty=form.cleaned_data["duty"],
                holder=form.cleaned_data.get("holder", ""),
                started=form.started(),
                because=form.cleaned_data["because"],
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            if StartForm.FIELD_OF.get(refusal.code) not in form.fields:
                raise
            form.refuse(StartForm.FIELD_OF[refusal.code], refusal.sentence)
        else:
            due = date_in_words(made.due_on) if made.due_on else ""
            messages.success(request, f"The clock is running. Due on {due}.")
            return redirect("calendar-item", made.public_id)
    return page(
        request,
        "partnership/calendar/start.html",
        section=SECTION,
        form=form,
        rules=rules,
        back_url=reverse("calendar"),
        today=actor.on,
    )


def _event_holders(actor: Actor, rules: list[queries.DutyRule]) -> list[tuple[str, str]]:
    """The agencies that may be named: of the kinds that the duties fall on, or any where one need not fall."""
    if actor.partnership is None or not rules:
        return []
    by_kind = queries.holders_by_kind(actor.partnership)
    kinds = set(by_kind)
    if all(rule.duty.falls_on_agencies for rule in rules):
        kinds = {kind for rule in rules for kind in rule.item.holder_kinds}
    return sorted(
        {
            (agency.code, agency.name)
            for kind in kinds
            for agency, dates in by_kind.get(kind, [])
            if dates.is_there_on(actor.on)
        },
        key=lambda pair: pair[1],
    )
