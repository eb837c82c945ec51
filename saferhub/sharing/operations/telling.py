"""Telling people by mail that something waits: which page to open, and nothing of what is on it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import Status, User
from saferhub.partnership.models import Hub, Membership, Partnership


def tell(people: Iterable[User], subject: str, name: str, public_id: str, partnership: Partnership) -> int:
    """Mail a link to the page of this name to each active account, once. Returns how many were told."""
    link = settings.SERVICE_URL.rstrip("/") + reverse(name, args=[public_id])
    body = f"{subject}.\n\n{link}\n\nSign in to read it. {partnership.name}\n"
    told = {person.pk: person for person in people if person.status == Status.ACTIVE}
    for person in told.values():
        mail.send(f"{partnership.name}: {subject}", body, to=person.email)
    return len(told)


def holders_of(
    roles: Iterable[str], partnership: Partnership, on: object, hub: Hub | None = None
) -> list[User]:
    """Those who hold one of these roles on a day, for this hub or for the whole partnership. One query."""
    held = Membership.objects.in_force_on(on).filter(partnership=partnership, role__in=list(roles))  # type: ignore[arg-type]
    if hub is not None:
        held = held.filter(hub=hub) | held.filter(hub__isnull=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))
