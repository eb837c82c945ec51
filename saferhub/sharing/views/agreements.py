"""Pages of the register of agreements, and of one agreement: for everybody in the partnership."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.sharing.access import agreements as access
from saferhub.sharing.forms.agreements import FilterForm
from saferhub.sharing.models import Agreement, AgreementStatus
from saferhub.sharing.operations.agreements import unmet_conditions
from saferhub.sharing.queries import agreements as queries
from saferhub.sharing.queries.agreements_terms import left_in_pack, not_reached, said, sources_of
from saferhub.sharing.registries import check_export

SECTION = "agreements"
PER_PAGE = 25


def _filters(request: HttpRequest, actor: Actor) -> tuple[FilterForm, queries.Filters]:
    form = FilterForm(request.GET, choices=queries.filter_choices(actor))
    return form, form.filters(request.GET.get("sort", ""))


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """The register."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_read_agreements(actor)
    form, filters = _filters(request, actor)
    lines = queries.register_lines(actor, filters)
    keeps = access.can_keep_agreements(actor)
    query = request.GET.copy()
    query.pop("page", None)
    return page(
        request,
        "sharing/agreements/list.html",
        section=SECTION,
        filter_form=form,
        filters=filters,
        shown=Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        counts=access.can_see_what_is_shared(actor),
        keeps=keeps,
        in_pack=left_in_pack(actor.partnership, actor.on) if keeps and actor.partnership else [],
        query=f"?{query.urlencode()}" if query else "",
    )


@require_safe
def agreements_csv(request: HttpRequest) -> HttpResponse:
    """The filtered register as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_read_agreements(actor)
    _, filters = _filters(request, actor)
    lines = queries.register_lines(actor, filters)
    file_lines = list(queries.csv_lines(lines, counts=access.can_see_what_is_shared(actor)))
    record_sight(
        "agreement.exported", actor.partnership, by=actor, rows=len(lines), **check_export(file_lines)
    )
    return csv_answer(f"sharing-agreements-{actor.on.isoformat()}.csv", file_lines)


@require_safe
def agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """One agreement: who, why, on which ground, how it stands and stood."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement(actor, public_id)
    record_sight("agreement.seen", found, by=actor, agreement=found.code)
    told = queries.carried_by([found]) if access.can_see_what_is_shared(actor) else {}
    can = access.available_operations(actor, found)
    return page(
        request,
        "sharing/agreements/agreement.html",
        section=SECTION,
        **about(found, actor),
        carried=told.get(found.pk),
        said=said(found, actor.on),
        sources=sources_of(found),
        history=queries.history(found, actor),
        replaced_by=found.replaced_by.order_by("id"),
        unmet=unmet_conditions(found, on=actor.on) if "put_in_force" in can else [],
        can=can,
        in_full=bool(request.GET.get("full")),
        not_reached=not_reached(found, actor.on),
    )


def about(found: Agreement, actor: Actor) -> dict[str, Any]:
    """What every page about one agreement shows."""
    return {
        "agreement": found,
        "line": queries.line_of(found, actor.on),
        "parties": queries.party_lines(found, actor.on),
        "is_draft": found.status == AgreementStatus.DRAFT,
        "today": actor.on,
    }
