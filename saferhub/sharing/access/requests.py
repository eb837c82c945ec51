"""Who may ask a hub for sight, see a request, and decide it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from saferhub.foundation.refusals import Condition, NotAllowed, Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.models import REQUEST_LIFECYCLE, AccessRequest, RequestStatus

from .sight import in_folders_readable_by, sight_of

_WITH = ("folder__hub", "folder__unit__agency", "agreement", "asked_by", "partnership")


def check_can_ask(actor: Actor) -> None:
    """Raise NotAllowed unless she works on matters."""
    actor.check(Permission.WORK_ON_MATTERS)


def requests_visible_to(actor: Actor) -> QuerySet[AccessRequest]:
    """Her own unit's requests, and those put to a hub she works in."""
    return in_folders_readable_by(actor, AccessRequest.objects.all())


def get_request(actor: Actor, public_id: str) -> AccessRequest:
    """The request of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = requests_visible_to(actor).select_related(*_WITH).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_request_for_update(actor: Actor, public_id: str) -> AccessRequest:
    """The same, locked until the transaction ends."""
    found = requests_visible_to(actor).select_for_update(of=("self",)).select_related(*_WITH)
    request = found.filter(public_id=public_id).first()
    if request is None:
        raise Http404
    return request


def decides(actor: Actor, request: AccessRequest) -> bool:
    """Whether it is put to a hub for which she decides."""
    hub = request.folder.hub
    return (
        hub is not None and hub.pk in sight_of(actor).hubs and actor.has(Permission.DECIDE_SHARING, hub=hub)
    )


def asks(actor: Actor, request: AccessRequest) -> bool:
    """Whether it is her unit's own request."""
    return request.folder.unit_id in sight_of(actor).holders


def check_can_decide(actor: Actor, request: AccessRequest) -> None:
    """Raise NotAllowed unless she decides for the hub that was asked; Refusal when it is decided."""
    if not decides(actor, request):
        raise NotAllowed(
            "needs_decide_sharing",
            "You may see this request and not decide it.",
            conditions=[
                Condition(
                    "You decide for the hub that was asked",
                    "Its co-ordinator and the partnership’s manager do",
                )
            ],
        )
    _check_open(request, RequestStatus.GRANTED)


def check_can_withdraw(actor: Actor, request: AccessRequest) -> None:
    """Raise NotAllowed unless it is her unit's own; Refusal when it is decided."""
    if not asks(actor, request):
        raise NotAllowed(
            "not_your_request", "Another agency asked this, so only that agency can withdraw it."
        )
    _check_open(request, RequestStatus.WITHDRAWN)


def _check_open(request: AccessRequest, to: RequestStatus) -> None:
    status = RequestStatus(request.status)
    if not REQUEST_LIFECYCLE.allows(status, to):
        raise Refusal(
            "already_decided",
            f"This request is no longer waiting: {status.label.lower()}.",
            link=reverse("access-request", args=[request.public_id]),
            link_text="See the request",
        )
