"""Pages of figures: one group's meetings, and those of all groups that the reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.forms.oversight_figures import PeriodForm
from saferhub.casework.rules.oversight_figures import Period
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.meetings import access
from saferhub.meetings.models import Came, Group
from saferhub.meetings.queries import measures as queries
from saferhub.meetings.queries import measures_rows as rows
from saferhub.meetings.queries.calendar_lists import groups_of_hers
from saferhub.meetings.queries.measures_pace import Pace, pace
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.registries import check_export

from .meeting_frame import MARKING, SECTION

_PER_PAGE = 25
_NEWEST = 10  # meetings that stand on the page of a group; the others are one link away
_LINES = {"agencies": queries.agency_lines, "meetings": queries.meeting_lines}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def all_groups(request: HttpRequest) -> HttpResponse:
    """Every group that the reader sees, together."""
    actor = actor_of(request)
    return _page(request, actor, _all(actor), None)


@require_safe
def one_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """One group's meetings."""
    actor = actor_of(request)
    group = access.get_group(actor, public_id)
    return _page(request, actor, [group], group)


@require_safe
def all_groups_csv(request: HttpRequest, what: str) -> HttpResponse:
    """The same as a file; what leaves is recorded."""
    actor = actor_of(request)
    return _file(request, actor, _all(actor), what)


