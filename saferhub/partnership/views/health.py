"""Whether the service answers: for `./dev`, load balancers and monitoring. Says nothing of anyone."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

import saferhub
from saferhub.foundation import clock
from saferhub.foundation.models import Milestone
from saferhub.foundation.transactions import own_transactions


@own_transactions  # it must answer while the database is away
@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 while the database does not answer."""
    try:
        connection.ensure_connection()
        made = Milestone.is_reached(Milestone.DEMONSTRATION)
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "version": saferhub.__version__}, status=503)
    demonstration = ("ready" if made else "loading") if clock.is_demonstration() else None
    return JsonResponse({"status": "ok", "version": saferhub.__version__, "demonstration": demonstration})
