"""The page of sight that sleeps: which matters have lost which partner."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.sharing.access.agreements import agreements_visible_to, check_can_see_dormant
from saferhub.sharing.queries import dormant as queries
from saferhub.sharing.queries.tabs import beside_matters

PER_PAGE = 25


@require_safe
def dormant(request: HttpRequest) -> HttpResponse:
    """Matters with the partners they have lost, under the reader's own rights; and what she lost herself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_see_dormant(actor)
    asked = request.GET.get("agreement", "")
    only = agreements_visible_to(actor).filter(public_id=asked).first() if asked else None
    found = queries.dormant_numbers(actor, agreement=only)
    shown = Paginator(found[: queries.MOST_SHOWN], PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.rows_for(actor, queries.dormant_rows(shown.object_list))
    matters = sorted({row.interest.folder.matter.reference for row in rows})
    record_sight(
        "agreement.dormant_seen", only or actor.partnership, by=actor, matters=matters, page=shown.number
    )
    return page(
        request,
        "sharing/dormant.html",
        marking="OFFICIAL-SENSITIVE",
        section="matters",
        shown=shown,
        rows=rows,
        is_capped=len(found) > queries.MOST_SHOWN,
        most=queries.MOST_SHOWN,
        only=only,
        own=queries.own_asleep(actor),
        shut=queries.shut_hubs(actor),
        today=actor.on,
        tabs=beside_matters(actor, "dormant"),
    )
