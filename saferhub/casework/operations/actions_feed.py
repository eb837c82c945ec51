"""Making, renewing and stopping the secret address of somebody's calendar feed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework.models import CalendarFeed
from saferhub.foundation import clock
from saferhub.partnership.access import Actor, Permission


def hash_of(secret: str) -> str:
    """What is stored of a secret: a copied database opens no feed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_feed(*, by: Actor) -> str:
    """A new secret for the actor's own feed, shown once; one she had before ends. Raises NotAllowed for a role
    that works on no matters."""
    by.check(Permission.WORK_ON_MATTERS)
    assert by.user is not None
    secret = secrets.token_urlsafe(32)
    feed, made = CalendarFeed.objects.select_for_update().get_or_create(
        user=by.user, defaults={"token_hash": hash_of(secret)}
    )
    if not made:
        feed.token_hash, feed.read_at = hash_of(secret), None
        feed.save(update_fields=["token_hash", "read_at"])
    audit.record("action.feed_made", by.user, by=by, renewed=not made)
    return secret


@transaction.atomic
def stop_feed(*, by: Actor) -> None:
    """Make the address useless. Nothing happens where there is none."""
    feed = feed_of(by)
    if feed is None:
        return
    # A hash that no secret has: rows of this table are kept.
    feed.token_hash, feed.read_at = f"stopped-{secrets.token_hex(16)}", None
    feed.save(update_fields=["token_hash", "read_at"])
    audit.record("action.feed_stopped", by.user, by=by)


def feed_of(actor: Actor) -> CalendarFeed | None:
    """The actor's feed, unless she has none or stopped it."""
    if actor.user is None:
        return None
    return CalendarFeed.objects.filter(user=actor.user).exclude(token_hash__startswith="stopped-").first()


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose feed is read, and whether it is the first time on a day."""

    user: User
    is_first_of_day: bool


def reading_of(secret: str) -> Reading | None:
    """Whose feed this secret opens, while her account is in use; the reading is marked. None for any other."""
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=hash_of(secret)).first()
    if feed is None or feed.user not in User.objects.active().filter(pk=feed.user_id):
        return None
    now = clock.real_now()
    CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return Reading(feed.user, feed.read_at is None or feed.read_at.date() != now.date())


def record_reading(*, by: Actor, actions: int) -> None:
    """Record that references and days left by the feed, and how many: once a day, for a calendar program asks
    every few minutes. Whoever has a stolen address is found out by it."""
    audit.record_sight("action.feed_read", by.user, by=by, actions=actions)
