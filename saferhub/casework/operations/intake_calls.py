"""A referral sent by another system: once per mark of the call, and once per the unit's own number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils.crypto import salted_hmac

from saferhub.casework.models import ApiToken, IdempotencyKey, Source
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.access.organisations import hubs_visible_to

from .referrals_filed import Filed, PersonValues, ReferralValues, file_referral, filed_as, filed_before

MADE, STOOD = 201, 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What a call is answered: the HTTP status of its first answer, and the receipt."""

    status: int
    receipt: Filed


def send_once(
    said: dict[str, Any], people: list[dict[str, Any]], *, as_text: str, mark: str, key: ApiToken, by: Actor
) -> Sent:
    """File what the call says, or answer it as it was answered before; `as_text` is the whole of what was sent.

    `said` holds the values of `ReferralValues`, with the code of a `hub` and the unit's own `number`. Raises Refusal:
    `mark_used` where another call bore the mark, `unknown_hub`, and those of `file_referral`; Http404 where the
    referral that the mark made is no longer to be seen.
    """
    _wait_for(f"call {key.pk} {mark}")
    digest = _hash("call", as_text)
    known = IdempotencyKey.objects.filter(token=key, key=mark).first()
    if known is not None:
        if known.digest != digest:
            raise Refusal("mark_used", "Another referral was sent under this Idempotency-Key.")
        told = filed_as(known.made, by=by)
        if told is None:
            raise Http404
        return Sent(known.answered, told)
    number = _hash(f"number {key.unit_id}", said["number"].strip()) if said["number"].strip() else ""
    stands = filed_before(number, by=by) if number else None
    sent = Sent(STOOD, stands) if stands else Sent(MADE, _file(said, people, by, number))
    IdempotencyKey.objects.create(
        token=key, key=mark, digest=digest, made=sent.receipt.public_id, answered=sent.status
    )
    return sent


def _file(said: dict[str, Any], people: list[dict[str, Any]], by: Actor, number: str) -> Filed:
    hub = hubs_visible_to(by).filter(code=said["hub"]).first()
    if hub is None:
        raise Refusal("unknown_hub", "There is no hub of this code. GET /reference lists them.")
    values = {name: value for name, value in said.items() if name not in ("hub", "number")}
    filed = file_referral(
        values=ReferralValues(to_hub=hub, **values),
        people=[PersonValues(**one) for one in people],
        by=by,
        on=by.on,
        source=Source.API,
        external_key=number,
    )
    return Filed(filed.matter.public_id, filed.matter.reference, filed.sent_on)


def _hash(what: str, text: str) -> str:
    return salted_hmac(f"saferhub.casework.intake {what}", text, algorithm="sha256").hexdigest()


def _wait_for(what: str) -> None:
    """Two calls of one mark at one moment take turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(%s, 0))", [what])