@require_safe
def one_group_csv(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """The same as a file; what leaves is recorded."""
    actor = actor_of(request)
    return _file(request, actor, [access.get_group(actor, public_id)], what)


def _all(actor: Actor) -> list[Group]:
    actor.check(Permission.WORK_ON_MATTERS)
    return groups_of_hers(actor)


def _chosen(request: HttpRequest, actor: Actor) -> tuple[PeriodForm, Period]:
    given = {name: request.GET[name] for name in ("length", "until") if name in request.GET}
    form = PeriodForm(given, on=actor.on)
    return form, form.period(actor.on)


def _page(request: HttpRequest, actor: Actor, groups: Sequence[Group], group: Group | None) -> HttpResponse:
    form, period = _chosen(request, actor)
    raw = queries.read(actor, groups, period)
    found = queries.counted(actor, raw, period)
    waits = pace(actor, raw, period)
    agency = request.GET.get("agency", "")
    chosen = next((one for one in found.agencies if one.code == agency), None)
    here = reverse("group-measures", args=[group.public_id]) if group else reverse("meeting-measures")
    kept = {name: request.GET[name] for name in ("length", "until") if name in request.GET}
    return page(
        request,
        "meetings/measures/measures.html",
        section=SECTION,
        marking=MARKING,
        group=group,
        title=f"Figures of {group.name}" if group else "Figures of meetings",
        span=f"{date_in_words(period.first)} to {date_in_words(period.last)}",
        figures=found,
        on_time_words=found.actions.words if found.actions.of else "None due",
        filter_form=form,
        chosen=chosen,
        chosen_rows=[
            {"row": one, "came": Came(one.came).label if one.came else "Not expected"}
            for one in rows.rows_of(raw, agency)
        ]
        if chosen is not None
        else [],
        agencies=[
            {"row": one, "url": f"{here}?{urlencode({**kept, 'agency': one.code})}#rows"}
            for one in found.agencies
        ],
        labels=[_month(first, period) for first, _, _ in found.monthly],
        items=[items for _, items, _ in found.monthly],
        decided=[decided for _, _, decided in found.monthly],
        to={
            name: f"{_to(here, kept, name)}#rows"
            for name in (*rows.OF_ITEMS, *rows.OF_ACTIONS, *rows.OF_CASES, rows.MEETINGS)
        },
        listed=_listed(request, actor, raw, period, found, waits),
        waits=[{**one, "url": f"{_to(here, kept, one['which'])}#rows"} for one in _waits(found, waits)],
        before_words="The month before"
        if len(period.months) == 1
        else f"The {len(period.months)} months before",
        decisions=[
            {"row": one, "url": f"{_to(here, kept, rows.DECISION)}&{urlencode({'decision': one.code})}#rows"}
            for one in found.decisions
        ],
        attending=_attending(found, period),
        flow_words=f"{found.items:,} items that you see, {found.decided:,} of them with a decision.",
        files=[
            (f"{_csv(group, what)}?{urlencode(kept)}" if kept else _csv(group, what), words)
            for what, words in (
                ("agencies", "By agency, as a file (CSV)"),
                ("meetings", "By meeting, as a file (CSV)"),
            )
        ],
        cancelled_url=f"{reverse('meetings')}?"
        + urlencode(
            {
                "when": "all",
                "status": "cancelled",
                "whose": "all",
                **({"group": group.public_id} if group else {}),
            }
        ),
        newest=list(reversed(found.rows))[:_NEWEST],
        others=_by_group(groups, found, kept) if group is None else [],
    )


def _to(here: str, kept: dict[str, str], which: str) -> str:
    return f"{here}?{urlencode({**kept, 'rows': which})}"


def _listed(
    request: HttpRequest, actor: Actor, raw: queries.Raw, period: Period, found: queries.Measures, waits: Pace
) -> dict[str, Any] | None:
    """The rows behind the figure that was followed; None where none was."""
    which = request.GET.get("rows", "")
    if which in rows.OF_ITEMS:
        code = request.GET.get("decision", "")
        title = rows.OF_ITEMS[which]
        if which == rows.DECISION:
            title = next((one.words for one in found.decisions if one.code == code), title)
        every: list[Any] = list(rows.item_rows(actor, raw, which, period, code, waits.first_days))
        kind = "items"
    elif which in rows.OF_ACTIONS:
        title, kind = rows.OF_ACTIONS[which], "actions"
        every = list(rows.action_rows(actor, raw, which, period))
    elif which in rows.OF_CASES:
        title, kind, every = rows.OF_CASES[which], "cases", list(waits.closed_rows)
    elif which in rows.OF_MEETINGS:
        title, kind = rows.OF_MEETINGS[which], "meetings"
        every = list(reversed(found.rows))
    else:
        return None
    shown = Paginator(every, _PER_PAGE).get_page(request.GET.get("page"))
    return {"title": title, "kind": kind, "shown": shown}


def _by_group(groups: Sequence[Group], found: queries.Measures, kept: dict[str, str]) -> list[dict[str, Any]]:
    """Each group with what its meetings come to, and the address of its own figures; those that held none last."""
    held = {one.name: one for one in rows.group_rows(found.rows)}
    asked = f"?{urlencode(kept)}" if kept else ""
    return [
        {
            "name": one.name,
            "url": f"{reverse('group-measures', args=[one.public_id])}{asked}",
            "row": held.get(one.name),
        }
        for one in sorted(groups, key=lambda one: (one.name not in held, one.name))
    ]


def _attending(found: queries.Measures, period: Period) -> dict[str, Any] | None:
    """What the chart of attendance shows: months in which both kinds of agency were expected."""
    there = [one for one in found.attending if one[1] is not None or one[2] is not None]
    if len(there) < 2:
        return None
    return {
        "labels": [_month(first, period) for first, _, _ in there],
        "statutory": [one[1] or 0 for one in there],
        "others": [one[2] or 0 for one in there],
        "words": f"Agencies with statutory functions came to {found.statutory.attended.words} meetings at which they "
        f"were expected, others to {found.others.attended.words}.",
    }


def _waits(found: queries.Measures, waits: Pace) -> list[dict[str, Any]]:
    """How long it takes: each wait of these months beside the same before, and what it counts."""
    return [
        {
            "words": rows.OF_ITEMS[rows.FIRST],
            "which": rows.FIRST,
            "now": waits.first,
            "before": waits.first_before,
            "counts": "Days from when a referral was received to the first meeting that spoke of it, or of its case.",
        },
        {
            "words": rows.OF_ITEMS[rows.WAIT],
            "which": rows.WAIT,
            "now": found.wait,
            "before": waits.decided_before,
            "counts": "Days from when a case or referral was first put on an agenda to the meeting that decided on it; "
            "what was put off waits on.",
        },
        {
            "words": rows.OF_CASES[rows.CLOSED],
            "which": rows.CLOSED,
            "now": waits.closed,
            "before": waits.closed_before,
            "counts": "Days from when the referral was received to the closing of its case, of cases closed in these "
            "months of which a meeting spoke.",
        },
    ]


def _csv(group: Group | None, what: str) -> str:
    if group is not None:
        return reverse("group-measures-csv", args=[group.public_id, what])
    return reverse("meeting-measures-csv", args=[what])


def _month(first: date, period: Period) -> str:
    return f"{first:%b %y}" if first.month == 1 or first == period.first else f"{first:%b}"


def _file(request: HttpRequest, actor: Actor, groups: Sequence[Group], what: str) -> HttpResponse:
    if what not in _LINES:
        raise Http404
    _, period = _chosen(request, actor)
    lines: list[list[Any]] = _LINES[what](queries.measures(actor, groups, period))
    held = check_export(lines)
    record_sight(
        "meetings.measures_exported", ("list", f"meeting-{what}"), by=actor, rows=len(lines) - 1, **held
    )
    return csv_answer(f"meetings-{what}-{period.last.isoformat()}.csv", lines)
