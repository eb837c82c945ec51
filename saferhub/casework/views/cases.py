"""Pages of a case: the overview, its timeline, how it was changed, who can see it and who has."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework import access
from saferhub.casework.models import Case
from saferhub.casework.queries import cases as queries
from saferhub.casework.queries.case_facts import assessments_of, counted, next_steps
from saferhub.casework.queries.cases_changes import changes
from saferhub.casework.queries.cases_people import in_matter, safe_contacts
from saferhub.casework.queries.cases_timeline import KINDS, kinds_in, shown_as, timeline
from saferhub.casework.registries import Block, Happened
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import allows
from saferhub.foundation.templatetags.words import count_words
from saferhub.partnership.access import Actor
from saferhub.sharing.access.matters import available_operations, sees_in_emergency
from saferhub.sharing.queries.sights import sights_of
from saferhub.sharing.queries.who_can_see import who_can_see

from .case_frame import frame

_SHOWN = ("title", "shown_at", "who", "words", "url", "sharing", "tags", "links")
_MARKS = {"decision": "decision", "change": "decision", "risk": "risk"}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def seen(actor: Actor, case: Case, event: str) -> None:
    """Record the sight, for the case's purpose, and that it was in an emergency where it was."""
    emergency = sees_in_emergency(actor, case.matter)
    record_sight(event, case.matter, by=actor, purpose=case.matter.purpose, emergency=emergency or None)


@require_safe
def overview(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who, how risky, who leads, what next by when; why it is a case; what happened; who can see it."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    queries.read_ahead(actor, case)
    steps = next_steps(actor, case) if case.is_open else []
    told = timeline(actor, case)
    kind = _kind(request)
    shown = _of_kind(told, kind)
    people = in_matter(actor, case.matter)
    found = queries.blocks(actor, case)
    seen(actor, case, "case.seen")
    return page(
        request,
        "casework/cases/overview.html",
        steps=steps[: queries.STEPS],
        other_steps=steps[queries.STEPS :],
        more_words=f"Show {count_words(len(steps) - queries.STEPS, 'more step')}",
        step_words=counted(steps),
        told=_entries(shown[: queries.FEW]),
        has_narrow=any(one.sharing for one in shown[: queries.FEW]),
        earlier=max(len(shown) - queries.FEW, 0),
        kinds=_filter(reverse("case", args=[public_id]), kinds_in(told), kind, "#timeline"),
        people=people,
        safe=safe_contacts(actor, people),
        seen_by=who_can_see(actor, case.matter),
        blockers=queries.blockers(actor, case, actor.on) if case.is_open else [],
        main_blocks=[_drawn(block, request, case) for block in found.main],
        aside_blocks=[_drawn(block, request, case) for block in found.aside],
        kind=kind,
        can_manage=allows(access.check_can_manage, actor, case),
        outcome_words=queries.outcome_words(case),
        can={},
        **frame(actor, case, tab="overview", steps=steps, scored=assessments_of(actor, case)),
    )


def _drawn(block: Block, request: HttpRequest, case: Case) -> str:
    """A part that another subject puts on the overview, drawn with what it gave and the case."""
    return render_to_string(block.template, {**block.context, "case": case, "matter": case.matter}, request)


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in KINDS else ""


def _of_kind(told: list[Happened], kind: str) -> list[Happened]:
    return [one for one in told if not kind or shown_as(one) == kind]


def _entries(told: list[Happened]) -> list[dict[str, Any]]:
    """Entries with the mark that the timeline draws for their kind."""
    return [
        {**{name: getattr(one, name) for name in _SHOWN}, "mark": _MARKS.get(shown_as(one), "contact")}
        for one in told
    ]


def _filter(address: str, kinds: list[tuple[str, str]], chosen: str, anchor: str) -> list[dict[str, Any]]:
    """The kinds as links that keep the choice in the address."""
    return [
        {
            "words": words,
            "url": f"{address}?kind={code}{anchor}" if code else f"{address}{anchor}",
            "current": code == chosen,
        }
        for code, words in [("", "All"), *kinds]
    ]


@require_safe
def case_timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that happened, page by page."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    told = timeline(actor, case)
    kind = _kind(request)
    shown = Paginator(_of_kind(told, kind), queries.PER_PAGE).get_page(request.GET.get("page"))
    seen(actor, case, "case.timeline_seen")
    return page(
        request,
        "casework/cases/timeline_page.html",
        shown=shown,
        told=_entries(list(shown.object_list)),
        has_narrow=any(one.sharing for one in shown.object_list),
        kind=kind,
        kinds=_filter(reverse("case-timeline", args=[public_id]), kinds_in(told), kind, ""),
        **frame(actor, case, tab="overview"),
    )


@require_safe
def case_changes(request: HttpRequest, public_id: str) -> HttpResponse:
    """How what the case says was changed, by whom and why."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    told = changes(actor, case)
    seen(actor, case, "case.changes_seen")
    return page(
        request,
        "casework/cases/changes.html",
        told=told,
        ended=who_can_see(actor, case.matter).ended,
        **frame(actor, case, tab="access"),
    )


@require_safe
def case_access(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who can see the case and why, who has, and the ways to change it."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    sights = sights_of([case.matter], actor)
    seen(actor, case, "case.access_seen")
    return page(
        request,
        "casework/cases/access.html",
        seen_by=who_can_see(actor, case.matter),
        sights=sights,
        sights_url=reverse("matter-sights", args=[public_id]),
        can=available_operations(actor, case.matter),
        **frame(actor, case, tab="access"),
    )
