"""The list of meetings, and the list of the groups that meet."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.templatetags.words import count_words
from saferhub.meetings.forms.calendar import MeetingListForm
from saferhub.meetings.operations import planning
from saferhub.meetings.queries import calendar_lists as queries
from saferhub.meetings.queries.calendar_groups import groups_with_counts
from saferhub.meetings.rules.when import hours
from saferhub.meetings.views.meeting_frame import MARKING, SECTION
from saferhub.partnership.access import Actor, Permission

BOTH = ["GET", "HEAD", "POST"]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings that the reader may see, those to come unless she asks for others."""
    actor = actor_of(request)
    queries.check_can_open(actor)
    form = MeetingListForm(request.GET, groups=queries.groups_on_offer(actor))
    given = form.given()
    shown = Paginator(queries.meetings(actor, given), queries.PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "meetings/calendar/list.html",
        section=SECTION,
        marking=MARKING,
        filter_form=form,
        chips=form.chips(),
        is_filtered=any(given.values()),
        shown=shown,
        rows=[(one, hours(one.starts_at, one.minutes)) for one in shown.object_list],
    )


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The groups whose meetings the reader may see."""
    actor = actor_of(request)
    queries.check_can_open(actor)
    return page(
        request,
        "meetings/calendar/groups.html",
        section=SECTION,
        marking=MARKING,
        groups=groups_with_counts(actor),
        can_make=actor.has(Permission.PREPARE_MEETINGS),
    )


@require_http_methods(BOTH)
def make_groups(request: HttpRequest) -> HttpResponse:
    """Make the groups that the packs describe and that do not stand yet."""
    actor = actor_of(request)
    actor.check(Permission.PREPARE_MEETINGS)
    if request.method == "POST":
        made = planning.make_groups(by=actor, on=actor.on)
        said = (
            f"{count_words(len(made), 'group')} made."
            if made
            else "Every group that the rules describe stands already."
        )
        messages.success(request, said)
        return redirect("groups")
    return page(
        request,
        "meetings/calendar/make_groups.html",
        section=SECTION,
        marking=MARKING,
        missing=planning.groups_to_make(actor, actor.on),
    )
