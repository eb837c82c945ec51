"""The page of a large spreadsheet that the worker reads in: how far it has come, begin again, stop."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from saferhub.casework.access.intake import get_load
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import LoadStatus
from saferhub.casework.operations import intake_loading as operations
from saferhub.casework.queries.intake_loading import standing_of
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor

SECTION, MARKING = "referrals", "OFFICIAL-SENSITIVE"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_refer(actor)
    return actor


@require_safe
def loading(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far it has come; once it is read in, what came of it."""
    load = get_load(_actor(request), public_id)
    if load.status == LoadStatus.DONE:
        return redirect("sheet-imported", public_id=load.made)
    return page(
        request,
        "casework/intake/sheet_loading.html",
        section=SECTION,
        marking=MARKING,
        load=load,
        standing=standing_of(load),
    )


@require_POST
def again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin again with one that broke off."""
    load = operations.begin_again(load_id=public_id, by=_actor(request))
    return redirect("sheet-loading", public_id=load.public_id)


@require_POST
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop it. Where it was read in already, what came of it is shown."""
    load = operations.stop(load_id=public_id, by=_actor(request))
    if load.status == LoadStatus.DONE:
        messages.info(request, "It had been read in already.")
    return redirect("sheet-loading", public_id=load.public_id)
