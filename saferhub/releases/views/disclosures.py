"""Pages of the disclosure log and of what the release check stopped."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.releases import access
from saferhub.releases.forms.disclosures import DisclosureFilterForm
from saferhub.releases.operations.release import export_checked
from saferhub.releases.queries import disclosures as queries

SECTION = "disclosures"
MARKING = "OFFICIAL-SENSITIVE"


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _tabs(here: str) -> list[dict[str, Any]]:
    return [
        {"label": "What has left", "url": reverse("disclosures"), "current": here == "disclosures"},
        {"label": "What was stopped", "url": reverse("releases-stopped"), "current": here == "stopped"},
    ]


@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """What has left the partnership: to whom, on which ground. Not what it said."""
    actor = actor_of(request)
    access.check_can_see_disclosures(actor)
    form = DisclosureFilterForm(request.GET, choices=queries.filter_choices(actor))
    filters = form.filters()
    found = queries.disclosures(actor, filters)
    shown = Paginator(found, queries.PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.in_words(shown.object_list, actor)
    record_sight(
        "releases.disclosures_seen",
        ("disclosures", actor.partnership_code),
        by=actor,
        filters=sorted(filters),
        rows=len(rows),
    )
    return page(
        request,
        "releases/disclosures.html",
        section=SECTION,
        marking=MARKING,
        filter_form=form,
        filters=filters,
        shown=shown,
        rows=rows,
        tabs=_tabs("disclosures"),
        export_url=f"{reverse('disclosures-csv')}?{request.GET.urlencode()}",
    )


@require_safe
def disclosures_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    actor = actor_of(request)
    access.check_can_see_disclosures(actor)
    form = DisclosureFilterForm(request.GET, choices=queries.filter_choices(actor))
    export = export_checked(
        name="disclosures",
        headings=queries.HEADINGS,
        rows=queries.lines(queries.disclosures(actor, form.filters()), actor),
        by=actor,
    )
    return csv_answer(f"disclosures-{actor.on.isoformat()}.csv", export.lines)


@require_safe
def disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """One disclosure. Readers of the matter find the letter from here; the governance lead does not."""
    actor = actor_of(request)
    found = access.get_disclosure(actor, public_id)
    what, back, back_words = queries.around(actor, found)
    record_sight("releases.disclosure_seen", found, by=actor, purpose=found.purpose)
    return page(
        request,
        "releases/disclosure.html",
        section=SECTION if access.can_see_disclosures(actor) else "matters",
        marking=MARKING,
        row=queries.in_words([found], actor)[0],
        disclosure=found,
        what_url=what,
        back_url=back,
        back_words=back_words,
        reads_content=access.can_read_content(actor, found),
        set_aside=[
            {"words": queries.rule_words([one["rule"]])[0], "reason": one["reason"]}
            for one in found.checked.set_aside
        ],
    )


@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """What the check stopped, by which rule, and nothing of what was found."""
    actor = actor_of(request)
    access.check_can_see_disclosures(actor)
    shown = Paginator(queries.stopped(actor), queries.PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.stopped_in_words(shown.object_list, actor)
    record_sight("releases.stopped_seen", ("checks", actor.partnership_code), by=actor, rows=len(rows))
    return page(
        request,
        "releases/stopped.html",
        section=SECTION,
        marking=MARKING,
        shown=shown,
        rows=rows,
        tabs=_tabs("stopped"),
    )
