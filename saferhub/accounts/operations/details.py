"""What people change about their own account."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from saferhub.audit import operations as audit
from saferhub.audit.operations import Who
from saferhub.foundation.refusals import Conflict

from .. import rules
from ..models import User

DETAILS = ("name", "job_title", "telephone")


@transaction.atomic
def change_details(user: User, *, name: str, job_title: str, telephone: str, seen: str, by: Who) -> User:
    """Change how somebody is named and reached. `seen` is the fingerprint the form was filled in over.

    Raises Conflict when the details changed meanwhile. The audit keeps which fields, not their values.
    """
    found = User.objects.select_for_update().get(pk=user.pk)
    if rules.fingerprint(*(getattr(found, field) for field in DETAILS)) != seen:
        raise Conflict(
            "details_changed",
            "Your details were changed in another window meanwhile. Look at them again before changing them.",
        )
    given = {"name": name, "job_title": job_title, "telephone": telephone}
    changed = [field for field in DETAILS if getattr(found, field) != given[field]]
    for field in changed:
        setattr(found, field, given[field])
    if changed:
        found.save(update_fields=changed)
        audit.record("account.details_changed", found, by=by, fields=changed)
    return found


@transaction.atomic
def end_other_sessions(user: User, *, by: Who) -> User:
    """End every session of this account. The caller keeps its own by taking the new mark into it."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    audit.record("account.sessions_ended", user, by=by)
    return user
