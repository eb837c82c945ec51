"""Keys of other systems: allowed by whoever gives keys, drawn by the unit whose it is, ended by either."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date

from django.db import transaction

from saferhub.accounts.models import Kind, Status, User
from saferhub.audit import operations as audit
from saferhub.casework.access import intake as access
from saferhub.casework.models import ApiToken
from saferhub.casework.rules import intake as rules
from saferhub.foundation import clock
from saferhub.foundation.ids import new_public_id
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit

_NOT_DRAWN = "not-drawn-"
PREFIX = "shk_"  # so that a secret left in a file can be found by a search


def hash_of(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def account_for(kind: Kind, label: str) -> User:
    """An account that nobody can sign in to, in whose name a key or a link acts."""
    name = f"{kind}-{new_public_id()}".lower()
    user = User(
        email=f"{name}@keys.invalid",
        username=name,
        name=label[:120],
        kind=kind,
        status=Status.ACTIVE,
    )
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def allow_key(
    *, unit: Unit, label: str, scopes: Collection[str], expires_on: date, by: Actor, on: date
) -> ApiToken:
    """Allow another system of this unit to work here. Its secret waits until somebody of the unit draws it.

    Raises NotAllowed, and Refusal `unit_elsewhere`, `label_missing`, or what the rules say of scopes and expiry.
    """
    access.check_can_give(by)
    if by.partnership is None or unit.agency.partnership_id != by.partnership.pk:
        raise Refusal("unit_elsewhere", "Choose a unit of this partnership.")
    _check_unit(unit, on)
    if not label.strip():
        raise Refusal("label_missing", "Say which system it is for.")
    refuse_if(rules.scope_refusals(scopes))
    refuse_if(rules.expiry_refusals(expires_on, on, rules.MOST_KEY_DAYS))
    key = ApiToken.objects.create(
        partnership=by.partnership,
        unit=unit,
        account=account_for(Kind.TOKEN, label.strip()),
        label=label.strip(),
        token_hash=f"{_NOT_DRAWN}{secrets.token_hex(16)}",
        scopes=sorted(set(scopes)),
        expires_on=expires_on,
        made_by=by.public_id,
        made_on=on,
    )
    audit.record("key.allowed", key, by=by, scopes=key.scopes, until=expires_on, whose=unit.agency.code)
    return key


def is_drawn(key: ApiToken) -> bool:
    """Whether its secret has been drawn."""
    return not key.token_hash.startswith(_NOT_DRAWN)


@transaction.atomic
def draw_secret(*, key_id: str, by: Actor) -> str:
    """The key's secret, given once; one drawn before opens nothing any more. The key remembers who drew it: when she
    leaves, somebody else is asked to renew it.

    Raises Http404, NotAllowed for anybody outside the unit, and Refusal `key_ended` or `unit_closed`.
    """
    key = _locked(by, key_id)
    access.check_can_take(by, key)
    _check_live(key, by.on)
    secret = PREFIX + secrets.token_urlsafe(32)
    renewed = is_drawn(key)
    key.token_hash, key.drawn_by = hash_of(secret), by.public_id
    key.save(update_fields=["token_hash", "drawn_by"])
    audit.record("key.drawn", key, by=by, renewed=renewed)
    return secret


@transaction.atomic
def end_key(*, key_id: str, by: Actor) -> ApiToken:
    """End a key: from the next call on it opens nothing. Ended again, nothing happens. Raises Http404."""
    key = _locked(by, key_id)
    if key.ended_at is None:
        key.ended_at, key.ended_by = clock.real_now(), by.public_id
        key.save(update_fields=["ended_at", "ended_by"])
        audit.record("key.ended", key, by=by)
    return key


def _locked(by: Actor, key_id: str) -> ApiToken:
    found = access.get_key(by, key_id)
    return ApiToken.objects.select_for_update(of=("self",)).select_related("unit__agency").get(pk=found.pk)


def _check_live(key: ApiToken, on: date) -> None:
    if key.ended_at is not None or key.expires_on < on:
        raise Refusal("key_ended", "This key has ended. Ask for a new one.")
    _check_unit(key.unit, on)


def _check_unit(unit: Unit, on: date) -> None:
    if not access.is_in_use(unit, on):
        raise Refusal("unit_closed", f"{unit.agency.name} does not work in the partnership any more.")


def key_of(secret: str, on: date) -> ApiToken | None:
    """The live key that this secret opens on a business day; its use is marked. None for any other secret, and for
    one of a unit that is closed."""
    if not secret.startswith(PREFIX):
        return None
    key = (
        ApiToken.objects.select_related("account", "unit__agency__partnership")
        .filter(token_hash=hash_of(secret), ended_at=None, made_on__lte=on, expires_on__gte=on)
        .first()
    )
    if key is None or key.account.status != Status.ACTIVE or not access.is_in_use(key.unit, on):
        return None
    ApiToken.objects.filter(pk=key.pk).update(used_at=clock.real_now())
    return key
