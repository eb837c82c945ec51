"""The log's pages for information governance. Every reading of it becomes an entry of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation import clock
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.partnership.access import log as access
from saferhub.partnership.forms.log import LogFilterForm
from saferhub.partnership.queries import log as queries
from saferhub.partnership.queries.members import agencies_on_offer

SECTION = "log"


def _form(request: HttpRequest, actor: Actor) -> LogFilterForm:
    return LogFilterForm(
        request.GET,
        people=queries.people_of_the_log(actor),
        agencies=agencies_on_offer(actor),
        events=queries.events_on_offer(),
    )


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """A page of entries. It is recorded after it was read, so it shows at the next load."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_read_log(actor)
    form = _form(request, actor)
    shown: queries.LogPage | None = None
    number, more = 0, False
    if form.is_valid():
        filters = _filters(request, form)
        before, after = _place(request.GET.get("page", ""))
        shown = queries.log_page(actor, filters, before=before, after=after)
        number, more = queries.counted(queries.entries(actor, filters))
        record_sight(
            "audit.log_read",
            ("log", actor.partnership_code),
            by=actor,
            filters=sorted(filters),
            rows=len(shown.rows),
        )
    return page(
        request,
        "partnership/log/list.html",
        section=SECTION,
        filter_form=form,
        shown=shown,
        number=number,
        more=more,
        sealing=queries.sealing(actor),
        newest_url=reverse("log") + _address(request),
        newer_url=_address(request, f"after-{shown.newer}") if shown and shown.newer else "",
        older_url=_address(request, f"before-{shown.older}") if shown and shown.older else "",
        export_url=reverse("log-csv") + _address(request),
        most_exported=queries.MOST_EXPORTED,
        **_switches(request),
    )


@require_safe
def log_entry(request: HttpRequest, number: int) -> HttpResponse:
    """All that is held of one entry."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_read_log(actor)
    entry = access.get_entry(actor, number)
    row = queries.in_words([entry], actor)[0]
    record_sight("audit.log_read", ("audit.entry", str(entry.pk)), by=actor)
    seal = queries.seal_over(entry)
    return page(
        request,
        "partnership/log/entry.html",
        section=SECTION,
        row=row,
        entry=entry,
        codes=[
            (name.replace("_", " "), queries.code_words(value)) for name, value in sorted(entry.codes.items())
        ],
        row_hash=queries.spaced(entry.row_hash),
        seal=seal,
        seal_hash=queries.spaced(seal.seal_hash) if seal else "",
        others=seal.entries - 1 if seal else 0,
    )


@require_safe
def log_csv(request: HttpRequest) -> HttpResponse:
    """The newest matching entries as a file. The export itself is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_read_log(actor)
    form = _form(request, actor)
    if not form.is_valid():
        return page(
            request,
            "partnership/log/list.html",
            status=400,
            section=SECTION,
            filter_form=form,
            sealing=queries.sealing(actor),
            most_exported=queries.MOST_EXPORTED,
            **_switches(request),
        )
    filters = _filters(request, form)
    lines = list(queries.log_lines(queries.entries(actor, filters), actor))
    record_sight(
        "audit.log_exported",
        ("log", actor.partnership_code),
        by=actor,
        filters=sorted(filters),
        rows=min(len(lines) - 1, queries.MOST_EXPORTED),
    )
    return csv_answer(f"log-{actor.on.isoformat()}.csv", lines)


def _place(text: str) -> tuple[int | None, int | None]:
    """`before-812` and `after-812` as numbers of entries; anything else is the newest page."""
    side, _, digits = text.partition("-")
    # Longer than any number of an entry can be: the database would refuse it.
    if side not in {"before", "after"} or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        return None, None
    return (int(digits), None) if side == "before" else (None, int(digits))


def _filters(request: HttpRequest, form: LogFilterForm) -> dict[str, Any]:
    """What the form says, and the switch beside it."""
    hide = {"hide": queries.HIDE_READINGS} if _hides_readings(request) else {}
    return form.filters() | hide


def _hides_readings(request: HttpRequest) -> bool:
    return request.GET.get("hide") == queries.HIDE_READINGS


def _switches(request: HttpRequest) -> dict[str, Any]:
    """Links to spans of days and to the log with or without readings of it, the other filters kept."""
    hides = _hides_readings(request)
    return {
        "day_links": [
            {
                "words": words,
                "url": reverse("log") + _with(request, {"from": _day(first), "to": _day(last)}),
                "is_chosen": (request.GET.get("from"), request.GET.get("to")) == (_day(first), _day(last)),
            }
            for words, first, last in queries.days_on_offer()
        ],
        "hides_readings": hides,
        "readings_url": reverse("log") + _with(request, {"hide": "" if hides else queries.HIDE_READINGS}),
        "is_demonstration": clock.is_demonstration(),
    }


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _with(request: HttpRequest, changes: dict[str, str]) -> str:
    """The filters as a query string with these changed; an empty one is taken out."""
    values = request.GET.copy()
    for name in ("page", *changes):
        values.pop(name, None)
    for name, value in changes.items():
        if value:
            values[name] = value
    return f"?{values.urlencode()}" if values else ""


def _address(request: HttpRequest, place: str = "") -> str:
    """The filters as a query string, with the page where one is given."""
    return _with(request, {"page": place})
